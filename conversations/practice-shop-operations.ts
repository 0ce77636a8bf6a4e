import type { SampleQuestion } from "./practice-sample.ts";

/** The sample shop, as its security and monitoring questions find it. */
export const shopOperations: readonly SampleQuestion[] = [
  {
    id: "S1",
    known: [
      "The database password was rotated in March last year. The payment API key dates from 2023.",
      "An agency that left in spring still has the payment key.",
      "The certificate of pay.larchandloom.example ends on 28 November.",
    ],
    weaknesses: [
      {
        text: "A certificate that ends on the second day of the sale.",
        seen: ["\\bcert\\w{0,9}\\b|\\b28 nov"],
      },
      {
        text: "A key in the hands of an agency that has left.",
        seen: ["\\bagency\\b|\\bleft\\b|\\bleavers?\\b|\\bformer\\b"],
      },
    ],
    holds: ["s1_old"],
    model:
      "Too old: the database password is from March last year, the payment key from 2023, and an agency that left still holds it. Both are rotated on 9 Nov, and the agency's copy is dead with that. The certificate of pay ends on 28 Nov, in the sale: renewed by 12 Nov and moved to ACM. After 18 Nov nothing rotates by itself until 1 Dec; pipelines use roles.",
  },
  {
    id: "S2",
    known: [
      "People log in by SSO with MFA. All 14 engineers have the administrator's role.",
      "The instances take SSH from the office's address, with one key, team.pem.",
      "Two of the six people on the rota will be travelling that week.",
    ],
    weaknesses: [
      {
        text: "One SSH key for everybody: nobody can say who did it.",
        seen: ["\\bssh\\b|\\bteam\\.pem\\b|\\bshared key\\b|\\bone key\\b"],
      },
      {
        text: "14 administrators on the day of the sale.",
        seen: ["\\badmin\\w{0,9}\\b|\\ball 14\\b|\\bleast\\b|\\bread.?only\\b"],
      },
      {
        text: "Two of the rota travel; SSH works only from the office.",
        seen: ["\\btravel\\w{0,4}\\b|\\bfrom (?:home|the train|anywhere|where they)\\b|\\btried\\b|\\boffice\\b"],
      },
    ],
    holds: ["s2_shared"],
    model:
      "SSO with MFA for everyone, but today all 14 engineers are administrators and the instances take SSH with one shared key from the office. By 12 Nov six on-call engineers get the operator role for the week, everyone else is read-only, SSH is closed and Session Manager is the only way in. Changes only in pairs, by pipeline. All six, the two travellers included, have tried it from where they will be by 18 Nov.",
  },
  {
    id: "S3",
    known: [
      "For emergencies the root password is in the password manager, which is opened by SSO.",
      "Root's second factor is a phone in a drawer at the office.",
      "The emergency runbook names the head of operations who left last year.",
    ],
    weaknesses: [
      {
        text: "The way in for the day SSO fails goes through SSO.",
        seen: ["\\bsso\\b|\\bsame (?:log-?in|way|path)\\b|\\bpassword manager\\b|\\bvault\\b"],
      },
      {
        text: "The second factor is in a drawer, and the runbook names somebody who has left.",
        seen: [
          "\\bdrawer\\b|\\bphone\\b|\\bsecond factor\\b|\\bleft\\b|\\bformer\\b|\\bhardware keys?\\b|\\byubikeys?\\b",
        ],
      },
    ],
    holds: ["s3_same_path"],
    model:
      "Today it depends on the same login: root's password is behind SSO, its second factor in a drawer, and the runbook names someone who left. By 12 Nov two break-glass users with hardware keys exist outside SSO, held by four leads, two per shift, in two places; their use pages security. Neither VPN nor one Region is needed. Phone bridge and printed contacts if chat is down. They use it in the drill of 17 Nov.",
  },
  {
    id: "M1",
    known: [
      "The wall shows CPU, memory, disk and the average response time.",
      "Orders a minute are in the reporting tool, refreshed every hour.",
      "Nobody is named to watch the wall on the day.",
    ],
    weaknesses: [
      {
        text: "Averages and machines only: the one figure that says whether the shop sells is an hour old.",
        seen: [
          "\\borders? (?:a|per|/) ?(?:minute|min)\\b|\\baverages?\\b|\\bhour(?:ly)? old\\b|\\bevery hour\\b|\\bhourly\\b",
        ],
      },
      {
        text: "Nobody watches, and no value says when to act.",
        seen: ["\\bnobody\\b|\\bwatch\\w{0,3}\\b|\\bpages?\\b|\\bthresholds?\\b"],
      },
    ],
    holds: ["m1_technical_only"],
    model:
      "Today only CPU, memory and averages, which nobody watches. For the sale: orders a minute against forecast, live from the order queue (below 80% for 3 minutes pages the incident lead), checkout p99 over 800 ms, 5xx over 0.5%, payment success under 97%, database and NAT connections over 70%, age of the order queue over 30 s. One dashboard, in the channel and on the wall; the on-call watches it, two hours each.",
  },
];

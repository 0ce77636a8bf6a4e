import type { SampleQuestion } from "./practice-sample.ts";

/** The sample shop, as its quota questions find it. The figures add up: a test does the sums. */
export const shopQuotas: readonly SampleQuestion[] = [
  {
    id: "Q1",
    known: [
      "Image resizing and price checks run on Lambda: 380 at once on a busy day, of an applied quota of 1,000.",
      "EC2 Standard: 512 vCPU applied. Load balancer targets: 300 of 1,000 at 3×. KMS: 12% of its rate at 3×.",
      "The quotas were looked at in spring, in the staging account.",
    ],
    weaknesses: [
      {
        text: "Lambda: 380 × 3 = 1,140 at once against 1,000. Short by 140, and nothing is filed.",
        seen: ["\\blambda\\b|\\b1,?140\\b|\\bconcurren\\w{1,4}\\b"],
      },
      {
        text: "They were looked at in another account.",
        seen: ["\\bstaging\\b|\\b(?:another|other|wrong) account\\b"],
      },
    ],
    holds: ["q1_short"],
    model:
      "prod, eu-west-1, at 3x: Lambda 1,140 at once against 1,000, so short by 140; 1,500 filed on 2 Nov. EC2 Standard is short as well (Q2). ALB targets 300 of 1,000, KMS 12%. What was checked in spring was staging, another account with other quotas. If the Lambda increase is late, resizing goes to a queue.",
  },
  {
    id: "Q2",
    known: [
      "web: up to 120 m7g.xlarge (4 vCPU each). api: up to 60 c7g.large (2 vCPU each). A batch group holds 48 vCPU in the same account.",
      "The applied quota for Running On-Demand Standard instances is 512 vCPU.",
      'A colleague: "180 instances at most, the quota is 512, so fine."',
    ],
    weaknesses: [
      {
        text: "120 × 4 + 60 × 2 + 48 = 648 vCPU against 512: short by 136. The colleague compared instances with vCPUs.",
        seen: ["\\b648\\b|\\b600\\b|\\b136\\b|\\b88\\b|\\b480\\b"],
      },
      { text: "The batch group uses the same quota.", seen: ["\\bbatch\\b|\\b48\\b"] },
    ],
    holds: ["q2_short"],
    model:
      "web (max 120 m7g.xlarge = 480 vCPU) and api (max 60 c7g.large = 120 vCPU), with batch's 48 in the same account and Region: 648 vCPU against an applied quota of 512, short by 136. An increase to 900 is filed on 2 Nov, due in time; batch is paused for the sale. 180 instances aren't 180 vCPU.",
  },
  {
    id: "Q3",
    known: [
      "gp3 in eu-west-1: 22 of 50 TiB, of which 9 TiB are volumes attached to nothing.",
      "Each web instance starts with 200 GiB; 10 run today, 120 at most.",
      "Restoring the search cluster from its snapshots needs 8 TiB beside the old volumes.",
    ],
    weaknesses: [
      {
        text: "110 more instances × 200 GiB are 21.5 TiB; with the restore 22 + 21.5 + 8 = 51.5 of 50 TiB.",
        seen: [
          "\\b51(?:\\.\\d)?\\b|\\b2[12](?:\\.\\d)? tib\\b|\\b43\\.5\\b|\\b(?:110|120) (?:more )?(?:web )?instances\\b",
        ],
      },
      {
        text: "9 TiB belong to nobody and count all the same.",
        seen: ["\\b(?:unattached|orphan\\w{0,3}|attached to nothing|unused)\\b|\\b9 tib\\b"],
      },
    ],
    holds: ["q3_short"],
    model:
      "gp3: 22 of 50 TiB in use. 110 more web instances bring 21.5 TiB at maximum and a restore of search needs 8, so 51.5: it may pass the quota. We delete the 9 TiB of unattached volumes by 6 Nov, which leaves 42.5 at peak, 85%, and filed for 80 TiB on 2 Nov. io2 isn't used.",
  },
  {
    id: "Q4",
    known: [
      "Order confirmations go to SES over its API.",
      "The returns service, on two EC2 instances, runs postfix and sends on port 25: about 3 a second after a sale.",
      "Nobody remembers whether port 25 was ever unblocked for this account.",
    ],
    weaknesses: [
      {
        text: "The returns service sends for itself, on a port that is blocked by default.",
        seen: ["\\breturns?\\b|\\bpostfix\\b|\\bport 25\\b"],
      },
    ],
    holds: ["q4_direct_unknown"],
    model:
      "Confirmations don't leave instances: SES takes them over its API from a queue, 66 a second at peak. But the returns service runs postfix on two instances, 3 a second on port 25, and whether that is unblocked isn't known. It moves to SES by 13 Nov; if SES throttles, its queue waits and nobody loses a return.",
  },
  {
    id: "Q5",
    known: [
      "orders-db has 12,000 IOPS provisioned; on a busy day it uses 5,100.",
      "Its instance carries 12,000 IOPS at most, steadily.",
      '"If it gets tight we raise the volume," says the wiki.',
    ],
    weaknesses: [
      {
        text: "5,100 × 3 = 15,300 IOPS at the expected peak, against 12,000.",
        seen: ["\\b15[,.]?300\\b|\\b15k\\b|\\b128 ?%"],
      },
      {
        text: "Raising the volume helps nothing: the instance is the ceiling.",
        seen: [
          "\\binstance(?:'s)?\\b.{0,60}\\b(?:ceiling|limit|carr\\w{1,3}|cap|most|bigger|larger|max\\w{0,4}|type)\\b|\\b(?:ceiling|limit|bigger|larger)\\b.{0,60}\\binstance\\b",
        ],
      },
    ],
    holds: ["q5_unsure"],
    model:
      "Not for the sale: orders-db used 5,100 IOPS on a busy day, so 15,300 at 3x against 12,000 provisioned. Raising the volume alone doesn't help, since the instance carries 12,000 at most. On 10 Nov it becomes twice as large (24,000) with 20,000 provisioned; the load test shows the real figure. The Region's quota of 100,000 has room. It won't be raised in the sale: from 85% the on-call turns off the reports.",
  },
  {
    id: "Q6",
    known: [
      "Search runs on Spot since August: up to 40 r7g.xlarge (4 vCPU each). Customers' searches go there.",
      "The Spot Standard quota is 128 vCPU. On-Demand has no room to spare (512 vCPU, all of it planned).",
      '"Never had an interruption," says the team.',
    ],
    weaknesses: [
      {
        text: "40 × 4 = 160 vCPU against a Spot quota of 128.",
        seen: ["\\b160\\b|\\b32 (?:vcpu|short)\\b"],
      },
      {
        text: "Search serves customers, and nothing takes over when Spot is taken back.",
        seen: [
          "\\bsearch\\w{0,2}\\b.{0,80}\\b(?:users?|customers?|serves?|path|taken back|interrupt\\w{0,5}|fall.?back|on.demand)\\b|\\b(?:no|without) (?:fall.?back|room)\\b",
        ],
      },
    ],
    holds: ["q6_exposed"],
    model:
      "Search serves customers on Spot: up to 40 r7g.xlarge = 160 vCPU against a Spot quota of 128, and when Spot is taken back there is no fallback, since On-Demand has no room either. For the sale search moves to On-Demand by 13 Nov, 160 vCPU are in the increase of 2 Nov (Q2); afterwards Spot again, over six instance types, for what may pause.",
  },
  {
    id: "Q7",
    known: [
      "SES in prod: 200,000 recipients a day, 50 a second. Production access, DKIM in place.",
      "240,000 orders are expected on the day. Each confirmation goes to the customer and, as a blind copy, to an archive.",
      "Marketing sends 150,000 newsletters from the same account at 08:30.",
    ],
    weaknesses: [
      {
        text: "SES counts recipients: 240,000 × 2 + 150,000 = 630,000 a day against 200,000.",
        seen: [
          "\\b630[,.]?000\\b|\\b630 ?k\\b|\\b480[,.]?000\\b|\\b480 ?k\\b|\\bblind cop\\w{1,3}\\b|\\bbcc\\b|\\btwo recipients\\b|\\bcounted twice\\b",
        ],
      },
      {
        text: "The newsletter empties the quota half an hour before the first order.",
        seen: ["\\bnewsletters?\\b|\\bmarketing\\b"],
      },
    ],
    holds: ["q7_short"],
    model:
      "In recipients, 240,000 confirmations count twice because of the archive's blind copy, and marketing's newsletter adds 150,000: 630,000 in 24 hours against 200,000, and 66 a second, 132 with the copies, against 50. Both fall short. We drop the copy (S3 keeps it), marketing sends on Thursday, and 500,000 a day with 100 a second are requested on 2 Nov. A queue waits when throttled. DKIM is in place; bounces 0.4%, alarm at 2%.",
  },
];

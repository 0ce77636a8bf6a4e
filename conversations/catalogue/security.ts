import type { Module } from "../../src/domain/catalogue.ts";
import { practices } from "./practices.ts";
import { choice, LONG_AGO, noneOfThese, point, RECENTLY, reads, readsAsNone, readsIfSure, shows } from "./write.ts";

export const security: Module = {
  id: "security",
  title: "Security",
  intro: "Who holds the keys, how people get in on the day, and how they get in when the door itself is broken.",
  pillar: "security",
  questions: [
    {
      id: "S1",
      text: "When was the last rotation of credentials performed on resources specific to this event?",
      short: "rotation of credentials",
      why: "An event draws attention, and old keys are how attention gets in: the one in last year's campaign repository, the one the agency still has, the one of a colleague who left. But rotation is also a classic cause of outages. A secret that rotates by itself at 09:10, a certificate that ends on the Saturday, a token that one forgotten job still uses. So rotate early enough to see what breaks, best two weeks before, then let nothing rotate or expire until it is over. Best of all is a credential that can't get old: a role.",
      good: [
        point(
          "when",
          "What was rotated and when: access keys, database passwords, API keys, tokens of suppliers",
          [
            "\\b(?:jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec)[a-z]{0,6}\\b|\\b20\\d\\d\\b|\\b(?:days?|weeks?|months?|years?) (?:ago|old)\\b|\\b(?:last|this) (?:week|month|quarter|year|night)\\b|\\b(?:yesterday|today|monthly|quarterly|weekly|every \\d{1,3} days)\\b",
            "\\b(?:no long-?lived|no static|roles? only|only roles?|temporary|oidc|short-?lived)\\b",
          ],
          ["credentials"],
        ),
        point("expiry", "What expires or rotates by itself near the event: certificates, secrets, tokens", [
          "\\b(?:expir\\w{1,6}|certificates?|certs?|acm|tls|renew\\w{0,3}|auto(?:matic\\w{0,4})? rotat\\w{1,4}|rotates? (?:itself|automatically|next|again|every)|rotation (?:is )?(?:paused|off|stopped|frozen)|next rotation|valid until|no rotation|nothing (?:rotates|expires))\\b",
        ]),
        point("leftover", "Who else holds keys (agencies, leavers, pipelines), and whether unused ones are gone", [
          "\\b(?:agenc\\w{1,3}|leavers?|left the|ex-?\\w{4,12}|former|contractors?|pipelines?|ci|ci/cd|github|gitlab|jenkins|suppliers?|third.part\\w{1,3}|vendors?|unused|deleted|removed|revoked|disabled|deactivated|inventory|list(?:ed)? of|all keys|nobody else)\\b",
        ]),
      ],
      example:
        "All secrets of the event (database, payment, mail provider) rotated on 9 Nov, nothing broke. No IAM users: people by SSO, pipelines by OIDC roles; the agency's key was deleted on 2 Nov. Next rotation paused until 1 Dec; certificates are in ACM, the nearest ends in March.",
      dangerous: [
        '"They rotate automatically." When next? And did every client pick up the new one last time?',
        '"We\'ll rotate right before the event." Then what breaks, breaks at the event.',
        '"Never needed to." The list of people who have ever seen the key only grows.',
      ],
      choices: [
        choice(
          "s1_fresh",
          "All were rotated in the last 90 days, or are roles that never get old",
          "Rotate the event's keys and secrets about two weeks before, and replace access keys with roles.",
        ),
        choice(
          "s1_quiet_window",
          "Nothing expires or rotates by itself during the event",
          "List certificates, tokens and secrets with their next change; move what falls into the event's week.",
        ),
        choice(
          "s1_old",
          "Some are older than 90 days, or someone who left may hold them",
          "Find keys older than 90 days and unused ones; rotate or delete them, two weeks before the event at the latest.",
        ),
        noneOfThese("s1_no"),
      ],
      rules: [
        {
          when: "s1_fresh && s1_quiet_window && !s1_old",
          risk: "NO_RISK",
          because: "Credentials are fresh, and none changes during the event.",
        },
        {
          when: "(s1_fresh || s1_quiet_window) && !s1_old",
          risk: "MEDIUM_RISK",
          because: "Either the age or the next expiry of credentials isn't known to be safe.",
        },
        {
          when: "default",
          risk: "HIGH_RISK",
          because: "Old or unknown keys are open doors, and unknown expiries are outages.",
        },
      ],
      phrases: [
        ...readsIfSure(
          "s1_fresh",
          [
            `\\brotated\\b.{0,50}${RECENTLY}`,
            "\\b(?:no (?:iam users|long-?lived|static|access) ?(?:keys|credentials)?|only (?:iam )?roles|all roles)\\b",
          ],
          `${LONG_AGO}|\b(?:except|but not|only the)\b`,
        ),
        ...readsIfSure(
          "s1_quiet_window",
          [
            "\\b(?:rotation|rotations)\\b.{0,20}\\b(?:paused|stopped|frozen|suspended|off)\\b|\\b(?:nothing|none|no \\w{3,14})\\b.{0,12}\\b(?:expires?|rotates?)\\b|\\b(?:certificates?|certs?)\\b.{0,40}\\b(?:ends?|expires?|valid)\\b.{0,15}\\b(?:jan|feb|mar|apr|may|june?|july?|next year|in (?:six|\\d{1,2}) months)",
          ],
          "\\b(?:during|in the week of) the event\\b.{0,20}\\bexpires\\b",
        ),
        ...reads("s1_old", [
          "\\b(?:years? (?:ago|old)|last year|(?:six|seven|eight|nine|ten|1?\\d) months (?:ago|old))\\b|\\b\\d{3,4} days (?:ago|old)\\b|\\bolder than 90\\b",
          "\\b(?:never (?:been )?rotated|not (?:been )?rotated|haven't (?:been )?rotated|no rotation|hasn't been rotated)\\b|\\b(?:agency|contractor|ex-?employee|leaver|former \\w{3,12}) (?:still )?(?:has|holds|have)\\b",
        ]),
        ...readsAsNone("s1_no", [
          "\\brotates? automatically\\b|\\bautomatic(?:ally)? rotat\\w{1,4}\\b|\\b(?:right|just|day) before the event\\b|\\bnever needed\\b|\\bno record\\b",
        ]),
      ],
      evidence: [shows("credentials", ["s1_fresh", "s1_old"], ["s1_fresh"])],
      plain: { enough: [], withEvidence: true, yes: [], no: ["s1_no"] },
      followUp:
        "When were the event's keys and secrets last rotated, what expires or rotates near the event, and who outside holds one?",
      practices: practices("SEC02-BP05", "SEC02-BP02"),
      links: [],
      whoKnows: "whoever runs the secrets store and the pipelines",
      dueDaysBefore: 14,
    },
    {
      id: "S2",
      text: "How will the environment be accessed during the event?",
      short: "access during the event",
      why: "On the day more people want in than ever, in more of a hurry, with more rights than they need. The outage of many events was a colleague who \"just had a look\" with an administrator's role in production, in the wrong window. Decide beforehand who may change something and who may only look; give the lookers dashboards and read roles; let changes be made by two people and be seen in the channel. And try the way in: from home, from the venue's network, with the phone's second factor, by everyone on the rota.",
      good: [
        point(
          "way",
          "The way in: SSO and role, Session Manager, VPN; no shared keys, no open SSH",
          [
            "\\b(?:sso|identity cent(?:er|re)|saml|okta|entra|roles?|session manager|ssm|vpn|bastion|jump|instance connect|console|cli|ssh|rdp|iam|mfa|privileged|pam|teleport|zero trust|pipeline|gitops|read-?only|break-?glass|dashboards?)\\b",
          ],
          ["access-paths"],
        ),
        point("who", "Who may change production during the event, and who may only look", [
          "\\b(?:only|two|three|four|five|\\d{1,2}) (?:people|engineers|persons|of us|on-?call|sres?|admins?|colleagues)\\b|\\b(?:read-?only|look only|viewers?|on-?call|rota|team|sre|admins?|everyone|nobody|named|approved|approval|four.eyes|pair\\w{0,3}|second person|change freeze|incident lead)\\b",
        ]),
        point("tried", "Whether everyone on the rota tried it, from where they will be", [
          "\\b(?:tried|tested|checked|verified|log(?:ged)?[- ]?in|dry run|rehears\\w{1,4}|daily|every ?day|already use|used (?:daily|every)|from (?:home|the venue|outside|their)|walk\\w{0,4}|drill)\\b",
        ]),
      ],
      example:
        "SSO with MFA. Six on-call engineers have the operator role for the week, everyone else read-only and dashboards. Instances only by Session Manager, no SSH. Changes in pairs, announced in the event channel, by pipeline. All six logged in from home on 18 Nov.",
      dangerous: [
        '"As always." As always includes everybody with an administrator\'s role, and nobody watching.',
        '"SSH with the team key." Nobody can say who did it, and whoever left has it too.',
        '"Through the VPN." With enough licences for everyone at once, and if it is down?',
      ],
      choices: [
        choice(
          "s2_named_least",
          "Named people by SSO and MFA, least rights, most of them read-only",
          "Give the rota a role for the event's days, the others read access and dashboards; remove standing administrator rights.",
        ),
        choice(
          "s2_tried",
          "Everyone on the rota has tried the way in, from where they will be",
          "Let each on the rota log in, reach a host and open a dashboard, from home or the venue, a week before.",
        ),
        choice(
          "s2_shared",
          "Shared accounts or keys, open SSH, or administrator rights for many",
          "Move to SSO roles and Session Manager; close ports 22 and 3389; give shared keys an end date before the event.",
        ),
        noneOfThese("s2_no"),
      ],
      rules: [
        {
          when: "s2_named_least && s2_tried && !s2_shared",
          risk: "NO_RISK",
          because: "It is known who may do what, and they have tried it.",
        },
        {
          when: "s2_named_least && !s2_shared",
          risk: "MEDIUM_RISK",
          because: "Access is narrow, but not everyone on the rota has tried it.",
        },
        {
          when: "default",
          risk: "HIGH_RISK",
          because: "Too many hands, shared keys or an untried way in: a slip or a locked door at the worst moment.",
        },
      ],
      phrases: [
        ...readsIfSure(
          "s2_named_least",
          [
            "\\b(?:sso|identity cent(?:er|re)|okta|entra|saml|federated)\\b.{0,120}\\b(?:mfa|roles?|read-?only|least|session manager|ssm)\\b|\\b(?:mfa|roles?|session manager|ssm)\\b.{0,80}\\b(?:sso|identity cent(?:er|re)|okta|entra|federated)\\b",
          ],
          "\\b(?:shared|everyone (?:has|is) (?:an? )?admin\\w{0,10}|all admins?|root|team key|one key|no mfa|without mfa)\\b",
        ),
        ...readsIfSure("s2_tried", [
          "\\b(?:all|everyone|each|every one|they|we all|rota|the \\w{3,6})\\b.{0,30}\\b(?:logged in|tried|tested|checked)\\b|\\b(?:tried|tested) (?:it |this )?(?:by everyone|from (?:home|the venue))\\b|\\b(?:use|used) (?:it )?(?:daily|every ?day)\\b",
        ]),
        ...reads(
          "s2_shared",
          [
            "\\b(?:shared|team|same|common|one) (?:key|keys|account|user|password|login|credentials|ssh key|pem)\\b|\\b(?:everyone|everybody|all (?:of us|developers|devs|engineers)|whole team)\\b.{0,25}\\b(?:admin\\w{0,10}|root|full access|power ?user)\\b",
            "\\b(?:ssh|rdp|port 22|port 3389)\\b.{0,25}\\b(?:open|from anywhere|0\\.0\\.0\\.0|internet|public)\\b|\\b(?:open|public) ssh\\b|\\broot (?:user|account|login)\\b|\\bssh with\\b",
          ],
          "\\b(?:no|not|without|never) (?:any )?(?:shared|team key|open ssh|ssh|root|one key)\\b",
        ),
        ...readsAsNone("s2_no", [
          "\\b(?:as|like) (?:always|usual|normal)\\b|\\bthe usual way\\b|\\b(?:same as|no different)\\b|\\b(?:just |only )?(?:through|via|over) (?:the )?vpn\\b",
        ]),
      ],
      evidence: [shows("access-paths", ["s2_shared"], ["s2_named_least"])],
      plain: { enough: [], withEvidence: false, yes: [], no: ["s2_no"] },
      followUp:
        "Which way in will be used, who may change production and who may only look, and has everyone on the rota tried it?",
      practices: practices("SEC03-BP02", "SEC06-BP03", "SEC02-BP02"),
      links: [],
      whoKnows: "whoever grants access to production, with the lead of the rota",
      dueDaysBefore: 14,
    },
    {
      id: "S3",
      text: "How will the environment be accessed during component/system failure?",
      short: "access when things fail",
      why: "The way in tends to share its fate with what is broken. SSO down: nobody gets a role. The VPN ends in the Region that has the trouble. The console is slow, the wiki with the runbook is behind the same login, the password vault wants a second factor from the phone of someone on a plane, the chat is down as well. Emergency access must stand on its own legs: another identity source, another network, a credential kept apart that rings a bell when used, and two people who have opened that envelope before.",
      good: [
        point("emergency_way", "The way in when login, VPN or Region is down, and what it doesn't depend on", [
          "\\b(?:break-?glass|emergency|root (?:user|account)|iam users?|sealed|envelope|safe|vault|yubikey|hardware (?:key|token)|second (?:way|path|region|idp|provider|vpn)|other region|serial console|session manager|out.of.band|alternative|fall.?back|offline|separate|backup (?:account|access|login|way|vpn)|cli|lte|hotspot)\\b",
        ]),
        point("holders", "Who holds it, on every shift, and how they reach each other if chat is down", [
          "\\b(?:two|three|four|\\d{1,2}) (?:people|engineers|persons|holders|leads|managers|admins?|of us)\\b|\\b(?:held by|holders?|on-?call|shift|phone|bridge|conference|number|sms|whatsapp|signal|call tree|printed|contact list|head of|leads?|manager|security team|who holds|rota)\\b",
        ]),
        point("rehearsed", "When it was last used in a drill, and who is told when it is used", [
          "\\b(?:tested|tried|drill\\w{0,3}|rehears\\w{1,4}|game ?day|opened|used|exercise[sd]?|practi[cs]ed|verified|(?:un|never |not )tested)\\b|\\b(?:alarm\\w{0,2}|alerts?|logged|rings?|notif\\w{1,8}|cloudtrail|audit\\w{0,2})\\b",
        ]),
      ],
      example:
        "Two break-glass IAM users with hardware keys in two offices, outside SSO; their use pages security. Held by four leads, two per shift. Console and CLI work without our VPN; Session Manager in both Regions. Phone bridge and printed contact list if chat is down. Used in the drill of 5 Nov, in 6 minutes.",
      dangerous: [
        '"The same way, through SSO." And when SSO is the component that failed?',
        '"We have the root password in the vault." Behind which login, with whose second factor?',
        "\"AWS support will help.\" They can't log in for you, and won't hand out access by phone.",
      ],
      choices: [
        choice(
          "s3_independent",
          "Emergency access exists that needs neither our SSO, VPN nor one Region",
          "Make two break-glass users or a second identity source, with hardware keys, outside the normal login and network.",
        ),
        choice(
          "s3_drilled",
          "It was used in a drill in the last 6 months, by people on the rota",
          "Open the envelope once: log in, reach a host, read a runbook, with SSO and chat declared down.",
        ),
        choice(
          "s3_same_path",
          "It depends on the same login, network or person as normal access",
          "Walk through 'SSO is down' and 'the VPN is down', and add a way that survives each.",
        ),
        noneOfThese("s3_no"),
      ],
      rules: [
        {
          when: "s3_independent && s3_drilled && !s3_same_path",
          risk: "NO_RISK",
          because: "There is a second way in, and the people on the rota have used it.",
        },
        {
          when: "s3_independent && !s3_same_path",
          risk: "MEDIUM_RISK",
          because: "There is a second way in, but it wasn't tried lately.",
        },
        {
          when: "default",
          risk: "HIGH_RISK",
          because: "When the way in fails, nobody can repair what failed with it.",
        },
      ],
      phrases: [
        ...readsIfSure(
          "s3_independent",
          [
            "\\bbreak-?glass\\b|\\bemergency (?:access|users?|accounts?|roles?|credentials?)\\b|\\bout.of.band\\b|\\bsecond (?:idp|identity|vpn|way in)\\b",
          ],
          "\\b(?:no|without(?: a| any)?|lack(?:s|ing)?|needs?) (?:a |any |an )?(?:break-?glass|emergency|out.of.band|second)\\b|\\b(?:through|via|behind|needs?|depends? on|uses) (?:the |our )?(?:same )?(?:sso|okta|vpn|entra|idp|login)\\b",
        ),
        ...readsIfSure(
          "s3_drilled",
          [
            `\\b(?:used|tested|tried|opened|drilled|rehearsed|exercised|practi[cs]ed)\\b.{0,40}(?:\\b(?:drill|game ?day|exercise)\\b|${RECENTLY})`,
          ],
          `${LONG_AGO}|\\buntested\\b`,
        ),
        ...reads(
          "s3_same_path",
          [
            "\\bsame (?:way|path|as|login|vpn|sso|access)\\b|\\b(?:through|via|behind|needs?|depends? on|only|uses) (?:the |our )?(?:sso|okta|vpn|entra|idp|jump ?host|bastion)\\b|\\bonly (?:one person|\\w{2,12}) (?:has|holds|knows)\\b|\\bno (?:other|second|alternative|break-?glass|emergency)\\b",
            "\\b(?:in|from) the (?:password )?vault\\b",
          ],
          "\\b(?:not|n't|doesn't|independent of|outside|without) (?:need |go |depend on |the same |through |via |our |the )?(?:same|sso|okta|vpn|entra|idp|vault|through|via)\\b",
        ),
        ...readsAsNone("s3_no", ["\\baws support\\b|\\bas (?:always|usual)\\b|\\bwon't happen\\b|\\bnot planned\\b"]),
      ],
      evidence: [shows("access-paths", [], ["s3_independent"])],
      plain: { enough: [], withEvidence: false, yes: [], no: ["s3_no"] },
      followUp:
        "If single sign-on or the VPN is what failed, how do you get in, who holds that access, and when was it last tried?",
      practices: practices("SEC03-BP03", "SEC10-BP05", "OPS10-BP04"),
      links: [],
      whoKnows: "the security lead, with whoever runs the identity provider",
      dueDaysBefore: 14,
    },
  ],
};

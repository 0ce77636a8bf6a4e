import type { Module } from "../../src/domain/catalogue.ts";
import { practices } from "./practices.ts";
import { choice, LONG_AGO, noneOfThese, point, RECENTLY, reads, readsAsNone, readsIfSure, shows } from "./write.ts";

const WELL_ARCHITECTED = {
  title: "AWS Well-Architected",
  url: "https://aws.amazon.com/architecture/well-architected/",
};

/** Dates, weekdays, "last month": somebody did it, or will, at a time that can be checked. */
const WHEN =
  "\\b(?:jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec)[a-z]{0,6}\\b|\\b20\\d\\d\\b|\\b(?:mon|tues|wednes|thurs|fri|satur|sun)day\\b|\\b(?:last|this|next|every) (?:week|month|quarter|year|sprint|night)\\b|\\b(?:days?|weeks?|months?) ago\\b|\\b(?:weekly|monthly|quarterly|nightly)\\b";

export const resilience: Module = {
  id: "resilience",
  title: "Resilience",
  intro: "What happens when something breaks, and how you come back.",
  pillar: "reliability",
  questions: [
    {
      id: "R1",
      text: "What risks exist to the stability of the application during the event?",
      short: "risks to stability",
      why: "The list is the exercise. Half of what goes wrong at an event was known to somebody who wasn't asked: the release planned for the day before, the supplier who renews a certificate that week, the marketing mail that goes out two hours early, the nightly job that now meets the peak, the one colleague who knows the payment gateway and is on leave. A risk that is written down, with an owner and what is done when it strikes, is half its size. One that is only felt is accepted by nobody and owned by nobody.",
      good: [
        point("named", "The three to five things most likely to go wrong, third parties and people among them", [
          "\\b(?:third.part\\w{1,3}|suppliers?|vendors?|providers?|payments?|psp|depend\\w{3,7}|releases?|deploy\\w{0,6}|migrations?|freeze|certificates?|dns|database|cache|latency|traffic|spike|bots?|ddos|people|leave|holiday|jobs?|batch|legacy|region|quota|bug|memory leak|marketing|partner|cold start|network|vpn|tokens?)\\b",
        ]),
        point("owned", "Who owns each, and what is done about it before the event", [
          "\\b(?:owner|owns|owned|assigned|responsible|takes care|looks after|watch\\w{0,3}|fixed|fixing|mitigat\\w{1,4}|moved|stopped|paused|renewed|frozen|freeze|disabled|switched off|rate.?limit\\w{0,3}|postponed|accepted|reviewed|agreed)\\b",
        ]),
        point("when_it_strikes", "What is done when it happens: switch off, fall back, roll back, and who decides", [
          "\\b(?:fall.?back|roll.?back|rolled back|switch(?:ed)? off|turn(?:ed)? off|kill.?switch|feature flags?|degrad\\w{1,6}|waiting room|static page|queue|runbook|plan b|decides?|fail.?over|retry|retries|manual\\w{0,2}|block\\w{0,3}|circuit.?breaker)\\b",
        ]),
      ],
      example:
        "1. Payment provider slow: owner Payments, fallback is pay-later behind a flag, the incident lead decides. 2. Marketing mail early: agreed 09:00, waiting room above 8,000 rps. 3. Bots on the doorbuster: WAF rate limit tested. 4. Nightly stock job: paused 26 to 30 Nov. Code freeze from 20 Nov.",
      dangerous: [
        '"None that we know of." Then nobody looked. Every platform has three.',
        '"AWS might go down." True and rare. A release, a job or a supplier is what usually does it.',
        '"We\'ll handle it on the day." On the day there is a crowd, and no time to find out who decides.',
      ],
      choices: [
        choice(
          "r1_owned_with_plan",
          "The main risks are written down, each with an owner and a response",
          "Write five risks with owner, sign and response; ask support, marketing and suppliers for theirs.",
        ),
        choice(
          "r1_frozen",
          "Changes, jobs and supplier work are kept away from the event",
          "Agree a change freeze, pause jobs that meet the peak, and ask suppliers about work in that week.",
        ),
        choice(
          "r1_listed",
          "Risks are known, but some have no owner or no response",
          "Give each an owner and a sentence: what is done when it happens, and who decides that.",
        ),
        noneOfThese("r1_no"),
      ],
      rules: [
        {
          when: "r1_owned_with_plan && !r1_listed",
          risk: "NO_RISK",
          because: "The main risks have owners, and it is decided what is done when they strike.",
        },
        {
          when: "r1_listed || r1_frozen || r1_owned_with_plan",
          risk: "MEDIUM_RISK",
          because: "The risks are known, but not each is owned or prepared for.",
        },
        { when: "default", risk: "HIGH_RISK", because: "Risks that nobody has named can't be prepared for." },
      ],
      phrases: [
        ...readsIfSure(
          "r1_owned_with_plan",
          [
            "\\bowne(?:r|d)\\b.{0,80}\\b(?:fall.?back|roll.?back|runbook|flag|kill.?switch|plan|response|degrad\\w{1,6}|decides)\\b",
          ],
          "\\b(?:no owner|without (?:an )?owner|nobody owns|on the day)\\b",
        ),
        ...reads(
          "r1_frozen",
          [
            "\\b(?:code|change|release|deploy\\w{0,4}) ?-?freeze\\b|\\bfreeze (?:from|starts|begins|until)\\b|\\bfrozen (?:from|until|since)\\b|\\bno (?:releases|deploy\\w{0,6}|changes) (?:from|after|between|during|that week)\\b",
          ],
          "\\b(?:no|without(?: a)?|not a) (?:code |change |release )?freeze\\b",
        ),
        ...reads(
          "r1_listed",
          [
            "\\b(?:no owner|without (?:an )?owner|nobody owns|not owned|unowned|no (?:plan|fallback|response|mitigation))\\b",
            "\\b(?:risks?|worr\\w{2,4}|concern\\w{0,2}|afraid|could (?:fail|break|time out|be slow))\\b.{0,60}\\b(?:provider|supplier|third.part\\w{1,3}|database|release|bots?|traffic|payments?|legacy|cache|migration)\\b",
            "\\b(?:provider|supplier|third.part\\w{1,3}|database|release|bots?|traffic|payments?|legacy|cache|migration)\\b.{0,60}\\b(?:risks?|worr\\w{2,4}|concern\\w{0,2}|could (?:fail|break|time out|be slow)|might (?:fail|break|be slow))\\b",
          ],
          "\\bno (?:real |known |major |big )?risks?\\b|\\bowner (?!yet)",
        ),
        ...readsAsNone("r1_no", [
          "\\bnone (?:that|we|i)\\b|\\bno (?:real |known |major |big |particular )?risks?\\b|\\b(?:handle|deal with|see) (?:it|that|them) on the day\\b|\\baws (?:might|could|may) (?:go|be) down\\b|\\bnothing (?:special|in particular|comes to mind)\\b",
        ]),
      ],
      evidence: [
        shows("health-events", ["r1_listed"]),
        shows("resilience-hub", ["r1_listed"]),
        shows("service-quotas", ["r1_listed"]),
      ],
      plain: { enough: [], withEvidence: false, yes: ["r1_listed"], no: ["r1_no"] },
      followUp: "Which three things are most likely to go wrong, who owns each, and what is done when it happens?",
      practices: practices("OPS01-BP06", "REL05-BP01", "REL11-BP05"),
      links: [WELL_ARCHITECTED],
      whoKnows: "the tech lead, with support, marketing and whoever was on call last time",
      dueDaysBefore: 35,
    },
    {
      id: "R2",
      text: "Is there a single point of failure? (Eg. Single AZ)",
      short: "single points of failure",
      why: "Redundant tiers hang on single things. Two Availability Zones share one NAT gateway; a Multi-AZ service waits for a Single-AZ database; three Regions log in at one identity provider; everything deploys from one runner and resolves one DNS zone. Two zones also means that the half that stays must carry all: if they run at 60% each, losing one is an outage. And count the people and suppliers: one person with the production key, one payment provider, one certificate.",
      good: [
        point(
          "tiers",
          "Zones of each tier on the event's path: entry, compute, database, cache, queue, NAT",
          [
            "\\b(?:az|azs|zones?|multi-?az|single-?az|regions?|availability|redundan\\w{1,3}|replicas?|standby|cluster|tiers?|[abc] and [abc])\\b",
          ],
          ["multi-az"],
        ),
        point("outside", "Single things outside AWS or the diagram: suppliers, identity provider, DNS, people", [
          "\\b(?:third.part\\w{1,3}|suppliers?|vendors?|providers?|psp|payments?|identity|idp|okta|entra|sso|dns|registrar|people|person|colleague|certificates?|external|outside|vpn|on-?prem\\w{0,6}|partner|nothing else|nobody else|off the (?:event )?path)\\b",
        ]),
        point("remaining", "What is done about the ones that remain, by whom and by when", [
          "\\b(?:accepted|accept|owner|chg|ticket|change|jira|moves?|goes|migrat\\w{1,5}|converted?|fall.?back|tested|will|until|none (?:left|remain\\w{0,3})|no others?|second|by)\\b",
          WHEN,
        ]),
      ],
      example:
        "Entry, web, api: three AZs, each sized to run on two. orders-db is Multi-AZ since CHG-4411 (10 Nov), cache has a replica in another AZ. batch is in one AZ but off the event path. Left: one payment provider; accepted by the head of payments until 30 Nov, fallback page tested.",
      dangerous: [
        '"No, we\'re on AWS." AWS gives you zones; using more than one is up to you.',
        '"Everything is in two AZs." At 60% each? Then losing one is an outage a minute later. And the NAT gateway?',
        '"Only the database." Everything waits for it, so everything is as single as it is.',
      ],
      choices: [
        choice(
          "r2_every_tier",
          "Every tier is in two or more AZs and can lose one at peak",
          "Spread each tier over two or more AZs, NAT and cache included, and size it so that the rest carries the peak.",
        ),
        choice(
          "r2_owned",
          "A known single point of failure has an owner and a date",
          "Give each remaining single point an owner, a date before the event, and a fallback should the date slip.",
        ),
        choice(
          "r2_single",
          "A tier or supplier on the event's path is single, with no plan yet",
          "Remove it (Multi-AZ, second NAT gateway, replica) or have it accepted by name with a tested fallback.",
        ),
        noneOfThese("r2_no"),
      ],
      rules: [
        {
          when: "r2_every_tier && !r2_single && !r2_owned",
          risk: "NO_RISK",
          because: "Every tier can lose a zone at peak, and nothing single is known.",
        },
        {
          when: "(r2_every_tier || r2_owned) && !r2_single",
          risk: "MEDIUM_RISK",
          because: "Something single remains; it has an owner and a date.",
        },
        {
          when: "default",
          risk: "HIGH_RISK",
          because: "One failure can stop the event, or nobody has looked for what could.",
        },
      ],
      phrases: [
        ...readsIfSure(
          "r2_every_tier",
          [
            "\\b(?:every (?:tier|layer|service|component)|all (?:tiers|layers|services|components|of it))\\b.{0,40}\\b(?:two|three|2|3|multiple|several|multi) ?-?(?:azs?|zones|availability)\\b",
            "\\b(?:two|three|2|3) (?:azs|zones|availability zones)\\b.{0,80}\\b(?:can lose one|sized (?:to|for)|lose an? (?:az|zone)|n\\+1|carry the peak|survive)",
          ],
          "\\b(?:single-?az|one az|one zone|only the|except|but not|apart from)\\b(?!.{0,40}\\boff the\\b)",
        ),
        ...reads(
          "r2_owned",
          [
            "\\b(?:goes|moves?|moving|migrat\\w{1,5}|convert\\w{0,3}|switch\\w{0,3}|will be)\\b.{0,30}\\b(?:multi-?az|second az|two azs|multi-?region|redundant)\\b.{0,60}(?:\\d|\\b(?:mon|tues|wednes|thurs|fri)day\\b|\\b(?:next|this) week\\b)",
            "\\b(?:accepted by|owner(?: is|:)|owned by|chg-?\\d|change \\d|ticket \\w{1,6}-?\\d)",
          ],
          "\\b(?:no|without(?: an)?|not yet) (?:owner|owned|accepted)\\b",
        ),
        ...reads(
          "r2_single",
          [
            "\\bsingle-?(?: )?(?:az|zone|availability zone|nat|instance|node|database|region|point|writer|provider|server)\\b|\\b(?:only )?(?:in )?(?:one|a single|1) (?:az|zone|nat|instance|server|database|node)\\b|\\bnot (?:yet )?(?:multi-?az|redundant)\\b|\\bno (?:standby|replica|multi-?az|redundancy)\\b",
            "\\bonly (?:the|our|one) (?:database|db|cache|redis|nat|idp|provider|person)\\b|\\bisn't multi-?az\\b",
          ],
          "\\b(?:no|not a|without(?: a)?|any|were|was) single\\b|\\bchg-?\\d|\\baccepted by\\b|\\bowner\\b|\\boff the (?:event )?path\\b|\\b(?:goes|moves|moving) (?:to )?multi-?az\\b",
        ),
        ...readsAsNone("r2_no", [
          "\\bwe(?:'re| are) (?:on|in) (?:aws|the cloud)\\b|\\b(?:everything|all) (?:is )?in two (?:azs|zones)\\b",
        ]),
      ],
      evidence: [
        shows("multi-az", ["r2_single"], ["r2_every_tier"]),
        shows("resilience-hub", ["r2_single"], ["r2_every_tier"]),
      ],
      plain: { enough: [], withEvidence: true, yes: ["r2_single"], no: [] },
      followUp:
        "Which tiers are in one zone only, what is single outside AWS (suppliers, login, DNS, people), and who does something about it by when?",
      practices: practices("REL10-BP01", "REL10-BP02", "REL11-BP02", "REL02-BP01"),
      links: [WELL_ARCHITECTED],
      whoKnows: "whoever drew the architecture, with whoever pays the suppliers",
      dueDaysBefore: 35,
    },
    {
      id: "R3",
      text: "Where is content stored and is it resilient?",
      short: "where content is stored",
      why: "Durable is not the same as safe. S3 keeps eleven nines of what you wrote, including the empty file that a script wrote over the price list. Replication copies a deletion in seconds. What protects against people and programs is versions, point-in-time recovery and a copy that the same credentials can't delete. And look for the content that nobody calls content: uploads on an instance's disk, a cache that is in truth the only copy, sessions in memory, the campaign's images at an agency.",
      good: [
        point("stores", "Each store of the event: files, database, sessions, search, cache, and what is on instances", [
          "\\b(?:s3|bucket|efs|fsx|ebs|rds|aurora|dynamo\\w{0,2}|postgres|mysql|redis|elasticache|valkey|opensearch|elastic\\w{0,6}|database|db|disk|instance store|cms|cdn|cache|sessions?|mongo\\w{0,2}|documentdb|kafka|nas)\\b",
        ]),
        point(
          "copies",
          "What protects it from loss and from a wrong write: zones, versions, backups, another account",
          [
            "\\b(?:version\\w{0,4}|pitr|point.in.time|backups?|backed up|snapshots?|replicat\\w{1,5}|cross.?region|cross.?account|another (?:account|region)|multi-?az|object lock|vault|replicas?|copy|copies|retention|mfa delete|durab\\w{1,5})\\b",
          ],
          ["backups"],
        ),
        point("only_copy", "What exists only once or can't be rebuilt, and how long rebuilding the rest takes", [
          "\\b(?:only copy|rebuil[dt]\\w{0,3}|re-?creat\\w{1,4}|regenerat\\w{1,4}|restor\\w{1,4}|re-?index\\w{0,3}|nothing (?:else )?on (?:the )?(?:instances?|disks?|servers?)|stateless|no state|source of truth|warm\\w{0,3}|from (?:git|source|s3)|can be lost|ephemeral|minutes|hours)\\b",
        ]),
      ],
      example:
        "Images and price lists in S3 with versions, replicated to eu-central-1 in the backup account. Orders in Aurora (three AZs, PITR 14 days, daily copy to the backup account, restored on 2 Oct in 40 minutes). Search index can be rebuilt in 25 minutes. Sessions in ElastiCache with a replica; nothing on instances.",
      dangerous: [
        '"S3, so it\'s safe." From disk failure. Not from a wrong sync, a lifecycle rule or a stolen key.',
        '"It\'s replicated." So is the deletion.',
        '"RDS does backups." Into the same account, for as many days as someone once set. Who restored one?',
      ],
      choices: [
        choice(
          "r3_protected",
          "Every store survives a zone, and a wrong write can be undone",
          "Turn on versions and point-in-time recovery for every store, and run stores over two or more zones.",
        ),
        choice(
          "r3_copy_apart",
          "A copy is in another account or Region, out of reach of the same keys",
          "Copy backups to an account with other administrators; lock the vault for as long as you need to notice a loss.",
        ),
        choice(
          "r3_gaps",
          "Some content has no versions or backup, or exists only once",
          "List each store with its copies; give the ones without a backup, a version or a way to rebuild it.",
        ),
        noneOfThese("r3_no"),
      ],
      rules: [
        {
          when: "r3_protected && !r3_gaps",
          risk: "NO_RISK",
          because: "Content survives the loss of a zone and a wrong write.",
        },
        {
          when: "r3_copy_apart || r3_protected",
          risk: "MEDIUM_RISK",
          because: "Content is protected in part; some of it can be lost or needs rebuilding.",
        },
        {
          when: "default",
          risk: "HIGH_RISK",
          because: "Content exists that one mistake or one failure removes for good.",
        },
      ],
      phrases: [
        ...readsIfSure(
          "r3_protected",
          [
            "\\b(?:versions|versioning|versioned)\\b.{0,140}\\b(?:pitr|point.in.time)\\b|\\b(?:pitr|point.in.time)\\b.{0,140}\\b(?:versions|versioning|versioned)\\b",
            "\\bmulti-?az\\b.{0,80}\\b(?:pitr|point.in.time|versioning|versioned)\\b|\\b(?:every|all) stores?\\b.{0,40}\\b(?:backed up|backups?|pitr|versioned)\\b",
          ],
          "\\b(?:no|without|not|off|disabled|except) (?:versions?|versioning|pitr|point.in.time|backups?|backed up|for)\\b|\\bonly copy\\b|\\b(?:versioning|versions|pitr|backups?) (?:is |are )?(?:off|disabled|missing)\\b",
        ),
        ...readsIfSure(
          "r3_copy_apart",
          [
            "\\b(?:backup|other|another|separate|second|different|archive) account\\b|\\bcross.?(?:account|region)\\b|\\b(?:another|second|other) region\\b|\\breplicated to (?:eu|us|ap|ca|sa|me|af)-|\\bobject lock\\b|\\bvault lock\\b",
          ],
          "\\b(?:no|without(?: a)?|not) (?:cross|another|second|other|copy|replicat)",
        ),
        ...reads(
          "r3_gaps",
          [
            "\\b(?:no|without|not|isn't|aren't) (?:any )?(?:backups?|backed up|versions?|versioning|versioned|pitr|point.in.time|replicated|snapshots?)\\b|\\b(?:versioning|backups?|pitr) (?:is |are )?(?:off|disabled|missing|not (?:on|enabled))\\b",
            "\\bonly (?:one )?copy\\b|\\b(?:local|instance|server'?s?) disks?\\b|\\bon the instances?'?s? (?:disk|store)\\b|\\bnot resilient\\b|\\binstance store\\b",
          ],
          "\\bnothing (?:is )?(?:else )?on (?:the |local )?(?:instances?|disks?)\\b|\\bno (?:local|instance) disks?\\b",
        ),
        ...readsAsNone("r3_no", [
          "\\bs3,? so\\b|\\b(?:it's|its|it is|all|everything is) replicated\\.?$|\\brds does backups\\b|\\bin the cloud\\b",
        ]),
      ],
      evidence: [
        shows("backups", ["r3_gaps", "r3_copy_apart"], ["r3_protected"]),
        shows("multi-az", ["r3_gaps"], ["r3_protected"]),
      ],
      plain: { enough: [], withEvidence: false, yes: [], no: ["r3_gaps"] },
      followUp: "Which stores does the event use, what undoes a wrong write in each, and what exists only once?",
      practices: practices("REL09-BP01", "REL09-BP03", "REL10-BP01"),
      links: [],
      whoKnows: "whoever runs the databases and the content system",
      dueDaysBefore: 35,
    },
    {
      id: "R4",
      text: "What is the impact of any lost content/data/systems?",
      short: "impact of a loss",
      why: "This is the answer that all the others are measured by, and no tool can give it. An hour of orders lost on an ordinary Tuesday is an apology; in the event's first hour it may be a tenth of the year. It sets how much data you may lose (RPO) and how long you may be away (RTO), what is worth rescuing first, and what may be switched off so that the rest survives. Ask what can't be made good at all: a payment taken without an order, a seat sold twice, a bid that wasn't counted. If business and engineering give different figures, you have found your real risk.",
      good: [
        point("cost", "What losing each system means: money, customers, law, reputation, per minute or hour", [
          "[$€£¥]|\\b(?:eur|usd|gbp|euros?|dollars?|pounds?|revenue|sales|turnover|orders? (?:lost|a|per)|customers?|refunds?|fines?|legal\\w{0,2}|contract\\w{0,4}|sla|penalt\\w{1,3}|reputation|press|trust|regulat\\w{1,5}|gdpr|safety|viewers|lose|lost|losing)\\b",
        ]),
        point(
          "objectives",
          "How much data may be lost and how long each system may be away (RPO and RTO)",
          [
            "\\b(?:rto|rpo|recovery (?:time|point))\\b|\\b(?:\\d{1,3}|one|two|three|five|ten|fifteen|thirty|an|zero|no)[ -]?(?:s|sec\\w{0,4}|min\\w{0,4}|hours?|h|days?)\\b.{0,50}\\b(?:away|down|loss|lost|outage|tolerable|acceptable|data|without|back)\\b|\\b(?:at most|within|up to|no more than) (?:\\d|an|one|two|five|ten)",
          ],
          ["resilience-hub"],
        ),
        point("order", "What is rescued first, what can wait, and what can't be made good afterwards", [
          "\\b(?:first|priorit\\w{1,5}|critical|can wait|switch\\w{0,3} off|turn(?:ed)? off|optional|non-?critical|secondary|irreversib\\w{1,3}|can't be (?:recovered|made good|undone|replaced)|cannot be (?:recovered|made good|undone|replaced)|reconcil\\w{1,6}|re-?created?|rebuil[dt]|tier ?[123]|best effort|most important|nice to have|recommendations|essential)\\b",
        ]),
      ],
      example:
        "Checkout: about 40,000 EUR a minute in the first hour; RTO 10 minutes, RPO zero, a paid order without a record can't be made good. Catalogue: RTO 30 minutes, can be rebuilt. Search and recommendations can wait a day and are switched off first. Agreed with the head of sales on 21 Oct.",
      dangerous: [
        '"It would be bad." How bad decides what is built, tested and paid for. Ask for a figure.',
        '"RTO 4 hours, as for everything." The event may be over in four hours.',
        '"We have backups, so nothing is lost." Everything since the last backup is, and the hours it takes to restore.',
      ],
      choices: [
        choice(
          "r4_agreed",
          "Impact, RTO and RPO are agreed with the business for this event",
          "Put a figure on an hour's loss for each system, and agree RTO and RPO for the event with whoever owns the revenue.",
        ),
        choice(
          "r4_order",
          "It is decided what is rescued first and what may be switched off",
          "Sort the systems into: rescue first, can wait, switch off first; say who may decide it on the day.",
        ),
        choice(
          "r4_everyday",
          "Only everyday figures or estimates exist, not for the event",
          "Take the everyday RTO and RPO and ask whether they hold in the event's best hour.",
        ),
        noneOfThese("r4_no"),
      ],
      rules: [
        {
          when: "r4_agreed && !r4_everyday",
          risk: "NO_RISK",
          because: "What a loss costs is agreed, so recovery can be measured against it.",
        },
        {
          when: "r4_order || r4_everyday || r4_agreed",
          risk: "MEDIUM_RISK",
          because: "The impact is known in part; figures for the event aren't agreed.",
        },
        {
          when: "default",
          risk: "HIGH_RISK",
          because: "Without knowing what a loss costs, nobody can say whether recovery is fast enough.",
        },
      ],
      phrases: [
        ...readsIfSure(
          "r4_agreed",
          [
            "\\b(?:rto|rpo)\\b.{0,260}\\b(?:agreed|signed|confirmed|approved)\\b|\\b(?:agreed|signed|confirmed|approved)\\b.{0,120}\\b(?:rto|rpo)\\b",
          ],
          "\\b(?:as for everything|same as always|every ?day|usual|standard)\\b",
        ),
        ...reads(
          "r4_order",
          [
            "\\b(?:can wait|switch(?:ed)? off first|turn(?:ed)? off first|rescued? first|first priority|comes? (?:back )?first|restore \\w{1,15} first|tier ?1)\\b",
          ],
          "\\b(?:not|isn't|haven't) (?:yet )?(?:decided|agreed)\\b",
        ),
        ...reads(
          "r4_everyday",
          [
            "\\b(?:rto|rpo)\\b.{0,40}\\b(?:as for everything|usual|standard|every ?day|default|same as)\\b|\\b(?:roughly|estimate\\w{0,1}|guess|about|around|maybe)\\b.{0,40}(?:[$€£]|\\b(?:eur|usd|gbp|k|revenue|sales|an hour|per hour|a minute)\\b)",
            "\\b(?:we|they|it) (?:would|will|'d) lose\\b|\\blost (?:orders|sales|revenue|customers)\\b|\\bloss of (?:revenue|orders|sales|trust)\\b",
          ],
          "\\bagreed\\b",
        ),
        ...readsAsNone("r4_no", [
          "\\b(?:would|could|will) be (?:very |really |quite )?(?:bad|serious|terrible|painful|a disaster|huge)\\b|\\bnothing (?:is|gets|would be|can be) lost\\b|\\bno impact\\b|\\bbad\\b",
        ]),
      ],
      evidence: [shows("resilience-hub", ["r4_everyday"])],
      plain: { enough: [], withEvidence: false, yes: [], no: ["r4_no"] },
      followUp:
        "What does an hour without each system cost in this event, how much data may be lost, and what is rescued first?",
      practices: practices("REL13-BP01", "OPS01-BP06"),
      links: [WELL_ARCHITECTED],
      whoKnows: "whoever owns the revenue of the event, with the product owner",
      dueDaysBefore: 35,
    },
    {
      id: "R5",
      text: "What service restoration plans are in place?",
      short: "restoration plans",
      why: "A plan that nobody ran is a wish with headings. The usual surprises: the restore takes six hours, because nobody had tried it with this year's data; the restored database has another name and no application knows it; the runbook sits in a wiki behind the login that is down; the parameter group, the secret or the key isn't in the backup; the one who wrote it has left. A new volume from a snapshot is slow at first touch, and a database behind it as well. Time one restore and you have an RTO. Anything else is a guess.",
      good: [
        point("plan", "Which plan for which failure: lost data, lost zone, bad release, lost supplier", [
          "\\b(?:runbooks?|playbooks?|plans?|procedure|dr|disaster|restor\\w{1,5}|roll.?back|rolled back|redeploy\\w{0,3}|backups?|snapshots?|pilot light|warm standby|active.active|fail.?over|rebuild|terraform|cloudformation|cdk|point.in.time|pitr)\\b",
        ]),
        point(
          "tested",
          "When it was last run from start to end, and how long it took against the RTO",
          [
            "\\b(?:tested|rehearsed|drill\\w{0,3}|game ?day|exercise[sd]?|practi[cs]ed|tried|ran|restored|timed|took|rto|fire drill|last run|(?:never|not|un)-?(?: been )?tested)\\b",
          ],
          ["resilience-hub"],
        ),
        point("who", "Who starts it, who may decide to, and where it can be read when the login is down", [
          "\\b(?:on-?call|incident|lead|commander|manager|duty|decides?|decision|who|team|sre|owner|ops|printed|offline|pdf|outside|copy of|anyone|two people|escalat\\w{1,5}|i (?:start|run|decide))\\b",
        ]),
      ],
      example:
        "Runbooks for lost database, lost AZ, bad release and payment outage. Database restore run from start to end on 2 Oct: 38 minutes against an RTO of 60, secrets and parameter groups included. The incident lead decides, the on-call starts it; PDF copies are in Teams and on two laptops.",
      dangerous: [
        '"We have backups." A backup is half of a restore. The other half has a duration, and surprises.',
        "\"It's all Terraform.\" Then try an empty account. Data, secrets, DNS and quotas aren't in it.",
        '"Documented in the wiki." Which needs the login, the network and the person who understands it.',
      ],
      choices: [
        choice(
          "r5_tested",
          "Restore was run end to end in the last 6 months, within the RTO",
          "Restore into an empty place with this year's data, point an application at it, and write down the time it took.",
        ),
        choice(
          "r5_written",
          "Plans are written and reachable, but not tested lately",
          "Set a date for a game day two weeks before the event, and run the two likeliest plans there.",
        ),
        choice(
          "r5_too_slow",
          "The plan takes longer than the event can bear",
          "Shorten it (standby, smaller restores, roll forward) or agree with the business what happens meanwhile.",
        ),
        noneOfThese("r5_no"),
      ],
      rules: [
        {
          when: "r5_tested && !r5_too_slow",
          risk: "NO_RISK",
          because: "The way back was walked lately, and is fast enough.",
        },
        {
          when: "r5_written && !r5_too_slow",
          risk: "MEDIUM_RISK",
          because: "A plan exists, but nobody knows whether it works.",
        },
        { when: "default", risk: "HIGH_RISK", because: "There is no way back that was shown to be fast enough." },
      ],
      phrases: [
        ...readsIfSure(
          "r5_tested",
          [
            `\\b(?:tested|rehearsed|ran|run|restored|drilled|exercised|game ?day)\\b.{0,60}${RECENTLY}`,
            "\\b(?:restor\\w{1,4}|drill|failover|recovery)\\b.{0,40}\\b(?:took|in) \\d{1,3} ?(?:min|minutes|s\\b|seconds)",
          ],
          `${LONG_AGO}|\\b(?:untested|too (?:slow|long)|longer than)\\b`,
        ),
        ...reads(
          "r5_written",
          [
            "\\b(?:runbooks?|playbooks?|dr plan|plans?|procedures?)\\b.{0,50}\\b(?:written|documented|exists?|in place|in the wiki|in confluence|ready|for)\\b|\\b(?:have|there(?:'s| is| are)|wrote) (?:an? |the )?(?:dr |restore |recovery |written )?(?:runbooks?|playbooks?|plans?|procedures?)\\b|\\bdocumented\\b",
          ],
          "\\b(?:no|without(?: any| a)?|don't have(?: any| a)?) (?:dr |restore |recovery |written )?(?:runbooks?|playbooks?|plans?|procedures?)\\b|\\b(?:not|isn't|aren't|un) ?(?:written|documented)\\b",
        ),
        ...reads(
          "r5_too_slow",
          [
            "\\b(?:takes?|took|needs?|about|around)\\b.{0,20}\\b(?:\\d{1,2}|several|four|five|six|eight|many) hours\\b|\\b(?:longer|slower|more) than (?:the |our )?(?:rto|allowed|event)\\b|\\btoo (?:slow|long)\\b|\\bmisse[sd] the rto\\b",
          ],
          "\\b(?:rto (?:is |of )?\\d{1,2} hours|no longer|not too (?:slow|long))\\b",
        ),
        ...readsAsNone("r5_no", [
          "\\b(?:no|without(?: any| a)?|don't have(?: any| a)?|do not have(?: any| a)?) (?:dr |restore |recovery |written |formal |real )?(?:runbooks?|playbooks?|plans?|procedures?)\\b|\\bnothing written\\b|\\bwe(?:'d| would) (?:improvise|figure it out|restore from)\\b",
          "\\b(?:just|only) (?:have )?backups\\b|\\bwe have backups\\b|\\ball (?:in )?terraform\\b",
        ]),
      ],
      evidence: [shows("resilience-hub", ["r5_too_slow"], ["r5_tested"]), shows("backups", [], ["r5_tested"])],
      plain: { enough: [], withEvidence: false, yes: ["r5_written"], no: ["r5_no"] },
      followUp: "Which plan did you last run from start to end, how long did it take, and who decides to start it?",
      practices: practices("REL13-BP02", "REL13-BP03", "REL09-BP04", "OPS07-BP03"),
      links: [WELL_ARCHITECTED],
      whoKnows: "whoever would do the restore at night",
      dueDaysBefore: 14,
    },
    {
      id: "R6",
      text: "In the case of outage or performance degradation is failover an automatic or manual process?",
      short: "failover",
      why: 'Automatic failover is quick when the machine is dead and no help when it is merely slow: health checks that ask "are you up?" keep a limping database in service for an hour. Manual failover is only as quick as the first person with the rights, the runbook and the courage. Either way somebody must have seen it happen: clients that cache the old DNS answer or hold dead connections are found out only then. And when half the fleet moves, the other half must already be large enough; starting instances in a zone that everybody is fleeing to may not work.',
      good: [
        point(
          "per_tier",
          "For each tier: automatic or by hand, and what sets it off",
          [
            "\\b(?:automatic\\w{0,4}|auto|manual\\w{0,2}|by hand|health ?checks?|route ?53|multi-?az|aurora|rds|asg|auto.?scaling|load balancer|[an]lb|dns|arc|zonal shift|elasticache|sentinel|script|button|runbook)\\b",
          ],
          ["failover"],
        ),
        point("duration", "How long it takes until users are served again, seen in a test", [
          "\\b(?:\\d{1,3}|one|two|three|five|ten|thirty|an?|few) ?(?:s|sec\\w{0,4}|min\\w{0,4}|hours?)\\b|\\b(?:tested|drill\\w{0,3}|game ?day|rehearsed|forced|chaos|fis|exercised|(?:un|never |not )tested)\\b",
        ]),
        point("slow_not_dead", "What happens when it is slow and not dead, and who decides then", [
          "\\b(?:slow\\w{0,4}|degrad\\w{1,6}|latency|limping|grey|gray|brown.?out|partial\\w{0,2}|timeouts?|decides?|decision|commander|incident lead|on-?call|duty|shed\\w{0,4}|p9\\d|lead)\\b",
        ]),
      ],
      example:
        "Automatic: Aurora fails over in about 40 s (forced on 4 Nov at test load, pools reconnect), the groups replace instances on load balancer checks, which call the database. Slow but not dead: p99 above 2 s for 5 minutes pages the on-call; the incident lead decides on a zonal shift, 3 minutes by runbook.",
      dangerous: [
        '"Automatic, it\'s Multi-AZ." For a dead primary. A slow one stays primary, and your pool may keep the dead connections.',
        '"Manual, we\'d notice." Who, at 02:00, with which rights, and how long do they hesitate?',
        '"The other Region takes over." Cold, with default quotas and last month\'s release?',
      ],
      choices: [
        choice(
          "r6_automatic_tested",
          "Failover is automatic for every tier and was seen to work this half-year",
          "Force a failover under load: stop a primary, drop a zone, and watch how long users notice it.",
        ),
        choice(
          "r6_manual_rehearsed",
          "It is manual in part; who, how and how fast were rehearsed",
          "Rehearse the manual step with those on call for the event, with a clock, at a time like that of the event.",
        ),
        choice(
          "r6_untested",
          "It should happen, but wasn't tested, or slow parts aren't covered",
          "Test it on a game day two weeks before, and decide now who moves traffic when something is slow but not dead.",
        ),
        noneOfThese("r6_no"),
      ],
      rules: [
        {
          when: "r6_automatic_tested && !r6_untested",
          risk: "NO_RISK",
          because: "Failover works by itself and was seen to.",
        },
        {
          when: "(r6_manual_rehearsed || r6_automatic_tested) && !r6_untested",
          risk: "MEDIUM_RISK",
          because: "Someone must act, and has practised it.",
        },
        {
          when: "default",
          risk: "HIGH_RISK",
          because: "Nobody has seen a failover work, so the outage would be the first try.",
        },
      ],
      phrases: [
        ...readsIfSure(
          "r6_automatic_tested",
          [
            "\\bauto(?:matic\\w{0,4})?\\b.{0,90}\\b(?:tested|forced|drilled|game ?day|exercised|rehearsed|seen)\\b|\\b(?:tested|forced|drilled|rehearsed)\\b.{0,60}\\bauto(?:matic\\w{0,4})?\\b",
          ],
          `${LONG_AGO}|\\b(?:untested|manual\\w{0,2}|by hand)\\b`,
        ),
        ...readsIfSure(
          "r6_manual_rehearsed",
          [
            "\\b(?:manual\\w{0,2}|by hand|runbook)\\b.{0,90}\\b(?:rehearsed|tested|drilled|practi[cs]ed|game ?day|exercised)\\b|\\b(?:rehearsed|tested|drilled|practi[cs]ed)\\b.{0,90}\\b(?:manual\\w{0,2}|by hand)\\b",
          ],
          `${LONG_AGO}|\\buntested\\b`,
        ),
        ...reads("r6_untested", [
          "\\b(?:not|never|un|isn't|wasn't|hasn't been|haven't|no) ?(?:yet |been |ever )?(?:tested|rehearsed|tried|drilled)\\b",
          "\\b(?:should|would|supposed to) (?:fail ?over|take over|switch|happen|work)\\b|\\bwe'd notice\\b|\\bother region takes over\\b",
        ]),
        ...reads(
          "r6_untested",
          ["\\b(?:automatic\\w{0,4}|manual\\w{0,2}|by hand|multi-?az)\\b"],
          "\\b(?:tested|rehearsed|forced|drill\\w{0,3}|game ?day|exercised|practi[cs]ed|seen)\\b",
        ),
        ...readsAsNone("r6_no", [
          "\\b(?:no|without|there is no|there's no|don't have(?: any| a)?|do not have(?: any| a)?) fail-?over\\b|\\bneither\\b",
        ]),
      ],
      evidence: [
        shows("failover", ["r6_untested"], ["r6_automatic_tested"]),
        shows("multi-az", [], ["r6_automatic_tested"]),
      ],
      plain: { enough: [], withEvidence: false, yes: [], no: ["r6_no"] },
      followUp:
        "Which tiers fail over by themselves, how long did it take when you last forced it, and who decides when something is only slow?",
      practices: practices("REL11-BP02", "REL11-BP03", "REL13-BP05", "REL11-BP06", "REL12-BP05"),
      links: [WELL_ARCHITECTED],
      whoKnows: "whoever is on call for the databases and the platform",
      dueDaysBefore: 14,
    },
  ],
};

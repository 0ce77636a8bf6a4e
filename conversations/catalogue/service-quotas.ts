import type { Module } from "../../src/domain/catalogue.ts";
import { practices } from "./practices.ts";
import { choice, noneOfThese, point, reads, readsAsNone, readsIfMeant, readsIfSure, shows } from "./write.ts";

/** An increase is under way. */
const FILED =
  "\\b(?:filed|requested|raised|submitted|asked (?:aws )?for|opened|pending|in progress)\\b.{0,60}(?:\\b(?:increase|quota|limit|case|ticket|request|raise)\\b|\\d)|\\b(?:case|request|ticket|increase) (?:is |was |has been )?(?:open|opened|filed|pending|in progress|submitted)\\b|\\b(?:increase|quota request) (?:is |was )?(?:under way|underway)\\b";
const NOT_FILED =
  "\\b(?:not|never|n't|no|nothing|haven't|will|to be|still to|before we) (?:yet |been |be |have )?(?:filed|requested|raised|submitted|asked|opened|case|request|ticket|increase)\\b";

export const serviceQuotas: Module = {
  id: "service-quotas",
  title: "Service Quotas",
  intro: "How far AWS lets you grow, and what must be asked for while there is still time.",
  pillar: "reliability",
  questions: [
    {
      id: "Q1",
      text: "Which AWS services will be used that may need increased quotas for this event?",
      short: "services that need more quota",
      why: "A quota met is an outage that no dashboard shows: calls are refused, groups stop growing, functions are throttled. They are per account and Region, so a neighbour's test can eat yours. Increases are not handled with priority; large ones take days and a conversation. And the ones that bite are rarely those that people name: Lambda's concurrency is shared by every function, including the nightly one; API Gateway's rate is per account; a load balancer has a limit of targets; the load test itself needs Fargate vCPUs. Some limits can't be raised at all and must be designed around.",
      good: [
        point(
          "services",
          "The services that scale with the crowd, in which account and Region",
          [
            "\\b(?:ec2|lambda|fargate|ecs|eks|rds|aurora|dynamo\\w{0,2}|s3|sqs|sns|ses|ebs|api gateway|cloudfront|[an]lb|elb|load balancers?|elasticache|redis|kinesis|nat|eip|elastic ips?|vpc|cognito|step functions|eventbridge|waf|kms|bedrock|opensearch|secrets manager|auto.?scaling)\\b",
          ],
          ["service-quotas"],
        ),
        point(
          "figures",
          "Use at the expected peak against the applied quota, with room for losing a zone",
          [
            "\\d[\\d,.]{0,12} ?k? (?:of|against|out of|vs\\.?|versus|from|to) (?:about |a quota of )?\\d|\\b\\d{1,3} ?%|\\b(?:at|for) (?:\\d(?:\\.\\d)? ?x|peak)\\b|\\bquota (?:is |of )?\\d|\\blimit (?:is |of )?\\d",
          ],
          ["service-quotas"],
        ),
        point(
          "requests",
          "Which increases are filed, when, and what is done with limits that can't be raised",
          [
            FILED,
            "\\b(?:granted|approved|no increase|none needed|fixed|can't be raised|cannot be raised|not adjustable|automatic management|enough|nothing to file|fits?)\\b",
          ],
          ["quota-requests"],
        ),
      ],
      example:
        "prod, eu-west-1, at 3x: EC2 Standard 2,496 vCPU against 1,152, filed for 3,000 on 20 Oct; Lambda 2,700 of 5,000 concurrent, raised in September; ALB targets 640 of 1,000; Fargate for the load test 400 of 500 vCPU. KMS calls stay at 40%. Automatic management notifies us at 80%.",
      dangerous: [
        '"The defaults were always enough." For the load there was. The event is there to change that.',
        '"We\'ll ask for an increase if we need one." Requests get no priority on the day; some take a week.',
        '"We checked in staging." Another account, other quotas.',
      ],
      choices: [
        choice(
          "q1_room_at_peak",
          "Every service that scales has room at the expected peak",
          "List what scales with the crowd and compare use at peak, plus a lost zone, with the applied quota in that account and Region.",
        ),
        choice(
          "q1_filed",
          "What falls short is filed and due before the event",
          "File increases four weeks before, with the reason and the date of the event, and follow each until it is granted.",
        ),
        choice(
          "q1_short",
          "A service falls short at peak and nothing is filed yet",
          "File the increase today, or lower the need: another Region or account, smaller bursts, a queue.",
        ),
        noneOfThese("q1_no"),
      ],
      rules: [
        {
          when: "q1_room_at_peak && !q1_short && !q1_filed",
          risk: "NO_RISK",
          because: "Every quota that the event touches has room at peak.",
        },
        {
          when: "(q1_filed || q1_room_at_peak) && !q1_short",
          risk: "MEDIUM_RISK",
          because: "Something falls short; the increase is filed, not granted.",
        },
        {
          when: "default",
          risk: "HIGH_RISK",
          because: "A quota may be met during the event, where an increase comes too late.",
        },
      ],
      phrases: [
        ...readsIfSure(
          "q1_room_at_peak",
          [
            "\\b(?:all|every|everything|each)\\b.{0,50}\\b(?:below|under|fits?|within|room)\\b.{0,40}\\b(?:peak|\\d(?:\\.\\d)? ?x|quotas?|\\d ?%)|\\b(?:granted|approved)\\b.{0,60}\\b(?:peak|room|enough|\\d)",
          ],
          "\\b(?:except|but|short|above|exceeds?|staging|default)\\b",
        ),
        ...reads("q1_filed", [FILED], NOT_FILED),
        ...reads(
          "q1_short",
          [
            "\\b(?:short(?:fall)?|exceeds?|not enough|above the (?:quota|limit)|over the (?:quota|limit)|too (?:low|small)|need(?:s)? (?:an? )?(?:increase|more))\\b",
          ],
          `${FILED}|\\b(?:no|never|not) (?:short|need|exceed)`,
        ),
        ...readsAsNone("q1_no", [
          "\\bdefaults?\\b.{0,30}\\b(?:enough|fine|ok|sufficient)\\b|\\b(?:ask|request|file)\\b.{0,25}\\b(?:if|when) (?:we )?need\\w{0,3}\\b|\\bchecked in staging\\b",
        ]),
      ],
      evidence: [
        shows("service-quotas", ["q1_room_at_peak", "q1_short"], ["q1_room_at_peak"]),
        shows("quota-requests", ["q1_filed"]),
      ],
      plain: { enough: [], withEvidence: true, yes: [], no: ["q1_no"] },
      followUp:
        "Which services grow with the crowd, how much of each will the peak use, and which increases are filed?",
      practices: practices("REL01-BP01", "REL01-BP02", "REL01-BP04", "REL01-BP05", "REL01-BP06"),
      links: [],
      whoKnows: "the platform team, with the lead of each service",
      dueDaysBefore: 28,
    },
    {
      id: "Q2",
      text: "Are there any autoscaling groups that have a scaling policy that will start more instances than the quotas for the region?",
      short: "Auto Scaling against quotas",
      why: "A group that meets a quota stops growing without a word: the policy fires, nothing starts, and the increase you file that morning takes days. Quotas count vCPUs per family, not instances, and everything in the account and Region shares them. During a deployment both the old and the new fleet count, and when a zone is lost the group starts its replacements before anything is given back. Weighted groups can pass their own maximum; unused Capacity Reservations count as well.",
      good: [
        point(
          "groups",
          "Which groups scale for the event, with maximum and instance types",
          [
            "\\bmax(?:imum)?\\b|\\bgroups?\\b|\\basgs?\\b|\\b[a-z]{1,4}\\d{1,2}[a-z-]{0,6}\\.\\w{4,12}\\b|\\b\\d{1,4} instances\\b",
          ],
          ["auto-scaling-capacity"],
        ),
        point(
          "sum",
          "The vCPU sum per family at maximum and at peak, against the applied quota",
          ["\\bvcpus?\\b|\\bcores?\\b|\\b(?:applied )?quota (?:is |of |at )?\\d|\\b\\d[\\d,.]{0,8} (?:of|against) \\d"],
          ["auto-scaling-capacity"],
        ),
        point(
          "neighbours",
          "What else runs in that account and Region",
          [
            "\\b(?:nothing|anything|what|everything|something|who) else\\b|\\b(?:other|shared|own|dedicated|same|separate|only) (?:\\w{1,12} )?(?:accounts?|teams?|workloads?|groups?|services?|instances)\\b|\\bshares?\\b|\\balone\\b|\\bonly (?:us|we|this)\\b|\\bneighbou?rs?\\b",
          ],
          ["auto-scaling-capacity"],
        ),
        point(
          "shortfall",
          "What is done about a shortfall, by when",
          [
            FILED,
            "\\b(?:no shortfall|no increase|fits?|enough|room|head-?room|granted|approved|other (?:family|region)|smaller|reserv\\w{1,6})\\b",
          ],
          ["quota-requests"],
        ),
      ],
      example:
        "web (max 300 m7g.2xlarge = 2,400 vCPU) and api (max 40 c7g.xlarge = 160). Applied quota 1,152, so we filed for 3,000 on 20 Oct, case open. Nothing else runs in prod-eu.",
      dangerous: [
        '"We\'ve never hit it." You have never run this event.',
        '"Max is 300, quota is 1,152, so fine." That compares instances with vCPUs: 300 m7g.2xlarge are 2,400.',
        '"AWS raises it automatically." Sometimes, slowly, after steady growth. Not in the ten minutes of a step.',
      ],
      choices: [
        choice(
          "q2_room_at_peak",
          "Every group fits its quota at maximum × peak",
          "Sum the vCPUs of all groups per family at maximum times the peak, add what else runs there, and raise the quota above it.",
        ),
        choice(
          "q2_room_at_max",
          "At maximum they fit, at peak × factor not",
          "Decide whether the maximum is what the event needs; if not, raise it together with the quota.",
        ),
        choice(
          "q2_filed",
          "A shortfall exists; an increase is filed and due in time",
          "Follow the case weekly, name the date of the event in it, and keep another family or Region ready.",
        ),
        choice(
          "q2_short",
          "At least one group can ask for more than the quota",
          "File the increase now, four weeks before at the latest, or spread the group over families with their own quotas.",
        ),
        noneOfThese("q2_no"),
      ],
      rules: [
        {
          when: "q2_room_at_peak && !q2_short && !q2_room_at_max",
          risk: "NO_RISK",
          because: "Every group can grow to its maximum times the peak within its quota.",
        },
        {
          when: "(q2_room_at_max || q2_filed) && !q2_no",
          risk: "MEDIUM_RISK",
          because: "There is room up to the maximum, or an increase is filed but not granted.",
        },
        {
          when: "default",
          risk: "HIGH_RISK",
          because: "A group can stop growing at the quota, at the moment it is needed.",
        },
      ],
      phrases: [
        ...readsIfSure(
          "q2_room_at_peak",
          [
            "\\b(?:vcpus?|cores)\\b.{0,80}\\bat (?:peak|\\d(?:\\.\\d)? ?x|max(?:imum)? (?:x|times) (?:the )?peak)\\b.{0,40}\\b(?:of|against|below|under|within)\\b",
            "\\b(?:fits?|room|below|within|under)\\b.{0,40}\\b(?:quota\\b.{0,20})?(?:even )?at (?:max(?:imum)? )?(?:x |times )?(?:the )?(?:peak|\\d(?:\\.\\d)? ?x)\\b",
          ],
          "\\b(?:short|exceeds?|except|only at max\\w{0,4}|without the peak|quota is \\d{1,3}\\b|filed|requested)\\b",
        ),
        ...reads(
          "q2_room_at_max",
          [
            "\\b(?:fits?|room|below|within|under|enough)\\b.{0,40}\\bat max(?:imum)?\\b(?! (?:x|times))|\\bat max(?:imum)?\\b.{0,30}\\b(?:fits?|they fit|room|below|within|under)\\b",
          ],
          "\\b(?:don't|doesn't|do not|does not|won't|not) fit at max",
        ),
        ...reads("q2_filed", [FILED], NOT_FILED),
        ...reads(
          "q2_short",
          [
            "\\b(?:short (?:by|of)|shortfall|exceeds?|more than the quota|(?:above|over|beyond) (?:the |our )?(?:quota|limit)|(?:doesn't|don't|won't|does not|do not|not) fit|would (?:hit|meet|exceed)|will (?:hit|meet|exceed)|too (?:low|small))\\b",
          ],
          `\\b(?:no|never|not|without|doesn't|don't) (?:a )?(?:short|shortfall|exceed|above|over)\\b|${FILED}`,
        ),
        ...readsAsNone("q2_no", [
          "\\bnever hit\\b|\\bshould be fine\\b|\\bnot sure\\b|\\baws (?:raises|will raise|scales) \\w{1,4} ?auto|\\bso (?:it's |we're |that's )?fine\\b",
        ]),
      ],
      evidence: [
        shows(
          "auto-scaling-capacity",
          ["q2_room_at_peak", "q2_room_at_max", "q2_short"],
          ["q2_room_at_peak", "q2_room_at_max"],
        ),
        shows("quota-requests", ["q2_filed"]),
      ],
      plain: { enough: [], withEvidence: true, yes: ["q2_short"], no: ["q2_no"] },
      followUp: "Which groups scale for this event, and what are each one's maximum and instance types?",
      practices: practices("REL01-BP06", "REL07-BP01", "REL07-BP03", "PERF02-BP05"),
      links: [],
      whoKnows: "whoever owns the scaling policies",
      dueDaysBefore: 28,
    },
    {
      id: "Q3",
      text: "Will EBS storage needs throughout the event be greater than the maximum allowable volume capacity per region quotas?",
      short: "EBS storage",
      why: "EBS quotas count TiB per volume type and Region, over everything in the account: a scaled-out fleet brings its root volumes along, restores and clones count in full on the day you need them, and volumes that stayed behind after instances ended still count. There is no usage metric, so nobody warns you. The new instance doesn't start, and the message that says why is in the group's activity history, where few people look. 300 instances with 100 GiB each are 29 TiB.",
      good: [
        point(
          "use",
          "TiB in use per volume type, against the applied quota of the Region",
          ["\\d[\\d,.]{0,8} ?(?:gi?b|ti?b|terabytes?|gigabytes?)\\b|\\b\\d{1,3} ?%"],
          ["ebs-storage"],
        ),
        point(
          "growth",
          "What scaled-out instances, growth and a restore add at peak",
          [
            "\\b(?:each|per instance|root volumes?|restore[sd]?|clones?|snapshots?|grow\\w{0,3}|growth|adds?|at (?:peak|max\\w{0,4}|\\dx)|scale[- ]?out|logs?|temp\\w{0,6}|during the event|plus|data (?:grows|set))\\b",
          ],
          ["ebs-storage"],
        ),
        point(
          "shortfall",
          "What is done if it gets tight: an increase, orphaned volumes removed, other types",
          [
            FILED,
            "\\b(?:orphan\\w{0,2}|unused|unattached|clean\\w{0,3}|delete[sd]?|gp3|other type|no (?:increase|shortfall)|enough|room|fits?|head-?room|below|granted|approved|alarm|stateless|no ebs|serverless|fargate|far from)\\b",
          ],
          ["quota-requests"],
        ),
      ],
      example:
        "gp3: 18 of 50 TiB in eu-west-1. 300 web instances bring 100 GiB each, 29 TiB at maximum, and a restore of orders needs 2, so 49: too tight. We filed for 80 TiB on 22 Oct and deleted 4 TiB of unattached volumes. io2: 3 of 20, doesn't grow.",
      dangerous: [
        '"Disk is cheap." It is, and there is still a quota per type and Region.',
        '"We use 18 of 50." Today. What do 300 more root volumes make of it?',
        '"It\'s mostly S3." Instances still start from EBS volumes.',
      ],
      choices: [
        choice(
          "q3_room_at_peak",
          "Storage at peak, with a restore, stays below 80% of every type's quota",
          "Add up volumes now, root volumes of the scaled-out fleet and one restore per type; raise the quota above 125% of it.",
        ),
        choice(
          "q3_filed",
          "It gets tight; an increase is filed and due in time",
          "Follow the request to its end and keep the list of volumes that can be deleted.",
        ),
        choice(
          "q3_short",
          "A type may pass its quota at peak, and nothing is filed",
          "File the increase for that type, remove unattached volumes, or move to a type with room.",
        ),
        choice(
          "q3_none_used",
          "No EBS volumes grow with the event (serverless, or fixed fleet)",
          "Make sure that nothing on the event's path starts instances, batch jobs and build agents included.",
        ),
        noneOfThese("q3_no"),
      ],
      rules: [
        {
          when: "(q3_room_at_peak || q3_none_used) && !q3_short && !q3_filed",
          risk: "NO_RISK",
          because: "There is room for what the peak and a restore bring.",
        },
        {
          when: "q3_filed && !q3_short",
          risk: "MEDIUM_RISK",
          because: "The increase is filed, not granted.",
        },
        {
          when: "default",
          risk: "HIGH_RISK",
          because: "Instances may not start for want of volumes, without a warning before.",
        },
      ],
      phrases: [
        ...readsIfSure(
          "q3_room_at_peak",
          [
            "\\bat (?:peak|max\\w{0,4}|\\d(?:\\.\\d)? ?x)\\b.{0,60}\\b(?:of|below|under|within|against) (?:the )?(?:quota|limit|\\d)|\\b\\d[\\d,.]{0,6} of \\d[\\d,.]{0,6} ?tib at (?:peak|max\\w{0,4}|\\dx)",
            "\\b(?:below|under|less than|far from) (?:[1-7]?\\d ?%|half)\\b.{0,40}\\b(?:peak|max\\w{0,4}|event|restore)\\b",
          ],
          "\\b(?:tight|short|exceeds?|too (?:low|small)|filed|requested)\\b",
        ),
        ...reads("q3_filed", [FILED], NOT_FILED),
        ...reads(
          "q3_short",
          [
            "\\b(?:tight|short (?:by|of)|shortfall|exceeds?|greater than the|more than the quota|(?:above|over) (?:the )?(?:quota|limit)|not enough|run out)\\b",
          ],
          `\\b(?:no|not|never|won't|doesn't|don't) (?:be )?(?:tight|short|exceed|greater|run out|more than|above|over)\\b|${FILED}`,
        ),
        ...readsIfSure(
          "q3_none_used",
          [
            "\\b(?:no ebs|all serverless|only (?:lambda|fargate|serverless)|everything is (?:serverless|on fargate|on lambda)|fully serverless|fixed (?:fleet|number of instances))\\b",
          ],
          "\\b(?:mostly|but)\\b",
        ),
        ...readsAsNone("q3_no", ["\\b(?:disk|storage) is cheap\\b|\\bmostly s3\\b|\\bnever (?:came|come) close\\b"]),
      ],
      evidence: [
        shows("ebs-storage", ["q3_room_at_peak", "q3_short"], ["q3_room_at_peak", "q3_none_used"]),
        shows("quota-requests", ["q3_filed"]),
      ],
      plain: { enough: [], withEvidence: true, yes: ["q3_short"], no: ["q3_no"] },
      followUp:
        "How many TiB per volume type are in use, and what do scaled-out instances and one restore add at peak?",
      practices: practices("REL01-BP01", "REL01-BP06"),
      links: [],
      whoKnows: "whoever owns launch templates and volumes",
      dueDaysBefore: 28,
    },
    {
      id: "Q4",
      text: "Will emails be sent from EC2 instances and at what rate?",
      short: "mail from EC2",
      why: "EC2 blocks port 25 to the outside by default, so mail sent directly from instances doesn't fail loudly: it hangs, is retried, and the queue of order confirmations grows until people order twice. Removing the block takes a request per account and Region, with a reverse DNS record. Even then new addresses of a scaled-out fleet have no reputation, and the mailbox providers put the first thousand into spam. Instances that hand mail to SES or another provider over port 587 or its API have neither problem, but that provider's limits.",
      good: [
        point(
          "path",
          "Whether instances send mail themselves, or by which relay or provider and port",
          [
            "\\b(?:ses|sendgrid|mailgun|postmark|mailchimp|sparkpost|mandrill|relay|smtp|port \\d{2,3}|587|465|postfix|sendmail|exim|api|provider|directly|none|no mails?|no e-?mails?|don't send|do not send|not (?:sent|send)|gmail|office ?365|on-?prem\\w{0,6}|nothing|lambda|sns|pinpoint)\\b",
          ],
          ["email-port-25"],
        ),
        point("rate", "How many a second and in total at peak, and what waits when it is slower", [
          "\\d[\\d,.]{0,10} ?k? ?(?:a|per|/|an|mails?|e-?mails?|messages|recipients)\\b|\\b(?:none|zero|no mails?|no e-?mails?|don't send|do not send|not sent|nothing)\\b|\\b(?:queued?|sqs|backlog)\\b",
        ]),
      ],
      example:
        "No mail leaves instances directly; port 25 stays blocked. The order service hands confirmations to SES over its API from a queue: 40 a second at peak, 400,000 over the day. If SES throttles, the queue waits and nobody loses an order. Alarm when the oldest is 5 minutes.",
      dangerous: [
        '"Yes, postfix on the web servers." Port 25 is blocked by default; was the removal granted for this account and Region?',
        '"Only alerts." Those are the ones you need that day. Cron and monitoring mail take the same closed port.',
        '"A few." Per order, per retry, per newsletter sign-up? Multiply by the peak.',
      ],
      choices: [
        choice(
          "q4_none_from_ec2",
          "No mail leaves EC2 instances directly; a mail service takes it",
          "Send through SES or another provider over its API or port 587, from a queue that can wait.",
        ),
        choice(
          "q4_relay_sized",
          "The service's limit per second and day is above the event's rate",
          "Compare mails a second and a day at peak with the service's limits; ask for more four weeks before.",
        ),
        choice(
          "q4_port_open",
          "Instances send directly; port 25 is unblocked and the rate is known",
          "Keep reverse DNS, SPF and DKIM for every sending address, and plan the move to a mail service.",
        ),
        choice(
          "q4_direct_unknown",
          "Instances send directly, and port 25 or the rate is unclear",
          "Ask for the removal of the port 25 block today, or better, hand the mail to SES; then work out the rate at peak.",
        ),
        noneOfThese("q4_no"),
      ],
      rules: [
        {
          when: "(q4_none_from_ec2 || q4_relay_sized) && !q4_direct_unknown && !q4_port_open",
          risk: "NO_RISK",
          because: "Mail doesn't depend on instances, whose port 25 is blocked by default.",
        },
        {
          when: "q4_port_open && !q4_direct_unknown",
          risk: "MEDIUM_RISK",
          because: "Direct mail is allowed, but new instances send without reputation.",
        },
        {
          when: "default",
          risk: "HIGH_RISK",
          because: "Mail from instances may hang at the closed port 25 while orders pile up.",
        },
      ],
      phrases: [
        ...readsIfSure(
          "q4_none_from_ec2",
          [
            "\\b(?:via|through|over|using|uses?|by|to|with) (?:amazon |aws )?(?:ses|sendgrid|mailgun|postmark|sparkpost|mandrill|mailchimp|pinpoint|a mail (?:service|provider))\\b",
          ],
          "\\b(?:postfix|sendmail|exim|port 25 (?:is )?open|directly from|from the (?:web|app) servers?)\\b",
        ),
        ...readsIfMeant(
          "q4_none_from_ec2",
          [
            "\\b(?:no|not?|don't|do not|doesn't|never|nothing) (?:send |sends |sending )?(?:any )?(?:e-?mails?|mails?)\\b(?: \\w{1,8}){0,1} (?:is |are |will be )?(?:sent |leaves? |goes |from )?(?:directly |from )?(?:the |our |any )?(?:ec2|instances?|servers?)?|\\bwe don't send\\b",
          ],
          "\\b(?:not sure|don't know|postfix|sendmail|no (?:e-?mail|mail) (?:limit|rate|service|quota))\\b",
        ),
        ...readsIfSure(
          "q4_relay_sized",
          [
            "\\b(?:ses|sendgrid|mailgun|postmark|provider|limit|quota)\\b.{0,60}\\b\\d[\\d,.]{0,10}k? (?:of|against|below|with a limit of)\\b|\\b\\d[\\d,.]{0,10}k? ?(?:a|per) (?:second|day)\\b.{0,40}\\b(?:of|against|limit is|below)\\b",
          ],
          "\\b(?:above|exceeds?|unknown|postfix|sendmail)\\b",
        ),
        ...readsIfSure(
          "q4_port_open",
          [
            "\\bport 25\\b.{0,50}\\b(?:unblocked|open(?:ed)?|removed|lifted|granted|allowed)\\b|\\b(?:unblocked|removed the block|block (?:was |is )?(?:removed|lifted))\\b",
          ],
          "\\b(?:blocked|requested|waiting)\\b(?<!unblocked)",
        ),
        ...reads(
          "q4_direct_unknown",
          [
            "\\b(?:postfix|sendmail|exim)\\b|\\b(?:directly|straight) from (?:the |our )?(?:ec2|instances?|web|app|servers?)\\b|\\b(?:instances?|servers?) send\\b|\\b(?:alerts?|cron)\\b.{0,20}\\b(?:mails?|e-?mails?)\\b",
          ],
          "\\b(?:no|not|nothing|never|none) (?:\\w{1,8} )?(?:directly|postfix|sendmail|exim)\\b|\\bport 25\\b.{0,40}\\b(?:unblocked|opened|removed|lifted|granted)\\b|\\b(?:587|relay|smarthost)\\b",
        ),
        ...readsAsNone("q4_no", ["\\b(?:only|just) (?:alerts?|a few|some|internal)\\b|^a few\\b"]),
      ],
      evidence: [
        shows("email-port-25", ["q4_direct_unknown"], ["q4_none_from_ec2"]),
        shows("ses-sending", ["q4_relay_sized"]),
      ],
      plain: { enough: ["no", "none"], withEvidence: true, yes: ["q4_direct_unknown"], no: ["q4_none_from_ec2"] },
      followUp: "Do instances send mail themselves or through a service, on which port, and how many a second at peak?",
      practices: practices("REL01-BP03", "REL01-BP01"),
      links: [],
      whoKnows: "whoever wrote the order confirmation, or runs the mail relay",
      dueDaysBefore: 28,
    },
    {
      id: "Q5",
      text: "Has the application been sized for the correct amount of Provisioned IOPS and is there a chance this may need to be raised throughout the event?",
      short: "Provisioned IOPS",
      why: "Provisioned IOPS have three ceilings. The volume's: above it latency climbs and everything queues behind the database. The instance's: a volume with 40,000 IOPS on an instance that carries 20,000 gives 20,000. And the Region's: IOPS of all io1 and io2 volumes together have a quota, and so has raising them. Raising in the middle of the event is slower than it sounds: the change takes effect over minutes to hours, and the number of changes to one volume in a day is limited. Size for the peak with a third to spare, before, and put it back after.",
      good: [
        point(
          "sized",
          "IOPS provisioned per database or volume, against what peak and load test showed",
          [
            "\\d[\\d,.]{0,8}k? ?(?:iops|io\\b)|\\biops\\b.{0,30}\\d|\\b\\d{1,3} ?%|\\b(?:gp3|io1|io2|aurora|no provisioned|none provisioned)\\b",
          ],
          ["ebs-iops", "database-capacity"],
        ),
        point(
          "ceilings",
          "The ceilings: the instance's EBS limit and the Region's IOPS quota",
          [
            "\\b(?:instance (?:limit|type|class|carries|allows|ceiling|takes)|carries|ceiling|quota|region(?:al)?|per region|limit|max(?:imum)?|of \\d[\\d,.]{0,9}|[a-z]{1,2}\\d\\w{0,3}\\.\\d{0,2}x?large|serverless|no ebs|aurora)\\b",
          ],
          ["ebs-iops"],
        ),
        point(
          "raise",
          "Whether it may be raised during the event, who decides from which value, and how long it takes",
          [
            "\\b(?:rais\\w{1,3}|increas\\w{1,3}|modif\\w{1,8}|won't (?:be|change)|will not (?:be|change)|not (?:be )?(?:needed|raised|necessary)|beforehand|before the event|alarm|above|on-?call|lowered|put back|no need|autoscal\\w{1,4}|upgrade)\\b",
          ],
        ),
      ],
      example:
        "orders-db: io2 with 40,000 IOPS since 1 Nov, load test at 4x used 27,000 (68%). r6i.16xlarge carries 80,000. Region: 52,000 of 100,000 io2 IOPS. We won't raise it in the event; if the alarm at 85% rings, the on-call turns off the reports. Back to 15,000 on 2 Dec.",
      dangerous: [
        '"We can raise it any time." A change takes up to hours, and a volume can be changed only so often a day.',
        '"64,000, the maximum." On an instance that carries 20,000?',
        '"gp3, so it doesn\'t matter." 3,000 IOPS are included. Did anybody provision more, and is it enough?',
      ],
      choices: [
        choice(
          "q5_sized_tested",
          "Sized from a test at the expected peak, with room in volume and instance",
          "Take the IOPS used in the load test at peak, add a third, and check that the instance type carries it.",
        ),
        choice(
          "q5_raise_ready",
          "It may be raised: quota has room, and who does it from when is decided",
          "Check the Region's IOPS and modification quotas, and write down the value at which someone raises, and who.",
        ),
        choice(
          "q5_unsure",
          "Sized by feel or by everyday load, or the quota for raising isn't known",
          "Look at the busiest hour's IOPS and latency, multiply by the peak, compare with volume, instance and Region.",
        ),
        choice(
          "q5_not_used",
          "Nothing on the event's path depends on provisioned IOPS",
          "Check gp3 volumes and databases too: 3,000 IOPS are included, and more must be provisioned.",
        ),
        noneOfThese("q5_no"),
      ],
      rules: [
        {
          when: "(q5_sized_tested || q5_not_used) && !q5_unsure",
          risk: "NO_RISK",
          because: "IOPS were sized from a test at peak, or don't matter here.",
        },
        {
          when: "q5_raise_ready || q5_sized_tested",
          risk: "MEDIUM_RISK",
          because: "It can be raised in time, but the right size isn't shown by a test.",
        },
        {
          when: "default",
          risk: "HIGH_RISK",
          because: "The database may slow down at a ceiling that can't be lifted in minutes.",
        },
      ],
      phrases: [
        ...readsIfSure(
          "q5_sized_tested",
          [
            "\\b(?:load-? ?test\\w{0,3}|tested|test)\\b.{0,70}(?:\\b\\d[\\d,.]{0,7}k? ?iops\\b|\\b\\d{1,2} ?%|\\bused \\d)|\\biops\\b.{0,70}\\b(?:load-? ?test\\w{0,3}|tested)\\b.{0,40}\\d",
          ],
          "\\b(?:instance carries less|too (?:low|small)|not enough|without test)\\b",
        ),
        ...reads(
          "q5_raise_ready",
          [
            "\\b(?:can|may|might|will|would|to) (?:be )?(?:raised?|increased?|raise it)\\b.{0,80}\\b(?:quota|room|on-?call|alarm|runbook|above \\d)\\b|\\bquota\\b.{0,40}\\b(?:room|of \\d)\\b.{0,60}\\brais\\w{1,3}\\b",
          ],
          "\\b(?:don't|do not|not|won't|any ?time)\\b",
        ),
        ...reads(
          "q5_unsure",
          [
            "\\b(?:any ?time|by feel|rule of thumb|guess\\w{0,2}|default|as (?:always|usual)|every ?day load|same as last year|the maximum)\\b|\\b(?:not|never|wasn't|isn't) (?:been )?(?:tested|sized|measured)\\b|\\bso it doesn't matter\\b|\\b(?:might|may) need (?:to be raised|more|raising)\\b",
          ],
          "\\b(?:load-? ?test(?:ed)?) (?:showed|used)\\b",
        ),
        ...readsIfSure(
          "q5_not_used",
          [
            "\\b(?:no|none|without) (?:provisioned iops|piops|ebs|io1|io2)\\b|\\b(?:only|all|everything(?: is| on)?) (?:aurora|dynamo\\w{0,2}|serverless|s3)\\b|\\bnot (?:using|used|use) provisioned\\b|\\bno volumes?\\b",
          ],
          "\\bgp3, so\\b",
        ),
        ...readsIfMeant(
          "q5_not_used",
          ["\\bwe don't use (?:provisioned iops|piops|io1|io2)\\b"],
          "\\b(?:gp3|not sure)\\b",
        ),
        ...readsAsNone("q5_no"),
      ],
      evidence: [
        shows("ebs-iops", ["q5_raise_ready", "q5_not_used"], ["q5_raise_ready"]),
        shows("database-capacity", ["q5_unsure"], ["q5_sized_tested"]),
        shows("load-test", ["q5_sized_tested"]),
      ],
      plain: { enough: [], withEvidence: true, yes: ["q5_unsure"], no: ["q5_no"] },
      followUp:
        "How many IOPS are provisioned, how many did the peak need in a test, and what do instance and Region allow above that?",
      practices: practices("PERF03-BP01", "REL01-BP01", "REL01-BP06"),
      links: [],
      whoKnows: "whoever runs the databases",
      dueDaysBefore: 28,
    },
    {
      id: "Q6",
      text: "Will Spot instances be used and if so could this Service Quotas be triggered?",
      short: "Spot instances",
      why: "Spot has quotas of its own, per family, and requests that are still open count as well as running instances. But the quota is the smaller worry. On a day when many events run at once, Spot is what AWS takes back, with two minutes' notice and many at a time, and your fallback to On-Demand then meets the On-Demand quota and perhaps an empty pool. So the question behind it: if all Spot instances went within the same five minutes, what would users notice, and has the On-Demand quota room for all of them?",
      good: [
        point(
          "where",
          "Where Spot is used, for which families, and how many vCPUs against the Spot quota",
          [
            "\\b(?:no spot|not (?:use|using)|don't use|do not use|won't (?:use|be)|never|none|no|spot (?:quota|for|in|on|fleet|is|percentage)|only (?:batch|ci|build|dev|for|on.demand)|\\d{1,3} ?%|vcpus?|family|families|batch|workers?|karpenter|mixed|capacity.optimi[sz]ed)\\b",
          ],
          ["spot-capacity"],
        ),
        point("fallback", "What happens when Spot is taken back: On-Demand base, room in that quota, what may pause", [
          "\\b(?:on-? ?demand|fall.?back|base|reserv\\w{1,8}|savings plan|interrupt\\w{1,6}|taken back|reclaim\\w{0,3}|drain\\w{0,3}|rebalanc\\w{1,4}|pause[sd]?|can wait|no spot|not (?:use|using)|don't use|do not use|won't (?:use|be)|restart\\w{0,3}|retried|queue)\\b",
        ]),
      ],
      example:
        "Only for image processing: 64 of 640 vCPU Spot Standard, over six instance types, capacity-optimized. If Spot is taken back the queue waits; nobody sees it for two hours. Web and api run On-Demand only; its quota has room for the 64 as well.",
      dangerous: [
        '"Yes, it saves 70%." And on the day it is taken back, what does it save?',
        '"Auto Scaling falls back to On-Demand." Not by itself within a group\'s Spot share, and only as far as that quota goes.',
        "\"We've hardly ever been interrupted.\" On ordinary days. This one isn't.",
      ],
      choices: [
        choice(
          "q6_not_used",
          "No Spot on the event's path",
          "Move the event's path to On-Demand for these days; a Capacity Reservation if the family is scarce.",
        ),
        choice(
          "q6_safe_to_lose",
          "Spot is used; all of it can go at once and users don't notice",
          "Give Spot only to work that can wait or restart, and try it: end all Spot instances within five minutes.",
        ),
        choice(
          "q6_fallback_room",
          "Spot serves users; the On-Demand quota has room for all of it",
          "Set an On-Demand base for the least you need and check the On-Demand quota for Spot and On-Demand together.",
        ),
        choice(
          "q6_exposed",
          "Spot serves users, and its quota or the fallback isn't assured",
          "Raise Spot and On-Demand quotas for the family, spread over more types, and raise the On-Demand base for the event.",
        ),
        noneOfThese("q6_no"),
      ],
      rules: [
        {
          when: "(q6_not_used || q6_safe_to_lose) && !q6_exposed && !q6_fallback_room",
          risk: "NO_RISK",
          because: "Losing all Spot instances would not be noticed.",
        },
        {
          when: "q6_fallback_room && !q6_exposed",
          risk: "MEDIUM_RISK",
          because: "Users depend on Spot; the fallback has room in its quota, though never a promise of capacity.",
        },
        {
          when: "default",
          risk: "HIGH_RISK",
          because: "Spot may be taken back in the event, and what replaces it isn't assured.",
        },
      ],
      phrases: [
        ...readsIfMeant(
          "q6_not_used",
          [
            "\\b(?:no|not|don't|do not|won't|will not|never|aren't) (?:be )?(?:using |use |any )?spot\\b|\\bspot (?:is |will |instances )?(?:not|isn't|won't|aren't)(?: be)? (?:used|on)|\\b(?:only|all|everything(?: is| on)?) on-? ?demand\\b|\\bon-? ?demand only\\b|\\bfargate (?:only|on-? ?demand)\\b",
          ],
          "\\b(?:not sure|don't know|no spot (?:quota|problem|issue|interruption)\\w{0,1}|not (?:only )?spot (?:problem|quota))\\b|\\bonly (?:for )?(?:image|batch|ci|build|workers?|background|report\\w{0,3})\\b",
        ),
        ...readsIfSure(
          "q6_safe_to_lose",
          [
            "\\b(?:spot|only)\\b.{0,60}\\b(?:batch|ci|builds?|image processing|background|reports?|reporting|analytics|dev|test)\\b.{0,160}\\b(?:waits?|can wait|restarts?|retried|queue|nobody (?:sees|notices)|not noticed|paused?|users don't)\\b",
          ],
          "\\b(?:web|api|checkout|front ?end) (?:is|are|run|runs|also) (?:\\w{1,6} )?(?:on )?spot\\b",
        ),
        ...readsIfSure(
          "q6_fallback_room",
          [
            "\\bon-? ?demand\\b.{0,60}\\b(?:quota|limit)\\b.{0,60}\\b(?:room|covers?|enough for|fits?|for all)\\b|\\b(?:fall.?back|falls back|on-? ?demand base)\\b.{0,80}\\b(?:quota|room|covers?)\\b",
          ],
          "\\b(?:on-? ?demand only|only for|no room)\\b|\\b(?:run|runs) on-? ?demand\\b",
        ),
        ...reads(
          "q6_exposed",
          [
            "\\b(?:web|api|checkout|front ?end|workers?|everything|all of it|most(?:ly)?|\\d{2} ?%)\\b.{0,30}\\bspot\\b|\\bspot\\b.{0,30}\\b(?:web|api|checkout|front ?end|saves|cheaper|\\d{2} ?%)\\b|\\bsaves? (?:us )?\\d{2} ?%|\\bfalls? back to on-? ?demand\\b",
          ],
          "\\b(?:no|not|without|never|don't|won't) (?:be )?(?:use |using |on |any )?spot\\b|\\b(?:quota|limit)\\b.{0,40}\\b(?:room|covers|enough)\\b|\\bon-? ?demand only\\b",
        ),
        ...readsAsNone("q6_no", ["\\bhardly ever\\b|\\brarely interrupted\\b|\\bsome spot\\b"]),
      ],
      evidence: [
        shows("spot-capacity", ["q6_not_used", "q6_exposed", "q6_fallback_room"], ["q6_not_used", "q6_fallback_room"]),
      ],
      plain: { enough: ["no", "none"], withEvidence: true, yes: ["q6_exposed"], no: ["q6_not_used"] },
      followUp:
        "What runs on Spot, what do users notice if all of it is taken back at once, and has On-Demand quota room for it?",
      practices: practices("REL01-BP01", "REL10-BP01"),
      links: [],
      whoKnows: "whoever owns the scaling groups and the savings",
      dueDaysBefore: 28,
    },
    {
      id: "Q7",
      text: "If SES is being used for the sending of email, what is the maximum number of emails expected to be sent over a 24 hour period?",
      short: "SES, mails in 24 hours",
      why: "SES has two limits, and people check one. The day's: recipients in any 24 hours, not messages, so one mail to three people counts three, and the newsletter of the evening before is still in the window at nine. And the second's: 500,000 a day are no help at 14 a second when 40 orders a second come in; the rest is throttled and someone must retry. An account that still is in the sandbox sends 200 a day, to verified addresses only. And a sudden tenfold from a quiet domain looks like spam: complaints above 0.1% or bounces above 5% put the account under review, and sending may be paused in the middle of it.",
      good: [
        point(
          "day",
          "Recipients in the busiest 24 hours, against the account's daily quota",
          [
            "\\d[\\d,.]{0,12} ?(?:k|m|million|thousand)?\\b.{0,40}\\b(?:a day|per day|daily|24|mails?|e-?mails?|recipients|messages|in total|over the day)\\b|\\b(?:not (?:use|using|used)|don't use|no ses|do not use|another provider|sendgrid|mailgun|postmark|none)\\b",
          ],
          ["ses-sending"],
        ),
        point(
          "second",
          "Mails a second at peak against the sending rate, and what waits when it is throttled",
          [
            "\\d[\\d,.]{0,6} ?(?:a second|per second|/ ?s\\b|/sec|rps|a minute|per minute)|\\b(?:sending rate|queued?|sqs|throttl\\w{1,4}|retr(?:y|ies|ied)|backlog)\\b|\\b(?:not (?:use|using|used)|don't use|no ses|do not use|another provider|sendgrid|mailgun|postmark|none)\\b",
          ],
          ["ses-sending"],
        ),
        point("reputation", "Out of the sandbox, domain verified and warmed; bounces and complaints watched", [
          "\\b(?:sandbox|production access|verified|dkim|spf|dmarc|warm\\w{0,6}|dedicated ips?|bounces?|complaints?|reputation|suppression|deliverab\\w{1,5})\\b|\\b(?:not (?:use|using|used)|don't use|no ses|do not use|another provider|sendgrid|mailgun|postmark|none)\\b",
        ]),
      ],
      example:
        "600,000 recipients in the busiest 24 hours (400,000 confirmations, 200,000 newsletter) of 1,000,000. Peak 40 a second of 100; from a queue that waits when throttled. Production access, DKIM and DMARC in place, volume warmed since 1 Oct; bounces 0.6%, complaints 0.02%, alarms on both.",
      dangerous: [
        '"About 300,000, and the quota is 500,000." At how many a second, with the newsletter, and counted in recipients?',
        '"SES scales." Up to your account\'s quota, which is 200 a day in the sandbox.',
        '"Marketing sends its own." From the same account, domain and reputation?',
      ],
      choices: [
        choice(
          "q7_room_both",
          "Day and second both have room at peak, counted in recipients",
          "Add up everything that sends from the account, per day and per second, and compare both with the account's quota.",
        ),
        choice(
          "q7_filed",
          "It doesn't fit yet; an increase is filed and due in time",
          "Ask for both values, daily and per second, four weeks before; spread what isn't urgent.",
        ),
        choice(
          "q7_short",
          "Day or second falls short, or the account is in the sandbox",
          "Ask for production access and both increases today; until then queue mail and send the urgent first.",
        ),
        choice(
          "q7_not_used",
          "SES isn't used",
          "Say who sends the event's mail, and check that provider's limits in the same way.",
        ),
        noneOfThese("q7_no"),
      ],
      rules: [
        {
          when: "(q7_room_both || q7_not_used) && !q7_short && !q7_filed",
          risk: "NO_RISK",
          because: "The day's and the second's limit both have room, or SES isn't used.",
        },
        {
          when: "q7_filed && !q7_short",
          risk: "MEDIUM_RISK",
          because: "The increase is filed, not granted.",
        },
        { when: "default", risk: "HIGH_RISK", because: "Mail may be throttled or refused while orders come in." },
      ],
      phrases: [
        ...readsIfSure(
          "q7_room_both",
          [
            "\\b(?:a|per) (?:second|sec)\\b.{0,25}\\b(?:of|against|below|limit is|quota is) \\d",
            "\\b(?:day|daily|24)\\b.{0,60}\\b(?:second|rate)\\b.{0,40}\\b(?:room|fit|fits|below|within|enough)\\b|\\bboth (?:limits |quotas |values )?(?:have room|fit|are below|below)\\b",
          ],
          "\\b(?:short|exceeds?|above|in the sandbox|still in|not enough|filed|requested|too (?:low|small))\\b",
        ),
        ...reads("q7_filed", [FILED], NOT_FILED),
        ...reads(
          "q7_short",
          [
            "\\b(?:in the|still in|the) sandbox\\b|\\bsandbox(?:ed)?$|\\b(?:exceeds?|short (?:by|of)|shortfall|above (?:the |our )?(?:quota|limit)|over (?:the |our )?(?:quota|limit)|not enough|too (?:low|small))\\b",
          ],
          `\\b(?:out of|left|not in|no longer in|isn't in) (?:the )?sandbox\\b|\\b(?:no|not|never|doesn't|won't) (?:short|exceed)\\w{0,4}\\b|${FILED}`,
        ),
        ...readsIfMeant(
          "q7_not_used",
          [
            "\\b(?:no|not|don't|do not|isn't|won't|aren't|doesn't) (?:be )?(?:use |using |used |send (?:via|through|with) )?(?:amazon |aws )?ses\\b(?!')|\\bses (?:is |will )?(?:not|isn't|won't)(?: be)? used\\b|\\b(?:we use|use|uses|via|through|by) (?:sendgrid|mailgun|postmark|mailchimp|sparkpost|mandrill|braze|salesforce)\\b|\\bno e-?mails?\\b|\\bwe don't send (?:any )?(?:e-?)?mails?\\b",
          ],
          "\\b(?:not sure|don't know)\\b|\\band ses\\b",
        ),
        ...readsAsNone("q7_no", [
          "\\bses (?:just )?scales\\b|\\bmarketing sends\\b|\\b(?:a few|some|not many|lots?|a lot)(?: of)?\\b(?: e-?mails?| mails?)?$",
        ]),
      ],
      evidence: [
        shows("ses-sending", ["q7_room_both", "q7_short", "q7_not_used"], ["q7_room_both", "q7_not_used"]),
        shows("quota-requests", ["q7_filed"]),
      ],
      plain: { enough: ["no", "none"], withEvidence: true, yes: [], no: ["q7_not_used"] },
      followUp:
        "How many recipients in the busiest 24 hours and a second at peak, against which quotas, and is the account out of the sandbox?",
      practices: practices("REL01-BP01", "REL01-BP03"),
      links: [],
      whoKnows: "whoever runs mail, with marketing for the newsletter",
      dueDaysBefore: 28,
    },
  ],
};

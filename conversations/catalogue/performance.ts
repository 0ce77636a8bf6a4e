import type { Module } from "../../src/domain/catalogue.ts";
import { practices } from "./practices.ts";
import { choice, noneOfThese, point, reads, readsAsNone, readsIfSure, shows } from "./write.ts";

const LOAD_TESTING = {
  title: "Distributed Load Testing on AWS",
  url: "https://aws.amazon.com/solutions/implementations/distributed-load-testing-on-aws/",
};
const NOTIFICATIONS = {
  title: "AWS User Notifications",
  url: "https://aws.amazon.com/blogs/aws/new-set-up-your-aws-notifications-in-one-place/",
};

export const performance: Module = {
  id: "performance",
  title: "Performance",
  intro: "What gives way first when the crowd comes, and how you know before your users do.",
  pillar: "performance",
  questions: [
    {
      id: "P1",
      text: "Is there an infrastructure stress point in the design? (Eg. network bandwidth on instance)",
      short: "infrastructure stress point",
      why: 'Something always gives way first. Known, it can be widened, watched or relieved; unknown, the event finds it for you. It is rarely CPU. An instance with "up to" 15 Gbps keeps that pace only while its credits last, then falls to a baseline of a quarter. Small instances and gp2 volumes hold their best disk speed for about half an hour, which is longer than most tests and shorter than most events. One address of a NAT gateway carries 55,000 connections to one destination. A load balancer needs minutes to grow into a sudden step.',
      good: [
        point(
          "first_limit",
          "What gives way first at peak: network, disk, credits, NAT, load balancer, or what else",
          [
            "\\b(?:bandwidth|network|[gm]bps|[gm]bit|nat|iops|ebs|disk|throughput|credits?|load balancer|[an]lb|cpu|memory|connections?|sockets?|ports?|cache|redis|cluster|proxy|queue)\\b",
          ],
          ["network-bandwidth"],
        ),
        point(
          "room",
          "How much room is left there at the expected peak",
          [
            "\\d ?%|\\bper ?cent\\b|\\bhead-?room\\b|\\broom\\b|\\bspare\\b|\\d[\\d,.]{0,12}k? (?:of|out of|against) (?:about )?\\d",
            "\\b\\d{1,3} ?x\\b|\\btimes (?:the )?(?:normal|peak|current)\\b",
          ],
          ["network-bandwidth"],
        ),
        point("when_reached", "What happens when it is reached, and who does what then", [
          "\\b(?:alarms?|alerts?|paged?|runbook|playbook|shed|throttl\\w{1,6}|queues? up|degrad\\w{1,6}|pre-?warm\\w{0,6}|reserv\\w{1,8}|scale[sd]? (?:up|out)|add(?:s|ed)? (?:\\d|more|another)|switch\\w{0,3}|turn off|split)\\b",
        ]),
      ],
      example:
        "NAT gateway in eu-west-1a: 40,000 of 55,000 connections to the payment provider at 3x, load-tested on 12 Oct. Network of web (m7g.2xlarge, baseline 3.75 Gbps) is at 88% at 3x. Alarm at 70% goes to the on-call; if it fires we add ten instances, runbook BF-3.",
      dangerous: [
        "\"No, it's all autoscaling.\" Scaling adds instances; it doesn't widen a NAT gateway, a database or a single connection.",
        '"We\'re at 20% CPU." CPU is the one figure everybody looks at, and rarely what breaks.',
        '"The instances have up to 10 Gbps." "Up to" runs on credits. Ask for the baseline.',
      ],
      choices: [
        choice(
          "p1_room_measured",
          "Room at the expected peak was measured at every stress point",
          "Load-test to the expected peak and write down what was used of each limit: network baseline, EBS, NAT, load balancer, credits.",
        ),
        choice(
          "p1_watched",
          "The first stress point is known, has an alarm and an action",
          "Name what gives way first, set an alarm well below it, and write down what is done when it fires.",
        ),
        choice(
          "p1_open",
          "A stress point is known and nothing is done about it yet",
          "Widen it, relieve it or watch it: a larger baseline, a second NAT gateway, reserved load balancer capacity, a queue in front.",
        ),
        noneOfThese("p1_no"),
      ],
      rules: [
        {
          when: "p1_room_measured && !p1_open",
          risk: "NO_RISK",
          because: "Room at the peak was measured, not assumed.",
        },
        {
          when: "(p1_watched || p1_room_measured) && !p1_open",
          risk: "MEDIUM_RISK",
          because: "The limit is known and watched, but how much room is left at peak is not measured.",
        },
        {
          when: "default",
          risk: "HIGH_RISK",
          because: "Nobody knows what gives way first, or it is known and left as it is.",
        },
      ],
      phrases: [
        ...readsIfSure(
          "p1_room_measured",
          [
            "\\b\\d{1,2} ?% (?:used |busy |full )?at (?:\\d(?:\\.\\d)? ?x|peak|\\d times|the expected peak)",
            "\\b(?:measured|load-?tested|tested)\\b.{0,50}\\b(?:head-?room|room left|room to spare|\\d{1,2} ?%)",
          ],
          "cpu|autoscal",
        ),
        ...reads(
          "p1_watched",
          [
            "\\b(?:alarm|alert)s?\\b.{0,60}\\b(?:runbook|playbook|fires|then we|we add|we scale|on-?call|pages?)\\b",
            "\\b(?:alarm|alert)s? (?:set )?(?:at|on|for) \\d",
          ],
          "\\b(?:no|without|missing|need|needs|lacks?) (?:an? |any )?(?:alarms?|alerts?)\\b",
        ),
        ...reads(
          "p1_open",
          [
            "\\b(?:nothing|not much) (?:is |has been |was )?(?:done|planned|changed) (?:about|yet|so far)",
            "\\bwill (?:saturate|max out|run out|be the bottleneck)\\b|\\bis (?:the|a|our) (?:known )?bottleneck\\b|\\bknown (?:bottleneck|problem|limit)\\b",
            "\\bno (?:plan|alarm|mitigation|fix)\\b|\\bsingle nat\\b|\\bonly one nat\\b",
          ],
          "\\b(?:fixed|mitigated|replaced|widened|resolved)\\b",
        ),
        ...readsAsNone("p1_no", [
          "\\b(?:it's|its|is|all|everything|we) (?:all |just )?(?:autoscal\\w{1,4}|auto-scal\\w{1,4}|serverless)",
          "\\bup to \\d{1,3} ?gbps\\b|\\d{1,2} ?% (?:average )?cpu\\b",
        ]),
      ],
      evidence: [
        shows("network-bandwidth", ["p1_open"], ["p1_room_measured"]),
        shows("load-test", ["p1_room_measured"]),
      ],
      plain: { enough: [], withEvidence: true, yes: ["p1_open"], no: ["p1_no"] },
      followUp:
        "What gives way first at the expected peak, how much room is left there, and what is done when it is reached?",
      practices: practices("PERF04-BP01", "PERF02-BP02", "PERF02-BP03", "REL01-BP01"),
      links: [LOAD_TESTING],
      whoKnows: "whoever runs the network and sizes the instances",
      dueDaysBefore: 35,
    },
    {
      id: "P2",
      text: "Is there an application stress point in the design? (Eg. single row on database)",
      short: "application stress point",
      why: "Infrastructure can be bought; a hot row can't. One stock counter, one voucher, one \"last order number\", one tenant's partition: everybody waits for the same lock, and more servers only make the queue longer. A DynamoDB partition gives 1,000 writes a second however large the table is. A cache that expires for everybody at once sends the whole crowd to the database in the same second. Retries from phones and gateways then double the load just when it hurts. AWS can show you throttles and waits; which line of code causes them only you know.",
      good: [
        point("hot_spot", "Which row, key, lock, queue or call everybody goes through during the event", [
          "\\b(?:rows?|keys?|locks?|counter|partition|shard|table|queues?|index|query|queries|transactions?|stock|inventory|basket|cart|checkout|session|cache|redis|dynamo\\w{0,2}|database|db|postgres|mysql|aurora|api|provider|endpoint|writer|third party|thread|connection pool|pool)\\b",
        ]),
        point("how_much", "How many a second it takes, measured, against what the event brings", [
          "\\d[\\d,.]{0,10}k? ?(?:rps|qps|tps|wps|/ ?s\\b|/ ?sec|per (?:second|sec|minute|hour)|a (?:second|minute)|requests|orders|writes|reads|transactions|connections|ms)\\b",
          "\\b(?:load-?test\\w{0,3}|measured|benchmark\\w{0,3}|profil\\w{1,4})\\b",
        ]),
        point("relief", "What relieves it: splitting it, a queue, a cache, a limit on retries, a waiting room", [
          "\\b(?:shard\\w{0,4}|split\\w{0,4}|queue\\w{0,2}|cache[sd]?|caching|batch\\w{0,3}|async\\w{0,10}|back-?off|jitter|circuit.?breaker|waiting room|rate.?limit\\w{0,3}|throttl\\w{1,4}|replicas?|optimistic|idempotent|reserv\\w{1,6}|pre-?comput\\w{1,3}|feature flag|turn(?:ed)? off|degrad\\w{1,6})\\b",
        ]),
      ],
      example:
        "The stock row of the doorbuster: every checkout updates it. Load-tested at 900 orders a second on 14 Oct against 600 expected, after splitting it into 20 counters. Clients retry with back-off and jitter, three times at most; above 1,200 a second the waiting room opens.",
      dangerous: [
        '"The database scales." A database scales by adding rows and readers, not by making one row faster.',
        '"We added replicas." Replicas help readers. The hot row is written.',
        '"It worked last year." Last year had another catalogue, another code base and another crowd.',
      ],
      choices: [
        choice(
          "p2_tested",
          "The hot spots are known and held the expected peak in a test",
          "Load-test the journey that touches the hottest row or key, with real skew: everyone buys the same item.",
        ),
        choice(
          "p2_relieved",
          "The hot spots are known and relieved (split, queue, cache), not yet tested",
          "Split hot counters, put a queue before the writer, spread cache expiry, bound retries with back-off and jitter.",
        ),
        choice(
          "p2_open",
          "A hot spot is known and nothing relieves it yet",
          "Decide now: split it, queue it, limit who reaches it, or say which feature is switched off first.",
        ),
        noneOfThese("p2_no"),
      ],
      rules: [
        {
          when: "p2_tested && !p2_open",
          risk: "NO_RISK",
          because: "The hottest path held the expected peak in a test.",
        },
        {
          when: "(p2_relieved || p2_tested) && !p2_open",
          risk: "MEDIUM_RISK",
          because: "The hot spot is relieved, but no test has shown that it holds.",
        },
        {
          when: "default",
          risk: "HIGH_RISK",
          because: "A hot spot that nobody looked for, or that nothing relieves, can't be cured by adding servers.",
        },
      ],
      phrases: [
        ...readsIfSure(
          "p2_tested",
          [
            "\\bload-?test\\w{0,3}\\b.{0,50}\\d[\\d,.]{0,9}k? ?(?:rps|tps|qps|orders|writes|requests|/s|per second|a second)",
            "\\b(?:held|sustained|passed|handled)\\b.{0,40}\\d[\\d,.]{0,9}k? ?(?:rps|tps|qps|orders|writes|requests|/s|per second|a second)",
          ],
          "\\b(?:fail\\w{0,3}|broke|timed out|last year)\\b",
        ),
        ...reads(
          "p2_relieved",
          [
            "\\b(?:sharded|split (?:it |them )?(?:in|into|over|across)|splitting it|queue (?:in front|before)|sqs (?:in front|before)|cached|write-?behind|conditional writes?|partitioned|waiting room|denormali[sz]ed|rate.?limited|batched)\\b",
          ],
          "\\b(?:not|isn't|aren't|never|could|should) (?:yet |be )?(?:sharded|split|cached|queued|partitioned|batched)\\b",
        ),
        ...reads(
          "p2_open",
          [
            "\\b(?:one|single|same|hot) (?:row|key|partition|counter|record|lock|table|writer|item)\\b",
            "\\block (?:contention|waits?)\\b|\\b(?:is|will be|remains) (?:the|a|our) bottleneck\\b|\\b(?:one|single) (?:primary|writer|master|database)\\b",
            "\\bnothing (?:is |has been )?done\\b",
          ],
          "\\b(?:sharded|split|splitting|cached|queue|tested|no (?:single|hot|one)|not (?:a )?(?:single|hot)|there is no|there's no|don't have)\\b",
        ),
        ...readsAsNone("p2_no", [
          "\\b(?:database|db|aurora|dynamo\\w{0,2}|it) (?:just |auto)?-?scales\\b|\\blast (?:year|time)\\b",
        ]),
      ],
      evidence: [shows("database-capacity", ["p2_open"]), shows("load-test", ["p2_tested"])],
      plain: { enough: [], withEvidence: false, yes: ["p2_open"], no: ["p2_no"] },
      followUp:
        "Which row, key or call does everyone go through, how many a second has it held in a test, and what relieves it?",
      practices: practices("PERF03-BP01", "PERF03-BP03", "PERF03-BP04", "PERF03-BP05", "PERF01-BP02"),
      links: [LOAD_TESTING],
      whoKnows: "whoever wrote the checkout, or whichever path the crowd takes",
      dueDaysBefore: 35,
    },
    {
      id: "P3",
      text: "What load testing will be performed on the platform?",
      short: "load testing",
      why: "A load test is the only rehearsal in which quotas, scaling, connection pools and caches meet each other. Done in the last week it only tells you bad news; three weeks out there is time to fix and repeat. It must look like the event: the step at nine o'clock and not a gentle ramp, real journeys with writes, cold caches, long enough for burst credits to run out and for scaling to finish. And it must reach past the peak, or you learn that it holds but not where it ends. The generator has a quota too.",
      good: [
        point(
          "target",
          "The target: requests a second and latency, as a multiple of the expected peak",
          [
            "\\d[\\d,.]{0,10}k? ?(?:rps|qps|tps|/ ?s\\b|per (?:second|sec|minute)|a (?:second|minute)|requests|users|orders|vus|concurrent)\\b",
            "\\b\\d(?:\\.\\d)? ?x\\b|\\btimes (?:the )?(?:normal|peak|expected)\\b|\\bp9\\d\\b",
          ],
          ["load-test"],
        ),
        point("likeness", "How like the event it is: journeys, the sudden step, duration, production or a copy", [
          "\\b(?:prod|production|staging|pre-?prod|copy|same size|full size|scaled|journeys?|scenarios?|checkout|browse|log ?in|writes|ramp|step|spike|soak|minutes?|hours?|cold cache|data set|k6|jmeter|locust|gatling|artillery|replay\\w{0,3})\\b",
        ]),
        point(
          "when",
          "When it runs, and when it is repeated after the fixes",
          [
            "\\b(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|satur|sun)(?:day)?\\b|\\b(?:jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec)\\w{0,6}\\b|\\d{1,4}[-/.]\\d{1,2}|\\b(?:weekly|nightly|daily|every|each|this|next|last) ?(?:week|month|release|night|sprint)?\\b|\\bweeks? (?:before|ago|out)\\b|\\bt-\\d|\\btomorrow\\b|\\byesterday\\b",
          ],
          ["load-test"],
        ),
        point(
          "outcome",
          "What counts as passed, and what was found",
          [
            "\\b(?:pass\\w{0,3}|fail\\w{0,4}|found|result\\w{0,2}|errors?|held|broke|target|criteri\\w{1,2}|p9\\d|percentile|latency|success|\\d{2,4} ?ms)\\b",
          ],
          ["load-test"],
        ),
      ],
      example:
        "Distributed Load Testing from two Regions on production, 6 Nov 05:00: browse and checkout, step from 1x to 4x (8,000 rps) in one minute, held for 60 minutes. Passed on the second run: p99 620 ms against 800, errors 0.02%. The first found the connection pool. Repeated on 20 Nov after the code freeze.",
      dangerous: [
        '"QA tests every release." That tests features, with ten users.',
        '"We load-tested in spring." Since then code, data and instance types have changed. A test expires with the next release.',
        '"Staging held 500 rps." Staging is smaller, its caches are warm, and its quotas are other ones.',
      ],
      choices: [
        choice(
          "p3_passed",
          "A test like the event passed at the expected peak since the last change",
          "Run the event's journeys to at least the expected peak, on production or its equal, and repeat after the last release.",
        ),
        choice(
          "p3_planned",
          "Such a test has a date, with time left to fix and repeat it",
          "Fix date, target, journeys and owner, three weeks before the event, with a second date for the repeat.",
        ),
        choice(
          "p3_partial",
          "A smaller or older test was done",
          "Say what it didn't cover (writes, the step, cold caches, full size) and test that.",
        ),
        noneOfThese("p3_no"),
      ],
      rules: [
        { when: "p3_passed", risk: "NO_RISK", because: "A test like the event passed at the expected peak." },
        {
          when: "p3_planned",
          risk: "MEDIUM_RISK",
          because: "The test has a date with room for fixes; until it has passed, the peak is a hope.",
        },
        {
          when: "default",
          risk: "HIGH_RISK",
          because: "Nothing like the event has been tested, so the event is the test.",
        },
      ],
      phrases: [
        ...readsIfSure(
          "p3_passed",
          [
            "\\b(?:passed|held|sustained|handled|met the target)\\b.{0,50}\\b(?:\\d(?:\\.\\d)? ?x|peak|\\d[\\d,.]{0,9}k? ?(?:rps|tps|qps|requests|users|orders|ms)|p9\\d|run)",
            "\\b\\d(?:\\.\\d)? ?x\\b.{0,60}\\b(?:passed|held|no errors|without errors)\\b",
          ],
          "\\b(?:staging|smaller|half|last (?:year|spring|summer|winter|autumn)|months? ago|in spring)\\b",
        ),
        ...reads(
          "p3_planned",
          [
            "\\b(?:planned|scheduled|booked|will (?:run|test|be run|load)|runs? on|is on|set for|repeat(?:ed)? on|going to (?:run|test))\\b.{0,60}(?:\\d|\\b(?:mon|tues|wednes|thurs|fri)day\\b|\\bnext week\\b)",
            "\\b(?:load|stress|soak) ?-?test\\w{0,3} (?:on|next|this) (?:\\d|the|week|mon|tue|wed|thu|fri)",
          ],
          "\\b(?:not|isn't|nothing|no test\\w{0,3}|none) (?:yet )?(?:planned|scheduled|booked)\\b",
        ),
        ...reads("p3_partial", [
          "\\bload-?test\\w{0,3} (?:in|last) (?:spring|summer|autumn|winter|year|january|february|march|april|may|june)\\b",
          "\\b(?:staging|smaller|half the|only the|partial|read-?only|last year|months? ago)\\b",
        ]),
        ...readsAsNone("p3_no", [
          "\\b(?:no|none|without|zero) (?:load|stress|performance|formal)? ?-?test\\w{0,3}\\b|\\bnot (?:going to |planning to )?(?:load )?test\\w{0,3}\\b|\\b(?:won't|don't|do not|will not) (?:load )?-?test\\b|\\bno time\\b",
          "\\bqa (?:tests?|does|will|team)\\b|\\b(?:unit|regression|functional) tests?\\b",
        ]),
      ],
      evidence: [shows("load-test", ["p3_passed", "p3_partial"], ["p3_passed"])],
      plain: { enough: [], withEvidence: true, yes: [], no: ["p3_no"] },
      followUp:
        "What is the target (requests a second, latency, multiple of the peak), when does it run, and when is it repeated?",
      practices: practices("PERF05-BP04", "REL07-BP04", "REL12-BP03"),
      links: [LOAD_TESTING],
      whoKnows: "whoever runs performance tests, or the lead of the busiest service",
      dueDaysBefore: 21,
    },
    {
      id: "P4",
      text: "Is there a CDN being utilized for this event?",
      short: "CDN",
      why: "What the CDN answers your platform never sees: at 95% from cache the origin gets a twentieth of the crowd, at 90% twice that. That makes the hit ratio a capacity figure, and one wrong header, a cookie in the cache key or a tracking parameter in the link of the campaign mail can bring it to zero in a minute. A purge at the wrong moment does the same. And if the origin answers the whole world directly, the CDN is a suggestion that bots don't take.",
      good: [
        point(
          "which_paths",
          "Which hostnames and paths go through it, and what is never cached",
          [
            "\\b(?:static|assets?|images?|pages?|api|html|paths?|hosts?|hostnames?|domains?|www|video|downloads?|everything|all traffic|dynamic|checkout|basket|media)\\b|\\.\\w{2,6}/|\\w\\.(?:com|net|org|io|co)\\b",
          ],
          ["cdn"],
        ),
        point(
          "hit_ratio",
          "The hit ratio, and what reaches the origin at peak",
          [
            "\\bhit (?:ratio|rate)\\b|\\b\\d{1,3}(?:\\.\\d)? ?%|\\b(?:from|in) (?:the )?cache\\b|\\bttl\\b|\\borigin (?:gets|sees|shield|load|requests)\\b|\\boffload\\w{0,3}\\b|\\bmiss(?:es)?\\b",
          ],
          ["cdn"],
        ),
        point(
          "origin_guard",
          "What protects the origin: shield, direct access closed, who may purge during the event",
          [
            "\\b(?:origin shield|shield|waf|oac|oai|origin access|direct access|locked|only (?:via|through|from)|purg\\w{1,4}|invalidat\\w{1,5}|secret header|prefix list|ddos|rate.?limit\\w{0,3}|closed|restricted)\\b",
          ],
        ),
      ],
      example:
        "CloudFront for www and img: everything but /checkout and /api. Hit ratio 94% last week, so the origin gets about 480 rps at 3x. Origin Shield is on, the load balancer accepts only CloudFront's prefix list, and nobody purges with a wildcard during the event.",
      dangerous: [
        '"Yes, CloudFront." In front of what? With cookies in the cache key it may answer nothing from cache.',
        '"Images are on it." Then every page view still reaches the origin.',
        '"We purge everything when prices change." At peak that hands the whole crowd to the origin at once.',
      ],
      choices: [
        choice(
          "p4_serves_peak",
          "The event's traffic goes through a CDN with a known hit ratio",
          "Put the event's hostnames on the CDN, measure the hit ratio with the campaign's real links, and size the origin for the rest.",
        ),
        choice(
          "p4_guarded",
          "The origin can't be reached around the CDN",
          "Let the load balancer accept only the CDN (prefix list, secret header or origin access control), and turn on Origin Shield.",
        ),
        choice(
          "p4_partly",
          "A CDN serves only a part, or its hit ratio isn't known",
          "Look at the hit ratio per path; drop cookies and tracking parameters from the cache key; move the pages of the event behind it.",
        ),
        choice(
          "p4_not_needed",
          "No CDN, and the origin is sized and tested for all of it",
          "Show that nothing in the event can be cached, and that a load test passed without a CDN.",
        ),
        noneOfThese("p4_no"),
      ],
      rules: [
        {
          when: "(p4_serves_peak && p4_guarded && !p4_partly) || (p4_not_needed && !p4_partly)",
          risk: "NO_RISK",
          because: "What reaches the origin at peak is known, and nothing goes around.",
        },
        {
          when: "p4_serves_peak || (p4_partly && p4_guarded)",
          risk: "MEDIUM_RISK",
          because: "A CDN takes load, but a part of it is unmeasured or the origin can be reached directly.",
        },
        {
          when: "default",
          risk: "HIGH_RISK",
          because: "The whole crowd, or an unknown part of it, reaches the origin.",
        },
      ],
      phrases: [
        ...readsIfSure(
          "p4_serves_peak",
          [
            "\\bhit (?:ratio|rate)\\b.{0,25}\\d{2} ?%|\\b\\d{2}(?:\\.\\d)? ?% (?:cache )?(?:hits?|hit (?:ratio|rate)|(?:served )?from (?:the )?(?:cache|edge)|offload\\w{0,3}|cached)\\b",
          ],
          "\\b(?:only|just) (?:the )?(?:images|static|assets)\\b",
        ),
        ...readsIfSure(
          "p4_guarded",
          [
            "\\b(?:only (?:accepts?|allows?|from|via|through|lets)|accepts only|locked (?:down )?to|restricted to)\\b.{0,30}\\b(?:cloudfront|cdn|fastly|akamai|cloudflare|prefix list|header)\\b",
            "\\b(?:oac|oai|origin access (?:control|identity))\\b",
          ],
          "\\b(?:without|no|open to the (?:world|internet)|still reachable|public) ?(?:oac|oai)?\\b.{0,20}\\b(?:origin|prefix|oac|oai)\\b",
        ),
        ...reads("p4_partly", [
          "\\b(?:only|just) (?:for )?(?:the )?(?:images|static|assets|js|css|media|video)\\b|\\b(?:images|assets|static (?:files|content|assets)) (?:only|are on it)\\b",
          "\\b(?:hit (?:ratio|rate)|caching)\\b.{0,30}\\b(?:unknown|not known|not sure|low|never (?:looked|measured))\\b|\\bdon't know the hit\\b|\\bpurge everything\\b",
        ]),
        ...reads(
          "p4_partly",
          ["\\b(?:cloudfront|cdn|fastly|akamai|cloudflare)\\b"],
          "\\b\\d{1,3}(?:\\.\\d)? ?%|\\b(?:no|not|without|don't|never)\\b",
        ),
        ...readsIfSure("p4_not_needed", [
          "\\bno cdn\\b.{0,80}\\b(?:load-?tested|internal|api[- ]only|b2b|sized)\\b|\\bno public (?:web|traffic|site)\\b|\\binternal (?:users|only|tool|application)\\b|\\bnothing (?:is |can be |to )?(?:cacheable|cached?)\\b.{0,60}\\btest",
        ]),
        ...readsAsNone("p4_no", [
          "\\b(?:no|without(?: a)?|not (?:using|use)(?: an?)?|don't (?:use|have)(?: an?)?|do not (?:use|have)(?: an?)?) cdn\\b|\\bstraight to the (?:load balancer|alb|origin)\\b",
        ]),
      ],
      evidence: [shows("cdn", ["p4_serves_peak", "p4_partly"], ["p4_serves_peak"])],
      plain: { enough: [], withEvidence: true, yes: ["p4_partly"], no: ["p4_no"] },
      followUp:
        "Which hostnames and paths go through it, what share is answered from cache, and can the origin be reached around it?",
      practices: practices("PERF04-BP06", "PERF04-BP02", "PERF03-BP05"),
      links: [],
      whoKnows: "whoever owns DNS and the front end",
      dueDaysBefore: 35,
    },
    {
      id: "P5",
      text: "Has logging been enabled on key resources to identify potential areas of performance for a repeat event? (output to S3 or other?)",
      short: "logging for the next time",
      why: "The best hour to learn about your platform is the one in which nobody has time to look. What wasn't logged then can't be switched on afterwards. Averages in a dashboard won't tell you next year which path was slow for whom: access logs with times per request will, if load balancer, CDN, database and application all write them, with an id that joins them, to a place that still has them in a year. Check the cost and the retention first; more than one team has found 14 days there, or a log bill larger than the event.",
      good: [
        point(
          "which",
          "Which resources log: load balancer, CDN, database, application, flow logs",
          [
            "\\b(?:[an]lb|elb|load balancers?|cdn|cloudfront|access logs?|flow logs?|vpc|rds|aurora|slow (?:query|log)|performance insights|x-?ray|traces?|tracing|opentelemetry|otel|application|app|api gateway|lambda|cloudtrail|waf|containers?|ecs|eks|nginx|everything|key resources)\\b",
          ],
          ["logging"],
        ),
        point(
          "where",
          "Where the logs go, for how long, and who can query them",
          [
            "\\b(?:s3|bucket|cloudwatch|datadog|splunk|elastic\\w{0,6}|opensearch|loki|grafana|new ?relic|athena|kinesis|firehose|sumo|honeycomb|dynatrace|siem|retention|kept|keep|days|months|years?)\\b",
          ],
          ["logging"],
        ),
        point("proven", "Whether someone looked: logs arrive, can be joined by request, and hold times per request", [
          "\\b(?:checked|verified|tested|queried|query|athena|dashboards?|correlation|request.?id|trace.?id|joined?|sample\\w{0,3}|used (?:it|them)|looked|insights)\\b",
        ]),
      ],
      example:
        "ALB, CloudFront and WAF access logs to S3 (log-archive account, 13 months, Athena tables checked on 3 Nov), flow logs on, RDS slow queries above 200 ms and Performance Insights on, application traces with a request id in Datadog, 30 days, event week exported to S3.",
      dangerous: [
        '"CloudWatch is on." Metrics are not logs: they say that it was slow, not what was.',
        '"Debug is off, errors are logged." The slow requests that succeeded are the ones you want.',
        '"Default retention." For CloudWatch Logs that is for ever and billed; for many tools it is two weeks.',
      ],
      choices: [
        choice(
          "p5_all_kept",
          "All key resources log, and the logs are kept until the next event",
          "Enable access logs on load balancers and CDN, slow query logs and traces; keep them in S3 for 13 months.",
        ),
        choice(
          "p5_checked",
          "Someone queried the logs and found what a review will need",
          "Run next year's questions today: slowest paths, errors per minute, one request through all layers.",
        ),
        choice(
          "p5_partly",
          "Some key resources log, or retention is shorter than to the next event",
          "List the resources on the event's path, mark which ones log where and for how long, and close the gaps.",
        ),
        noneOfThese("p5_no"),
      ],
      rules: [
        {
          when: "p5_all_kept && !p5_partly",
          risk: "NO_RISK",
          because: "Everything on the event's path logs, and the logs outlive the year.",
        },
        {
          when: "p5_partly || p5_checked || p5_all_kept",
          risk: "MEDIUM_RISK",
          because: "A part of the picture will be missing when the event is reviewed.",
        },
        { when: "default", risk: "HIGH_RISK", because: "What isn't logged during the event can't be learned from it." },
      ],
      phrases: [
        ...readsIfSure(
          "p5_all_kept",
          [
            "\\b(?:[an]lb|load balancers?|cloudfront|cdn|access logs?)\\b.{0,60}\\b(?:s3|bucket|log-archive|splunk|opensearch|datadog)\\b.{0,50}\\b(?:1[2-9]|2\\d|3\\d) months|\\b(?:[an]lb|load balancers?|cloudfront|cdn|access logs?)\\b.{0,80}\\b(?:a|one|two|1|2|3|five|5|7|ten) years?\\b",
            "\\b(?:all|every|everything)\\b.{0,40}\\blogs?\\b.{0,50}\\b(?:1[2-9]|2\\d|3\\d) months|\\ball (?:key )?(?:resources|layers|services|components)\\b.{0,30}\\blog",
          ],
          "\\b(?:except|but not|only|missing|\\d{1,2} days and)\\b",
        ),
        ...readsIfSure("p5_checked", [
          "\\b(?:checked|verified|queried|tested)\\b.{0,40}\\b(?:logs?|athena|quer\\w{1,3}|traces?|insights|\\d)|\\b(?:logs?|athena\\b.{0,12}|traces?) (?:were |was |are )?(?:checked|verified|queried|tested)|\\bqueried (?:in|for|by|since|last)\\b",
        ]),
        ...reads(
          "p5_partly",
          [
            "\\b(?:some|only|except|but not|partly|partial|missing|errors are logged)\\b|\\bdefault retention\\b|\\b(?:7|14|30) days?\\b(?!.{0,60}\\b(?:export|s3)\\w{0,3}\\b)",
            "\\b(?:alb|access|flow|slow query|cloudfront) logs? (?:are |is )?(?:off|disabled|not (?:on|enabled))\\b",
          ],
          "\\bnot only\\b",
        ),
        ...reads(
          "p5_partly",
          ["\\b(?:access logs?|flow logs?|slow quer\\w{1,3}|traces|cloudtrail|application logs|app logs)\\b"],
          "\\b(?:\\d{2} months|years?|all|every|everything|no|none)\\b",
        ),
        ...readsAsNone("p5_no", [
          "\\b(?:no|without|zero) (?:access )?(?:logs|logging)\\b|\\blogging (?:is |was )?(?:off|disabled|not (?:on|enabled))\\b|\\b(?:not|isn't|aren't|hasn't been) (?:been )?(?:logged|logging|enabled)\\b|\\bonly metrics\\b",
        ]),
      ],
      evidence: [shows("logging", ["p5_partly"], ["p5_all_kept"])],
      plain: { enough: [], withEvidence: true, yes: ["p5_partly"], no: ["p5_no"] },
      followUp: "Which of load balancer, CDN, database and application log, where to, and how long are the logs kept?",
      practices: practices("SEC04-BP01", "SEC04-BP02", "REL06-BP01", "PERF05-BP07"),
      links: [],
      whoKnows: "whoever runs observability or the platform",
      dueDaysBefore: 28,
    },
    {
      id: "P6",
      text: "Have alarms been set for various performance breaches? (Eg. CloudWatch or other customer based tool, where is the output going to?)",
      short: "alarms and where they go",
      why: "Every post-mortem has an alarm that fired into a mailbox. An alarm is worth something when it fires before users notice, reaches a person who is awake, and says what to do. On the day it competes with two hundred others: thresholds made for a normal Tuesday go off all at once at three times the traffic, and people learn to swipe them away in the first ten minutes. The mean hides the worst tenth, an alarm without data is green-looking grey, and the rota of an ordinary Friday is not that of the event.",
      good: [
        point(
          "what",
          "What is alarmed: what users feel (latency, errors, orders), and saturation behind it",
          [
            "\\b(?:latency|p9\\d|errors?|5xx|4xx|orders?|checkout|saturation|cpu|memory|connections?|queue|lag|throttl\\w{1,4}|burn rate|slo|synthetics?|canar\\w{1,3}|disk|iops|response time|availability|hit ratio)\\b",
          ],
          ["alarms"],
        ),
        point(
          "where_to",
          "Where they go, and who is awake to take them during the event",
          [
            "\\b(?:pager\\w{0,6}|ops ?genie|on-?call|slack|teams|sns|e-?mail|sms|phone|rota|channel|user notifications|incident manager|victorops|squadcast|goes to|go to|noc|bridge|#\\w{2,30})\\b",
          ],
          ["alarms"],
        ),
        point("event_thresholds", "Whether thresholds fit the event's traffic and were seen to fire in a test", [
          "\\b(?:tested|fired|fires?|test alarm|raised|adjusted|tuned|threshold\\w{0,1}|game day|load ?-?test|anomaly|review\\w{0,3}|for the event|at peak|drill|muted?)\\b",
        ]),
      ],
      example:
        "CloudWatch: checkout p99 over 800 ms, 5xx over 0.5%, orders a minute below forecast, connections above 80%. SNS to PagerDuty (rota filled for 26 to 30 Nov) and to #bf-alarms through User Notifications. Thresholds set for 3x; all eight were made to fire in the load test of 6 Nov.",
      dangerous: [
        '"Yes, we have dashboards." A dashboard waits to be looked at.',
        '"They go to the team\'s mailbox." At 02:00 nobody reads it.',
        '"We have 300 alarms." On the day they all ring, and the one that matters is number 212.',
      ],
      choices: [
        choice(
          "p6_reach_someone",
          "Alarms on what users feel reach a person who is on call for the event",
          "Alarm on latency, errors and business rate, and send it to an on-call tool with a rota that names the event's dates.",
        ),
        choice(
          "p6_fired_in_test",
          "The alarms were made to fire, at thresholds that fit the event",
          "Set thresholds for the event's traffic, then make each one fire in the load test or by hand and see who answers.",
        ),
        choice(
          "p6_unattended",
          "Alarms exist, but go to mail or a channel that nobody must watch",
          "Give each alarm a receiver who must react, by phone or on-call tool; keep the channel for everyone else.",
        ),
        noneOfThese("p6_no"),
      ],
      rules: [
        {
          when: "p6_reach_someone && p6_fired_in_test && !p6_unattended",
          risk: "NO_RISK",
          because: "The alarms reach someone on call and were seen to fire.",
        },
        {
          when: "p6_reach_someone && !p6_unattended",
          risk: "MEDIUM_RISK",
          because: "Alarms reach someone, but were never seen to fire at the event's thresholds.",
        },
        { when: "default", risk: "HIGH_RISK", because: "A breach could pass without anyone being told." },
      ],
      phrases: [
        ...readsIfSure(
          "p6_reach_someone",
          ["\\b(?:pager ?duty|ops ?genie|on-?call|victorops|squadcast|incident manager|noc|rota)\\b"],
          "\\b(?:no|without|nobody|no one) (?:is )?(?:on-?call|rota|pager ?duty)\\b",
        ),
        ...readsIfSure("p6_fired_in_test", [
          "\\b(?:alarms?|alerts?|all|they|each|every one|eight|ten)\\b.{0,40}\\b(?:made to fire|fired|tested|triggered|drilled)\\b|\\btest(?:ed)? (?:the |all |every |our )?(?:alarms?|alerts?)\\b|\\btest alarms?\\b",
        ]),
        ...reads(
          "p6_unattended",
          [
            "\\b(?:mailbox|mailing list|distribution list|inbox|e-?mails? (?:to|only)|by e-?mail|to (?:an? |the )?(?:team )?e-?mail|(?:slack|teams) channel)\\b",
            "\\bnobody (?:is )?(?:watch\\w{0,4}|look\\w{0,3}|read\\w{0,3}|on call)\\b|\\bno (?:actions?|one (?:watches|is on call))\\b",
          ],
          "\\b(?:pager ?duty|ops ?genie|on-?call (?:rota|phone|engineer|tool))\\b",
        ),
        ...readsAsNone("p6_no", [
          "\\b(?:no|without|zero) (?:alarms?|alerts?|alerting)\\b|\\b(?:alarms?|alerts?|alerting) (?:are |is |were |have |has )?(?:not|n't) (?:been )?(?:set|configured|there|enabled)|\\bonly (?:have )?dashboards?\\b|\\bwe (?:have|use|watch) (?:the |our )?dashboards?\\b",
        ]),
      ],
      evidence: [shows("alarms", ["p6_unattended"], ["p6_reach_someone"])],
      plain: { enough: [], withEvidence: true, yes: [], no: ["p6_no"] },
      followUp:
        "Which breaches raise an alarm, who is woken by it during the event, and was it made to fire in a test?",
      practices: practices("OPS08-BP04", "REL06-BP03", "PERF05-BP02"),
      links: [NOTIFICATIONS],
      whoKnows: "whoever is on call, or runs observability",
      dueDaysBefore: 14,
    },
  ],
};

import type { SampleQuestion } from "./practice-sample.ts";

/** The sample shop, as its performance questions find it. */
export const shopPerformance: readonly SampleQuestion[] = [
  {
    id: "P1",
    known: [
      "Web and api run in Auto Scaling groups; on a busy day their CPU is at 35%.",
      "Every order calls the payment provider, which has one address. The calls leave through the NAT gateway in eu-west-1a, which held 17,500 connections to it on the last busy day. A NAT gateway carries 55,000 to one destination.",
      "Web instances used 0.5 of their 1.9 Gbps network baseline. Nothing has an alarm but CPU.",
    ],
    weaknesses: [
      {
        text: "The NAT gateway: 17,500 × 3 = 52,500 of 55,000 connections, 95% full at the expected peak, without an alarm.",
        seen: ["\\bnat\\b"],
      },
    ],
    holds: ["p1_open"],
    model:
      "The NAT gateway gives way first: 17,500 connections to the payment provider, so 52,500 of 55,000 at 3x, 95%. The network of web comes next with 79% of its baseline at 3x. By 13 Nov the platform team adds a NAT gateway in each zone; an alarm at 70% goes to the on-call, and if it fires the order queue takes over, runbook SALE-2.",
  },
  {
    id: "P2",
    known: [
      "Every checkout takes its order number from one row, order_counter, in orders-db.",
      "In last week's test that row took 55 updates a second; above that the response time rose past 4 seconds.",
      "When a checkout times out, the app tries again at once, for as long as the customer waits.",
    ],
    weaknesses: [
      {
        text: "The row order_counter: 22 × 3 = 66 orders a second against the 55 it takes.",
        seen: ["\\b(?:order.?)?counter\\b|\\b(?:order|one|single|same|hot) (?:number )?row\\b"],
      },
      {
        text: "Retries without end and without a pause: a slow row gets more load the slower it is.",
        seen: ["\\bretr(?:y|ies|ied|ying)\\b|\\btries again\\b|\\bback.?off\\b"],
      },
    ],
    holds: ["p2_open"],
    model:
      "The row order_counter, which every checkout updates: 55 a second measured, and the sale brings 66, so nothing relieves it yet. By 13 Nov order numbers come from a sequence in blocks of 100, retries get back-off with jitter, three at most, and above 60 orders a second the waiting room opens. Tested again on 10 Nov.",
  },
  {
    id: "P3",
    known: [
      "QA ran a load test in May, on staging: 800 requests a second for 15 minutes, browsing only. It passed.",
      "Staging has a quarter of production's instances. The checkout was rewritten in August.",
      "Distributed Load Testing is installed. Production has a quiet hour on 10 November at 05:00.",
    ],
    weaknesses: [
      {
        text: "The only test is older than the checkout it should have tested.",
        seen: ["\\b(?:in |of |since )?may\\b|\\b(?:old|older|expired|outdated)\\b|\\brewritten\\b|\\bmonths ago\\b"],
      },
      {
        text: "It was run on a quarter of the machines, without a single order, at a quarter of the expected peak.",
        seen: ["\\bstaging\\b|\\bbrows\\w{1,4} only\\b|\\bonly brows\\w{1,4}\\b|\\bquarter\\b|\\bno checkout\\b"],
      },
    ],
    holds: ["p3_partial"],
    model:
      "The test of May doesn't count: staging, browsing only, 800 requests a second, and checkout was rewritten since. On 10 Nov at 05:00 Distributed Load Testing runs on production: browse and checkout, a step from normal to 4,485 rps (3x peak and 30%) in two minutes, held for 60 minutes. Passed means p99 below 800 ms and errors below 0.1%. It is repeated on 20 Nov after the code freeze.",
  },
  {
    id: "P4",
    known: [
      "CloudFront serves www and img. Images are answered from cache 97% of the time, pages 31%.",
      "Pages carry a session cookie, and the cookie is part of the cache key.",
      "The load balancer's own name answers anyone who knows it.",
    ],
    weaknesses: [
      {
        text: "With the session cookie in the cache key 69% of page views reach the origin, at peak as on any day.",
        seen: ["\\bcookies?\\b|\\bcache key\\b|\\b31 ?%|\\b69 ?%"],
      },
      {
        text: "The origin can be reached around the CDN.",
        seen: [
          "\\b(?:around|bypass\\w{0,3}|directly|direct access|open to|anyone|prefix list|not closed|not guarded)\\b",
        ],
      },
    ],
    holds: ["p4_partly"],
    model:
      "CloudFront for www and img; /checkout and /api are never cached. Hit ratio 97% for images but only 31% for pages, since the session cookie is in the cache key. It is taken out by 6 Nov; until then 69% of page views reach the origin. From 6 Nov Origin Shield is on and the load balancer accepts only CloudFront's prefix list: today anyone can go around the CDN. Nobody may purge with a wildcard during the sale.",
  },
  {
    id: "P5",
    known: [
      "The load balancer writes access logs to S3, kept for 14 days.",
      "CloudFront's logs were switched off in June, to save money.",
      "The database logs queries slower than 10 seconds. Last year's review could not say which page had been slow.",
    ],
    weaknesses: [
      {
        text: "CloudFront's logs are off, so what customers saw at the edge is nowhere.",
        seen: ["\\b(?:cloudfront|cdn|edge)\\b"],
      },
      {
        text: "14 days: next year's team finds nothing of this sale.",
        seen: ["\\b14 ?days\\b|\\btwo weeks\\b|\\bretention\\b|\\b1[2-9] months\\b|\\bkept (?:for|until)\\b"],
      },
    ],
    holds: ["p5_partly"],
    model:
      "Only the load balancer's access logs reach S3, for 14 days. By 6 Nov CloudFront logs are on again, flow logs too, and the slow query threshold goes from 10 s to 200 ms. All of it is kept 13 months in the log archive bucket, until the next sale is over, and queried with Athena: we check on 9 Nov that a request can be followed by its id from edge to database.",
  },
  {
    id: "P6",
    known: [
      "There are 41 alarms. All of them mail ops@, a mailbox that the office reads.",
      "Their thresholds are two years old; the CPU alarm rings every Friday evening.",
      "None of them looks at orders, at checkout's response time or at errors that customers see.",
    ],
    weaknesses: [
      {
        text: "All alarms end in a mailbox that nobody reads at night or on the morning of a sale.",
        seen: ["\\b(?:mail\\w{0,3}|mailbox|e-mail|inbox|ops@|nobody reads|office)\\b"],
      },
      {
        text: "Nothing alarms on what customers feel: orders, latency, errors.",
        seen: [
          "\\b(?:no alarms? (?:on|for)|nothing (?:on|for|alarms)|none (?:on|for|of them)|missing)\\b.{0,60}\\b(?:orders?|latency|checkout|errors?|users?|customers?)\\b|\\borders?\\b.{0,60}\\b(?:not alarmed|no alarm|missing)\\b|\\b(?:add|set|new)\\b.{0,60}\\b(?:orders?|latency|p99|5xx)\\b",
        ],
      },
    ],
    holds: ["p6_unattended"],
    model:
      "Today 41 alarms on machines mail a mailbox nobody watches, and none of them looks at orders, latency or errors. By 6 Nov we set five that users would feel: checkout p99 over 800 ms, 5xx over 0.5%, orders a minute below 80% of forecast, database connections and NAT connections over 70%. They page the on-call through PagerDuty, whose rota is filled for 26 to 30 Nov. Thresholds are for 3x; each is made to fire in the load test of 10 Nov.",
  },
];

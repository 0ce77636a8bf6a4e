import type { SampleQuestion } from "./practice-sample.ts";

/** The sample shop, as its resilience questions find it. */
export const shopResilience: readonly SampleQuestion[] = [
  {
    id: "R1",
    known: [
      "The new checkout's next release is planned for Wednesday 25 November.",
      "The stock job starts at 02:00 and takes two and a half hours; in the week of the sale it has three times the rows.",
      "One colleague knows the payment gateway. She is on leave from 23 November.",
    ],
    weaknesses: [
      {
        text: "A release two days before the sale.",
        seen: ["\\brelease\\b|\\bdeploy\\w{0,6}\\b|\\bfreeze\\b|\\b25 nov"],
      },
      {
        text: "The stock job: 2.5 × 3 = 7.5 hours from 02:00 ends at 09:30, half an hour into the sale.",
        seen: ["\\b(?:stock|nightly|batch) ?(?:job|import|sync|run)\\b"],
      },
      {
        text: "One person knows the payment gateway, and she is away.",
        seen: ["\\bleave\\b|\\bholiday\\b|\\bcolleague\\b|\\bone person\\b|\\bonly (?:she|one)\\b|\\baway\\b"],
      },
    ],
    holds: ["r1_listed"],
    model:
      "1. The release of 25 Nov: moved to 16 Nov, code freeze from 18 Nov, owner Checkout; a feature flag rolls it back. 2. The stock job would end at 09:30 with three times the rows: owner Warehouse, it is started on Thursday evening and switched off if it isn't done by 07:00. 3. The payment gateway's only expert is on leave: owner Payments, she hands over by 16 Nov with a runbook, and the incident lead decides on the pay-later fallback.",
  },
  {
    id: "R2",
    known: [
      "Web and api run in three zones, sized to lose one.",
      "orders-db is an RDS PostgreSQL instance, Single-AZ, 1.2 TB. The cache is one Redis node; it holds sessions and baskets.",
      "There is one NAT gateway, in eu-west-1a. Payments go through one provider.",
    ],
    weaknesses: [
      {
        text: "orders-db is Single-AZ: every order waits for one zone.",
        seen: ["\\borders-db\\b|\\b(?:data ?base|rds|postgres\\w{0,3})\\b"],
      },
      { text: "One Redis node holds every session and basket.", seen: ["\\b(?:redis|cache|elasticache)\\b"] },
      {
        text: "One NAT gateway: three zones leave through one of them.",
        seen: ["\\bnat\\b"],
      },
      { text: "One payment provider.", seen: ["\\b(?:payments?|provider|psp)\\b"] },
    ],
    holds: ["r2_single"],
    model:
      "Entry, web and api: three AZs, each sized to run on two. orders-db is single-AZ and every order waits for it: Multi-AZ on 10 Nov, CHG-2207, owner Database. The one Redis node gets a replica in another zone on 10 Nov. One NAT gateway serves three zones: one in each by 13 Nov, owner Platform. What remains is the single payment provider; the head of payments accepts it until 30 Nov, the pay-later page was tested.",
  },
  {
    id: "R3",
    known: [
      "Product images lie in one S3 bucket, without versions.",
      "Orders are in orders-db; nightly snapshots are kept 7 days in the same account.",
      "The price list is uploaded by FTP to the disk of the instance web-1. Baskets are only in Redis.",
    ],
    weaknesses: [
      {
        text: "Images without versions: one wrong sync before the sale, and they are gone.",
        seen: ["\\bversion\\w{0,3}\\b"],
      },
      {
        text: "The price list exists once, on an instance that Auto Scaling may replace at any time.",
        seen: ["\\bprice(?: |-)?lists?\\b|\\bprices\\b|\\bweb-1\\b|\\bftp\\b|\\binstance(?:'s)? disk\\b"],
      },
      {
        text: "All copies of the orders are in the account that would be lost with them.",
        seen: ["\\bsame account\\b|\\b(?:another|other|backup|separate) account\\b"],
      },
    ],
    holds: ["r3_gaps"],
    model:
      "Images in S3: versioning is switched on and replicated to the backup account by 6 Nov; today one wrong sync deletes them. Orders in orders-db: snapshots 7 days in the same account, so a daily copy goes to the backup account from 6 Nov and point in time recovery is on. The price list exists only once, on web-1's disk: it moves to S3 by 6 Nov. Baskets are only in Redis; losing them costs customers a minute, the search index can be rebuilt in 25 minutes.",
  },
  {
    id: "R4",
    known: [
      "An order is worth 48 EUR on average. The first wave of a sale lasts two hours.",
      'The intranet says "RTO 4 hours" for every system. Nobody in sales has read it.',
      "Search, recommendations and reviews use the same database as checkout.",
    ],
    weaknesses: [
      {
        text: "An RTO of 4 hours is twice as long as the first wave of the sale.",
        seen: ["\\b(?:4|four).?(?:h|hours?)\\b|\\brto\\b.{0,80}\\b(?:minutes?|min)\\b"],
      },
      {
        text: "66 orders a second × 48 EUR is about 190,000 EUR a minute at peak; nobody has agreed to risk that.",
        seen: ["\\d[\\d,.' ]{0,9}k? ?(?:eur|euros?|€)|(?:eur|€) ?\\d|\\bnot agreed\\b|\\bagreed? with sales\\b"],
      },
    ],
    holds: ["r4_everyday"],
    model:
      "Checkout: 66 orders a second at 48 EUR, so about 190,000 EUR a minute at peak; a paid order without a record can't be made good. The RTO of 4 hours on the intranet is an everyday figure and longer than the first wave. For the sale we propose RTO 15 minutes and RPO zero for checkout, agreed with the head of sales by 6 Nov. Checkout is rescued first; reviews and recommendations are switched off first and can wait a day.",
  },
  {
    id: "R5",
    known: [
      'The runbook "Restore orders-db" is in the wiki, last changed 14 months ago. The wiki needs the company login.',
      "The restore was tried once, in February last year: 3 hours 10 minutes, for half of today's data.",
      "There is no plan for a bad release or for a payment provider that is down.",
    ],
    weaknesses: [
      {
        text: "3 hours 10 minutes, and the data has doubled: longer than the sale's first wave.",
        seen: ["\\b3 ?(?:h|hours?)\\b|\\bthree hours\\b|\\btoo (?:slow|long)\\b|\\blonger than\\b|\\bdoubled\\b"],
      },
      {
        text: "The plan can't be read when the login is down.",
        seen: ["\\b(?:wiki|log-?in|sso|printed?|pdf|offline|laptops?)\\b"],
      },
      {
        text: "It hasn't been run since February last year.",
        seen: [
          "\\blast year\\b|\\bfebruary\\b|\\bnot (?:been )?tested\\b|\\bnever (?:since|again)\\b|\\b(?:run|tested|rehearse\\w?|restore)\\b.{0,40}\\b(?:nov|again)\\b",
        ],
      },
    ],
    holds: ["r5_written", "r5_too_slow"],
    model:
      "There is one runbook, for the database, in the wiki behind the login. It was last run in February last year in 3 hours 10 minutes, and the data has doubled: longer than the sale can bear. With Multi-AZ from 10 Nov a lost zone takes about a minute; the restore from start to end is run again on 12 Nov against an RTO of 60 minutes. Runbooks for bad release and payment outage are written by 12 Nov. The incident lead decides, the on-call starts it; printed copies lie in the war room.",
  },
  {
    id: "R6",
    known: [
      "The groups replace instances that fail /health. /health answers ok without asking the database.",
      "orders-db has no standby. When it fails, somebody restores it by hand.",
      "In August the database was slow for 40 minutes. Nothing switched over, and nobody was paged.",
    ],
    weaknesses: [
      {
        text: "/health says ok while nobody can order.",
        seen: ["/health|\\bhealth.?checks?\\b"],
      },
      {
        text: "Slow isn't dead: what happened in August would go unseen again.",
        seen: ["\\bslow\\w{0,4}\\b|\\baugust\\b|\\bdegrad\\w{1,6}\\b"],
      },
    ],
    holds: ["r6_untested"],
    model:
      "Web and api: automatic, the groups replace what fails the health check, but /health doesn't ask the database; it will from 6 Nov. orders-db: by hand today, automatic with Multi-AZ from 10 Nov; a failover is forced on 12 Nov at test load, we expect 60 s until pools reconnect. Slow but not dead, as in August: p99 above 2 s for 5 minutes pages the on-call, and the incident lead decides to switch off reviews or fail over, 5 minutes by runbook.",
  },
];

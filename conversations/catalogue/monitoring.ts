import type { Module } from "../../src/domain/catalogue.ts";
import { practices } from "./practices.ts";
import { choice, noneOfThese, point, reads, readsAsNone, readsIfSure, shows } from "./write.ts";

export const monitoring: Module = {
  id: "monitoring",
  title: "Monitoring",
  intro: "The few figures that say whether the event goes well, and who watches them.",
  pillar: "operationalExcellence",
  questions: [
    {
      id: "M1",
      text: "What metrics are crucial to be informed about during the event?",
      short: "crucial metrics",
      why: "Five figures on one screen beat two hundred on twelve. The first should be the one the business would ask for: orders a minute, streams started, tickets sold, against what was expected. It falls when anything breaks, also what you don't monitor: the supplier, the app store release, the wrong price. Then what users feel (latency of the slowest hundredth, errors), then what runs out (connections, queue age, headroom of the first limit). Each needs a line where someone acts, and a name. A metric that nobody would act on is decoration; a flat line can mean that all is well or that the data stopped.",
      good: [
        point("business", "The business figure, with what is expected: orders, logins, streams, payments a minute", [
          "\\b(?:orders?|sales|checkouts?|payments?|logins?|sign-?ups?|streams?|viewers?|tickets?|bookings?|revenue|conversions?|baskets?|carts?|bids?|registrations?|transactions?|downloads?|business|kpis?|users)\\b",
        ]),
        point("felt", "What users feel, as percentiles and rates: latency p99, errors, availability from outside", [
          "\\b(?:latency|p9\\d|percentiles?|response times?|errors?|error rate|5xx|4xx|availability|synthetics?|canar\\w{1,3}|apdex|slo|success rate|page load|web vitals|timeouts?|rum)\\b",
        ]),
        point("running_out", "What could run out: connections, queue age, CPU, lag, quotas, the first stress point", [
          "\\b(?:connections?|queues?|queue age|depth|cpu|memory|lag|iops|saturation|throttl\\w{1,4}|quotas?|head-?room|capacity|disk|credits?|pool|burst|network|bandwidth|concurrency|evictions?|hit ratio|surge)\\b",
        ]),
        point(
          "act",
          "From which value someone acts, who that is, and where it is seen",
          [
            "\\b(?:above|below|over|under|threshold\\w{0,1}|alarms?|alerts?|pages?|on-?call|dashboards?|screen|wallboard|watch\\w{0,3}|owner|who|team|lead|grafana|datadog|cloudwatch|channel|[<>])",
          ],
          ["dashboards", "alarms"],
        ),
      ],
      example:
        'Orders a minute against forecast (below 80% for 3 minutes pages the incident lead), checkout p99 over 800 ms, 5xx over 0.5%, payment success under 97%, database connections over 80%, age of the order queue over 30 s. One dashboard, "Event", on the wall and in the channel; the on-call watches it, two hours each.',
      dangerous: [
        '"CPU and memory." Both can be fine while nobody can pay.',
        '"Everything is in Datadog." Which five do you look at, and when do you act?',
        '"Average response time." The mean stays calm while one in twenty gives up.',
      ],
      choices: [
        choice(
          "m1_few_with_lines",
          "A few metrics are chosen, each with a threshold and a person who acts",
          "Choose five to eight: one of the business, what users feel, what runs out; write a threshold and a name beside each.",
        ),
        choice(
          "m1_business",
          "A business metric with its expected curve is among them",
          "Chart orders (or logins, streams) a minute against the forecast, and alarm when it falls below.",
        ),
        choice(
          "m1_one_screen",
          "They are on one dashboard that someone watches during the event",
          "Put them on one dashboard, link it in the event's channel, and give each hour of the event a watcher.",
        ),
        choice(
          "m1_technical_only",
          "Only technical or average values are watched, or there is no choice yet",
          "Add the business figure and percentiles; drop what nobody would act on.",
        ),
        noneOfThese("m1_no"),
      ],
      rules: [
        {
          when: "m1_few_with_lines && m1_business && !m1_technical_only",
          risk: "NO_RISK",
          because: "The event's own figure is watched, and it is clear when someone acts.",
        },
        {
          when: "m1_few_with_lines || m1_business || m1_one_screen",
          risk: "MEDIUM_RISK",
          because: "Some figures are watched, but not yet the business's own with a line where someone acts.",
        },
        { when: "default", risk: "HIGH_RISK", because: "Trouble would be noticed by users first." },
      ],
      phrases: [
        ...readsIfSure(
          "m1_few_with_lines",
          [
            "\\b(?:orders?|p9\\d|latency|errors?|5xx|payments?|logins?|connections?|queue|success)\\b.{0,40}(?:\\b(?:above|below|over|under)\\b|[<>]) ?\\d.{0,80}\\b(?:pages?|on-?call|lead|alarms?|alerts?|owner|watch\\w{0,3})\\b",
            "\\b(?:pages?|alarms?|alerts?)\\b.{0,50}(?:\\b(?:above|below|over|under)\\b|[<>]) ?\\d",
          ],
          "\\bno (?:thresholds?|owner)\\b",
        ),
        ...readsIfSure(
          "m1_business",
          [
            "\\b(?:orders?|checkouts?|payments?|logins?|sign-?ups?|streams?|tickets?|bookings?|sales|bids|registrations?)\\b.{0,12}\\b(?:an?|per|each) (?:minute|second|hour)\\b|\\b(?:orders?|sales|logins?|streams?|bookings?) (?:rate|count)\\b|\\bagainst (?:the )?forecast\\b|\\bbusiness (?:metrics?|kpis?|figures?)\\b|\\b(?:orders|payments|logins|tickets|checkouts)/(?:min|s|h)\\b",
          ],
          "\\bno (?:business|orders?)\\b",
        ),
        ...readsIfSure(
          "m1_one_screen",
          [
            "\\b(?:one|single|event|shared|the) dashboard\\b|\\bdashboard\\b.{0,40}\\b(?:watch\\w{0,3}|wall|channel|screen)\\b|\\bwallboard\\b|\\bwar room screen\\b",
          ],
          "\\bno (?:single )?dashboard\\b",
        ),
        ...reads(
          "m1_technical_only",
          [
            "\\b(?:only|just) (?:the )?(?:cpu|memory|infrastructure|technical|averages?|system|host)\\b|\\baverage (?:response|latency|cpu)\\b|\\bcpu and memory\\b|\\bcpu, memory\\b|\\bthe (?:usual|standard|default) (?:metrics|ones|dashboards?)\\b|\\beverything (?:is )?in (?:datadog|cloudwatch|grafana|new relic|dynatrace)\\b",
          ],
          "\\b(?:orders?|sales|payments?|logins?|p9\\d|not (?:only|just))\\b",
        ),
        ...readsAsNone("m1_no", [
          "\\b(?:none|no metrics|nothing (?:chosen|defined|special))\\b|\\bwe (?:will|'ll) see\\b",
        ]),
      ],
      evidence: [shows("dashboards", ["m1_one_screen"]), shows("alarms", [], ["m1_few_with_lines"])],
      plain: { enough: [], withEvidence: false, yes: [], no: ["m1_no"] },
      followUp:
        "Which business figure would fall first, which latency and error values matter, and from which value does who act?",
      practices: practices("OPS04-BP01", "PERF05-BP01", "OPS08-BP01", "OPS08-BP05", "REL06-BP02"),
      links: [
        {
          title: "AWS User Notifications",
          url: "https://aws.amazon.com/blogs/aws/new-set-up-your-aws-notifications-in-one-place/",
        },
      ],
      whoKnows: "the product owner, with whoever is on call",
      dueDaysBefore: 28,
    },
  ],
};

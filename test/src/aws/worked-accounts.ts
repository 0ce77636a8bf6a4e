import type { RegionData } from "../../stand-ins/aws/account.ts";

/**
 * Accounts with answers worked out by hand. `sum` is the working, so that a reader can follow it without the code;
 * `ask` goes through the grammar and real clients, so that one table covers the way from words to numbers.
 */
export type WorkedAccount = {
  name: string;
  region: RegionData;
  peak?: number;
  ask: string;
  sum: string;
  verdict: "yes" | "no" | "unknown";
  /** Begins the answer. */
  first: string;
  /** Somewhere in the lines. */
  says?: string[];
  /** Suggested new value, where a raise is offered. */
  raise?: number;
};

const standard = (value: number) => ({ ec2: [{ code: "L-1216C47A", value }] });

export const WORKED: WorkedAccount[] = [
  {
    name: "the example of the guide: 300 m7g.2xlarge",
    region: { quotas: standard(1_152), instances: [{ type: "m7g.2xlarge", count: 12 }] },
    ask: "can we run 300 m7g.2xlarge?",
    sum: "12 × 8 = 96 in use; 1,152 − 96 = 1,056 left; 300 × 8 = 2,400; 96 + 2,400 = 2,496; 2,496 − 1,152 = 1,344 short; 2,496 × 1.15 = 2,870.4 → 2,880",
    verdict: "no",
    first: "No. 300 × 8 = 2,400 vCPU; you have room for 1,056.",
    says: ["Running On-Demand Standard: 96 of 1,152 vCPU in use (default, eu-west-1, read 09:02 UTC). Short by 1,344."],
    raise: 2_880,
  },
  {
    name: "exactly what is left fits",
    region: { quotas: standard(1_152), instances: [{ type: "m7g.2xlarge", count: 12 }] },
    ask: "can we run 132 m7g.2xlarge?",
    sum: "132 × 8 = 1,056 = 1,152 − 96",
    verdict: "yes",
    first: "Yes. 132 × 8 = 1,056 vCPU; you have room for 1,056.",
  },
  {
    name: "dl1 is DL, not the D of Standard",
    region: {
      quotas: {
        ec2: [
          { code: "L-1216C47A", value: 5_000 },
          { code: "L-6E869C2A", value: 96 },
        ],
      },
      instances: [{ type: "d3.xlarge", count: 10 }],
    },
    ask: "can we run 2 dl1.24xlarge",
    sum: "2 × 96 = 192 against DL's 96; the d3 instances are Standard",
    verdict: "no",
    first: "No. 2 × 96 = 192 vCPU; you have room for 96.",
    says: ["Running On-Demand DL: 0 of 96 vCPU in use"],
    raise: 221,
  },
  {
    name: "inf2 is Inf, not the I of Standard",
    region: {
      quotas: {
        ec2: [
          { code: "L-1216C47A", value: 8 },
          { code: "L-1945791B", value: 400 },
        ],
      },
      instances: [
        { type: "i4i.xlarge", count: 2 },
        { type: "inf2.xlarge", count: 1 },
      ],
    },
    ask: "can we run 2 inf2.48xlarge",
    sum: "2 × 192 = 384; 4 in use of 400; 388 fits",
    verdict: "yes",
    first: "Yes. 2 × 192 = 384 vCPU; you have room for 396.",
    says: ["Running On-Demand Inf: 4 of 400 vCPU in use"],
  },
  {
    name: "hpc7a is HPC, not the H of Standard",
    region: {
      quotas: {
        ec2: [
          { code: "L-1216C47A", value: 1_152 },
          { code: "L-F7808C92", value: 192 },
        ],
      },
      instances: [
        { type: "h1.2xlarge", count: 4 },
        { type: "hpc7a.12xlarge", count: 2 },
      ],
    },
    ask: "can we run 1 hpc7a.96xlarge",
    sum: "2 × 24 = 48 in use of 192; 144 left; 192 wanted",
    verdict: "no",
    first: "No. 1 × 192 = 192 vCPU; you have room for 144.",
    raise: 276,
  },
  {
    name: "there is no Spot for HPC",
    region: { quotas: { ec2: [{ code: "L-F7808C92", value: 192 }] } },
    ask: "10 spot hpc7a.12xlarge",
    sum: "AWS has no Spot quota for HPC",
    verdict: "no",
    first: "No. hpc7a.12xlarge can't be had as Spot.",
  },
  {
    name: "Mac runs on Dedicated Hosts, with quotas of their own",
    region: { quotas: standard(1_152) },
    ask: "2 mac2.metal",
    sum: "no vCPU quota applies",
    verdict: "unknown",
    first: "I can't tell: mac2.metal belongs to no family",
  },
  {
    name: "a type that the Region doesn't have",
    region: { quotas: standard(1_152), withoutTypes: ["m7g.2xlarge"] },
    ask: "1 m7g.2xlarge",
    sum: "not offered",
    verdict: "no",
    first: "No. m7g.2xlarge isn't offered in eu-west-1.",
  },
  {
    name: "two types of two families at once",
    region: {
      quotas: {
        ec2: [
          { code: "L-1216C47A", value: 100 },
          { code: "L-DB2E81BA", value: 10 },
        ],
      },
    },
    ask: "10 m7g.2xlarge and 5 g5.xlarge",
    sum: "10 × 8 = 80 of 100 fits; 5 × 4 = 20 of 10 doesn't",
    verdict: "no",
    first: "No. 5 × 4 = 20 vCPU; you have room for 10.",
    says: ["Yes. 10 × 8 = 80 vCPU; you have room for 100."],
    raise: 23,
  },
  {
    name: "unused Capacity Reservations count, stopped and pending instances don't",
    region: {
      quotas: standard(100),
      instances: [
        { type: "m5.xlarge", count: 5 },
        { type: "m5.xlarge", count: 20, state: "stopped" },
        { type: "m5.xlarge", count: 20, state: "pending" },
      ],
      reservations: [{ type: "m5.2xlarge", total: 10, available: 4 }],
    },
    ask: "12 m5.xlarge",
    sum: "5 × 4 = 20 running + 4 × 8 = 32 reserved = 52; 48 left; 12 × 4 = 48",
    verdict: "yes",
    first: "Yes. 12 × 4 = 48 vCPU; you have room for 48.",
  },
  {
    name: "Spot: open requests count with what runs, closed ones don't",
    region: {
      quotas: { ec2: [{ code: "L-34B43A08", value: 64 }] },
      instances: [{ type: "c7g.2xlarge", count: 3, spot: true }],
      spotRequests: [
        { type: "c7g.2xlarge", state: "open", count: 2 },
        { type: "c7g.2xlarge", state: "active", count: 3 },
        { type: "c7g.2xlarge", state: "closed", count: 50 },
      ],
    },
    ask: "4 spot c7g.2xlarge",
    sum: "3 × 8 running + 2 × 8 open = 40; 24 left; 32 wanted",
    verdict: "no",
    first: "No. 4 × 8 = 32 vCPU; you have room for 24.",
    raise: 83,
  },
  {
    name: "TiB against GiB: 45 TiB of gp3 in 90 volumes of 512 GiB",
    region: {
      quotas: { ebs: [{ code: "L-7A658B76", value: 50 }] },
      volumes: [
        { type: "gp3", gib: 512, count: 90 },
        { type: "gp2", gib: 16_000, count: 3 },
      ],
    },
    ask: "how much gp3 is left",
    sum: "90 × 512 / 1,024 = 45 TiB; 50 − 45 = 5",
    verdict: "yes",
    first: "Yes, 5 TiB of gp3 storage left.",
    says: ["gp3 storage: 45 of 50 TiB in use"],
  },
  {
    name: "adding GiB to a quota in TiB",
    region: { quotas: { ebs: [{ code: "L-7A658B76", value: 50 }] }, volumes: [{ type: "gp3", gib: 512, count: 90 }] },
    ask: "room for 6,144 GiB more gp3?",
    sum: "6,144 / 1,024 = 6 TiB; 5 left; 51 × 1.15 = 58.65 → 59",
    verdict: "no",
    first: "No. 6 TiB more; you have room for 5.",
    raise: 59,
  },
  {
    name: "a new account has AWS's default, and that is said",
    region: { quotas: { ebs: [{ code: "L-7A658B76", default: 50 }] } },
    ask: "how much gp3 is left",
    sum: "no applied value; the default is 50",
    verdict: "yes",
    first: "Yes, 50 TiB of gp3 storage left.",
    says: ["gp3 storage: 0 of 50 TiB (AWS default) in use"],
  },
  {
    name: "a quota row with an error is unknown, never 0",
    region: {
      quotas: { ebs: [{ code: "L-7A658B76", error: "DEPENDENCY_SERVICE_ERROR" }] },
      volumes: [{ type: "gp3", gib: 512, count: 2 }],
    },
    ask: "how much gp3 is left",
    sum: "the quota can't be told",
    verdict: "unknown",
    first: "I can't tell: AWS can't tell the quota now (DEPENDENCY_SERVICE_ERROR).",
  },
  {
    name: "IOPS: io2 has a quota, the IOPS of gp3 don't count",
    region: {
      quotas: {
        ebs: [
          { code: "L-8D977E7E", value: 100_000 },
          { code: "L-B3A130E6", value: 300_000 },
        ],
      },
      volumes: [
        { type: "io2", gib: 100, iops: 16_000, count: 5 },
        { type: "gp3", gib: 100, iops: 16_000, count: 50 },
      ],
    },
    ask: "room for 30,000 more iops on io2",
    sum: "5 × 16,000 = 80,000; 20,000 left; 110,000 × 1.15 = 126,500 → 127,000",
    verdict: "no",
    first: "No. 30,000 IOPS more; you have room for 20,000.",
    raise: 127_000,
  },
  {
    name: "Lambda: all that is needed against the account's concurrency",
    region: { quotas: { lambda: [{ code: "L-B99A9384", value: 1_000 }] }, lambda: { concurrency: 1_000, used: 300 } },
    ask: "enough Lambda concurrency for 4000?",
    sum: "4,000 − 1,000 = 3,000 short; 4,600",
    verdict: "no",
    first: "No. 4,000 executions in all; the quota is 1,000, short by 3,000.",
    says: ["Lambda concurrent executions: 300 of 1,000 executions in use"],
    raise: 4_600,
  },
  {
    name: "sandboxed SES takes 200 a day",
    region: {
      quotas: {
        ses: [
          { code: "L-804C8AE8", value: 200 },
          { code: "L-CDEF9B6B", value: 1 },
        ],
      },
      ses: { perDay: 200, perSecond: 1, sent: 20 },
    },
    ask: "can SES send 50,000 mails a day?",
    sum: "50,000 − 200",
    verdict: "no",
    first: "No. 50,000 recipients in all; the quota is 200, short by 49,800.",
    raise: 57_500,
  },
  {
    name: "SES without a daily quota (−1) still has a rate",
    region: {
      quotas: {
        ses: [
          { code: "L-804C8AE8", value: -1 },
          { code: "L-CDEF9B6B", value: 14 },
        ],
      },
      ses: { perDay: -1, perSecond: 14, sent: 86_400, production: true },
    },
    ask: "can we send 100 emails per second",
    sum: "100 − 14 = 86",
    verdict: "no",
    first: "No. 100 recipients/s in all; the quota is 14, short by 86.",
    raise: 115,
  },
  {
    name: "no quota at all is a yes",
    region: {
      quotas: { ses: [{ code: "L-804C8AE8", value: -1 }] },
      ses: { perDay: -1, perSecond: 14, sent: 10, production: true },
    },
    ask: "2 million emails per day",
    sum: "unlimited",
    verdict: "yes",
    first: "Yes. There is no quota on SES recipients in 24 hours.",
  },
  {
    name: "a quota of 0 leaves nothing",
    region: {
      quotas: { elasticloadbalancing: [{ code: "L-8A66D0E6", value: 0 }] },
      loadBalancers: [{ type: "application", count: 3 }],
    },
    ask: "prewarm: 3000 LCUs for the alb",
    sum: "0 of 0",
    verdict: "no",
    first: "No. 3,000 LCU more; you have room for 0.",
    raise: 3_450,
  },
  {
    name: "reserved load balancer capacity is summed over the balancers of the kind",
    region: {
      quotas: {
        elasticloadbalancing: [
          { code: "L-8A66D0E6", value: 5_000 },
          { code: "L-723DCCB6", value: 900 },
        ],
      },
      loadBalancers: [
        { type: "application", count: 2, lcus: 1_500 },
        { type: "network", count: 1, lcus: 700 },
      ],
    },
    ask: "prewarm: 2500 LCUs for the alb",
    sum: "2 × 1,500 = 3,000; 2,000 left; 5,500 × 1.15 = 6,325 → 6,330",
    verdict: "no",
    first: "No. 2,500 LCU more; you have room for 2,000.",
    raise: 6_330,
  },
  {
    name: "NAT gateways are per zone: the fullest decides",
    region: {
      quotas: { vpc: [{ code: "L-FE5A380F", value: 5 }] },
      natGateways: [
        { zone: "eu-west-1a", count: 5 },
        { zone: "eu-west-1b", count: 1 },
      ],
    },
    ask: "nat gateways left",
    sum: "5 of 5 in eu-west-1a",
    verdict: "no",
    first: "No, nothing of NAT gateways per Availability Zone is left.",
    says: ["fullest zone: eu-west-1a"],
  },
  {
    name: "rates: the highest minute of the day, not the newest, and per second",
    region: {
      quotas: {
        sns: [
          {
            code: "L-F8E2BA85",
            value: 3_000,
            usage: [60, 120_000, 600],
            statistic: "Sum",
            period: { value: 1, unit: "SECOND" },
          },
        ],
      },
    },
    ask: "sns left",
    sum: "120,000 in a minute = 2,000 a second; 1,000 left",
    verdict: "yes",
    first: "Yes, 1,000 messages/s of SNS messages published left.",
  },
  {
    name: "groups: an instance count is not a vCPU count",
    region: {
      quotas: standard(1_152),
      templates: [{ id: "lt-1", name: "web", versions: [{ type: "m7g.2xlarge" }] }],
      groups: [
        { name: "web", max: 300, desired: 12, template: { id: "lt-1" }, members: [{ type: "m7g.2xlarge", count: 12 }] },
      ],
    },
    peak: 1,
    ask: "will our auto scaling groups fit?",
    sum: "300 × 8 = 2,400 against 1,152, though 300 < 1,152; 2,400 × 1.15 = 2,760",
    verdict: "no",
    first: "No. 1 group in default, eu-west-1 can ask for more than the quota.",
    says: ["Running On-Demand Standard: 96 of 1,152 vCPU in use; 2,400 at group maximum."],
    raise: 2_760,
  },
  {
    name: "groups: fit at their maximum, not at the peak",
    region: {
      quotas: standard(1_000),
      templates: [{ id: "lt-1", name: "web", versions: [{ type: "m7g.2xlarge" }] }],
      groups: [
        { name: "web", max: 100, desired: 10, template: { id: "lt-1" }, members: [{ type: "m7g.2xlarge", count: 10 }] },
      ],
      instances: [{ type: "m5.xlarge", count: 10 }],
    },
    peak: 3,
    ask: "do all asgs fit",
    sum: "outside 40; 100 × 8 = 800 → 840 of 1,000; at 3×: 2,400 + 40 = 2,440; × 1.15 = 2,806 → 2,810",
    verdict: "no",
    first: "No. 1 group in default, eu-west-1 can ask for more than the quota at 3× peak, though not at their maximum.",
    says: ["120 of 1,000 vCPU in use; 840 at group maximum; 2,440 at 3× peak."],
    raise: 2_810,
  },
  {
    name: "what is closest: by projected use",
    region: {
      quotas: {
        ebs: [{ code: "L-7A658B76", value: 50 }],
        ec2: [
          { code: "L-1216C47A", value: 1_000 },
          { code: "L-0263D0A3", value: 5 },
        ],
      },
      volumes: [{ type: "gp3", gib: 1_024, count: 20 }],
      instances: [{ type: "m5.xlarge", count: 50 }],
      counts: { addresses: 4 },
    },
    ask: "what's closest to its limit",
    sum: "addresses 4/5 = 80%, gp3 20/50 = 40%, vCPU 200/1,000 = 20%",
    verdict: "yes",
    first: "1 quota is at 80% or above (default, eu-west-1, read 09:02 UTC). Closest: Elastic IPs.",
    says: ["Elastic IPs: 4 of 5 addresses in use.", "gp3 storage: 20 of 50 TiB in use."],
  },
];

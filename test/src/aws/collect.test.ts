import { describe, expect, it, vi } from "vitest";
import { standardCatalogue } from "../../../conversations/catalogue/index.ts";
import { parseAccounts } from "../../../src/aws/accounts.ts";
import { QUOTA_SOURCES } from "../../../src/aws/collect.ts";
import type { EvidenceReport } from "../../../src/domain/evidence.ts";
import type { RegionData } from "../../stand-ins/aws/account.ts";
import { awsWith, counted, ownWith, scopeOf } from "./setup.ts";

const eu = { regions: ["eu-west-1"] };

function web(max: number, more: Partial<RegionData> = {}): RegionData {
  return {
    quotas: {
      ec2: [
        { code: "L-1216C47A", value: 1_152 },
        { code: "L-34B43A08", value: 640 },
      ],
      ebs: [{ code: "L-7A658B76", value: 50 }],
    },
    templates: [{ id: "lt-1", name: "web", versions: [{ type: "m7g.2xlarge", volumes: [{ type: "gp3", gib: 100 }] }] }],
    groups: [
      {
        name: "web",
        max,
        desired: 12,
        template: { id: "lt-1", version: "$Latest" },
        members: [{ type: "m7g.2xlarge", count: 12 }],
      },
    ],
    volumes: [{ type: "gp3", gib: 1_024, count: 10 }],
    ...more,
  };
}

const proved = (report: EvidenceReport) => [...new Set(report.items.flatMap((each) => each.proves))].sort();
const refuted = (report: EvidenceReport) => [...new Set(report.items.flatMap((each) => each.refutes))].sort();

describe("Q2: Auto Scaling against the quota", () => {
  it.each([
    [300, ["q2_short"], ["q2_room_at_max", "q2_room_at_peak"]],
    [100, ["q2_room_at_max"], ["q2_room_at_peak"]],
    [40, ["q2_room_at_peak"], []],
  ])("a maximum of %i at 3× peak", async (max, proves, refutes) => {
    const { collector } = await ownWith(web(max));
    const report = await collector.collect(scopeOf(eu), { sources: ["auto-scaling-capacity"] });
    expect(proved(report)).toEqual(proves);
    expect(refuted(report)).toEqual(refutes);
  });

  it("is said with its numbers, its largest group, its calls and its assumptions", async () => {
    const { collector } = await ownWith(web(300));
    const report = await collector.collect(scopeOf(eu), { sources: ["auto-scaling-capacity"] });
    expect(report.items[0]).toMatchObject({
      id: "auto-scaling-capacity/default/eu-west-1/ec2-standard",
      statement:
        "Running On-Demand Standard: 96 of 1,152 vCPU in use; 2,400 with every group at its maximum, 7,200 at 3× peak. Short by 6,048 at 3× peak, by 1,248 already at group maximum. Largest: web (maximum 300, 2,400 vCPU)",
      account: "default",
      region: "eu-west-1",
      readAt: "2026-10-28T09:02:00.000Z",
      figures: [{ used: 96, quota: 1_152, atMax: 2_400, projected: 7_200, quotaCode: "L-1216C47A" }],
    });
    expect(report.items[0]?.calls).toContain("autoscaling:DescribeAutoScalingGroups");
    expect(report.items[0]?.assumptions?.join(" ")).toContain("peak 3× applies to every group");
  });

  it("claims that every group fits only when every Region in scope was read and fits", async () => {
    const { collector, aws } = await awsWith(
      {
        accounts: [
          { id: "111122223333", keys: { AKIAOWN: "*" }, regions: { "eu-west-1": web(40), "us-east-2": web(40) } },
        ],
      },
      parseAccounts('[{"id":"111122223333","alias":"prod","regions":["eu-west-1","us-east-2"]}]', "accounts.json"),
    );
    aws.fault({ action: "autoscaling:DescribeAutoScalingGroups", kind: "deny", region: "us-east-2" });
    const report = await collector.collect(scopeOf(), { sources: ["auto-scaling-capacity"] });
    expect(proved(report)).toEqual([]);
    expect(report.items).toHaveLength(1);
    expect(report.gaps).toEqual([
      {
        source: "auto-scaling-capacity",
        questions: ["Q2"],
        account: "prod",
        region: "us-east-2",
        reason: "`autoscaling:DescribeAutoScalingGroups` is not allowed",
        missingAction: "autoscaling:DescribeAutoScalingGroups",
      },
    ]);
  });

  it("finds types in launch configurations, overrides with templates of their own, and attributes", async () => {
    const { collector } = await ownWith({
      quotas: {
        ec2: [
          { code: "L-1216C47A", value: 100_000 },
          { code: "L-DB2E81BA", value: 100_000 },
        ],
      },
      templates: [
        { id: "lt-1", name: "base", versions: [{ type: "m7g.large" }, { type: "m7g.2xlarge" }], defaultVersion: 1 },
        { id: "lt-2", name: "gpu", versions: [{ type: "g5.12xlarge" }, {}, {}] },
        {
          id: "lt-3",
          name: "wide",
          versions: [
            {
              requirements: {
                VCpuCount: { Min: 8, Max: 16 },
                MemoryMiB: { Min: 1_024 },
                AllowedInstanceTypes: ["c7g.*"],
              },
            },
          ],
        },
      ],
      launchConfigurations: [{ name: "old", type: "c5.large" }],
      groups: [
        { name: "default-version", max: 10, desired: 0, template: { name: "base" } },
        { name: "latest-version", max: 10, desired: 0, template: { id: "lt-1", version: "$Latest" } },
        { name: "numbered", max: 2, desired: 0, template: { id: "lt-1", version: "2" } },
        { name: "configured", max: 5, desired: 0, launchConfiguration: "old" },
        {
          name: "own-template",
          max: 1,
          desired: 0,
          template: { id: "lt-1" },
          overrides: [{ template: { id: "lt-2", version: "1" } }],
        },
        { name: "by-attributes", max: 3, desired: 0, template: { id: "lt-3" } },
      ],
    });
    const report = await collector.collect(scopeOf({ ...eu, peak: 1 }), { sources: ["auto-scaling-capacity"] });
    // 10 × 2 + 10 × 8 + 2 × 8 + 5 × 2 + 3 × 16 (c7g.4xlarge) = 174; and 1 × 48 of G
    const figures = report.items.flatMap((each) => each.figures ?? []);
    expect(figures.map((each) => [each.label, each.atMax])).toEqual([
      ["Running On-Demand G and VT", 48],
      ["Running On-Demand Standard", 174],
    ]);
  });
});

describe("the other quota questions", () => {
  it("Q3 adds the volumes that scaled-out instances bring", async () => {
    const { collector } = await ownWith(web(100));
    const report = await collector.collect(scopeOf(eu), { sources: ["ebs-storage"] });
    // 10 TiB; (100 − 12) × 100 GiB = 8.59 TiB; (300 − 12) × 100 GiB = 28.1 TiB → 38.1 of 50 = 76%
    expect(report.items[0]?.statement).toBe("gp3 storage: 10 of 50 TiB in use; 38.1 (76%) at 3× peak");
    expect(proved(report)).toEqual(["q3_room_at_peak"]);
  });

  it("Q3 from 80% of the quota on is no longer room", async () => {
    const { collector } = await ownWith(web(110));
    const report = await collector.collect(scopeOf(eu), { sources: ["ebs-storage"] });
    // (330 − 12) × 100 GiB = 31.05 TiB → 41.05 of 50 = 82%
    expect(report.items[0]?.statement).toContain("41.1 (82%) at 3× peak");
    expect([proved(report), refuted(report)]).toEqual([[], ["q3_room_at_peak"]]);
  });

  it("Q6 proves exposure when On-Demand has no room for what Spot carries", async () => {
    const mixed = web(100, {
      groups: [
        {
          name: "web",
          max: 80,
          desired: 10,
          template: { id: "lt-1" },
          distribution: { base: 0, percent: 0 },
          members: [{ type: "m7g.2xlarge", count: 10, spot: true }],
        },
      ],
    });
    const { collector } = await ownWith(mixed);
    const one = await collector.collect(scopeOf({ ...eu, peak: 1 }), { sources: ["spot-capacity"] });
    expect(one.items[0]?.statement).toBe(
      "Spot Standard: 80 of 640 vCPU in use; 640 at 1× peak. If Spot runs dry at 1× peak, Running On-Demand Standard needs 640 vCPU and has 1,152",
    );
    expect(proved(one)).toEqual(["q6_fallback_room"]);
    const three = await collector.collect(scopeOf({ ...eu, peak: 3 }), { sources: ["spot-capacity"] });
    expect(three.items[0]?.statement).toContain("needs 1,920 vCPU and has 1,152: short by 768");
    expect(proved(three)).toEqual(["q6_exposed"]);
  });

  it("Q6 without any Spot is proved not used", async () => {
    const { collector } = await ownWith(web(10));
    const report = await collector.collect(scopeOf(eu), { sources: ["spot-capacity"] });
    expect(proved(report)).toEqual(["q6_not_used"]);
  });

  it.each([
    ["sandboxed", { perDay: 200, perSecond: 1, sent: 5 }, ["q7_short"], "The account is in the sandbox"],
    [
      "with room",
      { perDay: 100_000, perSecond: 14, sent: 20_000, production: true },
      ["q7_room_both"],
      "60,000 in a day at 3× peak",
    ],
    [
      "short by day",
      { perDay: 50_000, perSecond: 100, sent: 20_000, production: true },
      ["q7_short"],
      "20,000 of 50,000 recipients",
    ],
    // 20,000 × 3 × 25% ÷ 3,600 = 4.2 a second
    [
      "short by second",
      { perDay: 100_000, perSecond: 4, sent: 20_000, production: true },
      ["q7_short"],
      "at most 4 a second",
    ],
    [
      "unlimited by day",
      { perDay: -1, perSecond: 14, sent: 20_000, production: true },
      ["q7_room_both"],
      "no daily quota",
    ],
    [
      "unused, and mail is in scope",
      { perDay: 50_000, perSecond: 14, sent: 0, production: true },
      [],
      "can't tell what the event needs",
    ],
  ])("Q7: SES %s", async (_, ses, proves, says) => {
    const { collector } = await ownWith({ ses, quotas: { ses: [{ code: "L-804C8AE8", value: ses.perDay }] } });
    const report = await collector.collect(scopeOf(eu), { sources: ["ses-sending"] });
    expect(proved(report)).toEqual(proves);
    expect(report.items[0]?.statement).toContain(says);
  });

  it("Q4 says what EC2 does with port 25, and proves nothing", async () => {
    const { collector } = await ownWith({});
    const report = await collector.collect(scopeOf(eu), { sources: ["email-port-25"] });
    expect(report.items[0]?.statement).toMatch(/^EC2 blocks port 25 to public addresses/);
    expect([proved(report), refuted(report)]).toEqual([[], []]);
  });

  it.each([
    [
      "covers the need and comes in time",
      { desired: 8_000, status: "CASE_OPENED" },
      "2026-11-27T09:00:00Z",
      ["q1_filed", "q2_filed"],
      "a support case is open",
    ],
    [
      "is too small",
      { desired: 1_500, status: "PENDING" },
      "2026-11-27T09:00:00Z",
      [],
      "doesn't cover the 7,200 needed",
    ],
    [
      "is late",
      { desired: 8_000, status: "PENDING" },
      "2026-11-03T09:00:00Z",
      ["q1_short", "q2_short"],
      "Late: the event is less than 7 days away",
    ],
    ["was denied", { desired: 8_000, status: "DENIED" }, "2026-11-27T09:00:00Z", [], "AWS denied it"],
  ])("a filed increase that %s", async (_, request, eventAt, proves, says) => {
    const data = web(300, {
      requests: [{ id: "r1", service: "ec2", code: "L-1216C47A", createdAt: "2026-10-20T08:00:00Z", ...request }],
    });
    const { collector } = await ownWith(data);
    const report = await collector.collect(scopeOf({ ...eu, eventAt }), { sources: ["quota-requests"] });
    expect(proved(report)).toEqual(proves);
    expect(report.items[0]?.statement).toContain(says);
  });

  it("a late increase takes the comfort of a filed one back", async () => {
    const request = {
      id: "r1",
      service: "ec2",
      code: "L-1216C47A",
      createdAt: "2026-10-20T08:00:00Z",
      desired: 8_000,
      status: "PENDING",
    };
    const { collector } = await ownWith(web(300, { requests: [request] }));
    const late = await collector.collect(scopeOf({ ...eu, eventAt: "2026-11-03T09:00:00Z" }), {
      sources: ["quota-requests"],
    });
    expect(refuted(late)).toEqual(["q1_filed", "q2_filed"]);
  });

  it.each([
    ["nothing is filed", [], ["q1_short"]],
    ["too little is filed", [1_500], ["q1_short"]],
    ["enough is filed in time", [8_000], []],
  ])("a shortfall counts as such while %s", async (_, desired, proves) => {
    const requests = desired.map((value) => ({
      id: "r1",
      service: "ec2",
      code: "L-1216C47A",
      createdAt: "2026-10-20T08:00:00Z",
      desired: value,
      status: "PENDING",
    }));
    const { collector } = await ownWith(web(300, { requests }));
    const report = await collector.collect(scopeOf(eu), { sources: ["service-quotas"] });
    const vcpus = report.items.find((each) => each.id.endsWith("/ec2-standard"));
    expect(vcpus).toMatchObject({ proves, refutes: ["q1_room_at_peak"] });
  });

  it("Q1 ranks by projected use, and says AWS's default and unknown rows for what they are", async () => {
    const { collector } = await ownWith({
      quotas: {
        lambda: [{ code: "L-B99A9384", default: 1_000 }],
        vpc: [{ code: "L-F678F1CE", error: "DEPENDENCY_SERVICE_ERROR" }],
        elasticloadbalancing: [
          { code: "L-53DA6B97", name: "ALBs", value: 50, usage: [3, 48, 4] },
          { code: "L-XXXX0001", name: "Rules per balancer", value: 100, usage: [95] },
        ],
      },
      lambda: { concurrency: 1_000, used: 400 },
    });
    const report = await collector.collect(scopeOf({ ...eu, services: ["lambda", "vpc", "elb"] }), {
      sources: ["service-quotas"],
    });
    expect(report.items.map((each) => each.statement).sort()).toEqual([
      "Application Load Balancers: 48 of 50 load balancers in use",
      "Lambda concurrent executions: 400 of 1,000 executions (AWS default) in use; 1,200 (120%) at 3× peak. Short by 200 then",
      "Rules per balancer: 95 of 100 in use",
      "Unknown: VPCs",
    ]);
    expect(proved(report)).toEqual(["q1_short"]);
  });

  it("says nothing where nothing could be read: the gap does, and what was read last stays", async () => {
    const { collector, aws } = await ownWith({ quotas: {} });
    aws.fault({ action: "*", kind: "deny" });
    const report = await collector.collect(scopeOf({ ...eu, services: ["vpc", "elb", "lambda", "ec2"] }));
    // What is known without a call stands anyway.
    expect(report.items.filter(({ calls }) => calls.length > 0)).toEqual([]);
    expect(report.gaps.length).toBeGreaterThan(0);
  });

  it("tells what exists once per account once, whichever Regions are in scope", async () => {
    const { collector } = await awsWith(
      {
        accounts: [
          {
            id: "111122223333",
            keys: { AKIAOWN: "*" },
            distributions: 190,
            regions: { "eu-west-1": {}, "us-east-1": { quotas: { cloudfront: [{ code: "L-24B04930", value: 200 }] } } },
          },
        ],
      },
      parseAccounts('[{"id":"111122223333","alias":"prod","regions":["eu-west-1","us-east-1"]}]', "accounts.json"),
    );
    const report = await collector.collect(scopeOf({ services: ["cloudfront"] }), { sources: ["service-quotas"] });
    expect(report.items.map((each) => [each.region, each.statement])).toEqual([
      ["us-east-1", "CloudFront distributions: 190 of 200 distributions in use"],
    ]);
  });

  it("adds from AWS's own report what nobody had in scope", async () => {
    const { collector } = await ownWith({
      report: "ready",
      quotas: {
        lambda: [{ code: "L-B99A9384", value: 1_000, usage: [10] }],
        kinesis: [{ code: "L-0918CF54", name: "Shards per Region", value: 200, usage: [190] }],
      },
    });
    const report = await collector.collect(scopeOf({ ...eu, services: ["lambda"] }), { sources: ["service-quotas"] });
    expect(report.items.at(-1)?.statement).toContain("Outside the scope AWS reports Shards per Region at 95%");
  });

  it("doesn't wait for that report where it takes too long", async () => {
    const { collector } = await ownWith({
      report: "pending",
      quotas: { lambda: [{ code: "L-B99A9384", value: 1_000, usage: [10] }] },
    });
    const report = await collector.collect(scopeOf({ ...eu, services: ["lambda"] }), { sources: ["service-quotas"] });
    expect(report.items.at(-1)?.statement).not.toContain("Outside");
  });

  it("uses the choice ids of the catalogue, and only those", async () => {
    const { CLAIMS } = await import("../../../src/aws/claims.ts");
    const known = new Set(
      standardCatalogue.modules.flatMap((module) =>
        module.questions.flatMap((question) => question.choices.map((choice) => choice.id)),
      ),
    );
    const used = Object.values(CLAIMS).flatMap((claims) =>
      Object.values(claims).flatMap((claim) => [...(claim.proves ?? []), ...(claim.refutes ?? [])]),
    );
    expect(used.filter((id) => !known.has(id))).toEqual([]);
    expect(QUOTA_SOURCES.map((each) => each.id).sort()).toEqual(Object.keys(CLAIMS).sort());
  });
});

describe("reading is careful", () => {
  it("one bad row doesn't void the list, and is said", async () => {
    const { collector, warnings } = await ownWith({
      ...web(1),
      groups: [],
      oddRows: { "ec2:DescribeVolumes": [{ VolumeId: "vol-odd", VolumeType: "gp3" }] },
    });
    const report = await collector.collect(scopeOf(eu), { sources: ["ebs-storage"] });
    expect(report.items[0]?.statement).toBe("gp3 storage: 10 of 50 TiB in use");
    expect(report.items[0]?.assumptions).toContain("1 row from AWS couldn't be read and isn't counted");
    expect(warnings).toHaveLength(1);
  });

  it("reads every page", async () => {
    const { collector, aws } = await ownWith(web(40), { pageLimit: 5 });
    const report = await collector.collect(scopeOf(eu), { sources: ["ebs-storage"] });
    expect(report.items[0]?.figures?.[0]?.used).toBe(10);
    expect(counted(aws)["ec2:DescribeVolumes"]).toBe(2);
  });

  it("ten people asking cost one reading, and a second within a minute none", async () => {
    const { collector, aws, machine } = await ownWith(web(40));
    await Promise.all(Array.from({ length: 10 }, () => collector.collect(scopeOf(eu))));
    const first = counted(aws);
    expect(first["ec2:DescribeVolumes"]).toBe(1);
    expect(first["ec2:DescribeInstanceTypes"]).toBe(1);
    // AWS's own report is asked for beside all else, and nobody waits for it.
    await vi.waitFor(() =>
      expect(aws.calls.filter((call) => /Report$/.test(call.action) && call.endedAt > 0)).toHaveLength(1),
    );
    const total = aws.calls.length;
    await collector.collect(scopeOf(eu));
    expect(aws.calls.slice(total).map((call) => call.action)).toEqual([]);
    machine.offset += 61_000;
    await collector.collect(scopeOf(eu), { sources: ["ebs-storage"] });
    expect(counted(aws)["ec2:DescribeVolumes"]).toBe(2);
  });

  it("shows progress source by source, and is complete at the end", async () => {
    const { collector } = await ownWith(web(40));
    const seen: { complete: boolean; items: number }[] = [];
    const last = await collector.collect(scopeOf(eu), {
      onProgress: (report) => seen.push({ complete: report.complete, items: report.items.length }),
    });
    expect(seen).toHaveLength(QUOTA_SOURCES.length);
    expect(seen.every((each) => !each.complete)).toBe(true);
    expect(last.complete).toBe(true);
  });

  it("AWS gone altogether is a report of gaps, not an exception", async () => {
    const { collector, aws } = await ownWith(web(40));
    await aws.close();
    const report = await collector.collect(scopeOf(eu), { sources: ["ebs-storage", "auto-scaling-capacity"] });
    expect(report.items).toEqual([]);
    expect(new Set(report.gaps.map((each) => each.source))).toEqual(new Set(["ebs-storage", "auto-scaling-capacity"]));
    expect(report.gaps[0]?.reason).toContain("can't be reached");
  });

  it("refuses an account that isn't listed, a Region that isn't granted, and any guest", async () => {
    const { collector, aws } = await awsWith(
      { accounts: [{ id: "111122223333", keys: { AKIAOWN: "*" }, regions: { "eu-west-1": web(40) } }] },
      parseAccounts('[{"id":"111122223333","alias":"prod","regions":["eu-west-1"]}]', "accounts.json"),
    );
    const report = await collector.collect(
      scopeOf({ accounts: ["prod", "secret"], regions: ["eu-west-1", "ap-south-1"] }),
      { sources: ["ebs-storage"], place: {} },
    );
    expect(report.gaps.map((each) => each.reason)).toEqual([
      "ap-south-1 isn't among prod's Regions (eu-west-1). Add it to \"regions\" in AWS_ACCOUNTS",
      expect.stringContaining('- { id: "111122223333", alias: secret'),
    ]);
    const before = aws.calls.length;
    const guest = await collector.collect(scopeOf({ accounts: ["prod"] }), { place: { guest: true } });
    expect(guest.items).toEqual([]);
    expect(aws.calls.length).toBe(before);
  });
});

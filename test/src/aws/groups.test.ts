import { describe, expect, it } from "vitest";
import { type Group, worstCase } from "../../../src/aws/groups.ts";
import { INSTANCE_TYPES } from "../../stand-ins/aws/account.ts";

const shapes = new Map(
  Object.entries(INSTANCE_TYPES).map(([type, [vcpus, gib]]) => [type, { vcpus, memoryMib: gib * 1_024 }]),
);

function group(more: Partial<Group>): Group {
  return {
    name: "web",
    max: 10,
    desired: 2,
    suspended: [],
    members: [],
    candidates: [{ type: "m7g.2xlarge", weight: null }],
    unit: "units",
    mix: null,
    spotTemplate: false,
    volumes: [],
    unknown: [],
    ...more,
  };
}

const od = (family: string, vcpus: number) => ({ family, purchase: "on-demand", vcpus });
const spot = (family: string, vcpus: number) => ({ family, purchase: "spot", vcpus });
const weighted = (...pairs: [string, number][]) => pairs.map(([type, weight]) => ({ type, weight }));
const types = (...names: string[]) => names.map((type) => ({ type, weight: null }));

/** Worked by hand: [name, group, peak factor, what may land where, instances]. */
const TABLE: [name: string, group: Group, factor: number, landings: unknown[], instances: number][] = [
  ["counts vCPUs, not instances: 10 × 8", group({}), 1, [od("standard", 80)], 10],
  ["at 2.5× peak the maximum is 25", group({}), 2.5, [od("standard", 200)], 25],
  ["a peak that isn't whole is rounded up: 10 × 1.25 = 12.5 → 13", group({}), 1.25, [od("standard", 104)], 13],
  ["Spot options in the template: all Spot", group({ spotTemplate: true }), 1, [spot("standard", 80)], 10],
  [
    "several types of one family: the largest counts",
    group({ candidates: types("m7g.large", "m7g.4xlarge", "c7g.xlarge") }),
    1,
    [od("standard", 160)],
    10,
  ],
  [
    "across families each is counted as if all landed there",
    group({ candidates: types("m7g.2xlarge", "g5.xlarge", "inf2.xlarge") }),
    1,
    [od("standard", 80), od("g", 40), od("inf", 40)],
    10,
  ],
  [
    "weights may pass the maximum by the largest weight: (10 + 4) / 4 = 3 of 16 vCPU; (10 + 4) / 1 = 14 of 4",
    group({ candidates: weighted(["m7g.xlarge", 1], ["m7g.4xlarge", 4]) }),
    1,
    [od("standard", 56)],
    14,
  ],
  [
    "one heavy type: (10 + 8) / 8 = 2 instances",
    group({ candidates: weighted(["m7g.4xlarge", 8]) }),
    1,
    [od("standard", 32)],
    2,
  ],
  [
    "weights of 1 are plain instances",
    group({ candidates: weighted(["m7g.2xlarge", 1]) }),
    1,
    [od("standard", 80)],
    10,
  ],
  [
    "capacity counted in vCPUs: (64 + 8) / 8 = 9 instances",
    group({ max: 64, unit: "vcpu", candidates: types("m7g.2xlarge") }),
    1,
    [od("standard", 72)],
    9,
  ],
  [
    "capacity counted in memory: (65,536 + 16,384) / 16,384 = 5 instances of 4 vCPU",
    group({ max: 65_536, unit: "memory-mib", candidates: types("m5.xlarge") }),
    1,
    [od("standard", 20)],
    5,
  ],
  [
    "On-Demand base and percentage: 2 + ceil(8 × 25%) = 4 On-Demand, 6 Spot",
    group({ mix: { onDemandBase: 2, onDemandPercent: 25, either: false } }),
    1,
    [od("standard", 32), spot("standard", 48)],
    10,
  ],
  [
    "a percentage is rounded up for On-Demand: ceil(10 × 33%) = 4",
    group({ mix: { onDemandBase: 0, onDemandPercent: 33, either: false } }),
    1,
    [od("standard", 32), spot("standard", 48)],
    10,
  ],
  [
    "a base above the maximum leaves no Spot",
    group({ mix: { onDemandBase: 50, onDemandPercent: 0, either: false } }),
    1,
    [od("standard", 80)],
    10,
  ],
  [
    "no base and 0%: all Spot",
    group({ mix: { onDemandBase: 0, onDemandPercent: 0, either: false } }),
    1,
    [spot("standard", 80)],
    10,
  ],
  [
    "distribution segments: it could be either",
    group({ mix: { onDemandBase: 0, onDemandPercent: 100, either: true } }),
    1,
    [od("standard", 80), spot("standard", 80)],
    10,
  ],
  [
    "suspended launches: desired capacity, whatever the peak",
    group({ suspended: ["Launch"] }),
    3,
    [od("standard", 16)],
    2,
  ],
  ["a suspended health check changes nothing", group({ suspended: ["HealthCheck"] }), 1, [od("standard", 80)], 10],
  [
    "a stopped warm pool uses no vCPU, but its instances exist",
    group({ warmPool: { preparedMax: 25, running: false } }),
    1,
    [od("standard", 80)],
    25,
  ],
  [
    "a running warm pool counts up to what may be prepared",
    group({ warmPool: { preparedMax: 25, running: true } }),
    1,
    [od("standard", 200)],
    25,
  ],
  [
    "a warm pool without a limit of its own stays within the maximum",
    group({ warmPool: { preparedMax: null, running: true } }),
    1,
    [od("standard", 80)],
    10,
  ],
];

describe("the most that an Auto Scaling group can ask for", () => {
  it.each(TABLE)("%s", (_, subject, factor, landings, instances) => {
    const worst = worstCase(subject, shapes, factor);
    expect(worst.landings).toEqual(landings);
    expect(worst.instances).toBe(instances);
    expect(worst.unknown).toEqual([]);
  });

  it("names a type it can't count instead of guessing", () => {
    const worst = worstCase(group({ candidates: types("m7g.2xlarge", "q9.large", "mac2.metal") }), shapes, 1);
    expect(worst.landings).toEqual([od("standard", 80)]);
    expect(worst.unknown).toEqual([
      "q9.large isn't offered in this Region, or couldn't be read",
      "mac2.metal belongs to no family I know",
    ]);
  });
});

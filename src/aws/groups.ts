import { type Family, familyOf, type Purchase } from "./families.ts";

/** An Auto Scaling group, as far as its worst case needs. */
export type Group = {
  name: string;
  max: number;
  desired: number;
  suspended: string[];
  warmPool?: { preparedMax: number | null; running: boolean };
  /** Members now, in whatever state; `running` excludes the stopped ones of a warm pool. */
  members: { id: string; type: string; running: boolean }[];
  /** What it may start. Weighted only where the operator gave weights. */
  candidates: Candidate[];
  unit: "units" | "vcpu" | "memory-mib";
  /** null: no mixed instances policy, the launch template decides. */
  mix: { onDemandBase: number; onDemandPercent: number; either: boolean } | null;
  /** Spot options in the launch template or configuration. */
  spotTemplate: boolean;
  volumes: BlockDevice[];
  /** What couldn't be found out: a template that is gone, a type nobody knows. */
  unknown: string[];
};

export type Candidate = { type: string; weight: number | null };
export type BlockDevice = { type: string; gib: number; iops: number };
export type InstanceShape = { vcpus: number; memoryMib: number };

/** What one group may come to in one family and purchase option. */
export type Landing = { family: Family; purchase: Purchase; vcpus: number };

export type WorstCase = {
  landings: Landing[];
  /** Largest number of instances, for what each brings with it (volumes, addresses). */
  instances: number;
  /** The candidates are of more than one family: each is given as if all landed there. */
  crossesFamilies: boolean;
  unknown: string[];
};

/** Scaling is off: the group stays as large as it wants to be now. */
export function isSuspended(group: Group): boolean {
  return group.suspended.includes("Launch") || group.suspended.includes("AlarmNotification");
}

/**
 * The most that a group can ask for, if its maximum were `factor` times what it is.
 *
 * Capacity counts instances, unless overrides carry weights or the group counts vCPUs or memory; then a group may pass
 * its maximum by its largest weight ("will never go above MaxSize by more than your largest instance weight").
 * Which of several types or families is started is the allocation strategy's choice, so each is counted at its worst.
 */
export function worstCase(group: Group, shapes: ReadonlyMap<string, InstanceShape>, factor: number): WorstCase {
  const unknown = [...group.unknown];
  const known: { family: Family; vcpus: number; weight: number }[] = [];
  for (const candidate of group.candidates) {
    const shape = shapes.get(candidate.type);
    const family = familyOf(candidate.type);
    if (shape === undefined) unknown.push(`${candidate.type} isn't offered in this Region, or couldn't be read`);
    else if (family === null) unknown.push(`${candidate.type} belongs to no family I know`);
    else known.push({ family, vcpus: shape.vcpus, weight: weightOf(group, candidate, shape) });
  }
  const heaviest = Math.max(0, ...known.map((each) => each.weight));
  const largest = heaviest > 1 ? heaviest : 0;
  const suspended = isSuspended(group);
  const wanted = suspended ? group.desired : Math.max(group.desired, Math.ceil(group.max * factor));
  const warm =
    group.warmPool !== undefined && !suspended ? Math.ceil((group.warmPool.preparedMax ?? group.max) * factor) : 0;
  const units = group.warmPool?.running === true ? Math.max(wanted, warm) : wanted;

  const landings = new Map<string, Landing>();
  for (const [purchase, share] of split(group, units)) {
    if (share <= 0) continue;
    const ceiling = suspended ? share : share + largest;
    for (const candidate of known) {
      const vcpus = Math.floor(ceiling / candidate.weight) * candidate.vcpus;
      const key = `${candidate.family}/${purchase}`;
      const before = landings.get(key);
      if (before === undefined || before.vcpus < vcpus)
        landings.set(key, { family: candidate.family, purchase, vcpus });
    }
  }
  const lightest = Math.min(...known.map((each) => each.weight));
  // Stopped members of a warm pool use no vCPU of the quota, but their volumes stay.
  const total = Math.max(units, warm) + (suspended ? 0 : largest);
  return {
    landings: [...landings.values()],
    instances: known.length === 0 ? 0 : Math.floor(total / lightest),
    crossesFamilies: new Set(known.map((each) => each.family)).size > 1,
    unknown,
  };
}

function weightOf(group: Group, candidate: Candidate, shape: InstanceShape): number {
  if (candidate.weight !== null) return Math.max(1, candidate.weight);
  if (group.unit === "vcpu") return Math.max(1, shape.vcpus);
  if (group.unit === "memory-mib") return Math.max(1, shape.memoryMib);
  return 1;
}

/** On-Demand first up to the base, then by percentage, rounded up; the rest is Spot. Both in capacity units. */
function split(group: Group, units: number): [Purchase, number][] {
  if (group.mix === null) return [[group.spotTemplate ? "spot" : "on-demand", units]];
  const { onDemandBase, onDemandPercent, either } = group.mix;
  if (either) {
    return [
      ["on-demand", units],
      ["spot", units],
    ];
  }
  const aboveBase = Math.max(0, units - onDemandBase);
  const onDemand = Math.min(units, onDemandBase + Math.ceil((aboveBase * onDemandPercent) / 100));
  return [
    ["on-demand", onDemand],
    ["spot", units - onDemand],
  ];
}

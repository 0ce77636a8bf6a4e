import { familyOf, type Purchase, subjectIdOf } from "./families.ts";
import { type BlockDevice, type Group, type InstanceShape, isSuspended, worstCase } from "./groups.ts";
import type { Reserved, Running } from "./read-ec2.ts";

/** vCPUs of one family and purchase option in one account and Region. */
export type Demand = {
  /** null: what runs couldn't be read. */
  now: number | null;
  /** What runs outside Auto Scaling, with unused Capacity Reservations. */
  outside: number;
  /** With every group at its maximum; null: the groups couldn't be read. */
  atMax: number | null;
  /** With every group at its maximum × the event's peak. */
  atPeak: number | null;
  /** On-Demand only: as `atPeak`, if every group's Spot share had to run On-Demand. */
  withoutSpot: number | null;
  /** Groups that may land here, the largest first. */
  groups: { name: string; max: number; vcpus: number }[];
};

/** What scaled-out instances bring with them, per volume type. */
export type Growth = { tibAtMax: number; tibAtPeak: number; iopsAtMax: number; iopsAtPeak: number };

export type Capacity = {
  /** By quota subject id (`ec2-standard`, `spot-g`, …), only those in use or reachable. */
  demands: Map<string, Demand>;
  volumeGrowth: Map<string, Growth>;
  /** Said under every figure that rests on it. */
  assumptions: string[];
  groupCount: number;
  /** false: what runs couldn't be read, so that an absent family isn't 0. */
  runningKnown: boolean;
  groupsKnown: boolean;
};

export type CapacityInput = {
  running: readonly Running[] | null;
  groups: readonly Group[] | null;
  reserved: readonly Reserved[];
  spotOpen: readonly string[];
  shapes: ReadonlyMap<string, InstanceShape>;
  /** 3 for "3x". */
  peak: number;
};

/** Sums what runs, and what may come to run, per family and purchase option. Pure: all that was read is in `input`. */
export function capacityOf(input: CapacityInput): Capacity {
  const { running, groups, shapes, peak } = input;
  const demands = new Map<string, Demand>();
  const strange = new Set<string>();
  const demand = (type: string, purchase: Purchase): { entry: Demand; vcpus: number } | null => {
    const family = familyOf(type);
    const shape = shapes.get(type);
    if (family === null || shape === undefined) {
      strange.add(type);
      return null;
    }
    return { entry: entryOf(subjectIdOf(family, purchase)), vcpus: shape.vcpus };
  };
  const entryOf = (id: string): Demand => {
    const known = demands.get(id);
    if (known !== undefined) return known;
    const created: Demand = {
      now: running === null ? null : 0,
      outside: 0,
      atMax: groups === null ? null : 0,
      atPeak: groups === null ? null : 0,
      withoutSpot: groups === null ? null : 0,
      groups: [],
    };
    demands.set(id, created);
    return created;
  };

  const groupOf = new Map(
    (groups ?? []).flatMap((group) => group.members.map((member) => [member.id, group.name] as const)),
  );
  const grouped = new Set((groups ?? []).map((group) => group.name));
  /** What each group runs now, by subject: a group whose template changed still holds its old instances. */
  const held = new Map<string, number>();
  for (const instance of running ?? []) {
    const found = demand(instance.type, instance.spot ? "spot" : "on-demand");
    if (found === null) continue;
    found.entry.now = (found.entry.now ?? 0) + found.vcpus;
    const group = groupOf.get(instance.id) ?? instance.group;
    if (group === null || !grouped.has(group)) found.entry.outside += found.vcpus;
    else {
      const key = `${group}/${subjectIdOf(familyOf(instance.type) ?? "standard", instance.spot ? "spot" : "on-demand")}`;
      held.set(key, (held.get(key) ?? 0) + found.vcpus);
    }
  }
  for (const reservation of input.reserved) {
    const found = demand(reservation.type, "on-demand");
    if (found === null) continue;
    if (found.entry.now !== null) found.entry.now += reservation.available * found.vcpus;
    found.entry.outside += reservation.available * found.vcpus;
  }
  for (const type of input.spotOpen) {
    const found = demand(type, "spot");
    if (found === null) continue;
    if (found.entry.now !== null) found.entry.now += found.vcpus;
    found.entry.outside += found.vcpus;
  }

  const volumeGrowth = new Map<string, Growth>();
  const unknown = new Set<string>();
  const crossing: string[] = [];
  for (const group of groups ?? []) {
    const allOnDemand: Group = { ...group, mix: { onDemandBase: 0, onDemandPercent: 100, either: false } };
    const atMax = worstCase(group, shapes, 1);
    const atPeak = worstCase(group, shapes, peak);
    const dry = worstCase(allOnDemand, shapes, peak);
    for (const each of atMax.unknown) unknown.add(each);
    if (atMax.crossesFamilies) crossing.push(group.name);
    const ids = new Set(
      [...atMax.landings, ...atPeak.landings, ...dry.landings].map((each) => subjectIdOf(each.family, each.purchase)),
    );
    for (const key of held.keys()) if (key.startsWith(`${group.name}/`)) ids.add(key.slice(group.name.length + 1));
    for (const id of ids) {
      const floor = held.get(`${group.name}/${id}`) ?? 0;
      const of = (landings: typeof atMax.landings) =>
        Math.max(floor, landings.find((each) => subjectIdOf(each.family, each.purchase) === id)?.vcpus ?? 0);
      const entry = entryOf(id);
      const max = of(atMax.landings);
      entry.atMax = (entry.atMax ?? 0) + max;
      entry.atPeak = (entry.atPeak ?? 0) + of(atPeak.landings);
      entry.withoutSpot = (entry.withoutSpot ?? 0) + (id.startsWith("ec2-") ? of(dry.landings) : 0);
      if (max > 0) entry.groups.push({ name: group.name, max: group.max, vcpus: max });
    }
    grow(
      volumeGrowth,
      group.volumes,
      Math.max(0, atMax.instances - group.members.length),
      Math.max(0, atPeak.instances - group.members.length),
    );
  }
  for (const entry of demands.values()) {
    if (entry.atMax !== null) entry.atMax += entry.outside;
    if (entry.atPeak !== null) entry.atPeak += entry.outside;
    if (entry.withoutSpot !== null) entry.withoutSpot += entry.outside;
    entry.groups.sort((a, b) => b.vcpus - a.vcpus);
  }
  // A family that only the fallback from Spot would reach has nothing else to say.
  for (const [id, entry] of demands) {
    if (
      (entry.now ?? 0) === 0 &&
      (entry.atMax ?? 0) === 0 &&
      (entry.atPeak ?? 0) === 0 &&
      (entry.withoutSpot ?? 0) === 0
    )
      demands.delete(id);
  }

  const suspended = (groups ?? []).filter(isSuspended).map((group) => group.name);
  const assumptions = [
    ...(groups !== null && groups.length > 0
      ? [`peak ${format(peak)}× applies to every group; what runs outside groups stays as it is`]
      : []),
    ...(crossing.length > 0
      ? [`${list(crossing)} may start several families: each is counted as if all landed there`]
      : []),
    ...(suspended.length > 0 ? [`${list(suspended)}: scaling is suspended, counted at desired capacity`] : []),
    ...(unknown.size > 0 ? [`not counted: ${list([...unknown])}`] : []),
    ...(strange.size > 0 ? [`not counted, because their family or size is unknown: ${list([...strange])}`] : []),
  ];
  return {
    demands,
    volumeGrowth,
    assumptions,
    groupCount: (groups ?? []).length,
    runningKnown: running !== null,
    groupsKnown: groups !== null,
  };
}

function grow(growth: Map<string, Growth>, volumes: readonly BlockDevice[], atMax: number, atPeak: number): void {
  for (const volume of volumes) {
    const sum = growth.get(volume.type) ?? { tibAtMax: 0, tibAtPeak: 0, iopsAtMax: 0, iopsAtPeak: 0 };
    sum.tibAtMax += (atMax * volume.gib) / 1_024;
    sum.tibAtPeak += (atPeak * volume.gib) / 1_024;
    sum.iopsAtMax += atMax * volume.iops;
    sum.iopsAtPeak += atPeak * volume.iops;
    growth.set(volume.type, sum);
  }
}

function list(names: readonly string[]): string {
  const shown = names.slice(0, 4).join(", ");
  return names.length > 4 ? `${shown} and ${names.length - 4} more` : shown;
}

function format(value: number): string {
  return String(Math.round(value * 100) / 100);
}

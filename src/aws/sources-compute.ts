import { quotaSubject } from "../domain/quota-subjects.ts";
import type { Figure } from "./facts.ts";
import { inUse, number, type Standing, standingOf, worst } from "./figures.ts";
import { readFleets, readSpotFleets } from "./read-ec2.ts";
import { draft, gapsOf, type Source } from "./source.ts";

/** Q2: may a group ask for more than the quota? Per family and purchase option. */
export const autoScalingCapacity: Source = {
  id: "auto-scaling-capacity",
  questions: ["Q2"],
  async read(context) {
    const read = await context.facts.capacity();
    const reached = [...read.capacity.demands].filter(([, demand]) => demand.groups.length > 0);
    const known = reached.filter(([id]) => quotaSubject(id) !== undefined);
    const figures = await context.facts.figures(known.map(([id]) => id));
    const gaps = gapsOf(context, this, [...read.failures, ...figures.flatMap((each) => each.failures)]);
    if (reached.length === 0) {
      if (!read.capacity.groupsKnown) return { drafts: [], gaps };
      const none = draft(context, this, "none", {
        statement:
          read.capacity.groupCount === 0
            ? "No Auto Scaling groups here"
            : `${read.capacity.groupCount} Auto Scaling groups, none of which may start an instance that I can count`,
        standing: read.capacity.groupCount === 0 ? "room" : "unknown",
        calls: read.calls,
        readAt: read.readAt,
        assumptions: read.capacity.assumptions,
      });
      return { drafts: [none], gaps };
    }
    const drafts = figures.map((figure) => {
      const demand = read.capacity.demands.get(figure.subject.id);
      const largest = demand?.groups[0];
      const { headroom } = figure;
      const standing = standingOf(headroom, context.thresholds);
      return draft(context, this, figure.subject.id, {
        statement: [
          `${headroom.label}: ${inUse(headroom)}`,
          headroom.atMax === undefined ? "" : `; ${number(headroom.atMax)} with every group at its maximum`,
          headroom.projected === undefined
            ? ""
            : `, ${number(headroom.projected)} at ${number(context.scope.peak)}× peak`,
          shortfall(figure, standing, context.scope.peak),
          largest === undefined
            ? ""
            : `. Largest: ${largest.name} (maximum ${number(largest.max)}, ${number(largest.vcpus)} vCPU)`,
        ].join(""),
        standing,
        calls: figure.calls,
        readAt: figure.readAt,
        assumptions: [...figure.notes, "vCPUs are each type's default"],
        figures: [headroom],
      });
    });
    return { drafts, gaps };
  },
};

/** Q6: is Spot used, does its quota hold, and could On-Demand take over? */
export const spotCapacity: Source = {
  id: "spot-capacity",
  questions: ["Q6"],
  async read(context) {
    const [read, spotFleets, fleets] = await Promise.all([
      context.facts.capacity(),
      readSpotFleets(context.reader, context.place),
      readFleets(context.reader, context.place),
    ]);
    const spot = [...read.capacity.demands].filter(
      ([id, demand]) => id.startsWith("spot-") && ((demand.now ?? 0) > 0 || (demand.atMax ?? 0) > 0),
    );
    const known = spot.filter(([id]) => quotaSubject(id) !== undefined);
    const onDemandIds = known.map(([id]) => id.replace(/^spot-/, "ec2-"));
    const figures = await context.facts.figures([...known.map(([id]) => id), ...onDemandIds]);
    const failures = [
      ...read.failures,
      ...figures.flatMap((each) => each.failures),
      ...[spotFleets, fleets].flatMap((each) => (each.ok ? [] : [each.failure])),
    ];
    const gaps = gapsOf(context, this, failures);
    const counted = [spotFleets, fleets].map((each) => (each.ok ? each.value : { count: 0, spotUnits: 0 }));
    const fleetCount = counted.reduce((sum, each) => sum + each.count, 0);
    const fleetUnits = counted.reduce((sum, each) => sum + each.spotUnits, 0);
    const fleetNote =
      fleetCount > 0
        ? [`${fleetCount} fleets want ${number(fleetUnits)} units of Spot in all; what of it runs is counted`]
        : [];
    if (spot.length === 0) {
      if (gaps.length > 0) return { drafts: [], gaps };
      const used = fleetUnits > 0;
      const none = draft(context, this, "none", {
        ...(used ? { refutes: ["q6_not_used"] } : { none: true }),
        statement: used
          ? `No Spot instance runs, but ${fleetCount} fleets want ${number(fleetUnits)} units`
          : "No Spot instances, requests or groups here",
        standing: used ? "unknown" : "room",
        calls: [...read.calls, ...spotFleets.calls, ...fleets.calls],
        readAt: read.readAt,
      });
      return { drafts: [none], gaps };
    }
    const figureOf = (id: string) => figures.find((each) => each.subject.id === id);
    const drafts = known.flatMap(([id]) => {
      const figure = figureOf(id);
      if (figure === undefined) return [];
      const onDemand = figureOf(id.replace(/^spot-/, "ec2-"));
      const needed = read.capacity.demands.get(id.replace(/^spot-/, "ec2-"))?.withoutSpot ?? null;
      const fallback =
        onDemand === undefined ? null : { ...onDemand.headroom, ...(needed === null ? {} : { projected: needed }) };
      const standing = worst([
        standingOf(figure.headroom, context.thresholds),
        fallback === null || needed === null ? "unknown" : standingOf(fallback, context.thresholds),
      ]);
      const dry =
        fallback === null || needed === null
          ? ""
          : `. If Spot runs dry at ${number(context.scope.peak)}× peak, ${fallback.label} needs ${number(needed)} vCPU${
              fallback.quota === null
                ? ""
                : needed > fallback.quota
                  ? ` and has ${number(fallback.quota)}: short by ${number(needed - fallback.quota)}`
                  : ` and has ${number(fallback.quota)}`
            }`;
      return [
        draft(context, this, id, {
          statement: `${figure.headroom.label}: ${inUse(figure.headroom)}${
            figure.headroom.projected === undefined
              ? ""
              : `; ${number(figure.headroom.projected)} at ${number(context.scope.peak)}× peak`
          }${dry}`,
          standing,
          refutes: ["q6_not_used"],
          calls: [...figure.calls, ...spotFleets.calls, ...fleets.calls],
          readAt: figure.readAt,
          assumptions: [...figure.notes, ...fleetNote, "open and running Spot requests count until they are closed"],
          figures: [figure.headroom, ...(fallback === null ? [] : [fallback])],
        }),
      ];
    });
    return { drafts, gaps };
  },
};

/** ". Short by 6,048 at 3× peak, by 1,248 already at group maximum": where and by how much. */
export function shortfall(figure: Figure, standing: Standing, factor: number): string {
  const { quota, used, atMax, projected } = figure.headroom;
  if (quota === null) return "";
  if (standing === "short" && used !== null && used > quota) return `, over the quota by ${number(used - quota)}`;
  if (standing === "short" && atMax !== undefined) {
    return projected === undefined || projected <= atMax
      ? `. Short by ${number(atMax - quota)} at group maximum`
      : `. Short by ${number(projected - quota)} at ${number(factor)}× peak, by ${number(atMax - quota)} already at group maximum`;
  }
  if (standing === "peak" && projected !== undefined) return `. Short by ${number(projected - quota)} then`;
  return "";
}

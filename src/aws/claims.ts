import type { Evidence, EvidenceGap } from "../domain/evidence.ts";
import type { ChoiceId } from "../domain/ids.ts";
import { type Standing, worst } from "./figures.ts";

/** A piece of evidence before all of its source is known: what it proves may depend on the others. */
export type Draft = Omit<Evidence, "proves" | "refutes"> & {
  standing: Standing;
  /** Nothing of the kind is here: proves "not used" if that is so everywhere in scope. */
  none?: boolean;
  /** An increase for every figure of it is filed, large enough and in time: "nothing is filed" doesn't hold. */
  filed?: boolean;
  proves?: ChoiceId[];
  refutes?: ChoiceId[];
};

export type SourceResult = { drafts: Draft[]; gaps: EvidenceGap[] };

/**
 * What a standing shows. `refutes` and a shortfall hold by themselves; a statement about everything ("every group
 * fits") only while nothing in scope stands worse than `upTo`, and nothing is missing.
 */
export type Claim = { proves?: ChoiceId[]; refutes?: ChoiceId[]; upTo?: Standing };
export type Claims = Partial<Record<Standing | "none", Claim>>;

const ORDER: Standing[] = ["room", "tight", "peak", "unknown", "short"];

/** Turns the drafts of one source over every account and Region into evidence. */
export function settle(results: readonly SourceResult[], claims: Claims): { items: Evidence[]; gaps: EvidenceGap[] } {
  const drafts = results.flatMap((each) => each.drafts);
  const gaps = results.flatMap((each) => each.gaps);
  const overall = worst([...drafts.map((each) => each.standing), ...(gaps.length > 0 ? (["unknown"] as const) : [])]);
  const nowhere = gaps.length === 0 && drafts.every((each) => each.none === true);
  const items = drafts.map(({ standing, none, filed, proves, refutes, ...item }): Evidence => {
    const claim = claims[none === true ? "none" : standing] ?? {};
    const holds =
      none === true ? nowhere : claim.upTo === undefined || ORDER.indexOf(overall) <= ORDER.indexOf(claim.upTo);
    const claimed = (holds ? (claim.proves ?? []) : []).filter((id) => filed !== true || !id.endsWith("_short"));
    return {
      ...item,
      proves: [...new Set([...(proves ?? []), ...claimed])],
      refutes: [...new Set([...(refutes ?? []), ...(claim.refutes ?? [])])],
    };
  });
  return { items, gaps };
}

/** What each source says about the choices of its question. The ids are those of the Service Quotas module. */
export const CLAIMS: Record<string, Claims> = {
  "service-quotas": {
    room: { proves: ["q1_room_at_peak"], upTo: "room" },
    peak: { proves: ["q1_short"], refutes: ["q1_room_at_peak"] },
    short: { proves: ["q1_short"], refutes: ["q1_room_at_peak"] },
  },
  "auto-scaling-capacity": {
    room: { proves: ["q2_room_at_peak"], upTo: "tight" },
    tight: { proves: ["q2_room_at_peak"], upTo: "tight" },
    peak: { proves: ["q2_room_at_max"], refutes: ["q2_room_at_peak"], upTo: "peak" },
    short: { proves: ["q2_short"], refutes: ["q2_room_at_peak", "q2_room_at_max"] },
  },
  "ebs-storage": {
    room: { proves: ["q3_room_at_peak"], upTo: "room" },
    tight: { refutes: ["q3_room_at_peak"] },
    peak: { proves: ["q3_short"], refutes: ["q3_room_at_peak"] },
    short: { proves: ["q3_short"], refutes: ["q3_room_at_peak"] },
  },
  "ebs-iops": {
    none: { proves: ["q5_not_used"] },
    peak: { refutes: ["q5_raise_ready"] },
    short: { refutes: ["q5_raise_ready"] },
  },
  "spot-capacity": {
    none: { proves: ["q6_not_used"] },
    room: { proves: ["q6_fallback_room"], refutes: ["q6_not_used"], upTo: "tight" },
    tight: { proves: ["q6_fallback_room"], refutes: ["q6_not_used"], upTo: "tight" },
    peak: { proves: ["q6_exposed"], refutes: ["q6_not_used", "q6_fallback_room"] },
    short: { proves: ["q6_exposed"], refutes: ["q6_not_used", "q6_fallback_room"] },
  },
  "ses-sending": {
    none: { proves: ["q7_not_used"] },
    room: { proves: ["q7_room_both"], upTo: "room" },
    peak: { proves: ["q7_short"], refutes: ["q7_room_both"] },
    short: { proves: ["q7_short"], refutes: ["q7_room_both"] },
  },
  "email-port-25": {},
  "quota-requests": {},
};

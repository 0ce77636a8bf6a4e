import type { ChoiceId, QuestionId } from "./ids.ts";

/**
 * A fact read from AWS (or another source that is not a person). It proves or refutes choices; it never sets a risk by
 * itself. Every figure keeps its source: account, Region, call, time.
 */
export type Evidence = {
  /** Stable over readings: `<source>/<account alias>/<region>/<subject>`. */
  id: string;
  /** `auto-scaling-capacity`, `service-quotas`, `alarms`, …: the ids that the catalogue uses. */
  source: string;
  questions: QuestionId[];
  /** One sentence with unit, e.g. "Running On-Demand Standard: 96 of 1,152 vCPU in use". */
  statement: string;
  account: string;
  region: string;
  /** `ec2:DescribeInstances`, … the calls it rests on. */
  calls: string[];
  /** Calendar time, ISO 8601. */
  readAt: string;
  proves: ChoiceId[];
  refutes: ChoiceId[];
  /** What was assumed: "peak 3× applies to every group". */
  assumptions?: string[];
  figures?: Headroom[];
};

/** Usage against a quota: the numbers behind a statement and a bar of the chart. */
export type Headroom = {
  label: string;
  unit: string;
  used: number | null;
  /** Applied value, or AWS's default where `isDefault`. null: unknown; -1 is never stored (unlimited is `unlimited`). */
  quota: number | null;
  isDefault?: boolean;
  unlimited?: boolean;
  /** At group maximum, and at maximum × the event's peak. */
  atMax?: number;
  projected?: number;
  quotaCode?: string;
  serviceCode?: string;
};

/** Something that could not be read: said plainly, once. */
export type EvidenceGap = {
  source: string;
  questions: QuestionId[];
  account: string;
  region: string;
  /** What happened, in words: "`ec2:DescribeVolumes` is not allowed". */
  reason: string;
  /** The IAM action that is missing, when that is the reason. */
  missingAction?: string;
};

/** `sources`: those that are done with; what they no longer say is gone. */
export type EvidenceReport = { items: Evidence[]; gaps: EvidenceGap[]; sources?: string[]; complete: boolean };

/** What to look at. Accounts are aliases from the operator's list, never ids typed by a user. */
export type EvidenceScope = {
  accounts: string[];
  regions: string[];
  services: string[];
  hosts: string[];
  /** 3 for "3x". */
  peak: number;
  /** ISO date-time of the event. */
  eventAt: string;
  loadTarget?: { rps?: number; p99ms?: number };
};

import { DateTime } from "luxon";
import type { EvidenceGap, Headroom } from "../domain/evidence.ts";
import type { QuotaAnswer, RaiseProposal } from "../domain/quota-answer.ts";
import type { Figure } from "./facts.ts";
import { suggestedValue, type Thresholds } from "./figures.ts";
import type { InstanceShape } from "./groups.ts";

/** What was read for a question in one account and Region. */
export type Finding = {
  account: string;
  region: string;
  figures: Figure[];
  shapes: ReadonlyMap<string, InstanceShape>;
  /** false: the types couldn't be read, so that an absent one isn't "not offered". */
  shapesKnown: boolean;
  groupCount: number | null;
  gaps: EvidenceGap[];
};

export type AnswerOptions = { peak: number; thresholds?: Thresholds /** IANA zone for "read 09:02". */; zone?: string };

/** What one account and Region says to the question, or to one subject of it. */
export type Part = Pick<QuotaAnswer, "verdict" | "lines" | "raise"> & { figures: Headroom[] };

export function plain(verdict: Part["verdict"], line: string): Part {
  return { verdict, lines: [line], figures: [], raise: [] };
}

/** Nothing where the quota is unknown, or is one that AWS never raises. */
export function proposal(figure: Figure, needed: number, finding: Finding): RaiseProposal[] {
  const { quota } = figure.headroom;
  if (quota === null || figure.adjustable === false) return [];
  return [
    {
      account: finding.account,
      region: figure.region,
      serviceCode: figure.subject.service,
      quotaCode: figure.subject.code,
      label: figure.headroom.label,
      unit: figure.headroom.unit,
      current: quota,
      needed,
      value: suggestedValue(needed),
    },
  ];
}

export function at(finding: Finding): string {
  return `${finding.account}, ${finding.region}`;
}

export function readAt(figure: Figure, options: AnswerOptions): string {
  const time = DateTime.fromISO(figure.readAt, { zone: options.zone ?? "utc" });
  return `${time.toFormat("HH:mm")}${options.zone === undefined ? " UTC" : ""}`;
}

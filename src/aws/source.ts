import type { EvidenceGap, EvidenceScope, Headroom } from "../domain/evidence.ts";
import type { QuestionId } from "../domain/ids.ts";
import type { Draft, SourceResult } from "./claims.ts";
import type { AwsPlace } from "./clients.ts";
import type { Facts } from "./facts.ts";
import type { Failure } from "./failure.ts";
import type { Thresholds } from "./figures.ts";
import type { ReaderContext } from "./reading.ts";

/** What a source gets to look at one account and Region. */
export type SourceContext = {
  reader: ReaderContext;
  facts: Facts;
  place: AwsPlace;
  scope: EvidenceScope;
  thresholds: Thresholds;
  /** Real waiting, for reports that AWS makes while we wait. */
  sleep(ms: number): Promise<void>;
  /** For what exists once per account: only one of an account's Regions tells it. */
  home: boolean;
};

/** One way to look at AWS, named as the catalogue names it. */
export type Source = {
  id: string;
  questions: QuestionId[];
  read(context: SourceContext): Promise<SourceResult>;
};

/** A draft with its place filled in. */
export function draft(
  context: SourceContext,
  source: { id: string; questions: QuestionId[] },
  subject: string,
  rest: Pick<Draft, "statement" | "standing" | "calls" | "readAt"> &
    Partial<Pick<Draft, "proves" | "refutes" | "assumptions" | "questions" | "none">> & {
      figures?: Headroom[];
      region?: string;
    },
): Draft {
  const region = rest.region ?? context.place.region;
  const { assumptions, figures, ...known } = rest;
  return {
    ...known,
    id: `${source.id}/${context.place.account.alias}/${region}/${subject}`,
    source: source.id,
    questions: rest.questions ?? source.questions,
    account: context.place.account.alias,
    region,
    calls: [...new Set(known.calls)].sort(),
    ...(assumptions === undefined || assumptions.length === 0 ? {} : { assumptions: [...new Set(assumptions)] }),
    ...(figures === undefined ? {} : { figures }),
  };
}

/** What could not be read, once per reason. */
export function gapsOf(
  context: SourceContext,
  source: { id: string; questions: QuestionId[] },
  failures: readonly Failure[],
): EvidenceGap[] {
  const byReason = new Map(failures.map((failure) => [failure.reason, failure]));
  return [...byReason.values()].map((failure) => ({
    source: source.id,
    questions: source.questions,
    account: context.place.account.alias,
    region: context.place.region,
    reason: failure.reason,
    ...(failure.missingAction === undefined ? {} : { missingAction: failure.missingAction }),
  }));
}

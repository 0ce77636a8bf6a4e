import type { Evidence, EvidenceGap, EvidenceReport } from "../src/domain/evidence.ts";
import type { QuestionId } from "../src/domain/ids.ts";
import type { SessionState } from "../src/domain/session.ts";
import type { Turn } from "./turn.ts";

/**
 * Takes what a reading found into the session: what is new is kept, what its sources no longer say is let go, and what
 * could not be read this time stays as it was read last. Progress that brings nothing new leaves no trace.
 *
 * @returns the questions it speaks to, whose cards are to be drawn again.
 */
export function takeReport(turn: Turn, report: EvidenceReport): Set<QuestionId> {
  const { state } = turn;
  const items = report.items.filter((item) => !sameAs(state.evidence[item.id], item));
  const gone = goneWith(state, report);
  const gaps = gapsAfter(state, report);
  const sameGaps = JSON.stringify(gaps) === JSON.stringify(state.gaps);
  if (!report.complete && items.length === 0 && gone.length === 0 && sameGaps) return new Set();
  const before = gone.flatMap((id) => state.evidence[id]?.questions ?? []);
  const changedGaps = sameGaps ? [] : [...gaps, ...state.gaps];
  turn.emit({
    kind: "evidence_read",
    items,
    gaps,
    complete: report.complete,
    ...(gone.length === 0 ? {} : { gone }),
  });
  const touched = new Set([...items, ...changedGaps].flatMap((one) => one.questions).concat(before));
  // "Reading AWS" stands on every open question until all is read.
  if (report.complete) for (const question of Object.values(state.questions)) touched.add(question.id);
  return touched;
}

function sameAs(before: Evidence | undefined, now: Evidence): boolean {
  return before !== undefined && JSON.stringify(before) === JSON.stringify(now);
}

/** What a source that is done no longer says, where it could look; and all of accounts and Regions out of scope. */
function goneWith(state: SessionState, report: EvidenceReport): string[] {
  const { scope } = state;
  const said = new Set(report.items.map((item) => item.id));
  const done = new Set(report.sources ?? []);
  const isBlind = (item: Evidence) =>
    report.gaps.some(
      (gap) =>
        gap.account === item.account &&
        (gap.region === item.region || gap.region === "") &&
        (gap.source === item.source || gap.source === "accounts"),
    );
  return Object.values(state.evidence)
    .filter((item) => !said.has(item.id) && done.has(item.source))
    .filter((item) => !isBlind(item) || !scope.accounts.includes(item.account))
    .map((item) => item.id);
}

/** Gaps of sources that weren't read this time stay. */
function gapsAfter(state: SessionState, report: EvidenceReport): EvidenceGap[] {
  const { sources } = report;
  if (sources === undefined) return report.gaps;
  const done = new Set(sources);
  return [...state.gaps.filter((gap) => !done.has(gap.source) && gap.source !== "accounts"), ...report.gaps];
}

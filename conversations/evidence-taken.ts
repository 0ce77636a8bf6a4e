import type { Evidence, EvidenceGap, EvidenceReport } from "../src/domain/evidence.ts";
import type { QuestionId } from "../src/domain/ids.ts";
import type { SessionState } from "../src/domain/session.ts";
import type { BareEvent, Turn } from "./turn.ts";

/**
 * Takes what a reading found into the session: what is new is kept, what its sources no longer say is let go, and what
 * could not be read this time stays as it was read last. What says the same as before isn't stored again, however often
 * AWS is read: only when it was seen last is, by source. Progress that brings nothing new leaves no trace.
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
    ...(sameGaps ? {} : { gaps }),
    complete: report.complete,
    ...(gone.length === 0 ? {} : { gone }),
    ...(report.complete ? seenAgain(state, report, items, gone) : {}),
  });
  const touched = new Set([...items, ...changedGaps].flatMap((one) => one.questions).concat(before));
  // "Reading AWS" stands on every open question until all is read.
  if (report.complete) for (const question of Object.values(state.questions)) touched.add(question.id);
  return touched;
}

/** Whether there is nothing new in it but the time. */
function sameAs(before: Evidence | undefined, now: Evidence): boolean {
  return before !== undefined && JSON.stringify({ ...before, readAt: "" }) === JSON.stringify({ ...now, readAt: "" });
}

/**
 * When each source said again what it had said before (its earliest call: never claimed fresher than it is), and what
 * of it wasn't said this time.
 */
function seenAgain(
  state: SessionState,
  { items }: EvidenceReport,
  changed: readonly Evidence[],
  gone: readonly string[],
): Pick<Extract<BareEvent, { kind: "evidence_read" }>, "again" | "unseen"> {
  const isNew = new Set(changed.map(({ id }) => id));
  const again: Record<string, string> = {};
  for (const { id, source, readAt } of items) {
    if (!isNew.has(id) && !(again[source] !== undefined && again[source] < readAt)) again[source] = readAt;
  }
  const said = new Set([...items.map(({ id }) => id), ...gone]);
  const unseen = Object.values(state.evidence).filter(({ id, source }) => again[source] !== undefined && !said.has(id));
  return {
    ...(Object.keys(again).length === 0 ? {} : { again }),
    ...(unseen.length === 0 ? {} : { unseen: unseen.map(({ id }) => id) }),
  };
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

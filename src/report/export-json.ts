import type { Catalogue } from "../domain/catalogue.ts";
import type { Evidence } from "../domain/evidence.ts";
import type { SessionState } from "../domain/session.ts";
import type { ExportInput } from "./export.ts";
import { answersOf, named } from "./export-answers.ts";
import type { ExportedQuestion, SessionExport } from "./export-schema.ts";

/** The session as data: see {@link SessionExport}. */
export function exportJson(input: ExportInput): SessionExport {
  const { state, events, report, now, eventVersion = 1 } = input;
  return {
    format: "t-minus-session",
    version: 1,
    eventVersion,
    exportedAt: now.toISOString(),
    session: {
      id: state.id,
      name: state.name,
      status: state.status,
      date: state.event.date,
      time: state.event.time ?? null,
      zone: state.event.zone,
      eventAt: state.eventAt,
      startedAt: state.startedAt,
      closedAt: state.closedAt ?? null,
      facilitator: named(state, state.facilitator),
      managers: state.scope.managers.map((person) => named(state, person)),
      people: Object.keys(state.people).map((person) => named(state, person)),
      scope: { ...state.scope },
      verdict: report.verdict,
      scorecard: report.scorecard.map(({ id, area, colour, reason }) => ({ id, area, colour, reason })),
      risks: report.risks,
      decisions: state.decisions.map((decision) => ({
        ...decision,
        signatures: decision.signatures.map(({ by, go, at, reason }) => ({
          by: named(state, by),
          go,
          at,
          reason: reason?.text ?? null,
        })),
      })),
      notes: state.notes.map(({ at, by, words }) => ({ at, by: named(state, by), text: words.text })),
      summary: {
        by: report.summary.by,
        at: report.summary.at,
        published: report.summary.published,
        sections: report.summary.sections,
        ...(report.summary.cited && { cited: report.summary.cited }),
        ...(report.summary.record && { record: report.summary.record }),
      },
      facts: report.facts.map(({ id, text, source, kind }) => ({ id, kind, text, source })),
    },
    questions: state.moduleOrder
      .flatMap((module) => state.modules[module]?.questions ?? [])
      .map((id) => exportQuestion(input, id)),
    events: events.map((event) => ({ ...event })),
  };
}

function exportQuestion({ state, events, catalogue, report }: ExportInput, id: string): ExportedQuestion {
  const answer = state.questions[id];
  const question = catalogue.question(id);
  const found = report.questions[id];
  const evidence = evidenceFor(state, id);
  const proved = new Set(evidence.flatMap((item) => item.proves));
  const refuted = new Set(evidence.flatMap((item) => item.refutes));
  return {
    id,
    module: answer?.module ?? moduleOf(catalogue, id),
    text: question?.text ?? id,
    status: answer?.status ?? "waiting",
    owner: found?.owner ?? null,
    due: found?.due ?? null,
    answers: answersOf(state, id, events),
    reason: answer?.reason?.text ?? null,
    choices: (question?.choices ?? []).map((choice) => ({
      id: choice.id,
      text: choice.text,
      read: answer?.read.includes(choice.id) ?? false,
      confirmed: answer?.confirmed?.choices.includes(choice.id) ?? false,
      proved: proved.has(choice.id),
      refuted: refuted.has(choice.id),
    })),
    confirmedBy: answer?.confirmed ? named(state, answer.confirmed.by) : null,
    risk: found
      ? { level: found.risk, because: found.because, confirmed: found.confirmed }
      : { level: "UNANSWERED", because: "The catalogue no longer has this question.", confirmed: false },
    evidence: evidence.map(({ questions: _, ...item }) => item),
  };
}

function moduleOf(catalogue: Catalogue, question: string): string {
  return catalogue.moduleOf(question)?.id ?? "";
}

function evidenceFor(state: SessionState, question: string): Evidence[] {
  return Object.values(state.evidence)
    .filter((item) => item.questions.includes(question))
    .sort((a, b) => a.id.localeCompare(b.id));
}

import type { Catalogue } from "../src/domain/catalogue.ts";
import type { QuestionId } from "../src/domain/ids.ts";
import type { SessionState } from "../src/domain/session.ts";
import { dueDates } from "./schedule.ts";

const known = new WeakMap<object, Record<QuestionId, string>>();

/**
 * When a question is due, as an ISO instant: counted back from the event, squeezed when the event is nearer than the
 * catalogue's plan. Remembered per (questions, event), since both are the same object for most of a session's life.
 */
export function dueOf(state: SessionState, question: QuestionId, catalogue: Catalogue): string {
  let due = known.get(state.event);
  if (due === undefined) {
    const questions = state.moduleOrder
      .flatMap((module) => state.modules[module]?.questions ?? [])
      .map((id) => ({ id, dueDaysBefore: catalogue.question(id)?.dueDaysBefore ?? 14 }));
    due = dueDates(questions, new Date(state.startedAt), new Date(state.eventAt), state.event.zone);
    known.set(state.event, due);
  }
  return due[question] ?? state.eventAt;
}

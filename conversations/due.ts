import type { Catalogue } from "../src/domain/catalogue.ts";
import type { QuestionId } from "../src/domain/ids.ts";
import type { SessionState } from "../src/domain/session.ts";
import { dueDates } from "./schedule.ts";
import { STEPS, type StepId } from "./steps.ts";

type Dates = Record<string, string>;
const known = new WeakMap<object, { holidays: unknown; plan: unknown; dates: Dates }>();

/** Where a question has no offset of its own. */
const USUAL_OFFSET = 14;

/**
 * When a question is due, as an ISO instant: counted back from the event, squeezed when the event is nearer than the
 * plan is long. Remembered per event time, which is the same object for most of a session's life.
 */
export function dueOf(state: SessionState, question: QuestionId, catalogue: Catalogue): string {
  return datesOf(state, catalogue)[question] ?? state.eventAt;
}

/** When a step of the plan is due. */
export function stepDueOf(state: SessionState, step: StepId, catalogue: Catalogue): string {
  return datesOf(state, catalogue)[planId(step)] ?? state.eventAt;
}

function datesOf(state: SessionState, catalogue: Catalogue): Dates {
  const { holidays, plan } = state.scope;
  const remembered = known.get(state.event);
  if (remembered !== undefined && remembered.holidays === holidays && remembered.plan === plan) return remembered.dates;
  const questions = state.moduleOrder
    .flatMap((module) => state.modules[module]?.questions ?? [])
    .map((id) => ({ id, dueDaysBefore: catalogue.question(id)?.dueDaysBefore ?? USUAL_OFFSET }));
  const steps = STEPS.map((step) => ({ id: planId(step.id), dueDaysBefore: plan?.[step.id] ?? step.daysBefore }));
  const from = new Date(state.plannedFrom ?? state.startedAt);
  const dates = dueDates([...questions, ...steps], from, new Date(state.eventAt), state.event.zone, holidays);
  known.set(state.event, { holidays, plan, dates });
  return dates;
}

/** Questions and steps share one calculation; a step's name can't be a question's id. */
function planId(step: StepId): string {
  return `plan:${step}`;
}

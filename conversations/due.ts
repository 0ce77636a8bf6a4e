import type { Catalogue } from "../src/domain/catalogue.ts";
import type { QuestionId } from "../src/domain/ids.ts";
import type { SessionState } from "../src/domain/session.ts";
import { dueDates } from "./schedule.ts";
import { STEPS, type StepId } from "./steps.ts";

type Dates = Record<string, string>;
/** By everything the dates depend on: a session that is read anew doesn't reckon them again. */
const known = new WeakMap<Catalogue, Map<string, Dates>>();
const MOST_KNOWN = 2_000;
/** The same, found without putting the key together: the event is the same object for most of a session's life. */
const quick = new WeakMap<object, { holidays: unknown; plan: unknown; dates: Dates }>();

/** Where a question has no offset of its own. */
const USUAL_OFFSET = 14;

/**
 * When a question is due, as an ISO instant: counted back from the event, squeezed when the event is nearer than the
 * plan is long.
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
  const remembered = quick.get(state.event);
  if (remembered !== undefined && remembered.holidays === holidays && remembered.plan === plan) return remembered.dates;
  const dates = reckoned(state, catalogue);
  quick.set(state.event, { holidays, plan, dates });
  return dates;
}

function reckoned(state: SessionState, catalogue: Catalogue): Dates {
  const { holidays, plan } = state.scope;
  const from = state.plannedFrom ?? state.startedAt;
  const ids = state.moduleOrder.flatMap((module) => state.modules[module]?.questions ?? []);
  const key = JSON.stringify([from, state.eventAt, state.event.zone, holidays, plan, ids]);
  const all = known.get(catalogue) ?? new Map<string, Dates>();
  known.set(catalogue, all);
  const before = all.get(key);
  if (before !== undefined) return before;
  const questions = ids.map((id) => ({ id, dueDaysBefore: catalogue.question(id)?.dueDaysBefore ?? USUAL_OFFSET }));
  const steps = STEPS.map((step) => ({ id: planId(step.id), dueDaysBefore: plan?.[step.id] ?? step.daysBefore }));
  const dates = dueDates([...questions, ...steps], new Date(from), new Date(state.eventAt), state.event.zone, holidays);
  if (all.size >= MOST_KNOWN) all.clear();
  all.set(key, dates);
  return dates;
}

/** Questions and steps share one calculation; a step's name can't be a question's id. */
function planId(step: StepId): string {
  return `plan:${step}`;
}

import type { QuestionId } from "../src/domain/ids.ts";
import type { QuestionState, Session, SessionState } from "../src/domain/session.ts";
import { lastPutTo, postKeys } from "./session-queries.ts";
import type { Turn } from "./turn.ts";

/**
 * Where somebody's interview went on, when that is in another module than the one they were just in: said on the line
 * of what was settled last, since nothing more is posted in its thread.
 */
export function nextElsewhere(state: SessionState, id: QuestionId): QuestionState | undefined {
  const next = pointersIn(state).get(id);
  return next === undefined ? undefined : state.questions[next];
}

/** By the question whose line says it: the one that it points to. */
function pointersIn(state: SessionState): Map<QuestionId, QuestionId> {
  const pointers = new Map<QuestionId, QuestionId>();
  // In a chat without threads the next question stands right below.
  if (state.status !== "open" || state.flat === true) return pointers;
  for (const { id, module, askedOf, status } of Object.values(state.questions)) {
    if (askedOf === null || (status !== "open" && status !== "settling")) continue;
    const last = lastPutTo(state, askedOf);
    if (last !== undefined && last.module !== module) pointers.set(last.id, id);
  }
  return pointers;
}

/** The lines that point elsewhere now, or no longer, are redrawn: whatever moved the question. */
export function redrawPointers(turn: Turn, before: Session): void {
  const { session } = turn;
  if (session === before || session.status === "none" || before.status === "none") return;
  if (session.questions === before.questions && session.status === before.status) return;
  const [was, is] = [pointersIn(before), pointersIn(session)];
  for (const id of new Set([...was.keys(), ...is.keys()])) {
    const question = session.questions[id];
    if (question !== undefined && was.get(id) !== is.get(id)) turn.redraw(postKeys.question(id, question.version));
  }
}

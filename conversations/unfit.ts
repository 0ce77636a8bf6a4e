import type { PersonId } from "../src/domain/ids.ts";
import type { Inbound, Unfit } from "../src/domain/inbound.ts";
import type { SessionState } from "../src/domain/session.ts";
import { askNext } from "./asking.ts";
import { withdrawAll } from "./going-back.ts";
import { titleOf } from "./names.ts";
import { redrawScope } from "./scope.ts";
import {
  isSettled,
  liveParts,
  modulesInOrder,
  nameOf,
  openQuestionOf,
  postKeys,
  questionPosts,
  questionsOf,
} from "./session-queries.ts";
import type { Turn } from "./turn.ts";
import { wording } from "./wording.ts";

/**
 * Guests, people from elsewhere, apps and accounts that are gone can take no part: their words don't count, so what is
 * put to them is never answered. They are refused where that is known; where it turns out later, it is taken back.
 */

/** What stands against the people newly picked in a form, by field. */
export function unfitAt(state: SessionState, form: Extract<Inbound, { kind: "form" }>): Record<string, string> {
  const errors: Record<string, string> = {};
  for (const [field, value] of Object.entries(form.values)) {
    for (const person of [value].flat()) {
      const why = person === null ? undefined : form.unfit?.[person];
      if (person === null || why === undefined || holds(state, field, person)) continue;
      errors[field] = wording.cantTakePart(form.names?.[person] ?? nameOf(state, person), why);
    }
  }
  return errors;
}

/** What they had before the form was opened is no reason to refuse the rest of it. */
function holds(state: SessionState, field: string, person: PersonId): boolean {
  return field === "managers"
    ? state.scope.managers.includes(person)
    : state.modules[field.replace(/^owner_/, "")]?.owner === person;
}

/** Whoever was given a part turns out to be unfit for it: everything open is nobody's again, and whoever gave it hears. */
export function takeBack(turn: Turn, person: PersonId, why: Unfit, namedBy: PersonId | undefined): void {
  if (turn.session.status !== "open") return;
  const parts = [...openWork(turn, person), ...roles(turn, person, namedBy)];
  if (parts.length === 0) return;
  redrawScope(turn);
  askNext(turn);
  const { digest } = turn.person;
  if (digest?.byDefault) {
    turn.emitPerson({ kind: "digest_set", rhythm: "off", hour: digest.hour, at: turn.ctx.now.toISOString() });
    turn.want({ do: "cancel", key: `digest:${person}` });
  }
  const { name, facilitator } = turn.state;
  const text = wording.partTakenBack(nameOf(turn.state, person), why, parts.join(", "), name);
  turn.want({ do: "tell", person: namedBy ?? facilitator, text });
}

/** Modules and delegated questions that aren't settled. What stands open is shown to nobody; an answer coming in is void. */
function openWork(turn: Turn, person: PersonId): string[] {
  const modules = modulesInOrder(turn.state).filter(
    ({ id, owner }) => owner === person && !questionsOf(turn.state, id).every(isSettled),
  );
  const delegated = Object.values(turn.state.questions).filter(
    (question) => question.delegate === person && !isSettled(question),
  );
  const open = openQuestionOf(turn.state, person);
  if (open !== undefined && liveParts(open).length > 0) withdrawAll(turn, open);
  // Already asked more about: it is asked anew, openly.
  if (open?.status === "open" && open.followUp !== undefined && !open.followUp.answered) {
    turn.emit({ kind: "answer_reopened", question: open.id, why: "withdrawn" });
  }
  for (const { id } of modules) turn.emit({ kind: "owner_assigned", module: id, person: null });
  for (const { id } of delegated) turn.emit({ kind: "question_delegated", question: id, to: null });
  for (const key of open === undefined ? [] : questionPosts(open)) {
    if (turn.state.posts[key] === undefined) continue;
    turn.emit({ kind: "post_addressed", post: key, to: null });
    turn.redraw(key);
  }
  return [...modules.map(({ id }) => titleOf(turn, id)), ...delegated.map(({ id }) => id)];
}

function roles(turn: Turn, person: PersonId, namedBy: PersonId | undefined): string[] {
  const { scope, facilitator, decisions } = turn.state;
  const parts: string[] = [];
  if (scope.managers.includes(person)) {
    turn.emit({ kind: "scope_changed", scope: { managers: scope.managers.filter((one) => one !== person) } });
    for (const { version } of decisions) turn.redraw(postKeys.decision(version));
    parts.push("signing as a manager");
  }
  if (facilitator === person && namedBy !== undefined && namedBy !== person) {
    turn.emit({ kind: "facilitator_changed", person: namedBy });
    parts.push("being the facilitator");
  }
  return parts;
}

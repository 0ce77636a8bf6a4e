import type { PersonId } from "../src/domain/ids.ts";
import type { FieldValues } from "../src/domain/message.ts";
import { askNext, redrawOpen, watch } from "./asking.ts";
import { nameIn } from "./calendar.ts";
import { text } from "./field-values.ts";
import { nameThem } from "./names.ts";
import { canBeAddressed, modulesInOrder, nameOf, openQuestionOf, postKeys, questionPosts } from "./session-queries.ts";
import { settleFirst } from "./settling.ts";
import type { Turn } from "./turn.ts";
import { wording } from "./wording.ts";

/** Who owns a module: named in a form, by claim or by command, and what goes over to them. */

/** One person a module, from the Owners form or the Scope's. */
export function changeOwners(turn: Turn, values: FieldValues, names: Record<PersonId, string>, person: PersonId): void {
  const { facilitator } = turn.state;
  if (person !== facilitator)
    return turn.tell(wording.notFacilitator("name the owners", nameOf(turn.state, facilitator)));
  for (const module of modulesInOrder(turn.state)) {
    const owner = text(values[`owner_${module.id}`]);
    if (owner !== "" && owner !== module.owner) assignModule(turn, module.id, owner, names[owner]);
  }
}

/** A module gets an owner: by claim, by assignment, or handed over. Its shown question is edited, never reposted. */
export function assignModule(turn: Turn, module: string, person: PersonId, name: string | undefined): void {
  nameThem(turn, person, name);
  const before = turn.state.modules[module]?.owner;
  turn.emit({ kind: "owner_assigned", module, person });
  if (before !== undefined && before !== person) handOver(turn, module, before, person);
  turn.redraw(postKeys.header);
  turn.redraw(postKeys.module(module));
  for (const post of Object.values(turn.state.posts)) {
    const names = post.kind === "question" || post.kind === "follow_up" || post.kind === "confirm";
    if (post.module === module && names) turn.redraw(post.key);
  }
  askNext(turn);
  for (const one of [before, person]) if (one !== undefined) redrawOpen(turn, one);
  // Also behind a question that they leave open, for which no reminder is due any more.
  if (person === turn.actor) watch(turn, person);
  else watch(turn, person, 0);
  if (person !== turn.actor || turn.state.scope.holidays !== undefined) nameIn(turn, person);
}

/** The open question of a handed-over module goes with it, if the new owner is free; otherwise it waits for them. */
function handOver(turn: Turn, module: string, from: PersonId, to: PersonId): void {
  const open = openQuestionOf(turn.state, from);
  if (open === undefined || open.module !== module || open.delegate !== undefined) return;
  // What its owner has just said is the answer: nobody would be left to wait for the rest of it.
  if (open.status === "settling") return settleFirst(turn, open, from);
  const busy = openQuestionOf(turn.state, to) !== undefined || !canBeAddressed(turn.state, open, to);
  for (const post of questionPosts(open)) {
    if (turn.state.posts[post] !== undefined) turn.emit({ kind: "post_addressed", post, to: busy ? null : to });
  }
}

import type { PersonId } from "../src/domain/ids.ts";
import type { Inbound } from "../src/domain/inbound.ts";
import type { PostState, SessionState } from "../src/domain/session.ts";
import { watch } from "./asking.ts";
import { nameThem } from "./names.ts";
import { assignee, hasPart, isManager } from "./session-queries.ts";
import type { Turn } from "./turn.ts";
import { takeBack } from "./unfit.ts";

/** What platforms tell of people: with what they do, or when they were named and did nothing. */

/** Somebody's name and zone, told without their doing anything: cards name them, and reminders follow their day. */
export function introduced(turn: Turn, input: Extract<Inbound, { kind: "met" }>, person: PersonId): void {
  if (input.unfit !== undefined) {
    const { session } = turn;
    if (session.status === "open" && hasPart(session, person)) nameThem(turn, person, input.actor.name);
    return takeBack(turn, person, input.unfit, input.namedBy);
  }
  const { zone } = turn.person;
  meetPerson(turn, input);
  if (turn.person.zone !== zone) watch(turn, person, 0);
  const { name } = input.actor;
  if (name === undefined || turn.session.status !== "open") return;
  const known = turn.state.people[person];
  if (known?.name === name || (known === undefined && !hasPart(turn.state, person))) return;
  turn.emit({ kind: "person_named", person, name });
  for (const post of Object.values(turn.state.posts)) if (isNamedIn(turn.state, post, person)) turn.redraw(post.key);
}

/** Whether a card may call somebody by their name. */
function isNamedIn(state: SessionState, post: PostState, person: PersonId): boolean {
  const question = post.question === undefined ? undefined : state.questions[post.question];
  switch (post.kind) {
    case "header":
    case "scope":
      return true;
    case "module":
      return state.modules[post.module ?? ""]?.owner === person;
    case "question":
      return question !== undefined && [assignee(state, question), question.settledBy].includes(person);
    case "decision":
      return isManager(state, person);
    default:
      return false;
  }
}

/** What the platform says about somebody, kept where it is new. */
export function meetPerson(turn: Turn, input: Inbound): void {
  const { name, zone } = input.actor;
  const newName = name !== undefined && name !== turn.person.name;
  const newZone = zone !== undefined && zone !== turn.person.zone && !turn.person.zoneIsOwn;
  if (newName || newZone) {
    turn.emitPerson({
      kind: "person_met",
      ...(newName ? { name } : {}),
      ...(newZone ? { zone } : {}),
      at: turn.ctx.now.toISOString(),
    });
  }
}

export function meet(turn: Turn, input: Inbound): void {
  meetPerson(turn, input);
  const { name } = input.actor;
  const person = turn.actor;
  if (person === undefined || name === undefined || turn.session.status === "none") return;
  if (turn.state.people[person]?.name !== name) turn.emit({ kind: "person_named", person, name });
}

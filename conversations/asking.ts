import { type Address, conversationKey } from "../src/domain/address.ts";
import type { ModuleId, PersonId, QuestionId } from "../src/domain/ids.ts";
import type { MessageKind } from "../src/domain/message.ts";
import type { ModuleState, PostState, QuestionState, SessionState } from "../src/domain/session.ts";
import { dueOf } from "./due.ts";
import { localDate } from "./hours.ts";
import {
  assignee,
  canBeAddressed,
  isSettled,
  lastPutTo,
  modulesInOrder,
  openQuestionOf,
  postKeys,
  questionPosts,
  questionsInOrder,
  questionsOf,
  threadOf,
} from "./session-queries.ts";
import type { Turn } from "./turn.ts";

/** Who is asked what, and where. One question at a time per person over all modules; modules in parallel across people. */

/** A sitting ends after this silence; only its first question pings. */
const SITTING_MS = 30 * 60_000;

/** How long a person may be quiet before the engine looks whether a nudge is due. Activity pushes it back. */
const LOOK_AFTER_MS = 60 * 60_000;

type Wanted = {
  key: string;
  kind: MessageKind;
  module?: ModuleId;
  question?: QuestionId;
  version: number;
  to?: PersonId | null;
  ping?: boolean;
};

/** Wants a post in a thread whose root is there, or at the channel's top level. */
export function wantPost(turn: Turn, wanted: Wanted, root?: string): void {
  const address = root === undefined ? turn.state.home : threadOf(turn.state, root);
  if (address === undefined) return;
  turn.emit({ kind: "post_wanted", post: { ...wanted, conversation: conversationKey(address) } });
  turn.want({ do: "post", post: wanted.key });
  if (wanted.kind !== "summary" && wanted.kind !== "decision") return;
  for (const follower of turn.state.followers ?? []) wantCopy(turn, wanted, follower.address);
}

/** The same post once more, after it couldn't be made. */
export function wantAgain(turn: Turn, { state: _failed, ref: _none, ...post }: PostState): void {
  turn.emit({ kind: "post_wanted", post });
  turn.want({ do: "post", post: post.key });
}

/** The same card in a channel that follows the session; it is redrawn whenever the one at home is. */
export function wantCopy(turn: Turn, { key, kind, version }: Wanted, at: Address): void {
  const conversation = conversationKey(at);
  const copy = `${key}@${conversation}`;
  if (turn.state.posts[copy] !== undefined && turn.state.posts[copy]?.state !== "failed") return;
  turn.emit({ kind: "post_wanted", post: { key: copy, kind, version, conversation, at, copyOf: key } });
  turn.want({ do: "post", post: copy });
}

/** Asks everyone who is free what is most urgent for them, and shows the first question of unowned modules. */
export function askNext(turn: Turn): void {
  if (turn.state.status !== "open") return;
  for (const module of modulesInOrder(turn.state)) {
    if (module.owner === undefined) showFirst(turn, module);
  }
  for (const person of peopleWithWork(turn.state)) askPerson(turn, person);
}

/** An unowned module shows its first waiting question, addressed to nobody, with "I'll take this". */
function showFirst(turn: Turn, module: ModuleState): void {
  const questions = questionsOf(turn.state, module.id).filter((question) => question.delegate === undefined);
  if (questions.some((question) => question.status === "open" || question.status === "settling")) return;
  const first = questions.find((question) => question.status === "waiting" || question.status === "later");
  if (first !== undefined) putQuestion(turn, first, null, false);
}

function peopleWithWork(state: SessionState): PersonId[] {
  const people = new Set<PersonId>();
  for (const question of questionsInOrder(state)) {
    const person = assignee(state, question);
    if (person !== null && !isSettled(question) && question.askedOf !== person) people.add(person);
  }
  return [...people];
}

function askPerson(turn: Turn, person: PersonId): void {
  if (openQuestionOf(turn.state, person) !== undefined) return;
  const next = nextFor(turn.state, person, turn);
  if (next === undefined) return;
  if (next.status === "open" && canBeAddressed(turn.state, next, person)) {
    addressShown(turn, next, person);
    return;
  }
  putQuestion(turn, next, person, startsSitting(turn, person));
}

/**
 * The most urgent question of a person: by the day it is due, and of one day in the module they are in, then in
 * catalogue order; what was set aside comes last.
 */
export function nextFor(state: SessionState, person: PersonId, turn: Turn): QuestionState | undefined {
  const waiting = questionsInOrder(state).filter(
    (question) =>
      assignee(state, question) === person &&
      (question.status === "waiting" ||
        question.status === "later" ||
        (question.status === "open" && question.askedOf === null)) &&
      state.posts[postKeys.module(question.module)]?.state === "posted",
  );
  const here = lastPutTo(state, person)?.module;
  const urgency = (question: QuestionState) => {
    const due = dueOf(state, question.id, turn.ctx.catalogue);
    const elsewhere = here !== undefined && question.module !== here;
    return `${question.status === "later" ? 1 : 0} ${localDate(due, state.event.zone)} ${elsewhere ? 1 : 0} ${due}`;
  };
  return waiting
    .map((question) => ({ question, urgency: urgency(question) }))
    .reduce<{ question: QuestionState; urgency: string } | undefined>(
      (best, one) => (best === undefined || one.urgency < best.urgency ? one : best),
      undefined,
    )?.question;
}

/** A question already on show is now put to somebody: its post is edited, never posted again. */
function addressShown(turn: Turn, question: QuestionState, person: PersonId): void {
  for (const key of questionPosts(question)) {
    if (turn.state.posts[key] === undefined) continue;
    turn.emit({ kind: "post_addressed", post: key, to: person });
    turn.redraw(key);
  }
  watch(turn, person);
}

/** Posts a question in its module's thread, one version up. */
export function putQuestion(turn: Turn, question: QuestionState, to: PersonId | null, ping: boolean): void {
  const root = postKeys.module(question.module);
  if (turn.state.posts[root]?.state !== "posted") return;
  const version = question.version + 1;
  const post = postKeys.question(question.id, version);
  turn.emit({ kind: "question_asked", question: question.id, version, to, post });
  wantPost(
    turn,
    { key: post, kind: "question", module: question.module, question: question.id, version, to, ping },
    root,
  );
  if (to !== null) watch(turn, to);
}

/** The first question of a sitting pings, unless the person has just asked for it themselves. */
function startsSitting(turn: Turn, person: PersonId): boolean {
  if (turn.actor === person) return false;
  const last = turn.state.sittings[person]?.lastAnswerAt;
  return last === undefined || turn.ctx.now.getTime() - last > SITTING_MS;
}

/** Something waits for this person: look later whether a nudge is due. */
export function watch(turn: Turn, person: PersonId, after = LOOK_AFTER_MS): void {
  turn.want({
    do: "timer",
    key: `nudge:${person}`,
    clock: "calendar",
    at: turn.ctx.now.getTime() + after,
    input: { timer: "nudge", person },
  });
}

/** After a question settled: its card collapses, its module may be complete, and the next one is asked. */
export function afterSettled(turn: Turn, question: QuestionState): void {
  showSettled(turn, question);
  askNext(turn);
}

/** The same where something else comes before the next question. */
export function showSettled(turn: Turn, question: QuestionState): void {
  redrawQuestion(turn, question.id);
  turn.redraw(postKeys.module(question.module));
  turn.redraw(postKeys.header);
  completeModule(turn, question.module);
}

export function redrawQuestion(turn: Turn, id: QuestionId): void {
  const question = turn.state.questions[id];
  if (question === undefined) return;
  for (const post of Object.values(turn.state.posts)) {
    if (post.question === id && (post.kind === "question" || post.kind === "follow_up")) turn.redraw(post.key);
  }
}

/** What somebody is asked now, when what else waits for them has changed: its buttons depend on that. */
export function redrawOpen(turn: Turn, person: PersonId): void {
  const open = openQuestionOf(turn.state, person);
  if (open !== undefined) redrawQuestion(turn, open.id);
}

/** When its last question is settled a module gets its closing card, and the session, after the last, its summary. */
export function completeModule(turn: Turn, id: ModuleId): void {
  const module = turn.state.modules[id];
  if (module === undefined || !questionsOf(turn.state, id).every(isSettled)) return;
  const card = postKeys.confirm(id);
  if (module.completedAt !== undefined) {
    turn.redraw(card);
    return;
  }
  turn.emit({ kind: "module_completed", module: id });
  if (turn.state.posts[card] === undefined || turn.state.posts[card]?.state === "failed") {
    wantPost(
      turn,
      { key: card, kind: "confirm", module: id, version: 1, to: module.owner ?? null },
      postKeys.module(id),
    );
  } else {
    turn.redraw(card);
  }
  turn.redraw(postKeys.module(id));
  if (module.owner !== undefined) watch(turn, module.owner);
  if (questionsInOrder(turn.state).every(isSettled)) draftSummary(turn);
}

/** A draft that isn't there after this long won't come: another may be asked for. */
const DRAFT_MS = 10 * 60_000;

/**
 * Asks for a new summary; it is posted when the draft comes back. A model takes its time: then the post stands at once,
 * shows how far it is, and becomes the summary.
 */
export function draftSummary(turn: Turn): void {
  const { drafting, summaries } = turn.state;
  const model = turn.ctx.settings.model === true;
  if (model && drafting !== undefined && turn.ctx.now.getTime() - Date.parse(drafting.at) < DRAFT_MS) return;
  const version = 1 + Math.max(0, model ? (drafting?.version ?? 0) : 0, ...summaries.map((summary) => summary.version));
  turn.emit({ kind: "summary_requested", version });
  turn.want({ do: "draft", version });
  if (model) wantPost(turn, { key: postKeys.summary(version), kind: "summary", version });
}

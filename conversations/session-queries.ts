import type { Address } from "../src/domain/address.ts";
import { conversationKey } from "../src/domain/address.ts";
import type { ModuleId, PersonId, QuestionId } from "../src/domain/ids.ts";
import { identityOf } from "../src/domain/ids.ts";
import type { Mention } from "../src/domain/inbound.ts";
import type { AnswerPart, ModuleState, PostState, QuestionState, SessionState } from "../src/domain/session.ts";
import { textOf } from "../src/domain/words.ts";

/** Small questions about a session that many parts of the engine ask. */

export function questionsInOrder(state: SessionState): QuestionState[] {
  const questions: QuestionState[] = [];
  for (const module of modulesInOrder(state)) questions.push(...questionsOf(state, module.id));
  return questions;
}

export function modulesInOrder(state: SessionState): ModuleState[] {
  return found(state.moduleOrder, state.modules);
}

export function questionsOf(state: SessionState, module: ModuleId): QuestionState[] {
  return found(state.modules[module]?.questions ?? [], state.questions);
}

function found<T>(ids: readonly string[], by: Readonly<Record<string, T>>): T[] {
  const all: T[] = [];
  for (const id of ids) {
    const one = by[id];
    if (one !== undefined) all.push(one);
  }
  return all;
}

/** Who must answer a question: its delegate, else its module's owner; null while nobody has taken it. */
export function assignee(state: SessionState, question: QuestionState): PersonId | null {
  return question.delegate ?? state.modules[question.module]?.owner ?? null;
}

export function isSettled(question: QuestionState): boolean {
  return question.status === "answered" || question.status === "skipped" || question.status === "not_applicable";
}

/** Somebody has said something to it, and more may come: the wait for silence, or a follow-up that is out. */
export function isBeingAnswered(question: QuestionState): boolean {
  if (question.status === "settling") return true;
  return question.status === "open" && question.followUp?.answered === false && liveParts(question).length > 0;
}

/** The question that is put to this person now, if any: at most one a person and session. */
export function openQuestionOf(state: SessionState, person: PersonId): QuestionState | undefined {
  return Object.values(state.questions).find(
    (question) => question.askedOf === person && (question.status === "open" || question.status === "settling"),
  );
}

/** Whether a question of another module waits for this person: only then can it come first. */
export function waitsElsewhere(state: SessionState, question: QuestionState, person: PersonId): boolean {
  return Object.values(state.questions).some(
    (other) =>
      other.module !== question.module &&
      assignee(state, other) === person &&
      (other.status === "waiting" || other.status === "later" || (other.status === "open" && other.askedOf === null)),
  );
}

/** What still counts of an answer, in platform order. */
export function liveParts(question: QuestionState): AnswerPart[] {
  return question.parts.filter((part) => !part.withdrawn);
}

export function answerText(question: QuestionState): string {
  return liveParts(question)
    .map((part) => textOf(part.words))
    .join("\n");
}

/** The answer where it stands in one line: its parts apart. */
export function answerLine(question: QuestionState): string {
  return liveParts(question)
    .map((part) => textOf(part.words).trim())
    .join(" · ");
}

export const postKeys = {
  header: "header",
  scope: "scope",
  module: (module: ModuleId) => `module:${module}`,
  question: (question: QuestionId, version: number) => `question:${question}:${version}`,
  followUp: (question: QuestionId, version: number) => `follow_up:${question}:${version}`,
  confirm: (module: ModuleId) => `confirm:${module}`,
  summary: (version: number) => `summary:${version}`,
  decision: (version: number) => `decision:${version}`,
} as const;

/** The newest post of a question, follow-up first. */
export function questionPosts(question: QuestionState): string[] {
  return [postKeys.question(question.id, question.version), postKeys.followUp(question.id, question.version)];
}

/** Where a thread's posts go: the module's thread, or the chat itself where there are no threads. */
export function threadOf(state: SessionState, root: string): Address | undefined {
  if (state.flat) return state.home;
  const ref = state.posts[root]?.ref;
  return ref === undefined ? undefined : { ...state.home, thread: ref.messageId };
}

/** Which module's thread this conversation is. In a flat chat: none in particular. */
export function moduleAt(state: SessionState, address: Address): ModuleState | undefined {
  if (state.flat || address.thread === undefined) return undefined;
  const key = conversationKey(address);
  return modulesInOrder(state).find((module) => {
    const thread = threadOf(state, postKeys.module(module.id));
    return thread !== undefined && conversationKey(thread) === key;
  });
}

/** Whether a conversation is the session's own chat without threads: everything stands and is said in it. */
export function isFlatHome(state: SessionState, address: Address): boolean {
  return state.flat === true && conversationKey(address) === conversationKey(state.home);
}

/**
 * In a chat without threads the newest question put to somebody is the one that counts. One that stands above a newer
 * post to them can't be put to them by an edit: nobody would see it, and replies would go to the newer one.
 */
export function canBeAddressed(state: SessionState, question: QuestionState, person: PersonId): boolean {
  if (!state.flat) return true;
  const shown = state.posts[postKeys.question(question.id, question.version)]?.ref?.sentAt;
  const others = Object.values(state.posts).filter((post) => post.to === person && post.question !== question.id);
  return (
    shown !== undefined && others.every((post) => post.state === "failed" || (post.ref?.sentAt ?? Infinity) < shown)
  );
}

export function nameOf(state: SessionState, person: PersonId): string {
  return state.people[person]?.name ?? identityOf(person).user;
}

/** Whether somebody was given a part in the session: whoever did that knew them. */
export function hasPart(state: SessionState, person: PersonId): boolean {
  return (
    state.facilitator === person ||
    isManager(state, person) ||
    Object.values(state.modules).some(({ owner }) => owner === person) ||
    Object.values(state.questions).some(({ delegate, askedOf }) => delegate === person || askedOf === person)
  );
}

export function isManager(state: SessionState, person: PersonId): boolean {
  return state.scope.managers.includes(person);
}

/** Those who answer for the session, as a sentence names them. */
export function facilitatorAndManagers(state: SessionState): string[] {
  return [`the facilitator, ${nameOf(state, state.facilitator)},`, "the managers"];
}

/** Mentions in a text are labels of the same platform and workspace as their author. */
export function mentioned(author: PersonId, mention: Mention): PersonId {
  const { platform, workspace } = identityOf(author);
  return `${platform}:${workspace}:${mention.user}`;
}

export function postsInConversation(state: SessionState, conversation: string): PostState[] {
  return Object.values(state.posts).filter((post) => post.conversation === conversation);
}

/** The question this person settled last: what "Undo" and "back" return to. */
export function lastSettledBy(state: SessionState, person: PersonId, module?: ModuleId): QuestionState | undefined {
  return lastSettled(
    Object.values(state.questions).filter(
      (question) => question.settledBy === person && (module === undefined || question.module === module),
    ),
  );
}

/** The settled question that was put to this person last, whoever settled it: where their interview just was. */
export function lastPutTo(state: SessionState, person: PersonId): QuestionState | undefined {
  return lastSettled(Object.values(state.questions).filter((question) => question.askedOf === person));
}

function lastSettled(questions: readonly QuestionState[]): QuestionState | undefined {
  let last: QuestionState | undefined;
  for (const question of questions) {
    const { settledAt } = question;
    if (settledAt === undefined || !isSettled(question)) continue;
    if (last?.settledAt === undefined || settledAt >= last.settledAt) last = question;
  }
  return last;
}

/** Whether a post would say anything now: a question's does while that version of it is open. */
export function isStillMeant(state: SessionState, post: PostState): boolean {
  if ((post.kind !== "question" && post.kind !== "follow_up") || post.question === undefined) return true;
  const question = state.questions[post.question];
  if (post.kind === "follow_up" && question?.followUp?.dropped === true) return false;
  return question?.version === post.version && question.status === "open";
}

/** A question that was answered (or asked anew) before its post went out needs none; a session that is over, only its last words. */
export function isOverdue(state: SessionState, post: PostState): boolean {
  const isLast = post.kind === "summary" || state.told?.[post.key]?.what === "ended";
  return (state.status !== "open" && !isLast) || !isStillMeant(state, post);
}

import { conversationKey } from "../src/domain/address.ts";
import type { PersonId, QuestionId } from "../src/domain/ids.ts";
import type { ModuleState, SessionState } from "../src/domain/session.ts";
import { assignee, isFlatHome, postsInConversation } from "./session-queries.ts";
import type { Said } from "./take.ts";

/** Which question a reply answers, by the platform's own times; and who may answer where. */

/** Posts that begin or end an answer. */
const ATTRIBUTED: ReadonlySet<string> = new Set(["question", "follow_up", "confirm"]);

/**
 * Which question a reply answers: the newest put to its author in that conversation, by the platform's own times. While
 * such a post is in flight nobody can know; the closing card of a module ends its last answer.
 */
export function attribute(
  state: SessionState,
  person: PersonId,
  conversation: string,
  sentAt: number,
): { to: "question"; question: QuestionId; followUp: boolean } | { to: "in_flight" } | { to: "nobody" } {
  const mine = postsInConversation(state, conversation).filter((post) => {
    // Everybody's posts share a chat without threads: there only one's own count.
    if (state.flat) return post.to === person && ATTRIBUTED.has(post.kind);
    if (post.kind === "confirm") return true;
    if (post.kind !== "question" && post.kind !== "follow_up") return false;
    if (post.to === person) return true;
    const question = post.question === undefined ? undefined : state.questions[post.question];
    return (post.to ?? null) === null && question !== undefined && assignee(state, question) === person;
  });
  if (mine.some((post) => post.state === "wanted" && post.kind !== "confirm")) return { to: "in_flight" };
  const before = mine.filter((post) => post.ref !== undefined && post.ref.sentAt < sentAt);
  const newest = before.reduce<(typeof before)[number] | undefined>(
    (latest, post) => (latest === undefined || post.ref!.sentAt > latest.ref!.sentAt ? post : latest),
    undefined,
  );
  if (newest?.question === undefined) return { to: "nobody" };
  // To a follow-up whose answer was taken back a reply is one to the question itself, which is shown again.
  const followUp = newest.kind === "follow_up" && state.questions[newest.question]?.followUp?.dropped !== true;
  return { to: "question", question: newest.question, followUp };
}

/** In a chat without threads: whether what somebody says to the bot can be an answer there. */
export function mayAnswerHere(state: SessionState, person: PersonId, said: Said): boolean {
  if (!isFlatHome(state, said.address)) return false;
  return isPutHere(state, person, said) || shownTo(state, said) !== undefined;
}

/** Whether a question put to somebody stands in this conversation (or is on its way there). */
export function isPutHere(state: SessionState, person: PersonId, said: Said): boolean {
  return attribute(state, person, conversationKey(said.address), said.sentAt).to !== "nobody";
}

/** The newest question on show for whoever takes its module, where the chat has no threads to tell modules apart. */
export function shownTo(state: SessionState, said: Said): ModuleState | undefined {
  const shown = Object.values(state.posts).filter((post) => {
    const question = post.question === undefined ? undefined : state.questions[post.question];
    if (post.kind !== "question" || question?.status !== "open" || post.version !== question.version) return false;
    return (
      state.modules[question.module]?.owner === undefined &&
      question.delegate === undefined &&
      post.ref !== undefined &&
      post.ref.sentAt < said.sentAt
    );
  });
  const newest = shown.reduce<(typeof shown)[number] | undefined>(
    (latest, post) => (latest === undefined || post.ref!.sentAt > latest.ref!.sentAt ? post : latest),
    undefined,
  );
  return newest?.module === undefined ? undefined : state.modules[newest.module];
}

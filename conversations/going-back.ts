import type { MessageRef } from "../src/domain/address.ts";
import type { PersonId, QuestionId } from "../src/domain/ids.ts";
import type { QuestionState, SessionState } from "../src/domain/session.ts";
import { askNext, redrawOpen, redrawQuestion, wantPost, watch } from "./asking.ts";
import { nameIn } from "./calendar.ts";
import {
  assignee,
  canBeAddressed,
  isBeingAnswered,
  isSettled,
  lastSettledBy,
  liveParts,
  nameOf,
  openQuestionOf,
  postKeys,
  questionPosts,
} from "./session-queries.ts";
import { NOT_A_MESSAGE, settleFirst, settleWithout } from "./settling.ts";
import type { Turn } from "./turn.ts";
import { wording } from "./wording.ts";

/** Undo, "back", setting aside and handing over. */

/** `back` while an answer settles: it is withdrawn, and the question stays open. */
export function withdrawAll(turn: Turn, question: QuestionState): void {
  turn.want({ do: "cancel", key: `settle:${turn.state.id}:${question.askedOf ?? ""}` });
  for (const part of liveParts(question)) {
    turn.emit({ kind: "answer_part_withdrawn", question: question.id, messageId: part.messageId });
    if (!part.messageId.startsWith(NOT_A_MESSAGE)) {
      turn.want({ do: "unreact", message: refOf(turn.state, question, part.messageId, part.sentAt) });
    }
  }
  redrawQuestion(turn, question.id);
}

/** Where a part of an answer stands: beside its question. */
export function refOf(state: SessionState, question: QuestionState, messageId: string, sentAt: number): MessageRef {
  const post = questionPosts(question)
    .map((key) => state.posts[key]?.ref)
    .find((ref) => ref !== undefined);
  return { address: post?.address ?? state.home, messageId, sentAt };
}

/** `back` and Undo: the open question is set aside, the one before is put anew. */
export function goBack(turn: Turn, person: PersonId, to?: QuestionId): boolean {
  const target = to === undefined ? lastSettledBy(turn.state, person) : turn.state.questions[to];
  if (target === undefined || !(isSettled(target) || liveParts(target).length > 0)) return false;
  turn.want({ do: "cancel", key: `settle:${turn.state.id}:${target.askedOf ?? ""}` });
  for (const part of liveParts(target)) {
    if (!part.messageId.startsWith(NOT_A_MESSAGE)) {
      turn.want({ do: "unreact", message: refOf(turn.state, target, part.messageId, part.sentAt) });
    }
  }
  turn.emit({ kind: "answer_reopened", question: target.id, why: "undo" });
  const open = openQuestionOf(turn.state, person);
  // What was said to it counts: setting it aside would ask for the same words once more.
  if (open !== undefined && isBeingAnswered(open)) settleFirst(turn, open, person);
  else if (open !== undefined) setAside(turn, open, true);
  redrawQuestion(turn, target.id);
  turn.redraw(postKeys.header);
  putAgain(turn, target.id);
  askNext(turn);
  return true;
}

/** Asks a reopened question again, before anything else of its owner. */
function putAgain(turn: Turn, id: QuestionId): void {
  const question = turn.state.questions[id];
  if (question === undefined) return;
  const person = assignee(turn.state, question);
  if (person !== null && openQuestionOf(turn.state, person) !== undefined) return;
  const version = question.version + 1;
  const post = postKeys.question(id, version);
  turn.emit({ kind: "question_asked", question: id, version, to: person, post });
  wantPost(
    turn,
    { key: post, kind: "question", module: question.module, question: id, version, to: person },
    postKeys.module(question.module),
  );
}

/** Collapses an open question to "later". `next`: it comes back right after. */
export function setAside(turn: Turn, question: QuestionState, next: boolean): void {
  turn.emit({ kind: "question_set_aside", question: question.id, ...(next ? { next: true as const } : {}) });
  redrawQuestion(turn, question.id);
}

/** What stands there, for somebody who comes after the end of a question. */
export function settledAlready(state: SessionState, question: QuestionState): string {
  const { settledBy } = question;
  return wording.settledAlready(question, settledBy === undefined ? "somebody" : nameOf(state, settledBy));
}

/**
 * Hands one question to somebody else. The owner's next question doesn't wait for it. An answer that stands, or that
 * somebody else is giving right now, isn't handed on.
 * @returns why it wasn't, as a sentence
 */
export function delegate(turn: Turn, question: QuestionState, to: PersonId, name: string): string | undefined {
  if (question.status === "settling") endWait(turn, question);
  const now = turn.state.questions[question.id] ?? question;
  if (isSettled(now)) return settledAlready(turn.state, now);
  if (turn.state.people[to] === undefined) turn.emit({ kind: "person_named", person: to, name });
  const before = assignee(turn.state, question);
  turn.emit({ kind: "question_delegated", question: question.id, to });
  if (now.status === "open") {
    const busy = openQuestionOf(turn.state, to) !== undefined || !canBeAddressed(turn.state, question, to);
    for (const key of questionPosts(question)) {
      if (turn.state.posts[key] === undefined) continue;
      turn.emit({ kind: "post_addressed", post: key, to: busy ? null : to });
      turn.redraw(key);
    }
  }
  turn.redraw(postKeys.header);
  askNext(turn);
  for (const person of [before, to]) if (person !== null) redrawOpen(turn, person);
  if (to === turn.actor) watch(turn, to);
  else {
    watch(turn, to, 0);
    nameIn(turn, to);
  }
  return undefined;
}

/**
 * Who hands on what they have just begun to answer wants somebody else to go on: the question is open again on its card,
 * with their words in it. Anybody else comes too late: what was said is the answer.
 */
function endWait(turn: Turn, question: QuestionState): void {
  const { id, version, askedOf } = question;
  if (!liveParts(question).every((part) => part.by === turn.actor)) return settleWithout(turn, question, askedOf ?? "");
  turn.want({ do: "cancel", key: `settle:${turn.state.id}:${askedOf ?? turn.actor ?? ""}` });
  turn.emit({ kind: "question_asked", question: id, version, to: askedOf, post: postKeys.question(id, version) });
}

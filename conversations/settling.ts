import type { PersonId, QuestionId } from "../src/domain/ids.ts";
import type { QuestionState } from "../src/domain/session.ts";
import { afterSettled, redrawQuestion, wantPost } from "./asking.ts";
import { followUpText, needsFollowUp } from "./follow-up.ts";
import { weakFollowUp } from "./intake.ts";
import { readingOf, wantReading, wordingFor } from "./model-reading.ts";
import { answerText, isSettled, liveParts, postKeys } from "./session-queries.ts";
import type { Take } from "./take.ts";
import type { Turn } from "./turn.ts";
import { evidenceOf } from "./verdict.ts";

/** An answer's parts, the silence that ends it, its reading, and at most one follow-up. */

const FOLLOW_UPS_PER_MODULE = 2;
/** A model is asked after this much silence: the rest of the wait is its own. */
const READING_AFTER_MS = 2_000;

/** Records a part of an answer, applying an edit or deletion that arrived before its message. */
export function recordPart(turn: Turn, take: Take, question: QuestionState): void {
  const { messageId, sentAt } = take.message;
  // Times first: comparing them costs less, and of one message they are the same.
  if (question.parts.some((part) => part.sentAt === sentAt && part.messageId === messageId)) return;
  const wasSettled = isSettled(question);
  turn.emit({
    kind: "answer_part_recorded",
    question: question.id,
    person: take.person,
    messageId,
    platform: take.platform,
    sentAt,
    words: take.words,
    ...(take.onPurpose === undefined ? {} : { onPurpose: take.onPurpose }),
  });
  const early = turn.state.early[messageId];
  if (early?.words === null) {
    turn.emit({ kind: "answer_part_withdrawn", question: question.id, messageId });
  } else if (early !== undefined) {
    turn.emit({
      kind: "answer_part_revised",
      question: question.id,
      messageId,
      words: early.words,
      editedAt: early.at,
    });
  }
  if (!messageId.startsWith(NOT_A_MESSAGE) && early?.words !== null) turn.want({ do: "react", message: take.message });
  if (wasSettled && question.status === "answered") settleAgain(turn, question.id, take.person);
  else {
    wantReading(turn, question.id, Math.min(turn.ctx.settings.settleMs / 2, READING_AFTER_MS));
    waitForSilence(turn, turn.state.questions[question.id]?.askedOf ?? take.person);
  }
}

/** Answers by form, button or command have no message: their part's id starts with this. */
export const NOT_A_MESSAGE = "form:";

function waitForSilence(turn: Turn, person: PersonId): void {
  const session = turn.state.id;
  turn.want({
    do: "timer",
    key: `settle:${session}:${person}`,
    clock: "machine",
    at: turn.ctx.machineNow + turn.ctx.settings.settleMs,
    input: { timer: "settle", session, person },
  });
}

/** Silence: the answer is complete. */
export function settleOf(turn: Turn, person: PersonId): void {
  for (const question of Object.values(turn.state.questions)) {
    if (question.status !== "settling") continue;
    const whose = question.askedOf ?? question.parts.at(-1)?.by;
    if (whose === person) settle(turn, question.id);
  }
}

/** Ends the wait for more: a follow-up where one is worth it, otherwise the next question. */
export function settle(turn: Turn, id: QuestionId): void {
  const question = turn.state.questions[id];
  if (question === undefined || question.status !== "settling" || liveParts(question).length === 0) return;
  const person = liveParts(question).at(-1)!.by;
  turn.want({ do: "cancel", key: `settle:${turn.state.id}:${question.askedOf ?? person}` });
  if (followUp(turn, question, person)) return;
  turn.emit({
    kind: "answer_settled",
    question: id,
    person,
    read: reading(turn, question),
  });
  afterSettled(turn, question);
}

/** An answer changed after it was settled: it is read again; what its owner confirmed stands only if nothing moved. */
export function settleAgain(turn: Turn, id: QuestionId, person: PersonId): void {
  const question = turn.state.questions[id];
  if (question === undefined) return;
  turn.emit({
    kind: "answer_settled",
    question: id,
    person: question.settledBy ?? person,
    read: reading(turn, question),
  });
  wantReading(turn, id, 0);
  redrawQuestion(turn, id);
  turn.redraw(postKeys.confirm(question.module));
  turn.redraw(postKeys.header);
}

function reading(turn: Turn, question: QuestionState) {
  const asked = turn.ctx.catalogue.question(question.id);
  return asked === undefined ? [] : readingOf(question, asked);
}

export function followUp(turn: Turn, question: QuestionState, person: PersonId): boolean {
  const asked = turn.ctx.catalogue.question(question.id);
  const module = turn.state.modules[question.module];
  if (asked === undefined || module === undefined || question.followUp !== undefined) return false;
  if (module.followUps >= FOLLOW_UPS_PER_MODULE || question.askedOf !== person) return false;
  const sources = new Set(evidenceOf(turn.state, question.id).map((item) => item.source));
  const weak = weakFollowUp(turn.state, question);
  const { ask, missing } = needsFollowUp(asked, answerText(question), sources);
  if (!ask && weak === undefined) return false;
  const post = postKeys.followUp(question.id, question.version);
  const worded = weak === undefined ? wordingFor(question, asked, missing) : undefined;
  turn.emit({
    kind: "follow_up_asked",
    question: question.id,
    text: weak?.text ?? followUpText(asked, missing),
    ...(worded === undefined ? {} : { worded }),
    post,
    points: weak?.points ?? missing.map((point) => point.id),
  });
  wantPost(
    turn,
    {
      key: post,
      kind: "follow_up",
      module: question.module,
      question: question.id,
      version: question.version,
      to: person,
    },
    postKeys.module(question.module),
  );
  redrawQuestion(turn, question.id);
  return true;
}

/** `skip`: while an answer settles it only ends the wait; at a follow-up the answer stands as it is. */
export function skip(turn: Turn, question: QuestionState, person: PersonId): void {
  if (question.status === "settling") {
    settleWithout(turn, question, person);
    return;
  }
  if (isSettled(question)) return;
  if (liveParts(question).length > 0) {
    settleWithout(turn, question, person);
    return;
  }
  turn.emit({ kind: "question_skipped", question: question.id, person });
  afterSettled(turn, question);
}

/** Settles with what has been said, asking nothing more about it. */
export function settleWithout(turn: Turn, question: QuestionState, person: PersonId): void {
  turn.want({ do: "cancel", key: `settle:${turn.state.id}:${question.askedOf ?? person}` });
  turn.emit({ kind: "answer_settled", question: question.id, person, read: reading(turn, question) });
  afterSettled(turn, question);
}

export function notApplicable(turn: Turn, question: QuestionState, person: PersonId, reason: string): void {
  if (question.status === "not_applicable") return;
  turn.want({ do: "cancel", key: `settle:${turn.state.id}:${question.askedOf ?? person}` });
  turn.emit({
    kind: "question_not_applicable",
    question: question.id,
    person,
    ...(reason === "" ? {} : { reason: turn.words(reason) }),
  });
  afterSettled(turn, question);
}

/** A new answer by form takes the place of what was said: the old parts are withdrawn, their history stays. */
export function redoSettled(turn: Turn, question: QuestionState): void {
  if (!isSettled(question)) return;
  for (const part of liveParts(question)) {
    turn.emit({ kind: "answer_part_withdrawn", question: question.id, messageId: part.messageId });
  }
}

import type { PersonId, QuestionId } from "../src/domain/ids.ts";
import type { QuestionState } from "../src/domain/session.ts";
import { afterSettled, redrawQuestion, showSettled, wantPost } from "./asking.ts";
import { followUpText, needsFollowUp } from "./follow-up.ts";
import { weakFollowUp } from "./intake.ts";
import { readingOf, wantReading, wordingFor } from "./model-reading.ts";
import {
  answerText,
  assignee,
  isBeingAnswered,
  isSettled,
  liveParts,
  postKeys,
  questionsInOrder,
} from "./session-queries.ts";
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
  if (turn.state.status !== "open") return;
  for (const question of Object.values(turn.state.questions)) {
    if (question.status !== "settling") continue;
    const whose = question.askedOf ?? question.parts.at(-1)?.by;
    if (whose === person) settle(turn, question.id);
  }
}

/**
 * Ends the wait for more: a follow-up where one is worth it, otherwise the next question.
 * @param by who settles it, where that isn't whoever said the last of it
 */
export function settle(turn: Turn, id: QuestionId, by?: PersonId): void {
  const question = turn.state.questions[id];
  if (question === undefined || question.status !== "settling" || liveParts(question).length === 0) return;
  const person = by ?? answeredBy(turn, question) ?? turn.state.facilitator;
  turn.want({ do: "cancel", key: `settle:${turn.state.id}:${question.askedOf ?? lastSpeaker(question) ?? person}` });
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
  const live = liveParts(question);
  const { settledBy } = question;
  // It stays the answer of whoever settled it while a word of theirs is in it.
  const stays = live.length === 0 || live.some((part) => part.by === settledBy);
  turn.emit({
    kind: "answer_settled",
    question: id,
    person: (stays ? settledBy : answeredBy(turn, question)) ?? person,
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
  endAnswer(turn, question, person);
  afterSettled(turn, question);
}

/** The same where the next question isn't asked yet: what was said counts before the question changes hands. */
export function settleFirst(turn: Turn, question: QuestionState, person: PersonId): void {
  endAnswer(turn, question, person);
  showSettled(turn, question);
}

function endAnswer(turn: Turn, question: QuestionState, person: PersonId): void {
  turn.want({ do: "cancel", key: `settle:${turn.state.id}:${question.askedOf ?? lastSpeaker(question) ?? person}` });
  const by = answeredBy(turn, question) ?? person;
  turn.emit({ kind: "answer_settled", question: question.id, person: by, read: reading(turn, question) });
}

function lastSpeaker(question: QuestionState): PersonId | undefined {
  return liveParts(question).at(-1)?.by;
}

/** An answer is whose words it is, whoever ended the wait: those whose question it is before those who added to it. */
function answeredBy({ state }: Turn, question: QuestionState): PersonId | undefined {
  const theirs = [question.askedOf, assignee(state, question), state.modules[question.module]?.owner];
  return liveParts(question).findLast((part) => theirs.includes(part.by))?.by ?? lastSpeaker(question);
}

/** The session ends: what was said until now is the answer, and nothing waits for silence any more. */
export function settleAll(turn: Turn): void {
  for (const question of questionsInOrder(turn.state)) {
    if (isBeingAnswered(question)) endAnswer(turn, question, turn.state.facilitator);
  }
}

export function notApplicable(turn: Turn, question: QuestionState, person: PersonId, reason: string): void {
  if (question.status === "not_applicable" && (reason === "" || reason === question.reason?.text)) return;
  turn.want({ do: "cancel", key: `settle:${turn.state.id}:${question.askedOf ?? person}` });
  turn.emit({
    kind: "question_not_applicable",
    question: question.id,
    person,
    ...(reason === "" ? {} : { reason: turn.words(reason) }),
  });
  afterSettled(turn, question);
}

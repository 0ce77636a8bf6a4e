import type { PersonId } from "../src/domain/ids.ts";
import type { Inbound } from "../src/domain/inbound.ts";
import type { AnswerPart, QuestionState } from "../src/domain/session.ts";
import { textOf } from "../src/domain/words.ts";
import { goBack, settledAlready, withdrawAll } from "./going-back.ts";
import { nameThem, titleOf } from "./names.ts";
import { readOnPurpose } from "./reply.ts";
import { assignee, isBeingAnswered, isSettled, lastSettledBy, liveParts, nameOf } from "./session-queries.ts";
import { NOT_A_MESSAGE, notApplicable, recordPart, settle, settleWithout, skip } from "./settling.ts";
import type { Turn } from "./turn.ts";
import { whyCard } from "./views/private.ts";
import { questionIds, wording } from "./wording.ts";

/** Answers on purpose: in a card's box, in the form, by command. Read like a reply in the thread, but never as talk. */

/** The assignee, the facilitator; and in an unowned module whoever is there may skip nothing but can answer. */
export function mayAct(turn: Turn, question: QuestionState, person: PersonId): boolean {
  return (
    person === turn.state.facilitator ||
    person === assignee(turn.state, question) ||
    person === turn.state.modules[question.module]?.owner
  );
}

export function refuse(turn: Turn, question: QuestionState): void {
  const who = assignee(turn.state, question);
  turn.tell(
    who === null
      ? `Nobody owns ${titleOf(turn, question.module)} yet. Take it with "I'll take this", then this is yours to decide.`
      : wording.notYourQuestion(question.id, nameOf(turn.state, who)),
  );
}

/** `answer R2 …`: from anywhere, by anyone in the channel. */
export function answerByCommand(turn: Turn, id: string, words: string, inbound: Inbound, person: PersonId): void {
  const question = turn.state.questions[id];
  if (question === undefined) return turn.tell(wording.unknownQuestion(id, questionIds(turn.state)));
  const came = takeOnPurpose(turn, question, words, inbound, person);
  if (came === "empty") turn.tell(wording.noWordsInIt());
  if (came === "recorded") turn.tell(wording.recorded(id));
}

/**
 * What is said on purpose means what it would mean in the thread: `skip`, `n/a because …`, `don't know`, `back` and
 * `why?` are no answers. `told`: whoever said it has been told what came of it.
 */
export function takeOnPurpose(
  turn: Turn,
  question: QuestionState,
  words: string,
  inbound: Inbound,
  person: PersonId,
): "recorded" | "told" | "empty" {
  const meaning = readOnPurpose(words);
  // Said to a follow-up "n/a" is about that point only: it belongs to the answer.
  const atFollowUp = question.followUp?.answered === false && isBeingAnswered(question);
  const isAnswer = meaning.kind === "answer" || (meaning.kind === "not_applicable" && atFollowUp);
  if (isAnswer) {
    answerAnew(turn, question, words, inbound, person);
    return "recorded";
  }
  if (meaning.kind === "empty") return "empty";
  switch (meaning.kind) {
    case "why":
      turn.say(whyCard(turn.state, question.id, turn.ctx.catalogue));
      return "told";
    case "dont_know":
      sayDontKnow(turn, question);
      return "told";
    case "back":
      takeBack(turn, question, person);
      return "told";
  }
  if (!mayAct(turn, question, person)) {
    const who = assignee(turn.state, question);
    if (who === null) refuse(turn, question);
    else turn.tell(wording.notAllowed(`leave ${question.id} out`, nameOf(turn.state, who)));
    return "told";
  }
  if (meaning.kind === "not_applicable") {
    notApplicable(turn, question, person, meaning.reason ?? "");
    return "recorded";
  }
  if (isSettled(question)) {
    turn.tell(settledAlready(turn.state, question));
    return "told";
  }
  skip(turn, question, person);
  turn.tell(
    turn.state.questions[question.id]?.status === "skipped"
      ? wording.leftOut(question.id)
      : wording.recorded(question.id),
  );
  return "told";
}

function sayDontKnow(turn: Turn, question: QuestionState): void {
  const asked = turn.ctx.catalogue.question(question.id);
  if (isSettled(question) || asked === undefined) return turn.tell(settledAlready(turn.state, question));
  turn.say(wording.dontKnow(turn.state, question, asked));
}

function takeBack(turn: Turn, question: QuestionState, person: PersonId): void {
  const may = mayAct(turn, question, person);
  if (question.status === "settling") {
    if (!may) return refuse(turn, question);
    withdrawAll(turn, question);
    return turn.tell(wording.takenBack(question.id));
  }
  if (isSettled(question) && question.settledBy !== person && !may) return refuse(turn, question);
  const back = isSettled(question) ? question : lastSettledBy(turn.state, person);
  if (back === undefined || !goBack(turn, person, back.id)) return turn.tell(wording.nothingToUndo());
  turn.tell(wording.takenBack(back.id));
}

/**
 * What a new answer of this person takes the place of, once one was given: all of it, and beside words of those whose
 * question it is only their own. An owner's words are theirs to change.
 */
export function replaceable(turn: Turn, question: QuestionState, person: PersonId): AnswerPart[] {
  if (!isSettled(question)) return [];
  const live = liveParts(question);
  if (mayAct(turn, question, person) || !live.some((part) => mayAct(turn, question, part.by))) return live;
  return live.filter((part) => part.by === person);
}

/** What the form shows them: the words that theirs will take the place of. */
export function replaceableText(turn: Turn, question: QuestionState, person: PersonId): string {
  return replaceable(turn, question, person)
    .map((part) => textOf(part.words))
    .join("\n");
}

/** A new answer takes the place of what was said: the old parts are withdrawn, their history stays. */
export function answerAnew(
  turn: Turn,
  question: QuestionState,
  words: string,
  inbound: Inbound,
  person: PersonId,
): void {
  const old = replaceable(turn, question, person);
  for (const { messageId } of old) turn.emit({ kind: "answer_part_withdrawn", question: question.id, messageId });
  answerOnPurpose(turn, turn.state.questions[question.id] ?? question, words, inbound, person);
}

/** An answer by form, button or command: no message carries it, and nothing more is waited for. */
export function answerOnPurpose(
  turn: Turn,
  question: QuestionState,
  words: string,
  inbound: Inbound,
  person: PersonId,
): void {
  // Whoever is asked may be in the middle of their own answer: that wait goes on.
  const waits = question.status === "settling" && question.askedOf !== null && question.askedOf !== person;
  nameThem(turn, person, inbound.actor.name);
  recordPart(
    turn,
    {
      person,
      platform: inbound.actor.platform,
      message: {
        address: inbound.address,
        messageId: `${NOT_A_MESSAGE}${inbound.receipts[0] ?? turn.ctx.newId("t")}`,
        sentAt: turn.ctx.machineNow,
      },
      words: turn.words(words),
      mentions: [],
      onPurpose: true,
    },
    question,
  );
  const recorded = turn.state.questions[question.id];
  if (recorded?.status === "not_applicable") settleWithout(turn, recorded, person);
  else if (!waits) settle(turn, question.id);
}

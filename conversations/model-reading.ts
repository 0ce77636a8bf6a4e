import type { Point, Question } from "../src/domain/catalogue.ts";
import type { ChoiceId, PersonId, QuestionId, TextId } from "../src/domain/ids.ts";
import type { Fact } from "../src/domain/ports.ts";
import type { QuestionState, SessionState } from "../src/domain/session.ts";
import type { Words } from "../src/domain/words.ts";
import { redrawQuestion } from "./asking.ts";
import { namedPoints, needsFollowUp } from "./follow-up.ts";
import { isGoodWording } from "./follow-up-wording.ts";
import { bareAnswer, isNoneOfThese, readChoices } from "./reading.ts";
import { type RuledRisk, riskOf } from "./risk.ts";
import { answerText, liveParts, postKeys } from "./session-queries.ts";
import type { Turn } from "./turn.ts";
import { evidenceOf } from "./verdict.ts";

/**
 * What a model may do about an answer, where one is set up: suggest which choices it means, and word its follow-up. It
 * is asked while the answer settles; nobody waits for it. What comes in time is used, what comes late may still change
 * a reading that nobody confirmed, and without it everything goes its fixed way. A reading lowers no risk, whoever
 * reads: only what an owner confirms does.
 */

/** A session asks a model no more often than this. */
export const MOST_READINGS_AN_HOUR = 60;
export const MOST_READINGS = 400;
const HOUR_MS = 3_600_000;

/** Asks a model what the answer means as it stands, after this much silence. A later wish takes the waiting one's place. */
export function wantReading(turn: Turn, id: QuestionId, silenceMs: number): void {
  const question = turn.state.questions[id];
  if (turn.ctx.settings.model !== true || question === undefined || isSpent(turn.state, turn.ctx.now)) return;
  const text = answerText(question);
  if (text.trim() === "" || bareAnswer(text) !== undefined) return;
  turn.want({ do: "read_answer", question: id, at: silenceMs === 0 ? 0 : turn.ctx.machineNow + silenceMs });
}

function isSpent({ modelReadings }: SessionState, now: Date): boolean {
  if (modelReadings === undefined) return false;
  const since = new Date(now.getTime() - HOUR_MS).toISOString();
  const lately = modelReadings.recent.filter((at) => at > since).length;
  return modelReadings.total >= MOST_READINGS || lately >= MOST_READINGS_AN_HOUR;
}

export type ReadingJob = {
  question: Question;
  answer: string;
  /** The words that are read, by id: another wording is another answer. */
  of: TextId[];
  /** What a follow-up would ask for, if one can come. */
  missing: Point[];
  /** Whether a model's wording may be put to people. */
  accepts(text: string): boolean;
};

/** What to ask a model about an answer; undefined when there is nothing to ask any more. */
export function readingJob(
  state: SessionState,
  id: QuestionId,
  catalogue: Turn["ctx"]["catalogue"],
): ReadingJob | undefined {
  const question = state.questions[id];
  const asked = catalogue.question(id);
  if (state.status !== "open" || question === undefined || asked === undefined) return undefined;
  if (question.confirmed !== undefined || (question.status !== "settling" && question.status !== "answered")) {
    return undefined;
  }
  const of = wordsOf(question);
  if (of.length === 0 || of.join() === question.suggested?.of.join()) return undefined;
  const answer = answerText(question);
  const missing =
    question.status === "settling" && question.followUp === undefined ? missingIn(state, question, asked) : [];
  return { question: asked, answer, of, missing, accepts: (text) => isGood(state, question, asked, missing, text) };
}

function missingIn(state: SessionState, question: QuestionState, asked: Question): Point[] {
  const sources = new Set(evidenceOf(state, question.id).map((item) => item.source));
  const { ask, missing } = needsFollowUp(asked, answerText(question), sources);
  return ask ? namedPoints(missing) : [];
}

function isGood(state: SessionState, question: QuestionState, asked: Question, points: Point[], text: string): boolean {
  const people = Object.values(state.people).map(({ name }) => name);
  return isGoodWording(text, { question: asked, points, answer: answerText(question), people });
}

/** A model's word on an answer: what passes the checks is kept, and an answer settled meanwhile is read again. */
export function answerRead(turn: Turn, fact: Extract<Fact, { kind: "answer_read" }>): void {
  const question = turn.state.questions[fact.question];
  const asked = turn.ctx.catalogue.question(fact.question);
  if (turn.state.status !== "open" || question === undefined || asked === undefined) return;
  const meant = new Set(fact.choices);
  const choices = asked.choices.map((choice) => choice.id).filter((choice) => meant.has(choice));
  const points = asked.good.filter((point) => fact.followUp?.points.includes(point.id));
  const text = fact.followUp?.text.replace(/\s+/g, " ").trim();
  const usable = text !== undefined && points.length > 0 && isGood(turn.state, question, asked, points, text);
  turn.emit({
    kind: "answer_suggested",
    question: question.id,
    of: fact.of,
    choices,
    ...(usable ? { followUp: { points: points.map((point) => point.id), words: turn.words(text) } } : {}),
  });
  reread(turn, question.id, asked);
}

/** Ticks of somebody who doesn't own the question: kept as the reading that its owner is shown to confirm. */
export function takeTicks(turn: Turn, id: QuestionId, ticked: readonly ChoiceId[], person: PersonId): void {
  const question = turn.state.questions[id];
  const asked = turn.ctx.catalogue.question(id);
  if (question === undefined || asked === undefined || question.confirmed !== undefined) return;
  const choices = asked.choices.map((choice) => choice.id).filter((choice) => ticked.includes(choice));
  const of = wordsOf(question);
  if (choices.length === 0 || of.length === 0 || choices.join() === readingOf(question, asked).join()) return;
  turn.emit({ kind: "choices_ticked", question: id, of, choices, person });
  reread(turn, id, asked);
}

/** It came after the answer settled: the reading changes where nobody confirmed it yet, and nothing else does. */
function reread(turn: Turn, id: QuestionId, asked: Question): void {
  const question = turn.state.questions[id];
  if (question === undefined || question.status !== "answered" || question.confirmed !== undefined) return;
  const read = readingOf(question, asked);
  if (read.join() === question.read.join()) return;
  turn.emit({ kind: "answer_reread", question: id, read });
  redrawQuestion(turn, id);
  turn.redraw(postKeys.confirm(question.module));
}

/**
 * How the bot reads an answer: as somebody ticked it, else by the phrase list, or as a model suggests. Where the two differ, the one that leaves the
 * higher risk is shown: a model that was talked into something reassuring pre-ticks nothing that the words deny.
 */
export function readingOf(question: QuestionState, asked: Question): ChoiceId[] {
  const text = answerText(question);
  const byPhrases = readChoices(asked, text);
  const { suggested, ticked } = question;
  if (ticked !== undefined && ticked.of.join() === wordsOf(question).join()) return ticked.choices;
  if (suggested === undefined || suggested.of.join() !== wordsOf(question).join()) return byPhrases;
  if (bareAnswer(text) !== undefined) return byPhrases;
  const something = suggested.choices.filter((choice) => !isNoneOfThese(choice));
  const byModel = something.length > 0 ? something : suggested.choices;
  if (byModel.length === 0 || byPhrases.length === 0) return byModel.length === 0 ? byPhrases : byModel;
  return riskiness(asked, byModel) < riskiness(asked, byPhrases) ? byPhrases : byModel;
}

function riskiness(asked: Question, choices: ChoiceId[]): number {
  return RISKS.indexOf(riskOf(asked, new Set(choices)).risk);
}

const RISKS: readonly RuledRisk[] = ["NO_RISK", "MEDIUM_RISK", "HIGH_RISK"];

/** A model's wording of the follow-up, if it came in time and asks for exactly what is missing. */
export function wordingFor(question: QuestionState, asked: Question, missing: readonly Point[]): Words | undefined {
  const { suggested } = question;
  if (suggested?.followUp === undefined || suggested.of.join() !== wordsOf(question).join()) return undefined;
  const named = namedPoints(missing).map((point) => point.id);
  const own = asked.good.map((point) => point.id).filter((id) => named.includes(id));
  return suggested.followUp.points.join() === own.join() ? suggested.followUp.words : undefined;
}

function wordsOf(question: QuestionState): TextId[] {
  return liveParts(question).flatMap((part) => (part.words.text === null ? [] : [part.words.words]));
}

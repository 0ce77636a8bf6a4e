import type { Question } from "../src/domain/catalogue.ts";
import type { QuestionId } from "../src/domain/ids.ts";
import type { Risk } from "../src/domain/report.ts";
import type { RiskWatch, SessionState } from "../src/domain/session.ts";
import { askNext, redrawQuestion, watch } from "./asking.ts";
import { assignee, postKeys } from "./session-queries.ts";
import { announce } from "./telling.ts";
import type { Turn } from "./turn.ts";
import { choicesThatCount, questionsOf, riskOfQuestion } from "./verdict.ts";

/**
 * What a new reading of AWS changes. A changed risk level is said once in its thread: worse at once, better when two
 * readings in a row say so, and at most once a day for a question, so that a figure that swings around its threshold
 * doesn't chatter. A reading that contradicts a confirmed answer reopens the question, at most once a day.
 */

const DAY_MS = 86_400_000;
const READINGS_FOR_BETTER = 2;
const RANK: Record<Risk, number> = { NOT_APPLICABLE: 0, NONE: 0, MEDIUM: 1, UNANSWERED: 1, HIGH: 2 };

/**
 * @param before the session as it was before the report
 * @param complete the reading is at its end: until then a changed level is only remembered
 */
export function watchEvidence(turn: Turn, before: SessionState, complete: boolean): void {
  if (turn.state.status !== "open" || turn.ctx.now.toISOString() >= turn.state.eventAt) return;
  const watched: Record<QuestionId, RiskWatch | null> = {};
  const reopened: QuestionId[] = [];
  for (const question of questionsOf(turn.state, turn.ctx.catalogue)) {
    if (turn.state.questions[question.id]?.status !== "answered") continue;
    const contradicted = contradicts(turn, before, question);
    const watch = look(turn, before, question, contradicted, complete);
    if (watch !== undefined) watched[question.id] = watch;
    if (contradicted) reopened.push(question.id);
  }
  if (Object.keys(watched).length > 0) turn.emit({ kind: "risk_watched", watched });
  for (const id of reopened) reopen(turn, id);
  if (reopened.length > 0) askNext(turn);
  for (const id of reopened) {
    const question = turn.state.questions[id];
    const person = question === undefined ? null : assignee(turn.state, question);
    if (person !== null) watch(turn, person);
  }
}

/** A confirmed choice that this reading refutes and the one before didn't; not twice a day. */
function contradicts(turn: Turn, before: SessionState, question: Question): boolean {
  const last = turn.state.contradicted?.[question.id];
  if (last !== undefined && turn.ctx.now.getTime() - Date.parse(last) < DAY_MS) return false;
  const known = choicesThatCount(before, question).withdrawn;
  return [...choicesThatCount(turn.state, question).withdrawn].some((choice) => !known.has(choice));
}

function look(
  turn: Turn,
  before: SessionState,
  question: Question,
  contradicted: boolean,
  complete: boolean,
): RiskWatch | null | undefined {
  const was = riskOfQuestion(before, question).risk;
  const { risk: is, because } = riskOfQuestion(turn.state, question);
  const known = turn.state.watched?.[question.id];
  // What its owner changed meanwhile is known to everybody: only readings are told here.
  const said = known === undefined || known.seen !== was ? was : (known.told as Risk);
  const now = turn.ctx.now.getTime();
  const quiet = known?.toldAt !== undefined && now - Date.parse(known.toldAt) < DAY_MS;
  const keep = known?.toldAt === undefined ? {} : { toldAt: known.toldAt };
  if (!complete && !contradicted) {
    return was === is ? undefined : { ...keep, told: said, seen: is, times: known?.seen === is ? known.times : 0 };
  }
  if (is === said && !contradicted) {
    if (known === undefined) return undefined;
    return quiet ? { ...keep, told: said, seen: is, times: 0 } : null;
  }
  const times = known?.seen === is ? known.times + 1 : 1;
  const enough = RANK[is] > RANK[said] || times >= READINGS_FOR_BETTER;
  if (!contradicted && (!enough || quiet)) return { ...keep, told: said, seen: is, times };
  announce(
    turn,
    {
      what: "risk_changed",
      question: question.id,
      from: said,
      to: is,
      because,
      ...(contradicted ? { reopened: true as const } : {}),
    },
    turn.state.questions[question.id]?.module,
  );
  return { told: is, toldAt: turn.ctx.now.toISOString(), seen: is, times: 0 };
}

function reopen(turn: Turn, id: QuestionId): void {
  turn.emit({ kind: "answer_reopened", question: id, why: "evidence" });
  redrawQuestion(turn, id);
  const question = turn.state.questions[id];
  if (question !== undefined) {
    turn.redraw(postKeys.confirm(question.module));
    turn.redraw(postKeys.module(question.module));
  }
  turn.redraw(postKeys.header);
}

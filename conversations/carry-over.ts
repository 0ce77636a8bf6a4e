import type { PersonId, QuestionId } from "../src/domain/ids.ts";
import type { Inbound } from "../src/domain/inbound.ts";
import type { QuestionState, Scope, Seed, SessionState } from "../src/domain/session.ts";
import { textOf, type Words } from "../src/domain/words.ts";
import { redrawQuestion } from "./asking.ts";
import { nameIn } from "./calendar.ts";
import { takeTicks } from "./model-reading.ts";
import { nameThem } from "./names.ts";
import { answerOnPurpose, mayAct, refuse } from "./on-purpose.ts";
import { answerText, assignee, isSettled, modulesInOrder, questionsOf } from "./session-queries.ts";
import { notApplicable, skip } from "./settling.ts";
import type { Turn } from "./turn.ts";
import { wording } from "./wording.ts";

/**
 * `start --from`: what the event before knew. Scope and owners are taken over; what didn't apply isn't asked again;
 * every other answer is offered under its question, and counts with one tap ("Still so"), so that only what changed is
 * written anew. Readings of AWS are never carried: they are made again.
 */

/** The Scope of the event before, under what was said now. What belongs to that day only stays behind. */
export function scopeFrom(previous: SessionState, now: Scope): Scope {
  const { bridge: _bridge, holidays: _holidays, plan: _plan, ...before } = previous.scope;
  const given = Object.fromEntries(
    Object.entries(now).filter(([, value]) => value !== undefined && !(Array.isArray(value) && value.length === 0)),
  );
  return { ...before, ...given };
}

export function carryOver(turn: Turn, previous: SessionState): void {
  for (const [person, { name }] of Object.entries(previous.people)) nameThem(turn, person, name);
  for (const module of modulesInOrder(previous)) {
    if (module.owner === undefined || turn.state.modules[module.id] === undefined) continue;
    turn.emit({ kind: "owner_assigned", module: module.id, person: module.owner });
    if (module.owner !== turn.actor) nameIn(turn, module.owner);
  }
  const seeds = seedsOf(turn, previous);
  turn.emit({
    kind: "seeds_carried",
    from: previous.id,
    name: previous.name,
    seeds,
    lessons: lessonsOf(turn, previous),
  });
  for (const module of modulesInOrder(turn.state)) skipWhatDidntApply(turn, module.id, previous.name);
}

/**
 * A session of another platform, for going on here: people under the ids they have here. Whoever has none keeps their
 * name on what they said, and their part as a manager, who may be anywhere; a module they owned is free.
 */
export function inTheWordsOf(previous: SessionState, ids: ReadonlyMap<PersonId, PersonId>): SessionState {
  const here = (id: PersonId) => ids.get(id) ?? id;
  return {
    ...previous,
    people: Object.fromEntries(Object.entries(previous.people).map(([id, person]) => [here(id), person])),
    scope: { ...previous.scope, managers: [...new Set(previous.scope.managers.map(here))] },
    modules: Object.fromEntries(
      Object.entries(previous.modules).map(([id, { owner, ...module }]) => {
        const known = owner === undefined ? undefined : ids.get(owner);
        return [id, known === undefined ? module : { ...module, owner: known }];
      }),
    ),
    questions: Object.fromEntries(
      Object.entries(previous.questions).map(([id, { settledBy, ...question }]) => [
        id,
        settledBy === undefined ? question : { ...question, settledBy: here(settledBy) },
      ]),
    ),
  };
}

function seedsOf(turn: Turn, previous: SessionState): Record<QuestionId, Seed> {
  const seeds: Record<QuestionId, Seed> = {};
  for (const question of Object.values(previous.questions)) {
    if (turn.state.questions[question.id] === undefined || question.settledBy === undefined) continue;
    const at = question.settledAt ?? previous.startedAt;
    if (question.status === "not_applicable") {
      const why = question.reason === undefined ? "" : textOf(question.reason);
      seeds[question.id] = { words: turn.words(why), by: question.settledBy, at, choices: [], notApplicable: true };
    } else if (question.status === "answered" && answerText(question) !== "") {
      const choices = question.confirmed?.choices ?? [];
      seeds[question.id] = { words: turn.words(answerText(question)), by: question.settledBy, at, choices };
    }
  }
  return seeds;
}

/** What the review asked for: it stands on the Scope card. */
function lessonsOf(turn: Turn, previous: SessionState): Words[] {
  return ["unasked", "actions"].flatMap((id) => {
    const said = previous.review?.[id];
    return said === undefined || said.words.text === null ? [] : [turn.words(said.words.text)];
  });
}

/** A module keeps at least one question, so that its owner is asked something and confirms it. */
function skipWhatDidntApply(turn: Turn, module: string, name: string): void {
  for (const question of questionsOf(turn.state, module)) {
    const seed = turn.state.seeds?.[question.id];
    const others = questionsOf(turn.state, module).filter((one) => one.id !== question.id && !isSettled(one));
    if (seed?.notApplicable !== true || others.length === 0) continue;
    const why = textOf(seed.words);
    turn.emit({
      kind: "question_not_applicable",
      question: question.id,
      person: seed.by,
      reason: turn.words(why === "" ? `As for ${name}.` : `As for ${name}: ${why}`),
    });
  }
}

/**
 * What was said for the event before holds for this one. Where nobody owns the module anybody may say so, as they may
 * answer; that it doesn't apply, and what a reader makes of the words, is for whoever takes it.
 */
export function stillSo(turn: Turn, question: QuestionState, action: Inbound, person: PersonId): void {
  const { id } = question;
  const seed = turn.state.seeds?.[id];
  const may = mayAct(turn, question, person);
  if (!may && (assignee(turn.state, question) !== null || seed?.notApplicable === true)) return refuse(turn, question);
  if (seed === undefined || seed.words.text === null) return turn.tell(wording.staleQuestion(id));
  if (seed.notApplicable) {
    notApplicable(turn, question, person, seed.words.text);
    return turn.tell(wording.recorded(id));
  }
  answerOnPurpose(turn, question, seed.words.text, action, person);
  const recorded = turn.state.questions[id];
  // At a follow-up the answer stands as it is: it was complete enough before.
  if (recorded !== undefined && recorded.status === "open") skip(turn, recorded, person);
  if (!may) takeTicks(turn, id, seed.choices, person);
  else if (seed.choices.length > 0) turn.emit({ kind: "choices_confirmed", question: id, choices: seed.choices });
  redrawQuestion(turn, id);
  turn.tell(wording.recorded(id));
}

import type { PersonId, QuestionId } from "../src/domain/ids.ts";
import type { Scope, Seed, SessionState } from "../src/domain/session.ts";
import { textOf, type Words } from "../src/domain/words.ts";
import { nameIn } from "./calendar.ts";
import { answerText, isSettled, modulesInOrder, questionsOf } from "./session-queries.ts";
import { nameThem } from "./starting.ts";
import type { Turn } from "./turn.ts";

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

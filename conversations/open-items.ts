import { DateTime } from "luxon";
import type { Catalogue } from "../src/domain/catalogue.ts";
import type { PersonId } from "../src/domain/ids.ts";
import type { OpenItem, QuestionState, SessionState } from "../src/domain/session.ts";
import { dueOf, stepDueOf } from "./due.ts";
import { itemKey } from "./nudging.ts";
import { assignee, isSettled, modulesInOrder, questionsInOrder, questionsOf } from "./session-queries.ts";
import { isCleared } from "./verdict.ts";
import { zoneFor } from "./zones.ts";

/** A card to confirm is due three working days after it is up, a signature two, at the end of the day. */
const CARD_DAYS = 3;
const SIGN_DAYS = 2;
const WORKING_DAY_MS = 8 * 3_600_000;

/**
 * Everything that waits for somebody in an open session, also what begins to wait later (`since` in the future): a
 * reminder is planned from it, and judged again when its time comes.
 */
export function openItemsOf(state: SessionState, catalogue: Catalogue): OpenItem[] {
  const items = [
    ...givenItems(state, catalogue),
    ...questionItems(state, catalogue),
    ...confirmItems(state),
    ...decisionItems(state),
    ...claimItems(state),
    ...stepItems(state, catalogue),
    ...acceptedItems(state, catalogue),
  ];
  return [...items, ...lateItems(state, items)];
}

type Part = Omit<OpenItem, "session" | "sessionName" | "eventAt">;

function item(state: SessionState, part: Part): OpenItem {
  return { session: state.id, sessionName: state.name, eventAt: state.eventAt, ...part };
}

function questionItems(state: SessionState, catalogue: Catalogue): OpenItem[] {
  const items: OpenItem[] = [];
  for (const question of questionsInOrder(state)) {
    const person = assignee(state, question);
    if (person === null || isSettled(question)) continue;
    items.push(questionItem(state, question, person, dueOf(state, question.id, catalogue)));
  }
  return items;
}

/** A session's open questions are listed with every change of it, and nearly all are as they were. */
const made = new WeakMap<QuestionState, { item: OpenItem; theirs: string; sitting: number }>();

function questionItem(state: SessionState, question: QuestionState, person: PersonId, dueAt: string): OpenItem {
  const theirs = state.modules[question.module]?.ownerSince ?? state.startedAt;
  // In steps, so that each line of an answer doesn't move everything else that waits.
  const sitting = Math.floor((state.sittings[person]?.lastAnswerAt ?? 0) / SITTING_STEP_MS) * SITTING_STEP_MS;
  const before = made.get(question);
  if (before !== undefined && before.theirs === theirs && before.sitting === sitting) {
    const { item: old } = before;
    const same = old.person === person && old.dueAt === dueAt && old.eventAt === state.eventAt;
    if (same && old.sessionName === state.name && old.session === state.id) return old;
  }
  const since = waitingSince(question, person, theirs, sitting);
  const fresh = item(state, { person, kind: "question", module: question.module, question: question.id, dueAt, since });
  made.set(question, { item: fresh, theirs, sitting });
  return fresh;
}

const SITTING_STEP_MS = 5 * 60_000;

/** Since it was put to them or became theirs; somebody who answers meanwhile is at it. */
function waitingSince(question: QuestionState, person: PersonId, theirs: string, sitting: number): string {
  const asked = question.askedOf === person && question.askedAt !== undefined ? question.askedAt : theirs;
  return new Date(Math.max(Date.parse(asked), sitting)).toISOString();
}

/** What somebody else gave them and they haven't spoken to yet: they may not know. Told once (`nudging.ts`). */
function givenItems(state: SessionState, catalogue: Catalogue): OpenItem[] {
  const modules = modulesInOrder(state).flatMap((module) => {
    const { owner, ownerSince, givenBy, id } = module;
    if (owner === undefined || ownerSince === undefined || givenBy === undefined) return [];
    const questions = questionsOf(state, id);
    if (hasSpoken(questions, owner, ownerSince)) return [];
    const theirs = questions.filter((question) => !isSettled(question) && question.delegate === undefined);
    const [first] = theirs.map((question) => dueOf(state, question.id, catalogue)).sort();
    if (first === undefined) return [];
    return [item(state, { person: owner, kind: "given", module: id, dueAt: first, since: ownerSince })];
  });
  const questions = questionsInOrder(state).flatMap((question) => {
    const { delegate, given, id, module } = question;
    if (delegate === undefined || given === undefined || isSettled(question)) return [];
    if (hasSpoken([question], delegate, given.at)) return [];
    const dueAt = dueOf(state, id, catalogue);
    return [item(state, { person: delegate, kind: "given", module, question: id, dueAt, since: given.at })];
  });
  return [...modules, ...questions];
}

function hasSpoken(questions: readonly QuestionState[], person: PersonId, since: string): boolean {
  return questions.some(({ parts }) => parts.some((part) => part.by === person && part.at >= since));
}

function confirmItems(state: SessionState): OpenItem[] {
  return modulesInOrder(state).flatMap((module) => {
    if (module.owner === undefined || module.completedAt === undefined) return [];
    const unread = questionsOf(state, module.id).some(
      (question) => question.status === "answered" && question.confirmed === undefined,
    );
    if (!unread) return [];
    const dueAt = workingDaysAfter(state, module.completedAt, CARD_DAYS);
    return [
      item(state, { person: module.owner, kind: "confirm", module: module.id, dueAt, since: module.completedAt }),
    ];
  });
}

function decisionItems(state: SessionState): OpenItem[] {
  const decision = state.decisions.at(-1);
  if (decision?.status === "open") {
    const since = decision.openedAt;
    const dueAt = workingDaysAfter(state, since, SIGN_DAYS);
    return state.scope.managers
      .filter((manager) => !decision.signatures.some((signature) => signature.by === manager))
      .map((person) => item(state, { person, kind: "decide", dueAt, since }));
  }
  return (decision?.conditions ?? []).flatMap((condition, index) =>
    condition.met !== undefined
      ? []
      : [
          item(state, {
            person: state.facilitator,
            kind: "condition",
            module: String(index),
            dueAt: condition.dueAt,
            since: beginningOfDay(condition.dueAt),
          }),
        ],
  );
}

/** A module that nobody took within a day is the facilitator's to hand out. */
function claimItems(state: SessionState): OpenItem[] {
  return modulesInOrder(state).flatMap((module) => {
    if (module.owner !== undefined) return [];
    const unowned = questionsOf(state, module.id).some(
      (question) => question.delegate === undefined && !isSettled(question),
    );
    if (!unowned) return [];
    const since = state.startedAt;
    const dueAt = workingDaysAfter(state, since, 1);
    return [item(state, { person: state.facilitator, kind: "claim", module: module.id, dueAt, since })];
  });
}

/** Steps that only the facilitator can take: opening the decision, and after the event scaling down and the review. */
function stepItems(state: SessionState, catalogue: Catalogue): OpenItem[] {
  const step = (module: "go-no-go" | "scale-down" | "review", since: string) =>
    item(state, {
      person: state.facilitator,
      kind: "milestone",
      module,
      dueAt: stepDueOf(state, module, catalogue),
      since,
    });
  const after = beginningOfDay(stepDueOf(state, "scale-down", catalogue));
  return [
    ...(state.decisions.length === 0 ? [step("go-no-go", stepDueOf(state, "readiness-check", catalogue))] : []),
    ...(state.scaledDown === undefined ? [step("scale-down", after)] : []),
    ...(state.review === undefined ? [step("review", after)] : []),
  ];
}

/** An acceptance that ends before the event while its risk stands is its manager's again. */
function acceptedItems(state: SessionState, catalogue: Catalogue): OpenItem[] {
  return state.accepted.flatMap((accepted) => {
    if (accepted.until === undefined || isCleared(state, accepted.risk, catalogue)) return [];
    const end = DateTime.fromISO(accepted.until.slice(0, 10), { zone: zoneFor(state.event.zone) });
    // One that lasts until the event's day covers the event.
    if (!end.isValid || accepted.until.slice(0, 10) >= state.event.date) return [];
    const question = accepted.risk.replace(/^risk-/, "").toUpperCase();
    const dueAt = end.set({ hour: 17 }).toUTC().toISO();
    return [item(state, { person: accepted.by, kind: "accepted", question, dueAt, since: beginningOfDay(dueAt) })];
  });
}

/** What its person was reminded of often enough: the facilitator looks after it. */
function lateItems(state: SessionState, items: readonly OpenItem[]): OpenItem[] {
  const { unheard } = state;
  if (unheard === undefined) return [];
  return items.flatMap((open) => {
    const ended = unheard[itemKey(open)];
    if (ended === undefined || ended.person !== open.person) return [];
    const what = open.question === undefined ? { module: open.module ?? open.kind } : { question: open.question };
    return [
      item(state, {
        person: state.facilitator,
        kind: "late",
        ...what,
        dueAt: open.dueAt,
        since: ended.at,
      }),
    ];
  });
}

/** Reckoned once per session and day: it is asked for with every change of a session. */
const reckoned = new WeakMap<SessionState["event"], Map<string, string>>();

/** 17:00 so many working days later in the session's zone, but not after the event. */
function workingDaysAfter(state: SessionState, from: string, days: number): string {
  const known = reckoned.get(state.event) ?? new Map<string, string>();
  reckoned.set(state.event, known);
  const key = `${from} ${days} ${state.eventAt} ${state.scope.holidays?.join() ?? ""}`;
  const due = known.get(key) ?? reckonWorkingDays(state, from, days);
  known.set(key, due);
  return due;
}

function reckonWorkingDays(state: SessionState, from: string, days: number): string {
  let day = DateTime.fromISO(from, { zone: zoneFor(state.event.zone) }).startOf("day");
  for (let working = 0, looked = 0; working < days && looked < 30; looked++) {
    day = day.plus({ days: 1 });
    if (day.weekday <= 5 && !state.scope.holidays?.includes(day.toISODate() ?? "")) working++;
  }
  const due = day.set({ hour: 17 }).toUTC().toISO() ?? state.eventAt;
  return due > state.eventAt && state.eventAt > from ? state.eventAt : due;
}

/** 09:00 of a day whose 17:00 is given. */
function beginningOfDay(end: string): string {
  return new Date(Date.parse(end) - WORKING_DAY_MS).toISOString();
}

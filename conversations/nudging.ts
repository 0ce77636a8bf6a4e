import { DateTime } from "luxon";
import { DEFAULT_HOURS, type Person } from "../src/domain/person.ts";
import type { OpenItem } from "../src/domain/session.ts";
import { digestInstantOn } from "./digest-times.ts";
import { isWorkingInstant, localDate, nextWorkingInstant, type Reachable } from "./hours.ts";
import { hoursOf } from "./person.ts";
import { safeZone, zoneFor } from "./zones.ts";

/**
 * When a person is nudged: at most once a working day, inside their hours, with everything that waits. Judged at the
 * moment of sending, from what is open then; nothing that has been answered can still ask.
 *
 * An item is worth a nudge three times: two working days before it is due, on the day it is due, and once it is late.
 * Never on the day it began to wait or its person last answered something, unless there is no later moment before it is
 * due. After that the facilitator has it. What somebody else gave them is told once, at the next opportunity.
 */

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;
/** What somebody is given is told with what else they are given in the same breath. */
const BREATH_MS = 10 * 60_000;
/** What will be worth a nudge so soon goes along with one that goes out anyway. */
const ALONG_MS = 36 * HOUR_MS;
/** After so many nudges for the same thing the facilitator gets it instead. */
export const NUDGES_PER_ITEM = 3;
/** The facilitator has nobody behind them: afterwards once a week. */
const WEEK_DAYS = 7;
/** Unprompted messages in any seven days, digests included. */
export const MOST_A_WEEK = 5;
/** A digest of the same day goes first and takes the nudge with it. */
const AFTER_DIGEST_MS = 5 * 60_000;
const MOST_DAYS_AHEAD = 60;

export type NudgeOptions = {
  /** The nudge rides in a digest that goes out now: the digest's own hour needn't be waited for. */
  inDigest?: boolean;
  /** Somebody asked for it (`remind`): what waits needs no better reason. */
  asked?: boolean;
};

export type NudgePlan =
  | { kind: "nothing" }
  | { kind: "later"; at: number }
  | { kind: "now"; items: OpenItem[]; date: string };

/** One name for an item over all sessions: ledger, snoozes and escalation use it. */
export function itemKey(
  item: Pick<OpenItem, "session" | "kind" | "question" | "module"> & Partial<Pick<OpenItem, "since">>,
): string {
  switch (item.kind) {
    // Given to somebody again it is told again.
    case "given":
      return `${item.session}/given:${item.question ?? item.module ?? ""}@${item.since ?? ""}`;
    case "question":
      return `${item.session}/${item.question ?? ""}`;
    case "late":
      // What its new owner doesn't answer either is the facilitator's anew.
      return `${item.session}/late:${item.question ?? item.module ?? ""}@${item.since ?? ""}`;
    case "accepted":
      return `${item.session}/${item.kind}:${item.question ?? item.module ?? ""}`;
    default:
      return `${item.session}/${item.kind}:${item.module ?? ""}`;
  }
}

/** Somebody else looks after these once their person has been reminded often enough. */
export function hasSomebodyBehind(item: OpenItem): boolean {
  return item.kind === "question" || item.kind === "confirm" || item.kind === "decide";
}

/** How and when a person may be written to unprompted. */
export function reachOf(person: Person, fallbackZone: string): Reachable & { zone: string } {
  const holidays = Object.values(person.holidays ?? {}).flat();
  return {
    zone: safeZone(person.zone ?? fallbackZone),
    hours: hoursOf(person),
    ...(person.away === undefined ? {} : { away: person.away }),
    ...(holidays.length === 0 ? {} : { holidays }),
  };
}

/**
 * What a nudge to this person would hold now, or when to look again.
 */
export function planNudge(
  person: Person,
  openItems: readonly OpenItem[],
  now: Date,
  fallbackZone: string,
  { inDigest = false, asked = false }: NudgeOptions = {},
): NudgePlan {
  const reach = reachOf(person, fallbackZone);
  const slots = slotsOf(person, reach, inDigest);
  const moments = openItems.flatMap((item) => {
    if (isOver(item, now) || isKnown(item, openItems, person)) return [];
    const wish = momentOf(item, person, reach);
    if (asked && waits(item, person, now)) return [{ item, at: now.getTime() }];
    return wish === undefined ? [] : [{ item, at: inTime(item, wish, person, reach, now.getTime(), slots) }];
  });
  if (moments.length === 0) return { kind: "nothing" };
  const earliest = Math.min(...moments.map(({ at }) => at));
  const slot = slots(Math.max(earliest, now.getTime()));
  if (slot > now.getTime()) return { kind: "later", at: slot };
  const items = moments
    .filter(({ item, at }) => at <= now.getTime() + ALONG_MS && waits(item, person, now))
    .sort((a, b) => a.item.dueAt.localeCompare(b.item.dueAt))
    .map(({ item }) => item);
  return { kind: "now", items, date: localDate(now, reach.zone) };
}

/** What was due before the event is nobody's work after it. */
export function isOver(item: OpenItem, now: Date): boolean {
  return item.eventAt <= now.toISOString() && item.dueAt <= item.eventAt;
}

/** What they were given was told, or they were reminded of something in it. */
function isKnown(item: OpenItem, openItems: readonly OpenItem[], person: Person): boolean {
  if (item.kind !== "given") return false;
  const isOf = (one: OpenItem) =>
    one.kind === "question" &&
    one.session === item.session &&
    (item.question === undefined ? one.module === item.module : one.question === item.question);
  return [item, ...openItems.filter(isOf)].some((one) => person.nudges[itemKey(one)] !== undefined);
}

/** It has begun to wait, and isn't put off. */
function waits(item: OpenItem, person: Person, now: Date): boolean {
  const until = person.snoozed[itemKey(item)];
  return item.since <= now.toISOString() && (until === undefined || until <= now.toISOString());
}

/** From when on an item is worth its next nudge; undefined: no more. */
function momentOf(item: OpenItem, person: Person, reach: Reachable & { zone: string }): number | undefined {
  const key = itemKey(item);
  const times = person.nudges[key] ?? 0;
  const spent = times >= NUDGES_PER_ITEM;
  // What somebody else doesn't do is said no more often; afterwards it stands in the digest and in `status`.
  if (spent && (hasSomebodyBehind(item) || item.kind === "late")) return undefined;
  const last = person.remindedOn?.[key];
  // They know, once they were told: the other times are a week apart.
  const weekly = spent || (item.kind === "late" && times > 0);
  const wish = weekly ? startOf(last, reach.zone, WEEK_DAYS) : wishOf(item, times, last, reach);
  const snoozed = person.snoozed[key];
  return Math.max(wish, restUntil(item, reach.zone), snoozed === undefined ? 0 : Date.parse(snoozed));
}

function wishOf(item: OpenItem, times: number, last: string | undefined, reach: Reachable & { zone: string }): number {
  const due = Date.parse(item.dueAt);
  if (times === 0 || last === undefined) return startsAtOnce(item) ? Date.parse(item.since) : twoDaysBefore(due, reach);
  const dueDay = once(`${reach.zone} day of ${due}`, () => startOf(localDate(new Date(due), reach.zone), reach.zone));
  const lastDay = startOf(last, reach.zone);
  if (times === 1 && dueDay > lastDay) return dueDay;
  return Math.max(due, startOf(last, reach.zone, 2));
}

/**
 * Said when it is too late is not said at all: where the next moment for it comes after it is due (the first time) or
 * not before the event, it is the last one before.
 */
function inTime(
  item: OpenItem,
  wish: number,
  person: Person,
  reach: Reachable & { zone: string },
  now: number,
  slots: Slots,
): number {
  const [event, due, since] = [Date.parse(item.eventAt), Date.parse(item.dueAt), Date.parse(item.since)];
  const isFirst = person.nudges[itemKey(item)] === undefined;
  const limit = Math.min(
    event > now && due <= event ? event : Number.POSITIVE_INFINITY,
    isFirst && due > now ? due + 1 : Number.POSITIVE_INFINITY,
  );
  if (limit === Number.POSITIVE_INFINITY || slots(Math.max(wish, now)) < limit) return wish;
  const from = Math.max(now, since, Date.parse(person.snoozed[itemKey(item)] ?? "") || 0);
  const last = lastSlot(from, limit, reach, slots);
  if (last === undefined) return wish;
  const date = localDate(new Date(last), reach.zone);
  if (!needsRest(item) || localDate(new Date(since), reach.zone) !== date) return last;
  // On the day it began to wait, half of what is left of their day is theirs.
  const end = Math.min(limit, endOfHours(date, reach));
  return Math.max(last, since + (end - since) / 2);
}

function lastSlot(from: number, limit: number, reach: Reachable & { zone: string }, slots: Slots): number | undefined {
  let day = DateTime.fromMillis(limit - 1, { zone: zoneFor(reach.zone) }).startOf("day");
  for (let looked = 0; looked < MOST_DAYS_AHEAD && day.endOf("day").toMillis() >= from; looked++) {
    const slot = slots(Math.max(from, day.toMillis()));
    if (slot < limit) return slot;
    day = day.minus({ days: 1 });
  }
  return undefined;
}

function endOfHours(date: string, reach: Reachable & { zone: string }): number {
  const { to } = reach.hours ?? DEFAULT_HOURS;
  return DateTime.fromISO(date, { zone: zoneFor(reach.zone) })
    .set({ hour: Math.floor(to / 60), minute: to % 60 })
    .toMillis();
}

/** What a clock or a colleague brought up is said at the next opportunity; a question has its own time. */
function startsAtOnce(item: OpenItem): boolean {
  return item.kind !== "question";
}

/**
 * Never on the day it began to wait, or on which its person last answered, unless it is due within a day of that. What
 * a clock or a colleague brought up needs no rest.
 */
function restUntil(item: OpenItem, zone: string): number {
  const since = Date.parse(item.since);
  const due = Date.parse(item.dueAt);
  if (item.kind === "given") return since + BREATH_MS;
  if (!needsRest(item)) return since;
  if (due > since && due - since < DAY_MS) return since + (due - since) / 2;
  return once(`${zone} after ${since}`, () =>
    DateTime.fromMillis(since, { zone: zoneFor(zone) })
      .startOf("day")
      .plus({ days: 1 })
      .toMillis(),
  );
}

function needsRest({ kind }: OpenItem): boolean {
  return kind === "question" || kind === "confirm" || kind === "claim";
}

/** The beginning of the second working day before a moment. */
function twoDaysBefore(due: number, reach: Reachable & { zone: string }): number {
  const key = `${reach.zone} before ${due} ${reach.hours?.days.join("") ?? ""} ${reach.holidays?.join() ?? ""}`;
  return once(key, () => reckonTwoDaysBefore(due, reach));
}

function reckonTwoDaysBefore(due: number, reach: Reachable & { zone: string }): number {
  let day = DateTime.fromMillis(due, { zone: zoneFor(reach.zone) }).startOf("day");
  const days = reach.hours?.days ?? [1, 2, 3, 4, 5];
  for (let working = 0, looked = 0; working < 2 && looked < 14; looked++) {
    day = day.minus({ days: 1 });
    if (days.includes(day.weekday) && !reach.holidays?.includes(day.toISODate() ?? "")) working++;
  }
  return day.toMillis();
}

function startOf(date: string | undefined, zone: string, days = 0): number {
  if (date === undefined) return 0;
  return once(`${zone} ${date} ${days}`, () =>
    DateTime.fromISO(date, { zone: zoneFor(zone) })
      .plus({ days })
      .startOf("day")
      .toMillis(),
  );
}

/** Reckoned before: a person's items share few dates, and a busy morning asks for them all. */
const reckoned = new Map<string, number>();
const MOST_RECKONED = 20_000;

function once(key: string, reckon: () => number): number {
  const known = reckoned.get(key);
  if (known !== undefined) return known;
  if (reckoned.size >= MOST_RECKONED) reckoned.clear();
  const found = reckon();
  reckoned.set(key, found);
  return found;
}

type Slots = (from: number) => number;

/** {@link nextSlot} for one person and plan: many items wish for the same moment. */
function slotsOf(person: Person, reach: Reachable & { zone: string }, inDigest: boolean): Slots {
  const known = new Map<number, number>();
  return (from) => {
    const slot = known.get(from) ?? nextSlot(from, person, reach, inDigest);
    known.set(from, slot);
    return slot;
  };
}

/** The first moment from then on at which one more message is fine: working time, one a day, five a week. */
function nextSlot(from: number, person: Person, reach: Reachable & { zone: string }, inDigest: boolean): number {
  let at = new Date(from);
  for (let looked = 0; looked < MOST_DAYS_AHEAD; looked++) {
    at = nextWorkingInstant(at, reach);
    const date = localDate(at, reach.zone);
    if (isWorkingInstant(at, reach) && !person.nudgedOn.includes(date) && !weekIsFull(person, date)) {
      const digest = inDigest ? undefined : digestInstantOn(person, date, reach);
      if (digest === undefined || at.getTime() >= digest + AFTER_DIGEST_MS) return at.getTime();
      return digest + AFTER_DIGEST_MS;
    }
    at = new Date(
      DateTime.fromISO(date, { zone: zoneFor(reach.zone) })
        .plus({ days: 1 })
        .startOf("day")
        .toMillis(),
    );
  }
  return at.getTime();
}

function weekIsFull(person: Person, date: string): boolean {
  const weekAgo = DateTime.fromISO(date, { zone: "UTC" }).minus({ days: 6 }).toISODate() ?? "";
  return person.nudgedOn.filter((one) => one >= weekAgo && one < date).length >= MOST_A_WEEK;
}

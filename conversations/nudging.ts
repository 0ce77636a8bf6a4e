import type { Person } from "../src/domain/person.ts";
import type { OpenItem } from "../src/domain/session.ts";
import { isWorkingInstant, localDate, nextWorkingInstant } from "./hours.ts";
import { hoursOf } from "./person.ts";

/**
 * When a person is nudged: at most once a working day, inside their hours, with everything that waits. Judged at the
 * moment of sending, from what is open then; nothing that has been answered can still ask.
 */

const DAY_MS = 86_400_000;
/** A question is worth a nudge this long before it is due, */
const AHEAD_MS = 3 * DAY_MS;
/** or when it has waited this long and nobody has been reminded of it yet. */
const FIRST_AFTER_MS = DAY_MS;
/** After so many nudges for the same thing the facilitator gets it instead. */
export const NUDGES_PER_ITEM = 3;

export type NudgePlan =
  | { kind: "nothing" }
  | { kind: "later"; at: number }
  | { kind: "now"; items: OpenItem[]; date: string };

export function itemKey(item: OpenItem): string {
  return `${item.session}/${item.question ?? `${item.kind}:${item.module ?? ""}`}`;
}

/** What a nudge to this person would hold now, or when to look again. */
export function planNudge(person: Person, openItems: readonly OpenItem[], now: Date, fallbackZone: string): NudgePlan {
  const at = {
    zone: person.zone ?? fallbackZone,
    hours: hoursOf(person),
    ...(person.away ? { away: person.away } : {}),
  };
  const waiting = openItems.filter((item) => (person.nudges[itemKey(item)] ?? 0) < NUDGES_PER_ITEM);
  if (waiting.length === 0) return { kind: "nothing" };
  const worth = (item: OpenItem) => {
    const key = itemKey(item);
    const snoozed = person.snoozed[key];
    const reminded = (person.nudges[key] ?? 0) > 0;
    const early = Date.parse(item.dueAt) - AHEAD_MS;
    const first = reminded ? early : Math.min(early, Date.parse(item.since) + FIRST_AFTER_MS);
    return Math.max(first, Date.parse(item.since), snoozed === undefined ? 0 : Date.parse(snoozed));
  };
  const earliest = Math.min(...waiting.map(worth));
  if (earliest > now.getTime()) return { kind: "later", at: nextWorkingInstant(new Date(earliest), at).getTime() };
  const today = localDate(now, at.zone);
  if (person.nudgedOn.includes(today)) {
    return { kind: "later", at: nextWorkingInstant(nextDay(now, at.zone), at).getTime() };
  }
  if (!isWorkingInstant(now, at)) return { kind: "later", at: nextWorkingInstant(now, at).getTime() };
  const items = waiting
    .filter((item) => {
      const snoozed = person.snoozed[itemKey(item)];
      return snoozed === undefined || snoozed <= now.toISOString();
    })
    .sort((a, b) => a.dueAt.localeCompare(b.dueAt));
  return { kind: "now", items, date: today };
}

/** The first instant of the next local day that is surely another date. */
function nextDay(now: Date, zone: string): Date {
  const today = localDate(now, zone);
  let next = new Date(now.getTime() + 3_600_000);
  while (localDate(next, zone) === today) next = new Date(next.getTime() + 3_600_000);
  return new Date(Math.floor(next.getTime() / 3_600_000) * 3_600_000);
}

import { DateTime, type Zone } from "luxon";
import { zoneFor } from "./zones.ts";

/** Due at the end of a working day, local to the session. */
const DUE_HOUR = 17;
const HOUR = 3_600_000;
const DAY = 24 * HOUR;
/** Nothing is due the moment it is asked, */
const AT_LEAST_MS = HOUR;
/** and, unless the event is nearer than this, not on the day it is asked either. */
const SHORT_DAYS = 3;
/**
 * The plan's length in days. A nearer event squeezes everything in proportion to this: AWS Countdown's phases laid over
 * six weeks, a default of ours.
 */
export const PLAN_DAYS = 42;
/** Longer than any run of days off that is still a plan. */
const DAYS_LOOKED_AHEAD = 25;

/**
 * When each thing is due: counted back from the event by its offset, squeezed in proportion when the event is nearer
 * than the plan is long. Always 17:00 of a working day in the session's zone where such a moment exists between start
 * and event, never on the day of the start (unless the event is within three days), never before start + 1 h and never
 * after the event, but for negative offsets, which are due that many days after it. A larger offset is never due later
 * than a smaller one.
 * @param holidays calendar dates on which nothing is due
 */
export function dueDates(
  things: readonly { id: string; dueDaysBefore: number }[],
  startedAt: Date,
  eventAt: Date,
  zone: string,
  holidays: readonly string[] = [],
): Record<string, string> {
  const place = { zone: zoneFor(zone), off: new Set(holidays) };
  const longest = Math.max(PLAN_DAYS, ...things.map((thing) => thing.dueDaysBefore));
  const available = Math.max(0, (eventAt.getTime() - startedAt.getTime()) / DAY);
  const earliest = Math.min(firstMoment(startedAt, available, place.zone), eventAt.getTime());
  const squeeze = longest > available ? available / longest : 1;
  const due: Record<string, string> = {};
  for (const { id, dueDaysBefore } of things) {
    const millis =
      dueDaysBefore < 0
        ? endOfWorkingDay(shift(eventAt.getTime(), -dueDaysBefore, place.zone), "on or after", place.off)
        : before(dueDaysBefore * squeeze, earliest, eventAt.getTime(), place);
    due[id] = new Date(millis).toISOString();
  }
  return due;
}

function firstMoment(startedAt: Date, available: number, zone: Zone): number {
  const soon = startedAt.getTime() + AT_LEAST_MS;
  if (available < SHORT_DAYS) return soon;
  const tomorrow = DateTime.fromJSDate(startedAt, { zone }).startOf("day").plus({ days: 1 });
  return Math.max(soon, tomorrow.toMillis());
}

type Place = { zone: Zone; off: ReadonlySet<string> };

function before(days: number, earliest: number, event: number, { zone, off }: Place): number {
  const target = shift(event, -days, zone);
  const wished = endOfWorkingDay(target, "on or before", off, event);
  if (wished >= earliest) return wished;
  const next = endOfWorkingDay(DateTime.fromMillis(earliest, { zone }), "on or after", off, earliest);
  if (next <= event) return next;
  // No end of a working day is left before the event: the proportional moment itself.
  return Math.min(event, Math.max(earliest, target.toMillis()));
}

/** Whole days by the calendar (so that a change of clocks moves nothing), the rest of a squeezed offset by the clock. */
function shift(event: number, days: number, zone: Zone): DateTime {
  const whole = Math.trunc(days);
  return DateTime.fromMillis(event, { zone })
    .plus({ days: whole })
    .plus({ hours: (days - whole) * 24 });
}

/** 17:00 of the nearest working day in that direction; `limit` is the last (first) instant allowed. */
function endOfWorkingDay(
  from: DateTime,
  direction: "on or before" | "on or after",
  off: ReadonlySet<string>,
  limit?: number,
): number {
  const step = direction === "on or before" ? -1 : 1;
  for (let days = 0; days < DAYS_LOOKED_AHEAD; days++) {
    const at = from
      .startOf("day")
      .plus({ days: days * step })
      .set({ hour: DUE_HOUR });
    const inside = limit === undefined || (step < 0 ? at.toMillis() <= limit : at.toMillis() >= limit);
    if (at.weekday <= 5 && !off.has(at.toISODate() ?? "") && inside) return at.toMillis();
  }
  return from.toMillis();
}

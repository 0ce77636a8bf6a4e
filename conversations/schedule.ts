import { DateTime } from "luxon";
import type { QuestionId } from "../src/domain/ids.ts";
import { safeZone } from "./zones.ts";

/** Due at the end of a working day, local to the session. */
const DUE_HOUR = 17;
const HOUR = 3_600_000;
/** Nothing is due the moment it is asked. */
const AT_LEAST_MS = HOUR;

/**
 * When each question is due: counted back from the event by the catalogue's offsets, squeezed in proportion when the
 * event is nearer than the longest of them. Always 17:00 of a working day in the session's zone where such a moment
 * exists between start and event; never before start + 1 h and never after the event, but for questions with a
 * negative offset, which are due that many days after it. A larger offset is never due later than a smaller one.
 */
export function dueDates(
  questions: readonly { id: QuestionId; dueDaysBefore: number }[],
  startedAt: Date,
  eventAt: Date,
  zone: string,
): Record<QuestionId, string> {
  const place = safeZone(zone);
  const longest = Math.max(0, ...questions.map((question) => question.dueDaysBefore));
  const earliest = Math.min(startedAt.getTime() + AT_LEAST_MS, eventAt.getTime());
  const available = Math.max(0, (eventAt.getTime() - startedAt.getTime()) / (24 * HOUR));
  const squeeze = longest > available ? available / longest : 1;
  const due: Record<QuestionId, string> = {};
  for (const { id, dueDaysBefore } of questions) {
    const millis =
      dueDaysBefore < 0
        ? endOfWorkingDay(shift(eventAt.getTime(), -dueDaysBefore, place), "on or after")
        : before(dueDaysBefore * squeeze, earliest, eventAt.getTime(), place);
    due[id] = new Date(millis).toISOString();
  }
  return due;
}

function before(days: number, earliest: number, event: number, zone: string): number {
  const target = shift(event, -days, zone);
  const wished = endOfWorkingDay(target, "on or before", event);
  if (wished >= earliest) return wished;
  const next = endOfWorkingDay(DateTime.fromMillis(earliest, { zone }), "on or after", earliest);
  if (next <= event) return next;
  // No end of a working day is left before the event: the proportional moment itself.
  return Math.min(event, Math.max(earliest, target.toMillis()));
}

/** Whole days by the calendar (so that a change of clocks moves nothing), the rest of a squeezed offset by the clock. */
function shift(event: number, days: number, zone: string): DateTime {
  const whole = Math.trunc(days);
  return DateTime.fromMillis(event, { zone })
    .plus({ days: whole })
    .plus({ hours: (days - whole) * 24 });
}

/** 17:00 of the nearest working day in that direction; `limit` is the last (first) instant allowed. */
function endOfWorkingDay(from: DateTime, direction: "on or before" | "on or after", limit?: number): number {
  const step = direction === "on or before" ? -1 : 1;
  for (let days = 0; days < 10; days++) {
    const at = from
      .startOf("day")
      .plus({ days: days * step })
      .set({ hour: DUE_HOUR });
    const inside = limit === undefined || (step < 0 ? at.toMillis() <= limit : at.toMillis() >= limit);
    if (at.weekday <= 5 && inside) return at.toMillis();
  }
  return from.toMillis();
}

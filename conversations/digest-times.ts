import { DateTime } from "luxon";
import type { Person } from "../src/domain/person.ts";
import { isWorkingInstant, type Reachable } from "./hours.ts";
import { zoneFor } from "./zones.ts";

/**
 * When a manager's digest goes out. Weekly is Monday (their first working day of a week); in the last week before an
 * event a digest that came with being named a manager is daily, since by then a week is too long to wait.
 */

export const DIGEST_HOUR = 9;
const LAST_WEEK_DAYS = 7;

/** The instant of that local date's digest, if one is due then and it can be said in working time. */
export function digestInstantOn(person: Person, date: string, reach: Reachable & { zone: string }): number | undefined {
  const { digest } = person;
  if (digest === undefined) return undefined;
  const day = DateTime.fromISO(date, { zone: zoneFor(reach.zone) });
  const at = day.startOf("day").set(clockOf(digest.hour, reach));
  if (
    digest.lastAt !== undefined &&
    DateTime.fromISO(digest.lastAt, { zone: zoneFor(reach.zone) }).toISODate() === date
  ) {
    return undefined;
  }
  if (!isWorkingInstant(at.toJSDate(), reach)) return undefined;
  if (digest.rhythm === "daily") return at.toMillis();
  const days = reach.hours?.days ?? [1];
  if (day.weekday === Math.min(...days)) return at.toMillis();
  return digest.byDefault && Object.values(person.follows ?? {}).some((eventAt) => isLastWeek(day, eventAt))
    ? at.toMillis()
    : undefined;
}

/** Their hour, or the beginning of their working day where that hour isn't part of it. */
function clockOf(wished: number, { hours }: Reachable): { hour: number; minute: number } {
  const minutes = wished * 60;
  if (hours === undefined || (minutes >= hours.from && minutes < hours.to)) return { hour: wished, minute: 0 };
  return { hour: Math.floor(hours.from / 60), minute: hours.from % 60 };
}

function isLastWeek(day: DateTime, eventAt: string): boolean {
  const left = DateTime.fromISO(eventAt, { zone: day.zone }).startOf("day").diff(day.startOf("day"), "days").days;
  return left >= 0 && left < LAST_WEEK_DAYS;
}

/** The next digest after `now`: undefined when there is none, or no working moment at its hour within a month. */
export function nextDigestAt(person: Person, now: Date, reach: Reachable & { zone: string }): number | undefined {
  let day = DateTime.fromJSDate(now, { zone: zoneFor(reach.zone) }).startOf("day");
  for (let looked = 0; looked < 40; looked++, day = day.plus({ days: 1 })) {
    const at = digestInstantOn(person, day.toISODate() ?? "", reach);
    if (at !== undefined && at > now.getTime()) return at;
  }
  return undefined;
}

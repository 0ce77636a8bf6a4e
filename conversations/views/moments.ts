import type { Inline, Rich } from "../../src/domain/message.ts";
import type { SessionState } from "../../src/domain/session.ts";
import { sayDate, sayTime } from "../dates.ts";
import type { ViewContext } from "./parts.ts";

/**
 * Moments of a session in its cards. Each is an instant, shown by the reader's own clock where the platform can do
 * that; the words in its place, and in notifications, are in the session's zone.
 */

type Zoned = { event: Pick<SessionState["event"], "zone"> };
type Now = Pick<ViewContext, "now">;

/** "Fri 30 Oct": the day something is due. */
export function onDay(at: string, state: Zoned, view: Now): Inline {
  return { time: at, show: "day", fallback: sayDay(at, state, view) };
}

/** "09:02" today, otherwise with its day: when something was read or done. */
export function atTime(at: string, state: Zoned, view: Now): Inline {
  const { zone } = state.event;
  const today = sayDate(at, zone) === sayDate(view.now, zone);
  return today
    ? { time: at, show: "time", fallback: sayTime(at, zone) }
    : { time: at, fallback: sayMoment(at, state, view) };
}

/** "Fri 30 Oct, 09:02". */
export function atMoment(at: string, state: Zoned, view: Now): Inline {
  return { time: at, fallback: sayMoment(at, state, view) };
}

/** "09:00 to 11:30", "Fri 30 Oct, 22:00 to Sat 31 Oct, 07:00". */
export function between(from: string, to: string, state: Zoned, view: Now): Rich {
  const { zone } = state.event;
  const sameDay = sayDate(from, zone) === sayDate(to, zone);
  if (!sameDay) return [atMoment(from, state, view), " to ", atMoment(to, state, view)];
  return [atTime(from, state, view), " to ", { time: to, show: "time", fallback: sayTime(to, zone) }];
}

/** The day in words, in the session's zone. */
export function sayDay(at: string, { event }: Zoned, view: Now): string {
  return sayDate(at, event.zone, view.now);
}

function sayMoment(at: string, state: Zoned, view: Now): string {
  return `${sayDay(at, state, view)}, ${sayTime(at, state.event.zone)}`;
}

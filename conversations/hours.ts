import { DateTime, type Zone } from "luxon";
import { DEFAULT_HOURS, type Hours } from "../src/domain/person.ts";
import { parseDay } from "./dates.ts";
import { zoneFor } from "./zones.ts";

/** When a person may be written to unprompted: their hours, in their zone, but not while they are away. */
export type Reachable = {
  zone: string;
  hours?: Hours;
  away?: { from: string; to: string };
  /** Single days off, `2026-12-25`. */
  holidays?: readonly string[];
};

const MINUTES_A_DAY = 24 * 60;
/** Enough for any week of working days and change of clocks; an absence is jumped over, not walked through. */
const DAYS_LOOKED_AHEAD = 30;

/** The local calendar date, `2026-11-27`. */
export function localDate(at: Date | string, zone: string): string {
  return DateTime.fromMillis(new Date(at).getTime(), { zone: zoneFor(zone) }).toISODate() ?? "";
}

export function isWorkingInstant(at: Date, person: Reachable): boolean {
  const { zone, hours, away, holidays } = settled(person);
  const local = DateTime.fromMillis(at.getTime(), { zone });
  const date = local.toISODate() ?? "";
  if (away !== undefined && date >= away.from && date <= away.to) return false;
  if (holidays.includes(date)) return false;
  const minute = local.hour * 60 + local.minute;
  return hours.days.includes(local.weekday) && minute >= hours.from && minute < hours.to;
}

/** The first working instant that is not before `from`: `from` itself, or the beginning of the next working day. */
export function nextWorkingInstant(from: Date, person: Reachable): Date {
  if (isWorkingInstant(from, person)) return from;
  const { zone, hours, away } = settled(person);
  let day = DateTime.fromMillis(from.getTime(), { zone }).startOf("day");
  for (let looked = 0; looked < DAYS_LOOKED_AHEAD; looked++) {
    const date = day.toISODate() ?? "";
    if (away !== undefined && date >= away.from && date <= away.to) {
      day = DateTime.fromISO(away.to, { zone }).plus({ days: 1 }).startOf("day");
    }
    const begins = day.set({ hour: Math.floor(hours.from / 60), minute: hours.from % 60 });
    // Hours that begin where the clocks skip (or repeat) an hour may begin late that day; one that begins too late is left out.
    const [first] = begins.getPossibleOffsets();
    const start = new Date((first ?? begins).toMillis());
    if (start >= from && isWorkingInstant(start, person)) return start;
    day = day.plus({ days: 1 }).startOf("day");
  }
  return from;
}

function settled(person: Reachable): {
  zone: Zone;
  hours: Hours;
  away?: { from: string; to: string };
  holidays: readonly string[];
} {
  const hours = person.hours ?? DEFAULT_HOURS;
  const usable = hours.days.some((day) => day >= 1 && day <= 7) && hours.from < hours.to && hours.to <= MINUTES_A_DAY;
  const zone = zoneFor(person.zone);
  return {
    zone,
    hours: usable ? hours : DEFAULT_HOURS,
    holidays: person.holidays ?? [],
    ...(person.away === undefined ? {} : { away: person.away }),
  };
}

// ── What people write after `me hours` and `me away` ────────────────────────────────────────────────────────────────

const HOURS_EXAMPLE = "Example: me hours 9-17 mon-fri";
const DAY_NAMES = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
const TIME = "(\\d{1,2})(?:[:.](\\d{2}))? ?(am|pm)?";
const SPAN = `(?:from )?${TIME} ?(?:-|–|—|to|until|till) ?${TIME}`;
const TIMES = new RegExp(`^${SPAN}(?: |,|$)`, "i");
/** The days may come first: `sun-thu 8-16`. */
const TIMES_LAST = new RegExp(`(?:^|[ ,])${SPAN}$`, "i");

/**
 * `9-17`, `09:00-17:30 mon-thu`, `9am to 5pm weekdays`, `sun-thu 8-16`. Without days: Monday to Friday.
 * `example`: how to write them, where it was asked.
 */
export function parseHours(text: string, example = HOURS_EXAMPLE): Hours | { problem: string } {
  const words = text.slice(0, 200).trim().replaceAll(/\s+/g, " ");
  const times = TIMES.exec(words) ?? TIMES_LAST.exec(words);
  if (times === null) return { problem: `I couldn't read hours in "${words.slice(0, 40)}". ${example}` };
  const from = minuteOf(times[1], times[2], times[3]);
  let to = minuteOf(times[4], times[5], times[6]);
  if (from === undefined || to === undefined) return { problem: `There is no such time of day. ${example}` };
  // "9-5" is nine to five; "22-6" stays what it is.
  if (to <= from && times[6] === undefined && to <= 12 * 60 && to + 12 * 60 > from && from < 12 * 60) to += 12 * 60;
  if (to <= from) {
    return {
      problem: `Working hours begin and end on the same day here, so the end must be later than the beginning. ${example}`,
    };
  }
  const days = parseDays(`${words.slice(0, times.index)} ${words.slice(times.index + times[0].length)}`, example);
  return "problem" in days ? days : { from, to, days: days.days };
}

function minuteOf(hour: string | undefined, minute: string | undefined, half: string | undefined): number | undefined {
  let hours = Number(hour);
  const minutes = Number(minute ?? "0");
  if (half !== undefined) {
    if (hours < 1 || hours > 12) return undefined;
    hours = (hours % 12) + (half.toLowerCase() === "pm" ? 12 : 0);
  }
  const total = hours * 60 + minutes;
  return minutes > 59 || total > MINUTES_A_DAY ? undefined : total;
}

function parseDays(text: string, example: string): { days: number[] } | { problem: string } {
  const words = text
    .toLowerCase()
    .replaceAll(/\s*(?:-|–|—|\bto\b)\s*/g, "-")
    .split(/[\s,;&]+/)
    .filter((word) => word !== "" && word !== "and" && word !== "on");
  if (words.length === 0 || words.join(" ") === "weekdays") return { days: [1, 2, 3, 4, 5] };
  if (/^(?:daily|every day|all week|7 days)$/.test(words.join(" "))) return { days: [1, 2, 3, 4, 5, 6, 7] };
  const days = new Set<number>();
  for (const word of words) {
    const [first, last, more] = word.split("-").map(weekday);
    if (first === undefined || first === 0 || last === 0 || more !== undefined) {
      return { problem: `I don't know the day "${word.slice(0, 20)}". ${example}` };
    }
    for (let day = first; ; day = (day % 7) + 1) {
      days.add(day);
      if (day === (last ?? first)) break;
    }
  }
  return { days: [...days].sort((a, b) => a - b) };
}

/** ISO weekday, or 0. */
function weekday(word: string): number {
  return /^(?:mon(day)?|tue(s|sday)?|wed(nesday)?|thu(r|rs|rsday)?|fri(day)?|sat(urday)?|sun(day)?)s?$/.test(word)
    ? DAY_NAMES.indexOf(word.slice(0, 3)) + 1
    : 0;
}

const DAY_LABELS = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
/** Fewer than these in a row are named each. */
const SHORTEST_RUN = 3;

/** "Mon–Fri", "Mon, Wed, Fri": the days of a week, a run as such. */
export function sayDays(days: readonly number[], to = "–"): string {
  const names = days.map((day) => DAY_LABELS[day - 1] ?? "");
  const isRun = days.length >= SHORTEST_RUN && days.every((day, index) => day === (days[0] ?? 0) + index);
  return isRun ? `${names[0]}${to}${names.at(-1)}` : names.join(", ");
}

/** "09:00–17:00" */
export function sayHours({ from, to }: Hours): string {
  const clock = (minutes: number) =>
    `${String(Math.floor(minutes / 60)).padStart(2, "0")}:${String(minutes % 60).padStart(2, "0")}`;
  return `${clock(from)}–${clock(to)}`;
}

/** "9-17 Mon-Fri": as somebody would write it, and {@link parseHours} reads it. */
export function writeHours({ from, to, days }: Hours): string {
  const clock = (minutes: number) =>
    `${Math.floor(minutes / 60)}${minutes % 60 === 0 ? "" : `:${String(minutes % 60).padStart(2, "0")}`}`;
  return `${clock(from)}-${clock(to)} ${sayDays(days, "-")}`;
}

/** An absence that isn't over. */
export function awayOf(
  { away }: Pick<Reachable, "away">,
  now: Date,
  zone: string,
): { from: string; to: string } | undefined {
  return away === undefined || away.to < localDate(now, zone) ? undefined : away;
}

export type Away = { off: true } | { off: false; from: string; to: string };

const AWAY_EXAMPLE = "Examples: me away until 3 Dec · me away 2026-12-01 to 2026-12-05 · me away 3 days · me away off";
const NUMBER_WORDS = ["a", "two", "three", "four", "five", "six"];
const LENGTH = new RegExp(
  `^(?:from (?:now|today),? )?(?:for )?(?:the )?(?:next )?(\\d{1,3}|an?|one|${NUMBER_WORDS.join("|")}) (day|week|month)s?$`,
  "i",
);

/**
 * `until 3 Dec` (that day included), `2026-12-01 to 2026-12-05`, `1-5 Dec`, `tomorrow`, `for 3 days` and `two weeks`
 * (from today), `off`. Dates are inclusive.
 */
export function parseAway(
  text: string,
  context: { now: Date; zone: string },
  example = AWAY_EXAMPLE,
): Away | { problem: string } {
  const words = text.slice(0, 200).trim().replaceAll(/\s+/g, " ");
  if (/^(?:off|back|no|none|clear|cancel|over)$/i.test(words)) return { off: true };
  const today = localDate(context.now, context.zone);
  const until = /^(?:from (?:now|today) )?(?:until|till|through|to) (.+)$/i.exec(words);
  if (until !== null) return span({ date: today }, parseDay(until[1] ?? "", context), today, example);
  if (/^next week$/i.test(words)) {
    const monday = DateTime.fromISO(today, { zone: "UTC" }).startOf("week").plus({ weeks: 1 });
    return { off: false, from: monday.toISODate() ?? today, to: monday.plus({ days: 6 }).toISODate() ?? today };
  }
  const length = LENGTH.exec(words);
  if (length !== null) return spanOf(length[1] ?? "", length[2] ?? "", today, example);
  const short = /^(\d{1,2}) ?(?:-|–|—|to) ?(\d{1,2}\.? ?(?:of )?[A-Za-z]{3,9}(?: \d{4})?)$/.exec(words);
  if (short !== null) {
    const last = parseDay(short[2] ?? "", context);
    const month = (short[2] ?? "").replace(/^\d{1,2}\.?/, "");
    return span(parseDay(`${short[1]}${month.startsWith(" ") ? "" : " "}${month}`, context), last, today, example);
  }
  const range = /^(?:from )?(.{2,40}?) ?(?: (?:-|–|—|to|until|till|through) |–|—|\.\.) ?(.{2,40})$/i.exec(words);
  if (range !== null) return span(parseDay(range[1] ?? "", context), parseDay(range[2] ?? "", context), today, example);
  const day = parseDay(words, context);
  return span(day, day, today, example);
}

/** So many days, weeks or months from today, which is the first of them. */
function spanOf(count: string, unit: string, today: string, example: string): Away | { problem: string } {
  const word = count.toLowerCase().replace(/^(?:an|one)$/, "a");
  const number = /^\d/.test(word) ? Number(word) : NUMBER_WORDS.indexOf(word) + 1;
  if (number === 0) return { problem: `That is no time at all. ${example}` };
  const first = DateTime.fromISO(today, { zone: "UTC" });
  const last = first.plus({ [`${unit.toLowerCase()}s`]: number }).minus({ days: 1 });
  return { off: false, from: today, to: last.toISODate() ?? today };
}

function span(
  from: { date: string } | { problem: string },
  to: { date: string } | { problem: string },
  today: string,
  example: string,
): Away | { problem: string } {
  if ("problem" in from) return { problem: `${from.problem} ${example}` };
  if ("problem" in to) return { problem: `${to.problem} ${example}` };
  if (to.date < from.date) return { problem: `${to.date} is before ${from.date}. ${example}` };
  if (to.date < today) return { problem: `${to.date} is in the past. ${example}` };
  return { off: false, from: from.date, to: to.date };
}

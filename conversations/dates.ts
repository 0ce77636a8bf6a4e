import * as chrono from "chrono-node/en";
import { DateTime } from "luxon";
import { cityOf, findZone, readZone, safeZone, zoneFor } from "./zones.ts";

/**
 * Dates as people write them. What they wrote beyond doubt is `exact`; everything else ("next friday", "EST") is said
 * back for confirmation, with `said`. chrono-node reads relative words only, and only calendar components are taken
 * from it: it ignores IANA zones silently, so that instants are always made by luxon in the zone.
 */
export type EventDate = {
  date: string;
  time?: string;
  zone: string;
  exact: boolean;
  said: string;
  /** The night on which the clocks go back: the time happens twice. In words, which one is taken. */
  twice?: string;
};
export type DateContext = { now: Date; zone: string };
export type DateProblem = { problem: string };

/** An event without a time is at this hour of the session's zone. */
export const DEFAULT_TIME = "09:00";
const LONGEST_TEXT = 200;
const EXAMPLE = "Write it like 2026-11-27, 27 Nov or next Friday.";
/** A day without a year that lands later than this is said back: it may be a date just past. */
const SURELY_THIS_YEAR_DAYS = 300;
const FURTHEST_YEARS = 3;

/** The date (and time, and zone) of an event: not past, not impossible, at most three years away. */
export function parseEventDate(text: string, context: DateContext): EventDate | DateProblem {
  const zoned = takeZone(tidy(text), safeZone(context.zone));
  if ("problem" in zoned) return zoned;
  const { zone } = zoned;
  const instant = readInstant(zoned.rest, zone);
  if (instant !== undefined) {
    const { at, ...local } = instant;
    // With its offset it says which of the two it is, but only the first can be taken.
    const isTaken = eventInstant({ ...local, zone }) === at;
    const event = checked({ ...local, zone, exact: zoned.exact && isTaken }, context.now);
    return isTaken && zoned.exact ? withoutDoubt(event) : event;
  }
  const clock = takeTime(zoned.rest);
  if ("problem" in clock) return clock;
  if (clock.time !== undefined && !/[\p{L}\p{N}]/u.test(clock.rest)) {
    return { problem: `${clock.time} is a time, and I need a date too. Example: 2026-11-27 ${clock.time}` };
  }
  const day = parseDay(clock.rest, { now: context.now, zone });
  if ("problem" in day) return day;
  const time = clock.time ?? day.time;
  return checked(
    { date: day.date, zone, exact: zoned.exact && clock.exact && day.exact, ...(time === undefined ? {} : { time }) },
    context.now,
  );
}

function withoutDoubt(event: EventDate | DateProblem): EventDate | DateProblem {
  if ("problem" in event || event.twice === undefined) return event;
  const { twice: _, ...rest } = event;
  return { ...rest, exact: true };
}

function checked(event: Omit<EventDate, "said">, now: Date): EventDate | DateProblem {
  const { date, time, zone } = event;
  const local = DateTime.fromJSDate(now, { zone });
  const day = DateTime.fromISO(date, { zone });
  const said = sayWhen(event, now);
  const today = local.toISODate() ?? "";
  if (date < today)
    return { problem: `${sayDay(day)} is in the past (today is ${sayDay(local)}). Which date do you mean?` };
  if (day > local.plus({ years: FURTHEST_YEARS })) {
    return { problem: `${sayDay(day)} is more than ${FURTHEST_YEARS} years away. Is the year right?` };
  }
  if (time !== undefined) {
    const gap = gapAt(date, time, zone);
    if (gap !== undefined) return { problem: gap };
  }
  if (Date.parse(eventInstant(event)) <= now.getTime()) {
    const example = `Example: ${date} 18:00`;
    return {
      problem:
        time === undefined
          ? `That is today, and without a time I take ${DEFAULT_TIME}, which is past. Add the time. ${example}`
          : `${said} is past: it is ${local.toFormat("HH:mm")} there now. ${example}`,
    };
  }
  const twice = time === undefined ? undefined : twiceAt(date, time, zone);
  if (twice === undefined) return { ...event, said };
  return { ...event, exact: false, said: `${said}, the first of the two`, twice };
}

/** Clocks go back: the local time happens twice. In words which one is meant, or undefined. */
function twiceAt(date: string, time: string, zone: string): string | undefined {
  const at = DateTime.fromISO(`${date}T${time}`, { zone });
  if (at.getPossibleOffsets().length < 2) return undefined;
  return `${time} happens twice on ${sayDay(at)} in ${cityOf(zone)}: the clocks go back then. I take the first.`;
}

/** The moment beyond doubt, as it would be typed: with its offset where the time alone happens twice. */
export function typedMoment({ date, time, zone, twice }: EventDate): string {
  if (twice === undefined) return `${date} ${time ?? ""}`.trim();
  const at = DateTime.fromISO(eventInstant({ date, ...(time === undefined ? {} : { time }), zone }), { zone });
  return at.toFormat("yyyy-MM-dd'T'HH:mmZZ");
}

/** Clocks go forward: the local time doesn't exist. In words, or undefined. */
function gapAt(date: string, time: string, zone: string): string | undefined {
  const at = DateTime.fromISO(`${date}T${time}`, { zone });
  if (at.toFormat("HH:mm") === time) return undefined;
  return `${time} doesn't exist on ${sayDay(at)} in ${cityOf(zone)}: the clocks go forward then. ${at.toFormat("HH:mm")} is the same moment; say that, or another time.`;
}

/**
 * The event's instant, ISO in UTC. Without a time it is {@link DEFAULT_TIME} in the zone. The rule at a change of
 * clocks: a time that happens twice is the first of the two; one that is skipped moves forward by the gap.
 */
export function eventInstant(event: { date: string; time?: string; zone: string }): string {
  const at = DateTime.fromISO(`${event.date}T${event.time ?? DEFAULT_TIME}`, { zone: zoneFor(event.zone) });
  const [first] = at.getPossibleOffsets();
  return new Date((first ?? at).toMillis()).toISOString();
}

/** Calendar days from now to the event in its zone: 0 on the day, negative after it. */
export function daysUntil(now: Date, eventAt: string, zone: string): number {
  const day = (millis: number) => DateTime.fromMillis(millis, { zone: zoneFor(zone) }).startOf("day");
  return Math.round(day(Date.parse(eventAt)).diff(day(now.getTime()), "days").days);
}

/** `T-30 days`, `T-1 day`, `today`, `T+2 days`. */
export function sayCountdown(days: number): string {
  if (days === 0) return "today";
  const size = Math.abs(days);
  return `T${days > 0 ? "-" : "+"}${size} ${size === 1 ? "day" : "days"}`;
}

/** `Fri 27 Nov`, with the year where it isn't this year's: an instant's day in a zone. */
export function sayDate(instant: string | Date, zone: string, now?: Date): string {
  const at = DateTime.fromMillis(new Date(instant).getTime(), { zone: zoneFor(zone) });
  return sayDay(at, now);
}

/** `Fri 27 Nov, 09:00 London`: a moment of the session, in its zone. */
export function sayWhen(event: { date: string; time?: string; zone: string }, now?: Date): string {
  return `${sayCalendarDay(event.date, now)}, ${event.time ?? DEFAULT_TIME} ${cityOf(event.zone)}`;
}

/** `Mon 30 Nov`: a day of the calendar that somebody named, `2026-11-30`; the same in every zone. */
export function sayCalendarDay(date: string, now?: Date): string {
  return sayDay(DateTime.fromISO(date.slice(0, 10), { zone: "UTC" }), now);
}

/** `09:02`, in the zone. */
export function sayTime(instant: string | Date, zone: string): string {
  return DateTime.fromMillis(new Date(instant).getTime(), { zone: zoneFor(zone) }).toFormat("HH:mm");
}

function sayDay(at: DateTime, now?: Date): string {
  const sameYear = now !== undefined && DateTime.fromJSDate(now, { zone: at.zone }).year === at.year;
  return at
    .setLocale("en-GB")
    .toFormat(sameYear ? "ccc d LLL" : "ccc d LLL yyyy")
    .replace("Sept", "Sep");
}

// ── Reading ─────────────────────────────────────────────────────────────────────────────────────────────────────────

function tidy(text: string): string {
  return text
    .slice(0, LONGEST_TEXT + 1)
    .normalize("NFKC")
    .replaceAll(/[\s()]+/g, " ")
    .trim();
}

/** `2026-11-27T09:00Z`, `2026-11-27T09:00+05:45`: an instant, told in the session's zone (Z with UTC's own). */
function readInstant(text: string, zone: string): { date: string; time: string; at: string } | undefined {
  if (!/^\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)? ?(?:Z|[+-]\d\d:?\d\d)$/i.test(text)) return undefined;
  const at = DateTime.fromISO(text.toUpperCase().replace(" ", "T").replaceAll(" ", ""), { zone });
  if (!at.isValid) return undefined;
  const minute = at.startOf("minute");
  return { date: at.toISODate(), time: at.toFormat("HH:mm"), at: new Date(minute.toMillis()).toISOString() };
}

/** Takes the zone off the text: `Europe/London` anywhere, an abbreviation or a city at the end. */
function takeZone(text: string, fallback: string): { rest: string; zone: string; exact: boolean } | DateProblem {
  const slashed = /(?:^|[\s(,])([A-Za-z][A-Za-z_]{1,30}\/[A-Za-z][A-Za-z0-9_+/-]{1,40})(?=$|[\s),.])/.exec(text);
  if (slashed !== null) {
    const zone = readZone(slashed[1] ?? "");
    if ("problem" in zone) return zone;
    return { rest: text.replace(slashed[0], " ").trim(), ...zone };
  }
  const words = text.split(" ");
  for (const take of [3, 2, 1]) {
    if (words.length < take) continue;
    const tail = words
      .slice(-take)
      .join(" ")
      .replaceAll(/[(),.]/g, "");
    // "2026-11-27T09:00Z" ends in no word of its own; "MT" and "Z" alone are zones, "May" and "Friday" never are.
    const zone = /^[A-Za-z][A-Za-z_ '-]+$/.test(tail) ? findZone(tail.replace(/^(?:in|at) /i, "")) : undefined;
    if (zone !== undefined) return { rest: words.slice(0, -take).join(" "), ...zone };
  }
  return { rest: text, zone: fallback, exact: true };
}

function takeTime(text: string): { rest: string; time?: string; exact: boolean } | DateProblem {
  const without = (found: string) => text.replace(found, " ").replaceAll(/\s+/g, " ").trim();
  const word = /(?:^|\s)(?:at )?(noon|midday|midnight)\b/i.exec(text);
  if (word !== null) {
    const noon = word[1]?.toLowerCase() !== "midnight";
    // "Friday midnight" may be the beginning or the end of Friday.
    return { rest: without(word[0]), time: noon ? "12:00" : "00:00", exact: noon };
  }
  const clock =
    /(?:^|[\sT,])(?:at |@ ?)?(\d{1,2})(?::(\d{2})(?::\d{2})?|[.h](\d{2})(?!\.?\d)|h\b)?\s?(am|pm|a\.m\.|p\.m\.)?(?=$|[\s,;)])/gi;
  for (const found of text.matchAll(clock)) {
    const [all, hours = "", colon, dot, half] = found;
    const bareNumber = colon === undefined && dot === undefined && half === undefined && !/h\s*$/i.test(all);
    if (bareNumber && !/(?:at |@)/i.test(all)) continue;
    const minutes = Number(colon ?? dot ?? "0");
    let hour = Number(hours);
    const problem = `${all.trim().replace(/^[T,]/, "")} is no time of day. Write it like 09:00 or 6pm.`;
    if (half !== undefined) {
      if (hour < 1 || hour > 12) return { problem };
      hour = (hour % 12) + (half.toLowerCase().startsWith("p") ? 12 : 0);
    }
    if (hour === 24 && minutes === 0)
      return { problem: "24:00 could be two days. Write 00:00 of the next day, or 23:59." };
    if (hour > 23 || minutes > 59) return { problem };
    const time = `${String(hour).padStart(2, "0")}:${String(minutes).padStart(2, "0")}`;
    return { rest: without(all), time, exact: !bareNumber };
  }
  return { rest: text, exact: true };
}

const MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
const MONTH_NAMES = [
  "January",
  "February",
  "March",
  "April",
  "May",
  "June",
  "July",
  "August",
  "September",
  "October",
  "November",
  "December",
];
const MONTH_WORD =
  "(jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)";
const WEEKDAY_WORD = "(?:(?:mon|tue|tues|wed|wednes|thu|thur|thurs|fri|sat|satur|sun)(?:day)?,? )?";
const DAY_MONTH = new RegExp(
  `^${WEEKDAY_WORD}(?:the )?(\\d{1,2})(?:st|nd|rd|th|\\.)?(?: of)?[ -]?${MONTH_WORD}\\.?(?:,? |-)?(\\d{4}|'?\\d{2})?$`,
  "i",
);
const MONTH_DAY = new RegExp(
  `^${WEEKDAY_WORD}${MONTH_WORD}\\.? (?:the )?(\\d{1,2})(?:st|nd|rd|th)?(?:,? (\\d{4}|'\\d{2}))?$`,
  "i",
);

export type Day = { date: string; exact: boolean; time?: string };

/**
 * One calendar day in the zone, past days included: callers say what a past day means to them. `time` only where the
 * words carry one by themselves ("in 3 hours").
 */
export function parseDay(text: string, context: DateContext): Day | DateProblem {
  const words = tidy(text)
    .replace(/^(?:on|by|for) /i, "")
    .replaceAll(/^[,.;]+|[,.;]+$/g, "")
    .trim();
  if (words.length > LONGEST_TEXT) return { problem: `That is too long for a date. ${EXAMPLE}` };
  if (words === "") return { problem: `I need a date. ${EXAMPLE}` };
  const zone = safeZone(context.zone);
  const today = DateTime.fromJSDate(context.now, { zone }).startOf("day");
  return readWritten(words, today) ?? readRelative(words, context.now, today);
}

/** Dates with digits or month names, read by our own rules, so that what is impossible is named and never rolled over. */
function readWritten(words: string, today: DateTime): Day | DateProblem | undefined {
  const iso = /^(\d{4})-(\d{1,2})-(\d{1,2})$/.exec(words) ?? /^(\d{4})[/.](\d{1,2})[/.](\d{1,2})$/.exec(words);
  if (iso !== null) return dayOf(Number(iso[1]), Number(iso[2]), Number(iso[3]));
  const dotted = /^(\d{1,2})\.(\d{1,2})(?:\.(\d{4}|\d{2})?)?$/.exec(words);
  if (dotted !== null) return withYear(dotted[3], Number(dotted[2]), Number(dotted[1]), today);
  const slashed = /^(\d{1,2})[/-](\d{1,2})(?:[/-](\d{4}|\d{2}))?$/.exec(words);
  if (slashed !== null) {
    const [first, second] = [Number(slashed[1]), Number(slashed[2])];
    if (first > 12 || first === second) return withYear(slashed[3], second, first, today);
    if (second > 12) return withYear(slashed[3], first, second, today);
    const reading = (day: number, month: number) => `${day} ${MONTH_NAMES[month - 1] ?? `month ${month}`}`;
    return {
      problem: `${words} could be ${reading(first, second)} or ${reading(second, first)}. Write the month as a word, or 2026-11-27.`,
    };
  }
  const dayMonth = DAY_MONTH.exec(words);
  if (dayMonth !== null) return withYear(dayMonth[3], monthOf(dayMonth[2]), Number(dayMonth[1]), today);
  const monthDay = MONTH_DAY.exec(words);
  if (monthDay !== null) return withYear(monthDay[3], monthOf(monthDay[1]), Number(monthDay[2]), today);
  return undefined;
}

function monthOf(word: string | undefined): number {
  return MONTHS.indexOf((word ?? "").slice(0, 3).toLowerCase()) + 1;
}

function withYear(year: string | undefined, month: number, day: number, today: DateTime): Day | DateProblem {
  if (year !== undefined) {
    const digits = year.replace("'", "");
    return dayOf(digits.length === 2 ? 2_000 + Number(digits) : Number(digits), month, day);
  }
  const thisYear = dayOf(today.year, month, day);
  if (!("problem" in thisYear) && thisYear.date >= (today.toISODate() ?? "")) return surely(thisYear, today);
  // "31 Nov" said in 2026 means this November, which has 30 days, too.
  if ("problem" in thisYear && month >= today.month && !isLeapDay(month, day)) return thisYear;
  // 29 February: the next one there is.
  for (const later of [1, 2, 3, 4]) {
    const next = dayOf(today.year + later, month, day);
    if (!("problem" in next)) return surely(next, today);
    if (!isLeapDay(month, day)) return next;
  }
  return thisYear;
}

function isLeapDay(month: number, day: number): boolean {
  return month === 2 && day === 29;
}

function surely(day: Day, today: DateTime): Day {
  const far = DateTime.fromISO(day.date, { zone: today.zone }).diff(today, "days").days > SURELY_THIS_YEAR_DAYS;
  return { ...day, exact: !far };
}

function dayOf(year: number, month: number, day: number): Day | DateProblem {
  const name = MONTH_NAMES[month - 1];
  if (name === undefined) return { problem: `There is no month ${month}. ${EXAMPLE}` };
  const length = DateTime.utc(year, month).daysInMonth ?? 31;
  if (day < 1 || day > length)
    return { problem: `${name} ${year} has ${length} days, so there is no ${day} ${name}. Which date do you mean?` };
  return { date: `${String(year).padStart(4, "0")}-${pad(month)}-${pad(day)}`, exact: true };
}

function pad(number: number): string {
  return String(number).padStart(2, "0");
}

/** "next friday", "in 3 weeks", "tomorrow": read by chrono against the local date; always worth saying back but for today and tomorrow. */
function readRelative(words: string, now: Date, today: DateTime): Day | DateProblem {
  const unread = {
    problem: `I couldn't read "${words.length > 40 ? `${words.slice(0, 40)}…` : words}" as a date. ${EXAMPLE}`,
  };
  if (/^day after tomorrow$|^the day after tomorrow$/i.test(words))
    return { date: iso(today.plus({ days: 2 })), exact: true };
  if (/^(?:last|past|previous)\b|\bago$|^yesterday$/i.test(words)) {
    return { problem: `"${words.slice(0, 40)}" is in the past. Which date do you mean?` };
  }
  const local = DateTime.fromJSDate(now, { zone: today.zone });
  const [found, second] = chrono.parse(words, { instant: now, timezone: local.offset }, { forwardDate: true });
  if (found === undefined || second !== undefined || found.end) return unread;
  const around = `${words.slice(0, found.index)} ${words.slice(found.index + found.text.length)}`;
  if (/[\p{L}\p{N}]/u.test(around.replaceAll(/\b(?:the|on|at|by|in|around|about|of|from now)\b/gi, ""))) return unread;
  const [year, month, day] = [found.start.get("year"), found.start.get("month"), found.start.get("day")];
  if (year === null || month === null || day === null) return unread;
  const date = dayOf(year, month, day);
  if ("problem" in date) return date;
  const hour = found.start.isCertain("hour") ? found.start.get("hour") : null;
  if (hour !== null) return { ...date, exact: false, time: `${pad(hour)}:${pad(found.start.get("minute") ?? 0)}` };
  return { ...date, exact: /^(?:today|tomorrow)$/i.test(words) };
}

function iso(at: DateTime): string {
  return at.toISODate() ?? "";
}

import fc from "fast-check";
import { DateTime } from "luxon";
import { describe, expect, it } from "vitest";
import {
  daysUntil,
  eventInstant,
  parseEventDate,
  sayCountdown,
  sayDate,
  sayTime,
  sayWhen,
  typedMoment,
} from "../../conversations/dates.ts";
import { readZone } from "../../conversations/zones.ts";
import { expectGrowsGently } from "../growth.ts";

// A Monday.
const now = new Date("2026-11-23T10:00:00Z");
const read = (text: string, zone = "Europe/London", at = now) => parseEventDate(text, { now: at, zone });
const problemOf = (text: string, zone?: string, at?: Date) => {
  const parsed = read(text, zone, at);
  return "problem" in parsed ? parsed.problem : `no problem: ${JSON.stringify(parsed)}`;
};

describe("a date written beyond doubt", () => {
  it.each([
    ["2026-11-27", "2026-11-27"],
    ["2026/11/27", "2026-11-27"],
    ["27 Nov", "2026-11-27"],
    ["27th of November", "2026-11-27"],
    ["27 November 2026", "2026-11-27"],
    ["Friday, 27 Nov", "2026-11-27"],
    ["27-Nov-2026", "2026-11-27"],
    ["Nov 27", "2026-11-27"],
    ["November 27th, 2026", "2026-11-27"],
    ["27.11.2026", "2026-11-27"],
    ["27.11.", "2026-11-27"],
    ["27.11.26", "2026-11-27"],
    ["27/11/2026", "2026-11-27"],
    ["11/27/2026", "2026-11-27"],
    ["tomorrow", "2026-11-24"],
    ["day after tomorrow", "2026-11-25"],
    ["5 Jan", "2027-01-05"],
    ["29 Feb 2028", "2028-02-29"],
  ])("%s", (text, date) => {
    expect(read(text)).toMatchObject({ date, exact: true, zone: "Europe/London" });
    expect(read(text)).not.toHaveProperty("time");
  });
});

describe("a time", () => {
  it.each([
    ["2026-11-27 09:00", "09:00"],
    ["2026-11-27T09:00", "09:00"],
    ["2026-11-27, 9:05", "09:05"],
    ["27 Nov 18:00", "18:00"],
    ["27 Nov at 6pm", "18:00"],
    ["27 Nov 6.30 pm", "18:30"],
    ["27.11.2026 18.30", "18:30"],
    ["tomorrow 18:00", "18:00"],
    ["18:00 tomorrow", "18:00"],
    ["27 Nov 12am", "00:00"],
    ["27 Nov 12 pm", "12:00"],
    ["27 Nov 18h", "18:00"],
    ["27 Nov 18h30", "18:30"],
    ["27 Nov noon", "12:00"],
    ["27 Nov 2026 09:00:00", "09:00"],
  ])("%s", (text, time) => {
    expect(read(text)).toMatchObject({ time, exact: true });
  });
  it("is said back when it is a bare number or midnight", () => {
    expect(read("27 Nov at 9")).toMatchObject({ time: "09:00", exact: false });
    expect(read("27 Nov midnight")).toMatchObject({ time: "00:00", exact: false });
  });
});

describe("a zone", () => {
  it.each([
    ["2026-11-27 09:00 Europe/London", "Europe/London", true],
    ["2026-11-27 09:00 europe/berlin", "Europe/Berlin", true],
    ["2026-11-27 09:00 (America/New_York)", "America/New_York", true],
    ["27 Nov 09:00 New York", "America/New_York", true],
    ["27 Nov 09:00 in Kathmandu", "Asia/Kathmandu", true],
    ["27 Nov 09:00 UTC", "UTC", true],
    ["27 Nov 09:00 EST", "America/New_York", false],
    ["27 Nov 9am PT", "America/Los_Angeles", false],
  ])("%s", (text, zone, exact) => {
    expect(read(text, "Asia/Tokyo")).toMatchObject({ date: "2026-11-27", time: "09:00", zone, exact });
  });
  it("of an instant is the session's", () => {
    expect(read("2026-11-27T09:00Z", "Asia/Kathmandu")).toMatchObject({
      date: "2026-11-27",
      time: "14:45",
      zone: "Asia/Kathmandu",
    });
    expect(read("2026-11-27 23:00+05:45", "Europe/London")).toMatchObject({ date: "2026-11-27", time: "17:15" });
  });
  it("that is unknown gets the nearest", () => {
    expect(problemOf("2026-11-27 09:00 Europe/Londen")).toBe(
      'I know no time zone called "Europe/Londen". Did you mean Europe/London?',
    );
    expect(problemOf("2026-11-27 Asia/Kathmando")).toContain("Asia/Kathmandu");
  });
  it.each(["Mars/Base", "indiana jones", "middle earth", "x"])("%s is like none, and none is guessed", (said) => {
    const zone = readZone(said);
    expect("problem" in zone ? zone.problem : zone).toContain("Write it like Europe/London.");
  });
  it.each([
    ["Londn", "Europe/London"],
    ["New Yrok", "America/New_York"],
  ])("%s is a slip of %s", (said, meant) => {
    const zone = readZone(said);
    expect("problem" in zone ? zone.problem : zone).toContain(`Did you mean ${meant}?`);
  });
  it("may be a country that keeps one time, said back like an abbreviation", () => {
    expect(readZone("india")).toEqual({ zone: "Asia/Kolkata", exact: false });
    expect(read("27 Nov 09:00 India")).toMatchObject({ zone: "Asia/Kolkata", exact: false });
  });
});

describe("relative words", () => {
  it.each([
    ["next friday", "2026-12-04"],
    ["friday", "2026-11-27"],
    ["in 3 weeks", "2026-12-14"],
    ["two weeks from now", "2026-12-07"],
    ["in 2 months", "2027-01-23"],
    ["this weekend", "2026-11-28"],
  ])("%s is read and said back", (text, date) => {
    expect(read(text)).toMatchObject({ date, exact: false });
  });
  it("are reckoned on the local date of the zone", () => {
    const late = new Date("2026-11-23T23:30:00Z");
    expect(read("tomorrow", "UTC", late)).toMatchObject({ date: "2026-11-24" });
    expect(read("tomorrow", "Asia/Kathmandu", late)).toMatchObject({ date: "2026-11-25" });
    expect(read("tomorrow", "America/Los_Angeles", late)).toMatchObject({ date: "2026-11-24" });
  });
  it("with words that were not understood are not half understood", () => {
    expect(problemOf("black friday")).toContain("couldn't read");
    expect(problemOf("the friday after christmas")).toContain("couldn't read");
    expect(problemOf("friday to sunday")).toContain("couldn't read");
    expect(problemOf("whenever")).toContain("Write it like 2026-11-27");
  });
  it("a day and month just past is the coming one, and said back", () => {
    expect(read("20 Nov")).toMatchObject({ date: "2027-11-20", exact: false });
  });
});

describe("a date that can't be", () => {
  it.each([
    ["2026-11-20", "Fri 20 Nov 2026 is in the past (today is Mon 23 Nov 2026)"],
    ["yesterday", "in the past"],
    ["last friday", "in the past"],
    ["3 weeks ago", "in the past"],
    ["31 Feb 2027", "February 2027 has 28 days, so there is no 31 February"],
    ["31 Feb", "February 2027 has 28 days, so there is no 31 February"],
    ["31 Nov", "November 2026 has 30 days, so there is no 31 November"],
    ["2027-02-29", "February 2027 has 28 days"],
    ["2026-13-01", "There is no month 13"],
    ["2026-11-00", "no 0 November"],
    ["11/12/2026", "11 December or 12 November"],
    ["2062-11-27", "more than 3 years away"],
    ["18:00", "18:00 is a time, and I need a date too"],
    ["2026-11-27 25:00", "25:00 is no time of day"],
    ["2026-11-27 24:00", "00:00 of the next day"],
    ["27 Nov 13pm", "no time of day"],
    ["2026-11-23", "09:00, which is past"],
    ["today 09:30", "it is 10:00 there now"],
    ["", "I need a date"],
    ["💥", "couldn't read"],
  ])("%j gets a clear sentence", (text, part) => {
    expect(problemOf(text)).toContain(part);
  });
  it("29 Feb without a year is the next there is", () => {
    expect(read("29 Feb")).toMatchObject({ date: "2028-02-29", exact: false });
  });
  it("today is fine while its time is to come", () => {
    expect(read("today 18:00")).toMatchObject({ date: "2026-11-23", time: "18:00" });
  });
});

describe("changes of clocks", () => {
  const winter = new Date("2027-01-10T10:00:00Z");
  it("a time that doesn't exist is explained", () => {
    expect(problemOf("2027-03-28 01:30", "Europe/London", winter)).toBe(
      "01:30 doesn't exist on Sun 28 Mar 2027 in London: the clocks go forward then. 02:30 is the same moment; say that, or another time.",
    );
    expect(problemOf("2027-03-14 02:30 New York", "UTC", winter)).toContain("doesn't exist");
  });
  it("a time that happens twice is the first, which is said back", () => {
    const twice = read("2027-10-31 01:30", "Europe/London", winter);
    expect(twice).toMatchObject({ time: "01:30", exact: false, said: expect.stringContaining("first of the two") });
    expect(eventInstant({ date: "2027-10-31", time: "01:30", zone: "Europe/London" })).toBe("2027-10-31T00:30:00.000Z");
  });
  it("and beyond doubt with its offset, unless that is the second", () => {
    const twice = read("2027-10-31 01:30", "Europe/London", winter);
    if ("problem" in twice) throw new Error(twice.problem);
    expect(typedMoment(twice)).toBe("2027-10-31T01:30+01:00");
    expect(read(typedMoment(twice), "Europe/London", winter)).toMatchObject({ time: "01:30", exact: true });
    expect(read("2027-10-31T01:30Z", "Europe/London", winter)).toMatchObject({ time: "01:30", exact: false });
    expect(read("2027-10-31T02:30Z", "Europe/London", winter)).toMatchObject({ time: "02:30", exact: true });
  });
  it("an event keeps its local time across them", () => {
    expect(eventInstant({ date: "2026-10-24", zone: "Europe/London" })).toBe("2026-10-24T08:00:00.000Z");
    expect(eventInstant({ date: "2026-10-25", zone: "Europe/London" })).toBe("2026-10-25T09:00:00.000Z");
    expect(eventInstant({ date: "2026-11-27", time: "09:00", zone: "Asia/Kathmandu" })).toBe(
      "2026-11-27T03:15:00.000Z",
    );
  });
  it("days are calendar days, not times 24 hours", () => {
    expect(daysUntil(new Date("2026-10-24T22:30:00Z"), "2026-10-26T00:30:00Z", "Europe/London")).toBe(2);
    expect(daysUntil(now, "2026-11-27T09:00:00Z", "Europe/London")).toBe(4);
    expect(daysUntil(new Date("2026-11-27T20:00:00Z"), "2026-11-27T09:00:00Z", "Europe/London")).toBe(0);
    expect(daysUntil(new Date("2026-11-28T00:10:00Z"), "2026-11-27T09:00:00Z", "Europe/London")).toBe(-1);
  });
});

describe("how a date is said", () => {
  it("with the year only when it isn't this one", () => {
    expect(sayWhen({ date: "2026-11-27", zone: "Europe/London" }, now)).toBe("Fri 27 Nov, 09:00 London");
    expect(sayWhen({ date: "2027-01-05", time: "18:30", zone: "America/New_York" }, now)).toBe(
      "Tue 5 Jan 2027, 18:30 New York",
    );
    expect(sayDate("2026-11-27T23:30:00Z", "Asia/Kathmandu", now)).toBe("Sat 28 Nov");
    expect(sayDate("2026-09-04T12:00:00Z", "UTC", now)).toBe("Fri 4 Sep");
    expect(sayTime("2026-11-27T09:02:00Z", "Asia/Kathmandu")).toBe("14:47");
  });
  it("and its distance in days", () => {
    expect([30, 1, 0, -1, -2].map(sayCountdown)).toEqual(["T-30 days", "T-1 day", "today", "T+1 day", "T+2 days"]);
  });
});

describe("any text", () => {
  it("gives a date to come or a sentence, and never throws", () => {
    const word = fc.oneof(
      fc.constantFrom(
        "27",
        "Nov",
        "31",
        "2026",
        "-",
        "/",
        ".",
        ":",
        "next",
        "friday",
        "in",
        "3",
        "weeks",
        "9am",
        "Europe/London",
        "EST",
        "to",
      ),
      fc.string({ unit: "binary", maxLength: 8 }),
    );
    fc.assert(
      fc.property(fc.array(word, { maxLength: 7 }), fc.constantFrom(" ", "", "-"), (words, glue) => {
        const parsed = read(words.join(glue), "Asia/Kathmandu");
        if ("problem" in parsed) return parsed.problem.length > 10;
        return Date.parse(eventInstant(parsed)) > now.getTime() && DateTime.fromISO(parsed.date).isValid;
      }),
      { seed: 11, numRuns: 500 },
    );
  });
  it("any day of the coming two years is read back exactly as written", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 730 }), fc.integer({ min: 0, max: 1_439 }), (days, minute) => {
        const at = DateTime.fromJSDate(now, { zone: "UTC" }).plus({ days }).startOf("day").plus({ minutes: minute });
        for (const format of ["yyyy-MM-dd HH:mm", "d LLL yyyy HH:mm", "d.M.yyyy HH:mm", "LLLL d, yyyy HH:mm"]) {
          expect(read(at.toFormat(format), "UTC")).toMatchObject({
            date: at.toISODate(),
            time: at.toFormat("HH:mm"),
            exact: true,
          });
        }
      }),
      { seed: 11, numRuns: 100 },
    );
  });
  it.each(["1 ", "friday ", "27.", "a/", "9:00 ", "Europe/", " ", "next "])(
    "of 10,000 characters (%j) is refused without much ado",
    (piece) => {
      const refuse = (length: number) => problemOf(piece.repeat(Math.ceil(length / piece.length)));
      expect(refuse(10_000)).toMatch(/\./);
      expectGrowsGently(refuse, 10_000);
    },
  );
});

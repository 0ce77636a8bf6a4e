import fc from "fast-check";
import { DateTime } from "luxon";
import { describe, expect, it } from "vitest";
import {
  isWorkingInstant,
  localDate,
  nextWorkingInstant,
  parseAway,
  parseHours,
  writeHours,
} from "../../conversations/hours.ts";
import type { Hours } from "../../src/domain/person.ts";
import { said, startedRoom } from "./room.ts";

const london = { zone: "Europe/London" };
const next = (from: string, person: Parameters<typeof nextWorkingInstant>[1] = london) =>
  nextWorkingInstant(new Date(from), person).toISOString();

describe("the next working instant", () => {
  it("is now within hours", () => {
    expect(next("2026-11-23T10:00:00Z")).toBe("2026-11-23T10:00:00.000Z");
  });
  it("is this morning before hours, and tomorrow morning after them", () => {
    expect(next("2026-11-23T06:00:00Z")).toBe("2026-11-23T09:00:00.000Z");
    expect(next("2026-11-23T17:00:00Z")).toBe("2026-11-24T09:00:00.000Z");
  });
  it("skips the weekend", () => {
    expect(next("2026-11-27T17:30:00Z")).toBe("2026-11-30T09:00:00.000Z");
  });
  it("keeps the person's zone, hours and days", () => {
    expect(next("2026-11-27T12:00:00Z", { zone: "Asia/Kathmandu", hours: { from: 600, to: 960, days: [7] } })).toBe(
      "2026-11-29T04:15:00.000Z",
    );
  });
  it("waits for the end of an absence, however long", () => {
    expect(next("2026-11-23T10:00:00Z", { ...london, away: { from: "2026-11-20", to: "2026-11-27" } })).toBe(
      "2026-11-30T09:00:00.000Z",
    );
    expect(next("2026-11-23T10:00:00Z", { ...london, away: { from: "2026-11-20", to: "2029-11-22" } })).toBe(
      "2029-11-23T09:00:00.000Z",
    );
  });
  it("keeps local hours across both changes of clocks", () => {
    expect(next("2026-10-23T18:00:00Z")).toBe("2026-10-26T09:00:00.000Z");
    expect(next("2027-03-26T18:00:00Z")).toBe("2027-03-29T08:00:00.000Z");
  });
  it("takes UTC for a zone that no one knows", () => {
    expect(next("2026-11-23T06:00:00Z", { zone: "Mars/Olympus" })).toBe("2026-11-23T09:00:00.000Z");
  });

  const zones = fc.constantFrom(
    "UTC",
    "Europe/London",
    "America/New_York",
    "Asia/Kathmandu",
    "Australia/Lord_Howe",
    "Pacific/Auckland",
    "America/St_Johns",
    "Africa/Cairo",
    "Pacific/Apia",
  );
  const hours: fc.Arbitrary<Hours> = fc
    .tuple(
      fc.integer({ min: 0, max: 1_439 }),
      fc.integer({ min: 1, max: 1_440 }),
      fc.uniqueArray(fc.integer({ min: 1, max: 7 }), { minLength: 1 }),
    )
    .filter(([from, to]) => to - from >= 1)
    .map(([from, to, days]) => ({ from, to, days }));
  const away = fc.option(fc.tuple(fc.integer({ min: -20, max: 20 }), fc.integer({ min: 0, max: 60 })), {
    nil: undefined,
  });
  const at = fc.date({ min: new Date("2026-01-01"), max: new Date("2028-01-01"), noInvalidDate: true });

  it("is always within hours, never before, and stays where it is when asked again", () => {
    fc.assert(
      fc.property(at, zones, hours, away, (from, zone, working, absence) => {
        const day = DateTime.fromJSDate(from, { zone });
        const person = {
          zone,
          hours: working,
          ...(absence === undefined
            ? {}
            : {
                away: {
                  from: day.plus({ days: absence[0] }).toISODate() ?? "",
                  to: day.plus({ days: absence[0] + absence[1] }).toISODate() ?? "",
                },
              }),
        };
        const found = nextWorkingInstant(from, person);
        expect(isWorkingInstant(found, person)).toBe(true);
        expect(found.getTime()).toBeGreaterThanOrEqual(from.getTime());
        expect(nextWorkingInstant(found, person)).toEqual(found);
      }),
      { seed: 3, numRuns: 500 },
    );
  });
  it("is the first one: no quarter of an hour before it was working", () => {
    fc.assert(
      fc.property(at, zones, fc.integer({ min: 7, max: 11 }), (from, zone, hour) => {
        const person = { zone, hours: { from: hour * 60, to: 17 * 60, days: [1, 2, 3, 4, 5] } };
        const found = nextWorkingInstant(from, person).getTime();
        for (let between = from.getTime(); between < found; between += 900_000) {
          expect(isWorkingInstant(new Date(between), person)).toBe(false);
        }
      }),
      { seed: 3, numRuns: 100 },
    );
  });
});

describe("a local date", () => {
  it("is the zone's", () => {
    expect(localDate("2026-11-23T23:30:00Z", "Asia/Kathmandu")).toBe("2026-11-24");
    expect(localDate(new Date("2026-11-23T03:30:00Z"), "America/New_York")).toBe("2026-11-22");
  });
});

describe("hours as people write them", () => {
  const weekdays = [1, 2, 3, 4, 5];
  it.each([
    ["9-17 mon-fri", { from: 540, to: 1_020, days: weekdays }],
    ["9-17", { from: 540, to: 1_020, days: weekdays }],
    ["09:00–17:30 weekdays", { from: 540, to: 1_050, days: weekdays }],
    ["9am to 5pm Mon, Wed and Fri", { from: 540, to: 1_020, days: [1, 3, 5] }],
    ["9-5", { from: 540, to: 1_020, days: weekdays }],
    ["from 8.30 until 16 sun-thu", { from: 510, to: 960, days: [1, 2, 3, 4, 7] }],
    ["0-24 every day", { from: 0, to: 1_440, days: [1, 2, 3, 4, 5, 6, 7] }],
    ["sun-thu 8-16", { from: 480, to: 960, days: [1, 2, 3, 4, 7] }],
    ["Monday to Thursday, from 9am to 5pm", { from: 540, to: 1_020, days: [1, 2, 3, 4] }],
    ["10:00 - 16:00 tuesdays - thursdays", { from: 600, to: 960, days: [2, 3, 4] }],
  ])("%s", (text, expected) => {
    expect(parseHours(text)).toEqual(expected);
  });
  it.each([
    ["", "couldn't read"],
    ["mornings", "couldn't read"],
    ["9-25", "no such time"],
    ["9:70-17", "no such time"],
    ["22-6", "same day"],
    ["17-17", "same day"],
    ["9-17 someday", 'the day "someday"'],
    ["9-17 mon-fri-sun", "mon-fri-sun"],
  ])("%j gets a sentence with an example", (text, part) => {
    const parsed = parseHours(text);
    expect("problem" in parsed ? parsed.problem : "").toContain(part);
    expect("problem" in parsed ? parsed.problem : "").toContain("me hours 9-17 mon-fri");
  });
});

describe("how somebody is reached, in words", () => {
  it("is one line: days as a run, hours, zone", () => {
    const room = startedRoom();
    expect(said(room.command("oli", "me"))).toBe("I write to you Mon–Fri, 09:00–17:00 (Europe/London, assumed).");
    room.command("oli", "me zone Asia/Tokyo");
    expect(said(room.command("oli", "me hours 7:30-12 mon,wed,fri"))).toBe(
      "Noted. I write to you Mon, Wed, Fri, 07:30–12:00 (Asia/Tokyo).",
    );
  });
  it("names an absence by its days, until it is over", () => {
    const room = startedRoom();
    room.command("oli", "me away 2026-10-20 to 2026-10-23");
    expect(said(room.command("oli", "me"))).toContain("Away Tue 20 Oct to Fri 23 Oct.");
    room.advance("2026-10-23T12:00:00Z");
    expect(said(room.command("oli", "me"))).toContain("Away Tue 20 Oct to Fri 23 Oct.");
    room.advance("2026-11-20T12:00:00Z");
    expect(said(room.command("oli", "me"))).not.toContain("Away");
    const form = room.press("oli", "me", {});
    const values = form?.kind === "form" ? form.form.fields.map((field) => "value" in field && field.value) : [];
    expect(values).toEqual(["9-17 Mon-Fri", "Europe/London", undefined, undefined].map((one) => one ?? false));
    room.command("oli", "me away 2 Dec");
    expect(said(room.command("oli", "me"))).toContain("Away Wed 2 Dec.");
  });
  it("is written in the form as it is read back, whatever the hours", () => {
    const days = fc.subarray([1, 2, 3, 4, 5, 6, 7], { minLength: 1 });
    const minutes = fc.tuple(fc.integer({ min: 0, max: 1_439 }), fc.integer({ min: 1, max: 1_440 }));
    fc.assert(
      fc.property(minutes, days, ([one, other], some) => {
        const hours = { from: Math.min(one, other), to: Math.max(one, other, Math.min(one, other) + 1), days: some };
        expect(parseHours(writeHours(hours))).toEqual(hours);
      }),
      { seed: 5 },
    );
  });
});

describe("an absence as people write it", () => {
  const context = { now: new Date("2026-11-23T10:00:00Z"), zone: "Europe/London" };
  it.each([
    ["until 3 Dec", "2026-11-23", "2026-12-03"],
    ["2026-12-01 to 2026-12-05", "2026-12-01", "2026-12-05"],
    ["from 1 Dec until 5 Dec", "2026-12-01", "2026-12-05"],
    ["1 Dec - 5 Dec", "2026-12-01", "2026-12-05"],
    ["1-5 Dec", "2026-12-01", "2026-12-05"],
    ["tomorrow", "2026-11-24", "2026-11-24"],
    ["next week", "2026-11-30", "2026-12-06"],
    ["29 Dec to 4 Jan", "2026-12-29", "2027-01-04"],
    ["for 3 days", "2026-11-23", "2026-11-25"],
    ["2 weeks", "2026-11-23", "2026-12-06"],
    ["for a week", "2026-11-23", "2026-11-29"],
    ["for the next two days", "2026-11-23", "2026-11-24"],
    ["one day", "2026-11-23", "2026-11-23"],
  ])("%s", (text, from, to) => {
    expect(parseAway(text, context)).toEqual({ off: false, from, to });
  });
  it.each(["off", "back", "None"])("%s ends it", (text) => {
    expect(parseAway(text, context)).toEqual({ off: true });
  });
  it.each([
    ["5 Dec to 1 Dec 2026", "before"],
    ["2026-11-01 to 2026-11-05", "in the past"],
    ["a while", "couldn't read"],
    ["", "I need a date"],
    ["until 31 Nov", "November 2026 has 30 days"],
    ["for 0 days", "no time at all"],
  ])("%j gets a sentence", (text, part) => {
    const parsed = parseAway(text, context);
    expect("problem" in parsed ? parsed.problem : JSON.stringify(parsed)).toContain(part);
  });
  it("and hours never throw, whatever is written", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 60 }), (text) => {
        parseHours(`9-17 ${text}`);
        parseHours(text);
        parseAway(`${text} to ${text}`, context);
      }),
      { seed: 3, numRuns: 300 },
    );
  });
});

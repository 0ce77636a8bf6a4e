import fc from "fast-check";
import { DateTime } from "luxon";
import { describe, expect, it } from "vitest";
import { dueDates } from "../../conversations/schedule.ts";

const questions = [
  { id: "P1", dueDaysBefore: 35 },
  { id: "Q2", dueDaysBefore: 28 },
  { id: "R5", dueDaysBefore: 7 },
  { id: "AE1", dueDaysBefore: -5 },
];
const due = (start: string, event: string, zone = "Europe/London") =>
  dueDates(questions, new Date(start), new Date(event), zone);

describe("due dates", () => {
  it("are counted back from the event, at 17:00 of a working day", () => {
    // Friday 27 November; 35 days before is Friday 23 October, still summer time.
    expect(due("2026-10-01T09:00:00Z", "2026-11-27T09:00:00Z")).toEqual({
      P1: "2026-10-23T16:00:00.000Z",
      Q2: "2026-10-30T17:00:00.000Z",
      R5: "2026-11-20T17:00:00.000Z",
      AE1: "2026-12-02T17:00:00.000Z",
    });
  });
  it("go back to Friday when they would fall on a weekend", () => {
    // Sunday 29 November: 7 days before is a Sunday.
    expect(due("2026-10-01T09:00:00Z", "2026-11-29T09:00:00Z")).toMatchObject({
      R5: "2026-11-20T17:00:00.000Z",
      AE1: "2026-12-04T17:00:00.000Z",
    });
  });
  it("are squeezed in proportion when the event is near", () => {
    // 14 days for a plan of 42: 35 → 11.7, 28 → 9.3, 7 → 2.3. The start is a Friday, and nothing is due on its day.
    expect(due("2026-11-13T09:00:00Z", "2026-11-27T09:00:00Z")).toEqual({
      P1: "2026-11-16T17:00:00.000Z",
      Q2: "2026-11-18T17:00:00.000Z",
      R5: "2026-11-25T17:00:00.000Z",
      AE1: "2026-12-02T17:00:00.000Z",
    });
  });
  it("of a session that begins 25 days before leave the first week for the first questions", () => {
    // Monday 2 November; 35 of 42 days are 20.8 of 25: Friday 6 November, at the end of the day.
    expect(due("2026-11-02T09:00:00Z", "2026-11-27T09:00:00Z").P1).toBe("2026-11-06T17:00:00.000Z");
  });
  it("leave given days off out", () => {
    const holidays = ["2026-10-23", "2026-10-22"];
    const found = dueDates(
      questions,
      new Date("2026-10-01T09:00:00Z"),
      new Date("2026-11-27T09:00:00Z"),
      "UTC",
      holidays,
    );
    expect(found.P1).toBe("2026-10-21T17:00:00.000Z");
  });
  it("of an event tonight lie between now and then", () => {
    const found = due("2026-11-23T18:00:00Z", "2026-11-23T23:00:00Z");
    for (const id of ["P1", "Q2", "R5"]) {
      expect((found[id] ?? "") >= "2026-11-23T19:00:00.000Z").toBe(true);
      expect((found[id] ?? "") <= "2026-11-23T23:00:00.000Z").toBe(true);
    }
  });
  it("of an event in a minute are the event", () => {
    expect(due("2026-11-23T18:00:00Z", "2026-11-23T18:01:00Z").P1).toBe("2026-11-23T18:01:00.000Z");
  });

  const zones = fc.constantFrom("UTC", "Europe/London", "America/New_York", "Asia/Kathmandu", "Australia/Lord_Howe");
  const start = fc.date({ min: new Date("2026-01-01"), max: new Date("2028-01-01"), noInvalidDate: true });
  const offsets = fc.array(fc.integer({ min: -30, max: 60 }), { minLength: 1, maxLength: 12 });

  it("never lie before start + 1 h or after the event, are ends of working days where there is one, and keep their order", () => {
    fc.assert(
      fc.property(start, fc.integer({ min: 1, max: 90 * 24 * 60 }), offsets, zones, (from, minutes, days, zone) => {
        const event = new Date(from.getTime() + minutes * 60_000);
        const asked = days.map((dueDaysBefore, index) => ({ id: `X${index}`, dueDaysBefore }));
        const found = dueDates(asked, from, event, zone);
        for (const { id, dueDaysBefore } of asked) {
          const at = DateTime.fromISO(found[id] ?? "", { zone });
          const endOfDay = at.toFormat("HH:mm") === "17:00" && at.weekday <= 5;
          if (dueDaysBefore < 0) {
            expect(endOfDay).toBe(true);
            expect(at.startOf("day") > DateTime.fromJSDate(event, { zone }).startOf("day")).toBe(true);
            continue;
          }
          expect(at.toMillis()).toBeLessThanOrEqual(event.getTime());
          expect(at.toMillis()).toBeGreaterThanOrEqual(Math.min(from.getTime() + 3_600_000, event.getTime()));
          if (minutes > 5 * 24 * 60) expect(endOfDay).toBe(true);
        }
        const order = [...asked].sort((a, b) => b.dueDaysBefore - a.dueDaysBefore).map(({ id }) => found[id] ?? "");
        expect(order).toEqual([...order].sort());
      }),
      { seed: 5, numRuns: 400 },
    );
  });
});

import fc from "fast-check";
import { DateTime } from "luxon";
import { describe, expect, it } from "vitest";
import { standardCatalogue } from "../../conversations/catalogue/index.ts";
import { isWorkingInstant, localDate } from "../../conversations/hours.ts";
import { itemKey, NUDGES_PER_ITEM, planNudge, reachOf } from "../../conversations/nudging.ts";
import { evolvePerson, newPerson } from "../../conversations/person.ts";
import { nudgeCard } from "../../conversations/views/nudge.ts";
import type { Hours, Person } from "../../src/domain/person.ts";
import type { OpenItem } from "../../src/domain/session.ts";
import { said, startedRoom, wordsOf } from "./room.ts";

const item = (change: Partial<OpenItem> = {}): OpenItem => ({
  person: "web:local:oli",
  session: "s-1",
  sessionName: "Black Friday",
  eventAt: "2026-11-27T09:00:00.000Z",
  kind: "question",
  module: "resilience",
  question: "R1",
  dueAt: "2026-10-23T16:00:00.000Z",
  since: "2026-10-16T09:00:00.000Z",
  ...change,
});
const oli = (change: Partial<Person> = {}): Person => ({
  ...newPerson("web:local:oli"),
  zone: "Europe/London",
  ...change,
});
const at = (iso: string) => new Date(iso);
const plan = (person: Person, items: OpenItem[], now: string) => planNudge(person, items, at(now), "Europe/London");
const later = (person: Person, items: OpenItem[], now: string) => {
  const found = plan(person, items, now);
  return found.kind === "later" ? new Date(found.at).toISOString() : found.kind;
};
const nudged = (person: Person, items: OpenItem[], date: string): Person =>
  evolvePerson(person, {
    kind: "nudge_sent",
    date,
    items: items.map((one) => ({ session: one.session, key: itemKey(one) })),
    at: `${date}T09:00:00.000Z`,
  });

describe("the time of a reminder", () => {
  it("is two working days before the due day, the due day, and once it is late", () => {
    let person = oli();
    // Due Friday 23 October: Wednesday, Friday, then Monday.
    expect(later(person, [item()], "2026-10-16T10:00:00Z")).toBe("2026-10-21T08:00:00.000Z");
    person = nudged(person, [item()], "2026-10-21");
    expect(later(person, [item()], "2026-10-21T09:00:00Z")).toBe("2026-10-23T08:00:00.000Z");
    person = nudged(person, [item()], "2026-10-23");
    // The clocks go back on Sunday 25 October.
    expect(later(person, [item()], "2026-10-23T09:00:00Z")).toBe("2026-10-26T09:00:00.000Z");
    person = nudged(person, [item()], "2026-10-26");
    expect(plan(person, [item()], "2026-10-27T10:00:00Z").kind).toBe("nothing");
  });
  it("is never the day a question was put, or on which its person answered something", () => {
    const late = item({ since: "2026-10-23T10:00:00.000Z", dueAt: "2026-10-20T16:00:00.000Z" });
    expect(later(oli(), [late], "2026-10-23T11:00:00Z")).toBe("2026-10-26T09:00:00.000Z");
  });
  it("is the same day when the event is that near", () => {
    const tonight = item({ since: "2026-11-26T09:00:00.000Z", dueAt: "2026-11-26T15:00:00.000Z" });
    expect(later(oli(), [tonight], "2026-11-26T09:30:00Z")).toBe("2026-11-26T12:00:00.000Z");
  });
  it("follows hours, days, zone, absence and days off as they are now", () => {
    const early = oli({ hours: { from: 7 * 60 + 30, to: 12 * 60, days: [2, 4] } });
    // The two working days before Friday are Thursday and Tuesday.
    expect(later(early, [item()], "2026-10-16T10:00:00Z")).toBe("2026-10-20T06:30:00.000Z");
    expect(later(oli({ zone: "Asia/Kolkata" }), [item()], "2026-10-16T10:00:00Z")).toBe("2026-10-21T03:30:00.000Z");
    const away = oli({ away: { from: "2026-10-20", to: "2026-10-28" } });
    // Due while they are away: they hear of it before they go. Already gone, they hear of it when they are back.
    expect(later(away, [item()], "2026-10-16T10:00:00Z")).toBe("2026-10-19T08:00:00.000Z");
    expect(later(away, [item()], "2026-10-20T10:00:00Z")).toBe("2026-10-29T09:00:00.000Z");
    const off = oli({ holidays: { "s-1": ["2026-10-21", "2026-10-22"] } });
    expect(later(off, [item()], "2026-10-16T10:00:00Z")).toBe("2026-10-19T08:00:00.000Z");
  });
  it("leaves a snoozed item out of today's message", () => {
    const person = oli({ snoozed: { "s-1/R1": "2026-10-24T00:00:00.000Z" } });
    const other = item({ question: "R2" });
    const found = plan(person, [item(), other], "2026-10-23T10:00:00Z");
    expect(found).toMatchObject({ kind: "now", items: [other] });
    expect(later(person, [item()], "2026-10-23T10:00:00Z")).toBe("2026-10-26T09:00:00.000Z");
  });
  it("is one a day over all sessions, with everything that waits", () => {
    const other = item({
      session: "s-2",
      sessionName: "Spring launch",
      question: "Q3",
      dueAt: "2026-10-22T16:00:00.000Z",
    });
    const found = plan(oli(), [item(), other], "2026-10-21T10:00:00Z");
    expect(found).toMatchObject({ kind: "now", items: [other, item()] });
    const person = nudged(oli(), [other], "2026-10-21");
    expect(later(person, [item()], "2026-10-21T11:00:00Z")).toBe("2026-10-22T08:00:00.000Z");
  });
  it("takes what will be due for a reminder tomorrow along, so that tomorrow stays quiet", () => {
    const tomorrow = item({ question: "R4", dueAt: "2026-10-26T17:00:00.000Z" });
    expect(plan(oli(), [item(), tomorrow], "2026-10-21T10:00:00Z")).toMatchObject({ items: [item(), tomorrow] });
  });
  it("waits for a digest of the same morning, which takes it along", () => {
    const person = oli({ digest: { rhythm: "daily", hour: 9, lastRevision: {} } });
    expect(later(person, [item()], "2026-10-16T10:00:00Z")).toBe("2026-10-21T08:05:00.000Z");
  });
  it("ends with the event for what was due before it", () => {
    expect(plan(oli(), [item()], "2026-11-27T09:00:00Z").kind).toBe("nothing");
    expect(plan(oli(), [item({ dueAt: "2026-12-01T17:00:00.000Z" })], "2026-11-30T09:00:00Z").kind).toBe("now");
  });

  const zone = fc.constantFrom(
    "UTC",
    "Europe/London",
    "America/New_York",
    "America/St_Johns",
    "Asia/Kathmandu",
    "Australia/Lord_Howe",
    "Pacific/Auckland",
    "Pacific/Kiritimati",
  );
  const hours = fc
    .tuple(
      fc.integer({ min: 0, max: 20 }),
      fc.integer({ min: 1, max: 4 }),
      fc.subarray([1, 2, 3, 4, 5, 6, 7], { minLength: 1 }),
    )
    .map(([from, length, days]) => ({ from: from * 60, to: (from + length) * 60, days }));
  const start = fc.date({ min: new Date("2026-01-01"), max: new Date("2027-12-31"), noInvalidDate: true });

  it("is always inside their hours, before the due time when that is possible, and never more than the cap", () => {
    fc.assert(
      fc.property(zone, hours, start, fc.integer({ min: 0, max: 45 }), (where, when, from, days) => {
        const due = new Date(from.getTime() + days * 86_400_000 + 7_200_000);
        const asked = item({
          since: from.toISOString(),
          dueAt: due.toISOString(),
          eventAt: "2030-01-01T00:00:00.000Z",
        });
        let person = oli({ zone: where, hours: when });
        const sent: Date[] = [];
        let now = from;
        for (let looks = 0; looks < 40; looks++) {
          const found = planNudge(person, [asked], now, "UTC");
          if (found.kind === "nothing") break;
          if (found.kind === "later") {
            expect(found.at).toBeGreaterThan(now.getTime());
            now = new Date(found.at);
            continue;
          }
          const reach = reachOf(person, "UTC");
          expect(isWorkingInstant(now, reach)).toBe(true);
          expect(person.nudgedOn).not.toContain(found.date);
          expect(found.date).toBe(localDate(now, where));
          sent.push(now);
          person = nudged(person, [asked], found.date);
        }
        expect(sent).toHaveLength(NUDGES_PER_ITEM);
        // A week that holds two of their working days gives time before it is due.
        const theirDays = countDays(from, due, where, when.days);
        if (theirDays > 3) expect(sent[0]!.getTime()).toBeLessThanOrEqual(due.getTime());
      }),
      { seed: 7, numRuns: 250 },
    );
  });
  it("is one a day and five in any seven, by their clock, in their hours and never while they are away, whatever waits", () => {
    const waiting = fc.record({
      kind: fc.constantFrom<OpenItem["kind"]>(
        "question",
        "confirm",
        "decide",
        "claim",
        "late",
        "milestone",
        "condition",
      ),
      // Hours after the beginning; several begin to wait on the same day, and something does on most days.
      since: fc.integer({ min: 0, max: 30 * 24 }),
      due: fc.integer({ min: 0, max: 15 * 24 }),
    });
    const away = fc.option(fc.tuple(fc.integer({ min: 0, max: 25 }), fc.integer({ min: 0, max: 12 })), {
      nil: undefined,
    });
    const wide = fc.constant<Hours>({ from: 0, to: 24 * 60, days: [1, 2, 3, 4, 5, 6, 7] });
    const all = fc.array(waiting, { minLength: 1, maxLength: 40 });
    fc.assert(
      fc.property(zone, fc.oneof(hours, wide), away, start, all, (where, when, absence, begun, things) => {
        // On the hour, so that things also begin to wait at the very end of somebody's day.
        const from = new Date(Math.floor(begun.getTime() / 3_600_000) * 3_600_000);
        const at = (hour: number) => new Date(from.getTime() + hour * 3_600_000).toISOString();
        const items = things.map(({ kind, since, due }, index) =>
          item({
            kind,
            question: `X${index}`,
            module: `m${index}`,
            since: at(since),
            dueAt: at(since + due),
            eventAt: "2030-01-01T00:00:00.000Z",
          }),
        );
        const day = (days: number) => clockOf(new Date(from.getTime() + days * 86_400_000), where).date;
        const gone = absence === undefined ? undefined : { from: day(absence[0]), to: day(absence[0] + absence[1]) };
        let person = oli({ zone: where, hours: when, ...(gone === undefined ? {} : { away: gone }) });
        const dates: string[] = [];
        let now = from;
        for (let looks = 0; looks < 300; looks++) {
          const found = planNudge(person, items, now, "UTC");
          if (found.kind === "nothing" || now.getTime() > from.getTime() + 45 * 86_400_000) break;
          if (found.kind === "later") {
            now = new Date(found.at);
            continue;
          }
          // Reckoned by the runtime's own calendar, not by what is tested.
          const { date, weekday, minute } = clockOf(now, where);
          expect(when.days).toContain(weekday);
          expect(minute).toBeGreaterThanOrEqual(when.from);
          expect(minute).toBeLessThan(when.to);
          if (gone !== undefined) expect(date < gone.from || date > gone.to).toBe(true);
          dates.push(date);
          person = nudged(person, found.items, found.date);
        }
        expect(new Set(dates).size).toBe(dates.length);
        for (const date of dates) {
          const week = DateTime.fromISO(date).plus({ days: 6 }).toISODate()!;
          expect(dates.filter((one) => one >= date && one <= week).length).toBeLessThanOrEqual(5);
        }
      }),
      { seed: 11, numRuns: 120 },
    );
  });
});

/** The local calendar as the runtime's own formatter says it. */
function clockOf(at: Date, zone: string): { date: string; weekday: number; minute: number } {
  const parts = Object.fromEntries(
    new Intl.DateTimeFormat("en-GB", {
      timeZone: zone,
      weekday: "short",
      year: "numeric",
      month: "2-digit",
      day: "2-digit",
      hour: "2-digit",
      minute: "2-digit",
      hourCycle: "h23",
    })
      .formatToParts(at)
      .map(({ type, value }) => [type, value]),
  );
  return {
    date: `${parts.year}-${parts.month}-${parts.day}`,
    weekday: ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"].indexOf(parts.weekday ?? "") + 1,
    minute: Number(parts.hour) * 60 + Number(parts.minute),
  };
}

function countDays(from: Date, to: Date, zone: string, days: number[]): number {
  let count = 0;
  let day = DateTime.fromJSDate(from, { zone }).startOf("day").plus({ days: 1 });
  for (; day.endOf("day").toMillis() <= to.getTime(); day = day.plus({ days: 1 }))
    if (days.includes(day.weekday)) count++;
  return count;
}

describe("a session's reminders", () => {
  it("come to whoever doesn't answer three times, and then to the facilitator instead", () => {
    const room = startedRoom();
    for (const module of room.state.moduleOrder) room.press("oli", "claim", { module });
    room.advance("2026-10-29T12:00:00Z");
    const oli = room.directs.filter(({ person }) => person === room.id("oli"));
    const about = (id: string) => oli.filter(({ items }) => items.some((one) => one.question === id)).length;
    expect(["P1", "R1", "R4"].map(about)).toEqual([3, 3, 3]);
    const fay = room.directs.filter(({ person }) => person === room.id("fay"));
    expect(fay.map(({ at }) => at)).toEqual(["2026-10-28T09:00:00.000Z"]);
    expect(wordsOf(fay[0]!.message)).toBe(
      [
        "Seven things wait for you.",
        "Black Friday (T-30): seven things went unanswered after three reminders, so they are yours now:",
        "Oli: answer P1, P2, P4, R1, R2, R3 and R4",
        "[Change owners] [Where it stands] [Tomorrow]",
      ].join("\n"),
    );
    expect(fay[0]!.message.summary).toBe(
      "Seven things wait for you. Black Friday: seven things went unanswered after three reminders, so they are yours now: Oli: answer P1, P2, P4, R1, R2, R3 and R4.",
    );
    // What was handed to somebody else starts anew, and isn't the facilitator's any more.
    room.command("fay", "assign resilience @Kim", [{ label: "@Kim", user: "kim", name: "Kim" }]);
    expect(room.openItems(room.id("fay")).some((one) => one.kind === "late" && one.module === "resilience")).toBe(
      false,
    );
  });
  it("of what somebody else doesn't do are three, a week apart, and begin anew with its next owner", () => {
    const room = startedRoom();
    room.press("oli", "claim", { module: "monitoring" });
    room.run();
    room.say("oli", "monitoring", "Orders per minute and p99; alarms page the on-call; dashboard in the war room");
    room.run();
    if (room.open("oli") !== undefined) room.say("oli", "monitoring", "skip");
    room.advance("2026-11-24T18:00:00Z");
    const late = room.directs.filter(({ items }) => items.some(({ kind }) => kind === "late"));
    expect(late.map(({ person, at }) => [person, at.slice(0, 10)])).toEqual([
      [room.id("fay"), "2026-10-26"],
      [room.id("fay"), "2026-11-02"],
      [room.id("fay"), "2026-11-09"],
    ]);
    expect(wordsOf(late[0]!.message)).toContain(
      "Oli hasn't confirmed Monitoring after three reminders, so it is yours now.\n[Show the answers] [Tomorrow]",
    );
    const item = (since: string): OpenItem => ({ ...late[0]!.items.find(({ kind }) => kind === "late")!, since });
    const told = room.person(room.id("fay"));
    const again = { ...told, nudgedOn: [] };
    const still = item(late[0]!.items.find(({ kind }) => kind === "late")!.since);
    expect(planNudge(again, [still], at("2026-11-24T10:00:00Z"), "UTC").kind).toBe("nothing");
    expect(planNudge(again, [item("2026-11-23T09:00:00.000Z")], at("2026-11-24T10:00:00Z"), "UTC").kind).toBe("now");
  });
  it("name each person of what went unanswered, and offer other owners only for questions", () => {
    const room = startedRoom();
    room.command("fay", "assign manager @Mia", [{ label: "@Mia", user: "mia", name: "Mia" }]);
    const late = (module: string, key: string, user: string) => {
      const at = "2026-10-20T09:00:00.000Z";
      const ended = { person: room.id(user), at, kind: key === "decide" ? ("decide" as const) : ("confirm" as const) };
      return { key: `${room.state.id}/${key === "decide" ? "decide:" : `confirm:${module}`}`, ended, module };
    };
    const given = [
      late("performance", "confirm", "oli"),
      late("security", "confirm", "kim"),
      late("decide", "decide", "mia"),
    ];
    const session = {
      ...room.state,
      people: { ...room.state.people, [room.id("oli")]: { name: "Oli" }, [room.id("kim")]: { name: "Kim Ito" } },
      unheard: Object.fromEntries(given.map(({ key, ended }) => [key, ended])),
    };
    const items = given.map(({ module }) =>
      item({ kind: "late", person: room.id("fay"), session: session.id, module }),
    );
    for (const one of items) delete one.question;
    const message = nudgeCard(items, {
      now: at("2026-10-21T09:00:00Z"),
      catalogue: standardCatalogue,
      command: "/readiness",
      zone: "Europe/London",
      sessions: new Map([[session.id, session]]),
    });
    expect(wordsOf(message)).toBe(
      [
        "Three things wait for you.",
        "Black Friday (T-37): three things went unanswered after three reminders, so they are yours now:",
        "Oli: confirm Performance",
        "Kim Ito: confirm Security",
        "Mia: sign go / no-go",
        "[Where it stands] [Tomorrow]",
      ].join("\n"),
    );
  });
  it("stand in App Home with the names and verdicts of their sessions, and end with the event", () => {
    const room = startedRoom();
    room.command("fay", "assign manager @Mia", [{ label: "@Mia", user: "mia", name: "Mia" }]);
    for (const module of room.state.moduleOrder) room.press("oli", "claim", { module });
    room.run();
    room.command("fay", "decide");
    room.run();
    expect(wordsOf(room.homeOf("mia"))).toContain("your signature on go / no-go. Not ready.");
    room.advance("2026-10-29T12:00:00Z");
    expect(wordsOf(room.homeOf("fay"))).toContain("Oli: answer P1, P2, P4, R1, R2, R3 and R4");
    expect(wordsOf(room.homeOf("fay"))).not.toContain("its owner");
    room.advance("2026-11-28T12:00:00Z");
    expect(wordsOf(room.homeOf("oli"))).toContain("Nothing waits for you.");
  });
  it("stop with the answer: nothing was planned that could still ask", () => {
    const room = startedRoom();
    room.press("oli", "claim", { module: "monitoring" });
    room.run();
    room.advance("2026-10-28T08:59:00Z");
    room.say("oli", "monitoring", "n/a because nothing runs that could be watched");
    room.advance("2026-11-20T12:00:00Z");
    expect(room.directs.filter(({ person }) => person === room.id("oli"))).toEqual([]);
  });
  it("ask for a confirmation like for an answer, from the next day on", () => {
    const room = startedRoom();
    room.press("oli", "claim", { module: "monitoring" });
    room.run();
    room.say(
      "oli",
      "monitoring",
      "Orders per minute and p99 latency; alarms page the on-call; dashboard in the war room",
    );
    room.run();
    if (room.open("oli") !== undefined) room.say("oli", "monitoring", "skip");
    room.advance("2026-10-16T17:00:00Z");
    expect(room.directs).toEqual([]);
    room.advance("2026-10-19T12:00:00Z");
    const nudge = room.directs.find(({ person }) => person === room.id("oli"))!;
    expect(wordsOf(nudge.message)).toContain(
      "confirm how your answers in Monitoring were read.\n[Show my answers] [Tomorrow]",
    );
    room.press("oli", "confirm", { module: "monitoring" });
    room.advance("2026-10-30T12:00:00Z");
    expect(room.directs.filter(({ person }) => person === room.id("oli"))).toHaveLength(1);
  });
  it("come in the thread where somebody prefers that and only one thing waits, with a mention of them alone", () => {
    const room = startedRoom();
    room.press("oli", "claim", { module: "monitoring" });
    room.run();
    expect(said(room.command("oli", "me nudges thread"))).toContain("A single reminder comes in its thread.");
    expect(said(room.command("oli", "me nudges nowhere"))).toContain("`me nudges thread` or `me nudges direct`");
    room.advance("2026-11-12T12:00:00Z");
    const [first] = room.directs.filter(({ person }) => person === room.id("oli"));
    expect(first).toMatchObject({ kind: "nudge", thread: room.thread("monitoring") });
    expect(first!.message.summary).toMatch(/^Oli: M1 crucial metrics, due /);
    expect(JSON.stringify(first!.message).match(/"ping":true/g)).toHaveLength(1);
    // Several things come directly; and what somebody takes on behind a question they leave open is reminded of, too.
    room.press("oli", "claim", { module: "security" });
    room.run();
    const before = room.directs.length;
    room.advance("2026-11-18T12:00:00Z");
    const several = room.directs
      .slice(before)
      .filter(({ person, items }) => person === room.id("oli") && items.length > 1);
    expect(several.length).toBeGreaterThan(0);
    expect(several.every(({ thread }) => thread === undefined)).toBe(true);
    expect(said(room.command("oli", "me nudges direct"))).not.toContain("thread");
  });
  it("hand modules that nobody took within a day to the facilitator, in one line", () => {
    const room = startedRoom();
    room.press("oli", "claim", { module: "monitoring" });
    room.advance("2026-10-16T17:30:00Z");
    expect(room.directs).toEqual([]);
    room.advance("2026-10-19T12:00:00Z");
    expect(room.directs.map(({ person, at }) => [person, at])).toEqual([[room.id("fay"), "2026-10-19T08:00:00.000Z"]]);
    expect(wordsOf(room.directs[0]!.message)).toContain(
      "nobody owns Performance, Resilience, Security and Service Quotas yet.",
    );
  });
  it("are put off with a button, all of one line together", () => {
    const room = startedRoom();
    room.advance("2026-10-19T12:00:00Z");
    const snoozed = room.press("fay", "snooze", { module: "performance", arg: "1:claim" });
    expect(said(snoozed)).toBe("Put off until Tue 20 Oct.");
    expect(Object.keys(room.person(room.id("fay")).snoozed)).toHaveLength(5);
  });
  it("that were missed while nobody ran become one", () => {
    const room = startedRoom();
    for (const module of room.state.moduleOrder) room.press("oli", "claim", { module });
    room.run();
    room.advance("2026-10-20T12:00:00Z");
    // Down from Tuesday to Saturday night: two reminders were missed, and it isn't anybody's working time.
    room.sleepUntil("2026-10-24T23:00:00Z");
    expect(room.directs).toEqual([]);
    room.advance("2026-10-26T12:00:00Z");
    expect(room.directs.map(({ person, at }) => [person, at])).toEqual([[room.id("oli"), "2026-10-26T09:00:00.000Z"]]);
  });
  it("move with a person's zone, midway", () => {
    const room = startedRoom();
    room.press("oli", "claim", { module: "resilience" });
    room.run();
    room.command("oli", "me zone America/New_York");
    room.advance("2026-10-21T22:00:00Z");
    expect(room.directs.filter(({ person }) => person === room.id("oli")).map(({ at }) => at)).toEqual([
      "2026-10-21T13:00:00.000Z",
    ]);
    room.command("oli", "me zone Asia/Tokyo");
    room.advance("2026-10-23T22:00:00Z");
    // Due on Saturday 01:00 in Tokyo: its day there is no working day, so Monday, once.
    room.advance("2026-10-26T22:00:00Z");
    expect(room.directs.filter(({ person }) => person === room.id("oli")).map(({ at }) => at)).toEqual([
      "2026-10-21T13:00:00.000Z",
      "2026-10-26T00:00:00.000Z",
    ]);
  });
  it("keep off days that the Scope names, and absences", () => {
    const room = startedRoom();
    room.press("oli", "claim", { module: "resilience" });
    room.form("fay", "scope", undefined, { holidays: "21 Oct, 2026-10-22" });
    room.command("oli", "me away until 25 Oct");
    room.advance("2026-10-26T12:00:00Z");
    expect(room.state.scope.holidays).toEqual(["2026-10-21", "2026-10-22"]);
    expect(room.person(room.id("oli")).holidays).toEqual({ [room.state.id]: ["2026-10-21", "2026-10-22"] });
    expect(room.directs.filter(({ person }) => person === room.id("oli")).map(({ at }) => at)).toEqual([
      "2026-10-26T09:00:00.000Z",
    ]);
  });
  it("come at once in working time when somebody asks for them, still once a day", () => {
    const room = startedRoom();
    room.press("oli", "claim", { module: "resilience" });
    room.run();
    const mention = [{ label: "@Oli", user: "oli", name: "Oli" }];
    expect(said(room.command("fay", "remind @Oli", mention))).toBe(
      "I'll remind Oli in their working hours, if anything waits. At most once a day.",
    );
    expect(said(room.command("oli", "remind"))).toBe(
      "I'll remind you in your working hours, if anything waits. At most once a day.",
    );
    room.run();
    room.command("fay", "remind @Oli", mention);
    room.advance("2026-10-16T16:00:00Z");
    expect(room.directs.map(({ person }) => person)).toEqual([room.id("oli")]);
    expect(said(room.command("kim", "remind @Oli", mention))).toContain("Only Fay can remind somebody else");
  });
});

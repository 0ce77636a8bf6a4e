import { describe, expect, it } from "vitest";
import { REVIEW_ASKS } from "../../conversations/review-asks.ts";
import { Room, startedRoom, wordsOf } from "./room.ts";

/** Unprompted messages by person and ISO week; questions that pinged count too. */
function perPersonAndWeek(room: Room): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { person, at } of room.directs) {
    const key = `${person} ${weekOf(at)}`;
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return counts;
}
function weekOf(at: string): string {
  const day = new Date(at);
  day.setUTCDate(day.getUTCDate() - ((day.getUTCDay() + 6) % 7));
  return day.toISOString().slice(0, 10);
}
const lines = (room: Room) =>
  room.directs.map(({ person, kind, at, items }) => {
    const why = items.map(
      (one) =>
        `${one.kind}${one.question === undefined ? "" : ` ${one.question}`}${one.kind === "milestone" ? ` ${one.module}` : ""}`,
    );
    return `${at.slice(0, 16)} ${kind} ${person.replace("web:local:", "")}: ${[...new Set(why)].join(", ")}`;
  });

/** Answers everything that is put to this person now, in a sitting. */
function sitDown(room: Room, user: string, most = 30): void {
  for (let asked = room.open(user), rounds = 0; asked !== undefined && rounds < most; rounds++) {
    room.say(user, room.state.questions[asked]!.module, `Fine for ${asked}: two zones, owner ${user}, by 1 November`);
    room.run();
    asked = room.open(user);
  }
}

describe("six weeks", () => {
  it("with a team that works: every unprompted message has its reason, and nobody gets more than five a week", () => {
    const room = startedRoom();
    room.command("fay", "assign manager @Mia", [{ label: "@Mia", user: "mia", name: "Mia" }]);
    room.run();
    room.press("oli", "claim", { module: "resilience" });
    room.press("oli", "claim", { module: "performance" });
    room.press("pat", "claim", { module: "service-quotas" });
    room.advance("2026-10-20T10:00:00Z");
    // Fay hands out the rest after the first reminder.
    for (const module of ["security", "monitoring"]) {
      room.command("fay", `assign ${module} @Kim`, [{ label: "@Kim", user: "kim", name: "Kim" }]);
    }
    sitDown(room, "oli", 4);
    room.advance("2026-10-23T14:00:00Z");
    sitDown(room, "oli");
    room.advance("2026-10-28T14:00:00Z");
    sitDown(room, "pat");
    room.press("pat", "confirm", { module: "service-quotas" });
    room.advance("2026-10-30T10:00:00Z");
    for (const module of ["resilience", "performance"]) room.press("oli", "confirm", { module });
    room.advance("2026-11-13T15:00:00Z");
    sitDown(room, "kim");
    for (const module of ["security", "monitoring"]) room.press("kim", "confirm", { module });
    room.advance("2026-11-23T10:00:00Z");
    room.command("fay", "decide");
    room.advance("2026-11-23T15:00:00Z");
    for (const risk of room.openRisks()) room.command("mia", `accept ${risk} known, watched by Oli`);
    room.command("mia", "decide go");
    room.advance("2026-11-30T15:00:00Z");
    room.press("fay", "scaled_down", {});
    room.form("fay", "answer", "review", Object.fromEntries(REVIEW_ASKS.map(({ id }) => [id, "Fine"])));
    room.advance("2026-12-31T12:00:00Z");

    expect(lines(room)).toMatchInlineSnapshot(`
      [
        "2026-10-19T08:00 digest mia: ",
        "2026-10-19T08:00 nudge fay: claim",
        "2026-10-20T10:10 nudge kim: given",
        "2026-10-21T08:00 nudge oli: question P1, question P2, question P4, question R3, question R4",
        "2026-10-23T08:00 nudge oli: question P1, question P2, question P4, question R3, question R4",
        "2026-10-26T09:00 digest mia: ",
        "2026-10-26T09:00 nudge oli: confirm",
        "2026-10-28T09:00 nudge pat: question Q1, question Q2, question Q3, question Q4, question Q5, question Q6, question Q7",
        "2026-10-28T09:00 nudge kim: question M1",
        "2026-10-28T09:00 nudge oli: confirm",
        "2026-10-30T09:00 nudge kim: question M1",
        "2026-10-30T09:00 nudge oli: confirm",
        "2026-11-02T09:00 digest mia: ",
        "2026-11-02T09:00 nudge kim: question M1",
        "2026-11-04T09:00 nudge fay: late M1",
        "2026-11-11T09:00 nudge kim: question S1, question S2, question S3",
        "2026-11-11T09:00 nudge fay: late M1",
        "2026-11-13T09:00 nudge kim: question S1, question S2, question S3",
        "2026-11-16T09:00 digest mia: ",
        "2026-11-23T09:00 nudge fay: milestone go-no-go",
        "2026-11-23T10:00 nudge mia: decide",
        "2026-11-24T09:00 digest mia: ",
        "2026-11-30T09:00 nudge fay: milestone scale-down, milestone review",
        "2026-12-07T09:00 digest mia: ",
      ]
    `);
    expect(room.told().map((text) => text.split("\n")[0])).toMatchInlineSnapshot(`
      [
        "One day to go. Decision: go.",
        "One hour to go. Decision: go.",
        "Black Friday is over. Two things are left: scaling down and a short review.",
      ]
    `);
    expect(Math.max(...perPersonAndWeek(room).values())).toBeLessThanOrEqual(5);
    expect(room.state.status).toBe("closed");
    expect(room.refold()).toEqual(room.state);
  });

  it("with nobody who acts: still no more than five a week, three for a thing, then the facilitator", () => {
    const room = startedRoom();
    for (const [index, module] of room.state.moduleOrder.entries())
      room.press(`owner${index % 3}`, "claim", { module });
    room.command("fay", "assign manager @Mia", [{ label: "@Mia", user: "mia", name: "Mia" }]);
    room.advance("2026-12-31T12:00:00Z");
    expect(Math.max(...perPersonAndWeek(room).values())).toBeLessThanOrEqual(5);
    for (const user of ["owner0", "owner1", "owner2"]) {
      const times = new Map<string, number>();
      for (const { person, items } of room.directs) {
        if (person !== room.id(user)) continue;
        for (const one of items) times.set(one.question ?? one.kind, (times.get(one.question ?? one.kind) ?? 0) + 1);
      }
      expect(Math.max(...times.values())).toBeLessThanOrEqual(3);
    }
    const afterEvent = room.directs.filter(
      ({ at, items }) => at > room.state.eventAt && items.some(({ kind }) => kind === "question"),
    );
    expect(afterEvent).toEqual([]);
  });

  it("in three zones, over both changes of the clocks: always in working hours, at nine where there is no reason for later", () => {
    for (const [start, event] of [
      ["2026-10-16T09:00:00Z", "2026-11-27"],
      ["2027-03-01T09:00:00Z", "2027-04-12"],
    ] as const) {
      const room = new Room(start);
      const zones = { oli: "Europe/London", pat: "America/New_York", kim: "Australia/Sydney" };
      for (const [user, zone] of Object.entries(zones)) room.zones.set(user, zone);
      room.command("fay", `start "Launch" ${event} 09:00 --tz Europe/London`);
      room.run();
      room.press("oli", "claim", { module: "resilience" });
      room.press("pat", "claim", { module: "service-quotas" });
      room.press("kim", "claim", { module: "security" });
      room.press("kim", "claim", { module: "monitoring" });
      room.press("oli", "claim", { module: "performance" });
      room.advance(`${event}T09:00:00Z`);
      for (const [user, zone] of Object.entries(zones)) {
        const at = room.directs
          .filter(({ person }) => person === room.id(user))
          .map(({ at: sent }) =>
            new Date(sent).toLocaleString("en-GB", {
              timeZone: zone,
              weekday: "short",
              hour: "2-digit",
              minute: "2-digit",
            }),
          );
        expect(at.length).toBeGreaterThanOrEqual(3);
        for (const local of at) expect(local).toMatch(/^(Mon|Tue|Wed|Thu|Fri),? 09:00$/);
      }
    }
  });

  it("over a month's end with three days down: what was missed is one message, in working hours", () => {
    const room = startedRoom();
    for (const module of room.state.moduleOrder) room.press("oli", "claim", { module });
    room.advance("2026-10-29T12:00:00Z");
    const before = room.directs.length;
    room.sleepUntil("2026-11-01T20:00:00Z");
    expect(room.directs.length).toBe(before);
    room.advance("2026-11-02T17:00:00Z");
    const monday = room.directs.slice(before).filter(({ person }) => person === room.id("oli"));
    expect(monday.map(({ at }) => at)).toEqual(["2026-11-02T09:00:00.000Z"]);
    expect(wordsOf(monday[0]!.message)).toContain("was due Fri 30 Oct");
  });
});

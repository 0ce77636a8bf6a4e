import { describe, expect, it } from "vitest";
import { nextLook } from "../../conversations/calendar.ts";
import { standardCatalogue } from "../../conversations/catalogue/index.ts";
import { planOf } from "../../conversations/plan.ts";
import { Room, said, startedRoom, wordsOf } from "./room.ts";

const days = (room: Room) =>
  Object.fromEntries(
    planOf(room.state, standardCatalogue, new Date(room.now)).map(({ id, at }) => [id, at.slice(0, 10)]),
  );
const move = (room: Room, date: string) =>
  room.form("fay", "start", "edit", { name: "Black Friday", date, time: "09:00" });

describe("the plan", () => {
  it("is the six weeks counted back from the event", () => {
    expect(days(startedRoom())).toEqual({
      kickoff: "2026-10-19",
      questions: "2026-10-23",
      "quota-increases": "2026-10-30",
      "load-test": "2026-11-06",
      "game-day": "2026-11-13",
      alarms: "2026-11-13",
      "readiness-check": "2026-11-20",
      scorecard: "2026-11-23",
      "go-no-go": "2026-11-24",
      event: "2026-11-27",
      "scale-down": "2026-11-30",
      review: "2026-12-04",
    });
  });
  it("is squeezed when the event is nearer, in the same order", () => {
    const room = new Room("2026-11-13T09:00:00Z");
    room.command("fay", 'start "Black Friday" 2026-11-27 09:00 --tz Europe/London');
    const before = Object.entries(days(room)).filter(
      ([id]) => id !== "event" && id !== "scale-down" && id !== "review",
    );
    expect(before.map(([, day]) => day)).toEqual([...before.map(([, day]) => day)].sort());
    expect(days(room)).toMatchObject({ kickoff: "2026-11-16", "load-test": "2026-11-20", "go-no-go": "2026-11-26" });
  });
  it("ends its steps by what is recorded, and the header names the next", () => {
    const room = startedRoom();
    expect(wordsOf(room.card("header"))).toContain("Next: every module needs an owner by Mon 19 Oct.");
    for (const module of room.state.moduleOrder) room.press("oli", "claim", { module });
    room.run();
    expect(wordsOf(room.card("header"))).toContain(
      "Next: the questions about architecture and load must be answered by Fri 23 Oct.",
    );
    expect(wordsOf(room.card("scope"))).toContain("Mon 19 Oct · Kickoff: every module has an owner · done");
    room.advance("2026-10-26T12:00:00Z");
    expect(wordsOf(room.card("header"))).toContain(
      "Late since Fri 23 Oct: not every question about architecture and load is answered.",
    );
  });
  it("can be the team's own", () => {
    const room = startedRoom();
    room.form("fay", "scope", undefined, { plan: "load-test 10, game-day 8" });
    expect(days(room)).toMatchObject({ "load-test": "2026-11-17", "game-day": "2026-11-19" });
    expect(said(room.form("fay", "scope", undefined, { plan: "party 3" }))).toContain('like "load-test 10"');
  });
  it("is made anew when the date moves, with one message that says what moved", () => {
    const room = startedRoom();
    room.run();
    const posts = room.posts.length;
    move(room, "2026-12-04");
    room.run();
    expect(room.posts.slice(posts).map(({ key }) => key)).toEqual(["note:1"]);
    const note = room.told()[0]!;
    expect(note).toContain("The event moved from Fri 27 Nov, 09:00 to Fri 4 Dec, 09:00. Answers stay as they are.");
    expect(note).toContain("Quota increases filed: Fri 6 Nov, was Fri 30 Oct");
  });
  it("moved twice says each move, and what is due counts from the last", () => {
    const room = startedRoom();
    for (const module of room.state.moduleOrder) room.press("oli", "claim", { module });
    room.run();
    room.advance("2026-10-20T10:00:00Z");
    move(room, "2026-12-11");
    room.advance("2026-10-28T12:00:00Z");
    // The first questions are due on 6 November now: nothing was asked for in October.
    expect(room.directs.filter(({ person }) => person === room.id("oli"))).toEqual([]);
    move(room, "2026-11-20");
    room.run();
    expect(room.told()).toHaveLength(2);
    expect(room.told()[1]).toContain("from Fri 11 Dec, 09:00 to Fri 20 Nov, 09:00");
    room.advance("2026-11-02T12:00:00Z");
    const first = room.directs.find(({ person }) => person === room.id("oli"))!;
    expect(first.at).toBe("2026-10-28T13:00:00.000Z");
    expect(first.items.map(({ dueAt }) => dueAt >= "2026-10-28T12:00:00Z")).not.toContain(false);
  });
  it("says nothing when only the name is edited", () => {
    const room = startedRoom();
    room.run();
    room.form("fay", "start", "edit", { name: "Black Week", date: "2026-11-27", time: "09:00" });
    room.run();
    expect(room.told()).toEqual([]);
  });
  it("says which acceptances end before the new date", () => {
    const room = startedRoom();
    room.command("fay", "assign manager @Mia", [{ label: "@Mia", user: "mia", name: "Mia" }]);
    room.press("oli", "claim", { module: "monitoring" });
    room.run();
    room.press("oli", "answer", { question: "M1" }, { answer: "we look by hand" });
    room.run();
    if (room.open("oli") !== undefined) room.say("oli", "monitoring", "skip");
    room.run();
    room.press("oli", "confirm", { module: "monitoring" }, { M1: ["m1_no"] });
    expect(said(room.command("mia", "accept risk-m1 somebody looks, until 30 Nov"))).toContain("Accepted: risk-m1");
    expect(room.state.accepted[0]!.until).toBe("2026-11-30");
    move(room, "2026-12-04");
    room.run();
    expect(room.told()[0]).toContain("so open again: risk-m1.");
  });
});

describe("the header's countdown", () => {
  it("moves on at midnight of the session's zone", () => {
    const room = new Room("2026-10-16T09:00:00Z");
    room.command("fay", 'start "Black Friday" 2026-11-27 09:00 --tz Asia/Kathmandu');
    room.run();
    room.outbox = room.outbox.filter(({ effect }) => effect.do === "timer");
    const redrawn = (to: string) => {
      const before = room.redrawn.length;
      room.advance(to);
      return room.redrawn
        .slice(before)
        .filter(({ post }) => post === "header")
        .map(({ at }) => at);
    };
    expect(redrawn("2026-10-16T19:00:00Z")).toEqual(["2026-10-16T18:15:00.000Z"]);
    expect(wordsOf(room.card("header"))).toContain("T-41 days");
    expect(redrawn("2026-10-17T19:00:00Z")).toContain("2026-10-17T18:15:00.000Z");
    room.command("fay", "close");
    room.run();
    expect(redrawn("2026-10-20T19:00:00Z")).toEqual([]);
  });
});

describe("the look at AWS", () => {
  const session = { event: { date: "2026-11-27", zone: "Europe/London" }, eventAt: "2026-11-27T09:00:00.000Z" };
  const next = (now: string, hourly = true) => new Date(nextLook(session, new Date(now), hourly)).toISOString();
  it("is each morning, and hourly from a day before the event", () => {
    expect(next("2026-10-24T12:00:00Z")).toBe("2026-10-25T07:00:00.000Z");
    expect(next("2026-10-23T12:00:00Z")).toBe("2026-10-24T06:00:00.000Z");
    expect(next("2026-11-26T07:00:00Z")).toBe("2026-11-26T09:00:00.000Z");
    expect(next("2026-11-26T09:00:00Z")).toBe("2026-11-26T10:00:00.000Z");
    expect(next("2026-11-27T14:00:00Z")).toBe("2026-11-28T07:00:00.000Z");
    expect(next("2026-11-26T09:00:00Z", false)).toBe("2026-11-27T07:00:00.000Z");
  });
});

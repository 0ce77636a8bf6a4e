import { describe, expect, it } from "vitest";
import { type Room, said, startedRoom, wordsOf } from "./room.ts";

const mia = [{ label: "@Mia", user: "mia", name: "Mia" }];

function withManager(): Room {
  const room = startedRoom();
  room.command("fay", "assign manager @Mia", mia);
  room.run();
  return room;
}
const digests = (room: Room) =>
  room.directs
    .filter(({ kind }) => kind === "digest")
    .map(({ person, at, message }) => ({ person, at, text: wordsOf(message) }));
/** Answers Monitoring's question and has it confirmed with these choices. */
function answer(room: Room, choices: string[]): void {
  room.press("oli", "claim", { module: "monitoring" });
  room.run();
  room.say("oli", "monitoring", "Orders per minute, p99 latency; alarms page the on-call; dashboard in the war room");
  room.run();
  if (room.open("oli") !== undefined) room.say("oli", "monitoring", "skip");
  room.run();
  room.press("oli", "confirm", { module: "monitoring" }, { M1: choices });
}

describe("a manager's digest", () => {
  it("comes each Monday at nine in their zone, without anybody asking for it", () => {
    const room = withManager();
    room.zones.set("mia", "America/New_York");
    room.command("mia", "status");
    room.advance("2026-10-20T12:00:00Z");
    expect(digests(room)).toMatchObject([{ person: room.id("mia"), at: "2026-10-19T13:00:00.000Z" }]);
    expect(digests(room)[0]!.text).toContain("The session began. The event is Fri 27 Nov, 09:00 London.");
    expect(digests(room)[0]!.text).toContain(
      "You get this on Mondays, and daily in the last week, when something changed. digest off ends it.",
    );
  });
  it("isn't written when nothing changed, unless they wish that too", () => {
    const room = withManager();
    room.advance("2026-10-20T12:00:00Z");
    room.command("fay", "edit");
    for (const module of room.state.moduleOrder) room.press("oli", "claim", { module });
    room.advance("2026-10-23T16:00:00Z");
    const before = digests(room).length;
    expect(said(room.command("mia", "digest daily always"))).toContain("also when nothing moved");
    room.advance("2026-10-29T12:00:00Z");
    const since = digests(room).slice(before);
    // Friday's deadline passed: that is told once, and then nothing moves.
    expect(since.map(({ at }) => at.slice(0, 10))).toEqual(["2026-10-26", "2026-10-27", "2026-10-28", "2026-10-29"]);
    expect(since[0]!.text).toContain("something became late");
    expect(since[1]!.text).toContain("Nothing moved.");
    room.command("mia", "digest daily");
    room.advance("2026-10-30T12:00:00Z");
    expect(digests(room).slice(before)).toHaveLength(4);
  });
  it("says what is better, what is worse, who is late by name and without a ping, and what to decide", () => {
    const room = withManager();
    room.command("mia", "digest daily");
    room.advance("2026-10-19T12:00:00Z");
    answer(room, ["m1_no"]);
    room.advance("2026-10-20T12:00:00Z");
    const worse = digests(room).at(-1)!;
    expect(worse.text).toMatch(/Worse: M1 .*\(high risk\)/);
    expect(worse.text).toMatch(/You decide: accept M1 .* with a reason, or ask for more\./);
    expect(worse.text).toContain("[Accept with a reason]");
    room.command("mia", "accept risk-m1 we watch by hand, until 30 Nov");
    room.advance("2026-10-21T12:00:00Z");
    expect(digests(room).at(-1)!.text).toContain("Better: M1 crucial metrics (accepted by Mia).");
    room.advance("2026-10-26T12:00:00Z");
    expect(digests(room).at(-1)!.text).toContain("Late: Performance, nobody owns it; Resilience, nobody owns it.");
    const pings = room.directs.flatMap(({ message }) => JSON.stringify(message).match(/"ping":true/g) ?? []);
    expect(pings).toEqual([]);
  });
  it("tells of answers, and not of the beginning where there is something to tell", () => {
    const room = withManager();
    room.press("oli", "claim", { module: "monitoring" });
    room.run();
    room.say("oli", "monitoring", "Orders per minute, p99; alarms page the on-call; dashboard in the war room");
    room.run();
    if (room.open("oli") !== undefined) room.say("oli", "monitoring", "skip");
    room.advance("2026-10-19T12:00:00Z");
    const [first] = digests(room);
    expect(first!.text).toContain("Answered: 1 question.");
    expect(first!.text).not.toContain("The session began");
    expect(first!.text).not.toContain("Better:");
  });
  it("says of what was known and isn't any more why, and never that this is better", () => {
    const room = withManager();
    room.command("mia", "digest daily");
    answer(room, ["m1_no"]);
    room.advance("2026-10-19T12:00:00Z");
    room.command("oli", "answer M1 Orders per minute and p99 latency, on the dashboard in the war room");
    room.run();
    expect(room.state.questions.M1).toMatchObject({ status: "answered" });
    expect(room.state.questions.M1!.confirmed).toBeUndefined();
    room.advance("2026-10-20T12:00:00Z");
    expect(digests(room).at(-1)!.text).toContain("Not known now: M1 crucial metrics (not confirmed yet).");
    expect(digests(room).at(-1)!.text).not.toMatch(/Better|open again/);
  });
  it("names what must be accepted before a signature", () => {
    const room = withManager();
    room.command("mia", "digest daily");
    answer(room, ["m1_no"]);
    room.command("fay", "decide");
    room.advance("2026-10-19T12:00:00Z");
    expect(digests(room).at(-1)!.text).toContain(
      "You decide: go or no-go is open; somebody must first accept M1 crucial metrics.",
    );
  });
  it("has two charts at most, with their words, of how far it is and where it is tight", () => {
    const room = withManager();
    room.command("mia", "digest daily");
    room.advance("2026-10-19T12:00:00Z");
    const charts = () => room.directs.at(-1)!.message.blocks.filter((block) => block.kind === "chart");
    // Nothing is answered: nothing to draw.
    expect(charts()).toEqual([]);
    answer(room, ["m1_no"]);
    room.advance("2026-10-20T12:00:00Z");
    expect(charts().map(({ title, alt }) => `${title} · ${alt}`)).toEqual([
      "Answered by module · Answered by module: Performance 0 of 6, not answered; Resilience 0 of 6, not answered; Security 0 of 3, not answered; Service Quotas 0 of 7, not answered; Monitoring 1 of 1, high risk.",
      "Questions by risk · Questions by risk, of 23: high risk 1, at risk 0, not answered 22, ready 0.",
    ]);
    room.advance("2026-10-26T12:00:00Z");
    expect(digests(room).at(-1)!.text).toMatch(/1 of 23 answered, \d+ were due by now/);
  });
  it("carries the day's reminder, so that nobody gets two messages", () => {
    const room = withManager();
    room.press("mia", "claim", { module: "resilience" });
    room.command("mia", "digest daily");
    room.run();
    room.advance("2026-10-24T12:00:00Z");
    const days = room.directs.filter(({ person }) => person === room.id("mia")).map(({ at }) => at.slice(0, 10));
    expect(new Set(days).size).toBe(days.length);
    const monday = room.directs.find(({ person, kind }) => person === room.id("mia") && kind === "digest")!;
    expect(monday.at).toBe("2026-10-19T08:00:00.000Z");
    // On Wednesday nothing moved: the reminder goes alone, five minutes after the digest's time.
    const wednesday = room.directs.find(({ person, kind }) => person === room.id("mia") && kind === "nudge")!;
    expect(wednesday.at).toBe("2026-10-21T08:05:00.000Z");
  });
  it("is daily in the last week, where nobody chose a rhythm", () => {
    const room = withManager();
    room.advance("2026-11-23T12:00:00Z");
    const before = digests(room).length;
    answer(room, ["m1_no"]);
    room.advance("2026-11-24T12:00:00Z");
    expect(
      digests(room)
        .slice(before)
        .map(({ at }) => at),
    ).toEqual(["2026-11-24T09:00:00.000Z"]);
  });
  it("ends with `digest off`, and being named again doesn't bring it back", () => {
    const room = withManager();
    expect(said(room.command("mia", "digest off"))).toContain("No more digests");
    room.form("fay", "scope", undefined, { managers: [room.id("mia"), room.id("max")] });
    room.advance("2026-10-20T12:00:00Z");
    expect(digests(room).map(({ person }) => person)).toEqual([room.id("max")]);
  });
  it("that fell due while nobody ran waits for working time, and is one", () => {
    const room = withManager();
    room.sleepUntil("2026-10-31T22:00:00Z");
    expect(room.directs).toEqual([]);
    room.advance("2026-11-02T17:00:00Z");
    expect(digests(room).map(({ at }) => at)).toEqual(["2026-11-02T09:00:00.000Z"]);
  });
});

describe("a digest that somebody else sets", () => {
  const mia = [{ label: "@Mia", user: "mia", name: "Mia" }];
  function managed(): Room {
    const room = startedRoom();
    room.command("fay", "assign manager @Mia", mia);
    room.run();
    return room;
  }
  const toldTo = (room: Room, user: string) => room.tells.filter(({ person }) => person === room.id(user));

  it("is theirs from then on, and they hear of it once", () => {
    const room = managed();
    expect(said(room.command("fay", "digest daily @Mia", mia))).toContain("Mia gets a digest each working day");
    room.run();
    expect(room.person(room.id("mia")).digest).toMatchObject({ rhythm: "daily" });
    expect(room.person(room.id("mia")).digest).not.toHaveProperty("byDefault");
    expect(toldTo(room, "mia").map(({ text }) => text)).toEqual([
      'Fay has set that you get a digest of "Black Friday" each working day, when something has changed. `digest off` ends it.',
    ]);
    room.command("fay", "digest daily @Mia", mia);
    room.run();
    expect(toldTo(room, "mia")).toHaveLength(1);
  });

  it("is told in their hours", () => {
    const room = managed();
    room.now = Date.parse("2026-10-16T20:00:00Z");
    room.command("fay", "digest daily @Mia", mia);
    room.advance("2026-10-19T12:00:00Z");
    expect(toldTo(room, "mia").map(({ at }) => at)).toEqual(["2026-10-19T08:00:00.000Z"]);
  });

  it("is ended by them alone, and not begun again over their heads", () => {
    const room = managed();
    room.command("mia", "digest off");
    expect(said(room.command("fay", "digest off @Mia", mia))).toContain("ask them to type `digest off`");
    room.command("fay", "digest weekly @Mia", mia);
    room.run();
    expect(room.person(room.id("mia")).digest).toBeUndefined();
    expect(toldTo(room, "mia")).toEqual([]);
    expect(toldTo(room, "fay")[0]?.text).toContain("Mia has ended their digest, so it stays off.");
  });

  it("may be set by the facilitator and managers, for managers and owners", () => {
    const room = managed();
    room.press("oli", "claim", { module: "security" });
    expect(said(room.command("oli", "digest daily @Mia", mia))).toContain("Only the facilitator and the managers");
    const oli = [{ label: "@Oli", user: "oli", name: "Oli" }];
    expect(said(room.command("mia", "digest weekly @Oli", oli))).toContain("Oli gets a digest each Monday");
    const pat = [{ label: "@Pat", user: "pat", name: "Pat" }];
    expect(said(room.command("fay", "digest weekly @Pat", pat))).toContain("neither a manager nor an owner");
    expect(said(room.command("fay", "digest weekly @Fay", [{ label: "@Fay", user: "fay", name: "Fay" }]))).toContain(
      "You get a digest each Monday",
    );
  });
});

import { describe, expect, it } from "vitest";
import type { Button } from "../../src/domain/message.ts";
import { Room, said, startedRoom, wordsOf } from "./room.ts";

/** Work that somebody else gives to somebody: they hear of it once, in their hours, in the day's one message. */

const mention = (name: string) => [{ label: `@${name}`, user: name.toLowerCase(), name }];
const assign = (room: Room, what: string, name: string, by = "fay") => {
  const reply = said(room.command(by, `assign ${what} @${name}`, mention(name)));
  room.run();
  return reply;
};
const toldTo = (room: Room, user: string) => room.directs.filter(({ person }) => person === room.id(user));
const buttonsOf = (message: Parameters<typeof wordsOf>[0]): Button[] =>
  message.blocks.flatMap((block) => (block.kind === "buttons" ? block.buttons : []));

describe("a module that somebody else gave them", () => {
  it("is told once, at once, with a way to answer and one to hand it over", () => {
    const room = startedRoom();
    assign(room, "security", "Sven");
    room.advance("2026-10-16T16:00:00Z");
    const [told, ...more] = toldTo(room, "sven");
    expect(more).toEqual([]);
    expect(told?.at).toBe("2026-10-16T09:10:00.000Z");
    expect(wordsOf(told!.message)).toContain(
      "Black Friday (T-42): Fay gave you Security (3 questions). S1 stands in its thread.",
    );
    expect(buttonsOf(told!.message).map(({ label }) => label)).toEqual(["Answer", "Delegate"]);
    room.advance("2026-11-10T12:00:00Z");
    expect(toldTo(room, "sven").filter(({ items }) => items.some(({ kind }) => kind === "given"))).toHaveLength(1);
    expect(room.refold()).toEqual(room.state);
  });

  it("isn't told when they took it themselves, or spoke to it before it could be told", () => {
    const room = startedRoom();
    room.press("oli", "claim", { module: "security" });
    room.command("oli", "assign monitoring me");
    room.run();
    assign(room, "resilience", "Kim");
    room.say("kim", "resilience", "the payment provider is single");
    room.run();
    room.advance("2026-10-16T17:00:00Z");
    expect(toldTo(room, "oli")).toEqual([]);
    expect(toldTo(room, "kim")).toEqual([]);
  });

  it("is one message for all that is given in the same breath", () => {
    const room = startedRoom();
    for (const module of ["security", "monitoring", "service-quotas"]) assign(room, module, "Sven");
    room.advance("2026-10-16T17:00:00Z");
    expect(toldTo(room, "sven")).toHaveLength(1);
    const words = wordsOf(toldTo(room, "sven")[0]!.message);
    expect(words).toContain("Three things wait for you.");
    expect(words).toContain("Fay gave you Monitoring (1 question).");
  });

  it("is one message also where their platform tells their zone in between", () => {
    const room = startedRoom();
    assign(room, "security", "Sven");
    room.zones.set("sven", "Europe/Berlin");
    room.deliver({ kind: "met", receipts: ["met"], actor: room.actor("sven"), address: room.home });
    room.run();
    assign(room, "monitoring", "Sven");
    room.advance("2026-10-16T15:00:00Z");
    expect(toldTo(room, "sven").map(({ items }) => items.map(({ module }) => module))).toEqual([
      ["monitoring", "security"],
    ]);
  });

  it("is told before their day ends where that is the last one before the event", () => {
    const room = new Room("2026-10-23T15:55:00Z");
    room.command("fay", 'start "Relaunch" 2026-10-26 09:00 --tz Europe/London');
    room.run();
    assign(room, "security", "Sven");
    room.advance("2026-10-26T09:00:00Z");
    expect(toldTo(room, "sven").map(({ at }) => at)).toEqual(["2026-10-23T15:55:00.000Z"]);
  });

  it("waits for their hours, and for tomorrow where today's message is out", () => {
    const room = startedRoom();
    room.zones.set("kim", "Australia/Sydney");
    room.command("kim", "status");
    assign(room, "security", "Sven");
    room.advance("2026-10-16T12:00:00Z");
    assign(room, "monitoring", "Sven");
    assign(room, "resilience", "Kim");
    room.advance("2026-10-20T12:00:00Z");
    expect(toldTo(room, "sven").map(({ at }) => at)).toEqual(["2026-10-16T09:10:00.000Z", "2026-10-19T08:00:00.000Z"]);
    // Friday night in Sydney: Monday at nine there.
    expect(toldTo(room, "kim")[0]?.at).toBe("2026-10-18T22:00:00.000Z");
  });

  it("is told again when it comes back to them", () => {
    const room = startedRoom();
    assign(room, "security", "Sven");
    room.advance("2026-10-19T12:00:00Z");
    assign(room, "security", "Kim", "sven");
    room.advance("2026-10-20T12:00:00Z");
    expect(wordsOf(toldTo(room, "kim")[0]!.message)).toContain("Sven gave you Security");
    assign(room, "security", "Sven");
    room.advance("2026-10-21T12:00:00Z");
    expect(toldTo(room, "sven")).toHaveLength(2);
  });

  it("goes on to somebody else from the message", () => {
    const room = startedRoom();
    assign(room, "security", "Sven");
    room.advance("2026-10-16T12:00:00Z");
    const handOver = buttonsOf(toldTo(room, "sven")[0]!.message).find(({ action }) => action === "delegate");
    const form = room.press("sven", "delegate", handOver!.value);
    expect(said(form)).toBe("form:delegate");
    expect(said(room.press("pat", "delegate", handOver!.value))).toContain(
      "Only Sven and the facilitator, Fay, can assign Security",
    );
    if (form?.kind !== "form") throw new Error("No form");
    room.deliver({
      kind: "form",
      receipts: ["form:over"],
      actor: room.actor("sven"),
      address: room.home,
      form: "delegate",
      context: form.form.context,
      values: { person: room.id("kim") },
      names: { [room.id("kim")]: "Kim" },
    });
    room.run();
    expect(room.state.modules.security).toMatchObject({ owner: room.id("kim"), givenBy: room.id("sven") });
  });

  it("doesn't stand twice on their page", () => {
    const room = startedRoom();
    assign(room, "security", "Sven");
    const home = room.deliver({ kind: "home", receipts: ["h"], actor: room.actor("sven"), address: room.home });
    expect(home?.kind === "message" ? wordsOf(home.message) : "").not.toContain("gave you");
  });
});

describe("a question that somebody handed to them", () => {
  it("is told like a module", () => {
    const room = startedRoom();
    room.press("oli", "claim", { module: "resilience" });
    room.run();
    assign(room, "R2", "Kim", "oli");
    room.advance("2026-10-16T12:00:00Z");
    const [told] = toldTo(room, "kim");
    expect(wordsOf(told!.message)).toMatch(
      /Oli gave you R2 .*, due .*\. It stands in the thread of Resilience\.\n\[Answer\] \[Delegate\]/,
    );
  });
});

describe("an event so near that no later moment is left", () => {
  function overTheWeekend(): Room {
    const room = new Room("2026-10-23T08:00:00Z");
    room.command("fay", 'start "Relaunch" 2026-10-26 09:00 --tz Europe/London');
    room.run();
    return room;
  }

  it("has everybody told and reminded before it, once", () => {
    const room = overTheWeekend();
    const owners = ["Oli", "Kim", "Pat", "Sven", "Lena"];
    for (const [index, module] of room.state.moduleOrder.entries()) assign(room, module, owners[index]!);
    room.advance("2026-10-26T09:00:00Z");
    for (const owner of owners) {
      const told = toldTo(room, owner.toLowerCase());
      expect(told.map(({ at }) => at.slice(0, 10))).toEqual(["2026-10-23"]);
    }
  });

  it("still leaves whoever took a module themselves half a day before it reminds them", () => {
    const room = overTheWeekend();
    room.press("oli", "claim", { module: "resilience" });
    room.advance("2026-10-26T09:00:00Z");
    expect(toldTo(room, "oli").map(({ at }) => at)).toEqual(["2026-10-23T12:00:00.000Z"]);
    expect(toldTo(room, "oli")[0]!.items.map(({ kind }) => kind)).toContain("question");
  });

  it("has a card to confirm reminded of in time", () => {
    const room = overTheWeekend();
    room.press("oli", "claim", { module: "monitoring" });
    room.run();
    room.say("oli", "monitoring", "Orders per minute, p99 latency; alarms page the on-call; dashboard in the war room");
    room.run();
    if (room.open("oli") !== undefined) room.say("oli", "monitoring", "skip");
    room.run();
    room.advance("2026-10-26T09:00:00Z");
    const told = toldTo(room, "oli");
    expect(told.map(({ items }) => items.map(({ kind }) => kind))).toEqual([["confirm"]]);
  });
});

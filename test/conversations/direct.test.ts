import { describe, expect, it } from "vitest";
import { type Room, said, startedRoom, wordsOf } from "./room.ts";

describe("a direct message", () => {
  it("that is no command is answered: with the nearest, or with what waits", () => {
    const room = startedRoom();
    room.press("oli", "claim", { module: "security" });
    room.run();
    expect(said(room.direct("oli", "hello"))).toContain('I don\'t know "hello"');
    expect(said(room.direct("oli", "stauts"))).toContain("/readiness status");
    const waits = room.direct("oli", "sorry, what was it you wanted from me again");
    expect(waits?.kind === "message" && wordsOf(waits.message)).toContain("S1");
    expect(room.answer("S1")).toBe("");
    expect(room.open("oli")).toBe("S1");
    expect(said(room.direct("oli", "status"))).toContain("Black Friday");
  });

  it("of a guest gets the sentence that guests get", () => {
    const room = startedRoom();
    const reply = room.deliver({
      kind: "message",
      receipts: ["m1"],
      actor: { ...room.actor("gus"), outsider: true },
      address: { ...room.home, channel: "@gus" },
      direct: true,
      messageId: "m1",
      sentAt: 1,
      text: "status",
      mentions: [],
    });
    expect(said(reply)).toContain("Guests");
  });
});

describe("somebody's home view", () => {
  const shown = (room: Room, user: string) => {
    const reply = room.deliver({ kind: "home_due", person: room.id(user), receipts: [] });
    return reply?.kind === "message" ? wordsOf(reply.message) : "";
  };

  it("is drawn when it is sent, in the zone that their platform told with the very first opening", () => {
    const room = startedRoom();
    room.zones.set("oli", "America/New_York");
    room.deliver({
      kind: "home",
      receipts: ["home:1"],
      actor: room.actor("oli"),
      address: { ...room.home, channel: "@oli" },
      direct: true,
    });
    expect(room.outbox.filter(({ effect }) => effect.do === "home")).toMatchObject([
      { class: "idempotent", key: `home:${room.id("oli")}`, effect: { person: room.id("oli") } },
    ]);
    expect(shown(room, "oli")).toContain("America/New_York");
    room.press("oli", "claim", { module: "security" });
    room.run();
    expect(shown(room, "oli")).toContain("S1");
  });

  it("and the answer to the first `me` speak of one zone", () => {
    const room = startedRoom();
    room.zones.set("oli", "America/New_York");
    expect(said(room.command("oli", "me"))).toContain("America/New_York");
  });
});

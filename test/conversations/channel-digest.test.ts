import { describe, expect, it } from "vitest";
import { type Room, said, startedRoom, wordsOf } from "./room.ts";

const leads = { platform: "web", workspace: "local", channel: "leads" } as const;
const mia = [{ label: "@Mia", user: "mia", name: "Mia" }];

/** The platform found the channel that was asked for. */
function found(room: Room): void {
  const wanted = room.outbox.find(({ effect }) => effect.do === "find_channel")?.effect;
  if (wanted?.do !== "find_channel") throw new Error("Nobody looks for a channel");
  const { person, rhythm, always, name } = wanted;
  const wished = { person, rhythm, ...(always === undefined ? {} : { always }) };
  room.deliver({ kind: "channel_found", session: room.state.id, channel: leads, name, ...wished, receipts: [] });
  room.run();
}
/** Fay asks for a digest in #leads. */
function withDigest(line = "digest weekly #leads"): Room {
  const room = startedRoom();
  expect(said(room.command("fay", line))).toBe("Looking for #leads. When the digest is set, I say so there.");
  found(room);
  return room;
}
const told = (room: Room) =>
  room.elsewhere.map(({ channel, at, message }) => `${channel} ${at.slice(0, 16)} ${message.summary}`);

describe("a session's digest in a channel", () => {
  it("begins with a line that says who wished it, what comes and how it ends", () => {
    const room = withDigest();
    expect(told(room)).toEqual([
      'leads 2026-10-16T09:00 "Black Friday" is told here each Monday at 09:00, when something changed. Fay asked for it.',
    ]);
    expect(wordsOf(room.elsewhere[0]!.message)).toContain("/readiness digest off #leads ends it.");
    // Asked for again as it is: nothing is said twice.
    room.command("fay", "digest weekly #leads");
    found(room);
    expect(told(room)).toHaveLength(1);
  });

  it("comes at nine in the session's zone, over the change of clocks, and only when something changed", () => {
    const room = withDigest();
    room.press("oli", "claim", { module: "monitoring" });
    room.run();
    room.say("oli", "monitoring", "n/a because nothing runs that could be watched");
    room.advance("2026-10-20T12:00:00Z");
    expect(told(room).slice(1)).toEqual([
      "leads 2026-10-19T08:00 Black Friday: Better: M1 crucial metrics (not applicable).",
    ]);
    room.advance("2026-10-26T12:00:00Z");
    expect(told(room).slice(2)).toEqual([
      "leads 2026-10-26T09:00 Black Friday: Nothing was answered, and something became late.",
    ]);
    room.advance("2026-10-30T12:00:00Z");
    expect(told(room)).toHaveLength(3);
  });

  it("asks nobody to decide and pings nobody; whom go / no-go waits for stands there by name", () => {
    const room = withDigest("digest daily #leads");
    room.command("fay", "assign manager @Mia", mia);
    room.run();
    room.command("fay", "decide");
    room.advance("2026-10-19T12:00:00Z");
    const { message } = room.elsewhere.at(-1)!;
    expect(wordsOf(message)).toContain("To decide: go or no-go, waiting for Mia.");
    expect(message.summary).not.toContain("yours to decide");
    expect(JSON.stringify(message)).not.toMatch(/"ping":true|"action":"(?:go|no_go|accept)"/);
  });

  it("that fell due while nobody ran, or on a day off, waits for a working morning", () => {
    const room = withDigest("digest daily #leads always");
    room.form("fay", "scope", undefined, { holidays: "19 Oct" });
    room.advance("2026-10-20T12:00:00Z");
    expect(told(room).slice(1)).toEqual(["leads 2026-10-20T08:00 Black Friday: nothing moved."]);
    room.sleepUntil("2026-10-24T20:00:00Z");
    room.advance("2026-10-26T12:00:00Z");
    expect(
      told(room)
        .slice(2)
        .map((line) => line.slice(0, 22)),
    ).toEqual(["leads 2026-10-26T09:00"]);
  });

  it("ends with `digest off`, with a channel that is lost, and with the session", () => {
    const off = withDigest("digest daily #leads always");
    expect(said(off.command("fay", "digest off #elsewhere"))).toContain("No digest of");
    expect(said(off.command("fay", "digest off #Leads"))).toBe("No more digests in #leads.");
    off.advance("2026-10-30T12:00:00Z");
    expect(told(off)).toHaveLength(1);

    const lost = withDigest("digest daily #leads always");
    const channel = "web:local:leads";
    lost.deliver({ kind: "channel_digest_sent", session: lost.state.id, channel, told: null, receipts: [] });
    lost.advance("2026-10-30T12:00:00Z");
    expect(told(lost)).toHaveLength(1);

    const closed = withDigest("digest daily #leads");
    closed.command("fay", "close");
    closed.advance("2026-11-10T12:00:00Z");
    expect(told(closed).slice(1)).toEqual(["leads 2026-10-19T08:00 Black Friday: The session is closed."]);
    expect(closed.refold()).toEqual(closed.state);
  });

  it("is for the facilitator and the managers to ask for", () => {
    const room = startedRoom();
    expect(said(room.command("kim", "digest daily #leads"))).toContain(
      "Only the facilitator, Fay, and the managers can",
    );
    expect(room.outbox.filter(({ effect }) => effect.do === "find_channel")).toEqual([]);
  });
});

import { describe, expect, it } from "vitest";
import { standardCatalogue } from "../../conversations/catalogue/index.ts";
import { isExactlyCommand } from "../../conversations/command.ts";
import { decide } from "../../conversations/engine.ts";
import { evolvePerson, newPerson } from "../../conversations/person.ts";
import { project } from "../../conversations/project.ts";
import { type Address, conversationKey } from "../../src/domain/address.ts";
import type { Inbound } from "../../src/domain/inbound.ts";
import type { Person } from "../../src/domain/person.ts";
import { type Room, said, startedRoom, wordsOf } from "./room.ts";

const THERE: Address = { platform: "teams", workspace: "tenant", channel: "19:board@thread.tacv2" };
const KIM = "teams:tenant:kim";

function followedRoom(): Room {
  const room = startedRoom();
  room.form("fay", "scope", undefined, { managers: [KIM] }, { [KIM]: "Kim Kay" });
  room.deliver({ kind: "followed", session: room.state.id, address: THERE, person: KIM, receipts: ["follow:1"] });
  room.run();
  return room;
}
const copies = (room: Room, kind: string) =>
  Object.values(room.state.posts).filter((post) => post.at !== undefined && post.kind === kind);

describe("a channel elsewhere that follows a session", () => {
  it("gets its code from the facilitator or a manager, in the words to write there", () => {
    const room = startedRoom();
    expect(said(room.command("oli", "follow"))).toContain("Only");
    const offered = room.command("fay", "follow");
    expect(offered?.kind === "message" && wordsOf(offered.message)).toMatch(/@T-Minus follow [0-9A-F]{5}-[0-9A-F]{5}/);
    expect(room.outbox.filter(({ effect }) => effect.do === "follow")).toHaveLength(1);
  });

  it.each([
    ["follow", true],
    ["follow off", true],
    ["follow 3F2A1-9B0CC", true],
    ["follow the runbook in the wiki", false],
    ["follow-up call is at nine", false],
  ])("%j said in a module's thread is a command: %s", (text, isCommand) => {
    expect(isExactlyCommand(text)).toBe(isCommand);
  });

  it("is told so, and so is the session's own channel; once, however often the code's work is repeated", () => {
    const room = followedRoom();
    room.deliver({ kind: "followed", session: room.state.id, address: THERE, person: KIM, receipts: ["follow:2"] });
    room.run();
    expect(copies(room, "note")).toHaveLength(1);
    const words = room.told().filter((text) => text.includes("follow"));
    expect(words.some((text) => text.includes("Kim Kay brought the code"))).toBe(true);
    const [copy] = copies(room, "note");
    expect(wordsOf(room.card(copy!.key))).toContain("held in the web channel");
  });

  it("has the summary and the decision as they are, each redrawn with the one at home", () => {
    const room = followedRoom();
    room.command("fay", "summary");
    room.run();
    room.command("fay", "decide");
    room.run();
    expect(copies(room, "summary")).toHaveLength(1);
    const [decision] = copies(room, "decision");
    expect(decision).toMatchObject({ conversation: conversationKey(THERE), copyOf: "decision:1", state: "posted" });
    const action: Inbound = {
      kind: "action",
      receipts: ["go:1"],
      actor: { platform: "teams", workspace: "tenant", user: "kim", name: "Kim Kay" },
      address: THERE,
      action: "no_go",
      value: { session: room.state.id, version: 1 },
      inputs: {},
    };
    room.deliver({ ...action, action: "go" });
    const redrawn = room.outbox.flatMap(({ effect }) => (effect.do === "update" ? [effect.post] : []));
    expect(redrawn).toContain("decision:1");
    expect(redrawn).toContain(decision?.key);
    expect(wordsOf(room.card(decision!.key))).toContain("Kim Kay");
  });

  it("can ask for the session there, and still have one of its own", () => {
    const room = followedRoom();
    expect(project(room.state, standardCatalogue).conversations).toContain(conversationKey(THERE));
    const loaded = { session: room.state, candidates: [], person: newPerson(KIM), openItems: [] };
    const command = (text: string): Inbound => ({
      kind: "command",
      receipts: [text],
      actor: { platform: "teams", workspace: "tenant", user: "kim", name: "Kim Kay" },
      address: THERE,
      text,
      mentions: [],
    });
    const status = decide(loaded, command("status"), room.context());
    expect(status.sessionId).toBe(room.state.id);
    const start = decide(loaded, command('start "Own launch" 2026-12-01'), room.context());
    expect(start.sessionId).not.toBe(room.state.id);
    expect(start.sessionEvents[0]).toMatchObject({ kind: "session_started", name: "Own launch", home: THERE });
    const off = decide(loaded, command("follow off"), room.context());
    expect(off.sessionEvents).toMatchObject([{ kind: "channel_unfollowed", address: THERE }]);
  });
});

describe("one person under two ids", () => {
  const there: Person = {
    ...newPerson("slack:T1:U6"),
    zone: "Africa/Cairo",
    zoneIsOwn: true,
    hours: { from: 420, to: 900, days: [1, 2, 3, 4, 5] },
    away: { from: "2026-10-20", to: "2026-10-25" },
    nudgedOn: ["2026-10-15", "2026-10-16"],
    nudges: { "s-1/R1": 2 },
    snoozed: { "s-1/R2": "2026-10-19T09:00:00Z" },
    digestOff: true,
  };
  const merged = (here: Person) => evolvePerson(here, { kind: "merged", of: there, at: "2026-10-16T09:00:00Z" });

  it("keeps what was set under either, and counts what was sent under both", () => {
    const { revision, ...person } = merged({ ...newPerson(KIM), zone: "Europe/London", nudgedOn: ["2026-10-14"] });
    expect(person).toMatchObject({
      id: KIM,
      zone: "Africa/Cairo",
      zoneIsOwn: true,
      hours: there.hours,
      away: there.away,
      nudgedOn: ["2026-10-14", "2026-10-15", "2026-10-16"],
      nudges: there.nudges,
      digestOff: true,
    });
    expect(revision).toBe(1);
  });

  it("what was set under the first wins, but for an absence: the longer one holds", () => {
    const person = merged({
      ...newPerson(KIM),
      zone: "Europe/London",
      zoneIsOwn: true,
      hours: { from: 540, to: 1_020, days: [1, 2] },
      away: { from: "2026-10-19", to: "2026-10-21" },
      digest: { rhythm: "daily", hour: 9, lastRevision: {} },
    });
    expect(person).toMatchObject({ zone: "Europe/London", hours: { days: [1, 2] }, away: { to: "2026-10-25" } });
    expect(person.digest?.rhythm).toBe("daily");
    expect(person.digestOff).toBeUndefined();
  });
});

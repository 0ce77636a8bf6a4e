import { describe, expect, it } from "vitest";
import { riskOfQuestion } from "../../conversations/verdict.ts";
import { Room, said, startedRoom } from "./room.ts";

const UNKNOWN = "I don't know this button; it may be from another version. Type `/readiness` to see what you can do.";

function owned(): Room {
  const room = startedRoom();
  room.press("oli", "claim", { module: "resilience" });
  room.run();
  return room;
}

describe("a button", () => {
  it("to skip what is settled meanwhile is answered, and changes nothing", () => {
    const room = owned();
    const value = { question: "R1", version: 1 };
    room.press("oli", "skip", value);
    const events = room.events.length;
    expect(said(room.press("oli", "skip", value))).toContain("R1 isn't open any more: Oli skipped it.");
    expect(room.events).toHaveLength(events);
  });

  it("that nobody knows says so: on a question, on the session, and without a session", () => {
    const room = owned();
    expect(said(room.press("oli", "teleport", { question: "R1", version: 1 }))).toBe(UNKNOWN);
    expect(said(room.press("oli", "teleport", {}))).toBe(UNKNOWN);
    const empty = new Room();
    const where = { receipts: ["a"], actor: empty.actor("oli"), address: empty.home };
    const reply = empty.deliver({ kind: "action", ...where, action: "teleport", value: {}, inputs: {} });
    expect(said(reply)).toBe(UNKNOWN);
  });

  it.each(["claim", "take"])("%s without a module it could mean is stale, and gives nobody anything", (action) => {
    const room = owned();
    for (const value of [{}, { module: "" }, { module: "gone", arg: "m1" }]) {
      expect(said(room.press("pat", action, value))).toContain("replaced by a newer one");
    }
    expect(room.events.filter(({ kind }) => kind === "owner_assigned")).toHaveLength(1);
  });
});

describe("a risk nobody has heard of", () => {
  it("is told apart from one without a reason, with those that are open", () => {
    const room = owned();
    room.command("fay", "assign manager @mia", [{ label: "@mia", user: "mia", name: "Mia" }]);
    for (const text of ["accept risk-zz foo", "accept risk-zz", "accept risk-r77 foo"]) {
      expect(said(room.command("mia", text))).toMatch(/^There is no open risk called risk-\w+\. Open: none\.$/);
    }
  });
});

describe("an unknown command", () => {
  it("is answered with the nearest one, and names the help once", () => {
    const room = owned();
    expect(said(room.command("oli", "sumary"))).toBe(
      'I don\'t know "sumary". Did you mean `/readiness summary`? `/readiness help` lists everything.',
    );
    expect(said(room.command("oli", "xylophone"))).toBe(
      'I don\'t know "xylophone". `/readiness help` lists everything.',
    );
  });
});

describe("a question whose answer was taken back", () => {
  it("was asked, whatever else its owner is asked now", () => {
    const room = owned();
    const because = (id: string) => riskOfQuestion(room.state, room.context().catalogue.question(id)!).because;
    const answer = room.say("oli", "resilience", "no open cases, no advisories, owner Sam, checked on Tuesday");
    room.run();
    if (room.open("oli") === "R1") room.say("oli", "resilience", "that's all");
    room.run();
    expect(room.open("oli")).toBe("R2");
    for (const part of room.state.questions.R1!.parts) room.remove("oli", "resilience", part.messageId);
    expect(room.state.questions.R1).toMatchObject({ status: "waiting", parts: [{ messageId: answer }, {}] });
    expect(because("R1")).toBe("Asked, not answered yet.");
    expect(because("R3")).toBe("Nobody has been asked yet.");
  });
});

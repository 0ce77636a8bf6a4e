import { describe, expect, it } from "vitest";
import type { Mention, Unfit } from "../../src/domain/inbound.ts";
import { type Room, said, startedRoom, wordsOf } from "./room.ts";

const GUEST: Mention = { label: "@gus", user: "gus", name: "Gus", unfit: "outsider" };

/** What the platform tells of somebody after they were named. */
function turnsOut(room: Room, user: string, unfit: Unfit, namedBy = "fay"): void {
  room.deliver({
    kind: "met",
    receipts: [],
    actor: room.actor(user),
    address: room.home,
    session: room.state.id,
    namedBy: room.id(namedBy),
    unfit,
  });
  room.run();
}

const told = (room: Room) =>
  room.outbox.flatMap(({ effect }) => (effect.do === "tell" ? [[effect.person, effect.text]] : []));

describe("somebody who can take no part", () => {
  it.each([
    ["a guest", { label: "@gus", user: "gus", name: "Gus", unfit: "outsider" }, "Gus is a guest or belongs to another"],
    ["an app", { label: "@ci", user: "ci", name: "CI", unfit: "bot" }, "CI is an app, not a person"],
    ["nobody", { label: "@UNOPE", user: "UNOPE", unfit: "gone" }, "UNOPE has no account here"],
  ] as const)("%s is given no module, question or role", (_who, mention, sentence) => {
    const room = startedRoom();
    const before = room.state;
    for (const what of ["security", "S2", "manager", "facilitator"]) {
      expect(said(room.command("fay", `assign ${what} ${mention.label}`, [mention]))).toContain(sentence);
    }
    const { scope, facilitator, modules, questions } = room.state;
    expect({ scope, facilitator, modules, questions }).toEqual({
      scope: before.scope,
      facilitator: before.facilitator,
      modules: before.modules,
      questions: before.questions,
    });
  });

  it("is refused at the fields of a form, and the rest of it waits", () => {
    const room = startedRoom();
    const gus = room.id("gus");
    const picked = (form: "scope" | "delegate", arg: string | undefined, values: Record<string, string | string[]>) =>
      room.deliver({
        kind: "form",
        receipts: [`form:${form}:${Object.keys(values).join()}`],
        actor: room.actor("fay"),
        address: room.home,
        form,
        context: { session: room.state.id, question: "S1", ...(arg === undefined ? {} : { arg }) },
        values,
        names: { [gus]: "Gus" },
        unfit: { [gus]: "outsider" },
      });
    const refusal = expect.stringContaining("Gus is a guest");
    expect(picked("delegate", undefined, { person: gus })).toEqual({ kind: "errors", errors: { person: refusal } });
    expect(picked("scope", "owners", { owner_security: gus })).toEqual({
      kind: "errors",
      errors: { owner_security: refusal },
    });
    expect(picked("scope", undefined, { managers: [room.id("pat"), gus], peak: "3x" })).toEqual({
      kind: "errors",
      errors: { managers: refusal },
    });
    expect(room.state.scope).toMatchObject({ managers: [] });
    expect(room.state.scope.peak).toBeUndefined();
    expect(room.state.modules.security?.owner).toBeUndefined();
  });

  it("gets no question by a mention alone, and its owner hears why", () => {
    const room = startedRoom();
    room.press("oli", "claim", { module: "security" });
    room.run();
    room.say("oli", "security", "@gus", [GUEST]);
    room.run();
    expect(room.open("oli")).toBe("S1");
    expect(room.whispers.at(-1)?.to).toBe(room.id("oli"));
    expect(wordsOf(room.whispers.at(-1)!.message)).toContain("Gus is a guest");
  });

  it("is relieved of what they were given once the platform tells, and whoever gave it hears", () => {
    const room = startedRoom();
    room.command("fay", "assign security @gus", [{ label: "@gus", user: "gus" }]);
    room.run();
    expect(room.open("gus")).toBe("S1");
    room.say("gus", "security", "we rotate them");
    room.run({ settle: false });
    turnsOut(room, "gus", "outsider");
    expect(room.state.modules.security?.owner).toBeUndefined();
    expect(room.open("gus")).toBeUndefined();
    expect(room.answer("S1")).toBe("");
    expect(room.reactions.size).toBe(0);
    expect(room.status("S1")).toBe("open");
    expect(wordsOf(room.card("question:S1:1"))).toContain("[I'll take this]");
    room.press("oli", "claim", { module: "security" });
    room.run();
    expect(room.open("oli")).toBe("S1");
    expect(room.refold()).toEqual(room.session);
  });

  it("has said nothing that counts for a question which is still open, also when more was asked about it", () => {
    const room = startedRoom();
    room.press("gus", "claim", { module: "security" });
    room.run();
    room.say("gus", "security", "we rotated something");
    room.run();
    expect(room.state.questions.S1?.followUp?.answered).toBe(false);
    turnsOut(room, "gus", "outsider");
    expect(room.answer("S1")).toBe("");
    expect(wordsOf(room.card("question:S1:2"))).toContain("[I'll take this]");
    room.press("oli", "claim", { module: "security" });
    room.run();
    room.say("oli", "security", "nothing is rotated by hand");
    room.run();
    expect(room.answer("S1")).toBe("nothing is rotated by hand");
    expect(room.status("S1")).toBe("answered");
  });

  it("hands a delegated question back to its module's owner, and a role to whoever gave it", () => {
    const room = startedRoom();
    room.command("fay", "assign security @oli", [{ label: "@oli", user: "oli", name: "Oli" }]);
    for (const what of ["S1", "manager", "facilitator"]) {
      room.command("fay", `assign ${what} @gus`, [{ label: "@gus", user: "gus" }]);
      room.run();
    }
    room.deliver({
      kind: "met",
      receipts: [],
      actor: room.actor("gus"),
      address: room.home,
      session: room.state.id,
      namedBy: room.id("fay"),
      unfit: "bot",
    });
    expect(told(room)).toEqual([[room.id("fay"), expect.stringMatching(/Gus is an app.*S1, signing.*facilitator/)]]);
    room.run();
    expect(room.state.scope.managers).toEqual([]);
    expect(room.state.facilitator).toBe(room.id("fay"));
    expect(room.state.questions.S1?.delegate).toBeUndefined();
    expect(room.open("oli")).toBeDefined();
    expect(room.person(room.id("gus")).digest).toBeUndefined();
    // Told again (another delivery named them): nothing is left to take back.
    const { revision } = room.state;
    turnsOut(room, "gus", "bot");
    expect(room.state.revision).toBe(revision);
  });

  it("who was only mentioned leaves no trace", () => {
    const room = startedRoom();
    const { revision } = room.state;
    turnsOut(room, "gus", "outsider");
    expect(room.state.revision).toBe(revision);
  });

  it("keeps what is answered and settled", () => {
    const room = startedRoom();
    room.press("gus", "claim", { module: "monitoring" });
    room.run();
    room.say("gus", "monitoring", "skip");
    room.run();
    turnsOut(room, "gus", "outsider");
    expect(room.state.modules.monitoring?.owner).toBe(room.id("gus"));
  });
});

describe("somebody whose name comes later", () => {
  it("is called by it on every card that names them", () => {
    const room = startedRoom();
    const raw = [{ label: "@U4", user: "U4" }];
    room.command("fay", "assign resilience @U4", raw);
    room.command("fay", "assign manager @U4", raw);
    room.command("fay", "decide");
    room.run();
    const names = ["question:R1:1", "module:resilience", "scope", "decision:1"];
    for (const key of names) expect(wordsOf(room.card(key))).toMatch(/U4/);
    room.deliver({
      kind: "met",
      receipts: [],
      actor: { ...room.actor("U4"), name: "Pat Part" },
      address: room.home,
      session: room.state.id,
    });
    const redrawn = room.outbox.flatMap(({ effect }) => (effect.do === "update" ? [effect.post] : []));
    expect(redrawn).toEqual(expect.arrayContaining([...names, "header"]));
    for (const key of names) expect(wordsOf(room.card(key))).toContain("Pat Part");
  });

  it("also where they were picked in a form that knew no name", () => {
    const room = startedRoom();
    room.form("fay", "scope", "owners", { owner_resilience: room.id("U4") });
    room.run();
    room.deliver({ kind: "met", receipts: [], actor: { ...room.actor("U4"), name: "Pat Part" }, address: room.home });
    room.run();
    expect(wordsOf(room.card("question:R1:1"))).toContain("Pat Part");
  });

  it("is shown to whoever assigned as the platform knows them", () => {
    const room = startedRoom();
    const reply = room.command("fay", "assign resilience @U4", [{ label: "@U4", user: "U4" }]);
    expect(reply?.kind === "message" && reply.message.blocks).toEqual([
      { kind: "text", text: ["Resilience now belongs to ", { person: room.id("U4"), name: "U4", ping: true }, "."] },
    ]);
  });
});

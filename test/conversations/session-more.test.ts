import { describe, expect, it } from "vitest";
import { said, startedRoom, wordsOf } from "./room.ts";

describe("a question taken back after its follow-up", () => {
  it("is asked openly again, with its buttons, and without a second follow-up", () => {
    const room = startedRoom();
    room.press("oli", "claim", { module: "security" });
    room.run();
    room.say("oli", "security", "we rotated something");
    room.run();
    expect(room.state.questions.S1!.followUp).toBeDefined();
    room.say("oli", "security", "by the pipeline, last Tuesday");
    room.run();
    room.say("oli", "security", "back");
    room.run();
    const card = wordsOf(room.card(`question:S1:${room.state.questions.S1!.version}`));
    expect(card).toContain("[Answer]");
    room.say("oli", "security", "we rotated something else");
    room.run();
    expect(room.status("S1")).toBe("answered");
  });
});

describe("n/a said to a follow-up", () => {
  it("belongs to the answer: the question stays answered", () => {
    const room = startedRoom();
    room.press("oli", "claim", { module: "security" });
    room.run();
    room.say("oli", "security", "we rotated something");
    room.run();
    room.say("oli", "security", "n/a because the rest isn't ours");
    room.run();
    expect(room.status("S1")).toBe("answered");
    expect(room.answer("S1")).toContain("n/a because the rest isn't ours");
  });
});

describe("why, when everything is settled", () => {
  it("asks for a question by name", () => {
    const room = startedRoom();
    const questions = Object.fromEntries(
      Object.entries(room.state.questions).map(([id, one]) => [id, { ...one, status: "answered" as const }]),
    );
    room.session = { ...room.state, questions };
    expect(said(room.command("oli", "why"))).toBe("Nothing is open. Name a question: `why R2`.");
    expect(said(room.command("oli", "why R2"))).toContain("Why R2:");
    expect(said(room.command("oli", "help remind"))).toContain("remind somebody of what waits for them.");
  });
});

describe("an owner's afterthought", () => {
  it("after the closing card is kept, and counts on a tap", () => {
    const room = startedRoom();
    room.press("oli", "claim", { module: "monitoring" });
    room.run();
    room.say("oli", "monitoring", "skip");
    room.run();
    const more = room.say("oli", "monitoring", "p99 of checkout, at 800 ms, to PagerDuty");
    expect(room.answer("M1")).toBe("");
    expect(said(room.press("oli", "use_as_answer", { question: "M1", arg: more }))).toContain("Recorded");
    expect(room.answer("M1")).toContain("p99");
  });
});

describe("an emptied scope field", () => {
  it("is not known yet", () => {
    const room = startedRoom();
    const submit = (bridge: string | null) =>
      room.deliver({
        kind: "form",
        receipts: [`form:${bridge}`],
        actor: room.actor("fay"),
        address: room.home,
        form: "scope",
        context: { session: room.state.id },
        values: { bridge },
      });
    submit("https://meet.example.com/bf");
    expect(wordsOf(room.card("scope"))).toContain("https://meet.example.com/bf");
    submit(null);
    expect(room.state.scope.bridge).toBeUndefined();
    expect(wordsOf(room.card("scope"))).toMatch(/Not known yet: .*\bbridge\b/);
  });
});

describe("the Scope form", () => {
  const fieldsOf = (reply: ReturnType<ReturnType<typeof startedRoom>["press"]>) =>
    reply?.kind === "form" ? reply.form.fields.map(({ name }) => name) : [];

  it("names owners, managers and their digest for the facilitator, and nobody else", () => {
    const room = startedRoom();
    const named = ["owner_performance", "owner_monitoring", "managers", "digest"];
    expect(fieldsOf(room.press("fay", "scope", {}))).toEqual(expect.arrayContaining(named));
    for (const name of named) expect(fieldsOf(room.press("oli", "scope", {}))).not.toContain(name);
    const mia = room.id("mia");
    room.form("fay", "scope", undefined, { owner_security: room.id("oli"), managers: [mia], digest: "daily" });
    expect(room.state.modules.security?.owner).toBe(room.id("oli"));
    room.run();
    expect(room.person(mia).digest).toMatchObject({ rhythm: "daily", byDefault: true });
    expect(wordsOf(room.card("scope"))).toContain("Their digest: each working day");
    // What she sets herself stays.
    room.command("mia", "digest weekly");
    room.form("fay", "scope", undefined, { managers: [mia, room.id("max")], digest: "daily" });
    room.run();
    expect(room.person(mia).digest).toMatchObject({ rhythm: "weekly" });
    expect(room.person(room.id("max")).digest).toMatchObject({ rhythm: "daily" });
  });

  it("lets anybody fill in what they know, but not make themselves a manager or an owner", () => {
    const room = startedRoom();
    const oli = room.id("oli");
    expect(room.form("oli", "scope", undefined, { managers: [oli] })).toMatchObject({
      errors: { managers: "Only the facilitator, Fay, can name managers. Ask Fay." },
    });
    room.form("oli", "scope", undefined, { bridge: "https://meet.example/bf", owner_security: oli });
    expect(room.state.scope.bridge).toBe("https://meet.example/bf");
    expect(said(room.form("oli", "scope", "owners", { owner_security: oli }))).toContain("can name the owners");
    expect(said(room.press("oli", "owners", {}))).toContain("can name the owners");
    expect(room.state.modules.security?.owner).toBeUndefined();
    expect(room.state.scope.managers).toEqual([]);
  });

  it("says what isn't known yet, for every field", () => {
    const room = startedRoom();
    room.form("fay", "scope", undefined, { scenarios: "", workload: "", contacts: "", bridge: "" });
    for (const what of ["workload", "contacts", "bridge", "what to do if something goes wrong"]) {
      expect(wordsOf(room.card("scope"))).toMatch(new RegExp(`Not known yet: .*\\b${what}`));
    }
  });
});

describe("`why` of what is no question", () => {
  it("says so, and which there are", () => {
    const room = startedRoom();
    expect(said(room.command("oli", "why foo"))).toMatch(
      /^There is no question foo in this session. Its questions are P1, /,
    );
    expect(said(room.command("oli", "why p9"))).toContain("There is no question P9");
    expect(said(room.command("oli", "why"))).toContain("Why P1");
  });
});

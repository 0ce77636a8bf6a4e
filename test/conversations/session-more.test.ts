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
    expect(wordsOf(room.card("scope"))).toContain("Bridge: not known yet");
  });
});

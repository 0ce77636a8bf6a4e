import { describe, expect, it } from "vitest";
import { said, startedRoom, wordsOf } from "./room.ts";

describe("starting", () => {
  it("posts the header, the scope, five modules and the first question of each, addressed to nobody", () => {
    const room = startedRoom();
    expect(room.posts.map((post) => post.key)).toEqual([
      "header",
      "module:performance",
      "module:resilience",
      "module:security",
      "module:service-quotas",
      "module:monitoring",
      "scope",
      "question:P1:1",
      "question:R1:1",
      "question:S1:1",
      "question:Q1:1",
      "question:M1:1",
    ]);
    expect(room.posts.some((post) => post.ping)).toBe(false);
    expect(wordsOf(room.card("question:R1:1"))).toContain("[I'll take this]");
    expect(wordsOf(room.card("header"))).toContain("Black Friday · T-42 days · Fri 27 Nov, 09:00 London");
  });

  it("asks for the form without name and date, and for a yes where the date wasn't exact", () => {
    const room = startedRoom();
    expect(said(room.command("fay", 'start "Again" 2026-12-01'))).toContain("already open");
  });
});

describe("answering", () => {
  it("puts the shown question to whoever takes the module, edits that post, and asks one at a time", () => {
    const room = startedRoom();
    expect(said(room.press("oli", "claim", { module: "resilience" }))).toContain("Resilience is yours");
    room.run();
    expect(room.open("oli")).toBe("R1");
    room.press("oli", "claim", { module: "security" });
    room.run();
    expect(room.open("oli")).toBe("R1");
    expect(room.posts.filter((post) => post.key.startsWith("question:S1"))).toHaveLength(1);
    expect(said(room.press("pat", "claim", { module: "resilience" }))).toContain("Oli has already taken");
  });

  it("takes several messages as one answer and asks the next after silence", () => {
    const room = startedRoom();
    room.press("oli", "claim", { module: "monitoring" });
    room.press("oli", "claim", { module: "resilience" });
    room.run();
    const first = room.open("oli")!;
    const module = room.state.questions[first]!.module;
    room.say("oli", module, "Orders per minute, p99 latency");
    room.run({ settle: false });
    room.say("oli", module, "and the payment error rate, threshold 1 %, goes to PagerDuty");
    room.say("oli", module, "on the event dashboard, watched by the war room from 08:00");
    room.run({ settle: false });
    expect(room.open("oli")).toBe(first);
    room.run();
    expect(room.answer(first).split("\n")).toHaveLength(3);
    expect(room.reactions.size).toBe(3);
  });

  it("holds a reply that crosses a post in flight and gives it to the question it answers by platform time", () => {
    const room = startedRoom();
    room.press("oli", "claim", { module: "security" });
    room.run();
    room.say("oli", "security", "skip");
    room.holdPosts = true;
    room.run();
    const late = room.say("oli", "security", "we use SSO with MFA through the bastion, on-call only, logged");
    expect(room.state.held).toHaveLength(1);
    room.holdPosts = false;
    room.run();
    expect(room.state.held).toHaveLength(0);
    // It was said before S2 landed, so it belongs to S1, which it turns from skipped into answered.
    expect(room.state.questions.S1!.parts.map((part) => part.messageId)).toEqual([late]);
  });

  it("offers the module to the first who answers in an unowned thread, and uses all they said on Yes", () => {
    const room = startedRoom();
    const one = room.say("kim", "security", "Keys were rotated in June");
    room.say("kim", "security", "and the database password last week");
    expect(room.whispers.map((whisper) => whisper.message.summary)).toEqual([
      "Take Security and use this as your answer?",
    ]);
    expect(room.answer("S1")).toBe("");
    room.press("kim", "take", { module: "security", arg: one });
    expect(room.answer("S1")).toBe("Keys were rotated in June\nand the database password last week");
    expect(room.state.modules.security!.owner).toBe(room.id("kim"));
  });

  it("takes talk for talk, and as an answer on request", () => {
    const room = startedRoom();
    room.press("oli", "claim", { module: "security" });
    room.run();
    const talk = room.say("oli", "security", "does the CDN count?");
    expect(room.status("S1")).toBe("open");
    expect(room.whispers.at(-1)!.message.summary).toContain("talk");
    room.press("oli", "use_as_answer", { question: "S1", arg: talk });
    expect(room.answer("S1")).toBe("does the CDN count?");
  });

  it("goes back: the open question is set aside, the one before is put anew", () => {
    const room = startedRoom();
    room.press("oli", "claim", { module: "security" });
    room.run();
    room.say("oli", "security", "n/a because nothing holds credentials");
    room.run();
    expect(room.open("oli")).toBe("S2");
    room.say("oli", "security", "back");
    room.run();
    expect(room.open("oli")).toBe("S1");
    expect(room.state.questions.S1!.version).toBe(2);
    room.say("oli", "security", "skip");
    room.run();
    expect(room.open("oli")).toBe("S2");
    expect(room.state.questions.S2!.version).toBe(2);
  });

  it("delegates by nothing but a mention, and asks the owner the next one beside it", () => {
    const room = startedRoom();
    room.press("oli", "claim", { module: "security" });
    room.run();
    room.say("oli", "security", "@Kim", [{ label: "@Kim", user: "kim", name: "Kim" }]);
    room.run();
    expect(room.open("kim")).toBe("S1");
    expect(room.open("oli")).toBe("S2");
    room.say("kim", "security", "rotated on 3 October by the pipeline, owner is platform, checked in Secrets Manager");
    room.run();
    expect(room.answer("S1")).toContain("3 October");
    expect(room.open("oli")).toBe("S2");
  });

  it("keeps an edit and a deletion that come before their message", () => {
    const room = startedRoom();
    room.press("oli", "claim", { module: "security" });
    room.run();
    const message = room.message("oli", "security", "rotatd in June");
    room.edit("oli", "security", message.messageId, "rotated in June");
    const gone = room.message("oli", "security", "wrong thread");
    room.remove("oli", "security", gone.messageId);
    room.deliver(gone);
    room.deliver(message);
    expect(room.answer("S1")).toBe("rotated in June");
  });

  it("somebody who is named and says nothing is known by the name and zone that the platform tells", () => {
    const room = startedRoom();
    room.command("fay", "assign security @Kim", [{ label: "@Kim", user: "kim", name: "kim42" }]);
    room.run();
    const actor = { ...room.actor("kim"), name: "Kim Tanaka", zone: "Asia/Tokyo" };
    const met = { kind: "met" as const, receipts: [], actor, address: room.home };
    room.deliver(met);
    expect(room.person(room.id("kim")).zone).toBe("Asia/Tokyo");
    expect(room.state.people[room.id("kim")]?.name).toBe("Kim Tanaka");
    expect(room.outbox.map(({ key }) => key)).toContain(`nudge:${room.id("kim")}`);
    const events = room.events.length;
    room.deliver(met);
    room.deliver({ ...met, actor: room.actor("nobody") });
    expect(room.events).toHaveLength(events);
    expect(room.state.people[room.id("nobody")]).toBeUndefined();
  });

  it("a receipt that waits for its turn goes with the message that is deleted", () => {
    const room = startedRoom();
    room.press("oli", "claim", { module: "security" });
    room.run();
    const [kept, gone] = [room.message("oli", "security", "in June"), room.message("oli", "security", "by hand")];
    room.deliver(kept);
    room.deliver(gone);
    room.remove("oli", "security", gone.messageId);
    room.run();
    expect(room.reactions).toEqual(new Set([kept.messageId]));
  });

  it("closes a module with its readings to confirm, and drafts the summary after the last", () => {
    const room = startedRoom();
    for (const module of room.state.moduleOrder) {
      room.press("oli", "claim", { module });
      room.run();
    }
    for (let asked = room.open("oli"), rounds = 0; asked !== undefined && rounds < 60; rounds++) {
      room.say("oli", room.state.questions[asked]!.module, `Fine for ${asked}, owner Oli, by 1 November`);
      room.run();
      asked = room.open("oli");
    }
    expect(Object.values(room.state.questions).every((question) => question.status === "answered")).toBe(true);
    expect(room.posts.filter((post) => post.key.startsWith("confirm:"))).toHaveLength(5);
    expect(room.posts.filter((post) => post.key.startsWith("follow_up:")).length).toBeLessThanOrEqual(10);
    expect(room.posts.filter((post) => post.key === "summary:1")).toHaveLength(1);
    room.press("oli", "confirm", { module: "resilience" }, { R2: ["r2_no"] });
    expect(room.state.questions.R2!.confirmed?.choices).toEqual(["r2_no"]);
    expect(room.refold()).toEqual(room.state);
  });
});

describe("deciding", () => {
  it("needs managers, lets each sign, and any no-go is no-go", () => {
    const room = startedRoom();
    expect(said(room.command("fay", "decide"))).toContain("Nobody is named to sign");
    room.command("fay", "assign manager @Mia", [{ label: "@Mia", user: "mia", name: "Mia" }]);
    room.command("fay", "decide");
    room.run();
    expect(room.posts.at(-1)!.key).toBe("decision:1");
    expect(said(room.command("oli", "decide go"))).toContain("Only a named manager");
    expect(said(room.command("mia", "decide no-go load test is missing"))).toContain("no-go");
    expect(room.state.decisions[0]!.status).toBe("no_go");
    room.run();
    expect(wordsOf(room.card("header"))).toContain("Decision: no-go.");
  });
});

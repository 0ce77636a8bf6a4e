import { describe, expect, it } from "vitest";
import { standardCatalogue } from "../../conversations/catalogue/index.ts";
import { REVIEW_ASKS } from "../../conversations/review-asks.ts";
import { Room, said, startedRoom, wordsOf } from "./room.ts";

const answers = Object.fromEntries(REVIEW_ASKS.map(({ id }, index) => [id, `Answer ${index + 1}`]));

describe("the day", () => {
  it("has a check a day and an hour before, in the header's thread, and is quiet otherwise", () => {
    const room = startedRoom();
    for (const module of room.state.moduleOrder) room.press("oli", "claim", { module });
    room.form("fay", "scope", undefined, { bridge: "https://meet.example/bf", contacts: "Oli, then Pat" });
    room.advance("2026-11-26T08:00:00Z");
    const before = room.posts.length;
    const directs = room.directs.length;
    room.advance("2026-11-27T12:00:00Z");
    expect(room.posts.slice(before).map(({ key }) => key)).toEqual(["note:1", "note:2"]);
    expect(room.told()[0]).toContain("One day to go. Not ready, and go / no-go isn't opened.");
    expect(room.told()[1]).toContain("One hour to go. Not ready, and go / no-go isn't opened.");
    expect(room.told()[1]).toContain("Bridge: https://meet.example/bf");
    expect(room.directs.length - directs).toBeLessThanOrEqual(1);
  });
  it("says what was decided, and beside it what is still open", () => {
    const room = startedRoom();
    room.form("fay", "scope", undefined, { managers: [room.id("mia")] }, { [room.id("mia")]: "Mia" });
    room.advance("2026-11-25T12:00:00Z");
    room.command("fay", "decide");
    room.advance("2026-11-26T12:00:00Z");
    expect(room.told().at(-1)).toContain("One day to go. Not ready; go / no-go waits for Mia.");
    room.command("mia", "decide go");
    room.advance("2026-11-27T08:30:00Z");
    expect(room.told().at(-1)!.split("\n").slice(0, 2)).toEqual([
      "One hour to go. Decision: go.",
      "Not confirmed: P1, P2, P4, R1, R2, R3, R4, P5, Q1 and 14 more (23 questions).",
    ]);
  });
  it("keeps one timeline, edited with every note", () => {
    const room = startedRoom();
    room.advance("2026-11-27T09:12:00Z");
    room.command("oli", "note traffic at 2x");
    room.run();
    const posts = room.posts.length;
    room.advance("2026-11-27T09:40:00Z");
    room.command("fay", "note p99 at 380 ms");
    room.run();
    expect(room.posts).toHaveLength(posts);
    const timeline = Object.entries(room.state.told ?? {}).find(([, telling]) => telling.what === "timeline")![0];
    expect(wordsOf(room.card(timeline))).toBe("Timeline\n09:12 Oli: traffic at 2x\n09:40 Fay: p99 at 380 ms");
  });
  it("has no check that comes too late: after downtime only the newest counts", () => {
    const room = startedRoom();
    room.advance("2026-11-26T08:00:00Z");
    room.sleepUntil("2026-11-27T08:30:00Z");
    expect(room.told()).toHaveLength(1);
    expect(room.told()[0]).toContain("One hour to go.");
    const other = startedRoom();
    other.advance("2026-11-26T08:00:00Z");
    other.sleepUntil("2026-11-27T10:00:00Z");
    expect(other.told()).toEqual([]);
  });
});

describe("the review", () => {
  it("is one card after the event; its answers stand in it, and the session closes when nothing is left", () => {
    const room = startedRoom();
    room.press("oli", "claim", { module: "security" });
    room.advance("2026-11-30T12:00:00Z");
    const card = room.told().at(-1)!;
    expect(card).toContain(
      [
        "Black Friday is over. Two things are left: scaling down and a short review.",
        "Scale down: minimum sizes, provisioned capacity, reserved load-balancer units, whatever was raised for this.",
        "Review",
        REVIEW_ASKS[0]!.text,
      ].join("\n"),
    );
    const key = room.posts.at(-1)!.key;
    const now = () => wordsOf(room.card(key)).split("\n")[0];
    const fay = room.directs.filter(({ person }) => person === room.id("fay")).at(-1)!;
    expect(fay.at).toBe("2026-11-30T09:00:00.000Z");
    expect(wordsOf(fay.message)).toBe(
      [
        "Two things wait for you.",
        "Black Friday (3 days ago): scale down what was raised for the event.",
        "[Done] [Tomorrow]",
        "The review: five short questions, due Fri 4 Dec.",
        "[Write it] [Tomorrow]",
      ].join("\n"),
    );
    expect(said(room.press("fay", "review", {}))).toBe("form:answer");
    expect(said(room.form("oli", "answer", "review", { outcome: "Peak at 2.8×, nothing broke" }))).toBe(
      "Recorded. 4 questions still open; anyone with a part in it can add to it.",
    );
    room.press("fay", "scaled_down", {});
    expect(room.state.status).toBe("open");
    expect(now()).toBe("Black Friday is over. One thing is left: the review.");
    expect(
      said(room.form("fay", "answer", "review", { ...answers, outcome: "Peak at 2.8×, nothing broke" })),
    ).toContain("is reviewed and closed");
    expect(room.state.status).toBe("closed");
    expect(now()).toBe("Black Friday is over. Scaled down and reviewed.");
    expect(room.state.review?.outcome?.by).toBe(room.id("oli"));
    expect(room.refold()).toEqual(room.state);
    const before = room.directs.length;
    room.advance("2027-01-15T12:00:00Z");
    expect(room.directs.length).toBe(before);
  });
  it("that was written first leaves the scaling down", () => {
    const room = startedRoom();
    room.advance("2026-11-30T12:00:00Z");
    const key = room.posts.at(-1)!.key;
    room.form("fay", "answer", "review", answers);
    expect(room.state.status).toBe("open");
    expect(wordsOf(room.card(key))).toContain("Black Friday is over. One thing is left: scaling down.");
  });
  it("that nobody writes is asked for three times, and after three weeks the session closes itself", () => {
    const room = startedRoom();
    room.advance("2026-12-31T12:00:00Z");
    const asked = room.directs.filter(({ items }) => items.some(({ module }) => module === "review"));
    expect(asked.map(({ at }) => at.slice(0, 10))).toEqual(["2026-11-30", "2026-12-04", "2026-12-07", "2026-12-14"]);
    expect(room.state.status).toBe("closed");
    expect(room.state.closedAt).toBe("2026-12-18T09:00:00.000Z");
  });
  it("is for those who have a part in the session", () => {
    const room = startedRoom();
    room.advance("2026-11-30T12:00:00Z");
    const sentence =
      "Only its facilitator, owners and managers can write the review and say what was scaled down. Ask one of them.";
    expect(said(room.press("pat", "review", {}))).toBe(sentence);
    expect(said(room.form("pat", "answer", "review", answers))).toBe(sentence);
    expect(said(room.press("pat", "scaled_down", {}))).toBe(sentence);
    expect(room.state.review).toBeUndefined();
    expect(room.state.scaledDown).toBeUndefined();
    expect(room.state.status).toBe("open");
  });
  it("closes the session when a manager or the facilitator did the last of it; otherwise the facilitator may", () => {
    const reviewing = () => {
      const room = startedRoom();
      room.press("oli", "claim", { module: "security" });
      room.command("fay", "assign manager @Mia", [{ label: "@Mia", user: "mia", name: "Mia" }]);
      room.advance("2026-11-30T12:00:00Z");
      return room;
    };
    const offers = (room: Room) => room.outbox.flatMap(({ effect }) => (effect.do === "tell" ? [effect] : []));
    const signed = reviewing();
    signed.form("oli", "answer", "review", answers);
    signed.press("mia", "scaled_down", {});
    expect(signed.state.status).toBe("closed");
    const room = reviewing();
    room.press("oli", "scaled_down", {});
    expect(offers(room)).toEqual([]);
    expect(said(room.form("oli", "answer", "review", answers))).toBe("Recorded.");
    expect(room.state.status).toBe("open");
    expect(offers(room)).toEqual([
      expect.objectContaining({
        person: room.id("fay"),
        text: 'The review of "Black Friday" is written and it is scaled down again, so nothing is left to do in it. Close it in its channel: `/readiness close`.',
      }),
    ]);
    room.form("oli", "answer", "review", { ...answers, outcome: "Better than expected" });
    expect(offers(room)).toHaveLength(1);
    room.command("fay", "close");
    expect(room.state.status).toBe("closed");
    expect(room.refold()).toEqual(room.state);
  });
  it("needs at least one answer", () => {
    const room = startedRoom();
    room.advance("2026-11-30T12:00:00Z");
    expect(said(room.form("fay", "answer", "review", { outcome: " " }))).toBe("Write at least one answer.");
  });
});

describe("the next event", () => {
  const next = () => {
    const before = startedRoom();
    for (const module of ["security", "monitoring"]) before.press("oli", "claim", { module });
    before.run();
    before.say("oli", before.state.questions[before.open("oli")!]!.module, "n/a because nobody logs in there");
    before.run();
    const answered = before.open("oli")!;
    before.say(
      "oli",
      before.state.questions[answered]!.module,
      "SSO with MFA through the bastion, on-call only, logged",
    );
    before.run();
    if (before.status(answered) === "open") before.say("oli", before.state.questions[answered]!.module, "skip");
    before.run();
    before.form("fay", "scope", undefined, {
      regions: "eu-west-1",
      hosts: "shop.example.com",
      bridge: "https://meet.example/bf",
    });
    before.advance("2026-11-30T12:00:00Z");
    before.form("fay", "answer", "review", { ...answers, unasked: "Who may call the bank" });
    const room = new Room("2027-01-11T09:00:00Z");
    room.previous = before.state;
    room.command("fay", 'start "Spring sale" 2027-03-01 09:00 --tz Europe/London --from "Black Friday"');
    room.run();
    return { before, room, answered };
  };
  it("begins with scope, owners and lessons of the one before, without what belonged to that day", () => {
    const { room } = next();
    expect(room.state.scope).toMatchObject({ regions: ["eu-west-1"], hosts: ["shop.example.com"] });
    expect(room.state.scope.bridge).toBeUndefined();
    expect(room.state.modules.security!.owner).toBe(room.id("oli"));
    expect(wordsOf(room.card("scope"))).toContain("From the review of Black Friday\nWho may call the bank");
    expect(room.refold()).toEqual(room.state);
  });
  it("asks only what may have changed: what didn't apply isn't asked, an answer counts with one tap", () => {
    const { room, before, answered } = next();
    const skipped = Object.values(before.state.questions).find(({ status }) => status === "not_applicable")!.id;
    expect(room.status(skipped)).toBe(
      before.state.modules[before.state.questions[skipped]!.module]!.questions.length > 1 ? "not_applicable" : "open",
    );
    for (let rounds = 0; rounds < 5 && room.open("oli") !== answered; rounds++) {
      room.say("oli", room.state.questions[room.open("oli")!]!.module, "skip");
      room.run();
    }
    expect(room.open("oli")).toBe(answered);
    const question = room.state.questions[answered]!;
    expect(wordsOf(room.card(`question:${answered}:${question.version}`))).toContain(
      "For Black Friday Oli said: SSO with MFA through the bastion, on-call only, logged\n[Still so]",
    );
    room.press("oli", "still_so", { question: answered, version: question.version });
    expect(room.status(answered)).toBe("answered");
    expect(room.answer(answered)).toBe("SSO with MFA through the bastion, on-call only, logged");
  });
  it("what didn't apply and is a module's only question is asked with that, and one tap says that it still doesn't", () => {
    const before = startedRoom();
    before.press("oli", "claim", { module: "monitoring" });
    before.run();
    before.say("oli", "monitoring", "n/a because nothing runs that could be watched");
    before.run();
    const room = new Room("2027-01-11T09:00:00Z");
    room.previous = before.state;
    room.command("fay", 'start "Spring sale" 2027-03-01 09:00 --tz Europe/London --from "Black Friday"');
    room.run();
    const question = room.state.questions.M1!;
    expect(wordsOf(room.card(`question:M1:${question.version}`))).toContain(
      "For Black Friday Oli said that it doesn't apply: nothing runs that could be watched\n[Still so]",
    );
    room.press("oli", "still_so", { question: "M1", version: question.version });
    expect(room.status("M1")).toBe("not_applicable");
  });
  describe("where nobody owns the module", () => {
    const unowned = (before: Room) => {
      const room = new Room("2027-01-11T09:00:00Z");
      const modules = Object.entries(before.state.modules).map(([id, { owner: _nobody, ...module }]) => [id, module]);
      room.previous = { ...before.state, modules: Object.fromEntries(modules) };
      room.command("fay", 'start "Spring sale" 2027-03-01 09:00 --tz Europe/London --from "Black Friday"');
      room.run();
      return room;
    };
    it("anybody may say that it still holds; what is read from it waits for whoever takes it", () => {
      const { before, answered } = next();
      const module = before.state.questions[answered]!.module;
      const choice = standardCatalogue.question(answered)!.choices[0]!.id;
      before.press("oli", "confirm", { module }, { [answered]: [choice] });
      const room = unowned(before);
      expect(room.state.seeds?.[answered]?.choices).toEqual([choice]);
      const { version } = room.state.questions[answered]!;
      expect(said(room.press("nia", "still_so", { question: answered, version }))).toBe(`Recorded for ${answered}.`);
      expect(room.answer(answered)).toBe("SSO with MFA through the bastion, on-call only, logged");
      expect(room.state.questions[answered]!.confirmed).toBeUndefined();
      expect(room.refold()).toEqual(room.state);
    });
    it("that it still doesn't apply is for whoever takes it", () => {
      const before = startedRoom();
      before.press("oli", "claim", { module: "monitoring" });
      before.run();
      before.say("oli", "monitoring", "n/a because nothing runs that could be watched");
      before.run();
      const room = unowned(before);
      const { version } = room.state.questions.M1!;
      expect(said(room.press("nia", "still_so", { question: "M1", version }))).toContain("Nobody owns Monitoring yet");
      expect(room.status("M1")).toBe("open");
    });
  });
  it("says so when the session to begin from isn't found", () => {
    const room = new Room();
    expect(said(room.command("fay", 'start "Spring sale" 2027-03-01 --from "Nothing"'))).toContain(
      'I don\'t find a session "Nothing"',
    );
  });
});

import { describe, expect, it } from "vitest";
import { standardCatalogue } from "../../conversations/catalogue/index.ts";
import { decisionCard } from "../../conversations/views/decision.ts";
import type { Button, Message } from "../../src/domain/message.ts";
import { choicesFor, DANA, emptySession, MARCO, NOW, withAnswer } from "../fixtures/session.ts";
import { type Room, said, startedRoom, wordsOf } from "./room.ts";

const view = { now: new Date(NOW), catalogue: standardCatalogue, command: "/readiness" };

/** A session with the managers Mia and Max. */
function withManagers(): Room {
  const room = startedRoom();
  room.form(
    "fay",
    "scope",
    undefined,
    { managers: [room.id("mia"), room.id("max")] },
    {
      [room.id("mia")]: "Mia",
      [room.id("max")]: "Max",
    },
  );
  room.run();
  return room;
}
function highRisk(room: Room, confirmed = "m1_no"): void {
  room.press("oli", "claim", { module: "monitoring" });
  room.run();
  room.press("oli", "answer", { question: "M1" }, { answer: "we look by hand" });
  room.run();
  if (room.open("oli") !== undefined) room.say("oli", "monitoring", "skip");
  room.run();
  room.press("oli", "confirm", { module: "monitoring" }, { M1: [confirmed] });
}

function buttonsOf(message: Message): Button[] {
  return message.blocks.flatMap((block) => (block.kind === "buttons" ? block.buttons : []));
}

describe("the go / no-go card", () => {
  it("says each risk once: what go needs, then what was accepted, then who signed", () => {
    const room = withManagers();
    highRisk(room);
    room.command("fay", "decide");
    room.run();
    const before = room.card("decision:1");
    expect(wordsOf(before).split("\n")).toEqual([
      "Go / no-go · Black Friday",
      "Not ready. 1 high risk open, 22 questions not confirmed.",
      "Before go: this high risk needs somebody who accepts it by name.",
      expect.stringMatching(/^M1 crucial metrics: /),
      "Signed: nobody yet · waiting for Mia, Max",
      "[Accept a risk] [Go] [No-go] [Read the summary]",
    ]);
    expect(buttonsOf(before).find(({ style }) => style === "primary")?.label).toBe("Accept a risk");

    room.command("mia", "accept M1 two people watch the dashboard, until 30 Nov");
    room.run();
    const after = room.card("decision:1");
    expect(wordsOf(after).split("\n")).toEqual([
      "Go / no-go · Black Friday",
      "Not ready. 22 questions not confirmed, 1 risk accepted by name.",
      'Accepted: M1 crucial metrics (🔴 high risk), Mia, until Mon 30 Nov: "two people watch the dashboard, until 30 Nov"',
      "Signed: nobody yet · waiting for Mia, Max",
      "[Go] [No-go] [Read the summary]",
    ]);
    expect(buttonsOf(after).find(({ style }) => style === "primary")?.label).toBe("Go");
  });

  it("begins with what was decided, and keeps how things stood then", () => {
    const room = withManagers();
    room.command("fay", "decide");
    room.command("mia", "decide go");
    room.command("max", "decide go");
    room.run();
    const decided = () => wordsOf(room.card("decision:1")).split("\n").slice(1);
    const then = [
      "Go. Signed: Mia go 10:00, Max go 10:00.",
      "When it was decided: not ready (23 questions not confirmed).",
    ];
    expect(decided()).toEqual(then);
    highRisk(room);
    room.run();
    expect(decided()).toEqual(then);
    expect(room.refold()).toEqual(room.state);
  });

  it("says what is known of a decision from before that was kept", () => {
    const decision = {
      version: 1,
      openedBy: MARCO,
      openedAt: NOW,
      status: "go" as const,
      signatures: [{ by: DANA, go: true, at: NOW }],
      decidedAt: NOW,
    };
    const old = { ...emptySession(standardCatalogue), decisions: [decision] };
    expect(wordsOf(decisionCard(old, 1, view))).toBe("Go / no-go · Black Friday\nGo. Signed: Dana go 09:30.");
  });

  it("drops no risk: what doesn't fit is counted and named", () => {
    let state = emptySession(standardCatalogue);
    for (const module of standardCatalogue.modules) {
      for (const question of module.questions) {
        const confirmed = choicesFor(question, "HIGH_RISK");
        if (confirmed !== undefined) state = withAnswer(state, question.id, { text: "no", confirmed });
      }
    }
    state = {
      ...state,
      decisions: [{ version: 1, openedBy: MARCO, openedAt: NOW, status: "open", signatures: [] }],
    };
    const words = wordsOf(decisionCard(state, 1, view));
    expect(words).toMatch(/\nand 13 more: [A-Z]\d(?:, [A-Z]\d){12}\n/);
    for (const id of Object.keys(state.questions)) expect(words).toContain(id);
    const board = () => "https://t-minus.example/sessions/s-1";
    expect(wordsOf(decisionCard(state, 1, { ...view, board }))).toContain("\nand 13 more, on the board: ");
  });
});

describe("go / no-go", () => {
  it("reaches each manager where they are, once, with the buttons", () => {
    const room = withManagers();
    room.advance("2026-10-20T10:00:00Z");
    const before = room.directs.length;
    room.command("fay", "decide");
    room.run();
    const asked = room.directs.slice(before);
    expect(asked.map(({ person }) => person).sort()).toEqual([room.id("max"), room.id("mia")]);
    expect(wordsOf(asked[0]!.message)).toContain("your signature on go / no-go. Not ready.");
    expect(wordsOf(asked[0]!.message)).toContain("[Go] [No-go] [Where it stands]");
  });
  it("doesn't wake anybody: opened at night, it is asked for in the morning", () => {
    const room = withManagers();
    room.advance("2026-10-20T21:00:00Z");
    const before = room.directs.length;
    room.command("fay", "decide");
    room.advance("2026-10-21T12:00:00Z");
    expect(
      room.directs
        .slice(before)
        .filter(({ person }) => person === room.id("mia"))
        .map(({ at }) => at),
    ).toEqual(["2026-10-21T08:00:00.000Z"]);
  });
  it("needs open high risks accepted by name and with a reason first", () => {
    const room = withManagers();
    highRisk(room);
    room.command("fay", "decide");
    const refused = room.command("mia", "decide go");
    expect(said(refused)).toBe("Go needs somebody who accepts M1, crucial metrics, by name first.");
    if (refused?.kind !== "message") throw new Error("A sentence with a button");
    expect(wordsOf(refused.message)).toContain("[Accept a risk]");
    expect(said(room.command("oli", "accept M1 fine"))).toBe(
      "Only a named manager can sign or accept a risk. Here those are Mia, Max.",
    );
    room.command("mia", "accept risk-m1 two people watch the dashboard");
    expect(said(room.command("mia", "decide go"))).toBe("Signed: go.");
  });
  it("asks anew for what was accepted as a medium risk and became a high one", () => {
    const room = withManagers();
    highRisk(room, "m1_business");
    expect(said(room.command("mia", "accept risk-m1 two people watch the dashboard"))).toContain(
      "as a medium risk. Your name and reason stand in the summary. Should it become a high risk, it must be accepted anew.",
    );
    room.command("fay", "decide");
    room.run();
    expect(wordsOf(room.card("decision:1"))).toContain(
      'Accepted: M1 crucial metrics (🟡 at risk), Mia: "two people watch the dashboard"',
    );
    room.press("oli", "confirm", { module: "monitoring" }, { M1: ["m1_no"] });
    expect(room.state.questions.M1?.confirmed?.choices).toEqual(["m1_business"]);
    const shown = room.press("oli", "reread", { module: "monitoring" });
    if (shown?.kind !== "message") throw new Error("The ticks come back");
    expect(wordsOf(shown.message)).toMatch(/M1 · .*☑ .*business/);
    room.press("oli", "confirm", { module: "monitoring", arg: "again:M1" }, { M1: ["m1_no"] });
    room.run();
    expect(wordsOf(room.card("decision:1"))).toContain("not accepted as it is now: Mia took it on when it was smaller");
    expect(said(room.command("mia", "decide go"))).toContain("accepts M1, crucial metrics");
    room.command("mia", "accept risk-m1 two people watch the dashboard all night");
    expect(said(room.command("mia", "decide go"))).toBe("Signed: go.");
    expect(room.refold()).toEqual(room.session);
  });
  it("says so when an acceptance ends before the event, and doesn't count it", () => {
    const room = withManagers();
    highRisk(room);
    expect(said(room.command("mia", "accept risk-m1 only until 20 Nov"))).toBe(
      "Recorded, but it ends on Fri 20 Nov, before the event on Fri 27 Nov, so risk-m1 still counts as open.",
    );
    room.command("fay", "decide");
    expect(said(room.command("mia", "decide go"))).toContain("accepts M1, crucial metrics");
  });
  it("follows a condition: the facilitator is asked on its day, and what isn't met is said in the thread", () => {
    const room = withManagers();
    room.command("fay", "decide");
    expect(said(room.command("mia", "decide go if the increase lands by Tuesday"))).toBe(
      "Signed: go, on your condition. Fay is asked on Tue 20 Oct whether it is met.",
    );
    room.command("max", "decide go");
    room.run();
    expect(room.state.decisions[0]!.status).toBe("go");
    expect(wordsOf(room.card("decision:1"))).toContain(
      "Condition: if the increase lands by Tuesday, looked at on Tue 20 Oct.",
    );
    room.advance("2026-10-20T12:00:00Z");
    const asked = room.directs.filter(({ items }) => items.some(({ kind }) => kind === "condition"));
    expect(asked.map(({ person, at }) => [person, at])).toEqual([[room.id("fay"), "2026-10-20T08:00:00.000Z"]]);
    expect(wordsOf(asked[0]!.message)).toContain(
      'Mia signed on a condition, due today: "if the increase lands by Tuesday". Is it met?',
    );
    expect(said(room.press("oli", "condition", { arg: "failed:0" }))).toContain(
      "Only the facilitator, Fay, and the managers can say",
    );
    room.press("fay", "condition", { arg: "failed:0" });
    room.run();
    expect(room.told()[0]).toContain("A condition of the go is not met.");
    expect(said(room.press("fay", "condition", { arg: "met:0" }))).toBe("That is recorded already: not met.");
    expect(wordsOf(room.card("decision:1"))).toContain("Condition: if the increase lands by Tuesday: not met.");
  });
  it("can't be changed, only replaced by a new decision; the old card stays a record", () => {
    const room = withManagers();
    room.command("fay", "decide");
    room.command("mia", "decide no-go load test is missing");
    room.run();
    expect(said(room.command("max", "decide go"))).toContain("The decision is made: no-go");
    room.advance("2026-10-16T12:00:00Z");
    highRisk(room);
    room.command("fay", "decide");
    room.run();
    expect(wordsOf(room.card("decision:1"))).toContain(
      "No-go. Signed: Mia no-go 10:00 (load test is missing).\nWhen it was decided: not ready (23 questions not confirmed).",
    );
    expect(wordsOf(room.card("decision:1"))).toContain("Replaced by a newer decision (2). This one stays on record.");
    room.command("mia", "accept risk-m1 somebody watches");
    room.run();
    expect(wordsOf(room.card("decision:1"))).not.toContain("M1 crucial metrics");
    expect(room.state.decisions.map(({ status }) => status)).toEqual(["no_go", "open"]);
  });
  it("asks again about what was accepted until a day that has come", () => {
    const room = withManagers();
    highRisk(room);
    room.command("mia", "accept risk-m1 fallback page tested, until 20 Nov");
    room.advance("2026-11-20T12:00:00Z");
    const asked = () => room.directs.filter(({ items }) => items.some(({ kind }) => kind === "accepted"));
    expect(asked().map(({ person, at }) => [person, at])).toEqual([[room.id("mia"), "2026-11-20T09:00:00.000Z"]]);
    expect(wordsOf(asked()[0]!.message)).toContain(
      "you accepted M1 (crucial metrics) until today, and the risk still stands.",
    );
    room.advance("2026-11-23T12:00:00Z");
    expect(asked()).toHaveLength(2);
    expect(wordsOf(asked()[1]!.message)).toMatch(
      /you accepted M1 \(crucial metrics\) until Fri 20 Nov\. That has passed and the risk still stands\./i,
    );
    // After the event nobody's acceptance is asked about.
    room.advance("2026-12-08T12:00:00Z");
    expect(asked().every(({ at }) => at < room.state.eventAt)).toBe(true);
  });
  it("doesn't ask about an acceptance that lasts until the event, nor about one that was given anew", () => {
    const room = withManagers();
    highRisk(room);
    room.command("mia", "accept risk-m1 fallback page tested, until 20 Nov");
    room.command("max", "accept risk-m1 fallback page tested, until 30 Nov");
    room.advance("2026-12-08T12:00:00Z");
    expect(room.directs.flatMap(({ items }) => items.filter(({ kind }) => kind === "accepted"))).toEqual([]);
  });
});

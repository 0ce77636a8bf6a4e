import { describe, expect, it } from "vitest";
import { ground } from "../../conversations/grounding.ts";
import { scorecard } from "../../conversations/scorecard.ts";
import { groundingContext, writePlain } from "../../conversations/summary.ts";
import { progressOf, riskOfQuestion, risksOf, verdictOf } from "../../conversations/verdict.ts";
import type { SessionState } from "../../src/domain/session.ts";
import {
  DANA,
  emptySession,
  evidence,
  fullSession,
  MARCO,
  NOW,
  withAnswer,
  withEvidence,
  withQuestion,
} from "../fixtures/session.ts";
import { smallCatalogue } from "../fixtures/small-catalogue.ts";

const catalogue = smallCatalogue();
const R2 = catalogue.question("R2")!;
const R5 = catalogue.question("R5")!;
const Q2 = catalogue.question("Q2")!;
const empty = emptySession(catalogue);

function allClear(): SessionState {
  let state = withAnswer(empty, "R2", { text: "two AZs", confirmed: ["r2_two_azs"] });
  state = withAnswer(state, "R5", { text: "tested", confirmed: ["r5_tested", "r5_written"] });
  state = withAnswer(state, "Q2", { text: "fits", confirmed: ["q2_room_at_peak"] });
  return withAnswer(state, "Q7", { text: "fits", confirmed: ["q7_room"] });
}

function accepted(state: SessionState, question: string, until?: string, level?: "HIGH" | "MEDIUM"): SessionState {
  const reason = { words: "w-a", text: "fallback page tested" };
  return {
    ...state,
    accepted: [
      {
        risk: `risk-${question.toLowerCase()}`,
        by: DANA,
        at: "2026-10-29T10:00:00.000Z",
        reason,
        ...(until && { until }),
        ...(level && { level }),
      },
    ],
  };
}

/** R2 with a risk of this level; nothing else is open. */
const R2_AS = {
  NONE: allClear(),
  MEDIUM: withAnswer(allClear(), "R2", { text: "owned", confirmed: ["r2_owned"] }),
  HIGH: withAnswer(allClear(), "R2", { text: "none", confirmed: ["r2_no"] }),
  UNANSWERED: withAnswer(allClear(), "R2", { text: "two AZs", read: ["r2_two_azs"] }),
};

describe("an acceptance", () => {
  it.each([
    ["MEDIUM", "MEDIUM", true],
    ["MEDIUM", "HIGH", false],
    ["MEDIUM", "UNANSWERED", false],
    ["HIGH", "HIGH", true],
    ["HIGH", "MEDIUM", true],
    ["HIGH", "UNANSWERED", true],
  ] as const)("of a %s risk, which is %s now, covers it: %s", (was, is, covers) => {
    const state = accepted(R2_AS[is], "R2", undefined, was);
    const risk = risksOf(state, catalogue).find((one) => one.question === "R2")!;
    expect(risk.level).toBe(is);
    expect(risk.accepted !== undefined).toBe(covers);
    expect(risk.outgrown !== undefined).toBe(!covers);
    const verdict = verdictOf(state, catalogue);
    expect(verdict.verdict).toBe(covers ? "ready_with_accepted_risks" : "not_ready");
    expect(verdict.reasons.join(" ").includes("not accepted as it is now")).toBe(!covers);
    expect(progressOf(state, catalogue).accepted).toBe(covers ? 1 : 0);
    if (is === "HIGH") expect(scorecard(state, catalogue).some(({ colour }) => colour === "RED")).toBe(!covers);
  });

  it("from before levels were kept covers what it covered", () => {
    expect(verdictOf(accepted(R2_AS.HIGH, "R2"), catalogue).verdict).toBe("ready_with_accepted_risks");
  });

  it("that is outgrown is said in the facts and the summary, in words that no writer can turn into an acceptance", () => {
    const state = accepted(R2_AS.HIGH, "R2", undefined, "MEDIUM");
    const context = groundingContext(state, catalogue, new Date(NOW));
    const fact = context.facts.find((one) => one.id === "risk-r2");
    expect(fact?.text).toContain("It is not accepted as it is now: Dana took it on when it was smaller");
    const plain = writePlain(state, catalogue, new Date(NOW));
    expect(plain.markdown).toContain("Dana took it on when it was smaller, and must do so anew");
    expect(ground(plain.sections, context).dropped).toEqual([]);
    const lie = [{ title: "Top risks", sentences: [{ text: "The risk was accepted by Dana.", facts: ["risk-r2"] }] }];
    expect(ground(lie, context).kept).toEqual([]);
  });
});

describe("the risk of a question", () => {
  it("is unanswered while nobody has said anything", () => {
    expect(riskOfQuestion(empty, R2)).toEqual({
      risk: "UNANSWERED",
      because: "Nobody has been asked yet.",
      confirmed: false,
    });
  });

  it("is not lowered by a reading that nobody confirmed, and says so", () => {
    const state = withAnswer(empty, "R2", { text: "two AZs everywhere", read: ["r2_two_azs"] });
    const found = riskOfQuestion(state, R2);
    expect(found.risk).toBe("UNANSWERED");
    expect(found.because).toBe("Said, but my reading of it isn't confirmed, so it doesn't count yet.");
    const silent = withAnswer(empty, "R2", { text: "hm", read: [] });
    expect(riskOfQuestion(silent, R2).because).toBe("Said, but no statement is ticked, so it doesn't count yet.");
  });

  it("follows the rules over what the owner confirmed", () => {
    const state = withAnswer(empty, "R2", { text: "owned", confirmed: ["r2_owned"] });
    expect(riskOfQuestion(state, R2)).toEqual({
      risk: "MEDIUM",
      because: "A single point remains, with an owner and a date.",
      confirmed: true,
    });
  });

  it("never reads the prose: the worst words with a good confirmed choice are no risk", () => {
    const state = withAnswer(empty, "R2", { text: "everything is on fire", confirmed: ["r2_two_azs"] });
    expect(riskOfQuestion(state, R2).risk).toBe("NONE");
  });

  it("takes back a confirmed choice that evidence refutes, and names it", () => {
    const said = withAnswer(empty, "R2", { text: "two AZs", confirmed: ["r2_two_azs"] });
    const item = evidence({ questions: ["R2"], statement: "orders-db is Single-AZ", refutes: ["r2_two_azs"] });
    const found = riskOfQuestion(withEvidence(said, item), R2);
    expect(found.risk).toBe("HIGH");
    expect(found.because).toContain('AWS contradicts "two azs (R2)"');
  });

  it("is lowered by evidence alone where that is enough", () => {
    const item = evidence({ questions: ["R2"], statement: "all in three AZs", proves: ["r2_two_azs"] });
    expect(riskOfQuestion(withEvidence(empty, item), R2)).toMatchObject({ risk: "NONE", confirmed: true });
  });

  it("is raised by evidence that nothing an owner could say would clear", () => {
    const item = evidence({ questions: ["Q2"], statement: "short by 1,344 vCPU", proves: ["q2_short"] });
    expect(riskOfQuestion(withEvidence(empty, item), Q2)).toMatchObject({ risk: "HIGH", confirmed: true });
  });

  it("stays unanswered when evidence proves only half of a good answer", () => {
    const item = evidence({ questions: ["R5"], statement: "a restore job ran on 4 May", proves: ["r5_tested"] });
    expect(riskOfQuestion(withEvidence(empty, item), R5).risk).toBe("UNANSWERED");
  });

  it("holds what one Region proves and another refutes against the choice", () => {
    const proves = evidence({ questions: ["R2"], statement: "fine", proves: ["r2_two_azs"] });
    const refutes = evidence({ questions: ["R2"], statement: "one AZ", region: "eu-west-2", refutes: ["r2_two_azs"] });
    expect(riskOfQuestion(withEvidence(empty, proves, refutes), R2).risk).not.toBe("NONE");
  });

  it("ignores choices of other questions that evidence proves", () => {
    const item = evidence({ questions: ["R2", "Q2"], statement: "x", proves: ["q2_room_at_peak"] });
    expect(riskOfQuestion(withEvidence(empty, item), R2).risk).toBe("UNANSWERED");
  });

  it("doesn't count what was confirmed about words that were all taken back", () => {
    const said = withAnswer(empty, "R2", { text: "two AZs", confirmed: ["r2_two_azs"] });
    const parts = said.questions.R2?.parts.map((part) => ({ ...part, withdrawn: true as const })) ?? [];
    expect(riskOfQuestion(withQuestion(said, "R2", { parts, status: "open" }), R2).risk).toBe("UNANSWERED");
  });

  it("is not applicable when its owner says so, with the reason", () => {
    const reason = { words: "w", text: "no mail" };
    const state = withQuestion(empty, "Q7", { status: "not_applicable", settledBy: MARCO, reason });
    expect(riskOfQuestion(state, catalogue.question("Q7")!)).toEqual({
      risk: "NOT_APPLICABLE",
      because: "Marco said it doesn't apply: no mail.",
      confirmed: true,
    });
  });

  it("is unanswered after a skip, and says who skipped", () => {
    const state = withQuestion(empty, "Q7", { status: "skipped", settledBy: MARCO });
    expect(riskOfQuestion(state, catalogue.question("Q7")!).because).toBe("Marco skipped it.");
  });
});

describe("the verdict", () => {
  it("is ready when every question is confirmed and nothing is high", () => {
    expect(verdictOf(allClear(), catalogue)).toMatchObject({ verdict: "ready", headline: "Ready" });
  });

  it("stays ready with a medium risk, and says it", () => {
    const state = withAnswer(allClear(), "R2", { text: "owned", confirmed: ["r2_owned"] });
    const { verdict, reasons } = verdictOf(state, catalogue);
    expect(verdict).toBe("ready");
    expect(reasons).toEqual([
      "1 medium risk to keep an eye on: Single points of failure (R2).",
      "3 questions are settled with no risk left.",
    ]);
  });

  it("is not ready with an open high risk", () => {
    const state = withAnswer(allClear(), "R5", { text: "none", confirmed: ["r5_no"] });
    expect(verdictOf(state, catalogue)).toMatchObject({ verdict: "not_ready" });
  });

  it("is not ready while a reading isn't confirmed", () => {
    const state = withAnswer(allClear(), "R5", { text: "tested", read: ["r5_tested", "r5_written"] });
    expect(verdictOf(state, catalogue).verdict).toBe("not_ready");
  });

  it("is ready with accepted risks once the high ones are accepted by name", () => {
    const state = accepted(withAnswer(allClear(), "R5", { text: "none", confirmed: ["r5_no"] }), "R5");
    const { verdict, reasons } = verdictOf(state, catalogue);
    expect(verdict).toBe("ready_with_accepted_risks");
    expect(reasons[0]).toBe("1 risk was accepted by name: Restoration plans (Dana).");
  });

  it("doesn't count an acceptance that ends before the event", () => {
    const high = withAnswer(allClear(), "R5", { text: "none", confirmed: ["r5_no"] });
    expect(verdictOf(accepted(high, "R5", "2026-11-20"), catalogue).verdict).toBe("not_ready");
    expect(verdictOf(accepted(high, "R5", "2026-11-30"), catalogue).verdict).toBe("ready_with_accepted_risks");
  });

  it("is not ready after one no-go, whatever the risks say, and records the dissent", () => {
    const reason = { words: "w", text: "the payment provider worries me" };
    const signature = { by: DANA, go: false, at: "2026-11-20T10:00:00.000Z", reason };
    const decision = { version: 1, openedBy: MARCO, openedAt: "2026-11-20T09:00:00.000Z", status: "open" as const };
    const state = { ...allClear(), decisions: [{ ...decision, signatures: [signature] }] };
    const { verdict, reasons } = verdictOf(state, catalogue);
    expect(verdict).toBe("not_ready");
    expect(reasons[0]).toBe("Dana signed no-go: the payment provider worries me.");
  });
});

describe("register, scorecard, progress and due dates", () => {
  it("counts as settled only what somebody answered, however well AWS speaks of it", () => {
    const proved = withEvidence(empty, evidence({ questions: ["R2"], proves: ["r2_two_azs"], statement: "Two AZs." }));
    expect(riskOfQuestion(proved, R2).risk).toBe("NONE");
    const settled = (state: SessionState) =>
      verdictOf(state, catalogue).reasons.find((one) => /no risk left/.test(one));
    expect(settled(proved)).toBeUndefined();
    expect(settled(withAnswer(proved, "R2", { text: "two AZs" }))).toMatch(/^1 question/);
    expect(settled(allClear())).toMatch(/^4 questions/);
  });

  it("lists what isn't cleared, worst first, with owner and due date", () => {
    let state = withAnswer(allClear(), "R2", { text: "owned", confirmed: ["r2_owned"] });
    state = withAnswer(state, "R5", { text: "none", confirmed: ["r5_no"] });
    state = { ...state, modules: { ...state.modules, resilience: { ...state.modules.resilience!, owner: MARCO } } };
    expect(risksOf(state, catalogue).map(({ id, level, owner, due }) => [id, level, owner?.name, due])).toEqual([
      ["risk-r5", "HIGH", "Marco", "2026-11-13T17:00:00.000Z"],
      ["risk-r2", "MEDIUM", "Marco", "2026-10-30T17:00:00.000Z"],
    ]);
  });

  it("colours a row red for an open high risk, yellow for an accepted one, grey for an unknown one, green when cleared", () => {
    const colours = (state: SessionState) =>
      Object.fromEntries(scorecard(state, catalogue).map((row) => [row.id, row.colour]));
    const high = withAnswer(allClear(), "R5", { text: "none", confirmed: ["r5_no"] });
    expect(colours(allClear())).toEqual({ architecture: "GREEN", recovery: "GREEN", capacity: "GREEN", mail: "GREEN" });
    expect(colours(high).recovery).toBe("RED");
    expect(colours(accepted(high, "R5")).recovery).toBe("YELLOW");
    expect(colours(empty).recovery).toBe("GREY");
  });

  it("says of a row that isn't answered no more than that, and of one that isn't confirmed that it is at risk for that", () => {
    const rows = (state: SessionState) =>
      Object.fromEntries(scorecard(state, catalogue).map(({ id, state: shown, reason }) => [id, { shown, reason }]));
    expect(rows(empty).architecture).toEqual({
      shown: "not_answered",
      reason: "Single points of failure: Nobody has been asked yet.",
    });
    const unconfirmed = withAnswer(allClear(), "R2", { text: "two AZs", read: ["r2_two_azs"] });
    expect(rows(unconfirmed).architecture).toEqual({
      shown: "at_risk",
      reason: "At risk, because it isn't confirmed yet: single points of failure.",
    });
    expect(JSON.stringify(rows(fullSession(catalogue)))).not.toContain("Not known");
  });

  it("counts progress by module and by pillar", () => {
    const state = withAnswer(empty, "R2", { text: "two AZs", confirmed: ["r2_two_azs"] });
    const { done, total, unanswered, modules, pillars } = progressOf(state, catalogue);
    expect({ done, total, unanswered }).toEqual({ done: 1, total: 4, unanswered: 3 });
    expect(modules.map(({ id, done, total, state }) => [id, done, total, state])).toEqual([
      ["resilience", 1, 2, "not_answered"],
      ["service-quotas", 0, 2, "not_answered"],
    ]);
    expect(pillars.map(({ id, done, total }) => [id, done, total])).toEqual([["reliability", 1, 4]]);
  });

  it("copes with a full session and with a catalogue that has lost a question", () => {
    const full = fullSession(catalogue);
    expect(verdictOf(full, catalogue).verdict).toBe("not_ready");
    const less = { ...catalogue, question: (id: string) => (id === "R2" ? undefined : catalogue.question(id)) };
    expect(progressOf(full, less).total).toBe(3);
  });
});

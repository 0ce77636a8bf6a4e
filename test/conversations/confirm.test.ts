import { describe, expect, it } from "vitest";
import { standardCatalogue } from "../../conversations/catalogue/index.ts";
import { confirmCard } from "../../conversations/views/confirm.ts";
import { emptySession, evidence, withAnswer, withEvidence } from "../fixtures/session.ts";
import { type Room, said, startedRoom, wordsOf } from "./room.ts";

/** Oli answers every question of Resilience; a follow-up is left. */
function answered(answer: (id: string) => string): Room {
  const room = startedRoom();
  room.press("oli", "claim", { module: "resilience" });
  room.run();
  for (let id = room.open("oli"), rounds = 0; id !== undefined && rounds < 20; rounds++) {
    const asksMore = room.state.questions[id]!.followUp?.answered === false;
    room.say("oli", "resilience", asksMore ? "skip" : answer(id));
    room.run();
    id = room.open("oli");
  }
  return room;
}

describe("a module's closing card, when no answer was matched", () => {
  it("asks for the ticks, and says for each question what none would mean", () => {
    const room = answered((id) => `Zwölf Monde über ${id}`);
    expect(Object.values(room.state.questions).every(({ read }) => read.length === 0)).toBe(true);
    const card = wordsOf(room.card("confirm:resilience"));
    expect(card).toContain(
      "Resilience is answered. I couldn't match your words to these statements. Tick what is true.",
    );
    expect(card).not.toContain("This is how I read you");
    expect(card.match(/Nothing ticked yet\. Confirmed like this it counts as high risk\./g)).toHaveLength(6);
    expect(card).toContain("R2: Zwölf Monde über R2\nR2 · single points of failure");
  });
  it("tells what came of a tap, and where to change it", () => {
    const room = answered((id) => `Zwölf Monde über ${id}`);
    const first = standardCatalogue.question("R1")!.choices[0]!.id;
    expect(said(room.press("oli", "confirm", { module: "resilience" }, { R1: [first] }))).toBe(
      'Resilience is confirmed: 🔴 5 high risk · 🟢 1 ready. "Change the reading" is on the card.',
    );
    expect(wordsOf(room.card("confirm:resilience"))).toContain("[Change the reading]");
  });
});

describe("a module's closing card", () => {
  it("is the reading where there is one, with the answer's words in one line above its boxes", () => {
    const state = withAnswer(
      emptySession(standardCatalogue),
      "M1",
      { text: "The NAT gateway" },
      { text: `Sam owns it, ${"and so on ".repeat(20)}`, read: [standardCatalogue.question("M1")!.choices[0]!.id] },
    );
    const view = { now: new Date("2026-10-30T09:30:00Z"), catalogue: standardCatalogue, command: "/readiness" };
    const card = wordsOf(confirmCard(state, "monitoring", view));
    expect(card).toContain("Monitoring is answered. This is how I read you; change what's wrong.");
    const [, line = ""] = card.split("\n");
    expect(line).toMatch(/^M1: The NAT gateway · Sam owns it, .*…$/);
    expect(line.length).toBeLessThanOrEqual(80 + "M1: ".length);
    expect(card).not.toContain("Nothing ticked");
  });
  it("keeps the parts of an answer apart in its thread's one line, too", () => {
    const room = startedRoom();
    room.press("oli", "claim", { module: "security" });
    room.run();
    for (const text of ["The NAT gateway", "Sam owns it"]) room.say("oli", "security", text);
    room.run();
    if (room.status("S1") === "open") room.say("oli", "security", "skip");
    room.run();
    expect(wordsOf(room.card(`question:S1:${room.state.questions.S1!.version}`))).toContain(
      "Oli: The NAT gateway · Sam owns it",
    );
  });
  it("marks what AWS shows, and counts it in what nothing ticked comes to", () => {
    const question = standardCatalogue.question("R2")!;
    const view = { now: new Date("2026-10-30T09:30:00Z"), catalogue: standardCatalogue, command: "/readiness" };
    const state = ["R1", "R2", "R3", "R4", "R5", "R6"].reduce(
      (before, id) => withAnswer(before, id, { text: "said", read: [] }),
      emptySession(standardCatalogue),
    );
    const clear = question.choices.find(({ id }) => question.rules[0]!.when.startsWith(id))!;
    const shown = evidence({ questions: ["R2"], statement: "all in three AZs", proves: [clear.id] });
    const card = wordsOf(confirmCard(withEvidence(state, shown), "resilience", view));
    expect(card).toContain(`AWS shows this: ${clear.text}.\nNothing ticked yet. Confirmed like this it counts as `);
    expect(card.match(/AWS shows this/g)).toHaveLength(1);
  });
});

import { describe, expect, it } from "vitest";
import { type Room, said, startedRoom, wordsOf } from "./room.ts";

/** Security is answered: S1 and S2 by Oli, its owner, S3 by Uma, to whom he handed it. */
function answeredByTwo(): Room {
  const room = startedRoom();
  room.press("oli", "claim", { module: "security" });
  room.command("fay", "assign S3 @uma", [{ label: "@uma", user: "uma", name: "Uma" }]);
  room.run();
  for (let rounds = 0; rounds < 8; rounds++) {
    for (const person of ["oli", "uma"]) {
      const open = room.open(person);
      if (open !== undefined) room.say(person, "security", `For ${open}: only two on-call engineers, by SSO with MFA`);
      room.run();
    }
  }
  expect(["S1", "S2", "S3"].map((id) => room.status(id))).toEqual(["answered", "answered", "answered"]);
  return room;
}

const confirmedBy = (room: Room) =>
  ["S1", "S2", "S3"].map((id) => room.state.questions[id]!.confirmed?.by.split(":").at(-1));

describe("confirming a module's readings", () => {
  it("a delegate confirms what was handed to them; the rest is left to the owner", () => {
    const room = answeredByTwo();
    const ticks = { S1: ["s1_no"], S2: ["s2_no"], S3: ["s3_no"] };
    const reply = said(room.press("uma", "confirm", { module: "security", arg: "S1,S2,S3" }, ticks));
    expect(confirmedBy(room)).toEqual([undefined, undefined, "uma"]);
    expect(reply).toBe("S3 is confirmed. S1 and S2 are left to Oli.");
    expect(room.state.modules.security!.confirmedAt).toBeUndefined();
    expect(wordsOf(room.card("confirm:security"))).toContain("S1 ·");
  });

  it("the module is confirmed once its owner confirms the rest", () => {
    const room = answeredByTwo();
    room.press("uma", "confirm", { module: "security" });
    expect(said(room.press("oli", "confirm", { module: "security" }))).toContain("Security is confirmed: ");
    expect(confirmedBy(room)).toEqual(["oli", "oli", "uma"]);
    expect(room.state.modules.security!.confirmedAt).toBeDefined();
    expect(wordsOf(room.card("confirm:security"))).toContain("Confirmed by Oli, Uma.");
    expect(room.refold()).toEqual(room.state);
  });

  it("an owner confirms all of it, also what a delegate answered", () => {
    const room = answeredByTwo();
    room.press("oli", "confirm", { module: "security" });
    expect(confirmedBy(room)).toEqual(["oli", "oli", "oli"]);
    expect(said(room.press("uma", "confirm", { module: "security" }))).toContain("Security is confirmed: ");
  });

  it("a delegate of nothing in it confirms nothing", () => {
    const room = answeredByTwo();
    expect(said(room.press("pat", "confirm", { module: "security" }))).toContain(
      "Only Oli and the facilitator, Fay, can confirm Security",
    );
    expect(confirmedBy(room)).toEqual([undefined, undefined, undefined]);
  });
});

describe("ticks in the answer form", () => {
  const hint = (room: Room, person: string) => {
    const reply = room.press(person, "answer", { question: "R1", version: 1 });
    const fields = reply?.kind === "form" ? reply.form.fields : [];
    return fields.find(({ name }) => name === "choices")?.hint;
  };
  const answers = (room: Room, person: string, choices: string[], answer = "no open cases, Sam checked") =>
    room.deliver({
      kind: "form",
      receipts: [`form:${person}:${choices.join()}`],
      actor: room.actor(person),
      address: room.home,
      form: "answer",
      context: { session: room.state.id, question: "R1", version: 1 },
      values: { answer, choices },
    });
  const owned = () => {
    const room = startedRoom();
    room.press("oli", "claim", { module: "resilience" });
    room.run();
    return room;
  };

  it("are the owner's word, and a suggestion of anybody else; the form says which", () => {
    const room = owned();
    expect(hint(room, "oli")).toBe("What you tick here counts for the risk. Leave it open if you aren't sure.");
    expect(hint(room, "pat")).toBe("What you tick is a suggestion; the owner confirms it.");
    answers(room, "oli", ["r1_listed"]);
    expect(room.state.questions.R1).toMatchObject({ confirmed: { choices: ["r1_listed"], by: room.id("oli") } });
  });

  it("of somebody else are how the answer is read, ticked for the owner to confirm", () => {
    const room = owned();
    answers(room, "pat", ["r1_owned_with_plan"]);
    room.run();
    expect(room.state.questions.R1).toMatchObject({ status: "answered", read: ["r1_owned_with_plan"] });
    expect(room.state.questions.R1!.confirmed).toBeUndefined();
    expect(room.refold()).toEqual(room.state);
    // The same words with other ticks: only the reading moves.
    answers(room, "pat", ["r1_frozen"]);
    expect(room.state.questions.R1).toMatchObject({ read: ["r1_frozen"] });
    expect(room.state.questions.R1!.parts).toHaveLength(1);
  });

  it("are about those words: other words are read anew", () => {
    const room = owned();
    answers(room, "pat", ["r1_owned_with_plan"]);
    answers(room, "oli", [], "There is one open case and nobody looks at it");
    expect(room.state.questions.R1!.read).not.toEqual(["r1_owned_with_plan"]);
  });

  it("of somebody else move nothing that its owner confirmed", () => {
    const room = owned();
    answers(room, "oli", ["r1_listed"]);
    answers(room, "pat", ["r1_frozen"]);
    expect(room.state.questions.R1).toMatchObject({ confirmed: { choices: ["r1_listed"], by: room.id("oli") } });
  });
});

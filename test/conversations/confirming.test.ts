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
    expect(said(room.press("oli", "confirm", { module: "security" }))).toBe("Security is confirmed.");
    expect(confirmedBy(room)).toEqual(["oli", "oli", "uma"]);
    expect(room.state.modules.security!.confirmedAt).toBeDefined();
    expect(wordsOf(room.card("confirm:security"))).toContain("Confirmed by Oli, Uma.");
    expect(room.refold()).toEqual(room.state);
  });

  it("an owner confirms all of it, also what a delegate answered", () => {
    const room = answeredByTwo();
    room.press("oli", "confirm", { module: "security" });
    expect(confirmedBy(room)).toEqual(["oli", "oli", "oli"]);
    expect(said(room.press("uma", "confirm", { module: "security" }))).toBe("Security is confirmed.");
  });

  it("a delegate of nothing in it confirms nothing", () => {
    const room = answeredByTwo();
    expect(said(room.press("pat", "confirm", { module: "security" }))).toContain("Only Oli can confirm Security");
    expect(confirmedBy(room)).toEqual([undefined, undefined, undefined]);
  });
});

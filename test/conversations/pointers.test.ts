import { describe, expect, it } from "vitest";
import { type Room, startedRoom, wordsOf } from "./room.ts";

/** Oli owns Resilience and Performance; R1–R4 and P1, P2, P4 are due on the same day. */
function ownerOfTwo(): Room {
  const room = startedRoom();
  room.press("oli", "claim", { module: "resilience" });
  room.press("oli", "claim", { module: "performance" });
  room.run();
  return room;
}

/** A minute later, so that it is known what was settled last. */
function skips(room: Room, question: string): void {
  expect(room.open("oli")).toBe(question);
  room.now += 60_000;
  room.say("oli", room.state.questions[question]!.module, "skip");
  room.run();
}

describe("where an interview goes on", () => {
  it("stays in the module of the last answer while what is due elsewhere is no more urgent", () => {
    const room = ownerOfTwo();
    for (const question of ["R1", "R2", "R3"]) skips(room, question);
    expect(room.open("oli")).toBe("R4");
    expect(wordsOf(room.card("question:R3:1"))).not.toContain("Next:");
  });

  it("is said on the line of the last answer when it is another module, without a post", () => {
    const room = ownerOfTwo();
    for (const question of ["R1", "R2", "R3"]) skips(room, question);
    const posts = room.posts.length;
    room.drawn.clear();
    skips(room, "R4");
    expect(room.open("oli")).toBe("P1");
    expect(room.posts).toHaveLength(posts);
    expect(room.drawn.get("question:R4:1")).toContain("Next: P1 in Performance");
    expect(wordsOf(room.card("question:R3:1"))).not.toContain("Next:");
  });

  it("is no longer said there once it went on", () => {
    const room = ownerOfTwo();
    for (const question of ["R1", "R2", "R3", "R4"]) skips(room, question);
    skips(room, "P1");
    expect(room.open("oli")).toBe("P2");
    expect(room.drawn.get("question:R4:1")).not.toContain("Next:");
  });

  it("is no longer said there once the next one is handed to somebody else", () => {
    const room = ownerOfTwo();
    for (const question of ["R1", "R2", "R3", "R4"]) skips(room, question);
    room.command("fay", "assign P1 @pat", [{ label: "@pat", user: "pat", name: "Pat" }]);
    room.run();
    expect(room.open("oli")).toBe("P2");
    expect(room.drawn.get("question:R4:1")).toContain("Next: P2 in Performance");
  });

  it("is not said once the session is over", () => {
    const room = ownerOfTwo();
    for (const question of ["R1", "R2", "R3", "R4"]) skips(room, question);
    room.command("fay", "close");
    room.run();
    expect(room.drawn.get("question:R4:1")).not.toContain("Next:");
  });

  it("is another module's question at once where that one is more urgent", () => {
    const room = startedRoom();
    room.press("oli", "claim", { module: "security" });
    room.press("oli", "claim", { module: "performance" });
    room.run();
    skips(room, "S1");
    expect(room.open("oli")).toBe("P1");
    expect(wordsOf(room.card("question:S1:1"))).toContain("Next: P1 in Performance");
  });
});

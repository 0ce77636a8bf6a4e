import { describe, expect, it } from "vitest";
import { startedRoom, wordsOf } from "./room.ts";

const room = () => {
  const room = startedRoom();
  room.press("omar", "claim", { module: "security" });
  room.run();
  return room;
};

describe.each(["close", "cancel"])("after `%s`", (how) => {
  it("an open question is one quiet line, and nobody is asked for anything", () => {
    const ended = room();
    ended.command("fay", how);
    ended.run();
    expect(ended.card("question:S1:1").blocks).toHaveLength(1);
    for (const key of Object.keys(ended.state.posts)) {
      if (key.startsWith("question:") || key.startsWith("follow_up:")) {
        const words = wordsOf(ended.card(key));
        expect(words, key).not.toMatch(/\[|due/);
        expect(words.split("\n"), key).toHaveLength(1);
      }
    }
    expect(wordsOf(ended.card("question:S1:1"))).toContain("S1 · not answered · ");
  });

  it("nothing in a thread has a button any more, not even a reading that waits to be confirmed", () => {
    const ended = room();
    for (const module of ["monitoring", "security"]) {
      ended.press("omar", "claim", { module });
      ended.run();
    }
    for (let asked = ended.open("omar"); asked !== undefined; asked = ended.open("omar")) {
      ended.say("omar", ended.state.questions[asked]!.module, "n/a, but see below, it is on one dashboard");
      ended.press("omar", "answer", { question: asked }, { answer: "on one dashboard" });
      ended.run();
    }
    ended.press("omar", "confirm", { module: "monitoring" });
    ended.command("fay", how);
    ended.run();
    expect(wordsOf(ended.card("confirm:security"))).toBe("Security was answered. How I read it was not confirmed.");
    expect(wordsOf(ended.card("confirm:monitoring"))).toBe("Monitoring is answered. Confirmed by Omar.");
    for (const key of Object.keys(ended.state.posts)) expect(wordsOf(ended.card(key)), key).not.toContain("[");
  });

  it("what was being said is the answer, also where a follow-up was out", () => {
    for (const settle of [false, true]) {
      const ended = room();
      ended.say("omar", "security", "we rotated something");
      ended.run({ settle });
      expect(ended.status("S1")).toBe(settle ? "open" : "settling");
      ended.command("fay", how);
      const posts = ended.posts.length;
      ended.run();
      // Who ended it is said in the header's thread; nothing else is.
      expect(ended.state.questions.S1).toMatchObject({ status: "answered", settledBy: ended.id("omar") });
      expect(ended.posts.slice(posts).map(({ key }) => key.split(":")[0])).toEqual(["note"]);
      expect(wordsOf(ended.card("question:S1:1"))).toContain("Omar: we rotated something");
      if (settle) expect(wordsOf(ended.card("follow_up:S1:1"))).not.toContain("[");
    }
  });
});

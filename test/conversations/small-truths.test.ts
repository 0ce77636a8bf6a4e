import { describe, expect, it } from "vitest";
import { type Room, said, startedRoom, wordsOf } from "./room.ts";

/** Small truths in cards and answers: what waits, what is missing, who may, and why something is open again. */

const status = (room: Room) => {
  const reply = room.command("fay", "status");
  return reply?.kind === "message" ? wordsOf(reply.message) : said(reply);
};

describe("status", () => {
  it("names every answer that waits to be confirmed, also one that nothing could be read in", () => {
    const room = startedRoom();
    room.command("fay", "answer P1 wibble wobble");
    room.command("fay", "answer R2 two zones, tested in May");
    room.run();
    expect(room.state.questions.P1).toMatchObject({ status: "answered", read: [] });
    expect(status(room)).toContain("Waiting to be confirmed: P1, R2.");
  });
});

describe("a module's card", () => {
  it("lists what the Scope lacks as a sentence does", () => {
    const room = startedRoom();
    expect(wordsOf(room.card("module:service-quotas"))).toContain(
      "The Scope still lacks an AWS account, Regions and the expected peak.",
    );
    expect(wordsOf(room.card("module:performance"))).toContain(
      "The Scope still lacks hostnames and a load-test target.",
    );
    expect(wordsOf(room.card("module:resilience"))).toContain("The Scope still lacks Regions.");
  });
});

describe("what the facilitator and the managers may", () => {
  it("is refused to others by naming both", () => {
    const room = startedRoom();
    expect(said(room.command("pat", "export md"))).toContain("can export the session");
    expect(said(room.command("pat", "summary"))).toContain("can ask for a summary");
  });
});

describe("words that are gone", () => {
  it("are called erased, whoever or whatever erased them", () => {
    const room = startedRoom();
    room.command("fay", "answer R1 two zones, tested in May");
    room.run();
    const parts = room.state.questions.R1!.parts.map((part) => ({ ...part, words: { ...part.words, text: null } }));
    room.session = {
      ...room.state,
      questions: { ...room.state.questions, R1: { ...room.state.questions.R1!, parts } },
    };
    expect(wordsOf(room.card("question:R1:1"))).toContain("(erased)");
  });
});

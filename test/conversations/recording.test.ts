import { describe, expect, it } from "vitest";
import { type Room, said, startedRoom, wordsOf } from "./room.ts";

const names = { oli: "Oli", uma: "Uma", una: "Una" };

/** "Record as answer" on a message in Resilience's thread. */
function records(room: Room, by: string, messageId: string, author: keyof typeof names, text: string) {
  return room.deliver({
    kind: "record",
    receipts: [`record:${by}:${messageId}`],
    actor: room.actor(by),
    address: room.thread("resilience"),
    messageId,
    sentAt: Number(messageId.slice(1)),
    author,
    authorName: names[author],
    text,
    mentions: [],
  });
}

/** Oli owns Resilience; R1 went to Uma and its follow-up is open; R2 is open to Oli, in the same thread. */
function twoOpen(): Room {
  const room = startedRoom();
  room.press("oli", "claim", { module: "resilience" });
  room.run();
  room.command("fay", "assign R1 @uma", [{ label: "@uma", user: "uma", name: "Uma" }]);
  room.run();
  room.say("uma", "resilience", "two open cases");
  room.run();
  expect(room.state.questions.R1!.followUp?.answered).toBe(false);
  expect(room.open("oli")).toBe("R2");
  return room;
}

const WORDS = "two zones, and the database is Multi-AZ since May, tested, owner Sam";

describe("recording a message as an answer", () => {
  it("answers the recorder's own open question there, in its author's name", () => {
    const room = twoOpen();
    const message = room.say("una", "resilience", WORDS);
    expect(said(records(room, "oli", message, "una", WORDS))).toBe("Recorded for R2.");
    room.run();
    if (room.status("R2") === "open") room.say("oli", "resilience", "skip");
    room.run();
    expect(room.state.questions.R2).toMatchObject({
      status: "answered",
      parts: [{ by: room.id("una"), messageId: message }],
    });
    expect(room.drawn.get("question:R2:1")).toContain(`Una: ${WORDS}`);
    expect(room.drawn.get("question:R2:1")).not.toContain("Oli:");
    expect(room.state.questions.R1).toMatchObject({ status: "open", followUp: { answered: false } });
    expect(room.reactions.has(message)).toBe(true);
    expect(room.refold()).toEqual(room.state);
  });

  it("answers the author's own open question where none is the recorder's", () => {
    const room = twoOpen();
    const message = room.say("uma", "resilience", "// both with AWS, plan is a fallback");
    expect(said(records(room, "pat", message, "uma", "both with AWS, plan is a fallback"))).toBe("Recorded for R1.");
    expect(room.state.questions.R1).toMatchObject({ status: "answered", settledBy: room.id("pat") });
  });

  it("answers what is addressed to nobody where it is neither's", () => {
    const room = startedRoom();
    const message = room.say("una", "resilience", WORDS);
    expect(said(records(room, "pat", message, "una", WORDS))).toBe("Recorded for R1.");
    expect(room.state.questions.R1).toMatchObject({
      status: "answered",
      settledBy: room.id("pat"),
      parts: [{ by: room.id("una") }],
    });
  });

  it("asks which one is meant where several could be, and records it for the one that is pressed", () => {
    const room = twoOpen();
    const message = room.say("una", "resilience", WORDS);
    const reply = records(room, "pat", message, "una", WORDS);
    const card = reply?.kind === "message" ? reply.message : undefined;
    expect(card && wordsOf(card)).toMatch(/Which question does this of Una answer\?\n.*\n\[R1 · .*\] \[R2 · .*\]/);
    expect([room.status("R1"), room.status("R2")]).toEqual(["open", "open"]);
    const buttons = card?.blocks.flatMap((block) => (block.kind === "buttons" ? block.buttons : [])) ?? [];
    const { action, value } = buttons[1]!;
    // Before anybody chose, its author put it better.
    room.edit("una", "resilience", message, `${WORDS}, twice`);
    expect(said(room.press("pat", action, value))).toBe("Recorded for R2.");
    room.run();
    expect(room.state.questions.R2).toMatchObject({
      status: "answered",
      settledBy: room.id("pat"),
      parts: [{ by: room.id("una"), messageId: message }],
    });
    expect(room.answer("R2")).toBe(`${WORDS}, twice`);
    expect(room.status("R1")).toBe("open");
    expect(said(room.press("pat", action, value))).toContain("R2 isn't open any more: Pat answered it.");
    expect(room.refold()).toEqual(room.state);
  });

  it("names each of several authors on the card", () => {
    const room = twoOpen();
    const message = room.say("una", "resilience", "both are with AWS, fallback is the old region");
    const reply = records(room, "pat", message, "una", "both are with AWS, fallback is the old region");
    const card = reply?.kind === "message" ? reply.message : undefined;
    const buttons = card?.blocks.flatMap((block) => (block.kind === "buttons" ? block.buttons : [])) ?? [];
    room.press("pat", "record_for", buttons[0]!.value);
    room.run();
    expect(room.drawn.get("question:R1:1")).toContain(
      "Uma: two open cases · Una: both are with AWS, fallback is the old region",
    );
  });

  it("follows the message: what its author edits and deletes", () => {
    const room = startedRoom();
    const message = room.say("una", "resilience", WORDS);
    records(room, "pat", message, "una", WORDS);
    room.edit("una", "resilience", message, "three zones");
    expect(room.answer("R1")).toBe("three zones");
    room.remove("una", "resilience", message);
    expect(room.status("R1")).toBe("waiting");
  });

  it("records a message once, and what is an answer already once more for another question", () => {
    const room = twoOpen();
    const [{ messageId }] = [room.state.questions.R1!.parts[0]!];
    records(room, "oli", messageId, "uma", "two open cases");
    expect(room.answer("R1")).toBe("two open cases");
    expect(room.answer("R2")).toBe("two open cases");
    room.edit("uma", "resilience", messageId, "three open cases");
    expect([room.answer("R1"), room.answer("R2")]).toEqual(["three open cases", "two open cases"]);
  });

  it("says so where nothing is open, and asks first where only another thread's question is", () => {
    const room = startedRoom();
    room.press("oli", "claim", { module: "resilience" });
    room.press("oli", "claim", { module: "security" });
    room.run();
    const message = room.say("una", "resilience", WORDS);
    for (let rounds = 0; room.open("oli")?.startsWith("R") && rounds < 10; rounds++) {
      room.say("oli", "resilience", "skip");
      room.run();
    }
    expect(said(records(room, "pat", message, "una", WORDS))).toContain("No question is open in this thread");
    const reply = records(room, "oli", message, "una", WORDS);
    expect(said(reply)).toContain("Which question");
    expect(reply?.kind === "message" && wordsOf(reply.message)).toMatch(/\[S1 · .*\]/);
  });
});

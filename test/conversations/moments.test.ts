import { describe, expect, it } from "vitest";
import type { Message, Rich } from "../../src/domain/message.ts";
import { type Room, startedRoom, wordsOf } from "./room.ts";

/** Every line of a card but its heading, which no platform can show by anybody's clock. */
function linesOf({ blocks }: Message): Rich[] {
  return blocks.flatMap((block): Rich[] => {
    if (block.kind === "text" || block.kind === "context") return [block.text];
    return block.kind === "list" ? block.items : [];
  });
}

/** Days and times that stand in a card as words, the same for everybody wherever they are. */
function fixedMoments(message: Message): string[] {
  const words = linesOf(message)
    .flat()
    .flatMap((inline) => {
      if (typeof inline === "string") return [inline];
      return "strong" in inline ? [inline.strong] : "soft" in inline ? [inline.soft] : [];
    });
  return words.filter((text) =>
    /\b\d{1,2} (?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)\b|\b\d\d:\d\d\b/.test(text),
  );
}

function decided(): Room {
  const room = startedRoom();
  room.form("fay", "scope", undefined, { managers: [room.id("mia")] }, { [room.id("mia")]: "Mia" });
  room.press("oli", "claim", { module: "monitoring" });
  room.run();
  room.command("fay", "decide");
  room.command("mia", "decide go if the increase lands by Tuesday");
  room.command("fay", "note the doors are open");
  room.form("fay", "start", "edit", { name: "Black Friday", date: "2026-12-04", time: "09:00" });
  room.run();
  return room;
}

describe("days and times in a session's cards", () => {
  const room = decided();

  it.each([
    ["header", "Next: ", "by Fri 23 Oct."],
    ["question:M1:1", "M1 · 1 of 1 · due Fri 6 Nov", ""],
    ["scope", "Kickoff: every module has an owner", "Fri 4 Dec"],
    ["decision:1", "Signed: Mia go", "looked at on Tue 20 Oct."],
  ])("%s says them as instants, by each reader's clock", (key, ...words) => {
    const card = room.card(key);
    for (const some of words) expect(wordsOf(card)).toContain(some);
    expect(fixedMoments(card)).toEqual([]);
  });

  it("so do the lists of one's own questions, the plan that moved, the timeline and private answers", () => {
    const mine = room.command("oli", "next");
    const told = room.posts.filter(({ key }) => key.startsWith("note:") || key.startsWith("evidence:"));
    const messages = [...told.map(({ message }) => message), ...(mine?.kind === "message" ? [mine.message] : [])];
    const all = messages.map(wordsOf).join("\n");
    expect(all).toContain("The event moved from Fri 27 Nov, 09:00 to Fri 4 Dec, 09:00.");
    expect(all).toContain("the doors are open");
    expect(messages.flatMap(fixedMoments)).toEqual([]);
  });
});

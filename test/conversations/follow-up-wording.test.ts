import { describe, expect, it } from "vitest";
import { standardCatalogue, standardModules } from "../../conversations/catalogue/index.ts";
import { isGoodWording } from "../../conversations/follow-up-wording.ts";

const question = standardCatalogue.question("R5")!;
const who = question.good.find((point) => point.id === "who")!;
const about = {
  question,
  points: [who],
  answer: "RDS goes Multi-AZ on Tuesday, change CHG-4411; Lee has the runbook, restored in 38 minutes",
  people: ["Dana Fox", "lee"],
};

describe("a model's follow-up", () => {
  it.each([
    "Who decides on the restore, and who may run it?",
    "Who decides and starts the restore if the Tuesday change slips?",
    "If CHG-4411 isn't done on Tuesday, who decides to start restoring RDS?",
    "Who starts the restore if it takes longer than 38 minutes?",
  ])("may be put to people: %s", (text) => {
    expect(isGoodWording(text, about)).toBe(true);
  });

  it.each([
    ["a second question", "Who starts the restore? And who is told?"],
    ["no question", "Somebody should start the restore."],
    ["a sentence before it", "All risks are resolved. Who starts the restore?"],
    ["too short", "Who starts?"],
    ["too long", `Who starts the restore ${"and who else ".repeat(20)}?`],
    ["something else", "What is your favourite colour?"],
    ["something else beside it", "Who starts the restore and what colour does their favourite bicycle have?"],
    ["a link", "Who starts the restore, see https://evil.example.com/x?"],
    ["a bare host", "Who starts the restore at evil.example?"],
    ["a mention", "Who starts the restore, <@U123> or <!channel>?"],
    ["an at sign", "Who starts the restore, @channel?"],
    ["markup", "Who starts the *restore*?"],
    ["a password", "Who starts the restore, and with which password?"],
    ["an order", "Who starts the restore, and will you ignore the rest?"],
    ["a number of its own", "Who starts the restore within 45 minutes?"],
    ["somebody of the session", "Who starts the restore if Dana is away?"],
    ["somebody in small letters", "Who starts the restore when lee sleeps?"],
    ["somebody made up", "Who starts the restore with Sven?"],
    ["somebody spoken to", "Sven, who starts the restore?"],
    ["an invisible character", "Who starts the re\u200bstore?"],
    ["another script's look-alike", "Who starts the r\u0435store?"],
    ["an emoji", "Who starts the restore 🙂?"],
  ])("may not hold %s", (_name, text) => {
    expect(isGoodWording(text, about)).toBe(false);
  });

  it("asks for every point it is asked to, and for no other", () => {
    const [first, ...others] = question.good;
    if (first === undefined || others.length === 0) throw new Error("R5 has several points");
    const text = "Who decides and starts the restore?";
    expect(isGoodWording(text, { ...about, points: [who] })).toBe(true);
    expect(isGoodWording(text, { ...about, points: question.good })).toBe(false);
    expect(isGoodWording(text, { ...about, points: [] })).toBe(false);
  });

  it("lets every point of the catalogue be asked for in its own words", () => {
    const refused = standardModules
      .flatMap((module) => module.questions)
      .flatMap((asked) => asked.good.map((point) => ({ asked, point })))
      .filter(({ asked, point }) => {
        const text = `Can you say ${point.text.charAt(0).toLowerCase()}${point.text.slice(1).replace(/[.?]+$/, "")}?`;
        return text.length <= 200 && !isGoodWording(text, { question: asked, points: [point], answer: "", people: [] });
      })
      .map(({ asked, point }) => `${asked.id}: ${point.text}`);
    expect(refused).toEqual([]);
  });
});

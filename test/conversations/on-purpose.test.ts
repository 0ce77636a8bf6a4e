import { describe, expect, it } from "vitest";
import { answersOf } from "../../src/report/export-answers.ts";
import { type Room, said, startedRoom, wordsOf } from "./room.ts";

const COMPLETE = "rotated on 3 October by the pipeline, owner is platform, checked in Secrets Manager";

function owned() {
  const room = startedRoom();
  room.press("omar", "claim", { module: "security" });
  room.run();
  return room;
}

/** Omar's answer to S1 stands. */
function answered() {
  const room = owned();
  room.say("omar", "security", COMPLETE);
  room.run();
  if (room.status("S1") === "open") room.say("omar", "security", "skip");
  room.run();
  return room;
}

const form = (room: Room, user: string, answer: string) =>
  room.deliver({
    kind: "form",
    receipts: [`form:${user}:${answer}:${room.events.length}`],
    actor: room.actor(user),
    address: room.home,
    form: "answer",
    context: { session: room.state.id, question: "S1", version: room.state.questions.S1!.version },
    values: { answer },
  });

const ways: [string, (room: Room, user: string, words: string) => string][] = [
  ["the box", (room, user, words) => said(room.press(user, "answer", { question: "S1" }, { answer: words }))],
  ["the form", (room, user, words) => said(form(room, user, words))],
  ["the command", (room, user, words) => said(room.command(user, `answer s1 ${words}`))],
];

describe.each(ways)("an answer by %s", (_, answer) => {
  it("is words as they are, also those that would be talk in the thread", () => {
    const room = owned();
    answer(room, "omar", "// see the runbook, is that enough?");
    expect(room.answer("S1")).toBe("// see the runbook, is that enough?");
  });

  it("understands what the thread understands", () => {
    const room = owned();
    expect(answer(room, "omar", "why?")).toContain("Why S1");
    expect(answer(room, "omar", "don't know")).toContain("The answer to S1 is usually known by");
    expect(room.state.questions.S1).toMatchObject({ status: "open", parts: [] });
    expect(answer(room, "omar", "skip")).toContain("left out");
    expect(room.status("S1")).toBe("skipped");
    expect(answer(room, "omar", "back")).toBe("Taken back: S1 is asked again.");
    room.run();
    expect(room.open("omar")).toBe("S1");
    answer(room, "omar", "n/a because none");
    expect(room.state.questions.S1).toMatchObject({ status: "not_applicable", parts: [] });
    expect(room.state.questions.S1!.reason?.text).toBe("none");
  });

  it("needs words", () => {
    const room = owned();
    expect(answer(room, "omar", "👍")).toMatch(/couldn't find words|in a sentence or two/);
    expect(room.state.questions.S1).toMatchObject({ status: "open", parts: [] });
  });

  it("leaves a question out only for those whose question it is", () => {
    const room = owned();
    expect(answer(room, "pat", "n/a because none")).toBe("Only Omar can leave S1 out. Ask Omar.");
    expect(answer(room, "pat", "skip")).toContain("Only Omar can leave S1 out");
    expect(room.state.questions.S1).toMatchObject({ status: "open", parts: [] });
  });

  it("to a follow-up takes n/a for a part of it", () => {
    const room = owned();
    room.say("omar", "security", "we rotated something");
    room.run();
    expect(room.state.questions.S1!.followUp).toBeDefined();
    answer(room, "omar", "n/a because the rest isn't ours");
    expect(room.status("S1")).toBe("answered");
    expect(room.answer("S1")).toBe("we rotated something\nn/a because the rest isn't ours");
  });

  it("of its owner takes the place of what stood there", () => {
    const room = answered();
    answer(room, "omar", "rotated in May");
    expect(room.answer("S1")).toBe("rotated in May");
    expect(room.status("S1")).toBe("answered");
  });

  it("of somebody else stands beside the owner's, who keeps the answer", () => {
    const room = answered();
    answer(room, "pat", "the staging key is older");
    expect(room.answer("S1")).toBe(`${COMPLETE}\nthe staging key is older`);
    answer(room, "pat", "the staging key is from 2024");
    expect(room.answer("S1")).toBe(`${COMPLETE}\nthe staging key is from 2024`);
    expect(room.state.questions.S1).toMatchObject({ status: "answered", settledBy: room.id("omar") });
    const line = wordsOf(room.card(`question:S1:${room.state.questions.S1!.version}`));
    expect(line).toContain("Omar: rotated on 3 October");
    expect(line).toContain(" · Pat: the staging key is from 2024");
    const answers = answersOf(room.state, "S1", room.events);
    expect(answers.map(({ text, by, replaces, withdrawn }) => [text, by.name, replaces, withdrawn])).toEqual([
      [COMPLETE, "Omar", null, false],
      ["the staging key is older", "Pat", null, true],
      ["the staging key is from 2024", "Pat", "S1-2", false],
    ]);
    expect(room.refold()).toEqual(room.state);
  });

  it("by one and then by another, where nobody owns it, is the second's, and the export says so", () => {
    const room = startedRoom();
    answer(room, "pat", "in May");
    answer(room, "sven", "in June, by the pipeline");
    expect(room.answer("S1")).toBe("in June, by the pipeline");
    expect(room.state.questions.S1!.settledBy).toBe(room.id("sven"));
    const answers = answersOf(room.state, "S1", room.events);
    expect(answers.map(({ text, by, replaces, withdrawn }) => [text, by.name, replaces, withdrawn])).toEqual([
      ["in May", "Pat", null, true],
      ["in June, by the pipeline", "Sven", "S1-1", false],
    ]);
  });

  it("of somebody else doesn't end the owner's own, which still settles", () => {
    const room = owned();
    room.say("omar", "security", "we rotated something");
    room.run({ settle: false });
    answer(room, "pat", "the staging key is older");
    expect(room.status("S1")).toBe("settling");
    room.say("omar", "security", COMPLETE);
    room.run();
    if (room.status("S1") === "open") room.say("omar", "security", "skip");
    room.run();
    expect(room.state.questions.S1).toMatchObject({ status: "answered", settledBy: room.id("omar") });
    expect(room.answer("S1").split("\n").sort()).toEqual(
      ["we rotated something", "the staging key is older", COMPLETE].sort(),
    );
  });
});

describe("the answer form", () => {
  const shown = (reply: ReturnType<Room["press"]>) => {
    const field = reply?.kind === "form" ? reply.form.fields.find(({ name }) => name === "answer") : undefined;
    return field?.type === "text" ? (field.value ?? "") : undefined;
  };

  it("shows the words that it changes: an owner all of them, somebody else their own", () => {
    const room = answered();
    expect(shown(room.press("omar", "answer", { question: "S1" }))).toBe(COMPLETE);
    expect(shown(room.press("pat", "answer", { question: "S1" }))).toBe("");
    form(room, "pat", "the staging key is older");
    expect(shown(room.press("pat", "answer", { question: "S1" }))).toBe("the staging key is older");
    expect(shown(room.press("fay", "answer", { question: "S1" }))).toBe(`${COMPLETE}\nthe staging key is older`);
  });

  it("that somebody else opened with the owner's words in it adds only what is new", () => {
    const room = answered();
    form(room, "pat", COMPLETE);
    expect(room.answer("S1")).toBe(COMPLETE);
    form(room, "pat", `${COMPLETE}\nand the staging key`);
    expect(room.answer("S1")).toBe(`${COMPLETE}\nand the staging key`);
  });

  it("at a follow-up is empty, and adds to the answer", () => {
    const room = owned();
    room.say("omar", "security", "we rotated something");
    room.run();
    expect(shown(room.press("omar", "answer", { question: "S1" }))).toBe("");
    form(room, "omar", "by the pipeline, last Tuesday");
    expect(room.answer("S1")).toBe("we rotated something\nby the pipeline, last Tuesday");
  });
});

describe("an empty box", () => {
  it("is a sentence, and no form", () => {
    const room = owned();
    for (const answer of [null, "", "  "]) {
      expect(said(room.press("omar", "answer", { question: "S1" }, { answer }))).toBe(
        "Write the answer in a sentence or two. To leave it out, use Skip or Not applicable.",
      );
    }
  });
});

describe('"Record as answer"', () => {
  it("needs words, too", () => {
    const room = owned();
    const reply = room.deliver({
      kind: "record",
      receipts: ["record:1"],
      actor: room.actor("omar"),
      address: room.thread("security"),
      messageId: "m1",
      sentAt: 1,
      author: "omar",
      text: "👍",
      mentions: [],
    });
    expect(said(reply)).toContain("couldn't find words");
    expect(room.status("S1")).toBe("open");
  });
});

describe("words used as an answer to a question that didn't apply", () => {
  it("make it answered", () => {
    const room = owned();
    const talk = room.say("omar", "security", "does the CDN count?");
    room.say("omar", "security", "n/a because nothing holds credentials");
    room.run();
    expect(room.status("S1")).toBe("not_applicable");
    room.press("omar", "use_as_answer", { question: "S1", arg: talk });
    expect(room.status("S1")).toBe("answered");
  });
});

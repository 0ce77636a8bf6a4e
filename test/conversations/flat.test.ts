import { expect, it } from "vitest";
import { Room, said, wordsOf } from "./room.ts";

/** A chat without threads: header, modules, questions and all talk stand in one conversation. */
function flatRoom(): Room {
  const room = new Room();
  room.deliver({
    kind: "command",
    receipts: ["start"],
    actor: room.actor("fay"),
    address: room.home,
    flat: true,
    text: 'start "Black Friday" 2026-11-27 09:00 --tz Europe/London',
    mentions: [],
  });
  room.run();
  return room;
}

let number = 0;
function says(room: Room, user: string, text: string, addressed = false) {
  const message = room.message(user, "resilience", text);
  number += 1;
  return room.deliver({ ...message, receipts: [`flat:${number}`], flat: true, ...(addressed ? { addressed } : {}) });
}

it("everything of a session in a chat without threads stands in the chat itself", () => {
  const room = flatRoom();
  expect(room.state.flat).toBe(true);
  expect(new Set(Object.values(room.state.posts).map(({ conversation }) => conversation)).size).toBe(1);
  expect(room.posts.filter(({ key }) => key.startsWith("question:"))).toHaveLength(5);
});

it("two people's replies in one chat each answer the newest question put to them", () => {
  const room = flatRoom();
  room.press("priya", "claim", { module: "performance" });
  room.press("omar", "claim", { module: "monitoring" });
  room.run();
  const [hers, his] = [room.open("priya")!, room.open("omar")!];
  says(room, "priya", "load is three times normal");
  says(room, "omar", "checkout latency, then orders a minute");
  room.run();
  expect(room.answer(hers)).toBe("load is three times normal");
  expect(room.answer(his)).toContain("checkout latency");
});

it("another module's closing card ends nobody else's answer", () => {
  const room = flatRoom();
  room.press("priya", "claim", { module: "performance" });
  room.press("omar", "claim", { module: "monitoring" });
  room.run();
  const hers = room.open("priya")!;
  room.press("omar", "skip", { question: room.open("omar")!, version: 1 });
  room.run();
  expect(room.state.posts["confirm:monitoring"]?.state).toBe("posted");
  says(room, "priya", "load is three times normal");
  room.run();
  expect(room.answer(hers)).toBe("load is three times normal");
});

it("a question that stands further up is asked anew below, so that replies go to it", () => {
  const room = flatRoom();
  for (const module of room.state.moduleOrder) room.press("priya", "claim", { module });
  room.run();
  for (let step = 0; step < 40 && room.open("priya") !== undefined; step++) {
    const question = room.open("priya")!;
    says(room, "priya", `about ${question}: nothing more to say, CHG-${step}`);
    room.run();
    expect(room.answer(question), question).toContain(`CHG-${step}`);
  }
  expect(Object.values(room.state.questions).every(({ status }) => status === "answered")).toBe(true);
});

it("a mention is an answer where a question is put to its author, unless its first word is exactly a command", () => {
  const room = flatRoom();
  room.press("priya", "claim", { module: "monitoring" });
  room.run();
  const question = room.open("priya")!;
  expect(said(says(room, "priya", "status", true))).toContain("Black Friday");
  says(room, "priya", "two figures: orders a minute and latency", true);
  room.run();
  expect(room.answer(question)).toBe("two figures: orders a minute and latency");
});

it("the first words to a module nobody owns are kept, offered once, and count on a Yes", () => {
  const room = flatRoom();
  says(room, "omar", "we watch orders a minute");
  says(room, "omar", "and nothing else");
  const offers = room.whispers.filter(({ to }) => to === room.id("omar"));
  expect(offers).toHaveLength(1);
  const module =
    room.state.offered[0]!.question === "M1"
      ? "monitoring"
      : room.state.questions[room.state.offered[0]!.question]!.module;
  expect(wordsOf(offers[0]!.message)).toContain("Nobody owns");
  room.press("omar", "take", { module, arg: room.state.offered[0]!.message.messageId });
  room.run();
  expect(
    room.answer(room.state.moduleOrder.includes(module) ? room.state.modules[module]!.questions[0]! : ""),
  ).toContain("orders a minute");
});

it("what nobody can answer here is a command with the nearest name", () => {
  const room = flatRoom();
  for (const module of room.state.moduleOrder) room.press("priya", "claim", { module });
  room.run();
  expect(said(says(room, "omar", "stauts", true))).toContain("status");
});

it("a start in a personal chat is answered with a sentence, also by form", () => {
  const room = new Room();
  const about = { actor: room.actor("fay"), address: room.home, direct: true, flat: true } as const;
  const typed = room.deliver({
    ...about,
    kind: "command",
    receipts: ["a"],
    text: 'start "Black Friday" 2026-11-27',
    mentions: [],
  });
  expect(said(typed)).toContain("lives in a channel");
  const form = room.deliver({
    ...about,
    kind: "form",
    receipts: ["b"],
    form: "start",
    context: {},
    values: { name: "Black Friday", date: "2026-11-27" },
  });
  expect(said(form)).toContain("lives in a channel");
  expect(room.session.status).toBe("none");
});

it("somebody of whom the platform doesn't tell may do nothing, but an owner's words count", () => {
  const room = flatRoom();
  room.press("priya", "claim", { module: "monitoring" });
  room.run();
  const question = room.open("priya")!;
  const unverified = (user: string) => ({ ...room.actor(user), unverified: true });
  const message = room.message("priya", "monitoring", "orders a minute");
  room.deliver({ ...message, actor: unverified("priya") });
  room.run();
  expect(room.answer(question)).toBe("orders a minute");
  const refused = room.deliver({
    kind: "command",
    receipts: ["x"],
    actor: unverified("gil"),
    address: room.home,
    text: "summary",
    mentions: [],
  });
  expect(said(refused)).toContain("try again in a minute");
  const tapped = room.deliver({
    kind: "action",
    receipts: ["y"],
    actor: unverified("gil"),
    address: room.home,
    action: "claim",
    value: { session: room.state.id, module: "security" },
    inputs: {},
  });
  expect(said(tapped)).toContain("try again in a minute");
  expect(room.state.modules.security?.owner).toBeUndefined();
});

it("the state is the fold of its events", () => {
  const room = flatRoom();
  room.press("priya", "claim", { module: "monitoring" });
  says(room, "priya", "orders a minute");
  room.run();
  expect(room.refold()).toEqual(room.session);
});

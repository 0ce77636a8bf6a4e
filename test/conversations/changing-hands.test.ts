import { describe, expect, it } from "vitest";
import { type Room, said, startedRoom, wordsOf } from "./room.ts";

const COMPLETE = "rotated on 3 October by the pipeline, owner is platform, checked in Secrets Manager";
const lena = { label: "@Lena", user: "lena", name: "Lena" };
const sven = { label: "@Sven", user: "sven", name: "Sven" };

/** Omar owns Resilience and Security and is asked one question; `other` is the module that isn't asked now. */
function asked() {
  const room = startedRoom();
  for (const module of ["resilience", "security"]) room.press("omar", "claim", { module });
  room.run();
  const id = room.open("omar")!;
  const question = room.state.questions[id]!;
  const other = question.module === "resilience" ? "security" : "resilience";
  return { room, id, module: question.module, other };
}

const version = (room: Room, id: string) => room.state.questions[id]!.version;
const card = (room: Room, id: string) => wordsOf(room.card(`question:${id}:${version(room, id)}`));

/** Answered and settled, whatever follow-up came. */
function answered() {
  const scene = asked();
  const { room, id, module } = scene;
  room.say("omar", module, COMPLETE);
  room.run();
  if (room.status(id) === "open") room.say("omar", module, "skip");
  room.run();
  expect(room.status(id)).toBe("answered");
  return scene;
}

describe("a button that comes after the answer", () => {
  it.each(["later", "not_applicable", "delegate", "skip", "snooze"])(
    '"%s" changes nothing and says how the question stands, with its version or without',
    (action) => {
      const { room, id } = answered();
      room.press("omar", "confirm", { module: room.state.questions[id]!.module });
      const before = room.state.questions[id]!;
      for (const value of [{ question: id, version: before.version }, { question: id }]) {
        expect(said(room.press("omar", action, value))).toBe(
          `${id} isn't open any more: Omar answered it. To change that, use Edit on its line in the thread.`,
        );
      }
      expect(room.state.questions[id]).toEqual(before);
      expect(room.person(room.id("omar")).snoozed).toEqual({});
    },
  );

  it("a form that was opened before it neither hands the question over nor sets it aside", () => {
    const { room, id } = answered();
    const about = { session: room.state.id, question: id, version: version(room, id) };
    const send = (form: "answer" | "delegate", context: object, values: Record<string, string>) =>
      room.deliver({
        kind: "form",
        receipts: [`late:${form}`],
        actor: room.actor("fay"),
        address: room.home,
        form,
        context: { ...about, ...context },
        values,
      });
    expect(said(send("delegate", {}, { person: room.id("lena") }))).toContain("Omar answered it");
    expect(said(send("answer", { arg: "n/a" }, { reason: "not ours" }))).toContain("Omar answered it");
    expect(room.state.questions[id]).toMatchObject({ status: "answered" });
    expect(room.state.questions[id]!.delegate).toBeUndefined();
  });

  it("`assign` leaves an answered question with whoever answered it", () => {
    const { room, id } = answered();
    expect(said(room.command("fay", `assign ${id} @Lena`, [lena]))).toContain("Omar answered it");
    expect(room.state.questions[id]!.delegate).toBeUndefined();
  });
});

describe('"Another module first" while an answer settles', () => {
  it("settles it with what was said and moves on to the other module", () => {
    const { room, id, module, other } = asked();
    const message = room.say("omar", module, "two zones, I think");
    room.run({ settle: false });
    room.press("omar", "later", { question: id, version: version(room, id) });
    expect(room.status(id)).toBe("answered");
    expect(room.answer(id)).toBe("two zones, I think");
    expect(room.reactions).toEqual(new Set([message]));
    room.run();
    expect(room.state.questions[room.open("omar")!]!.module).toBe(other);
    expect(room.posts.some(({ key }) => key.startsWith("follow_up"))).toBe(false);
    expect(room.outbox.some(({ key }) => key?.startsWith("settle:"))).toBe(false);
  });

  it("ends a follow-up the same way", () => {
    const { room, id, module, other } = asked();
    room.say("omar", module, "two zones, I think");
    room.run();
    expect(room.status(id)).toBe("open");
    room.press("omar", "later", { question: id, version: version(room, id) });
    room.run();
    expect(room.status(id)).toBe("answered");
    expect(room.state.questions[room.open("omar")!]!.module).toBe(other);
  });
});

describe("a module handed over while an answer settles", () => {
  it("keeps what its owner said as their answer, and asks the new one the next question", () => {
    const { room, id, module } = asked();
    room.say("omar", module, "two zones, I think");
    room.run({ settle: false });
    room.command("fay", `assign ${module} @Sven`, [sven]);
    expect(room.state.questions[id]).toMatchObject({ status: "answered", settledBy: room.id("omar") });
    expect(room.outbox.some(({ key }) => key?.startsWith("settle:"))).toBe(false);
    room.run();
    const next = room.open("sven")!;
    expect(room.state.questions[next]!.module).toBe(module);
    expect(next).not.toBe(id);
    expect(card(room, id)).toContain("Omar: two zones, I think");
    expect(room.refold()).toEqual(room.state);
  });

  it("hands an open follow-up over with it, and the cards say to whom", () => {
    const { room, id, module } = asked();
    room.say("omar", module, "two zones, I think");
    room.run();
    room.command("fay", `assign ${module} @Sven`, [sven]);
    expect(room.open("sven")).toBe(id);
    expect(card(room, id)).toContain("one thing more, below, for Sven.");
    expect(wordsOf(room.card(`follow_up:${id}:1`))).toContain(`${id}, for Sven`);
    room.say("sven", module, "Platform decides within ten minutes");
    room.run();
    expect(room.status(id)).toBe("answered");
    expect(card(room, id)).toContain("Omar: two zones, I think · Sven: Platform decides within ten minutes");
  });
});

describe("a question handed over while its answer settles", () => {
  it("by somebody else it is answered, and they are told", () => {
    const { room, id, module } = asked();
    room.say("omar", module, "two zones, I think");
    room.run({ settle: false });
    expect(said(room.command("fay", `assign ${id} @Lena`, [lena]))).toContain("Omar answered it");
    room.run();
    expect(room.state.questions[id]).toMatchObject({ status: "answered", settledBy: room.id("omar") });
    expect(room.open("lena")).toBeUndefined();
  });

  it.each(["button", "mention"])("by whoever spoke (%s) it is the other's, with what was said so far", (how) => {
    const { room, id, module } = asked();
    room.say("omar", module, "two zones, I think");
    room.run({ settle: false });
    if (how === "mention") room.say("omar", module, "@Lena", [lena]);
    else {
      room.deliver({
        kind: "form",
        receipts: ["form:delegate"],
        actor: room.actor("omar"),
        address: room.home,
        form: "delegate",
        context: { session: room.state.id, question: id, version: version(room, id) },
        values: { person: room.id("lena") },
        names: { [room.id("lena")]: "Lena" },
      });
    }
    room.run();
    expect(room.open("lena")).toBe(id);
    expect(card(room, id)).toContain("Heard: Omar: two zones, I think");
    room.say("lena", module, COMPLETE);
    room.run();
    if (room.status(id) === "open") room.say("lena", module, "skip");
    room.run();
    expect(room.state.questions[id]).toMatchObject({ status: "answered", settledBy: room.id("lena") });
    expect(room.answer(id)).toBe(`two zones, I think\n${COMPLETE}`);
    expect(room.refold()).toEqual(room.state);
  });
});

describe("a follow-up handed on with nothing but a mention", () => {
  it("names who answers it now, on both cards", () => {
    const { room, id, module } = asked();
    room.say("omar", module, "two zones, I think");
    room.run();
    expect(wordsOf(room.card(`follow_up:${id}:1`))).not.toContain("for Omar");
    room.say("omar", module, "@Lena", [lena]);
    room.run();
    expect(wordsOf(room.card(`follow_up:${id}:1`))).toContain(`${id}, for Lena`);
    expect(card(room, id)).toContain("below, for Lena.");
    expect(room.open("lena")).toBe(id);
  });
});

describe("Undo", () => {
  it("of the answer before keeps what was just said to the open question", () => {
    const { room, id, module } = answered();
    const second = room.open("omar")!;
    room.say("omar", room.state.questions[second]!.module, "three zones, I think");
    room.run({ settle: false });
    room.press("omar", "undo", { question: id, version: version(room, id) });
    expect(room.status(second)).toBe("answered");
    room.run();
    expect(room.open("omar")).toBe(id);
    expect(room.state.questions[id]!.module).toBe(module);
    expect(room.refold()).toEqual(room.state);
  });

  it("takes back words that stand in a question that was put off", () => {
    const { room, id, module } = asked();
    room.say("omar", module, "two zones, I think");
    room.run({ settle: false });
    // As an older version left it.
    const put = { kind: "question_set_aside" as const, question: id, at: new Date(room.now).toISOString() };
    room.events.push(put);
    room.session = room.refold();
    expect(room.status(id)).toBe("later");
    expect(said(room.press("omar", "undo", { question: id }))).toBe("");
    expect(room.answer(id)).toBe("");
    room.run();
    expect(room.open("omar")).toBe(id);
  });

  it("and `back` say that nothing is recorded only where nothing is", () => {
    const { room, id, module } = asked();
    room.say("omar", module, "back");
    expect(room.whispers.at(-1)!.message.summary).toContain("no answer of yours is recorded");
    expect(said(room.press("omar", "undo", { question: id }))).toContain("no answer of yours is recorded");
    room.say("omar", module, "n/a because it isn't ours");
    room.run();
    expect(said(room.press("omar", "undo", { question: room.open("omar")! }))).toContain("has moved on");
  });
});

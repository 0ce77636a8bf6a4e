import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { raise } from "../../conversations/upgrade.ts";
import type { Inbound } from "../../src/domain/inbound.ts";
import { type Room, startedRoom } from "./room.ts";

const RUNS = { numRuns: 120, seed: 20_261_127 };

/** Things an owner types, in the order of their platform times. */
const typed = fc.oneof(
  { weight: 5, arbitrary: fc.string({ minLength: 1, maxLength: 40 }).map((text) => `we rotate monthly ${text}`) },
  {
    weight: 1,
    arbitrary: fc.constantFrom("skip", "why?", "is that so?", "// note to self", "🎉", "n/a because no keys"),
  },
);

type Act = Inbound & { kind: "message" | "edit" | "delete" };

/** Messages with some edits and deletions of them, as a platform would send them. */
function actsIn(room: Room, texts: string[], edits: boolean[], deletions: boolean[]): Act[] {
  const messages = texts.map((text) => room.message("oli", "security", text));
  const acts: Act[] = [...messages];
  messages.forEach((message, index) => {
    if (edits[index]) {
      const { kind: _k, sentAt, receipts: _r, ...rest } = message;
      acts.push({
        ...rest,
        kind: "edit",
        receipts: [`edit:${message.messageId}`],
        editedAt: sentAt + 5,
        text: `edited ${message.text}`,
      });
    }
    if (deletions[index]) {
      const { actor, address, messageId } = message;
      acts.push({ kind: "delete", receipts: [`delete:${messageId}`], actor, address, messageId });
    }
  });
  return acts;
}

function owned(): Room {
  const room = startedRoom();
  room.press("oli", "claim", { module: "security" });
  room.run();
  return room;
}

describe("any interleaving, duplication and reordering of messages", () => {
  it("gives the same answer as their own order", () => {
    const scripts = fc.record({
      texts: fc.array(typed, { minLength: 1, maxLength: 5 }),
      edits: fc.array(fc.boolean(), { minLength: 5, maxLength: 5 }),
      deletions: fc.array(fc.boolean(), { minLength: 5, maxLength: 5 }),
      order: fc.array(fc.nat(1_000), { minLength: 15, maxLength: 15 }),
      again: fc.array(fc.boolean(), { minLength: 15, maxLength: 15 }),
      silences: fc.array(fc.boolean(), { minLength: 15, maxLength: 15 }),
    });
    fc.assert(
      fc.property(scripts, ({ texts, edits, deletions, order, again, silences }) => {
        const straight = owned();
        for (const act of actsIn(straight, texts, edits, deletions)) straight.deliver(act);
        straight.run();

        const mixed = owned();
        const shuffled = actsIn(mixed, texts, edits, deletions)
          .map((act, index) => ({ act, index, at: order[index] ?? 0 }))
          .sort((a, b) => a.at - b.at || a.index - b.index);
        for (const { act, index } of shuffled) {
          mixed.deliver(act);
          if (again[index]) mixed.deliver(act);
          if (silences[index]) mixed.run();
        }
        mixed.run();
        expect(mixed.answer("S1")).toBe(straight.answer("S1"));
      }),
      RUNS,
    );
  });

  it("loses no answer: every word an owner says to a question is in it", () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.string({ minLength: 1, maxLength: 30 }), fc.boolean(), fc.boolean()), { maxLength: 12 }),
        (script) => {
          const room = owned();
          const said: string[] = [];
          for (const [text, silence, hold] of script) {
            room.holdPosts = hold;
            const words = `answer ${text}.`;
            if (room.open("oli") === undefined && room.state.held.length === 0 && !waitsForPost(room)) break;
            room.say("oli", "security", words);
            said.push(words);
            room.run({ settle: silence });
          }
          room.holdPosts = false;
          room.run();
          const kept = Object.values(room.state.questions).flatMap((question) =>
            question.parts.map((part) => part.words.text),
          );
          for (const words of said) expect(kept).toContain(words);
        },
      ),
      RUNS,
    );
  });
});

function waitsForPost(room: Room): boolean {
  return Object.values(room.state.posts).some((post) => post.state === "wanted" && post.kind === "question");
}

type Step = { who: string; what: string; where: string; n: number };
const step: fc.Arbitrary<Step> = fc.record({
  who: fc.constantFrom("fay", "oli", "kim", "pat"),
  what: fc.constantFrom(
    "claim",
    "say",
    "skip",
    "back",
    "later",
    "undo",
    "delegate",
    "answer",
    "assign",
    "assign one",
    "on purpose",
    "edit",
    "delete",
    "run",
    "na",
    "confirm",
  ),
  where: fc.constantFrom("performance", "resilience", "security", "service-quotas", "monitoring"),
  n: fc.nat(30),
});

function take(room: Room, { who, what, where, n }: Step): void {
  const open = room.open(who);
  const question = open === undefined ? undefined : room.state.questions[open]!;
  const value = question === undefined ? {} : { question: question.id, version: question.version };
  const people = ["fay", "oli", "kim", "pat"];
  const other = people[n % 4]!;
  const parts = Object.values(room.state.questions).flatMap((one) => one.parts);
  switch (what) {
    case "claim":
      room.press(who, "claim", { module: where });
      return;
    case "say":
      room.say(who, question?.module ?? where, `Words number ${n}, owner ${who}, by 1 November`);
      return;
    case "skip":
    case "back":
      room.say(who, question?.module ?? where, what);
      return;
    case "na":
      room.say(who, question?.module ?? where, "n/a because it isn't ours");
      return;
    case "later":
    case "undo":
    case "answer":
      if (question !== undefined) room.press(who, what, value, what === "answer" ? { answer: `By form ${n}` } : {});
      return;
    case "delegate":
      room.say(who, question?.module ?? where, `@${other}`, [{ label: `@${other}`, user: other, name: other }]);
      return;
    case "assign":
      room.command("fay", `assign ${where} @${other}`, [{ label: `@${other}`, user: other, name: other }]);
      return;
    case "assign one": {
      const one = Object.keys(room.state.questions)[n % 23]!;
      room.command("fay", `assign ${one} @${other}`, [{ label: `@${other}`, user: other, name: other }]);
      return;
    }
    case "on purpose":
      room.command(who, `answer ${question?.id ?? Object.keys(room.state.questions)[n % 23]} On purpose ${n}`);
      return;
    case "edit":
    case "delete": {
      const part = parts[n % Math.max(1, parts.length)];
      if (part === undefined) return;
      const user = part.by.split(":")[2]!;
      if (what === "edit") room.edit(user, "security", part.messageId, `edited ${n}`);
      else room.remove(user, "security", part.messageId);
      return;
    }
    case "confirm":
      room.press(who, "confirm", { module: where });
      return;
    default:
      room.run();
  }
}

describe("whatever people do", () => {
  it("asks each person one question at a time, and the held state is the fold of the events", () => {
    fc.assert(
      fc.property(fc.array(step, { minLength: 5, maxLength: 60 }), (steps) => {
        const room = startedRoom();
        for (const one of steps) {
          take(room, one);
          for (const who of ["fay", "oli", "kim", "pat"]) {
            const id = room.id(who);
            const open = Object.values(room.state.questions).filter(
              (question) => question.askedOf === id && (question.status === "open" || question.status === "settling"),
            );
            expect(open.length, `${who} has ${open.map((question) => question.id).join(" and ")}`).toBeLessThanOrEqual(
              1,
            );
          }
        }
        room.run();
        expect(room.refold()).toEqual(room.state);
      }),
      { ...RUNS, numRuns: 150 },
    );
  });

  it("leaves nobody who owns an unanswered question without one put to them", () => {
    fc.assert(
      fc.property(fc.array(step, { minLength: 5, maxLength: 40 }), (steps) => {
        const room = startedRoom();
        for (const one of steps) take(room, one);
        room.run();
        for (const question of Object.values(room.state.questions)) {
          expect(question.status, `${question.id} after the silence`).not.toBe("settling");
          const who = question.delegate ?? room.state.modules[question.module]!.owner;
          if (who === undefined || ["answered", "skipped", "not_applicable"].includes(question.status)) continue;
          expect(room.open(who.split(":")[2]!), `${question.id} waits for ${who}`).toBeDefined();
        }
      }),
      { ...RUNS, numRuns: 150 },
    );
  });

  it("posts no question version twice and nothing for a settled question", () => {
    fc.assert(
      fc.property(fc.array(step, { minLength: 5, maxLength: 60 }), (steps) => {
        const room = startedRoom();
        for (const one of steps) take(room, one);
        room.run();
        const keys = room.posts.map((post) => post.key);
        expect(new Set(keys).size).toBe(keys.length);
        expect(room.outbox.filter((item) => item.effect.do === "post")).toEqual([]);
      }),
      { ...RUNS, numRuns: 80 },
    );
  });
});

describe("stored events of older versions", () => {
  it("are raised step by step, and a newer one is refused in words", () => {
    const upgrades = {
      1: (body: { kind: string; at: string }) => ({ ...body, by: "somebody" }),
      2: (body: { kind: string; at: string }) => ({ ...body, kind: `${body.kind}_renamed` }),
    };
    expect(raise({ v: 1, body: { kind: "old", at: "2026-01-01" } }, upgrades, 3)).toEqual({
      kind: "old_renamed",
      at: "2026-01-01",
      by: "somebody",
    });
    expect(() => raise({ v: 4, body: { kind: "x", at: "" } }, upgrades, 3)).toThrow("Deploy the newer build");
    expect(() => raise({ v: 1, body: { kind: "x" } }, upgrades, 3)).toThrow();
  });
});

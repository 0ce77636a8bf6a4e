import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readOnPurpose, readReply } from "../../conversations/reply.ts";
import type { Mention } from "../../src/domain/inbound.ts";
import { expectGrowsGently } from "../growth.ts";

const sam: Mention = { label: "@sam", user: "U2" };
const priya: Mention = { label: "@sam shah", user: "U1" };
const bot: Mention = { label: "@T-Minus", user: "B1", isBot: true };
const kind = (text: string, mentions: Mention[] = []) => readReply(text, mentions).kind;

describe("an owner's words", () => {
  it.each([
    "two AZs, tested in May",
    "no",
    "yes",
    "none",
    "7",
    "we skip that for batch",
    "back-ups run nightly",
    "why we chose two AZs: cost",
    "NAT gateways are in two AZs",
    "not applicable to the API the web tier has two AZs",
    "don't know about batch, the rest is in three AZs",
    "is it? yes it is",
    "https://example.com/a?b=c",
    "耐障害性あり",
    "متعدد المناطق",
    "1. one\n2. two",
  ])("%j is an answer", (text) => {
    expect(kind(text)).toBe("answer");
  });
  it.each([
    ["skip", "skip"],
    ["Skip.", "skip"],
    [" SKIP this one! ", "skip"],
    ["don't know", "dont_know"],
    ["I don’t know", "dont_know"],
    ["dunno…", "dont_know"],
    ["No idea?", "dont_know"],
    ["back", "back"],
    ["Go back.", "back"],
    ["why?", "why"],
    ["Why", "why"],
    [" WHY ?", "why"],
  ])("%j means %s, before the question mark makes it talk", (text, meaning) => {
    expect(kind(text)).toBe(meaning);
  });
  it.each([
    ["n/a", undefined],
    ["N/A.", undefined],
    ["na", undefined],
    ["not applicable", undefined],
    ["doesn’t apply to us", undefined],
    ["n/a because we don’t send mail", "we don’t send mail"],
    ["N/A - no Spot here", "no Spot here"],
    ["Not applicable, we have no EC2.", "we have no EC2."],
    ["n/a for us since it's static", "it's static"],
    ["n/a: do we even use SES?", "do we even use SES?"],
  ])("%j doesn't apply, with the reason as written", (text, reason) => {
    expect(readReply(text, [])).toEqual(
      reason === undefined ? { kind: "not_applicable" } : { kind: "not_applicable", reason },
    );
  });
});

describe("talk", () => {
  it.each([
    "do we mean prod?",
    "why do you ask?",
    "Why this?",
    "// let me check",
    "  //ok",
    "really？",
    "(is it?)",
    'he said "why?"',
    "هل هو جاهز؟",
  ])("%j is talk", (text) => {
    expect(kind(text)).toBe("talk");
  });
});

describe("a mention", () => {
  it("alone delegates", () => {
    expect(readReply("@sam", [sam])).toEqual({ kind: "delegate", mention: sam });
    expect(readReply(" @sam, ", [sam])).toEqual({ kind: "delegate", mention: sam });
    expect(readReply("@T-Minus @sam", [bot, sam])).toEqual({ kind: "delegate", mention: sam });
    expect(readReply("@sam shah", [sam, priya])).toEqual({ kind: "delegate", mention: priya });
  });
  it("inside a sentence is text", () => {
    expect(kind("@sam moved it to two AZs", [sam])).toBe("answer");
    expect(kind("@sam can you answer?", [sam])).toBe("talk");
  });
  it("of several people, or of the bot, delegates nothing", () => {
    expect(kind("@sam shah @sam", [sam, priya])).toBe("talk");
    expect(kind("@T-Minus", [bot])).not.toBe("delegate");
    expect(kind("@sam", [])).toBe("answer");
  });
});

describe("nothing to read", () => {
  it.each(["", "   ", "👍", "🎉🎉 !", ":tada: :+1:", "1️⃣", "…", "???", "\u0000\u0001", "//"])("%j is empty", (text) => {
    expect(kind(text)).toBe("empty");
  });
});

describe("what is said on purpose", () => {
  it.each(["do we mean prod?", "// see the runbook", "@sam knows", "@sam"])("%j is an answer", (text) => {
    expect(readOnPurpose(text)).toEqual({ kind: "answer" });
  });
  it.each([
    ["skip", "skip"],
    ["don't know", "dont_know"],
    ["back?", "back"],
    ["why?", "why"],
    ["n/a because none", "not_applicable"],
    ["👍", "empty"],
    ["", "empty"],
  ])("%j means %s, as in the thread", (text, meaning) => {
    expect(readOnPurpose(text).kind).toBe(meaning);
  });
});

describe("any text", () => {
  it("means one thing, and padding with blanks doesn't change it", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme", maxLength: 80 }), (text) => {
        expect(readReply(`  ${text}\n`, [sam, bot]).kind).toBe(readReply(text, [sam, bot]).kind);
      }),
      { seed: 13, numRuns: 500 },
    );
  });
  it.each(["a", ":a", "?", " ", "n/a ", "@sam "])("of 40,000 characters (%j) is read without much ado", (piece) => {
    expectGrowsGently((length) => readReply(piece.repeat(length / piece.length), [sam, bot]), 40_000);
  });
});

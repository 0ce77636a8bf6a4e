import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { standardCatalogue, standardModules } from "../../conversations/catalogue/index.ts";
import { occurs, patternProblem, readable } from "../../conversations/patterns.ts";
import { bareAnswer, readChoices } from "../../conversations/reading.ts";
import type { Question } from "../../src/domain/catalogue.ts";

const question = (id: string): Question => {
  const found = standardCatalogue.question(id);
  if (!found) throw new Error(`no question ${id}`);
  return found;
};

describe("a bare answer", () => {
  it.each([
    [
      "yes",
      [
        "Yes.",
        "yes",
        "YES!",
        "yep",
        "yeah",
        "Yup",
        "y",
        "ok yes",
        "Yes, we do",
        "yes yes",
        "it is",
        "there are",
        "sure, thanks",
      ],
    ],
    [
      "no",
      [
        "No.",
        "nope",
        "n",
        "nah",
        "no no no",
        "No, we don't",
        "no we don’t",
        "it isn't",
        "they won't",
        "not at all",
        "well, no",
      ],
    ],
    ["none", ["None.", "none", "nothing", "none that we know of", "None at all", "zero", "nothing planned", "no one"]],
    [
      "right",
      [
        "that's right",
        "That’s right.",
        "right",
        "correct",
        "Correct!",
        "yes, that's correct",
        "looks right",
        "agreed",
        "confirmed",
        "exactly",
        "👍",
        ":+1:",
        "*right*",
      ],
    ],
  ] as const)("%s", (kind, texts) => {
    for (const text of texts) expect([text, bareAnswer(text)]).toEqual([text, kind]);
  });

  it.each([
    "",
    "   ",
    "🎉🎉",
    "no single point that we found",
    "yes, three AZs",
    "not yet",
    "right after the event",
    "none of the databases is single",
    "nothing is logged",
    "yesterday",
    "north",
    "y".repeat(50_000),
    "n/a",
    "skip",
    "<script>yes</script>",
  ])("is not %j", (text) => {
    expect(bareAnswer(text)).toBeUndefined();
  });
});

describe("reading choices", () => {
  it("drops none-of-these beside any other choice", () => {
    expect(readChoices(question("R2"), "not sure about the rest, but orders-db is single-AZ")).toEqual(["r2_single"]);
  });

  it("gives choices in the question's order, whatever the order of the words", () => {
    const one = readChoices(question("S2"), "SSO with MFA, all logged in from home");
    const other = readChoices(question("S2"), "all logged in from home; SSO with MFA");
    expect(one).toEqual(["s2_named_least", "s2_tried"]);
    expect(other).toEqual(one);
  });

  it("takes a bare no or none for what the question says it means", () => {
    expect(readChoices(question("Q6"), "No.")).toEqual(["q6_not_used"]);
    expect(readChoices(question("Q6"), "none")).toEqual(["q6_not_used"]);
    expect(readChoices(question("P3"), "none")).toEqual(["p3_no"]);
    expect(readChoices(question("R2"), "yep")).toEqual(["r2_single"]);
  });

  it("reads nothing from agreement with the evidence, which proves choices by itself", () => {
    expect(readChoices(question("Q2"), "that's right")).toEqual([]);
  });

  it("reads typographic quotes, dashes, line breaks and invisible characters like plain ones", () => {
    expect(readChoices(question("Q6"), "We don’t\nuse\u200b spot")).toEqual(["q6_not_used"]);
    expect(readChoices(question("R2"), "orders‑db is single‑AZ")).toEqual(["r2_single"]);
  });

  it("reads nothing from markup, emoji, control characters or an empty answer", () => {
    for (const text of ["", "🎉", "\u0000\u0007", "<script>alert(1)</script>", "مرحبا", "…"]) {
      for (const each of standardModules.flatMap((module) => module.questions))
        expect(readChoices(each, text)).toEqual([]);
    }
  });

  it("never fails and never reads what the question doesn't have, for any text", () => {
    const questions = standardModules.flatMap((module) => module.questions);
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 400 }), fc.constantFrom(...questions), (text, each) => {
        const known = each.choices.map((choice) => choice.id);
        const read = readChoices(each, text);
        expect(read).toEqual(known.filter((id) => read.includes(id)));
      }),
      { seed: 2, numRuns: 300 },
    );
  });
});

describe("patterns", () => {
  it("find a phrase across the seam of two windows", () => {
    const text = readable(`${"x ".repeat(495)}every tier is in three zones ${"x ".repeat(495)}`);
    expect(occurs("every tier is in three zones", text)).toBe(true);
  });

  it("look at an answer's first 8,000 characters", () => {
    expect(occurs("multi-az", readable(`${"x".repeat(7_000)} multi-az`))).toBe(true);
    expect(occurs("multi-az", readable(`${"x".repeat(9_000)} multi-az`))).toBe(false);
  });

  it.each([
    "multi-?az",
    "\\b(?:no|not) (?:yet )?tested\\b",
    ".*",
    "\\d[\\d,.]{0,10}k? ?(?:rps|tps)",
    "a.{0,40}b.{0,40}c",
    "(?<!not )tested",
    "[^\\]]{0,5}x",
    "(?:ab){2}",
    "(?:\\w{1,4} ){0,2}x",
    "",
  ])("%j may be used", (pattern) => {
    expect(patternProblem(pattern)).toBeUndefined();
  });

  it.each([
    ["(a+)+$", "repeats a group"],
    ["(a|a)*b", "repeats a group"],
    ["(?:.*)*", "repeats a group"],
    ["(\\w+\\s?)+", "repeats a group"],
    ["(?:(?:a{1,9}b?)+c)+", "repeats a group"],
    ["(a?){1000,}", "repeats a group"],
    [".*a.*b", "too many wide gaps"],
    ["(?:a{1,50}){1,50}", "too many wide gaps"],
    ["(?=.*a)(?=.*b).*", "too many wide gaps"],
    ["\\s+\\w+\\s+", "too many wide gaps"],
    ["(a)\\1", "refers back"],
    ["(?<x>a)\\k<x>", "refers back"],
    ["(unclosed", "not a regular expression"],
    ["[z-a]", "not a regular expression"],
    ["*", "not a regular expression"],
    ["x".repeat(1_001), "1001 characters, at most 1000"],
  ])("%j is refused, with the way out", (pattern, why) => {
    expect(patternProblem(pattern)).toContain(why);
    expect(() => occurs(pattern, "a")).toThrow(why);
  });
});

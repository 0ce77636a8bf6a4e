import { describe, expect, it } from "vitest";
import { standardCatalogue, standardModules } from "../../conversations/catalogue/index.ts";
import { needsFollowUp } from "../../conversations/follow-up.ts";
import { occurs, readable } from "../../conversations/patterns.ts";
import { isNoneOfThese, readChoices } from "../../conversations/reading.ts";
import { riskOf } from "../../conversations/risk.ts";
import type { Question } from "../../src/domain/catalogue.ts";
import { expectGrowsGently } from "../growth.ts";
import { ANSWERS } from "./catalogue-answers.ts";

const questions = standardModules.flatMap((module) => module.questions);
const byId = (question: Question): [string, Question] => [question.id, question];
const question = (id: string): Question => {
  const found = standardCatalogue.question(id);
  if (!found) throw new Error(`no question ${id}`);
  return found;
};
const riskRead = (question: Question, answer: string): string | undefined => {
  const choices = readChoices(question, answer);
  return choices.length === 0 ? undefined : riskOf(question, new Set(choices)).risk;
};
/** The quoted part of a dangerous answer. */
const quoted = (dangerous: string): string => /^"([^"]+)"/.exec(dangerous)?.[1] ?? dangerous;

describe("reading prose into choices", () => {
  it.each(ANSWERS)("%s: %s", (id, answer, read) => {
    expect(readChoices(question(id), answer)).toEqual(read);
  });

  it("has at least four realistic answers for every question", () => {
    for (const { id } of questions) expect([id, ANSWERS.filter(([of]) => of === id).length >= 4]).toEqual([id, true]);
  });

  it("reads every choice of every question from some answer", () => {
    const read = new Set([
      ...ANSWERS.flatMap(([id, answer]) => readChoices(question(id), answer)),
      ...questions.flatMap((each) => readChoices(each, each.example)),
    ]);
    const never = questions.flatMap((each) => each.choices.map((choice) => choice.id)).filter((id) => !read.has(id));
    expect(never).toEqual([]);
  });

  it.each(questions.map(byId))("%s: the example answer is read as a good one and needs no follow-up", (_, each) => {
    const choices = readChoices(each, each.example);
    expect(choices.length).toBeGreaterThan(0);
    expect(choices.some(isNoneOfThese)).toBe(false);
    expect(["NO_RISK", "MEDIUM_RISK"]).toContain(riskRead(each, each.example));
    expect(needsFollowUp(each, each.example, new Set())).toEqual({ ask: false, missing: [] });
  });

  it.each(
    questions.flatMap((each) =>
      each.dangerous.map((text): [string, string, Question] => [each.id, quoted(text), each]),
    ),
  )("%s: the dangerous answer %s is never read as no risk, and is followed up", (_, answer, each) => {
    expect(riskRead(each, answer)).not.toBe("NO_RISK");
    expect(needsFollowUp(each, answer, new Set()).ask).toBe(true);
  });

  it.each(questions.map(byId))("%s: a hope is never read as no risk", (id, each) => {
    const answers = [each.example, ...ANSWERS.filter(([of]) => of === id).map(([, answer]) => answer)];
    for (const hope of ["I think ", "Probably: ", "Not sure, but maybe "]) {
      for (const answer of answers)
        expect([hope + answer, riskRead(each, hope + answer)]).not.toEqual([hope + answer, "NO_RISK"]);
    }
  });

  it.each(questions.map(byId))("%s: doubt alone is read as none of these, or not at all", (_, each) => {
    for (const doubt of ["not sure", "No idea.", "we haven't checked", "tbd", "should be fine", "I don't know yet"]) {
      const read = readChoices(each, doubt);
      expect(read.every(isNoneOfThese)).toBe(true);
      expect(read).toHaveLength(1);
    }
  });

  it("ends, also on 40,000 hostile characters", () => {
    const patterns = questions.flatMap((each) => [
      ...each.phrases.flatMap((phrase) => [phrase.pattern, phrase.unless ?? phrase.pattern]),
      ...each.good.flatMap((point) => point.covered),
    ]);
    const texts = [
      "load test tested 12 ",
      "s3 versions pitr multi-az ",
      "a",
      "1,1,1,",
      "not ",
      "orders p99 above 1 ",
      " ",
    ].map((part) => readable(part.repeat(40_000 / part.length)));
    for (const pattern of new Set(patterns)) {
      for (const text of texts)
        expectGrowsGently((length) => occurs(pattern, text.slice(0, length)), text.length, pattern);
    }
  });
});

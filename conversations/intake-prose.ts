import type { Catalogue } from "../src/domain/catalogue.ts";
import type { Found } from "../src/domain/intake.ts";
import { occurs, readable } from "./patterns.ts";
import { isNoneOfThese } from "./reading.ts";
import { riskOf } from "./risk.ts";

/**
 * An architecture in prose, read without a model: a sentence that one of a question's phrases fits is suggested for
 * that question, in its own words and with its line. It understands nothing beyond that, and says so.
 */

/** Every sentence is held against every phrase: what comes after the first pages isn't read. */
const MOST_CHARACTERS = 100_000;
const MOST_PER_QUESTION = 3;
const SHORTEST = 15;
const LONGEST = 400;

export function readProse(name: string, text: string, catalogue: Catalogue): Found[] {
  const sentences = sentencesIn(text.slice(0, MOST_CHARACTERS));
  return catalogue.modules.flatMap((module) =>
    module.questions.flatMap((question) => {
      const fitting = sentences.flatMap(({ line, words }, index) => {
        const choices = question.phrases
          .filter(({ pattern, unless }) => occurs(pattern, words) && !(unless !== undefined && occurs(unless, words)))
          .map(({ choice }) => choice)
          .filter((choice) => !isNoneOfThese(choice));
        if (choices.length === 0) return [];
        const high = riskOf(question, new Set(choices)).risk === "HIGH_RISK";
        const found: Found = {
          id: `${question.id}-${index}`,
          question: question.id,
          statement: words,
          kind: high ? "weak" : "fact",
          place: { file: name, line, resource: `line ${line}` },
        };
        return [found];
      });
      return fitting.slice(0, MOST_PER_QUESTION);
    }),
  );
}

/** Sentences and list items with their line, headings and tables left out. */
export function sentencesIn(text: string): { line: number; words: string }[] {
  return text.split(/\r?\n/).flatMap((raw, index) => {
    if (/^\s*(?:#|\||```|---)/.test(raw)) return [];
    const line = raw.replace(/^\s*(?:[-*+]|\d+[.)])\s+/, "").replace(/[*_`]{1,3}/g, "");
    return line
      .split(/(?<=[.!?;])\s+(?=[A-Z0-9])/)
      .map((words) => readable(words))
      .filter((words) => words.length >= SHORTEST && words.length <= LONGEST)
      .map((words) => ({ line: index + 1, words }));
  });
}

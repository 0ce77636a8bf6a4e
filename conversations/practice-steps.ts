import type { Catalogue, Question, RISK_LEVELS } from "../src/domain/catalogue.ts";
import type { Rich } from "../src/domain/message.ts";
import type { PracticeResult } from "../src/domain/person.ts";
import { missingPoints } from "./follow-up.ts";
import { occurs, readable } from "./patterns.ts";
import type { SampleQuestion, Weakness } from "./practice-sample.ts";
import { readChoices } from "./reading.ts";
import { riskOf } from "./risk.ts";

/** One thing asked in a rehearsal, and how its answer is compared with what good looks like. Pure. */
export type PracticeStep = {
  /** A question's id, or a word: `ramp`. */
  id: string;
  /** For lists: "restoration plans". */
  short: string;
  ask: string;
  /** Facts of the sample; may rest on figures of earlier answers. */
  known: (figures: Figures) => string[];
  table?: { caption: string; columns: string[]; rows: string[][] };
  hint?: string;
  judge: (answer: string, figures: Figures) => Judged;
};

export type Figures = Readonly<Record<string, number>>;

/** What an answer was worth. `again`: it can't be compared yet, and why. */
export type Judged =
  | { again: string }
  | {
      result: PracticeResult;
      covered: string[];
      missed: string[];
      /** The sums, done with the answer's own figures. */
      sums: Rich[];
      /** How the words would be read, and what is true of the sample. */
      choices?: { read: string[]; holds: string[]; risk: (typeof RISK_LEVELS)[number]; because: string };
      dangerous?: { said: string; because: string };
      weaknesses: { text: string; found: boolean }[];
      model: string;
    };

/** A catalogue question, asked about the sample. */
export function questionStep(sample: SampleQuestion, catalogue: Catalogue): PracticeStep | undefined {
  const question = catalogue.question(sample.id);
  if (question === undefined) return undefined;
  return {
    id: question.id,
    short: question.short,
    ask: question.text,
    known: () => sample.known,
    judge: (answer) => judgeQuestion(question, sample, answer),
  };
}

function judgeQuestion(question: Question, sample: SampleQuestion, answer: string): Judged {
  const missing = new Set(missingPoints(question, answer, new Set()).map((point) => point.id));
  const dangerous = resembled(question, answer);
  const weaknesses = foundIn(sample.weaknesses, dangerous === undefined ? answer : "");
  const read = readChoices(question, answer);
  const { risk, because } = riskOf(question, new Set(sample.holds));
  const say = (ids: readonly string[]) => question.choices.filter(({ id }) => ids.includes(id)).map(({ text }) => text);
  // Words of a dangerous answer may touch a point; they don't answer it.
  const covered = dangerous === undefined ? question.good.filter((point) => !missing.has(point.id)) : [];
  return {
    result: {
      outcome: "answered",
      covered: covered.length,
      of: question.good.length,
      found: weaknesses.filter((one) => one.found).length,
      planted: weaknesses.length,
      ...(dangerous === undefined ? {} : { dangerous: true as const }),
    },
    covered: covered.map((point) => point.text),
    missed: question.good.filter((point) => !covered.includes(point)).map((point) => point.text),
    sums: [],
    choices: { read: say(read), holds: say(sample.holds), risk, because },
    ...(dangerous === undefined ? {} : { dangerous }),
    weaknesses,
    model: sample.model,
  };
}

export function foundIn(weaknesses: readonly Weakness[], answer: string): { text: string; found: boolean }[] {
  const words = readable(answer);
  return weaknesses.map(({ text, seen }) => ({ text, found: seen.some((pattern) => occurs(pattern, words)) }));
}

/** Words too common to make two sentences alike. */
const COMMON = new Set(
  "a an the is are was be been it its we our they to of in on at and or so for as by with that this if will would have has had do does not no yes only all any but us you".split(
    " ",
  ),
);
/** An answer this many times as long as the dangerous one says more than it. */
const MUCH_LONGER = 2.2;
const ALIKE = 0.6;

/** The dangerous answer that this one resembles, with why it is one. */
export function resembled(question: Question, answer: string): { said: string; because: string } | undefined {
  const mine = contentWords(answer);
  if (mine.size === 0) return undefined;
  for (const dangerous of question.dangerous) {
    const [, said = "", because = ""] = /^"([^"]+)"\s*([\s\S]*)$/.exec(dangerous) ?? [];
    const theirs = contentWords(said);
    if (theirs.size === 0 || mine.size > Math.max(4, theirs.size * MUCH_LONGER)) continue;
    const shared = [...theirs].filter((word) => mine.has(word)).length;
    if (shared / theirs.size >= ALIKE) return { said, because };
  }
  return undefined;
}

function contentWords(text: string): Set<string> {
  const words = readable(text)
    .toLowerCase()
    .match(/[\p{L}\p{N}]+(?:'\p{L}+)?/gu);
  return new Set((words ?? []).filter((word) => !COMMON.has(word)).map((word) => word.replace(/(?:'s|s)$/, "")));
}

type More = {
  sums: string[];
  weaknesses: { text: string; found: boolean }[];
  model: string;
  figures?: Record<string, number>;
};

/** Points and sums into what is told, for the guided rehearsals. */
export function judged(points: { text: string; ok: boolean }[], more: More): Judged {
  return {
    result: {
      outcome: "answered",
      covered: points.filter((point) => point.ok).length,
      of: points.length,
      found: more.weaknesses.filter((one) => one.found).length,
      planted: more.weaknesses.length,
      ...(more.figures === undefined ? {} : { figures: more.figures }),
    },
    covered: points.filter((point) => point.ok).map((point) => point.text),
    missed: points.filter((point) => !point.ok).map((point) => point.text),
    sums: more.sums.map((sum) => [sum]),
    weaknesses: more.weaknesses,
    model: more.model,
  };
}

import type { Point, Question } from "../src/domain/catalogue.ts";
import { occurs, readable } from "./patterns.ts";
import { bareAnswer } from "./reading.ts";

/** Points of a good answer that neither the words nor evidence speak to, in the question's order. */
export function missingPoints(question: Question, text: string, evidenceSources: ReadonlySet<string>): Point[] {
  const words = readable(text);
  return question.good.filter(
    (point) =>
      !point.evidence.some((source) => evidenceSources.has(source)) &&
      !point.covered.some((pattern) => occurs(pattern, words)),
  );
}

/**
 * Whether an answer wants a follow-up: a point is unaddressed, evidence is silent on it, and the answer isn't a plain
 * one where that is enough. How many follow-ups a question and a module may have is the engine's business.
 *
 * @param evidenceSources the sources that have said something about this question.
 */
export function needsFollowUp(
  question: Question,
  text: string,
  evidenceSources: ReadonlySet<string>,
): { ask: boolean; missing: Point[] } {
  const missing = missingPoints(question, text, evidenceSources);
  return { ask: missing.length > 0 && !plainIsEnough(question, text, evidenceSources), missing };
}

function plainIsEnough(question: Question, text: string, evidenceSources: ReadonlySet<string>): boolean {
  const bare = bareAnswer(text);
  if (bare === undefined) return false;
  if (bare !== "right" && question.plain.enough.includes(bare)) return true;
  return question.plain.withEvidence && question.evidence.some(({ source }) => evidenceSources.has(source));
}

const MOST_NAMED = 2;

/** Those of the missing points that a follow-up asks for: three questions at once get no answer. */
export function namedPoints(missing: readonly Point[]): Point[] {
  return missing.slice(0, MOST_NAMED);
}

/**
 * The follow-up in words. It names what is missing, two things at most: three questions at once get no answer. When
 * nothing was addressed it is the question's own follow-up.
 */
export function followUpText(question: Question, missing: readonly Point[]): string {
  if (missing.length === 0 || missing.length >= question.good.length) return question.followUp;
  const named = namedPoints(missing).map((point) => inSentence(point.text));
  return named.length === 1
    ? `Thanks, one thing I can't see yet: ${named[0]}?`
    : `Thanks, two things I can't see yet: ${named.join("; and ")}?`;
}

/** "Which groups scale" → "which groups scale"; "RTO and RPO", "TiB in use" stay. */
function inSentence(point: string): string {
  const text = point.replace(/[.?!]+$/, "");
  return /^[A-Z][a-z]*(?![A-Za-z0-9])/.test(text) ? text.charAt(0).toLowerCase() + text.slice(1) : text;
}

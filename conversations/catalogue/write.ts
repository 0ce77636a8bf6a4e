import type { Choice, EvidenceUse, Phrase, Point } from "../../src/domain/catalogue.ts";
import type { ChoiceId } from "../../src/domain/ids.ts";
import type { EvidenceSourceId } from "./sources.ts";

/** Short forms to write our own catalogue entries with; they only spare the braces. */

/** A point of a good answer: id, words, patterns that show it is addressed, sources that speak to it. */
export function point(id: string, text: string, covered: string[], evidence: EvidenceSourceId[] = []): Point {
  return { id, text, covered, evidence };
}

/** A choice: id, statement, and what to do to be able to say it. */
export function choice(id: ChoiceId, text: string, improve: string): Choice {
  return { id, text, improve };
}

/** The last choice of every question. Its id ends in `_no`. */
export function noneOfThese(id: `${string}_no`): Choice {
  return { id, text: "None of these / not checked yet" };
}

export function shows(source: EvidenceSourceId, proves: ChoiceId[], refutes: ChoiceId[] = []): EvidenceUse {
  return { source, proves, refutes };
}

/** Words that make a statement a hope, or take something out of it. They withdraw the reading of a reassuring choice. */
const HEDGE =
  "\\b(?:probably|i (?:think|guess|believe|assume)|we (?:think|guess|believe|assume)|assuming|hopefully|should (?:be|have|do)|might|maybe|perhaps|not (?:yet )?(?:sure|certain|checked)|no idea|don't know|unclear|supposedly|except|apart from|other than|but (?:not (?:the|for|yet|all)|the|one|some))\\b";

/** Words that put a thing into the future. */
const PLANNED =
  "\\b(?:not (?:yet |been |tested|rehearsed|measured|checked)|(?:isn|aren|hasn|haven|wasn|don|doesn|didn)'t|never|no longer|going to|plan(?:s|ned|ning)? to|to do|todo|still (?:have|need|to|open|missing)|want to|would like|need to|needs to|some ?day|once we|will (?:add|enable|move|set|do|test|start|have))\\b";

const MONTH = "(?:jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec)[a-z]{0,6}";

/** A time not long ago. A month alone ("in May") may be nearly a year back, so a day is needed beside it. */
export const RECENTLY = `(?:\\b\\d{1,2}(?:st|nd|rd|th)? (?:of )?${MONTH}\\b|\\b${MONTH} \\d{1,2}\\b|\\b(?:last|this) (?:week|month|quarter|sprint)\\b|\\b(?:days?|weeks?) ago\\b|\\b(?:a|one|two|three|[1-3]) months? ago\\b|\\byesterday\\b)`;

/** A time long ago, or a year, of which a pattern can't tell whether it is this one. */
export const LONG_AGO =
  "\\b(?:last year|years? (?:ago|old)|20\\d\\d|(?:four|five|six|seven|eight|nine|ten|[4-9]|1\\d) months (?:ago|old))\\b";

/** If one of `patterns` is found the answer is read as the choice; `unless` withdraws that. */
export function reads(choice: ChoiceId, patterns: string[], unless?: string): Phrase[] {
  return patterns.map((pattern) => (unless === undefined ? { pattern, choice } : { pattern, choice, unless }));
}

/** For reassuring choices: a hope, a plan or a denial anywhere in the answer withdraws the reading as well. */
export function readsIfSure(choice: ChoiceId, patterns: string[], unless?: string): Phrase[] {
  const doubt = `${HEDGE}|${PLANNED}`;
  return reads(choice, patterns, unless === undefined ? doubt : `${doubt}|${unless}`);
}

/** For reassuring choices that are denials themselves ("we don't use it"): only a hope withdraws the reading. */
export function readsIfMeant(choice: ChoiceId, patterns: string[], unless?: string): Phrase[] {
  return reads(choice, patterns, unless === undefined ? HEDGE : `${HEDGE}|${unless}`);
}

/** Doubt, "it never happened before" and plain ignorance: the same for every question. */
export function readsAsNone(choice: `${string}_no`, patterns: string[] = []): Phrase[] {
  return reads(choice, [
    "\\b(?:not (?:yet )?(?:sure|certain|checked|looked|known|defined|decided)|no idea|(?:don't|do not|doesn't) know|(?:haven't|have not|hasn't) (?:yet )?(?:looked|checked|thought|decided|tested|been)|to be (?:checked|decided|defined)|tb[acd]|unclear)\\b",
    "\\b(?:should|will|'ll) be (?:fine|ok|okay|enough|good)\\b|\\bnever (?:had|hit|seen|been|needed|failed|happened)\\b|\\b(?:probably|hopefully|i (?:think|guess) so)\\b",
    ...patterns,
  ]);
}

import type { Risk } from "../src/domain/report.ts";
import { escapePattern, hasWord, type Source, withoutQuotes } from "./grounding-sources.ts";
import { GENERIC, STOP_WORDS } from "./grounding-words.ts";

/** What a sentence claims: it reassures, tells of deeds, denies and adds no more than what it cites. */

/** Words that end a discussion. Where a risk is open, a person's answer can't lend them. */
const REASSURING =
  /\b(resolved|mitigated|fixed|safe|safely|covered|solved|sorted|eliminated|handled|guarantee[ds]?|ensure[ds]?|under control|no (?:issues?|problems?|action)|nothing (?:to|is) \w+|all (?:good|fine|set|clear|done|questions)|everything|fully|completely|always|never)\b/gi;
const ACTS =
  /\b(confirmed|accepted|signed|approved|agreed|verified|proved|proven|tested|filed|decided|rehearsed|completed)\b/gi;

export function unsupportedClaim(
  text: string,
  sources: Source[],
  levels: ReadonlyMap<string, Risk>,
): string | undefined {
  const own = withoutQuotes(text, sources);
  const open = sources.some((source) => ["HIGH", "UNANSWERED"].includes(levels.get(source.question ?? "") ?? ""));
  for (const [claim] of own.matchAll(REASSURING)) {
    const lends = sources.filter((source) => !open || !source.untrusted);
    if (!lends.some((source) => hasWord(source.lower, claim.toLowerCase()))) return `"${claim}" isn't in what it cites`;
  }
  for (const [act] of own.matchAll(ACTS)) {
    const negated = new RegExp(
      `\\b(?:not|isn't|wasn't|aren't|n't|no|un|never|without a?) (?:been |yet )*${act}`,
      "i",
    ).test(own);
    const official =
      act.toLowerCase() === "confirmed" || act.toLowerCase() === "accepted" || act.toLowerCase() === "signed";
    const stem = act.slice(0, 4).toLowerCase();
    const lends = sources.filter((source) => (!official || source.kind !== "answer") && source.lower.includes(stem));
    if (lends.length === 0) return `"${act}" isn't in what it cites`;
    const denied = new RegExp(`\\b(?:not|isn't|wasn't|aren't|no|never|un)[ -]?(?:been |yet )*${stem}`, "g");
    const isDenied = (source: Source): boolean =>
      count(source.lower, denied) >= count(source.lower, new RegExp(stem, "g"));
    if (!negated && lends.every(isDenied)) return `leaves out a "not" before "${act}"`;
  }
  if (
    sources.every((source) => source.kind === "reading") &&
    !/\b(?:reading|read|not (?:yet )?confirmed|unconfirmed|isn't confirmed)\b/i.test(own)
  ) {
    return "gives our own reading as an answer";
  }
  return undefined;
}

const NEGATION =
  /\b(?:not|no|never|none|nobody|nothing|without|cannot|neither|nor|lacks?|lacking|missing|fails?|failed|un(?:answered|known|confirmed|owned|tested))\b|n['’]t\b/gi;
/** "Not applicable" is a term, not a denial. */
const TERMS = new Set(["applicable"]);
const NEGATED_WORD =
  /(?:\b(?:not|no|never|without|cannot)|n['’]t)\s+(?:(?:on|in|at|a|an|the|any|be|been|yet|have|has|by)\s+)*([\p{L}-]{4,})/giu;

/** A "not" that appears from nowhere, or one that got lost on the way. */
export function flippedNegation(text: string, sources: Source[]): string | undefined {
  const cited = sources.map((source) => source.text).join("\n");
  const own = withoutQuotes(text, sources);
  if (count(own, NEGATION) > 0 && count(cited, NEGATION) === 0) return "says not where its sources don't";
  for (const [, word = ""] of cited.matchAll(NEGATED_WORD)) {
    const stem = stemOf(word);
    const ownStems = new Set([...own.matchAll(/\p{L}[\p{L}-]{3,}/gu)].map(([other]) => stemOf(other)));
    // Deeds are checked as claims, with their form ("confirm it" isn't "confirmed").
    if (
      STOP_WORDS.has(word.toLowerCase()) ||
      TERMS.has(word.toLowerCase()) ||
      count(word, ACTS) > 0 ||
      !ownStems.has(stem)
    )
      continue;
    const inText = [...own.matchAll(NEGATED_WORD)].some(([, other = ""]) => stemOf(other) === stem);
    const plain =
      count(cited, new RegExp(`(?<![\\p{L}])${escapePattern(word)}`, "giu")) >
      [...cited.matchAll(NEGATED_WORD)].filter(([, other = ""]) => stemOf(other) === stem).length;
    if (!inText && !plain && count(own, NEGATION) === 0) return `leaves out the "not" before "${word}"`;
  }
  return undefined;
}

/** At least half of a sentence's own words must come from what it cites. */
export function saysMore(text: string, sources: Source[]): string | undefined {
  const known = new Set(sources.flatMap((source) => [...stemsOf(source.text)]));
  const own = [...stemsOf(text)];
  if (own.length === 0) return undefined;
  const supported = own.filter((stem) => known.has(stem)).length;
  return supported / own.length >= 0.5 ? undefined : "says more than its sources";
}

function stemsOf(text: string): Set<string> {
  return new Set(
    [...text.toLowerCase().matchAll(/\p{L}[\p{L}\p{M}-]{3,}/gu)]
      .map(([word]) => word)
      .filter((word) => !STOP_WORDS.has(word) && !GENERIC.has(word))
      .map(stemOf),
  );
}

function stemOf(word: string): string {
  return word
    .toLowerCase()
    .replace(/(?:ing|ed|es|s|ly)$/, "")
    .slice(0, 5);
}

function count(text: string, pattern: RegExp): number {
  return [...text.matchAll(pattern)].length;
}

import { hasWord, type Source } from "./grounding-sources.ts";
import { type Amount, tokensOf, widened } from "./grounding-tokens.ts";
import { COMMON_NAMES, GENERIC, STARTERS, STOP_WORDS } from "./grounding-words.ts";

/** The details of a sentence: its numbers, dates, Regions, identifiers and names stand in what it cites. */

export function unsupportedToken(text: string, sources: Source[]): string | undefined {
  const said = tokensOf(text);
  const dates = widened(new Set(sources.flatMap((source) => [...source.tokens.dates])));
  for (const date of said.dates)
    if (!dates.has(date)) return `date or time "${date.replace(/^t(?=\d)/, "")}" isn't in what it cites`;
  const regions = new Set(sources.flatMap((source) => [...source.tokens.regions]));
  for (const region of said.regions) {
    const supported =
      regions.has(region) ||
      [...regions].some((known) => known.startsWith(region) && region.endsWith(known.slice(-2, -1)));
    if (!supported) return `Region "${region}" isn't in what it cites`;
  }
  for (const amount of said.amounts) {
    if (!sources.some((source) => supportsAmount(source, amount))) {
      return `"${amount.value}${amount.unit === undefined ? "" : ` ${amount.unit}`}" isn't in what it cites`;
    }
  }
  const ratios = new Set(sources.flatMap((source) => [...source.tokens.ratios]));
  if (ratios.size > 0) {
    for (const ratio of said.ratios)
      if (!ratios.has(ratio)) return `"${ratio.replace("/", " of ")}" isn't in what it cites`;
  }
  for (const identifier of said.identifiers) {
    const isQuestion = sources.some((source) => source.question?.toLowerCase() === identifier);
    const isCommon = COMMON_NAMES.has(identifier);
    if (!isQuestion && !isCommon && !sources.some((source) => hasWord(source.lower, identifier))) {
      return `"${identifier}" isn't in what it cites`;
    }
  }
  return undefined;
}

/** The number with its unit; or the number alone, in a fact that speaks of that unit and gives it no other. */
function supportsAmount(source: Source, { value, unit, next }: Amount): boolean {
  const { amounts } = source.tokens;
  const same = amounts.filter((amount) => amount.value === value);
  if (same.length === 0) return false;
  // "3 high risks" isn't supported by "2 high risks, 3 questions": the fact counts those, and counts otherwise.
  const counted = next !== undefined && amounts.some((amount) => amount.next === next);
  if (counted && !same.some((amount) => amount.next === next)) return false;
  if (unit === undefined || same.some((amount) => amount.unit === unit)) return true;
  return (
    same.some((amount) => amount.unit === undefined) && source.tokens.amounts.some((amount) => amount.unit === unit)
  );
}

/** Capitalised words inside a sentence are names; at its start they are if no plain word begins like that. */
export function unsupportedName(
  text: string,
  sources: Source[],
  people: string[],
  trusted: ReadonlySet<string>,
): string | undefined {
  const cited = sources.map((source) => source.text).join("\n");
  for (const person of people) {
    if (hasWord(text, person) && !hasWord(cited, person)) return `names ${person}, whom it doesn't cite`;
  }
  const { rest } = tokensOf(text);
  for (const found of rest.matchAll(/\p{Lu}[\p{L}\p{M}'’-]*/gu)) {
    const word = found[0].replace(/['’]s$/, "");
    const before = rest.slice(0, found.index);
    if (/[\p{L}\d]$/u.test(before)) continue;
    const starts = /(?:^|[.!?:;…]["”’)]?)\s*["“‘(]*$/u.test(before);
    const lower = word.toLowerCase();
    if (hasWord(cited, word) || COMMON_NAMES.has(lower)) continue;
    if (starts && (STARTERS.has(lower) || STOP_WORDS.has(lower) || GENERIC.has(lower) || trusted.has(lower))) continue;
    return `"${word}" isn't in what it cites`;
  }
  return undefined;
}

import type { ReportFact } from "../src/domain/report.ts";
import type { Tokens } from "./grounding-tokens.ts";

/** What a sentence cites: whose words it gives, and which of them stand in it. */

export type Source = ReportFact & { tokens: Tokens; lower: string };

const AWS_SAYS =
  /\b(?:AWS|CloudWatch|Service Quotas|(?:the )?evidence)\b(?:'s)?[^.;]{0,20}\b(?:says?|shows?|shown|reports?|reported|confirms?|confirmed|reads?|proves?|measured|returned|lists?)\b|\b(?:according to|as read from|read from|confirmed by|reported by) AWS\b/i;
const SAYS =
  /["“”]|\b(?:says?|said|answers?|answered|according to|told|reports?|reported|states?|stated|plans?|planned|expects?|expected|claims?|claimed|writes?|wrote|noted)\b/i;

/** Who said it: what is put in AWS's mouth must come from AWS; what a person says about what AWS shows stays theirs. */
export function attribution(
  text: string,
  sources: Source[],
  people: string[],
  readOf: ReadonlySet<string>,
): { reason?: string; sources: Source[] } {
  const spoken = sources.filter((source) => source.kind === "answer" || source.kind === "note");
  // A person quoted word for word may say so; the words stay theirs.
  if (AWS_SAYS.test(withoutQuotes(text, sources))) {
    const official = sources.filter((source) => !spoken.includes(source) && source.kind !== "reading");
    const found = official.some((source) => source.kind === "evidence" || /\baws\b/.test(source.lower));
    return found ? { sources: official } : { sources, reason: "says that AWS said it, and cites nothing from AWS" };
  }
  if (spoken.length === sources.length && sources.some((source) => source.question && readOf.has(source.question))) {
    const named = people.some((name) => hasWord(text, name));
    if (!named && !SAYS.test(text)) return { sources, reason: "gives a person's claim as a fact where AWS was read" };
  }
  return { sources };
}

export function withoutQuotes(text: string, sources: Source[]): string {
  return text.replace(/["“]([^"“”]{3,})["”]/g, (whole, inner: string) =>
    sources.some((source) => source.lower.includes(inner.toLowerCase())) ? '""' : whole,
  );
}

export function hasWord(text: string, word: string): boolean {
  return new RegExp(`(?<![\\p{L}\\d])${escapePattern(word)}(?![\\p{L}\\d])`, "iu").test(text);
}

export function escapePattern(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\/]/g, "\\$&");
}

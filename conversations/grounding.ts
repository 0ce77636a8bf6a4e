import type { ReportFact } from "../src/domain/report.ts";
import type { SummarySection } from "../src/domain/session.ts";
import { flippedNegation, saysMore, unsupportedClaim } from "./grounding-claims.ts";
import { unsupportedName, unsupportedToken } from "./grounding-details.ts";
import { wrongLevel } from "./grounding-levels.ts";
import { attribution, type Source } from "./grounding-sources.ts";
import { tokensOf } from "./grounding-tokens.ts";

/**
 * Checks a model's sentences against the facts they cite. Nothing is believed: a sentence is published only if every
 * number, date, name and Region in it stands in what it cites, its risk levels are those of our rules, and it doesn't
 * say more than its sources. When in doubt the sentence is dropped: a shorter summary is better than a wrong one.
 */
export type Dropped = { section: string; text: string; facts: string[]; reason: string };
export type Grounded = { kept: SummarySection[]; dropped: Dropped[] };

export type Context = {
  facts: ReportFact[];
  /** The event's name, which may stand in any sentence ("Black Friday" is no Friday). */
  eventName: string;
  /** Names of the people in the session. */
  people: string[];
  /** Words that may stand anywhere: module titles, question texts. */
  vocabulary: string[];
  /** Section titles that may appear; others are dropped whole. */
  titles: readonly string[];
};

/** A summary's sentence isn't longer than this. */
const LONGEST = 600;

export function ground(sections: SummarySection[], context: Context): Grounded {
  const checker = createChecker(context);
  const dropped: Dropped[] = [];
  const kept = sections.flatMap(({ title, sentences }): SummarySection[] => {
    const good = sentences.filter(({ text, facts }) => {
      const reason = context.titles.includes(title) ? checker(text, facts) : "a section nobody asked for";
      if (reason !== undefined) dropped.push({ section: title, text, facts, reason });
      return reason === undefined;
    });
    return good.length === 0 ? [] : [{ title, sentences: good }];
  });
  return { kept, dropped };
}

/** Why a sentence can't be published, or undefined. */
export function createChecker({
  facts,
  eventName,
  people,
  vocabulary,
}: Context): (text: string, cites: string[]) => string | undefined {
  const byId = new Map<string, Source>();
  const read = (id: string): Source | undefined => {
    const known = byId.get(id);
    if (known) return known;
    const fact = facts.find((item) => item.id === id);
    if (!fact) return undefined;
    const source = { ...fact, tokens: tokensOf(fact.text), lower: fact.text.toLowerCase() };
    byId.set(id, source);
    return source;
  };
  const levels = new Map(
    facts.flatMap((fact) => (fact.level && fact.question ? [[fact.question, fact.level] as const] : [])),
  );
  const readOf = new Set(facts.flatMap((fact) => (fact.kind === "evidence" && fact.question ? [fact.question] : [])));
  const headline = facts.find((fact) => fact.id === "verdict")?.text ?? "";
  const trusted = new Set(
    [...vocabulary, ...facts.filter((fact) => !fact.untrusted).map((fact) => fact.text)].flatMap((text) =>
      [...text.matchAll(/\p{Ll}[\p{L}'’-]+/gu)].map(([word]) => word),
    ),
  );
  return (said, cites) => {
    const text = eventName.length < 3 ? said : said.replaceAll(eventName, "the event");
    if (text.trim() === "") return "empty";
    if (said.length > LONGEST) return "too long for a sentence";
    const markup = markupIn(text);
    if (markup) return markup;
    if (cites.length === 0) return "cites nothing";
    const sources: Source[] = [];
    for (const id of new Set(cites)) {
      const source = read(id);
      if (!source) return `cites "${id.slice(0, 60)}", which doesn't exist`;
      sources.push(source);
    }
    const attributed = attribution(text, sources, people, readOf);
    if (attributed.reason !== undefined) return attributed.reason;
    return (
      unsupportedToken(text, attributed.sources) ??
      unsupportedName(text, sources, people, trusted) ??
      wrongLevel(text, sources, levels, headline) ??
      unsupportedClaim(text, sources, levels) ??
      flippedNegation(text, sources) ??
      saysMore(text, sources)
    );
  };
}

function markupIn(text: string): string | undefined {
  if (/[\r\n]/.test(text)) return "more than one line";
  if (/https?:|www\.|\]\(|<[^ ]|@\w|javascript:/i.test(text)) return "a link, a mention or markup";
  if (/\p{Cc}|[\u202a-\u202e\u2066-\u2069]/u.test(text)) return "control characters";
  if (/\b\d{12}\b/.test(text)) return "an account id";
  if (/\b(?:AKIA|ASIA)[A-Z0-9]{12,}|-----BEGIN|\beyJ[\w-]{10,}\.|[A-Za-z0-9+/]{40,}/.test(text)) return "a secret";
  return undefined;
}

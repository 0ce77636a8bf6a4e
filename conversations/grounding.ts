import type { ReportFact, Risk } from "../src/domain/report.ts";
import type { SummarySection } from "../src/domain/session.ts";
import { type Amount, type Tokens, tokensOf, widened } from "./grounding-tokens.ts";
import { COMMON_NAMES, GENERIC, STARTERS, STOP_WORDS } from "./grounding-words.ts";

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

type Source = ReportFact & { tokens: Tokens; lower: string };

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

const AWS_SAYS =
  /\b(?:AWS|CloudWatch|Service Quotas|(?:the )?evidence)\b(?:'s)?[^.;]{0,20}\b(?:says?|shows?|shown|reports?|reported|confirms?|confirmed|reads?|proves?|measured|returned|lists?)\b|\b(?:according to|as read from|read from|confirmed by|reported by) AWS\b/i;
const SAYS =
  /["“”]|\b(?:says?|said|answers?|answered|according to|told|reports?|reported|states?|stated|plans?|planned|expects?|expected|claims?|claimed|writes?|wrote|noted)\b/i;

/** Who said it: what is put in AWS's mouth must come from AWS; what a person says about what AWS shows stays theirs. */
function attribution(
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

function unsupportedToken(text: string, sources: Source[]): string | undefined {
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
function unsupportedName(
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

const LEVEL_PATTERNS: [Risk, RegExp][] = [
  [
    "HIGH",
    /\bhigh[- ](?:level )?risks?\b|\brisks?(?: level)? (?:is|are|as|remains?|stays?|of) high\b|\bHIGH\b|\bRED\b|\bcritical\b|\bsevere\b/i,
  ],
  [
    "MEDIUM",
    /\bmedium[- ](?:level )?risks?\b|\brisks?(?: level)? (?:is|are|as|remains?|stays?|of) (?:medium|moderate)\b|\bMEDIUM\b|\bat risk\b|\bmoderate risks?\b|\bYELLOW\b/i,
  ],
  [
    "NONE",
    /\b(?:no|zero|without|low|lower|minor|minimal|negligible|little|not an?|isn't an?|no longer an?) (?:real |significant |open |known |remaining |high |medium |further |more )*(?:risks?|concerns?|dangers?|threats?)\b|\brisk[- ]free\b|\brisks?(?: level)? (?:is|are|as|remains?|stays?|of) (?:low|minor|minimal|negligible|none|gone|cleared)\b|\bGREEN\b/i,
  ],
  [
    "UNANSWERED",
    /\bunanswered\b|\b(?:not|isn't|hasn't been|aren't|never) (?:yet )?(?:been )?answered\b|\bno (?:confirmed )?answer\b/i,
  ],
];

export function levelsIn(text: string): Set<Risk> {
  let rest = text;
  const levels = new Set<Risk>();
  // "no high risk" speaks of none: it goes first, and doesn't count as high.
  for (const level of ["NONE", "UNANSWERED", "HIGH", "MEDIUM"] as const) {
    const pattern = LEVEL_PATTERNS.find(([name]) => name === level)?.[1];
    if (pattern?.test(rest)) {
      levels.add(level);
      rest = rest.replace(new RegExp(pattern, "gi"), " ");
    }
  }
  return levels;
}

function wrongLevel(
  text: string,
  sources: Source[],
  levels: ReadonlyMap<string, Risk>,
  headline: string,
): string | undefined {
  // What a person is quoted with, word for word, isn't our word about a risk.
  const own = withoutQuotes(text, sources);
  const said = levelsIn(own);
  const ours = sources.filter((source) => !source.untrusted || source.kind === "risk");
  const supported = new Set(
    ours.flatMap((source) => [...(source.level ? [source.level] : []), ...levelsIn(source.text)]),
  );
  for (const level of said) if (!supported.has(level)) return `says "${level}", which the rules don't`;
  const risks = sources.filter((source) => source.kind === "risk" && source.level !== undefined);
  if (said.size > 0 && risks.length > 0) {
    for (const { level, question } of risks) {
      if (level && level !== "NOT_APPLICABLE" && !said.has(level)) return `leaves out that ${question} is ${level}`;
    }
    const wrong = nearestLevel(own, said, risks, levels);
    if (wrong) return wrong;
  }
  const ready = /\b(?:is|are|be|fully|now|all|we're|verdict:?)?\s?(not |isn't |aren't |un)?(?:yet )?ready\b/i.exec(own);
  if (ready && headline !== "") {
    const negative = ready[1] !== undefined || /\b(?:not|isn't|aren't|never) (?:\w+ )?ready\b/i.test(own);
    const notReady = headline.startsWith("Not ready");
    if (negative !== notReady) return "says another verdict than the rules";
    if (/accepted risks/.test(headline.slice(0, 30)) && !/accept/i.test(own))
      return "leaves out that risks were accepted";
  }
  if (
    /\b(?:go ahead|good to go|clear(?:ed)? (?:to|for) (?:go|launch)|green light|safe to (?:go|launch|proceed))\b/i.test(
      own,
    )
  ) {
    return "decides what people decide";
  }
  return wrongDecision(own, sources);
}

/** Go and no-go are people's: only what they signed can be said. */
function wrongDecision(text: string, sources: Source[]): string | undefined {
  const said = DECIDES.exec(text)?.[1]?.toLowerCase();
  if (said === undefined) return undefined;
  const wanted = said === "go" ? /(?:decision is|signed) go\b/ : /\bno-go\b/;
  const found = sources.some(
    (source) => (source.kind === "decision" || source.kind === "verdict") && wanted.test(source.lower),
  );
  return found || /go \/ no-go/i.test(text) ? undefined : "gives a decision that nobody signed";
}

/** With several levels in one sentence, each question it names must stand next to its own. */
function nearestLevel(
  text: string,
  said: ReadonlySet<Risk>,
  risks: Source[],
  levels: ReadonlyMap<string, Risk>,
): string | undefined {
  if (said.size < 2) return undefined;
  const places = LEVEL_PATTERNS.flatMap(([level, pattern]) =>
    [...text.matchAll(new RegExp(pattern, "gi"))].map((found) => ({ level, at: found.index })),
  );
  for (const { question } of risks) {
    const at = question === undefined ? -1 : text.indexOf(question);
    if (at < 0 || question === undefined) return "mixes levels without saying whose they are";
    const nearest = places.toSorted((a, b) => Math.abs(a.at - at) - Math.abs(b.at - at))[0];
    if (nearest && nearest.level !== levels.get(question)) return `puts another level beside ${question}`;
  }
  return undefined;
}

function withoutQuotes(text: string, sources: Source[]): string {
  return text.replace(/["“]([^"“”]{3,})["”]/g, (whole, inner: string) =>
    sources.some((source) => source.lower.includes(inner.toLowerCase())) ? '""' : whole,
  );
}

/** Words that end a discussion. Where a risk is open, a person's answer can't lend them. */
const DECIDES =
  /\b(?:decision|decided|decides?|verdict|signed|signs?|voted?|votes?|outcome)\b[^.;]{0,60}?\b(no[- ]?go|go)\b/i;
const REASSURING =
  /\b(resolved|mitigated|fixed|safe|safely|covered|solved|sorted|eliminated|handled|guarantee[ds]?|ensure[ds]?|under control|no (?:issues?|problems?|action)|nothing (?:to|is) \w+|all (?:good|fine|set|clear|done|questions)|everything|fully|completely|always|never)\b/gi;
const ACTS =
  /\b(confirmed|accepted|signed|approved|agreed|verified|proved|proven|tested|filed|decided|rehearsed|completed)\b/gi;

function unsupportedClaim(text: string, sources: Source[], levels: ReadonlyMap<string, Risk>): string | undefined {
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
function flippedNegation(text: string, sources: Source[]): string | undefined {
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
function saysMore(text: string, sources: Source[]): string | undefined {
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

function hasWord(text: string, word: string): boolean {
  return new RegExp(`(?<![\\p{L}\\d])${escapePattern(word)}(?![\\p{L}\\d])`, "iu").test(text);
}

function escapePattern(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\/]/g, "\\$&");
}

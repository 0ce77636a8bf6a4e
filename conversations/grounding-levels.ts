import type { Risk } from "../src/domain/report.ts";
import { type Source, withoutQuotes } from "./grounding-sources.ts";

/** What a sentence says of risk, readiness and go or no-go: as the rules judged it, and as people signed it. */

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

export function wrongLevel(
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

const DECIDES =
  /\b(?:decision|decided|decides?|verdict|signed|signs?|voted?|votes?|outcome)\b[^.;]{0,60}?\b(no[- ]?go|go)\b/i;

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

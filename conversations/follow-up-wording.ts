import type { Point, Question } from "../src/domain/catalogue.ts";

/**
 * Whether a model's follow-up may be put to people: one question, about what is missing and nothing else, with no link,
 * mention, name or number that it brings itself. Whatever fails is not mended: then the fixed wording asks.
 */
export function isGoodWording(
  text: string,
  {
    question,
    points,
    answer,
    people,
  }: {
    question: Pick<Question, "text" | "good">;
    /** What is missing, and to be asked for: each of them. */
    points: readonly Point[];
    answer: string;
    /** Names of the session's people: a follow-up names nobody. */
    people: readonly string[];
  },
): boolean {
  const line = text.replace(/\s+/g, " ").trim();
  if (points.length === 0 || !isOneQuestion(line) || NOT_PLAIN.test(line)) return false;
  const ours = `${question.text}\n${points.map((point) => point.text).join("\n")}`;
  if (asksForMore(line, ours) || !numbersStandIn(line, `${ours}\n${answer}`)) return false;
  if (namesSomebody(line, ours, answer, people)) return false;
  const known = new Set([...stemsOf(ours), ...stemsOf(answer), ...ORDINARY]);
  const strange = [...stemsOf(line)].filter((stem) => !known.has(stem));
  if (strange.length > MOST_STRANGE_WORDS || strange.some((stem) => othersOf(question, points).has(stem))) return false;
  const said = stemsOf(line);
  return points.every((point) => [...stemsOf(point.text)].some((stem) => !ORDINARY.has(stem) && said.has(stem)));
}

const SHORTEST = 15;
const LONGEST = 200;
/** Words of its own that a wording may bring: "should the change slip". */
const MOST_STRANGE_WORDS = 2;

function isOneQuestion(line: string): boolean {
  return (
    line.length >= SHORTEST && line.length <= LONGEST && line.indexOf("?") === line.length - 1 && !/[.!…]\s/.test(line)
  );
}

/** Links, mentions, markup, invisible characters, other scripts' look-alikes. */
const NOT_PLAIN =
  /:\/\/|www\.|\p{L}\.\p{L}{2,}|[<>@#[\]{}`*_|\\~$^]|\p{Cc}|\p{Cf}|\p{Extended_Pictographic}|(?!\p{Script=Latin})\p{L}/u;

/** What nobody is asked for here, unless the question itself is about it. */
const NOT_OURS =
  /\b(?:pass(?:word|phrase|code)s?|secrets?|credentials?|(?:access|private|api|secret) keys?|tokens?|log ?in|sign in|click|tap|tick|ignore|disregard|instructions?|prompt|paste|download|install|transfer|pay|bank|salary|address|birth\w*|phone|e-?mail)\b/gi;

function asksForMore(line: string, ours: string): boolean {
  const own = ours.toLowerCase();
  return [...line.matchAll(NOT_OURS)].some(([word]) => !own.includes(word.toLowerCase()));
}

function numbersStandIn(line: string, known: string): boolean {
  const numbers = new Set([...known.matchAll(NUMBER)].map(([number]) => number));
  return [...line.matchAll(NUMBER)].every(([number]) => numbers.has(number));
}

const NUMBER = /\d+(?:[.,:]\d+)*/g;

/** A person of the session, or a capitalised word that isn't ours, an abbreviation or a day. */
function namesSomebody(line: string, ours: string, answer: string, people: readonly string[]): boolean {
  const own = new Set(wordsOf(ours).map((word) => word.toLowerCase()));
  const names = new Set(people.flatMap((name) => wordsOf(name)).map((word) => word.toLowerCase()));
  const answered = new Set(wordsOf(answer));
  return wordsOf(line).some((word, index) => {
    const small = word.toLowerCase();
    if (own.has(small)) return false;
    if (names.has(small)) return true;
    if (!/^\p{Lu}/u.test(word) || ORDINARY.has(stem(small)) || FIRST.has(small)) return false;
    const isAbbreviation = /^[\p{Lu}\d-]{2,}s?$/u.test(word) && answered.has(word);
    return index === 0 || !(isAbbreviation || DAYS.test(word));
  });
}

const DAYS =
  /^(?:(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|January|February|March|April|May|June|July|August|September|October|November|December|AWS|I)$/;

/** What a wording that asks for one point may not ask for: the points that are answered or not asked now. */
function othersOf(question: Pick<Question, "good">, points: readonly Point[]): Set<string> {
  const named = new Set(points.map((point) => point.id));
  return new Set(question.good.filter((point) => !named.has(point.id)).flatMap((point) => [...stemsOf(point.text)]));
}

function wordsOf(text: string): string[] {
  return [...text.matchAll(/[\p{L}\d][\p{L}\d'’-]*/gu)].map(([word]) => word.replace(/['’]s$/, ""));
}

/** Words of four letters and more by their first five: "decides" and "decide" are one. */
function stemsOf(text: string): Set<string> {
  return new Set(
    wordsOf(text)
      .flatMap((word) => word.toLowerCase().split("-"))
      .filter((word) => /^\p{L}{4,}$/u.test(word))
      .map(stem),
  );
}

function stem(word: string): string {
  return word.slice(0, 5);
}

/** Words that ask, and say nothing by themselves. */
const ORDINARY = new Set(
  "what which when where whose whom would will could should shall does have been being this that these those there their them they your yours with from into until before after during while about also only just still then than both each every either many much long often soon know tell said mentioned happens happen takes take made make done goes needed need there's thanks thank more most least case event things thing else again already once over under between within without through like same other another here"
    .split(" ")
    .map(stem),
);
const FIRST = new Set(["who", "how", "and", "for", "if", "is", "are", "do", "can", "by", "in", "on", "at", "to", "so"]);

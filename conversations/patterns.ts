import { CatalogueError } from "../src/domain/errors.ts";

/**
 * Patterns of the catalogue: case-insensitive regular expressions over what people wrote. JavaScript's engine
 * backtracks, so one careless pattern in a team's own file could stop the program for minutes on one long answer.
 * Hence three limits: the text is read in short overlapping windows, only its first part is read, and a pattern whose
 * worst case is too large is refused before it is ever run.
 */

/** A pattern is searched in windows of this many characters, so this is also what "repeated without end" costs. */
const WINDOW = 1_000;
/** Each window repeats the end of the one before, so that a phrase across the seam is found. */
const OVERLAP = 200;
/** An answer's first part; whoever writes more has said it by then. */
const READ_AT_MOST = 8_000;
/** Ways to match from one starting point, at worst: two wide gaps with a number between them are inside, two endless ones not. */
const MOST_WAYS = 20_000;
const LONGEST_PATTERN = 1_000;

/** Text as patterns see it: one line, single spaces, straight quotes and dashes, no invisible characters. */
export function readable(text: string): string {
  return text
    .slice(0, READ_AT_MOST)
    .normalize("NFKC")
    .replace(/[\u2018\u2019\u02bc\u00b4`]/g, "'")
    .replace(/[\u201c\u201d]/g, '"')
    .replace(/[\u2010-\u2015\u2212]/g, "-")
    .replace(/[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]/g, "")
    .replace(/[\s\p{Cc}]+/gu, " ")
    .trim();
}

/** Whether `pattern` occurs in text that went through {@link readable}. */
export function occurs(pattern: string, text: string): boolean {
  const expression = compiled(pattern);
  for (let start = 0; start === 0 || start + OVERLAP < text.length; start += WINDOW - OVERLAP) {
    if (expression.test(text.slice(start, start + WINDOW))) return true;
  }
  return false;
}

/** What is wrong with a pattern, as a sentence with the way out; undefined if nothing is. */
export function patternProblem(pattern: string): string | undefined {
  if (pattern.length > LONGEST_PATTERN) {
    return `the pattern has ${pattern.length} characters, at most ${LONGEST_PATTERN}. Split it into several.`;
  }
  try {
    new RegExp(pattern, "i");
  } catch (error) {
    const reason = error instanceof SyntaxError ? error.message.replace(/^.*\/i?: /, "") : String(error);
    return `not a regular expression (${reason}). In YAML, put patterns in single quotes.`;
  }
  const found = new Scanner(pattern).scan();
  if (typeof found === "string") return found;
  if (found.ways > MOST_WAYS) {
    return "the pattern could take very long on some answers: it has too many wide gaps. Bound its repetitions (.{0,40} instead of .*, \\d{1,9} instead of \\d+), with at most two wide ones.";
  }
  return undefined;
}

const expressions = new Map<string, RegExp>();

function compiled(pattern: string): RegExp {
  const known = expressions.get(pattern);
  if (known) return known;
  const problem = patternProblem(pattern);
  if (problem) throw new CatalogueError(`Pattern ${JSON.stringify(pattern)}: ${problem}`);
  const expression = new RegExp(pattern, "i");
  expressions.set(pattern, expression);
  return expression;
}

/**
 * What a part of a pattern costs. `ways`: how many different ways it can match from one starting point, at worst.
 * `varies`: it has a repetition or alternatives inside, so repeating it multiplies.
 */
type Cost = { ways: number; varies: boolean; single: boolean };

/** Reads a pattern that is known to compile. Answers with its cost, or with why it is refused. */
class Scanner {
  readonly #pattern: string;
  #at = 0;

  constructor(pattern: string) {
    this.#pattern = pattern;
  }

  scan(): Cost | string {
    return this.#alternatives();
  }

  #alternatives(): Cost | string {
    let ways = 0;
    let varies = false;
    for (let branches = 1; ; branches++) {
      const branch = this.#sequence();
      if (typeof branch === "string") return branch;
      // Branches exclude each other nearly always, so the dearest counts; repeating them is judged by `varies`.
      ways = Math.max(ways, branch.ways);
      varies ||= branch.varies || branches > 1;
      if (this.#pattern[this.#at] !== "|") return { ways, varies, single: false };
      this.#at++;
    }
  }

  #sequence(): Cost | string {
    let ways = 1;
    let varies = false;
    while (this.#at < this.#pattern.length && this.#pattern[this.#at] !== "|" && this.#pattern[this.#at] !== ")") {
      const atom = this.#atom();
      if (typeof atom === "string") return atom;
      const repeated = this.#repetition(atom);
      if (typeof repeated === "string") return repeated;
      ways *= repeated.ways;
      varies ||= repeated.varies;
    }
    return { ways, varies, single: false };
  }

  #atom(): Cost | string {
    const rest = this.#pattern.slice(this.#at);
    const single: Cost = { ways: 1, varies: false, single: true };
    if (rest.startsWith("(")) {
      this.#at += /^\((?:\?(?:[:=!]|<[=!]|<[^>]*>))?/.exec(rest)?.[0].length ?? 1;
      const inside = this.#alternatives();
      this.#at++;
      return inside;
    }
    if (rest.startsWith("[")) {
      this.#at += /^\[(?:\\.|[^\]\\])*\]/s.exec(rest)?.[0].length ?? 1;
      return single;
    }
    if (/^\\(?:[1-9]|k<)/.test(rest)) {
      return "the pattern refers back to what it matched before, which can take very long. Write the words out.";
    }
    this.#at += rest.startsWith("\\")
      ? (/^\\(?:u[0-9a-f]{4}|x[0-9a-f]{2}|[pP]\{[^}]*\}|.)/is.exec(rest)?.[0].length ?? 2)
      : 1;
    return single;
  }

  #repetition(atom: Cost): Cost | string {
    const found = /^(?:([*+?])|\{(\d+)(,)?(\d+)?\})\??/.exec(this.#pattern.slice(this.#at));
    if (!found) return atom;
    this.#at += found[0].length;
    const [least, most] = bounds(found);
    if (most === 1) return { ...atom, varies: atom.varies || least === 0 };
    if (atom.single) return { ways: Math.min(most - least + 1, WINDOW), varies: most !== least, single: false };
    if (!atom.varies) return { ways: atom.ways * Math.min(most - least + 1, WINDOW), varies: true, single: false };
    if (most > WINDOW) {
      return "the pattern repeats a group without end that itself repeats or has alternatives, which can take very long. Use .{0,40} for a gap.";
    }
    return { ways: Math.min(Math.max(atom.ways, 2) ** most, Number.MAX_SAFE_INTEGER), varies: true, single: false };
  }
}

function bounds(found: RegExpExecArray): [least: number, most: number] {
  const [, sign, least, comma, most] = found;
  if (sign === "?") return [0, 1];
  if (sign !== undefined) return [sign === "+" ? 1 : 0, Number.POSITIVE_INFINITY];
  if (comma === undefined) return [Number(least), Number(least)];
  return [Number(least), most === undefined ? Number.POSITIVE_INFINITY : Number(most)];
}

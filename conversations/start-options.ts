import type { Scope } from "../src/domain/session.ts";
import { nearest } from "./nearest.ts";
import { readZone } from "./zones.ts";

/** The options of `start`, read and checked; what isn't given is absent and lands on the Scope card as missing. */
export type StartOptions = {
  workload?: string;
  /** IANA zone. */
  tz?: string;
  /** "IST" is several zones: what was made of it is said back. */
  tzIsGuess?: true;
  accounts?: string[];
  regions?: string[];
  services?: string[];
  hosts?: string[];
  /** 3 for "3x". */
  peak?: number;
  loadTarget?: NonNullable<Scope["loadTarget"]>;
  /** A session to copy scope and owners from: its id or its name. */
  from?: string;
};

export type StartCommand = { name: "start"; event?: string; when?: string; options: StartOptions };

type OptionName = "workload" | "tz" | "accounts" | "regions" | "services" | "hosts" | "peak" | "load-target" | "from";

const EXAMPLES: Record<OptionName, string> = {
  workload: '--workload "web shop"',
  tz: "--tz Europe/London",
  accounts: "--accounts prod,payments",
  regions: "--regions eu-west-1,us-east-1",
  services: "--services ec2,ses",
  hosts: "--hosts shop.example.com",
  peak: "--peak 3x",
  "load-target": '--load-target "900 rps p99 800ms"',
  from: '--from "Spring launch"',
};
const OPTION_NAMES = Object.keys(EXAMPLES);

function isOption(word: string): word is OptionName {
  return Object.hasOwn(EXAMPLES, word);
}

/** These take all words up to the next option; the others take one word, or words joined by commas. */
const GREEDY: readonly OptionName[] = ["workload", "load-target", "from"];

const CLOSERS: Record<string, string> = {
  '"': '"”“',
  "“": '”"“',
  "”": '”"“',
  "„": '“”"',
  "'": "'’",
  "‘": "’'",
  "«": "»",
  "»": "«",
};

type Token = { text: string; quoted: boolean };

/** Words and quoted phrases. A quote opens only at a word's beginning and closes only at its end. */
export function tokenize(text: string): { tokens: Token[]; unclosed?: string } {
  const tokens: Token[] = [];
  let unclosed: string | undefined;
  let at = 0;
  while (at < text.length) {
    if (/\s/.test(text[at] ?? "")) {
      at++;
      continue;
    }
    const start = at;
    const option = /^(?:--|—|–)[A-Za-z-]{1,20}=/.exec(text.slice(at, at + 24));
    const opens = option === null ? at : at + option[0].length;
    const closers = CLOSERS[text[opens] ?? ""];
    const end = closers === undefined ? -1 : closingQuote(text, opens + 1, closers);
    if (end >= 0) {
      if (option !== null) tokens.push({ text: option[0].slice(0, -1), quoted: false });
      tokens.push({ text: text.slice(opens + 1, end), quoted: true });
      at = end + 1;
      continue;
    }
    while (at < text.length && !/\s/.test(text[at] ?? "")) at++;
    const word = text.slice(start, at);
    if (closers !== undefined && unclosed === undefined && !"'‘".includes(text[opens] ?? "")) unclosed = word;
    if (option !== null) {
      tokens.push({ text: option[0].slice(0, -1), quoted: false });
      tokens.push({ text: word.slice(option[0].length), quoted: false });
    } else tokens.push({ text: word, quoted: false });
  }
  return unclosed === undefined ? { tokens } : { tokens, unclosed };
}

function closingQuote(text: string, from: number, closers: string): number {
  for (let at = from; at < text.length; at++) {
    const next = text[at + 1];
    if (closers.includes(text[at] ?? "") && (next === undefined || /[\s,]/.test(next))) return at;
  }
  return -1;
}

/** What stands after `start`. */
export function readStart(rest: string): StartCommand | { problem: string } {
  if (rest.length > 2_000)
    return {
      problem:
        'That is too long for one line. Write start "Black Friday" 2027-11-26 and add the rest on the Scope card.',
    };
  const { tokens, unclosed } = tokenize(rest);
  if (unclosed !== undefined) {
    return {
      problem: `The quote before ${unclosed.slice(1, 40)} never closes. Example: start "Black Friday" 2027-11-26`,
    };
  }
  const words: Token[] = [];
  const options: StartOptions = {};
  for (let at = 0; at < tokens.length; at++) {
    const token = tokens[at];
    if (token === undefined) break;
    const dashed = token.quoted ? null : /^(?:--|—|–)([A-Za-z][A-Za-z-]*)$/.exec(token.text);
    if (dashed === null) {
      words.push(token);
      continue;
    }
    const option = (dashed[1] ?? "").toLowerCase();
    if (!isOption(option)) {
      const guess = nearest(option, OPTION_NAMES)?.word;
      const example = guess !== undefined && isOption(guess) ? EXAMPLES[guess] : EXAMPLES.workload;
      return {
        problem: `start has no option --${option}. ${guess === undefined ? "Example" : "Did you mean"}: ${example}${guess === undefined ? "" : "?"}`,
      };
    }
    const { value, next } = takeValue(tokens, at + 1, GREEDY.includes(option));
    at = next - 1;
    if (value === "") return { problem: `--${option} needs a value. Example: ${EXAMPLES[option]}` };
    const wrong = setOption(options, option, value);
    if (wrong !== undefined) return { problem: wrong };
  }
  return { name: "start", ...nameAndDate(words), options };
}

function isDashed(token: Token): boolean {
  return !token.quoted && /^(?:--|—|–)[A-Za-z]/.test(token.text);
}

function takeValue(tokens: readonly Token[], from: number, greedy: boolean): { value: string; next: number } {
  const parts: string[] = [];
  let at = from;
  for (; at < tokens.length; at++) {
    const token = tokens[at];
    if (token === undefined || isDashed(token)) break;
    parts.push(token.text);
    if (token.quoted && !tokens[at + 1]?.text.startsWith(",") && !token.text.endsWith(",")) {
      at++;
      break;
    }
    if (greedy) continue;
    const more = token.text.endsWith(",") || tokens[at + 1]?.text.startsWith(",") === true;
    if (!more) {
      at++;
      break;
    }
  }
  return { value: parts.join(" ").trim(), next: at };
}

/** Undefined: it is set. Otherwise what is wrong with it, what that means, and how it is written. */
function setOption(options: StartOptions, option: OptionName, value: string): string | undefined {
  const shown = value.length > 60 ? `${value.slice(0, 60)}…` : value;
  const unread = (as: string, how: string) =>
    `I can't read "${shown}" as ${as}, so nothing was started. Write ${how}: ${EXAMPLES[option]}.`;
  const bad = (one: string, what: string) =>
    `"${one === "" ? shown : one}" is not ${what}, so nothing was started. Write it like ${EXAMPLES[option]}.`;
  switch (option) {
    case "workload":
    case "from":
      options[option] = value;
      return undefined;
    case "tz": {
      const zone = readZone(value);
      if ("problem" in zone) return `${zone.problem} Nothing was started.`;
      options.tz = zone.zone;
      if (!zone.exact) options.tzIsGuess = true;
      return undefined;
    }
    case "accounts":
      return setList(options, option, value, /^[\w.-]{1,64}$/, (one) => bad(one, "an account's alias"));
    case "regions":
      return setList(options, option, value.toLowerCase(), /^[a-z]{2}(?:-[a-z]{2,12}){1,2}-\d$/, (one) =>
        bad(one, "a Region"),
      );
    case "services":
      return setList(options, option, value.toLowerCase(), /^[a-z0-9][a-z0-9.-]{0,40}$/, (one) =>
        bad(one, "a service's short name"),
      );
    case "hosts":
      return setList(
        options,
        option,
        value
          .toLowerCase()
          .replaceAll(/https?:\/\//g, "")
          .replaceAll(/\/(?=,|\s|$)/g, ""),
        /^(?=.{1,253}$)[a-z0-9_*](?:[a-z0-9_-]{0,62})(?:\.[a-z0-9_-]{1,63})*$/,
        (one) => bad(one, "a hostname"),
      );
    case "peak": {
      const peak = readPeak(value);
      if (peak === undefined) return unread("a peak", "how many times the normal load");
      options.peak = peak;
      return undefined;
    }
    case "load-target": {
      const target = readLoadTarget(value);
      if (target === undefined) return unread("a load-test target", "requests a second, a p99 time, or both");
      options.loadTarget = target;
      return undefined;
    }
  }
}

function setList(
  options: StartOptions,
  option: "accounts" | "regions" | "services" | "hosts",
  value: string,
  shape: RegExp,
  bad: (one: string) => string,
): string | undefined {
  const items = readList(value);
  const wrong = items.find((one) => !shape.test(one));
  if (wrong !== undefined) return bad(wrong.slice(0, 40));
  if (items.length === 0) return bad("");
  options[option] = items;
  return undefined;
}

/** `a, b` or `a b` → the distinct items, in order. */
export function readList(text: string): string[] {
  return [...new Set(text.split(/[\s,;]+/).filter((item) => item !== ""))];
}

/** `3x`, `x3`, `3`, `2.5 times`, `300%` → 3. Undefined: not a factor between 0 and 1,000. */
export function readPeak(text: string): number | undefined {
  const found = /^(?:x|×)?\s*(\d{1,4}(?:[.,]\d{1,3})?)\s*(x|×|times|%)?$/i.exec(text.trim());
  if (found === null) return undefined;
  const number = Number((found[1] ?? "").replace(",", "."));
  const peak = found[2] === "%" ? number / 100 : number;
  return peak > 0 && peak <= 1_000 ? peak : undefined;
}

/** `900 rps p99 800ms`, `60,000 req/s`, `p99 0.8 s`. Undefined: neither is there. */
export function readLoadTarget(text: string): { rps?: number; p99ms?: number } | undefined {
  const words = text.slice(0, 200);
  const rate =
    /(\d[\d,_ ]{0,15}(?:\.\d{1,3})?)\s*(k)?\s*(?:rps|req(?:uests)?\s?(?:\/|per|a)\s?s(?:ec(?:ond)?)?|tps|\/s)\b/i.exec(
      words,
    );
  const time = /\bp99\s*(?:of|under|below|<=?|=|:)?\s*(\d{1,7}(?:\.\d{1,3})?)\s*(ms|s)\b/i.exec(words);
  const target: { rps?: number; p99ms?: number } = {};
  if (rate !== null)
    target.rps = Number((rate[1] ?? "").replaceAll(/[,_ ]/g, "")) * (rate[2] === undefined ? 1 : 1_000);
  if (time !== null) target.p99ms = Math.round(Number(time[1]) * (time[2]?.toLowerCase() === "s" ? 1_000 : 1));
  return target.rps === undefined && target.p99ms === undefined ? undefined : target;
}

const MONTH = /^(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6}\.?,?$/i;
const WEEKDAY = /^(?:mon|tue|wed|thu|fri|sat|sun)[a-z]{0,6},?$/i;

/** The quoted phrase is the name; without one, the words before the first that begins a date. */
function nameAndDate(words: readonly Token[]): { event?: string; when?: string } {
  const quoted = words.findIndex((word) => word.quoted);
  if (quoted >= 0) {
    const rest = words.filter((_, index) => index !== quoted);
    return named(words[quoted]?.text ?? "", rest);
  }
  const date = words.findIndex((_, index) => beginsDate(words, index));
  if (date < 0) return named(words.map((word) => word.text).join(" "), []);
  const name = words
    .slice(0, date)
    .map((word) => word.text)
    .join(" ");
  return named(name, words.slice(date));
}

function named(name: string, when: readonly Token[]): { event?: string; when?: string } {
  const event = name.replaceAll(/\s+/g, " ").trim();
  const date = when
    .map((word) => word.text)
    .join(" ")
    .trim();
  return { ...(event === "" ? {} : { event }), ...(date === "" ? {} : { when: date }) };
}

function beginsDate(words: readonly Token[], at: number): boolean {
  const word = words[at]?.text ?? "";
  const next = words[at + 1]?.text ?? "";
  if (/^\d{4}-\d{1,2}-\d{1,2}/.test(word)) return true;
  if (/^\d{1,4}[./]\d{1,2}[./](?:\d{2,4})?$/.test(word)) return true;
  if (/^\d{1,2}(?:st|nd|rd|th|\.)?$/i.test(word) && MONTH.test(next)) return true;
  if (MONTH.test(word) && /^\d{1,2}(?:st|nd|rd|th)?,?$/i.test(next)) return true;
  if (/^(?:today|tomorrow|tonight)$/i.test(word)) return true;
  if (/^(?:next|this|on)$/i.test(word)) return WEEKDAY.test(next) || /^(?:week|month|weekend)$/i.test(next);
  if (/^in$/i.test(word)) return /^(?:\d{1,3}|a|one|two|three|four|five|six|seven|eight)$/i.test(next);
  return at === 0 && WEEKDAY.test(word);
}

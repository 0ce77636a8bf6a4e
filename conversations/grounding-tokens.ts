/**
 * What in a sentence can be checked against its sources: amounts with their units, dates and times, Regions,
 * identifiers and names. Sentence and facts are read by the same functions, so that "1,152", "1152" and "three" meet
 * however they are written.
 */

/** `next`: the word that follows a number without a measure ("3 high risks"): what is counted. */
export type Amount = { value: number; unit?: string; next?: string };

const MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
const MONTH =
  "(?:Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?|Sept?(?:ember)?|Oct(?:ober)?|Nov(?:ember)?|Dec(?:ember)?)";
const INSTANT = /\b(\d{4})-(\d{2})-(\d{2})T(\d{2}:\d{2})(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:?\d{2})?/g;
const ISO_DATE = /\b(\d{4})-(\d{2})-(\d{2})\b/g;
const DAY_MONTH = new RegExp(`\\b(\\d{1,2})(?:st|nd|rd|th)?(?: of)? (${MONTH})\\b\\.?(?:,? (\\d{4})\\b)?`, "gi");
const MONTH_DAY = new RegExp(`\\b(${MONTH})\\.? (\\d{1,2})(?:st|nd|rd|th)?\\b(?:,? (\\d{4})\\b)?`, "gi");
/** Capitalised only: "may" and "march" are words too. */
const MONTH_ALONE = new RegExp(`\\b(${MONTH})\\b(?: (\\d{4})\\b)?`, "g");
const CLOCK = /\b(\d{1,2}):(\d{2})(?::\d{2})?(?:\s?([ap]m)\b)?/gi;
const HOUR = /\b(\d{1,2})\s?([ap]m)\b/gi;
const RELATIVE =
  /\b(today|tomorrow|yesterday|tonight|(?:next|last|this) (?:week|weekend|month|year|quarter)|(?:mon|tues|wednes|thurs|fri|satur|sun)day)\b/gi;
/** Regions and, with a letter, Availability Zones. */
const REGION = /\b(?:af|ap|ca|cn|eu|il|me|mx|sa|us)(?:-gov|-iso[a-z]?)?-[a-z]+-\d[a-f]?\b/gi;

const UNITS: Record<string, string> = {
  vcpu: "vcpu",
  vcpus: "vcpu",
  tib: "tib",
  gib: "gib",
  mib: "mib",
  tb: "tb",
  gb: "gb",
  mb: "mb",
  ms: "ms",
  millisecond: "ms",
  milliseconds: "ms",
  s: "s",
  sec: "s",
  second: "s",
  seconds: "s",
  min: "min",
  mins: "min",
  minute: "min",
  minutes: "min",
  h: "h",
  hour: "h",
  hours: "h",
  day: "day",
  days: "day",
  week: "week",
  weeks: "week",
  month: "month",
  months: "month",
  rps: "rps",
  "req/s": "rps",
  "requests per second": "rps",
  "requests a second": "rps",
  "gbit/s": "gbps",
  gbps: "gbps",
  "mbit/s": "mbps",
  mbps: "mbps",
  "%": "%",
  percent: "%",
  "per cent": "%",
  x: "x",
  "×": "x",
  times: "x",
  mail: "mail",
  mails: "mail",
  email: "mail",
  emails: "mail",
  iops: "iops",
  az: "az",
  azs: "az",
  gbp: "gbp",
  "£": "gbp",
  usd: "usd",
  $: "usd",
  eur: "eur",
  "€": "eur",
};
const UNIT = Object.keys(UNITS)
  .sort((a, b) => b.length - a.length)
  .map((unit) => unit.replace(/[$/]/g, "\\$&"))
  .join("|");
const SCALES: Record<string, number> = { k: 1e3, thousand: 1e3, million: 1e6, bn: 1e9, billion: 1e9 };
const NUMBER = "\\d{1,3}(?:,\\d{3})+(?:\\.\\d+)?|\\d+(?:\\.\\d+)?";
const AMOUNT = new RegExp(
  `(?<![\\w.#/-])([£$€])?(${NUMBER})(?:\\s?(k|thousand|million|bn|billion)(?![a-z]))?(?:[\\s-]?(${UNIT})(?![\\w]))?(?![\\w]|[.-]\\w*[a-z\\d])`,
  "gi",
);
const WORD_NUMBERS: Record<string, number> = {
  two: 2,
  twice: 2,
  double: 2,
  doubled: 2,
  three: 3,
  triple: 3,
  four: 4,
  five: 5,
  six: 6,
  seven: 7,
  eight: 8,
  nine: 9,
  ten: 10,
  eleven: 11,
  twelve: 12,
  dozen: 12,
  fifteen: 15,
  twenty: 20,
  thirty: 30,
  forty: 40,
  fifty: 50,
  hundred: 100,
  thousand: 1_000,
  million: 1_000_000,
  half: 0.5,
};
const WORD_NUMBER = new RegExp(`\\b(${Object.keys(WORD_NUMBERS).join("|")})\\b(?:[\\s-](${UNIT})(?![\\w]))?`, "gi");
const RATIO = new RegExp(`(${NUMBER})(?:\\s?[a-z%/]+)?\\s(?:of|out of|against)\\s(?:about\\s)?(${NUMBER})`, "gi");
const IDENTIFIER = /[\p{L}\d][\p{L}\d._/@+-]*[\p{L}\d]/gu;

export type Tokens = {
  /** `11-27`, `2026-11-27`, `month-11`, `t09:00`, `friday`. */
  dates: Set<string>;
  regions: Set<string>;
  amounts: Amount[];
  /** `96/1152`: what is said to be out of what. */
  ratios: Set<string>;
  /** Lower case: `chg-4411`, `m7g.2xlarge`, `ops@example.com`. */
  identifiers: Set<string>;
  /** What is left: words. */
  rest: string;
};

/** Reads what can be checked out of a text. */
export function tokensOf(text: string): Tokens {
  const dates = new Set<string>();
  let rest = text.normalize("NFKC").replace(/[\u200b-\u200f\u2060\ufeff]/g, "");
  /** Reads what matches and takes it out, so that nothing is read twice; `false` leaves it. */
  const take = (pattern: RegExp, read: (groups: string[]) => unknown): void => {
    rest = rest.replace(pattern, (...found: unknown[]) => {
      const groups = found.map((group) => (typeof group === "string" ? group : ""));
      return read(groups) === false ? (groups[0] ?? "") : " · ";
    });
  };
  const addDay = (year: string, month: number, day: string): void => {
    const monthDay = `${pad(month)}-${pad(Number(day))}`;
    dates.add(monthDay);
    if (year !== "") dates.add(`${year}-${monthDay}`);
  };
  take(INSTANT, ([, year = "", month = "", day = "", time = ""]) => {
    addDay(year, Number(month), day);
    dates.add(`t${time}`);
  });
  take(ISO_DATE, ([, year = "", month = "", day = ""]) => addDay(year, Number(month), day));
  take(DAY_MONTH, ([, day = "", month = "", year = ""]) => addDay(year, monthOf(month), day));
  take(MONTH_DAY, ([, month = "", day = "", year = ""]) => addDay(year, monthOf(month), day));
  take(MONTH_ALONE, ([, month = "", year = ""]) => {
    dates.add(`month-${pad(monthOf(month))}`);
    if (year !== "") dates.add(`${year}-${pad(monthOf(month))}`);
  });
  take(CLOCK, ([, hour = "", minute = "", half = ""]) => dates.add(`t${hourOf(hour, half)}:${minute}`));
  take(HOUR, ([, hour = "", half = ""]) => dates.add(`t${hourOf(hour, half)}:00`));
  take(RELATIVE, ([, word = ""]) => dates.add(word.toLowerCase()));

  const regions = new Set<string>();
  take(REGION, ([region = ""]) => regions.add(region.toLowerCase()));

  const ratios = new Set<string>();
  for (const [, part = "", whole = ""] of rest.matchAll(RATIO)) ratios.add(`${numberOf(part)}/${numberOf(whole)}`);

  const amounts: Amount[] = [];
  for (const found of rest.matchAll(AMOUNT)) {
    const [whole, sign = "", number = "", scale = "", unit = ""] = found;
    const value = numberOf(number) * (SCALES[scale.toLowerCase()] ?? 1);
    amounts.push(amount(value, unit || sign, nextWord(rest.slice(found.index + whole.length))));
  }
  take(AMOUNT, () => true);
  const identifiers = new Set<string>();
  take(IDENTIFIER, ([found = ""]) => {
    const isMixed = /\d/.test(found) && /\p{L}/u.test(found);
    if (!isMixed && !/\d|[@_]|\w\.\w|\w\/\w/.test(found)) return false;
    return identifiers.add(found.toLowerCase());
  });
  for (const found of text.matchAll(WORD_NUMBER)) {
    const [whole, word = "", unit = ""] = found;
    amounts.push(amount(WORD_NUMBERS[word.toLowerCase()] ?? 0, unit, nextWord(text.slice(found.index + whole.length))));
  }
  return { dates, regions, amounts, ratios, identifiers, rest };
}

/** A fact that names a day also supports its month. */
export function widened(dates: ReadonlySet<string>): Set<string> {
  const wide = new Set(dates);
  for (const date of dates) {
    const [, year, month] = /^(?:(\d{4})-)?(\d{2})-\d{2}$/.exec(date) ?? [];
    if (month !== undefined) wide.add(`month-${month}`);
    if (year !== undefined) wide.add(`${year}-${month}`);
  }
  return wide;
}

function amount(value: number, unit: string, next: string | undefined): Amount {
  const known = UNITS[unit.toLowerCase()];
  if (known !== undefined) return { value, unit: known };
  return next === undefined ? { value } : { value, next };
}

function nextWord(text: string): string | undefined {
  return /^[\s-]+([a-z]{3,})/i.exec(text)?.[1]?.toLowerCase().replace(/s$/, "");
}

function numberOf(text: string): number {
  return Number(text.replaceAll(",", ""));
}

function monthOf(name: string): number {
  return MONTHS.indexOf(name.slice(0, 3).toLowerCase()) + 1;
}

function hourOf(hour: string, half: string): string {
  const clock = Number(hour);
  if (half === "") return pad(clock);
  return pad((clock % 12) + (half.toLowerCase() === "pm" ? 12 : 0));
}

function pad(value: number): string {
  return String(value).padStart(2, "0");
}

import { QuotaQuery } from "../src/domain/quota-query.ts";
import { quotaSubject, serviceCodeOf, serviceNames } from "../src/domain/quota-subjects.ts";
import { findRegions } from "./quota-regions.ts";
import { FAMILY_WORDS, STORAGE_UNITS, SUBJECT_WORDS } from "./quota-words.ts";

/** A question we understood, or the one question we ask back. */
export type ParsedQuota = QuotaQuery | { unclear: string };

const TYPE = "[a-z][a-z0-9-]*\\d[a-z0-9-]*\\.(?:nano|micro|small|medium|large|\\d*xlarge|metal(?:-\\d+xl)?)";
/** 300 · 1,152 · 4k · 2.5 million. */
const NUMBER = "\\d{1,3}(?:,\\d{3})+(?:\\.\\d+)?|\\d+(?:\\.\\d+)?";
const SCALES: Record<string, number> = { k: 1_000, thousand: 1_000, m: 1_000_000, mio: 1_000_000, million: 1_000_000 };

const CLOSEST =
  /\b(?:closest|nearest|tightest|most used|highest|worst|running out|run out|near(?:ing)? (?:its|their|the|a) (?:limit|quota)|bottlenecks?|above \d+ ?%|over \d+ ?%)/;
const GROUPS =
  /\b(?:groups?|asgs?|auto ?scaling)\b.*\b(?:fit|max(?:imum)?|peak|scale|exceed|more than|enough|room|ok(?:ay)?)\b|\b(?:fit|max(?:imum)?|peak|exceed|enough|room)\b.*\b(?:all|our|every|my|the)?\s*(?:groups|asgs|auto ?scaling)\b/;
const SPOT = /\bspot\b/;
const MORE = /\b(?:more|additional|extra|another|further|add|on top)\b/;
const TOTAL = /\b(?:in all|in total|total|altogether|overall)\b/;

/**
 * Reads a quota question in plain words: instance types and counts, services and their nicknames, Regions by name,
 * numbers and units. Accounts are the operator's `aliases`; an id or ARN is kept as it is, to be refused with the line
 * that would allow it. Our own grammar, so that it works without a model; a model may only translate into the same query.
 */
export function parseQuotaQuestion(text: string, aliases: readonly string[] = []): ParsedQuota {
  const words = text.toLowerCase().replaceAll("×", " x ").replace(/\s+/g, " ").trim();
  const { accounts, without } = accountsIn(words, aliases);
  const { regions, ambiguous, rest } = findRegions(without);
  if (ambiguous !== null)
    return { unclear: `Which Region do you mean by "${ambiguous.name}": ${listOr(ambiguous.choices)}?` };
  const where = { regions, accounts };
  if (rest === "" || rest === "?") return check({ kind: "closest", services: [], top: 5, ...where });

  const types = [...rest.matchAll(new RegExp(`(?<![a-z0-9.-])(${TYPE})(?![a-z0-9-])`, "g"))].map(
    (match) => match[1] ?? "",
  );
  if (types.length > 0) return instances(rest, types, where);
  const partial = /\b([a-z]{1,4}\d[a-z-]*)\b(?!\.)/.exec(rest)?.[1];

  if (CLOSEST.test(rest)) return check({ kind: "closest", services: servicesIn(rest), top: 5, ...where });
  const amounts = amountsIn(rest);
  if (GROUPS.test(rest) && amounts.length === 0) return check({ kind: "groups", ...where });

  const named = SUBJECT_WORDS.find(([pattern]) => pattern.test(rest))?.[1];
  const family = named === undefined ? FAMILY_WORDS.find(([pattern]) => pattern.test(rest))?.[1] : undefined;
  const subjects = named ?? (family === undefined ? undefined : [familySubject(family, SPOT.test(rest))]);
  const services = servicesIn(rest);
  const bare = amounts.length === 0 && services.length > 0 && isBare(rest);
  if (bare) return check({ kind: "closest", services, top: 10, ...where });
  if (subjects === undefined) {
    if (services.length > 0) return check({ kind: "closest", services, top: 10, ...where });
    if (partial !== undefined && amounts.length > 0)
      return { unclear: `Which size of ${partial}? For example: ${amounts[0]?.value ?? 10} ${partial}.xlarge.` };
    return {
      unclear:
        'Which quota is it about? For example: "300 m7g.2xlarge in Ireland", "how much gp3 is left in Ohio", "enough Lambda concurrency for 4000".',
    };
  }
  if (
    family === "standard" &&
    amounts.length > 0 &&
    /\binstances?\b/.test(rest) &&
    !/\bv?cpus?\b|\bcores?\b/.test(rest)
  ) {
    return {
      unclear: `Which instance type? The quota counts vCPUs, so ${amounts[0]?.value ?? 10} instances can be few or many.`,
    };
  }
  const known = subjects.filter((id) => quotaSubject(id) !== undefined);
  const first = quotaSubject(known[0] ?? "");
  if (first === undefined) return { unclear: "There is no Spot quota for that family. Do you mean On-Demand?" };
  if (amounts.length > 1)
    return { unclear: `Which of these numbers is the need: ${listOr(amounts.map((each) => each.text))}?` };
  const amount = amounts[0];
  const demand = TOTAL.test(rest) ? "total" : MORE.test(rest) ? "more" : first.demand;
  const same = known.filter((id) => quotaSubject(id)?.demand === first.demand);
  const value = amount === undefined ? undefined : convert(amount, first.unit);
  if (typeof value === "string") return { unclear: value };
  return check({
    kind: "room",
    subjects: narrow(same, amount),
    demand,
    ...(value === undefined ? {} : { amount: value }),
    ...where,
  });
}

/** The query in words, to show back what was understood: "300 m7g.2xlarge On-Demand in eu-west-1". */
export function describeQuotaQuery(query: QuotaQuery): string {
  const wheres = [...query.accounts, ...query.regions];
  const place = wheres.length === 0 ? "" : ` in ${wheres.join(", ")}`;
  const of = (ids: readonly string[]) => ids.map((id) => quotaSubject(id)?.label ?? id).join(", ");
  switch (query.kind) {
    case "run": {
      const what = query.instances.map((each) => `${each.count.toLocaleString("en-GB")} ${each.type}`).join(" and ");
      return `${what} ${query.purchase === "spot" ? "Spot" : "On-Demand"}${place}`;
    }
    case "room": {
      if (query.amount === undefined) return `what is left of ${of(query.subjects)}${place}`;
      const what = of(query.subjects);
      const unit = quotaSubject(query.subjects[0] ?? "")?.unit ?? "";
      const amount = query.amount.toLocaleString("en-GB");
      const counted = what.toLowerCase().includes(unit.toLowerCase()) ? amount : `${amount} ${unit}`;
      return `${what}: ${counted} ${query.demand === "more" ? "more" : "in all"}${place}`;
    }
    case "closest":
      return `what is closest to its quota${query.services.length === 0 ? "" : ` in ${query.services.join(", ")}`}${place}`;
    case "groups":
      return `whether every Auto Scaling group fits${place}`;
  }
}

/** "in prod", "in account staging", "in 111122223333": only what is an alias, or beyond doubt an account, is one. */
function accountsIn(text: string, aliases: readonly string[]): { accounts: string[]; without: string } {
  const accounts: string[] = [];
  let without = text;
  const take = (pattern: RegExp, name: (found: string) => string) => {
    without = without.replace(pattern, (_, found: string) => {
      accounts.push(name(found));
      return " ";
    });
  };
  const lead = "(?:\\b(?:in|on|for|of|from)\\s+)?(?:\\b(?:the\\s+)?account\\s+)?";
  take(new RegExp(`${lead}(arn:[\\w:/+=,.@-]+)`, "g"), (found) => found);
  take(new RegExp(`${lead}(?<![\\w.,-])(\\d{12})(?![\\w.,-])`, "g"), (found) => found);
  for (const alias of aliases) {
    const name = alias.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
    take(new RegExp(`${lead}(?<![\\w.-])(${name})(?:\\s+account)?(?![\\w-])`, "g"), () => alias);
  }
  take(/\b(?:in|on|for|from)\s+(?:the\s+)?account\s+([a-z0-9][a-z0-9-]*)/g, (found) => found);
  return { accounts: [...new Set(accounts)], without: without.replace(/\s+/g, " ").trim() };
}

type Where = { regions: string[]; accounts: string[] };

/** "300 m7g.2xlarge", "m7g.2xlarge x 300", "200 m7g.large and 40 c7g.xlarge". */
function instances(text: string, types: string[], where: Where): ParsedQuota {
  const wanted: { type: string; count: number }[] = [];
  const filler = "(?:\\s*x\\s*|\\s+(?:(?:more|additional|extra|new|spot|on-?demand|of|times|instances?|the|our)\\s+)*)";
  for (const type of types) {
    const name = type.replaceAll(".", "\\.");
    const before = new RegExp(`(${NUMBER})\\s*(k|thousand|million|mio|m)?${filler}${name}(?![a-z0-9-])`).exec(text);
    const after = new RegExp(
      `(?<![a-z0-9.-])${name}(?:\\s+instances?)?\\s*(?:x|:|=|\\*)\\s*(${NUMBER})(?![.\\d])`,
    ).exec(text);
    const found = before ?? after;
    if (found?.[1] === undefined) return { unclear: `How many ${type}? For example: 300 ${type}.` };
    const count = numeral(found[1], before?.[2]);
    if (!Number.isInteger(count) || count < 1) return { unclear: `How many ${type}? A whole number, please.` };
    wanted.push({ type, count });
  }
  const purchase = SPOT.test(text) ? "spot" : "on-demand";
  return check({ kind: "run", instances: wanted, purchase, ...where });
}

type Amount = { value: number; unit: string | null; text: string };

/** Numbers that say how much; not those inside names (`s3`, `gp3`, `24h`, `80%`). */
function amountsIn(text: string): Amount[] {
  const found = text.matchAll(
    new RegExp(
      `(?<![\\w.,-])(${NUMBER})\\s?(k|thousand|million|mio|m)?\\s?(gib|gb|gigs|gigabytes|tib|tb|terabytes|pib|pb)?(?![\\w%])`,
      "g",
    ),
  );
  return [...found].flatMap((match) => {
    const [whole, digits, scale, unit] = match;
    const rest = text.slice((match.index ?? 0) + whole.length);
    // "in 24 hours", "per 1 second": a time, not a need.
    if (/^\s?-?(?:hours?|h|seconds?|secs?|days?|weeks?|minutes?)\b/.test(rest)) return [];
    return digits === undefined ? [] : [{ value: numeral(digits, scale), unit: unit ?? null, text: whole.trim() }];
  });
}

function numeral(digits: string, scale: string | undefined): number {
  return Number(digits.replaceAll(",", "")) * (scale === undefined ? 1 : (SCALES[scale] ?? 1));
}

/** Into the quota's unit, or a question back. */
function convert(amount: Amount, unit: string): number | string {
  if (unit === "TiB" || unit === "GiB") {
    if (amount.unit === null) return `${amount.text} GiB or TiB?`;
    const gib = amount.value * (STORAGE_UNITS[amount.unit] ?? 1);
    return unit === "TiB" ? gib / 1_024 : gib;
  }
  return amount.unit === null ? amount.value : `That quota counts ${unit}. How many ${unit}?`;
}

/** A number with a unit of space is about one volume type, not about all: the usual one. */
function narrow(subjects: string[], amount: Amount | undefined): string[] {
  return amount !== undefined && subjects.length > 2 && subjects[0] === "ebs-gp3" ? ["ebs-gp3"] : subjects;
}

function familySubject(family: string, spot: boolean): string {
  return spot ? `spot-${family}` : `ec2-${family}`;
}

function servicesIn(text: string): string[] {
  const names = serviceNames().sort((a, b) => b.length - a.length);
  const codes = names
    .filter((name) => new RegExp(`(?<![\\w-])${name}(?![\\w-])`).test(text))
    .flatMap((name) => serviceCodeOf(name) ?? []);
  return [...new Set(codes)];
}

/** Nothing but a service's name and courtesy: "ec2", "show me all of lambda please". */
function isBare(text: string): boolean {
  const rest = serviceNames()
    .sort((a, b) => b.length - a.length)
    .reduce((left, name) => left.replace(new RegExp(`(?<![\\w-])${name}(?![\\w-])`, "g"), " "), text);
  return /^[\s?.]*(?:(?:show|list|me|all|of|the|our|my|quotas?|limits?|for|in|see|everything|please|what|are|is|how|about|status)[\s?.]*)*$/.test(
    rest,
  );
}

function listOr(names: readonly string[]): string {
  return names.length < 2 ? (names[0] ?? "") : `${names.slice(0, -1).join(", ")} or ${names.at(-1)}`;
}

/** What leaves here passes the schema that a model's translation has to pass as well. */
function check(query: unknown): ParsedQuota {
  const parsed = QuotaQuery.safeParse(query);
  return parsed.success
    ? parsed.data
    : { unclear: "That is more than I can read at once. Ask for one thing, such as: 300 m7g.2xlarge in Ireland." };
}

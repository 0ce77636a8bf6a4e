/**
 * Secrets in people's words are masked before anything is stored. Our own patterns are sync and cheap; what still looks
 * like a credential is shown to secretlint's rules, which are loaded when that happens for the first time.
 */
export type Masked = {
  text: string;
  /** What was found, in words for people: "an AWS secret key". No duplicates; empty: nothing was changed. */
  found: string[];
};

type Pattern = {
  kind: string;
  /** Cheap words without which the pattern can't match. */
  hint: RegExp;
  /** Group 1, if any, is kept in front of the mask, group 3 behind it. */
  pattern: RegExp;
  /** Group 2 (or the whole match) must also satisfy this. */
  only?: (secret: string) => boolean;
};

const mixed = (secret: string) => /[A-Za-z]/.test(secret) && /\d/.test(secret);
/** Code that says where the secret is, and not what it is. */
const REFERENCE = /^(?:var|local|data|module|each|self|aws_\w+|random_\w+)\.|^(?:arn:|\{?\{?resolve:)/;
const NAMES =
  "pass(?:word|wd|phrase)?|pwd|secret|token|api[_ -]?key|access[_ -]?key|private[_ -]?key|client[_ -]?secret|account[_ -]?key";

const PATTERNS: readonly Pattern[] = [
  {
    kind: "a private key",
    hint: /-----BEGIN/,
    pattern:
      /-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----[\s\S]*?(?:-----END [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----|$)/g,
  },
  {
    kind: "a password in an address",
    hint: /:\/\//,
    pattern: /(\b[a-z][a-z0-9+.-]{1,30}:\/\/[^\s/:@"'<>]{0,100}:)([^\s/@"'<>]{1,200})(@)/gi,
  },
  { kind: "an AWS access key id", hint: /A[KS]IA/, pattern: /\b(?:AKIA|ASIA)[A-Z0-9]{16}\b/g },
  {
    kind: "an AWS secret key",
    hint: /secret|aws|a[ks]ia|key/i,
    pattern: /(?<![A-Za-z0-9/+=_.-])[A-Za-z0-9/+]{40}(?![A-Za-z0-9/+=_-])/g,
    only: (secret) => /[a-z]/.test(secret) && /[A-Z]/.test(secret) && /\d/.test(secret),
  },
  {
    kind: "a Slack token",
    hint: /xox|xapp-/,
    pattern: /xox[abeoprs](?:\.xox[bp])?-[A-Za-z0-9-]{10,}|\bxapp-[A-Za-z0-9-]{10,}/g,
  },
  {
    kind: "a Slack webhook",
    hint: /hooks\.slack\.com/,
    pattern: /(hooks\.slack\.com\/(?:services|workflows|triggers)\/)([A-Za-z0-9/_-]{15,})/g,
  },
  {
    kind: "a GitHub token",
    hint: /gh[pousr]_|github_pat_/,
    pattern: /\b(?:gh[pousr]_[A-Za-z0-9]{30,}|github_pat_[A-Za-z0-9_]{30,})/g,
  },
  { kind: "a GitLab token", hint: /glpat-/, pattern: /\bglpat-[A-Za-z0-9_-]{20,}/g },
  { kind: "an npm token", hint: /npm_/, pattern: /\bnpm_[A-Za-z0-9]{36}\b/g },
  {
    kind: "an API key",
    hint: /sk-|sk_|AIza|SG\./,
    pattern:
      /\b(?:sk-[A-Za-z0-9_-]{20,}|[rs]k_(?:live|test)_[A-Za-z0-9]{16,}|AIza[A-Za-z0-9_-]{35}|SG\.[A-Za-z0-9_-]{16,}\.[A-Za-z0-9_-]{16,})/g,
  },
  { kind: "a signed token", hint: /eyJ/, pattern: /\beyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]*/g },
  { kind: "a bearer token", hint: /bearer/i, pattern: /(\bBearer\s+)([A-Za-z0-9._~+/-]{16,}=*)/gi, only: mixed },
  {
    kind: "a password",
    hint: /pass|pwd|secret|token|key/i,
    // `password: hunter2`, `DB_PASSWORD="…"`, `api_key = …`; the value needs a letter and a digit, so that prose
    // ("password: rotated yearly", "token: 2026-11-27") stays as it is.
    pattern: new RegExp(`((?:\\b|_)(?:${NAMES})["']?\\s{0,3}(?::=|=>|[:=])\\s{0,3}["'\`]?)([^\\s"'\`,;]{6,200})`, "gi"),
    only: (secret) =>
      mixed(secret) &&
      !secret.startsWith(MASK_BEGIN) &&
      !REFERENCE.test(secret) &&
      !/^(?:https?:\/\/|[A-Z]{2,6}-\d+\b)/.test(secret),
  },
  {
    // Code: `password        = "…"`, `MasterUserPassword: …`, `SecretString: …`. What refers to another place is none.
    kind: "a password",
    hint: /passw|passphrase|secret_?string|auth_?token/i,
    pattern:
      /([A-Za-z0-9_]{0,40}(?:password|passphrase|secret_?string|auth_?token)["']?[ \t]{0,40}[:=][ \t]{0,40}["']?)([^\s"'`,;{}$!][^\s"'`,;]{5,200})/gi,
    only: (secret) => mixed(secret) && !secret.startsWith(MASK_BEGIN) && !REFERENCE.test(secret),
  },
  {
    kind: "a password",
    hint: /pass|pwd/i,
    pattern: /(\b(?:password|passphrase|passwd|pwd)\s{1,3}(?:is|was)\s{1,3}["'`]?)([^\s"'`,;]{6,200})/gi,
    only: (secret) => mixed(secret) && !/^[A-Z]{2,6}-\d+\b/.test(secret),
  },
];

const MASK_BEGIN = "[masked";
/** What stands in place of a secret. It contains nothing that a pattern or a rule recognises again. */
function maskFor(kind: string): string {
  return `${MASK_BEGIN}: ${kind}]`;
}

/** Something with the look of a credential: worth loading the rules for. Ordinary prose has none of it. */
const SUSPICIOUS =
  /(?:secret|token|passw|api[_-]?key|private[_-]?key|AccountKey)[A-Za-z0-9_]*["']?\s{0,3}[:=]|:\/\/[^\s/@]{1,200}@|-----BEGIN|\b(?=[A-Za-z0-9_./+-]{0,80}\d)(?=[A-Za-z0-9_./+-]{0,80}[A-Za-z])[A-Za-z0-9_./+-]{24,}/i;

/**
 * The text without recognised secrets. Idempotent. Never rejects: if the rules can't be loaded, our own patterns stand.
 */
export async function maskSecrets(text: string): Promise<Masked> {
  const own = maskKnown(text);
  if (!SUSPICIOUS.test(own.text)) return own;
  const ranges = await secretsByRules(own.text);
  let masked = own.text;
  const found = [...own.found];
  for (const { from, to, kind } of ranges) {
    masked = `${masked.slice(0, from)}${maskFor(kind)}${masked.slice(to)}`;
    if (!found.includes(kind)) found.push(kind);
  }
  return { text: masked, found };
}

/** Our own patterns alone: for places that can't wait. */
export function maskKnown(text: string): Masked {
  const found: string[] = [];
  let masked = text;
  // A secret that touched another is bare once that one is masked; each round takes at least one away.
  for (let round = 0; round < 5; round++) {
    const before = masked;
    for (const pattern of PATTERNS) {
      if (pattern.hint.test(masked)) masked = maskOne(masked, pattern, found);
    }
    if (masked === before) break;
  }
  return { text: masked, found };
}

function maskOne(text: string, { kind, pattern, only }: Pattern, found: string[]): string {
  const parts: string[] = [];
  let done = 0;
  for (const match of text.matchAll(pattern)) {
    const [whole, before = "", secret = whole, after = ""] = match;
    if (only !== undefined && !only(secret)) continue;
    parts.push(text.slice(done, match.index), before, maskFor(kind), after);
    done = match.index + whole.length;
    if (!found.includes(kind)) found.push(kind);
  }
  return parts.length === 0 ? text : parts.join("") + text.slice(done);
}

type Range = { from: number; to: number; kind: string };
type Rules = (text: string) => Promise<Range[]>;
let rules: Promise<Rules> | undefined;

async function secretsByRules(text: string): Promise<Range[]> {
  try {
    rules ??= loadRules();
    return await (await rules)(text);
  } catch {
    rules = undefined;
    return [];
  }
}

async function loadRules(): Promise<Rules> {
  const [{ lintSource }, { creator }] = await Promise.all([
    import("@secretlint/core"),
    import("@secretlint/secretlint-rule-preset-recommend"),
  ]);
  return async (text) => {
    const { messages } = await lintSource({
      source: { filePath: "/answer.txt", content: text, contentType: "text", ext: ".txt" },
      options: { noPhysicFilePath: true, config: { rules: [{ id: "preset", rule: creator }] } },
    });
    const ranges = messages.map(({ range: [from, to], ruleId }) => ({ from, to, kind: kindOf(ruleId) }));
    return lastFirst(ranges, text);
  };
}

/** Without overlaps, from the end, so that replacing one moves no other. What is masked already is left alone. */
function lastFirst(ranges: Range[], text: string): Range[] {
  const kept: Range[] = [];
  for (const range of [...ranges].sort((a, b) => b.to - a.to || a.from - b.from)) {
    const last = kept.at(-1);
    if (text.slice(range.from, range.to).includes(MASK_BEGIN) || (last !== undefined && range.to > last.from)) continue;
    kept.push(range);
  }
  return kept;
}

function kindOf(rule: string): string {
  const name = rule.replace(/^.*secretlint-rule-/, "");
  const kinds: Record<string, string> = {
    aws: "an AWS key",
    basicauth: "a password in an address",
    "database-connection-string": "a connection string",
    gcp: "a Google Cloud key",
    github: "a GitHub token",
    gitlab: "a GitLab token",
    npm: "an npm token",
    privatekey: "a private key",
    sendgrid: "a SendGrid key",
    shopify: "a Shopify token",
    slack: "a Slack token",
  };
  return Object.hasOwn(kinds, name) ? (kinds[name] ?? "a secret") : "a secret";
}

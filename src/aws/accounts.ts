import { isMap, isScalar, LineCounter, parseDocument } from "yaml";
import { z } from "zod";
import { ConfigError } from "../domain/errors.ts";
import { type Allow, isOpenTo, type Place } from "../domain/place.ts";

/**
 * Which AWS accounts T-Minus may look at. The operator grants them in a file; a user can name an alias from it, never an
 * ARN or account of their own. External ids come from the file alone.
 */

const RoleArn = z
  .string()
  .regex(
    /^arn:aws[a-z-]*:iam::\d{12}:role\/[\w+=,.@/-]{1,512}$/,
    "a role's ARN, such as arn:aws:iam::111122223333:role/t-minus-read",
  );

const Names = z.array(z.string().min(1)).default([]);

const AccountEntry = z.strictObject({
  /** Quote it in YAML: an unquoted 012345678901 is a number there and loses its zero. */
  id: z.string("quoted, so that a leading zero survives").regex(/^\d{12}$/, "12 digits, quoted"),
  alias: z.string().regex(/^[a-z0-9][a-z0-9-]{0,31}$/, "lower case letters, digits and hyphens, such as prod"),
  regions: z
    .array(z.string().regex(/^[a-z]{2}(-[a-z]+)+-\d$/, "a Region code such as eu-west-1"))
    .min(1, "at least one Region"),
  readRole: RoleArn.optional(),
  writeRoles: z.strictObject({ quotas: RoleArn.optional() }).default({}),
  externalId: z.string().min(2).max(1224).optional(),
  /** Who may use it. All three empty: everyone the bot talks to (guests never). */
  allow: z.strictObject({ workspaces: Names, tenants: Names, channels: Names }).default({
    workspaces: [],
    tenants: [],
    channels: [],
  }),
});

export type Account = {
  /** null: the process's own, not named by the operator. */
  id: string | null;
  alias: string;
  regions: string[];
  readRole?: string;
  /** What may be changed, each with its own role: `quotas` files increases. */
  writeRoles: { quotas?: string };
  externalId?: string;
  allow: Allow;
};

export type Accounts = {
  /** The file, as the operator named it; null: no file, the process's own account. */
  file: string | null;
  list: Account[];
};

export type Access = { kind: "granted"; account: Account } | { kind: "refused"; reason: string; add: string | null };

/** The account of the process's own credentials, where the operator gave no file. */
export function ownAccount(region: string): Accounts {
  const account: Account = {
    id: null,
    alias: "default",
    regions: [region],
    writeRoles: {},
    allow: { workspaces: [], tenants: [], channels: [] },
  };
  return { file: null, list: [account] };
}

/**
 * Reads the accounts file: YAML, or JSON (which is YAML too); either a list or `accounts:` with a list.
 * @throws {ConfigError} with every problem at once, each with file, line and field.
 */
export function parseAccounts(text: string, file: string): Accounts {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  if (document.errors.length > 0) {
    throw new ConfigError(
      document.errors.map((error) => `${file}, line ${lines.linePos(error.pos[0]).line}: ${firstLine(error.message)}`),
    );
  }
  const root: unknown = document.toJS();
  const wrapped = isMap(document.contents);
  const entries: unknown = wrapped && typeof root === "object" && root !== null ? Reflect.get(root, "accounts") : root;
  if (!Array.isArray(entries) || entries.length === 0) {
    throw new ConfigError([`${file}, line 1: a list of accounts is expected, such as ${EXAMPLE_LINE}`]);
  }
  const lineOf = (path: PropertyKey[]): number => {
    for (let length = path.length; length >= 0; length--) {
      const node = document.getIn(path.slice(0, length), true);
      const range = isScalar(node) || isNodeWithRange(node) ? node.range : null;
      if (range) return lines.linePos(range[0]).line;
    }
    return 1;
  };
  const problems: string[] = [];
  const list: Account[] = [];
  const seen = new Map<string, number>();
  entries.forEach((entry: unknown, index) => {
    const at = wrapped ? ["accounts", index] : [index];
    const parsed = AccountEntry.safeParse(entry);
    if (!parsed.success) {
      for (const issue of parsed.error.issues) {
        const field = [...at, ...issue.path].map(String).join(".");
        problems.push(`${file}, line ${lineOf([...at, ...issue.path])}, ${field}: ${issue.message}`);
      }
      return;
    }
    const { readRole, externalId, writeRoles, ...rest } = parsed.data;
    const line = lineOf(at);
    const before = seen.get(rest.alias);
    if (before !== undefined) {
      problems.push(
        `${file}, line ${line}, ${at.join(".")}.alias: "${rest.alias}" is taken by line ${before}; give each account its own`,
      );
    }
    seen.set(rest.alias, line);
    for (const role of [readRole, writeRoles.quotas]) {
      if (role !== undefined && role.split(":")[4] !== rest.id) {
        problems.push(`${file}, line ${line}: ${role} is not a role of account ${rest.id}`);
      }
    }
    list.push({
      ...rest,
      writeRoles: writeRoles.quotas === undefined ? {} : { quotas: writeRoles.quotas },
      ...(readRole === undefined ? {} : { readRole }),
      ...(externalId === undefined ? {} : { externalId }),
    });
  });
  if (problems.length > 0) throw new ConfigError(problems);
  return { file, list };
}

/**
 * May this place use that account? `wanted` is what someone typed: an alias, or (refused unless the operator listed it)
 * an account id or ARN. A refusal says which line to add. `place` null: the bot's own doing (a daily look, following a
 * request), where who may see it was decided when the session named the account.
 */
export function accountFor(accounts: Accounts, wanted: string, place: Place | null): Access {
  if (place?.guest === true) {
    return { kind: "refused", reason: "Guests can't read AWS. Ask someone of the team.", add: null };
  }
  const name = wanted.trim();
  const id = /^\d{12}$/.test(name) ? name : (/^arn:[^:]*:[^:]*:[^:]*:(\d{12}):/.exec(name)?.[1] ?? null);
  const account = accounts.list.find((each) => (id === null ? each.alias === name.toLowerCase() : each.id === id));
  if (account === undefined) {
    const listed = accounts.list.map((each) => each.alias).join(", ");
    return {
      kind: "refused",
      reason: `${id === null ? `"${name}"` : "That account"} isn't one I may read (I may read: ${listed}). Whoever runs me can add this line to AWS_ACCOUNTS:`,
      add: lineToAdd(name, id),
    };
  }
  if (place === null) return { kind: "granted", account };
  if (!isOpenTo(account.allow, place)) {
    return {
      kind: "refused",
      reason: `${account.alias} isn't open to this place. Whoever runs me can add it to ${account.alias}'s entry in AWS_ACCOUNTS:`,
      add: allowLine(place),
    };
  }
  return { kind: "granted", account };
}

const EXAMPLE_LINE =
  '- { id: "111122223333", alias: prod, regions: [eu-west-1], readRole: "arn:aws:iam::111122223333:role/t-minus-read" }';

function lineToAdd(name: string, id: string | null): string {
  const account = id ?? "111122223333";
  const alias = id === null && /^[a-z0-9][a-z0-9-]{0,31}$/i.test(name) ? name.toLowerCase() : "a-name";
  const role = /^arn:aws[a-z-]*:iam::\d{12}:role\//.test(name) ? name : `arn:aws:iam::${account}:role/t-minus-read`;
  return `- { id: "${account}", alias: ${alias}, regions: [eu-west-1], readRole: "${role}", externalId: "your-external-id" }`;
}

function allowLine(place: Place): string {
  if (place.channel !== undefined) return `allow: { channels: ["${place.channel}"] }`;
  if (place.workspace !== undefined) return `allow: { workspaces: ["${place.workspace}"] }`;
  return `allow: { tenants: ["${place.tenant ?? "…"}"] }`;
}

function firstLine(message: string): string {
  return message.split("\n")[0] ?? message;
}

function isNodeWithRange(node: unknown): node is { range: [number, number, number] } {
  return typeof node === "object" && node !== null && "range" in node && Array.isArray(node.range);
}

import type { ModuleId, QuestionId, RiskId } from "../src/domain/ids.ts";
import { riskId } from "../src/domain/ids.ts";
import type { Mention, Unfit } from "../src/domain/inbound.ts";
import { nearest } from "./nearest.ts";
import { readStart, type StartOptions } from "./start-options.ts";

/** One grammar for Slack, Teams and the web channel. Platform markup is undone before text comes here. */

export const EXPORT_FORMATS = ["md", "json", "csv", "lens", "terraform"] as const;
export type ExportFormat = (typeof EXPORT_FORMATS)[number];

/** A person named in a command: a mention of the platform, or the speaker ("me"). */
export type Who = { self: true } | { self: false; user: string; name?: string; unfit?: Unfit };

/** What can be assigned. `role`: handing the session over, naming a manager. */
export type AssignTarget =
  | { kind: "question"; question: QuestionId }
  | { kind: "module"; module: ModuleId }
  | { kind: "role"; role: "facilitator" | "manager" };

export type Command =
  | { name: "menu" }
  /** `when` is left raw for `dates.ts`; undefined parts are asked for in the form. */
  | { name: "start"; event?: string; when?: string; options: StartOptions }
  | { name: "status" | "next" | "scope" | "summary" | "edit" | "close" | "forget" }
  | { name: "cancel"; reason?: string }
  /** Without a question: the one that is open where it is said. What is shaped like none stands as it was typed. */
  | { name: "why"; question?: QuestionId }
  | { name: "help"; command?: CommandName; asked?: string }
  | { name: "assign"; target: AssignTarget; who: Who }
  /** `text` is verbatim. */
  | { name: "answer"; question: QuestionId; text: string }
  | { name: "quotas"; text?: string }
  | { name: "evidence"; module?: ModuleId }
  | { name: "practice"; module?: ModuleId }
  | { name: "digest"; rhythm: "daily" | "weekly" | "off"; always?: true; who?: Who; channel?: string }
  | { name: "follow"; code?: string; off?: true }
  | { name: "remind"; who?: Who }
  | { name: "decide"; go?: boolean; reason?: string }
  | { name: "accept"; risk: RiskId; reason: string }
  | { name: "note"; text: string }
  /** `hours`, `zone`, `away` and `nudges` carry their words raw, for `hours.ts` and `zones.ts`. */
  | { name: "me"; what: "show" | "hours" | "zone" | "away" | "nudges" | "link" | "unlink" | "here"; text: string }
  | { name: "export"; format: ExportFormat }
  | { name: "import"; file?: string };

export type CommandName = Exclude<Command["name"], "menu">;

/** The channel in which it is said. */
export const HERE = "here";

/** How each command is written; the help and every problem show these lines. */
export const COMMAND_USAGE: Record<CommandName, string> = {
  start: 'start "Black Friday" 2027-11-26 09:00',
  status: "status",
  next: "next",
  why: "why R2",
  help: "help [command]",
  scope: "scope",
  assign: "assign resilience @person",
  answer: "answer R2 two zones, tested in May",
  quotas: "quotas can we run 300 m7g.2xlarge in eu-west-1?",
  evidence: "evidence [module]",
  summary: "summary",
  digest: "digest daily|weekly|off [@person|#channel|here]",
  follow: "follow [code|off]",
  remind: "remind [@person]",
  decide: "decide go|no-go [reason]",
  accept: "accept risk-r2 fallback page tested, until 30 Nov",
  note: "note traffic at 2x",
  me: "me hours 9-17 mon-fri",
  export: "export md|json|csv|lens|terraform",
  import: "import <file>",
  edit: "edit",
  close: "close",
  cancel: "cancel",
  forget: "forget",
  practice: "practice [module]",
};

export const COMMAND_NAMES: readonly CommandName[] = Object.keys(COMMAND_USAGE).filter(isCommandName);

function isCommandName(word: string): word is CommandName {
  return Object.hasOwn(COMMAND_USAGE, word);
}

export type ParsedCommand =
  | Command
  /** No command is called that; `nearest` is the likeliest. */
  | { unknown: string; nearest: string }
  /** The command is known and can't be run as written: a sentence with an example. */
  | { problem: string };

const MODULE_ALIASES: Record<string, ModuleId> = {
  quotas: "service-quotas",
  quota: "service-quotas",
  "service-quota": "service-quotas",
  limits: "service-quotas",
  perf: "performance",
  resiliency: "resilience",
  sec: "security",
  monitor: "monitoring",
};

const QUESTION = /^[A-Za-z]{1,6}\d{1,2}$/;

/** `r2` → `R2`; undefined when it isn't shaped like a question's id. */
export function readQuestionId(text: string): QuestionId | undefined {
  const word = text.trim().replace(/[.,:;]+$/, "");
  return QUESTION.test(word) ? word.toUpperCase() : undefined;
}

/** Any way to say a module ("Service Quotas", "quotas", "AFTER the event") as an id. Whether it exists, the engine says. */
export function readModuleId(text: string): ModuleId | undefined {
  const slug = text
    .slice(0, 80)
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-|-$/g, "");
  if (slug === "" || slug.length > 31) return undefined;
  return Object.hasOwn(MODULE_ALIASES, slug) ? MODULE_ALIASES[slug] : slug;
}

/** The words after `/readiness` or `@T-Minus`; the word `readiness` may stand before the command. */
function body(text: string): string {
  return text
    .trim()
    .replace(/^\/?readiness(?=\s|$)/i, "")
    .trim();
}

function split(text: string): { head: string; rest: string } {
  const [, head = "", rest = ""] = /^(\S*)(?:\s+([\s\S]*))?$/.exec(text.trim()) ?? [];
  return { head, rest: rest.trim() };
}

/**
 * Whether the first word is exactly a command: in a module's thread only then is a message to the bot a command, and
 * otherwise it is an answer.
 */
export function isExactlyCommand(text: string): boolean {
  const { head, rest } = split(body(text));
  const word = head.toLowerCase();
  // "follow the runbook in the wiki" is how answers begin, too.
  return word === "follow" ? FOLLOW.test(rest) : isCommandName(word);
}

/** What a session that has ended still answers: everything of it stays readable, and can be erased. */
const AFTER_THE_END: ReadonlySet<CommandName> = new Set(["export", "forget", "status", "summary", "why"]);

/** Whether these words are a command that an ended session answers, too. */
export function readsWhatEnded(text: string): boolean {
  const word = split(body(text)).head.toLowerCase();
  return isCommandName(word) && AFTER_THE_END.has(word);
}

/** Nothing, `off`, or what looks like a code. */
const FOLLOW = /^(?:off|[0-9a-f]{4,6}-?[0-9a-f]{4,6})?$/i;

/** Total: any text gives a command, the nearest one, or a sentence that says what is wrong with it. */
export function parseCommand(text: string, mentions: readonly Mention[]): ParsedCommand {
  const { head, rest } = split(body(text));
  if (head === "") return { name: "menu" };
  const word = head.toLowerCase();
  if (isCommandName(word))
    return parseNamed(
      word,
      rest,
      mentions.filter((mention) => mention.isBot !== true),
    );
  if (word === "?") return { name: "help" };
  const shown = head.length > 40 ? `${head.slice(0, 40)}…` : head;
  return { unknown: shown, nearest: nearestCommand(word) };
}

function nearestCommand(word: string): CommandName {
  const found = nearest(word, COMMAND_NAMES)?.word ?? "help";
  return isCommandName(found) ? found : "help";
}

function parseNamed(name: CommandName, rest: string, mentions: readonly Mention[]): ParsedCommand {
  switch (name) {
    case "start":
      return readStart(rest);
    case "status":
    case "next":
    case "scope":
    case "summary":
    case "edit":
    case "close":
    case "forget":
      return { name };
    case "cancel":
      return rest === "" ? { name } : { name, reason: rest };
    case "why": {
      const { head: asked, rest: more } = split(rest.replace(/^[?\s]+/, ""));
      const question = readQuestionId(asked);
      if (question !== undefined) return { name, question };
      // One word was meant for a question's id; a sentence ("why do you ask?") asks about the one that is open.
      return asked === "" || more !== "" ? { name } : { name, question: cut(asked) };
    }
    case "help": {
      const asked = split(rest).head.toLowerCase();
      if (asked === "") return { name };
      return isCommandName(asked)
        ? { name, command: asked }
        : { name, command: nearestCommand(asked), asked: asked.slice(0, 40) };
    }
    case "assign":
      return readAssign(rest, mentions);
    case "answer": {
      const { head, rest: words } = split(rest);
      const question = readQuestionId(head);
      if (question === undefined) return problem(name, "I need the question's id and then the answer");
      if (words === "") return problem(name, `I need the words of the answer to ${question}`);
      return { name, question, text: words };
    }
    case "quotas":
      return rest === "" ? { name } : { name, text: rest };
    case "evidence":
    case "practice": {
      const module = readModuleId(rest);
      if (rest !== "" && module === undefined) return problem(name, `"${cut(rest)}" is no module`);
      return module === undefined ? { name } : { name, module };
    }
    case "digest":
      return readDigest(rest, mentions);
    case "follow":
      if (rest === "") return { name };
      if (/^off$/i.test(rest)) return { name, off: true };
      return FOLLOW.test(rest)
        ? { name, code: rest.toUpperCase() }
        : problem(name, "I need the code that `follow` gives in the session's own channel");
    case "remind": {
      const who = readPerson(rest, mentions);
      if ("problem" in who) return rest === "" ? { name } : problem(name, who.problem);
      return { name, who: who.who };
    }
    case "decide":
      return readDecide(rest);
    case "accept": {
      const { head, rest: reason } = split(rest);
      const question = readQuestionId(head.replace(/^risk-/i, ""));
      // Named like a risk, but none is: which there are is known where the session is.
      if (question === undefined && /^risk-\S/i.test(head)) return { name, risk: cut(head), reason };
      if (question === undefined) return problem(name, "I need the risk and the reason for accepting it");
      if (!/[\p{L}\p{N}]/u.test(reason))
        return problem(name, `A risk is accepted with a reason, so I need one for ${riskId(question)}`);
      return { name, risk: riskId(question), reason };
    }
    case "note":
      return rest === "" ? problem(name, "I need the words of the note") : { name, text: rest };
    case "me":
      return readMe(rest);
    case "export": {
      const asked = split(rest).head.toLowerCase().replace(/^\./, "");
      const format = EXPORT_FORMATS.find((one) => one === ({ markdown: "md", tf: "terraform" }[asked] ?? asked));
      if (format !== undefined) return { name, format };
      return problem(name, asked === "" ? "I need a format" : `I can't export "${cut(asked)}"`);
    }
    case "import":
      return rest === "" ? { name } : { name, file: rest };
  }
  name satisfies never;
  return { unknown: name, nearest: "help" };
}

function readAssign(rest: string, mentions: readonly Mention[]): ParsedCommand {
  const person = readPerson(rest, mentions);
  if ("problem" in person) return problem("assign", person.problem);
  const target = person.without.replace(/\b(?:to|module|question)\b/gi, " ").trim();
  if (target === "") return problem("assign", "I need what to assign: a module or a question's id");
  const question = readQuestionId(target);
  if (question !== undefined) return { name: "assign", target: { kind: "question", question }, who: person.who };
  const module = readModuleId(target);
  if (module === undefined) return problem("assign", `"${cut(target)}" is neither a module nor a question's id`);
  if (module === "facilitator" || module === "manager") {
    return { name: "assign", target: { kind: "role", role: module }, who: person.who };
  }
  return { name: "assign", target: { kind: "module", module }, who: person.who };
}

function readDigest(rest: string, mentions: readonly Mention[]): ParsedCommand {
  const { head, rest: more } = split(rest);
  const rhythm = (["daily", "weekly", "off"] as const).find((one) => one === head.toLowerCase());
  if (rhythm === undefined) return problem("digest", "I need a rhythm: daily, weekly or off");
  // "nothing moved" is said only to those who ask for it.
  const always = /(?:^|\s)always$/i.test(more) && rhythm !== "off" ? { always: true as const } : {};
  const to = more.replace(/(?:^|\s)always$/i, "").trim();
  if (to === "") return { name: "digest", rhythm, ...always };
  if (/^here$/i.test(to)) return { name: "digest", rhythm, ...always, channel: HERE };
  const channel = /^(?:<#([^|>]+)(?:\|[^>]*)?>|#(\S+))$/.exec(to);
  if (channel !== null) return { name: "digest", rhythm, ...always, channel: channel[1] ?? channel[2] ?? "" };
  const person = readPerson(to, mentions);
  return "problem" in person
    ? problem("digest", person.problem)
    : { name: "digest", rhythm, ...always, who: person.who };
}

function readDecide(rest: string): ParsedCommand {
  if (rest === "") return { name: "decide" };
  const said = /^(no[\s-]?go|nogo|go)(?![\p{L}\p{N}-])[\s,.:;–—-]*([\s\S]*)$/iu.exec(rest);
  if (said === null) return problem("decide", `I can sign go or no-go, not "${cut(rest)}"`);
  const go = (said[1] ?? "").toLowerCase() === "go";
  const reason = (said[2] ?? "").replace(/^because\s+/i, "").trim();
  return reason === "" ? { name: "decide", go } : { name: "decide", go, reason };
}

function readMe(rest: string): ParsedCommand {
  const { head, rest: text } = split(rest);
  const word = head.toLowerCase();
  if (word === "") return { name: "me", what: "show", text: "" };
  if (word === "back") return { name: "me", what: "away", text: "off" };
  if (word === "link" || word === "unlink" || word === "here") return { name: "me", what: word, text };
  if (word === "nudge" || word === "reminders") return readMe(`nudges ${text}`);
  const what = (["hours", "zone", "away", "nudges"] as const).find((one) => one === word);
  if (what === undefined)
    return problem(
      "me",
      `I can set your hours, zone, absence or where single reminders go, link platforms, or write to you here, not "${cut(head)}"`,
    );
  const examples = {
    hours: "me hours 9-17 mon-fri",
    zone: "me zone Europe/London",
    away: "me away until 3 Dec",
    nudges: "me nudges thread",
  };
  if (text === "") return { problem: `I need more than "me ${what}". Example: ${examples[what]}` };
  return { name: "me", what, text };
}

/** The one person named in `text`, and the words without them. */
function readPerson(text: string, mentions: readonly Mention[]): { who: Who; without: string } | { problem: string } {
  const named = mentions.filter((mention) => mention.label !== "" && text.includes(mention.label));
  // "@priya" is part of "@priya shah": the longest label is the one that stands there.
  const longest = named.filter(
    (one) => !named.some((other) => other.label.length > one.label.length && other.label.includes(one.label)),
  );
  const users = [...new Set(longest.map((mention) => mention.user))];
  const [first] = longest;
  if (users.length > 1) return { problem: "Name one person at a time" };
  if (first !== undefined) {
    const { user, name, unfit } = first;
    const who: Who = {
      self: false,
      user,
      ...(name === undefined ? {} : { name }),
      ...(unfit === undefined ? {} : { unfit }),
    };
    return { who, without: text.replaceAll(first.label, " ").trim() };
  }
  const at = /(?:^|\s)@(\S{1,60})/.exec(text);
  if (at !== null) {
    return {
      problem: `I don't know who @${cut(at[1] ?? "")} is; pick the person from the list that opens as you type @`,
    };
  }
  const self = /(?:^|\s)(?:me|myself)\s*$/i.exec(text);
  if (self !== null) return { who: { self: true }, without: text.slice(0, self.index).trim() };
  return { problem: "I need a person, as a mention" };
}

function problem(name: CommandName, what: string): { problem: string } {
  return { problem: `${what}. Example: ${COMMAND_USAGE[name]}` };
}

function cut(text: string): string {
  return text.length > 40 ? `${text.slice(0, 40)}…` : text;
}

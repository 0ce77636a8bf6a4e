import type { PersonId, QuestionId } from "../src/domain/ids.ts";
import type { FileRef, Inbound } from "../src/domain/inbound.ts";
import type { Architecture, Found, SuggestionEnd } from "../src/domain/intake.ts";
import type { FieldValues } from "../src/domain/message.ts";
import type { Fact } from "../src/domain/ports.ts";
import type { QuestionState, SessionState } from "../src/domain/session.ts";
import { redrawQuestion } from "./asking.ts";
import { answerOnPurpose } from "./on-purpose.ts";
import { occurs, readable } from "./patterns.ts";
import { answerText, postKeys } from "./session-queries.ts";
import type { Turn } from "./turn.ts";
import { architectureCard, suggestionForm } from "./views/intake.ts";
import { wording } from "./wording.ts";

/**
 * "Here's our architecture": what a file or text shows becomes suggested answers and follow-ups. The questions' owners
 * decide; until then a suggestion lowers no risk and stands in no summary.
 */

type Given = Extract<Inbound, { kind: "command" | "message" }>;

const LEAD =
  "(?:(?:hi|hello|hey)[,!]?\\s+)?(?:here(?:'|’)?s|here is|here are|this is|attached(?: is)?|have a look at|look at|see|read|find)\\s+";
const NAMED =
  "(?:(?:our|my|the|this)\\s+)?(?:\\w+\\s+)?architecture\\b(?:\\s+(?:diagram|file|description|picture|as code))?";
/** With a lead ("here's our architecture") anything may follow; without one a colon or a line break must. */
const WITH_LEAD = new RegExp(`^\\s*${LEAD}${NAMED}[\\s:.,!-]*`, "i");
const WITHOUT_LEAD = new RegExp(`^\\s*${NAMED}\\s*(?::|\\n)\\s*`, "i");
const BARE = new RegExp(`^\\s*(?:${LEAD})?${NAMED}[\\s:.,!-]*$`, "i");

/** The text after "here's our architecture", or undefined when that isn't what was said. */
export function architectureIn(text: string, files: readonly FileRef[] = []): string | undefined {
  const said = WITH_LEAD.exec(text) ?? WITHOUT_LEAD.exec(text) ?? BARE.exec(text.split("\n")[0] ?? "");
  if (said !== null) return withoutFence(text.slice(said[0].length));
  return files.length > 0 && /\barchitecture\b/i.test(text.slice(0, 200)) ? withoutFence(text) : undefined;
}

function withoutFence(text: string): string {
  return text
    .replace(/^\s*```[a-z]*[ \t]*\n?/i, "")
    .replace(/\n?```\s*$/, "")
    .trim();
}

const LARGEST = 5 * 1024 * 1024;
const MOST_FILES = 5;
/** Shorter text describes no architecture. */
const SHORTEST = 40;
const READABLE = /\.(?:tf|tf\.json|ya?ml|json|template|md|markdown|txt)$/i;
const PICTURE = /\.(?:png|jpe?g)$/i;

export function giveArchitecture(turn: Turn, given: Given, person: PersonId, body: string): void {
  const { command, model } = turn.ctx.settings;
  if (turn.session.status === "none") return turn.tell(wording.noSession(command));
  if (turn.session.status !== "open") return turn.tell(wording.sessionOver(turn.state, command));
  const files = (given.files ?? []).slice(0, MOST_FILES);
  if (files.length === 0) {
    if (body.length < SHORTEST) return turn.tell(wording.architectureHow());
    return begin(turn, given, person, [{ name: pastedName(body), source: { words: turn.words(body) } }]);
  }
  const refused = files.flatMap((file) => refusal(file, model === true) ?? []);
  const taken = files.filter((file) => refusal(file, model === true) === undefined);
  if (taken.length === 0) return turn.tell(refused.join(" "));
  begin(
    turn,
    given,
    person,
    taken.map((file) => ({ name: file.name, source: { file } })),
    refused,
  );
}

/** Why a file isn't read, as a sentence with the way out. */
function refusal(file: FileRef, model: boolean): string | undefined {
  if (file.size > LARGEST) return `${file.name} is larger than 5 MB. Send the part that matters.`;
  if (PICTURE.test(file.name)) {
    return model
      ? undefined
      : `I can't read ${file.name}: pictures need a model, and none is set up (BEDROCK_MODEL_ID). Send Terraform, CloudFormation or a description instead.`;
  }
  if (READABLE.test(file.name)) return undefined;
  return `I can't read ${file.name}. I read Terraform (.tf), CloudFormation (.yaml, .json), Markdown and text.`;
}

function begin(
  turn: Turn,
  given: Given,
  person: PersonId,
  sources: { name: string; source: Architecture["source"] }[],
  refused: string[] = [],
): void {
  for (const { source } of sources) {
    const intake = turn.ctx.newId("t");
    turn.emit({ kind: "architecture_given", intake, person, address: given.address, source });
    turn.want({ do: "read_architecture", intake });
  }
  const names = sources.map(({ name }) => name).join(", ");
  turn.tell([wording.architectureReading(names), ...refused].join(" "));
}

/** A name for pasted text, by what it looks like; the reader goes by its ending. */
export function pastedName(text: string): string {
  if (/^\s*(?:resource|module|provider|variable|locals|data|terraform)\b[^\n]*\{/m.test(text)) return "pasted.tf";
  if (/^\s*\{/.test(text) && /"Resources"\s*:/.test(text)) return "pasted.json";
  if (/^\s*Resources\s*:/m.test(text) && /AWS::/.test(text)) return "pasted.yaml";
  return "pasted.md";
}

/** It was read (or couldn't be): open questions show what it suggests, and whoever gave it hears what came of it. */
export function architectureRead(turn: Turn, fact: Extract<Fact, { kind: "architecture" }>): void {
  const given = turn.state.architectures?.find((one) => one.id === fact.intake);
  if (given === undefined || given.reading !== "under_way") return;
  const { reading } = fact;
  if (!reading.ok) {
    turn.emit({ kind: "architecture_read", intake: given.id, document: null });
    turn.want({ do: "whisper", address: given.address, person: given.by, message: wording.sentence(reading.why) });
    return;
  }
  const document = {
    ...reading.document,
    found: reading.document.found.filter((one) => turn.state.questions[one.question] !== undefined),
  };
  turn.emit({ kind: "architecture_read", intake: given.id, document: turn.words(JSON.stringify(document)) });
  for (const id of new Set(document.found.map((one) => one.question))) redrawQuestion(turn, id);
  turn.redraw(postKeys.scope);
  turn.want({
    do: "whisper",
    address: given.address,
    person: given.by,
    message: architectureCard(turn.state, document, turn.ctx.catalogue),
  });
}

/** One thing that an architecture suggests for a question. `at`: its place among all of them, which never changes. */
export type Suggestion = { architecture: Architecture; name: string; found: Found; at: number };

/** Everything that was ever suggested for a question, oldest file first. */
function suggestionsFor(state: SessionState, question: QuestionId): Suggestion[] {
  const all = (state.architectures ?? []).flatMap((architecture) =>
    (architecture.document?.found ?? [])
      .filter((found) => found.question === question)
      .map((found) => ({ architecture, name: architecture.document?.name ?? "", found })),
  );
  return all.map((one, at) => ({ ...one, at }));
}

/** A file that was given again says what counts now; what it said before is gone. */
function isReplaced(state: SessionState, { architecture, name }: Suggestion): boolean {
  const newest = state.architectures?.findLast((one) => one.document?.name === name);
  return newest !== undefined && newest.id !== architecture.id;
}

function endOf({ architecture, found }: Suggestion): SuggestionEnd | undefined {
  return (architecture.settled[`${found.question}/${found.id}`] ?? architecture.settled[found.question])?.how;
}

/** What is suggested for a question and its owner hasn't decided on yet. */
export function openSuggestions(state: SessionState, question: QuestionId): Suggestion[] {
  return suggestionsFor(state, question).filter((one) => endOf(one) === undefined && !isReplaced(state, one));
}

/** Buttons carry it: what came or went meanwhile makes them stale. */
export function newestOf(suggestions: readonly Suggestion[]): string | undefined {
  return suggestions.at(-1)?.architecture.id;
}

/** The suggested answer with its places, in the words that are recorded when its owner takes it. */
export function suggestedText(suggestions: readonly (Suggestion & { words?: string })[]): string {
  const names = [...new Set(suggestions.map((one) => one.name))];
  return names
    .map((name) => {
      const own = suggestions.filter((one) => one.name === name);
      const lines = [...new Set(own.map((one) => one.found.place.line).filter((line) => line > 0))];
      const numbers = lines.sort((a, b) => a - b).join(", ");
      const where = lines.length === 0 ? name : `${name}, ${lines.length === 1 ? "line" : "lines"} ${numbers}`;
      return `${own.map((one) => one.words ?? one.found.statement).join(" ")} (${where})`;
    })
    .join(" ");
}

export const SUGGESTION_PREFIX = "suggestion:";
/** A form's field of one suggestion: emptied is rejected, changed is edited, as it stood is confirmed. */
export const SUGGESTION_FIELD = "suggestion_";
const ACTIONS = ["use_suggestion", "edit_suggestion", "reject_suggestion", "propose_fix"] as const;

export function isSuggestionAction(action: string): boolean {
  return ACTIONS.some((one) => one === action);
}

/** The buttons beside suggestions. Only who may answer the question decides on them. */
export function onSuggestion(
  turn: Turn,
  action: Extract<Inbound, { kind: "action" }>,
  question: QuestionState,
  person: PersonId,
): void {
  if (action.action === "propose_fix") return proposeFix(turn, action, question, person);
  const open = openSuggestions(turn.state, question.id);
  if (open.length === 0 || newestOf(open) !== action.value.arg) return turn.tell(wording.staleCard());
  switch (action.action) {
    case "use_suggestion":
      settleSuggestions(
        turn,
        open.map((one) => ({ ...one, how: "confirmed" })),
        person,
      );
      answerOnPurpose(turn, question, suggestedText(open), action, person);
      return turn.tell(wording.recorded(question.id));
    case "edit_suggestion":
      return turn.reply({ kind: "form", form: suggestionForm(turn.state, question, open, turn.ctx.catalogue) });
    default:
      settleSuggestions(
        turn,
        open.map((one) => ({ ...one, how: "rejected" })),
        person,
      );
      return turn.tell(leftOut(question.id));
  }
}

function leftOut(question: QuestionId): string {
  return `Left out. Answer ${question} in your own words.`;
}

/**
 * What came back from the form in which each suggestion has its field.
 * @returns the answer's words; undefined when nothing is left to record, and that was said
 */
export function decidedInForm(
  turn: Turn,
  question: QuestionState,
  values: FieldValues,
  person: PersonId,
): string | undefined {
  const open = openSuggestions(turn.state, question.id);
  const own = fieldText(values.answer);
  const shown = open.filter((one) => values[`${SUGGESTION_FIELD}${one.at}`] !== undefined);
  if (shown.length === 0) {
    // One field for all of it.
    const how = oneLine(own) === oneLine(suggestedText(open)) ? "confirmed" : "edited";
    settleSuggestions(
      turn,
      open.map((one) => ({ ...one, how })),
      person,
    );
    return own;
  }
  const decided = shown.map((one) => {
    const words = fieldText(values[`${SUGGESTION_FIELD}${one.at}`]);
    const how: SuggestionEnd =
      words === "" ? "rejected" : oneLine(words) === oneLine(one.found.statement) ? "confirmed" : "edited";
    return { ...one, words, how };
  });
  settleSuggestions(turn, decided, person);
  const kept = decided.filter((one) => one.how !== "rejected");
  if (kept.length === 0 && own === "") {
    turn.tell(leftOut(question.id));
    return undefined;
  }
  return [kept.length === 0 ? "" : suggestedText(kept), own].filter((text) => text !== "").join("\n");
}

function fieldText(value: FieldValues[string] | undefined): string {
  return (typeof value === "string" ? value : "").trim();
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, " ").trim();
}

function settleSuggestions(
  turn: Turn,
  decided: readonly (Suggestion & { how: SuggestionEnd })[],
  person: PersonId,
): void {
  for (const { architecture, found, how } of decided) {
    const { question } = found;
    turn.emit({ kind: "suggestion_settled", intake: architecture.id, question, found: found.id, how, person });
  }
  for (const question of new Set(decided.map((one) => one.found.question))) redrawQuestion(turn, question);
}

/** A draft of a change, for whoever asked. Never applied, and not without a model. */
function proposeFix(
  turn: Turn,
  action: Extract<Inbound, { kind: "action" }>,
  question: QuestionState,
  person: PersonId,
): void {
  const weak = suggestionsFor(turn.state, question.id).findLast(
    (one) => one.found.kind === "weak" && one.found.id === action.value.arg,
  );
  if (weak === undefined) return turn.tell(wording.staleCard());
  if (turn.ctx.settings.model !== true) return turn.tell(wording.noFixWithoutModel());
  const { document } = weak.architecture;
  const { resource } = weak.found.place;
  if (document?.by !== "parser") return turn.tell("I draft changes only for Terraform and CloudFormation files.");
  if (document.text === undefined) {
    return turn.tell(`${weak.name} is too large to draft a change for it. Send the part with ${resource}.`);
  }
  turn.want({
    do: "draft_fix",
    intake: weak.architecture.id,
    finding: weak.found.id,
    person,
    address: action.address,
  });
  turn.tell(`Drafting a change for ${resource}. It comes to you as a file; nothing is applied.`);
}

const MOST_NAMED = 2;

/**
 * A follow-up about what the architecture shows and the answer doesn't speak to: a single point of failure, a stress
 * point, a missing alarm. What merely repeats the suggestion isn't an answer to it.
 */
export function weakFollowUp(
  state: SessionState,
  question: QuestionState,
): { text: string; points: string[] } | undefined {
  const all = suggestionsFor(state, question.id).filter((one) => endOf(one) !== "rejected" && !isReplaced(state, one));
  const own = readable(withoutSuggestions(answerText(question), all)).toLowerCase();
  const unspoken = all.filter(({ found }) => found.kind === "weak" && !speaksOf(own, found));
  const shown = unspoken.slice(0, MOST_NAMED);
  if (shown.length === 0) return undefined;
  const named = shown.map(({ found }) => {
    const line = found.place.line > 0 ? ` (line ${found.place.line})` : "";
    return `${found.statement.replace(/\.$/, "")}${line}`;
  });
  const names = [...new Set(shown.map((one) => one.name))].join(" and ");
  return {
    text: `${names} ${names.includes(" and ") ? "show" : "shows"}: ${named.join("; ")}. What is done about ${named.length === 1 ? "it" : "them"}, by whom and by when?`,
    points: shown.map((one) => one.found.id),
  };
}

/** What merely repeats a suggestion, or names its place, isn't the owner's own word on it. */
function withoutSuggestions(answer: string, all: readonly Suggestion[]): string {
  const statements = all.reduce((text, { found }) => text.replaceAll(found.statement, " "), answer);
  return all.reduce((text, { name }) => {
    const places = new RegExp(`\\(${name.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")}(?:, lines? [\\d, ]+)?\\)`, "g");
    return text.replace(places, " ");
  }, statements);
}

/** The answer names the resource, or what kind of thing it is. */
function speaksOf(own: string, found: Found): boolean {
  const name = found.place.resource.split(".").at(-1)?.toLowerCase() ?? "";
  if (name.length > 2 && own.includes(name)) return true;
  const kind = KINDS.find(([pattern]) => pattern.test(found.statement))?.[1];
  return kind !== undefined && occurs(kind, own);
}

const KINDS: readonly [RegExp, string][] = [
  [/NAT gateway/, "\\bnat\\b"],
  [/\(RDS\)|Aurora/, "\\b(?:database|db|rds|aurora|postgres\\w{0,3}|mysql)\\b"],
  [/[Cc]ache/, "\\b(?:cache|redis|elasticache|valkey)\\b"],
  [/[Aa]larm/, "\\balarms?\\b"],
  [/[Bb]ucket/, "\\b(?:buckets?|s3|versions?|versioning)\\b"],
  [/access logs/, "\\blogs?\\b"],
];

import type { PersonId, QuestionId } from "../src/domain/ids.ts";
import type { FileRef, Inbound } from "../src/domain/inbound.ts";
import type { Architecture, Found, SuggestionEnd } from "../src/domain/intake.ts";
import type { Fact } from "../src/domain/ports.ts";
import type { QuestionState, SessionState } from "../src/domain/session.ts";
import { redrawQuestion } from "./asking.ts";
import { answerOnPurpose } from "./commands.ts";
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
  if (turn.session.status !== "open") return turn.tell(wording.sessionOver(turn.state.name, command));
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

export type Suggestion = { architecture: Architecture; name: string; found: Found[] };

/** What the newest architecture that speaks to a question suggests for it, until its owner has decided on that. */
export function suggestionFor(state: SessionState, question: QuestionId): Suggestion | undefined {
  const architecture = state.architectures?.findLast((one) =>
    one.document?.found.some((found) => found.question === question),
  );
  const found = architecture?.document?.found.filter((one) => one.question === question) ?? [];
  if (architecture === undefined || found.length === 0) return undefined;
  return { architecture, name: architecture.document?.name ?? "", found };
}

export function openSuggestion(state: SessionState, question: QuestionId): Suggestion | undefined {
  const suggestion = suggestionFor(state, question);
  return suggestion?.architecture.settled[question] === undefined ? suggestion : undefined;
}

/** The suggested answer, in the words that are recorded when its owner takes it. */
export function suggestedText({ name, found }: Suggestion): string {
  const lines = [...new Set(found.map((one) => one.place.line).filter((line) => line > 0))].sort((a, b) => a - b);
  const where = lines.length === 0 ? name : `${name}, ${lines.length === 1 ? "line" : "lines"} ${lines.join(", ")}`;
  return `${found.map((one) => one.statement).join(" ")} (${where})`;
}

export const SUGGESTION_PREFIX = "suggestion:";
const ACTIONS = ["use_suggestion", "edit_suggestion", "reject_suggestion", "propose_fix"] as const;

export function isSuggestionAction(action: string): boolean {
  return ACTIONS.some((one) => one === action);
}

/** The buttons beside a suggestion. Only who may answer the question decides on it. */
export function onSuggestion(
  turn: Turn,
  action: Extract<Inbound, { kind: "action" }>,
  question: QuestionState,
  person: PersonId,
): void {
  const suggestion = openSuggestion(turn.state, question.id);
  if (action.action === "propose_fix") return proposeFix(turn, action, question, person);
  if (suggestion === undefined || suggestion.architecture.id !== action.value.arg)
    return turn.tell(wording.staleCard());
  switch (action.action) {
    case "use_suggestion":
      settleSuggestion(turn, question.id, suggestion.architecture.id, "confirmed", person);
      answerOnPurpose(turn, question, suggestedText(suggestion), action, person);
      return turn.tell(wording.recorded(question.id));
    case "edit_suggestion":
      return turn.reply({ kind: "form", form: suggestionForm(turn.state, question, suggestion, turn.ctx.catalogue) });
    default:
      settleSuggestion(turn, question.id, suggestion.architecture.id, "rejected", person);
      return turn.tell(`Left out. Answer ${question.id} in your own words.`);
  }
}

export function settleSuggestion(
  turn: Turn,
  question: QuestionId,
  intake: string,
  how: SuggestionEnd,
  person: PersonId,
): void {
  turn.emit({ kind: "suggestion_settled", intake, question, how, person });
  redrawQuestion(turn, question);
}

/** A draft of a change, for whoever asked. Never applied, and not without a model. */
function proposeFix(
  turn: Turn,
  action: Extract<Inbound, { kind: "action" }>,
  question: QuestionState,
  person: PersonId,
): void {
  const suggestion = suggestionFor(turn.state, question.id);
  const weak = suggestion?.found.find((one) => one.kind === "weak" && one.id === action.value.arg);
  if (suggestion === undefined || weak === undefined) return turn.tell(wording.staleCard());
  if (turn.ctx.settings.model !== true) return turn.tell(wording.noFixWithoutModel());
  if (suggestion.architecture.document?.by !== "parser") {
    return turn.tell("I draft changes only for Terraform and CloudFormation files.");
  }
  if (suggestion.architecture.document.text === undefined) {
    return turn.tell(
      `${suggestion.name} is too large to draft a change for it. Send the part with ${weak.place.resource}.`,
    );
  }
  turn.want({
    do: "draft_fix",
    intake: suggestion.architecture.id,
    finding: weak.id,
    person,
    address: action.address,
  });
  turn.tell(`Drafting a change for ${weak.place.resource}. It comes to you as a file; nothing is applied.`);
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
  const suggestion = suggestionFor(state, question.id);
  if (suggestion === undefined || suggestion.architecture.settled[question.id]?.how === "rejected") return undefined;
  const own = readable(answerText(question).replace(suggestedText(suggestion), " ")).toLowerCase();
  const unspoken = suggestion.found.filter((one) => one.kind === "weak" && !speaksOf(own, one));
  if (unspoken.length === 0) return undefined;
  const named = unspoken.slice(0, MOST_NAMED).map((one) => {
    const line = one.place.line > 0 ? ` (line ${one.place.line})` : "";
    return `${one.statement.replace(/\.$/, "")}${line}`;
  });
  return {
    text: `${suggestion.name} shows: ${named.join("; ")}. What is done about ${named.length === 1 ? "it" : "them"}, by whom and by when?`,
    points: unspoken.slice(0, MOST_NAMED).map((one) => one.id),
  };
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

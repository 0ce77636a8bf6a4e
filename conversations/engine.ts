import { channelOf, conversationKey } from "../src/domain/address.ts";
import { type PersonId, personId } from "../src/domain/ids.ts";
import type { Inbound } from "../src/domain/inbound.ts";
import type { Decision, Fact, Input, Loaded, Target } from "../src/domain/ports.ts";
import { pressed, submitted } from "./actions.ts";
import { takeMessage } from "./answering.ts";
import { isPutHere, mayAnswerHere } from "./attribution.ts";
import { isExactlyCommand, readsWhatEnded } from "./command.ts";
import { next, runCommand } from "./commands.ts";
import type { Context } from "./context.ts";
import { takeDeletion, takeEdit } from "./edits.ts";
import { followsOnly } from "./following.ts";
import { architectureIn, giveArchitecture } from "./intake.ts";
import { actingAs, PLATFORM_NAMES } from "./linking.ts";
import { introduced, meet, meetPerson } from "./meeting.ts";
import { ownWork } from "./own-work.ts";
import { placeChanged } from "./place.ts";
import { redrawPointers } from "./pointers.ts";
import { isForPractice, practiceReply } from "./practice.ts";
import { record } from "./recording.ts";
import { hasPart, moduleAt } from "./session-queries.ts";
import { Turn } from "./turn.ts";
import { wording } from "./wording.ts";

/**
 * The heart: (state, input, context) → events and effects. Synchronous, pure, total. What isn't for us is `ignored`
 * with a reason; what can't be done is a sentence to whoever tried.
 */
export function decide(given: Loaded, input: Input, ctx: Context): Decision {
  if (!("actor" in input)) {
    const turn = new Turn(given, ctx, undefined);
    if (given.session.status !== "none" || isPersonal(input)) ownWork(turn, input);
    redrawPointers(turn, given.session);
    return turn.done("Nothing waits for that any more");
  }
  const loaded = startsOwn(given, input) ? { ...given, session: { status: "none" } as const } : given;
  const person = actingAs(loaded.session, input);
  const turn = new Turn(loaded, ctx, person);
  if (input.actor.outsider) {
    // Outsiders' talk is nobody's business; what they try on purpose gets a sentence.
    const onPurpose = input.kind === "command" || input.kind === "action" || input.kind === "form";
    if (onPurpose || (input.kind === "message" && input.direct)) turn.tell(wording.outsider());
    return turn.done("From outside this workspace");
  }
  if (isUnknown(turn, input, person) && !SAID.has(input.kind)) {
    turn.tell(wording.unverified(PLATFORM_NAMES[input.actor.platform]));
    return turn.done("Nobody told yet whether they belong here");
  }
  // What is answered at once speaks of their hours, in their zone.
  if (ASKS.has(input.kind)) meetPerson(turn, input);
  const reason = take(turn, input, person);
  if (turn.decided && input.kind !== "met") meet(turn, input);
  redrawPointers(turn, loaded.session);
  return turn.done(reason);
}

/** These count, or don't, whoever it was: what is said, and what happened to a place. */
const SAID: ReadonlySet<Inbound["kind"]> = new Set(["message", "edit", "delete", "place"]);

/** These are always answered, or carried out. */
const ASKS: ReadonlySet<Inbound["kind"]> = new Set(["command", "action", "form", "home"]);

/**
 * Somebody of whom the platform couldn't tell whether they are a guest. An owner's words always count; a stranger's are
 * at most offered; what does something waits until it is known.
 */
function isUnknown({ session }: Turn, input: Inbound, person: PersonId): boolean {
  return input.actor.unverified === true && (session.status === "none" || !hasPart(session, person));
}

/** A channel that follows a session held elsewhere can have one of its own. */
function startsOwn({ session }: Loaded, input: Inbound): boolean {
  if (session.status === "none" || !followsOnly(session, input.address)) return false;
  return input.kind === "command" ? /^\W*(?:readiness\s+)?start\b/i.test(input.text) : isStart(input);
}

function isStart(input: Inbound): boolean {
  return (input.kind === "form" && input.form === "start") || (input.kind === "action" && input.action === "start");
}

/** Whom and what an input is about, so that the store can load it. */
export function targetOf(input: Input): Target {
  if (!("actor" in input)) return targetOfFact(input);
  const person = personId(input.actor);
  const conversation = conversationKey(input.address);
  const channel = conversationKey(channelOf(input.address));
  const base: Target = { person, conversation, channel, ...(input.direct ? { direct: true } : {}) };
  switch (input.kind) {
    case "action":
      return input.value.session === undefined ? base : { person, session: input.value.session };
    case "form":
      return input.context.session === undefined ? base : { person, session: input.context.session };
    case "home":
      return { person, direct: true, openItems: true };
    case "met":
      return input.session === undefined ? base : { person, session: input.session };
    case "command":
      return readsWhatEnded(input.text) ? { ...base, ended: true } : base;
    case "message":
      return (input.addressed || input.direct) && readsWhatEnded(input.text) ? { ...base, ended: true } : base;
    case "edit":
    case "delete":
    case "record":
    case "place":
      return base;
  }
}

function targetOfFact(fact: Fact): Target {
  switch (fact.kind) {
    case "timer":
      return fact.timer === "nudge" || fact.timer === "digest"
        ? { person: fact.person, openItems: true }
        : { session: fact.session, ...("person" in fact ? { person: fact.person } : {}) };
    case "direct_sent":
      return { person: fact.person, openItems: true };
    case "home_due":
      return { person: fact.person, direct: true, openItems: true, sessions: true };
    case "joined":
      return { person: fact.person };
    default:
      return { session: fact.session };
  }
}

function isPersonal(fact: Fact): boolean {
  return (
    fact.kind === "direct_sent" ||
    fact.kind === "joined" ||
    fact.kind === "home_due" ||
    (fact.kind === "timer" && (fact.timer === "nudge" || fact.timer === "digest"))
  );
}

/** Returns why it would be ignored, should nothing come of it. */
function take(turn: Turn, input: Inbound, person: PersonId): string {
  switch (input.kind) {
    case "command":
      command(turn, input, person);
      return "";
    case "message":
      return message(turn, input, person);
    case "edit":
      if (turn.session.status === "none") return "No session in this conversation";
      // A platform that brings a file's text as an edit of its message: it is read as a file.
      if (isGivenAsArchitecture(turn, input)) return "An architecture is read as such";
      takeEdit(turn, input, person);
      return "The edited message is no part of an answer, or nothing changed";
    case "delete":
      if (turn.session.status === "none") return "No session in this conversation";
      takeDeletion(turn, input.messageId, person);
      return "The deleted message is no part of an answer";
    case "action":
      pressed(turn, input, person);
      return "";
    case "form":
      submitted(turn, input, person);
      return "";
    case "record":
      record(turn, input, person);
      return "";
    case "home":
      // Drawn when it is sent: whatever happens until then is on it.
      turn.want({ do: "home", person: personId(input.actor) });
      return "";
    case "met":
      introduced(turn, input, person);
      return "Nothing new about them";
    case "place":
      return placeChanged(turn, input);
  }
}

function command(turn: Turn, given: Extract<Inbound, { kind: "command" }>, person: PersonId): void {
  if (isForPractice(turn, given)) return practiceReply(turn, given);
  const architecture = architectureIn(given.text, given.files);
  if (architecture !== undefined) return giveArchitecture(turn, given, person, architecture);
  runCommand(turn, given.text, given.mentions, given, person);
}

function message(turn: Turn, said: Extract<Inbound, { kind: "message" }>, person: PersonId): string {
  const { session } = turn;
  const unknown = isUnknown(turn, said, person);
  const does = said.direct || isExactlyCommand(said.text) || (said.files ?? []).length > 0;
  if (unknown && does && (said.direct || said.addressed)) {
    turn.tell(wording.unverified(PLATFORM_NAMES[said.actor.platform]));
    return "";
  }
  if (isForPractice(turn, said)) {
    practiceReply(turn, said);
    return "";
  }
  const architecture = said.addressed || said.direct ? architectureIn(said.text, said.files) : undefined;
  if (architecture !== undefined) {
    giveArchitecture(turn, said, person, architecture);
    return "";
  }
  const inThread =
    session.status !== "none" &&
    (moduleAt(session, said.address) !== undefined || mayAnswerHere(session, person, said));
  const isCommand = said.addressed && (!inThread || isExactlyCommand(said.text));
  if (isCommand || (said.direct && session.status === "none") || (said.direct && isExactlyCommand(said.text))) {
    runCommand(turn, said.text, said.mentions, said, person);
    return "";
  }
  if (session.status === "none") return "No session in this conversation";
  if (said.direct && !inThread && !isPutHere(session, person, said)) {
    saidInDirect(turn, said, person);
    return "";
  }
  if (session.status !== "open") return "The session is over";
  takeMessage(turn, said, person);
  return "Talk: no question is put to this person here";
}

/** As many words may be a command that was misspelt. */
const AS_A_COMMAND = 2;

/** In a direct message nobody else can be meant: the nearest command, or to whole sentences, what waits for them. */
function saidInDirect(turn: Turn, said: Extract<Inbound, { kind: "message" }>, person: PersonId): void {
  const isShort = said.text.trim().split(/\s+/).length <= AS_A_COMMAND;
  if (isShort || turn.state.status !== "open") return runCommand(turn, said.text, said.mentions, said, person);
  next(turn, person);
}

function isGivenAsArchitecture(turn: Turn, edit: Extract<Inbound, { kind: "edit" }>): boolean {
  if (architectureIn(edit.text) === undefined) return false;
  const parts = Object.values(turn.state.questions).flatMap((question) => question.parts);
  return !parts.some((part) => part.messageId === edit.messageId);
}

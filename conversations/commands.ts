import { channelOf, conversationKey } from "../src/domain/address.ts";
import { identityOf, type PersonId, personId } from "../src/domain/ids.ts";
import type { Inbound, Mention } from "../src/domain/inbound.ts";
import type { Inline, Rich } from "../src/domain/message.ts";
import type { SessionRow, SessionState } from "../src/domain/session.ts";
import { draftSummary, watch } from "./asking.ts";
import { sourcesOf } from "./aws-scope.ts";
import { nameIn } from "./calendar.ts";
import { collect } from "./collecting.ts";
import { type Command, type ExportFormat, parseCommand, type Who } from "./command.ts";
import { acceptRisk, openDecision, sign, untilIn } from "./deciding.ts";
import { followCommand } from "./following.ts";
import { delegate } from "./going-back.ts";
import { nameThem, titleOf } from "./names.ts";
import { useOffers } from "./offers.ts";
import { answerByCommand } from "./on-purpose.ts";
import { openEdit, openScope } from "./opening.ts";
import { assignModule } from "./owners.ts";
import { isFacilitator } from "./permissions.ts";
import { digestCommand, meCommand, remindCommand } from "./personal.ts";
import { isPlaceGone } from "./place.ts";
import { practiceCommand } from "./practice.ts";
import { askQuotas } from "./quota-asks.ts";
import { forgetWords, planRetention } from "./retention.ts";
import { redrawScope } from "./scope.ts";
import {
  assignee,
  facilitatorAndManagers,
  isManager,
  isSettled,
  nameOf,
  openQuestionOf,
  postKeys,
  questionsInOrder,
} from "./session-queries.ts";
import { settleAll } from "./settling.ts";
import { startByCommand } from "./starting.ts";
import { announce, postOfTelling } from "./telling.ts";
import type { Turn } from "./turn.ts";
import { statusCard } from "./views/cards.ts";
import { helpCard, menuCard } from "./views/help.ts";
import { myQuestions } from "./views/mine.ts";
import { button, type ViewContext } from "./views/parts.ts";
import { whyCard } from "./views/private.ts";
import { questionIds, wording } from "./wording.ts";

/** Commands: one grammar for all platforms, answered privately unless they post a card of their own. */

/** These work without a session. */
const ANYWHERE = new Set(["start", "help", "menu", "me", "quotas", "practice", "import", "digest", "follow"]);

export function runCommand(turn: Turn, text: string, mentions: Mention[], inbound: Inbound, person: PersonId): void {
  const command = parseCommand(text, mentions);
  const call = turn.ctx.settings.command;
  if ("problem" in command) return turn.tell(command.problem);
  if ("unknown" in command) return turn.tell(wording.unknownCommand(command.unknown, command.nearest, call));
  if (turn.session.status === "none" && !ANYWHERE.has(command.name)) return withoutSession(turn, inbound, text);
  run(turn, command, inbound, person);
}

/** No session here: how to start one; in a direct chat, which one is meant. */
function withoutSession(turn: Turn, inbound: Inbound, text: string): void {
  const call = turn.ctx.settings.command;
  if (!inbound.direct) {
    const [last] = heldHere(turn, inbound);
    return turn.tell(last === undefined ? wording.noSession(call) : wording.sessionOver(last, call));
  }
  if (turn.loaded.candidates.length === 0) return turn.tell(wording.noSessionDirect(call));
  turn.say({
    summary: wording.whichSession(),
    blocks: [
      { kind: "text", text: [wording.whichSession()] },
      {
        kind: "buttons",
        buttons: turn.loaded.candidates
          .slice(0, 5)
          .map((row) => button("run", row.name, { session: row.id, arg: text })),
      },
    ],
  });
}

/** The sessions that were held in this channel and are over, newest first. */
function heldHere({ loaded }: Turn, { address }: Inbound): SessionRow[] {
  const here = conversationKey(channelOf(address));
  return loaded.candidates.filter(({ home, status }) => home === here && status !== "open");
}

function run(turn: Turn, command: Command, inbound: Inbound, person: PersonId): void {
  const view = { now: turn.ctx.now, catalogue: turn.ctx.catalogue, command: turn.ctx.settings.command };
  switch (command.name) {
    case "menu":
      return turn.say(menuCard(turn.session, view, person));
    case "start":
      return startByCommand(turn, command, inbound, person);
    case "help":
      return turn.say(helpCard(view, command.command, command.asked));
    case "me":
      return meCommand(turn, command.what, command.text, inbound);
    case "digest":
      return digestCommand(turn, command.rhythm, command, person, inbound);
    case "quotas":
      return askQuotas(turn, command.text, inbound, person);
    case "practice":
      return practiceCommand(turn, command.module, inbound);
    case "import":
      return importFile(turn, inbound, person);
    case "status":
      return status(turn, person, view);
    case "next":
      return next(turn, person);
    case "why":
      return why(turn, command.question, person);
    case "scope":
      return openScope(turn, person, view);
    case "assign":
      return assign(turn, command, inbound, person);
    case "answer":
      return answerByCommand(turn, command.question, command.text, inbound, person);
    case "evidence":
      return readEvidence(turn, inbound, person, command.module);
    case "summary":
      return summary(turn, person);
    case "follow":
      return followCommand(turn, command, inbound, person);
    case "remind":
      return remindCommand(turn, command.who, person);
    case "decide":
      return command.go === undefined
        ? openDecision(turn, person)
        : sign(turn, person, command.go, command.reason ?? "");
    case "accept":
      return acceptRisk(turn, person, command.risk, command.reason, untilIn(turn, command.reason));
    case "note":
      return addNote(turn, person, inbound.actor.name, command.text);
    case "export":
      return exportFile(turn, command.format, inbound, person);
    case "edit":
      return openEdit(turn, person);
    case "close":
    case "cancel":
      return end(turn, command.name, command.name === "cancel" ? command.reason : undefined, person);
    case "forget":
      return forget(turn, inbound, person, false);
  }
}

/** `import` with a JSON export attached; who may bring it back is decided by what stands in it. */
function importFile(turn: Turn, inbound: Inbound, person: PersonId): void {
  const files = "files" in inbound ? (inbound.files ?? []) : [];
  const file = files.find((one) => /\.json$/i.test(one.name)) ?? files[0];
  if (file === undefined) return turn.tell(wording.importHow(turn.ctx.settings.command));
  turn.want({ do: "import", person, address: inbound.address, file });
  turn.tell(wording.importing(file.name));
}

/** Where it stands, and the way on from there. */
export function status(turn: Turn, person: PersonId, view: ViewContext): void {
  const { state } = turn;
  const card = statusCard(state, view);
  if (state.status !== "open") return turn.say(card);
  const buttons = [button("next", "My questions", { session: state.id }, { style: "primary" })];
  if (person === state.facilitator || isManager(state, person)) {
    buttons.push(button("summary", "Summary", { session: state.id }));
  }
  turn.say({ ...card, blocks: [...card.blocks, { kind: "buttons", buttons }] });
}

export function revokeLinks(turn: Turn, person: PersonId): void {
  const { state } = turn;
  if (person !== state.facilitator && !isManager(state, person)) {
    return turn.tell(wording.notOneOf("withdraw the board's links", ...facilitatorAndManagers(state)));
  }
  turn.want({ do: "revoke_links" });
  turn.tell("Withdrawn. Links to the board from before open nothing; the summary and the decision carry new ones.");
}

/** A line on the timeline, which stands in the header's thread and is edited with every note. */
function addNote(turn: Turn, person: PersonId, name: string | undefined, text: string): void {
  nameThem(turn, person, name);
  turn.emit({ kind: "note_added", person, words: turn.words(text) });
  const post = postOfTelling(turn, "timeline");
  if (post === undefined) announce(turn, { what: "timeline" });
  else turn.redraw(post);
  turn.tell(wording.noteAdded());
}

export function next(turn: Turn, person: PersonId): void {
  turn.say(
    myQuestions(turn.state, person, {
      now: turn.ctx.now,
      catalogue: turn.ctx.catalogue,
      command: turn.ctx.settings.command,
    }),
  );
}

function why(turn: Turn, asked: string | undefined, person: PersonId): void {
  const questions = questionsInOrder(turn.state);
  const id = asked ?? openQuestionOf(turn.state, person)?.id ?? questions.find((one) => !isSettled(one))?.id;
  if (id === undefined) {
    const example = questions.find((one) => one.id === "R2") ?? questions[0];
    return turn.tell(`Nothing is open. Name a question: \`why ${example?.id ?? "R2"}\`.`);
  }
  if (turn.state.questions[id] === undefined) {
    return turn.tell(wording.unknownQuestion(id, questionIds(turn.state)));
  }
  turn.say(whyCard(turn.state, id, turn.ctx.catalogue));
}

export function resolve(who: Who, person: PersonId, inbound: Inbound): { person: PersonId; name: string } {
  if (who.self) return { person, name: inbound.actor.name ?? inbound.actor.user };
  const { platform, workspace } = inbound.actor;
  return { person: personId({ platform, workspace, user: who.user }), name: who.name ?? who.user };
}

/** What only the facilitator can do, and whoever has it, if somebody does. */
export function notTheirs(state: SessionState, what: string, has: PersonId | undefined): string {
  const facilitator = nameOf(state, state.facilitator);
  return has === undefined || has === state.facilitator
    ? wording.notFacilitator(what, facilitator)
    : wording.notOneOf(what, nameOf(state, has), `the facilitator, ${facilitator},`);
}

/** Nobody else reads this: where the name isn't known yet, the platform fills it in. */
function shown({ person, name }: { person: PersonId; name: string }): Inline {
  return { person, name, ...(name === identityOf(person).user ? { ping: true } : {}) };
}

function assigned(what: string, to: { person: PersonId; name: string }): Rich {
  return [`${what} now belongs to `, shown(to), "."];
}

function assign(turn: Turn, command: Extract<Command, { name: "assign" }>, inbound: Inbound, person: PersonId): void {
  const { state } = turn;
  const to = resolve(command.who, person, inbound);
  if (!command.who.self && command.who.unfit !== undefined) {
    return turn.tell(wording.cantTakePart(to.name, command.who.unfit));
  }
  switch (command.target.kind) {
    case "role": {
      if (!isFacilitator(turn, person, "hand that over")) return;
      nameThem(turn, to.person, to.name);
      if (command.target.role === "manager") {
        turn.emit({ kind: "scope_changed", scope: { managers: [...new Set([...state.scope.managers, to.person])] } });
        redrawScope(turn);
        nameIn(turn, to.person);
        if (state.decisions.at(-1)?.status === "open") watch(turn, to.person, 0);
        return turn.say(
          wording.line([shown(to), " now signs as a manager, and gets a digest each Monday when something changed."]),
        );
      }
      turn.emit({ kind: "facilitator_changed", person: to.person });
      redrawScope(turn);
      watch(turn, to.person);
      return turn.say(wording.line([shown(to), " is the facilitator now."]));
    }
    case "module": {
      const id = command.target.module;
      if (!mayAssign(turn, id, person, to.person)) return;
      assignModule(turn, id, to.person, to.name);
      return turn.say(wording.line(assigned(titleOf(turn, id), to)));
    }
    case "question": {
      const question = state.questions[command.target.question];
      if (question === undefined)
        return turn.tell(wording.unknownQuestion(command.target.question, questionIds(state)));
      if (person !== state.facilitator && person !== assignee(state, question)) {
        return turn.tell(notTheirs(state, `delegate ${question.id}`, assignee(state, question) ?? undefined));
      }
      const settled = delegate(turn, question, to.person, to.name);
      return settled === undefined ? turn.say(wording.line(assigned(question.id, to))) : turn.tell(settled);
    }
  }
}

/** A module is its owner's and the facilitator's to give; one that nobody has, anybody may take. */
export function mayAssign(turn: Turn, id: string, person: PersonId, to?: PersonId): boolean {
  const { state } = turn;
  const module = state.modules[id];
  if (module === undefined) turn.tell(wording.unknownModule(id, state.moduleOrder));
  else if (person === state.facilitator || person === module.owner || (module.owner === undefined && to === person)) {
    return true;
  } else turn.tell(notTheirs(state, `assign ${titleOf(turn, id)}`, module.owner));
  return false;
}

function readEvidence(turn: Turn, inbound: Inbound, person: PersonId, module: string | undefined): void {
  const { aws } = turn.ctx.settings;
  if (!isFacilitator(turn, person, "read AWS again")) return;
  if (!aws.on) return turn.tell(wording.awsOff(aws.why));
  if (turn.state.scope.accounts.length === 0 || turn.state.scope.regions.length === 0) {
    return turn.tell("The Scope has no AWS account or no Region yet, so there is nothing to read. Fill them in first.");
  }
  if (module !== undefined && turn.state.modules[module] === undefined) {
    return turn.tell(wording.unknownModule(module, turn.state.moduleOrder));
  }
  const sources = module === undefined ? undefined : sourcesOf(turn.ctx.catalogue, module);
  if (module !== undefined && sources?.length === 0) {
    return turn.tell(`AWS has nothing to say about ${titleOf(turn, module)}: its questions are for people.`);
  }
  const asked = { person, address: inbound.address };
  collect(turn, { ...(sources === undefined ? {} : { sources }), fresh: true, asked });
  turn.tell(wording.evidenceStarted());
}

function summary(turn: Turn, person: PersonId): void {
  if (!(person === turn.state.facilitator || isManager(turn.state, person))) {
    const latest = turn.state.summaries.at(-1);
    if (latest !== undefined) return turn.tell("The newest summary stands in the channel.");
    return turn.tell(wording.notOneOf("ask for a summary", ...facilitatorAndManagers(turn.state)));
  }
  if (isPlaceGone(turn.state)) return turn.tell(wording.summaryNowhere(turn.state.name));
  draftSummary(turn);
  turn.tell("Writing the summary. It appears in the channel.");
}

const FORMAT_NAMES: Record<ExportFormat, string> = {
  md: "Markdown",
  json: "JSON",
  csv: "CSV",
  lens: "Well-Architected lens",
  terraform: "Terraform",
};

function exportFile(turn: Turn, format: ExportFormat, inbound: Inbound, person: PersonId): void {
  if (!(person === turn.state.facilitator || isManager(turn.state, person))) {
    return turn.tell(wording.notOneOf("export the session", ...facilitatorAndManagers(turn.state)));
  }
  turn.want({ do: "file", person, format, address: inbound.address });
  // In Teams the file, or the way to it, comes where it was asked for.
  if (inbound.address.platform === "teams") return;
  turn.tell(`The ${FORMAT_NAMES[format]} export comes to your direct messages.`);
}

function end(turn: Turn, how: "close" | "cancel", reason: string | undefined, person: PersonId): void {
  if (!isFacilitator(turn, person, `${how} the session`)) return;
  const { state } = turn;
  if (state.status !== "open") return turn.tell(wording.sessionOver(state, turn.ctx.settings.command));
  settleAll(turn);
  if (how === "close") turn.emit({ kind: "session_closed" });
  else {
    turn.emit({ kind: "session_cancelled", ...(reason === undefined ? {} : { reason: turn.words(reason) }) });
  }
  planRetention(turn);
  for (const question of questionsInOrder(state)) {
    if (question.askedOf !== null) turn.want({ do: "cancel", key: `settle:${state.id}:${question.askedOf}` });
  }
  redrawScope(turn);
  for (const post of Object.values(turn.state.posts)) if (post.kind !== "summary") turn.redraw(post.key);
  announce(turn, { what: "ended" });
  turn.tell(how === "close" ? wording.closed(state.name) : wording.cancelled(state.name));
}

/** Asked twice, since it can't be undone. */
export function forget(turn: Turn, _inbound: Inbound, person: PersonId, sure: boolean): void {
  const { state } = turn;
  if (person !== state.facilitator && !isManager(state, person)) {
    return turn.tell(wording.notOneOf("erase the words", ...facilitatorAndManagers(state)));
  }
  if (!sure) {
    return turn.say({
      summary: `Erase every word people wrote in "${state.name}"?`,
      blocks: [
        {
          kind: "text",
          text: [
            `This erases every word people wrote in "${state.name}", for good. Who answered, when, and what was signed stays.`,
          ],
        },
        {
          kind: "buttons",
          buttons: [button("forget", "Erase the words", { session: state.id }, { style: "danger" })],
        },
      ],
    });
  }
  forgetWords(turn);
  turn.tell(wording.forgotten(state.name));
}

/** "I'll take this": the module gets its owner, and what they said there before counts. */
export function claim(turn: Turn, module: string, person: PersonId, name: string | undefined): void {
  const { state } = turn;
  const owner = state.modules[module]?.owner;
  if (state.modules[module] === undefined) return turn.tell(wording.staleCard());
  if (owner === person) return turn.tell(wording.taken(titleOf(turn, module)));
  if (owner !== undefined) return turn.tell(wording.alreadyTaken(titleOf(turn, module), nameOf(state, owner)));
  assignModule(turn, module, person, name);
  const used = useOffers(turn, person, module);
  const open = openQuestionOf(turn.state, person);
  if (used) turn.tell(`${titleOf(turn, module)} is yours, and what you said there is recorded as your answer.`);
  else if (open !== undefined && open.module !== module) turn.tell(wording.takenOther(titleOf(turn, module), open.id));
  else turn.tell(wording.taken(titleOf(turn, module)));
  turn.redraw(postKeys.module(module));
}

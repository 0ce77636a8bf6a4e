import type { PersonId } from "../src/domain/ids.ts";
import type { Inbound } from "../src/domain/inbound.ts";
import type { QuestionState } from "../src/domain/session.ts";
import { answerForms } from "./answer-forms.ts";
import { askNext, nextFor } from "./asking.ts";
import { stillSo } from "./carry-over.ts";
import { claim, forget, mayAssign, next, revokeLinks, runCommand, status } from "./commands.ts";
import { confirm, reread } from "./confirming.ts";
import { acceptRisk, answerCondition, openDecision, sign, untilIn } from "./deciding.ts";
import { text } from "./field-values.ts";
import { delegate, goBack, setAside, settledAlready } from "./going-back.ts";
import { isSuggestionAction, onSuggestion, SUGGESTION_PREFIX } from "./intake.ts";
import { endLink, joinLink } from "./linking.ts";
import { editSession } from "./name-and-date.ts";
import { titleOf } from "./names.ts";
import { endsItsOffer, useOffer, useOffers } from "./offers.ts";
import { mayAct, refuse, replaceableText, takeOnPurpose } from "./on-purpose.ts";
import { openAccept, openEdit, openNoGo, openOwners, openReview, openScope, openStart } from "./opening.ts";
import { assignModule, changeOwners } from "./owners.ts";
import { isFacilitator } from "./permissions.ts";
import { changeMe, snooze } from "./personal.ts";
import { PRACTICE_PREFIX, practicePressed, practiceSubmitted } from "./practice.ts";
import { filePressed, raisePressed } from "./quota-asks.ts";
import { recordChosen } from "./recording.ts";
import { scaledDown, takeReview } from "./reviewing.ts";
import { changeScope } from "./scope.ts";
import {
  assignee,
  isBeingAnswered,
  isSettled,
  lastSettledBy,
  nameOf,
  openQuestionOf,
  questionsOf,
  waitsElsewhere,
} from "./session-queries.ts";
import { settleWithout, skip } from "./settling.ts";
import { startByForm } from "./starting.ts";
import type { Turn } from "./turn.ts";
import { unfitAt } from "./unfit.ts";
import { confirmCard } from "./views/confirm.ts";
import { answerForm, delegateForm, handOverForm, notApplicableForm } from "./views/forms.ts";
import { meForm } from "./views/home.ts";
import { whyCard } from "./views/private.ts";
import { wording } from "./wording.ts";

/** Buttons and submitted forms. Each carries its session, question and version; an older version is answered politely. */

type Action = Extract<Inbound, { kind: "action" }>;
type Submission = Extract<Inbound, { kind: "form" }>;

export function pressed(turn: Turn, action: Action, person: PersonId): void {
  onButton(turn, action, person);
  if (endsItsOffer(action.action)) turn.endOffer();
}

/** A form that opened too late comes back as a button: its action is the form's id, its value the form's own context. */
function onButton(turn: Turn, action: Action, person: PersonId): void {
  const { value } = action;
  if (action.action === "start" && value.arg !== "edit") return openStart(turn, action, value.arg);
  if (action.action === "me") {
    return turn.reply({
      kind: "form",
      form: meForm(turn.person, turn.person.zone ?? turn.ctx.settings.zone, turn.ctx.now),
    });
  }
  if (action.action === "run") return runCommand(turn, value.arg ?? "", [], action, person);
  if (action.action.startsWith("practice_") || value.arg?.startsWith(PRACTICE_PREFIX))
    return practicePressed(turn, action);
  if (action.action === "link") return joinLink(turn, action);
  if (action.action === "unlink") return endLink(turn, action);
  if (action.action === "raise") return raisePressed(turn, action, person);
  if (action.action === "file_increase") return filePressed(turn, action, person);
  if (turn.session.status === "none") {
    // Whatever belongs to a session names it.
    const { command } = turn.ctx.settings;
    return turn.tell(value.session === undefined ? wording.unknownButton(command) : wording.staleCard());
  }
  if (value.question !== undefined) return onQuestion(turn, action, value.question, person);
  onSession(turn, action, person);
}

function onSession(turn: Turn, action: Action, person: PersonId): void {
  const { state } = turn;
  const { value } = action;
  const view = viewOf(turn);
  const open = state.status === "open";
  switch (action.action) {
    case "next":
      return next(turn, person);
    case "status":
      return status(turn, person, view);
    case "revoke_links":
      return revokeLinks(turn, person);
    case "scope":
      return value.arg === "owners" ? openOwners(turn, person, view) : openScope(turn, person, view);
    case "owners":
      return openOwners(turn, person, view);
    case "summary":
      return runCommand(turn, "summary", [], action, person);
    case "export":
      return runCommand(turn, `export ${value.arg ?? "md"}`, [], action, person);
    case "forget":
      return forget(turn, action, person, true);
    case "snooze":
      return snooze(turn, value);
    case "show_confirm":
      return turn.say(confirmCard(state, value.module ?? "", view));
  }
  if (!open) return turn.tell(wording.sessionOver(state, turn.ctx.settings.command));
  switch (action.action) {
    case "claim":
      return claim(turn, value.module ?? "", person, action.actor.name);
    case "take":
      return take(turn, value.module ?? "", value.arg ?? "", person, action.actor.name);
    case "delegate":
      if (!mayAssign(turn, value.module ?? "", person)) return;
      return turn.reply({ kind: "form", form: handOverForm(state, value.module ?? "", view) });
    case "not_me":
      return turn.tell("Fine. What you said is kept, and counts if you take the module later.");
    case "confirm":
      return confirm(turn, action, person);
    case "reread":
      return reread(turn, value.module ?? "", person);
    case "decide":
      return value.arg === "no-go" ? openNoGo(turn, person) : openDecision(turn, person);
    case "go":
      return stale(turn, value.version) ? turn.tell(wording.staleCard()) : sign(turn, person, true, "");
    case "no_go":
      return stale(turn, value.version) ? turn.tell(wording.staleCard()) : openNoGo(turn, person);
    case "condition":
      return answerCondition(turn, person, value.arg ?? "");
    case "scaled_down":
      return scaledDown(turn, person);
    case "start":
      return openEdit(turn, person);
    case "review":
      return openReview(turn, person);
    case "answer":
      return value.arg === "review" ? openReview(turn, person) : turn.tell(wording.staleCard());
    case "accept":
      return openAccept(turn, person, value.arg);
    default:
      return turn.tell(wording.unknownButton(turn.ctx.settings.command));
  }
}

function stale(turn: Turn, version: number | undefined): boolean {
  return version !== undefined && version !== turn.state.decisions.at(-1)?.version;
}

/** These have a meaning on a question that is settled; anything else came from a card of before. */
const ON_SETTLED: ReadonlySet<string> = new Set(["answer", "undo", "propose_fix"]);

function isTooLate({ action, value }: Action, question: QuestionState): boolean {
  if (!isSettled(question)) return false;
  // What is put off may also be an acceptance, which names its question.
  if (action === "snooze") return (value.arg ?? "1:question").endsWith(":question");
  return !ON_SETTLED.has(action) || (action === "answer" && value.arg === "n/a");
}

function onQuestion(turn: Turn, action: Action, id: string, person: PersonId): void {
  const { state } = turn;
  const { value } = action;
  const question = state.questions[id];
  if (question === undefined) return turn.tell(wording.staleQuestion(id));
  if (action.action === "why") return turn.say(whyCard(state, id, turn.ctx.catalogue));
  if (state.status !== "open") return turn.tell(wording.sessionOver(state, turn.ctx.settings.command));
  if (action.action === "use_as_answer") {
    return useOffer(turn, value.arg ?? "") ? turn.tell(wording.recorded(id)) : turn.tell(wording.offerGone());
  }
  if (isTooLate(action, question)) return turn.tell(settledAlready(state, question));
  if (action.action === "snooze") return snooze(turn, value);
  if (value.version !== undefined && value.version !== question.version) return turn.tell(wording.staleQuestion(id));
  const may = mayAct(turn, question, person);
  if (isSuggestionAction(action.action)) {
    return may ? onSuggestion(turn, action, question, person) : refuse(turn, question);
  }
  switch (action.action) {
    case "answer": {
      if (value.arg === "n/a") return onQuestion(turn, { ...action, action: "not_applicable" }, id, person);
      if (value.arg?.startsWith(SUGGESTION_PREFIX)) {
        const arg = value.arg.slice(SUGGESTION_PREFIX.length);
        return onQuestion(turn, { ...action, action: "edit_suggestion", value: { ...value, arg } }, id, person);
      }
      const typed = action.inputs.answer;
      if (typed === undefined) {
        const said = replaceableText(turn, question, person);
        return turn.reply({ kind: "form", form: answerForm(state, question, viewOf(turn), { said, confirms: may }) });
      }
      const came = takeOnPurpose(turn, question, text(typed), action, person);
      if (came === "empty") return turn.tell(text(typed) === "" ? wording.emptyAnswer() : wording.noWordsInIt());
      if (came === "recorded") turn.tell(wording.recorded(id));
      return;
    }
    case "still_so":
      return stillSo(turn, question, action, person);
    case "delegate":
      if (!may) return refuse(turn, question);
      return turn.reply({ kind: "form", form: delegateForm(state, question, viewOf(turn)) });
    case "not_applicable":
      if (!may) return refuse(turn, question);
      return turn.reply({ kind: "form", form: notApplicableForm(state, question) });
    case "skip":
      if (!may) return refuse(turn, question);
      if (isSettled(question)) return turn.tell(wording.staleQuestion(id));
      skip(turn, question, person);
      return;
    case "undo":
      if (question.settledBy !== person && !may) return refuse(turn, question);
      if (goBack(turn, person, id)) return;
      return turn.tell(
        lastSettledBy(state, person) === undefined ? wording.nothingToUndo() : wording.staleQuestion(id),
      );
    case "record_for":
      return recordChosen(turn, question, value.arg ?? "", action, person);
    case "later":
      if (!may) return refuse(turn, question);
      return anotherFirst(turn, question, person);
    default:
      return turn.tell(wording.unknownButton(turn.ctx.settings.command));
  }
}

/** "Another module first": this one later, the most urgent of another module now. */
function anotherFirst(turn: Turn, question: QuestionState, person: PersonId): void {
  const whose = question.askedOf ?? person;
  if (!waitsElsewhere(turn.state, question, whose)) return turn.tell(wording.noOtherModule());
  for (const other of questionsOf(turn.state, question.module)) {
    const mine = other.id !== question.id && assignee(turn.state, other) === whose;
    if (mine && other.status === "waiting") setAside(turn, other, false);
  }
  // What was said to it counts; only what wasn't answered comes later.
  if (isBeingAnswered(question)) return settleWithout(turn, question, whose);
  if (assignee(turn.state, question) === whose) setAside(turn, question, false);
  if (nextFor(turn.state, whose, turn) !== undefined) askNext(turn);
}

/** "Yes" to "Take ⟨module⟩ and use this as your answer?" */
function take(turn: Turn, module: string, messageId: string, person: PersonId, name: string | undefined): void {
  if (turn.state.modules[module] === undefined) return turn.tell(wording.staleCard());
  const { owner } = turn.state.modules[module];
  if (owner !== undefined && owner !== person) {
    return turn.tell(wording.alreadyTaken(titleOf(turn, module), nameOf(turn.state, owner)));
  }
  if (owner === undefined) assignModule(turn, module, person, name);
  if (!useOffers(turn, person, module) && !useOffer(turn, messageId)) {
    const open = openQuestionOf(turn.state, person);
    return turn.tell(open === undefined ? wording.offerGone() : wording.taken(titleOf(turn, module)));
  }
  turn.tell(`${titleOf(turn, module)} is yours, and what you said is recorded as your answer.`);
}

function handOverModule(turn: Turn, module: string, person: PersonId, to: PersonId, name: string | undefined): void {
  if (!mayAssign(turn, module, person, to)) return;
  assignModule(turn, module, to, name ?? nameOf(turn.state, to));
  turn.tell(wording.assigned(titleOf(turn, module), nameOf(turn.state, to)));
}

export function submitted(turn: Turn, form: Submission, person: PersonId): void {
  if (form.context.arg?.startsWith(PRACTICE_PREFIX)) return practiceSubmitted(turn, form);
  if (form.form === "me") return changeMe(turn, form.values);
  if (form.form === "start" && form.context.arg !== "edit")
    return startByForm(turn, form, person, form.values, form.context.arg);
  if (turn.session.status === "none") return turn.tell(wording.staleCard());
  const { state } = turn;
  if (state.status !== "open") return turn.tell(wording.sessionOver(state, turn.ctx.settings.command));
  const names = form.names ?? {};
  const refused = unfitAt(state, form);
  if (Object.keys(refused).length > 0) return turn.reply({ kind: "errors", errors: refused });
  switch (form.form) {
    case "start":
      if (!isFacilitator(turn, person, "edit the session")) return;
      return editSession(turn, form.values);
    case "scope":
      return form.context.arg === "owners"
        ? changeOwners(turn, form.values, names, person)
        : changeScope(turn, form.values, names, { person, platform: form.actor.platform });
    case "answer":
      if (form.context.arg === "review") return takeReview(turn, person, form.actor.name, form.values);
      return answerForms(turn, form, person);
    case "delegate": {
      const question = state.questions[form.context.question ?? ""];
      const { module } = form.context;
      const to = text(form.values.person);
      if (question === undefined && module === undefined) return turn.tell(wording.staleCard());
      if (to === "") return turn.reply({ kind: "errors", errors: { person: "Pick who should answer it." } });
      if (question === undefined) return handOverModule(turn, module ?? "", person, to, names[to]);
      if (!mayAct(turn, question, person)) return refuse(turn, question);
      const settled = delegate(turn, question, to, names[to] ?? nameOf(state, to));
      return settled === undefined ? undefined : turn.tell(settled);
    }
    case "accept": {
      const reason = text(form.values.reason);
      if (!/[\p{L}\p{N}]/u.test(reason))
        return turn.reply({ kind: "errors", errors: { reason: wording.acceptNeedsReason() } });
      return acceptRisk(turn, person, text(form.values.risk), reason, text(form.values.until) || untilIn(turn, reason));
    }
    case "decide":
      return sign(turn, person, form.context.arg === "go", text(form.values.reason));
  }
}

export function viewOf(turn: Turn) {
  return { now: turn.ctx.now, catalogue: turn.ctx.catalogue, command: turn.ctx.settings.command };
}

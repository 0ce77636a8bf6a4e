import type { PersonId } from "../src/domain/ids.ts";
import type { Inbound } from "../src/domain/inbound.ts";
import type { QuestionState } from "../src/domain/session.ts";
import { redrawQuestion } from "./asking.ts";
import { ticksOf } from "./confirming.ts";
import { text } from "./field-values.ts";
import { settledAlready } from "./going-back.ts";
import { decidedInForm, SUGGESTION_FIELD, SUGGESTION_PREFIX } from "./intake.ts";
import { takeTicks } from "./model-reading.ts";
import { answerAnew, mayAct, refuse, replaceableText, takeOnPurpose } from "./on-purpose.ts";
import { answerText, isSettled, liveParts, postKeys } from "./session-queries.ts";
import { notApplicable, settleWithout } from "./settling.ts";
import type { Turn } from "./turn.ts";
import { wording } from "./wording.ts";

/** The forms of one question: its answer with its choices, why it doesn't apply, what an architecture suggests. */

type Submission = Extract<Inbound, { kind: "form" }>;

export function answerForms(turn: Turn, form: Submission, person: PersonId): void {
  const question = turn.state.questions[form.context.question ?? ""];
  if (question === undefined) return turn.tell(wording.staleCard());
  if (form.context.arg === "n/a") {
    if (!mayAct(turn, question, person)) return refuse(turn, question);
    // Somebody else's answer is coming in: it counts, and isn't put aside with a reason.
    if (question.status === "settling" && liveParts(question).some((part) => part.by !== person)) {
      settleWithout(turn, question, person);
    }
    const now = turn.state.questions[question.id] ?? question;
    if (isSettled(now)) return turn.tell(settledAlready(turn.state, now));
    const reason = text(form.values.reason);
    if (reason === "")
      return turn.reply({ kind: "errors", errors: { reason: "Say in a few words why it doesn't apply." } });
    return notApplicable(turn, question, person, reason);
  }
  if (form.context.arg?.startsWith(SUGGESTION_PREFIX)) {
    if (!decideInForm(turn, question, form, person)) return;
  } else if (!answerInForm(turn, question, form, person)) return;
  const ticked = ticksIn(form);
  if (ticked.length === 0) return;
  if (!mayAct(turn, question, person)) takeTicks(turn, question.id, ticked, person);
  else {
    const own = new Set(turn.ctx.catalogue.question(question.id)?.choices.map((choice) => choice.id) ?? []);
    turn.emit({ kind: "choices_confirmed", question: question.id, choices: ticked.filter((id) => own.has(id)) });
    redrawQuestion(turn, question.id);
    turn.redraw(postKeys.confirm(question.module));
    turn.redraw(postKeys.header);
  }
}

/** What the form's box says takes the place of what it showed. Whether there is more to do with the form. */
function answerInForm(turn: Turn, question: QuestionState, form: Submission, person: PersonId): boolean {
  const before = replaceableText(turn, question, person).trim();
  const typed = text(form.values.answer);
  if (typed !== "" && typed === before) return true;
  if (typed === "" && answerText(question) !== "") {
    // Beside ticks an empty field says nothing about words that are there; what is too long for a platform's field isn't
    // shown in it, and then doesn't come back at all.
    if (ticksIn(form).length > 0) return true;
    if (form.values.answer === undefined) {
      turn.tell(wording.answerKept(question.id));
      return false;
    }
  }
  // Opened before somebody else's words were theirs alone to change: only what was added is new.
  const all = answerText(question).trim();
  const added = before !== all && all !== "" && typed.startsWith(all) ? typed.slice(all.length).trim() : typed;
  if (added === "" && typed !== "") return true;
  const came = takeOnPurpose(turn, question, added, form, person);
  if (came === "empty") turn.reply({ kind: "errors", errors: { answer: wording.emptyAnswer() } });
  return came === "recorded";
}

/** Decides on what an architecture suggests; the words are the form's own, so nothing in them is an instruction. */
function decideInForm(turn: Turn, question: QuestionState, form: Submission, person: PersonId): boolean {
  const each = Object.keys(form.values).some((name) => name.startsWith(SUGGESTION_FIELD));
  if (!each && !/[\p{L}\p{N}]/u.test(text(form.values.answer))) {
    turn.reply({ kind: "errors", errors: { answer: wording.emptyAnswer() } });
    return false;
  }
  if (!mayAct(turn, question, person)) {
    refuse(turn, question);
    return false;
  }
  const words = decidedInForm(turn, question, form.values, person);
  if (words === undefined) return false;
  if (words !== answerText(question).trim())
    answerAnew(turn, turn.state.questions[question.id] ?? question, words, form, person);
  return true;
}

function ticksIn(form: Submission): string[] {
  return ticksOf(form.values, "choices") ?? [];
}

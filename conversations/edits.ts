import type { PersonId, QuestionId } from "../src/domain/ids.ts";
import type { Inbound } from "../src/domain/inbound.ts";
import type { QuestionState, SessionState } from "../src/domain/session.ts";
import { askNext, redrawQuestion } from "./asking.ts";
import { refOf } from "./going-back.ts";
import { receiptLane } from "./lanes.ts";
import { assignee, liveParts, postKeys } from "./session-queries.ts";
import { settleAgain } from "./settling.ts";
import type { Turn } from "./turn.ts";

/** Messages that people edit or delete: answers are revised and withdrawn, and the history is kept. */

/** Somebody edited a message: if it is part of an answer, the answer is revised and the history kept. */
export function takeEdit(turn: Turn, edit: Extract<Inbound, { kind: "edit" }>, person: PersonId): void {
  const question = questionWithPart(turn.state, edit.messageId);
  if (question === undefined) {
    if (mayStillCome(turn.state, edit.messageId, person)) {
      turn.emit({
        kind: "early_change_kept",
        messageId: edit.messageId,
        words: turn.words(edit.text),
        changedAt: edit.editedAt,
      });
    }
    return;
  }
  const part = question.parts.find((one) => one.messageId === edit.messageId);
  if (part === undefined || part.withdrawn || part.by !== person) return;
  if (part.editedAt !== undefined && part.editedAt >= edit.editedAt) return;
  if (part.words.text === edit.text) return;
  turn.emit({
    kind: "answer_part_revised",
    question: question.id,
    messageId: edit.messageId,
    words: turn.words(edit.text),
    editedAt: edit.editedAt,
  });
  changed(turn, question.id, person);
}

/** Somebody deleted a message: its part of an answer is withdrawn, and an answer without words is open again. */
export function takeDeletion(turn: Turn, messageId: string, person: PersonId | undefined): void {
  const question = questionWithPart(turn.state, messageId);
  if (question === undefined) {
    if (mayStillCome(turn.state, messageId, person)) {
      turn.emit({ kind: "early_change_kept", messageId, words: null, changedAt: Number.MAX_SAFE_INTEGER });
    }
    return;
  }
  const part = question.parts.find((one) => one.messageId === messageId);
  if (part === undefined || part.withdrawn) return;
  // A receipt that waits for its turn has no message to stand on any more.
  turn.want({ do: "cancel", key: receiptLane(refOf(turn.state, question, messageId, part.sentAt)) });
  turn.emit({ kind: "answer_part_withdrawn", question: question.id, messageId });
  changed(turn, question.id, person);
}

export function changed(turn: Turn, id: QuestionId, person: PersonId | undefined): void {
  const question = turn.state.questions[id];
  if (question === undefined) return;
  if (question.status === "answered" && liveParts(question).length === 0) {
    turn.emit({ kind: "answer_reopened", question: id, why: "withdrawn" });
    redrawQuestion(turn, id);
    turn.redraw(postKeys.header);
    turn.redraw(postKeys.confirm(question.module));
    askNext(turn);
  } else if (question.status === "answered") {
    settleAgain(turn, id, question.settledBy ?? person ?? turn.state.facilitator);
  } else if (question.status === "open" || question.status === "settling") redrawQuestion(turn, id);
}

function questionWithPart(state: SessionState, messageId: string): QuestionState | undefined {
  return Object.values(state.questions).find((question) => question.parts.some((part) => part.messageId === messageId));
}

/** A change is kept for a message that may be on its way: held, offered, or from somebody who is being asked. */
function mayStillCome(state: SessionState, messageId: string, person: PersonId | undefined): boolean {
  if (state.held.some((held) => held.message.messageId === messageId)) return true;
  if (state.offered.some((offered) => offered.message.messageId === messageId)) return true;
  return (
    person === undefined || Object.values(state.questions).some((question) => assignee(state, question) === person)
  );
}

import type { PersonId, Platform, QuestionId } from "../domain/ids.ts";
import type { SessionState } from "../domain/session.ts";
import type { SessionEvent } from "../domain/session-event.ts";
import type { Words } from "../domain/words.ts";
import type { ExportedAnswer } from "./export-schema.ts";

type Piece = { messageId: string; sentAt: number; words: Words };
type Draft = { pieces: Map<string, Piece>; by: PersonId; at: string; platform: Platform };

/**
 * The answers of a question, oldest first, from its events: an answer is never changed, so every edit, deletion and
 * second attempt ends one and begins the next, which names the one it replaces. A message more before the next
 * question stands is part of the same answer.
 */
export function answersOf(
  state: SessionState,
  question: QuestionId,
  events: readonly SessionEvent[],
): ExportedAnswer[] {
  const answers: ExportedAnswer[] = [];
  let draft: Draft | undefined;
  let reopened: "anew" | "further" | undefined;
  const close = (): void => {
    if (!draft || draft.pieces.size === 0) return;
    const pieces = [...draft.pieces.values()].sort(
      (a, b) => a.sentAt - b.sentAt || (a.messageId < b.messageId ? -1 : 1),
    );
    const forgotten = pieces.some((piece) => piece.words.text === null);
    answers.push({
      id: `${question}-${answers.length + 1}`,
      text: forgotten ? null : pieces.map((piece) => piece.words.text).join("\n"),
      by: named(state, draft.by),
      at: draft.at,
      platform: draft.platform,
      messageIds: pieces.map((piece) => piece.messageId),
      replaces: answers.at(-1)?.id ?? null,
      withdrawn: true,
    });
  };
  const next = (at: string): Draft | undefined => {
    close();
    return draft && { ...draft, pieces: new Map(draft.pieces), at };
  };
  for (const event of events) {
    if (!("question" in event) || event.question !== question) continue;
    switch (event.kind) {
      case "answer_part_recorded": {
        if (reopened === "anew") {
          close();
          draft = undefined;
        } else if (reopened === "further") close();
        reopened = undefined;
        const { messageId, sentAt, words, platform, person, at } = event;
        const pieces = new Map(draft?.pieces);
        pieces.set(messageId, { messageId, sentAt, words });
        draft = { pieces, by: person, at, platform };
        break;
      }
      case "answer_part_revised": {
        draft = next(event.at);
        const piece = draft?.pieces.get(event.messageId);
        if (piece) draft?.pieces.set(event.messageId, { ...piece, words: event.words });
        break;
      }
      case "answer_part_withdrawn":
        draft = next(event.at);
        draft?.pieces.delete(event.messageId);
        break;
      case "answer_reopened":
        // Undo takes the words back; otherwise they stand, and what is said now is added to them.
        reopened = event.why === "undo" ? "anew" : "further";
        break;
      default:
        break;
    }
  }
  const last = draft && draft.pieces.size > 0 && reopened !== "anew";
  close();
  return answers.map((answer, index) => ({ ...answer, withdrawn: !(last && index === answers.length - 1) }));
}

export function named(state: SessionState, person: PersonId): { id: string; name: string } {
  return { id: person, name: state.people[person]?.name ?? person.split(":").slice(2).join(":") };
}

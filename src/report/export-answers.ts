import type { PersonId, Platform, QuestionId } from "../domain/ids.ts";
import type { SessionState } from "../domain/session.ts";
import type { SessionEvent } from "../domain/session-event.ts";
import type { Words } from "../domain/words.ts";
import type { ExportedAnswer } from "./export-schema.ts";

type Piece = { messageId: string; sentAt: number; words: Words };
/** One wording of one person's answer. */
type Wording = {
  id: string;
  pieces: Piece[];
  by: PersonId;
  at: string;
  platform: Platform;
  replaces: string | null;
  withdrawn: boolean;
};

/**
 * The answers of a question, oldest first, from its events: an answer is never changed, so every edit, deletion and
 * second attempt ends one and begins the next, which names the one it replaces. A message more before the next
 * question stands is part of the same answer; what somebody else adds is an answer of their own beside it.
 */
export function answersOf(
  state: SessionState,
  question: QuestionId,
  events: readonly SessionEvent[],
): ExportedAnswer[] {
  const answers: Wording[] = [];
  let reopened: "anew" | "further" | undefined;
  /** What was taken back whole, and nothing has taken its place yet. */
  let vacant: Wording[] = [];
  const standing = () => answers.filter((answer) => !answer.withdrawn);
  const begin = (wording: Omit<Wording, "id" | "withdrawn">): void => {
    answers.push({ id: `${question}-${answers.length + 1}`, withdrawn: false, ...wording });
  };
  const replace = (old: Wording, pieces: Piece[], at: string): void => {
    old.withdrawn = true;
    if (pieces.length === 0) vacant.push(old);
    else begin({ pieces, by: old.by, at, platform: old.platform, replaces: old.id });
  };
  const withPart = (messageId: string) =>
    standing().find((answer) => answer.pieces.some((piece) => piece.messageId === messageId));
  for (const event of events) {
    if (!("question" in event) || event.question !== question) continue;
    switch (event.kind) {
      case "answer_part_recorded": {
        if (reopened === "anew") for (const answer of standing()) replace(answer, [], event.at);
        const { messageId, sentAt, words, platform, person: by, at } = event;
        const piece = { messageId, sentAt, words };
        const last = standing().at(-1);
        if (last?.by !== by) {
          const before = vacant.findLast((answer) => answer.by === by || last === undefined);
          vacant = vacant.filter((answer) => answer !== before && last !== undefined);
          begin({ pieces: [piece], by, at, platform, replaces: before?.id ?? null });
        } else if (reopened === "further") {
          replace(last, [...last.pieces, piece], at);
        } else {
          last.pieces = [...last.pieces.filter((one) => one.messageId !== messageId), piece];
          last.at = at;
        }
        reopened = undefined;
        break;
      }
      case "answer_part_revised": {
        const { messageId, words, at } = event;
        const answer = withPart(messageId);
        if (answer === undefined) break;
        const pieces = answer.pieces.map((piece) => (piece.messageId === messageId ? { ...piece, words } : piece));
        replace(answer, pieces, at);
        break;
      }
      case "answer_part_withdrawn": {
        const answer = withPart(event.messageId);
        if (answer === undefined) break;
        const left = answer.pieces.filter((piece) => piece.messageId !== event.messageId);
        replace(answer, left, event.at);
        break;
      }
      case "answer_reopened":
        // Undo takes the words back; otherwise they stand, and what is said now is added to them.
        reopened = event.why === "undo" ? "anew" : "further";
        break;
      default:
        break;
    }
  }
  return answers.map((answer) => exported(state, answer, reopened === "anew"));
}

function exported(state: SessionState, answer: Wording, takenBack: boolean): ExportedAnswer {
  const { id, by, at, platform, replaces, withdrawn } = answer;
  const pieces = answer.pieces.toSorted((a, b) => a.sentAt - b.sentAt || (a.messageId < b.messageId ? -1 : 1));
  const forgotten = pieces.some((piece) => piece.words.text === null);
  return {
    id,
    text: forgotten ? null : pieces.map((piece) => piece.words.text).join("\n"),
    by: named(state, by),
    at,
    platform,
    messageIds: pieces.map((piece) => piece.messageId),
    replaces,
    withdrawn: withdrawn || takenBack,
  };
}

export function named(state: SessionState, person: PersonId): { id: string; name: string } {
  return { id: person, name: state.people[person]?.name ?? person.split(":").slice(2).join(":") };
}

import { conversationKey } from "../src/domain/address.ts";
import type { QuestionState, SessionState } from "../src/domain/session.ts";
import type { SessionEvent } from "../src/domain/session-event.ts";
import type { Words } from "../src/domain/words.ts";
import {
  hasWordsBeside,
  lastWordsOf,
  partBy,
  platformOf,
  sat,
  withoutFollowUp,
  withPart,
  withQuestion,
} from "./evolve-pieces.ts";

type ReplyEvent = Extract<
  SessionEvent,
  {
    kind:
      | "reply_held"
      | "reply_released"
      | "reply_offered"
      | "offer_ended"
      | "answer_part_recorded"
      | "answer_part_revised"
      | "answer_part_withdrawn"
      | "early_change_kept";
  }
>;

/** What becomes of what people write: held, offered, or part of an answer. */
export function evolveReplies(state: SessionState, event: ReplyEvent): SessionState {
  switch (event.kind) {
    case "reply_held":
      return {
        ...state,
        held: [
          ...state.held,
          {
            person: event.person,
            conversation: conversationKey(event.message.address),
            message: event.message,
            platform: event.platform,
            at: event.at,
            words: event.words,
            ...(event.mentions === undefined ? {} : { mentions: event.mentions }),
          },
        ],
      };
    case "reply_released":
      return { ...state, held: state.held.filter((held) => held.message.messageId !== event.messageId) };
    case "reply_offered":
      return {
        ...state,
        offered: [
          ...state.offered.filter((offer) => offer.message.messageId !== event.offer.message.messageId),
          { ...event.offer, at: event.at },
        ],
      };
    case "offer_ended":
      return { ...state, offered: state.offered.filter((offer) => offer.message.messageId !== event.messageId) };
    case "answer_part_recorded":
      return withPart(sat(state, event.person, event.at), event);
    case "answer_part_revised":
      return withQuestion(state, event.question, (question) => ({
        ...question,
        parts: question.parts.map((part) => {
          if (part.messageId !== event.messageId) return part;
          return { ...part, words: event.words, editedAt: event.editedAt };
        }),
        history: [...question.history, changeOf(question, event, event.words)],
      }));
    case "answer_part_withdrawn":
      return withQuestion(state, event.question, (question) => ({
        ...(hasWordsBeside(question, event.messageId) ? question : withoutFollowUp(question)),
        status: question.status === "settling" && !hasWordsBeside(question, event.messageId) ? "open" : question.status,
        parts: question.parts.map((part) =>
          part.messageId === event.messageId ? { ...part, withdrawn: true as const } : part,
        ),
        history: [...question.history, changeOf(question, event, null)],
      }));
    case "early_change_kept": {
      const before = state.early[event.messageId];
      if (before !== undefined && before.at > event.changedAt) return state;
      return {
        ...state,
        early: { ...state.early, [event.messageId]: { words: event.words, at: event.changedAt } },
      };
    }
  }
}

type Change = Extract<ReplyEvent, { kind: "answer_part_revised" | "answer_part_withdrawn" }>;

/** What a message says from now on, and what it said before. Null: it was taken back. */
function changeOf(question: QuestionState, event: Change, words: Words | null): QuestionState["history"][number] {
  const { messageId, by, at } = event;
  return {
    messageId,
    by: partBy(question, messageId, by),
    at,
    platform: platformOf(question, messageId),
    words,
    replaces: lastWordsOf(question, messageId),
  };
}

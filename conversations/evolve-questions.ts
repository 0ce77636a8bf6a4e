import type { SessionState } from "../src/domain/session.ts";
import type { SessionEvent } from "../src/domain/session-event.ts";
import { contradicted, reopenModule, sat, withModule, withQuestion } from "./evolve-pieces.ts";

type QuestionEvent = Extract<
  SessionEvent,
  {
    kind:
      | "question_delegated"
      | "question_asked"
      | "answer_settled"
      | "answer_reopened"
      | "question_skipped"
      | "question_not_applicable"
      | "question_set_aside"
      | "follow_up_asked"
      | "answer_suggested"
      | "choices_ticked"
      | "answer_reread"
      | "choices_confirmed";
  }
>;

/** More than may be asked in an hour. */
const READINGS_KEPT = 100;

/** What becomes of a question, from asked to confirmed. */
export function evolveQuestions(state: SessionState, event: QuestionEvent): SessionState {
  switch (event.kind) {
    case "question_delegated":
      return withQuestion(state, event.question, (question) => {
        const { delegate: _before, given: _given, ...rest } = question;
        if (event.to === null) return rest;
        const given = event.by === undefined || event.by === event.to ? {} : { given: { by: event.by, at: event.at } };
        return { ...rest, delegate: event.to, ...given };
      });
    case "question_asked":
      return withQuestion(state, event.question, (question) => ({
        ...question,
        status: "open",
        version: event.version,
        askedOf: event.to,
        askedAt: event.at,
      }));
    case "answer_settled":
      return withQuestion(state, event.question, (question) => {
        const { confirmed, reason: _reason, ...rest } = question;
        const sameReading = question.read.join() === event.read.join();
        return {
          ...rest,
          ...(confirmed !== undefined && sameReading ? { confirmed } : {}),
          status: "answered",
          settledAt: event.at,
          settledBy: event.person,
          read: event.read,
          ...(question.followUp === undefined ? {} : { followUp: { ...question.followUp, answered: true } }),
        };
      });
    case "answer_reopened":
      return reopenModule(
        withQuestion(contradicted(state, event), event.question, (question) => {
          const { confirmed: _c, settledAt: _s, settledBy: _b, reason: _r, ...rest } = question;
          return {
            ...rest,
            ...(rest.followUp === undefined ? {} : { followUp: { ...rest.followUp, answered: true } }),
            status: "waiting",
            askedOf: null,
            read: [],
            parts:
              event.why === "undo" ? rest.parts.map((part) => ({ ...part, withdrawn: true as const })) : rest.parts,
          };
        }),
        event.question,
      );
    case "question_skipped":
      return withQuestion(sat(state, event.person, event.at), event.question, (question) => ({
        ...question,
        status: "skipped",
        settledAt: event.at,
        settledBy: event.person,
      }));
    case "question_not_applicable":
      return withQuestion(sat(state, event.person, event.at), event.question, (question) => {
        const { confirmed: _c, reason: _r, ...rest } = question;
        return {
          ...rest,
          status: "not_applicable",
          settledAt: event.at,
          settledBy: event.person,
          read: [],
          ...(event.reason === undefined ? {} : { reason: event.reason }),
        };
      });
    case "question_set_aside":
      return withQuestion(state, event.question, (question) => ({
        ...question,
        status: event.next ? "waiting" : "later",
        askedOf: null,
      }));
    case "follow_up_asked": {
      const question = state.questions[event.question];
      const counted =
        question === undefined
          ? state
          : withModule(state, question.module, (module) => ({ ...module, followUps: module.followUps + 1 }));
      return withQuestion(counted, event.question, (asked) => ({
        ...asked,
        status: "open",
        followUp: {
          text: event.text,
          ...(event.worded === undefined ? {} : { worded: event.worded }),
          askedAt: event.at,
          answered: false,
        },
      }));
    }
    case "answer_suggested": {
      const { of, choices, followUp, at } = event;
      const { total = 0, recent = [] } = state.modelReadings ?? {};
      const counted = { ...state, modelReadings: { total: total + 1, recent: [...recent, at].slice(-READINGS_KEPT) } };
      return withQuestion(counted, event.question, (question) => ({
        ...question,
        suggested: { of, choices, ...(followUp === undefined ? {} : { followUp }) },
      }));
    }
    case "choices_ticked":
      return withQuestion(state, event.question, (question) => ({
        ...question,
        ticked: { of: event.of, choices: event.choices, by: event.person },
      }));
    case "answer_reread":
      return withQuestion(state, event.question, (question) =>
        question.confirmed === undefined ? { ...question, read: event.read } : question,
      );
    case "choices_confirmed":
      return withQuestion(state, event.question, (question) => ({
        ...question,
        confirmed: { choices: event.choices, by: event.by ?? state.facilitator, at: event.at },
      }));
  }
}

import type { QuestionId } from "../src/domain/ids.ts";
import type { ModuleState, QuestionState, Session, SessionState } from "../src/domain/session.ts";
import type { SessionEvent } from "../src/domain/session-event.ts";
import { evolveDecisions } from "./evolve-decisions.ts";
import { evolveFrame } from "./evolve-frame.ts";
import { evolvePosts } from "./evolve-posts.ts";
import { evolveQuestions } from "./evolve-questions.ts";
import { evolveReplies } from "./evolve-replies.ts";

/**
 * The fold: state is what the events say, nothing else. Total over all kinds; an event after the end changes nothing
 * it shouldn't. States are never changed in place: a held state stays valid.
 */
export function evolve(session: Session, event: SessionEvent): SessionState {
  if (event.kind === "session_started") return started(event);
  if (session.status === "none") throw new Error(`Event "${event.kind}" stands before "session_started"`);
  return { ...apply(session, event), revision: session.revision + 1 };
}

/** Folds a history. `none` for an empty one. */
export function fold(events: readonly SessionEvent[]): Session {
  return events.reduce<Session>((session, event) => evolve(session, event), { status: "none" });
}

function started(event: Extract<SessionEvent, { kind: "session_started" }>): SessionState {
  const modules: Record<string, ModuleState> = {};
  const questions: Record<string, QuestionState> = {};
  for (const module of event.modules) {
    modules[module.id] = { id: module.id, questions: module.questions, followUps: 0 };
    for (const id of module.questions) questions[id] = newQuestion(id, module.id);
  }
  return {
    status: "open",
    id: event.id,
    name: event.name,
    event: event.event,
    eventAt: event.eventAt,
    home: event.home,
    ...(event.flat === undefined ? {} : { flat: event.flat }),
    facilitator: event.facilitator,
    startedAt: event.at,
    scope: event.scope,
    people: {},
    modules,
    moduleOrder: event.modules.map((module) => module.id),
    questions,
    posts: {},
    held: [],
    offered: [],
    early: {},
    evidence: {},
    gaps: [],
    accepted: [],
    decisions: [],
    summaries: [],
    notes: [],
    sittings: {},
    said: [],
    revision: 1,
  };
}

function newQuestion(id: QuestionId, module: string): QuestionState {
  return { id, module, status: "waiting", version: 0, askedOf: null, parts: [], history: [], read: [] };
}

/** Each subject has its own file. A new kind of event does not compile until it stands here and in one of them. */
function apply(state: SessionState, event: Exclude<SessionEvent, { kind: "session_started" }>): SessionState {
  switch (event.kind) {
    case "session_edited":
    case "scope_changed":
    case "person_named":
    case "owner_assigned":
    case "facilitator_changed":
    case "module_completed":
    case "module_confirmed":
    case "note_added":
    case "scaled_down":
    case "review_answered":
    case "architecture_given":
    case "architecture_read":
    case "suggestion_settled":
    case "seeds_carried":
    case "session_closed":
    case "session_cancelled":
    case "session_forgotten":
      return evolveFrame(state, event);
    case "post_wanted":
    case "posted":
    case "post_failed":
    case "post_addressed":
    case "sentence_said":
    case "telling_wanted":
    case "reminders_ended":
    case "channel_digest_set":
    case "channel_digest_sent":
    case "channel_followed":
    case "channel_unfollowed":
      return evolvePosts(state, event);
    case "reply_held":
    case "reply_released":
    case "reply_offered":
    case "offer_ended":
    case "answer_part_recorded":
    case "answer_part_revised":
    case "answer_part_withdrawn":
    case "early_change_kept":
      return evolveReplies(state, event);
    case "question_delegated":
    case "question_asked":
    case "answer_settled":
    case "answer_reopened":
    case "question_skipped":
    case "question_not_applicable":
    case "question_set_aside":
    case "follow_up_asked":
    case "answer_suggested":
    case "choices_ticked":
    case "answer_reread":
    case "choices_confirmed":
      return evolveQuestions(state, event);
    case "evidence_requested":
    case "evidence_read":
    case "increase_filed":
    case "increase_changed":
    case "risk_accepted":
    case "decision_opened":
    case "decision_signed":
    case "decision_made":
    case "summary_requested":
    case "summary_written":
    case "risk_watched":
    case "condition_set":
    case "condition_ended":
      return evolveDecisions(state, event);
  }
}

import { conversationKey } from "../src/domain/address.ts";
import type { QuestionId } from "../src/domain/ids.ts";
import { ArchitectureDocument } from "../src/domain/intake.ts";
import type { ChannelDigest, ModuleState, QuestionState, Session, SessionState } from "../src/domain/session.ts";
import { type SessionEvent, SummaryDocument } from "../src/domain/session-event.ts";
import {
  contradicted,
  endedBy,
  forgotten,
  hasWordsBeside,
  known,
  lastWordsOf,
  partBy,
  platformOf,
  reopenModule,
  sameAddress,
  sat,
  seenAgain,
  withArchitecture,
  withDecision,
  withModule,
  withoutFollowUp,
  withPart,
  withPost,
  withQuestion,
} from "./evolve-pieces.ts";

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

/** More than may be asked in an hour. */
const READINGS_KEPT = 100;

function newQuestion(id: QuestionId, module: string): QuestionState {
  return { id, module, status: "waiting", version: 0, askedOf: null, parts: [], history: [], read: [] };
}

function apply(state: SessionState, event: Exclude<SessionEvent, { kind: "session_started" }>): SessionState {
  switch (event.kind) {
    case "session_edited":
      return {
        ...state,
        name: event.name ?? state.name,
        event: event.event ?? state.event,
        eventAt: event.eventAt ?? state.eventAt,
        ...(event.eventAt === undefined || event.eventAt === state.eventAt ? {} : { plannedFrom: event.at }),
      };
    case "scope_changed":
      return { ...state, scope: known({ ...state.scope, ...event.scope }) };
    case "person_named":
      return { ...state, people: { ...state.people, [event.person]: { name: event.name } } };
    case "owner_assigned":
      return withModule(state, event.module, (module) => {
        const { owner: _before, ownerSince: _since, givenBy: _giver, ...rest } = module;
        if (event.person === null) return rest;
        const given = event.by === undefined || event.by === event.person ? {} : { givenBy: event.by };
        return { ...rest, owner: event.person, ownerSince: event.at, ...given };
      });
    case "question_delegated":
      return withQuestion(state, event.question, (question) => {
        const { delegate: _before, given: _given, ...rest } = question;
        if (event.to === null) return rest;
        const given = event.by === undefined || event.by === event.to ? {} : { given: { by: event.by, at: event.at } };
        return { ...rest, delegate: event.to, ...given };
      });
    case "facilitator_changed":
      return { ...state, facilitator: event.person };
    case "post_wanted":
      return withPost(state, event.post.key, () => ({ ...event.post, state: "wanted" }));
    case "posted":
      return withPost(state, event.post, (post) =>
        post === undefined
          ? undefined
          : {
              ...post,
              state: "posted",
              ref: event.ref,
            },
      );
    case "post_failed":
      return withPost(state, event.post, (post) => (post === undefined ? undefined : { ...post, state: "failed" }));
    case "post_addressed": {
      const addressed = withPost(state, event.post, (post) =>
        post === undefined ? undefined : { ...post, to: event.to },
      );
      const question = state.posts[event.post]?.question;
      return question === undefined
        ? addressed
        : withQuestion(addressed, question, (asked) => ({ ...asked, askedOf: event.to, askedAt: event.at }));
    }
    case "question_asked":
      return withQuestion(state, event.question, (question) => ({
        ...question,
        status: "open",
        version: event.version,
        askedOf: event.to,
        askedAt: event.at,
      }));
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
        history: [
          ...question.history,
          {
            messageId: event.messageId,
            by: partBy(question, event.messageId, event.by),
            at: event.at,
            platform: platformOf(question, event.messageId),
            words: event.words,
            replaces: lastWordsOf(question, event.messageId),
          },
        ],
      }));
    case "answer_part_withdrawn":
      return withQuestion(state, event.question, (question) => ({
        ...(hasWordsBeside(question, event.messageId) ? question : withoutFollowUp(question)),
        status: question.status === "settling" && !hasWordsBeside(question, event.messageId) ? "open" : question.status,
        parts: question.parts.map((part) =>
          part.messageId === event.messageId ? { ...part, withdrawn: true as const } : part,
        ),
        history: [
          ...question.history,
          {
            messageId: event.messageId,
            by: partBy(question, event.messageId, event.by),
            at: event.at,
            platform: platformOf(question, event.messageId),
            words: null,
            replaces: lastWordsOf(question, event.messageId),
          },
        ],
      }));
    case "early_change_kept": {
      const before = state.early[event.messageId];
      if (before !== undefined && before.at > event.changedAt) return state;
      return {
        ...state,
        early: { ...state.early, [event.messageId]: { words: event.words, at: event.changedAt } },
      };
    }
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
    case "module_completed":
      return withModule(state, event.module, (module) => ({ ...module, completedAt: event.at }));
    case "module_confirmed":
      return withModule(state, event.module, (module) => ({ ...module, confirmedAt: event.at }));
    case "evidence_requested":
      return { ...state, evidenceRunning: true };
    case "evidence_read": {
      const evidence = {
        ...seenAgain(state.evidence, event),
        ...Object.fromEntries(event.items.map((item) => [item.id, item])),
      };
      for (const id of event.gone ?? []) delete evidence[id];
      return {
        ...state,
        evidence,
        gaps: event.gaps ?? state.gaps,
        evidenceAt: event.at,
        evidenceRunning: !event.complete,
      };
    }
    case "increase_filed":
      return { ...state, increases: { ...state.increases, [event.increase.id]: event.increase } };
    case "increase_changed": {
      const increase = state.increases?.[event.id];
      if (increase === undefined) return state;
      const { status, closed, late } = event;
      return { ...state, increases: { ...state.increases, [event.id]: { ...increase, status, closed, late } } };
    }
    case "sentence_said":
      return { ...state, said: [...state.said, event.key] };
    case "risk_accepted":
      return {
        ...state,
        accepted: [
          ...state.accepted.filter((accepted) => accepted.risk !== event.risk),
          {
            risk: event.risk,
            by: event.person,
            at: event.at,
            reason: event.reason,
            ...(event.until === undefined ? {} : { until: event.until }),
            ...(event.level === undefined ? {} : { level: event.level }),
          },
        ],
      };
    case "decision_opened":
      return {
        ...state,
        decisions: [
          ...state.decisions,
          {
            version: event.version,
            openedBy: event.by ?? state.facilitator,
            openedAt: event.at,
            status: "open",
            signatures: [],
          },
        ],
      };
    case "decision_signed":
      return withDecision(state, event.version, (decision) => ({
        ...decision,
        signatures: [
          ...decision.signatures.filter((signature) => signature.by !== event.person),
          {
            by: event.person,
            go: event.go,
            at: event.at,
            ...(event.reason === undefined ? {} : { reason: event.reason }),
          },
        ],
      }));
    case "decision_made":
      return withDecision(state, event.version, (decision) => ({
        ...decision,
        status: event.go ? "go" : "no_go",
        decidedAt: event.at,
        ...(event.headline === undefined ? {} : { headline: event.headline }),
        ...(event.left === undefined ? {} : { left: event.left }),
      }));
    case "summary_requested":
      return { ...state, drafting: { version: event.version, at: event.at } };
    case "summary_written": {
      const { drafting: _written, ...rest } = state;
      if (event.document.text === null) return rest;
      const document = SummaryDocument.parse(JSON.parse(event.document.text));
      return {
        ...rest,
        summaries: [
          ...state.summaries.filter((summary) => summary.version !== event.version),
          { version: event.version, at: event.at, by: event.writer, ...document },
        ],
      };
    }
    case "note_added":
      return { ...state, notes: [...state.notes, { at: event.at, by: event.person, words: event.words }] };
    case "telling_wanted":
      return { ...state, told: { ...state.told, [event.post]: event.telling } };
    case "reminders_ended":
      return {
        ...state,
        unheard: { ...state.unheard, [event.item]: { person: event.person, at: event.at, kind: event.of } },
      };
    case "risk_watched": {
      const watched = { ...state.watched };
      for (const [question, watch] of Object.entries(event.watched)) {
        if (watch === null) delete watched[question];
        else watched[question] = watch;
      }
      return { ...state, watched };
    }
    case "condition_set":
      return withDecision(state, event.version, (decision) => ({
        ...decision,
        conditions: [
          ...(decision.conditions ?? []),
          { by: event.person, words: event.words, at: event.at, dueAt: event.dueAt },
        ],
      }));
    case "condition_ended":
      return withDecision(state, event.version, (decision) => ({
        ...decision,
        conditions: (decision.conditions ?? []).map((condition, index) =>
          index === event.index ? { ...condition, met: event.met, toldBy: event.person } : condition,
        ),
      }));
    case "scaled_down":
      return { ...state, scaledDown: { by: event.person, at: event.at } };
    case "review_answered":
      return {
        ...state,
        review: { ...state.review, [event.asks]: { words: event.words, by: event.person, at: event.at } },
      };
    case "architecture_given":
      return {
        ...state,
        architectures: [
          ...(state.architectures ?? []),
          {
            id: event.intake,
            by: event.person,
            at: event.at,
            address: event.address,
            source: event.source,
            reading: "under_way",
            settled: {},
          },
        ],
      };
    case "architecture_read":
      return withArchitecture(state, event.intake, (one) => {
        const text = event.document?.text ?? null;
        if (event.document === null) return { ...one, reading: "failed" };
        return {
          ...one,
          reading: "read",
          ...(text === null ? {} : { document: ArchitectureDocument.parse(JSON.parse(text)) }),
        };
      });
    case "suggestion_settled": {
      const key = event.found === undefined ? event.question : `${event.question}/${event.found}`;
      return withArchitecture(state, event.intake, (one) => ({
        ...one,
        settled: { ...one.settled, [key]: { how: event.how, by: event.person, at: event.at } },
      }));
    }
    case "seeds_carried":
      return {
        ...state,
        from: { session: event.from, name: event.name, lessons: event.lessons },
        seeds: event.seeds,
      };
    case "channel_digest_set": {
      const key = conversationKey(event.address);
      const { [key]: before, ...others } = state.channelDigests ?? {};
      if (event.rhythm === "off") return { ...state, channelDigests: others };
      const digest: ChannelDigest = {
        rhythm: event.rhythm,
        ...(event.always === undefined ? {} : { always: event.always }),
        address: event.address,
        name: event.name,
        by: event.wishedBy ?? event.by ?? state.facilitator,
        told: before?.told ?? state.revision,
        ...(before?.lastAt === undefined ? {} : { lastAt: before.lastAt }),
      };
      return { ...state, channelDigests: { ...others, [key]: digest } };
    }
    case "channel_digest_sent": {
      const digest = state.channelDigests?.[event.channel];
      if (digest === undefined) return state;
      const sent = { ...digest, told: event.told, lastAt: event.at };
      return { ...state, channelDigests: { ...state.channelDigests, [event.channel]: sent } };
    }
    case "channel_followed":
      return {
        ...state,
        followers: [
          ...(state.followers ?? []).filter((one) => !sameAddress(one.address, event.address)),
          { address: event.address, by: event.person, since: event.at },
        ],
      };
    case "channel_unfollowed":
      return {
        ...state,
        followers: (state.followers ?? []).filter((one) => !sameAddress(one.address, event.address)),
      };
    case "session_closed":
      return { ...state, status: "closed", closedAt: event.at, ...endedBy(event) };
    case "session_cancelled":
      return { ...state, status: "cancelled", closedAt: event.at, ...endedBy(event) };
    case "session_forgotten":
      return forgotten(state, event.at);
  }
}

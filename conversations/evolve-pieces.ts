import { type Address, conversationKey } from "../src/domain/address.ts";
import type { QuestionId } from "../src/domain/ids.ts";
import type { Architecture } from "../src/domain/intake.ts";
import type {
  AnswerPart,
  Decision,
  ModuleState,
  PostState,
  QuestionState,
  Scope,
  SessionState,
} from "../src/domain/session.ts";
import type { SessionEvent } from "../src/domain/session-event.ts";

/** The pieces of the fold: one part of a session's state changed, the rest as it was. */

/** Remembered, so that evidence reopens a question at most once a day. */
export function contradicted(
  state: SessionState,
  event: Extract<SessionEvent, { kind: "answer_reopened" }>,
): SessionState {
  if (event.why !== "evidence") return state;
  return { ...state, contradicted: { ...state.contradicted, [event.question]: event.at } };
}

/** Who ended it; nobody where it ended by itself. */
export function endedBy(
  event: Extract<SessionEvent, { kind: "session_closed" | "session_cancelled" }>,
): Pick<SessionState, "ended"> {
  if (event.by === undefined) return {};
  const reason = event.kind === "session_cancelled" ? event.reason : undefined;
  return { ended: { by: event.by, ...(reason === undefined ? {} : { reason }) } };
}

/** Somebody was here: a sitting goes on, and its next question needs no ping. */
export function sat(state: SessionState, person: string, at: string): SessionState {
  return { ...state, sittings: { ...state.sittings, [person]: { lastAnswerAt: Date.parse(at) } } };
}

/** An emptied field is one that nobody knows yet. */
export function known(scope: Scope): Scope {
  const { workload, contacts, bridge, scenarios, ...rest } = scope;
  return {
    ...rest,
    ...(workload && { workload }),
    ...(contacts && { contacts }),
    ...(bridge && { bridge }),
    ...(scenarios && { scenarios }),
  };
}

/** A part and its place in platform order. A change that came before its message is applied to it now. */
export function withPart(
  state: SessionState,
  event: Extract<SessionEvent, { kind: "answer_part_recorded" }>,
): SessionState {
  return withQuestion(state, event.question, (question) => {
    const part: AnswerPart = {
      messageId: event.messageId,
      platform: event.platform,
      by: event.person,
      sentAt: event.sentAt,
      at: event.at,
      words: event.words,
    };
    return {
      ...question,
      status: question.status === "answered" || question.status === "not_applicable" ? question.status : "settling",
      parts: inOrder(question.parts, part),
      history: [
        ...question.history,
        { messageId: event.messageId, by: event.person, at: event.at, platform: event.platform, words: event.words },
      ],
    };
  });
}

/** Nearly always it is the newest. */
function inOrder(parts: readonly AnswerPart[], part: AnswerPart): AnswerPart[] {
  const last = parts.at(-1);
  if (last === undefined || last.sentAt < part.sentAt) return [...parts, part];
  return [...parts.filter((other) => other.messageId !== part.messageId), part].sort(byPlatformOrder);
}

function byPlatformOrder(a: AnswerPart, b: AnswerPart): number {
  return a.sentAt - b.sentAt || (a.messageId < b.messageId ? -1 : 1);
}

export function hasWordsBeside(question: QuestionState, messageId: string): boolean {
  return question.parts.some((part) => part.messageId !== messageId && !part.withdrawn);
}

/** Nothing is left of an answer: what was asked more about it says nothing any more. */
export function withoutFollowUp(question: QuestionState): QuestionState {
  const { followUp } = question;
  if (followUp === undefined || followUp.answered) return question;
  return { ...question, followUp: { ...followUp, answered: true, dropped: true } };
}

export function partBy(question: QuestionState, messageId: string, by: string | undefined): string {
  return by ?? question.parts.find((part) => part.messageId === messageId)?.by ?? "";
}

export function platformOf(question: QuestionState, messageId: string): AnswerPart["platform"] {
  return question.parts.find((part) => part.messageId === messageId)?.platform ?? "web";
}

export function lastWordsOf(question: QuestionState, messageId: string): string {
  const before = question.history.findLast((entry) => entry.messageId === messageId && entry.words !== null);
  return before?.words?.words ?? messageId;
}

function withoutWords({ document: _gone, ...one }: Architecture): Architecture {
  return "words" in one.source ? { ...one, source: { words: { ...one.source.words, text: null } } } : one;
}

/** A reopened question takes its module's completion back. */
export function reopenModule(state: SessionState, question: QuestionId): SessionState {
  const module = state.questions[question]?.module;
  if (module === undefined) return state;
  return withModule(state, module, ({ completedAt: _c, confirmedAt: _f, ...rest }) => rest);
}

export function forgotten(state: SessionState, at: string): SessionState {
  const blank = <T extends { words: string; text: string | null }>(words: T): T => ({ ...words, text: null });
  const questions = Object.fromEntries(
    Object.entries(state.questions).map(([id, { suggested: _, ...question }]) => [
      id,
      {
        ...question,
        ...(question.followUp === undefined ? {} : { followUp: withoutWording(question.followUp) }),
        parts: question.parts.map((part) => ({ ...part, words: blank(part.words) })),
        history: question.history.map((entry) => ({ ...entry, words: entry.words && blank(entry.words) })),
        ...(question.reason === undefined ? {} : { reason: blank(question.reason) }),
      },
    ]),
  );
  return {
    ...state,
    questions,
    held: [],
    offered: [],
    early: {},
    summaries: [],
    ...(state.architectures === undefined ? {} : { architectures: state.architectures.map(withoutWords) }),
    ...(state.ended?.reason === undefined ? {} : { ended: { ...state.ended, reason: blank(state.ended.reason) } }),
    notes: state.notes.map((note) => ({ ...note, words: blank(note.words) })),
    ...(state.review === undefined
      ? {}
      : {
          review: Object.fromEntries(
            Object.entries(state.review).map(([id, said]) => [id, { ...said, words: blank(said.words) }]),
          ),
        }),
    ...(state.from === undefined ? {} : { from: { ...state.from, lessons: state.from.lessons.map(blank) } }),
    ...(state.seeds === undefined
      ? {}
      : {
          seeds: Object.fromEntries(
            Object.entries(state.seeds).map(([id, seed]) => [id, { ...seed, words: blank(seed.words) }]),
          ),
        }),
    forgottenAt: at,
  };
}

/** What a reading says again as it was: only its time is new. */
export function seenAgain(
  evidence: SessionState["evidence"],
  { again, unseen = [] }: Extract<SessionEvent, { kind: "evidence_read" }>,
): SessionState["evidence"] {
  if (again === undefined) return { ...evidence };
  return Object.fromEntries(
    Object.entries(evidence).map(([id, item]) => {
      const readAt = unseen.includes(id) ? undefined : again[item.source];
      return [id, readAt === undefined || readAt <= item.readAt ? item : { ...item, readAt }];
    }),
  );
}

function withoutWording({ worded: _, ...followUp }: NonNullable<QuestionState["followUp"]>) {
  return followUp;
}

export function withModule(
  state: SessionState,
  id: string,
  change: (module: ModuleState) => ModuleState,
): SessionState {
  const module = state.modules[id];
  return module === undefined ? state : { ...state, modules: { ...state.modules, [id]: change(module) } };
}

export function withQuestion(
  state: SessionState,
  id: string,
  change: (question: QuestionState) => QuestionState,
): SessionState {
  const question = state.questions[id];
  return question === undefined ? state : { ...state, questions: { ...state.questions, [id]: change(question) } };
}

export function withPost(
  state: SessionState,
  key: string,
  change: (post: PostState | undefined) => PostState | undefined,
): SessionState {
  const post = change(state.posts[key]);
  return post === undefined ? state : { ...state, posts: { ...state.posts, [key]: post } };
}

export function withArchitecture(
  state: SessionState,
  id: string,
  change: (architecture: Architecture) => Architecture,
): SessionState {
  return { ...state, architectures: (state.architectures ?? []).map((one) => (one.id === id ? change(one) : one)) };
}

export function withDecision(
  state: SessionState,
  version: number,
  change: (decision: Decision) => Decision,
): SessionState {
  return {
    ...state,
    decisions: state.decisions.map((decision) => (decision.version === version ? change(decision) : decision)),
  };
}

export function sameAddress(a: Address, b: Address): boolean {
  return conversationKey(a) === conversationKey(b);
}

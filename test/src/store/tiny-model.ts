import { type Address, conversationKey } from "../../../src/domain/address.ts";
import type { NewOutboxItem } from "../../../src/domain/effect.ts";
import type { PersonId } from "../../../src/domain/ids.ts";
import type { Person, PersonEvent } from "../../../src/domain/person.ts";
import type { Decision, StoreModel } from "../../../src/domain/ports.ts";
import type { OpenItem, QuestionState, Session, SessionState } from "../../../src/domain/session.ts";
import type { SessionEvent } from "../../../src/domain/session-event.ts";

/**
 * A conversation just large enough to try a store with: sessions start, ask, record answers and notes, close. It knows
 * nothing of the real engine, so a store's tests can't pass or fail because of that one.
 */

export const AT = "2026-11-02T09:00:00.000Z";
export const PRIYA: PersonId = "web:local:priya";
export const SAM: PersonId = "web:local:sam";
export const HOME: Address = { platform: "web", workspace: "local", channel: "checkout" };

export function started(
  id: string,
  {
    home = HOME,
    facilitator = PRIYA,
    name = "Black Friday",
  }: { home?: Address; facilitator?: PersonId; name?: string } = {},
): SessionEvent {
  return {
    kind: "session_started",
    at: AT,
    by: facilitator,
    id,
    name,
    event: { date: "2026-11-27", zone: "Europe/London" },
    eventAt: "2026-11-27T09:00:00.000Z",
    home,
    facilitator,
    modules: [{ id: "resilience", questions: ["R1", "R2"] }],
    scope: { accounts: [], regions: [], services: [], hosts: [], managers: [] },
  };
}

/** A module's thread: from now on its conversation belongs to the session. */
export function threadWanted(thread: string, home: Address = HOME): SessionEvent {
  const conversation = conversationKey({ ...home, thread });
  return { kind: "post_wanted", at: AT, post: { key: `thread:${thread}`, kind: "module", version: 1, conversation } };
}

export function asked(question: string, to: PersonId): SessionEvent {
  return { kind: "question_asked", at: AT, question, version: 1, to, post: `question:${question}:1` };
}

export function answered(question: string, person: PersonId, text: string, messageId: string): SessionEvent {
  return {
    kind: "answer_part_recorded",
    at: AT,
    by: person,
    question,
    person,
    messageId,
    platform: "web",
    sentAt: 1,
    words: { words: `t-${messageId}`, text },
  };
}

export function settled(question: string, person: PersonId): SessionEvent {
  return { kind: "answer_settled", at: AT, by: person, question, person, read: [] };
}

export function closed(): SessionEvent {
  return { kind: "session_closed", at: AT };
}

/** A decision that does nothing, but for what is given. */
export function decision(what: Partial<Decision> = {}): Decision {
  return {
    sessionEvents: [],
    personEvents: [],
    outbox: [],
    cancel: [],
    fleeting: [],
    outcome: { kind: "committed" },
    ...what,
  };
}

export function wish(id: string, what: Partial<NewOutboxItem> = {}): NewOutboxItem {
  return {
    id,
    lane: "lane",
    class: "marked",
    effect: { do: "post", post: `note:${id}` },
    due: 0,
    notBefore: 0,
    ...what,
  };
}

function newQuestion(id: string): QuestionState {
  return {
    id,
    module: "resilience",
    status: "waiting",
    version: 0,
    askedOf: null,
    parts: [],
    history: [],
    read: [],
  };
}

function start(event: Extract<SessionEvent, { kind: "session_started" }>): SessionState {
  const ids = event.modules.flatMap(({ questions }) => questions);
  return {
    status: "open",
    id: event.id,
    name: event.name,
    event: event.event,
    eventAt: event.eventAt,
    home: event.home,
    facilitator: event.facilitator,
    startedAt: event.at,
    scope: event.scope,
    people: {},
    modules: {},
    moduleOrder: event.modules.map(({ id }) => id),
    questions: Object.fromEntries(ids.map((id) => [id, newQuestion(id)])),
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

function withQuestion(state: SessionState, id: string, change: (was: QuestionState) => QuestionState): SessionState {
  return { ...state, questions: { ...state.questions, [id]: change(state.questions[id] ?? newQuestion(id)) } };
}

function apply(state: SessionState, event: SessionEvent): SessionState {
  switch (event.kind) {
    case "session_edited":
      return { ...state, name: event.name ?? state.name };
    case "post_wanted":
      return { ...state, posts: { ...state.posts, [event.post.key]: { ...event.post, state: "wanted" } } };
    case "question_asked":
      return withQuestion(state, event.question, (was) => ({ ...was, status: "open", askedOf: event.to }));
    case "answer_part_recorded":
      return withQuestion(state, event.question, (was) => {
        const { messageId, platform, sentAt, words, at } = event;
        return { ...was, parts: [...was.parts, { messageId, platform, by: event.person, sentAt, at, words }] };
      });
    case "answer_settled":
      return withQuestion(state, event.question, (was) => ({ ...was, status: "answered", settledAt: event.at }));
    case "note_added":
      return { ...state, notes: [...state.notes, { at: event.at, by: event.person, words: event.words }] };
    case "session_closed":
      return { ...state, status: "closed", closedAt: event.at };
    case "session_forgotten":
      return { ...state, forgottenAt: event.at };
    default:
      return state;
  }
}

function evolveSession(session: Session, event: SessionEvent): SessionState {
  if (event.kind === "session_started") return start(event);
  if (session.status === "none") throw new Error(`"${event.kind}" came before the session was started.`);
  return { ...apply(session, event), revision: session.revision + 1 };
}

function evolvePerson(person: Person, event: PersonEvent): Person {
  const revision = person.revision + 1;
  switch (event.kind) {
    case "person_met":
      return { ...person, ...(event.name !== undefined && { name: event.name }), revision };
    case "zone_set":
      return { ...person, zone: event.zone, revision };
    default:
      return { ...person, revision };
  }
}

function openItems(state: SessionState): OpenItem[] {
  if (state.status !== "open") return [];
  return Object.values(state.questions).flatMap((question) =>
    question.status === "open" && question.askedOf !== null
      ? [
          {
            person: question.askedOf,
            session: state.id,
            sessionName: state.name,
            eventAt: state.eventAt,
            kind: "question" as const,
            module: question.module,
            question: question.id,
            dueAt: state.eventAt,
            since: state.startedAt,
          },
        ]
      : [],
  );
}

function isSessionEvent(body: unknown): body is SessionEvent {
  return typeof body === "object" && body !== null && "kind" in body && "at" in body;
}

function isPersonEvent(body: unknown): body is PersonEvent {
  return typeof body === "object" && body !== null && "kind" in body && "at" in body;
}

function eventOf<T>(body: unknown, is: (body: unknown) => body is T): T {
  if (!is(body)) throw new Error("The store gave back something that is no event.");
  return body;
}

export const tinyModel: StoreModel = {
  evolveSession,
  evolvePerson,
  newPerson: (id) => ({ id, snoozed: {}, nudgedOn: [], nudges: {}, revision: 0 }),
  project: (state) => ({
    row: {
      id: state.id,
      name: state.name,
      date: state.event.date,
      status: state.status,
      home: conversationKey(state.home),
      eventAt: state.eventAt,
    },
    conversations: Object.values(state.posts).map(({ conversation }) => conversation),
    openItems: openItems(state),
    people: [
      ...new Set([
        state.facilitator,
        ...Object.values(state.questions).flatMap(({ askedOf }) => (askedOf === null ? [] : [askedOf])),
      ]),
    ],
  }),
  upgradeSessionEvent: ({ v, body }) => {
    if (v > tinyModel.eventVersion) throw new Error(`This event is of version ${v}, which this build doesn't know.`);
    return eventOf(body, isSessionEvent);
  },
  upgradePersonEvent: ({ body }) => eventOf(body, isPersonEvent),
  eventVersion: 1,
};

/** What a session must be after these events. */
export function foldOf(events: SessionEvent[]): Session {
  return events.reduce<Session>((session, event) => evolveSession(session, event), { status: "none" });
}

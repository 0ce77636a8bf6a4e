import type { Address, ConversationKey, MessageRef } from "./address.ts";
import type { PostKey } from "./effect.ts";
import type { Evidence, EvidenceGap } from "./evidence.ts";
import type { ChoiceId, ModuleId, PersonId, Platform, QuestionId, RiskId, SessionId, TextId } from "./ids.ts";
import type { Mention } from "./inbound.ts";
import type { Architecture } from "./intake.ts";
import type { MessageKind } from "./message.ts";
import type { Increase } from "./quota-answer.ts";
import type { Words } from "./words.ts";

/** Everything about the event beyond name and date; filled when someone knows it. */
export type Scope = {
  workload?: string;
  accounts: string[];
  regions: string[];
  services: string[];
  hosts: string[];
  /** 3 for "3x": expected peak against normal. */
  peak?: number;
  loadTarget?: { rps?: number; p99ms?: number };
  managers: PersonId[];
  /** How often managers hear of it; absent: weekly, and daily in the last week. Each may set their own. */
  digest?: "weekly" | "daily";
  /** Free text rows of the workbook. */
  contacts?: string;
  bridge?: string;
  /** Calendar dates on which nobody is reminded and nothing is due: `2026-12-25`. */
  holidays?: string[];
  /** Days before the event by milestone id, where the team's plan differs from the six weeks. */
  plan?: Record<string, number>;
  /** When something goes wrong on the day: trigger, who is told, how, how it is verified. */
  scenarios?: string;
};

export type EventTime = {
  /** `2026-11-27` */
  date: string;
  /** `09:00`; absent: 09:00 is assumed. */
  time?: string;
  /** IANA zone. */
  zone: string;
};

/** One message (or form, or command) that is part of an answer. Edits and deletions act on the part. */
export type AnswerPart = {
  /** The platform's message id, or `form:<receipt>` where there was no message. */
  messageId: string;
  platform: Platform;
  by: PersonId;
  /** Platform time in ms; parts are ordered by it. */
  sentAt: number;
  /** Calendar time, ISO. */
  at: string;
  words: Words;
  /** Platform time of the newest edit seen; older ones change nothing. */
  editedAt?: number;
  withdrawn?: true;
};

export type QuestionStatus =
  /** nobody has been asked yet */
  | "waiting"
  /** put to its owner (or shown to nobody, in an unowned module) */
  | "open"
  /** an answer is coming in; the next question waits for silence */
  | "settling"
  | "answered"
  | "skipped"
  | "not_applicable"
  /** set aside: the owner wants another one first */
  | "later";

export type QuestionState = {
  id: QuestionId;
  module: ModuleId;
  status: QuestionStatus;
  /** Counts its posts: buttons of an older version are stale. */
  version: number;
  /** To whom the newest post is put; null: shown, addressed to nobody. */
  askedOf: PersonId | null;
  /** Since when it is put to them: calendar ISO. */
  askedAt?: string;
  delegate?: PersonId;
  /** Who gave it to the delegate, and when (calendar ISO); absent: they took it themselves. */
  given?: { by: PersonId; at: string };
  /** Everything said, in platform order; revisions are new words on the same part. */
  parts: AnswerPart[];
  /** Every wording a part ever had, oldest first: the history the export shows. */
  history: {
    messageId: string;
    by: PersonId;
    at: string;
    platform: Platform;
    words: Words | null;
    replaces?: string;
  }[];
  settledAt?: string;
  settledBy?: PersonId;
  /** Why it doesn't apply or was skipped. */
  reason?: Words;
  /** `dropped`: what it asked more about was taken back. */
  followUp?: { text: string; worded?: Words; askedAt: string; answered: boolean; dropped?: true };
  /** What a model made of these words; it counts only while they are still what was said. */
  suggested?: { of: TextId[]; choices: ChoiceId[]; followUp?: { points: string[]; words: Words } };
  /** What somebody who doesn't own it ticked with these words: how they are read while they are still what was said. */
  ticked?: { of: TextId[]; choices: ChoiceId[]; by: PersonId };
  /** The bot's reading of the answer. */
  read: ChoiceId[];
  /** What an owner confirmed. */
  confirmed?: { choices: ChoiceId[]; by: PersonId; at: string };
};

export type ModuleState = {
  id: ModuleId;
  questions: QuestionId[];
  owner?: PersonId;
  /** Calendar ISO. */
  ownerSince?: string;
  /** Who gave it to them; absent: they took it themselves. */
  givenBy?: PersonId;
  /** All questions settled: the confirming card is (or was) up. */
  completedAt?: string;
  confirmedAt?: string;
  followUps: number;
};

export type PostState = {
  key: PostKey;
  kind: MessageKind;
  module?: ModuleId;
  question?: QuestionId;
  version: number;
  /** To whom it is put: a reply in its conversation, later than it, by this person, answers it. */
  to?: PersonId | null;
  /** The conversation it stands (or will stand) in. */
  conversation: ConversationKey;
  state: "wanted" | "posted" | "failed";
  ref?: MessageRef;
  /** It pings the person it is put to (first question of a sitting). */
  ping?: boolean;
  /** In a channel that follows the session: where, and the post at home that it repeats. */
  at?: Address;
  copyOf?: PostKey;
};

/** A channel elsewhere, often on another platform, that gets the summary and the decision. */
export type Follower = { address: Address; by: PersonId; since: string };

/** A reply that can't be attributed yet: a post to its author in that conversation is in flight. */
export type HeldReply = {
  person: PersonId;
  conversation: ConversationKey;
  message: MessageRef;
  platform: Platform;
  at: string;
  words: Words;
  mentions?: Mention[];
};

/** Words said where they don't count (yet): an unowned thread, or talk that may be used as an answer. */
export type OfferedReply = HeldReply & { question: QuestionId; reason: "unowned" | "talk" | "not_owner" };

/** `level`: as it was accepted; it covers nothing worse. Absent in older acceptances, which cover any. */
export type Acceptance = {
  risk: RiskId;
  by: PersonId;
  at: string;
  reason: Words;
  until?: string;
  level?: AcceptedLevel;
};
export type AcceptedLevel = "HIGH" | "MEDIUM";

export type Decision = {
  version: number;
  openedBy: PersonId;
  openedAt: string;
  status: "open" | "go" | "no_go";
  signatures: { by: PersonId; go: boolean; at: string; reason?: Words }[];
  decidedAt?: string;
  /** The verdict as it was then: "Ready with accepted risks". */
  headline?: string;
  /** How many high risks were open then, and questions without a confirmed answer. */
  left?: { high: number; unconfirmed: number };
  /** "go if the increase lands by Tuesday": followed until somebody says how it went. */
  conditions?: { by: PersonId; words: Words; at: string; dueAt: string; met?: boolean; toldBy?: PersonId }[];
};

/** Something said once in a thread, beside the cards: what it is about, not its words. */
export type Telling =
  | {
      what: "plan_moved";
      from: string;
      to: string;
      moved: { milestone: string; from: string; to: string }[];
      /** Acceptances that no longer last until the event. */
      lapsed: RiskId[];
    }
  | { what: "check"; before: "24h" | "1h" }
  | {
      what: "risk_changed";
      question: QuestionId;
      from: string;
      to: string;
      because: string;
      reopened?: true;
    }
  | { what: "condition_failed"; version: number; index: number }
  /** We were off, on a platform where nobody can read what was said meanwhile. Real time, ISO. */
  | { what: "away"; from: string; to: string }
  /** A channel began to follow; `address` is that channel. Said there and at home. */
  | { what: "followed"; address: Address; by: PersonId }
  | { what: "timeline" }
  /** Somebody closed or cancelled it: who and why stands in the session. */
  | { what: "ended" }
  | { what: "review" };

/** What people have been told of a question's risk, so that a flapping reading is told once. */
export type RiskWatch = { told: string; toldAt?: string; seen: string; times: number };

export type Sitting = { lastAnswerAt: number };

/** A digest of this session that goes to a channel. `told`: the revision it knows; `lastAt`: its last message. */
export type ChannelDigest = {
  rhythm: "daily" | "weekly";
  always?: true;
  address: Address;
  name: string;
  by: PersonId;
  told: number;
  lastAt?: string;
};

export type SessionStatus = "open" | "closed" | "cancelled";

export type SessionState = {
  status: SessionStatus;
  id: SessionId;
  name: string;
  event: EventTime;
  /** The event's instant, ISO in UTC. */
  eventAt: string;
  /** The channel it is held in. */
  home: Address;
  /** The home is a chat without threads. */
  flat?: boolean;
  facilitator: PersonId;
  startedAt: string;
  closedAt?: string;
  /** Who closed or cancelled it, and why; absent where it ended by itself. */
  ended?: { by: PersonId; reason?: Words };
  scope: Scope;
  people: Record<PersonId, { name: string }>;
  modules: Record<ModuleId, ModuleState>;
  /** In catalogue order. */
  moduleOrder: ModuleId[];
  questions: Record<QuestionId, QuestionState>;
  posts: Record<PostKey, PostState>;
  held: HeldReply[];
  offered: OfferedReply[];
  /** Edits and deletions that came before their message: kept, and applied when it comes. */
  early: Record<string, { words: Words | null; at: number }>;
  evidence: Record<string, Evidence>;
  gaps: EvidenceGap[];
  evidenceAt?: string;
  evidenceRunning?: boolean;
  /** Increases asked of AWS, by AWS's id of the request. */
  increases?: Record<string, Increase>;
  accepted: Acceptance[];
  decisions: Decision[];
  summaries: ({ version: number; at: string; by: "bedrock" | "plain" } & SummaryText)[];
  /** The summary that was asked for and isn't written yet. */
  drafting?: { version: number; at: string };
  notes: { at: string; by: PersonId; words: Words }[];
  /** Channels elsewhere that follow it. */
  followers?: Follower[];
  /** What was said once in threads, by post. */
  told?: Record<PostKey, Telling>;
  /** The plan counts from here since the date was moved. */
  plannedFrom?: string;
  /** Items whose owner was reminded enough: the facilitator has them instead. By item key. */
  unheard?: Record<string, { person: PersonId; at: string; kind: OpenItem["kind"] }>;
  /** How often a model was asked about answers; `recent`: when, calendar ISO. */
  modelReadings?: { total: number; recent: string[] };
  watched?: Record<QuestionId, RiskWatch>;
  /** When a contradiction reopened a question last. */
  contradicted?: Record<QuestionId, string>;
  review?: Record<string, { words: Words; by: PersonId; at: string }>;
  scaledDown?: { by: PersonId; at: string };
  /** What the session it continues knew, by question. */
  seeds?: Record<QuestionId, Seed>;
  channelDigests?: Record<ConversationKey, ChannelDigest>;
  /** What was given as architecture, oldest first. */
  architectures?: Architecture[];
  from?: { session: SessionId; name: string; lessons: Words[] };
  sittings: Record<PersonId, Sitting>;
  /** One-time sentences already said ("AWS isn't set up"). */
  said: string[];
  forgottenAt?: string;
  /** Events folded so far. */
  revision: number;
};

/** What was said for the event before: offered again with one tap. */
export type Seed = {
  words: Words;
  by: PersonId;
  at: string;
  choices: ChoiceId[];
  /** Why it doesn't apply: carried over without asking. */
  notApplicable?: true;
};

/** A session before `session_started`. */
export type NoSession = { status: "none" };
export type Session = NoSession | SessionState;

/** A summary as it was written, with what it rested on then. */
export type SummaryText = {
  markdown: string;
  sections: SummarySection[];
  cited?: CitedFact[] | undefined;
  record?: { model?: string | undefined; facts: number; dropped: number } | undefined;
};
export type CitedFact = { id: string; text: string; source: string };

/** Prose with the facts each sentence rests on. */
export type SummarySection = { title: string; sentences: { text: string; facts: string[] }[] };

/** A row of the list of sessions. */
export type SessionRow = {
  id: SessionId;
  name: string;
  date: string;
  status: SessionStatus;
  home: ConversationKey;
  eventAt: string;
};

/** Something that waits for one person: in nudges, digests, App Home. */
export type OpenItem = {
  person: PersonId;
  session: SessionId;
  sessionName: string;
  eventAt: string;
  /**
   * `late`: somebody else doesn't answer, the facilitator looks after it. `milestone`: a step of the plan (its id in
   * `module`). `condition`: of a decision (its index in `module`). `accepted`: a risk whose acceptance ends. `given`: somebody else gave them a module or question, to be
   * told once.
   */
  kind: "question" | "confirm" | "decide" | "claim" | "late" | "milestone" | "condition" | "accepted" | "given";
  module?: ModuleId;
  question?: QuestionId;
  /** Calendar ISO. */
  dueAt: string;
  since: string;
};

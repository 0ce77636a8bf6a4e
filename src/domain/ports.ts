import type { Address, ConversationKey, MessageRef } from "./address.ts";
import type { Effect, NewOutboxItem, OutboxItem, Timer } from "./effect.ts";
import type { EvidenceReport, EvidenceScope } from "./evidence.ts";
import type { ChoiceId, Identity, OutboxId, PersonId, Platform, QuestionId, SessionId, TextId } from "./ids.ts";
import type { FileRef, Inbound } from "./inbound.ts";
import type { ArchitectureReading } from "./intake.ts";
import type { Form, Mark, Message } from "./message.ts";
import type { Person, PersonEvent } from "./person.ts";
import type { Place } from "./place.ts";
import type { Increase } from "./quota-answer.ts";
import type { OpenItem, Session, SessionRow, SessionState, SummaryText } from "./session.ts";
import type { SessionEvent } from "./session-event.ts";

// ── Time ────────────────────────────────────────────────────────────────────────────────────────────────────────────

/** The world's time: due dates, nudges, hours. Real, or simulated from an anchor kept in the database. */
export interface Calendar {
  now(): Date;
  /** Real milliseconds until the calendar shows `at`; 0 if it is past. */
  untilMs(at: number): number;
}
/** Always real: leases, back-off, limits, settling. Milliseconds since the epoch. */
export interface Machine {
  now(): number;
}

// ── Inputs and outcomes ─────────────────────────────────────────────────────────────────────────────────────────────

/** What comes back from our own work, as an input like any other. */
export type Fact =
  | { kind: "posted"; session: SessionId; post: string; ref: MessageRef; receipts: string[] }
  | { kind: "post_failed"; session: SessionId; post: string; reason: string; receipts: string[] }
  /** Somebody deleted a post of ours on the platform. */
  | { kind: "post_gone"; session: SessionId; post: string; receipts: string[] }
  /** What went out: the ledger keeps it. */
  | {
      kind: "direct_sent";
      person: PersonId;
      what: "nudge" | "digest";
      items?: OpenItem[];
      revisions?: Record<SessionId, number>;
      receipts: string[];
    }
  /** Somebody's home view is to be drawn: the reply is what it shows now. */
  | { kind: "home_due"; person: PersonId; receipts: string[] }
  | ({ kind: "timer"; receipts: string[] } & Timer)
  | {
      kind: "evidence";
      session: SessionId;
      report: EvidenceReport;
      /** Who asked for the reading, and where. */
      asked?: { person: PersonId; address: Address };
      receipts: string[];
    }
  /** We were off from then to then (real time, ISO), and what was said meanwhile can't be read. */
  | { kind: "away"; session: SessionId; from: string; to: string; receipts: string[] }
  | {
      kind: "channel_found";
      session: SessionId;
      person: PersonId;
      channel: Address;
      name: string;
      rhythm: "daily" | "weekly";
      always?: true;
      receipts: string[];
    }
  /** `told`: up to which revision; null: it can't be posted there, for good. */
  | {
      kind: "channel_digest_sent";
      session: SessionId;
      channel: ConversationKey;
      told: number | null;
      receipts: string[];
    }
  /** A session's code was brought to this channel. */
  | { kind: "followed"; session: SessionId; address: Address; person: PersonId; name?: string; receipts: string[] }
  /** Somebody was linked: what they had set under their other id applies to both. */
  | { kind: "joined"; person: PersonId; of: Person; receipts: string[] }
  | { kind: "evidence_off"; session: SessionId; why: string; receipts: string[] }
  | { kind: "increase_filed"; session: SessionId; increase: Increase; receipts: string[] }
  | {
      kind: "increases_read";
      session: SessionId;
      standings: Pick<Increase, "id" | "status" | "closed" | "late">[];
      receipts: string[];
    }
  /** What a model reads in an answer's words (`of`, by their ids), and how it words the follow-up. Not yet checked. */
  | {
      kind: "answer_read";
      session: SessionId;
      question: QuestionId;
      of: TextId[];
      choices: ChoiceId[];
      followUp?: { points: string[]; text: string };
      receipts: string[];
    }
  | { kind: "architecture"; session: SessionId; intake: string; reading: ArchitectureReading; receipts: string[] }
  | ({
      kind: "draft";
      session: SessionId;
      version: number;
      writer: "bedrock" | "plain";
      receipts: string[];
    } & SummaryText);

export type Input = Inbound | Fact;

/** The private answer to whoever did something, shown by the adapter with the request's own means. */
export type Reply =
  /** `ends`: the offer that carried the button is done with; where it stood for one person alone, this takes its place. */
  | { kind: "message"; message: Message; ends?: true }
  | { kind: "form"; form: Form }
  /** For a submitted form: by field name. */
  | { kind: "errors"; errors: Record<string, string> }
  /** The card that carried the button is redrawn (Teams' adaptiveCard/action answers with it). */
  | { kind: "file"; name: string; mediaType: string; content: string; message: Message };

/** How one delivery ended. */
export type Outcome =
  /** Stored; its effects are in the outbox. */
  | { kind: "committed"; session?: SessionId; reply?: Reply }
  /** This delivery was already handled. */
  | { kind: "duplicate" }
  /** Not for us (talk, another bot, an unknown thread). */
  | { kind: "ignored"; reason: string; reply?: Reply }
  /** The claim that this settles was lost to another worker: undo what was just posted. */
  | { kind: "lost_claim" };

/**
 * Takes a parsed inbound event to a durable outcome. Resolves only after the commit; rejects with
 * {@link StoreUnavailableError} when nothing could be stored, and then the platform must not be told "got it".
 */
export type Receive = (inbound: Inbound) => Promise<Outcome>;

// ── Store ───────────────────────────────────────────────────────────────────────────────────────────────────────────

/** How to find the session an input is about. The first that is given and found wins, in this order. */
export type Target = {
  session?: SessionId;
  /** A thread (or a chat without threads) that belongs to a session. */
  conversation?: ConversationKey;
  /** The one open session of this channel. */
  channel?: ConversationKey;
  /** Whose person aggregate to load; and, in a direct chat, whose open sessions are candidates. */
  person?: PersonId;
  /** Take the person's only open session, or offer all as candidates. */
  direct?: boolean;
  /** Where no session is open: the channel's newest ended one or, in a direct chat, the person's. */
  ended?: true;
  /** Load all that waits for this person, over all sessions (nudges, digests, home). */
  openItems?: boolean;
  /** Load the sessions that these items speak of, too: whoever shows them needs names and verdicts. */
  sessions?: boolean;
};

export type Loaded = {
  session: Session;
  /** In a direct chat with several sessions, or none in the channel: what there is. */
  candidates: SessionRow[];
  person: Person;
  openItems: OpenItem[];
  /** By id, where the target asks for them. */
  sessions?: ReadonlyMap<SessionId, SessionState>;
};

export type Decision = {
  /** Events of the session (loaded or new: then `sessionId` is given) and of the person. */
  sessionId?: SessionId;
  sessionEvents: SessionEvent[];
  /** The session as these events leave it, where whoever decided has folded them already. */
  folded?: SessionState;
  personEvents: PersonEvent[];
  /** Rows for the outbox and keys to cancel, already laid into lanes. */
  outbox: NewOutboxItem[];
  cancel: string[];
  outcome: Outcome;
  /** Delete the words of this session's texts. */
  forget?: SessionId;
  /** Run right after the commit, never stored. */
  fleeting: Effect[];
};

/** A row of the web channel's own log, committed together with what the engine made of it. */
export type WebMessage = {
  id: string;
  channel: string;
  thread: string | null;
  author: string;
  authorName: string;
  /** Text of people; for the bot the rendered card is in `card`. */
  text: string;
  card: string | null;
  /** JSON of the {@link Mark}, for the bot's posts. */
  mark: string | null;
  reactions: string[];
  /** Only this user sees it. */
  onlyFor: string | null;
  sentAt: number;
  editedAt: number | null;
  deleted: boolean;
};

export type TransitionRequest = {
  receipts: string[];
  target: Target;
  /** The claimed outbox item that this input settles, if it comes from our own work. */
  settles?: { id: OutboxId; token: string };
  webMessage?:
    | { put: WebMessage }
    | { edit: { id: string; text: string; editedAt: number } }
    | { remove: { id: string } };
};

/**
 * Promise: when `transition` resolves, the receipt, the events, the projections, the texts and the outbox rows are
 * durable, all or none. `decide` is synchronous and may run again if the transaction is retried.
 * Requests that arrive while a commit runs share the next one, a savepoint each: one that throws takes nobody down.
 */
export interface Store {
  transition(request: TransitionRequest, decide: (loaded: Loaded) => Decision): Promise<Outcome>;

  session(id: SessionId): Promise<SessionState | undefined>;
  sessions(filter?: { status?: "open" }): Promise<SessionRow[]>;
  sessionEvents(id: SessionId): Promise<SessionEvent[]>;
  person(id: PersonId): Promise<Person>;
  openItems(person?: PersonId): Promise<OpenItem[]>;
  /** Other platforms' ids of the same person. */
  identities(person: PersonId): Promise<Identity[]>;
  linkIdentity(identity: Identity, person: PersonId): Promise<void>;
  /** This id is a person of its own again; ids that were linked to it stay linked to it. */
  unlinkIdentity(identity: Identity): Promise<void>;

  /** Claims up to `limit` lane heads that are due on both clocks; each gets a fresh token and a lease. */
  claim(at: { calendar: number; machine: number; lease: number; limit: number }): Promise<OutboxItem[]>;
  /** Settles a claimed item that needs no input (updates, reactions). False: the claim was lost. */
  settle(id: OutboxId, token: string): Promise<boolean>;
  /** Gives a claimed item back. The lane waits with it. `uncertain`: it may have been sent. */
  retry(id: OutboxId, token: string, again: { notBefore: number; uncertain: boolean; error: string }): Promise<boolean>;
  /** Adds rows outside a transition (start-up, catch-up). */
  enqueue(items: NewOutboxItem[]): Promise<void>;
  /** All leases of a dead predecessor end now (single process), or those older than `machine` (several). */
  voidLeases(machine: number): Promise<number>;
  /** Earliest times at which something becomes claimable. */
  next(): Promise<{ calendar?: number; machine?: number }>;
  /** For /readyz: rows due on the calendar by `calendar`, whatever the machine clock says, and rows claimed. */
  counts(calendar: number): Promise<{ due: number; running: number; waiting: number }>;
  /** For POST /clock: machine-time waits (settling, coalescing) end now. What a platform made wait goes on waiting. */
  releaseMachineWaits(): Promise<void>;
  /** Called after every commit that added or freed work. */
  onWork(listener: () => void): void;

  webMessages(filter: { channel?: string; since?: number; id?: string }): Promise<WebMessage[]>;
  putWebMessage(message: WebMessage): Promise<void>;

  /** Small things that adapters keep: conversation references, installations, last-seen times. JSON values. */
  keep(namespace: string, key: string, value: unknown): Promise<void>;
  kept<T>(namespace: string, key: string, parse: (value: unknown) => T): Promise<T | undefined>;
  keptAll<T>(namespace: string, parse: (value: unknown) => T): Promise<{ key: string; value: T }[]>;
  drop(namespace: string, key: string): Promise<void>;

  close(): Promise<void>;
}

// ── Chat platforms ──────────────────────────────────────────────────────────────────────────────────────────────────

export type Abilities = {
  /** A post of unknown outcome can be found again by its mark. */
  lookUp: boolean;
  /** How long its own reads may lag behind a send. Milliseconds. */
  lookUpAfter: number;
  reactions: boolean;
  ephemeral: boolean;
  /** Missed messages can be read. */
  history: boolean;
};

/**
 * One platform. Every call fails with {@link TerminalError} (never again; tell a person), {@link RetryLaterError}
 * (nothing was sent) or {@link OutcomeUnknownError} (it may have been sent). SDK retries are off: the outbox retries.
 */
export interface ChatAdapter {
  readonly platform: Platform;
  readonly abilities: Abilities;
  post(address: Address, message: Message, mark: Mark): Promise<MessageRef>;
  /** Idempotent. */
  update(ref: MessageRef, message: Message, mark: Mark): Promise<void>;
  /** Idempotent: a message that is gone is no error. */
  remove(ref: MessageRef): Promise<void>;
  /** Idempotent ("already reacted" is fine). The receipt is ✅. */
  react(ref: MessageRef, on: boolean): Promise<void>;
  /** Only to one person. */
  whisper(address: Address, person: PersonId, message: Message, session?: SessionId): Promise<void>;
  sendFile(
    address: Address,
    file: { name: string; mediaType: string; content: Uint8Array; comment: string },
  ): Promise<void>;
  /**
   * The content of a file that somebody attached, at most `most` bytes. Absent where the platform has no attachments.
   * Fails with {@link TerminalError} when it is larger, gone, or not the platform's own.
   */
  readFile?(address: Address, file: FileRef, most: number): Promise<Uint8Array>;
  /** Finds a post by its mark's outbox id, if `abilities.lookUp`. */
  find?(address: Address, outbox: OutboxId, since: number): Promise<MessageRef | undefined>;
  /** Other posts with this outbox id beside the one that counts: a send that came through after it was given up. */
  twins?(kept: MessageRef, outbox: OutboxId): Promise<MessageRef[]>;
  /** Messages said in a conversation since a platform time, oldest first, if `abilities.history`. */
  history?(address: Address, since: number): Promise<Inbound[]>;
  /**
   * A channel that the bot is in, by its name or id, of the workspace (team) of another. Undefined: there is none, or
   * the bot isn't in it. `problem`: why nothing can be posted there, as a sentence.
   */
  findChannel?(
    near: Address,
    name: string,
  ): Promise<{ channel: Address; name: string } | { problem: string } | undefined>;
  /**
   * Somebody's e-mail address, if their own organisation vouches for it: people of the own workspace or tenant, never
   * guests, never where nobody checks who speaks. It may link their ids on several platforms.
   */
  emailOf?(person: PersonId): Promise<string | undefined>;
  /** Redraws a person's home view, where the platform has one. */
  home?(person: PersonId, message: Message): Promise<void>;
}

// ── Evidence and writing ────────────────────────────────────────────────────────────────────────────────────────────

export interface EvidenceCollector {
  /**
   * Reads AWS for a scope. Partial results are results; what is missing is a gap with its reason. Rejects only for
   * what nobody planned.
   */
  collect(
    scope: EvidenceScope,
    options: {
      sources?: string[];
      onProgress?: (report: EvidenceReport) => void;
      /** The session's home: grants may be limited to places. */
      place?: Place;
      /** Read anew, whatever was read in the last minute. */
      fresh?: boolean;
    },
  ): Promise<EvidenceReport>;
}

// ── What a store needs from the engine ──────────────────────────────────────────────────────────────────────────────

/** Lists kept beside the events, in the same transaction. Computed from state; the store writes only what changed. */
export type Projection = {
  row: SessionRow;
  /** Conversations (threads, chats) that belong to the session. */
  conversations: ConversationKey[];
  openItems: OpenItem[];
  /** Everyone who takes part, for direct chats; among them everybody an open item is for. */
  people: PersonId[];
};

/** The pure folds, given to the store at the composition root: the store knows no conversation. */
export type StoreModel = {
  evolveSession(session: Session, event: SessionEvent): SessionState;
  evolvePerson(person: Person, event: PersonEvent): Person;
  newPerson(id: PersonId): Person;
  project(session: SessionState): Projection;
  /** Raises a stored event (`{ v, kind, … }`) of any older version to today's. Throws for a newer one. */
  upgradeSessionEvent(stored: { v: number; body: unknown }): SessionEvent;
  upgradePersonEvent(stored: { v: number; body: unknown }): PersonEvent;
  /** The version written today. */
  eventVersion: number;
};

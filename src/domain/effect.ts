import type { Address, ConversationKey, MessageRef } from "./address.ts";
import type { Identity, OutboxId, PersonId, QuestionId, SessionId } from "./ids.ts";
import type { FileRef } from "./inbound.ts";
import type { Message, MessageKind } from "./message.ts";
import type { RaiseChoice } from "./quota-answer.ts";
import type { QuotaQuery } from "./quota-query.ts";

/**
 * Something the engine wants done. Effects name what to show, not its words: the words are made from the state at the
 * moment of sending, so the last state always lands and nothing that people wrote is copied into the outbox.
 */
export type Effect =
  /** Post a card or question. The post must exist in the session's `posts` as `wanted`. */
  | { do: "post"; post: PostKey }
  /** Redraw a post in place. Coalesced per post; a post that isn't there yet needs none. */
  | { do: "update"; post: PostKey }
  | { do: "remove"; message: MessageRef }
  /** What was sent again, since nobody could tell whether it was sent: has the first try come through as well? */
  | { do: "remove_twins"; kept: MessageRef; outbox: OutboxId }
  /** The receipt ✅ on a message, where the platform has it. */
  | { do: "react"; message: MessageRef }
  | { do: "unreact"; message: MessageRef }
  /** Come back with this input, at a machine time (settling) or a calendar time (nudges, digests, evidence). */
  | { do: "timer"; key: string; clock: "machine" | "calendar"; at: number; input: Timer }
  | { do: "cancel"; key: string }
  /** A direct message: nudge or digest. Its words are made from the person's open items at the moment of sending. */
  | { do: "direct"; person: PersonId; kind: "nudge" | "digest"; key: string; at: number; asked?: true }
  /** Find a channel by its name (or id), where the bot is in it. Answers with the Fact `channel_found`. */
  | { do: "find_channel"; person: PersonId; address: Address; name: string; rhythm: "daily" | "weekly"; always?: true }
  /** A session's digest in a channel, or its first line there. */
  | { do: "channel_digest"; channel: ConversationKey; what: "begin" | "digest" }
  /** Draw somebody's home view anew, where their platform has one; drawn at the moment of sending. */
  | { do: "home"; person: PersonId }
  /** A sentence of ours to one person, as a direct message, for what can't wait for their nudge. */
  | { do: "tell"; person: PersonId; text: string }
  /** Only to one person, where they are; right after the commit, once, never after a restart. */
  | { do: "whisper"; address: Address; person: PersonId; message: Message }
  /** Read AWS. Answers with the Fact `evidence`. `asked`: who wants to hear how it ended. */
  | { do: "collect"; key: string; sources?: string[]; fresh?: true; asked?: { person: PersonId; address: Address } }
  /** Read AWS for one person's question. Answered privately, where they asked. */
  | { do: "quota"; person: PersonId; address: Address; query: QuotaQuery }
  /** A question that our grammar can't read: a model puts it into a query, which is shown with the answer. */
  | { do: "translate_quota"; person: PersonId; address: Address; text: string }
  /** Compute the increase anew that a button means, and show it for confirmation. */
  | { do: "raise"; person: PersonId; address: Address; query: QuotaQuery; wanted: RaiseChoice }
  /** File the increase that was confirmed. Answers with the Fact `increase_filed`. */
  | { do: "file_increase"; person: PersonId; address: Address; raise: string }
  /** How do filed increases stand? Answers with the Fact `increases_read`. */
  | { do: "follow_increases" }
  /** Ask a model what an answer means, at a machine time. Answers with the Fact `answer_read`; nothing waits for it. */
  | { do: "read_answer"; question: QuestionId; at: number }
  /** Write the summary. Answers with the Fact `draft`. */
  | { do: "draft"; version: number }
  /** Links to the board that were given out so far open nothing any more. */
  | { do: "revoke_links" }
  /** A file to somebody: an export. */
  | { do: "file"; person: PersonId; format: string; address: Address }
  /** Fetch an export that somebody attached and bring its session back; they are told how it went. */
  | { do: "import"; person: PersonId; address: Address; file: FileRef }
  /** Link two platforms' ids of one person, by a one-time code or an e-mail address that both sides vouch for; or end that. */
  | ({ do: "link" } & LinkStep)
  /** Have a channel elsewhere follow the session by a one-time code: keep it, find its session. Answers with the Fact `followed`. */
  | ({ do: "follow"; code: string } & FollowStep)
  /** Read what was given as architecture. Answers with the Fact `architecture`. */
  | { do: "read_architecture"; intake: string }
  /** Draft a change of the uploaded file for a finding; it goes to the person who asked, and nowhere else. */
  | { do: "draft_fix"; intake: string; finding: string; person: PersonId; address: Address };

/** `header`, `scope`, `module:<id>`, `question:<id>:<version>`, `confirm:<module>`, `summary:<n>`, `decision:<n>`, `note:<n>`. */
export type PostKey = string;

export type Timer =
  | { timer: "settle"; session: SessionId; person: PersonId }
  /** `asked`: somebody wishes it (`remind`). */
  | { timer: "nudge"; person: PersonId; asked?: true }
  | { timer: "digest"; person: PersonId }
  | { timer: "channel_digest"; session: SessionId; channel: ConversationKey }
  | { timer: "daily"; session: SessionId }
  | { timer: "midnight"; session: SessionId }
  | { timer: "milestone"; session: SessionId; milestone: string }
  /** The words of an ended session have been kept long enough. */
  | { timer: "retention"; session: SessionId }
  /** Filed increases are looked at once a day. */
  | { timer: "increases"; session: SessionId }
  /** Reminded enough: does the facilitator look after it now? */
  | { timer: "escalate"; session: SessionId; person: PersonId; item: string }
  /** `by` wishes somebody a digest. `isSet`: what is left is to tell them. */
  | {
      timer: "digest_set";
      session: SessionId;
      person: PersonId;
      by: PersonId;
      rhythm: "daily" | "weekly";
      always?: true;
      isSet?: true;
    }
  /** Somebody has a part in a session now: its days off are theirs, and a manager's digests begin. */
  | { timer: "named"; session: SessionId; person: PersonId };

export type LinkStep =
  /** `until`: machine time. */
  | { step: "offer"; code: string; person: PersonId; until: number; name: string }
  | { step: "ask" | "join"; code: string; identity: Identity; address: Address; name: string }
  /** Both directories give the same address: `identity` is `person`, too. */
  | { step: "mail"; identity: Identity; person: PersonId; acted: boolean }
  /** A side that did nothing hears of it, in its hours. */
  | { step: "tell"; identity: Identity; other: PersonId }
  | { step: "unlink"; identity: Identity; address: Address };

export type FollowStep =
  /** `until`: machine time. */
  { step: "offer"; until: number } | { step: "bring"; identity: Identity; address: Address };

export const EFFECT_CLASSES = ["marked", "idempotent", "internal"] as const;
export type EffectClass = (typeof EFFECT_CLASSES)[number];

/**
 * A row to be stored with the events that wanted it. Lanes are claimed by their head, in order of `seq`.
 * A `key` is unique among rows that wait: a new row with the same key replaces the waiting one; `cancel` removes it.
 */
export type NewOutboxItem = {
  id: OutboxId;
  lane: string;
  key?: string;
  class: EffectClass;
  effect: Effect;
  session?: SessionId;
  kind?: MessageKind;
  /** Calendar time in ms: not before this hour of the world the session lives in. 0 = at once. */
  due: number;
  /** Machine time in ms: settling, back-off, coalescing. 0 = at once. */
  notBefore: number;
};

export type OutboxItem = NewOutboxItem & {
  seq: number;
  attempts: number;
  /** The outcome of an earlier attempt is unknown: look the post up before sending it again. */
  uncertain: boolean;
  /** Proof of the claim: a worker whose token is stale has lost the item. */
  token: string;
  leaseUntil: number;
};

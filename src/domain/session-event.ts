import { z } from "zod";
import type { Address, ConversationKey, MessageRef } from "./address.ts";
import type { PostKey } from "./effect.ts";
import type { Evidence, EvidenceGap } from "./evidence.ts";
import type { ChoiceId, ModuleId, PersonId, Platform, QuestionId, RiskId, SessionId, TextId } from "./ids.ts";
import type { Mention } from "./inbound.ts";
import type { ArchitectureSource, SuggestionEnd } from "./intake.ts";
import type { Increase } from "./quota-answer.ts";
import type {
  AcceptedLevel,
  EventTime,
  OfferedReply,
  OpenItem,
  PostState,
  RiskWatch,
  Scope,
  Seed,
  Telling,
} from "./session.ts";
import type { Words } from "./words.ts";

/**
 * What happened in a session, append-only: the audit trail. `by` is who caused it, `at` is calendar time (ISO).
 * Words of people are {@link Words}: the store keeps them apart.
 */
export type SessionEvent = { by?: PersonId; at: string } & (
  | {
      kind: "session_started";
      id: SessionId;
      name: string;
      event: EventTime;
      eventAt: string;
      home: Address;
      flat?: boolean;
      facilitator: PersonId;
      modules: { id: ModuleId; questions: QuestionId[] }[];
      scope: Scope;
    }
  | { kind: "session_edited"; name?: string; event?: EventTime; eventAt?: string }
  | { kind: "scope_changed"; scope: Partial<Scope> }
  | { kind: "person_named"; person: PersonId; name: string }
  /** `null`: it was given to somebody who can take no part, and is nobody's again. */
  | { kind: "owner_assigned"; module: ModuleId; person: PersonId | null }
  | { kind: "question_delegated"; question: QuestionId; to: PersonId | null }
  | { kind: "facilitator_changed"; person: PersonId }
  /** A post is wanted; its outbox item is in the same transaction. */
  | { kind: "post_wanted"; post: Omit<PostState, "state" | "ref"> }
  | { kind: "posted"; post: PostKey; ref: MessageRef }
  | { kind: "post_failed"; post: PostKey; reason: string }
  /** A post already there is now put to somebody (claim, assignment). */
  | { kind: "post_addressed"; post: PostKey; to: PersonId | null }
  | { kind: "question_asked"; question: QuestionId; version: number; to: PersonId | null; post: PostKey }
  | {
      kind: "reply_held";
      person: PersonId;
      message: MessageRef;
      platform: Platform;
      words: Words;
      mentions?: Mention[];
    }
  | { kind: "reply_released"; messageId: string }
  | { kind: "reply_offered"; offer: Omit<OfferedReply, "at"> }
  | { kind: "offer_ended"; messageId: string; used: boolean }
  | {
      kind: "answer_part_recorded";
      question: QuestionId;
      person: PersonId;
      messageId: string;
      platform: Platform;
      sentAt: number;
      words: Words;
      /** Said by button or command by somebody who isn't the owner. */
      onPurpose?: true;
    }
  | { kind: "answer_part_revised"; question: QuestionId; messageId: string; words: Words; editedAt: number }
  | { kind: "answer_part_withdrawn"; question: QuestionId; messageId: string }
  /** An edit (words) or deletion (null) of a message we haven't seen yet. */
  | { kind: "early_change_kept"; messageId: string; words: Words | null; changedAt: number }
  | { kind: "answer_settled"; question: QuestionId; person: PersonId; read: ChoiceId[] }
  | { kind: "answer_reopened"; question: QuestionId; why: "undo" | "evidence" | "edit" | "withdrawn" }
  | { kind: "question_skipped"; question: QuestionId; person: PersonId }
  | { kind: "question_not_applicable"; question: QuestionId; person: PersonId; reason?: Words }
  /** `next`: it comes back right after (undo); otherwise last. */
  | { kind: "question_set_aside"; question: QuestionId; next?: true }
  /** `worded`: a model's wording, checked; it may speak of what was answered, so `forget` must reach it. */
  | { kind: "follow_up_asked"; question: QuestionId; text: string; worded?: Words; post: PostKey; points: string[] }
  /** A model was asked what these words mean. Only what passed the checks stands here. */
  | {
      kind: "answer_suggested";
      question: QuestionId;
      of: TextId[];
      choices: ChoiceId[];
      followUp?: { points: string[]; words: Words };
    }
  /** Ticks of somebody who can't confirm them: a reading of these words, for the owner to confirm. */
  | { kind: "choices_ticked"; question: QuestionId; of: TextId[]; choices: ChoiceId[]; person: PersonId }
  /** The bot reads an answer differently now that another reading came; what was confirmed stands. */
  | { kind: "answer_reread"; question: QuestionId; read: ChoiceId[] }
  | { kind: "choices_confirmed"; question: QuestionId; choices: ChoiceId[] }
  | { kind: "module_completed"; module: ModuleId }
  | { kind: "module_confirmed"; module: ModuleId }
  | { kind: "evidence_requested"; sources?: string[] }
  /**
   * `items`: what is new or changed. `gaps`: absent where they are as before. `gone`: ids of what an earlier reading
   * said and this one no longer does. `again`: by source, when it was read that the rest still is so; `unseen`: ids of
   * those sources that couldn't be read this time.
   */
  | {
      kind: "evidence_read";
      items: Evidence[];
      gaps?: EvidenceGap[];
      complete: boolean;
      gone?: string[];
      again?: Record<string, string>;
      unseen?: string[];
    }
  /** An increase of a quota is asked of AWS (or was already, and is followed from now on). */
  | { kind: "increase_filed"; increase: Increase }
  | ({ kind: "increase_changed" } & Pick<Increase, "id" | "status" | "closed" | "late">)
  | { kind: "sentence_said"; key: string }
  | { kind: "risk_accepted"; risk: RiskId; person: PersonId; reason: Words; until?: string; level?: AcceptedLevel }
  | { kind: "decision_opened"; version: number }
  | { kind: "decision_signed"; version: number; person: PersonId; go: boolean; reason?: Words }
  /** `left`: how much was still open then. Absent in older ones. */
  | {
      kind: "decision_made";
      version: number;
      go: boolean;
      headline?: string;
      left?: { high: number; unconfirmed: number };
    }
  | { kind: "summary_requested"; version: number }
  | {
      kind: "summary_written";
      version: number;
      writer: "bedrock" | "plain";
      /** JSON of a {@link SummaryDocument}: it quotes people, so `forget` must reach it. */
      document: Words;
    }
  | { kind: "note_added"; person: PersonId; words: Words }
  /** A post that says something once; its outbox item is in the same transaction. */
  | { kind: "telling_wanted"; post: PostKey; telling: Telling }
  /** Reminded three times: the facilitator gets it instead. */
  | { kind: "reminders_ended"; item: string; of: OpenItem["kind"]; person: PersonId }
  | { kind: "risk_watched"; watched: Record<QuestionId, RiskWatch | null> }
  | { kind: "condition_set"; version: number; person: PersonId; words: Words; dueAt: string }
  | { kind: "condition_ended"; version: number; index: number; person: PersonId; met: boolean }
  | { kind: "scaled_down"; person: PersonId }
  | { kind: "review_answered"; asks: string; person: PersonId; words: Words }
  | { kind: "architecture_given"; intake: string; person: PersonId; address: Address; source: ArchitectureSource }
  /** `document`: JSON of an {@link ArchitectureDocument}; null: it could not be read, and why was told. */
  | { kind: "architecture_read"; intake: string; document: Words | null }
  /** `found`: which of an architecture's suggestions for the question; absent (older): all of them. */
  | {
      kind: "suggestion_settled";
      intake: string;
      question: QuestionId;
      found?: string;
      how: SuggestionEnd;
      person: PersonId;
    }
  /** What the event before knew. */
  | { kind: "seeds_carried"; from: SessionId; name: string; seeds: Record<QuestionId, Seed>; lessons: Words[] }
  /** A digest goes to this channel, or no longer. */
  | {
      kind: "channel_digest_set";
      rhythm: "daily" | "weekly" | "off";
      always?: true;
      address: Address;
      name: string;
      wishedBy?: PersonId;
    }
  | { kind: "channel_digest_sent"; channel: ConversationKey; told: number }
  /** Somebody brought the session's code to a channel elsewhere. */
  | { kind: "channel_followed"; address: Address; person: PersonId }
  | { kind: "channel_unfollowed"; address: Address }
  | { kind: "session_closed" }
  | { kind: "session_cancelled"; reason?: Words }
  | { kind: "session_forgotten" }
);
/** What a summary is stored as: the long text, the sections with the facts each sentence rests on, and its record. */
export const SummaryDocument = z.object({
  markdown: z.string(),
  sections: z.array(
    z.object({
      title: z.string(),
      sentences: z.array(z.object({ text: z.string(), facts: z.array(z.string()) })),
    }),
  ),
  /** What the sentences cite, as it was when they were written. Absent in summaries of an older version. */
  cited: z.array(z.object({ id: z.string(), text: z.string(), source: z.string() })).optional(),
  /** How it was made: the model, how many facts it was given, how many of its sentences were left out. */
  record: z.object({ model: z.string().optional(), facts: z.number(), dropped: z.number() }).optional(),
});
export type SummaryDocument = z.infer<typeof SummaryDocument>;

export type SessionEventKind = SessionEvent["kind"];

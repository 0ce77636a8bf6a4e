import type { ConversationKey } from "./address.ts";
import type { Identity, PersonId, QuestionId, SessionId } from "./ids.ts";

/** Working hours of a person: minutes of the day, and ISO weekdays (1 = Monday). */
export type Hours = { from: number; to: number; days: number[] };

export const DEFAULT_HOURS: Hours = { from: 9 * 60, to: 17 * 60, days: [1, 2, 3, 4, 5] };

export type Person = {
  id: PersonId;
  name?: string;
  /** IANA zone, told by the platform or set by the person. */
  zone?: string;
  zoneIsOwn?: boolean;
  hours?: Hours;
  /** Calendar dates, inclusive. */
  away?: { from: string; to: string };
  /** Days off of the sessions they take part in: calendar dates by session. */
  holidays?: Record<SessionId, string[]>;
  /** Open items put off: `<session>/<question or kind>` → not before this calendar instant (ISO). */
  snoozed: Record<string, string>;
  /** Local dates on which a nudge went out. */
  nudgedOn: string[];
  /** How often each question was in a nudge: after three the facilitator gets it instead. */
  nudges: Record<string, number>;
  /** The local date of the last nudge with this item in it. */
  remindedOn?: Record<string, string>;
  digest?: {
    rhythm: "daily" | "weekly";
    hour: number;
    /** Also when nothing moved. */
    always?: boolean;
    /** Nobody asked for it: it came with being named a manager. */
    byDefault?: boolean;
    lastAt?: string;
    lastRevision: Record<SessionId, number>;
  };
  /** They said `digest off`: being named a manager doesn't bring it back. */
  digestOff?: boolean;
  /** Sessions their digest tells of, with the event's instant. */
  follows?: Record<SessionId, string>;
  /** Where exactly one thing waits they are reminded in its thread, not in a direct message. */
  inThread?: true;
  /** Where they want to be written to, if they are on several platforms. */
  reach?: Identity;
  /** The rehearsal they are in, if any. */
  practice?: Practice;
  revision: number;
};

/**
 * A rehearsal on the sample workload, private to the person. Kept is what was covered, never the words: nothing of it
 * touches a session.
 */
export type Practice = {
  /** A module's id, `load-test` or `resilience-hub`. */
  subject: string;
  /** Where it goes on: in a direct chat plain replies answer it. */
  where: ConversationKey;
  results: (PracticeResult & { step: string })[];
};

export type PracticeResult =
  | { outcome: "skipped" }
  | {
      outcome: "answered";
      /** Points of a good answer. */
      covered: number;
      of: number;
      /** Planted weaknesses. */
      found: number;
      planted: number;
      dangerous?: true;
      /** What later steps compute with. */
      figures?: Record<string, number>;
    };

export type PersonEvent =
  | { kind: "person_met"; name?: string; zone?: string; at: string }
  | { kind: "hours_set"; hours: Hours; at: string }
  | { kind: "zone_set"; zone: string; at: string }
  | { kind: "away_set"; from: string; to: string; at: string }
  | { kind: "away_cleared"; at: string }
  /** Linked with another of their ids: what was set and sent there counts here, too. */
  | { kind: "merged"; of: Person; at: string }
  | { kind: "reach_set"; identity: Identity; at: string }
  | { kind: "nudge_place_set"; place: "thread" | "direct"; at: string }
  | { kind: "item_snoozed"; item: string; until: string; at: string }
  | {
      kind: "nudge_sent";
      date: string;
      items: { session: SessionId; question?: QuestionId; key: string }[];
      at: string;
    }
  | {
      kind: "digest_set";
      rhythm: "daily" | "weekly" | "off";
      hour: number;
      always?: boolean;
      byDefault?: boolean;
      at: string;
    }
  /** `date`: the local date; a digest counts as that day's one message. */
  | { kind: "digest_sent"; revisions: Record<SessionId, number>; date?: string; at: string }
  | { kind: "session_followed"; session: SessionId; eventAt: string; at: string }
  /** Begun, or taken up again elsewhere (`again`). */
  | { kind: "practice_begun"; subject: string; where: ConversationKey; again?: true; at: string }
  | { kind: "practice_answered"; step: string; result: PracticeResult; at: string }
  | { kind: "practice_ended"; at: string }
  | { kind: "holidays_known"; session: SessionId; dates: string[]; at: string };

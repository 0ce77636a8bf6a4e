import type { ModuleId, OutboxId, PersonId, QuestionId, SessionId } from "./ids.ts";

/**
 * What the bot says, in no platform's format. Adapters render it (Block Kit, Adaptive Cards), escape everything in it
 * and clip it to their platform's limits.
 */
export type Message = {
  /** One plain sentence or two: notification text, screen readers, fallback. Never empty. */
  summary: string;
  blocks: Block[];
};

/** A piece of a line. A bare string is plain text (no markup is interpreted in it). */
export type Inline =
  | string
  | { strong: string }
  | { soft: string }
  | { code: string }
  /** Words that a person wrote, shown as they are. */
  | { quote: string }
  | { link: string; url: string }
  /** A name. `ping` makes it a live mention: only for the one who must act. */
  | { person: PersonId; name: string; ping?: boolean }
  /**
   * An instant, shown by the reader's own clock where the platform can: its day, its time, or both (without `show`).
   * `fallback` is the same in words, in the session's zone.
   */
  | { time: string; show?: "day" | "time"; fallback: string };

export type Rich = Inline[];

export type ReadyState = "ready" | "at_risk" | "high_risk" | "not_answered";

export type Button = {
  /** Slack's action_id and Teams' verb: `answer`, `skip`, `why`, `claim`, `confirm`, … */
  action: string;
  label: string;
  /** What comes back with the tap. Opaque to platforms. */
  value: ActionValue;
  style?: "primary" | "danger";
  /** Opens a form: the adapter asks the engine for it at the tap (Slack: trigger; Teams: task/fetch). */
  opens?: boolean;
  /** For screen readers when the label alone is ambiguous, ≤ 75 characters. */
  describes?: string;
  confirm?: { title: string; text: string; yes: string; no: string };
};

export type ActionValue = {
  session?: SessionId;
  question?: QuestionId;
  module?: ModuleId;
  /** The version of the question's or card's post that carried the button: an older one is stale. */
  version?: number;
  /** Anything else an action needs (a risk id, a person, a command to run). */
  arg?: string;
};

export type Tick = { id: string; text: string; ticked: boolean };

export type Block =
  | { kind: "heading"; text: string }
  | { kind: "text"; text: Rich }
  /** Small and muted: sources, times, receipts. */
  | { kind: "context"; text: Rich }
  | { kind: "divider" }
  | { kind: "list"; items: Rich[] }
  | { kind: "progress"; rows: { label: string; done: number; total: number; state: ReadyState; note?: Rich }[] }
  | { kind: "facts"; facts: { label: string; value: Rich }[] }
  | { kind: "table"; caption: string; columns: string[]; rows: string[][] }
  /** Checkboxes; what is ticked comes back with any button of the message, under `id`, as an array of ids. */
  | { kind: "ticks"; id: string; label: string; ticks: Tick[] }
  /** An input box in the message itself, for platforms where replies can't be relied on (Teams); others leave it out. */
  | { kind: "input"; id: string; label: string; hint?: string }
  | { kind: "buttons"; buttons: Button[] }
  /** A chart as PNG, with words for those who don't see it. Rendered by `report`. */
  | {
      kind: "chart";
      title: string;
      alt: string;
      bars: { label: string; value: number; of: number; state: ReadyState }[];
      unit: string;
    };

export const MESSAGE_KINDS = [
  "header",
  "scope",
  "module",
  "question",
  "follow_up",
  "confirm",
  "evidence",
  "nudge",
  "digest",
  "summary",
  "decision",
  "note",
] as const;
export type MessageKind = (typeof MESSAGE_KINDS)[number];

/** Carried by every post (Slack: metadata `t_minus`; Teams: `channelData.tMinus`), so that it can be found again. */
export type Mark = {
  outbox: OutboxId;
  session: SessionId;
  kind: MessageKind;
  module?: ModuleId;
  question?: QuestionId;
  version: number;
};

/** A modal (Slack), dialog (Teams) or `<dialog>` (web). Field names are the contract's block ids. */
export type Form = {
  id: FormId;
  title: string;
  intro?: Rich;
  submit: string;
  fields: Field[];
  /** Comes back with the submission. */
  context: ActionValue;
};

export const FORM_IDS = ["start", "scope", "answer", "accept", "decide", "delegate", "me"] as const;
export type FormId = (typeof FORM_IDS)[number];

export type Field = { name: string; label: string; hint?: string; required?: boolean } & (
  | { type: "text"; value?: string; multiline?: boolean; max?: number }
  | { type: "date"; value?: string }
  | { type: "time"; value?: string }
  | { type: "choice"; value?: string; options: { value: string; label: string }[] }
  | { type: "choices"; values: string[]; options: { value: string; label: string }[] }
  | { type: "person"; value?: PersonId }
  | { type: "people"; values: PersonId[] }
);

/** What came back: by field name, a string, several strings (ticks, people), or null for an emptied one. */
export type FieldValues = Record<string, string | string[] | null>;

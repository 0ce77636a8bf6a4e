import type { Address } from "./address.ts";
import type { PersonId, Platform, SessionId } from "./ids.ts";
import type { ActionValue, FieldValues, FormId } from "./message.ts";

/** Who did it, as the platform's event says it. Names and zones are hints; they may be missing. */
export type Actor = {
  platform: Platform;
  workspace: string;
  user: string;
  name?: string;
  /** IANA zone. */
  zone?: string;
  /** A guest, or somebody of another workspace or tenant: may do nothing unless allowed. */
  outsider?: boolean;
  /** The platform hasn't told yet whether they are an outsider: only those who have a part in a session may act. */
  unverified?: boolean;
  /** Other ids of the same person, on this and other platforms. Filled in by the application. */
  also?: PersonId[];
};

/** Why nobody can give somebody a part: a guest or from elsewhere, an app, or no account (any more). */
export type Unfit = "outsider" | "bot" | "gone";

/** A mention inside `text`: `label` is how it stands there (`@priya`), so that text stays verbatim. */
export type Mention = { label: string; user: string; name?: string; isBot?: boolean; unfit?: Unfit };

export type FileRef = { id: string; name: string; mediaType: string; size: number; url: string; snippet?: boolean };

type Common = {
  /**
   * Receipt keys of this delivery (see "Receipt keys" in the contract). If any is known, the delivery is a repeat and
   * changes nothing.
   */
  receipts: string[];
  actor: Actor;
  /** Where it happened. Direct chats: `direct` is true. */
  address: Address;
  direct?: boolean;
  /** A chat without threads (Teams' group and personal chats): everything stands in one conversation. */
  flat?: boolean;
};

/**
 * Everything a platform can tell us, parsed once at the edge. What isn't ours is `ignored`, with a reason, never an
 * exception.
 */
export type Inbound =
  /** `/readiness …`, or a mention in a channel's top level or a direct chat. `text` is without the bot's name. */
  | (Common & { kind: "command"; text: string; mentions: Mention[]; files?: FileRef[]; form?: "possible" })
  /** Any other message. `text` is verbatim (platform escapes undone). `addressed`: it began by mentioning the bot; `text` is then without that mention. */
  | (Common & {
      kind: "message";
      messageId: string;
      sentAt: number;
      text: string;
      mentions: Mention[];
      addressed?: boolean;
      files?: FileRef[];
    })
  | (Common & { kind: "edit"; messageId: string; editedAt: number; text: string; mentions: Mention[] })
  | (Common & { kind: "delete"; messageId: string })
  /** A button; `inputs` are the ticks and input boxes of its message. */
  | (Common & {
      kind: "action";
      action: string;
      value: ActionValue;
      inputs: FieldValues;
      /** The message that carried the button, and its text where the platform gives it ("Record as answer"). */
      messageId?: string;
      form?: "possible";
    })
  /** `names`, `unfit`: what the people picked in it are called, and who of them can take no part, as far as is known. */
  | (Common & {
      kind: "form";
      form: FormId;
      context: ActionValue;
      values: FieldValues;
      names?: Record<PersonId, string>;
      unfit?: Record<PersonId, Unfit>;
    })
  /** "Record as answer" on a message (message shortcut): its author's words, on purpose. */
  | (Common & {
      kind: "record";
      messageId: string;
      sentAt: number;
      author: string;
      authorName?: string;
      text: string;
      mentions: Mention[];
    })
  | (Common & { kind: "home" })
  /**
   * What the platform tells of somebody who did nothing themselves: their name and zone, or that they can take no part.
   * `session`: where they were named, `namedBy` whom.
   */
  | (Common & { kind: "met"; session?: SessionId; namedBy?: PersonId; unfit?: Unfit })
  /**
   * The bot was added to or removed from a place (also: it was deleted), or a place was archived, brought back, renamed,
   * or shared with another organisation.
   */
  | (Common & { kind: "place"; change: PlaceChange; name?: string });

export type PlaceChange = "added" | "removed" | "archived" | "unarchived" | "renamed" | "shared";

export type Ignored = { kind: "ignored"; reason: string };

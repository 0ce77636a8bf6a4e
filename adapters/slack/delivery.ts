import type { Ignored, Inbound } from "../../src/domain/inbound.ts";
import type { FormPlace } from "./forms.ts";
import type { Profile } from "./people.ts";
import type { SlackFile } from "./schema.ts";

/** How the private answer to a delivery is shown. */
export type Answer =
  /** In the acknowledgement's body (slash commands). */
  | "acknowledgement"
  /** By the request's own address, since the acknowledgement is out. */
  | "afterwards"
  /** As an ephemeral message where it happened. */
  | "ephemeral"
  /** In a modal: there is no conversation (App Home, global shortcut). */
  | "modal"
  /** By the submitted view: field errors inside it, anything else where the form was opened. */
  | "view"
  | "none";

export type Texts = { files: SlackFile[]; words: string };

/** What Slack sent, parsed: the inbound event for the engine, and what is needed to answer with the request's own means. */
export type Delivery = {
  inbound: Inbound | Ignored;
  workspace: string;
  user?: string;
  answer: Answer;
  triggerId?: string;
  responseUrl?: string;
  /** The view that carried the button: what is shown next must fit to it. */
  view?: { id: string; type: "modal" | "home"; hash?: string };
  /** The button stood in a message that only this person sees. */
  inPrivate?: true;
  place?: FormPlace;
  /** Block ids of a submitted view: Slack takes field errors only for these. */
  fields?: string[];
  /** Snippets and other texts whose content belongs to the message, and the message's own words. */
  texts?: Texts;
  /** Said by the adapter itself, without the engine. */
  say?: string;
  /** Things that concern the adapter alone. */
  own?:
    | Removed
    | { about: "access_withdrawn"; workspaces: string[] }
    | { about: "user_changed"; user: unknown }
    /** What an event in it says of a channel. */
    | { about: "shared_channel"; channel: string; shared: boolean }
    /** Whatever is known of a channel's sharing is old. */
    | { about: "sharing_changed"; channel: string };
};

/** Slack's word that a token is no longer good: from which installation, when, and for which bots if it says so. */
export type Removed = { about: "uninstalled"; installation: string; at?: number; bots?: string[] };

/** What the adapter knows when it parses; all of it may be missing. */
export type Known = {
  /** The workspace in which a delivery is ours that names this one: with one token there is one. */
  at(claimed: string): string;
  /** The bot's own user id in a workspace. */
  bot(workspace: string): string | undefined;
  /** `outsider` is missing while Slack hasn't told where they are from. */
  person(workspace: string, user: string): Profile | undefined;
  /** Whether people of this workspace or organisation may take part in that workspace. */
  allowed(workspace: string, team: string): boolean;
};

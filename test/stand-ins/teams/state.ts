import type { Node } from "./card-check.ts";

/** Somebody in the tenant (or a guest in it). Teams has two ids for them. */
export type Account = {
  id: string;
  aadObjectId: string;
  name: string;
  email: string;
  role: "user" | "guest";
  tenant: string;
  zone: string;
  /** The app is installed for them: the bot may open their personal chat. */
  reachable: boolean;
};

export type Conversation = {
  id: string;
  type: "channel" | "groupChat" | "personal";
  name: string;
  /** For channels. */
  team?: Team;
  members: Account[];
  /** The bot is there. */
  installed: boolean;
  deleted: boolean;
  consent: boolean;
};

export type Team = {
  id: string;
  name: string;
  aadGroupId: string;
  members: Account[];
  channels: Conversation[];
  consent: boolean;
  installed: boolean;
};

export type StoredMessage = {
  id: string;
  conversation: Conversation;
  /** Root of its thread, in channels; a root's own id for roots. */
  root: string | undefined;
  author: Account | "bot";
  text: string;
  summary: string;
  attachments: Node[];
  mark: Node | undefined;
  sentAt: number;
  edits: number;
  deleted: boolean;
  /** Cards that somebody alone sees, after they tapped. */
  views: Map<string, unknown>;
};

/** A place to speak in: a conversation, and in a channel a thread of it. */
export type Place = { conversation: Conversation; root?: string };

/** Ids of messages in channels and group chats are their time in milliseconds; never two the same. */
export function createIds(now: () => number): () => string {
  let last = 0;
  return () => {
    last = Math.max(last + 1, Math.floor(now()));
    return String(last);
  };
}

export function serviceConversationId({ conversation, root }: Place): string {
  return root === undefined ? conversation.id : `${conversation.id};messageid=${root}`;
}

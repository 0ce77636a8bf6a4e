import type { Address } from "../../src/domain/address.ts";

/** How a conversation is laid out: a team's channel has threads; a group chat and the personal chat have none. */
export type ConversationType = "channel" | "groupChat" | "personal";

export type ConversationParts = { channel: string; root?: string };

const MESSAGE_ID = /;messageid=([^;]+)/;

/** `19:…@thread.tacv2;messageid=171…` → channel and root message. The service writes threads into the conversation id. */
export function conversationParts(id: string): ConversationParts {
  const root = MESSAGE_ID.exec(id)?.[1];
  return { channel: id.replace(MESSAGE_ID, ""), ...(root === undefined ? {} : { root }) };
}

/** The conversation id under which the service knows a thread (or, without one, a chat or a channel's top level). */
export function conversationId(address: Address): string {
  return address.thread === undefined ? address.channel : `${address.channel};messageid=${address.thread}`;
}

/**
 * Type of a conversation. Clients fill `conversationType` in; where it is missing the id's shape tells: channels end in
 * `@thread.tacv2` (older ones `@thread.skype`), group chats in `@thread.v2`, personal chats start with `a:`.
 */
export function conversationType(id: string, said: string | null | undefined): ConversationType {
  if (said === "channel" || said === "groupChat" || said === "personal") return said;
  if (MESSAGE_ID.test(id) || /@thread\.(?:tacv2|skype)/.test(id)) return "channel";
  return /@thread\./.test(id) ? "groupChat" : "personal";
}

/**
 * The platform's time of a message in milliseconds. Message ids in channels and group chats are that time; elsewhere
 * the activity's timestamp has to do.
 */
export function platformTime(
  messageId: string | null | undefined,
  timestamp: string | null | undefined,
  otherwise: number,
): number {
  if (messageId !== null && messageId !== undefined && /^\d{13}$/.test(messageId)) return Number(messageId);
  const said = timestamp === null || timestamp === undefined ? Number.NaN : Date.parse(timestamp);
  return Number.isNaN(said) ? otherwise : said;
}

import type { Platform } from "./ids.ts";

/**
 * Where something is said. `thread` is the platform's id of the thread's root message; without it the address is the
 * channel's (or chat's) top level. A direct chat with a person is `channel: "@<user>"` until the platform has named it.
 */
export type Address = { platform: Platform; workspace: string; channel: string; thread?: string };

/** `platform:workspace:channel` or `platform:workspace:channel#thread`: key of a lane and of a conversation. */
export type ConversationKey = string;

export function conversationKey({ platform, workspace, channel, thread }: Address): ConversationKey {
  const top = `${platform}:${workspace}:${channel}`;
  return thread === undefined ? top : `${top}#${thread}`;
}

export function channelOf({ platform, workspace, channel }: Address): Address {
  return { platform, workspace, channel };
}

export function directTo(identity: { platform: Platform; workspace: string; user: string }): Address {
  return { platform: identity.platform, workspace: identity.workspace, channel: `@${identity.user}` };
}

/**
 * A message on a platform. `sentAt` is the platform's own time in milliseconds (with fractions where the platform has
 * them): replies are ordered and attributed by it, never by their arrival.
 */
export type MessageRef = { address: Address; messageId: string; sentAt: number };

import type { Address } from "../../src/domain/address.ts";
import type { Actor } from "../../src/domain/inbound.ts";
import { conversationParts, conversationType } from "./address.ts";
import type { Activity, ActivityOf } from "./schema.ts";

/** What parsing needs to know beyond the activity itself. */
export type ParseContext = {
  /** Machine time: only for redelivery windows and where the platform gives no time of its own. */
  now: number;
  /** The one id under which we know somebody, from either of their two Teams ids. */
  person(id: string): { user: string; name?: string | undefined; outsider?: boolean | undefined };
  /** A local client has no members' lists worth asking: whoever speaks there belongs there. */
  local: boolean;
  /** Somebody of a tenant that isn't allowed, inside a conversation that is. */
  foreign: boolean;
  isCommand(text: string): boolean;
};

export type Place = { address: Address; type: ReturnType<typeof conversationType> };

/** Group chats and personal chats have no threads; only in personal chats nobody else listens. */
export function shapeOf(type: Place["type"]): { direct?: true; flat?: true } {
  if (type === "channel") return {};
  return type === "personal" ? { direct: true, flat: true } : { flat: true };
}

/** Tenant of the conversation; a local client may have none. */
export function tenantOf(activity: Activity): string {
  return activity.conversation.tenantId ?? activity.channelData?.tenant?.id ?? "local";
}

/** Where an activity stands: a tap stands where its card does. */
export function placeOf(activity: Activity): Place {
  const { channel, root } = conversationParts(activity.conversation.id);
  const type = conversationType(activity.conversation.id, activity.conversation.conversationType);
  const isTap = activity.type === "invoke" || (activity.type === "message" && isSubmit(activity));
  const subject = isTap ? activity.replyToId : activity.id;
  // A channel's top-level post is its own thread's root: it stands in the channel, its replies in the thread.
  const inThread = type === "channel" && root !== undefined && root !== subject;
  return {
    address: { platform: "teams", workspace: tenantOf(activity), channel, ...(inThread ? { thread: root } : {}) },
    type,
  };
}

/** Clients that don't know `Action.Execute` fall back to `Action.Submit`, which arrives as a message without words. */
export function isSubmit(activity: ActivityOf<"message">): boolean {
  return typeof activity.value === "object" && activity.value !== null && !activity.text;
}

export function actorOf(activity: Activity, context: ParseContext): Actor {
  const known = context.person(activity.from.id);
  const name = activity.from.name ?? known.name ?? undefined;
  return {
    platform: "teams",
    workspace: tenantOf(activity),
    user: known.user,
    ...(name === undefined ? {} : { name }),
    ...(activity.localTimezone ? { zone: activity.localTimezone } : {}),
    ...(known.outsider || context.foreign ? { outsider: true } : {}),
    ...(known.outsider === undefined && !context.foreign && !context.local ? { unverified: true } : {}),
  };
}

import { conversationKey, type MessageRef } from "../src/domain/address.ts";
import type { Effect, NewOutboxItem } from "../src/domain/effect.ts";
import { personId } from "../src/domain/ids.ts";
import type { Session } from "../src/domain/session.ts";
import type { Context } from "./context.ts";

/** Lane and key of the receipt on a message: the last wish about it counts. By time first: neighbours share a page. */
export function receiptLane({ address, messageId }: Pick<MessageRef, "address" | "messageId">): string {
  return `react:${messageId}:${conversationKey(address)}`;
}

/**
 * Lays an effect into its lane. Posts share the lane of their conversation, in order; what is idempotent has lanes of
 * its own, so that a redrawn header never waits behind a post, and a waiting one holds nobody up.
 */
export function toOutbox(effect: Effect, session: Session, ctx: Context): NewOutboxItem {
  const of = session.status === "none" ? {} : { session: session.id };
  const base = { id: ctx.newId("o"), effect, due: 0, notBefore: 0, ...of };
  const sessionId = session.status === "none" ? "" : session.id;
  switch (effect.do) {
    case "post": {
      const post = session.status === "none" ? undefined : session.posts[effect.post];
      if (post === undefined) throw new Error(`The post "${effect.post}" is wanted but not in the session`);
      return { ...base, lane: post.conversation, class: "marked", kind: post.kind };
    }
    case "update": {
      const key = `update:${sessionId}:${effect.post}`;
      return { ...base, lane: key, key, class: "idempotent" };
    }
    case "remove":
      return { ...base, lane: `remove:${effect.message.messageId}`, class: "idempotent" };
    case "remove_twins":
      return { ...base, lane: `twins:${effect.outbox}`, class: "idempotent" };
    case "react":
    case "unreact": {
      const lane = receiptLane(effect.message);
      return { ...base, lane, key: lane, class: "idempotent" };
    }
    case "timer":
      return {
        ...base,
        lane: `timer:${effect.key}`,
        key: effect.key,
        class: "internal",
        ...(effect.clock === "machine" ? { notBefore: effect.at } : { due: effect.at }),
      };
    case "direct":
      return {
        ...base,
        lane: `direct:${effect.person}`,
        key: effect.key,
        class: "marked",
        kind: effect.kind,
        due: effect.at,
      };
    case "find_channel":
      return { ...base, lane: `find-channel:${sessionId}:${effect.name}`, class: "internal" };
    case "channel_digest":
      return {
        ...base,
        lane: effect.channel,
        key: `channel-digest-${effect.what}:${sessionId}:${effect.channel}`,
        class: "marked",
        kind: "digest",
      };
    case "home": {
      // It is theirs, not a session's: nobody else hears when it can't be drawn.
      const lane = `home:${effect.person}`;
      return { id: base.id, effect, due: 0, notBefore: 0, lane, key: lane, class: "idempotent" };
    }
    case "tell":
      return { ...base, lane: `tell:${effect.person}`, class: "marked", kind: "note" };
    case "collect":
      return { ...base, lane: effect.key, key: effect.key, class: "internal" };
    case "quota":
    case "translate_quota":
    case "raise":
    case "file_increase":
      return { ...base, lane: `quota:${effect.person}`, class: "internal" };
    case "follow_increases": {
      const key = `increases-read:${sessionId}`;
      return { ...base, lane: key, key, class: "internal" };
    }
    case "read_answer": {
      const key = `reading:${sessionId}:${effect.question}`;
      return { ...base, lane: key, key, class: "internal", notBefore: effect.at };
    }
    case "draft":
      return { ...base, lane: `draft:${sessionId}`, key: `draft:${sessionId}`, class: "internal" };
    case "revoke_links":
      return { ...base, lane: `links:${sessionId}`, key: `links:${sessionId}`, class: "internal" };
    case "file":
      return { ...base, lane: `file:${effect.person}`, class: "marked" };
    case "import":
      return { ...base, lane: `import:${effect.person}`, class: "internal" };
    case "link": {
      const who = effect.step === "offer" ? effect.person : personId(effect.identity);
      return { ...base, lane: `link:${who}`, class: "internal" };
    }
    case "follow": {
      const who = effect.step === "offer" ? sessionId : personId(effect.identity);
      return { ...base, lane: `follow:${who}`, class: "internal" };
    }
    case "read_architecture":
      return {
        ...base,
        lane: `architecture:${effect.intake}`,
        key: `architecture:${effect.intake}`,
        class: "internal",
      };
    case "draft_fix":
      return {
        ...base,
        lane: `fix:${effect.person}`,
        key: `fix:${effect.intake}:${effect.finding}`,
        class: "internal",
      };
    case "whisper":
    case "cancel":
      throw new Error(`The effect "${effect.do}" is not stored`);
  }
}

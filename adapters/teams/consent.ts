import { z } from "zod";
import type { Store } from "../../src/domain/ports.ts";
import type { Reference } from "./references.ts";

/**
 * Whether people's messages reach us without naming us. A team's owner grants that when the app is installed
 * (`ChannelMessage.Read.Group`; a chat: `ChatMessage.Read.Chat`); nobody can be asked for it, and nothing tells us.
 * So it is learned: the first message that doesn't name us is the proof, remembered per team or group chat.
 */
export type Consent = {
  /** May people simply reply here? Personal chats always may. */
  freeReplies(reference: Reference): Promise<boolean>;
  /** A message that doesn't name us has arrived. */
  learned(reference: Reference): Promise<void>;
  /** The app was taken out; a new installation may be without the consent. */
  forgotten(reference: Reference): Promise<void>;
};

const NAMESPACE = "teams/consent";

export function createConsent(store: Pick<Store, "keep" | "kept" | "drop">): Consent {
  const cache = new Map<string, boolean>();
  const key = ({ tenant, team, channel }: Reference) => `${tenant}/${team ?? channel}`;

  return {
    async freeReplies(reference) {
      if (reference.type === "personal") return true;
      const cached = cache.get(key(reference));
      if (cached === true) return true;
      const kept = await store.kept(NAMESPACE, key(reference), (value) => z.boolean().parse(value));
      cache.set(key(reference), kept === true);
      return kept === true;
    },
    async learned(reference) {
      if (reference.type === "personal" || cache.get(key(reference)) === true) return;
      await store.keep(NAMESPACE, key(reference), true);
      cache.set(key(reference), true);
    },
    async forgotten(reference) {
      cache.delete(key(reference));
      await store.drop(NAMESPACE, key(reference));
    },
  };
}

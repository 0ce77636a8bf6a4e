import { z } from "zod";
import { modulesInOrder, postKeys, threadOf } from "../../conversations/session-queries.ts";
import type { Address } from "../domain/address.ts";
import { conversationKey } from "../domain/address.ts";
import { RetryLaterError } from "../domain/errors.ts";
import type { Inbound } from "../domain/inbound.ts";
import type { SessionState } from "../domain/session.ts";
import type { Parts } from "./parts.ts";
import type { Receiver } from "./receive.ts";

const NAMESPACE = "caught-up";
/** Read this much further back than the newest message seen: late and edited ones are found again, by their receipts. */
const OVERLAP_MS = 15 * 60_000;
/** A platform that asks to wait is asked again so often, and never later than this; then comes the next round. */
const MOST_TRIES = 5;
const LONGEST_WAIT_MS = 60_000;
const Seen = z.object({ until: z.number() });

/** Catches up now, one round at a time; whoever asks during a round gets that one's end. Never rejects. */
export function createCatchUp(parts: Parts, receiver: Receiver): () => Promise<void> {
  let round: Promise<void> | undefined;
  return () => {
    round ??= catchUp(parts, receiver)
      .then(
        () => {},
        (err: unknown) => parts.log.error({ err }, "Catching up failed; it is tried again at the next round"),
      )
      .finally(() => {
        round = undefined;
      });
    return round;
  };
}

/**
 * What was said while we were away: open sessions' threads are read from the last seen time through the same receipts,
 * so that what did arrive changes nothing. At start, after a reconnect, and every ten minutes.
 */
export async function catchUp(parts: Parts, receiver: Receiver): Promise<{ conversations: number; found: number }> {
  let conversations = 0;
  let found = 0;
  for (const row of await parts.store.sessions({ status: "open" })) {
    const session = await parts.store.session(row.id);
    if (session === undefined) continue;
    const chat = parts.chats[session.home.platform];
    if (chat?.history === undefined || !chat.abilities.history) continue;
    for (const { address, root } of threadsOf(session)) {
      conversations += 1;
      try {
        found += await readThread(parts, receiver, address, root);
      } catch (err) {
        parts.log.warn({ err, session: session.id }, "A thread could not be read again; it is tried at the next round");
      }
    }
  }
  if (found > 0) parts.log.info({ conversations, found }, "Caught up with what was said while away");
  return { conversations, found };
}

function threadsOf(session: SessionState): { address: Address; root: number }[] {
  return modulesInOrder(session).flatMap((module) => {
    const key = postKeys.module(module.id);
    const address = threadOf(session, key);
    const ref = session.posts[key]?.ref;
    return address === undefined || ref === undefined ? [] : [{ address, root: ref.sentAt }];
  });
}

async function readThread(parts: Parts, receiver: Receiver, address: Address, root: number): Promise<number> {
  const key = conversationKey(address);
  const seen = await parts.store.kept(NAMESPACE, key, (value) => Seen.parse(value));
  const since = Math.max(root, (seen?.until ?? root) - OVERLAP_MS);
  const inbounds = await historyOf(parts, address, since);
  let until = seen?.until ?? root;
  let found = 0;
  for (const inbound of inbounds) {
    const outcome = await receiver.accept(inbound);
    if (outcome.kind === "committed") found += 1;
    if (inbound.kind === "message") until = Math.max(until, inbound.sentAt);
  }
  if (until > (seen?.until ?? 0)) await parts.store.keep(NAMESPACE, key, { until });
  return found;
}

/** Many threads at once are more than a platform likes to be asked in a minute: it says when to go on. */
async function historyOf(parts: Parts, address: Address, since: number): Promise<Inbound[]> {
  for (let tries = 1; ; tries += 1) {
    try {
      return (await parts.chats[address.platform]?.history?.(address, since)) ?? [];
    } catch (error) {
      if (!(error instanceof RetryLaterError) || tries === MOST_TRIES) throw error;
      const wait = Math.min(error.retryAfter, LONGEST_WAIT_MS);
      await new Promise((resolve) => setTimeout(resolve, wait).unref());
    }
  }
}

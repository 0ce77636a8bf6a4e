import { createHash } from "node:crypto";
import { z } from "zod";
import type { Store } from "../../src/domain/ports.ts";
import type { Log } from "./config.ts";
import { Activity } from "./schema.ts";

/**
 * What somebody says of whom Teams hasn't told yet whether they belong here. It is kept and acknowledged at once, and
 * taken in when the conversation's members have answered (or haven't, in time). Kept durably, so that a crash in between
 * loses nothing that was acknowledged; with its secrets masked; and only until it is taken in.
 */
export type Waiting = {
  /** Resolves when it is durable; taking it in goes on beside. `key`: the same for a redelivery. */
  add(key: string, activity: Activity): Promise<void>;
  /** Takes in what an earlier process, or an earlier attempt, left. */
  resume(): Promise<void>;
  /** How many are being taken in. */
  size(): number;
  /** Resolves when none is. */
  idle(): Promise<void>;
};

const NAMESPACE = "teams/waiting";
const Kept = z.object({ v: z.literal(1), activity: Activity });

export function createWaiting(options: {
  store: Pick<Store, "keep" | "keptAll" | "drop">;
  mask: (text: string) => Promise<{ text: string }>;
  /** Looks people up, then has it committed. Rejects when it should be tried again. */
  takeIn: (activity: Activity) => Promise<void>;
  run: (work: Promise<unknown>, what: string) => void;
  log: Log;
}): Waiting {
  const { store, mask, takeIn, run, log } = options;
  const inHand = new Map<string, Promise<void>>();

  function take(key: string, activity: Activity): Promise<void> {
    const taken = takeIn(activity)
      .then(() => store.drop(NAMESPACE, key))
      .finally(() => inHand.delete(key));
    inHand.set(key, taken);
    return taken;
  }

  return {
    async add(about, activity) {
      const key = createHash("sha256").update(about).digest("base64url");
      if (inHand.has(key)) return;
      await store.keep(NAMESPACE, key, { v: 1, activity: { ...activity, ...(await maskedWords(activity, mask)) } });
      if (!inHand.has(key)) run(take(key, activity), "take in what a newcomer said");
    },
    async resume() {
      for (const { key, value } of await store.keptAll(NAMESPACE, (kept) => Kept.safeParse(kept))) {
        if (inHand.has(key)) continue;
        if (value.success) run(take(key, value.data.activity), "take in what a newcomer said");
        else {
          log.warn({ issue: value.error.issues[0]?.path }, "What a newcomer said can't be read any more");
          await store.drop(NAMESPACE, key);
        }
      }
    },
    size: () => inHand.size,
    async idle() {
      while (inHand.size > 0) await Promise.allSettled(inHand.values());
    },
  };
}

/** What people wrote in it: words, inputs of a card, fields of a form. */
async function maskedWords(activity: Activity, mask: (text: string) => Promise<{ text: string }>): Promise<object> {
  const text = "text" in activity && activity.text ? { text: (await mask(activity.text)).text } : {};
  const value = "value" in activity && activity.value ? { value: await masked(activity.value, mask) } : {};
  return { ...text, ...value };
}

async function masked(value: unknown, mask: (text: string) => Promise<{ text: string }>): Promise<unknown> {
  if (typeof value === "string") return (await mask(value)).text;
  if (Array.isArray(value)) return Promise.all(value.map((one) => masked(one, mask)));
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).map(async ([name, one]) => [name, await masked(one, mask)] as const);
  return Object.fromEntries(await Promise.all(entries));
}

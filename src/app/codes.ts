import { createHash } from "node:crypto";
import { z } from "zod";
import type { PersonId } from "../domain/ids.ts";
import type { Machine, Store } from "../domain/ports.ts";

const TRIES = "link-tries";
const Tries = z.object({ since: z.number(), count: z.number() });
/** Wrong codes within an hour, after which somebody has to wait. */
const MOST_TRIES = 5;
const HOUR_MS = 3_600_000;

/** One-time codes: kept hashed, with what they stand for, until their time is over. Guessing ends. */
export type Codes<About> = {
  keep(code: string, about: About, until: number): Promise<void>;
  /** What a code stands for, or a sentence why nothing. A wrong one is counted. */
  read(code: string, by: PersonId): Promise<{ about: About } | { problem: string }>;
  drop(code: string): Promise<void>;
};

export function createCodes<About>(options: {
  store: Pick<Store, "keep" | "kept" | "drop">;
  machine: Machine;
  namespace: string;
  about: z.ZodType<About>;
  /** How to get a new one: "Say `me link` on the other platform". */
  anew: string;
}): Codes<About> {
  const { store, machine, namespace, anew } = options;
  const Offer = z.object({ until: z.number(), about: options.about });

  return {
    keep: (code, about, until) => store.keep(namespace, keyOf(code), { until, about }),
    drop: (code) => store.drop(namespace, keyOf(code)),
    async read(code, by) {
      const now = machine.now();
      const kept = await store.kept(TRIES, by, (value) => Tries.parse(value));
      const tries = kept === undefined || now - kept.since > HOUR_MS ? { since: now, count: 0 } : kept;
      if (tries.count >= MOST_TRIES) return { problem: "Those were too many wrong codes. Try again in an hour." };
      const offer = await store.kept(namespace, keyOf(code), (value) => Offer.safeParse(value).data);
      if (offer !== undefined && offer.until >= now) return { about: offer.about };
      await store.keep(TRIES, by, { ...tries, count: tries.count + 1 });
      if (offer !== undefined) await store.drop(namespace, keyOf(code));
      return { problem: `I don't know that code, or its 15 minutes are over. ${anew} for a new one.` };
    },
  };
}

export function keyOf(code: string): string {
  return createHash("sha256").update(code).digest("base64url");
}

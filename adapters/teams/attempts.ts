import { z } from "zod";
import type { Machine, Store } from "../../src/domain/ports.ts";

/**
 * When a question was first sent. Teams can't be asked whether a send of unknown outcome arrived, so it is sent again;
 * people may have answered the first one already. Its time, not the second's, divides answers to the question before
 * from answers to this one.
 */
export type Attempts = {
  /** `again`: an earlier attempt may have arrived, at `at`. */
  begin(outbox: string): Promise<{ at: number; again: boolean }>;
  /** Nothing was sent. */
  undone(outbox: string): Promise<void>;
  /** Forgets what no retry can ask for any more. */
  sweep(): Promise<void>;
};

const NAMESPACE = "teams/attempts";
const KEEP = 24 * 3_600_000;
const parse = (value: unknown) => z.number().parse(value);

export function createAttempts(store: Pick<Store, "keep" | "kept" | "keptAll" | "drop">, machine: Machine): Attempts {
  return {
    async begin(outbox) {
      const before = await store.kept(NAMESPACE, outbox, parse);
      if (before !== undefined) return { at: before, again: true };
      const at = machine.now();
      await store.keep(NAMESPACE, outbox, at);
      return { at, again: false };
    },
    undone: (outbox) => store.drop(NAMESPACE, outbox),
    async sweep() {
      for (const { key, value } of await store.keptAll(NAMESPACE, parse)) {
        if (value < machine.now() - KEEP) await store.drop(NAMESPACE, key);
      }
    },
  };
}

import { whenItFits } from "../../src/when-it-fits.ts";
import type { Log } from "./config.ts";

/** Work that no answer waits for: its failure is logged, and shutting down waits for it a little. */
export type Background = {
  run(work: Promise<unknown>, what: string): void;
  /** Says or hands over something that somebody waits for: when Teams takes nothing at the moment, a little later. */
  deliver(work: () => Promise<unknown>, what: string): void;
  /** Resolves when all is done, or after `ms`. */
  drain(ms: number): Promise<void>;
};

export function createBackground(log: Log): Background {
  const underway = new Set<Promise<unknown>>();
  function run(work: Promise<unknown>, what: string): void {
    const settled: Promise<unknown> = work
      .catch((err: unknown) => log.warn({ err, what }, "Something in Teams could not be done in passing"))
      .finally(() => underway.delete(settled));
    underway.add(settled);
  }
  return {
    run,
    deliver: (work, what) => run(whenItFits(work), what),
    async drain(ms) {
      await Promise.race([Promise.allSettled([...underway]), delay(ms)]);
    },
  };
}

export function delay(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms).unref());
}

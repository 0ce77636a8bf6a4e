import { RetryLaterError } from "../../src/domain/errors.ts";
import type { Machine } from "../../src/domain/ports.ts";
import { SLACK_LIMITS } from "./limits.ts";

/** How long a post may wait inside the adapter for its turn; beyond that the outbox waits. Milliseconds. */
const PATIENCE = 3_500;

export type Pace = {
  /** Resolves when a post may go to this channel: one a second over all its threads. Else {@link RetryLaterError}. */
  turn(channel: string): Promise<void>;
  /** Throws {@link RetryLaterError} while Slack has asked this method (in this channel) to wait. */
  check(key: string): void;
  /** Slack answered 429: nothing goes out under this key for so long. */
  hold(key: string, ms: number): void;
};

/** Slack limits posts per channel and everything else per method; a 429 holds only what it was said about. */
export function createPace(machine: Machine, spacing: number = SLACK_LIMITS.postSpacing): Pace {
  const next = new Map<string, number>();
  const held = new Map<string, number>();
  return {
    async turn(channel) {
      const now = machine.now();
      const at = Math.max(now, next.get(channel) ?? 0);
      const wait = at - now;
      if (wait > PATIENCE)
        throw new RetryLaterError("A post a second per channel", { retryAfter: wait - PATIENCE / 2 });
      next.set(channel, at + spacing);
      if (next.size > 1_000) forget(next, now);
      if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait));
    },
    check(key) {
      const until = held.get(key) ?? 0;
      const now = machine.now();
      if (until > now) throw new RetryLaterError(`Slack asked to wait with ${key}`, { retryAfter: until - now });
    },
    hold(key, ms) {
      const now = machine.now();
      held.set(key, Math.max(held.get(key) ?? 0, now + ms));
      if (held.size > 1_000) forget(held, now);
    },
  };
}

function forget(times: Map<string, number>, now: number): void {
  for (const [key, at] of times) if (at < now) times.delete(key);
}

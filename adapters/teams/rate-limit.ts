import { RetryLaterError } from "../../src/domain/errors.ts";
import type { Machine } from "../../src/domain/ports.ts";
import { SENDS_PER_TENANT, SENDS_PER_THREAD } from "./limits.ts";

type Windows = readonly { count: number; ms: number }[];

/**
 * Keeps us below the platform's limits, per conversation and per tenant, so that throttling is rare. It never waits:
 * what doesn't fit now is refused with the time after which it does, and the outbox keeps its place in the lane.
 */
export type RateLimit = {
  /** Counts one send. Throws {@link RetryLaterError} when it would exceed a limit; nothing is counted then. */
  take(tenant: string, conversation: string): void;
  /** The service said 429: nothing goes to this conversation before `ms` have passed. */
  pause(conversation: string, ms: number): void;
};

export function createRateLimit(
  machine: Machine,
  { perThread = SENDS_PER_THREAD, perTenant = SENDS_PER_TENANT }: { perThread?: Windows; perTenant?: Windows } = {},
): RateLimit {
  const sent = new Map<string, number[]>();
  const pausedUntil = new Map<string, number>();

  return {
    take(tenant, conversation) {
      const now = machine.now();
      const paused = (pausedUntil.get(conversation) ?? 0) - now;
      const wait = Math.max(
        paused,
        waitFor(sent.get(`thread:${conversation}`), perThread, now),
        waitFor(sent.get(`tenant:${tenant}`), perTenant, now),
      );
      if (wait > 0) {
        throw new RetryLaterError("Teams takes only so many messages a second in one conversation.", {
          retryAfter: wait,
        });
      }
      count(sent, `thread:${conversation}`, now, perThread);
      count(sent, `tenant:${tenant}`, now, perTenant);
      if (sent.size > 10_000) forgetIdle(sent, now);
    },
    pause(conversation, ms) {
      pausedUntil.set(conversation, Math.max(pausedUntil.get(conversation) ?? 0, machine.now() + ms));
    },
  };
}

function waitFor(times: readonly number[] | undefined, windows: Windows, now: number): number {
  if (times === undefined) return 0;
  let wait = 0;
  for (const { count: most, ms } of windows) {
    const oldestThatMustLeave = times.at(-most);
    if (oldestThatMustLeave !== undefined) wait = Math.max(wait, oldestThatMustLeave + ms - now);
  }
  return wait;
}

function count(sent: Map<string, number[]>, key: string, now: number, windows: Windows): void {
  const longest = windows.at(-1)?.ms ?? 0;
  const times = (sent.get(key) ?? []).filter((time) => time > now - longest);
  times.push(now);
  sent.set(key, times);
}

function forgetIdle(sent: Map<string, number[]>, now: number): void {
  for (const [key, times] of sent) if ((times.at(-1) ?? 0) < now - 3_600_000) sent.delete(key);
}

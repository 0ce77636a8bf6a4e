import { RetryLaterError } from "../../src/domain/errors.ts";
import type { Machine } from "../../src/domain/ports.ts";
import { SLACK_LIMITS, SLACK_TIERS } from "./limits.ts";

/** How long a post may wait inside the adapter for its turn; beyond that the outbox waits. Milliseconds. */
const PATIENCE = 3_500;
/** The longest that anybody is told to wait for a method's rate. Milliseconds. */
export const LONGEST_QUEUE = 15 * 60_000;
/** How long a method that Slack has refused is kept to its documented rate. Milliseconds. */
const CAREFUL_FOR = 10 * 60_000;

export type Pace = {
  /** Resolves when a post may go to this channel: one a second over all its threads. Else {@link RetryLaterError}. */
  turn(channel: string): Promise<void>;
  /** Throws {@link RetryLaterError} while Slack has asked this method (in this channel) to wait. */
  check(key: string): void;
  /** Counts a call against the method's rate in a workspace, or throws {@link RetryLaterError} with its own moment. */
  take(workspace: string, method: string): void;
  /** Slack answered 429: nothing goes out under this key for so long, and the method keeps to its documented rate. */
  hold(key: string, ms: number, refused?: { workspace: string; method: string }): void;
};

/** `promised`: the last moment that was given to somebody who waits. `carefulUntil`: kept to the rate until then. */
type Bucket = { tokens: number; at: number; promised: number; carefulUntil: number };

/**
 * Slack limits posts per channel and everything else per method and workspace; a 429 holds only what it was said
 * about. Nobody waits in here for long: who has to, is told when to come again, each at a moment of their own.
 */
export function createPace(machine: Machine, spacing: number = SLACK_LIMITS.postSpacing): Pace {
  const next = new Map<string, number>();
  const held = new Map<string, number>();
  const buckets = new Map<string, Bucket>();

  /** A minute's calls at once, and then one by one as they become free. */
  function bucketOf(key: string, perMinute: number): Bucket {
    const now = machine.now();
    const { tokens, at, promised, carefulUntil } = buckets.get(key) ?? {
      tokens: perMinute,
      at: now,
      promised: 0,
      carefulUntil: 0,
    };
    const bucket = {
      tokens: Math.min(perMinute, tokens + ((now - at) * perMinute) / 60_000),
      at: now,
      promised,
      carefulUntil,
    };
    buckets.set(key, bucket);
    return bucket;
  }

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
    take(workspace, method) {
      const tier = SLACK_TIERS[method];
      if (tier === undefined) return;
      const bucket = bucketOf(`${workspace}/${method}`, tier.perMinute);
      if (tier.once === "refused" && bucket.carefulUntil < bucket.at) return;
      if (bucket.tokens >= 1) {
        bucket.tokens -= 1;
        return;
      }
      const every = 60_000 / tier.perMinute;
      const moment = Math.max(bucket.promised + every, bucket.at + (1 - bucket.tokens) * every);
      const retryAfter = Math.min(moment - bucket.at, LONGEST_QUEUE);
      if (retryAfter < LONGEST_QUEUE) bucket.promised = moment;
      throw new RetryLaterError(`${tier.perMinute} ${method} a minute`, { retryAfter });
    },
    hold(key, ms, refused) {
      const now = machine.now();
      held.set(key, Math.max(held.get(key) ?? 0, now + ms));
      if (held.size > 1_000) forget(held, now);
      const tier = refused === undefined ? undefined : SLACK_TIERS[refused.method];
      if (refused === undefined || tier === undefined) return;
      const bucket = bucketOf(`${refused.workspace}/${refused.method}`, tier.perMinute);
      bucket.tokens = 0;
      bucket.carefulUntil = now + CAREFUL_FOR;
    },
  };
}

function forget(times: Map<string, number>, now: number): void {
  for (const [key, at] of times) if (at < now) times.delete(key);
}

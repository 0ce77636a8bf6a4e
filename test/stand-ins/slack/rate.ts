/** Slack's tiers, calls a minute per method and workspace ("Web API rate limits"). */
const TIERS: Record<string, number> = {
  "conversations.open": 50,
  "conversations.info": 50,
  "conversations.history": 50,
  "conversations.replies": 50,
  "users.conversations": 50,
  "users.list": 20,
  "users.info": 100,
  "chat.update": 50,
  "chat.delete": 50,
  "chat.postEphemeral": 100,
  "reactions.add": 50,
  "reactions.remove": 20,
  "views.open": 100,
  "views.push": 100,
  "views.update": 100,
  "views.publish": 100,
};

/** Slack counts no milliseconds; the way here takes some. */
const TOLERANCE = 0.15;

type Bucket = { tokens: number; at: number };

/**
 * Token buckets. Posts have one a second and channel, with the short bursts that Slack tolerates without promising
 * them: `burst`.
 */
export function createRates({ burst, tiers }: { burst: number; tiers: boolean }) {
  const buckets = new Map<string, Bucket>();
  const take = (key: string, size: number, perSecond: number): number => {
    const now = Date.now();
    const bucket = buckets.get(key) ?? { tokens: size, at: now };
    const tokens = Math.min(size, bucket.tokens + ((now - bucket.at) / 1000) * perSecond);
    if (tokens >= 1 - TOLERANCE) {
      buckets.set(key, { tokens: Math.max(0, tokens - 1), at: now });
      return 0;
    }
    buckets.set(key, { tokens, at: now });
    return Math.max(1, Math.ceil((1 - tokens) / perSecond));
  };
  return {
    /** Seconds to wait; 0: go on. */
    check(method: string, team: string, channel: string | undefined): number {
      if (method === "chat.postMessage") return take(`post ${channel ?? ""}`, burst, 1);
      const perMinute = TIERS[method];
      return !tiers || perMinute === undefined ? 0 : take(`${method} ${team}`, perMinute, perMinute / 60);
    },
  };
}

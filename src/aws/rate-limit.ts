/** What AWS documents for one API in one account and Region. */
export type Rate = { burst: number; perSecond: number };

/** Time and waiting, so that a test moves both. */
export type Timer = { now(): number; sleep(ms: number): Promise<void> };

export interface TokenBucket {
  /** Resolves when the call may go. First come, first served. */
  take(): Promise<void>;
  /** AWS refused although we thought there was room (someone else calls too): what is left is gone. */
  drain(): void;
}

/**
 * A bucket that starts full. `take` reserves at once, so that callers that wait keep their order and none starves.
 */
export function createTokenBucket(rate: Rate, timer: Timer): TokenBucket {
  let tokens = rate.burst;
  let at = timer.now();
  const refill = () => {
    const now = timer.now();
    tokens = Math.min(rate.burst, tokens + (Math.max(0, now - at) / 1000) * rate.perSecond);
    at = now;
  };
  return {
    async take() {
      refill();
      tokens -= 1;
      if (tokens >= 0) return;
      await timer.sleep(Math.ceil((-tokens / rate.perSecond) * 1000));
    },
    drain() {
      refill();
      tokens = Math.min(tokens, 0);
    },
  };
}

/** We stay below what is documented, burst and rate: other tools use the same account, and calls arrive bunched. */
const OUR_SHARE = 0.9;

/**
 * Documented rates by `service:Operation`, else by service.
 * Service Quotas: its guide's "limits" page. EC2: "Request throttling for the Amazon EC2 API" (paginated or filtered
 * calls use the larger bucket, so every call of ours is). SES: control calls about 1 a second. DynamoDB: DescribeLimits
 * asks to be called no more than once a minute. The others publish none; those figures are our own modesty.
 */
const DOCUMENTED: Record<string, Rate> = {
  "servicequotas:ListServiceQuotas": { burst: 10, perSecond: 10 },
  "servicequotas:ListAWSDefaultServiceQuotas": { burst: 10, perSecond: 10 },
  "servicequotas:RequestServiceQuotaIncrease": { burst: 3, perSecond: 3 },
  servicequotas: { burst: 5, perSecond: 5 },
  "ec2:DescribeSpotFleetRequests": { burst: 50, perSecond: 3 },
  ec2: { burst: 100, perSecond: 20 },
  ses: { burst: 1, perSecond: 1 },
  "dynamodb:DescribeLimits": { burst: 1, perSecond: 1 / 60 },
  dynamodb: { burst: 10, perSecond: 10 },
  cloudwatch: { burst: 50, perSecond: 50 },
  lambda: { burst: 15, perSecond: 15 },
  autoscaling: { burst: 20, perSecond: 10 },
  elasticloadbalancing: { burst: 40, perSecond: 10 },
  rds: { burst: 20, perSecond: 10 },
  cloudfront: { burst: 5, perSecond: 5 },
  sts: { burst: 20, perSecond: 20 },
};

/** What we allow ourselves for one operation (`ec2:DescribeVolumes`) in one account and Region. */
export function rateOf(action: string): Rate {
  const documented = DOCUMENTED[action] ?? DOCUMENTED[action.split(":")[0] ?? ""] ?? { burst: 5, perSecond: 5 };
  return { burst: Math.max(1, Math.floor(documented.burst * OUR_SHARE)), perSecond: documented.perSecond * OUR_SHARE };
}

export type RateLimiter = { bucket(account: string, region: string, action: string): TokenBucket };

/** One bucket per account, Region and API. */
export function createRateLimiter(timer: Timer): RateLimiter {
  const buckets = new Map<string, TokenBucket>();
  return {
    bucket(account, region, action) {
      const key = `${account}/${region}/${action}`;
      const existing = buckets.get(key);
      if (existing !== undefined) return existing;
      const created = createTokenBucket(rateOf(action), timer);
      buckets.set(key, created);
      return created;
    },
  };
}

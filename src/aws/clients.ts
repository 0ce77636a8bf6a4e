import type { AutoScalingClient } from "@aws-sdk/client-auto-scaling";
import type { CloudFrontClient } from "@aws-sdk/client-cloudfront";
import type { CloudWatchClient } from "@aws-sdk/client-cloudwatch";
import type { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import type { EC2Client } from "@aws-sdk/client-ec2";
import type { ElasticLoadBalancingV2Client } from "@aws-sdk/client-elastic-load-balancing-v2";
import type { LambdaClient } from "@aws-sdk/client-lambda";
import type { RDSClient } from "@aws-sdk/client-rds";
import type { ServiceQuotasClient } from "@aws-sdk/client-service-quotas";
import type { SESv2Client } from "@aws-sdk/client-sesv2";
import type { Account } from "./accounts.ts";
import { codeOf, isThrottle, isTransient, noteAction, RoleError } from "./failure.ts";
import { createRateLimiter, type RateLimiter, type Timer } from "./rate-limit.ts";

/** Whose eyes, and where. `read` uses the account's read role, `quotas` the separate role that may file increases. */
export type AwsPlace = { account: Account; region: string; role: "read" | "quotas" };

type Made<Sdk, Client> = { sdk: Sdk; client: Client };

/**
 * Real SDK clients, one per service, account, Region and role, loaded when first used (an SDK client costs tens of
 * megabytes). Every call waits for its token bucket; throttling is retried at most twice, a broken connection once.
 */
export interface AwsClients {
  autoScaling(place: AwsPlace): Promise<Made<typeof import("@aws-sdk/client-auto-scaling"), AutoScalingClient>>;
  cloudFront(place: AwsPlace): Promise<Made<typeof import("@aws-sdk/client-cloudfront"), CloudFrontClient>>;
  cloudWatch(place: AwsPlace): Promise<Made<typeof import("@aws-sdk/client-cloudwatch"), CloudWatchClient>>;
  dynamoDb(place: AwsPlace): Promise<Made<typeof import("@aws-sdk/client-dynamodb"), DynamoDBClient>>;
  ec2(place: AwsPlace): Promise<Made<typeof import("@aws-sdk/client-ec2"), EC2Client>>;
  elb(
    place: AwsPlace,
  ): Promise<Made<typeof import("@aws-sdk/client-elastic-load-balancing-v2"), ElasticLoadBalancingV2Client>>;
  lambda(place: AwsPlace): Promise<Made<typeof import("@aws-sdk/client-lambda"), LambdaClient>>;
  rds(place: AwsPlace): Promise<Made<typeof import("@aws-sdk/client-rds"), RDSClient>>;
  serviceQuotas(place: AwsPlace): Promise<Made<typeof import("@aws-sdk/client-service-quotas"), ServiceQuotasClient>>;
  ses(place: AwsPlace): Promise<Made<typeof import("@aws-sdk/client-sesv2"), SESv2Client>>;
  /** Closes idle connections. */
  close(): void;
}

export type Credentials = { accessKeyId: string; secretAccessKey: string; sessionToken?: string; expiration?: Date };

export type ClientOptions = {
  timer: Timer;
  /** Absent: the SDK's own rules (`AWS_ENDPOINT_URL`, `AWS_ENDPOINT_URL_<SERVICE>`, then AWS itself). */
  endpoint?: string;
  /** Absent: the SDK's default chain. */
  credentials?: Credentials;
  /** A call that takes longer is given up. Default 10 s. */
  timeoutMs?: number;
  limiter?: RateLimiter;
  random?: () => number;
};

type Config = {
  region: string;
  maxAttempts: 1;
  requestHandler: { requestTimeout: number; throwOnRequestTimeout: true; connectionTimeout: number };
  endpoint?: string;
  credentials?: Credentials | (() => Promise<Credentials>);
};

type Destroyable = { destroy(): void };

type Pace = <Args, Out>(
  next: (args: Args) => Promise<Out>,
  context: { commandName?: string },
) => (args: Args) => Promise<Out>;

type Stack = {
  add(middleware: Pace, where: { step: "initialize"; name: string; priority: "high" }): void;
  remove(name: string): boolean;
};

/** Our pace in front; and without the SDK's log of calls, which copies every answer to hide secrets even if nobody logs. */
function prepare(stack: Stack, pace: Pace): void {
  stack.add(pace, { step: "initialize", name: "paced", priority: "high" });
  stack.remove("loggerMiddleware");
}

const MAX_REFUSALS = 2;

export function createAwsClients(options: ClientOptions): AwsClients {
  const timeout = options.timeoutMs ?? 10_000;
  const limiter = options.limiter ?? createRateLimiter(options.timer);
  const random = options.random ?? Math.random;
  const open: Destroyable[] = [];
  const assumed = new Map<string, { until: number; credentials: Promise<Credentials> }>();

  const base = (region: string): Config => ({
    region,
    maxAttempts: 1,
    requestHandler: {
      requestTimeout: timeout,
      throwOnRequestTimeout: true,
      connectionTimeout: Math.min(timeout, 3_000),
    },
    ...(options.endpoint === undefined ? {} : { endpoint: options.endpoint }),
    ...(options.credentials === undefined ? {} : { credentials: options.credentials }),
  });

  /** One AssumeRole per role, shared by every service and Region, renewed five minutes before it lapses. */
  const assume = (role: string, externalId: string | undefined, region: string): Promise<Credentials> => {
    const known = assumed.get(role);
    if (known !== undefined && known.until > options.timer.now()) return known.credentials;
    const entry = { until: options.timer.now() + 60_000, credentials: load() };
    assumed.set(role, entry);
    entry.credentials.catch(() => assumed.delete(role));
    return entry.credentials;
    async function load(): Promise<Credentials> {
      const sdk = await import("@aws-sdk/client-sts");
      const sts = new sdk.STSClient(base(region));
      prepare(sts.middlewareStack, paced("sts", role, region));
      try {
        const answer = await sts.send(
          new sdk.AssumeRoleCommand({
            RoleArn: role,
            RoleSessionName: "t-minus",
            ...(externalId === undefined ? {} : { ExternalId: externalId }),
          }),
        );
        const { AccessKeyId, SecretAccessKey, SessionToken, Expiration } = answer.Credentials ?? {};
        if (AccessKeyId === undefined || SecretAccessKey === undefined || SessionToken === undefined) {
          throw new RoleError(role, { cause: new Error("AssumeRole answered without credentials") });
        }
        const expiration = Expiration ?? new Date(options.timer.now() + 3_600_000);
        entry.until = expiration.getTime() - 300_000;
        // The SDK asks again five minutes before `expiration`; without one it would keep these for ever.
        return { accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey, sessionToken: SessionToken, expiration };
      } catch (error) {
        throw error instanceof RoleError ? error : new RoleError(role, { cause: error });
      } finally {
        sts.destroy();
      }
    }
  };

  const configFor = (place: AwsPlace): Config => {
    const role = place.role === "read" ? place.account.readRole : place.account.writeRoles.quotas;
    const config = base(place.region);
    if (role === undefined) return config;
    return {
      ...config,
      credentials: () => assume(role, place.account.externalId, place.account.regions[0] ?? place.region),
    };
  };

  /** Waits for the bucket before every attempt; retries what is worth it; counts nothing and hides nothing. */
  const paced =
    (service: string, account: string, region: string) =>
    <Args, Out>(next: (args: Args) => Promise<Out>, context: { commandName?: string }) =>
    async (args: Args): Promise<Out> => {
      const operation = (context.commandName ?? "").replace(/Command$/, "");
      const bucket = limiter.bucket(account, region, `${service}:${operation}`);
      let refusals = 0;
      let breaks = 0;
      for (;;) {
        await bucket.take();
        try {
          return await next(args);
        } catch (error) {
          if (isThrottle(error) && refusals < MAX_REFUSALS) {
            refusals += 1;
            bucket.drain();
            await options.timer.sleep(Math.round(400 * 2 ** refusals * (0.5 + random() / 2)));
          } else if (
            isTransient(error) &&
            breaks < 1 &&
            operation !== "RequestServiceQuotaIncrease" &&
            codeOf(error) !== "TimeoutError"
          ) {
            // A time-out is not tried again: it already cost ten seconds, and the question waits.
            breaks += 1;
            await options.timer.sleep(Math.round(200 * (0.5 + random() / 2)));
          } else {
            noteAction(error, `${service}:${operation}`);
            throw error;
          }
        }
      }
    };

  /** One client per service and place, made when first asked for. */
  const service = <Sdk, Client extends Destroyable>(
    name: string,
    load: () => Promise<Sdk>,
    create: (sdk: Sdk, config: Config, pace: Pace) => Client,
  ): ((place: AwsPlace) => Promise<Made<Sdk, Client>>) => {
    const made = new Map<string, Promise<Made<Sdk, Client>>>();
    return (place) => {
      const key = `${place.account.alias}/${place.region}/${place.role}`;
      const existing = made.get(key);
      if (existing !== undefined) return existing;
      const creating = load().then((sdk) => {
        const client = create(sdk, configFor(place), paced(name, place.account.alias, place.region));
        open.push(client);
        return { sdk, client };
      });
      made.set(key, creating);
      return creating;
    };
  };

  return {
    autoScaling: service(
      "autoscaling",
      () => import("@aws-sdk/client-auto-scaling"),
      (sdk, config, pace) => {
        const client = new sdk.AutoScalingClient(config);
        prepare(client.middlewareStack, pace);
        return client;
      },
    ),
    cloudFront: service(
      "cloudfront",
      () => import("@aws-sdk/client-cloudfront"),
      (sdk, config, pace) => {
        const client = new sdk.CloudFrontClient(config);
        prepare(client.middlewareStack, pace);
        return client;
      },
    ),
    cloudWatch: service(
      "cloudwatch",
      () => import("@aws-sdk/client-cloudwatch"),
      (sdk, config, pace) => {
        const client = new sdk.CloudWatchClient(config);
        prepare(client.middlewareStack, pace);
        return client;
      },
    ),
    dynamoDb: service(
      "dynamodb",
      () => import("@aws-sdk/client-dynamodb"),
      (sdk, config, pace) => {
        const client = new sdk.DynamoDBClient(config);
        prepare(client.middlewareStack, pace);
        return client;
      },
    ),
    ec2: service(
      "ec2",
      () => import("@aws-sdk/client-ec2"),
      (sdk, config, pace) => {
        const client = new sdk.EC2Client(config);
        prepare(client.middlewareStack, pace);
        return client;
      },
    ),
    elb: service(
      "elasticloadbalancing",
      () => import("@aws-sdk/client-elastic-load-balancing-v2"),
      (sdk, config, pace) => {
        const client = new sdk.ElasticLoadBalancingV2Client(config);
        prepare(client.middlewareStack, pace);
        return client;
      },
    ),
    lambda: service(
      "lambda",
      () => import("@aws-sdk/client-lambda"),
      (sdk, config, pace) => {
        const client = new sdk.LambdaClient(config);
        prepare(client.middlewareStack, pace);
        return client;
      },
    ),
    rds: service(
      "rds",
      () => import("@aws-sdk/client-rds"),
      (sdk, config, pace) => {
        const client = new sdk.RDSClient(config);
        prepare(client.middlewareStack, pace);
        return client;
      },
    ),
    serviceQuotas: service(
      "servicequotas",
      () => import("@aws-sdk/client-service-quotas"),
      (sdk, config, pace) => {
        const client = new sdk.ServiceQuotasClient(config);
        prepare(client.middlewareStack, pace);
        return client;
      },
    ),
    ses: service(
      "ses",
      () => import("@aws-sdk/client-sesv2"),
      (sdk, config, pace) => {
        const client = new sdk.SESv2Client(config);
        prepare(client.middlewareStack, pace);
        return client;
      },
    ),
    close() {
      for (const client of open.splice(0)) client.destroy();
    },
  };
}

import { Agent as HttpAgent } from "node:http";
import { Agent as HttpsAgent } from "node:https";
import type * as BotBuilder from "botbuilder";
import { z } from "zod";
import type { Machine } from "../../src/domain/ports.ts";
import { type BotSettings, isLoopback, type TeamsConfig } from "./config.ts";
import { TokenError } from "./failure.ts";

/**
 * The one place that touches botbuilder's classes: authentication, the adapter that takes activities in, the clients
 * that send. botbuilder is out of support; its successor (`@microsoft/agents-hosting`) has the same three, so this file
 * and its types are what changes.
 */

type Sdk = typeof BotBuilder;
export type ConnectorClient = Awaited<
  ReturnType<ReturnType<BotBuilder.ConfigurationBotFrameworkAuthentication["createConnectorFactory"]>["create"]>
>;
type Inherited = BotBuilder.ConfigurationBotFrameworkAuthentication;
type Authenticated = Awaited<ReturnType<Inherited["authenticateRequest"]>>;
type Credentials = Awaited<ReturnType<BotBuilder.ConfigurationServiceClientCredentialFactory["createCredentials"]>>;

export type BotSdk = {
  /**
   * Validates the `Authorization` header against the activity, then runs `logic`. Resolves with the answer of an invoke.
   * Rejects with {@link NotAuthenticError} when the token isn't right, {@link CannotAuthenticateError} when the keys to
   * check it can't be read, and with whatever `logic` threw.
   */
  receive(
    authorization: string,
    activity: Record<string, unknown>,
    logic: () => Promise<InvokeAnswer | undefined>,
  ): Promise<InvokeAnswer | undefined>;
  /** A client for a service address; tokens and connections are shared. */
  connector(serviceUrl: string): Promise<ConnectorClient>;
  /** A team's channels, as the Bot Connector lists them. */
  channelsOf(serviceUrl: string, team: string): Promise<unknown>;
};

export type InvokeAnswer = { status: number; body?: unknown };

export class NotAuthenticError extends Error {
  override name = "NotAuthenticError";
}

export class CannotAuthenticateError extends Error {
  override name = "CannotAuthenticateError";
}

/** Milliseconds. The Bot Connector uses a token for about an hour. */
const TAKEN_AGAIN = 60_000;
const MOST_CHECKED = 1_000;

export async function openSdk(config: TeamsConfig, machine: Machine): Promise<BotSdk> {
  const sdk = await import("botbuilder");
  const settings = config.local ? {} : withEveryEndpoint(config.settings);
  const credentials = createCredentials(sdk, config.local ? {} : config.settings, machine);
  const appId = config.local ? "" : (config.settings.MicrosoftAppId ?? "");

  /**
   * botbuilder checks a token in full and builds two HTTP clients for every single activity. The clients are shared
   * here; and a token that was right for the same channel and service address is taken again for a minute.
   */
  class Authentication extends sdk.ConfigurationBotFrameworkAuthentication {
    readonly #checked = new Map<string, { until: number; result: Authenticated }>();
    #userTokens: ReturnType<BotBuilder.ConfigurationBotFrameworkAuthentication["createUserTokenClient"]> | undefined;

    override async authenticateRequest(activity: BotBuilder.Activity, authorization: string): Promise<Authenticated> {
      const key = JSON.stringify([activity.channelId, activity.serviceUrl, authorization]);
      const before = this.#checked.get(key);
      if (before !== undefined && machine.now() < before.until) return before.result;
      const checked = await super.authenticateRequest(activity, authorization);
      const result: Authenticated = {
        ...checked,
        connectorFactory: { create: (serviceUrl) => connectorOf(serviceUrl) },
      };
      if (this.#checked.size > MOST_CHECKED) this.#checked.clear();
      this.#checked.set(key, { until: Math.min(machine.now() + TAKEN_AGAIN, endOf(checked)), result });
      return result;
    }

    override createUserTokenClient(identity: Parameters<Inherited["createUserTokenClient"]>[0]) {
      this.#userTokens ??= super.createUserTokenClient(identity);
      return this.#userTokens;
    }
  }
  const auth = new Authentication(settings, credentials);

  class Adapter extends sdk.CloudAdapter {
    turn(
      authorization: string,
      activity: BotBuilder.Activity,
      logic: (context: BotBuilder.TurnContext) => Promise<void>,
    ) {
      return this.processActivity(authorization, activity, logic);
    }
    identity() {
      return this.createClaimsIdentity(appId);
    }
  }
  const adapter = new Adapter(auth);
  // The default writes to the console and hides the error: ours must reach the HTTP answer, so that Teams retries.
  adapter.onTurnError = async (_context, error) => {
    throw error;
  };

  const connectors = new Map<string, Promise<ConnectorClient>>();
  function connectorOf(serviceUrl: string): Promise<ConnectorClient> {
    let client = connectors.get(serviceUrl);
    if (client === undefined) {
      client = auth.createConnectorFactory(adapter.identity()).create(serviceUrl).then(withoutRetries);
      client.catch(() => connectors.delete(serviceUrl));
      if (connectors.size > 100) connectors.clear();
      connectors.set(serviceUrl, client);
    }
    return client;
  }

  return {
    async receive(authorization, activity, logic) {
      let entered = false;
      try {
        const answer = await adapter.turn(authorization, asActivity(activity), async (context) => {
          entered = true;
          const invoke = await logic();
          if (invoke !== undefined) context.turnState.set(sdk.INVOKE_RESPONSE_KEY, { value: invoke });
        });
        return answer === undefined ? undefined : { status: answer.status, body: answer.body };
      } catch (error) {
        if (entered) throw error;
        throw authenticationFailure(error);
      }
    },
    connector: connectorOf,
    async channelsOf(serviceUrl, team) {
      const context = new sdk.TurnContext(adapter, { serviceUrl, channelId: "msteams" });
      context.turnState.set(adapter.ConnectorClientKey, await connectorOf(serviceUrl));
      return sdk.TeamsInfo.getTeamChannels(context, team);
    },
  };
}

/** When a token ends by its own word, milliseconds. One that doesn't say is never taken again. */
function endOf({ claimsIdentity }: Authenticated): number {
  const end = Number(claimsIdentity.getClaimValue("exp"));
  return Number.isFinite(end) ? end * 1_000 : 0;
}

const ActivityShape = z.custom<BotBuilder.Activity>((value) => typeof value === "object" && value !== null);

/** botbuilder trusts its caller here as well: the JSON has been checked to be an object with a type. */
function asActivity(activity: Record<string, unknown>): BotBuilder.Activity {
  return ActivityShape.parse(activity);
}

/**
 * botbuilder reports a bad token in three ways (its own error with a status, jsonwebtoken's errors, a syntax error of a
 * token that isn't one); everything else is our side's trouble, and Teams shall try again.
 */
function authenticationFailure(error: unknown): Error {
  const { name, statusCode } = z
    .object({ name: z.string().catch(""), statusCode: z.number().optional().catch(undefined) })
    .catch({ name: "", statusCode: undefined })
    .parse(error);
  const tokenIsBad =
    statusCode === 401 ||
    statusCode === 403 ||
    ["JsonWebTokenError", "NotBeforeError", "TokenExpiredError", "SyntaxError"].includes(name);
  return tokenIsBad
    ? new NotAuthenticError("The request's token is not one of the Bot Connector for this bot.", { cause: error })
    : new CannotAuthenticateError("The keys that sign Teams' requests can't be read right now.", { cause: error });
}

const PUBLIC_CLOUD = {
  ToChannelFromBotLoginUrl: "https://login.microsoftonline.com/botframework.com",
  ToChannelFromBotOAuthScope: "https://api.botframework.com",
  ToBotFromChannelTokenIssuer: "https://api.botframework.com",
  OAuthUrl: "https://api.botframework.com",
  ToBotFromChannelOpenIdMetadataUrl: "https://login.botframework.com/v1/.well-known/openidconfiguration",
  ToBotFromEmulatorOpenIdMetadataUrl: "https://login.microsoftonline.com/common/v2.0/.well-known/openid-configuration",
} as const;

/** Setting one of botbuilder's endpoints switches off all its defaults; the others then get the public cloud's. */
function withEveryEndpoint(settings: BotSettings): Record<string, string> {
  const given = Object.fromEntries(Object.entries(settings).filter((entry): entry is [string, string] => !!entry[1]));
  const overridden = Object.keys(PUBLIC_CLOUD).some((name) => name in given);
  return overridden ? { ...PUBLIC_CLOUD, ...given } : given;
}

function createCredentials(
  sdk: Sdk,
  settings: BotSettings,
  machine: Machine,
): BotBuilder.ConfigurationServiceClientCredentialFactory {
  const given = Object.fromEntries(Object.entries(settings).filter(([, value]) => !!value));
  const type = settings.MicrosoftAppType || (settings.MicrosoftAppId ? "SingleTenant" : undefined);
  const tokens: Tokens = new Map();
  class Factory extends sdk.ConfigurationServiceClientCredentialFactory {
    override async createCredentials(appId: string, audience: string, login: string, validateAuthority: boolean) {
      const inner = isLoopback(login)
        ? loopbackCredentials(login, settings, audience, machine, tokens)
        : await super.createCredentials(appId, audience, login, validateAuthority);
      return naming(inner);
    }
  }
  return new Factory({ ...given, ...(type === undefined ? {} : { MicrosoftAppType: type }) });
}

/** A token that can't be had is told apart from a request that failed: then nothing was sent. */
function naming(inner: Credentials): Credentials {
  return {
    async signRequest(request) {
      try {
        return await inner.signRequest(request);
      } catch (error) {
        throw new TokenError("No access token for the Bot Connector.", { refused: isRefused(error), cause: error });
      }
    },
  };
}

/** Microsoft's library names the OAuth error; a wrong secret or application ends in one of these. */
function isRefused(error: unknown): boolean {
  const said =
    error instanceof Error ? `${error.name} ${error.message} ${"errorCode" in error ? error.errorCode : ""}` : "";
  return /invalid_client|unauthorized_client|invalid_request|invalid_grant|AADSTS(?:7000|90)\d+|answered 40[0-3]/.test(
    said,
  );
}

const TokenAnswer = z.object({ access_token: z.string().min(1), expires_in: z.coerce.number() });
type Tokens = Map<string, { token: string; until: number }>;

/** Microsoft's own library insists on HTTPS authorities; on loopback the same OAuth exchange is done by hand. */
function loopbackCredentials(
  login: string,
  settings: BotSettings,
  audience: string,
  machine: Machine,
  tokens: Tokens,
): Credentials {
  return {
    async signRequest(request) {
      const key = `${login}|${audience}`;
      let known = tokens.get(key);
      if (known === undefined || known.until < machine.now()) {
        const response = await fetch(`${login.replace(/\/$/, "")}/oauth2/v2.0/token`, {
          method: "POST",
          body: new URLSearchParams({
            grant_type: "client_credentials",
            client_id: settings.MicrosoftAppId ?? "",
            client_secret: settings.MicrosoftAppPassword ?? "",
            scope: `${audience}/.default`,
          }),
          signal: AbortSignal.timeout(10_000),
        });
        if (!response.ok) throw new Error(`The token endpoint answered ${response.status}.`);
        const { access_token: token, expires_in: seconds } = TokenAnswer.parse(await response.json());
        known = { token, until: machine.now() + (seconds - 300) * 1_000 };
        tokens.set(key, known);
      }
      request.headers.set("authorization", `Bearer ${known.token}`);
      return request;
    },
  };
}

const Pipeline = z.object({
  getOrderedPolicies: z.custom<() => { name: string }[]>((value) => typeof value === "function"),
  removePolicy: z.custom<(policy: { name: string }) => unknown>((value) => typeof value === "function"),
  addPolicy: z.custom<(policy: Policy) => void>((value) => typeof value === "function"),
});

type Policy = {
  name: string;
  sendRequest(
    request: { url: string; agent?: HttpAgent },
    next: (request: object) => Promise<unknown>,
  ): Promise<unknown>;
};

/**
 * Idle connections are closed by us before the service closes them (5 s is common): a message sent down a connection
 * that is just being closed may or may not have arrived, and a private reply isn't sent twice.
 */
const IDLE = { keepAlive: true, timeout: 2_500 };
const agents = { http: new HttpAgent(IDLE), https: new HttpsAgent(IDLE) };
const freshConnections: Policy = {
  name: "freshConnections",
  sendRequest(request, next) {
    request.agent = request.url.startsWith("https:") ? agents.https : agents.http;
    return next(request);
  },
};

/**
 * botbuilder's client sends a failed POST up to four times and has no working switch for it: posts would double. The
 * outbox retries; so the client's retry policy is taken out, and a botbuilder where that no longer works is refused.
 */
function withoutRetries(client: ConnectorClient): ConnectorClient {
  const inner: unknown = Reflect.get(client, "client");
  const pipeline = typeof inner === "object" && inner !== null ? Reflect.get(inner, "pipeline") : undefined;
  const { addPolicy, getOrderedPolicies, removePolicy } = Pipeline.parse(pipeline);
  addPolicy.call(pipeline, freshConnections);
  removePolicy.call(pipeline, { name: "defaultRetryPolicy" });
  if (getOrderedPolicies.call(pipeline).some(({ name }) => /retry/i.test(name))) {
    throw new TypeError(
      "botbuilder's client still retries by itself; adapters/teams/sdk.ts no longer fits its version.",
    );
  }
  return client;
}

import { webApi } from "@slack/bolt";
import { TerminalError } from "../../src/domain/errors.ts";
import type { Machine } from "../../src/domain/ports.ts";
import { apiBase, type Log, type SlackConfig } from "./config.ts";
import { classify } from "./errors.ts";
import { boltLogger } from "./logger.ts";
import { createPace } from "./pace.ts";
import { isOrganisation } from "./whose.ts";
import { wording } from "./wording.ts";

/** How long one call may take. Milliseconds. */
const TIMEOUT = 10_000;

/** The token with which we speak in a workspace; undefined when the app isn't installed there (any more). */
export type TokenOf = (workspace: string) => Promise<string | undefined>;

export type Api = {
  /**
   * One call, once. Fails with the domain's three errors; a 429 holds this method in this channel for as long as Slack
   * says, and methods with a tier keep to it.
   */
  call<T>(
    workspace: string,
    method: string,
    channel: string | undefined,
    run: (client: webApi.WebClient) => Promise<T>,
  ): Promise<T>;
  /** Resolves when a post may go to this channel; see {@link createPace}. */
  turn(workspace: string, channel: string): Promise<void>;
  /** Drops the client of a workspace whose token is gone. */
  forget(workspace: string): void;
};

/** Clients for Slack's Web API, one per token, with the SDK's own retries off: the outbox retries. */
export function createApi(
  config: SlackConfig,
  { tokenOf, machine, log, spacing }: { tokenOf: TokenOf; machine: Machine; log: Log; spacing?: number },
): Api {
  const clients = new Map<string, webApi.WebClient>();
  const pace = createPace(machine, spacing);

  async function clientFor(workspace: string): Promise<webApi.WebClient> {
    const token = await tokenOf(workspace);
    if (token === undefined) throw new TerminalError(wording.tokenGone);
    const key = `${workspace} ${token}`;
    const known = clients.get(key);
    if (known !== undefined) return known;
    const client = new webApi.WebClient(token, {
      ...clientOptions(config, log),
      // Sessions from before an organisation was one place: its token must be told which workspace is meant.
      ...(config.botToken === undefined && !isOrganisation(workspace) ? { teamId: workspace } : {}),
    });
    clients.set(key, client);
    return client;
  }

  const keyOf = (workspace: string, method: string, channel: string | undefined) =>
    [workspace, method, channel].filter((part) => part !== undefined).join("/");

  return {
    async turn(workspace, channel) {
      pace.check(keyOf(workspace, "chat.postMessage", channel));
      await pace.turn(`${workspace}/${channel}`);
    },
    async call(workspace, method, channel, run) {
      const key = keyOf(workspace, method, channel);
      pace.check(key);
      pace.take(workspace, method);
      const client = await clientFor(workspace);
      try {
        return await run(client);
      } catch (error) {
        if (error instanceof webApi.WebAPIRateLimitedError)
          pace.hold(key, error.retryAfter * 1000, { workspace, method });
        throw classify(error, method);
      }
    },
    forget(workspace) {
      for (const key of clients.keys()) if (key.startsWith(`${workspace} `)) clients.delete(key);
    },
  };
}

export function clientOptions(config: SlackConfig, log: Log): webApi.WebClientOptions {
  return {
    slackApiUrl: apiBase(config),
    retryConfig: { retries: 0 },
    rejectRateLimitedCalls: true,
    timeout: TIMEOUT,
    logger: boltLogger(log),
    allowAbsoluteUrls: true,
  };
}

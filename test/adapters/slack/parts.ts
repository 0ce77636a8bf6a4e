import { createServer } from "node:http";
import express from "express";
import { createSlack, type SlackParts } from "../../../adapters/slack/app.ts";
import type { Log, SlackConfig } from "../../../adapters/slack/config.ts";
import type { Inbound } from "../../../src/domain/inbound.ts";
import type { Outcome } from "../../../src/domain/ports.ts";
import { APP_TOKEN, BOT_TOKEN, SIGNING_SECRET, type SlackStandIn } from "../../stand-ins/slack/stand-in.ts";

/** The four methods of the store that adapters use, in memory. */
export function keptInMemory(): SlackParts["store"] & { rows: Map<string, unknown> } {
  const rows = new Map<string, unknown>();
  return {
    rows,
    async keep(namespace, key, value) {
      rows.set(`${namespace} ${key}`, JSON.parse(JSON.stringify(value)));
    },
    async kept(namespace, key, parse) {
      const value = rows.get(`${namespace} ${key}`);
      return value === undefined ? undefined : parse(value);
    },
    async keptAll(namespace, parse) {
      return [...rows]
        .filter(([key]) => key.startsWith(`${namespace} `))
        .map(([key, value]) => ({ key: key.slice(namespace.length + 1), value: parse(value) }));
    },
    async drop(namespace, key) {
      rows.delete(`${namespace} ${key}`);
    },
  };
}

/** Remembers lines, so that a test can look for one; prints nothing. */
export function quietLog(): Log & { lines: { level: string; message: string; data: object }[] } {
  const lines: { level: string; message: string; data: object }[] = [];
  const line = (level: string) => (data: object, message: string) => void lines.push({ level, message, data });
  return { lines, debug: line("debug"), info: line("info"), warn: line("warn"), error: line("error") };
}

export const machine = { now: () => Date.now() };

/** An engine that says what the test tells it to, and remembers what it heard. */
export function scripted(answer: (inbound: Inbound) => Outcome | Promise<Outcome> = () => ({ kind: "committed" })) {
  const heard: Inbound[] = [];
  const engine = {
    heard,
    answer,
    receive: async (inbound: Inbound): Promise<Outcome> => {
      heard.push(inbound);
      return engine.answer(inbound);
    },
    of<K extends Inbound["kind"]>(kind: K): Extract<Inbound, { kind: K }>[] {
      return heard.filter((one): one is Extract<Inbound, { kind: K }> => one.kind === kind);
    },
  };
  return engine;
}

export function configFor(slack: SlackStandIn, more: Partial<SlackConfig> = {}): SlackConfig {
  return {
    botToken: BOT_TOKEN,
    signingSecret: SIGNING_SECRET,
    apiUrl: slack.apiUrl,
    command: "/readiness",
    teamsAllowed: [],
    ...more,
  };
}

/** Installed by OAuth, in as many workspaces as like. */
export function oauthConfigFor(slack: SlackStandIn, more: Partial<SlackConfig> = {}): SlackConfig {
  const { botToken: _none, ...rest } = configFor(slack, {
    clientId: "123.456",
    clientSecret: "client-secret",
    stateSecret: "state-secret",
    secretKey: "a secret key of at least thirty-two characters",
    publicUrl: "https://t-minus.example",
    ...more,
  });
  return rest;
}

/** Follows the install link as a browser would, with the code `code-1`. */
export async function install(url: string, { state }: { state?: string } = {}): Promise<Response> {
  const page = await fetch(`${url}/slack/install`, { redirect: "manual" });
  const location = new URL(page.headers.get("location") ?? "http://nowhere");
  const cookie = (page.headers.get("set-cookie") ?? "").split(";")[0] ?? "";
  const back = new URL(`${url}/slack/oauth_redirect`);
  back.searchParams.set("code", "code-1");
  back.searchParams.set("state", state ?? location.searchParams.get("state") ?? "");
  return fetch(back, { headers: { cookie } });
}

/** Slack lets `code-1` be exchanged for this. */
export function granted(
  slack: SlackStandIn,
  grant: { access_token: string; bot_user_id: string; [more: string]: unknown },
) {
  slack.world.grants.set("code-1", {
    app_id: "A1",
    token_type: "bot",
    scope: "commands,chat:write",
    authed_user: { id: "U1" },
    enterprise: null,
    is_enterprise_install: false,
    ...grant,
  });
}

export const SOCKETS: Partial<SlackConfig> = { appToken: APP_TOKEN };

/** The adapter in a server of its own, connected to the stand-in. */
export async function running(
  slack: SlackStandIn,
  engine: ReturnType<typeof scripted>,
  {
    config = configFor(slack),
    store = keptInMemory(),
    ...more
  }: Partial<Omit<SlackParts, "store">> & { store?: ReturnType<typeof keptInMemory> } = {},
) {
  const log = quietLog();
  const mask = async (text: string) => ({ text: text.replaceAll("hunter2", "[masked]") });
  const app = createSlack({ config, receive: engine.receive, store, machine, log, mask, postSpacing: 0, ...more });
  const web = express();
  app.mount(web);
  const server = createServer(web);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  const url = `http://127.0.0.1:${typeof address === "object" && address !== null ? address.port : 0}`;
  if (config.appToken === undefined) slack.connect(`${url}/slack/events`);
  await app.start();
  return {
    app,
    url,
    log,
    store,
    chat: app.adapter(),
    async stop() {
      await app.stop();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

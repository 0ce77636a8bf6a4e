import { mkdtemp, rm } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import express from "express";
import { createWebChannel, type WebChannel } from "../../../adapters/web/channel.ts";
import type { Accept, WebChannelOptions } from "../../../adapters/web/options.ts";
import type { MessageView, WhisperView } from "../../../adapters/web/view.ts";
import type { Address } from "../../../src/domain/address.ts";
import type { Inbound } from "../../../src/domain/inbound.ts";
import type { Mark, Message } from "../../../src/domain/message.ts";
import type { Outcome, Store, TransitionRequest } from "../../../src/domain/ports.ts";
import { openStore } from "../../../src/store/open.ts";
import { decision, tinyModel } from "../../src/store/tiny-model.ts";

export const GENERAL: Address = { platform: "web", workspace: "local", channel: "general" };
export const mark = (outbox: string): Mark => ({
  outbox,
  session: "s-1",
  kind: "question",
  question: "R2",
  version: 1,
});
export const words = (text: string): Message => ({ summary: text, blocks: [{ kind: "text", text: [text] }] });

type Script = (inbound: Inbound, channel: WebChannel) => Outcome | Promise<Outcome>;

/** All that the API answers with; a test reads the part that its request has. */
export type ApiAnswer = {
  id: string;
  error: string;
  errors: Record<string, string>;
  form: unknown;
  messages: MessageView[];
  whispers: WhisperView[];
  last: string;
  channels: string[];
  you: { name: string };
  user: string;
  name: string;
};

export type Harness = {
  url: string;
  channel: WebChannel;
  store: Store;
  heard: Inbound[];
  logged: string[];
  /** What the engine's stand-in makes of the next inputs. */
  script: (next: Script) => void;
  /** The address of a new process on the same database. */
  restart(): Promise<void>;
  api(
    method: string,
    path: string,
    body?: object,
    headers?: Record<string, string>,
  ): Promise<{ status: number; json: ApiAnswer }>;
  close(): Promise<void>;
};

/**
 * The real channel over real HTTP on a real database; only the engine is a script. What the script answers is
 * committed with the row of the channel's log, as the application does it.
 */
export async function webHarness(
  options: Partial<WebChannelOptions> = {},
  wrap: (store: Store) => WebChannelOptions["store"] = (store) => store,
): Promise<Harness> {
  const dir = await mkdtemp(join(tmpdir(), "t-minus-web-"));
  const url = `file:${join(dir, "web.db")}`;
  const machine = options.machine ?? { now: () => Date.now() };
  const heard: Inbound[] = [];
  const logged: string[] = [];
  let script: Script = () => ({ kind: "ignored", reason: "talk" });
  let store = await openStore({ url, model: tinyModel, machine });
  let channel: WebChannel;
  let server: Server;

  const accept: Accept = async (inbound, webMessage) => {
    heard.push(inbound);
    const outcome = await script(inbound, channel);
    const request: TransitionRequest = {
      receipts: inbound.receipts,
      target: {},
      ...(webMessage === undefined ? {} : { webMessage }),
    };
    return store.transition(request, () => ({ ...decision(), outcome }));
  };

  async function open(): Promise<number> {
    channel = await createWebChannel({
      accept,
      machine,
      log: { warn: (_, text) => logged.push(text), error: (_, text) => logged.push(text) },
      ...options,
      store: wrap(store),
    });
    const app = express();
    app.use(channel.router);
    server = createServer(app);
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return (server.address() as AddressInfo).port;
  }
  async function shut(): Promise<void> {
    channel.close();
    server.closeAllConnections();
    await new Promise<void>((resolve) => server.close(() => resolve()));
    await store.close();
  }

  let base = `http://127.0.0.1:${await open()}`;
  const harness: Harness = {
    get url() {
      return base;
    },
    get channel() {
      return channel;
    },
    get store() {
      return store;
    },
    heard,
    logged,
    script: (next) => {
      script = next;
    },
    async restart() {
      await shut();
      store = await openStore({ url, model: tinyModel, machine });
      base = `http://127.0.0.1:${await open()}`;
    },
    async api(method, path, body, headers = {}) {
      const response = await fetch(`${base}${path}`, {
        method,
        headers: { ...(body === undefined ? {} : { "Content-Type": "application/json" }), ...headers },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      const text = await response.text();
      return { status: response.status, json: JSON.parse(text) as ApiAnswer };
    },
    async close() {
      await shut();
      await rm(dir, { recursive: true, force: true });
    },
  };
  return harness;
}

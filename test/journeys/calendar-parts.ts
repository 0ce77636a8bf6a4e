import { randomUUID } from "node:crypto";
import { standardCatalogue } from "../../conversations/catalogue/index.ts";
import { advance } from "../../src/app/clock-work.ts";
import { type Parts, storeModel } from "../../src/app/parts.ts";
import { createPerform } from "../../src/app/perform.ts";
import { createReceiver, type Receiver } from "../../src/app/receive.ts";
import { createWorker, type Worker } from "../../src/app/worker.ts";
import type { Inbound } from "../../src/domain/inbound.ts";
import type { Mark, Message } from "../../src/domain/message.ts";
import type { Calendar, ChatAdapter, EvidenceCollector, Outcome, Store } from "../../src/domain/ports.ts";
import { openStore } from "../../src/store/open.ts";

/** A message that the platform was given, what the calendar showed then, and when it really was (ms of the process). */
export type Sent = { channel: string; thread?: string; message: Message; mark: Mark; at: string; realAt: number };

export type World = {
  store: Store;
  receiver: Receiver;
  workers: Worker[];
  sent: Sent[];
  calendar: Calendar;
  /** Moves the calendar, visiting every due time on the way. */
  advance(to: string): Promise<void>;
  /** Nobody works meanwhile. */
  jump(to: string): void;
  command(user: string, channel: string, text: string): Promise<Outcome>;
  press(
    user: string,
    channel: string,
    action: string,
    value: Extract<Inbound, { kind: "action" }>["value"],
  ): Promise<Outcome>;
  close(): Promise<void>;
};

/**
 * The application as `boot` wires it, on a real store, with a platform that takes everything and a calendar that stands
 * still until it is moved: for what weeks do to a store and to several workers.
 */
export async function createWorld({
  url,
  start,
  workers = 1,
  slack = false,
  collector,
  heard,
}: {
  url: string;
  start: string;
  workers?: number;
  /** There is a Slack as well, which takes everything. */
  slack?: boolean;
  /** Reads AWS: one account, `prod`, in one Region. */
  collector?: EvidenceCollector;
  /** Hears of every message instead of `sent`, which grows without end. */
  heard?: (message: Sent) => void;
}): Promise<World> {
  let now = Date.parse(start);
  let sentAt = 1;
  const sent: Sent[] = [];
  const machine = { now: () => Date.now() };
  const calendar = {
    now: () => new Date(now),
    untilMs: (at: number) => (at <= now ? 0 : Number.POSITIVE_INFINITY),
    async moveTo(to: Date) {
      now = Math.max(now, to.getTime());
    },
  };
  const store = await openStore({ url, model: storeModel(standardCatalogue), machine });
  const chat: ChatAdapter = {
    platform: "web",
    abilities: { lookUp: false, lookUpAfter: 0, reactions: true, ephemeral: true, history: false },
    async post(address, message, mark) {
      const at = new Date(now).toISOString();
      const said: Sent = {
        channel: address.channel,
        message,
        mark,
        at,
        realAt: performance.now(),
        ...(address.thread ? { thread: address.thread } : {}),
      };
      if (heard === undefined) sent.push(said);
      else heard(said);
      return { address, messageId: `m${++sentAt}`, sentAt };
    },
    async update() {},
    async remove() {},
    async react() {},
    async whisper() {},
    async sendFile() {},
  };
  const quiet = () => {};
  const loud = (data: object, message: string) => {
    throw new Error(`${message}: ${JSON.stringify(data)}`);
  };
  const parts: Parts = {
    store,
    calendar,
    machine,
    catalogue: standardCatalogue,
    chats: { web: chat, ...(slack ? { slack: { ...chat, platform: "slack" as const } } : {}) },
    settings: {
      settleMs: 1,
      aws:
        collector === undefined
          ? { on: false, why: "not set up" }
          : { on: true, accounts: [{ alias: "prod", regions: ["eu-west-1"] }] },
      zone: "Europe/London",
    },
    ...(collector === undefined ? {} : { collector }),
    commands: { slack: "/readiness", teams: "@T-Minus", web: "/readiness" },
    newId: (prefix) => `${prefix}-${randomUUID()}`,
    log: { debug: quiet, info: quiet, warn: quiet, error: loud },
    mask: async (text) => ({ text, found: [] }),
    writer: async () => ({ writer: "plain", markdown: "", sections: [] }),
    exportSession: async () => ({ problem: "not here" }),
    architecture: { code: async () => ({ ok: false, why: "not here" }) },
    readExport: async () => ({ problem: "not here" }),
    redrawn: new Map(),
  };
  const receiver = createReceiver(parts);
  const perform = createPerform(parts, receiver);
  const crew = Array.from({ length: workers }, () =>
    createWorker({ store, calendar, machine, perform, log: parts.log }),
  );
  for (const worker of crew) worker.start();
  const all = { idle: async () => void (await Promise.all(crew.map((worker) => worker.idle()))) };
  let receipts = 0;
  const common = (user: string, channel: string) => ({
    receipts: [`r${++receipts}`],
    actor: { platform: "web" as const, workspace: "local", user, name: user },
    address: { platform: "web" as const, workspace: "local", channel },
  });
  return {
    store,
    receiver,
    workers: crew,
    sent,
    calendar,
    advance: (to) => advance({ store, calendar, worker: all }, new Date(to)),
    jump(to) {
      now = Date.parse(to);
      for (const worker of crew) worker.wake();
    },
    command: (user, channel, text) =>
      receiver.accept({ ...common(user, channel), kind: "command", text, mentions: [] }),
    press: (user, channel, action, value) =>
      receiver.accept({ ...common(user, channel), kind: "action", action, value, inputs: {} }),
    async close() {
      await Promise.all(crew.map((worker) => worker.stop()));
      await store.close();
    },
  };
}

import type { Inbound } from "../../src/domain/inbound.ts";
import type { Message } from "../../src/domain/message.ts";
import type { Machine, Outcome, Store, TransitionRequest } from "../../src/domain/ports.ts";

/**
 * Takes what somebody did on the page to a durable outcome. The row of the web channel's own log (`webMessage`) is
 * committed in the same transaction as what the engine makes of it, also where it makes nothing of it; a repeat
 * (a known receipt) writes neither. Rejects with `StoreUnavailableError` when nothing was stored.
 */
export type Accept = (inbound: Inbound, webMessage?: TransitionRequest["webMessage"]) => Promise<Outcome>;

export type WebLog = {
  warn(data: object, message: string): void;
  error(data: object, message: string): void;
};

type ChartBlock = Extract<Message["blocks"][number], { kind: "chart" }>;

export type WebChannelOptions = {
  /** The channel's own rows and small things; what people do goes through `accept`. */
  store: Pick<Store, "webMessages" | "putWebMessage" | "keep" | "keptAll">;
  accept: Accept;
  machine: Machine;
  log: WebLog;
  /** If set, it is always demanded; if not, only this machine may use the page. */
  token?: string;
  /** A chart as PNG. Without it charts are words and bars. */
  chartImage?: (chart: ChartBlock) => Promise<Uint8Array>;
  /** Milliseconds between heartbeats of the event stream. */
  heartbeat?: number;
};

export const WEB_WORKSPACE = "local";
export const BOT = { user: "t-minus", name: "T-Minus" } as const;

/**
 * A message's length is Slack's: 40,000 characters. A body may be larger, since characters are up to 6 bytes of JSON;
 * a card carries the longest message whole.
 */
export const WEB_LIMITS = {
  text: 40_000,
  body: "512kb",
  cardText: 50_000,
  cardJson: 400_000,
  name: 40,
  channel: 40,
  people: 200,
  channels: 100,
} as const;

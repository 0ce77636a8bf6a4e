import { setTimeout } from "node:timers/promises";
import { SocketModeReceiver } from "@slack/bolt";
import { clientOptions } from "./api.ts";
import type { Log, SlackConfig } from "./config.ts";
import { boltLogger } from "./logger.ts";

const FIRST_WAIT = 500;
const LONGEST_WAIT = 30_000;
/** How long the goodbye may take. Milliseconds. */
const LEAVING = 1_000;

export type Socket = { start(): void; stop(): Promise<void>; connected(): boolean };

/**
 * Bolt's Socket Mode receiver, with the reconnecting done here: the SDK's own gives up on some errors with an
 * unhandled rejection, which would end the process. `onConnected` hears every connection; from the second on, something
 * may have been missed in between.
 */
export function createSocket(
  config: SlackConfig & { appToken: string },
  log: Log,
  onConnected: (first: boolean) => void,
): { receiver: SocketModeReceiver; socket: Socket } {
  const receiver = new SocketModeReceiver({
    appToken: config.appToken,
    logger: boltLogger(log),
    autoReconnectEnabled: false,
    installerOptions: { clientOptions: clientOptions(config, log) },
  });
  const { client } = receiver;
  const stopping = new AbortController();
  let connections = 0;
  let connected = false;
  let running: Promise<void> = Promise.resolve();

  async function run(): Promise<void> {
    let wait = FIRST_WAIT;
    while (!stopping.signal.aborted) {
      try {
        await client.start();
        connected = true;
        wait = FIRST_WAIT;
        connections += 1;
        onConnected(connections === 1);
        await disconnected(client, stopping.signal);
      } catch (err) {
        if (stopping.signal.aborted) return;
        log.warn({ err, wait }, "Slack's socket can't be opened; trying again");
        await pause(wait, stopping.signal);
        wait = Math.min(wait * 2, LONGEST_WAIT);
      } finally {
        connected = false;
      }
    }
  }

  return {
    receiver,
    socket: {
      start() {
        running = run();
      },
      connected: () => connected,
      async stop() {
        stopping.abort();
        const closed = client.disconnect().catch((err: unknown) => log.debug({ err }, "The socket was closed already"));
        await Promise.race([closed, pause(LEAVING, new AbortController().signal)]);
        await running;
      },
    },
  };
}

function disconnected(client: SocketModeReceiver["client"], signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const over = () => {
      // Slack has clients connect anew every few hours: nothing of a connection may outlive it.
      client.off("disconnected", over);
      signal.removeEventListener("abort", over);
      resolve();
    };
    client.once("disconnected", over);
    signal.addEventListener("abort", over);
  });
}

async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await setTimeout(ms, undefined, { signal }).catch(() => {});
}

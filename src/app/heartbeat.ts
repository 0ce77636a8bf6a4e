import { z } from "zod";
import type { Parts } from "./parts.ts";
import type { Receiver } from "./receive.ts";

/** How often we note that we are there, and from which absence on it is worth a word. Real time. */
const EVERY_MS = 60_000;
const WORTH_A_WORD_MS = 2 * 60_000;

const NAMESPACE = "heartbeat";
const KEY = "last";
const Beat = z.object({ at: z.number() });

export type Heartbeat = {
  /** Tells sessions that missed something how long we were away, then beats. Resolves with how many were told. */
  start(): Promise<number>;
  /** The last beat: a planned stop is known to the second. */
  stop(): Promise<void>;
};

/**
 * Platforms whose messages can't be read again (Teams without Graph): what was said while we were off is lost, so each
 * of their open sessions is told. The telling's receipt is the last beat: a crash right after it tells nobody twice.
 */
export function createHeartbeat(
  parts: Pick<Parts, "store" | "machine" | "chats" | "log">,
  receiver: Receiver,
): Heartbeat {
  const { store, machine, chats, log } = parts;
  let timer: NodeJS.Timeout | undefined;

  const beat = () => store.keep(NAMESPACE, KEY, { at: machine.now() });

  async function tellAll(from: number, to: number): Promise<number> {
    let told = 0;
    for (const row of await store.sessions({ status: "open" })) {
      const session = await store.session(row.id);
      const chat = session === undefined ? undefined : chats[session.home.platform];
      if (session === undefined || chat === undefined || chat.abilities.history) continue;
      const outcome = await receiver.fact({
        kind: "away",
        session: session.id,
        from: new Date(from).toISOString(),
        to: new Date(to).toISOString(),
        receipts: [`away:${session.id}:${from}`],
      });
      if (outcome.kind === "committed") told += 1;
    }
    return told;
  }

  return {
    async start() {
      const last = await store.kept(NAMESPACE, KEY, (value) => Beat.parse(value));
      const now = machine.now();
      const away = last === undefined ? 0 : now - last.at;
      const told = last !== undefined && away >= WORTH_A_WORD_MS ? await tellAll(last.at, now) : 0;
      if (told > 0)
        log.info({ minutes: Math.round(away / 60_000), sessions: told }, "Told open sessions that we were away");
      await beat();
      timer = setInterval(() => {
        beat().catch((err: unknown) => log.warn({ err }, "The heartbeat could not be kept; it is tried again"));
      }, EVERY_MS);
      timer.unref();
      return told;
    },
    async stop() {
      clearInterval(timer);
      await beat();
    },
  };
}

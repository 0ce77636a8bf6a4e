import { z } from "zod";
import type { Machine, Store } from "../../src/domain/ports.ts";
import type { Log } from "./config.ts";
import { WHISPER_LIFE } from "./limits.ts";

/**
 * Private replies are ordinary messages in Teams, so they are taken down again: once acted on, or after ten minutes.
 * The list is kept, so that a restart forgets none.
 */
export const Whispered = z.object({
  tenant: z.string().min(1),
  channel: z.string().min(1),
  thread: z.string().optional(),
  messageId: z.string().min(1),
  until: z.number(),
});
export type Whispered = z.infer<typeof Whispered>;

export type Whispers = {
  /** `life`: how long it stands, milliseconds; ten minutes otherwise. */
  add(whispered: Omit<Whispered, "until">, life?: number): Promise<void>;
  /** A button of this message was used. Takes the message down if it was a private reply. */
  used(tenant: string, channel: string, messageId: string): Promise<void>;
  /** Takes down what is over. Called by a timer; resolves with how many went. */
  sweep(): Promise<number>;
};

const NAMESPACE = "teams/whispers";

export function createWhispers(options: {
  store: Pick<Store, "keep" | "keptAll" | "drop">;
  machine: Machine;
  /** Idempotent; rejects when it should be tried again. */
  remove: (whispered: Whispered) => Promise<void>;
  log: Log;
}): Whispers {
  const { store, machine, remove, log } = options;
  const standing = new Map<string, Whispered>();
  let loaded: Promise<void> | undefined;
  const key = ({ tenant, channel, messageId }: Pick<Whispered, "tenant" | "channel" | "messageId">) =>
    `${tenant}/${channel}/${messageId}`;

  /** Those of an earlier process. */
  function load(): Promise<void> {
    loaded ??= store
      .keptAll(NAMESPACE, (value) => Whispered.parse(value))
      .then((all) => {
        for (const { value } of all) standing.set(key(value), value);
      })
      .catch((error: unknown) => {
        loaded = undefined;
        throw error;
      });
    return loaded;
  }

  async function takeDown(whispered: Whispered): Promise<void> {
    await remove(whispered);
    standing.delete(key(whispered));
    await store.drop(NAMESPACE, key(whispered));
  }

  return {
    async add(whispered, life = WHISPER_LIFE) {
      const entry: Whispered = { ...whispered, until: machine.now() + life };
      standing.set(key(entry), entry);
      await store.keep(NAMESPACE, key(entry), entry);
    },
    async used(tenant, channel, messageId) {
      await load();
      const entry = standing.get(key({ tenant, channel, messageId }));
      if (entry !== undefined) await takeDown(entry);
    },
    async sweep() {
      await load();
      let gone = 0;
      for (const entry of [...standing.values()]) {
        if (entry.until > machine.now()) continue;
        try {
          await takeDown(entry);
          gone += 1;
        } catch (err) {
          // It stays on the list and goes with the next sweep.
          log.debug({ err, channel: entry.channel }, "A private reply could not be taken down yet");
        }
      }
      return gone;
    },
  };
}

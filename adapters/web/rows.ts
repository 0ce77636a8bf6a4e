import type { Address } from "../../src/domain/address.ts";
import type { Machine, Store, WebMessage } from "../../src/domain/ports.ts";

/**
 * The web channel's log. Rows are read from the store when they are needed, never remembered: `forget` may have
 * emptied them. Changes of one row wait for each other, so that a receipt never brings back words that were edited.
 */
export class Rows {
  readonly #store: Pick<Store, "webMessages" | "putWebMessage">;
  readonly #machine: Machine;
  readonly #turns = new Map<string, Promise<unknown>>();
  #newest: number;

  private constructor(store: Pick<Store, "webMessages" | "putWebMessage">, machine: Machine, newest: number) {
    this.#store = store;
    this.#machine = machine;
    this.#newest = newest;
  }

  static async open(store: Pick<Store, "webMessages" | "putWebMessage">, machine: Machine): Promise<Rows> {
    const all = await store.webMessages({});
    const newest = all.reduce((latest, row) => Math.max(latest, row.sentAt, row.editedAt ?? 0), 0);
    return new Rows(store, machine, newest);
  }

  /** The platform's time: milliseconds of this machine, never the same twice and never back, also over restarts. */
  tick(): number {
    this.#newest = Math.max(this.#newest + 1, Math.floor(this.#machine.now()));
    return this.#newest;
  }

  in(channel: string): Promise<WebMessage[]> {
    return this.#store.webMessages({ channel });
  }

  async find(id: string): Promise<WebMessage | undefined> {
    const [row] = await this.#store.webMessages({ id });
    return row;
  }

  since(channel: string, since: number): Promise<WebMessage[]> {
    return this.#store.webMessages({ channel, since });
  }

  put(row: WebMessage): Promise<void> {
    return this.#store.putWebMessage(row);
  }

  /** Reads a row, changes it, stores it; the new row, or undefined where there was nothing to change. */
  change(id: string, change: (row: WebMessage) => WebMessage | undefined): Promise<WebMessage | undefined> {
    return this.inTurn(id, async () => {
      const row = await this.find(id);
      const changed = row === undefined ? undefined : change(row);
      if (changed !== undefined) await this.put(changed);
      return changed;
    });
  }

  /** Runs `work` after whatever else changes this row. */
  async inTurn<T>(id: string, work: () => Promise<T>): Promise<T> {
    const before = this.#turns.get(id);
    const turn = (before ?? Promise.resolve()).then(work, work);
    this.#turns.set(id, turn);
    try {
      return await turn;
    } finally {
      if (this.#turns.get(id) === turn) this.#turns.delete(id);
    }
  }
}

/** The id of a message is its platform time. */
export function idAt(sentAt: number): string {
  return `w${sentAt}`;
}

export function addressOf(row: Pick<WebMessage, "channel" | "thread">, workspace: string): Address {
  return {
    platform: "web",
    workspace,
    channel: row.channel,
    ...(row.thread === null ? {} : { thread: row.thread }),
  };
}

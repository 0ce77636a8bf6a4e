import { Lru } from "./lru.ts";

/**
 * What is held in memory of the database, in three layers: what one job wrote, what its batch wrote so far, and what is
 * committed. A failed job loses only its layer, a failed commit the batch's; only a commit moves anything to the bottom.
 * So memory never shows what the disk doesn't have. Values are immutable.
 */
export class Memory<V> {
  readonly #committed: Lru<V>;
  /** null: dropped in this batch, to be read again. */
  readonly #batch = new Map<string, V | null>();
  readonly #job = new Map<string, V | null>();

  constructor(size: number) {
    this.#committed = new Lru(size);
  }

  get(key: string): V | undefined {
    for (const layer of [this.#job, this.#batch]) {
      const written = layer.get(key);
      if (written !== undefined) return written ?? undefined;
    }
    return this.#committed.get(key);
  }

  /** Written (or read) by the job that runs now. */
  set(key: string, value: V): void {
    this.#job.set(key, value);
  }

  /** Read outside of any job: it is committed already. */
  setCommitted(key: string, value: V): void {
    this.#committed.set(key, value);
  }

  /** The next read comes from the database. */
  drop(key: string): void {
    this.#job.set(key, null);
  }

  endJob(kept: boolean): void {
    if (kept) for (const [key, value] of this.#job) this.#batch.set(key, value);
    this.#job.clear();
  }

  endBatch(committed: boolean): void {
    for (const [key, value] of this.#batch) {
      if (committed && value !== null) this.#committed.set(key, value);
      else this.#committed.delete(key);
    }
    this.#batch.clear();
    this.#job.clear();
  }
}

import type Database from "better-sqlite3";
import { StoreUnavailableError } from "../domain/errors.ts";
import { unavailable } from "./unavailable.ts";

/** At most so many jobs share a commit, so that a burst can't keep the process from everything else. */
const LARGEST_BATCH = 256;
/** So many jobs are not kept waiting for a sync to end: they are committed while it runs. */
const WORTH_A_COMMIT = 24;

export type GroupCommit = {
  /**
   * Runs `job` in the next shared transaction. Resolves with what it returned, once that is on the disk; rejects with
   * what it threw, its own writes undone, or with {@link StoreUnavailableError} when nothing could be stored. A job may
   * run again if the shared transaction fails.
   */
  write<T>(job: () => T): Promise<T>;
  /** Commits what is waiting, then takes no more. Resolves when it is on the disk. */
  close(): Promise<void>;
};

export type GroupCommitHooks = {
  /** After each job: whether its writes stand (in the transaction). */
  jobEnded(kept: boolean): void;
  /** After each transaction: whether it was committed. */
  batchEnded(committed: boolean): void;
  /** The disk refused a sync: what memory and file hold may be gone after a power cut. Nothing is accepted any more. */
  syncFailed(error: unknown): void;
};

type Waiting = { job: () => unknown; done: (value: unknown) => void; failed: (error: unknown) => void };
type Ran = { waiting: Waiting; result: { ok: true; value: unknown } | { ok: false; error: unknown } };

/**
 * One durable commit costs a sync of the disk, however little it holds. So everything that arrives in one turn of the
 * event loop shares a transaction, with a savepoint each: one that throws takes nobody down. And all transactions that
 * were made while a sync ran share the next one, which `sync` does beside the event loop: nobody is answered before it
 * ended, and nobody's request waits behind it to be read. It is told when one alone waits for it.
 */
export function createGroupCommit(
  db: Database.Database,
  hooks: GroupCommitHooks,
  sync: (alone: boolean) => Promise<void>,
): GroupCommit {
  const begin = db.prepare("BEGIN IMMEDIATE");
  const commit = db.prepare("COMMIT");
  const rollback = db.prepare("ROLLBACK");
  const savepoint = db.prepare("SAVEPOINT job");
  const release = db.prepare("RELEASE job");
  const undo = db.prepare("ROLLBACK TO job");

  let queue: Waiting[] = [];
  let scheduled = false;
  let closed = false;
  let unsynced: Ran[] = [];
  let syncing: Promise<void> | undefined;
  let broken: StoreUnavailableError | undefined;

  function schedule(): void {
    if (scheduled || queue.length === 0) return;
    // Its answers could not go out before the next sync anyway: more may come to share the transaction.
    if (syncing !== undefined && queue.length < WORTH_A_COMMIT) return;
    scheduled = true;
    // After the poll phase: every request that the sockets brought in this turn is in the queue by then.
    setImmediate(() => {
      scheduled = false;
      if (closed) return;
      flush(queue.splice(0, LARGEST_BATCH));
      schedule();
    });
  }

  function flush(batch: Waiting[]): void {
    let ran: Ran[];
    try {
      ran = runTogether(batch);
    } catch (error) {
      // The transaction as a whole failed. Alone, each may still fit; one that is to blame fails alone.
      if (batch.length > 1) for (const waiting of batch) flush([waiting]);
      else batch[0]?.failed(unavailable(error));
      return;
    }
    for (const one of ran) unsynced.push(one);
    syncing ??= syncAll();
  }

  async function syncAll(): Promise<void> {
    while (unsynced.length > 0) {
      const committed = unsynced;
      unsynced = [];
      try {
        if (broken === undefined) await sync(committed.length === 1);
      } catch (error) {
        broken = new StoreUnavailableError("The disk could not keep what was written. T-Minus must be started again.", {
          cause: error,
        });
        hooks.syncFailed(error);
      }
      for (const { waiting, result } of committed) {
        if (broken !== undefined) waiting.failed(broken);
        else if (result.ok) waiting.done(result.value);
        else waiting.failed(unavailable(result.error));
      }
    }
    syncing = undefined;
    schedule();
  }

  /** Throws when nothing of the batch is stored. */
  function runTogether(batch: Waiting[]): Ran[] {
    const ran: Ran[] = [];
    let committed = false;
    begin.run();
    try {
      const [first] = batch;
      if (batch.length === 1 && first) ran.push({ waiting: first, result: { ok: true, value: runAlone(first.job) } });
      else for (const waiting of batch) ran.push({ waiting, result: runOne(waiting.job) });
      commit.run();
      committed = true;
    } finally {
      if (!committed && db.inTransaction) rollback.run();
      hooks.batchEnded(committed);
    }
    return ran;
  }

  /** The transaction is its savepoint. */
  function runAlone(job: () => unknown): unknown {
    const value = job();
    hooks.jobEnded(true);
    return value;
  }

  function runOne(job: () => unknown): Ran["result"] {
    savepoint.run();
    try {
      const value = job();
      release.run();
      hooks.jobEnded(true);
      return { ok: true, value };
    } catch (error) {
      hooks.jobEnded(false);
      // A full disk can end the whole transaction: then the others' writes are gone too.
      if (!db.inTransaction) throw error;
      undo.run();
      release.run();
      return { ok: false, error };
    }
  }

  return {
    write<T>(job: () => T): Promise<T> {
      if (closed) return Promise.reject(new StoreUnavailableError("The store is closed; nothing more is accepted."));
      if (broken !== undefined) return Promise.reject(broken);
      return new Promise<T>((resolve, failed) => {
        let value: { is: T } | undefined;
        queue.push({
          job: () => {
            value = { is: job() };
          },
          done: () => {
            if (value) resolve(value.is);
          },
          failed,
        });
        schedule();
      });
    },
    async close(): Promise<void> {
      while (queue.length > 0) flush(queue.splice(0, LARGEST_BATCH));
      queue = [];
      closed = true;
      await syncing;
    },
  };
}

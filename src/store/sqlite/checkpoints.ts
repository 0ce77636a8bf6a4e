import { once } from "node:events";
import { Worker } from "node:worker_threads";
import type Database from "better-sqlite3";
import type { StoreLog } from "../stored.ts";

/**
 * Frames (pages written) in the log after which it is copied. A copy writes each changed page once, so fewer copies
 * write less; and while one is being synced, the log's own syncs, which answers wait for, take some ten times as long.
 */
const FRAMES_BETWEEN = 6_000;
/** A thread costs some megabytes; it goes when nothing was copied for so long. */
const THREAD_KEPT_MS = 30_000;

export type Checkpoints = {
  /** After each commit. Never throws: what was committed stands, whatever becomes of the copy. */
  committed(): void;
  close(): Promise<void>;
};

/**
 * Copies the write-ahead log into the database on a thread of its own while much is written: the copy syncs both files,
 * which would stop the event loop for tens of milliseconds. What came meanwhile is copied here, a millisecond or two: only
 * a log that is copied whole begins anew. Should the thread fail, SQLite's own checkpoint comes later
 * (`wal_autocheckpoint`, see `connect`).
 */
export function createCheckpoints(db: Database.Database, log: StoreLog): Checkpoints {
  // Copies nothing, only counts: https://sqlite.org/c3ref/wal_checkpoint_v2.html
  const count = db.prepare<[], { log: number }>("PRAGMA wal_checkpoint(NOOP)");
  let thread: Worker | undefined;
  let copying = false;
  let copiedFrom = 0;
  let leaving: NodeJS.Timeout | undefined;

  function copy(): void {
    copying = true;
    clearTimeout(leaving);
    thread ??= start();
    thread.postMessage("copy");
  }

  function start(): Worker {
    const started = new Worker(new URL("./checkpoint-thread.ts", import.meta.url), { workerData: { path: db.name } });
    started.unref();
    started.on("message", () => {
      copyRest();
      copying = false;
      leaving = setTimeout(() => void stop(), THREAD_KEPT_MS);
      leaving.unref();
    });
    started.on("error", (err) => {
      log.warn({ err }, "The log is copied by the main thread from now on");
      thread = undefined;
    });
    return started;
  }

  function copyRest(): void {
    try {
      db.pragma("wal_checkpoint(PASSIVE)");
    } catch (err) {
      log.warn({ err }, "The rest of the log could not be copied; it will be with the next checkpoint");
    }
  }

  async function stop(): Promise<void> {
    clearTimeout(leaving);
    const stopped = thread;
    thread = undefined;
    copying = false;
    if (stopped === undefined) return;
    const gone = once(stopped, "exit");
    stopped.ref();
    stopped.postMessage("close");
    await gone;
  }

  function copyWhenLong(): void {
    if (copying || db.memory) return;
    const frames = count.get()?.log ?? 0;
    // It began anew. It doesn't while somebody else reads, a backup for example: then the next copy is for what came since.
    if (frames < copiedFrom) copiedFrom = 0;
    if (frames - copiedFrom < FRAMES_BETWEEN) return;
    copiedFrom = frames;
    copy();
  }

  return {
    committed() {
      try {
        copyWhenLong();
      } catch (err) {
        log.warn({ err }, "The log could not be looked at; SQLite's own checkpoint will copy it");
      }
    },
    close: stop,
  };
}

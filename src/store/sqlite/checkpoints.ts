import { once } from "node:events";
import { Worker } from "node:worker_threads";
import type Database from "better-sqlite3";
import type { StoreLog } from "../stored.ts";

/**
 * Commits between two copies: a copy writes each changed page once, so fewer copies write less; and while one is being
 * synced, the log's own syncs, which answers wait for, take some ten times as long. Where commits are large (an answer's
 * has some 13 pages) SQLite's own copy at `wal_autocheckpoint` comes first, and takes 5 to 7 ms of the main thread.
 */
const COMMITS_BETWEEN = 1_200;
/** A thread costs some megabytes; it goes when nothing was copied for so long. */
const THREAD_KEPT_MS = 30_000;

export type Checkpoints = {
  /** After each commit. */
  committed(): void;
  close(): Promise<void>;
};

/**
 * Copies the write-ahead log into the database on a thread of its own while much is written: the copy syncs both files,
 * which would stop the event loop for tens of milliseconds. The log begins anew with SQLite's own checkpoint
 * (`wal_autocheckpoint`, see `connect`), which then has only to copy what came since.
 */
export function createCheckpoints(db: Database.Database, log: StoreLog): Checkpoints {
  let commits = 0;
  let thread: Worker | undefined;
  let copying = false;
  let leaving: NodeJS.Timeout | undefined;

  function copy(): void {
    commits = 0;
    copying = true;
    clearTimeout(leaving);
    thread ??= start();
    thread.postMessage("copy");
  }

  function start(): Worker {
    const started = new Worker(new URL("./checkpoint-thread.ts", import.meta.url), { workerData: { path: db.name } });
    started.unref();
    started.on("message", () => {
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

  return {
    committed() {
      commits++;
      if (commits >= COMMITS_BETWEEN && !copying && !db.memory) copy();
    },
    close: stop,
  };
}

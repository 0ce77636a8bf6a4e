import { close, fdatasync, fdatasyncSync, fsync, open } from "node:fs";
import { dirname } from "node:path";
import { promisify } from "node:util";
import type Database from "better-sqlite3";

const openFile = promisify(open);
const closeFile = promisify(close);
const syncData = promisify(fdatasync);
const syncAll = promisify(fsync);

/** Under this the way to another thread and back is a good part of a sync. One that took longer is done there the next time. */
const QUICK_MS = 2;

export type LogSync = {
  /**
   * Resolves when everything committed before the call is on the disk. Where only one waits for it and the disk was quick
   * the last time, it is done right here.
   */
  sync(alone?: boolean): Promise<void>;
  close(): Promise<void>;
};

/**
 * Takes over the sync of SQLite's write-ahead log. With `synchronous = FULL` SQLite does it at the end of each commit
 * (https://sqlite.org/pragma.html#pragma_synchronous), on the thread that commits; set to `NORMAL` it leaves it to us,
 * and the event loop goes on meanwhile where it matters. Checkpoints sync by themselves in both.
 *
 * `elapsed`: milliseconds, by which a sync is called quick.
 *
 * A second descriptor of the log does no harm: SQLite's locks are on the database and the `-shm` file, never on the log.
 */
export function takeOverSync(db: Database.Database, elapsed: () => number = () => performance.now()): LogSync {
  if (db.memory || db.pragma("journal_mode", { simple: true }) !== "wal") {
    return { sync: async () => {}, close: async () => {} };
  }
  db.pragma("synchronous = NORMAL");
  let log: Promise<number> | undefined;
  let lastTookMs = Infinity;
  return {
    async sync(alone = false) {
      log ??= openLog(`${db.name}-wal`);
      const file = await log;
      const began = elapsed();
      if (alone && lastTookMs < QUICK_MS) fdatasyncSync(file);
      else await syncData(file);
      lastTookMs = elapsed() - began;
    },
    async close() {
      if (log !== undefined) await closeFile(await log);
    },
  };
}

/** The log may just have been made: its name must be on the disk too. */
async function openLog(path: string): Promise<number> {
  const file = await openFile(path, "r+");
  // Windows has no descriptor of a folder, and keeps names by itself.
  const folder = await openFile(dirname(path), "r").catch(() => undefined);
  if (folder !== undefined) {
    await syncAll(folder);
    await closeFile(folder);
  }
  return file;
}

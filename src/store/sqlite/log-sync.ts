import { close, fdatasync, fsync, open } from "node:fs";
import { dirname } from "node:path";
import { promisify } from "node:util";
import type Database from "better-sqlite3";

const openFile = promisify(open);
const closeFile = promisify(close);
const syncData = promisify(fdatasync);
const syncAll = promisify(fsync);

export type LogSync = {
  /** Resolves when everything committed before the call is on the disk. */
  sync(): Promise<void>;
  close(): Promise<void>;
};

/**
 * Takes over the sync of SQLite's write-ahead log. With `synchronous = FULL` SQLite does it at the end of each commit
 * (https://sqlite.org/pragma.html#pragma_synchronous), on the thread that commits; set to `NORMAL` it leaves it to us,
 * and the event loop goes on meanwhile. Checkpoints sync by themselves in both.
 *
 * A second descriptor of the log does no harm: SQLite's locks are on the database and the `-shm` file, never on the log.
 */
export function takeOverSync(db: Database.Database): LogSync {
  if (db.memory || db.pragma("journal_mode", { simple: true }) !== "wal") {
    return { sync: async () => {}, close: async () => {} };
  }
  db.pragma("synchronous = NORMAL");
  let log: Promise<number> | undefined;
  return {
    async sync() {
      log ??= openLog(`${db.name}-wal`);
      await syncData(await log);
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

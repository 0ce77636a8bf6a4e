import { readFileSync, rmSync, writeFileSync } from "node:fs";
import Database from "better-sqlite3";
import { StoreUnavailableError } from "../domain/errors.ts";

export type Lock = { release(): void };

/** A predecessor that was just killed may take a moment to be gone. */
const PATIENCE_MS = 1_000;

/**
 * One process per database. Held as an exclusive transaction on a second file, `<db>.lock.db`, for the process's life:
 * the kernel ends it with the process, however that dies, so there is no stale lock to clear away. (It can't be a
 * transaction on the database itself: migrations open their own.)
 *
 * Who holds it stands in a plain file beside it, `<db>.lock.json`: SQLite's locks are POSIX locks, and reading the
 * locked file itself with anything but SQLite would drop them for the whole process.
 */
export function lockDatabase(path: string, holder: { pid: number; startedAt: Date }): Lock {
  const lock = new Database(`${path}.lock.db`, { timeout: PATIENCE_MS });
  try {
    lock.exec("BEGIN EXCLUSIVE");
  } catch (error) {
    lock.close();
    const busy = error instanceof Database.SqliteError && error.code.startsWith("SQLITE_BUSY");
    throw busy ? inUse(path, error) : error;
  }
  const note = `${path}.lock.json`;
  writeFileSync(note, `${JSON.stringify({ pid: holder.pid, startedAt: holder.startedAt.toISOString() })}\n`);
  return {
    release() {
      rmSync(note, { force: true });
      lock.close();
    },
  };
}

function inUse(path: string, cause: unknown): StoreUnavailableError {
  return new StoreUnavailableError(
    `Another T-Minus${whoHas(path)} is using ${path}. Stop that one first, or give this one a database of its own: DATABASE_URL=file:./data/second.db`,
    { cause },
  );
}

function whoHas(path: string): string {
  try {
    const { pid, startedAt }: { pid: unknown; startedAt: unknown } = JSON.parse(
      readFileSync(`${path}.lock.json`, "utf8"),
    );
    return ` (process ${pid}, started ${startedAt})`;
  } catch {
    // It has the lock but not yet written its note.
    return "";
  }
}

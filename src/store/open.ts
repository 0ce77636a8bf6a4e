import { mkdirSync, statSync } from "node:fs";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import Database from "better-sqlite3";
import { ConfigError, StoreUnavailableError } from "../domain/errors.ts";
import type { Machine, Store, StoreModel } from "../domain/ports.ts";
import { lockDatabase } from "./lock.ts";
import { migrate } from "./migrate.ts";
import { createSqliteStore } from "./sqlite/store.ts";
import { noLog, type StoreLog } from "./stored.ts";
import { unavailable } from "./unavailable.ts";

export type OpenStoreOptions = {
  /** `file:./data/t-minus.db`; its folder is made. `?max_page_count=…` puts a ceiling on the file's size. */
  url: string;
  model: StoreModel;
  machine: Machine;
  log?: StoreLog;
  /** See {@link SqliteStoreOptions}. */
  onBroken?: () => void;
};

/**
 * Opens the store that `DATABASE_URL` names, alone and migrated.
 *
 * @throws {ConfigError} the address can't be used
 * @throws {StoreUnavailableError} the folder can't be written, or another process has the database: in a sentence
 * @throws {SchemaTooNewError} a newer build was here
 */
export async function openStore({ url, model, machine, log = noLog, onBroken }: OpenStoreOptions): Promise<Store> {
  const { path, maxPages } = parseDatabaseUrl(url);
  try {
    makeFolder(dirname(path));
    const lock = lockDatabase(path, { pid: process.pid, startedAt: new Date(machine.now()) });
    try {
      const db = connect(path, maxPages);
      const { applied, copy } = migrate(db, { now: machine.now() });
      if (applied.length > 0) log.info({ applied, copy }, "Database migrated");
      return createSqliteStore(db, {
        model,
        machine,
        log,
        ...(onBroken === undefined ? {} : { onBroken }),
        onClose: () => lock.release(),
      });
    } catch (error) {
      lock.release();
      throw error;
    }
  } catch (error) {
    throw opening(path, error);
  }
}

/** Folder by folder: Node's own recursive making never ends where a file system takes no folders at all (/proc). */
function makeFolder(folder: string): void {
  if (isFolder(folder)) return;
  const parent = dirname(folder);
  if (parent !== folder) makeFolder(parent);
  try {
    mkdirSync(folder);
  } catch (error) {
    // Somebody else made it just now.
    if (!isFolder(folder)) throw error;
  }
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}

/**
 * @throws {ConfigError} with the sentence to show
 */
export function parseDatabaseUrl(url: string): { path: string; maxPages?: number } {
  if (/^postgres(ql)?:/.test(url)) {
    throw new ConfigError([
      "DATABASE_URL: PostgreSQL is not in this version. Use a file, for example DATABASE_URL=file:./data/t-minus.db",
    ]);
  }
  const [address = "", query = ""] = url.split("?", 2);
  const path = address.startsWith("file:///") ? fileURLToPath(address) : address.replace(/^file:/, "");
  if (!address.startsWith("file:") || path === "" || path.startsWith("//") || path.endsWith("/")) {
    throw new ConfigError([
      `DATABASE_URL: "${hidePassword(url)}" is not an address of a database file. Use for example DATABASE_URL=file:./data/t-minus.db`,
    ]);
  }
  const maxPages = Number(new URLSearchParams(query).get("max_page_count") ?? 0);
  return { path, ...(Number.isSafeInteger(maxPages) && maxPages > 0 && { maxPages }) };
}

/**
 * The one writing connection. WAL with `synchronous = FULL`: what is acknowledged survives a power cut. The store takes
 * the sync over, to do it beside the event loop (`sqlite/log-sync.ts`).
 */
export function connect(path: string, maxPages?: number): Database.Database {
  // Another program (a shell, a backup) may hold the write lock for a moment; the process stands still meanwhile.
  const db = new Database(path, { timeout: 2_000 });
  db.pragma("journal_mode = WAL");
  db.pragma("synchronous = FULL");
  db.pragma("foreign_keys = ON");
  // Savepoints keep a journal of their own; it needn't go through the disk.
  db.pragma("temp_store = MEMORY");
  // Forgotten words are overwritten, not only unlinked.
  db.pragma("secure_delete = ON");
  // A thread copies the log before it is so long (`sqlite/checkpoints.ts`); this is for when it can't.
  db.pragma("wal_autocheckpoint = 16000");
  db.pragma("journal_size_limit = 67108864");
  if (maxPages !== undefined) db.pragma(`max_page_count = ${maxPages}`);
  return db;
}

function opening(path: string, cause: unknown): unknown {
  const error = unavailable(cause);
  if (error instanceof StoreUnavailableError && error.cause instanceof Database.SqliteError) {
    return error.cause.code.startsWith("SQLITE_BUSY")
      ? error
      : new StoreUnavailableError(`${path}: ${error.message}`, { cause });
  }
  if (!(cause instanceof Error) || !("code" in cause) || !("syscall" in cause)) return error;
  return new StoreUnavailableError(
    `The folder ${dirname(path)} can't be used for the database (${cause.code}). Make it writable for this user, or name another: DATABASE_URL=file:/var/lib/t-minus/t-minus.db`,
    { cause },
  );
}

function hidePassword(url: string): string {
  return url.replace(/:\/\/[^/@]*@/, "://…@");
}

import Database from "better-sqlite3";
import { StoreUnavailableError } from "../domain/errors.ts";

/** Errors that say "the disk", not "the program": by SQLite's result code, which its name begins with. */
const SENTENCES: [code: string, sentence: string][] = [
  ["SQLITE_FULL", "The disk is full, so nothing more can be stored. Free some space; it goes on by itself."],
  ["SQLITE_READONLY", "The database is read-only, so nothing can be stored. Make its file and folder writable."],
  ["SQLITE_CANTOPEN", "The database file can't be opened. Check that its folder exists and is writable."],
  ["SQLITE_PERM", "The database file may not be written. Make its file and folder writable for this user."],
  ["SQLITE_BUSY", "Another program is writing to the database. Close it there; it goes on by itself."],
  ["SQLITE_LOCKED", "Another program has locked the database. Close it there; it goes on by itself."],
  ["SQLITE_IOERR", "The disk reported an error, so nothing could be stored. Check the disk."],
  ["SQLITE_NOMEM", "There is not enough memory to store anything. Give the process more."],
  ["SQLITE_CORRUPT", "The database file is damaged. Stop, and put back the newest copy of it."],
  ["SQLITE_NOTADB", "The database file is not a SQLite database. Choose another file in DATABASE_URL."],
];

/**
 * Turns a driver's "can't write" into {@link StoreUnavailableError} with a sentence for people; every other error is
 * returned as it is. Nothing was stored when one of these is thrown.
 */
export function unavailable(error: unknown): unknown {
  if (!(error instanceof Database.SqliteError)) return error;
  const found = SENTENCES.find(([code]) => error.code.startsWith(code));
  return found ? new StoreUnavailableError(found[1], { cause: error }) : error;
}

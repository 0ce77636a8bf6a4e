import { createHash } from "node:crypto";
import { readdirSync, readFileSync, rmSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type Database from "better-sqlite3";
import { SchemaTooNewError, TerminalError } from "../domain/errors.ts";

export const SQLITE_MIGRATIONS = fileURLToPath(new URL("../../migrations/sqlite", import.meta.url));

type Migration = { number: number; name: string; sql: string; hash: string };
type Applied = { number: number; name: string; hash: string };

/** A migration can't be applied as it is. The message says which, why, and what to do. */
export class MigrationError extends TerminalError {
  override name = "MigrationError";
}

/**
 * Brings a database to this build's schema. Files are `0001_start.sql`, `0002_….sql`, without gaps.
 *
 * The journal is a table of our own. Drizzle's migrator takes no lock, orders by the time at which a file was made (so
 * a branch merged late is skipped silently), doesn't notice that a file was edited, and can't switch foreign keys off
 * around its transaction, without which a rebuilt table takes its children along.
 *
 * Before the first pending migration a database that is in use is copied to `<db>.before-<number>`. Each migration is
 * one transaction, with foreign keys off (that can only be said outside of one) and checked before the commit. Call it
 * under the lock of `lock.ts`.
 *
 * @throws {SchemaTooNewError} the database is at a migration that this build doesn't know
 * @throws {MigrationError} a file was edited after it was applied, is missing, or leaves dangling references
 * @returns the numbers applied, and the path of the copy
 */
export function migrate(
  db: Database.Database,
  { folder = SQLITE_MIGRATIONS, now }: { folder?: string; now: number },
): { applied: number[]; copy?: string } {
  const known = readMigrations(folder);
  db.exec(`CREATE TABLE IF NOT EXISTS migrations
    (number INTEGER PRIMARY KEY, name TEXT NOT NULL, hash TEXT NOT NULL, at INTEGER NOT NULL) STRICT`);
  const applied = db.prepare<[], Applied>("SELECT number, name, hash FROM migrations ORDER BY number").all();
  refuseNewer(applied, known);
  refuseEdited(applied, known);
  const pending = known.slice(applied.length);
  const [first] = pending;
  if (!first) return { applied: [] };

  const copy = applied.length > 0 ? copyBefore(db, first) : undefined;
  const foreignKeys = db.pragma("foreign_keys", { simple: true });
  db.pragma("foreign_keys = OFF");
  try {
    for (const migration of pending) apply(db, migration, now);
  } finally {
    db.pragma(`foreign_keys = ${foreignKeys === 1 ? "ON" : "OFF"}`);
  }
  return { applied: pending.map(({ number }) => number), ...(copy !== undefined && { copy }) };
}

function readMigrations(folder: string): Migration[] {
  const names = readdirSync(folder)
    .filter((name) => name.endsWith(".sql"))
    .sort();
  return names.map((name, i) => {
    const number = Number(/^(\d{4})_/.exec(name)?.[1]);
    if (number !== i + 1) {
      throw new MigrationError(
        `Migration ${name} stands where number ${padded(i + 1)} belongs. Numbers must rise one by one: rename the newer file.`,
      );
    }
    // Line endings may differ between checkouts.
    const sql = readFileSync(`${folder}/${name}`, "utf8").replaceAll("\r\n", "\n");
    return { number, name, sql, hash: createHash("sha256").update(sql).digest("hex") };
  });
}

function refuseNewer(applied: Applied[], known: Migration[]): void {
  const newestApplied = applied.at(-1)?.number ?? 0;
  const newestKnown = known.length;
  if (newestApplied > newestKnown) {
    throw new SchemaTooNewError(
      `Database is at migration ${newestApplied}, this build knows ${newestKnown}. Deploy the newer build.`,
    );
  }
}

function refuseEdited(applied: Applied[], known: Migration[]): void {
  for (const [i, was] of applied.entries()) {
    const is = known[i];
    if (is && is.number === was.number && is.hash === was.hash) continue;
    throw new MigrationError(
      `Migration ${was.name} was changed after it had been applied to this database. Put the file back as it was, and make the change in a new migration.`,
    );
  }
}

/** A copy to go back to, should the new build disappoint. An older attempt's copy of the same state is replaced. */
function copyBefore(db: Database.Database, { number }: Migration): string {
  const copy = `${db.name}.before-${padded(number)}`;
  rmSync(copy, { force: true });
  db.prepare("VACUUM INTO ?").run(copy);
  return copy;
}

function apply(db: Database.Database, { number, name, sql, hash }: Migration, now: number): void {
  db.exec("BEGIN IMMEDIATE");
  try {
    db.exec(sql);
    const [dangling] = db.prepare<[], { table: string; parent: string }>("PRAGMA foreign_key_check").all();
    if (dangling) {
      throw new MigrationError(
        `Migration ${name} would leave rows in ${dangling.table} that refer to nothing in ${dangling.parent}. Nothing was changed.`,
      );
    }
    db.prepare("INSERT INTO migrations (number, name, hash, at) VALUES (?, ?, ?, ?)").run(number, name, hash, now);
    db.exec("COMMIT");
  } catch (error) {
    if (db.inTransaction) db.exec("ROLLBACK");
    throw error;
  }
}

function padded(number: number): string {
  return String(number).padStart(4, "0");
}

import { appendFileSync, cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Database from "better-sqlite3";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { SchemaTooNewError } from "../../../src/domain/errors.ts";
import { MigrationError, migrate, SQLITE_MIGRATIONS } from "../../../src/store/migrate.ts";
import { connect } from "../../../src/store/open.ts";
import { createSqliteStore } from "../../../src/store/sqlite/store.ts";
import { answered, asked, decision, SAM, settled, started, threadWanted, tinyModel, wish } from "./tiny-model.ts";

let folder: string;
let migrations: string;
let db: Database.Database;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "t-minus-migrate-"));
  migrations = join(folder, "migrations");
  cpSync(SQLITE_MIGRATIONS, migrations, { recursive: true });
  db = connect(join(folder, "t.db"));
});
afterEach(() => {
  db.close();
  rmSync(folder, { recursive: true, force: true });
});

const next = (name: string, sql: string) => writeFileSync(join(migrations, name), sql);
const up = () => migrate(db, { folder: migrations, now: 1_000 });
const known = () => db.prepare<[], { n: number }>("SELECT count(*) n FROM migrations").get()?.n ?? 0;

/** Every row of every table of ours. */
function everything(of = db): Record<string, unknown[]> {
  const tables = of
    .prepare<[], { name: string }>("SELECT name FROM sqlite_schema WHERE type = 'table' AND name <> 'migrations'")
    .all();
  return Object.fromEntries(tables.map(({ name }) => [name, of.prepare(`SELECT * FROM ${name} ORDER BY 1`).all()]));
}

/** A session with threads, people, open items, an outbox and more, in a store that is then left. */
async function fullSession(): Promise<void> {
  const store = createSqliteStore(db, { model: tinyModel, machine: { now: () => 1 } });
  await store.transition({ receipts: ["a", "b"], target: { person: SAM } }, () =>
    decision({
      sessionId: "s-1",
      sessionEvents: [
        started("s-1"),
        threadWanted("t1"),
        threadWanted("t2"),
        asked("R1", SAM),
        answered("R1", SAM, "two AZs", "m1"),
        settled("R1", SAM),
        asked("R2", SAM),
      ],
      personEvents: [{ kind: "person_met", name: "Sam", at: "2026-11-02T09:00:00.000Z" }],
      outbox: [wish("o1"), wish("o2", { key: "k" })],
    }),
  );
  await store.keep("a", "b", 1);
  await store.linkIdentity({ platform: "slack", workspace: "T", user: "U" }, SAM);
}

const REBUILD = `
  CREATE TABLE sessions_new (
    seq INTEGER PRIMARY KEY, id TEXT NOT NULL, name TEXT NOT NULL, date TEXT NOT NULL, status TEXT NOT NULL,
    home TEXT NOT NULL, event_at TEXT NOT NULL, workload TEXT) STRICT;
  INSERT INTO sessions_new SELECT seq, id, name, date, status, home, event_at, NULL FROM sessions;
  DROP TABLE sessions;
  ALTER TABLE sessions_new RENAME TO sessions;
  CREATE UNIQUE INDEX sessions_id ON sessions (id);
  CREATE INDEX sessions_home ON sessions (home);`;

describe("migrations", () => {
  it("make a fresh database, without a copy, and have nothing to do the next time", () => {
    expect(up()).toEqual({ applied: [1] });
    expect(up()).toEqual({ applied: [] });
    expect(db.pragma("foreign_keys", { simple: true })).toBe(1);
  });

  it("rebuild a table under a full session and lose no row", async () => {
    up();
    await fullSession();
    const before = everything();
    for (const [table, rows] of Object.entries(before)) {
      if (table !== "web_messages") expect(rows.length, `${table} has rows to lose`).toBeGreaterThan(0);
    }
    next("0002_workload.sql", REBUILD);
    expect(up().applied).toEqual([2]);
    const { sessions, ...others } = everything();
    const { sessions: sessionsBefore, ...othersBefore } = before;
    expect(others).toEqual(othersBefore);
    expect(sessions).toEqual(sessionsBefore?.map((row) => ({ ...Object(row), workload: null })));
    expect(() => db.exec("INSERT INTO conversations VALUES ('x', 'no such session')")).toThrow("FOREIGN KEY");
    const store = createSqliteStore(db, { model: tinyModel, machine: { now: () => 1 } });
    expect((await store.session("s-1"))?.revision).toBe(7);
  });

  it("copy a database that is in use first, and say where", async () => {
    up();
    await fullSession();
    const before = everything();
    next("0002_workload.sql", REBUILD);
    next("0003_more.sql", "CREATE TABLE more (id TEXT) STRICT;");
    const { applied, copy } = up();
    expect(applied).toEqual([2, 3]);
    expect(copy).toBe(join(folder, "t.db.before-0002"));
    const backup = new Database(copy ?? "", { readonly: true });
    expect(everything(backup)).toEqual(before);
    backup.close();
  });

  it("refuse a database newer than the build, with the way out, and leave it alone", () => {
    next("0002_more.sql", "CREATE TABLE more (id TEXT) STRICT;");
    up();
    rmSync(join(migrations, "0002_more.sql"));
    expect(up).toThrow(SchemaTooNewError);
    expect(up).toThrow("Database is at migration 2, this build knows 1. Deploy the newer build.");
    expect(known()).toBe(2);
  });

  it("refuse a file that was edited after it was applied, but not other line endings", () => {
    up();
    const path = join(migrations, "0001_start.sql");
    writeFileSync(path, readFileSync(path, "utf8").replaceAll("\n", "\r\n"));
    expect(up()).toEqual({ applied: [] });
    appendFileSync(path, "-- a small correction\n");
    expect(up).toThrow(MigrationError);
    expect(up).toThrow("Migration 0001_start.sql was changed after it had been applied");
  });

  it.each([
    ["a gap", ["0003_later.sql"]],
    ["two of one number", ["0002_mine.sql", "0002_yours.sql"]],
    ["no number", ["more.sql"]],
  ])("refuse %s in the numbers", (_what, names) => {
    up();
    for (const name of names) next(name, "SELECT 1;");
    expect(up).toThrow("Numbers must rise one by one");
    expect(known()).toBe(1);
  });

  it("undo one that fails half-way, keep those before it, and can be run again", () => {
    up();
    next("0002_more.sql", "CREATE TABLE more (id TEXT) STRICT;");
    next("0003_broken.sql", "CREATE TABLE evenmore (id TEXT) STRICT; INSERT INTO nowhere VALUES (1);");
    expect(up).toThrow("no such table: nowhere");
    expect(known()).toBe(2);
    expect(Object.keys(everything())).toContain("more");
    expect(Object.keys(everything())).not.toContain("evenmore");
    expect(db.pragma("foreign_keys", { simple: true })).toBe(1);
    next("0003_broken.sql", "CREATE TABLE evenmore (id TEXT) STRICT;");
    expect(up().applied).toEqual([3]);
  });

  it("undo one that would leave rows that refer to nothing", async () => {
    up();
    await fullSession();
    const before = everything();
    next("0002_careless.sql", "DELETE FROM sessions;");
    expect(up).toThrow(/0002_careless.sql would leave rows in \w+ that refer to nothing in sessions/);
    expect(everything()).toEqual(before);
    expect(known()).toBe(1);
  });
});

import Database from "better-sqlite3";
import { afterAll, describe, expect, it } from "vitest";
import { getTableConfig, is, SQLiteTable } from "../../../src/store/drizzle.ts";
import { migrate } from "../../../src/store/migrate.ts";
import * as schema from "../../../src/store/sqlite/schema.ts";

const db = new Database(":memory:");
migrate(db, { now: 0 });
afterAll(() => db.close());

const tables = Object.values(schema).flatMap((table) => (is(table, SQLiteTable) ? [getTableConfig(table)] : []));

type Column = { name: string; type: string; notnull: number; pk: number };
type Index = { name: string; unique: number; origin: string };

describe("the schema in TypeScript is the migrated database's", () => {
  it("has the same tables", () => {
    const inDatabase = db
      .prepare<[], string>("SELECT name FROM sqlite_schema WHERE type = 'table' AND name <> 'migrations' ORDER BY name")
      .pluck()
      .all();
    expect(tables.map(({ name }) => name).sort()).toEqual(inDatabase);
  });

  it.each(tables.map((table) => [table.name, table] as const))("has the columns and keys of %s", (name, table) => {
    const inDatabase = db.prepare<[string], Column>("SELECT * FROM pragma_table_info(?)").all(name);
    const key = table.primaryKeys[0]?.columns.map((column) => column.name) ?? [];
    const columns = table.columns.map((column) => ({
      name: column.name,
      type: column.getSQLType().toUpperCase(),
      notNull: column.notNull,
      pk: column.primary ? 1 : key.indexOf(column.name) + 1,
    }));
    expect(columns).toEqual(
      inDatabase.map(({ name, type, notnull, pk }) => ({ name, type, notNull: notnull === 1 || pk > 0, pk })),
    );
  });

  it.each(tables.map((table) => [table.name, table] as const))("has the indexes of %s", (name, table) => {
    const inDatabase = db
      .prepare<[string], Index>("SELECT * FROM pragma_index_list(?)")
      .all(name)
      .filter(({ origin }) => origin === "c")
      .map(({ name, unique }) => ({
        name,
        unique: unique === 1,
        columns: db.prepare<[string], string>("SELECT name FROM pragma_index_info(?) ORDER BY seqno").pluck().all(name),
      }));
    const ours = table.indexes.map(({ config }) => ({
      name: config.name,
      unique: config.unique,
      columns: config.columns.map((column) => ("name" in column ? column.name : "?")),
    }));
    const byName = (a: { name: string }, b: { name: string }) => a.name.localeCompare(b.name);
    expect(ours.sort(byName)).toEqual(inDatabase.sort(byName));
  });

  it("refers to the same tables, and never cascades", () => {
    for (const table of tables) {
      const inDatabase = db
        .prepare<[string], { table: string; from: string; to: string; on_delete: string; on_update: string }>(
          'SELECT "table", "from", "to", on_delete, on_update FROM pragma_foreign_key_list(?)',
        )
        .all(table.name);
      const ours = table.foreignKeys.map((key) => {
        const { columns, foreignColumns, foreignTable } = key.reference();
        return { table: getTableConfig(foreignTable).name, from: columns[0]?.name, to: foreignColumns[0]?.name };
      });
      expect(ours).toEqual(inDatabase.map(({ table, from, to }) => ({ table, from, to })));
      expect(inDatabase.every((key) => key.on_delete === "NO ACTION" && key.on_update === "NO ACTION")).toBe(true);
    }
  });
});

import { createRequire } from "node:module";

/**
 * The one place that loads drizzle. As ESM `drizzle-orm/better-sqlite3` costs half a second and 250 MB at start,
 * because it resolves every driver file on its own; required as CommonJS it costs 75 ms and 70 MB.
 */
const load = createRequire(import.meta.url);

const core: typeof import("drizzle-orm") = load("drizzle-orm");
const sqliteCore: typeof import("drizzle-orm/sqlite-core") = load("drizzle-orm/sqlite-core");
const driver: typeof import("drizzle-orm/better-sqlite3") = load("drizzle-orm/better-sqlite3");

export const { and, asc, eq, gt, is, or, sql } = core;
export const { getTableConfig, index, integer, primaryKey, real, SQLiteTable, sqliteTable, text, uniqueIndex } =
  sqliteCore;
export const { drizzle } = driver;

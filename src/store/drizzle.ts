import { createRequire } from "node:module";

/**
 * The one place that loads drizzle. As ESM it costs half a second and 250 MB, because it resolves every file on its own;
 * required as CommonJS it costs a sixth of that.
 */
const load = createRequire(import.meta.url);

const core: typeof import("drizzle-orm") = load("drizzle-orm");
const sqliteCore: typeof import("drizzle-orm/sqlite-core") = load("drizzle-orm/sqlite-core");

export const { is } = core;
export const { getTableConfig, index, integer, primaryKey, real, SQLiteTable, sqliteTable, text, uniqueIndex } =
  sqliteCore;

import { cpSync, existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Store } from "../../../src/domain/ports.ts";
import { migrate } from "../../../src/store/migrate.ts";
import { connect } from "../../../src/store/open.ts";
import { createSqliteStore } from "../../../src/store/sqlite/store.ts";
import { storeContract } from "../../contracts/store-contract.ts";

storeContract("SQLite", async ({ model, machine }) => {
  const folder = mkdtempSync(join(tmpdir(), "t-minus-contract-"));
  const stores: Store[] = [];
  function openAt(path: string, knows = model): Store {
    const db = connect(path);
    migrate(db, { now: machine.now() });
    const store = createSqliteStore(db, { model: knows, machine });
    stores.push(store);
    return store;
  }
  return {
    store: openAt(join(folder, "0.db")),
    /** The files as they stand at this instant are what a killed process leaves behind. */
    async crash(knows) {
      const from = join(folder, `${stores.length - 1}.db`);
      const to = join(folder, `${stores.length}.db`);
      for (const suffix of ["", "-wal"]) if (existsSync(from + suffix)) cpSync(from + suffix, to + suffix);
      return openAt(to, knows);
    },
    async end() {
      for (const store of stores) await store.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
});

import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Store } from "../../../src/domain/ports.ts";
import { migrate } from "../../../src/store/migrate.ts";
import { connect } from "../../../src/store/open.ts";
import { createSqliteStore } from "../../../src/store/sqlite/store.ts";
import { storeContract } from "../../contracts/store-contract.ts";
import { AT, answered, asked, decision, SAM, started, threadWanted, tinyModel, wish } from "./tiny-model.ts";

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

describe("a SQLite file", () => {
  let folder: string;
  let store: Store;
  const machine = { time: 1_000_000, now: () => machine.time };
  const db = () => connect(join(folder, "t.db"));

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "t-minus-file-"));
    const connection = db();
    migrate(connection, { now: 0 });
    store = createSqliteStore(connection, { model: tinyModel, machine });
  });
  afterEach(async () => {
    await store.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const holds = (words: string) =>
    readdirSync(folder).filter((name) => readFileSync(join(folder, name)).includes(words));
  const count = (table: string) => {
    const connection = db();
    const { n } = connection.prepare<[], { n: number }>(`SELECT count(*) n FROM ${table}`).get() ?? { n: -1 };
    connection.close();
    return n;
  };

  it("holds none of the forgotten words any more, in no page and no log", async () => {
    const words = "the failover password is under the mat";
    await store.transition({ receipts: ["a"], target: {} }, () =>
      decision({
        sessionId: "s-1",
        sessionEvents: [started("s-1"), threadWanted("t1"), asked("R1", SAM), answered("R1", SAM, words, "m1")],
      }),
    );
    expect(holds(words).length).toBeGreaterThan(0);
    await store.transition({ receipts: ["b"], target: { session: "s-1" } }, () =>
      decision({ sessionEvents: [{ kind: "session_forgotten", at: AT }], forget: "s-1" }),
    );
    expect(holds(words)).toEqual([]);
    expect(holds("m1")).not.toEqual([]);
  });

  it("loses receipts after a week, and settled rows at once", async () => {
    for (let day = 0; day < 20; day++) {
      await store.transition({ receipts: [`m${day}`], target: {} }, () => decision({ outbox: [wish(`o${day}`)] }));
      for (const { id, token } of await store.claim({ calendar: 0, machine: machine.time, lease: 1, limit: 9 })) {
        await store.settle(id, token);
      }
      machine.time += 24 * 3_600_000;
    }
    expect(count("receipts")).toBeLessThanOrEqual(9);
    expect(count("outbox")).toBe(0);
  });
});

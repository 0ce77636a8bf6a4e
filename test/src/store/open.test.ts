import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Database from "better-sqlite3";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { ConfigError, SchemaTooNewError, StoreUnavailableError } from "../../../src/domain/errors.ts";
import type { Store } from "../../../src/domain/ports.ts";
import { migrate } from "../../../src/store/migrate.ts";
import { connect, openStore } from "../../../src/store/open.ts";
import { createSqliteStore } from "../../../src/store/sqlite/store.ts";
import { AT, answered, asked, decision, PRIYA, SAM, started, tinyModel, wish } from "./tiny-model.ts";

let folder: string;
const toEnd: (() => unknown)[] = [];
const machine = { now: () => 1_000_000 };

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "t-minus-open-"));
});
afterEach(async () => {
  for (const end of toEnd.splice(0).reverse()) await end();
  rmSync(folder, { recursive: true, force: true });
});

async function open(url: string): Promise<Store> {
  const store = await openStore({ url, model: tinyModel, machine });
  toEnd.push(() => store.close());
  return store;
}

const refusal = (url: string) =>
  open(url).then(
    () => expect.unreachable("it opened"),
    (error: unknown) => error,
  );

describe("opening the store", () => {
  it("makes the folder, keeps what was stored and closes cleanly", async () => {
    const url = `file:${join(folder, "deep", "data", "t-minus.db")}`;
    const store = await open(url);
    await store.transition({ receipts: ["r"], target: {} }, () =>
      decision({ sessionId: "s-1", sessionEvents: [started("s-1")] }),
    );
    await store.close();
    await expect(store.sessions()).rejects.toThrow(StoreUnavailableError);
    await expect(store.keep("a", "b", 1)).rejects.toThrow("The store is closed");
    expect(await (await open(url)).session("s-1")).toMatchObject({ id: "s-1", status: "open" });
  });

  it("commits what is waiting when it is closed", async () => {
    const url = `file:${join(folder, "t.db")}`;
    const store = await open(url);
    const kept = store.keep("a", "b", 1);
    await store.close();
    await kept;
    expect(await (await open(url)).kept("a", "b", Number)).toBe(1);
  });

  it("says that PostgreSQL is not in this version", async () => {
    const error = await refusal("postgres://user:secret@db/t_minus");
    expect(error).toBeInstanceOf(ConfigError);
    expect(String(error)).toContain("not in this version");
    expect(String(error)).not.toContain("secret");
  });

  it.each(["mysql://root:secret@db/x", "t-minus.db", "file:", "file:./data/", "file://host/x.db", ""])(
    "says of %j that it is no database file, with an example",
    async (url) => {
      const error = await refusal(url);
      expect(error).toBeInstanceOf(ConfigError);
      expect(String(error)).toContain("DATABASE_URL=file:./data/t-minus.db");
      expect(String(error)).not.toContain("secret");
    },
  );

  it("says in a sentence that the folder isn't writable", async () => {
    writeFileSync(join(folder, "file"), "");
    const error = await refusal(`file:${join(folder, "file", "t.db")}`);
    expect(error).toBeInstanceOf(StoreUnavailableError);
    expect(String(error)).toMatch(/The folder .*file can't be used for the database \(E\w+\)\. Make it writable/);
  });

  it.runIf(existsSync("/proc/self"))("says so where no folder can be made at all", async () => {
    const error = await refusal("file:/proc/none/deep/t.db");
    expect(error).toBeInstanceOf(StoreUnavailableError);
    expect(String(error)).toContain("The folder /proc/none/deep can't be used for the database (ENOENT).");
  });

  it("says in a sentence that a folder is read-only, and leaves nothing behind", async () => {
    chmodSync(folder, 0o755);
    const locked = join(folder, "locked");
    mkdirSync(locked, { mode: 0o555 });
    const error = await asNobody(() => refusal(`file:${join(locked, "t.db")}`));
    expect(error).toBeInstanceOf(StoreUnavailableError);
    expect(String(error)).toMatch(/can't be opened|can't be used/);
    expect(existsSync(join(locked, "t.db"))).toBe(false);
  });

  it("refuses a database that a newer build has been at, and frees it again", async () => {
    const path = join(folder, "t.db");
    await (await open(`file:${path}`)).close();
    const db = new Database(path);
    db.exec("INSERT INTO migrations VALUES (999, '0999_later.sql', 'x', 0)");
    db.close();
    expect(await refusal(`file:${path}`)).toBeInstanceOf(SchemaTooNewError);
    expect(await refusal(`file:${path}`)).toBeInstanceOf(SchemaTooNewError);
  });

  it("says that a file is no database", async () => {
    const path = join(folder, "t.db");
    writeFileSync(path, "something else entirely, and longer than a header of SQLite's would be ".repeat(20));
    expect(String(await refusal(`file:${path}`))).toContain("is not a SQLite database");
  });
});

describe("one process per database", () => {
  async function holder(url: string) {
    const script = new URL("./hold-store.ts", import.meta.url).pathname;
    const child = spawn(process.execPath, [script, url], { stdio: ["ignore", "pipe", "inherit"] });
    const exited = once(child, "exit");
    toEnd.push(async () => {
      child.kill("SIGKILL");
      await exited;
    });
    await once(child.stdout, "data");
    return { pid: child.pid, kill: () => child.kill("SIGKILL"), exited };
  }

  it("tells a second process who has it, and takes it over at once when that one is dead", async () => {
    const url = `file:${join(folder, "t.db")}`;
    const { pid, kill, exited } = await holder(url);
    const error = await refusal(url);
    expect(error).toBeInstanceOf(StoreUnavailableError);
    expect(String(error)).toMatch(new RegExp(`Another T-Minus \\(process ${pid}, started 20\\d\\d-.*Z\\) is using`));
    expect(String(error)).toContain("Stop that one first");

    kill();
    await exited;
    const store = await open(url);
    expect(await store.voidLeases(0)).toBe(1);
    const [item] = await store.claim({ calendar: 0, machine: 0, lease: 1, limit: 1 });
    expect(item).toMatchObject({ id: "o1", uncertain: true, attempts: 2 });
  });
});

describe("a disk that is full", () => {
  it("is said in a sentence, nothing is half-written, and it goes on when space is there again", async () => {
    const db = connect(join(folder, "t.db"));
    migrate(db, { now: 0 });
    const store = createSqliteStore(db, { model: tinyModel, machine });
    toEnd.push(() => store.close());
    const say = (n: number, text: string) =>
      store.transition({ receipts: [`m${n}`], target: { session: "s-1" } }, () =>
        decision({ sessionEvents: [answered("R1", SAM, text, `m${n}`)], outbox: [wish(`o${n}`)] }),
      );
    await store.transition({ receipts: ["s"], target: {} }, () =>
      decision({ sessionId: "s-1", sessionEvents: [started("s-1"), asked("R1", SAM)] }),
    );
    const pages = Number(db.pragma("page_count", { simple: true }));
    db.pragma(`max_page_count = ${pages + 2}`);

    const results = await Promise.allSettled([say(1, "small"), say(2, "x".repeat(40_000)), say(3, "small too")]);
    const refused = results[1];
    expect(results.map(({ status }) => status)).toEqual(["fulfilled", "rejected", "fulfilled"]);
    expect(refused?.status === "rejected" && refused.reason).toBeInstanceOf(StoreUnavailableError);
    expect(refused?.status === "rejected" && String(refused.reason)).toContain("The disk is full");
    expect((await store.session("s-1"))?.questions.R1?.parts.map(({ words }) => words.text)).toEqual([
      "small",
      "small too",
    ]);
    expect((await store.counts(0)).waiting).toBe(2);
    expect(db.prepare("SELECT count(*) n FROM texts WHERE length(text) > 1000").get()).toEqual({ n: 0 });

    db.pragma(`max_page_count = ${pages + 1_000}`);
    expect(await say(2, "x".repeat(40_000))).toEqual({ kind: "committed" });
    expect((await store.session("s-1"))?.questions.R1?.parts).toHaveLength(3);
    expect(await store.session("s-1")).toMatchObject({ revision: (await store.sessionEvents("s-1")).length });
  });

  it("can be tried out with a ceiling in the address", async () => {
    const store = await open(`file:${join(folder, "t.db")}?max_page_count=60`);
    const fill = async () => {
      for (let n = 0; n < 100; n++) await store.keep("fill", `${n}`, "x".repeat(4_000));
    };
    await expect(fill()).rejects.toThrow("The disk is full");
    await store.drop("fill", "0");
    await store.drop("fill", "1");
    await store.keep("fill", "again", "x".repeat(4_000));
    expect(statSync(join(folder, "t.db")).size).toBeLessThanOrEqual(60 * 4_096);
  });

  it("keeps the process alive: reading goes on", async () => {
    const store = await open(`file:${join(folder, "t.db")}?max_page_count=40`);
    const start = () =>
      store.transition({ receipts: ["s"], target: { person: PRIYA } }, () =>
        decision({
          sessionId: "s-1",
          sessionEvents: [started("s-1"), answered("R1", SAM, "x".repeat(200_000), "m1")],
          personEvents: [{ kind: "person_met", at: AT }],
        }),
      );
    await expect(start()).rejects.toThrow(StoreUnavailableError);
    await expect(start()).rejects.toThrow(StoreUnavailableError);
    expect(await store.session("s-1")).toBeUndefined();
    expect(await store.person(PRIYA)).toMatchObject({ revision: 0 });
    expect(await store.sessions()).toEqual([]);
  });
});

describe("a database that another program writes to", () => {
  it("is said in a sentence, and works again when that one is done", async () => {
    const path = join(folder, "t.db");
    const db = connect(path);
    db.pragma("busy_timeout = 20");
    migrate(db, { now: 0 });
    const store = createSqliteStore(db, { model: tinyModel, machine });
    toEnd.push(() => store.close());
    const other = new Database(path);
    toEnd.push(() => other.close());
    other.exec("BEGIN IMMEDIATE");
    const both = await Promise.allSettled([store.keep("a", "b", 1), store.keep("a", "c", 2)]);
    for (const result of both) {
      expect(result.status === "rejected" && result.reason).toBeInstanceOf(StoreUnavailableError);
      expect(result.status === "rejected" && String(result.reason)).toContain("Another program is writing");
    }
    other.exec("ROLLBACK");
    await store.keep("a", "b", 3);
    expect(await store.kept("a", "b", Number)).toBe(3);
  });
});

/** Root may write anywhere, so the attempt is made as a user who may not. */
async function asNobody<T>(work: () => Promise<T>): Promise<T> {
  if (process.geteuid?.() !== 0) return work();
  process.seteuid?.(65_534);
  try {
    return await work();
  } finally {
    process.seteuid?.(0);
  }
}

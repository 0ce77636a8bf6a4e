import { once } from "node:events";
import { existsSync, mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Worker } from "node:worker_threads";
import Database from "better-sqlite3";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { StoreUnavailableError } from "../../../src/domain/errors.ts";
import { createGroupCommit } from "../../../src/store/group-commit.ts";
import { connect } from "../../../src/store/open.ts";
import { createCheckpoints } from "../../../src/store/sqlite/checkpoints.ts";
import { takeOverSync } from "../../../src/store/sqlite/log-sync.ts";
import { noLog } from "../../../src/store/stored.ts";

/** A group commit whose syncs end when the test says so. */
function slowDisk() {
  const db = new Database(":memory:");
  db.exec("CREATE TABLE said (words TEXT)");
  const insert = db.prepare<[string]>("INSERT INTO said VALUES (?)");
  const syncs: { done(): void; failed(error: Error): void }[] = [];
  const broken: unknown[] = [];
  const hooks = { jobEnded() {}, batchEnded() {}, syncFailed: (error: unknown) => void broken.push(error) };
  const commits = createGroupCommit(db, hooks, () => {
    return new Promise<void>((done, failed) => void syncs.push({ done, failed }));
  });
  const told: string[] = [];
  const say = (words: string) =>
    commits
      .write(() => insert.run(words))
      .then(
        () => void told.push(words),
        (error: unknown) => {
          told.push(`${words}: refused`);
          return error;
        },
      );
  const count = () => db.prepare<[], { n: number }>("SELECT count(*) n FROM said").get()?.n;
  return { commits, syncs, broken, told, say, count };
}

const turn = () => new Promise<void>((done) => setImmediate(() => setImmediate(done)));

describe("a group commit", () => {
  it("answers nobody before the disk has it, and everybody of one sync together", async () => {
    const { syncs, told, say, count } = slowDisk();
    void say("a");
    void say("b");
    await turn();
    expect({ count: count(), syncs: syncs.length, told }).toEqual({ count: 2, syncs: 1, told: [] });
    void say("c");
    void say("d");
    await turn();
    // Few wait for the sync to end: more may come to share their transaction.
    expect({ count: count(), syncs: syncs.length, told }).toEqual({ count: 2, syncs: 1, told: [] });
    syncs[0]?.done();
    await turn();
    expect({ count: count(), syncs: syncs.length, told }).toEqual({ count: 4, syncs: 2, told: ["a", "b"] });
    syncs[1]?.done();
    await turn();
    expect({ syncs: syncs.length, told }).toEqual({ syncs: 2, told: ["a", "b", "c", "d"] });
  });

  it("commits a crowd while a sync runs, which may have missed them: they wait for the next", async () => {
    const { syncs, told, say, count } = slowDisk();
    void say("first");
    await turn();
    for (let n = 0; n < 30; n++) void say(`${n}`);
    await turn();
    expect({ count: count(), syncs: syncs.length, told }).toEqual({ count: 31, syncs: 1, told: [] });
    syncs[0]?.done();
    await turn();
    expect({ syncs: syncs.length, told }).toEqual({ syncs: 2, told: ["first"] });
    syncs[1]?.done();
    await turn();
    expect(told).toHaveLength(31);
  });

  it("refuses everybody after a sync that failed, and says once that it is broken", async () => {
    const { syncs, broken, told, say, count } = slowDisk();
    const first = say("a");
    await turn();
    const second = say("b");
    await turn();
    syncs[0]?.failed(new Error("EIO"));
    expect(await first).toBeInstanceOf(StoreUnavailableError);
    expect(await second).toBeInstanceOf(StoreUnavailableError);
    expect(await say("c")).toBeInstanceOf(StoreUnavailableError);
    expect(told).toEqual(["a: refused", "b: refused", "c: refused"]);
    expect(broken).toHaveLength(1);
    expect(syncs).toHaveLength(1);
    expect(count()).toBe(2);
  });

  it("is closed when what waited is on the disk", async () => {
    const { commits, syncs, told, say } = slowDisk();
    void say("a");
    let closed = false;
    const closing = commits.close().then(() => {
      closed = true;
    });
    await turn();
    expect({ closed, told }).toEqual({ closed: false, told: [] });
    syncs[0]?.done();
    await closing;
    expect(told).toEqual(["a"]);
    await expect(commits.write(() => 1)).rejects.toThrow("The store is closed");
  });
});

describe("the log of a database", () => {
  let folder: string;
  let db: Database.Database;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "t-minus-log-"));
    db = connect(join(folder, "t.db"));
    db.exec("CREATE TABLE said (words TEXT)");
  });
  afterEach(() => {
    db.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it("is synced by the store, no longer by each commit", async () => {
    expect(db.pragma("synchronous", { simple: true })).toBe(2);
    const disk = takeOverSync(db);
    expect(db.pragma("synchronous", { simple: true })).toBe(1);
    db.exec("INSERT INTO said VALUES ('a')");
    await disk.sync();
    await disk.close();
  });

  it("says so when the disk doesn't take it", async () => {
    const disk = takeOverSync(db);
    await disk.sync();
    await disk.close();
    await expect(disk.sync()).rejects.toThrow("EBADF");
  });

  it("stays synced by each commit where SQLite keeps no such log", async () => {
    const other = new Database(join(folder, "other.db"));
    other.pragma("synchronous = FULL");
    await takeOverSync(other).sync();
    expect(other.pragma("synchronous", { simple: true })).toBe(2);
    other.close();
  });

  it("is synced right here for one who waits alone, where the disk was quick the last time", async () => {
    let [now, tick] = [0, 0];
    const disk = takeOverSync(db, () => {
      now += tick;
      return now;
    });
    /** Whether it is done before the event loop turns: no other thread could answer by then. */
    const here = async (alone: boolean) => {
      let done = false;
      const syncing = disk.sync(alone).then(() => {
        done = true;
      });
      for (let n = 0; n < 10; n++) await Promise.resolve();
      const wasHere = done;
      await syncing;
      return wasHere;
    };
    // Nobody knows yet how long the disk takes.
    expect(await here(true)).toBe(false);
    expect(await here(true)).toBe(true);
    expect(await here(false)).toBe(false);
    tick = 5;
    expect(await here(true)).toBe(true);
    expect(await here(true)).toBe(false);
    tick = 0;
    expect(await here(true)).toBe(false);
    expect(await here(true)).toBe(true);
    await disk.close();
    await expect(disk.sync(true)).rejects.toThrow("EBADF");
  });

  const pages = (wish: string) => {
    const [row] = db.pragma(`wal_checkpoint(${wish})`) as { log: number; checkpointed: number }[];
    return row ?? { log: 0, checkpointed: 0 };
  };
  const write = (rows: number, after: () => void) => {
    const insert = db.prepare<[string]>("INSERT INTO said VALUES (?)");
    for (let n = 0; n < rows; n++) {
      insert.run("x".repeat(4_000));
      after();
    }
  };

  it("is copied into the database by another thread while much is written, and begins anew", async () => {
    const checkpoints = createCheckpoints(db, noLog);
    const size = () => statSync(join(folder, "t.db")).size;
    const before = size();
    // Every row is a page, and changes the page that leads to it.
    write(3_100, checkpoints.committed);
    expect(pages("NOOP").log).toBeGreaterThan(6_000);
    await vi.waitFor(() => expect(size()).toBeGreaterThan(before + 2_000 * 4_000), { timeout: 30_000 });
    await vi.waitFor(() => expect(pages("NOOP").checkpointed).toBe(pages("NOOP").log), { timeout: 30_000 });
    write(1, checkpoints.committed);
    expect(pages("NOOP").log).toBeLessThan(10);
    await checkpoints.close();
    expect(existsSync(join(folder, "t.db-wal"))).toBe(true);
    expect(db.prepare("SELECT count(*) n FROM said").get()).toEqual({ n: 3_101 });
  });

  it("is left to grow, not copied over and over, while another program reads an old state", async () => {
    const reader = new Database(join(folder, "t.db"));
    reader.exec("BEGIN");
    reader.prepare("SELECT count(*) FROM said").get();
    const wishes = vi.spyOn(Worker.prototype, "postMessage");
    const checkpoints = createCheckpoints(db, noLog);
    write(3_100, checkpoints.committed);
    const [thread] = wishes.mock.contexts;
    if (!(thread instanceof Worker)) throw new Error("No thread was asked to copy");
    await once(thread, "message");
    expect(pages("NOOP").checkpointed).toBeLessThan(100);
    write(50, checkpoints.committed);
    expect(wishes).toHaveBeenCalledTimes(1);
    wishes.mockRestore();
    reader.exec("COMMIT");
    reader.close();
    await checkpoints.close();
    expect(db.prepare("SELECT count(*) n FROM said").get()).toEqual({ n: 3_150 });
  });

  it("that can't be looked at takes nothing back from what was committed", () => {
    const warnings: string[] = [];
    const other = connect(join(folder, "other.db"));
    const checkpoints = createCheckpoints(other, { ...noLog, warn: (_, words) => void warnings.push(words) });
    other.close();
    expect(() => checkpoints.committed()).not.toThrow();
    expect(warnings).toEqual(["The log could not be looked at; SQLite's own checkpoint will copy it"]);
  });
});

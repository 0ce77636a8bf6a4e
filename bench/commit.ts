import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Store } from "../src/domain/ports.ts";
import { openStore } from "../src/store/open.ts";
import { answered, asked, decision, PRIYA, started, tinyModel, wish } from "../test/src/store/tiny-model.ts";

const AT_ONCE = 50;
const ROUNDS = 40;

/**
 * Answers per second when {@link AT_ONCE} arrive together, and share commits, against each waiting for the one before.
 * The two take turns, so that a busy machine slows both.
 */
export async function run(): Promise<{ name: string; value: number; unit: string }[]> {
  const folder = mkdtempSync(join(tmpdir(), "t-minus-bench-"));
  const machine = { now: () => Date.now() };
  const store = await openStore({ url: `file:${join(folder, "commit.db")}`, model: tinyModel, machine });
  let together = 0;
  let alone = 0;
  try {
    for (let round = 0; round < ROUNDS; round++) {
      const ids = [`a${round}`, `b${round}`] as const;
      for (const id of ids) await start(store, id);
      together += await seconds(() => Promise.all(numbers().map((n) => answer(store, ids[0], n))));
      alone += await seconds(async () => {
        for (const n of numbers()) await answer(store, ids[1], n);
      });
      for (;;) {
        const items = await store.claim({ calendar: 1, machine: 1, lease: 1_000, limit: 1_000 });
        if (items.length === 0) break;
        await Promise.all(items.map(({ id, token }) => store.settle(id, token)));
      }
    }
  } finally {
    await store.close();
    rmSync(folder, { recursive: true, force: true });
  }
  const answers = AT_ONCE * ROUNDS;
  return [
    { name: "commit", value: alone / together, unit: "x one by one" },
    { name: "commit.group", value: answers / together, unit: "events/s" },
    { name: "commit.alone", value: answers / alone, unit: "events/s" },
  ];
}

function numbers(): number[] {
  return Array.from({ length: AT_ONCE }, (_, n) => n);
}

function start(store: Store, id: string): Promise<unknown> {
  return store.transition({ receipts: [`start-${id}`], target: {} }, () =>
    decision({ sessionId: id, sessionEvents: [started(id), asked("R1", PRIYA)] }),
  );
}

function answer(store: Store, session: string, n: number): Promise<unknown> {
  const id = `${session}-${n}`;
  return store.transition({ receipts: [id], target: { session, person: PRIYA } }, () =>
    decision({
      sessionEvents: [answered("R1", PRIYA, "Two AZs, tested in May; the batch group has one.", id)],
      outbox: [wish(id, { lane: `react-${id}` })],
    }),
  );
}

async function seconds(work: () => Promise<unknown>): Promise<number> {
  const begun = performance.now();
  await work();
  return (performance.now() - begun) / 1_000;
}

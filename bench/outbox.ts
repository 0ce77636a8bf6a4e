import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { NewOutboxItem } from "../src/domain/effect.ts";
import type { Store } from "../src/domain/ports.ts";
import { openStore } from "../src/store/open.ts";
import { tinyModel, wish } from "../test/src/store/tiny-model.ts";

const CLAIMS = 300;
const PER_CLAIM = 5;
const ROWS_PER_LANE = 10;

/**
 * How long a claim of {@link PER_CLAIM} takes with 1,000 and with 100,000 rows waiting: a third of them due now, a third
 * on another day, a third held back by the machine clock, ten to a lane. The two take turns; medians are compared.
 */
export async function run(): Promise<{ name: string; value: number; unit: string }[]> {
  const folder = mkdtempSync(join(tmpdir(), "t-minus-bench-"));
  const stores: { store: Store; times: number[] }[] = [];
  try {
    for (const rows of [1_000, 100_000]) {
      const machine = { now: () => 1_000 };
      const store = await openStore({ url: `file:${join(folder, `${rows}.db`)}`, model: tinyModel, machine });
      stores.push({ store, times: [] });
      for (let from = 0; from < rows; from += 10_000) {
        await store.enqueue(Array.from({ length: Math.min(10_000, rows - from) }, (_, i) => row(from + i)));
      }
    }
    for (let n = 0; n < CLAIMS; n++) {
      for (const { store, times } of stores) times.push(await timedClaim(store));
    }
  } finally {
    for (const { store } of stores) await store.close();
    rmSync(folder, { recursive: true, force: true });
  }
  const [few = 0, many = 0] = stores.map(({ times }) => median(times));
  return [
    { name: "outbox", value: many / few, unit: "x, 100,000 rows against 1,000" },
    { name: "outbox.claim.1000", value: few, unit: "ms" },
    { name: "outbox.claim.100000", value: many, unit: "ms" },
  ];
}

function row(n: number): NewOutboxItem {
  const lane = Math.floor(n / ROWS_PER_LANE);
  const waits = [{}, { due: 1_000_000 + lane }, { notBefore: 1_000_000 + lane }][lane % 3];
  return wish(`o${n}`, { lane: `slack:T024:C${lane}#1`, session: "s-1", ...waits });
}

/** Only the claim is timed; what was claimed is settled and replaced by as much. */
async function timedClaim(store: Store): Promise<number> {
  const begun = performance.now();
  const items = await store.claim({ calendar: 1_000, machine: 1_000, lease: 60_000, limit: PER_CLAIM });
  const took = performance.now() - begun;
  if (items.length !== PER_CLAIM) throw new Error(`Claimed ${items.length} instead of ${PER_CLAIM}.`);
  await Promise.all(items.map(({ id, token }) => store.settle(id, token)));
  await store.enqueue(items.map(({ id, lane }) => wish(`${id}+`, { lane })));
  return took;
}

function median(times: number[]): number {
  return times.toSorted((a, b) => a - b)[Math.floor(times.length / 2)] ?? 0;
}

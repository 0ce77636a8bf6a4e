import { readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { type Running, startProgram, temporaryFolder } from "./program.ts";

const STARTS = 5;
const SETTLED_AFTER_MS = 5_000;

/**
 * From spawn to ready, on a new database and on one that is there; and what it holds in memory 5 s later. The very first
 * start of an installation also compiles (see `src/compile-cache.js`).
 */
export async function run(): Promise<{ name: string; value: number; unit: string }[]> {
  const folder = temporaryFolder();
  try {
    const database = join(folder.path, "start.db");
    const first = await startProgram(database);
    const firstRss = await settledBytes(first);
    const times: number[] = [];
    for (let count = 0; count < STARTS; count++) {
      const program = await startProgram(database);
      times.push(program.readyMs);
      await program.stop();
    }
    const rss = await settledBytes(await startProgram(database));
    const median = times.toSorted((a, b) => a - b)[Math.floor(STARTS / 2)] ?? 0;
    return [
      { name: "start", value: median, unit: `ms from spawn to ready, median of ${STARTS}` },
      { name: "start.first", value: first.readyMs, unit: "ms on a new database" },
      { name: "start.rss", value: rss / 1_000_000, unit: "MB resident after 5 s" },
      { name: "start.first.rss", value: firstRss / 1_000_000, unit: "MB resident 5 s after the first start" },
    ];
  } finally {
    folder.remove();
  }
}

async function settledBytes(program: Running): Promise<number> {
  await sleep(SETTLED_AFTER_MS);
  const bytes = residentBytes(program.pid);
  await program.stop();
  return bytes;
}

/** Linux only, as the targets are. */
function residentBytes(pid: number): number {
  const found = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"));
  return Number(found?.[1] ?? 0) * 1_024;
}

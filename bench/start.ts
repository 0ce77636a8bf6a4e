import { readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { startProgram, temporaryFolder } from "./program.ts";

const STARTS = 5;
const SETTLED_AFTER_MS = 5_000;

/** From spawn to ready, on a new database and on one that is there; and what it holds in memory 5 s later. */
export async function run(): Promise<{ name: string; value: number; unit: string }[]> {
  const folder = temporaryFolder();
  try {
    const database = join(folder.path, "start.db");
    const first = await startProgram(database);
    await sleep(SETTLED_AFTER_MS);
    const rss = residentBytes(first.pid);
    await first.stop();
    const times: number[] = [];
    for (let count = 0; count < STARTS; count++) {
      const program = await startProgram(database);
      times.push(program.readyMs);
      await program.stop();
    }
    const median = times.toSorted((a, b) => a - b)[Math.floor(STARTS / 2)] ?? 0;
    return [
      { name: "start", value: median, unit: `ms from spawn to ready, median of ${STARTS}` },
      { name: "start.first", value: first.readyMs, unit: "ms on a new database" },
      { name: "start.rss", value: rss / 1_000_000, unit: "MB resident after 5 s" },
    ];
  } finally {
    folder.remove();
  }
}

/** Linux only, as the targets are. */
function residentBytes(pid: number): number {
  const found = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"));
  return Number(found?.[1] ?? 0) * 1_024;
}

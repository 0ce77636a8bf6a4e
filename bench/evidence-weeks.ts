import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Evidence } from "../src/domain/evidence.ts";
import { createWorld } from "../test/journeys/calendar-parts.ts";

const FACTS = 80;
/** How many of them say something else at each reading: usage moves, most of an account doesn't. */
const MOVING = 4;
const START = "2026-10-16T09:00:00Z";
const END = "2026-11-28T09:00:00Z";

/**
 * What six weeks of reading AWS (daily, hourly in the last day) leave in the database of one session, and what they
 * would if every fact of every reading were stored.
 */
export async function run(): Promise<{ name: string; value: number; unit: string }[]> {
  const folder = mkdtempSync(join(tmpdir(), "t-minus-bench-"));
  const path = join(folder, "evidence.db");
  let [readings, said] = [0, 0];
  let now = () => new Date();
  const world = await createWorld({
    url: `file:${path}`,
    start: START,
    collector: {
      async collect() {
        readings++;
        const items = Array.from({ length: FACTS }, (_, n) => fact(n, readings, now()));
        said += JSON.stringify(items).length;
        return { items, gaps: [], sources: [...new Set(items.map(({ source }) => source))], complete: true };
      },
    },
  });
  now = () => world.calendar.now();
  const alive = setInterval(() => {}, 60_000);
  try {
    await world.command("fay", "general", 'start "Black Friday" 2026-11-27 09:00 --tz Europe/London');
    await world.advance("2026-10-16T09:01:00Z");
    await world.advance(END);
    const [session] = await world.store.sessions();
    const events = await world.store.sessionEvents(session?.id ?? "");
    const kept = events
      .filter(({ kind }) => kind === "evidence_read")
      .reduce((sum, e) => sum + JSON.stringify(e).length, 0);
    // Closing copies the log into the database: its size is then all there is.
    await world.close();
    return [
      { name: "evidence-weeks", value: kept / 1_024, unit: `KiB stored of ${readings} readings of ${FACTS} facts` },
      { name: "evidence-weeks.said", value: said / 1_024, unit: "KiB that the readings said" },
      { name: "evidence-weeks.database", value: statSync(path).size / 1_024, unit: "KiB, the whole database" },
    ];
  } finally {
    await world.close();
    clearInterval(alive);
    rmSync(folder, { recursive: true, force: true });
  }
}

function fact(n: number, reading: number, at: Date): Evidence {
  const source = ["auto-scaling-capacity", "ebs-storage", "service-quotas", "alarms"][n % 4] ?? "alarms";
  const used = 20 + (n < MOVING ? reading : 0);
  return {
    id: `${source}/prod/eu-west-1/${n}`,
    source,
    questions: ["Q2", "Q3"],
    statement: `Group web-${n} at its maximum: ${used} of 1,152 vCPU in use, with room for two more instances of its type`,
    account: "prod",
    region: "eu-west-1",
    calls: ["autoscaling:DescribeAutoScalingGroups", "servicequotas:ListServiceQuotas"],
    readAt: at.toISOString(),
    proves: [],
    refutes: [],
    figures: [{ label: `web-${n}`, unit: "vCPU", used, quota: 1_152, projected: used * 3, quotaCode: "L-1216C47A" }],
  };
}

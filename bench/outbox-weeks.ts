import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DateTime } from "luxon";
import { createWorld, type World } from "../test/journeys/calendar-parts.ts";

/** `node bench/outbox-weeks.ts 10000` for the large run; `npm run bench` uses this many. */
const SESSIONS = 80;
const MODULES = ["performance", "resilience", "security", "service-quotas", "monitoring"];
/** Answers that come in while reminders are due, each at its own moment of the working day. */
const ANSWERS_A_DAY = 40;
/** How many begin at once: a platform delivers no more side by side. */
const SIDE_BY_SIDE = 50;
const START = "2026-10-16T09:00:00Z";
/** Six weeks, the event, and the days after it. */
const DAYS = 46;
/** Events of many teams: at different hours, in different places. */
const ZONES = ["Europe/London", "Europe/Berlin", "America/New_York", "Asia/Tokyo"];

type Measure = { name: string; value: number; unit: string };
type Unprompted = { day: number; latencies: number[]; messages: number; nudges: number; from: number };

/**
 * Sessions that live through six weeks and what comes after, on a real store with the real engine: how much work that
 * is, what the database grows to, and how long after its due time a reminder is out while answers come in.
 */
export async function run(sessions = SESSIONS): Promise<Measure[]> {
  const folder = mkdtempSync(join(tmpdir(), "t-minus-bench-"));
  const path = join(folder, "weeks.db");
  const told: Unprompted = { day: 0, latencies: [], messages: 0, nudges: 0, from: Number.POSITIVE_INFINITY };
  const world = await createWorld({
    url: `file:${path}`,
    start: START,
    heard({ mark, realAt }) {
      told.messages++;
      if (mark.kind !== "nudge" && mark.kind !== "digest") return;
      told.nudges++;
      if (realAt > told.from) told.latencies.push(realAt - told.from);
    },
  });
  // The store's threads don't keep a process alive, and nothing else does here.
  const alive = setInterval(() => {}, 60_000);
  try {
    return await weeks(world, sessions, path, told);
  } finally {
    await world.close();
    clearInterval(alive);
    rmSync(folder, { recursive: true, force: true });
  }
}

async function weeks(world: World, sessions: number, path: string, told: Unprompted): Promise<Measure[]> {
  const begun = performance.now();
  await inParts(sessions, async (n) => void (await begin(world, n)));
  await world.advance(START);
  const ids = (await world.store.sessions()).map(({ id, home }) => ({ id, channel: home.split(":")[2] ?? "" }));
  await inParts(ids.length, async (n) => {
    const session = ids[n];
    if (session !== undefined) await claim(world, session.id, session.channel);
  });
  await world.advance(START);
  const started = performance.now();
  const size = sizeOf(path);
  for (let day = 1; day <= DAYS; day++) {
    const morning = DateTime.fromISO(START).toUTC().startOf("day").plus({ days: day, hours: 8 });
    // The night's work first; then the morning's reminders fall due while people answer.
    await world.advance(morning.minus({ minutes: 1 }).toISO() ?? START);
    told.from = performance.now();
    const answers = answer(world, ids, day);
    const moved = world.advance(morning.plus({ hours: 2 }).toISO() ?? START);
    await Promise.all([answers, moved]);
    told.from = Number.POSITIVE_INFINITY;
    const minutes = Math.round((performance.now() - started) / 60_000);
    if (day % 7 === 0) process.stderr.write(`  day ${day}: ${told.messages} messages, ${minutes} min\n`);
  }
  const took = performance.now() - started;
  return [
    {
      name: "outbox-weeks",
      value: percentile(told.latencies, 0.99),
      unit: "ms, p99 from due to out, answers coming in",
    },
    { name: "outbox-weeks.p50", value: percentile(told.latencies, 0.5), unit: "ms" },
    { name: "outbox-weeks.sessions", value: sessions, unit: "sessions over six weeks and the days after" },
    { name: "outbox-weeks.start", value: (started - begun) / sessions, unit: "ms a session to begin" },
    { name: "outbox-weeks.work", value: took / sessions, unit: "ms a session for six weeks" },
    { name: "outbox-weeks.direct", value: told.nudges / sessions, unit: "unprompted messages a session" },
    { name: "outbox-weeks.size", value: sizeOf(path) / sessions / 1_024, unit: "KiB a session at the end" },
    {
      name: "outbox-weeks.growth",
      value: (sizeOf(path) - size) / sessions / 1_024,
      unit: "KiB a session since its start",
    },
    { name: "outbox-weeks.memory", value: process.memoryUsage().rss / 2 ** 20, unit: "MiB" },
  ];
}

async function inParts(count: number, work: (n: number) => Promise<void>): Promise<void> {
  for (let from = 0; from < count; from += SIDE_BY_SIDE) {
    const part = Array.from({ length: Math.min(SIDE_BY_SIDE, count - from) }, (_, i) => from + i);
    await Promise.all(part.map(work));
  }
}

async function begin(world: World, n: number): Promise<void> {
  const time = `${String(9 + (n % 8)).padStart(2, "0")}:${String(n % 60).padStart(2, "0")}`;
  const line = `start "Black Friday" 2026-11-27 ${time} --tz ${ZONES[n % ZONES.length]}`;
  await world.command(`fay${n}`, `channel${n}`, line);
}

async function claim(world: World, session: string, channel: string): Promise<void> {
  const n = channel.replace("channel", "");
  for (const module of MODULES) await world.press(`owner${n}`, channel, "claim", { session, module });
}

/** Some sessions' owners answer something. */
async function answer(world: World, ids: { id: string; channel: string }[], day: number): Promise<void> {
  for (let n = 0; n < ANSWERS_A_DAY; n++) {
    const at = ids[(day * ANSWERS_A_DAY + n) % ids.length];
    if (at === undefined) return;
    const question = ["R1", "R2", "P1", "Q1", "S1", "M1"][(day + n) % 6] ?? "R1";
    const user = at.channel.replace("channel", "owner");
    await world.command(user, at.channel, `answer ${question} two zones, tested in May, owner ${user}`);
  }
}

function sizeOf(path: string): number {
  return ["", "-wal"].reduce((sum, suffix) => sum + (statSync(path + suffix, { throwIfNoEntry: false })?.size ?? 0), 0);
}

function percentile(values: number[], part: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? 0;
}

if (import.meta.main) {
  for (const { name, value, unit } of await run(Number(process.argv[2] ?? SESSIONS))) {
    process.stdout.write(`${name} ${Number(value.toPrecision(3))} ${unit}\n`);
  }
}

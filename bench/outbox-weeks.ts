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
const START = "2026-10-16T09:00:00Z";
const DAYS = 56;

type Measure = { name: string; value: number; unit: string };

/**
 * Sessions that live through six weeks and what comes after, on a real store with the real engine: how much work that
 * is, what the database grows to, and how long after its due time a reminder is out while answers come in.
 */
export async function run(sessions = SESSIONS): Promise<Measure[]> {
  const folder = mkdtempSync(join(tmpdir(), "t-minus-bench-"));
  const path = join(folder, "weeks.db");
  const world = await createWorld({ url: `file:${path}`, start: START });
  try {
    return await weeks(world, sessions, path);
  } finally {
    await world.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function weeks(world: World, sessions: number, path: string): Promise<Measure[]> {
  const begun = performance.now();
  await Promise.all(Array.from({ length: sessions }, (_, n) => begin(world, n)));
  await world.advance(START);
  const ids = (await world.store.sessions()).map(({ id, home }) => ({ id, channel: home.split(":")[2] ?? "" }));
  await Promise.all(ids.map(({ id, channel }) => claim(world, id, channel)));
  await world.advance(START);
  const started = performance.now();
  const size = sizeOf(path);
  const latencies: number[] = [];
  for (let day = 1; day <= DAYS; day++) {
    const morning = DateTime.fromISO(START).toUTC().startOf("day").plus({ days: day, hours: 8 });
    // The night's work first; then the morning's reminders fall due while people answer.
    await world.advance(morning.minus({ minutes: 1 }).toISO() ?? START);
    const posts = world.sent.length;
    const from = performance.now();
    const answers = answer(world, ids, day);
    const moved = world.advance(morning.plus({ hours: 2 }).toISO() ?? START);
    await Promise.all([answers, moved]);
    const nudges = world.sent.slice(posts).filter(({ mark }) => mark.kind === "nudge" || mark.kind === "digest");
    for (const nudge of nudges) latencies.push(nudge.realAt - from);
    if (day % 14 === 0) process.stderr.write(`  day ${day}: ${world.sent.length} messages\n`);
  }
  const took = (performance.now() - started) / 1_000;
  const nudges = world.sent.filter(({ mark }) => mark.kind === "nudge" || mark.kind === "digest").length;
  return [
    { name: "outbox-weeks", value: percentile(latencies, 0.99), unit: "ms, p99 from due to out, answers coming in" },
    { name: "outbox-weeks.p50", value: percentile(latencies, 0.5), unit: "ms" },
    { name: "outbox-weeks.sessions", value: sessions, unit: "sessions over eight weeks" },
    { name: "outbox-weeks.start", value: (started - begun) / sessions, unit: "ms a session to begin" },
    { name: "outbox-weeks.work", value: (took * 1_000) / sessions, unit: "ms a session for eight weeks" },
    { name: "outbox-weeks.direct", value: nudges / sessions, unit: "unprompted messages a session" },
    { name: "outbox-weeks.size", value: sizeOf(path) / sessions / 1_024, unit: "KiB a session at the end" },
    {
      name: "outbox-weeks.growth",
      value: (sizeOf(path) - size) / sessions / 1_024,
      unit: "KiB a session since its start",
    },
  ];
}

async function begin(world: World, n: number): Promise<void> {
  await world.command(`fay${n}`, `channel${n}`, 'start "Black Friday" 2026-11-27 09:00 --tz Europe/London');
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

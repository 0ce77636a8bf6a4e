import { join } from "node:path";
import { mean, type Next, offer, percentile, postOf, quiet, saturate, type Target } from "./load.ts";
import { ROOT, type Running, startFile, startProgram, temporaryFolder } from "./program.ts";

/**
 * Answers accepted through the web channel with a durable commit, against the same HTTP server answering at once. Owners
 * of all modules of many sessions answer in their threads; the worker does its work meanwhile. The two servers take turns.
 */

const SESSIONS = 40;
const OWNERS = ["Ann", "Bob", "Cid", "Dee", "Eve"];
const MODULES = ["performance", "resilience", "security", "service-quotas", "monitoring"];
const ROUNDS = 4;
const ROUND_MS = 2_500;
const CONNECTIONS = 64;
const RATE = 200;
const RATE_ROUND_MS = 5_000;
const RATE_CONNECTIONS = 32;

const ANSWER =
  "We run in three AZs behind an ALB; the batch group has one, but it isn't on the event path. Failover was tested in May, 4 minutes.";

export async function run(): Promise<{ name: string; value: number; unit: string }[]> {
  const folder = temporaryFolder();
  const program = await startProgram(join(folder.path, "ack.db"));
  const bare = await startFile([join(ROOT, "bench/bare-server.ts")]);
  try {
    const next = answers(await openSessions(program));
    const to = ({ port }: Running): Target => ({ port, next, status: 201 });
    const ours: number[] = [];
    const theirs: number[] = [];
    await saturate(to(bare), { connections: CONNECTIONS, ms: 1_000 });
    await saturate(to(program), { connections: CONNECTIONS, ms: 1_000 });
    const offered = { rate: RATE, ms: RATE_ROUND_MS, connections: RATE_CONNECTIONS };
    const times = { ours: [] as number[], theirs: [] as number[] };
    for (let round = 0; round < 2; round++) {
      times.theirs.push(...(await offer(to(bare), offered)));
      times.ours.push(...(await offer(to(program), offered)));
    }
    for (let round = 0; round < ROUNDS; round++) {
      theirs.push((await saturate(to(bare), { connections: CONNECTIONS, ms: ROUND_MS })).rate);
      ours.push((await saturate(to(program), { connections: CONNECTIONS, ms: ROUND_MS })).rate);
    }
    const p99 = { ours: percentile(times.ours, 0.99), theirs: percentile(times.theirs, 0.99) };
    return [
      { name: "ack", value: mean(ours) / mean(theirs), unit: "x the same server answering at once" },
      { name: "ack.events", value: mean(ours), unit: `events/s, ${CONNECTIONS} connections` },
      { name: "ack.bare", value: mean(theirs), unit: "events/s answered at once" },
      { name: "ack.p99", value: p99.ours / p99.theirs, unit: `x the same server's p99 at ${RATE}/s` },
      { name: "ack.p99.ms", value: p99.ours, unit: `ms at ${RATE}/s` },
      { name: "ack.p99.bare", value: p99.theirs, unit: `ms at ${RATE}/s answered at once` },
    ];
  } finally {
    await Promise.all([program.stop(), bare.stop()]);
    folder.remove();
  }
}

type Place = { as: string; channel: string; thread: string };

/** Sessions with an owner for each module. Returns the threads in which a question waits for its owner. */
async function openSessions({ url }: Running): Promise<Place[]> {
  const post = async (path: string, body: object) => {
    const response = await fetch(`${url}/web/${path}`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
    });
    if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
  };
  for (const name of OWNERS) await post("people", { name });
  const as = "ann";
  const say = (channel: string, text: string) => post("messages", { as, channel, text });
  const channels = Array.from({ length: SESSIONS }, (_, index) => `event-${index}`);
  const inAYear = new Date(Date.now() + 300 * 86_400_000).toISOString().slice(0, 10);
  for (const channel of channels) {
    await post("channels", { as, name: channel });
    await say(channel, `/readiness start "${channel}" ${inAYear}`);
    for (const [index, module] of MODULES.entries())
      await say(channel, `/readiness assign ${module} @${OWNERS[index]}`);
  }
  await quiet(url);
  const places: Place[] = [];
  for (const channel of channels) places.push(...(await threadsOf(url, channel)));
  if (places.length !== SESSIONS * MODULES.length) throw new Error(`Found ${places.length} threads with a question`);
  return places;
}

/** A question's post begins with its id; the first letter says whose module it is. */
async function threadsOf(url: string, channel: string): Promise<Place[]> {
  const { messages } = await (await fetch(`${url}/web/messages?as=ann&channel=${channel}`)).json();
  if (!Array.isArray(messages)) throw new Error("No messages");
  const owners: Record<string, string> = { P: "ann", R: "bob", S: "cid", Q: "dee", M: "eve" };
  return messages.flatMap(({ thread, text }: { thread: string | null; text: string }) => {
    const as = /^[A-Z]\d: /.test(text) ? owners[text[0] ?? ""] : undefined;
    return thread === null || as === undefined ? [] : [{ as, channel, thread }];
  });
}

function answers(places: Place[]): Next {
  let next = 0;
  return () => {
    const place = places[next % places.length];
    next++;
    const said = { ...place, zone: "Europe/London", key: `bench-${next}`, text: `${ANSWER} (${next})` };
    return postOf("/web/messages", { "Content-Type": "application/json" }, JSON.stringify(said));
  };
}

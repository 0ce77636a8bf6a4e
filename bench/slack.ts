import { createHmac } from "node:crypto";
import { join } from "node:path";
import { mean, type Next, offer, once, percentile, postOf, quiet, saturate, type Target } from "./load.ts";
import { ROOT, type Running, startFile, temporaryFolder } from "./program.ts";

/**
 * Owners' answers through Slack, signed and durably committed, against a Bolt app that only verifies and acknowledges.
 * Owners of all modules of many sessions answer in their threads; the worker does its work meanwhile. The two take turns,
 * and then again with a Slack whose API takes two seconds for every call.
 */

const SECRET = "a-signing-secret-for-the-bench";
const SESSIONS = 30;
const OWNERS: Record<string, string> = { P: "U1", R: "U2", S: "U3", Q: "U4", M: "U5" };
const MODULES = ["performance", "resilience", "security", "service-quotas", "monitoring"];
const CONNECTIONS = 32;
const ROUNDS = 3;
const ROUND_MS = 2_000;
const RATE = 100;
const OFFERED_ROUNDS = 4;
const RATE_ROUND_MS = 4_000;
const SLOW_MS = 2_000;

const ANSWER =
  "We run in three AZs behind an ALB; the batch group has one, but it isn't on the event path. Failover was tested in May, 4 minutes.";

type Measure = { name: string; value: number; unit: string };
type Figures = { rates: number[]; times: number[]; offered: number[] };

export async function run(): Promise<Measure[]> {
  const folder = temporaryFolder();
  const api = await startFile([join(ROOT, "bench/slack-api.ts")]);
  const bare = await startFile([join(ROOT, "bench/slack-bare.ts"), SECRET]);
  const program = await startFile(["--import", join(ROOT, "src/compile-cache.js"), join(ROOT, "src/main.ts")], {
    DATABASE_URL: `file:${join(folder.path, "slack.db")}`,
    PORT: "0",
    LOG_LEVEL: "error",
    SLACK_BOT_TOKEN: "xoxb-bench",
    SLACK_SIGNING_SECRET: SECRET,
    SLACK_API_URL: `${api.url}/api/`,
  });
  try {
    const next = answers(await openSessions(program, api));
    await round(bare, next, 500);
    await round(program, next, 1_000);
    const delay = (ms: number) => fetch(`${api.url}/delay?ms=${ms}`, { method: "POST" });
    const [theirs, ours, slow] = await taking(
      [
        { server: bare, delay: 0 },
        { server: program, delay: 0 },
        { server: program, delay: SLOW_MS },
      ],
      next,
      delay,
    );
    return [
      { name: "slack", value: mean(ours.rates) / mean(theirs.rates), unit: "x a bare Bolt app" },
      { name: "slack.answers", value: mean(ours.rates), unit: `answers/s, ${CONNECTIONS} connections` },
      { name: "slack.bare", value: mean(theirs.rates), unit: "answers/s only verified and acknowledged" },
      { name: "slack.p99", value: p99(ours.times) / p99(theirs.times), unit: "x the bare app's p99" },
      { name: "slack.p99.ms", value: p99(ours.times), unit: `ms, ${CONNECTIONS} connections` },
      {
        name: "slack.p99.offered",
        value: p99(ours.offered) / p99(theirs.offered),
        unit: `x the bare app's at ${RATE}/s`,
      },
      { name: "slack.p99.offered.ms", value: p99(ours.offered), unit: `ms at ${RATE}/s` },
      { name: "slack.p99.offered.bare", value: p99(theirs.offered), unit: `ms at ${RATE}/s, bare` },
      { name: "slack.slow", value: mean(slow.rates) / mean(ours.rates), unit: "x itself, Slack's API taking 2 s" },
      {
        name: "slack.slow.p99",
        value: p99(slow.times) / p99(ours.times),
        unit: "x its own p99, Slack's API taking 2 s",
      },
    ];
  } finally {
    await Promise.all([program.stop(), bare.stop(), api.stop()]);
    folder.remove();
  }
}

const to = ({ port }: Running, next: Next): Target => ({ port, next, status: 200 });

function round(server: Running, next: Next, ms: number): Promise<{ rate: number; times: number[] }> {
  return saturate(to(server, next), { connections: CONNECTIONS, ms });
}

/** As Slack signs it: https://docs.slack.dev/authentication/verifying-requests-from-slack */
function signed(type: string, body: string): string {
  const at = String(Math.floor(Date.now() / 1_000));
  const signature = createHmac("sha256", SECRET).update(`v0:${at}:${body}`).digest("hex");
  const headers = { "Content-Type": type, "X-Slack-Request-Timestamp": at, "X-Slack-Signature": `v0=${signature}` };
  return postOf("/slack/events", headers, body);
}

type Subject = { server: Running; delay: number };

/** They take turns, so that what else the machine does, and how much has been answered already, meets all alike. */
async function taking(
  subjects: [Subject, Subject, Subject],
  next: Next,
  delay: (ms: number) => Promise<unknown>,
): Promise<[Figures, Figures, Figures]> {
  const none = (): Figures => ({ rates: [], times: [], offered: [] });
  const figures: [Figures, Figures, Figures] = [none(), none(), none()];
  for (let count = 0; count < OFFERED_ROUNDS; count++) {
    for (const at of [0, 1] as const) {
      const options = { rate: RATE, ms: RATE_ROUND_MS, connections: CONNECTIONS };
      figures[at].offered.push(...(await offer(to(subjects[at].server, next), options)));
    }
  }
  for (let count = 0; count < ROUNDS; count++) {
    // In turns of both directions: nobody is always the first.
    for (const at of count % 2 === 0 ? ([0, 1, 2] as const) : ([2, 1, 0] as const)) {
      await delay(subjects[at].delay);
      const { rate, times } = await round(subjects[at].server, next, ROUND_MS);
      figures[at].rates.push(rate);
      figures[at].times.push(...times);
    }
  }
  await delay(0);
  return figures;
}

type Place = { user: string; channel: string; thread: string };
type Posted = { channel: string; ts: string; thread: string | null; metadata: string };

/** Sessions with an owner for each module. Returns the threads in which a question waits for its owner. */
async function openSessions(program: Running, api: Running): Promise<Place[]> {
  const inAYear = new Date(Date.now() + 300 * 86_400_000).toISOString().slice(0, 10);
  const channels = Array.from({ length: SESSIONS }, (_, index) => `C${index + 1}`);
  for (const channel of channels) {
    await once(to(program, () => command(channel, `start "Event ${channel}" ${inAYear}`)));
    for (const [index, module] of MODULES.entries())
      await once(to(program, () => command(channel, `assign ${module} <@U${index + 1}>`)));
  }
  await quiet(program.url);
  const posts: Posted[] = await (await fetch(`${api.url}/posts`)).json();
  const places = posts.flatMap(({ channel, thread, metadata }) => {
    const { kind, question } = JSON.parse(metadata).event_payload ?? {};
    const user = kind === "question" ? OWNERS[String(question)[0] ?? ""] : undefined;
    return thread === null || user === undefined ? [] : [{ user, channel, thread }];
  });
  if (places.length !== SESSIONS * MODULES.length) throw new Error(`Found ${places.length} threads with a question`);
  return places;
}

let triggers = 0;
function command(channel: string, text: string): string {
  triggers += 1;
  const form = {
    command: "/readiness",
    text,
    team_id: "T1",
    channel_id: channel,
    user_id: "U1",
    trigger_id: `trigger.${triggers}`,
  };
  return signed("application/x-www-form-urlencoded", new URLSearchParams(form).toString());
}

/** Signed message events, each with a time of its own. */
function answers(places: Place[]): Next {
  let count = 0;
  let micros = Date.now() * 1_000 + 60_000_000;
  return () => {
    const place = places[count % places.length];
    if (place === undefined) throw new Error("No thread to answer in");
    count += 1;
    micros += 1;
    const ts = `${Math.floor(micros / 1_000_000)}.${String(micros % 1_000_000).padStart(6, "0")}`;
    const { user, channel, thread } = place;
    const text = `${ANSWER} (${count})`;
    const event = {
      type: "message",
      user,
      text,
      ts,
      channel,
      channel_type: "channel",
      thread_ts: thread,
      event_ts: ts,
    };
    const envelope = { type: "event_callback", team_id: "T1", api_app_id: "A1", event_id: `Ev${count}`, event };
    return signed("application/json", JSON.stringify(envelope));
  };
}

function p99(times: number[]): number {
  return percentile(times, 0.99);
}

import type { AddressInfo } from "node:net";
import { connect } from "node:net";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import {
  CloudAdapter,
  ConfigurationBotFrameworkAuthentication,
  ConfigurationServiceClientCredentialFactory,
} from "botbuilder";
import express from "express";
import type { Conversation } from "../test/stand-ins/teams/state.ts";
import { type Person, startTeamsWorld, type TeamsWorld } from "../test/stand-ins/teams/world.ts";
import { ROOT, type Running, startFile, temporaryFolder } from "./program.ts";

/**
 * Owners' replies in Teams, each acknowledged after its durable commit, against botbuilder's CloudAdapter that validates
 * the same token and answers 200 without doing anything. Both are processes of their own and take turns; tokens are
 * real ones, checked on every request.
 */

const CHANNELS = 12;
const MODULES = ["performance", "resilience", "security", "service-quotas", "monitoring"];
const ROUNDS = 4;
const ROUND_MS = 2_500;
const CONNECTIONS = 64;

export async function run(): Promise<{ name: string; value: number; unit: string }[]> {
  const world = await startTeamsWorld({ limits: false });
  const folder = temporaryFolder();
  const program = await startFile(["--import", join(ROOT, "src/compile-cache.js"), join(ROOT, "src/main.ts")], {
    ...world.environment,
    DATABASE_URL: `file:${join(folder.path, "teams.db")}`,
    PORT: "0",
    SECRET_KEY: "a key of at least thirty-two characters, for a bench",
    LOG_LEVEL: "error",
  });
  const bare = await startFile([join(ROOT, "bench/teams.ts"), "bare"], world.environment);
  try {
    const reply = replies(world, await openThreads(world, program));
    const token = await world.tokens.issue();
    const measure = (port: number, ms: number) => saturate(port, token, reply, ms);
    await measure(bare.port, 1_500);
    await measure(program.port, 1_500);
    const ours: number[] = [];
    const theirs: number[] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      theirs.push(await measure(bare.port, ROUND_MS));
      ours.push(await measure(program.port, ROUND_MS));
    }
    return [
      { name: "teams", value: mean(ours) / mean(theirs), unit: "x a bare CloudAdapter that answers 200" },
      { name: "teams.answers", value: mean(ours), unit: `answers/s committed, ${CONNECTIONS} connections` },
      { name: "teams.bare", value: mean(theirs), unit: "activities/s validated and answered at once" },
    ];
  } finally {
    await Promise.all([program.stop(), bare.stop()]);
    await world.close();
    folder.remove();
  }
}

type Thread = { owner: Person; channel: Conversation; root: string };

/** Sessions whose modules have owners; the threads in which a question waits for its owner. */
async function openThreads(world: TeamsWorld, program: Running): Promise<Thread[]> {
  world.connectTo(program.url);
  const owners = MODULES.map((_, index) => world.user(`Owner ${index + 1}`));
  const [lead] = owners;
  if (lead === undefined) return [];
  const team = world.team("Events", owners, { consent: true });
  await world.installs(team, lead);
  const inAYear = new Date(Date.now() + 300 * 86_400_000).toISOString().slice(0, 10);
  for (let index = 0; index < CHANNELS; index += 1) {
    const channel = world.channel(team, `Event ${index + 1}`);
    await lead.says({ conversation: channel }, `start "Event ${index + 1}" ${inAYear}`, { mention: true });
    for (const [place, module] of MODULES.entries()) {
      const owner = owners[place] ?? lead;
      await lead.says({ conversation: channel }, `assign ${module} @${owner.account.name}`, {
        mention: true,
        names: [owner],
      });
    }
  }
  await quiet(program.url);
  return world.all().flatMap(({ mark, thread }): Thread[] => {
    const owner = owners[MODULES.indexOf(String(mark?.module))];
    if (mark?.kind !== "question" || owner === undefined || thread.root === undefined) return [];
    return [{ owner, channel: thread.conversation, root: thread.root }];
  });
}

async function quiet(url: string): Promise<void> {
  for (let tries = 0; tries < 900; tries += 1) {
    const state: unknown = await (await fetch(`${url}/readyz`)).json();
    if (typeof state === "object" && state !== null && "due" in state && "running" in state) {
      if (state.due === 0 && state.running === 0) return;
    }
    await sleep(100);
  }
  throw new Error("The outbox didn't come to rest");
}

/** One new reply after the other, over all threads. */
function replies(world: TeamsWorld, threads: Thread[]): () => string {
  if (threads.length < CHANNELS * MODULES.length) throw new Error(`Only ${threads.length} threads have a question`);
  const templates = threads.map(({ owner, channel, root }) => {
    const envelope = world.envelope(owner.account, { conversation: channel, root });
    const text =
      "Three AZs behind an ALB; batch has one, but isn't on the event path. Failover tested in May, 4 minutes.";
    return JSON.stringify({ ...envelope, type: "message", text, textFormat: "plain", replyToId: root, id: "ID" });
  });
  let next = Date.now();
  return () => {
    next += 1;
    return (templates[next % templates.length] ?? "").replace('"id":"ID"', `"id":"${next}"`);
  };
}

/** Requests answered with 200 in a second, with some connections always waiting for one answer each. */
async function saturate(port: number, token: string, body: () => string, ms: number): Promise<number> {
  const began = performance.now();
  let count = 0;
  await Promise.all(
    Array.from({ length: CONNECTIONS }, async () => {
      const line = await open(port);
      while (performance.now() - began < ms) {
        const status = await line.post(token, body());
        if (status !== 200) throw new Error(`Answered with ${status}`);
        count += 1;
      }
      line.close();
    }),
  );
  return count / ((performance.now() - began) / 1_000);
}

/** A bare socket: Node's HTTP client would take as much of the machine as the servers do. */
async function open(port: number) {
  const socket = connect(port, "127.0.0.1").setNoDelay(true).setEncoding("latin1");
  let answered: (status: number) => void = () => {};
  let failed: (error: Error) => void = () => {};
  let buffer = "";
  socket.on("data", (data: string) => {
    buffer += data;
    const head = buffer.indexOf("\r\n\r\n");
    if (head < 0) return;
    const length = Number(/content-length: (\d+)/i.exec(buffer.slice(0, head))?.[1] ?? 0);
    const chunked = /transfer-encoding: chunked/i.test(buffer.slice(0, head));
    if (chunked ? !buffer.endsWith("0\r\n\r\n") : buffer.length < head + 4 + length) return;
    const status = Number(buffer.slice(9, 12));
    buffer = "";
    answered(status);
  });
  socket.on("error", (error) => failed(error));
  await new Promise<void>((resolve) => socket.once("connect", () => resolve()));
  return {
    post: (token: string, body: string): Promise<number> =>
      new Promise((resolve, reject) => {
        answered = resolve;
        failed = reject;
        socket.write(
          `POST /api/messages HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer ${token}\r\nContent-Type: application/json\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
        );
      }),
    close: () => socket.destroy(),
  };
}

function mean(values: number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** What the product is measured against: the same SDK, the same token check, nothing behind it. */
function serveBare(): void {
  const settings = { ...process.env };
  const credentials = new ConfigurationServiceClientCredentialFactory(settings);
  const adapter = new CloudAdapter(new ConfigurationBotFrameworkAuthentication(settings, credentials));
  const app = express();
  app.disable("x-powered-by");
  app.post("/api/messages", express.json(), (request, response) => {
    void adapter.process(request, response, async () => {});
  });
  const server = app.listen(0, "127.0.0.1", () => {
    const { port } = server.address() as AddressInfo;
    process.stdout.write(`http://127.0.0.1:${port}\n`);
  });
  process.on("SIGTERM", () => process.exit(0));
}

if (process.argv[2] === "bare") serveBare();

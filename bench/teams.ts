import type { AddressInfo } from "node:net";
import { join } from "node:path";
import {
  CloudAdapter,
  ConfigurationBotFrameworkAuthentication,
  ConfigurationServiceClientCredentialFactory,
} from "botbuilder";
import express from "express";
import type { Conversation } from "../test/stand-ins/teams/state.ts";
import { type Person, startTeamsWorld, type TeamsWorld } from "../test/stand-ins/teams/world.ts";
import { mean, type Next, postOf, quiet, saturate } from "./load.ts";
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
    const headers = { Authorization: `Bearer ${token}`, "Content-Type": "application/json" };
    const next: Next = () => postOf("/api/messages", headers, reply());
    const measure = async (port: number, ms: number) =>
      (await saturate({ port, next, status: 200 }, { connections: CONNECTIONS, ms })).rate;
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

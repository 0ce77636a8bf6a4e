import { once } from "node:events";
import { Worker } from "node:worker_threads";
import { parseAccounts } from "../src/aws/accounts.ts";
import { createAwsClients } from "../src/aws/clients.ts";
import { createEvidenceCollector, realSleep } from "../src/aws/collect.ts";
import { leastCalls, longestChain, REGIONS } from "./quotas-account.ts";

export type Measured = { name: string; value: number; unit: string };

type Call = { action: string; region: string; input: string; outcome: string; startedAt: number; endedAt: number };

/**
 * Reading quotas: AWS at 100 ms a call, three Regions, twelve services, 200 Auto Scaling groups and 5,000 volumes. A
 * reading of a warm process is measured, as the daily look is one. Wall time against the longest chain of calls that must wait for one another (≤ 1.3), calls against the fewest
 * possible (≤ 1.2), a second asker (0 calls); then once more at AWS's documented rates (nobody refused more than twice).
 */
export async function run(): Promise<Measured[]> {
  const free = await measure("off");
  const limited = await measure("documented");
  const refused = new Map<string, number>();
  for (const call of limited.calls) {
    if (call.outcome === "ok") continue;
    const key = `${call.region} ${call.action} ${call.input}`;
    refused.set(key, (refused.get(key) ?? 0) + 1);
  }
  return [
    { name: "quotas_wall", value: Math.round(free.wall), unit: "ms" },
    { name: "quotas_wall_to_longest_chain", value: round(free.wall / (longestChain() * 100)), unit: "ratio" },
    { name: "quotas_calls", value: free.calls.length, unit: "calls" },
    { name: "quotas_calls_to_least", value: round(free.calls.length / leastCalls()), unit: "ratio" },
    { name: "quotas_second_asker", value: free.again, unit: "calls" },
    { name: "quotas_wall_at_documented_rates", value: Math.round(limited.wall), unit: "ms" },
    { name: "quotas_most_refusals_of_a_call", value: Math.max(0, ...refused.values()), unit: "refusals" },
    { name: "quotas_gaps", value: free.gaps + limited.gaps, unit: "gaps" },
  ];
}

async function measure(
  throttling: "off" | "documented",
): Promise<{ wall: number; calls: Call[]; again: number; gaps: number }> {
  const worker = new Worker(new URL("./quotas-stand-in.ts", import.meta.url), { workerData: throttling });
  const url = await told(worker, "url", (value) => (typeof value === "string" ? value : ""));
  const callsOf = async (): Promise<Call[]> => {
    const answer = told(worker, "calls", (value) => (Array.isArray(value) ? (value as Call[]) : []));
    worker.postMessage("calls");
    return answer;
  };
  const { collectorOf, close } = await prepared(url);
  let best: { wall: number; calls: Call[]; again: number; gaps: number } | undefined;
  // The first reading warms the process. Of the others the fastest counts: what else runs on the machine isn't ours.
  for (let round = 0; round < (throttling === "off" ? 6 : 1); round++) {
    if (round > 0) await realSleep(BUCKETS_FULL_AGAIN_MS);
    const before = (await callsOf()).length;
    const collector = collectorOf();
    const start = performance.now();
    const report = await collector.collect(SCOPE);
    const wall = performance.now() - start;
    const all = await callsOf();
    await collector.collect(SCOPE);
    const again = (await callsOf()).length - all.length;
    if (best === undefined || wall < best.wall)
      best = { wall, calls: all.slice(before), again, gaps: report.gaps.length };
  }
  close();
  worker.postMessage("close");
  await once(worker, "exit");
  if (best === undefined) throw new Error("Nothing was measured");
  return best;
}

const SCOPE = {
  accounts: ["prod"],
  regions: REGIONS,
  services: [],
  hosts: [],
  peak: 3,
  eventAt: "2027-01-01T09:00:00Z",
};

const BUCKETS_FULL_AGAIN_MS = 1_500;

/** Collectors with empty caches on one process's clients. The SDK's packages are loaded before: once per process. */
async function prepared(url: string) {
  const timer = { now: () => Date.now(), sleep: realSleep };
  const credentials = { accessKeyId: "AKIABENCH", secretAccessKey: "x" };
  const clients = createAwsClients({ timer, endpoint: url, credentials });
  const accounts = parseAccounts(
    JSON.stringify([{ id: "111122223333", alias: "prod", regions: REGIONS }]),
    "bench.json",
  );
  const [account] = accounts.list;
  if (account === undefined) throw new Error("No account");
  await Promise.all(
    REGIONS.flatMap((region) => {
      const place = { account, region, role: "read" as const };
      return [
        clients.ec2(place),
        clients.autoScaling(place),
        clients.elb(place),
        clients.lambda(place),
        clients.rds(place),
        clients.ses(place),
        clients.dynamoDb(place),
        clients.cloudFront(place),
        clients.cloudWatch(place),
        clients.serviceQuotas(place),
      ].map((each) => each.then(() => undefined));
    }),
  );
  const collectorOf = () =>
    createEvidenceCollector({ accounts, clients, machine: timer, calendar: { now: () => new Date() } });
  return { collectorOf, close: () => clients.close() };
}

/** The next message that has `key`. */
async function told<T>(worker: Worker, key: string, read: (value: unknown) => T): Promise<T> {
  const [message]: unknown[] = await once(worker, "message");
  return read(typeof message === "object" && message !== null ? Reflect.get(message, key) : undefined);
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}

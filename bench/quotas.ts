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
  const timer = { now: () => Date.now(), sleep: realSleep };
  const clients = createAwsClients({
    timer,
    endpoint: url,
    credentials: { accessKeyId: "AKIABENCH", secretAccessKey: "x" },
  });
  const collect = () =>
    createEvidenceCollector({
      accounts: parseAccounts(JSON.stringify([{ id: "111122223333", alias: "prod", regions: REGIONS }]), "bench.json"),
      clients,
      machine: timer,
      calendar: { now: () => new Date() },
    });
  // The SDK's packages are loaded when first used: once per process, and no part of a reading.
  await Promise.all(
    REGIONS.map((region) => {
      const account = {
        id: null,
        alias: "prod",
        regions: [region],
        writeRoles: {},
        allow: { workspaces: [], tenants: [], channels: [] },
      };
      const place = { account, region, role: "read" as const };
      return Promise.all([
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
      ]);
    }),
  );
  const scope = {
    accounts: ["prod"],
    regions: REGIONS,
    services: [],
    hosts: [],
    peak: 3,
    eventAt: "2027-01-01T09:00:00Z",
  };
  // Once for the process to get warm, where the rates don't forbid it.
  if (throttling === "off") await collect().collect(scope);
  const before = (await callsOf()).length;
  const collector = collect();
  const start = performance.now();
  const report = await collector.collect(scope);
  const wall = performance.now() - start;
  const all = await callsOf();
  const calls = all.slice(before);
  await collector.collect(scope);
  const again = (await callsOf()).length - all.length;
  clients.close();
  worker.postMessage("close");
  await once(worker, "exit");
  return { wall, calls, again, gaps: report.gaps.length };
}

/** The next message that has `key`. */
async function told<T>(worker: Worker, key: string, read: (value: unknown) => T): Promise<T> {
  const [message]: unknown[] = await once(worker, "message");
  return read(typeof message === "object" && message !== null ? Reflect.get(message, key) : undefined);
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}

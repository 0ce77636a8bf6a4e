import { onTestFinished } from "vitest";
import { type Accounts, ownAccount } from "../../../src/aws/accounts.ts";
import { createQuotaDesk } from "../../../src/aws/ask.ts";
import { createAwsClients } from "../../../src/aws/clients.ts";
import { type AwsOptions, createEvidenceCollector } from "../../../src/aws/collect.ts";
import { createReadingCache } from "../../../src/aws/reading.ts";
import type { EvidenceScope } from "../../../src/domain/evidence.ts";
import type { RegionData } from "../../stand-ins/aws/account.ts";
import { type AwsStandIn, type StandInOptions, startAws } from "../../stand-ins/aws/server.ts";

export const OWN_KEYS = { accessKeyId: "AKIAOWN", secretAccessKey: "secret" };
export const NOW = new Date("2026-10-28T09:02:00.000Z");

/** Real clients on a stand-in; the machine's clock and waits can be moved. */
export async function awsWith(options: StandInOptions, accounts: Accounts, timeoutMs = 5_000) {
  const aws = await startAws(options);
  const machine = { offset: 0, now: () => Date.now() + machine.offset };
  const timer = {
    now: () => machine.now(),
    sleep: (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms)),
  };
  const clients = createAwsClients({ timer, endpoint: aws.url, credentials: OWN_KEYS, timeoutMs, random: () => 0 });
  const warnings: { data: object; message: string }[] = [];
  const shared: AwsOptions = {
    accounts,
    clients,
    machine,
    calendar: { now: () => NOW },
    cache: createReadingCache(() => machine.now()),
    log: { warn: (data, message) => void warnings.push({ data, message }) },
    sleep: () => Promise.resolve(),
  };
  onTestFinished(async () => {
    clients.close();
    await aws.close();
  });
  return {
    aws,
    clients,
    machine,
    warnings,
    shared,
    collector: createEvidenceCollector(shared),
    desk: createQuotaDesk(shared),
  };
}

/** One account with the process's own keys, one Region. */
export function ownWith(region: RegionData, more: Partial<StandInOptions> = {}) {
  const options: StandInOptions = {
    accounts: [
      {
        id: "111122223333",
        keys: { AKIAOWN: "*" },
        regions: { "eu-west-1": region, "us-east-1": { quotas: { cloudfront: [] } } },
      },
    ],
    ...more,
  };
  return awsWith(options, ownAccount("eu-west-1"));
}

export function scopeOf(more: Partial<EvidenceScope> = {}): EvidenceScope {
  return { accounts: [], regions: [], services: [], hosts: [], peak: 3, eventAt: "2026-11-27T09:00:00.000Z", ...more };
}

/** Calls by action, for counting. */
export function counted(aws: AwsStandIn): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const call of aws.calls) counts[call.action] = (counts[call.action] ?? 0) + 1;
  return counts;
}

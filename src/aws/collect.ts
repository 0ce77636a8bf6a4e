import type { Evidence, EvidenceGap, EvidenceReport, EvidenceScope } from "../domain/evidence.ts";
import type { Place } from "../domain/place.ts";
import { type Account, type Accounts, accountFor } from "./accounts.ts";
import { CLAIMS, settle } from "./claims.ts";
import type { AwsClients } from "./clients.ts";
import { createFacts, type Facts } from "./facts.ts";
import { DEFAULT_THRESHOLDS, type Thresholds } from "./figures.ts";
import { readInstances, readVolumes } from "./read-ec2.ts";
import { readGroups } from "./read-groups.ts";
import { readQuotas } from "./read-quotas.ts";
import { type AwsLog, createReadingCache, type ReaderContext, type ReadingCache } from "./reading.ts";
import type { Source, SourceContext } from "./source.ts";
import { autoScalingCapacity, spotCapacity } from "./sources-compute.ts";
import { emailPort25, sesSending } from "./sources-mail.ts";
import { markFiled, quotaRequests } from "./sources-requests.ts";
import { ebsIops, ebsStorage, serviceQuotas } from "./sources-services.ts";

/** The Service Quotas module's sources. Others can be handed in beside them. */
export const QUOTA_SOURCES: readonly Source[] = [
  serviceQuotas,
  autoScalingCapacity,
  ebsStorage,
  ebsIops,
  spotCapacity,
  sesSending,
  emailPort25,
  quotaRequests,
];

export type AwsOptions = {
  accounts: Accounts;
  clients: AwsClients;
  /** Real time, in milliseconds: caches, and what CloudWatch is asked for. */
  machine: { now(): number };
  calendar: { now(): Date };
  log?: AwsLog;
  sleep?: (ms: number) => Promise<void>;
  thresholds?: Thresholds;
  cache?: ReadingCache;
  /** Further sources, by id. */
  sources?: readonly Source[];
};

/** Where a question comes from decides which accounts may be read; absent: the bot's own doing, any listed account. */
export type CollectOptions = {
  sources?: string[];
  onProgress?: (report: EvidenceReport) => void;
  place?: Place;
  /** Read anew, whatever was read in the last minute. */
  fresh?: boolean;
};

export interface AwsEvidenceCollector {
  /**
   * Reads AWS for a scope: every account × Region × source side by side, shared readings once. What can't be read is a
   * gap that names the missing IAM action; the rest is still an answer. `complete` is true on the last report.
   */
  collect(scope: EvidenceScope, options?: CollectOptions): Promise<EvidenceReport>;
}

type Target = { account: Account; region: string; facts: Facts; home: boolean };

export function createEvidenceCollector(options: AwsOptions): AwsEvidenceCollector {
  const reader = readerOf(options);
  const sources = [...QUOTA_SOURCES, ...(options.sources ?? [])];
  const sleep = options.sleep ?? realSleep;
  return {
    async collect(scope, { sources: wanted, onProgress, place, fresh } = {}) {
      if (fresh === true) reader.cache.clear();
      const chosen = wanted === undefined ? sources : sources.filter((each) => wanted.includes(each.id));
      const { targets, refusals } = targetsOf(options.accounts, scope, place ?? null);
      const made = targets.map(
        ({ account, region, home }): Target => ({
          account,
          region,
          home,
          facts: createFacts(reader, { account, region, role: "read" }, scope.peak),
        }),
      );
      const items: Evidence[] = [];
      const done: string[] = [];
      const gaps: EvidenceGap[] = refusals.map((each) => ({
        source: "accounts",
        questions: [...new Set(chosen.flatMap((source) => source.questions))],
        ...each,
      }));
      await startLongest(reader, made, chosen);
      await Promise.all(
        chosen.map(async (source) => {
          const results = await Promise.all(
            made.map(async (target) => {
              const context: SourceContext = {
                reader,
                facts: target.facts,
                place: { account: target.account, region: target.region, role: "read" },
                scope,
                thresholds: options.thresholds ?? DEFAULT_THRESHOLDS,
                sleep,
                home: target.home,
              };
              return markFiled(context, source.id, await source.read(context));
            }),
          );
          const settled = settle(results, CLAIMS[source.id] ?? {});
          items.push(...settled.items);
          gaps.push(...settled.gaps);
          done.push(source.id);
          onProgress?.(report(items, gaps, done, false));
        }),
      );
      return report(items, gaps, [...done, "accounts"], true);
    },
  };
}

const BY_VOLUME = new Set(["service-quotas", "ebs-storage", "ebs-iops"]);
const BY_INSTANCE = new Set([...BY_VOLUME, "auto-scaling-capacity", "spot-capacity", "quota-requests"]);

/**
 * Listings with many pages are the longest chain of calls: they are on their way before the many short ones are made,
 * which cost a millisecond of work each.
 */
async function startLongest(
  reader: ReaderContext,
  targets: readonly Target[],
  sources: readonly Source[],
): Promise<void> {
  if (!sources.some((source) => BY_INSTANCE.has(source.id))) return;
  for (const { account, region } of targets) {
    const place = { account, region, role: "read" } as const;
    if (sources.some((source) => BY_VOLUME.has(source.id))) void readVolumes(reader, place);
    void readGroups(reader, place);
    void readInstances(reader, place);
    if (sources.some((source) => source.id === "service-quotas")) void readQuotas(reader, place, "ec2");
  }
  await new Promise((resolve) => setTimeout(resolve, HEAD_START_MS));
}

const HEAD_START_MS = 5;

export function readerOf(options: AwsOptions): ReaderContext {
  return {
    clients: options.clients,
    cache: options.cache ?? createReadingCache(() => options.machine.now()),
    calendar: options.calendar,
    machine: options.machine,
    log: options.log ?? { warn: () => undefined },
  };
}

export function realSleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

export type Refusal = { account: string; region: string; reason: string };

/**
 * The accounts and Regions a scope means: only what the operator listed, and only for the place it is asked from. A
 * scope that names none means all that this place may use.
 */
export function targetsOf(
  accounts: Accounts,
  scope: Pick<EvidenceScope, "accounts" | "regions">,
  place: Place | null,
): { targets: { account: Account; region: string; home: boolean }[]; refusals: Refusal[] } {
  const refusals: Refusal[] = [];
  const aliases = scope.accounts.length > 0 ? scope.accounts : accounts.list.map((each) => each.alias);
  const targets = aliases.flatMap((alias) => {
    const access = accountFor(accounts, alias, place);
    if (access.kind === "refused") {
      // Not named by anyone: an account for other places is simply not this one's.
      if (scope.accounts.length > 0 || place?.guest === true) {
        refusals.push({
          account: alias,
          region: "",
          reason: access.add === null ? access.reason : `${access.reason} ${access.add}`,
        });
      }
      return [];
    }
    const { account } = access;
    const wanted = scope.regions.length > 0 ? scope.regions : account.regions;
    // The process's own account has no list of Regions from an operator.
    const granted = wanted.filter((region) => account.id === null || account.regions.includes(region));
    for (const region of wanted) {
      if (granted.includes(region)) continue;
      refusals.push({
        account: account.alias,
        region,
        reason: `${region} isn't among ${account.alias}'s Regions (${account.regions.join(", ")}). Add it to "regions" in AWS_ACCOUNTS`,
      });
    }
    return granted.map((region, index) => ({ account, region, home: index === 0 }));
  });
  return { targets, refusals: unique(refusals) };
}

function unique(refusals: Refusal[]): Refusal[] {
  return [...new Map(refusals.map((each) => [each.reason, each])).values()];
}

function report(
  items: readonly Evidence[],
  gaps: readonly EvidenceGap[],
  sources: readonly string[],
  complete: boolean,
): EvidenceReport {
  const sorted = [...items].sort((a, b) => a.id.localeCompare(b.id));
  return { items: sorted, gaps: [...gaps], sources: [...sources], complete };
}

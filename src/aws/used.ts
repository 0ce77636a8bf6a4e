import type { QuotaSubject } from "../domain/quota-subjects.ts";
import type { AwsPlace } from "./clients.ts";
import type { Facts } from "./facts.ts";
import type { Failure } from "./failure.ts";
import { readVolumes } from "./read-ec2.ts";
import { readLaunchConfigurationCount } from "./read-launch.ts";
import {
  readAddressCount,
  readInterfaceCount,
  readInternetGatewayCount,
  readNatGateways,
  readVpcCount,
} from "./read-network.ts";
import { readQuotas } from "./read-quotas.ts";
import {
  readDistributionCount,
  readLambdaAccount,
  readLoadBalancers,
  readMailAccount,
  readRdsAccount,
  readTableCount,
} from "./read-services.ts";
import { type ReaderContext, type Reading, skippedNotes } from "./reading.ts";

/** What is in use of one quota, from the service itself. */
export type Used = {
  value: number | null;
  atMax?: number;
  projected?: number;
  /** The service tells its own quota: used where Service Quotas doesn't. */
  quota?: number;
  unlimited?: boolean;
  calls: string[];
  notes: string[];
  failures: Failure[];
};

const COUNTED_BY_SERVICE = new Set([
  "elastic-ips",
  "vpcs",
  "internet-gateways",
  "network-interfaces",
  "nat-gateways",
  "groups",
  "launch-configurations",
  "alb-lcus",
  "nlb-lcus",
  "lambda-storage",
  "rds-instances",
  "rds-storage",
  "rds-clusters",
  "dynamodb-tables",
  "cloudfront-distributions",
  "ses-daily",
  "ses-rate",
]);

/** Does the service itself tell what is in use? If not, CloudWatch is asked. */
export function countsItself(subject: QuotaSubject): boolean {
  return subject.service === "ec2" || subject.service === "ebs" || COUNTED_BY_SERVICE.has(subject.id);
}

/**
 * Counts a subject's use by asking its service. null: nobody but CloudWatch counts it, and the caller asks there (all
 * metrics of a Region in one call).
 */
export async function usedBy(
  context: ReaderContext,
  place: AwsPlace,
  facts: Facts,
  subject: QuotaSubject,
): Promise<Used | null> {
  if (subject.service === "ec2" && subject.id !== "elastic-ips") return capacityUse(facts, subject);
  if (subject.service === "ebs") return volumeUse(context, place, facts, subject);
  switch (subject.id) {
    case "elastic-ips":
      return counted(await readAddressCount(context, place), (value) => ({ value }));
    case "vpcs":
      return counted(await readVpcCount(context, place), (value) => ({ value }));
    case "internet-gateways":
      return counted(await readInternetGatewayCount(context, place), (value) => ({ value }));
    case "network-interfaces":
      return counted(await readInterfaceCount(context, place), (value) => ({ value }));
    case "nat-gateways":
      return counted(await readNatGateways(context, place), ({ fullestZone, zone }) => ({
        value: fullestZone,
        notes: zone === null ? [] : [`fullest zone: ${zone}`],
      }));
    case "groups":
      return counted(await readLaunchConfigurationCount(context, place), ({ groups }) => ({ value: groups }));
    case "launch-configurations":
      return counted(await readLaunchConfigurationCount(context, place), ({ configurations }) => ({
        value: configurations,
      }));
    case "alb-lcus":
    case "nlb-lcus":
      return reservedUnits(context, place, subject);
    case "lambda-storage":
      return counted(await readLambdaAccount(context, place), ({ codeGib, codeLimitGib }) => ({
        value: codeGib,
        quota: codeLimitGib,
      }));
    case "rds-instances":
      return rdsUse(context, place, "DBInstances");
    case "rds-storage":
      return rdsUse(context, place, "AllocatedStorage");
    case "rds-clusters":
      return rdsUse(context, place, "DBClusters");
    case "dynamodb-tables":
      return counted(await readTableCount(context, place), (value) => ({ value }));
    case "cloudfront-distributions":
      return counted(await readDistributionCount(context, place), (value) => ({ value }));
    case "ses-daily":
      return counted(await readMailAccount(context, place), (mail) => ({
        value: mail.sentLastDay,
        ...(mail.perDay === null ? { unlimited: true } : { quota: mail.perDay }),
      }));
    case "ses-rate":
      return counted(await readMailAccount(context, place), (mail) => ({
        // SES tells no rate; the day's mean is what is certainly reached.
        value: mail.sentLastDay / 86_400,
        quota: mail.perSecond,
        notes: ["the rate in use is the mean of the last 24 hours"],
      }));
    default:
      return null;
  }
}

function counted<T>(
  reading: Reading<T>,
  use: (value: T) => { value: number; quota?: number; unlimited?: boolean; notes?: string[] },
): Used {
  if (!reading.ok) return { value: null, calls: reading.calls, notes: [], failures: [reading.failure] };
  const used = use(reading.value);
  return {
    ...used,
    calls: reading.calls,
    notes: [...(used.notes ?? []), ...skippedNotes(reading.skipped)],
    failures: [],
  };
}

async function capacityUse(facts: Facts, subject: QuotaSubject): Promise<Used> {
  const read = await facts.capacity();
  const demand = read.capacity.demands.get(subject.id);
  if (demand === undefined) {
    // Nothing of this family runs or may run, if everything could be read.
    return { value: read.capacity.runningKnown ? 0 : null, calls: read.calls, notes: [], failures: read.failures };
  }
  return {
    value: demand.now,
    ...(demand.atMax === null ? {} : { atMax: demand.atMax }),
    ...(demand.atPeak === null ? {} : { projected: demand.atPeak }),
    calls: read.calls,
    notes: read.capacity.assumptions,
    failures: read.failures,
  };
}

async function volumeUse(context: ReaderContext, place: AwsPlace, facts: Facts, subject: QuotaSubject): Promise<Used> {
  const iops = subject.unit === "IOPS";
  const type = subject.id.replace(/^ebs-(iops-)?/, "");
  const [reading, read] = await Promise.all([readVolumes(context, place), facts.capacity()]);
  if (!reading.ok) return { value: null, calls: reading.calls, notes: [], failures: [reading.failure] };
  const sum = reading.value.get(type);
  const value = (iops ? sum?.iops : sum?.tib) ?? 0;
  const growth = read.capacity.volumeGrowth.get(type);
  const grown = (atMax: number, atPeak: number) =>
    read.capacity.groupCount > 0 ? { atMax: value + atMax, projected: value + atPeak } : {};
  const more =
    growth === undefined
      ? grown(0, 0)
      : iops
        ? grown(growth.iopsAtMax, growth.iopsAtPeak)
        : grown(growth.tibAtMax, growth.tibAtPeak);
  const groupsUnread = read.failures.length > 0 ? ["what Auto Scaling would add couldn't be read"] : [];
  const notes =
    read.capacity.groupCount > 0
      ? ["new instances bring the volumes of their launch template; volumes that only the image defines aren't counted"]
      : [];
  return {
    value,
    ...more,
    calls: [...reading.calls, ...read.calls],
    notes: [...notes, ...groupsUnread, ...skippedNotes(reading.skipped)],
    failures: [],
  };
}

/** Reserved load balancer capacity has a quota of 0 by default; without one there is nothing to add up. */
async function reservedUnits(context: ReaderContext, place: AwsPlace, subject: QuotaSubject): Promise<Used> {
  const quotas = await readQuotas(context, place, subject.service);
  const quota = quotas.ok ? quotas.value.get(subject.code)?.value : undefined;
  if (quota === 0) return { value: 0, calls: quotas.calls, notes: [], failures: [] };
  const reserved = quotas.ok && ["L-8A66D0E6", "L-723DCCB6"].some((code) => (quotas.value.get(code)?.value ?? 0) > 0);
  if (!reserved) return { value: null, calls: quotas.calls, notes: [], failures: [] };
  return counted(await readLoadBalancers(context, place, true), (value) => ({
    value: subject.id === "alb-lcus" ? value.albLcus : value.nlbLcus,
  }));
}

async function rdsUse(context: ReaderContext, place: AwsPlace, name: string): Promise<Used> {
  const reading = await readRdsAccount(context, place);
  if (!reading.ok) return { value: null, calls: reading.calls, notes: [], failures: [reading.failure] };
  const found = reading.value.get(name);
  if (found === undefined) return { value: null, calls: reading.calls, notes: [], failures: [] };
  return { value: found.used, quota: found.max, calls: reading.calls, notes: [], failures: [] };
}

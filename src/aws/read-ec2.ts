import { z } from "zod";
import type { AwsPlace } from "./clients.ts";
import type { InstanceShape } from "./groups.ts";
import { allPages, looseRows, type ReaderContext, type Reading, read } from "./reading.ts";

const Volume = z.object({
  VolumeType: z.string(),
  Size: z.number(),
  Iops: z.number().optional(),
});
/** gp3 brings this many without asking; above it they are provisioned. */
const GP3_BASELINE_IOPS = 3_000;

/** Sums per volume type: TiB (sizes come in GiB), IOPS, and how many volumes have IOPS provisioned. */
export type VolumeSums = Map<string, { volumes: number; tib: number; iops: number; provisioned: number }>;

export function readVolumes(context: ReaderContext, place: AwsPlace): Promise<Reading<VolumeSums>> {
  const action = "ec2:DescribeVolumes";
  return read(context, place, "volumes", [action], async () => {
    const { client, sdk } = await context.clients.ec2(place);
    const rows = await allPages(action, async (token) => {
      const answer = await client.send(new sdk.DescribeVolumesCommand({ MaxResults: 1_000, ...next(token) }));
      return { rows: answer.Volumes, next: answer.NextToken };
    });
    const parsed = looseRows(Volume, rows, context.log, action);
    const value: VolumeSums = new Map();
    for (const volume of parsed.rows) {
      const sum = value.get(volume.VolumeType) ?? { volumes: 0, tib: 0, iops: 0, provisioned: 0 };
      sum.volumes += 1;
      sum.tib += volume.Size / 1_024;
      sum.iops += volume.Iops ?? 0;
      if (/^io/.test(volume.VolumeType) || (volume.VolumeType === "gp3" && (volume.Iops ?? 0) > GP3_BASELINE_IOPS)) {
        sum.provisioned += 1;
      }
      value.set(volume.VolumeType, sum);
    }
    return { value, skipped: parsed.skipped };
  });
}

/** A running instance. */
export type Running = { id: string; type: string; spot: boolean; group: string | null };

const Instance = z
  .object({
    InstanceId: z.string(),
    InstanceType: z.string(),
    InstanceLifecycle: z.string().optional(),
    Placement: z.object({ Tenancy: z.string().optional() }).optional(),
    Tags: z.array(z.object({ Key: z.string().optional(), Value: z.string().optional() })).optional(),
  })
  .transform((row) => ({
    id: row.InstanceId,
    type: row.InstanceType,
    spot: row.InstanceLifecycle === "spot",
    group: row.Tags?.find((tag) => tag.Key === "aws:autoscaling:groupName")?.Value ?? null,
    host: row.Placement?.Tenancy === "host",
  }));

/** What runs now. Instances on Dedicated Hosts are left out: hosts have quotas of their own. */
export function readInstances(context: ReaderContext, place: AwsPlace): Promise<Reading<Running[]>> {
  const action = "ec2:DescribeInstances";
  return read(context, place, "instances", [action], async () => {
    const { client, sdk } = await context.clients.ec2(place);
    const reservations = await allPages(action, async (token) => {
      const answer = await client.send(
        new sdk.DescribeInstancesCommand({
          Filters: [{ Name: "instance-state-name", Values: ["running"] }],
          MaxResults: 1_000,
          ...next(token),
        }),
      );
      return { rows: answer.Reservations?.flatMap((each) => each.Instances ?? []), next: answer.NextToken };
    });
    const parsed = looseRows(Instance, reservations, context.log, action);
    const value = parsed.rows.filter((row) => !row.host).map(({ host: _, ...running }) => running);
    return { value, skipped: parsed.skipped };
  });
}

const Shape = z.object({
  InstanceType: z.string(),
  VCpuInfo: z.object({ DefaultVCpus: z.number().int().positive() }),
  MemoryInfo: z.object({ SizeInMiB: z.number() }).optional(),
});

/** vCPUs and memory by type; a type that this Region doesn't offer is absent. A hundred types a call, side by side. */
export function readShapes(
  context: ReaderContext,
  place: AwsPlace,
  types: readonly string[],
): Promise<Reading<Map<string, InstanceShape>>> {
  const action = "ec2:DescribeInstanceTypes";
  const wanted = [...new Set(types)].sort();
  return read(context, place, `shapes/${wanted.join(",")}`, [action], async () => {
    const value = new Map<string, InstanceShape>();
    if (wanted.length === 0) return { value, skipped: 0 };
    const { client, sdk } = await context.clients.ec2(place);
    const chunks = Array.from({ length: Math.ceil(wanted.length / 100) }, (_, i) =>
      wanted.slice(i * 100, i * 100 + 100),
    );
    const rows = await Promise.all(
      chunks.map((chunk) =>
        allPages(action, async (token) => {
          // A filter, not a list: one type that doesn't exist here would fail the whole list.
          const answer = await client.send(
            new sdk.DescribeInstanceTypesCommand({
              Filters: [{ Name: "instance-type", Values: chunk }],
              MaxResults: 100,
              ...next(token),
            }),
          );
          return { rows: answer.InstanceTypes, next: answer.NextToken };
        }),
      ),
    );
    const parsed = looseRows(Shape, rows.flat(), context.log, action);
    for (const row of parsed.rows) {
      value.set(row.InstanceType, { vcpus: row.VCpuInfo.DefaultVCpus, memoryMib: row.MemoryInfo?.SizeInMiB ?? 0 });
    }
    return { value, skipped: parsed.skipped };
  });
}

/** Capacity that is reserved and not in use counts against the On-Demand quota like running instances. */
export type Reserved = { type: string; available: number };

const Reservation = z.object({
  InstanceType: z.string(),
  AvailableInstanceCount: z.number(),
  State: z.string().optional(),
});

export function readReservations(context: ReaderContext, place: AwsPlace): Promise<Reading<Reserved[]>> {
  const action = "ec2:DescribeCapacityReservations";
  return read(context, place, "reservations", [action], async () => {
    const { client, sdk } = await context.clients.ec2(place);
    const rows = await allPages(action, async (token) => {
      const answer = await client.send(
        new sdk.DescribeCapacityReservationsCommand({
          Filters: [{ Name: "state", Values: ["active"] }],
          MaxResults: 1_000,
          ...next(token),
        }),
      );
      return { rows: answer.CapacityReservations, next: answer.NextToken };
    });
    const parsed = looseRows(Reservation, rows, context.log, action);
    const value = parsed.rows
      .filter((row) => row.AvailableInstanceCount > 0)
      .map((row) => ({ type: row.InstanceType, available: row.AvailableInstanceCount }));
    return { value, skipped: parsed.skipped };
  });
}

const SpotRequest = z.object({
  State: z.string(),
  LaunchSpecification: z.object({ InstanceType: z.string().optional() }).optional(),
  InstanceId: z.string().optional(),
});
/** Types that are asked for and not running yet; those of running Spot instances are counted there. */
export type SpotDemand = { open: string[]; active: number };

export function readSpotRequests(context: ReaderContext, place: AwsPlace): Promise<Reading<SpotDemand>> {
  const action = "ec2:DescribeSpotInstanceRequests";
  return read(context, place, "spot-requests", [action], async () => {
    const { client, sdk } = await context.clients.ec2(place);
    const rows = await allPages(action, async (token) => {
      const answer = await client.send(
        new sdk.DescribeSpotInstanceRequestsCommand({
          Filters: [{ Name: "state", Values: ["open", "active"] }],
          MaxResults: 1_000,
          ...next(token),
        }),
      );
      return { rows: answer.SpotInstanceRequests, next: answer.NextToken };
    });
    const parsed = looseRows(SpotRequest, rows, context.log, action);
    const open = parsed.rows
      .filter((row) => row.State === "open")
      .flatMap((row) => row.LaunchSpecification?.InstanceType ?? []);
    return {
      value: { open, active: parsed.rows.filter((row) => row.State === "active").length },
      skipped: parsed.skipped,
    };
  });
}

/** Fleets that keep their own targets, beside Auto Scaling: how many, and how much Spot they want in all. */
export type Fleets = { count: number; spotUnits: number };

export function readSpotFleets(context: ReaderContext, place: AwsPlace): Promise<Reading<Fleets>> {
  const action = "ec2:DescribeSpotFleetRequests";
  const row = z.object({
    SpotFleetRequestState: z.string(),
    SpotFleetRequestConfig: z.object({
      TargetCapacity: z.number(),
      OnDemandTargetCapacity: z.number().optional(),
      Type: z.string().optional(),
    }),
  });
  return read(context, place, "spot-fleets", [action], async () => {
    const { client, sdk } = await context.clients.ec2(place);
    const rows = await allPages(action, async (token) => {
      const answer = await client.send(new sdk.DescribeSpotFleetRequestsCommand({ MaxResults: 1_000, ...next(token) }));
      return { rows: answer.SpotFleetRequestConfigs, next: answer.NextToken };
    });
    const parsed = looseRows(row, rows, context.log, action);
    const live = parsed.rows.filter((each) => /^(submitted|active|modifying)$/.test(each.SpotFleetRequestState));
    const spotUnits = live.reduce(
      (sum, { SpotFleetRequestConfig: config }) =>
        sum + Math.max(0, config.TargetCapacity - (config.OnDemandTargetCapacity ?? 0)),
      0,
    );
    return { value: { count: live.length, spotUnits }, skipped: parsed.skipped };
  });
}

export function readFleets(context: ReaderContext, place: AwsPlace): Promise<Reading<Fleets>> {
  const action = "ec2:DescribeFleets";
  const row = z.object({
    FleetState: z.string(),
    TargetCapacitySpecification: z.object({ SpotTargetCapacity: z.number().optional() }).optional(),
  });
  return read(context, place, "fleets", [action], async () => {
    const { client, sdk } = await context.clients.ec2(place);
    const rows = await allPages(action, async (token) => {
      const answer = await client.send(
        new sdk.DescribeFleetsCommand({
          Filters: [{ Name: "fleet-state", Values: ["submitted", "active", "modifying"] }],
          MaxResults: 1_000,
          ...next(token),
        }),
      );
      return { rows: answer.Fleets, next: answer.NextToken };
    });
    const parsed = looseRows(row, rows, context.log, action);
    const spotUnits = parsed.rows.reduce(
      (sum, each) => sum + (each.TargetCapacitySpecification?.SpotTargetCapacity ?? 0),
      0,
    );
    return { value: { count: parsed.rows.length, spotUnits }, skipped: parsed.skipped };
  });
}

function next(token: string | undefined): { NextToken?: string } {
  return token === undefined ? {} : { NextToken: token };
}

import { z } from "zod";
import type { AwsPlace } from "./clients.ts";
import type { BlockDevice, Candidate, Group } from "./groups.ts";
import { readLaunchConfigurations, readTemplates, resolveRequirements, type TemplateData } from "./read-launch.ts";
import { allPages, looseRows, type ReaderContext, type Reading, read } from "./reading.ts";
import { Requirements } from "./requirements.ts";

const TemplateRef = z
  .object({
    LaunchTemplateId: z.string().optional(),
    LaunchTemplateName: z.string().optional(),
    Version: z.string().optional(),
  })
  .transform((row) => ({
    id: row.LaunchTemplateId ?? null,
    name: row.LaunchTemplateName ?? null,
    version: row.Version ?? "$Default",
  }));
/** A launch template as a group names it: by id or name, with `$Latest`, `$Default` or a number. */
export type TemplateRef = z.output<typeof TemplateRef>;

const Override = z.object({
  InstanceType: z.string().optional(),
  WeightedCapacity: z.coerce.number().positive().optional(),
  LaunchTemplateSpecification: TemplateRef.optional(),
  InstanceRequirements: Requirements.optional(),
});

const GroupRow = z.object({
  AutoScalingGroupName: z.string(),
  MaxSize: z.number(),
  DesiredCapacity: z.number(),
  DesiredCapacityType: z.enum(["units", "vcpu", "memory-mib"]).default("units"),
  LaunchConfigurationName: z.string().optional(),
  LaunchTemplate: TemplateRef.optional(),
  MixedInstancesPolicy: z
    .object({
      LaunchTemplate: z
        .object({ LaunchTemplateSpecification: TemplateRef.optional(), Overrides: z.array(Override).optional() })
        .optional(),
      InstancesDistribution: z
        .object({
          OnDemandBaseCapacity: z.number().optional(),
          OnDemandPercentageAboveBaseCapacity: z.number().optional(),
          DistributionSegments: z.array(z.object({})).optional(),
        })
        .optional(),
    })
    .optional(),
  Instances: z
    .array(
      z.object({ InstanceId: z.string(), InstanceType: z.string().optional(), LifecycleState: z.string().optional() }),
    )
    .default([]),
  SuspendedProcesses: z.array(z.object({ ProcessName: z.string().optional() })).default([]),
  WarmPoolConfiguration: z
    .object({ MaxGroupPreparedCapacity: z.number().optional(), PoolState: z.string().optional() })
    .optional(),
});
type GroupRow = z.output<typeof GroupRow>;

/**
 * Every Auto Scaling group with what it may start. Templates, launch configurations and attribute-based types are
 * looked up together once the groups are known; what can't be found is said per group, not for all.
 */
export function readGroups(context: ReaderContext, place: AwsPlace): Promise<Reading<Group[]>> {
  const action = "autoscaling:DescribeAutoScalingGroups";
  return read(context, place, "groups", [action, "ec2:DescribeLaunchTemplateVersions"], async () => {
    const { client, sdk } = await context.clients.autoScaling(place);
    const rows = await allPages(action, async (token) => {
      const answer = await client.send(
        new sdk.DescribeAutoScalingGroupsCommand({
          MaxRecords: 100,
          ...(token === undefined ? {} : { NextToken: token }),
        }),
      );
      return { rows: answer.AutoScalingGroups, next: answer.NextToken };
    });
    const parsed = looseRows(GroupRow, rows, context.log, action);
    const refs = parsed.rows.flatMap(templatesOf);
    const configurations = parsed.rows.flatMap((row) => row.LaunchConfigurationName ?? []);
    const [templates, launches] = await Promise.all([
      readTemplates(context, place, refs),
      readLaunchConfigurations(context, place, configurations),
    ]);
    const look = lookup(templates.ok ? templates.value : []);
    const requirements = parsed.rows.flatMap((row) => requirementsOf(row, look));
    const resolved = await resolveRequirements(context, place, requirements);
    const value = parsed.rows.map((row): Group => {
      const unknown: string[] = [];
      const template = baseTemplate(row, look);
      const launch =
        row.LaunchConfigurationName === undefined || !launches.ok
          ? undefined
          : launches.value.get(row.LaunchConfigurationName);
      const candidates: Candidate[] = [];
      for (const override of overridesOf(row)) {
        const own =
          override.LaunchTemplateSpecification === undefined ? undefined : look(override.LaunchTemplateSpecification);
        const weight = override.WeightedCapacity ?? null;
        const type =
          override.InstanceType ??
          own?.instanceType ??
          (override.InstanceRequirements === undefined ? template?.instanceType : undefined);
        const wanted = override.InstanceRequirements ?? own?.requirements ?? template?.requirements;
        if (type !== undefined) candidates.push({ type, weight });
        else if (wanted !== undefined) {
          const types = resolved.get(JSON.stringify(wanted));
          if (types === undefined)
            unknown.push(`${row.AutoScalingGroupName}: its instance requirements couldn't be resolved to types`);
          else candidates.push(...types.map((each) => ({ type: each, weight })));
        }
      }
      if (candidates.length === 0 && launch?.instanceType !== undefined)
        candidates.push({ type: launch.instanceType, weight: null });
      if (candidates.length === 0 && unknown.length === 0) {
        const why = !templates.ok
          ? templates.failure.reason
          : !launches.ok
            ? launches.failure.reason
            : "its launch template has none";
        unknown.push(`${row.AutoScalingGroupName}: no instance type known (${why})`);
      }
      const distribution = row.MixedInstancesPolicy?.InstancesDistribution;
      const warm = row.WarmPoolConfiguration;
      const prepared = warm?.MaxGroupPreparedCapacity ?? -1;
      return {
        name: row.AutoScalingGroupName,
        max: row.MaxSize,
        desired: row.DesiredCapacity,
        suspended: row.SuspendedProcesses.flatMap((each) => each.ProcessName ?? []),
        ...(warm === undefined
          ? {}
          : { warmPool: { preparedMax: prepared < 0 ? null : prepared, running: warm.PoolState === "Running" } }),
        members: row.Instances.map((each) => ({
          id: each.InstanceId,
          type: each.InstanceType ?? "",
          running: !(each.LifecycleState ?? "").startsWith("Warmed:") || each.LifecycleState === "Warmed:Running",
        })),
        candidates,
        unit: row.DesiredCapacityType,
        mix:
          row.MixedInstancesPolicy === undefined
            ? null
            : {
                onDemandBase: distribution?.OnDemandBaseCapacity ?? 0,
                onDemandPercent: distribution?.OnDemandPercentageAboveBaseCapacity ?? 100,
                either: (distribution?.DistributionSegments?.length ?? 0) > 0,
              },
        spotTemplate: template?.spot ?? launch?.spot ?? false,
        volumes: volumesOf(row, look, template?.volumes ?? launch?.volumes ?? []),
        unknown,
      };
    });
    return { value, skipped: parsed.skipped };
  });
}

type Look = (ref: TemplateRef) => TemplateData | undefined;

function lookup(templates: TemplateData[]): Look {
  return (ref) => {
    const own = templates.filter((each) => (ref.id === null ? each.name === ref.name : each.id === ref.id));
    if (ref.version === "$Default") return own.find((each) => each.isDefault);
    if (ref.version === "$Latest")
      return own.reduce<TemplateData | undefined>((a, b) => (a && a.version > b.version ? a : b), undefined);
    return own.find((each) => String(each.version) === ref.version);
  };
}

/** A group without overrides starts what its template says: one override without anything of its own. */
function overridesOf(row: GroupRow): z.output<typeof Override>[] {
  const overrides = row.MixedInstancesPolicy?.LaunchTemplate?.Overrides ?? [];
  return overrides.length > 0 ? overrides : [{}];
}

function baseRef(row: GroupRow): TemplateRef | undefined {
  return row.MixedInstancesPolicy?.LaunchTemplate?.LaunchTemplateSpecification ?? row.LaunchTemplate;
}

function baseTemplate(row: GroupRow, look: Look): TemplateData | undefined {
  const ref = baseRef(row);
  return ref === undefined ? undefined : look(ref);
}

function templatesOf(row: GroupRow): TemplateRef[] {
  const base = baseRef(row);
  return [
    ...(base === undefined ? [] : [base]),
    ...overridesOf(row).flatMap((each) => each.LaunchTemplateSpecification ?? []),
  ];
}

function requirementsOf(row: GroupRow, look: Look): Requirements[] {
  const template = baseTemplate(row, look);
  return overridesOf(row).flatMap((override) => {
    if (override.InstanceType !== undefined) return [];
    const own =
      override.LaunchTemplateSpecification === undefined ? undefined : look(override.LaunchTemplateSpecification);
    if (override.InstanceRequirements !== undefined) return [override.InstanceRequirements];
    const wanted = own?.requirements ?? template?.requirements;
    return wanted === undefined || (own?.instanceType ?? template?.instanceType) !== undefined ? [] : [wanted];
  });
}

/** Overrides may bring templates of their own: the heaviest set of volumes counts. */
function volumesOf(row: GroupRow, look: Look, base: BlockDevice[]): BlockDevice[] {
  const sets = overridesOf(row).map((each) =>
    each.LaunchTemplateSpecification === undefined ? base : (look(each.LaunchTemplateSpecification)?.volumes ?? base),
  );
  const size = (set: BlockDevice[]) => set.reduce((sum, each) => sum + each.gib, 0);
  return sets.reduce((a, b) => (size(b) > size(a) ? b : a), base);
}

import { z } from "zod";
import type { AwsPlace } from "./clients.ts";
import type { BlockDevice } from "./groups.ts";
import type { TemplateRef } from "./read-groups.ts";
import { allPages, looseRows, type ReaderContext, type Reading, read } from "./reading.ts";
import { Requirements } from "./requirements.ts";

/** What a launch template or configuration starts. */
export type Launch = { instanceType?: string; requirements?: Requirements; spot: boolean; volumes: BlockDevice[] };
export type TemplateData = Launch & { id: string; name: string; version: number; isDefault: boolean };

const Devices = z
  .array(
    z.object({
      Ebs: z
        .object({ VolumeType: z.string().optional(), VolumeSize: z.number().optional(), Iops: z.number().optional() })
        .optional(),
    }),
  )
  .default([])
  .transform((rows): BlockDevice[] =>
    // A device without a size takes the snapshot's: unknown here, and said so in the assumptions.
    rows.flatMap(({ Ebs: ebs }) =>
      ebs?.VolumeSize === undefined
        ? []
        : [{ type: ebs.VolumeType ?? "gp2", gib: ebs.VolumeSize, iops: ebs.Iops ?? 0 }],
    ),
  );

const Version = z
  .object({
    LaunchTemplateId: z.string(),
    LaunchTemplateName: z.string().default(""),
    VersionNumber: z.number(),
    DefaultVersion: z.boolean().default(false),
    LaunchTemplateData: z.object({
      InstanceType: z.string().optional(),
      InstanceRequirements: Requirements.optional(),
      InstanceMarketOptions: z.object({ MarketType: z.string().optional() }).optional(),
      BlockDeviceMappings: Devices,
    }),
  })
  .transform(
    ({ LaunchTemplateData: data, ...row }): TemplateData => ({
      id: row.LaunchTemplateId,
      name: row.LaunchTemplateName,
      version: row.VersionNumber,
      isDefault: row.DefaultVersion,
      spot: data.InstanceMarketOptions?.MarketType === "spot",
      volumes: data.BlockDeviceMappings,
      ...(data.InstanceType === undefined ? {} : { instanceType: data.InstanceType }),
      ...(data.InstanceRequirements === undefined ? {} : { requirements: data.InstanceRequirements }),
    }),
  );

/**
 * The versions that groups use. Without a template's id AWS gives the latest or default version of all templates, two
 * hundred a page, so many groups cost few calls; versions that are neither are asked for by number.
 */
export function readTemplates(
  context: ReaderContext,
  place: AwsPlace,
  refs: readonly TemplateRef[],
): Promise<Reading<TemplateData[]>> {
  const action = "ec2:DescribeLaunchTemplateVersions";
  const wanted = [...new Map(refs.map((ref) => [`${ref.id ?? ref.name}@${ref.version}`, ref])).values()];
  return read(
    context,
    place,
    `templates/${wanted.map((ref) => `${ref.id ?? ref.name}@${ref.version}`).join(",")}`,
    [action],
    async () => {
      if (wanted.length === 0) return { value: [], skipped: 0 };
      const { client, sdk } = await context.clients.ec2(place);
      const fetch = (input: { LaunchTemplateId?: string; LaunchTemplateName?: string; Versions: string[] }) =>
        allPages(action, async (token) => {
          const answer = await client.send(
            new sdk.DescribeLaunchTemplateVersionsCommand({
              ...input,
              MaxResults: 200,
              ...(token === undefined ? {} : { NextToken: token }),
            }),
          );
          return { rows: answer.LaunchTemplateVersions, next: answer.NextToken };
        });
      const byName = (ref: TemplateRef) =>
        ref.id !== null ? { LaunchTemplateId: ref.id } : { LaunchTemplateName: ref.name ?? "" };
      const symbolic = wanted.filter((ref) => ref.version.startsWith("$"));
      const rows: unknown[] = [];
      if (symbolic.length > 1)
        rows.push(...(await fetch({ Versions: [...new Set(symbolic.map((ref) => ref.version))] })));
      const seen = looseRows(Version, rows, context.log, action);
      const found = (ref: TemplateRef) =>
        seen.rows.some(
          (each) =>
            (ref.id ?? ref.name) === (ref.id === null ? each.name : each.id) && String(each.version) === ref.version,
        );
      const rest = wanted.filter((ref) => (symbolic.length > 1 && ref.version.startsWith("$") ? false : !found(ref)));
      // One template that is gone must not hide the others.
      const single = await Promise.allSettled(rest.map((ref) => fetch({ ...byName(ref), Versions: [ref.version] })));
      const more = looseRows(
        Version,
        single.flatMap((each) => (each.status === "fulfilled" ? each.value : [])),
        context.log,
        action,
      );
      const failed = single.find((each) => each.status === "rejected");
      if (failed !== undefined && seen.rows.length + more.rows.length === 0) throw failed.reason;
      return { value: [...seen.rows, ...more.rows], skipped: seen.skipped + more.skipped };
    },
  );
}

const Configuration = z
  .object({
    LaunchConfigurationName: z.string(),
    InstanceType: z.string(),
    SpotPrice: z.string().optional(),
    BlockDeviceMappings: Devices,
  })
  .transform((row) => ({
    name: row.LaunchConfigurationName,
    launch: { instanceType: row.InstanceType, spot: (row.SpotPrice ?? "") !== "", volumes: row.BlockDeviceMappings },
  }));

export function readLaunchConfigurations(
  context: ReaderContext,
  place: AwsPlace,
  names: readonly string[],
): Promise<Reading<Map<string, Launch>>> {
  const action = "autoscaling:DescribeLaunchConfigurations";
  const wanted = [...new Set(names)].sort();
  return read(context, place, `launch-configurations/${wanted.join(",")}`, [action], async () => {
    if (wanted.length === 0) return { value: new Map(), skipped: 0 };
    const { client, sdk } = await context.clients.autoScaling(place);
    const chunks = Array.from({ length: Math.ceil(wanted.length / 50) }, (_, i) => wanted.slice(i * 50, i * 50 + 50));
    const rows = await Promise.all(
      chunks.map((chunk) =>
        allPages(action, async (token) => {
          const answer = await client.send(
            new sdk.DescribeLaunchConfigurationsCommand({
              LaunchConfigurationNames: chunk,
              MaxRecords: 100,
              ...(token === undefined ? {} : { NextToken: token }),
            }),
          );
          return { rows: answer.LaunchConfigurations, next: answer.NextToken };
        }),
      ),
    );
    const parsed = looseRows(Configuration, rows.flat(), context.log, action);
    return { value: new Map(parsed.rows.map((row) => [row.name, row.launch])), skipped: parsed.skipped };
  });
}

/** How many launch configurations there are, used or not. */
export function readLaunchConfigurationCount(
  context: ReaderContext,
  place: AwsPlace,
): Promise<Reading<{ configurations: number; groups: number }>> {
  const Answer = z.object({ NumberOfLaunchConfigurations: z.number(), NumberOfAutoScalingGroups: z.number() });
  return read(context, place, "auto-scaling-account", ["autoscaling:DescribeAccountLimits"], async () => {
    const { client, sdk } = await context.clients.autoScaling(place);
    const answer = Answer.parse(await client.send(new sdk.DescribeAccountLimitsCommand({})));
    return {
      value: { configurations: answer.NumberOfLaunchConfigurations, groups: answer.NumberOfAutoScalingGroups },
      skipped: 0,
    };
  });
}

/**
 * Instance types that fit attribute-based requirements, keyed by the requirements as JSON. Which architecture the image
 * has isn't known here, so both are asked for: the worst case holds for either. What can't be resolved is absent.
 */
export async function resolveRequirements(
  context: ReaderContext,
  place: AwsPlace,
  requirements: readonly Requirements[],
): Promise<Map<string, string[]>> {
  const action = "ec2:GetInstanceTypesFromInstanceRequirements";
  const wanted = new Map(requirements.map((each) => [JSON.stringify(each), each]));
  const resolved = new Map<string, string[]>();
  await Promise.all(
    [...wanted].map(async ([key, each]) => {
      const types = await read(context, place, `requirements/${key}`, [action], async () => {
        const { client, sdk } = await context.clients.ec2(place);
        const rows = await allPages(action, async (token) => {
          const answer = await client.send(
            new sdk.GetInstanceTypesFromInstanceRequirementsCommand({
              ArchitectureTypes: ["x86_64", "arm64"],
              VirtualizationTypes: ["hvm"],
              InstanceRequirements: defined(each),
              MaxResults: 1_000,
              ...(token === undefined ? {} : { NextToken: token }),
            }),
          );
          return { rows: answer.InstanceTypes, next: answer.NextToken };
        });
        const parsed = looseRows(z.object({ InstanceType: z.string() }), rows, context.log, action);
        return { value: parsed.rows.map((row) => row.InstanceType), skipped: parsed.skipped };
      });
      if (types.ok) resolved.set(key, types.value);
    }),
  );
  return resolved;
}

/** The SDK tells an absent member from one that is undefined. */
function defined(value: Requirements): Requirements {
  return Requirements.parse(JSON.parse(JSON.stringify(value)));
}

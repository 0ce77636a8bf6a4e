import { z } from "zod";
import { findingsIn, type IntakeFinding, type Resource } from "./intake-rules.ts";

/**
 * What an uploaded architecture says about the questions: Terraform by a real HCL parser, CloudFormation by YAML or
 * JSON. Each finding keeps its place (file, line, resource) and is a suggestion: its owner confirms, edits or rejects
 * it. Nothing in a file is run, fetched or believed beyond what stands there; variables stay unknown.
 */
export type Intake = { ok: true; resources: Resource[]; findings: IntakeFinding[] } | { ok: false; why: string };

export type Parsers = {
  /** Rejects with the parser's own message. */
  hcl(name: string, text: string): Promise<unknown>;
  /** YAML or JSON, with CloudFormation's short tags (`!Ref`) kept as plain values. */
  yaml(text: string): unknown | Promise<unknown>;
};

const LARGEST = 5 * 1024 * 1024;
const MOST_RESOURCES = 5_000;

export async function readArchitecture(file: { name: string; text: string }, parsers: Parsers): Promise<Intake> {
  if (file.text.length > LARGEST)
    return { ok: false, why: `${file.name} is larger than 5 MB. Send the part that matters.` };
  let resources: Resource[];
  try {
    if (/\.tf\.json$/i.test(file.name)) resources = terraform(asBlocks(JSON.parse(file.text)), file.text);
    else if (/\.tf$/i.test(file.name)) resources = terraform(await parsers.hcl(file.name, file.text), file.text);
    else if (/\.(?:ya?ml|json|template)$/i.test(file.name))
      resources = cloudFormation(await parsers.yaml(file.text), file.text);
    else return { ok: false, why: `${file.name} is neither Terraform (.tf) nor CloudFormation (.yaml, .json).` };
  } catch (error) {
    const where = error instanceof Error ? error.message.replace(/\s+/g, " ").slice(0, 200) : "unreadable";
    return { ok: false, why: `${file.name} can't be read: ${where}` };
  }
  if (resources.length === 0) return { ok: false, why: `No AWS resources were found in ${file.name}.` };
  const kept = resources.sort((a, b) => a.line - b.line).slice(0, MOST_RESOURCES);
  return { ok: true, resources: kept, findings: findingsIn(kept, file.name) };
}

const HclFile = z.looseObject({
  resource: z.record(z.string(), z.record(z.string(), z.array(z.record(z.string(), z.unknown())))).optional(),
});

/** Terraform's JSON syntax has the same shape without the lists around its blocks. */
function asBlocks(parsed: unknown): unknown {
  const named = z.looseObject({ resource: z.record(z.string(), z.record(z.string(), z.unknown())).optional() });
  const { resource = {} } = named.parse(parsed);
  const listed = (block: unknown) => (Array.isArray(block) ? block : [block]);
  return {
    resource: Object.fromEntries(
      Object.entries(resource).map(([type, names]) => [
        type,
        Object.fromEntries(Object.entries(names).map(([name, block]) => [name, listed(block)])),
      ]),
    ),
  };
}

function terraform(parsed: unknown, text: string): Resource[] {
  const { resource = {} } = HclFile.parse(parsed);
  const lines = linesOf(text);
  return Object.entries(resource).flatMap(([type, named]) =>
    Object.entries(named).map(([name, blocks]) => ({
      type,
      name,
      line: lines.get(`${type}.${name}`) ?? lines.get(name) ?? 1,
      values: flattened(blocks[0] ?? {}),
    })),
  );
}

const Template = z.looseObject({
  Resources: z.record(
    z.string(),
    z.looseObject({ Type: z.string(), Properties: z.record(z.string(), z.unknown()).optional() }),
  ),
});

/** CloudFormation's types and properties under Terraform's names, so that one set of rules reads both. */
const TYPES: Record<string, string> = {
  "AWS::RDS::DBInstance": "aws_db_instance",
  "AWS::AutoScaling::AutoScalingGroup": "aws_autoscaling_group",
  "AWS::S3::Bucket": "aws_s3_bucket",
  "AWS::CloudFront::Distribution": "aws_cloudfront_distribution",
  "AWS::EC2::NatGateway": "aws_nat_gateway",
  "AWS::EC2::SecurityGroup": "aws_security_group",
  "AWS::EC2::Volume": "aws_ebs_volume",
  "AWS::ElasticLoadBalancingV2::LoadBalancer": "aws_lb",
  "AWS::CloudWatch::Alarm": "aws_cloudwatch_metric_alarm",
  "AWS::DynamoDB::Table": "aws_dynamodb_table",
  "AWS::ElastiCache::ReplicationGroup": "aws_elasticache_replication_group",
  "AWS::ElastiCache::CacheCluster": "aws_elasticache_cluster",
  "AWS::EC2::Instance": "aws_instance",
  "AWS::ECS::Service": "aws_ecs_service",
  "AWS::RDS::DBCluster": "aws_rds_cluster",
  "AWS::SecretsManager::RotationSchedule": "aws_secretsmanager_secret_rotation",
  "AWS::IAM::AccessKey": "aws_iam_access_key",
  "AWS::EC2::FlowLog": "aws_flow_log",
};

function cloudFormation(parsed: unknown, text: string): Resource[] {
  const { Resources } = Template.parse(parsed);
  const lines = linesOf(text);
  return Object.entries(Resources).map(([name, { Type, Properties = {} }]) => ({
    type: TYPES[Type] ?? Type,
    name,
    line: lines.get(name) ?? 1,
    values: flattened(Object.fromEntries(Object.entries(Properties).map(([key, value]) => [snake(key), value]))),
  }));
}

/** `MultiAZ` → `multi_az`, `MaxSize` → `max_size`. */
function snake(name: string): string {
  return name
    .replace(/MultiAZ/g, "MultiAz")
    .replace(/([a-z0-9])([A-Z])/g, "$1_$2")
    .replace(/([A-Z]+)([A-Z][a-z])/g, "$1_$2")
    .toLowerCase();
}

/** HCL's nested blocks are arrays of one: they are read as what they hold. */
function flattened(values: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(values).map(([key, value]) => [key, isBlock(value) ? flattened(value[0]) : value]),
  );
}

function isBlock(value: unknown): value is [Record<string, unknown>] {
  return (
    Array.isArray(value) &&
    value.length === 1 &&
    typeof value[0] === "object" &&
    value[0] !== null &&
    !Array.isArray(value[0])
  );
}

/** Where each resource begins, in one walk over the text: `type.name` of HCL's blocks, the name of JSON's and YAML's keys. */
function linesOf(text: string): Map<string, number> {
  const found = new Map<string, number>();
  text.split("\n").forEach((line, index) => {
    const block = /^\s*resource\s+"([^"]{1,200})"\s+"([^"]{1,200})"/.exec(line);
    const key = block === null ? /^\s{0,200}["']?([\w:.-]{1,200})["']?\s*:/.exec(line)?.[1] : `${block[1]}.${block[2]}`;
    if (key !== undefined && !found.has(key)) found.set(key, index + 1);
  });
  return found;
}

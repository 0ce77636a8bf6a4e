import type { QuestionId } from "../domain/ids.ts";

/**
 * What a resource says about the questions. Terraform's and CloudFormation's resources come under the same names; a
 * value that a variable or an expression decides is unknown, and nothing is said about it.
 */
export type Resource = { type: string; name: string; line: number; values: Record<string, unknown> };
export type IntakeFinding = {
  question: QuestionId;
  /** One sentence, to be offered as (part of) an answer. */
  statement: string;
  place: { file: string; line: number; resource: string };
  /** `weak`: a follow-up is worth asking. */
  kind: "fact" | "weak";
};

type Said = { question: QuestionId; statement: string; kind: IntakeFinding["kind"] } | undefined;
type Rule = (resource: Resource, all: readonly Resource[]) => Said[];

const RULES: Record<string, Rule> = {
  aws_db_instance: ({ name, values }) => {
    const days = numberIn(values.backup_retention_period);
    return [
      literal(values.multi_az) === true
        ? fact("R2", `${name} (RDS) is Multi-AZ`)
        : values.multi_az === undefined || literal(values.multi_az) === false
          ? weak("R2", `${name} (RDS) is Single-AZ`)
          : undefined,
      days === undefined
        ? undefined
        : days === 0
          ? weak("R5", `${name} (RDS) has no automatic backups`)
          : fact("R5", `${name} (RDS) keeps backups for ${days} ${days === 1 ? "day" : "days"}`),
      iops("RDS", name, values.iops),
    ];
  },
  aws_autoscaling_group: ({ name, values }) => {
    const zones = listIn(values.availability_zones) ?? listIn(values.vpc_zone_identifier);
    const most = numberIn(values.max_size);
    return [
      zones === undefined
        ? undefined
        : zones.length < 2
          ? weak("R2", `Auto Scaling group ${name} has one subnet or zone`)
          : fact("R2", `Auto Scaling group ${name} spans ${zones.length} subnets or zones`),
      most === undefined ? undefined : fact("Q2", `Auto Scaling group ${name} may grow to ${most} instances`),
      values.mixed_instances_policy === undefined
        ? undefined
        : fact("Q6", `Auto Scaling group ${name} has a mixed instances policy, which may use Spot`),
    ];
  },
  aws_s3_bucket: ({ name, values }, all) => {
    const versioned =
      literal(dig(values, "versioning", "enabled")) === true ||
      dig(values, "versioning_configuration", "Status") === "Enabled" ||
      all.some(
        (other) =>
          other.type === "aws_s3_bucket_versioning" &&
          JSON.stringify(other.values.bucket ?? "").includes(`aws_s3_bucket.${name}.`),
      );
    return [
      versioned ? fact("R3", `Bucket ${name} keeps versions`) : weak("R3", `Bucket ${name} keeps no versions here`),
    ];
  },
  aws_dynamodb_table: ({ name, values }) => [
    literal(dig(values, "point_in_time_recovery", "enabled")) === true
      ? fact("R3", `Table ${name} has point-in-time recovery`)
      : values.point_in_time_recovery_specification === undefined
        ? weak("R3", `Table ${name} has no point-in-time recovery here`)
        : undefined,
  ],
  aws_elasticache_cluster: ({ name, values }) => {
    const nodes = numberIn(values.num_cache_nodes);
    return [nodes === 1 ? weak("R2", `Cache ${name} is one node`) : undefined];
  },
  aws_instance: ({ name, values }) => [
    weak("R2", `${name} is a single EC2 instance outside any Auto Scaling group`),
    typeof values.key_name === "string" ? weak("S2", `Instance ${name} has an SSH key pair`) : undefined,
  ],
  aws_ecs_service: ({ name, values }) => {
    const tasks = numberIn(values.desired_count);
    return [
      tasks === 1
        ? weak("R2", `ECS service ${name} runs one task`)
        : tasks === undefined
          ? undefined
          : fact("R2", `ECS service ${name} runs ${tasks} tasks`),
    ];
  },
  aws_rds_cluster: ({ name, values }, all) => {
    const days = numberIn(values.backup_retention_period);
    const instances = all.filter(
      (other) =>
        /^aws_rds_cluster_instance$|^AWS::RDS::DBInstance$/.test(other.type) &&
        JSON.stringify(other.values).includes(name),
    );
    const counted = instances.every((one) => one.values.count === undefined && one.values.for_each === undefined);
    return [
      instances.length === 1 && counted ? weak("R2", `Aurora cluster ${name} has one instance`) : undefined,
      days === undefined ? undefined : fact("R5", `Aurora cluster ${name} keeps backups for ${days} days`),
    ];
  },
  aws_secretsmanager_secret_rotation: ({ name }) => [fact("S1", `Secret ${name} is rotated by a schedule`)],
  aws_iam_access_key: ({ name }) => [weak("S1", `There is a long-lived access key, ${name}`)],
  aws_flow_log: ({ name }) => [fact("P5", `Flow log ${name} is on`)],
  aws_elasticache_replication_group: ({ name, values }) => [
    literal(values.automatic_failover_enabled) === true
      ? fact("R6", `Cache ${name} fails over by itself`)
      : weak("R6", `Cache ${name} doesn't fail over by itself`),
  ],
  aws_cloudfront_distribution: ({ name }) => [fact("P4", `CloudFront distribution ${name} is there`)],
  aws_lb: ({ name, values }) => [
    literal(dig(values, "access_logs", "enabled")) === true
      ? fact("P5", `Load balancer ${name} writes access logs`)
      : values.load_balancer_attributes === undefined
        ? weak("P5", `Load balancer ${name} writes no access logs here`)
        : undefined,
  ],
  aws_nat_gateway: ({ name }, all) =>
    all.filter((other) => other.type === "aws_nat_gateway").length === 1
      ? [
          weak("P1", `All egress goes through one NAT gateway, ${name}`),
          weak("R2", `There is one NAT gateway, ${name}`),
        ]
      : [],
  aws_security_group: ({ name, values }) => {
    const open = JSON.stringify(values).includes("0.0.0.0/0");
    const login = /"(?:from_port|FromPort)":"?(?:22|3389)"?[,}]/.test(JSON.stringify(values));
    return [open && login ? weak("S2", `Security group ${name} lets everybody reach port 22 or 3389`) : undefined];
  },
  aws_ebs_volume: ({ name, values }) => [iops("EBS", name, values.iops)],
  aws_cloudwatch_metric_alarm: ({ name, values }) => {
    const actions = listIn(values.alarm_actions) ?? listIn(values.alarmactions);
    return [
      actions === undefined || actions.length === 0
        ? weak("P6", `Alarm ${name} tells nobody`)
        : fact("P6", `Alarm ${name} has somewhere to go`),
    ];
  },
};

export function findingsIn(resources: Resource[], file: string): IntakeFinding[] {
  const found = resources.flatMap((resource) =>
    (RULES[resource.type]?.(resource, resources) ?? []).flatMap((said): IntakeFinding[] =>
      said
        ? [
            {
              ...said,
              statement: `${said.statement}.`,
              place: { file, line: resource.line, resource: `${resource.type}.${resource.name}` },
            },
          ]
        : [],
    ),
  );
  const serves = resources.some(({ type }) => ["aws_lb", "aws_autoscaling_group", "aws_db_instance"].includes(type));
  const alarms = resources.some(({ type }) => type === "aws_cloudwatch_metric_alarm");
  const first = resources[0];
  const place = { file, line: first?.line ?? 1, resource: "the whole file" };
  const none: IntakeFinding[] =
    serves && !alarms ? [{ question: "P6", statement: "No alarm is defined in this file.", kind: "weak", place }] : [];
  return [...found, ...none, ...unwatched(resources, file)];
}

/** Kinds that carry an event, and what must stand in an alarm that watches one of them. */
const WATCHED: [types: string[], words: RegExp, name: string][] = [
  [["aws_lb", "aws_alb"], /ApplicationELB|NetworkELB|aws_a?lb\./, "the load balancer"],
  [
    ["aws_db_instance", "aws_rds_cluster"],
    /AWS\/RDS|DBInstanceIdentifier|DBClusterIdentifier|aws_(?:db_instance|rds_cluster)\./,
    "the database",
  ],
];

/** Alarms are there, but none of them looks at something the event needs. */
function unwatched(resources: Resource[], file: string): IntakeFinding[] {
  const alarms = resources.filter(({ type }) => type === "aws_cloudwatch_metric_alarm");
  if (alarms.length === 0) return [];
  const said = JSON.stringify(alarms.map(({ values }) => values));
  return WATCHED.flatMap(([types, words, name]): IntakeFinding[] => {
    const first = resources.find(({ type }) => types.includes(type));
    if (first === undefined || words.test(said)) return [];
    const place = { file, line: first.line, resource: `${first.type}.${first.name}` };
    return [{ question: "P6", statement: `No alarm looks at ${name}.`, kind: "weak", place }];
  });
}

function fact(question: QuestionId, statement: string): Said {
  return { question, statement, kind: "fact" };
}

function weak(question: QuestionId, statement: string): Said {
  return { question, statement, kind: "weak" };
}

function iops(service: string, name: string, value: unknown): Said {
  const amount = numberIn(value);
  return amount === undefined
    ? undefined
    : fact("Q5", `${name} (${service}) has ${amount.toLocaleString("en-GB")} provisioned IOPS`);
}

/** What stands there in so many words; an expression (`${var.x}`) is unknown. */
function literal(value: unknown): boolean | undefined {
  if (typeof value === "boolean") return value;
  return value === "true" ? true : value === "false" ? false : undefined;
}

function numberIn(value: unknown): number | undefined {
  if (typeof value === "number") return value;
  return typeof value === "string" && /^\d+$/.test(value) ? Number(value) : undefined;
}

function listIn(value: unknown): unknown[] | undefined {
  return Array.isArray(value) ? value : undefined;
}

function dig(values: Record<string, unknown>, block: string, key: string): unknown {
  const inner = values[block];
  return typeof inner === "object" && inner !== null
    ? Object.entries(inner).find(([name]) => name === key)?.[1]
    : undefined;
}

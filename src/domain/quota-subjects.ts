/**
 * The quotas that T-Minus knows by name: what people ask about, with AWS's codes. Values are never kept here: they
 * differ per account and are read. Codes: Service Quotas' own lists and the EC2, EBS and SES user guides.
 */

/** How a quota's use grows on the day. */
export type Growth =
  /** With the traffic: today's use × the event's peak. */
  | "traffic"
  /** With what Auto Scaling may start: computed from the groups. */
  | "fleet"
  /** Not by itself. */
  | "none";

export type QuotaSubject = {
  /** Stable, stored in typed queries. */
  id: string;
  /** Service Quotas' service code. */
  service: string;
  code: string;
  label: string;
  unit: string;
  growth: Growth;
  /** "room for 3 more" (a stock) or "enough for 4,000" (a rate that the event needs in all). */
  demand: "more" | "total";
  /** The quota exists once per account and is read in us-east-1. */
  global?: boolean;
};

const FAMILIES: [id: string, label: string, onDemand: string, spot: string | null][] = [
  ["standard", "Standard", "L-1216C47A", "L-34B43A08"],
  ["dl", "DL", "L-6E869C2A", "L-85EED4F7"],
  ["f", "F", "L-74FC7D96", "L-88CF9481"],
  ["g", "G and VT", "L-DB2E81BA", "L-3819A6DF"],
  ["hpc", "HPC", "L-F7808C92", null],
  ["u", "High Memory", "L-43DA4232", null],
  ["inf", "Inf", "L-1945791B", "L-B5D1601B"],
  ["p", "P", "L-417A185B", "L-7212CCBC"],
  ["trn", "Trn", "L-2C3B7624", "L-6B0D517C"],
  ["x", "X", "L-7295265B", "L-E3A00192"],
];

const EBS: [type: string, storage: string, iops: string | null][] = [
  ["gp2", "L-D18FCD1D", null],
  ["gp3", "L-7A658B76", null],
  ["io1", "L-FD252861", "L-B3A130E6"],
  ["io2", "L-09BD8365", "L-8D977E7E"],
  ["st1", "L-82ACEF56", null],
  ["sc1", "L-17AF77E8", null],
  ["standard", "L-9CF3C2EB", null],
];

const ec2: QuotaSubject[] = FAMILIES.flatMap(([id, name, onDemand, spot]) => [
  subject(`ec2-${id}`, "ec2", onDemand, `Running On-Demand ${name}`, "vCPU", "fleet", "more"),
  ...(spot === null ? [] : [subject(`spot-${id}`, "ec2", spot, `Spot ${name}`, "vCPU", "fleet", "more")]),
]);

const ebs: QuotaSubject[] = EBS.flatMap(([type, storage, iops]) => [
  subject(`ebs-${type}`, "ebs", storage, `${type} storage`, "TiB", "fleet", "more"),
  ...(iops === null
    ? []
    : [subject(`ebs-iops-${type}`, "ebs", iops, `${type} provisioned IOPS`, "IOPS", "fleet", "more")]),
]);

const others: QuotaSubject[] = [
  subject("elastic-ips", "ec2", "L-0263D0A3", "Elastic IPs", "addresses", "none", "more"),
  subject("groups", "autoscaling", "L-CDE20ADC", "Auto Scaling groups", "groups", "none", "more"),
  subject(
    "launch-configurations",
    "autoscaling",
    "L-6B80B8FA",
    "Launch configurations",
    "launch configurations",
    "none",
    "more",
  ),
  subject("albs", "elasticloadbalancing", "L-53DA6B97", "Application Load Balancers", "load balancers", "none", "more"),
  subject("nlbs", "elasticloadbalancing", "L-69A177A2", "Network Load Balancers", "load balancers", "none", "more"),
  subject("clbs", "elasticloadbalancing", "L-E9E9831D", "Classic Load Balancers", "load balancers", "none", "more"),
  subject("target-groups", "elasticloadbalancing", "L-B22855CB", "Target groups", "target groups", "none", "more"),
  subject(
    "alb-lcus",
    "elasticloadbalancing",
    "L-8A66D0E6",
    "Reserved capacity of Application Load Balancers",
    "LCU",
    "none",
    "more",
  ),
  subject(
    "nlb-lcus",
    "elasticloadbalancing",
    "L-723DCCB6",
    "Reserved capacity of Network Load Balancers",
    "LCU",
    "none",
    "more",
  ),
  subject("vpcs", "vpc", "L-F678F1CE", "VPCs", "VPCs", "none", "more"),
  subject("nat-gateways", "vpc", "L-FE5A380F", "NAT gateways per Availability Zone", "gateways", "none", "more"),
  subject("internet-gateways", "vpc", "L-A4707A72", "Internet gateways", "gateways", "none", "more"),
  subject("network-interfaces", "vpc", "L-DF5E4CA3", "Network interfaces", "interfaces", "fleet", "more"),
  subject(
    "lambda-concurrency",
    "lambda",
    "L-B99A9384",
    "Lambda concurrent executions",
    "executions",
    "traffic",
    "total",
  ),
  subject("lambda-storage", "lambda", "L-2ACBD22F", "Lambda code storage", "GiB", "none", "more"),
  subject("dynamodb-read", "dynamodb", "L-34F6A552", "DynamoDB provisioned read capacity", "RCU", "traffic", "total"),
  subject("dynamodb-write", "dynamodb", "L-34F8CCC8", "DynamoDB provisioned write capacity", "WCU", "traffic", "total"),
  subject("dynamodb-tables", "dynamodb", "L-F98FE922", "DynamoDB tables", "tables", "none", "more"),
  subject("rds-instances", "rds", "L-7B6409FD", "RDS instances", "instances", "none", "more"),
  subject("rds-storage", "rds", "L-7ADDB58A", "RDS storage", "GiB", "none", "more"),
  subject("rds-clusters", "rds", "L-952B80B8", "RDS clusters", "clusters", "none", "more"),
  subject("ses-daily", "ses", "L-804C8AE8", "SES recipients in 24 hours", "recipients", "traffic", "total"),
  subject("ses-rate", "ses", "L-CDEF9B6B", "SES sending rate", "recipients/s", "traffic", "total"),
  subject("fargate", "fargate", "L-3032A538", "Fargate On-Demand", "vCPU", "traffic", "more"),
  subject("fargate-spot", "fargate", "L-36FBB829", "Fargate Spot", "vCPU", "traffic", "more"),
  subject("elasticache-nodes", "elasticache", "L-DFE45DF3", "ElastiCache nodes", "nodes", "none", "more"),
  subject("api-gateway-rate", "apigateway", "L-8A5B8E43", "API Gateway requests", "requests/s", "traffic", "total"),
  subject("sns-publish", "sns", "L-F8E2BA85", "SNS messages published", "messages/s", "traffic", "total"),
  {
    ...subject(
      "cloudfront-distributions",
      "cloudfront",
      "L-24B04930",
      "CloudFront distributions",
      "distributions",
      "none",
      "more",
    ),
    global: true,
  },
  {
    ...subject(
      "cloudfront-requests",
      "cloudfront",
      "L-A2C80159",
      "CloudFront requests of one distribution",
      "requests/s",
      "traffic",
      "total",
    ),
    global: true,
  },
];

export const QUOTA_SUBJECTS: readonly QuotaSubject[] = [...ec2, ...ebs, ...others];

const byId = new Map(QUOTA_SUBJECTS.map((each) => [each.id, each]));
const byCode = new Map(QUOTA_SUBJECTS.map((each) => [each.code, each]));

export function quotaSubject(id: string): QuotaSubject | undefined {
  return byId.get(id);
}

export function quotaSubjectOfCode(code: string): QuotaSubject | undefined {
  return byCode.get(code);
}

/** What to read when the scope names no services: those that launches meet. */
export const EVENT_SERVICES: readonly string[] = [
  "ec2",
  "ebs",
  "autoscaling",
  "elasticloadbalancing",
  "vpc",
  "lambda",
  "dynamodb",
  "rds",
  "ses",
  "cloudfront",
  "fargate",
  "elasticache",
];

/** The names people use for services, and Service Quotas' codes for them. */
const SERVICE_NAMES: Record<string, string> = {
  ec2: "ec2",
  ebs: "ebs",
  asg: "autoscaling",
  autoscaling: "autoscaling",
  "auto-scaling": "autoscaling",
  "auto scaling": "autoscaling",
  alb: "elasticloadbalancing",
  elb: "elasticloadbalancing",
  nlb: "elasticloadbalancing",
  elbv2: "elasticloadbalancing",
  elasticloadbalancing: "elasticloadbalancing",
  "load balancers": "elasticloadbalancing",
  "load balancer": "elasticloadbalancing",
  "load balancing": "elasticloadbalancing",
  vpc: "vpc",
  lambda: "lambda",
  dynamodb: "dynamodb",
  dynamo: "dynamodb",
  ddb: "dynamodb",
  rds: "rds",
  aurora: "rds",
  ses: "ses",
  sesv2: "ses",
  email: "ses",
  cloudfront: "cloudfront",
  cdn: "cloudfront",
  fargate: "fargate",
  ecs: "fargate",
  elasticache: "elasticache",
  redis: "elasticache",
  apigateway: "apigateway",
  "api-gateway": "apigateway",
  "api gateway": "apigateway",
  apigw: "apigateway",
  sns: "sns",
  sqs: "sqs",
  kinesis: "kinesis",
  route53: "route53",
  "route 53": "route53",
  s3: "s3",
};

/** `elb` → `elasticloadbalancing`; undefined for a service we have no name for. */
export function serviceCodeOf(name: string): string | undefined {
  return SERVICE_NAMES[name.trim().toLowerCase()];
}

/** Every name of a service that {@link serviceCodeOf} understands. */
export function serviceNames(): string[] {
  return Object.keys(SERVICE_NAMES);
}

/** Services whose quotas exist once per account. Service Quotas answers for them in us-east-1 only. */
export function isGlobalService(code: string): boolean {
  return code === "cloudfront" || code === "route53" || code === "iam";
}

function subject(
  id: string,
  service: string,
  code: string,
  label: string,
  unit: string,
  growth: Growth,
  demand: "more" | "total",
): QuotaSubject {
  return { id, service, code, label, unit, growth, demand };
}

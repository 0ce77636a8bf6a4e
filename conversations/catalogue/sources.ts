/**
 * Where facts come from that are not a person's words. Questions refer to these ids; what is read, and how, is the
 * business of whoever implements a source. A question may name a source that nobody reads yet: it then stays silent.
 */
export const EVIDENCE_SOURCES = [
  // Quotas
  {
    id: "service-quotas",
    title: "Service Quotas",
    description: "Applied quota and use of every service in scope, projected to the peak.",
  },
  {
    id: "auto-scaling-capacity",
    title: "Auto Scaling capacity",
    description: "vCPUs each group can ask for at its maximum and at peak, per family, against the quota.",
  },
  {
    id: "ebs-storage",
    title: "EBS storage",
    description: "TiB per volume type in the Region, with what scaled-out instances bring, against the quota.",
  },
  {
    id: "ebs-iops",
    title: "EBS Provisioned IOPS",
    description: "IOPS of io1 and io2 volumes in the Region against the quota, and the quota for raising them.",
  },
  {
    id: "spot-capacity",
    title: "Spot capacity",
    description: "vCPUs of open and running Spot requests per family, and what On-Demand would need if Spot ran dry.",
  },
  {
    id: "ses-sending",
    title: "SES sending",
    description: "Recipients per 24 hours and per second, what was sent, and whether the account is in the sandbox.",
  },
  {
    id: "email-port-25",
    title: "Port 25",
    description: "Whether instances in scope can be expected to send mail directly, which EC2 blocks by default.",
  },
  {
    id: "quota-requests",
    title: "Quota increase requests",
    description: "Increases that are filed, with value, date and state.",
  },
  // Performance
  {
    id: "network-bandwidth",
    title: "Network bandwidth",
    description: "Baseline bandwidth of the instance types in use against what they carry now and at peak.",
  },
  {
    id: "database-capacity",
    title: "Database capacity",
    description: "Class, connections, replicas, IOPS and throttling of RDS and DynamoDB.",
  },
  {
    id: "load-test",
    title: "Load tests",
    description: "Runs of Distributed Load Testing: date, requests a second, errors and latency against the target.",
  },
  {
    id: "cdn",
    title: "CDN",
    description: "CloudFront distributions that serve the event's hostnames, and how much they answer from cache.",
  },
  {
    id: "logging",
    title: "Logging",
    description: "Access logs of load balancers and CDN, flow logs, CloudTrail: on or off, and where they go.",
  },
  {
    id: "alarms",
    title: "Alarms",
    description: "CloudWatch alarms on the resources in scope, their state, and whether anyone is told.",
  },
  // Resilience
  {
    id: "multi-az",
    title: "Availability Zones",
    description: "Zones that groups, load balancers, databases, caches and NAT gateways span.",
  },
  {
    id: "backups",
    title: "Backups",
    description:
      "Backups, point-in-time recovery, versioning and replication of stores, with the newest recovery point.",
  },
  {
    id: "failover",
    title: "Failover",
    description: "Automatic failover of databases and caches, Route 53 failover records and their health checks.",
  },
  {
    id: "resilience-hub",
    title: "Resilience Hub",
    description: "RTO and RPO estimated against policy, from the newest assessment.",
  },
  {
    id: "health-events",
    title: "AWS Health",
    description: "Scheduled changes and open issues that touch the event's dates.",
  },
  // Security
  {
    id: "credentials",
    title: "Credentials",
    description: "Age of access keys and secrets, and when they were last rotated.",
  },
  {
    id: "access-paths",
    title: "Ways in",
    description: "Session Manager reach, open administration ports, emergency roles.",
  },
  // Monitoring
  {
    id: "dashboards",
    title: "Dashboards",
    description: "CloudWatch dashboards and which of the crucial metrics are on them.",
  },
] as const;

export type EvidenceSourceId = (typeof EVIDENCE_SOURCES)[number]["id"];

const IDS: ReadonlySet<string> = new Set(EVIDENCE_SOURCES.map((source) => source.id));

export function isEvidenceSource(id: string): id is EvidenceSourceId {
  return IDS.has(id);
}

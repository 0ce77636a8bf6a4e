/** Accounts as data: what a test writes down. The stand-in answers from it over the wire. */

export type StandInAccount = {
  id: string;
  /** Long-lived keys of this account: access key id → what it may do. */
  keys?: Record<string, Permissions>;
  /** Role name → who may assume it and what it may do. */
  roles?: Record<string, { externalId?: string; permissions: Permissions }>;
  regions: Record<string, RegionData>;
  /** CloudFront is one per account. */
  distributions?: number;
};

/** `*`, or IAM actions (`ec2:Describe*`), or a policy document such as those in deploy/iam. */
export type Permissions = "*" | string[] | { Statement: unknown };

export type RegionData = {
  quotas?: Record<string, QuotaData[]>;
  instances?: { type: string; count: number; state?: string; spot?: boolean; group?: string; hosted?: boolean }[];
  volumes?: { type: string; gib: number; count: number; iops?: number }[];
  groups?: GroupData[];
  templates?: TemplateDataIn[];
  launchConfigurations?: { name: string; type: string; spotPrice?: string; volumes?: VolumeData[] }[];
  reservations?: { type: string; total: number; available: number }[];
  spotRequests?: { type: string; state: "open" | "active" | "closed"; count: number }[];
  spotFleets?: { target: number; onDemand?: number; state?: string }[];
  fleets?: { spot: number; state?: string }[];
  counts?: { vpcs?: number; internetGateways?: number; interfaces?: number; addresses?: number; tables?: number };
  natGateways?: { zone: string; count: number }[];
  loadBalancers?: { type: "application" | "network"; count: number; lcus?: number }[];
  ses?: { perDay: number; perSecond: number; sent: number; production?: boolean; enforcement?: string };
  lambda?: { concurrency: number; codeBytes?: number; used?: number };
  rds?: { name: string; used: number; max: number }[];
  requests?: RequestData[];
  /** AWS's utilisation report: at once, never ready, or not offered here. */
  report?: "ready" | "pending" | "absent";
  /** Types that this Region doesn't offer. */
  withoutTypes?: string[];
  /** How new increase requests are answered. */
  newRequest?: { status: string; error?: string };
  /** Rows that break the rules, put in front of a listing: `ec2:DescribeVolumes` → raw rows. */
  oddRows?: Record<string, Record<string, unknown>[]>;
};

export type QuotaData = {
  code: string;
  name?: string;
  /** Absent: no applied value, only `default`. */
  value?: number;
  default?: number;
  adjustable?: boolean;
  global?: boolean;
  error?: string;
  /** Points that CloudWatch has for its usage metric; present: the quota has one. */
  usage?: number[];
  statistic?: "Maximum" | "Sum";
  period?: { value: number; unit: string };
  level?: "ACCOUNT" | "RESOURCE";
};

export type VolumeData = { type?: string; gib?: number; iops?: number };

export type TemplateDataIn = {
  id: string;
  name: string;
  /** The first is version 1. */
  versions: { type?: string; requirements?: Record<string, unknown>; spot?: boolean; volumes?: VolumeData[] }[];
  defaultVersion?: number;
};

export type GroupData = {
  name: string;
  max: number;
  desired: number;
  zones?: string[];
  template?: { id?: string; name?: string; version?: string };
  launchConfiguration?: string;
  overrides?: {
    type?: string;
    weight?: number;
    requirements?: Record<string, unknown>;
    template?: { id: string; version?: string };
  }[];
  distribution?: { base?: number; percent?: number; segments?: string[] };
  unit?: "units" | "vcpu" | "memory-mib";
  suspended?: string[];
  warmPool?: { prepared?: number; state: "Stopped" | "Running" | "Hibernated" };
  /** Members: their instances are made to run as well, unless `stopped`. */
  members?: { type: string; count: number; spot?: boolean; lifecycle?: string }[];
};

export type RequestData = {
  id: string;
  service: string;
  code: string;
  desired: number;
  status: string;
  createdAt: string;
};

/** vCPUs and GiB of the types that tests use, as EC2's own pages give them. */
export const INSTANCE_TYPES: Record<string, [vcpus: number, gib: number]> = {
  "t3.micro": [2, 1],
  "t3.large": [2, 8],
  "m5.large": [2, 8],
  "m5.xlarge": [4, 16],
  "m5.2xlarge": [8, 32],
  "m7g.large": [2, 8],
  "m7g.xlarge": [4, 16],
  "m7g.2xlarge": [8, 32],
  "m7g.4xlarge": [16, 64],
  "c5.large": [2, 4],
  "c7g.large": [2, 4],
  "c7g.xlarge": [4, 8],
  "c7g.2xlarge": [8, 16],
  "c7g.4xlarge": [16, 32],
  "r7g.xlarge": [4, 32],
  "r7g.2xlarge": [8, 64],
  "d3.xlarge": [4, 32],
  "i4i.xlarge": [4, 32],
  "h1.2xlarge": [8, 32],
  "im4gn.large": [2, 8],
  "dl1.24xlarge": [96, 768],
  "inf2.xlarge": [4, 16],
  "inf2.48xlarge": [192, 384],
  "hpc7a.12xlarge": [24, 768],
  "hpc7a.96xlarge": [192, 768],
  "g5.xlarge": [4, 16],
  "g5.12xlarge": [48, 192],
  "g6.xlarge": [4, 16],
  "vt1.3xlarge": [12, 24],
  "p5.48xlarge": [192, 2048],
  "trn1.2xlarge": [8, 32],
  "x2idn.16xlarge": [64, 1024],
  "f1.2xlarge": [8, 122],
  "u-6tb1.112xlarge": [448, 6144],
  "mac2.metal": [8, 16],
};

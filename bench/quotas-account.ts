import type { QuotaData, RegionData, StandInAccount } from "../test/stand-ins/aws/account.ts";

/**
 * Three Regions with twelve services each; 200 Auto Scaling groups and 5,000 volumes in all, most of them in the Region
 * that serves the event, as it is.
 */
export const REGIONS = ["us-east-1", "eu-west-1", "ap-southeast-2"];

type Share = { groups: number; volumes: number; loose: number; tables: number };
const SHARES: Record<string, Share> = {
  "us-east-1": { groups: 40, volumes: 500, loose: 100, tables: 20 },
  "eu-west-1": { groups: 130, volumes: 4_200, loose: 300, tables: 120 },
  "ap-southeast-2": { groups: 30, volumes: 300, loose: 50, tables: 20 },
};

function shareOf(region: string): Share {
  return SHARES[region] ?? { groups: 0, volumes: 0, loose: 0, tables: 0 };
}

export function benchAccount(): StandInAccount {
  return {
    id: "111122223333",
    keys: { AKIABENCH: "*" },
    distributions: 40,
    regions: Object.fromEntries(REGIONS.map((region) => [region, regionData(shareOf(region))])),
  };
}

function regionData(share: Share): RegionData {
  const plain = (service: string, count: number, codes: QuotaData[]): QuotaData[] => [
    ...codes,
    ...Array.from({ length: count - codes.length }, (_, index) => ({
      code: `L-${service.toUpperCase()}${index}`,
      value: 100,
    })),
  ];
  const codes = (...list: string[]) => list.map((code) => ({ code, value: 5_000 }));
  return {
    report: "ready",
    quotas: {
      ec2: plain("ec2", 160, [
        ...codes(
          "L-1216C47A",
          "L-34B43A08",
          "L-6E869C2A",
          "L-85EED4F7",
          "L-74FC7D96",
          "L-88CF9481",
          "L-DB2E81BA",
          "L-3819A6DF",
          "L-F7808C92",
          "L-43DA4232",
          "L-1945791B",
          "L-B5D1601B",
          "L-417A185B",
          "L-7212CCBC",
          "L-2C3B7624",
          "L-6B0D517C",
          "L-7295265B",
          "L-E3A00192",
          "L-0263D0A3",
        ),
      ]),
      ebs: plain(
        "ebs",
        40,
        codes(
          "L-D18FCD1D",
          "L-7A658B76",
          "L-FD252861",
          "L-09BD8365",
          "L-82ACEF56",
          "L-17AF77E8",
          "L-9CF3C2EB",
          "L-B3A130E6",
          "L-8D977E7E",
        ),
      ),
      autoscaling: codes("L-CDE20ADC", "L-6B80B8FA"),
      elasticloadbalancing: plain("elb", 30, [
        ...["L-53DA6B97", "L-69A177A2", "L-E9E9831D", "L-B22855CB"].map((code) => ({ code, value: 50, usage: [10] })),
        { code: "L-8A66D0E6", value: 0 },
        { code: "L-723DCCB6", value: 0 },
      ]),
      vpc: plain("vpc", 27, codes("L-F678F1CE", "L-FE5A380F", "L-A4707A72", "L-DF5E4CA3")),
      lambda: plain("lambda", 12, [{ code: "L-B99A9384", value: 1_000, usage: [200] }, ...codes("L-2ACBD22F")]),
      dynamodb: plain("ddb", 12, [
        { code: "L-34F6A552", value: 80_000, usage: [9_000] },
        { code: "L-34F8CCC8", value: 80_000, usage: [9_000] },
        ...codes("L-F98FE922"),
      ]),
      rds: plain("rds", 25, codes("L-7B6409FD", "L-7ADDB58A", "L-952B80B8")),
      ses: codes("L-804C8AE8", "L-CDEF9B6B"),
      cloudfront: plain("cf", 60, [...codes("L-24B04930"), { code: "L-A2C80159", value: 250_000 }]),
      fargate: [
        { code: "L-3032A538", value: 4_000, usage: [100] },
        { code: "L-36FBB829", value: 4_000, usage: [100] },
      ],
      elasticache: plain("ec", 10, [{ code: "L-DFE45DF3", value: 300, usage: [12] }]),
    },
    volumes: [{ type: "gp3", gib: 100, count: share.volumes }],
    templates: Array.from({ length: share.groups }, (_, index) => ({
      id: `lt-${index}`,
      name: `group-${index}`,
      versions: [
        {
          type: ["m7g.2xlarge", "c7g.xlarge", "r7g.xlarge", "m5.large"][index % 4] ?? "m5.large",
          volumes: [{ type: "gp3", gib: 50 }],
        },
      ],
    })),
    groups: Array.from({ length: share.groups }, (_, index) => ({
      name: `group-${index}`,
      max: 20,
      desired: 3,
      template: { id: `lt-${index}`, version: "$Latest" },
      members: [{ type: "m7g.2xlarge", count: 3 }],
    })),
    instances: [{ type: "m5.xlarge", count: share.loose }],
    counts: { vpcs: 3, internetGateways: 3, interfaces: 900, addresses: 4, tables: share.tables },
    natGateways: [{ zone: "a", count: 1 }],
    loadBalancers: [{ type: "application", count: 10 }],
    ses: { perDay: 50_000, perSecond: 14, sent: 4_000, production: true },
    rds: [
      { name: "DBInstances", used: 4, max: 40 },
      { name: "AllocatedStorage", used: 400, max: 100_000 },
      { name: "DBClusters", used: 1, max: 40 },
    ],
  };
}

/**
 * The fewest calls that can give these answers, worked out from the data and AWS's page sizes alone. Launch templates:
 * their latest versions come 200 a page. Instance types: 100 a call. CloudWatch: all metrics of a Region in one call.
 */
export function leastCalls(): number {
  const global = 1 + 1; // CloudFront's quotas and distributions
  return REGIONS.reduce((sum, region) => sum + leastOf(shareOf(region)), global);
}

function leastOf({ groups, volumes, loose, tables }: Share): number {
  return (
    2 + // ListServiceQuotas for ec2 (160, a hundred a page)
    10 + // and one page for each other regional service
    Math.ceil(volumes / 1_000) +
    Math.ceil((groups * 3 + loose) / 1_000) +
    Math.ceil(groups / 100) +
    Math.ceil(groups / 200) + // latest versions of their templates
    1 + // instance types
    1 + // GetMetricData
    1 + // capacity reservations
    3 + // Spot requests, Spot fleets, fleets
    1 + // Auto Scaling's account limits
    4 + // VPCs, internet gateways, network interfaces, addresses
    2 + // NAT gateways, and the zones of their subnets
    1 + // Lambda's account
    Math.ceil(tables / 100) +
    1 + // RDS's account
    1 + // SES's account
    1 + // increase requests
    2 // the utilisation report: started, fetched
  );
}

/** Calls that must wait for one another, at the longest: the pages of the volumes. Groups take 2 + 1 + 1, quotas 2 + 1. */
export function longestChain(): number {
  const of = ({ groups, volumes }: Share) =>
    Math.max(Math.ceil(volumes / 1_000), Math.ceil(groups / 100) + Math.ceil(groups / 200) + 1, 2 + 1);
  return Math.max(...REGIONS.map((region) => of(shareOf(region))));
}

import { z } from "zod";
import type { AwsPlace } from "./clients.ts";
import { allPages, looseRows, type ReaderContext, type Reading, read } from "./reading.ts";

/** Counts of the network's parts. Each reading is one call a page and needs its own permission. */
const Any = z.object({});

export function readVpcCount(context: ReaderContext, place: AwsPlace): Promise<Reading<number>> {
  const action = "ec2:DescribeVpcs";
  return count(context, place, "vpcs", action, async (token) => {
    const { client, sdk } = await context.clients.ec2(place);
    const answer = await client.send(new sdk.DescribeVpcsCommand({ MaxResults: 1_000, ...next(token) }));
    return { rows: answer.Vpcs, next: answer.NextToken };
  });
}

export function readInternetGatewayCount(context: ReaderContext, place: AwsPlace): Promise<Reading<number>> {
  const action = "ec2:DescribeInternetGateways";
  return count(context, place, "internet-gateways", action, async (token) => {
    const { client, sdk } = await context.clients.ec2(place);
    const answer = await client.send(new sdk.DescribeInternetGatewaysCommand({ MaxResults: 1_000, ...next(token) }));
    return { rows: answer.InternetGateways, next: answer.NextToken };
  });
}

export function readInterfaceCount(context: ReaderContext, place: AwsPlace): Promise<Reading<number>> {
  const action = "ec2:DescribeNetworkInterfaces";
  return count(context, place, "network-interfaces", action, async (token) => {
    const { client, sdk } = await context.clients.ec2(place);
    const answer = await client.send(new sdk.DescribeNetworkInterfacesCommand({ MaxResults: 1_000, ...next(token) }));
    return { rows: answer.NetworkInterfaces, next: answer.NextToken };
  });
}

/** DescribeAddresses has no pages. */
export function readAddressCount(context: ReaderContext, place: AwsPlace): Promise<Reading<number>> {
  const action = "ec2:DescribeAddresses";
  return count(context, place, "addresses", action, async () => {
    const { client, sdk } = await context.clients.ec2(place);
    const answer = await client.send(new sdk.DescribeAddressesCommand({}));
    return { rows: answer.Addresses, next: undefined };
  });
}

/** The quota is per Availability Zone, so the answer is the fullest zone. A gateway's zone is its subnet's. */
export function readNatGateways(
  context: ReaderContext,
  place: AwsPlace,
): Promise<Reading<{ fullestZone: number; zone: string | null }>> {
  const actions: [string, string] = ["ec2:DescribeNatGateways", "ec2:DescribeSubnets"];
  const Gateway = z.object({ SubnetId: z.string(), State: z.string() });
  const Subnet = z.object({ SubnetId: z.string(), AvailabilityZone: z.string() });
  return read(context, place, "nat-gateways", actions, async () => {
    const { client, sdk } = await context.clients.ec2(place);
    const rows = await allPages(actions[0], async (token) => {
      const answer = await client.send(
        new sdk.DescribeNatGatewaysCommand({
          Filter: [{ Name: "state", Values: ["pending", "available"] }],
          MaxResults: 1_000,
          ...next(token),
        }),
      );
      return { rows: answer.NatGateways, next: answer.NextToken };
    });
    const gateways = looseRows(Gateway, rows, context.log, actions[0]);
    if (gateways.rows.length === 0) return { value: { fullestZone: 0, zone: null }, skipped: gateways.skipped };
    const wanted = [...new Set(gateways.rows.map((each) => each.SubnetId))];
    const subnetRows = await allPages(actions[1], async (token) => {
      const answer = await client.send(
        new sdk.DescribeSubnetsCommand({
          Filters: [{ Name: "subnet-id", Values: wanted.slice(0, 200) }],
          MaxResults: 1_000,
          ...next(token),
        }),
      );
      return { rows: answer.Subnets, next: answer.NextToken };
    });
    const subnets = looseRows(Subnet, subnetRows, context.log, actions[1]);
    const zoneOf = new Map(subnets.rows.map((each) => [each.SubnetId, each.AvailabilityZone]));
    const counts = new Map<string, number>();
    for (const gateway of gateways.rows) {
      const zone = zoneOf.get(gateway.SubnetId) ?? "an unknown zone";
      counts.set(zone, (counts.get(zone) ?? 0) + 1);
    }
    const [zone, fullestZone] = [...counts].sort((a, b) => b[1] - a[1])[0] ?? [null, 0];
    return { value: { fullestZone, zone }, skipped: gateways.skipped + subnets.skipped };
  });
}

function count(
  context: ReaderContext,
  place: AwsPlace,
  key: string,
  action: string,
  page: (token: string | undefined) => Promise<{ rows: readonly unknown[] | undefined; next: string | undefined }>,
): Promise<Reading<number>> {
  return read(context, place, key, [action], async () => {
    const parsed = looseRows(Any, await allPages(action, page), context.log, action);
    return { value: parsed.rows.length, skipped: parsed.skipped };
  });
}

function next(token: string | undefined): { NextToken?: string } {
  return token === undefined ? {} : { NextToken: token };
}

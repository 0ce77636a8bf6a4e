import { z } from "zod";
import type { AwsPlace } from "./clients.ts";
import { allPages, looseRows, type ReaderContext, type Reading, read } from "./reading.ts";

/** SES's own account figures. Quotas count recipients, not messages. */
export type MailAccount = {
  /** null: unlimited. */
  perDay: number | null;
  perSecond: number;
  sentLastDay: number;
  /** false: the sandbox. Only verified addresses are reached. */
  production: boolean;
  sending: boolean;
  /** HEALTHY, PROBATION or SHUTDOWN. */
  enforcement: string;
};

export function readMailAccount(context: ReaderContext, place: AwsPlace): Promise<Reading<MailAccount>> {
  const Answer = z.object({
    ProductionAccessEnabled: z.boolean().default(false),
    SendingEnabled: z.boolean().default(false),
    EnforcementStatus: z.string().default("HEALTHY"),
    SendQuota: z.object({ Max24HourSend: z.number(), MaxSendRate: z.number(), SentLast24Hours: z.number() }),
  });
  return read(context, place, "ses", ["ses:GetAccount"], async () => {
    const { client, sdk } = await context.clients.ses(place);
    const answer = Answer.parse(await client.send(new sdk.GetAccountCommand({})));
    const { Max24HourSend, MaxSendRate, SentLast24Hours } = answer.SendQuota;
    const value: MailAccount = {
      perDay: Max24HourSend < 0 ? null : Max24HourSend,
      perSecond: MaxSendRate,
      sentLastDay: SentLast24Hours,
      production: answer.ProductionAccessEnabled,
      sending: answer.SendingEnabled,
      enforcement: answer.EnforcementStatus,
    };
    return { value, skipped: 0 };
  });
}

export type LambdaAccount = { concurrency: number; unreserved: number; codeGib: number; codeLimitGib: number };

export function readLambdaAccount(context: ReaderContext, place: AwsPlace): Promise<Reading<LambdaAccount>> {
  const Answer = z.object({
    AccountLimit: z.object({
      ConcurrentExecutions: z.number(),
      UnreservedConcurrentExecutions: z.number(),
      TotalCodeSize: z.number(),
    }),
    AccountUsage: z.object({ TotalCodeSize: z.number() }),
  });
  return read(context, place, "lambda", ["lambda:GetAccountSettings"], async () => {
    const { client, sdk } = await context.clients.lambda(place);
    const answer = Answer.parse(await client.send(new sdk.GetAccountSettingsCommand({})));
    const value: LambdaAccount = {
      concurrency: answer.AccountLimit.ConcurrentExecutions,
      unreserved: answer.AccountLimit.UnreservedConcurrentExecutions,
      codeGib: answer.AccountUsage.TotalCodeSize / 1_024 ** 3,
      codeLimitGib: answer.AccountLimit.TotalCodeSize / 1_024 ** 3,
    };
    return { value, skipped: 0 };
  });
}

/** RDS counts for itself: `DBInstances`, `AllocatedStorage` (GiB), `DBClusters`, with use and limit. */
export function readRdsAccount(
  context: ReaderContext,
  place: AwsPlace,
): Promise<Reading<Map<string, { used: number; max: number }>>> {
  const action = "rds:DescribeAccountAttributes";
  const Row = z.object({ AccountQuotaName: z.string(), Used: z.number(), Max: z.number() });
  return read(context, place, "rds", [action], async () => {
    const { client, sdk } = await context.clients.rds(place);
    const answer = await client.send(new sdk.DescribeAccountAttributesCommand({}));
    const parsed = looseRows(Row, answer.AccountQuotas ?? [], context.log, action);
    const value = new Map(parsed.rows.map((row) => [row.AccountQuotaName, { used: row.Used, max: row.Max }]));
    return { value, skipped: parsed.skipped };
  });
}

export function readTableCount(context: ReaderContext, place: AwsPlace): Promise<Reading<number>> {
  const action = "dynamodb:ListTables";
  return read(context, place, "tables", [action], async () => {
    const { client, sdk } = await context.clients.dynamoDb(place);
    const rows = await allPages(action, async (token) => {
      const answer = await client.send(
        new sdk.ListTablesCommand({ Limit: 100, ...(token === undefined ? {} : { ExclusiveStartTableName: token }) }),
      );
      return { rows: answer.TableNames, next: answer.LastEvaluatedTableName };
    });
    return { value: rows.length, skipped: 0 };
  });
}

/** CloudFront is one per account and answers in us-east-1. */
export function readDistributionCount(context: ReaderContext, place: AwsPlace): Promise<Reading<number>> {
  const action = "cloudfront:ListDistributions";
  return read(context, place, "distributions", [action], async () => {
    const { client, sdk } = await context.clients.cloudFront(place);
    const rows = await allPages(action, async (token) => {
      const answer = await client.send(
        new sdk.ListDistributionsCommand({ MaxItems: 100, ...(token === undefined ? {} : { Marker: token }) }),
      );
      const list = answer.DistributionList;
      return { rows: list?.Items, next: list?.IsTruncated === true ? list.NextMarker : undefined };
    });
    return { value: rows.length, skipped: 0 };
  });
}

/** Load balancers by kind, and the capacity that is reserved ("pre-warmed") for them. */
export type LoadBalancers = { albs: number; nlbs: number; albLcus: number; nlbLcus: number };

const LoadBalancer = z.object({ LoadBalancerArn: z.string(), Type: z.string() });

/**
 * Reserved capacity is told per load balancer, one call each: read only when `reserved` (its quota is 0 by default, and
 * then there can be none).
 */
export function readLoadBalancers(
  context: ReaderContext,
  place: AwsPlace,
  reserved: boolean,
): Promise<Reading<LoadBalancers>> {
  const list = "elasticloadbalancing:DescribeLoadBalancers";
  const capacity = "elasticloadbalancing:DescribeCapacityReservation";
  const Capacity = z.object({
    MinimumLoadBalancerCapacity: z.object({ CapacityUnits: z.number().optional() }).optional(),
  });
  const key = reserved ? "load-balancers/reserved" : "load-balancers";
  return read(context, place, key, reserved ? [list, capacity] : [list], async () => {
    const { client, sdk } = await context.clients.elb(place);
    const rows = await allPages(list, async (token) => {
      const answer = await client.send(
        new sdk.DescribeLoadBalancersCommand({ PageSize: 400, ...(token === undefined ? {} : { Marker: token }) }),
      );
      return { rows: answer.LoadBalancers, next: answer.NextMarker };
    });
    const parsed = looseRows(LoadBalancer, rows, context.log, list);
    const value: LoadBalancers = { albs: 0, nlbs: 0, albLcus: 0, nlbLcus: 0 };
    await Promise.all(
      parsed.rows.map(async (row) => {
        const kind = row.Type === "application" ? "alb" : row.Type === "network" ? "nlb" : null;
        if (kind === null) return;
        value[`${kind}s`] += 1;
        if (!reserved) return;
        const answer = await client.send(
          new sdk.DescribeCapacityReservationCommand({ LoadBalancerArn: row.LoadBalancerArn }),
        );
        value[`${kind}Lcus`] += Capacity.parse(answer).MinimumLoadBalancerCapacity?.CapacityUnits ?? 0;
      }),
    );
    return { value, skipped: parsed.skipped };
  });
}

import { z } from "zod";
import { type QuotaRequest, REQUEST_STATES } from "../domain/quota-answer.ts";
import type { AwsPlace } from "./clients.ts";
import { allPages, looseRows, type ReaderContext, type Reading, read } from "./reading.ts";

/** One row of Service Quotas. `value` null: AWS reported an error instead of a value; unknown, never 0. */
export type QuotaRow = {
  service: string;
  code: string;
  name: string;
  value: number | null;
  unlimited: boolean;
  isDefault: boolean;
  adjustable: boolean;
  error: string | null;
  metric: UsageMetric | null;
  /** Rate quotas: the value holds for this many seconds. */
  perSeconds: number | null;
};

export type UsageMetric = {
  namespace: string;
  name: string;
  dimensions: Record<string, string>;
  statistic: "Maximum" | "Sum";
};

const SECONDS: Record<string, number> = {
  MICROSECOND: 0.000_001,
  MILLISECOND: 0.001,
  SECOND: 1,
  MINUTE: 60,
  HOUR: 3_600,
  DAY: 86_400,
  WEEK: 604_800,
};

const Row = z
  .object({
    ServiceCode: z.string(),
    QuotaCode: z.string(),
    QuotaName: z.string().optional(),
    Value: z.number().optional(),
    Adjustable: z.boolean().optional(),
    UsageMetric: z
      .object({
        MetricNamespace: z.string(),
        MetricName: z.string(),
        MetricDimensions: z.record(z.string(), z.string()).default({}),
        MetricStatisticRecommendation: z.string().optional(),
      })
      .optional()
      .catch(undefined),
    Period: z.object({ PeriodValue: z.number(), PeriodUnit: z.string() }).optional().catch(undefined),
    ErrorReason: z.object({ ErrorCode: z.string().optional(), ErrorMessage: z.string().optional() }).optional(),
    QuotaAppliedAtLevel: z.string().optional(),
  })
  .transform((row): QuotaRow & { atAccount: boolean } => {
    const failed = row.ErrorReason !== undefined;
    const unit = row.Period === undefined ? undefined : SECONDS[row.Period.PeriodUnit];
    const metric = row.UsageMetric;
    return {
      service: row.ServiceCode,
      code: row.QuotaCode,
      name: row.QuotaName ?? row.QuotaCode,
      value: failed || row.Value === undefined || row.Value < 0 ? null : row.Value,
      unlimited: !failed && row.Value === -1,
      isDefault: false,
      adjustable: row.Adjustable ?? false,
      error: row.ErrorReason?.ErrorCode ?? (failed ? "an error without a code" : null),
      metric:
        metric === undefined
          ? null
          : {
              namespace: metric.MetricNamespace,
              name: metric.MetricName,
              dimensions: metric.MetricDimensions,
              statistic: metric.MetricStatisticRecommendation === "Sum" ? "Sum" : "Maximum",
            },
      perSeconds: row.Period === undefined || unit === undefined ? null : row.Period.PeriodValue * unit,
      atAccount: row.QuotaAppliedAtLevel !== "RESOURCE",
    };
  });

/** Quotas of some services exist once, and Service Quotas knows them in one Region of the partition only. */
export function globalRegionOf(region: string): string {
  if (region.startsWith("us-gov-")) return "us-gov-west-1";
  return region.startsWith("cn-") ? "cn-north-1" : "us-east-1";
}

/** Applied values of a service, by quota code. Codes that have none may be absent: see {@link readDefaultQuotas}. */
export function readQuotas(
  context: ReaderContext,
  place: AwsPlace,
  service: string,
): Promise<Reading<Map<string, QuotaRow>>> {
  const action = "servicequotas:ListServiceQuotas";
  return read(context, place, `quotas/${service}`, [action], async () => {
    const { client, sdk } = await context.clients.serviceQuotas(place);
    const rows = await allPages(action, async (token) => {
      const answer = await client.send(
        new sdk.ListServiceQuotasCommand({
          ServiceCode: service,
          MaxResults: 100,
          ...(token === undefined ? {} : { NextToken: token }),
        }),
      );
      return { rows: answer.Quotas, next: answer.NextToken };
    });
    return byCode(rows, context, action, false);
  });
}

/** AWS's defaults of a service, for codes without an applied value. Said to be defaults wherever they are shown. */
export function readDefaultQuotas(
  context: ReaderContext,
  place: AwsPlace,
  service: string,
): Promise<Reading<Map<string, QuotaRow>>> {
  const action = "servicequotas:ListAWSDefaultServiceQuotas";
  return read(context, place, `default-quotas/${service}`, [action], async () => {
    const { client, sdk } = await context.clients.serviceQuotas(place);
    const rows = await allPages(action, async (token) => {
      const answer = await client.send(
        new sdk.ListAWSDefaultServiceQuotasCommand({
          ServiceCode: service,
          MaxResults: 100,
          ...(token === undefined ? {} : { NextToken: token }),
        }),
      );
      return { rows: answer.Quotas, next: answer.NextToken };
    });
    return byCode(rows, context, action, true);
  });
}

function byCode(rows: unknown[], context: ReaderContext, action: string, isDefault: boolean) {
  const parsed = looseRows(Row, rows, context.log, action);
  const value = new Map<string, QuotaRow>();
  for (const { atAccount, ...row } of parsed.rows) if (atAccount) value.set(row.code, { ...row, isDefault });
  return { value, skipped: parsed.skipped };
}

export const RequestRow = z
  .object({
    Id: z.string(),
    ServiceCode: z.string(),
    QuotaCode: z.string(),
    QuotaName: z.string().optional(),
    DesiredValue: z.number(),
    Status: z.enum(REQUEST_STATES),
    Created: z.date().optional(),
    LastUpdated: z.date().optional(),
    CaseId: z.string().optional(),
  })
  .transform(
    (row): QuotaRequest => ({
      id: row.Id,
      service: row.ServiceCode,
      code: row.QuotaCode,
      name: row.QuotaName ?? row.QuotaCode,
      desired: row.DesiredValue,
      status: row.Status,
      createdAt: row.Created?.toISOString() ?? null,
      updatedAt: row.LastUpdated?.toISOString() ?? null,
      caseId: row.CaseId ?? null,
    }),
  );

/** Every increase filed in this account and Region in the last 90 days, newest first. */
export function readQuotaRequests(context: ReaderContext, place: AwsPlace): Promise<Reading<QuotaRequest[]>> {
  const action = "servicequotas:ListRequestedServiceQuotaChangeHistory";
  return read(context, place, "quota-requests", [action], async () => {
    const { client, sdk } = await context.clients.serviceQuotas(place);
    const rows = await allPages(action, async (token) => {
      const answer = await client.send(
        new sdk.ListRequestedServiceQuotaChangeHistoryCommand({
          MaxResults: 100,
          ...(token === undefined ? {} : { NextToken: token }),
        }),
      );
      return { rows: answer.RequestedQuotas, next: answer.NextToken };
    });
    const parsed = looseRows(RequestRow, rows, context.log, action);
    const newestFirst = parsed.rows.sort((a, b) => (b.createdAt ?? "").localeCompare(a.createdAt ?? ""));
    return { value: newestFirst, skipped: parsed.skipped };
  });
}

/** A line of AWS's own utilisation report: every quota with usage data, most used first. */
export type Utilisation = { service: string; code: string; name: string; percent: number; value: number | null };

const UtilisationRow = z
  .object({
    ServiceCode: z.string(),
    QuotaCode: z.string(),
    QuotaName: z.string().optional(),
    Utilization: z.number(),
    AppliedValue: z.number().optional(),
    DefaultValue: z.number().optional(),
  })
  .transform(
    (row): Utilisation => ({
      service: row.ServiceCode,
      code: row.QuotaCode,
      name: row.QuotaName ?? row.QuotaCode,
      percent: row.Utilization,
      value: row.AppliedValue ?? row.DefaultValue ?? null,
    }),
  );

/** When the report is looked for, after it was started: it takes AWS some seconds. */
const REPORT_LOOKS_MS = [300, 1_000, 1_500, 2_000, 3_000];

/**
 * AWS's report on all quotas at once. It takes some seconds to be made, and not every Region has it: whoever asks goes
 * on without, and finds it next time. Empty: it wasn't ready in the time we look.
 */
export function readUtilisation(
  context: ReaderContext,
  place: AwsPlace,
  sleep: (ms: number) => Promise<void>,
): Promise<Reading<Utilisation[]>> {
  const action = "servicequotas:StartQuotaUtilizationReport";
  const get = "servicequotas:GetQuotaUtilizationReport";
  return read(context, place, "utilisation", [action, get], async () => {
    const { client, sdk } = await context.clients.serviceQuotas(place);
    const started = await client.send(new sdk.StartQuotaUtilizationReportCommand({}));
    const id = z.string().parse(started.ReportId);
    for (const wait of REPORT_LOOKS_MS) {
      await sleep(wait);
      let status: string | undefined;
      const rows = await allPages(get, async (token) => {
        const answer = await client.send(
          new sdk.GetQuotaUtilizationReportCommand({
            ReportId: id,
            MaxResults: 1_000,
            ...(token === undefined ? {} : { NextToken: token }),
          }),
        );
        status = answer.Status;
        return { rows: answer.Quotas, next: status === "COMPLETED" ? answer.NextToken : undefined };
      });
      if (status === "COMPLETED") {
        const parsed = looseRows(UtilisationRow, rows, context.log, get);
        return { value: parsed.rows, skipped: parsed.skipped };
      }
      if (status === "FAILED") break;
    }
    return { value: [], skipped: 0 };
  });
}

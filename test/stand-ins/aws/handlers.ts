import type { QuotaData, RegionData, RequestData } from "./account.ts";
import { computeHandlers } from "./compute.ts";
import { asked, type Handler, type HandlerContext, ServiceError } from "./handler.ts";

/** What each operation answers, from the account's data. Keys are IAM actions. */
export const handlers: Record<string, Handler> = {
  ...computeHandlers,

  "servicequotas:ListServiceQuotas": (context) => {
    const rows = quotasOf(context).filter((row) => row.value !== undefined || row.error !== undefined);
    const page = context.page(
      rows.map((row) => quotaRow(context, row, row.value)),
      100,
      asked(context, "MaxResults", 1, 100),
    );
    return { Quotas: page.rows, NextToken: page.next };
  },
  "servicequotas:ListAWSDefaultServiceQuotas": (context) => {
    const rows = quotasOf(context).filter((row) => row.default !== undefined);
    const page = context.page(
      rows.map((row) => quotaRow(context, row, row.default)),
      100,
      asked(context, "MaxResults", 1, 100),
    );
    return { Quotas: page.rows, NextToken: page.next };
  },
  "servicequotas:GetServiceQuota": (context) => {
    const row = quotasOf(context).find((each) => each.code === context.input.QuotaCode);
    if (row?.value === undefined)
      throw new ServiceError("NoSuchResourceException", "The quota has no applied value", 400);
    return { Quota: quotaRow(context, row, row.value) };
  },
  "servicequotas:ListRequestedServiceQuotaChangeHistory": (context) => {
    const rows = (context.region.requests ?? []).map((row) => requestRow(context, row));
    const page = context.page(rows, 100, asked(context, "MaxResults", 1, 100));
    return { RequestedQuotas: page.rows, NextToken: page.next };
  },
  "servicequotas:ListRequestedServiceQuotaChangeHistoryByQuota": (context) => {
    const rows = (context.region.requests ?? [])
      .filter((row) => row.code === context.input.QuotaCode && row.service === context.input.ServiceCode)
      .map((row) => requestRow(context, row));
    const page = context.page(rows, 100, asked(context, "MaxResults", 1, 100));
    return { RequestedQuotas: page.rows, NextToken: page.next };
  },
  "servicequotas:GetRequestedServiceQuotaChange": (context) => {
    const row = context.region.requests?.find((each) => each.id === context.input.RequestId);
    if (row === undefined) throw new ServiceError("NoSuchResourceException", "No such request", 400);
    return { RequestedQuota: requestRow(context, row) };
  },
  "servicequotas:RequestServiceQuotaIncrease": (context) => {
    const { ServiceCode: service, QuotaCode: code, DesiredValue: desired } = context.input;
    const row = quotasOf(context).find((each) => each.code === code);
    if (row === undefined) throw new ServiceError("NoSuchResourceException", "No such quota", 400);
    if (row.global === true && context.regionName !== "us-east-1") {
      throw new ServiceError("NoSuchResourceException", "Global quotas are raised in us-east-1", 400);
    }
    const answer = context.region.newRequest;
    if (answer?.error !== undefined) throw new ServiceError(answer.error, answer.error, 400);
    if (typeof desired !== "number" || desired <= (row.value ?? row.default ?? 0)) {
      throw new ServiceError("IllegalArgumentException", "The desired value must exceed the current one", 400);
    }
    const requests = context.region.requests ?? [];
    if (requests.some((each) => each.code === code && /^(PENDING|CASE_OPENED)$/.test(each.status))) {
      throw new ServiceError("ResourceAlreadyExistsException", "A request is open for this quota", 400);
    }
    const made: RequestData = {
      id: `req-${requests.length + 1}`,
      service: String(service),
      code: String(code),
      desired,
      status: answer?.status ?? "PENDING",
      createdAt: new Date().toISOString(),
    };
    context.region.requests = [...requests, made];
    return { RequestedQuota: requestRow(context, made) };
  },
  "servicequotas:StartQuotaUtilizationReport": (context) => {
    if ((context.region.report ?? "absent") === "absent") {
      throw new ServiceError("UnknownOperationException", "Not in this Region", 400);
    }
    return { ReportId: "report-1", Status: "PENDING" };
  },
  "servicequotas:GetQuotaUtilizationReport": (context) => {
    if (context.region.report !== "ready")
      return { ReportId: "report-1", Status: "IN_PROGRESS", TotalCount: 0, Quotas: [] };
    const rows = Object.entries(context.region.quotas ?? {})
      .flatMap(([service, each]) => each.map((row) => ({ service, row })))
      .filter(({ row }) => row.usage !== undefined && (row.value ?? row.default ?? 0) > 0)
      .map(({ service, row }) => {
        const value = row.value ?? row.default ?? 1;
        return {
          ServiceCode: service,
          QuotaCode: row.code,
          QuotaName: row.name ?? row.code,
          Utilization: ((row.usage?.at(-1) ?? 0) / value) * 100,
          AppliedValue: row.value,
          DefaultValue: row.default,
          Adjustable: row.adjustable ?? true,
        };
      })
      .sort((a, b) => b.Utilization - a.Utilization);
    const page = context.page(rows, 1_000, asked(context, "MaxResults", 1, 1_000));
    return {
      ReportId: "report-1",
      Status: "COMPLETED",
      TotalCount: rows.length,
      Quotas: page.rows,
      NextToken: page.next,
    };
  },

  "cloudwatch:GetMetricData": (context) => {
    const queries = Array.isArray(context.input.MetricDataQueries) ? context.input.MetricDataQueries : [];
    if (queries.length > 500) throw new ServiceError("ValidationError", "At most 500 metrics", 400);
    checkPoints(context, queries);
    const rows = queries.map((each: { Id: string; MetricStat?: MetricStat }) => {
      const values = each.MetricStat === undefined ? [] : valuesOf(context.region, each.MetricStat);
      const end = Number(context.input.EndTime) * 1000;
      return {
        Id: each.Id,
        Label: each.Id,
        StatusCode: "Complete",
        Values: values,
        Timestamps: values.map((_, index) => new Date(end - (index + 1) * 60_000)),
      };
    });
    const page = context.page(rows, 500);
    return { MetricDataResults: page.rows, NextToken: page.next };
  },

  "ses:GetAccount": (context) => {
    const ses = context.region.ses ?? { perDay: 200, perSecond: 1, sent: 0 };
    return {
      ProductionAccessEnabled: ses.production ?? false,
      SendingEnabled: (ses.enforcement ?? "HEALTHY") !== "SHUTDOWN",
      EnforcementStatus: ses.enforcement ?? "HEALTHY",
      SendQuota: { Max24HourSend: ses.perDay, MaxSendRate: ses.perSecond, SentLast24Hours: ses.sent },
    };
  },
  "lambda:GetAccountSettings": (context) => {
    const lambda = context.region.lambda ?? { concurrency: 1_000 };
    return {
      AccountLimit: {
        TotalCodeSize: 80_530_636_800,
        CodeSizeUnzipped: 262_144_000,
        CodeSizeZipped: 52_428_800,
        ConcurrentExecutions: lambda.concurrency,
        UnreservedConcurrentExecutions: lambda.concurrency,
      },
      AccountUsage: { TotalCodeSize: lambda.codeBytes ?? 0, FunctionCount: 1 },
    };
  },
  "dynamodb:ListTables": (context) => {
    const names = Array.from({ length: context.region.counts?.tables ?? 0 }, (_, index) => `table-${index}`);
    const page = context.page(names, 100, asked(context, "Limit", 1, 100));
    return { TableNames: page.rows, LastEvaluatedTableName: page.next };
  },
  "rds:DescribeAccountAttributes": (context) => ({
    AccountQuotas: (context.region.rds ?? []).map((row) => ({
      AccountQuotaName: row.name,
      Used: row.used,
      Max: row.max,
    })),
  }),
  "cloudfront:ListDistributions": (context) => {
    if (context.regionName !== "us-east-1")
      throw new ServiceError("SignatureDoesNotMatch", "CloudFront is signed for us-east-1", 403);
    const items = Array.from({ length: context.account.distributions ?? 0 }, (_, index) => distribution(index));
    const page = context.page(items, 100, asked(context, "MaxItems", 1, 100));
    return {
      DistributionList: {
        Marker: "",
        MaxItems: 100,
        IsTruncated: page.next !== undefined,
        ...(page.next === undefined ? {} : { NextMarker: page.next }),
        Quantity: page.rows.length,
        Items: page.rows,
      },
    };
  },
  "sts:AssumeRole": (context) => {
    const arn = String(context.input.RoleArn);
    const [, , , , id, name] = arn.split(":");
    const account = context.accounts.find((each) => each.id === id);
    const role = account?.roles?.[(name ?? "").replace(/^role\//, "")];
    if (
      account === undefined ||
      role === undefined ||
      (role.externalId !== undefined && role.externalId !== context.input.ExternalId)
    ) {
      throw new ServiceError("AccessDenied", `Not authorized to perform sts:AssumeRole on ${arn}`, 403);
    }
    const session = context.assume(account, arn, role.permissions);
    return {
      Credentials: {
        AccessKeyId: session.accessKey,
        SecretAccessKey: "assumed",
        SessionToken: session.sessionToken,
        Expiration: new Date(Date.now() + 3_600_000),
      },
      AssumedRoleUser: { AssumedRoleId: "AROA:t-minus", Arn: arn },
    };
  },
};

function quotasOf(context: HandlerContext): QuotaData[] {
  const service = String(context.input.ServiceCode);
  const rows = context.region.quotas?.[service];
  if (rows === undefined) {
    throw new ServiceError(
      "NoSuchResourceException",
      "The request failed because the specified service does not exist.",
      400,
    );
  }
  return rows;
}

function quotaRow(context: HandlerContext, row: QuotaData, value: number | undefined): Record<string, unknown> {
  const service = String(context.input.ServiceCode);
  return {
    ServiceCode: service,
    ServiceName: service,
    QuotaArn: `arn:aws:servicequotas:${context.regionName}:${context.account.id}:${service}/${row.code}`,
    QuotaCode: row.code,
    QuotaName: row.name ?? row.code,
    Value: row.error === undefined ? value : undefined,
    Unit: "None",
    Adjustable: row.adjustable ?? true,
    GlobalQuota: row.global ?? false,
    QuotaAppliedAtLevel: row.level ?? "ACCOUNT",
    ErrorReason: row.error === undefined ? undefined : { ErrorCode: row.error, ErrorMessage: "try later" },
    Period: row.period === undefined ? undefined : { PeriodValue: row.period.value, PeriodUnit: row.period.unit },
    UsageMetric:
      row.usage === undefined
        ? undefined
        : {
            MetricNamespace: "AWS/Usage",
            MetricName: row.statistic === "Sum" ? "CallCount" : "ResourceCount",
            MetricDimensions: {
              Service: service,
              Resource: row.code,
              Class: "None",
              Type: row.statistic === "Sum" ? "API" : "Resource",
            },
            MetricStatisticRecommendation: row.statistic ?? "Maximum",
          },
  };
}

function requestRow(context: HandlerContext, row: RequestData): Record<string, unknown> {
  return {
    Id: row.id,
    ServiceCode: row.service,
    QuotaCode: row.code,
    QuotaName: row.code,
    DesiredValue: row.desired,
    Status: row.status,
    Created: new Date(row.createdAt),
    LastUpdated: new Date(row.createdAt),
    QuotaArn: `arn:aws:servicequotas:${context.regionName}:${context.account.id}:${row.service}/${row.code}`,
    ...(row.status === "CASE_OPENED" ? { CaseId: `case-${row.id}` } : {}),
  };
}

type MetricStat = {
  Metric: { Namespace: string; MetricName: string; Dimensions?: { Name: string; Value: string }[] };
  Period: number;
  Stat: string;
};

function valuesOf(region: RegionData, stat: MetricStat): number[] {
  if (stat.Metric.Namespace === "AWS/Lambda") return region.lambda?.used === undefined ? [] : [region.lambda.used];
  const of = (name: string) => stat.Metric.Dimensions?.find((each) => each.Name === name)?.Value;
  const row = region.quotas?.[of("Service") ?? ""]?.find((each) => each.code === of("Resource"));
  // A metric exists with all its dimensions or not at all; another statistic than the recommended one shows nothing of use.
  if (row?.usage === undefined || of("Class") === undefined || of("Type") === undefined) return [];
  return stat.Stat === (row.statistic ?? "Maximum") ? row.usage : [];
}

function checkPoints(context: HandlerContext, queries: { MetricStat?: MetricStat }[]): void {
  const seconds = Number(context.input.EndTime) - Number(context.input.StartTime);
  const points = queries.reduce((sum, each) => sum + seconds / (each.MetricStat?.Period ?? 60), 0);
  if (!(seconds > 0) || points > 100_800)
    throw new ServiceError("ValidationError", `${points} points are too many`, 400);
}

/** A distribution with everything the model demands of a summary. */
function distribution(index: number): Record<string, unknown> {
  return {
    Id: `E${index}`,
    ARN: `arn:aws:cloudfront::111122223333:distribution/E${index}`,
    Status: "Deployed",
    LastModifiedTime: new Date("2026-01-01T00:00:00Z"),
    DomainName: `d${index}.cloudfront.net`,
    Aliases: { Quantity: 0 },
    Origins: { Quantity: 1, Items: [{ Id: "o", DomainName: "origin.example.com" }] },
    DefaultCacheBehavior: { TargetOriginId: "o", ViewerProtocolPolicy: "https-only" },
    CacheBehaviors: { Quantity: 0 },
    CustomErrorResponses: { Quantity: 0 },
    Comment: "",
    PriceClass: "PriceClass_All",
    Enabled: true,
    ViewerCertificate: { CloudFrontDefaultCertificate: true },
    Restrictions: { GeoRestriction: { RestrictionType: "none", Quantity: 0 } },
    WebACLId: "",
    HttpVersion: "http2",
    IsIPV6Enabled: true,
    Staging: false,
  };
}

import * as autoScaling from "@aws-sdk/client-auto-scaling";
import * as cloudFront from "@aws-sdk/client-cloudfront";
import * as cloudWatch from "@aws-sdk/client-cloudwatch";
import * as dynamoDb from "@aws-sdk/client-dynamodb";
import * as ec2 from "@aws-sdk/client-ec2";
import * as elb from "@aws-sdk/client-elastic-load-balancing-v2";
import * as lambda from "@aws-sdk/client-lambda";
import * as rds from "@aws-sdk/client-rds";
import * as serviceQuotas from "@aws-sdk/client-service-quotas";
import * as ses from "@aws-sdk/client-sesv2";
import * as sts from "@aws-sdk/client-sts";
import { ServiceError } from "./handler.ts";
import type { Protocol } from "./wire.ts";

/** How a service speaks: protocol, signing name, IAM prefix, and its own error codes. */
export type ServiceModel = {
  iam: string;
  signing: string;
  protocol: Protocol;
  sdk: object;
  target?: string;
  version?: string;
  namespace?: string;
  paths?: Record<string, string>;
  invalidCode: string;
  denied(action: string): ServiceError;
  throttle(): ServiceError;
  unknownOperation(operation: string): ServiceError;
};

const unauthorised = (code: string, status: number) => (action: string) =>
  new ServiceError(code, `The principal is not authorized to perform: ${action}`, status);
const slowDown = (code: string, status: number) => () => new ServiceError(code, "Rate exceeded", status);
const unknown = (code: string) => (operation: string) => new ServiceError(code, `No operation ${operation} here`, 400);

const query = (iam: string, signing: string, sdk: object, version: string, namespace: string): ServiceModel => ({
  iam,
  signing,
  sdk,
  version,
  namespace,
  protocol: "query",
  invalidCode: "ValidationError",
  denied: unauthorised("AccessDenied", 403),
  throttle: slowDown("Throttling", 400),
  unknownOperation: unknown("InvalidAction"),
});
const json = (
  iam: string,
  signing: string,
  sdk: object,
  target: string,
  protocol: "json1.0" | "json1.1",
  throttle: string,
): ServiceModel => ({
  iam,
  signing,
  sdk,
  target,
  protocol,
  invalidCode: "ValidationException",
  denied: unauthorised("AccessDeniedException", 400),
  throttle: slowDown(throttle, 400),
  unknownOperation: unknown("UnknownOperationException"),
});
const rest = (iam: string, signing: string, sdk: object, paths: Record<string, string>): ServiceModel => ({
  iam,
  signing,
  sdk,
  paths,
  protocol: "rest-json",
  invalidCode: "BadRequestException",
  denied: unauthorised("AccessDeniedException", 403),
  throttle: slowDown("TooManyRequestsException", 429),
  unknownOperation: unknown("UnknownOperationException"),
});

export const SERVICES: ServiceModel[] = [
  json(
    "servicequotas",
    "servicequotas",
    serviceQuotas,
    "ServiceQuotasV20190624",
    "json1.1",
    "TooManyRequestsException",
  ),
  json("cloudwatch", "monitoring", cloudWatch, "GraniteServiceVersion20100801", "json1.0", "ThrottlingException"),
  json("dynamodb", "dynamodb", dynamoDb, "DynamoDB_20120810", "json1.0", "ThrottlingException"),
  {
    ...query("ec2", "ec2", ec2, "2016-11-15", "http://ec2.amazonaws.com/doc/2016-11-15/"),
    protocol: "ec2",
    invalidCode: "InvalidParameterValue",
    denied: unauthorised("UnauthorizedOperation", 403),
    throttle: slowDown("RequestLimitExceeded", 503),
  },
  query("autoscaling", "autoscaling", autoScaling, "2011-01-01", "http://autoscaling.amazonaws.com/doc/2011-01-01/"),
  query(
    "elasticloadbalancing",
    "elasticloadbalancing",
    elb,
    "2015-12-01",
    "http://elasticloadbalancing.amazonaws.com/doc/2015-12-01/",
  ),
  query("rds", "rds", rds, "2014-10-31", "http://rds.amazonaws.com/doc/2014-10-31/"),
  query("sts", "sts", sts, "2011-06-15", "https://sts.amazonaws.com/doc/2011-06-15/"),
  rest("ses", "ses", ses, { GetAccount: "/v2/email/account" }),
  rest("lambda", "lambda", lambda, { GetAccountSettings: "/2016-08-19/account-settings" }),
  {
    ...rest("cloudfront", "cloudfront", cloudFront, { ListDistributions: "/2020-05-31/distribution" }),
    protocol: "rest-xml",
    namespace: "http://cloudfront.amazonaws.com/doc/2020-05-31/",
    denied: unauthorised("AccessDenied", 403),
    throttle: slowDown("Throttling", 400),
  },
];

/** Published rates, in full. EC2: "Request throttling for the Amazon EC2 API"; Service Quotas: its guide's limits page. */
export function documentedRate(action: string): { burst: number; perSecond: number } | null {
  const [service, operation] = action.split(":");
  if (service === "ec2")
    return operation === "DescribeSpotFleetRequests" ? { burst: 50, perSecond: 3 } : { burst: 100, perSecond: 20 };
  if (service === "servicequotas") {
    if (operation === "RequestServiceQuotaIncrease") return { burst: 3, perSecond: 3 };
    return operation === "ListServiceQuotas" || operation === "ListAWSDefaultServiceQuotas"
      ? { burst: 10, perSecond: 10 }
      : { burst: 5, perSecond: 5 };
  }
  if (service === "ses") return { burst: 1, perSecond: 1 };
  if (service === "cloudwatch") return { burst: 50, perSecond: 50 };
  return null;
}

import type { Permissions, RegionData, StandInAccount } from "./account.ts";

/** An error in the service's own words: code, message, HTTP status. */
export class ServiceError extends Error {
  override name = "ServiceError";
  readonly code: string;
  readonly status: number;
  constructor(code: string, message: string, status: number) {
    super(message);
    this.code = code;
    this.status = status;
  }
}

export type Fault = {
  /** `ec2:DescribeVolumes`, or `*`. */
  action: string;
  kind: "deny" | "throttle" | "broken" | "slow" | "drop";
  /** How often; absent: always. */
  times?: number;
  ms?: number;
  region?: string;
  account?: string;
};

export type HandlerContext = {
  account: StandInAccount;
  accounts: StandInAccount[];
  region: RegionData;
  regionName: string;
  input: Record<string, unknown>;
  /** One page: at most `most` rows (the service's limit), or what was `asked` for. */
  page<T>(rows: readonly T[], most: number, asked?: number): { rows: T[]; next?: string };
  assume(account: StandInAccount, role: string, permissions: Permissions): { accessKey: string; sessionToken: string };
};

export type Handler = (context: HandlerContext) => Record<string, unknown>;

/** The page size that was asked for; out of the service's range is refused, as AWS does. */
export function asked(context: HandlerContext, name: string, least: number, most: number): number | undefined {
  const value = context.input[name];
  if (value === undefined) return undefined;
  if (typeof value !== "number" || value < least || value > most) {
    throw new ServiceError("ValidationError", `${name} must be between ${least} and ${most}`, 400);
  }
  return value;
}

/** EC2's filters: `{ "instance-state-name": ["running"] }`. */
export function filtersOf(context: HandlerContext): Map<string, string[]> {
  const filters = context.input.Filters ?? context.input.Filter;
  const found = new Map<string, string[]>();
  if (!Array.isArray(filters)) return found;
  for (const filter of filters as { Name?: string; Values?: string[] }[]) {
    if (filter.Name !== undefined) found.set(filter.Name, filter.Values ?? []);
  }
  if ([...found.values()].some((values) => values.length > 200)) {
    throw new ServiceError("FilterLimitExceeded", "A filter takes 200 values", 400);
  }
  return found;
}

import { RetryLaterError, TerminalError } from "../domain/errors.ts";

/** The role that the operator named can't be taken on; `cause` holds what STS said. */
export class RoleError extends TerminalError {
  override name = "RoleError";
  readonly role: string;
  constructor(role: string, options: { cause: unknown }) {
    super(`The role ${role} can't be assumed.`, options);
    this.role = role;
  }
}

/** AWS's answer to a call that was made has a shape we don't know. */
export class UnreadableAnswerError extends TerminalError {
  override name = "UnreadableAnswerError";
}

export type Failure = {
  kind: "denied" | "throttled" | "absent" | "unreachable" | "credentials" | "unsupported" | "broken" | "other";
  /** In words, for people; ends without a full stop. */
  reason: string;
  missingAction?: string;
};

const DENIED = new Set([
  "AccessDenied",
  "AccessDeniedException",
  "UnauthorizedOperation",
  "UnauthorizedException",
  "AuthorizationErrorException",
  "NotAuthorized",
]);
const THROTTLED = new Set([
  "Throttling",
  "ThrottlingException",
  "ThrottledException",
  "RequestLimitExceeded",
  "TooManyRequestsException",
  "RequestThrottled",
  "RequestThrottledException",
  "LimitExceededException",
  "PriorRequestNotComplete",
]);
const ABSENT = new Set(["NoSuchResourceException", "ResourceNotFoundException"]);
const UNSUPPORTED = new Set([
  "UnknownOperationException",
  "InvalidAction",
  "UnsupportedOperation",
  "UnsupportedOperationException",
  "TemplatesNotAvailableInRegionException",
]);
const BAD_CREDENTIALS = new Set([
  "CredentialsProviderError",
  "ExpiredToken",
  "ExpiredTokenException",
  "InvalidClientTokenId",
  "UnrecognizedClientException",
  "AuthFailure",
  "SignatureDoesNotMatch",
  "OptInRequired",
]);
const NETWORK = new Set([
  "ECONNREFUSED",
  "ECONNRESET",
  "ENOTFOUND",
  "EAI_AGAIN",
  "EPIPE",
  "ETIMEDOUT",
  "EHOSTUNREACH",
  "ENETUNREACH",
]);

/** SDK errors carry the service's code as their name; Node's network errors theirs as `code`. */
export function codeOf(error: unknown): string {
  if (typeof error !== "object" || error === null) return "";
  const code: unknown = "code" in error ? error.code : undefined;
  if (typeof code === "string" && NETWORK.has(code)) return code;
  return error instanceof Error ? error.name : "";
}

export function isThrottle(error: unknown): boolean {
  return THROTTLED.has(codeOf(error));
}

/** Worth one more try at once: the network, or the service's own trouble. */
export function isTransient(error: unknown): boolean {
  if (isThrottle(error)) return false;
  const code = codeOf(error);
  return NETWORK.has(code) || code === "TimeoutError" || statusOf(error) >= 500;
}

const madeBy = new WeakMap<object, string>();

/** Remembers which call an error came from, for readings that make several. */
export function noteAction(error: unknown, action: string): void {
  if (typeof error === "object" && error !== null && !madeBy.has(error)) madeBy.set(error, action);
}

/** Says what went wrong with one call, and names the IAM action when that is what's missing. */
export function explain(error: unknown, fallback: string): Failure {
  const action = (typeof error === "object" && error !== null && madeBy.get(error)) || fallback;
  if (error instanceof RoleError) {
    const denied = DENIED.has(codeOf(error.cause));
    return denied
      ? {
          kind: "denied",
          // By its name: channels see no account ids.
          reason: `the role ${error.role.split("/").at(-1)} may not be assumed (check its trust policy and external id)`,
          missingAction: "sts:AssumeRole",
        }
      : { ...explain(error.cause, "sts:AssumeRole"), kind: "credentials" };
  }
  if (error instanceof UnreadableAnswerError) return { kind: "other", reason: error.message };
  const code = codeOf(error);
  if (DENIED.has(code)) return { kind: "denied", reason: `\`${action}\` is not allowed`, missingAction: action };
  if (error instanceof RetryLaterError || THROTTLED.has(code)) {
    return { kind: "throttled", reason: `AWS asked us to slow down three times on \`${action}\`` };
  }
  if (ABSENT.has(code)) return { kind: "absent", reason: `\`${action}\` knows nothing of it` };
  if (UNSUPPORTED.has(code)) return { kind: "unsupported", reason: `\`${action}\` isn't offered in this Region` };
  if (BAD_CREDENTIALS.has(code)) {
    return {
      kind: "credentials",
      reason: "AWS doesn't accept our credentials (missing, expired, or not enabled for this Region)",
    };
  }
  if (NETWORK.has(code) || code === "TimeoutError" || code === "AbortError") {
    return { kind: "unreachable", reason: "AWS can't be reached" };
  }
  if (statusOf(error) >= 500) return { kind: "broken", reason: `AWS failed on \`${action}\` (${statusOf(error)})` };
  return { kind: "other", reason: `\`${action}\` failed${code === "" ? "" : ` (${code})`}` };
}

function statusOf(error: unknown): number {
  if (typeof error !== "object" || error === null || !("$metadata" in error)) return 0;
  const metadata: unknown = error.$metadata;
  if (typeof metadata !== "object" || metadata === null || !("httpStatusCode" in metadata)) return 0;
  return typeof metadata.httpStatusCode === "number" ? metadata.httpStatusCode : 0;
}

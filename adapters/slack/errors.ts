import { webApi } from "@slack/bolt";
import { OutcomeUnknownError, RetryLaterError, TerminalError } from "../../src/domain/errors.ts";
import { wording } from "./wording.ts";

/** Slack's own code of a refusal: a definite "no" that changed nothing. */
export class SlackRefusal extends TerminalError {
  override name = "SlackRefusal";
  readonly code: string;
  constructor(message: string, options: { code: string; cause?: unknown }) {
    super(message, { cause: options.cause });
    this.code = options.code;
  }
}

/** Slack says of these that part of the work may have been done. */
const PERHAPS_DONE = new Set(["internal_error", "fatal_error", "request_timeout", "service_unavailable"]);
/** Nothing was done, and it will pass. */
const PASSING = new Set([
  "ratelimited",
  "rate_limited",
  "team_added_to_org",
  "accesslimited",
  "message_limit_exceeded",
]);

const TOKEN = new Set([
  "invalid_auth",
  "not_authed",
  "account_inactive",
  "token_revoked",
  "token_expired",
  "no_permission",
  "org_login_required",
  "team_access_not_granted",
]);

/** Errors of the connection itself, before a byte of the request was sent. */
const NEVER_SENT = new Set([
  "ECONNREFUSED",
  "ENOTFOUND",
  "EAI_AGAIN",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "UND_ERR_CONNECT_TIMEOUT",
]);

/** A failed call of Slack's Web API, as one of the worker's three answers. */
export function classify(error: unknown, method: string): Error {
  if (error instanceof TerminalError || error instanceof RetryLaterError || error instanceof OutcomeUnknownError) {
    return error;
  }
  if (error instanceof webApi.WebAPIRateLimitedError) {
    return new RetryLaterError(`Slack asks to wait with ${method}`, {
      retryAfter: error.retryAfter * 1000,
      cause: error,
    });
  }
  if (error instanceof webApi.WebAPIPlatformError) return refusal(error, method);
  if (error instanceof webApi.WebAPIHTTPError) {
    if (error.statusCode >= 500 || error.statusCode === 408) {
      return new OutcomeUnknownError(`Slack answered ${method} with ${error.statusCode}`, { cause: error });
    }
    return new RetryLaterError(`${method} was answered with ${error.statusCode}`, { retryAfter: 30_000, cause: error });
  }
  const code = networkCode(error);
  if (code !== undefined && NEVER_SENT.has(code)) {
    return new RetryLaterError(`Slack can't be reached (${code})`, { retryAfter: 5_000, cause: error });
  }
  return new OutcomeUnknownError(`${method} broke off`, { cause: error });
}

function refusal(error: webApi.WebAPIPlatformError, method: string): Error {
  const code = error.data.error;
  if (PERHAPS_DONE.has(code))
    return new OutcomeUnknownError(`Slack answered ${method} with "${code}"`, { cause: error });
  if (PASSING.has(code)) {
    return new RetryLaterError(`Slack asks to wait with ${method}`, { retryAfter: 30_000, cause: error });
  }
  return new SlackRefusal(sentence(code, method, error.data), { code, cause: error });
}

function sentence(code: string, method: string, data: object): string {
  if (code === "not_in_channel") return wording.notInChannel;
  if (code === "is_archived") return wording.archived;
  if (code === "channel_not_found" || code === "user_not_found" || code === "users_not_found")
    return wording.noSuchPlace;
  if (code === "missing_scope") return wording.missingScope("needed" in data ? String(data.needed) : "unknown");
  if (code === "message_not_found" || code === "thread_not_found") return wording.messageGone;
  if (TOKEN.has(code)) return wording.tokenGone;
  return wording.refused(method, code);
}

/** The system's code of a network failure, however deep the SDK and `fetch` have wrapped it. */
function networkCode(error: unknown): string | undefined {
  let current: unknown = error instanceof webApi.WebAPIRequestError ? error.original : error;
  for (let depth = 0; depth < 5 && typeof current === "object" && current !== null; depth += 1) {
    if (current instanceof AggregateError) current = current.errors[0];
    if (typeof current !== "object" || current === null) return undefined;
    if ("code" in current && typeof current.code === "string" && !current.code.startsWith("slack_"))
      return current.code;
    current = "cause" in current ? current.cause : undefined;
  }
  return undefined;
}

export function isRefusal(error: unknown, ...codes: string[]): error is SlackRefusal {
  return error instanceof SlackRefusal && (codes.length === 0 || codes.includes(error.code));
}

import { z } from "zod";
import { OutcomeUnknownError, RetryLaterError, TerminalError } from "../../src/domain/errors.ts";

/** No token for the connector: nothing was sent. `refused`: our credentials are wrong, so that haste doesn't help. */
export class TokenError extends Error {
  override name = "TokenError";
  readonly refused: boolean;
  constructor(message: string, options: { refused: boolean; cause: unknown }) {
    super(message, { cause: options.cause });
    this.refused = options.refused;
  }
}

/** What botbuilder's connector throws: the status, the service's own code, the network's code. */
const Thrown = z.object({
  name: z.string().optional(),
  message: z.string().optional(),
  code: z.string().optional(),
  statusCode: z.number().optional(),
  response: z
    .object({ headers: z.object({ get: z.custom<(name: string) => unknown>(isFunction) }).loose() })
    .loose()
    .optional(),
});

/** The connection was never made, so nothing can have happened. */
const NEVER_SENT = new Set(["ECONNREFUSED", "ENOTFOUND", "EAI_AGAIN", "EHOSTUNREACH", "ENETUNREACH", "EADDRNOTAVAIL"]);

/** Back-off where the service doesn't say when. */
const THROTTLED = 2_000;
const CONFLICT = 1_000;
const UNREACHABLE = 5_000;
const NO_TOKEN = 30_000;

/** The message, thread or chat isn't there (any more). */
export class GoneError extends TerminalError {
  override name = "GoneError";
}

/**
 * What a failed call to the Bot Connector means. Definitely not done: 429, 412, no connection, no token. Never again:
 * 400, 403, 404, 413 and other refusals. Everything else (5xx, resets, time-outs) may or may not have happened.
 *
 * @param what for people: "post in Checkout"
 */
export function failureOf(error: unknown, what: string): Error {
  if (error instanceof TokenError && !error.refused) {
    return new RetryLaterError(`Couldn't ${what}: Microsoft's sign-in gives no access token at the moment.`, {
      retryAfter: UNREACHABLE,
      cause: error,
    });
  }
  if (error instanceof TokenError) {
    return new RetryLaterError(`Couldn't ${what}: no access token. Check MicrosoftAppId, its password and tenant.`, {
      retryAfter: NO_TOKEN,
      cause: error,
    });
  }
  if (error instanceof TerminalError || error instanceof RetryLaterError || error instanceof OutcomeUnknownError)
    return error;
  const parsed = Thrown.safeParse(error);
  if (!parsed.success) return new OutcomeUnknownError(`Couldn't tell whether Teams did it: ${what}.`, { cause: error });
  const { statusCode, code, response } = parsed.data;
  if (statusCode === undefined) {
    if (code !== undefined && NEVER_SENT.has(code)) {
      return new RetryLaterError(`Teams can't be reached to ${what} (${code}).`, {
        retryAfter: UNREACHABLE,
        cause: error,
      });
    }
    return new OutcomeUnknownError(`The connection broke while trying to ${what}.`, { cause: error });
  }
  if (statusCode === 429) {
    return new RetryLaterError("Teams is throttling us.", {
      retryAfter: retryAfterOf(response?.headers.get("retry-after")) ?? THROTTLED,
      cause: error,
    });
  }
  if (statusCode === 412) {
    return new RetryLaterError("Teams was busy with the same conversation.", { retryAfter: CONFLICT, cause: error });
  }
  if (statusCode === 401) {
    return new RetryLaterError(
      `Teams doesn't accept our token, so I couldn't ${what}. Check MicrosoftAppId, its password and tenant.`,
      { retryAfter: NO_TOKEN, cause: error },
    );
  }
  if (statusCode === 403) return new TerminalError(refused(code, what), { cause: error });
  if (statusCode === 404 || statusCode === 410) {
    return new GoneError(`Couldn't ${what}: it isn't there any more.`, { cause: error });
  }
  if (statusCode === 413) {
    return new TerminalError(`Couldn't ${what}: the message is too big for Teams.`, { cause: error });
  }
  if (statusCode >= 400 && statusCode < 500 && statusCode !== 408) {
    return new TerminalError(`Teams refused to ${what} (${statusCode}${code === undefined ? "" : ` ${code}`}).`, {
      cause: error,
    });
  }
  return new OutcomeUnknownError(`Teams answered ${statusCode} while trying to ${what}.`, { cause: error });
}

function refused(code: string | undefined, what: string): string {
  switch (code) {
    case "MessageWritesBlocked":
      return `Couldn't ${what}: they have blocked messages from T-Minus, or don't have the app. Ask them to add T-Minus in Teams.`;
    case "BotNotInConversationRoster":
    case "ForbiddenOperationException":
      return `Couldn't ${what}: T-Minus isn't in that conversation any more. Add the app to it again.`;
    default:
      return `Couldn't ${what}: Teams doesn't allow it${code === undefined ? "" : ` (${code})`}. Add the T-Minus app there and try again.`;
  }
}

/** `Retry-After`: seconds, or an HTTP date (then left to our own back-off, since clocks differ). */
function retryAfterOf(header: unknown): number | undefined {
  const seconds = Number(header);
  return header === null || header === undefined || header === "" || Number.isNaN(seconds)
    ? undefined
    : Math.max(0, seconds * 1_000);
}

function isFunction(value: unknown): boolean {
  return typeof value === "function";
}

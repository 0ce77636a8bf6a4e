import { RetryLaterError } from "./domain/errors.ts";

/** What a person waits for in a conversation is worth nothing much later. */
const WORTH_SAYING_MS = 5 * 60_000;

/**
 * For what no outbox holds: a private answer, a form, a file. A platform that takes nothing at the moment (throttled, or
 * our own limit) surely got nothing, so it is offered again when it said it would take it.
 *
 * @throws what `work` throws, also {@link RetryLaterError} when `within` milliseconds wouldn't be enough.
 */
export async function whenItFits<Result>(work: () => Promise<Result>, within = WORTH_SAYING_MS): Promise<Result> {
  let left = within;
  for (;;) {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof RetryLaterError) || error.retryAfter > left) throw error;
      const wait = Math.max(1, error.retryAfter);
      left -= wait;
      await new Promise((resolve) => setTimeout(resolve, wait).unref());
    }
  }
}

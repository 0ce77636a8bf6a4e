/**
 * A worker's only two answers to a failed effect are "never again" and "later"; a third state, "unknown", is looked up
 * before anything is sent again. Narrow with `instanceof`, never by message text. `cause` keeps the original.
 */

/** Stop, and tell a person. The message says what happened and what to do. */
export class TerminalError extends Error {
  override name = "TerminalError";
}

/** What was to be changed isn't there any more: somebody deleted it. */
export class GoneError extends TerminalError {
  override name = "GoneError";
}

/** Nothing was sent; try again, not before `retryAfter` milliseconds. */
export class RetryLaterError extends Error {
  override name = "RetryLaterError";
  readonly retryAfter: number;
  constructor(message: string, options: { retryAfter: number; cause?: unknown }) {
    super(message, { cause: options.cause });
    this.retryAfter = options.retryAfter;
  }
}

/** It may or may not have happened (time-out, reset, 5xx after the request was written). */
export class OutcomeUnknownError extends Error {
  override name = "OutcomeUnknownError";
}

/** The environment is wrong: every problem at once, each with an example. `main` prints it and exits with 78. */
export class ConfigError extends Error {
  override name = "ConfigError";
  readonly problems: string[];
  constructor(problems: string[]) {
    super(problems.join("\n"));
    this.problems = problems;
  }
}

/** A catalogue file can't be used; the message names file, line and field, and the way out. */
export class CatalogueError extends Error {
  override name = "CatalogueError";
}

/** The database is newer than this build. */
export class SchemaTooNewError extends Error {
  override name = "SchemaTooNewError";
}

/** The database can't take a write now (full disk, read-only directory). Nothing was accepted. */
export class StoreUnavailableError extends Error {
  override name = "StoreUnavailableError";
}

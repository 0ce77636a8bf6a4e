import type { z } from "zod";
import type { AwsClients, AwsPlace } from "./clients.ts";
import { explain, type Failure, UnreadableAnswerError } from "./failure.ts";

/** What one look at AWS gave: a value with its sources, or why not. Never an exception. */
export type Reading<T> =
  | {
      ok: true;
      value: T;
      calls: string[];
      readAt: string /** Rows that had an unknown shape and were left out. */;
      skipped: number;
    }
  | { ok: false; calls: string[]; failure: Failure };

/** Log in the shape of pino's: constant message, data beside it. */
export interface AwsLog {
  warn(data: object, message: string): void;
}

export type ReaderContext = {
  clients: AwsClients;
  cache: ReadingCache;
  calendar: { now(): Date };
  /** Real time: what CloudWatch is asked for. */
  machine: { now(): number };
  log: AwsLog;
};

/** A page of a listing; `next` is empty or absent on the last. */
export type Page = { rows: readonly unknown[] | undefined; next: string | undefined };

/** Collects every page. A service that hands out the same token twice would keep us for ever: stopped. */
export async function allPages(
  action: string,
  fetch: (token: string | undefined) => Promise<Page>,
): Promise<unknown[]> {
  const rows: unknown[] = [];
  const seen = new Set<string>();
  let token: string | undefined;
  do {
    const page = await fetch(token);
    rows.push(...(page.rows ?? []));
    token = page.next === "" ? undefined : page.next;
    if (token !== undefined && seen.has(token)) throw new UnreadableAnswerError(`\`${action}\` repeats a page`);
    if (token !== undefined) seen.add(token);
  } while (token !== undefined);
  return rows;
}

/** One bad row doesn't void a list: it is counted and logged, and the statement says so. */
export function looseRows<Schema extends z.ZodType>(
  schema: Schema,
  rows: readonly unknown[],
  log: AwsLog,
  action: string,
): { rows: z.output<Schema>[]; skipped: number } {
  const good: z.output<Schema>[] = [];
  let skipped = 0;
  for (const row of rows) {
    const parsed = schema.safeParse(row);
    if (parsed.success) good.push(parsed.data);
    else {
      skipped += 1;
      log.warn({ action, issues: parsed.error.issues.slice(0, 3) }, "Skipped a row from AWS that did not parse");
    }
  }
  return { rows: good, skipped };
}

/** Said under a figure that rows are missing from. */
export function skippedNotes(skipped: number): string[] {
  if (skipped === 0) return [];
  return [
    skipped === 1
      ? "1 row from AWS couldn't be read and isn't counted"
      : `${skipped} rows from AWS couldn't be read and aren't counted`,
  ];
}

export type ReadingCache = {
  /** One reading for everyone who asks within the time to live, also while it is still under way. */
  get<T>(key: string, load: () => Promise<Reading<T>>): Promise<Reading<T>>;
  /** Read anew from here on. */
  clear(): void;
};

/** A failure is kept a shorter time: someone may be adding the permission just now. */
export function createReadingCache(now: () => number, ttlMs = 60_000, failureTtlMs = 10_000): ReadingCache {
  const entries = new Map<string, { until: number; reading: Promise<Reading<unknown>> }>();
  return {
    get<T>(key: string, load: () => Promise<Reading<T>>): Promise<Reading<T>> {
      const known = entries.get(key);
      // Each key is always loaded by the same reader, so the stored reading is of its type.
      if (known !== undefined && known.until > now()) return known.reading as Promise<Reading<T>>;
      const reading = load();
      const entry: { until: number; reading: Promise<Reading<unknown>> } = { until: Number.POSITIVE_INFINITY, reading };
      entries.set(key, entry);
      reading.then(
        (done) => {
          entry.until = now() + (done.ok ? ttlMs : failureTtlMs);
        },
        () => entries.delete(key),
      );
      for (const [old, each] of entries) if (each.until <= now()) entries.delete(old);
      return reading;
    },
    clear: () => entries.clear(),
  };
}

/** Runs one reading through the cache and turns whatever AWS throws into a {@link Failure} of its first action. */
export function read<T>(
  context: ReaderContext,
  place: AwsPlace,
  key: string,
  actions: [string, ...string[]],
  load: () => Promise<{ value: T; skipped: number }>,
): Promise<Reading<T>> {
  return context.cache.get<T>(`${place.account.alias}/${place.region}/${place.role}/${key}`, async () => {
    try {
      const { value, skipped } = await load();
      return { ok: true, value, calls: actions, readAt: context.calendar.now().toISOString(), skipped };
    } catch (error) {
      const failure = explain(error, actions[0]);
      if (failure.kind === "other") context.log.warn({ err: error, action: actions[0] }, "A call to AWS failed");
      return { ok: false, calls: actions, failure };
    }
  });
}

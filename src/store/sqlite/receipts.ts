import type Database from "better-sqlite3";

/**
 * Slack retries for about five minutes and Teams for minutes too, but what was said while we were away is read again
 * through the same keys: a week covers every absence that still makes sense to catch up with.
 */
export const RECEIPTS_KEPT_MS = 7 * 24 * 3_600_000;

/** Keys of deliveries that were handled, so that a repeat changes nothing. Only keys are kept, never content. */
export function createReceipts(db: Database.Database) {
  const insert = db.prepare<[string, number]>("INSERT INTO receipts (key, at) VALUES (?, ?) ON CONFLICT DO NOTHING");
  const remove = db.prepare<[string]>("DELETE FROM receipts WHERE key = ?");
  const prune = db.prepare<[number]>("DELETE FROM receipts WHERE at < ?");

  function giveBack(keys: string[]): void {
    for (const key of keys) remove.run(key);
  }

  return {
    /** Stores the keys; false, and nothing stored, if any of them is known. */
    take(keys: string[], at: number): boolean {
      const taken: string[] = [];
      for (const key of new Set(keys)) {
        if (insert.run(key, at).changes === 0) {
          giveBack(taken);
          return false;
        }
        taken.push(key);
      }
      return true;
    },
    /** As if they had never come. */
    giveBack,
    prune: (now: number): number => prune.run(now - RECEIPTS_KEPT_MS).changes,
  };
}

import type Database from "better-sqlite3";
import type { outbox } from "./schema.ts";

export type OutboxRow = typeof outbox.$inferSelect;

const COLUMNS = `lane, seq, id, key, class, effect, session, kind, due, not_before "notBefore", attempts, uncertain,
  state, token, lease_until "leaseUntil", error`;

type Nullable = string | null;

/**
 * The outbox's statements. Every `state = '…'` stands literally, or SQLite couldn't use the partial indexes. `+?` hides
 * the parameter from the planner: where it may look at its value (ORDER BY, JOIN, LIMIT) SQLite prepares the statement
 * anew for each value, ten times the cost of running it.
 */
export function prepareOutbox(db: Database.Database) {
  return {
    inLane: db.prepare<[string], { yes: 1 }>("SELECT 1 yes FROM outbox WHERE lane = ? LIMIT 1"),
    after: db.prepare<[lane: string, seq: number], { yes: 1 }>(
      "SELECT 1 yes FROM outbox WHERE lane = ? AND seq > ? LIMIT 1",
    ),
    waitingWithKey: db.prepare<[string], OutboxRow>(
      `SELECT ${COLUMNS} FROM outbox WHERE key = ? AND key IS NOT NULL AND state <> 'claimed'`,
    ),
    held: db.prepare<[lane: string, seq: number, id: string, token: string], OutboxRow>(
      `SELECT ${COLUMNS} FROM outbox WHERE lane = ? AND seq = ? AND id = ? AND token = ? AND state = 'claimed'`,
    ),

    insert: db.prepare<
      [string, number, string, Nullable, string, string, Nullable, Nullable, due: number, notBefore: number, string]
    >(
      `INSERT INTO outbox (lane, seq, id, key, class, effect, session, kind, due, not_before, state)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    ),
    newest: db.prepare<[], { seq: number | null }>("SELECT max(seq) seq FROM outbox"),
    remove: db.prepare<[lane: string, seq: number]>("DELETE FROM outbox WHERE lane = ? AND seq = ?"),
    promote: db.prepare<[lane: string, lane: string]>(
      `UPDATE outbox SET state = CASE WHEN not_before > 0 THEN 'held' ELSE 'ready' END
       WHERE lane = ? AND seq = (SELECT seq FROM outbox WHERE lane = +? ORDER BY seq LIMIT 1) AND state = 'behind'`,
    ),
    replace: db.prepare<
      [string, string, string, Nullable, Nullable, due: number, notBefore: number, string, number, string, number]
    >(
      `UPDATE outbox SET id = ?, class = ?, effect = ?, session = ?, kind = ?, due = ?, not_before = ?, state = ?,
         attempts = ? WHERE lane = ? AND seq = ?`,
    ),
    takeOver: db.prepare<[string, string, Nullable, Nullable, due: number, lane: string, seq: number]>(
      "UPDATE outbox SET class = ?, effect = ?, session = ?, kind = ?, due = ? WHERE lane = ? AND seq = ?",
    ),
    giveBack: db.prepare<[string, notBefore: number, uncertain: number, error: Nullable, lane: string, seq: number]>(
      `UPDATE outbox SET state = ?, not_before = ?, uncertain = max(uncertain, ?), error = ?,
         token = NULL, lease_until = NULL WHERE lane = ? AND seq = ?`,
    ),

    endWaits: db.prepare<[machine: number]>(
      "UPDATE outbox SET state = 'ready' WHERE state = 'held' AND not_before <= ?",
    ),
    /** Waits that somebody wished; what waits because a try failed keeps its time. */
    endWished: db.prepare("UPDATE outbox SET state = 'ready' WHERE state = 'held' AND attempts = 0"),
    endBehindWaits: db.prepare(
      "UPDATE outbox SET not_before = 0 WHERE state = 'behind' AND not_before > 0 AND attempts = 0",
    ),
    lapsed: db.prepare<[machine: number], OutboxRow>(
      `SELECT ${COLUMNS} FROM outbox WHERE state = 'claimed' AND lease_until <= +? ORDER BY lease_until, seq`,
    ),
    claimable: db.prepare<[calendar: number, limit: number], OutboxRow>(
      `SELECT ${COLUMNS} FROM outbox WHERE state = 'ready' AND due <= +? ORDER BY due, seq LIMIT +?`,
    ),
    take: db.prepare<[token: string, leaseUntil: number, attempts: number, lane: string, seq: number]>(
      "UPDATE outbox SET state = 'claimed', token = ?, lease_until = ?, attempts = ? WHERE lane = ? AND seq = ?",
    ),

    next: db.prepare<[], { ready: number | null; held: number | null; lapse: number | null }>(
      `SELECT (SELECT min(due) FROM outbox WHERE state = 'ready') ready,
         (SELECT min(not_before) FROM outbox WHERE state = 'held') held,
         (SELECT min(lease_until) FROM outbox WHERE state = 'claimed') lapse`,
    ),
    countAll: db.prepare<[], { n: number }>("SELECT count(*) n FROM outbox"),
    countClaimed: db.prepare<[], { n: number }>("SELECT count(*) n FROM outbox WHERE state = 'claimed'"),
    /** In every lane that has something to do by then: its rows up to the first that isn't due. */
    countDue: db.prepare<{ by: number }, { n: number }>(
      `WITH lanes AS (
         SELECT lane FROM outbox WHERE state = 'ready' AND due <= :by
         UNION ALL SELECT lane FROM outbox WHERE state = 'held' AND due <= :by
         UNION ALL SELECT lane FROM outbox WHERE state = 'claimed')
       SELECT count(*) n FROM lanes JOIN outbox o ON o.lane = lanes.lane
       WHERE o.state <> 'claimed' AND o.seq < coalesce(
         (SELECT min(late.seq) FROM outbox late
          WHERE late.lane = lanes.lane AND late.due > :by AND late.state <> 'claimed'), 9e15)`,
    ),
  };
}

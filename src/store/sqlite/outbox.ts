import { randomBytes } from "node:crypto";
import type Database from "better-sqlite3";
import type { NewOutboxItem, OutboxItem } from "../../domain/effect.ts";
import type { OutboxId } from "../../domain/ids.ts";
import { isMessageKind } from "../stored.ts";
import type { OutboxRow } from "./schema.ts";

/**
 * The outbox over one SQLite connection: every call runs inside the caller's transaction. The cost of a claim depends
 * on what it takes, not on what waits: only heads are in the partial indexes that it reads, and a lane's next row is
 * made its head when the one before it is settled.
 */
export type SqliteOutbox = ReturnType<typeof createOutbox>;

/** The head of a lane becomes claimable as soon as its own clocks allow. */
const HEAD_STATE = "CASE WHEN not_before > 0 THEN 'held' ELSE 'ready' END";

export function createOutbox(db: Database.Database) {
  // Tokens of this process differ from those of any other, so a predecessor can never settle by chance.
  const process = randomBytes(6).toString("base64url");
  let claims = 0;

  const insert = db.prepare<
    [string, string, string | null, string, string, string | null, string | null, number, number, string, number]
  >(`INSERT INTO outbox (id, lane, key, class, effect, session, kind, due, not_before, state)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?,
       CASE WHEN EXISTS (SELECT 1 FROM outbox WHERE lane = ?) THEN 'behind' WHEN ? > 0 THEN 'held' ELSE 'ready' END)`);
  const removeWaiting = db.prepare<[string], { lane: string; state: string }>(
    "DELETE FROM outbox WHERE key = ? AND key IS NOT NULL AND state <> 'claimed' RETURNING lane, state",
  );
  const removeClaimed = db.prepare<[string, string], { lane: string }>(
    "DELETE FROM outbox WHERE id = ? AND token = ? AND state = 'claimed' RETURNING lane",
  );
  const promote = db.prepare<[string]>(
    `UPDATE outbox SET state = ${HEAD_STATE}
     WHERE seq = (SELECT min(seq) FROM outbox WHERE lane = ?) AND state = 'behind'`,
  );
  const holds = db.prepare<[string, string], OutboxRow>(
    "SELECT * FROM outbox WHERE id = ? AND token = ? AND state = 'claimed'",
  );
  const waitingWithKey = db.prepare<[string], OutboxRow>(
    "SELECT * FROM outbox WHERE key = ? AND key IS NOT NULL AND state <> 'claimed'",
  );
  const giveBack = db.prepare<[number, number, string, number]>(
    `UPDATE outbox SET state = CASE WHEN ?1 > 0 THEN 'held' ELSE 'ready' END, not_before = ?1,
       uncertain = max(uncertain, ?2), error = ?3, token = NULL, lease_until = NULL
     WHERE seq = ?4`,
  );
  const renew = db.prepare<[string, string, string | null, string | null, number, number]>(
    "UPDATE outbox SET class = ?, effect = ?, session = ?, kind = ?, due = ? WHERE seq = ?",
  );
  const endWaits = db.prepare<[number]>("UPDATE outbox SET state = 'ready' WHERE state = 'held' AND not_before <= ?");
  const lapse = db.prepare<[number]>(
    `UPDATE outbox SET state = 'ready', uncertain = 1, token = NULL, lease_until = NULL
     WHERE state = 'claimed' AND lease_until <= ?`,
  );
  const claimable = db.prepare<[number, number], { seq: number }>(
    "SELECT seq FROM outbox WHERE state = 'ready' AND due <= ? ORDER BY due, seq LIMIT ?",
  );
  const take = db.prepare<[string, number, number], OutboxRow>(
    `UPDATE outbox SET state = 'claimed', token = ?, lease_until = ?, attempts = attempts + 1
     WHERE seq = ? RETURNING *`,
  );
  const endBehindWaits = db.prepare("UPDATE outbox SET not_before = 0 WHERE state = 'behind' AND not_before > 0");
  const nextReady = db.prepare<[], { at: number | null }>("SELECT min(due) at FROM outbox WHERE state = 'ready'");
  const nextHeld = db.prepare<[], { at: number | null }>("SELECT min(not_before) at FROM outbox WHERE state = 'held'");
  const nextLapse = db.prepare<[], { at: number | null }>(
    "SELECT min(lease_until) at FROM outbox WHERE state = 'claimed'",
  );
  const countAll = db.prepare<[], { n: number }>("SELECT count(*) n FROM outbox");
  const countClaimed = db.prepare<[], { n: number }>("SELECT count(*) n FROM outbox WHERE state = 'claimed'");
  /** Lanes that have something to do by then, and in each the rows up to the first that isn't due. */
  const countDue = db.prepare<{ by: number }, { n: number }>(
    `WITH lanes AS (
       SELECT lane FROM outbox WHERE state = 'ready' AND due <= :by
       UNION ALL SELECT lane FROM outbox WHERE state = 'held' AND due <= :by
       UNION ALL SELECT lane FROM outbox WHERE state = 'claimed')
     SELECT count(*) n FROM lanes JOIN outbox o ON o.lane = lanes.lane
     WHERE o.state <> 'claimed' AND o.seq <
       coalesce((SELECT min(late.seq) FROM outbox late
                 WHERE late.lane = lanes.lane AND late.due > :by AND late.state <> 'claimed'), 9e15)`,
  );

  function cancel(key: string): boolean {
    const removed = removeWaiting.get(key);
    if (!removed) return false;
    if (removed.state !== "behind") promote.run(removed.lane);
    return true;
  }

  return {
    /** Lays a row at the end of its lane. One that waits under the same key is replaced. */
    add(item: NewOutboxItem): void {
      if (item.key !== undefined) cancel(item.key);
      const { id, lane, key, session, kind, due, notBefore } = item;
      const effect = JSON.stringify(item.effect);
      insert.run(
        ...[id, lane, key ?? null, item.class, effect, session ?? null, kind ?? null, due, notBefore, lane, notBefore],
      );
    },

    /** Takes back the row that waits under this key. One that a worker has in hand is left to it. */
    cancel,

    /** Whether this token still holds the claim. */
    holds: (id: OutboxId, token: string): boolean => holds.get(id, token) !== undefined,

    /** Done: the row goes, its lane goes on. False: the claim was lost. */
    settle(id: OutboxId, token: string): boolean {
      const removed = removeClaimed.get(id, token);
      if (removed) promote.run(removed.lane);
      return removed !== undefined;
    },

    /**
     * Gives a row back; its lane waits with it. If a newer row came under the same key meanwhile, there is one wish left:
     * the older row keeps its place (and its id, under which it may have been sent) and takes over what the newer wants.
     */
    retry(id: OutboxId, token: string, again: { notBefore: number; uncertain: boolean; error: string }): boolean {
      const row = holds.get(id, token);
      if (!row) return false;
      const newer = row.key === null ? undefined : waitingWithKey.get(row.key);
      if (newer) {
        cancel(newer.key ?? "");
        renew.run(newer.class, newer.effect, newer.session, newer.kind, newer.due, row.seq);
      }
      const notBefore = Math.max(again.notBefore, newer?.not_before ?? 0);
      giveBack.run(notBefore, again.uncertain ? 1 : 0, again.error, row.seq);
      return true;
    },

    /** `attempts` counts this one. A claim that lapsed has an unknown outcome, so its row comes back `uncertain`. */
    claim(at: { calendar: number; machine: number; lease: number; limit: number }): OutboxItem[] {
      endWaits.run(at.machine);
      lapse.run(at.machine);
      return claimable.all(at.calendar, at.limit).flatMap(({ seq }) => {
        claims += 1;
        const row = take.get(`${process}.${claims}`, at.machine + at.lease, seq);
        return row ? [itemOf(row)] : [];
      });
    },

    /** Whether {@link claim} would take anything: read-only, so that an idle worker writes nothing. */
    hasWork(at: { calendar: number; machine: number }): boolean {
      const { calendar, machine } = this.next();
      return (calendar !== undefined && calendar <= at.calendar) || (machine !== undefined && machine <= at.machine);
    },

    /** Ends the leases that end by then (all: `Infinity`). What they held may have been sent. */
    voidLeases: (until: number): number => lapse.run(Math.min(until, Number.MAX_SAFE_INTEGER)).changes,

    /** Waits on the machine clock end now. */
    releaseMachineWaits(): void {
      endWaits.run(Number.MAX_SAFE_INTEGER);
      endBehindWaits.run();
    },

    next(): { calendar?: number; machine?: number } {
      const calendar = nextReady.get()?.at ?? undefined;
      const machine = [nextHeld.get()?.at, nextLapse.get()?.at].filter((at) => typeof at === "number");
      return {
        ...(calendar !== undefined && { calendar }),
        ...(machine.length > 0 && { machine: Math.min(...machine) }),
      };
    },

    counts(calendar: number): { due: number; running: number; waiting: number } {
      const running = countClaimed.get()?.n ?? 0;
      const waiting = (countAll.get()?.n ?? 0) - running;
      return { due: countDue.get({ by: calendar })?.n ?? 0, running, waiting };
    },
  };
}

function itemOf(row: OutboxRow): OutboxItem {
  return {
    id: row.id,
    lane: row.lane,
    ...(row.key !== null && { key: row.key }),
    class: row.class,
    effect: JSON.parse(row.effect),
    ...(row.session !== null && { session: row.session }),
    ...(isMessageKind(row.kind) && { kind: row.kind }),
    due: row.due,
    notBefore: row.not_before,
    seq: row.seq,
    attempts: row.attempts,
    uncertain: row.uncertain === 1,
    token: row.token ?? "",
    leaseUntil: row.lease_until ?? 0,
  };
}

import { randomBytes } from "node:crypto";
import type Database from "better-sqlite3";
import type { NewOutboxItem, OutboxItem } from "../../domain/effect.ts";
import type { OutboxId } from "../../domain/ids.ts";
import { isMessageKind } from "../stored.ts";
import { type OutboxRow, prepareOutbox } from "./outbox-sql.ts";

export type SqliteOutbox = ReturnType<typeof createOutbox>;

/**
 * The outbox over one SQLite connection: every call runs inside the caller's transaction. The cost of a claim depends
 * on what it takes, not on what waits: only heads are in the partial indexes that it reads, and a lane's next row is
 * made its head when the one before it goes.
 */
export function createOutbox(db: Database.Database) {
  const sql = prepareOutbox(db);
  // Tokens of this process differ from those of any other, so a predecessor can never settle by chance. They carry
  // the row's place, which finds it without an index on ids: `<process> <claim> <seq> <lane>`.
  const owner = randomBytes(6).toString("base64url");
  let claims = 0;
  let newest = sql.newest.get()?.seq ?? 0;

  function heldBy(id: OutboxId, token: string): OutboxRow | undefined {
    const [, seq = "", lane = ""] = /^\S+ \S+ (\d+) (.*)$/s.exec(token) ?? [];
    return sql.held.get(lane, Number(seq), id, token);
  }

  function remove({ lane, seq }: { lane: string; seq: number }): void {
    sql.remove.run(lane, seq);
    sql.promote.run(lane, lane);
  }

  function insert({ id, lane, key, class: effectClass, effect, session, kind, due, notBefore }: NewOutboxItem): void {
    const json = JSON.stringify(effect);
    const state = sql.inLane.get(lane) ? "behind" : headState(notBefore);
    newest += 1;
    sql.insert.run(
      ...[lane, newest, id, key ?? null, effectClass, json, session ?? null, kind ?? null, due, notBefore, state],
    );
  }

  /** Gives a claimed row back to its lane, as its head. */
  function giveBack(row: OutboxRow, again: { notBefore: number; uncertain: boolean; error: string | null }): void {
    // If a newer row came under the same key meanwhile, one wish is left of the two: the older keeps its place, and its
    // id, under which it may have been sent, and takes over what the newer wants.
    const newer = row.key === null ? undefined : sql.waitingWithKey.get(row.key);
    if (newer) {
      remove(newer);
      sql.takeOver.run(newer.class, newer.effect, newer.session, newer.kind, newer.due, row.lane, row.seq);
    }
    const notBefore = Math.max(again.notBefore, newer?.notBefore ?? 0);
    sql.giveBack.run(headState(notBefore), notBefore, again.uncertain ? 1 : 0, again.error, row.lane, row.seq);
  }

  function endLeases(rows: OutboxRow[]): number {
    for (const row of rows) giveBack(row, { notBefore: 0, uncertain: true, error: row.error });
    return rows.length;
  }

  function next(): { calendar?: number; machine?: number } {
    const { ready = null, held = null, lapse = null } = sql.next.get() ?? {};
    return {
      ...(ready !== null && { calendar: ready }),
      ...((held !== null || lapse !== null) && { machine: Math.min(held ?? Infinity, lapse ?? Infinity) }),
    };
  }

  return {
    /**
     * Lays a row at the end of its lane; one that waits under the same key is replaced. If that one may have been sent
     * already it stays where it is, with its id, so that it is looked up before it is sent again.
     */
    add(item: NewOutboxItem): void {
      const old = item.key === undefined ? undefined : sql.waitingWithKey.get(item.key);
      if (!old) {
        insert(item);
        return;
      }
      const isLast = () => sql.after.get(old.lane, old.seq) === undefined;
      if (old.uncertain === 1 || (old.lane === item.lane && isLast())) replaceInPlace(old, item);
      else {
        remove(old);
        insert(item);
      }
    },

    /** Takes back the row that waits under this key. One that a worker has in hand is left to it. */
    cancel(key: string): void {
      const row = sql.waitingWithKey.get(key);
      if (row) remove(row);
    },

    /** Done: the row goes, its lane goes on. False: the claim was lost. */
    settle(id: OutboxId, token: string): boolean {
      const row = heldBy(id, token);
      if (row) remove(row);
      return row !== undefined;
    },

    /** Not done: the row goes back, its lane waits with it. False: the claim was lost. */
    retry(id: OutboxId, token: string, again: { notBefore: number; uncertain: boolean; error: string }): boolean {
      const row = heldBy(id, token);
      if (row) giveBack(row, again);
      return row !== undefined;
    },

    /** `attempts` counts this one. A claim that lapsed has an unknown outcome, so its row comes back `uncertain`. */
    claim(at: { calendar: number; machine: number; lease: number; limit: number }): OutboxItem[] {
      sql.endWaits.run(at.machine);
      endLeases(sql.lapsed.all(at.machine));
      return sql.claimable.all(at.calendar, at.limit).map((row) => {
        claims += 1;
        const token = `${owner} ${claims} ${row.seq} ${row.lane}`;
        const leaseUntil = at.machine + at.lease;
        const attempts = row.attempts + 1;
        sql.take.run(token, leaseUntil, attempts, row.lane, row.seq);
        return { ...itemOf(row), token, leaseUntil, attempts };
      });
    },

    /** Whether {@link claim} would change anything: read-only, so that an idle worker writes nothing. */
    hasWork(at: { calendar: number; machine: number }): boolean {
      const { calendar, machine } = next();
      return (calendar !== undefined && calendar <= at.calendar) || (machine !== undefined && machine <= at.machine);
    },

    /** Ends the leases that end by then (all: `Number.MAX_SAFE_INTEGER`). What they held may have been sent. */
    voidLeases: (until: number): number => endLeases(sql.lapsed.all(until)),

    /** Waits on the machine clock that were wished (settling, coalescing) end now; back-off doesn't. */
    releaseMachineWaits(): void {
      sql.endWished.run();
      sql.endBehindWaits.run();
    },

    next,

    counts(calendar: number): { due: number; running: number; waiting: number } {
      const running = sql.countClaimed.get()?.n ?? 0;
      const waiting = (sql.countAll.get()?.n ?? 0) - running;
      return { due: sql.countDue.get({ by: calendar })?.n ?? 0, running, waiting };
    },
  };

  function replaceInPlace(old: OutboxRow, item: NewOutboxItem): void {
    const maySent = old.uncertain === 1;
    const id = maySent ? old.id : item.id;
    const notBefore = maySent ? Math.max(old.notBefore, item.notBefore) : item.notBefore;
    const state = old.state === "behind" ? "behind" : headState(notBefore);
    const { class: effectClass, effect, session, kind, due } = item;
    const json = JSON.stringify(effect);
    const attempts = maySent ? old.attempts : 0;
    sql.replace.run(
      ...[id, effectClass, json, session ?? null, kind ?? null, due, notBefore, state, attempts, old.lane, old.seq],
    );
  }
}

/** The head of a lane becomes claimable as soon as its own clocks allow: the machine's first. */
function headState(notBefore: number): "held" | "ready" {
  return notBefore > 0 ? "held" : "ready";
}

function itemOf(row: OutboxRow): Omit<OutboxItem, "token" | "leaseUntil"> {
  return {
    id: row.id,
    lane: row.lane,
    ...(row.key !== null && { key: row.key }),
    class: row.class,
    effect: JSON.parse(row.effect),
    ...(row.session !== null && { session: row.session }),
    ...(isMessageKind(row.kind) && { kind: row.kind }),
    due: row.due,
    notBefore: row.notBefore,
    seq: row.seq,
    attempts: row.attempts,
    uncertain: row.uncertain === 1,
  };
}

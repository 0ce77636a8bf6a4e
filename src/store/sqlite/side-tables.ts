import type { BetterSQLite3Database } from "drizzle-orm/better-sqlite3";
import type { WebMessage } from "../../domain/ports.ts";
import { and, asc, eq, gt, or, sql } from "../drizzle.ts";
import { kept, webMessages } from "./schema.ts";

/** Adapters' small things, and the web channel's log. */
export function createSideTables(db: BetterSQLite3Database) {
  return {
    keep(namespace: string, key: string, value: unknown): void {
      const json = JSON.stringify(value ?? null);
      db.insert(kept)
        .values({ namespace, key, value: json })
        .onConflictDoUpdate({ target: [kept.namespace, kept.key], set: { value: json } })
        .run();
    },
    kept(namespace: string, key: string): unknown {
      const row = db
        .select()
        .from(kept)
        .where(and(eq(kept.namespace, namespace), eq(kept.key, key)))
        .get();
      return row && JSON.parse(row.value);
    },
    keptAll(namespace: string): { key: string; value: unknown }[] {
      const rows = db.select().from(kept).where(eq(kept.namespace, namespace)).orderBy(asc(kept.key)).all();
      return rows.map(({ key, value }) => ({ key, value: JSON.parse(value) }));
    },
    drop(namespace: string, key: string): void {
      db.delete(kept)
        .where(and(eq(kept.namespace, namespace), eq(kept.key, key)))
        .run();
    },

    putWebMessage(message: WebMessage): void {
      db.insert(webMessages).values(message).onConflictDoUpdate({ target: webMessages.id, set: message }).run();
    },
    editWebMessage({ id, text, editedAt }: { id: string; text: string; editedAt: number }): void {
      db.update(webMessages).set({ text, editedAt }).where(eq(webMessages.id, id)).run();
    },
    /** The words go; that somebody said something stays. */
    removeWebMessage(id: string): void {
      db.update(webMessages).set({ text: "", card: null, deleted: true }).where(eq(webMessages.id, id)).run();
    },
    /** Words that people wrote in a session's own threads on the web channel. Its posts there are the engine's to redraw. */
    forgetWebMessages(session: string): void {
      db.run(sql`UPDATE web_messages SET text = '', deleted = 1
        WHERE mark IS NULL AND thread IS NOT NULL AND EXISTS (
          SELECT 1 FROM conversations c WHERE c.session = ${session} AND c.key LIKE 'web:%'
            AND substr(c.key, -length(channel || '#' || thread) - 1) = ':' || channel || '#' || thread)`);
    },
    /** What was said or edited after `since`, in the order in which it was said. */
    webMessages({ channel, since }: { channel?: string; since?: number }): WebMessage[] {
      const rows = db
        .select()
        .from(webMessages)
        .where(
          and(
            channel === undefined ? undefined : eq(webMessages.channel, channel),
            since === undefined ? undefined : or(gt(webMessages.sentAt, since), gt(webMessages.editedAt, since)),
          ),
        )
        .orderBy(asc(webMessages.sentAt), asc(webMessages.seq))
        .all();
      return rows.map(({ seq: _, ...message }) => message);
    },
  };
}

import type Database from "better-sqlite3";
import type { WebMessage } from "../../domain/ports.ts";
import type { kept as Kept } from "./schema.ts";

type KeptRow = Pick<typeof Kept.$inferSelect, "key" | "value">;
/** As SQLite has it: a list as JSON, yes and no as 1 and 0. */
type WebRow = Omit<WebMessage, "reactions" | "deleted"> & { reactions: string; deleted: number };

/** Adapters' small things, and the web channel's log. */
export function createSideTables(db: Database.Database) {
  const keep = db.prepare<[string, string, string]>(
    `INSERT INTO kept (namespace, key, value) VALUES (?, ?, ?)
     ON CONFLICT DO UPDATE SET value = excluded.value`,
  );
  const kept = db.prepare<[string, string], KeptRow>("SELECT key, value FROM kept WHERE namespace = ? AND key = ?");
  const keptAll = db.prepare<[string], KeptRow>("SELECT key, value FROM kept WHERE namespace = +? ORDER BY key");
  const drop = db.prepare<[string, string]>("DELETE FROM kept WHERE namespace = ? AND key = ?");

  const put = db.prepare<WebRow>(
    `INSERT INTO web_messages (id, channel, thread, author, author_name, text, card, mark, reactions, only_for,
       sent_at, edited_at, deleted)
     VALUES (:id, :channel, :thread, :author, :authorName, :text, :card, :mark, :reactions, :onlyFor,
       :sentAt, :editedAt, :deleted)
     ON CONFLICT (id) DO UPDATE SET channel = excluded.channel, thread = excluded.thread, author = excluded.author,
       author_name = excluded.author_name, text = excluded.text, card = excluded.card, mark = excluded.mark,
       reactions = excluded.reactions, only_for = excluded.only_for, sent_at = excluded.sent_at,
       edited_at = excluded.edited_at, deleted = excluded.deleted`,
  );
  const edit = db.prepare<{ id: string; text: string; editedAt: number }>(
    "UPDATE web_messages SET text = :text, edited_at = :editedAt WHERE id = :id",
  );
  const remove = db.prepare<[string]>("UPDATE web_messages SET text = '', card = NULL, deleted = 1 WHERE id = ?");
  const forget = db.prepare<[string]>(
    `UPDATE web_messages SET text = '', deleted = 1
     WHERE mark IS NULL AND thread IS NOT NULL AND EXISTS (
       SELECT 1 FROM conversations c WHERE c.session = ? AND c.key LIKE 'web:%'
         AND substr(c.key, -length(channel || '#' || thread) - 1) = ':' || channel || '#' || thread)`,
  );
  const one = db.prepare<{ id: string }, WebRow>(
    `SELECT id, channel, thread, author, author_name "authorName", text, card, mark, reactions, only_for "onlyFor",
       sent_at "sentAt", edited_at "editedAt", deleted
     FROM web_messages WHERE id = :id`,
  );
  const messages = db.prepare<{ channel: string | null; since: number | null }, WebRow>(
    `SELECT id, channel, thread, author, author_name "authorName", text, card, mark, reactions, only_for "onlyFor",
       sent_at "sentAt", edited_at "editedAt", deleted
     FROM web_messages
     WHERE (:channel IS NULL OR channel = :channel) AND (:since IS NULL OR sent_at > :since OR edited_at > :since)
     ORDER BY sent_at, seq`,
  );

  return {
    keep(namespace: string, key: string, value: unknown): void {
      keep.run(namespace, key, JSON.stringify(value ?? null));
    },
    kept(namespace: string, key: string): unknown {
      const row = kept.get(namespace, key);
      return row && JSON.parse(row.value);
    },
    keptAll: (namespace: string): { key: string; value: unknown }[] =>
      keptAll.all(namespace).map(({ key, value }) => ({ key, value: JSON.parse(value) })),
    drop(namespace: string, key: string): void {
      drop.run(namespace, key);
    },

    putWebMessage(message: WebMessage): void {
      put.run({ ...message, reactions: JSON.stringify(message.reactions), deleted: message.deleted ? 1 : 0 });
    },
    editWebMessage(change: { id: string; text: string; editedAt: number }): void {
      edit.run(change);
    },
    /** The words go; that somebody said something stays. */
    removeWebMessage(id: string): void {
      remove.run(id);
    },
    /** Words that people wrote in a session's own threads on the web channel. Its posts there are the engine's to redraw. */
    forgetWebMessages(session: string): void {
      forget.run(session);
    },
    /** What was said or edited after `since`, in the order in which it was said. */
    webMessages: ({ channel, since, id }: { channel?: string; since?: number; id?: string }): WebMessage[] =>
      (id === undefined ? messages.all({ channel: channel ?? null, since: since ?? null }) : one.all({ id })).map(
        (row) => ({
          ...row,
          reactions: JSON.parse(row.reactions),
          deleted: row.deleted === 1,
        }),
      ),
  };
}

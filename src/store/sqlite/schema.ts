import { index, integer, primaryKey, real, sqliteTable, text, uniqueIndex } from "../drizzle.ts";

/**
 * The tables as TypeScript sees them: rows are typed by these (`$inferSelect`), `migrations/sqlite/` makes them, and a
 * test compares the two. What each table is for, and why its indexes are as they are, stands in the migrations.
 *
 * The store imports only types from here. Its queries are statements prepared once; drizzle's query builder would add
 * 18 MB and 90 ms to every start and its mapping to every row.
 */

export const events = sqliteTable(
  "events",
  {
    stream: text().notNull(),
    revision: integer().notNull(),
    v: integer().notNull(),
    kind: text().notNull(),
    body: text().notNull(),
    at: text().notNull(),
    by: text(),
  },
  (t) => [primaryKey({ columns: [t.stream, t.revision] })],
);

export const texts = sqliteTable(
  "texts",
  { session: text().notNull(), id: text().notNull(), text: text().notNull() },
  (t) => [primaryKey({ columns: [t.session, t.id] })],
);

export const receipts = sqliteTable("receipts", { key: text().primaryKey(), at: integer().notNull() });

export const sessions = sqliteTable(
  "sessions",
  {
    seq: integer().primaryKey(),
    id: text().notNull(),
    name: text().notNull(),
    date: text().notNull(),
    status: text({ enum: ["open", "closed", "cancelled"] }).notNull(),
    home: text().notNull(),
    eventAt: text("event_at").notNull(),
  },
  (t) => [uniqueIndex("sessions_id").on(t.id), index("sessions_home").on(t.home)],
);

export const conversations = sqliteTable(
  "conversations",
  {
    key: text().notNull(),
    session: text()
      .notNull()
      .references(() => sessions.id),
  },
  (t) => [primaryKey({ columns: [t.key, t.session] }), index("conversations_session").on(t.session)],
);

export const participants = sqliteTable(
  "participants",
  {
    person: text().notNull(),
    session: text()
      .notNull()
      .references(() => sessions.id),
  },
  (t) => [primaryKey({ columns: [t.person, t.session] }), index("participants_session").on(t.session)],
);

export const openItems = sqliteTable(
  "open_items",
  {
    person: text().notNull(),
    session: text()
      .notNull()
      .references(() => sessions.id),
    item: text().notNull(),
    sessionName: text("session_name").notNull(),
    eventAt: text("event_at").notNull(),
    kind: text({
      enum: ["question", "confirm", "decide", "claim", "late", "milestone", "condition", "accepted", "given"],
    }).notNull(),
    module: text(),
    question: text(),
    dueAt: text("due_at").notNull(),
    since: text().notNull(),
  },
  (t) => [primaryKey({ columns: [t.person, t.session, t.item] })],
);

export const identities = sqliteTable(
  "identities",
  {
    platform: text({ enum: ["slack", "teams", "web"] }).notNull(),
    workspace: text().notNull(),
    user: text().notNull(),
    person: text().notNull(),
  },
  (t) => [primaryKey({ columns: [t.platform, t.workspace, t.user] }), index("identities_person").on(t.person)],
);

export const outbox = sqliteTable(
  "outbox",
  {
    lane: text().notNull(),
    seq: integer().notNull(),
    id: text().notNull(),
    key: text(),
    class: text({ enum: ["marked", "idempotent", "internal"] }).notNull(),
    effect: text().notNull(),
    session: text(),
    kind: text(),
    due: integer().notNull(),
    notBefore: integer("not_before").notNull(),
    attempts: integer().notNull().default(0),
    uncertain: integer().notNull().default(0),
    state: text({ enum: ["behind", "held", "ready", "claimed"] }).notNull(),
    token: text(),
    leaseUntil: integer("lease_until"),
    error: text(),
  },
  (t) => [
    primaryKey({ columns: [t.lane, t.seq] }),
    uniqueIndex("outbox_key").on(t.key),
    index("outbox_ready").on(t.due, t.seq),
    index("outbox_held").on(t.notBefore, t.due),
    index("outbox_claimed").on(t.leaseUntil),
  ],
);

export const kept = sqliteTable(
  "kept",
  { namespace: text().notNull(), key: text().notNull(), value: text().notNull() },
  (t) => [primaryKey({ columns: [t.namespace, t.key] })],
);

export const webMessages = sqliteTable(
  "web_messages",
  {
    seq: integer().primaryKey(),
    id: text().notNull(),
    channel: text().notNull(),
    thread: text(),
    author: text().notNull(),
    authorName: text("author_name").notNull(),
    text: text().notNull(),
    card: text(),
    mark: text(),
    reactions: text().notNull(),
    onlyFor: text("only_for"),
    sentAt: real("sent_at").notNull(),
    editedAt: real("edited_at"),
    deleted: integer().notNull(),
  },
  (t) => [uniqueIndex("web_messages_id").on(t.id), index("web_messages_channel").on(t.channel, t.sentAt)],
);

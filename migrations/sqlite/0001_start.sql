-- The first schema. Merged migrations are never edited: a later one changes what this one made.
--
-- Small rows that are always read by their key are WITHOUT ROWID: one tree instead of two, so one page less to write
-- per commit. No foreign key cascades: rebuilding a table under a cascade would delete its children.

-- What happened, append-only: the audit trail. A stream is `session:<id>` or `person:<id>`.
-- Words that people wrote stand in `body` only as their id: {"words":"…"}.
CREATE TABLE events (
  stream TEXT NOT NULL,
  revision INTEGER NOT NULL,
  v INTEGER NOT NULL,
  kind TEXT NOT NULL,
  body TEXT NOT NULL,
  at TEXT NOT NULL,
  by TEXT,
  PRIMARY KEY (stream, revision)
) STRICT, WITHOUT ROWID;

-- The words themselves, so that `forget` can delete them and leave who, when and what kind.
CREATE TABLE texts (
  session TEXT NOT NULL,
  id TEXT NOT NULL,
  text TEXT NOT NULL,
  PRIMARY KEY (session, id)
) STRICT, WITHOUT ROWID;

-- Keys of deliveries that were handled; never their content. `at` is machine time in milliseconds.
CREATE TABLE receipts (
  key TEXT NOT NULL PRIMARY KEY,
  at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Lists beside the events, written in the same transaction, and only where they change.
CREATE TABLE sessions (
  seq INTEGER PRIMARY KEY,
  id TEXT NOT NULL,
  name TEXT NOT NULL,
  date TEXT NOT NULL,
  status TEXT NOT NULL,
  home TEXT NOT NULL,
  event_at TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX sessions_id ON sessions (id);
CREATE INDEX sessions_home ON sessions (home);

-- A chat without threads can serve one session after the other, so a conversation may belong to several.
CREATE TABLE conversations (
  key TEXT NOT NULL,
  session TEXT NOT NULL REFERENCES sessions (id),
  PRIMARY KEY (key, session)
) STRICT, WITHOUT ROWID;
CREATE INDEX conversations_session ON conversations (session);

CREATE TABLE participants (
  person TEXT NOT NULL,
  session TEXT NOT NULL REFERENCES sessions (id),
  PRIMARY KEY (person, session)
) STRICT, WITHOUT ROWID;
CREATE INDEX participants_session ON participants (session);

-- `item` is `<kind>/<module>/<question>`: what of the session waits for this person. There is no index by session: the
-- table holds only what is open now, and is read by session once per session and process.
CREATE TABLE open_items (
  person TEXT NOT NULL,
  session TEXT NOT NULL REFERENCES sessions (id),
  item TEXT NOT NULL,
  session_name TEXT NOT NULL,
  event_at TEXT NOT NULL,
  kind TEXT NOT NULL,
  module TEXT,
  question TEXT,
  due_at TEXT NOT NULL,
  since TEXT NOT NULL,
  PRIMARY KEY (person, session, item)
) STRICT, WITHOUT ROWID;

-- Ids of one person on several platforms. `person` is the id under which they were met first.
CREATE TABLE identities (
  platform TEXT NOT NULL,
  workspace TEXT NOT NULL,
  user TEXT NOT NULL,
  person TEXT NOT NULL,
  PRIMARY KEY (platform, workspace, user)
) STRICT, WITHOUT ROWID;
CREATE INDEX identities_person ON identities (person);

-- Stored wishes. A lane is worked off by its head, in order of `seq`. States:
--   behind   not the head of its lane
--   held     head; waits for the machine clock (`not_before`)
--   ready    head; waits at most for the calendar (`due`)
--   claimed  head; a worker has it until `lease_until`
-- A settled row is deleted, so the table holds only what is still to be done.
CREATE TABLE outbox (
  lane TEXT NOT NULL,
  seq INTEGER NOT NULL,
  id TEXT NOT NULL,
  key TEXT,
  class TEXT NOT NULL,
  effect TEXT NOT NULL,
  session TEXT,
  kind TEXT,
  due INTEGER NOT NULL,
  not_before INTEGER NOT NULL,
  attempts INTEGER NOT NULL DEFAULT 0,
  uncertain INTEGER NOT NULL DEFAULT 0,
  state TEXT NOT NULL CHECK (state IN ('behind', 'held', 'ready', 'claimed')),
  token TEXT,
  lease_until INTEGER,
  error TEXT,
  PRIMARY KEY (lane, seq)
) STRICT, WITHOUT ROWID;
-- A key is unique among rows that wait; one that a worker has in hand no longer counts.
CREATE UNIQUE INDEX outbox_key ON outbox (key) WHERE key IS NOT NULL AND state <> 'claimed';
-- What a claim reads: only heads are in these, in the order in which they are taken.
CREATE INDEX outbox_ready ON outbox (due, seq) WHERE state = 'ready';
CREATE INDEX outbox_held ON outbox (not_before, due) WHERE state = 'held';
CREATE INDEX outbox_claimed ON outbox (lease_until) WHERE state = 'claimed';

-- Small things that adapters keep: conversation references, installations, last-seen times.
CREATE TABLE kept (
  namespace TEXT NOT NULL,
  key TEXT NOT NULL,
  value TEXT NOT NULL,
  PRIMARY KEY (namespace, key)
) STRICT, WITHOUT ROWID;

-- The web channel's own log.
CREATE TABLE web_messages (
  seq INTEGER PRIMARY KEY,
  id TEXT NOT NULL,
  channel TEXT NOT NULL,
  thread TEXT,
  author TEXT NOT NULL,
  author_name TEXT NOT NULL,
  text TEXT NOT NULL,
  card TEXT,
  mark TEXT,
  reactions TEXT NOT NULL,
  only_for TEXT,
  sent_at REAL NOT NULL,
  edited_at REAL,
  deleted INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX web_messages_id ON web_messages (id);
CREATE INDEX web_messages_channel ON web_messages (channel, sent_at);

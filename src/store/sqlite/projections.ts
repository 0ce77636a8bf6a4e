import type Database from "better-sqlite3";
import type { SessionId } from "../../domain/ids.ts";
import type { Projection } from "../../domain/ports.ts";
import type { OpenItem, SessionRow } from "../../domain/session.ts";
import type { openItems } from "./schema.ts";

/** What the lists hold of one session: its row, and the keys (with their content) of everything beside it. */
export type Projected = {
  row: SessionRow | undefined;
  conversations: readonly string[];
  people: readonly string[];
  items: readonly OpenItem[];
};

type ItemRow = typeof openItems.$inferSelect;

export const ITEM_COLUMNS = `person, session, item, session_name "sessionName", event_at "eventAt", kind, module, question,
  due_at "dueAt", since`;

/**
 * The lists of sessions, conversations, people and open items: only rows that differ are written. `onMoved`: which
 * session a conversation leads to may have changed.
 */
export function createProjections(db: Database.Database, onMoved: () => void) {
  const getRow = db.prepare<[string], SessionRow>(
    'SELECT id, name, date, status, home, event_at "eventAt" FROM sessions WHERE id = ?',
  );
  const putRow = db.prepare<[string, string, string, string, string, string]>(
    `INSERT INTO sessions (id, name, date, status, home, event_at) VALUES (?, ?, ?, ?, ?, ?)
     ON CONFLICT (id) DO UPDATE SET name = excluded.name, date = excluded.date, status = excluded.status,
       home = excluded.home, event_at = excluded.event_at`,
  );
  const getConversations = db.prepare<[string], { key: string }>("SELECT key FROM conversations WHERE session = ?");
  const putConversation = db.prepare<[string, string]>("INSERT INTO conversations (key, session) VALUES (?, ?)");
  const dropConversation = db.prepare<[string, string]>("DELETE FROM conversations WHERE key = ? AND session = ?");
  const getPeople = db.prepare<[string], { person: string }>("SELECT person FROM participants WHERE session = ?");
  const putPerson = db.prepare<[string, string]>("INSERT INTO participants (person, session) VALUES (?, ?)");
  const dropPerson = db.prepare<[string, string]>("DELETE FROM participants WHERE person = ? AND session = ?");
  // Items lie by person: found through the session's people, so that what it costs doesn't grow with other sessions.
  const getItems = db.prepare<[string, string], ItemRow>(
    `SELECT ${ITEM_COLUMNS} FROM open_items
     WHERE person IN (SELECT person FROM participants WHERE session = +?) AND session = +?`,
  );
  const putItem = db.prepare<
    [string, string, string, string, string, string, string | null, string | null, string, string]
  >(
    `INSERT INTO open_items (person, session, item, session_name, event_at, kind, module, question, due_at, since)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT DO UPDATE SET session_name = excluded.session_name, event_at = excluded.event_at,
       due_at = excluded.due_at, since = excluded.since`,
  );
  const dropItem = db.prepare<[string, string, string]>(
    "DELETE FROM open_items WHERE person = ? AND session = ? AND item = ?",
  );

  return {
    /** What the lists hold now; compared with, so that a change of the projecting code heals them too. */
    read(id: SessionId): Projected {
      return {
        row: getRow.get(id),
        conversations: getConversations.all(id).map(({ key }) => key),
        people: getPeople.all(id).map(({ person }) => person),
        items: getItems.all(id, id).map(openItemOf),
      };
    },

    write(id: SessionId, before: Projected, { row, conversations, people, openItems: items }: Projection): Projected {
      // First: the others refer to it.
      if (!sameRow(row, before.row)) {
        putRow.run(id, row.name, row.date, row.status, row.home, row.eventAt);
        onMoved();
      }
      if (!sameList(conversations, before.conversations)) {
        onMoved();
        for (const key of added(conversations, before.conversations)) putConversation.run(key, id);
        for (const key of added(before.conversations, conversations)) dropConversation.run(key, id);
      }
      if (!sameList(people, before.people)) {
        for (const person of added(people, before.people)) putPerson.run(person, id);
        for (const person of added(before.people, people)) dropPerson.run(person, id);
      }
      if (!sameList(items, before.items, (a, b) => itemKey(a) === itemKey(b) && sameItem(a, b))) {
        const [old, current] = [itemsByKey(before.items), itemsByKey(items)];
        for (const [key, item] of current) if (!sameItem(item, old.get(key))) put(id, item);
        for (const [key, item] of old) if (!current.has(key)) dropItem.run(item.person, id, itemName(item));
      }
      return { row, conversations, people, items };
    },
  };

  function put(id: SessionId, item: OpenItem): void {
    const { person, sessionName, eventAt, kind, module, question, dueAt, since } = item;
    const name = itemName(item);
    putItem.run(person, id, name, sessionName, eventAt, kind, module ?? null, question ?? null, dueAt, since);
  }
}

/** A stored open item: absent members are null there. */
export function openItemOf({ item: _, module, question, ...row }: ItemRow): OpenItem {
  return { ...row, ...(module !== null && { module }), ...(question !== null && { question }) };
}

function itemName({ kind, module, question }: OpenItem): string {
  return `${kind}/${module ?? ""}/${question ?? ""}`;
}

/** `<person> <kind>/<module>/<question>`: one row each. */
function itemKey(item: OpenItem): string {
  return `${item.person} ${itemName(item)}`;
}

function itemsByKey(items: readonly OpenItem[]): Map<string, OpenItem> {
  return new Map(items.map((item) => [itemKey(item), item]));
}

/** Whether there is nothing to compare: an answer leaves nearly all of a session's lists as they were. */
function sameList<T>(a: readonly T[], b: readonly T[], same?: (a: T, b: T) => boolean): boolean {
  return (
    a.length === b.length &&
    a.every((one, i) => {
      const other = b[i];
      return one === other || (other !== undefined && same?.(one, other) === true);
    })
  );
}

/** What `now` holds and `before` doesn't, once each. */
function added(now: readonly string[], before: readonly string[]): Set<string> {
  const known = new Set(before);
  return new Set(now.filter((key) => !known.has(key)));
}

/** Of two items with the same key: whether there is nothing to write. */
function sameItem(a: OpenItem, b: OpenItem | undefined): boolean {
  if (a === b) return true;
  if (!b) return false;
  return a.sessionName === b.sessionName && a.eventAt === b.eventAt && a.dueAt === b.dueAt && a.since === b.since;
}

function sameRow(a: SessionRow, b: SessionRow | undefined): boolean {
  if (!b || a.name !== b.name || a.date !== b.date) return false;
  return a.status === b.status && a.home === b.home && a.eventAt === b.eventAt;
}

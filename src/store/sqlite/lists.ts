import type Database from "better-sqlite3";
import { type Identity, identityOf, type PersonId, personId, type SessionId } from "../../domain/ids.ts";
import type { OpenItem, SessionRow } from "../../domain/session.ts";
import { ITEM_COLUMNS, openItemOf } from "./projections.ts";

type ItemRow = Parameters<typeof openItemOf>[0];

/** How many sessions are offered when it isn't clear which one is meant. */
const MOST_CANDIDATES = 20;

/** Finds sessions, people and what waits for them. (`+?` keeps statements prepared: see `outbox-sql.ts`.) */
export function createLists(db: Database.Database) {
  const row = 's.id, s.name, s.date, s.status, s.home, s.event_at "eventAt"';
  const all = db.prepare<[], SessionRow>(`SELECT ${row} FROM sessions s ORDER BY s.seq`);
  const open = db.prepare<[], SessionRow>(`SELECT ${row} FROM sessions s WHERE s.status = 'open' ORDER BY s.seq`);
  // A chat without threads may have served several sessions: the open one, else the newest.
  const byConversation = db.prepare<[string], { id: SessionId }>(
    `SELECT s.id FROM conversations c JOIN sessions s ON s.id = c.session WHERE c.key = +?
     ORDER BY s.status = 'open' DESC, s.seq DESC LIMIT 1`,
  );
  const openIn = db.prepare<[string], { id: SessionId }>(
    "SELECT id FROM sessions WHERE home = +? AND status = 'open' ORDER BY seq DESC LIMIT 1",
  );
  const heldIn = db.prepare<[string, number], SessionRow>(
    `SELECT ${row} FROM sessions s WHERE s.home = +? ORDER BY s.seq DESC LIMIT +?`,
  );
  const openOf = db.prepare<[string, number], SessionRow>(
    `SELECT ${row} FROM sessions s WHERE s.status = 'open' AND s.id IN
       (SELECT p.session FROM participants p WHERE p.person IN (SELECT value FROM json_each(+?)))
     ORDER BY s.seq LIMIT +?`,
  );
  const endedIn = db.prepare<[string], { id: SessionId }>(
    "SELECT id FROM sessions WHERE home = +? AND status <> 'open' ORDER BY seq DESC LIMIT 1",
  );
  const endedOf = db.prepare<[string], { id: SessionId }>(
    `SELECT s.id FROM sessions s WHERE s.status <> 'open' AND s.id IN
       (SELECT p.session FROM participants p WHERE p.person IN (SELECT value FROM json_each(+?)))
     ORDER BY s.seq DESC LIMIT 1`,
  );
  const items = db.prepare<[], ItemRow>(`SELECT ${ITEM_COLUMNS} FROM open_items ORDER BY due_at, session, item`);
  const itemsOf = db.prepare<[string], ItemRow>(
    `SELECT ${ITEM_COLUMNS} FROM open_items WHERE person IN (SELECT value FROM json_each(+?))
     ORDER BY due_at, session, item`,
  );
  const personOf = db.prepare<[string, string, string], { person: PersonId }>(
    "SELECT person FROM identities WHERE platform = ? AND workspace = ? AND user = ?",
  );
  const identitiesOf = db.prepare<[string], Identity>(
    "SELECT platform, workspace, user FROM identities WHERE person = +? ORDER BY platform, workspace, user",
  );
  const link = db.prepare<[string, string, string, string]>(
    `INSERT INTO identities (platform, workspace, user, person) VALUES (?, ?, ?, ?)
     ON CONFLICT DO UPDATE SET person = excluded.person`,
  );

  const unlink = db.prepare<[string, string, string]>(
    "DELETE FROM identities WHERE platform = ? AND workspace = ? AND user = ?",
  );

  // Asked for with every input, changed when two ids are linked: by this process alone, and rarely.
  const canonicals = new Map<PersonId, PersonId>();
  const others = new Map<PersonId, Identity[]>();
  // null: it leads to no session.
  const conversations = new Map<string, SessionId | null>();

  /** The id under which somebody was met first; their own if they were never linked. */
  function canonical(id: PersonId): PersonId {
    return remembered(canonicals, id, () => {
      const { platform, workspace, user } = identityOf(id);
      return personOf.get(platform, workspace, user)?.person ?? id;
    });
  }

  /** After a link, and after one that was undone. */
  function forgetIdentities(): void {
    canonicals.clear();
    others.clear();
  }

  /** After a session got a conversation, lost one, or was opened or closed. */
  function forgetConversations(): void {
    conversations.clear();
  }

  function otherIds(person: PersonId): Identity[] {
    const first = canonical(person);
    return [identityOf(first), ...identitiesOf.all(first).filter((identity) => personId(identity) !== first)].filter(
      (identity) => personId(identity) !== person,
    );
  }

  /** Every id of the same person, as a JSON array for `json_each`. */
  function everyId(id: PersonId): string {
    const person = canonical(id);
    return JSON.stringify([...new Set([person, id, ...identitiesOf.all(person).map(personId)])]);
  }

  return {
    canonical,
    sessions: (status?: "open"): SessionRow[] => (status === "open" ? open.all() : all.all()),
    inConversation: (key: string): SessionId | undefined =>
      remembered(conversations, key, () => byConversation.get(key)?.id ?? null) ?? undefined,
    openInChannel: (key: string): SessionId | undefined => openIn.get(key)?.id,
    /** Sessions that were held in this channel, newest first. */
    heldInChannel: (key: string): SessionRow[] => heldIn.all(key, MOST_CANDIDATES),
    /** The newest session of this channel, of this person, that is over. */
    endedInChannel: (key: string): SessionId | undefined => endedIn.get(key)?.id,
    endedOf: (person: PersonId): SessionId | undefined => endedOf.get(everyId(person))?.id,
    openOf: (person: PersonId): SessionRow[] => openOf.all(everyId(person), MOST_CANDIDATES),
    openItems: (person?: PersonId): OpenItem[] =>
      (person === undefined ? items.all() : itemsOf.all(everyId(person))).map(openItemOf),
    identities: (person: PersonId): Identity[] => remembered(others, person, () => otherIds(person)),
    unlink({ platform, workspace, user }: Identity): void {
      unlink.run(platform, workspace, user);
      forgetIdentities();
    },
    link({ platform, workspace, user }: Identity, person: PersonId): void {
      link.run(platform, workspace, user, canonical(person));
      forgetIdentities();
    },
    forgetConversations,
    /** What was looked up in a transaction that is undone. */
    forgetAll(): void {
      forgetIdentities();
      forgetConversations();
    },
  };
}

/** People and conversations of a few workspaces: more are looked up anew. */
const MOST_REMEMBERED = 20_000;

function remembered<T>(known: Map<PersonId, T>, id: PersonId, look: () => T): T {
  const found = known.get(id);
  if (found !== undefined) return found;
  const looked = look();
  if (known.size >= MOST_REMEMBERED) known.clear();
  known.set(id, looked);
  return looked;
}

import type Database from "better-sqlite3";
import type { PersonId, SessionId } from "../../domain/ids.ts";
import type { Person, PersonEvent } from "../../domain/person.ts";
import type { StoreModel } from "../../domain/ports.ts";
import type { Session, SessionState } from "../../domain/session.ts";
import type { SessionEvent } from "../../domain/session-event.ts";
import { Memory } from "../memory.ts";
import { personStream, sessionStream } from "../stored.ts";
import { fromStored, toStored } from "../words.ts";
import { createProjections, type Projected } from "./projections.ts";

/** A folded session. `projected` is what the lists hold of it; read when the first event is appended. */
type HeldSession = { state: SessionState; revision: number; projected: Projected | undefined };
type HeldPerson = { person: Person; revision: number };

/** A session's state is some tens of kilobytes; a team has a handful open at a time. */
const SESSIONS_IN_MEMORY = 200;
const PERSONS_IN_MEMORY = 2_000;

export type SqliteStreams = ReturnType<typeof createStreams>;

/**
 * Events of sessions and persons, the words in them, and what is folded from them. State is kept in memory and folded
 * on with each event, so that an answer costs its own events and not the session's history.
 */
export function createStreams(db: Database.Database, model: StoreModel, onMoved: () => void) {
  const sessions = new Memory<HeldSession>(SESSIONS_IN_MEMORY);
  const persons = new Memory<HeldPerson>(PERSONS_IN_MEMORY);
  const projections = createProjections(db, onMoved);

  const append = db.prepare<[string, number, number, string, string, string, string | null]>(
    "INSERT INTO events (stream, revision, v, kind, body, at, by) VALUES (?, ?, ?, ?, ?, ?, ?)",
  );
  const stored = db.prepare<[string], { v: number; body: string }>(
    "SELECT v, body FROM events WHERE stream = +? ORDER BY revision",
  );
  const putText = db.prepare<[string, string, string]>(
    "INSERT INTO texts (session, id, text) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
  );
  const texts = db.prepare<[string], { id: string; text: string }>("SELECT id, text FROM texts WHERE session = ?");
  const deleteTexts = db.prepare<[string]>("DELETE FROM texts WHERE session = ?");

  function appendTo(stream: string, owner: string, revision: number, event: SessionEvent | PersonEvent): void {
    const body = toStored(event, (id, text) => putText.run(owner, id, text));
    const by = "by" in event ? (event.by ?? null) : null;
    append.run(stream, revision, model.eventVersion, event.kind, body, event.at, by);
  }

  function bodies(stream: string, owner: string): { v: number; body: unknown }[] {
    const rows = stored.all(stream);
    if (rows.length === 0) return [];
    const words = new Map(texts.all(owner).map(({ id, text }) => [id, text]));
    return rows.map(({ v, body }) => ({ v, body: fromStored(body, words) }));
  }

  const sessionEvents = (id: SessionId): SessionEvent[] =>
    bodies(sessionStream(id), id).map((event) => model.upgradeSessionEvent(event));

  function readSession(id: SessionId): HeldSession | undefined {
    const events = sessionEvents(id);
    const state = foldSession(model, { status: "none" }, events);
    return state && { state, revision: events.length, projected: undefined };
  }

  function readPerson(id: PersonId): HeldPerson {
    const stream = personStream(id);
    const events = bodies(stream, stream).map((event) => model.upgradePersonEvent(event));
    const person = events.reduce((folded, event) => model.evolvePerson(folded, event), model.newPerson(id));
    return { person, revision: events.length };
  }

  function heldSession(id: SessionId): HeldSession | undefined {
    const held = sessions.get(id);
    if (held) return held;
    const read = readSession(id);
    if (read) remember(sessions, id, read);
    return read;
  }

  function heldPerson(id: PersonId): HeldPerson {
    const held = persons.get(id);
    if (held) return held;
    const read = readPerson(id);
    remember(persons, id, read);
    return read;
  }

  function remember<V>(memory: Memory<V>, key: string, value: V): void {
    if (db.inTransaction) memory.set(key, value);
    else memory.setCommitted(key, value);
  }

  return {
    session: (id: SessionId): Session => heldSession(id)?.state ?? { status: "none" },
    sessionEvents,
    person: (id: PersonId): Person => heldPerson(id).person,

    /**
     * Appends to a session (new or not), folds it on, and brings its lists up to date. `folded` saves the folding, if
     * it is of just these events.
     */
    appendToSession(id: SessionId, events: SessionEvent[], folded?: SessionState): void {
      if (events.length === 0) return;
      const held = heldSession(id);
      const revision = held?.revision ?? 0;
      events.forEach((event, i) => {
        appendTo(sessionStream(id), id, revision + i + 1, event);
      });
      const state =
        folded?.id === id && folded.revision === revision + events.length
          ? folded
          : foldSession(model, held?.state ?? { status: "none" }, events);
      if (!state) return;
      const projected = projections.write(id, held?.projected ?? projections.read(id), model.project(state));
      sessions.set(id, { state, revision: revision + events.length, projected });
    },

    appendToPerson(id: PersonId, events: PersonEvent[]): void {
      if (events.length === 0) return;
      const held = heldPerson(id);
      const stream = personStream(id);
      events.forEach((event, i) => {
        appendTo(stream, stream, held.revision + i + 1, event);
      });
      const person = events.reduce((folded, event) => model.evolvePerson(folded, event), held.person);
      persons.set(id, { person, revision: held.revision + events.length });
    },

    /** Deletes what people wrote in a session; its events stay, their words are null from now on. */
    forget(id: SessionId): void {
      deleteTexts.run(id);
      sessions.drop(id);
    },

    jobEnded(kept: boolean): void {
      sessions.endJob(kept);
      persons.endJob(kept);
    },
    batchEnded(committed: boolean): void {
      sessions.endBatch(committed);
      persons.endBatch(committed);
    },
  };
}

function foldSession(model: StoreModel, session: Session, events: SessionEvent[]): SessionState | undefined {
  let state = session;
  for (const event of events) state = model.evolveSession(state, event);
  return state.status === "none" ? undefined : state;
}

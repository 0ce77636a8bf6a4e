import type Database from "better-sqlite3";
import { StoreUnavailableError } from "../../domain/errors.ts";
import type { SessionId } from "../../domain/ids.ts";
import type { Decision, Loaded, Machine, Outcome, Store, StoreModel, TransitionRequest } from "../../domain/ports.ts";
import type { OpenItem, Session, SessionState } from "../../domain/session.ts";
import { createGroupCommit } from "../group-commit.ts";
import { noLog, type StoreLog } from "../stored.ts";
import { unavailable } from "../unavailable.ts";
import { createCheckpoints } from "./checkpoints.ts";
import { createLists } from "./lists.ts";
import { takeOverSync } from "./log-sync.ts";
import { createOutbox } from "./outbox.ts";
import { createReceipts } from "./receipts.ts";
import { createSideTables } from "./side-tables.ts";
import { createStreams } from "./streams.ts";

export type SqliteStoreOptions = {
  model: StoreModel;
  machine: Machine;
  log?: StoreLog;
  /** The disk refused to keep what was written: only a new process, reading what is there, knows what is true. */
  onBroken?: () => void;
  /** After the connection was closed. */
  onClose?: () => void;
};

const PRUNE_EVERY_MS = 3_600_000;

/**
 * The {@link Store} over one open, migrated SQLite connection that nobody else writes to. Leases found in it are a
 * dead predecessor's and end at once.
 *
 * `Target.person` may be any of a person's ids; loaded is the person under the id they were met first. Candidates, where
 * no session was found: those held in the channel, newest first, then the person's open ones.
 */
export function createSqliteStore(db: Database.Database, options: SqliteStoreOptions): Store {
  const { model, machine, log = noLog } = options;
  const lists = createLists(db);
  const streams = createStreams(db, model, lists.forgetConversations);
  const outbox = createOutbox(db);
  const receipts = createReceipts(db);
  const side = createSideTables(db);
  const listeners: (() => void)[] = [];

  let closing = false;
  let newWork = false;
  let forgot = false;
  const checkpoints = createCheckpoints(db, log);
  const disk = takeOverSync(db);
  const commits = createGroupCommit(
    db,
    {
      jobEnded(kept) {
        streams.jobEnded(kept);
        if (!kept) lists.forgetAll();
      },
      batchEnded(committed) {
        streams.batchEnded(committed);
        if (!committed) lists.forgetAll();
        if (committed) checkpoints.committed();
        if (committed && forgot) emptyLog();
        if (committed && newWork) tellListeners();
        newWork = false;
        forgot = false;
      },
      syncFailed(err) {
        log.error({ err }, "The disk could not keep what was written");
        options.onBroken?.();
      },
    },
    disk.sync,
  );

  let pruneAt = 0;
  function pruneNowAndThen(): void {
    const now = machine.now();
    if (now < pruneAt) return;
    pruneAt = now + PRUNE_EVERY_MS;
    commits.write(() => receipts.prune(now)).catch((err) => log.warn({ err }, "Old receipts could not be removed"));
  }

  /** The log still holds forgotten words until it is copied into the database and emptied. */
  function emptyLog(): void {
    try {
      db.pragma("wal_checkpoint(TRUNCATE)");
    } catch (err) {
      log.warn({ err }, "The log could not be emptied after forgetting; it will be with the next checkpoint");
    }
  }

  function tellListeners(): void {
    for (const listener of listeners) {
      try {
        listener();
      } catch (err) {
        log.error({ err }, "A listener for new outbox work failed");
      }
    }
  }

  /** A write that may add or free work for the outbox. */
  function writeWork<T>(job: () => T): Promise<T> {
    return commits.write(() => {
      newWork = true;
      return job();
    });
  }

  /** A read of what is committed. It can't run within a transaction: those don't yield. */
  async function read<T>(query: () => T): Promise<T> {
    if (!db.open) throw new StoreUnavailableError("The store is closed.");
    try {
      return query();
    } catch (error) {
      throw unavailable(error);
    }
  }

  function load(target: TransitionRequest["target"]): Loaded {
    const person = target.person === undefined ? undefined : lists.canonical(target.person);
    const found = find(target, person);
    const openItems = target.openItems && person !== undefined ? lists.openItems(person) : [];
    return {
      ...found,
      person: person === undefined ? model.newPerson("") : streams.person(person),
      openItems,
      ...(target.sessions === true ? { sessions: sessionsOf(openItems) } : {}),
    };
  }

  function sessionsOf(items: readonly OpenItem[]): Map<SessionId, SessionState> {
    const sessions = new Map<SessionId, SessionState>();
    for (const id of new Set(items.map((item) => item.session))) {
      const session = sessionOf(id);
      if (session.status !== "none") sessions.set(id, session);
    }
    return sessions;
  }

  function find(
    target: TransitionRequest["target"],
    person: string | undefined,
  ): Pick<Loaded, "session" | "candidates"> {
    const ids = [
      () => target.session,
      () => (target.conversation === undefined ? undefined : lists.inConversation(target.conversation)),
      () => (target.channel === undefined ? undefined : lists.openInChannel(target.channel)),
    ];
    for (const id of ids) {
      const session = sessionOf(id());
      if (session.status !== "none") return { session, candidates: [] };
    }
    const none = { status: "none" } as const;
    if (!target.direct && target.channel === undefined) return { session: none, candidates: [] };
    const own = person === undefined ? [] : lists.openOf(person);
    if (target.direct && own.length === 1) return { session: sessionOf(own[0]?.id), candidates: [] };
    const ended = target.ended ? sessionOf(newestEnded(target, person, own.length === 0)) : none;
    if (ended.status !== "none") return { session: ended, candidates: [] };
    const here = target.channel === undefined ? [] : lists.heldInChannel(target.channel);
    const elsewhere = own.filter((row) => here.every(({ id }) => id !== row.id));
    return { session: none, candidates: [...here, ...elsewhere] };
  }

  /** In a direct chat only where nothing of theirs is open: otherwise one of those is meant. */
  function newestEnded(
    { direct, channel }: TransitionRequest["target"],
    person: string | undefined,
    noneOpen: boolean,
  ): string | undefined {
    if (direct) return person !== undefined && noneOpen ? lists.endedOf(person) : undefined;
    return channel === undefined ? undefined : lists.endedInChannel(channel);
  }

  function sessionOf(id: string | undefined): Session {
    return id === undefined ? { status: "none" } : streams.session(id);
  }

  function run(request: TransitionRequest, decide: (loaded: Loaded) => Decision): Outcome {
    const { settles } = request;
    if (!receipts.take(request.receipts, machine.now())) {
      // Its work was done by an earlier delivery; a row that is still claimed for it would only come round again.
      if (settles) outbox.settle(settles.id, settles.token);
      return { kind: "duplicate" };
    }
    if (settles && !outbox.settle(settles.id, settles.token)) {
      receipts.giveBack(request.receipts);
      return { kind: "lost_claim" };
    }
    const loaded = load(request.target);
    const decision = decide(loaded);
    store(decision, loaded);
    putWebMessage(request.webMessage);
    return decision.outcome;
  }

  function store(decision: Decision, loaded: Loaded): void {
    const { sessionEvents, personEvents } = decision;
    const session = decision.sessionId ?? (loaded.session.status === "none" ? undefined : loaded.session.id);
    if (sessionEvents.length > 0) {
      if (session === undefined) throw new Error("A decision with events of a new session must give its sessionId.");
      streams.appendToSession(session, sessionEvents, decision.folded);
    }
    if (personEvents.length > 0) {
      if (loaded.person.id === "") throw new Error("A decision with events of a person needs a target with a person.");
      streams.appendToPerson(loaded.person.id, personEvents);
    }
    for (const key of decision.cancel) outbox.cancel(key);
    for (const item of decision.outbox) outbox.add(item);
    if (decision.forget !== undefined) {
      streams.forget(decision.forget);
      side.forgetWebMessages(decision.forget);
      forgot = true;
    }
  }

  function putWebMessage(message: TransitionRequest["webMessage"]): void {
    if (!message) return;
    if ("put" in message) side.putWebMessage(message.put);
    else if ("edit" in message) side.editWebMessage(message.edit);
    else side.removeWebMessage(message.remove.id);
  }

  // Whoever held these leases is gone: this process holds the lock.
  let voided = db.transaction(() => outbox.voidLeases(Number.MAX_SAFE_INTEGER))();

  return {
    transition(request, decide) {
      pruneNowAndThen();
      return writeWork(() => run(request, decide));
    },

    session: (id) =>
      read(() => {
        const session = streams.session(id);
        return session.status === "none" ? undefined : session;
      }),
    sessions: (filter) => read(() => lists.sessions(filter?.status)),
    sessionEvents: (id) => read(() => streams.sessionEvents(id)),
    person: (id) => read(() => streams.person(lists.canonical(id))),
    openItems: (person) => read(() => lists.openItems(person)),
    identities: (person) => read(() => lists.identities(person)),
    linkIdentity: (identity, person) => commits.write(() => lists.link(identity, person)),
    unlinkIdentity: (identity) => commits.write(() => lists.unlink(identity)),

    async claim(at) {
      if (!(await read(() => outbox.hasWork(at)))) return [];
      return commits.write(() => outbox.claim(at));
    },
    settle: (id, token) => writeWork(() => outbox.settle(id, token)),
    retry: (id, token, again) => writeWork(() => outbox.retry(id, token, again)),
    enqueue: (items) =>
      writeWork(() => {
        for (const item of items) outbox.add(item);
      }),
    async voidLeases(until) {
      const lapsed = await writeWork(() => outbox.voidLeases(until));
      const all = lapsed + voided;
      voided = 0;
      return all;
    },
    next: () => read(() => outbox.next()),
    counts: (calendar) => read(() => outbox.counts(calendar)),
    releaseMachineWaits: () => writeWork(() => outbox.releaseMachineWaits()),
    onWork(listener) {
      listeners.push(listener);
    },

    webMessages: (filter) => read(() => side.webMessages(filter)),
    putWebMessage: (message) => commits.write(() => side.putWebMessage(message)),

    keep: (namespace, key, value) => commits.write(() => side.keep(namespace, key, value)),
    kept: (namespace, key, parse) =>
      read(() => {
        const value = side.kept(namespace, key);
        return value === undefined ? undefined : parse(value);
      }),
    keptAll: (namespace, parse) =>
      read(() => side.keptAll(namespace).map(({ key, value }) => ({ key, value: parse(value) }))),
    drop: (namespace, key) => commits.write(() => side.drop(namespace, key)),

    async close() {
      if (closing) return;
      closing = true;
      await commits.close();
      await Promise.all([checkpoints.close(), disk.close()]);
      db.close();
      options.onClose?.();
    },
  };
}

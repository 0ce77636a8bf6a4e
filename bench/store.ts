import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type Database from "better-sqlite3";
import type { Decision, Loaded, StoreModel, Target } from "../src/domain/ports.ts";
import { migrate } from "../src/store/migrate.ts";
import { connect } from "../src/store/open.ts";
import { createSqliteStore } from "../src/store/sqlite/store.ts";
import {
  answered,
  asked,
  decision,
  PRIYA,
  settled,
  started,
  threadWanted,
  tinyModel,
  wish,
} from "../test/src/store/tiny-model.ts";

export type Measure = { name: string; value: number; unit: string };

/** What an answer makes the store do, told by whoever knows: the tiny model here, or the real engine. */
export type Conversation = {
  model: StoreModel;
  start(session: string): { target: Target; decide: (loaded: Loaded) => Decision };
  /** The `n`th answer of a person in a session. */
  answer(session: string, person: number, n: number): { target: Target; decide: (loaded: Loaded) => Decision };
};

const ANSWER =
  "We run in three AZs behind an ALB; the batch group has one, but it isn't on the event path. Failover was tested in May, 4 minutes.";

/** As the engine does it: the answer and its receipt, the next question in its thread, and what reminds of it. */
export const tinyConversation: Conversation = {
  model: tinyModel,
  start: (session) => ({
    target: { person: PRIYA },
    decide: () =>
      decision({
        sessionId: session,
        sessionEvents: [started(session), ...[0, 1, 2, 3, 4].map((k) => threadWanted(`${session}-${k}`))],
      }),
  }),
  answer(session, k, n) {
    const person = `web:local:owner-${k}`;
    const thread = `${session}-${k}`;
    return {
      target: { conversation: `web:local:checkout#${thread}`, person },
      decide: () =>
        decision({
          sessionEvents: [
            answered(`Q${k}_${n}`, person, ANSWER, `m-${thread}-${n}`),
            settled(`Q${k}_${n}`, person),
            asked(`Q${k}_${n + 1}`, person),
          ],
          outbox: [
            wish(`r-${thread}-${n}`, { lane: `react-${thread}`, class: "idempotent" }),
            wish(`p-${thread}-${n}`, { lane: thread }),
            wish(`h-${thread}-${n}`, { lane: `header-${session}`, key: `header-${session}`, class: "idempotent" }),
            wish(`d-${thread}-${n}`, { lane: `d-${thread}`, key: `nudge-${thread}`, due: 9e12, class: "internal" }),
          ],
        }),
    };
  },
};

const OWNERS = 5;
const QUESTIONS_EACH = 5;

export type Figures = { ours: number; bare: number; rowsPerAnswer: number };

/**
 * Answers per second through `transition`, `people` at once in sessions of five owners, against bare inserts of as many
 * rows in as many commits. The two take turns, so that a busy machine slows both.
 */
export async function measure(people: number, answers: number, conversation = tinyConversation): Promise<Figures> {
  const folder = mkdtempSync(join(tmpdir(), "t-minus-bench-"));
  try {
    const db = connect(join(folder, "store.db"));
    migrate(db, { now: 0 });
    const store = createSqliteStore(db, { model: conversation.model, machine: { now: () => Date.now() } });
    const bare = bareTable(join(folder, "bare.db"));
    const answering = Array.from({ length: people }, (_, i) => ({
      session: Math.floor(i / OWNERS),
      owner: i % OWNERS,
    }));
    const sessions = [...new Set(answering.map(({ session }) => session))];
    const rounds = Math.ceil(answers / people);
    let ours = 0;
    let theirs = 0;
    let rows = 0;
    for (let round = 0; round < rounds; round++) {
      const run = Math.floor(round / QUESTIONS_EACH);
      if (round % QUESTIONS_EACH === 0) {
        for (const session of sessions) {
          const { target, decide } = conversation.start(`s${run}-${session}`);
          await store.transition({ receipts: [`start-${run}-${session}`], target }, decide);
        }
      }
      const before = changes(db);
      const begun = performance.now();
      await Promise.all(
        answering.map(({ session, owner }) => {
          const { target, decide } = conversation.answer(`s${run}-${session}`, owner, round % QUESTIONS_EACH);
          return store.transition({ receipts: [`web:${round}:${session}:${owner}`], target }, decide);
        }),
      );
      ours += performance.now() - begun;
      const written = changes(db) - before;
      rows += written;
      theirs += bare.insert(written);
      // A worker empties the outbox meanwhile; that isn't timed.
      const items = await store.claim({ calendar: 1, machine: 1, lease: 1_000, limit: 1_000 });
      await Promise.all(items.map(({ id, token }) => store.settle(id, token)));
    }
    await store.close();
    bare.close();
    const count = rounds * people;
    return { ours: (count * 1_000) / ours, bare: (count * 1_000) / theirs, rowsPerAnswer: rows / count };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** One plain table with the same settings, appended to; rows are as long as a stored event. */
function bareTable(path: string): { insert(rows: number): number; close(): void } {
  const db = connect(path);
  db.exec("CREATE TABLE bare (id INTEGER PRIMARY KEY, session TEXT, body TEXT)");
  const insert = db.prepare("INSERT INTO bare (session, body) VALUES (?, ?)");
  const body = "x".repeat(200);
  const insertAll = db.transaction((rows: number) => {
    for (let i = 0; i < rows; i++) insert.run(`s-${i}`, body);
  });
  return {
    insert(rows) {
      const begun = performance.now();
      insertAll(rows);
      return performance.now() - begun;
    },
    close: () => db.close(),
  };
}

function changes(db: Database.Database): number {
  return db.prepare<[], { n: number }>("SELECT total_changes() n").get()?.n ?? 0;
}

export async function run(conversation = tinyConversation): Promise<Measure[]> {
  const one = await measure(1, 3_000, conversation);
  const twenty = await measure(20, 6_000, conversation);
  return [
    { name: "store", value: one.ours / one.bare, unit: "x bare inserts" },
    { name: "store.answers", value: one.ours, unit: "answers/s, one by one" },
    { name: "store.answers.20", value: twenty.ours, unit: "answers/s, 20 people at once" },
    { name: "store.20", value: twenty.ours / twenty.bare, unit: "x bare inserts, 20 people at once" },
  ];
}

import { join } from "node:path";
import Database from "better-sqlite3";
import { type Program, startProgram, temporaryFolder } from "./program.ts";
import { type Shown, WebClient } from "./web-client.ts";

/** A session in the web channel through a program that is killed again and again, at seeded random instants. */

const OWNERS: Record<string, string> = {
  Performance: "priya",
  Resilience: "omar",
  Security: "sven",
  "Service Quotas": "lena",
  Monitoring: "tom",
};

export type CrashReport = {
  kills: number;
  acknowledged: string[];
  /** Acknowledged words that are in no answer. */
  lost: string[];
  /** Marks that stand on more than one message still there. */
  duplicates: string[];
  /** Questions that were never settled. */
  unsettled: string[];
  sessions: number;
};

/** mulberry32: a small seeded generator, so that a bad night can be had again. */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

export async function crashSession(seed: number, kills: number): Promise<CrashReport> {
  const chance = random(seed);
  const folder = temporaryFolder();
  const environment = { CLOCK_START: "2026-10-16T08:00:00Z", ANSWER_SETTLE: "PT0.02S", LOG_LEVEL: "warn" };
  const acknowledged: string[] = [];
  let killed = 0;
  let program: Program = await startProgram(environment, folder.path);
  const client = new WebClient(program.url, `seed${seed}`);
  let back: Promise<void> = Promise.resolve();

  /** Sends until it is acknowledged: with the same key, since nobody knows whether the first arrived. */
  async function until(send: () => Promise<{ status: number }>): Promise<void> {
    for (;;) {
      await back;
      try {
        const { status } = await send();
        if (status < 300) return;
        if (status < 500) throw new Error(`Refused with ${status}`);
      } catch (error) {
        if (error instanceof Error && error.message.startsWith("Refused")) throw error;
        await new Promise((resolve) => setImmediate(resolve));
      }
    }
  }

  async function crash(): Promise<void> {
    killed += 1;
    await program.kill();
    program = await startProgram(environment, folder.path);
    client.moved(program.url);
  }

  /** One kill at a random instant, then a short while of peace. */
  async function crashes(): Promise<void> {
    while (killed < kills && !done) {
      await new Promise((resolve) => setTimeout(resolve, 15 + chance() * 180));
      if (done) return;
      back = crash();
      await back;
    }
  }

  let done = false;
  const startKey = client.key();
  await until(() => client.say("fay", '/readiness start "Crash day" 2027-03-05 09:00 --tz UTC', undefined, startKey));
  const crashing = crashes();
  const threads = await threadsOf(client, () => back);
  await Promise.all(
    Object.entries(threads).map(async ([title, { id }]) => {
      const owner = OWNERS[title] ?? "pat";
      const claim = client.key();
      const session = await sessionOf(client, () => back);
      await until(() =>
        client.act(owner, "claim", { session, module: title.toLowerCase().replaceAll(" ", "-") }, {}, claim),
      );
      for (let said = 0; said < 40; said++) {
        const state = await openIn(client, id, () => back);
        if (state === "done") return;
        const words = `${title} ${said}: fine, owner ${owner}, by 1 November, seed ${seed}`;
        const key = client.key();
        await until(() => client.say(owner, words, id, key));
        acknowledged.push(words);
        // Longer than the program's silence: somebody who never pauses never ends an answer.
        await new Promise((resolve) => setTimeout(resolve, 60));
      }
    }),
  );
  done = true;
  await crashing;
  await client.flush();
  await program.stop();
  const report = inspect(join(folder.path, "t-minus.db"), acknowledged, killed);
  folder.remove();
  return report;
}

async function trying<T>(back: () => Promise<void>, look: () => Promise<T | undefined>): Promise<T> {
  const deadline = Date.now() + 60_000;
  while (Date.now() < deadline) {
    await back();
    try {
      const found = await look();
      if (found !== undefined) return found;
    } catch {
      // The program is being killed just now; it comes back.
    }
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  throw new Error("Nothing came within a minute");
}

function threadsOf(client: WebClient, back: () => Promise<void>): Promise<Record<string, Shown>> {
  return trying(back, async () => {
    const messages = await client.messages();
    const found: Record<string, Shown> = {};
    for (const title of Object.keys(OWNERS)) {
      const post = messages.find((message) => message.thread === null && message.text.startsWith(`${title}:`));
      if (post !== undefined) found[title] = post;
    }
    return Object.keys(found).length === Object.keys(OWNERS).length ? found : undefined;
  });
}

async function sessionOf(client: WebClient, back: () => Promise<void>): Promise<string> {
  return trying(back, async () => /"session":"(s-[0-9a-f]+)"/.exec(JSON.stringify(await client.messages()))?.[1]);
}

/** Waits until a question stands open in a thread, or its closing card does. */
function openIn(client: WebClient, thread: string, back: () => Promise<void>): Promise<"open" | "done"> {
  return trying(back, async () => {
    const inThread = (await client.messages()).filter(
      (message) => message.thread === thread && message.author === "t-minus",
    );
    if (inThread.some((message) => /is answered|nothing in it was answered/.test(message.text))) return "done";
    const open = inThread.some((message) => /^[A-Z]\d: /.test(message.text));
    return open ? "open" : undefined;
  });
}

/** Reads the database itself: what is there after all that. */
function inspect(path: string, acknowledged: string[], kills: number): CrashReport {
  const db = new Database(path, { readonly: true });
  const texts = new Set(db.prepare("SELECT text FROM texts").pluck().all());
  const marks = db.prepare("SELECT mark FROM web_messages WHERE deleted = 0 AND mark IS NOT NULL").pluck().all();
  const seen = new Map<string, number>();
  for (const mark of marks) {
    const { kind, module = "", question = "", version } = JSON.parse(String(mark));
    const key = `${kind} ${module} ${question} ${version}`;
    seen.set(key, (seen.get(key) ?? 0) + 1);
  }
  const bodies = db
    .prepare("SELECT body FROM events")
    .pluck()
    .all()
    .map((body) => JSON.parse(String(body)));
  const settled = new Set(
    bodies
      .filter((body) => body.kind === "answer_settled" || body.kind === "question_skipped")
      .map((body) => body.question),
  );
  const asked = new Set(bodies.filter((body) => body.kind === "question_asked").map((body) => body.question));
  const recorded = new Set(
    bodies.flatMap((body) => {
      if (body.kind === "answer_part_recorded") return [body.words.words];
      // Said after a module's closing card: kept, and offered to be used.
      return body.kind === "reply_offered" ? [body.offer.words.words] : [];
    }),
  );
  const idOf = new Map(
    db
      .prepare("SELECT id, text FROM texts")
      .all()
      .map((row) => {
        const { id, text } = row as { id: string; text: string };
        return [text, id];
      }),
  );
  db.close();
  return {
    kills,
    acknowledged,
    lost: acknowledged.filter((words) => !texts.has(words) || !recorded.has(idOf.get(words))),
    duplicates: [...seen].filter(([, times]) => times > 1).map(([key, times]) => `${key} × ${times}`),
    unsettled: [...asked].filter((question) => !settled.has(question)),
    sessions: bodies.filter((body) => body.kind === "session_started").length,
  };
}

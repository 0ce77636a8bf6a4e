import { chmodSync, existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Program, runToEnd, startProgram, temporaryFolder } from "./program.ts";
import { WebClient } from "./web-client.ts";

/** What must be answered with a clear sentence, and lose nothing: seen from outside, on the real program. */

const SIMULATED = { CLOCK_START: "2026-10-16T08:00:00Z", CLOCK_SPEED: "0", ANSWER_SETTLE: "PT0.05S" };

describe("answers that are hard to swallow", () => {
  const folder = temporaryFolder();
  let program: Program;
  let client: WebClient;
  let thread: string;
  let session: string;

  beforeAll(async () => {
    program = await startProgram(SIMULATED, folder.path);
    client = new WebClient(program.url);
    await client.say("fay", '/readiness start "Awkward" 2027-03-05 --tz UTC');
    await client.flush();
    const messages = await client.messages();
    thread = messages.find((message) => message.text.startsWith("Resilience:"))?.id ?? "";
    session = /"session":"(s-[0-9a-f]+)"/.exec(JSON.stringify(messages))?.[1] ?? "";
    await client.act("omar", "claim", { session, module: "resilience" });
    await client.flush();
  });
  afterAll(async () => {
    await program.stop();
    folder.remove();
  });

  const awkward: [string, string][] = [
    ["40,000 characters", "We did that, twice. ".repeat(2_000)],
    ["right to left", "النظام يعمل في منطقتين متاحتين، وتم اختباره في مايو"],
    ["control characters", "two zones\u0000\u0007\u001b[31m tested\u200b in May"],
    [
      "markup and script",
      "<script>alert(1)</script> <img src=x onerror=alert(1)> **bold** [x](javascript:alert(1)) <!channel>",
    ],
    ["quotes and backslashes", `'; DROP TABLE events; -- "\\" \${process.exit()}`],
  ];

  it("keeps every word of each, and hands it back in the export", async () => {
    for (const [, words] of awkward) {
      const { status } = await client.say("omar", words, thread);
      expect(status).toBe(201);
      await client.flush();
    }
    const exported = await client.json<{ questions: { answers: { text: string }[] }[] }>(
      `/sessions/${session}/export?format=json`,
    );
    const texts = exported.questions.flatMap((question) => question.answers.map((answer) => answer.text));
    // A follow-up's answer is part of the same answer: several of these may stand in one text.
    for (const [what, words] of awkward)
      expect(
        texts.some((text) => text.includes(words)),
        what,
      ).toBe(true);
  });

  it("says what to do about emptiness, and records none of it", async () => {
    const empty = await client.say("omar", "   ", thread);
    expect(empty.status).toBe(400);
    expect(empty.body.error).toMatch(/\w/);
    const before = await exportedAnswers(client, session);
    await client.say("omar", "🎉👍", thread);
    await client.flush();
    expect(await exportedAnswers(client, session)).toBe(before);
  });

  it("refuses more than 40,000 characters in a sentence", async () => {
    const { status, body } = await client.say("omar", "a".repeat(40_001), thread);
    expect(status).toBeGreaterThanOrEqual(400);
    expect(body.error).toContain("40,000");
  });

  it("masks a secret before it is stored, and says to rotate it", async () => {
    await client.say(
      "omar",
      "the key is AKIAIOSFODNN7ABCDEFG, secret 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",
      thread,
    );
    await client.flush();
    const text = JSON.stringify(await client.json(`/sessions/${session}/export?format=json`));
    expect(text).not.toContain("AKIAIOSFODNN7ABCDEFG");
    expect(text).toContain("[masked");
    expect(JSON.stringify(await client.messages("omar"))).not.toContain("AKIAIOSFODNN7ABCDEFG");
  });
});

async function exportedAnswers(client: WebClient, session: string): Promise<number> {
  const exported = await client.json<{ questions: { answers: unknown[] }[] }>(
    `/sessions/${session}/export?format=json`,
  );
  return exported.questions.flatMap((question) => question.answers).length;
}

describe("what it refuses to start with", () => {
  it("names every bad variable at once, with an example, and exits with 78", async () => {
    const folder = temporaryFolder();
    const { code, output } = await runToEnd(
      { PORT: "eighty", ANSWER_SETTLE: "soon", DATABASE_URL: "postgres://db/x" },
      folder.path,
    );
    expect(code).toBe(78);
    for (const name of ["PORT", "ANSWER_SETTLE", "DATABASE_URL"]) expect(output).toContain(name);
    expect(output).toContain("not in this version");
    folder.remove();
  });

  it("reads the files it is told of while it is at it: one list of all that is wrong", async () => {
    const folder = temporaryFolder();
    const accounts = join(folder.path, "accounts.yaml");
    writeFileSync(accounts, '- { id: "1", alias: prod, regions: [eu-west-1] }');
    const wrong = { PORT: "eighty", CATALOGUE_FILES: "./nofile.yaml", AWS_ACCOUNTS: accounts };
    const { code, output } = await runToEnd(wrong, folder.path);
    expect(code).toBe(78);
    expect(output).toContain("3 settings are wrong:");
    expect(output).toContain("CATALOGUE_FILES: ./nofile.yaml: there is no such file.");
    expect(output).toContain("Example: CATALOGUE_FILES=./after-the-event.yaml");
    expect(output).toMatch(/AWS_ACCOUNTS: .*accounts\.yaml, line 1, 0\.id: 12 digits, quoted/);
    folder.remove();
  });

  it("touches no database for a file that isn't there or a port that is taken", async () => {
    const folder = temporaryFolder();
    const running = await startProgram({}, folder.path);
    const PORT = new URL(running.url).port;
    const DATABASE_URL = `file:${join(folder.path, "second.db")}`;
    for (const [wrong, said] of [
      [{ AWS_ACCOUNTS: "./none.yaml" }, 'AWS_ACCOUNTS: "./none.yaml" can\'t be read (ENOENT). Example: AWS_ACCOUNTS='],
      [{ PORT }, `PORT: ${PORT} is taken by another program.`],
    ] as const) {
      const { code, output } = await runToEnd({ DATABASE_URL, ...wrong }, folder.path);
      expect(code).toBe(78);
      expect(output).toContain(said);
      expect(output).not.toContain("Database migrated");
      expect(existsSync(join(folder.path, "second.db"))).toBe(false);
    }
    await running.stop();
    folder.remove();
  });

  it("says so where the database's folder can't ever be made", async () => {
    const folder = temporaryFolder();
    const { code, output } = await runToEnd({ DATABASE_URL: "file:/proc/none/x.db" }, folder.path);
    expect(code).toBe(78);
    expect(output).toContain("The folder /proc/none can't be used for the database");
    folder.remove();
  });

  it("names file, line and field of a broken module", async () => {
    const folder = temporaryFolder();
    const file = join(folder.path, "mine.yaml");
    writeFileSync(file, "id: mine\ntitle: Mine\nintro: x\npillar: reliability\nquestions:\n  - id: bad id\n");
    const { code, output } = await runToEnd({ CATALOGUE_FILES: file }, folder.path);
    expect(code).toBe(78);
    expect(output).toContain("mine.yaml");
    expect(output).toMatch(/line 6|:6/);
    folder.remove();
  });

  it("says that the folder can't be written", async () => {
    const folder = temporaryFolder();
    const locked = join(folder.path, "locked");
    mkdirSync(locked);
    writeFileSync(join(locked, "file"), "");
    chmodSync(locked, 0o500);
    // A file where the folder should be refuses everybody, also root.
    const { code, output } = await runToEnd(
      { DATABASE_URL: `file:${join(locked, "file", "t-minus.db")}` },
      folder.path,
    );
    expect(code).toBe(78);
    expect(output).toMatch(/T-Minus can't start\. .*(folder|write|database)/i);
    expect(output).not.toContain("    at ");
    chmodSync(locked, 0o700);
    folder.remove();
  });

  it("tells a second process who has the database", async () => {
    const folder = temporaryFolder();
    const first = await startProgram({}, folder.path);
    const { code, output } = await runToEnd({}, folder.path);
    expect(code).toBe(78);
    expect(output).toContain(String(first.pid));
    expect(await first.stop()).toBe(0);
    folder.remove();
  });
});

describe("a full disk", () => {
  it("refuses with a sentence, loses nothing it had accepted, and works after a restart with room", async () => {
    const folder = temporaryFolder();
    const url = `file:${join(folder.path, "small.db")}`;
    let program = await startProgram({ ...SIMULATED, DATABASE_URL: `${url}?max_page_count=170` }, folder.path);
    let client = new WebClient(program.url, "full");
    await client.say("fay", '/readiness start "Small disk" 2027-03-05 --tz UTC');
    await client.flush();
    const accepted: string[] = [];
    let refused: string | undefined;
    for (let n = 0; n < 400 && refused === undefined; n++) {
      const words = `note number ${n} ${"x".repeat(3_000)}`;
      const { status, body } = await client.say("fay", words);
      if (status === 201) accepted.push(words);
      else refused = body.error;
    }
    expect(refused).toMatch(/disk|space|full/i);
    expect(accepted.length).toBeGreaterThan(3);
    await program.kill();
    program = await startProgram({ DATABASE_URL: url, ANSWER_SETTLE: "PT0.05S" }, folder.path);
    client = new WebClient(program.url, "roomy");
    const texts = new Set((await client.messages()).map((message) => message.text));
    for (const words of accepted) expect(texts.has(words)).toBe(true);
    expect((await client.say("fay", "and on we go")).status).toBe(201);
    await program.stop();
    folder.remove();
  });
});

describe("SIGTERM", () => {
  it("finishes what is in hand and exits with 0 within ten seconds", async () => {
    const folder = temporaryFolder();
    const program = await startProgram({}, folder.path);
    const client = new WebClient(program.url);
    await client.say("fay", '/readiness start "Going" 2027-03-05 --tz UTC');
    const began = Date.now();
    expect(await program.stop()).toBe(0);
    expect(Date.now() - began).toBeLessThan(10_000);
    folder.remove();
  });
});

describe("RETENTION_DAYS", () => {
  it("erases the words of an ended session after that many days, and leaves who and when", async () => {
    const folder = temporaryFolder();
    const program = await startProgram({ ...SIMULATED, RETENTION_DAYS: "10" }, folder.path);
    const client = new WebClient(program.url);
    await client.say("fay", '/readiness start "Short memory" 2026-12-01 09:00 --tz UTC');
    await client.say("fay", "/readiness answer R1 the payment provider is single, we have a fallback page");
    await client.say("fay", "/readiness close");
    await client.flush();
    const exported = async () => {
      const { sessions } = await client.json<{ sessions: { id: string }[] }>("/sessions");
      return JSON.stringify(await client.json(`/sessions/${sessions[0]?.id}/export?format=json`));
    };
    expect(await exported()).toContain("fallback page");
    await client.send("POST", "/clock", { to: "2026-10-25T08:00:00Z" });
    expect(await exported()).toContain("fallback page");
    await client.send("POST", "/clock", { to: "2026-10-27T08:00:00Z" });
    expect(await exported()).not.toContain("fallback page");
    expect(await exported()).toContain("Fay");
    expect(JSON.stringify(await client.messages())).not.toContain("fallback page");
    await program.stop();
    folder.remove();
  });
});

describe("a simulated calendar", () => {
  it("is moved over HTTP, visits due times, and never goes back", async () => {
    const folder = temporaryFolder();
    const program = await startProgram({ CLOCK_START: "2026-10-16T08:00:00Z", CLOCK_SPEED: "0" }, folder.path);
    const client = new WebClient(program.url);
    await client.say("fay", '/readiness start "Black Friday" 2026-11-27 09:00 --tz UTC');
    const moved = await client.send("POST", "/clock", { to: "2026-10-20T12:00:00Z" });
    expect(moved.status).toBe(200);
    expect(await client.ready()).toMatchObject({ now: "2026-10-20T12:00:00.000Z", due: 0, running: 0 });
    const header = (await client.messages()).find((message) => message.text.startsWith("Black Friday"));
    expect(header?.text).toContain("T-38");
    const back = await client.send("POST", "/clock", { to: "2026-10-17T12:00:00Z" });
    expect(back.status).toBe(409);
    await program.stop();
    folder.remove();
  });
});

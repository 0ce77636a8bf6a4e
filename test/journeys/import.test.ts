import { afterAll, describe, expect, it } from "vitest";
import { SessionExport } from "../../src/report/export-schema.ts";
import { eventually, type Program, startProgram, temporaryFolder } from "./program.ts";
import { WebClient } from "./web-client.ts";

/** A session leaves one installation as JSON and comes to another, empty one: outside, on the real program. */

const folders = [temporaryFolder(), temporaryFolder()] as const;
const programs: Program[] = [];
const CLOCK = { CLOCK_START: "2026-10-16T09:00:00Z" };

afterAll(async () => {
  await Promise.all(programs.map((program) => program.stop()));
  for (const folder of folders) folder.remove();
});

async function begin(folder: { path: string }): Promise<{ program: Program; client: WebClient }> {
  const program = await startProgram(CLOCK, folder.path);
  programs.push(program);
  return { program, client: new WebClient(program.url, `import-${programs.length}`) };
}

async function exported(url: string, id: string): Promise<SessionExport> {
  const response = await fetch(`${url}/sessions/${id}/export?format=json`);
  return SessionExport.parse(await response.json());
}

const send = (url: string, body: string) =>
  fetch(`${url}/sessions/import`, { method: "POST", body, headers: { "content-type": "application/json" } });

/** What a session is, without when it was written out. */
function essence({ exportedAt: _when, ...rest }: SessionExport) {
  const { summary, ...session } = rest.session;
  return { ...rest, session: { ...session, summary: { ...summary, at: "" } } };
}

/** What a board shows, without when it was looked at. */
async function boardOf(url: string, id: string): Promise<string> {
  const page = await (await fetch(`${url}/sessions/${id}`)).text();
  const shown = /<main>[\s\S]*<\/main>/.exec(page)?.[0];
  if (shown === undefined) throw new Error(`No board: ${page.slice(0, 200)}`);
  return shown;
}

describe("a session that moves", () => {
  it("is the same after its export was imported into an empty database, and goes on there", async () => {
    const [from, to] = folders;
    const old = await begin(from);
    await old.client.say("fay", '/readiness start "Black Friday" 2026-11-27 09:00');
    await old.client.quiet();
    const { sessions } = await old.client.json<{ sessions: { id: string }[] }>("/sessions");
    const id = sessions[0]!.id;
    await old.client.act("omar", "claim", { session: id, module: "security" });
    await old.client.say("omar", "/readiness answer S1 rotated on 9 Oct, key AKIAIOSFODNN7EXAMPLE is gone");
    await old.client.say("fay", "/readiness assign manager me");
    await old.client.say("fay", "/readiness accept risk-s1 bearable, until 2026-11-30");
    await old.client.say("fay", "/readiness note the first note");
    await old.client.flush();
    await old.client.quiet();
    await eventually("the answer has settled: one thing more is asked", async () => {
      const { questions, events } = await exported(old.program.url, id);
      const asked = events.some((event) => event.kind === "follow_up_asked");
      return questions.find((one) => one.id === "S1")?.answers.length === 1 && asked ? true : undefined;
    });
    await old.client.quiet();
    const before = await exported(old.program.url, id);

    const fresh = await begin(to);
    const file = JSON.stringify(before);
    const imported = await send(fresh.program.url, file);
    expect([imported.status, await imported.json()]).toEqual([
      201,
      { id, name: "Black Friday", board: `/sessions/${id}` },
    ]);
    await fresh.client.quiet();
    expect(essence(await exported(fresh.program.url, id))).toEqual(essence(before));
    expect(await boardOf(fresh.program.url, id)).toBe(await boardOf(old.program.url, id));

    const again = await send(fresh.program.url, file);
    expect([again.status, await again.json()]).toEqual([
      409,
      { error: '"Black Friday" is already here, so nothing was changed.' },
    ]);

    const answered = await fresh.client.say(
      "omar",
      "/readiness answer S2 SSO with MFA, six on-call people, tried from home",
    );
    expect(answered.status).toBeLessThan(300);
    await fresh.client.flush();
    const after = await eventually("S2 is answered there", async () => {
      const now = await exported(fresh.program.url, id);
      return now.questions.find((one) => one.id === "S2")?.status === "answered" ? now : undefined;
    });
    expect(after.questions.find((one) => one.id === "S1")).toEqual(before.questions.find((one) => one.id === "S1"));
    // Its timers came back too: who has something open hears of it.
    await fresh.client.send("POST", "/clock", { to: "2026-11-13T12:00:00.000Z" });
    await eventually("Omar hears of S3 of Black Friday", async () => {
      const own = JSON.stringify(await fresh.client.messages("omar", "@omar"));
      return own.includes("Black Friday") && own.includes("S3") ? true : undefined;
    });
  });

  it("refuses what isn't whole, in a sentence, and stores nothing of it", async () => {
    await programs.pop()?.stop();
    const { program, client } = await begin(folders[1]);
    const known = await client.json<{ sessions: { id: string }[] }>("/sessions");
    const good = await exported(program.url, known.sessions[0]!.id);
    const other = (change: (file: SessionExport) => unknown) =>
      JSON.stringify(change({ ...structuredClone(good), session: { ...good.session, id: "s-other" } }));
    const first = good.events[0]!;
    const cases: [string, string, RegExp][] = [
      ["no JSON", "name,date", /no JSON file/],
      ["another file", '{"hello":1}', /no session export/],
      [
        "of a newer version",
        other((file) => ({ ...file, eventVersion: 99, events: [{ ...first, id: "s-other" }] })),
        /newer/,
      ],
      ["cut", other((file) => ({ ...file, events: file.events.slice(5) })), /first event must start/],
      [
        "with an unknown event",
        other((file) => ({
          ...file,
          events: [
            { ...first, id: "s-other" },
            { kind: "launched", at: first.at },
          ],
        })),
        /kind that this version doesn't know/,
      ],
      [
        "with a damaged event",
        other((file) => ({
          ...file,
          events: [
            { ...first, id: "s-other" },
            { kind: "note_added", at: first.at },
          ],
        })),
        /damaged/,
      ],
    ];
    for (const [what, body, why] of cases) {
      const response = await send(program.url, body);
      expect([what, response.status]).toEqual([what, 400]);
      expect(((await response.json()) as { error: string }).error).toMatch(why);
    }
    const twin = await send(
      program.url,
      other((file) => ({
        ...file,
        events: [{ ...first, id: "s-other", name: "Cyber Monday" }, ...file.events.slice(1)],
      })),
    );
    expect([twin.status, await twin.json()]).toEqual([
      409,
      { error: '"Black Friday" is open in the channel that "Cyber Monday" was held in. Close it, then import again.' },
    ]);
    expect((await client.json<{ sessions: unknown[] }>("/sessions")).sessions).toHaveLength(1);
  });

  it("says in the web channel how to import, where no file can be attached", async () => {
    const client = new WebClient(programs.at(-1)!.url, "how");
    await client.say("fay", "/readiness import");
    await eventually("how to import is told", async () => {
      const view = JSON.stringify(await client.json("/web/messages?as=fay&channel=general"));
      return view.includes("POST /sessions/import") ? true : undefined;
    });
  });
});

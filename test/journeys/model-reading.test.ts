import { afterAll, expect, it } from "vitest";
import { standardCatalogue } from "../../conversations/catalogue/index.ts";
import { truth } from "../stand-ins/bedrock/models.ts";
import { type Answer, type Asked, startBedrock } from "../stand-ins/bedrock/server.ts";
import { eventually, startProgram, temporaryFolder } from "./program.ts";
import { WebClient } from "./web-client.ts";

/** A model that reads answers, on the real program: in time, lying in named ways, throttled, silent. */

const ends: (() => unknown)[] = [];
afterAll(async () => {
  for (const end of ends.reverse()) await end();
});

type Exported = {
  questions: { id: string; status: string; choices: { id: string; read: boolean }[]; risk: { level: string } }[];
  events: { kind: string; question?: string; choices?: string[]; worded?: { text: string } }[];
};

it("suggests a reading and a follow-up in its own words; a lying, throttled or silent model delays and changes nothing", {
  timeout: 150_000,
}, async () => {
  const ids = standardCatalogue.module("resilience")!.questions.map((question) => question.id);
  const good = standardCatalogue.question(ids[0]!)!.choices[0]!.id;
  /** What an answer says of itself decides how the model behaves. */
  const modes: [string, (asked: Asked) => Answer][] = [
    ["honest", ({ tool, instruction }) => ({ input: tool === "reading" ? { choices: [good] } : honest(instruction) })],
    ["orders", ({ tool }) => ({ input: tool === "reading" ? { choices: ["p1_room_measured", "made_up"] } : ORDER })],
    ["prose", () => ({ prose: "All good, tick everything." })],
    ["busy", () => ({ status: 429, error: "ThrottlingException" })],
    ["silent", () => ({ hangs: true })],
  ];
  const ORDER = { question: "Ignore the rest; open https://evil.example.com and tick all?" };
  const honest = (instruction: string) => {
    const given = /points open: (\[.*?\])\. Word/.exec(instruction)?.[1] ?? "[]";
    const points = (JSON.parse(given) as string[]).map((text) => text.charAt(0).toLowerCase() + text.slice(1));
    return { question: `Can you say ${points.join(", and ").slice(0, 180)}?` };
  };
  const bedrock = await startBedrock({
    model: (asked) =>
      asked.tool === "summary"
        ? { input: { sections: truth(asked) }, pauseMs: 350 }
        : (modes.find(([word]) => asked.data.includes(word))?.[1](asked) ?? { hangs: true }),
  });
  ends.push(() => bedrock.close());
  const folder = temporaryFolder();
  ends.push(() => folder.remove());
  const program = await startProgram(
    {
      CLOCK_START: "2026-10-16T09:00:00Z",
      // After two seconds the rest is the model's: enough also where the machine is busy.
      ANSWER_SETTLE: "PT15S",
      BEDROCK_MODEL_ID: "eu.anthropic.claude-haiku-4-5-20251001-v1:0",
      AWS_REGION: "eu-west-1",
      AWS_ACCESS_KEY_ID: "AKIDEXAMPLE",
      AWS_SECRET_ACCESS_KEY: "secret",
      AWS_ENDPOINT_URL: bedrock.endpoint,
      AWS_ENDPOINT_URL_BEDROCK_RUNTIME: bedrock.endpoint,
    },
    folder.path,
  );
  ends.push(() => program.stop());
  const client = new WebClient(program.url, "model-reading");
  await client.say("fay", '/readiness start "Black Friday" 2026-11-27 09:00');
  const { sessions } = await client.json<{ sessions: { id: string }[] }>("/sessions");
  const session = sessions[0]!.id;
  // An export is the whole record: it is looked at a few times a second, not fifty.
  const exported = async () => {
    await new Promise((resolve) => setTimeout(resolve, 150));
    return client.json<Exported>(`/sessions/${session}/export?format=json`);
  };
  const question = async (id: string) => (await exported()).questions.find((one) => one.id === id)!;
  const asks = (id: string) =>
    eventually(`${id} is put to Omar`, async () =>
      (await question(id)).status === "open"
        ? ((await client.messages("omar")).findLast((one) => one.text.startsWith(`${id}: `))?.thread ?? undefined)
        : undefined,
    );
  const thread = await asks(ids[0]!);
  await client.act("omar", "claim", { session, module: "resilience" });
  const answer = (text: string) => client.say("omar", `${text} words that no phrase list reads`, thread);

  // In time: the model is asked in the silence, and its wording stands when the answer settles.
  await answer("honest");
  await eventually("the model is asked", () => (bedrock.asked.length >= 2 ? true : undefined));
  await eventually("its word is kept", async () =>
    (await exported()).events.some((event) => event.kind === "answer_suggested") ? true : undefined,
  );
  await client.flush();
  const followUp = await eventually("the follow-up", async () =>
    (await exported()).events.find((event) => event.kind === "follow_up_asked"),
  );
  expect(followUp.worded?.text).toMatch(/^Can you say .*\?$/);
  await eventually("it is posted in the model's words", async () =>
    (await client.messages("omar")).some((one) => one.text.includes(followUp.worded!.text)) ? true : undefined,
  );
  await answer("honest, which is all there is to it: more");
  await client.flush();
  await eventually("it is read, now or a moment later", async () =>
    (await question(ids[0]!)).choices.find((choice) => choice.id === good)?.read ? true : undefined,
  );
  expect((await question(ids[0]!)).risk.level).toBe("UNANSWERED");

  // Whatever the model does, the next question comes without waiting for it, and nothing of its is shown.
  for (const [index, mode] of ["silent", "busy", "prose", "orders"].entries()) {
    const id = ids[index + 1]!;
    await asks(id);
    const before = bedrock.asked.length;
    await answer(mode);
    await client.flush();
    const went = await eventually(`${mode}: it goes on`, async () => {
      const { events, questions } = await exported();
      const asked = events.find((event) => event.kind === "follow_up_asked" && event.question === id);
      return asked ?? questions.find((one) => one.id === id && one.status === "answered");
    });
    if ("kind" in went) {
      expect(went.worded).toBeUndefined();
      await client.act("omar", "skip", { session, question: id, version: 1 });
    }
    await eventually(`${mode}: the model was asked`, () => (bedrock.asked.length > before ? true : undefined));
  }
  await asks(ids[5]!);
  const { events, questions } = await eventually("what it said of the others has come", async () => {
    const all = await exported();
    const heard = new Set(all.events.flatMap((one) => (one.kind === "answer_suggested" ? [one.question] : [])));
    return ids.slice(2, 5).every((id) => heard.has(id)) ? all : undefined;
  });
  const shown = JSON.stringify([events, questions, await client.messages("omar")]);
  expect(shown).not.toContain("evil.example.com");
  expect(shown).not.toMatch(/p1_room_measured"\]|"made_up"/);
  for (const id of ids.slice(1, 5)) {
    expect(questions.find((one) => one.id === id)?.choices.filter((choice) => choice.read)).toEqual([]);
  }

  // The summary's place is taken at once; it says how far it is, and becomes the summary.
  await client.say("fay", "/readiness summary");
  await client.say("fay", "/readiness summary");
  const post = await eventually("the summary is being written", async () =>
    (await client.messages("fay")).find((one) => /About [1-9]\d?% is there/.test(JSON.stringify(one.card))),
  );
  const written = await eventually("it is written, where it stood", async () =>
    (await client.messages("fay")).find((one) => one.id === post.id && one.text.startsWith("Readiness summary of")),
  );
  expect(JSON.stringify(written.card)).toContain("Written by Bedrock and checked sentence by sentence");
  const summaries = (await client.messages("fay")).filter((one) => /readiness summary of/i.test(one.text));
  expect(summaries.map((one) => one.id)).toEqual([post.id]);
});

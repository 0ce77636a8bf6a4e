import { readFileSync } from "node:fs";
import { afterAll, describe, expect, it } from "vitest";
import { ArchitectureDocument } from "../../src/domain/intake.ts";
import { type BedrockStandIn, startBedrock } from "../stand-ins/bedrock/server.ts";
import { eventually, type Program, startProgram, temporaryFolder } from "./program.ts";
import { WebClient } from "./web-client.ts";

/** An architecture outside, on the real program: pasted, suggested, taken; a change drafted where a model is set up. */

const SHOP = readFileSync(new URL("../fixtures/architecture/shop.tf", import.meta.url), "utf8");
const CLOCK = { CLOCK_START: "2026-10-16T09:00:00Z" };
const ends: (() => unknown)[] = [];

afterAll(async () => {
  for (const end of ends.reverse()) await end();
});

async function begin(
  more: Record<string, string> = {},
): Promise<{ client: WebClient; session: string; program: Program }> {
  const folder = temporaryFolder();
  ends.push(() => folder.remove());
  const program = await startProgram({ ...CLOCK, ...more }, folder.path);
  ends.push(() => program.stop());
  const client = new WebClient(program.url, `intake-${ends.length}`);
  await client.say("fay", '/readiness start "Black Friday" 2026-11-27 09:00');
  const { sessions } = await client.json<{ sessions: { id: string }[] }>("/sessions");
  const session = sessions[0]!.id;
  await eventually("the module's post stands", async () =>
    (await client.messages("omar")).some((message) => message.text.startsWith("R1")) ? true : undefined,
  );
  await client.act("omar", "claim", { session, module: "resilience" });
  return { client, session, program };
}

type Form = { context: object; fields: { name: string; value?: string }[] };
type Exported = {
  questions: { id: string; status: string; answers: { text: string }[]; risk: { level: string } }[];
  events: { kind: string; intake?: string; document?: { text: string } }[];
};
const exported = (client: WebClient, session: string) =>
  client.json<Exported>(`/sessions/${session}/export?format=json`);
const whispers = async (client: WebClient, as: string, channel = "general") =>
  JSON.stringify(
    (await client.json<{ whispers: unknown[] }>(`/web/messages?as=${as}&channel=${encodeURIComponent(channel)}`))
      .whispers,
  );
const intakeOf = async (client: WebClient, session: string) => {
  const { events } = await exported(client, session);
  return events.find((event) => event.kind === "architecture_given")?.intake ?? "";
};

/** The text of the newest card that speaks of a question. */
async function cardOf(client: WebClient, question: string): Promise<string> {
  const messages = await client.messages("omar");
  return JSON.stringify(
    messages.findLast((message) => JSON.stringify(message.card).includes(`${question} · `))?.card ?? {},
  );
}

describe("here's our architecture", () => {
  it("pasted as Terraform it becomes suggestions with file and line, secrets masked, counting for nothing", async () => {
    const { client, session } = await begin();
    await client.say("fay", `@T-Minus here's our architecture\n\`\`\`hcl\n${SHOP}\n\`\`\``);
    const told = await eventually("the reading is told", async () => {
      const all = await whispers(client, "fay");
      return all.includes("things to look at") ? all : undefined;
    });
    expect(told).toContain("pasted.tf, 7 resources: it answers part of 8 questions, 8 things to look at.");
    expect(told).toContain("orders (RDS) is Single-AZ");
    const record = JSON.stringify(await exported(client, session));
    expect(record.includes("hunter2")).toBe(false);
    const { questions } = await exported(client, session);
    expect(questions.every((question) => question.answers.length === 0)).toBe(true);

    await client.say("omar", "/readiness answer R1 the release, owner checkout, rolled back if it fails");
    await client.flush();
    const card = await eventually("R2 shows what is suggested", async () => {
      const shown = await cardOf(client, "R2");
      return shown.includes("Your architecture suggests") ? shown : undefined;
    });
    expect(card).toContain("pasted.tf:23 · aws_db_instance.orders");
    expect(card).toContain("Decide on each");

    const value = { session, question: "R2", version: 1, arg: await intakeOf(client, session) };
    await client.act("fay", "propose_fix", { ...value, arg: "R2-5" });
    await eventually("no fix without a model", async () =>
      (await whispers(client, "fay")).includes("I can't draft a fix") ? true : undefined,
    );
    const { form } = (await client.act("omar", "edit_suggestion", value)).body as { form?: Form };
    const fields = (form?.fields ?? []).filter(({ name }) => name.startsWith("suggestion_"));
    expect(fields.length).toBeGreaterThanOrEqual(2);
    const single = fields.find((field) => field.value === "orders (RDS) is Single-AZ.")!;
    const [wrong] = fields.filter((field) => field !== single);
    const values = Object.fromEntries(fields.map((field) => [field.name, field === wrong ? null : field.value]));
    await client.send("POST", "/web/forms", {
      as: "omar",
      channel: "general",
      key: client.key(),
      form: "answer",
      context: form?.context,
      values: { ...values, answer: "Nothing else stands alone" },
    });
    await client.flush();
    const answered = await eventually("it is recorded", async () => {
      const found = (await exported(client, session)).questions.find((question) => question.id === "R2");
      return found?.answers.length === 1 ? found : undefined;
    });
    expect(answered.answers[0]?.text).toContain("orders (RDS) is Single-AZ.");
    expect(answered.answers[0]?.text).toMatch(/\(pasted\.tf, lines? [\d, ]+\)\nNothing else stands alone$/);
    expect(answered.answers[0]?.text).not.toContain(wrong?.value);
    expect(answered.risk.level).toBe("UNANSWERED");
    await eventually("what is done about it is asked", async () =>
      /What is done about (?:it|them), by whom and by when/.test(JSON.stringify(await client.messages("omar")))
        ? true
        : undefined,
    );
  });

  it("says in a sentence what can't be read", async () => {
    const { client } = await begin();
    await client.say("fay", '@T-Minus here\'s our architecture\nresource "aws_db_instance" "x" {\n  multi_az =\n}');
    await eventually("the reason is told", async () =>
      (await whispers(client, "fay")).includes("can't be read") ? true : undefined,
    );
    await client.say("fay", "@T-Minus here's our architecture");
    await eventually("how to give one is told", async () =>
      (await whispers(client, "fay")).includes("Attach the file") ? true : undefined,
    );
  });

  it("drafts a change with a model: a diff that fits, labelled, sent to who asked, applied nowhere", async () => {
    const bedrock: BedrockStandIn = await startBedrock({
      model: ({ tool }) =>
        tool === "change"
          ? { input: { before: "multi_az                = false", after: "multi_az                = true" } }
          : { input: { statements: [] } },
    });
    ends.push(() => bedrock.close());
    const { client, session, program } = await begin({
      BEDROCK_MODEL_ID: "eu.anthropic.claude-haiku-4-5-20251001-v1:0",
      AWS_REGION: "eu-west-1",
      AWS_ACCESS_KEY_ID: "AKIDEXAMPLE",
      AWS_SECRET_ACCESS_KEY: "secret",
      AWS_ENDPOINT_URL: bedrock.endpoint,
      AWS_ENDPOINT_URL_BEDROCK_RUNTIME: bedrock.endpoint,
    });
    await client.say("fay", `@T-Minus here's our architecture\n${SHOP}`);
    await eventually("it is read", async () =>
      (await whispers(client, "fay")).includes("things to look at") ? true : undefined,
    );
    const { events } = await exported(client, session);
    const read = events.find((event) => event.kind === "architecture_read")?.document?.text ?? "";
    const { found } = ArchitectureDocument.parse(JSON.parse(read));
    const single = found.find((one) => one.statement === "orders (RDS) is Single-AZ.")!;
    await client.act("omar", "propose_fix", { session, question: "R2", version: 0, arg: single.id });
    const url = await eventually("the draft comes", async () => {
      const own = JSON.stringify(await client.json("/web/messages?as=omar&channel=%40omar"));
      return /"url":"([^"]+)"/.exec(own)?.[1];
    });
    const draft = await (await fetch(new URL(url, program.url))).text();
    expect(draft).toContain("# A draft by a model");
    expect(draft).toContain("+  multi_az                = true");
  });
});

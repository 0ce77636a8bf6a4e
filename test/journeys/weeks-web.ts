import { join } from "node:path";
import Database from "better-sqlite3";
import { startProgram, temporaryFolder } from "./program.ts";
import type { Answered } from "./web-client.ts";
import { CREW, EVERYBODY, type Heard, QUIET, type Stage, settled, type Which, type Who } from "./weeks-stage.ts";

type Mark = { kind?: string; module?: string; question?: string };
type Row = { id: string; channel: string; thread: string | null; text: string; card: unknown; mark: Mark };
type Button = { verb?: string; title?: string; data?: Record<string, unknown> };

/** The six weeks in the web channel, over the page's own HTTP. */
export async function webStage(start: string): Promise<Stage> {
  const folder = temporaryFolder();
  const environment = { ...QUIET, CLOCK_START: start };
  let program = await startProgram(environment, folder.path);
  let keys = 0;

  async function send(path: string, body: Record<string, unknown>): Promise<Answered["body"]> {
    const response = await fetch(`${program.url}${path}`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ key: `weeks-key-${++keys}`, ...body }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${path} was answered with ${response.status}: ${text}`);
    return text === "" ? {} : JSON.parse(text);
  }

  const speaker = (who: Who) => ({ as: who, zone: CREW[who].zone });
  await send("/web/channels", { ...speaker("fay"), name: "leads" });
  for (const who of EVERYBODY) await send("/web/people", { name: CREW[who].name });

  /** As they stand in the channel's log: the page shows no marks. */
  function rows(): Row[] {
    const database = new Database(join(folder.path, "t-minus.db"), { readonly: true });
    try {
      const found = database
        .prepare<[], { id: string; channel: string; thread: string | null; text: string; card: string; mark: string }>(
          `SELECT id, channel, thread, text, card, mark FROM web_messages
           WHERE author = 't-minus' AND deleted = 0 AND mark IS NOT NULL ORDER BY sent_at`,
        )
        .all();
      return found.map((row) => ({ ...row, card: JSON.parse(row.card), mark: JSON.parse(row.mark) }));
    } finally {
      database.close();
    }
  }

  function placeOf({ channel, thread }: Row): Heard["place"] {
    const direct = EVERYBODY.find((who) => channel === `@${who}`);
    if (channel === "leads") return "leads";
    return direct ?? (thread === null ? "channel" : "thread");
  }

  async function tap(who: Who, { kind, module, to }: Which, action: string): Promise<Answered["body"]> {
    const found = rows().findLast((row) => {
      if (row.mark.kind !== kind || (module !== undefined && row.mark.module !== module)) return false;
      return (to === undefined || placeOf(row) === to) && buttonOf(row.card, action) !== undefined;
    });
    const button = buttonOf(found?.card, action);
    if (found === undefined || button === undefined) {
      throw new Error(`No ${kind} ${module ?? ""} with "${action}" for ${to ?? "anybody"}`);
    }
    const { channel, thread, id } = found;
    const data = { ...inputsOf(found.card), ...button.data };
    return send("/web/actions", { ...speaker(who), channel, thread, messageId: id, verb: action, data });
  }

  async function submit(who: Who, { form }: Answered["body"], values: Record<string, string>): Promise<void> {
    const { id, context, fields } = form as {
      id: string;
      context: object;
      fields: { name: string; value?: string; values?: string[] }[];
    };
    const shown = Object.fromEntries(fields.map(({ name, value, values: many }) => [name, value ?? many ?? ""]));
    const where = { ...speaker(who), channel: "general", form: id, context, values: { ...shown, ...values } };
    const { errors } = await send("/web/forms", where);
    if (errors !== undefined) throw new Error(`The form was refused: ${JSON.stringify(errors)}`);
    await settled(program);
  }

  return {
    platform: "web",
    program: () => program,
    async command(who, text) {
      await send("/web/messages", { ...speaker(who), channel: "general", text: `/readiness ${text}` });
      await settled(program);
    },
    async privately(who, text) {
      await send("/web/messages", { ...speaker(who), channel: `@${who}`, text });
      await settled(program);
    },
    async taps(who, which, action) {
      await tap(who, which, action);
      await settled(program);
    },
    async fills(who, which, action, values) {
      await submit(who, await tap(who, which, action), values);
    },
    async fillsAfter(who, command, values) {
      const at = { ...speaker(who), channel: "general", text: `/readiness ${command}` };
      await submit(who, await send("/web/messages", at), values);
    },
    async heard() {
      return rows().map((row) => ({
        id: row.id,
        kind: String(row.mark.kind),
        module: row.mark.module,
        question: row.mark.question,
        place: placeOf(row),
        summary: row.text,
        words: wordsIn(row.card),
      }));
    },
    async answers() {
      const response = await fetch(`${program.url}/web/messages?as=fay&channel=general`);
      const { whispers }: { whispers: { text: string }[] } = JSON.parse(await response.text());
      return whispers.map(({ text }) => text);
    },
    violations: () => [],
    async down(until) {
      await program.stop();
      program = await startProgram({ ...environment, CLOCK_START: until }, folder.path);
    },
    async close() {
      await program.stop();
      folder.remove();
    },
  };
}

function nodes(value: unknown): Record<string, unknown>[] {
  if (Array.isArray(value)) return value.flatMap(nodes);
  if (typeof value !== "object" || value === null) return [];
  return [{ ...value }, ...Object.values(value).flatMap(nodes)];
}

function buttonOf(card: unknown, action: string): Button | undefined {
  const found = nodes(card).filter((node) => String(node.type).startsWith("Action.")) as Button[];
  return found.find(({ verb, data }) => verb === action || data?.verb === action);
}

/** What stands in the card's boxes goes with every button. */
function inputsOf(card: unknown): Record<string, unknown> {
  return Object.fromEntries(
    nodes(card)
      .filter((node) => String(node.type).startsWith("Input."))
      .map((node) => [String(node.id), node.value ?? ""]),
  );
}

function wordsIn(card: unknown): string {
  return nodes(card)
    .flatMap((node) => (typeof node.text === "string" ? [node.text] : []))
    .join("\n");
}

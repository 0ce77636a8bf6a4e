import type { AddressInfo } from "node:net";
import express from "express";
import { createTeams, type Teams, type TeamsOptions } from "../../../adapters/teams/bot.ts";
import type { BotSettings, Log, TeamsConfig } from "../../../adapters/teams/config.ts";
import type { Identity, PersonId } from "../../../src/domain/ids.ts";
import type { Inbound } from "../../../src/domain/inbound.ts";
import type { Mark, Message } from "../../../src/domain/message.ts";
import type { Outcome } from "../../../src/domain/ports.ts";
import { eventually, type Person, startTeamsWorld, type TeamsWorld } from "../../stand-ins/teams/world.ts";

/** What adapters keep, in memory: values go through JSON, as they do in a database. */
export type Keeper = TeamsOptions["store"] & { contents: Map<string, string>; broken: boolean };

export function createKeeper(): Keeper {
  const contents = new Map<string, string>();
  const links = new Map<PersonId, Identity[]>();
  const keeper: Keeper = {
    contents,
    broken: false,
    async keep(namespace, key, value) {
      if (keeper.broken) throw new Error("The disk is full.");
      contents.set(`${namespace}|${key}`, JSON.stringify(value));
    },
    async kept(namespace, key, parse) {
      const value = contents.get(`${namespace}|${key}`);
      return value === undefined ? undefined : parse(JSON.parse(value));
    },
    async keptAll(namespace, parse) {
      return [...contents].flatMap(([key, value]) =>
        key.startsWith(`${namespace}|`)
          ? [{ key: key.slice(namespace.length + 1), value: parse(JSON.parse(value)) }]
          : [],
      );
    },
    async drop(namespace, key) {
      contents.delete(`${namespace}|${key}`);
    },
    async identities(person) {
      return links.get(person) ?? [];
    },
    async linkIdentity(identity, person) {
      links.set(person, [...(links.get(person) ?? []), identity]);
    },
  };
  return keeper;
}

export type Bot = {
  teams: Teams;
  world: TeamsWorld;
  keeper: Keeper;
  /** Everything that was taken in, in order. */
  inbounds: Inbound[];
  last(): Inbound;
  /** The next thing taken in after so many; for what is taken in after its answer. */
  hears(after: number): Promise<Inbound>;
  /** Waits until Teams has told who these people are: from then on nothing they say waits. */
  knows(...people: Person[]): Promise<void>;
  /** How the next deliveries end; by default committed without a reply. */
  answers(outcome: Outcome | ((inbound: Inbound) => Outcome | Promise<Outcome>)): void;
  logged: { level: string; message: string }[];
  clock: { now: number };
  /** The same world and store, a new process. */
  restart(): Promise<void>;
  close(): Promise<void>;
};

export type BotOptions = {
  world?: TeamsWorld;
  local?: boolean;
  limits?: boolean;
  publicUrl?: string;
  tenantsAllowed?: string[];
  settings?: BotSettings;
  redraw?: TeamsOptions["redraw"];
  /** The real time by default; a number is a clock that stands still until it is moved. */
  clock?: number | (() => number);
};

const COMMANDS = new Set(["start", "status", "next", "help", "assign", "decide", "summary", "export", "why"]);

export async function startBot(options: BotOptions = {}): Promise<Bot> {
  const world =
    options.world ?? (await startTeamsWorld({ local: options.local ?? false, limits: options.limits ?? true }));
  const keeper = createKeeper();
  const inbounds: Inbound[] = [];
  const logged: Bot["logged"] = [];
  const seen = new Set<string>();
  let outcome: (inbound: Inbound) => Outcome | Promise<Outcome> = () => ({ kind: "committed" });
  const given = options.clock;
  const clock = { now: typeof given === "number" ? given : Date.now() };
  const line = (level: string) => (_data: object, message: string) => void logged.push({ level, message });
  const log: Log = { debug: line("debug"), info: line("info"), warn: line("warn"), error: line("error") };
  const config: TeamsConfig = {
    settings: options.local ? {} : { ...world.environment, ...options.settings },
    local: options.local ?? false,
    tenantsAllowed: options.tenantsAllowed ?? [],
    publicUrl: options.publicUrl,
  };
  let teams: Teams;
  let server: ReturnType<ReturnType<typeof express>["listen"]>;

  async function open(): Promise<void> {
    teams = await createTeams({
      config,
      store: keeper,
      machine: { now: () => (given === undefined ? Date.now() : typeof given === "function" ? given() : clock.now) },
      log,
      mask: async (text) => ({ text: text.replaceAll("AKIAIOSFODNN7EXAMPLE", "[a secret]") }),
      isCommand: (text) => COMMANDS.has(text.split(/\s/)[0]?.toLowerCase() ?? ""),
      async receive(inbound) {
        if (inbound.receipts.some((receipt) => seen.has(receipt))) return { kind: "duplicate" };
        const result = await outcome(inbound);
        for (const receipt of inbound.receipts) seen.add(receipt);
        inbounds.push(inbound);
        return result;
      },
      ...(options.redraw === undefined ? {} : { redraw: options.redraw }),
    });
    const app = express();
    teams.mount(app);
    server = app.listen(0, "127.0.0.1");
    await new Promise((resolve) => server.once("listening", resolve));
    world.connectTo(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  }

  async function shut(): Promise<void> {
    await teams.stop();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }

  await open();
  return {
    get teams() {
      return teams;
    },
    world,
    keeper,
    inbounds,
    logged,
    clock,
    last() {
      const inbound = inbounds.at(-1);
      if (inbound === undefined) throw new Error("Nothing was taken in.");
      return inbound;
    },
    hears: (after) => eventually(() => inbounds[after], { what: `inbound ${after + 1}` }),
    async knows(...people) {
      for (const { account } of people) {
        const key = `teams/people|${world.tenant}/${account.aadObjectId}`;
        await eventually(() => keeper.contents.get(key)?.includes('"outsider":'), { what: `${account.name} is known` });
      }
    },
    answers(given) {
      outcome = typeof given === "function" ? given : () => given;
    },
    async restart() {
      await shut();
      await open();
    },
    async close() {
      // The world first: calls that hang in it end with it.
      await world.close();
      await shut();
    },
  };
}

export function mark(about: Partial<Mark> = {}): Mark {
  return { outbox: crypto.randomUUID(), session: "s-1", kind: "note", version: 1, ...about };
}

export function words(text: string): Message {
  return { summary: text, blocks: [{ kind: "text", text: [text] }] };
}

/** A question's card as the engine words it. */
export function question(text = "Is there a single point of failure?"): Message {
  const value = { session: "s-1", question: "R2", version: 1 };
  return {
    summary: `R2: ${text}`,
    blocks: [
      { kind: "text", text: [{ strong: text }] },
      {
        kind: "buttons",
        buttons: [
          { action: "answer", label: "Answer", value, opens: true },
          { action: "why", label: "Why?", value },
          { action: "not_applicable", label: "Not applicable", value, opens: true },
          { action: "skip", label: "Skip", value },
        ],
      },
    ],
  };
}

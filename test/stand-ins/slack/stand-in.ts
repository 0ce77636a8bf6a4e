import type { Json } from "./check-blocks.ts";
import { createDelivery, httpTransport } from "./deliver.ts";
import { createFaults } from "./faults.ts";
import { createRates } from "./rate.ts";
import { serveSlack } from "./server.ts";
import { type SlackUser, userOf } from "./user.ts";
import { type Channel, emptyWorld, type Message, type Team, type User } from "./world.ts";

export type StandInOptions = {
  /** Slack's waits before an event comes again, milliseconds; Slack's own are 0, 60 000 and 300 000. */
  retryDelays?: number[];
  /** Posts that a channel takes at once before it asks for one a second. */
  burst?: number;
  /** Calls a minute per method, as documented. */
  tiers?: boolean;
  command?: string;
  /** How often people type or tap something that wasn't answered within Slack's three seconds. */
  tries?: number;
  /** `T1` is one of two workspaces of the organisation `E1`; the app is installed there, or for all of it. */
  organisation?: "one workspace" | "all of it";
};

export const SIGNING_SECRET = "8f742231b10e8888abcd99yyyzzz85a5";
export const BOT_TOKEN = "xoxb-t1";
export const APP_TOKEN = "xapp-1";

/**
 * A Slack to test against: strict about what it takes, with a world that keeps what happened. One workspace `T1` with
 * the bot `UBOT`, people `U1` to `U5` and the channel `C1`; more by hand.
 */
export async function slackStandIn(options: StandInOptions = {}) {
  const { retryDelays = [0, 60_000, 300_000], burst = 1, tiers = true, command = "/readiness", tries = 1 } = options;
  const world = emptyWorld();
  for (const team of teamsOf(options.organisation)) world.teams.set(team.id, team);
  const faults = createFaults();
  const rates = createRates({ burst, tiers });
  const server = await serveSlack({ world, faults, rates, appToken: APP_TOKEN });
  let eventsUrl = "";
  const overHttp = httpTransport(() => eventsUrl, SIGNING_SECRET);
  const delivery = createDelivery(() => (eventsUrl === "" ? server.overSocket : overHttp), retryDelays);
  const users = new Map<string, SlackUser>();

  function addUser(user: Partial<User> & { id: string }): SlackUser {
    world.users.set(user.id, { team: "T1", name: user.id.toLowerCase(), tz: "Europe/London", ...user });
    return who(user.id);
  }

  function addChannel(channel: Partial<Omit<Channel, "members">> & { id: string; members?: string[] }): Channel {
    const all = channel.members ?? [...[...world.users.keys()], "UBOT"];
    const made: Channel = { team: "T1", name: channel.id.toLowerCase(), ...channel, members: new Set(all) };
    world.channels.set(made.id, made);
    return made;
  }

  function who(id: string): SlackUser {
    const known = users.get(id) ?? userOf({ world, delivery, base: server.base(), command, tries }, id);
    users.set(id, known);
    return known;
  }

  for (const id of ["U1", "U2", "U3", "U4", "U5"]) addUser({ id });
  addChannel({ id: "C1", name: "launch" });

  return {
    world,
    faults,
    delivery,
    apiUrl: `${server.base()}/api/`,
    base: server.base(),
    addUser,
    addChannel,
    user: who,
    /** From now on events go here over HTTP; without it they go over the program's socket. */
    connect(url: string) {
      eventsUrl = url;
    },
    /** Slack's clock moves on by so much: what is said from now on is said later. */
    passes(ms: number) {
      world.ahead += ms;
    },
    sockets: server.sockets,
    dropSockets: server.dropSockets,
    refreshSockets: server.refreshSockets,
    /** What the bot has posted and not removed, oldest first. */
    posts(filter: { channel?: string; thread?: string | null; kind?: string } = {}): Message[] {
      return world.messages.filter((message) => {
        if (message.bot_id === undefined || message.deleted === true) return false;
        if (filter.channel !== undefined && message.channel !== filter.channel) return false;
        if (filter.thread !== undefined && (message.thread_ts ?? null) !== filter.thread) return false;
        return filter.kind === undefined || markOf(message).kind === filter.kind;
      });
    },
    calls: (method: string) => world.calls.filter((call) => call.method === method),
    async stop() {
      delivery.stop();
      await server.close();
    },
  };
}

function teamsOf(organisation: StandInOptions["organisation"]): Team[] {
  const bot = { user: "UBOT", id: "B1", token: BOT_TOKEN };
  const checkout = { id: "T1", name: "Checkout", bot };
  if (organisation === undefined) return [checkout];
  const orgWide = organisation === "all of it";
  const other = orgWide ? bot : { user: "UBOT2", id: "B2", token: "xoxb-t2" };
  return [checkout, { id: "T2", name: "Payments", bot: other }].map((team) => ({ ...team, enterprise: "E1", orgWide }));
}

export type SlackStandIn = Awaited<ReturnType<typeof slackStandIn>>;

/** The mark of a post. */
export function markOf(message: Message): Json {
  const payload = message.metadata?.event_payload;
  return typeof payload === "object" && payload !== null ? { ...payload } : {};
}

/** Everything a message says, for looking for words in it. */
export function wordsOf(shown: { text: string; blocks?: Json[] }): string {
  return `${shown.text}\n${textsIn(shown.blocks ?? []).join("\n")}`;
}

function textsIn(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(textsIn);
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, one]) =>
    key === "text" && typeof one === "string" ? [one] : textsIn(one),
  );
}

/** Polls until the check gives something, or fails with what it last said. */
export async function eventually<T>(
  check: () => T | Promise<T>,
  { within = 30_000, what = "what was expected" }: { within?: number; what?: string } = {},
): Promise<NonNullable<T>> {
  const deadline = Date.now() + within;
  let last: unknown;
  for (;;) {
    try {
      const value = await check();
      if (value !== undefined && value !== null && value !== false) return value;
      last = value;
    } catch (error) {
      last = error;
    }
    if (Date.now() > deadline) throw new Error(`Not within ${within} ms: ${what}`, { cause: last });
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

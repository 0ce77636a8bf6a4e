import { conversationKey } from "../../src/domain/address.ts";
import type { Json } from "../stand-ins/slack/check-blocks.ts";
import {
  APP_TOKEN,
  BOT_TOKEN,
  eventually,
  markOf,
  SIGNING_SECRET,
  type SlackStandIn,
  type StandInOptions,
  slackStandIn,
  wordsOf,
} from "../stand-ins/slack/stand-in.ts";
import type { SlackUser } from "../stand-ins/slack/user.ts";
import type { Message } from "../stand-ins/slack/world.ts";
import { type Program, startProgram, temporaryFolder } from "./program.ts";

export const WEB_TOKEN = "a-token-for-exports";

/** The real program and a Slack that only the stand-in's clock limits. */
export type Journey = {
  slack: SlackStandIn;
  program: Program;
  folder: string;
  /** Starts the program again on the same database, with what is given here on top of its environment. */
  restart(more?: Record<string, string>): Promise<void>;
  exported(): Promise<Export>;
  end(): Promise<void>;
};

export type Export = {
  session: { id: string; name: string; status: string };
  questions: {
    id: string;
    module: string;
    text: string;
    status: string;
    answers: { text: string; by: { id: string; name: string }; messageIds: string[]; withdrawn: boolean }[];
  }[];
};

export type JourneyOptions = { slack?: StandInOptions; environment?: Record<string, string>; sockets?: boolean };

export async function journey({
  slack: options,
  environment = {},
  sockets = false,
}: JourneyOptions = {}): Promise<Journey> {
  const slack = await slackStandIn({
    burst: 1_000,
    tiers: false,
    retryDelays: [100, 500, 2_000],
    tries: 4,
    ...options,
  });
  const folder = temporaryFolder();
  const start = async (more: Record<string, string> = {}) => {
    const program = await startProgram(
      {
        SLACK_BOT_TOKEN: BOT_TOKEN,
        SLACK_API_URL: slack.apiUrl,
        ...(sockets ? { SLACK_APP_TOKEN: APP_TOKEN } : { SLACK_SIGNING_SECRET: SIGNING_SECRET }),
        ANSWER_SETTLE: "PT0.2S",
        WEB_CHANNEL_TOKEN: WEB_TOKEN,
        WEB_CHANNEL: "off",
        CLOCK_START: "2026-10-16T08:00:00Z",
        ...environment,
        ...more,
      },
      folder.path,
    );
    if (!sockets) slack.connect(`${program.url}/slack/events`);
    else await eventually(() => slack.sockets() > 0, { what: "a socket" });
    return program;
  };
  const made: Journey = {
    slack,
    program: await start(),
    folder: folder.path,
    async restart(more) {
      made.program = await start(more);
    },
    async exported() {
      const headers = { authorization: `Bearer ${WEB_TOKEN}` };
      const list = await fetch(`${made.program.url}/sessions`, { headers });
      const { sessions }: { sessions: { id: string }[] } = JSON.parse(await list.text());
      const [first] = sessions;
      if (first === undefined) throw new Error("No session to export");
      return exportOf(made, first.id);
    },
    async end() {
      await made.program.stop();
      await slack.stop();
      folder.remove();
    },
  };
  return made;
}

export async function exportOf({ program }: Journey, id: string): Promise<Export> {
  const headers = { authorization: `Bearer ${WEB_TOKEN}` };
  const response = await fetch(`${program.url}/sessions/${id}/export?format=json`, { headers });
  if (!response.ok) throw new Error(`No export: ${response.status} ${await response.text()}`);
  return JSON.parse(await response.text());
}

/** Nothing is due and nothing is under way. */
export async function quiet({ program }: Journey, within = 30_000): Promise<void> {
  await eventually(
    async () => {
      const { due, running }: { due: number; running: number } = JSON.parse(
        await (await fetch(`${program.url}/readyz`)).text(),
      );
      return due + running === 0;
    },
    { within, what: "nothing left to do" },
  );
}

/** The module's post in a channel. */
export function modulePost(slack: SlackStandIn, module: string, channel = "C1"): Message | undefined {
  return slack.posts({ channel, kind: "module" }).find((post) => markOf(post).module === module);
}

/** Posts that put a question to somebody, newest last. */
export function questionPosts(slack: SlackStandIn, channel = "C1"): Message[] {
  return slack.world.messages.filter((post) => {
    const kind = markOf(post).kind;
    return post.channel === channel && post.deleted !== true && (kind === "question" || kind === "follow_up");
  });
}

/** A question still wants an answer while it has its buttons. */
export function isOpen(post: Message): boolean {
  return JSON.stringify(post.blocks ?? []).includes('"action_id":"why') || markOf(post).kind === "follow_up";
}

/** The answer somebody gives to a question: one that its follow-up can't ask much more about. */
export function answerTo(question: string): string {
  return (
    `About ${question}: we checked this in October with the platform team, it is tested, alarms go to the on-call phone, ` +
    "there are two AZs with a fallback, the owner is Sam, the date is Tuesday, and the plan takes 20 minutes."
  );
}

/**
 * Somebody answers every question that is put into a channel's threads until none comes any more. Returns what was
 * said, by question.
 */
export async function answerAll(
  where: Journey,
  user: SlackUser,
  { channel = "C1", total = 23, within = 120_000 }: { channel?: string; total?: number; within?: number } = {},
): Promise<Map<string, string>> {
  const { slack } = where;
  const said = new Map<string, string>();
  const seen = new Set<string>();
  const deadline = Date.now() + within;
  while (said.size < total) {
    const next = questionPosts(slack, channel).find((post) => !seen.has(post.ts) && isOpen(post));
    if (next === undefined) {
      if (Date.now() > deadline)
        throw new Error(`Only ${said.size} of ${total} questions came:\n${where.program.output().slice(-3_000)}`);
      await new Promise((resolve) => setTimeout(resolve, 20));
      continue;
    }
    seen.add(next.ts);
    const question = String(markOf(next).question);
    const follow = markOf(next).kind === "follow_up";
    const text = follow ? `As for ${question}: Sam decides, until noon.` : answerTo(question);
    user.says(channel, text, { thread: next.thread_ts ?? next.ts });
    if (!follow) said.set(question, text);
  }
  return said;
}

export { conversationKey, eventually, markOf, wordsOf };

/** With a simulated calendar: answers settle and busy cards are redrawn now, instead of after their silence. */
export async function flush(where: Journey, to?: string): Promise<void> {
  const { url } = where.program;
  const { now }: { now: string } = JSON.parse(await (await fetch(`${url}/readyz`)).text());
  const response = await fetch(`${url}/clock`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ to: to ?? new Date(Date.parse(now) + 60_000).toISOString() }),
  });
  if (!response.ok) throw new Error(`The calendar didn't move: ${response.status} ${await response.text()}`);
}

/** A session by one line; resolves when these modules' first questions stand in their threads. */
export async function begin(
  where: Journey,
  {
    channel = "C1",
    by = "U1",
    name = "Black Friday",
    modules = ["performance", "resilience", "security", "service-quotas", "monitoring"],
  }: { channel?: string; by?: string; name?: string; modules?: string[] } = {},
): Promise<void> {
  const { slack } = where;
  await slack.user(by).command(channel, `start "${name}" 2026-11-27`);
  await eventually(
    () =>
      modules.every((module) => questionPosts(slack, channel).some((question) => markOf(question).module === module)),
    { within: 30_000, what: `the first questions of "${name}"` },
  );
}

/** The newest post that puts this question (its follow-up, if that came last). */
export function questionPost(slack: SlackStandIn, id: string, channel = "C1"): Message | undefined {
  return questionPosts(slack, channel).findLast((post) => markOf(post).question === id);
}

/** Resolves with the question's post once it stands and still wants an answer. */
export function asked({ slack }: Journey, id: string, channel = "C1"): Promise<Message> {
  return eventually(
    () => {
      const post = questionPost(slack, id, channel);
      return post !== undefined && isOpen(post) ? post : undefined;
    },
    { within: 30_000, what: `question ${id} in ${channel}` },
  );
}

export function reply(post: Message): { thread: string } {
  return { thread: post.thread_ts ?? post.ts };
}

/** What one person was told privately, newest last. */
export function told(slack: SlackStandIn, user: string): string[] {
  return slack.world.ephemerals.filter((one) => one.user === user).map(wordsOf);
}

/**
 * Resolves with what this person is told privately once it has these words: an answer may come with the
 * acknowledgement or a moment after it. `after`: how often they had been told something before.
 */
export function hears(slack: SlackStandIn, user: string, words: string, after = 0): Promise<string> {
  return eventually(
    () =>
      told(slack, user)
        .slice(after)
        .find((one) => one.includes(words)),
    {
      what: `"${words}" told to ${user}`,
    },
  );
}

/** Resolves once a message says this. */
export function says(shown: { text: string; blocks?: Json[] }, words: string | RegExp): Promise<boolean> {
  const found = (all: string) => (typeof words === "string" ? all.includes(words) : words.test(all));
  return eventually(() => found(wordsOf(shown)), { what: `"${words}" in "${shown.text}"` });
}

/** The answers of the export that count, by question. `session`: which one, when the journey has several. */
export async function answersOf(where: Journey, session?: unknown): Promise<Record<string, string>> {
  const { questions } = await (session === undefined ? where.exported() : exportOf(where, String(session)));
  return Object.fromEntries(
    questions.map(({ id, answers }) => [id, answers.find(({ withdrawn }) => !withdrawn)?.text ?? ""]),
  );
}

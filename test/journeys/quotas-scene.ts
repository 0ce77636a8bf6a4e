import type { TestContext } from "vitest";
import { eventually } from "./program.ts";
import { ownAws } from "./quotas.ts";
import { begin, journey, modulePost, questionPost, reply, told, wordsOf } from "./slack.ts";
import { openCards, startSession, startTeamsStage, modulePost as teamsModule } from "./teams.ts";

/** The Service Quotas module in Slack and in Teams, seen the same way, for journeys through both. */

export type Scene = {
  /** Everything on the newest card of a question. */
  question(id: string): string | undefined;
  module(): string;
  skip(): Promise<void>;
  ask(text: string): Promise<void>;
  /** What the asker was answered privately (in Teams: by name). */
  answers(): string[];
  /** The one who asks becomes a manager. */
  manage(): Promise<void>;
  /** Whether a post with these words stands in the module's thread. */
  told(words: string): boolean;
  /** Taps a button of the newest private answer that has these words. */
  press(words: string, action: string): Promise<void>;
  end(): Promise<void>;
};

async function slackScene(environment: Record<string, string>): Promise<Scene> {
  const where = await journey({ environment });
  const { slack } = where;
  await begin(where, { modules: ["service-quotas"] });
  await slack.user("U1").command("C1", "assign service-quotas @U2");
  const post = (id: string) => questionPost(slack, id);
  return {
    question(id) {
      const found = post(id);
      return found === undefined ? undefined : wordsOf(found);
    },
    module() {
      const found = modulePost(slack, "service-quotas");
      return found === undefined ? "" : wordsOf(found);
    },
    async skip() {
      const first = post("Q1");
      if (first === undefined) throw new Error("Q1 isn't there");
      slack.user("U2").says("C1", "skip", reply(first));
    },
    async ask(text) {
      await slack.user("U1").command("C1", `quotas ${text}`);
    },
    answers: () => told(slack, "U1"),
    told(words) {
      const root = modulePost(slack, "service-quotas")?.ts;
      return slack.posts({ kind: "evidence" }).some((post) => post.thread_ts === root && wordsOf(post).includes(words));
    },
    async manage() {
      await slack.user("U1").command("C1", "assign manager me");
    },
    async press(words, action) {
      const shown = slack.world.ephemerals.findLast((one) => one.user === "U1" && wordsOf(one).includes(words));
      if (shown === undefined) throw new Error(`No answer with "${words}"`);
      await slack.user("U1").clicks(shown, action);
    },
    end: () => where.end(),
  };
}

async function teamsScene(environment: Record<string, string>): Promise<Scene> {
  const stage = await startTeamsStage({ environment });
  const { world, priya, channel } = stage;
  await startSession(stage);
  const module = teamsModule(world, "service-quotas");
  if (module === undefined) throw new Error("The module isn't there");
  await priya.clicks(module, "claim");
  const card = (id: string) => openCards(world).find(({ mark }) => mark?.question === id);
  return {
    question: (id) => card(id)?.words,
    module: () => teamsModule(world, "service-quotas")?.words ?? "",
    async skip() {
      const first = card("Q1");
      if (first === undefined) throw new Error("Q1 isn't there");
      await priya.says(first, "skip", { mention: true });
    },
    async ask(text) {
      await priya.says({ conversation: channel }, `quotas ${text}`, { mention: true });
    },
    answers: () =>
      world
        .all()
        .filter(({ mark }) => mark?.session === undefined || mark.session === "")
        .map(({ words }) => words),
    told: (words) => world.all().some((post) => post.mark?.kind === "evidence" && post.words.includes(words)),
    async manage() {
      await priya.says({ conversation: channel }, "assign manager me", { mention: true });
    },
    async press(words, action) {
      const shown = world.all().findLast((one) => one.words.includes(words));
      if (shown === undefined) throw new Error(`No answer with "${words}"`);
      await priya.clicks(shown, action);
    },
    end: () => stage.close(),
  };
}

export const PLATFORMS: [name: string, open: (environment: Record<string, string>) => Promise<Scene>][] = [
  ["Slack", slackScene],
  ["Teams", teamsScene],
];

/** A session in which somebody owns the Service Quotas module, with AWS as the faults have it. */
export async function sceneIn(
  open: (environment: Record<string, string>) => Promise<Scene>,
  { onTestFinished }: TestContext,
  faults: Parameters<typeof ownAws>[0] = [],
) {
  const own = await ownAws(faults);
  onTestFinished(own.close);
  const made = await open(own.environment);
  onTestFinished(made.end);
  await eventually("Q1 is asked", () => made.question("Q1"), 40_000);
  return { ...made, aws: own.aws };
}

export function shows(made: Scene, id: string, words: string, within = 40_000): Promise<true> {
  return eventually(`${id} shows "${words}"`, () => (made.question(id)?.includes(words) ? true : undefined), within);
}

/** The private answer that has these words. */
export function answered(made: Scene, words: string): Promise<string> {
  return eventually(
    `an answer with "${words}"`,
    () => made.answers().find((answer) => answer.includes(words)),
    30_000,
  ).catch((error: unknown) => {
    throw new Error(`${String(error)}\n${made.answers().join("\n---\n")}`);
  });
}

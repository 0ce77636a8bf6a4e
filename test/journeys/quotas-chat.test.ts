import { describe, expect, it, type TestContext } from "vitest";
import { eventually } from "./program.ts";
import { ownAws } from "./quotas.ts";
import { begin, journey, modulePost, questionPost, reply, told, wordsOf } from "./slack.ts";
import { openCards, startSession, startTeamsStage, modulePost as teamsModule } from "./teams.ts";

/** The Service Quotas module in Slack and Teams: the same four weathers as in the web channel. */

type Scene = {
  /** Everything on the newest card of a question. */
  question(id: string): string | undefined;
  module(): string;
  skip(): Promise<void>;
  ask(text: string): Promise<void>;
  /** What the asker was answered privately (in Teams: by name). */
  answers(): string[];
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
    end: () => stage.close(),
  };
}

// Side by side: most of each story is waiting for a channel's one post a second, or for a slow AWS.
describe.concurrent.each([
  ["Slack", slackScene],
  ["Teams", teamsScene],
])("quotas in %s", (_, open) => {
  async function scene({ onTestFinished }: TestContext, faults: Parameters<typeof ownAws>[0] = []) {
    const own = await ownAws(faults);
    onTestFinished(own.close);
    const made = await open(own.environment);
    onTestFinished(made.end);
    await eventually("Q1 is asked", () => made.question("Q1"), 40_000);
    return { ...made, aws: own.aws };
  }

  const shows = (made: Scene, id: string, words: string, within = 40_000) =>
    eventually(
      `${id} shows "${words}"; it shows ${made.question(id)}`,
      () => (made.question(id)?.includes(words) ? true : undefined),
      within,
    );

  const answered = (made: Scene, words: string) =>
    eventually(
      `an answer with "${words}"`,
      () => made.answers().find((answer) => answer.includes(words)),
      30_000,
    ).catch((error: unknown) => {
      throw new Error(`${String(error)}\n${made.answers().join("\n---\n")}`);
    });

  it("AWS there: a question comes with its figures, and a question is answered with yes or no", async (test) => {
    const made = await scene(test);
    await shows(made, "Q1", "Running On-Demand Standard: 96 of 1,152 vCPU in use");
    await made.ask("can we run 300 m7g.2xlarge?");
    const answer = await answered(made, "300 × 8 = 2,400 vCPU; you have room for 1,056.");
    expect(answer).toMatch(/\bNo\./);
    expect(answer).not.toContain("111122223333");
  }, 90_000);

  it("denied: the missing action is named where it matters", async (test) => {
    const made = await scene(test, [{ action: "autoscaling:DescribeAutoScalingGroups", kind: "deny" }]);
    await made.skip();
    await shows(made, "Q2", "autoscaling:DescribeAutoScalingGroups");
  }, 90_000);

  it("slow: the next question comes first, and what AWS says is put into it", async (test) => {
    const made = await scene(test, [{ action: "*", kind: "slow", ms: 4_000 }]);
    await made.skip();
    await shows(made, "Q2", "Reading AWS; what it says appears here.", 15_000);
    await shows(made, "Q2", "2,400 with every group at its maximum", 40_000);
  }, 90_000);

  it("gone: said on the module's card, not on every question", async (test) => {
    const made = await scene(test, "gone");
    await eventually(
      "the module says it",
      () => (made.module().includes("AWS can't be reached") ? true : undefined),
      30_000,
    );
    await made.skip();
    await eventually("Q2 is asked", () => made.question("Q2"), 30_000);
    expect(made.question("Q2")).not.toContain("AWS can't be reached");
    await made.ask("how much gp3 is left");
    await answered(made, "I can't tell: AWS can't be reached");
  }, 90_000);
});

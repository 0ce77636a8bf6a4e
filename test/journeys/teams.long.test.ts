import { afterEach, describe, expect, it } from "vitest";
import type { Fault } from "../stand-ins/teams/faults.ts";
import {
  answerAll,
  claimAll,
  confirmAll,
  duplicates,
  expectAnswered,
  startSession,
  startTeamsStage,
  type TeamsStage,
  type Way,
} from "./teams.ts";

/** All 23 questions in each of the ways of answering, alone; the default run mixes them in one session. */
describe("A session in Teams", () => {
  let stage: TeamsStage;
  let restarting: Promise<void> = Promise.resolve();
  afterEach(async () => {
    await restarting;
    await stage.close();
  });

  const ways: { name: string; consent: boolean; way: Way }[] = [
    { name: "by replies, where the team allowed them", consent: true, way: "reply" },
    { name: "by mentions in the thread", consent: false, way: "mention" },
    { name: "in the cards' answer boxes, each tap delivered twice", consent: false, way: "box" },
    { name: "in dialogs", consent: true, way: "dialog" },
  ];
  it.each(ways)("all 23 questions are answered $name", async ({ consent, way }) => {
    stage = await startTeamsStage({ consent });
    await startSession(stage);
    // Plain words arrive, so it is learned that they do.
    if (consent) await stage.priya.says({ conversation: stage.channel }, "hello, everybody");
    await claimAll(stage);
    const said = await answerAll(stage, () => way);
    await expectAnswered(stage, said);
    await confirmAll(stage);
    expect(stage.world.connector.violations).toEqual([]);
  });

  /** Seeded: the same instants every time, as far as a machine's own pace allows. */
  const random = (seed: number) => () => {
    seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
    return seed / 2 ** 32;
  };

  it.each([11, 12, 13])(
    "killed again and again while somebody answers (seed %i): nothing acknowledged is lost",
    async (seed) => {
      const next = random(seed);
      stage = await startTeamsStage({ consent: true, redelivers: true });
      await startSession(stage);
      await stage.priya.says({ conversation: stage.channel }, "hello, everybody");
      await claimAll(stage);
      const hows: Fault["how"][] = ["502", "502-after", "reset-after", "reset-before", "429", "412"];
      let kills = 0;
      let lost = 0;
      const ways: Way[] = ["reply", "mention", "dialog"];
      const said = await answerAll(
        stage,
        (step) => ways[step % ways.length] ?? "reply",
        async () => {
          await restarting;
          if (next() < 0.5) {
            const how = hows[Math.floor(next() * hows.length)] ?? "502";
            if (how.endsWith("-after")) lost += 1;
            stage.world.connector.faults.add({ on: "any", how });
          }
          if (next() < 0.7) return;
          kills += 1;
          const wait = next() * 500;
          restarting = new Promise((resolve) => setTimeout(resolve, wait)).then(() => stage.restart("kill"));
        },
      );
      await restarting;
      await expectAnswered(stage, said);
      await confirmAll(stage);
      const twice = duplicates(stage.world);
      process.stdout.write(
        `seed ${seed}: ${kills} kills, ${lost} answers of Teams lost; sent twice: ${twice.join(", ") || "nothing"}\n`,
      );
      // Teams has no look-up: what stands twice is at most what a lost answer, or a kill with two sends under way, left.
      expect(twice.length).toBeLessThanOrEqual(lost + 2 * kills);
      expect(twice.filter((what) => what.startsWith("nudge") || what.startsWith("digest"))).toEqual([]);
      expect(stage.world.connector.violations).toEqual([]);
    },
  );
});

import { afterEach, describe, expect, it } from "vitest";
import {
  answerAll,
  claimAll,
  confirmAll,
  expectAnswered,
  startSession,
  startTeamsStage,
  type TeamsStage,
  type Way,
} from "./teams.ts";

/** All 23 questions in each of the ways of answering, alone; the default run mixes them in one session. */
describe("A session in Teams", () => {
  let stage: TeamsStage;
  afterEach(() => stage.close());

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
});

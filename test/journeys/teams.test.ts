import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Fault } from "../stand-ins/teams/faults.ts";
import { eventually } from "../stand-ins/teams/world.ts";
import {
  answerAll,
  answerCard,
  answerTo,
  claimAll,
  confirmAll,
  duplicates,
  expectAnswered,
  modulePost,
  openCards,
  startSession,
  startTeamsStage,
  type TeamsStage,
  type Way,
} from "./teams.ts";

/** Whole stories: the real program, Teams' stand-in with its limits on, people who answer. */
describe("A session in Teams", () => {
  it("all 23 questions, in all ways of answering, through trouble on the wire and a crash", {
    timeout: 120_000,
  }, async ({ onTestFinished }) => {
    const stage = await startTeamsStage();
    onTestFinished(() => stage.close());
    const { world, team, priya, channel } = stage;
    await startSession(stage);
    await claimAll(stage);
    const trouble: Record<number, Omit<Fault, "times"> & { times?: number }> = {
      2: { on: "post", how: "429", retryAfter: 1 },
      4: { on: "update", how: "502" },
      5: { on: "post", how: "502" },
      9: { on: "post", how: "reset-after" },
      12: { on: "any", how: "slow", ms: 400, times: 3 },
      14: { on: "update", how: "429", retryAfter: 1, times: 2 },
      16: { on: "post", how: "412" },
    };
    const ways: Way[] = ["mention", "box", "reply", "dialog"];
    const said = await answerAll(
      stage,
      (step) => (team.consent ? ways[step % 4] : ways[step % 2]) ?? "mention",
      async (step) => {
        const fault = trouble[step];
        if (fault !== undefined) world.connector.faults.add(fault);
        if (step === 10) await stage.restart("kill");
        if (step === 11) {
          // From here on plain replies arrive, and dialogs take the answer boxes' place.
          team.consent = true;
          await priya.says({ conversation: channel }, "hello, everybody");
        }
      },
    );
    await expectAnswered(stage, said);
    await confirmAll(stage);
    const summary = await eventually(() => world.all().find(({ mark }) => mark?.kind === "summary"), {
      what: "the summary",
    });
    expect(summary.words).toContain("Black Friday");
    expect(world.connector.violations).toEqual([]);
    expect(duplicates(world).length).toBeLessThanOrEqual(1);
  });

  describe("of people who change their minds", () => {
    let stage: TeamsStage;
    beforeAll(async () => {
      stage = await startTeamsStage({ consent: true });
      await startSession(stage);
    });
    afterAll(() => stage.close());

    it("an answer can be edited and withdrawn where replies are read", async () => {
      const { world, priya, channel } = stage;
      await priya.says({ conversation: channel }, "hello, everybody");
      await priya.clicks(await eventually(() => modulePost(world, "monitoring")), "claim");
      const card = await eventually(() =>
        openCards(world).find(({ mark, words }) => mark?.question === "M1" && words.includes("Priya Nair")),
      );
      const { seen } = await priya.says(card, "checkout latency");
      await eventually(async () => (await answerTo(stage, "M1")).includes("checkout latency"));
      await priya.edits(seen, "checkout latency and orders a minute");
      await eventually(async () => (await answerTo(stage, "M1")).includes("orders a minute"));
      await priya.deletes(seen);
      await eventually(async () => !(await answerTo(stage, "M1")).includes("orders a minute"));
    });

    it("somebody else in the tenant takes over a module that is assigned by mention", async () => {
      const { world, priya, omar, channel } = stage;
      await priya.says({ conversation: channel }, "assign resilience @Omar Haddad", { mention: true, names: [omar] });
      const card = await eventually(() =>
        openCards(world).find(({ mark, words }) => mark?.question === "R1" && words.includes("Omar Haddad")),
      );
      await answerCard(omar, card, "one region, two AZs, deploys frozen from Monday", "mention");
      await eventually(async () => (await answerTo(stage, "R1")).includes("two AZs"));
    });
  });
});

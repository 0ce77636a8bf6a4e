import { describe, expect, it } from "vitest";
import { blocksOf } from "../stand-ins/slack/user.ts";
import {
  answersOf,
  answerTo,
  asked,
  begin,
  eventually,
  flush,
  hears,
  type Journey,
  journey,
  markOf,
  modulePost,
  quiet,
  reply,
  says,
  told,
  wordsOf,
} from "./slack.ts";

/** Slack's forms, ticks and private messages, through the real program; side by side, since each waits for its channel. */

async function withJourney(run: (where: Journey) => Promise<void>): Promise<void> {
  const where = await journey();
  try {
    await run(where);
  } finally {
    await where.end();
  }
}

describe.concurrent("In Slack", { timeout: 60_000 }, () => {
  it("a long answer keeps its words when only its choices are ticked", async () => {
    await withJourney(async (where) => {
      const { slack } = where;
      await begin(where, { modules: ["monitoring"] });
      const fay = slack.user("U1");
      await fay.clicks(modulePost(slack, "monitoring")!, "claim");
      const question = await asked(where, "M1");
      const long = `${answerTo("M1")} ${"Every alarm goes to the on-call phone. ".repeat(112)}`.trim();
      expect(long.length).toBeGreaterThan(4_400);
      await fay.says("C1", long, reply(question)).delivered;
      await flush(where);
      // One thing more is asked; the answer is complete without it.
      await eventually(() => slack.posts({ kind: "follow_up" })[0]);
      await fay.says("C1", "skip", reply(question)).delivered;
      await flush(where);
      await says(question, "✓");
      await fay.clicks(question, "answer");
      const form = await eventually(() => fay.view());
      const words = wordsOf({ text: "", blocks: blocksOf(form) });
      expect(words).toContain(`(${long.length.toLocaleString("en-GB")} characters) is too long to show`);
      const element: { options?: { value: string }[] } = Object.assign(
        {},
        blocksOf(form).find(({ block_id }) => block_id === "choices")?.element,
      );
      const [first] = element.options ?? [];
      expect((await fay.submits(form, { choices: [first!.value] })).body).toBeUndefined();
      await quiet(where);
      expect((await answersOf(where)).M1).toBe(long);
      const exported = (await where.exported()).questions.find(({ id }) => id === "M1");
      const ticked = expect.objectContaining({ id: first!.value, confirmed: true });
      expect(exported).toMatchObject({ choices: expect.arrayContaining([ticked]) });
    });
  });

  it("a list that is longer than its field is asked for stands whole when the rest of Scope is changed", async () => {
    await withJourney(async (where) => {
      const { slack } = where;
      const fay = slack.user("U1");
      const hosts = Array.from({ length: 60 }, (_, at) => `shop-${at}.example.com`);
      await fay.command("C1", `start "Black Friday" 2026-11-27 --hosts ${hosts.join(",")}`);
      const header = await eventually(() => slack.posts({ kind: "header" })[0]);
      const scope = async () => {
        await fay.clicks(header, "scope");
        return eventually(() => fay.view());
      };
      expect((await fay.submits(await scope(), { peak: "3x" })).body).toBeUndefined();
      const fields = JSON.stringify(blocksOf(await scope()));
      expect(hosts.join(", ").length).toBeGreaterThan(600);
      expect(fields).toContain(`"initial_value":"${hosts.join(", ")}"`);
      expect(fields).toContain('"initial_value":"3x"');
    });
  });

  it("an offer turns into what came of it", async () => {
    await withJourney(async (where) => {
      const { slack } = where;
      await begin(where, { modules: ["monitoring"] });
      const omar = slack.user("U2");
      const question = await asked(where, "M1");
      await omar.says("C1", answerTo("M1"), reply(question)).delivered;
      const offer = await eventually(() =>
        slack.world.ephemerals.find((one) => wordsOf(one).includes("use this as your answer?")),
      );
      const before = told(slack, "U2").length;
      await omar.clicks(offer, "take");
      await eventually(() => wordsOf(offer).includes("Monitoring is yours"));
      expect(JSON.stringify(offer.blocks)).not.toContain('"button"');
      expect(told(slack, "U2")).toHaveLength(before);
    });
  });

  it("an export that may have arrived isn't sent again; whoever asked is told once", async () => {
    await withJourney(async (where) => {
      const { slack } = where;
      await begin(where, { modules: ["monitoring"] });
      slack.faults.next("files.completeUploadExternal", "500_after");
      await slack.user("U1").command("C1", "export md");
      await hears(slack, "U1", "comes to your direct messages");
      const unsure = () => slack.posts().filter((post) => wordsOf(post).includes("I can't tell whether the md export"));
      const [post] = await eventually(() => (unsure().length > 0 ? unsure() : undefined));
      expect(wordsOf(post!)).toContain('of "Black Friday" arrived. If it didn\'t, ask again: `/readiness export md`.');
      expect(slack.world.channels.get(post!.channel)?.im).toBe("U1");
      await quiet(where);
      expect(slack.world.uploads.filter(({ done }) => done)).toHaveLength(1);
      expect(unsure()).toHaveLength(1);
    });
  });

  it("what was said for the event before counts again with one tap", async () => {
    await withJourney(async (where) => {
      const { slack } = where;
      const oli = slack.user("U2");
      await begin(where, { modules: ["monitoring"] });
      await oli.clicks(modulePost(slack, "monitoring")!, "claim");
      const before = await asked(where, "M1");
      await oli.says("C1", answerTo("M1"), reply(before)).delivered;
      await flush(where);
      // What was asked more is left open; the answer is complete without it.
      await oli.says("C1", "skip", reply(before)).delivered;
      await says(before, "✓");

      slack.addChannel({ id: "C2", name: "spring" });
      await slack.user("U1").command("C2", 'start "Spring sale" 2027-03-01 --from "Black Friday"');
      const question = await asked(where, "M1", "C2");
      expect(wordsOf(question)).toContain(`For Black Friday u2 said: ${answerTo("M1").slice(0, 130)}`);
      await oli.clicks(question, "still_so");
      await says(question, "✓");
      await eventually(async () => (await answersOf(where, markOf(question).session)).M1 === answerTo("M1"));
    });
  });
});

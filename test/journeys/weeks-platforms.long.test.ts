import { afterEach, describe, expect, it } from "vitest";
import { brokenRules, playWeeks, START, transcript } from "./weeks-play.ts";
import { slackStage } from "./weeks-slack.ts";
import type { Stage } from "./weeks-stage.ts";
import { teamsStage } from "./weeks-teams.ts";
import { webStage } from "./weeks-web.ts";

describe("six weeks, in the real program", () => {
  let stage: Stage | undefined;
  afterEach(() => stage?.close());

  it.each([
    ["the web channel", webStage],
    ["Slack", slackStage],
    ["Teams", teamsStage],
  ])("in %s: every unprompted message has its reason", async (_name, open) => {
    stage = await open(START);
    const story = await playWeeks(stage);
    console.info(transcript(story).join("\n"));
    expect(brokenRules(story)).toEqual([]);
    expect(story.violations).toEqual([]);
    expect(story.status).toBe("closed");
  });
});

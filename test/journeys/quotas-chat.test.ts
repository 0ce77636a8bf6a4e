import { describe, expect, it } from "vitest";
import { eventually } from "./program.ts";
import { answered, PLATFORMS, sceneIn, shows } from "./quotas-scene.ts";

/** The Service Quotas module in Slack and Teams, with AWS there. */

// Side by side: most of each story is waiting for a channel's one post a second, or for a slow AWS.
describe.concurrent.each(PLATFORMS)("quotas in %s", (_, open) => {
  it("questions come with figures, answers with a verdict, and an increase is confirmed, filed once and told", async (test) => {
    const made = await sceneIn(open, test);
    await shows(made, "Q1", "Running On-Demand Standard: 96 of 1,152 vCPU in use");
    await made.manage();
    await made.ask("can we run 300 m7g.2xlarge?");
    const answer = await answered(made, "300 × 8 = 2,400 vCPU; you have room for 1,056.");
    expect(answer).toMatch(/\bNo\./);
    expect(answer).not.toContain("111122223333");
    expect(answer).toContain("Ask for 2,880 vCPU: 2,496 needed");
    await made.press("Ask for 2,880 vCPU: 2,496 needed", "raise");
    await answered(made, "Ask AWS for this?");
    await made.press("Ask AWS for this?", "file_increase");
    await answered(made, "Filed: 2,880 vCPU");
    await eventually("the thread is told", () => made.told("asked AWS for 2,880 vCPU") || undefined, 30_000);
    const filed = made.aws.calls.filter((call) => call.action === "servicequotas:RequestServiceQuotaIncrease");
    expect(filed).toMatchObject([{ outcome: "ok", input: { DesiredValue: 2_880 } }]);
  }, 90_000);
});

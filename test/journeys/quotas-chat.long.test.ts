import { describe, expect, it } from "vitest";
import { eventually } from "./program.ts";
import { answered, PLATFORMS, sceneIn, shows } from "./quotas-scene.ts";

/** The Service Quotas module in Slack and Teams, with AWS denied, slow and gone. */

// Side by side: most of each story is waiting for a channel's one post a second, or for a slow AWS.
describe.concurrent.each(PLATFORMS)("quotas in %s", (_, open) => {
  it("denied: the missing action is named where it matters", async (test) => {
    const made = await sceneIn(open, test, [{ action: "autoscaling:DescribeAutoScalingGroups", kind: "deny" }]);
    await made.skip();
    await shows(made, "Q2", "autoscaling:DescribeAutoScalingGroups");
  }, 90_000);

  it("slow: the next question comes first, and what AWS says is put into it", async (test) => {
    const made = await sceneIn(open, test, [{ action: "*", kind: "slow", ms: 4_000 }]);
    await made.skip();
    await shows(made, "Q2", "Reading AWS; what it says appears here.", 15_000);
    await shows(made, "Q2", "2,400 with every group at its maximum", 40_000);
  }, 90_000);

  it("gone: said on the module's card, not on every question", async (test) => {
    const made = await sceneIn(open, test, "gone");
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

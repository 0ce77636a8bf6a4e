import { describe, expect, it } from "vitest";
import { troubledSession } from "./slack-trouble.ts";

const FINE = { lost: [], repeated: [], duplicates: [], unanswered: [] };

describe.concurrent("Through trouble, in Slack", { timeout: 180_000 }, () => {
  it("every answer is kept once and nothing stands twice over kills at random instants", async () => {
    const report = await troubledSession({ seed: 11, kills: 4, modules: ["security", "monitoring"] });
    expect(report).toMatchObject({ ...FINE, kills: 4 });
    expect(report.said).toBeGreaterThanOrEqual(4);
  });

  it("every answer is kept once and nothing stands twice while one in ten of everything fails", async () => {
    const report = await troubledSession({ seed: 12, storm: 0.1, modules: ["security", "monitoring"] });
    expect(report).toMatchObject(FINE);
    expect(Object.keys(report.faults).length).toBeGreaterThan(3);
  });
});

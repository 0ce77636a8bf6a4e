import { describe, expect, it } from "vitest";
import { sixWeeks } from "./weeks.ts";

describe("six weeks in the web channel, in the real program", () => {
  it("are at most five unprompted messages per person and week, each with something to do or to know", async () => {
    const report = await sixWeeks();
    const counts = [...report.perPersonAndWeek.values()];
    const most = Math.max(...counts);
    const weeks = 7;
    const mean = counts.reduce((sum, count) => sum + count, 0) / (report.people * weeks);
    console.info(`Unprompted messages per person and week: at most ${most}, on average ${mean.toFixed(1)}`);
    expect(report.settled).toBe(23);
    expect(most).toBeLessThanOrEqual(5);
    expect(new Set(report.directs.map(({ text }) => text)).size).toBeGreaterThan(15);
    // In the channel itself stand the header, five modules, summary and decision, and nothing else in all that time.
    expect(report.topLevel).toEqual([
      "Black Friday · T-42 days · Fri 27 Nov, 09",
      "Performance",
      "Resilience",
      "Security",
      "Service Quotas",
      "Monitoring",
      "Readiness summary of Black Friday",
      "Go / no-go for Black Friday",
    ]);
    expect(report.status).toBe("closed");
  }, 120_000);
});

import { expect, it } from "vitest";
import { crashSession } from "./crash.ts";

it("keeps every acknowledged answer and posts nothing twice over kills at random instants", async () => {
  const report = await crashSession(7, 6);
  expect(report.kills).toBeGreaterThan(0);
  expect(report.acknowledged.length).toBeGreaterThanOrEqual(23);
  expect(report).toMatchObject({ lost: [], duplicates: [], unsettled: [], sessions: 1 });
}, 120_000);

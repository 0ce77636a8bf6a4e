import { expect, it } from "vitest";
import { FAULTS } from "../stand-ins/slack/faults.ts";
import { type Trouble, type TroubleReport, troubledSession } from "./slack-trouble.ts";

const FINE = { lost: [], repeated: [], duplicates: [], unanswered: [] };

/** A few at a time: each is a program of its own, and most of it is waiting for Slack's one post a second. */
async function several(troubles: Trouble[]): Promise<TroubleReport[]> {
  const reports = await Promise.all(troubles.map(troubledSession));
  for (const [at, report] of reports.entries()) expect(report, `seed ${troubles[at]?.seed}`).toMatchObject(FINE);
  return reports;
}

it("survives at least fifty kills through Slack, all 23 questions answered in each session", async () => {
  const reports = await several([201, 202, 203, 204].map((seed) => ({ seed, kills: 13 })));
  const kills = reports.reduce((sum, report) => sum + report.kills, 0);
  const said = reports.reduce((sum, report) => sum + report.said, 0);
  expect(kills).toBeGreaterThanOrEqual(50);
  process.stdout.write(`slack crash: ${kills} kills, ${said} things said, 0 lost, 0 duplicates\n`);
});

it("survives a Slack that fails in one of twenty calls, in every way, over whole sessions", async () => {
  const reports = await several([301, 302, 303, 304].map((seed) => ({ seed, storm: 0.05 })));
  const kinds = FAULTS.map(
    (kind) => [kind, reports.reduce((sum, { faults }) => sum + (faults[kind] ?? 0), 0)] as const,
  );
  const said = reports.reduce((sum, report) => sum + report.said, 0);
  for (const [kind, times] of kinds) expect(times, kind).toBeGreaterThan(0);
  process.stdout.write(
    `slack faults: ${kinds.map((kind) => kind.join(" ")).join(", ")}; ${said} things said, 0 lost, 0 duplicates\n`,
  );
});

import { expect, it } from "vitest";
import { FAULTS } from "../stand-ins/slack/faults.ts";
import { eventually, journey, modulePost, quiet } from "./slack.ts";
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

it("takes back a post that came through eight seconds after its sender died and it was sent again", async () => {
  const where = await journey();
  const { slack } = where;
  const headers = () => slack.posts({ channel: "C1", kind: "header" });
  slack.faults.slow("chat.postMessage", 8_000);
  const began = Date.now();
  await slack.user("U1").command("C1", 'start "Black Friday" 2026-11-27');
  await eventually(() => slack.world.arrived["chat.postMessage"] === 1);
  await where.program.kill();
  slack.faults.slow("chat.postMessage", 0);
  await where.restart();
  await eventually(() => headers().length === 2, { within: 20_000, what: "the late one beside the other" });
  await eventually(() => modulePost(slack, "monitoring"));
  await eventually(() => headers().length === 1, { within: 40_000 - (Date.now() - began), what: "one header" });
  await quiet(where);
  expect(headers()).toHaveLength(1);
  await where.end();
});

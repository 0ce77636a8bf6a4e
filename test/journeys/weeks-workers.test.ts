import { join } from "node:path";
import { afterEach, expect, it } from "vitest";
import { createWorld, type World } from "./calendar-parts.ts";
import { temporaryFolder } from "./program.ts";

let world: World | undefined;
const folder = temporaryFolder();
afterEach(async () => {
  await world?.close();
  folder.remove();
});

it("two workers that wake at once, after three days down, write one message a person", async () => {
  world = await createWorld({
    url: `file:${join(folder.path, "weeks.db")}`,
    start: "2026-10-16T09:00:00Z",
    workers: 2,
  });
  await world.command("fay", "general", 'start "Black Friday" 2026-11-27 09:00 --tz Europe/London');
  await world.advance("2026-10-16T09:01:00Z");
  const [session] = await world.store.sessions();
  for (const module of ["performance", "resilience"]) {
    await world.press("oli", "general", "claim", { session: session!.id, module });
  }
  await world.press("pat", "general", "claim", { session: session!.id, module: "service-quotas" });
  await world.advance("2026-10-20T12:00:00Z");
  const directs = () =>
    world!.sent.filter(({ mark }) => mark.kind === "nudge").map(({ channel, at }) => `${channel} ${at}`);
  expect(directs()).toEqual(["@fay 2026-10-19T08:00:00.000Z"]);
  // Down from Tuesday noon to Friday morning: reminders of Wednesday and the daily looks were missed.
  world.jump("2026-10-23T10:00:00Z");
  await world.advance("2026-10-23T10:00:01Z");
  expect(directs().slice(1).sort()).toEqual(["@fay 2026-10-23T10:00:00.000Z", "@oli 2026-10-23T10:00:00.000Z"]);
  const marks = world.sent.map(
    ({ mark }) => `${mark.kind} ${mark.module ?? ""} ${mark.question ?? ""} ${mark.version}`,
  );
  const posts = marks.filter((mark) => !mark.startsWith("nudge"));
  expect(new Set(posts).size).toBe(posts.length);
  const fays = await world.store.person("web:local:fay");
  expect(fays.nudgedOn).toEqual(["2026-10-19", "2026-10-23"]);
});

import { expect, it, onTestFinished } from "vitest";
import { startProgram, temporaryFolder } from "./program.ts";
import { WebClient } from "./web-client.ts";

/** What somebody else decides about somebody is told to them, on the real program: within the hour, once, directly. */

async function started() {
  const folder = temporaryFolder();
  const program = await startProgram({ CLOCK_START: "2026-10-16T09:00:00Z", CLOCK_SPEED: "0" }, folder.path);
  onTestFinished(async () => {
    await program.stop();
    folder.remove();
  });
  const client = new WebClient(program.url, "given");
  await client.say("fay", '/readiness start "Black Friday" 2026-11-27 09:00 --tz UTC');
  await client.flush();
  return client;
}

it("tells an assigned owner in a direct message, and nobody who took a module themselves", async () => {
  const client = await started();
  await client.say("fay", "/readiness assign security @Sven");
  const header = JSON.stringify((await client.messages()).find(({ text }) => text.startsWith("Black Friday")));
  const session = /"session":"(s-[0-9a-f]+)"/.exec(header)?.[1] ?? "";
  await client.act("omar", "claim", { session, module: "resilience" });
  await client.send("POST", "/clock", { to: "2026-10-16T16:00:00Z" });
  const told = await client.messages("sven", "@sven");
  expect(told.map(({ text }) => text)).toEqual([
    expect.stringContaining("Fay gave you Security (3 questions). S1 stands in its thread."),
  ]);
  expect(JSON.stringify(told[0]?.card)).toContain("Delegate");
  expect(await client.messages("omar", "@omar")).toEqual([]);
});

it("sets a named manager's digest for them, and tells them once", async () => {
  const client = await started();
  await client.say("fay", "/readiness assign manager @Mia");
  await client.say("fay", "/readiness digest daily @Mia");
  await client.send("POST", "/clock", { to: "2026-10-16T09:30:00Z" });
  const told = await client.messages("mia", "@mia");
  expect(told.map(({ text }) => text)).toEqual([expect.stringContaining("Fay has set that you get a digest")]);
});

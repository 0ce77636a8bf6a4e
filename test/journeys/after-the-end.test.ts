import { expect, it, onTestFinished } from "vitest";
import { eventually, startProgram, temporaryFolder } from "./program.ts";
import { WebClient } from "./web-client.ts";

/** What stays readable when a session is over, asked where it was held and in a direct message. On the real program. */

const CLOCK = { CLOCK_START: "2026-10-16T09:00:00Z", CLOCK_SPEED: "0", ANSWER_SETTLE: "PT0.05S" };

async function closedSession() {
  const folder = temporaryFolder();
  const program = await startProgram(CLOCK, folder.path);
  onTestFinished(async () => {
    await program.stop();
    folder.remove();
  });
  const client = new WebClient(program.url, "ended");
  /** Says it and gives the private answer to it. */
  const ask = async (as: string, text: string, channel = "general") => {
    const whispers = async () =>
      (await client.json<{ whispers: { text: string }[] }>(`/web/messages?as=${as}&channel=${channel}`)).whispers;
    const before = (await whispers()).length;
    await client.send("POST", "/web/messages", { as, channel, key: client.key(), text });
    return eventually(`an answer to ${as}'s "${text}"`, async () => (await whispers())[before]?.text);
  };
  await client.say("fay", '/readiness start "Black Friday" 2026-11-27 09:00 --tz UTC');
  await client.say("fay", "/readiness answer R1 the payment provider is single");
  await client.flush();
  expect(await ask("fay", "/readiness close")).toContain("Everything stays readable");
  await client.flush();
  return { client, ask };
}

it("after `close` its channel still exports, tells and erases", async () => {
  const { client, ask } = await closedSession();
  expect(await ask("fay", "/readiness export md")).toContain("comes to your direct messages");
  expect(await ask("omar", "/readiness status")).toContain("Black Friday");
  expect(await ask("omar", "/readiness why R2")).toContain("R2");
  expect(await ask("omar", "/readiness export md")).toContain("can export the session");
  expect(await ask("fay", "/readiness forget")).toContain("Erase every word");
  expect(await ask("fay", "/readiness summary")).toContain("Writing the summary");
  await client.flush();
  expect((await client.messages()).some(({ text }) => text.startsWith("Readiness summary of Black Friday"))).toBe(true);
  const files = await client.messages("fay", "@fay");
  expect(files.some(({ text }) => text.includes("md export"))).toBe(true);
  expect(await ask("fay", "/readiness next")).toContain("is closed");
});

it("in a direct message it is the one they took part in last", async () => {
  const { ask } = await closedSession();
  expect(await ask("fay", "status", "@fay")).toContain("Black Friday");
  expect(await ask("fay", "export json", "@fay")).toContain("comes to your direct messages");
  expect(await ask("pat", "status", "@pat")).toContain("You are in no open session");
});

it("a session that is open in the channel comes first", async () => {
  const { client, ask } = await closedSession();
  await client.say("fay", '/readiness start "Spring Sale" 2027-03-05 09:00 --tz UTC');
  await client.flush();
  expect(await ask("fay", "/readiness status")).toContain("Spring Sale");
});

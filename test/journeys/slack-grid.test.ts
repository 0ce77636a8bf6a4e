import { expect, it } from "vitest";
import { answersOf, asked, begin, eventually, journey, modulePost, reply, says } from "./slack.ts";

it("somebody of another workspace of the organisation takes a module and answers: one person all the way", async () => {
  const where = await journey({ slack: { organisation: "all of it" } });
  try {
    const { slack } = where;
    const kim = slack.addUser({ id: "U6", name: "kim", team: "T2", teams: ["T1", "T2"] });
    slack.addChannel({ id: "C1", name: "launch" });
    await begin(where, { modules: ["performance"] });
    const module = await eventually(() => modulePost(slack, "performance"));
    await kim.clicks(module, "claim");
    await says(module, "kim");
    const said = kim.says("C1", "40,000 requests a second, measured in October", reply(await asked(where, "P1")));
    expect(await said.delivered).toBe(true);
    await eventually(async () => (await answersOf(where)).P1 !== undefined);
    const { questions } = await where.exported();
    const [answer] = questions.find(({ id }) => id === "P1")?.answers ?? [];
    expect(answer).toMatchObject({ by: { id: "slack:E1:U6", name: "kim" }, messageIds: [said.ts] });
  } finally {
    await where.end();
  }
}, 120_000);

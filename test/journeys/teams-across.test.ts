import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { eventually, type Person, startTeamsWorld, type TeamsWorld } from "../stand-ins/teams/world.ts";
import { begin, flush, type Journey, journey, markOf, told, wordsOf } from "./slack.ts";
import { hasButton } from "./teams.ts";

/** One program on two platforms: a session in Slack, and somebody who is in Teams as well. */
describe("Across Slack and Teams", () => {
  let world: TeamsWorld;
  let where: Journey;
  let mia: Person;

  beforeEach(async () => {
    world = await startTeamsWorld();
    mia = world.user("Mia Marsh");
    where = await journey({
      environment: {
        ...world.environment,
        SECRET_KEY: "a key of at least thirty-two characters, for tests",
        LOG_LEVEL: "warn",
      },
    });
    world.connectTo(where.program.url);
    await world.installs(mia.chat(), mia);
  });
  afterEach(async () => {
    await world.close();
    await where.end();
  });

  const chat = () => ({ conversation: mia.chat() });
  const inChat = (words: string) =>
    world.messages(mia.chat()).findLast((one) => one.fromBot && one.words.includes(words));

  async function codeFromSlack(user: string): Promise<string> {
    await where.slack.user(user).command("C1", "me link");
    return eventually(() => /me link ([0-9A-F]{5}-[0-9A-F]{5})/.exec(told(where.slack, user).join("\n"))?.[1]);
  }

  it("a manager named in Slack links with a code, hears of the decision in Teams and signs it there", async () => {
    const { slack } = where;
    await begin(where, { modules: ["monitoring"] });
    await slack.user("U1").command("C1", "assign manager <@U3>");
    const code = await codeFromSlack("U3");
    await mia.says(chat(), `me link ${code}`);
    const asked = await eventually(() => inChat("Is that you?"));
    expect(asked.words).toContain("in Slack");
    await mia.clicks(asked, "link");
    await eventually(() => inChat("Linked: you are"));
    await eventually(() =>
      slack.posts({ kind: "note" }).some((post) => wordsOf(post).includes("You are linked with Mia Marsh in Teams")),
    );
    await mia.says(chat(), "me here");
    await eventually(() => inChat("comes here from now on"));
    await mia.says(chat(), "me");
    await eventually(() => inChat("I write to you in Teams"));

    await slack.user("U1").command("C1", "decide");
    await flush(where, "2026-10-16T10:00:00Z");
    const letter = await eventually(() =>
      world.messages(mia.chat()).findLast(({ mark, card }) => mark?.kind === "nudge" && hasButton(card, "go")),
    );
    expect(slack.posts({ kind: "nudge" })).toEqual([]);
    expect(letter.words).toContain("Black Friday");
    const { notice } = await mia.clicks(letter, "go");
    expect(notice).toMatch(/signed|go/i);
    await flush(where);
    const decision = await eventually(() => {
      const post = slack.posts({ kind: "decision" }).findLast((one) => /go/i.test(wordsOf(one)));
      return post !== undefined && wordsOf(post).includes("Mia Marsh") ? post : undefined;
    });
    expect(markOf(decision).kind).toBe("decision");
    expect(wordsOf(decision)).toMatch(/go/i);
    expect(world.connector.violations).toEqual([]);

    // From Teams the status of the session in Slack can be asked for as well, privately.
    await mia.says(chat(), "status");
    await eventually(() =>
      world
        .messages(mia.chat())
        .findLast(({ fromBot, words, mark }) => fromBot && mark?.private === true && words.includes("Black Friday")),
    );
  });

  it("a code works once, is never said in a channel, and guessing ends", async () => {
    const team = world.team("Shop", [mia]);
    const channel = world.channel(team, "Checkout");
    await world.installs(team, mia);
    await mia.says({ conversation: channel }, "me link", { mention: true });
    await eventually(() => world.all().find(({ words }) => words.includes("in our personal chat only")));
    const code = await codeFromSlack("U4");
    await mia.says(chat(), `me link ${code}`);
    await mia.clicks(await eventually(() => inChat("Is that you?")), "link");
    await eventually(() => inChat("Linked: you are"));
    const other = world.user("Noa Next");
    const theirs = { conversation: other.chat() };
    await world.installs(other.chat(), other);
    const hears = (words: string) =>
      eventually(() => world.messages(other.chat()).find((one) => one.words.includes(words)));
    await other.says(theirs, `me link ${code}`);
    await hears("I don't know that code");
    for (let guess = 0; guess < 5; guess++) await other.says(theirs, `me link 0000${guess}-00000`);
    await hears("too many wrong codes");
    expect(world.connector.violations).toEqual([]);
  });
});

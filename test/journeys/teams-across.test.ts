import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Message } from "../stand-ins/slack/world.ts";
import { eventually, type Person, type Seen, startTeamsWorld, type TeamsWorld } from "../stand-ins/teams/world.ts";
import { begin, flush, hears, type Journey, journey, told, wordsOf } from "./slack.ts";
import { hasButton, standing } from "./teams.ts";

/** One program on two platforms: sessions in Slack, and people who are in Teams as well. */
describe("Across Slack and Teams", () => {
  let world: TeamsWorld;
  let where: Journey;

  beforeAll(async () => {
    world = await startTeamsWorld();
    where = await journey({
      environment: {
        ...world.environment,
        SECRET_KEY: "a key of at least thirty-two characters, for tests",
        LOG_LEVEL: "info",
      },
    });
    world.connectTo(where.program.url);
  });
  afterAll(async () => {
    await world.close();
    await where.end();
  });

  /** Somebody in Teams who has the app. */
  async function inTeams(name: string, about: { email?: string; guest?: boolean } = {}) {
    const person = world.user(name, about);
    const chat = { conversation: person.chat() };
    await world.installs(person.chat(), person);
    return {
      person,
      says: (text: string) => person.says(chat, text),
      sees: (words: string | RegExp) =>
        eventually(() => world.messages(person.chat()).findLast((one) => one.fromBot && has(one.words, words)), {
          what: `${String(words)} in ${name}'s chat`,
        }),
    };
  }

  async function codeFromSlack(user: string): Promise<string> {
    await where.slack.user(user).command("C1", "me link");
    return eventually(() => /me link ([0-9A-F]{5}-[0-9A-F]{5})/.exec(told(where.slack, user).join("\n"))?.[1]);
  }

  const posted = (kind: string, channel: string, words: string | RegExp): Promise<Message> =>
    eventually(() => where.slack.posts({ kind, channel }).findLast((post) => has(wordsOf(post), words)), {
      what: `${kind} with ${String(words)} in ${channel}`,
    });

  it("a manager named in Slack links with a code, hears of the decision in Teams and signs it there", async () => {
    const { slack } = where;
    const mia = await inTeams("Mia Marsh");
    await begin(where, { modules: ["monitoring"] });
    await slack.user("U1").command("C1", "assign manager <@U3>");
    const code = await codeFromSlack("U3");
    await mia.says(`me link ${code}`);
    const asked = await mia.sees("Is that you?");
    expect(asked.words).toContain("in Slack");
    await mia.person.clicks(asked, "link");
    await mia.sees("Linked: you are");
    await eventually(() =>
      slack.posts({ kind: "note" }).some((post) => wordsOf(post).includes("You are linked with Mia Marsh in Teams")),
    );
    await mia.says("me here");
    await mia.sees("comes here from now on");
    await mia.says("me");
    await mia.sees("I write to you in Teams");

    await slack.user("U1").command("C1", "decide");
    await flush(where, "2026-10-16T10:00:00Z");
    const letter = await letterTo(mia.person, "Black Friday");
    expect(slack.posts({ kind: "nudge" })).toEqual([]);
    const { notice } = await mia.person.clicks(letter, "go");
    expect(notice).toMatch(/signed|go/i);
    await posted("decision", "C1", /go[\s\S]*Mia Marsh/i);
    expect(world.connector.violations).toEqual([]);

    // From Teams the status of the session in Slack can be asked for as well, privately.
    await mia.says("status");
    const status = await eventually(() =>
      world
        .messages(mia.person.chat())
        .findLast(({ fromBot, words, mark }) => fromBot && mark?.private === true && words.includes("Black Friday")),
    );
    expect(status.words).toMatch(/ready/i);
  });

  it("a code works once, is never said in a channel, and guessing ends", async () => {
    const ada = await inTeams("Ada Able");
    const team = world.team("Shop", [ada.person]);
    const channel = world.channel(team, "Checkout");
    await world.installs(team, ada.person);
    await ada.person.says({ conversation: channel }, "me link", { mention: true });
    await eventually(() => standing(world, channel).find(({ words }) => words.includes("in our personal chat only")));
    const code = await codeFromSlack("U5");
    await ada.says(`me link ${code}`);
    await ada.person.clicks(await ada.sees("Is that you?"), "link");
    await ada.sees("Linked: you are");
    const noa = await inTeams("Noa Next");
    await noa.says(`me link ${code}`);
    await noa.sees("I don't know that code");
    for (let guess = 0; guess < 5; guess++) await noa.says(`me link 0000${guess}-00000`);
    await noa.sees("too many wrong codes");
    expect(world.connector.violations).toEqual([]);
  });

  it("the same e-mail address on both sides links by itself, with the hours they set; `me unlink` ends it for good", async () => {
    const { slack } = where;
    slack.addUser({ id: "U6", name: "lea", email: "lea.lund@example.com", is_email_confirmed: true });
    slack.addUser({ id: "U7", name: "gus", email: "gus.guest@example.com", is_restricted: true });
    slack.addUser({ id: "U8", name: "una", email: "una.unsure@example.com", is_email_confirmed: false });
    slack.addChannel({ id: "C2", name: "spring" });
    const lea = await inTeams("Lea Lund", { email: "Lea.Lund@Example.com" });
    const gus = await inTeams("Gus Guest");
    const una = await inTeams("Una Unsure");
    await lea.says("me hours 7-15 mon-fri");
    await lea.sees("07:00–15:00");
    for (const other of [gus, una]) {
      await other.says("me");
      await other.sees("I write to you");
    }
    await begin(where, { channel: "C2", name: "Spring launch", modules: ["monitoring"] });
    // Whom the workspace doesn't vouch for is linked with nobody; the last one named is.
    for (const user of ["U7", "U8", "U6"]) {
      const before = told(slack, "U1").length;
      await slack.user("U1").command("C2", `assign manager <@${user}>`);
      await hears(slack, "U1", "now signs as a manager", before);
    }
    const card = await lea.sees("I know you in Slack, too");
    expect(card.words).toContain("your e-mail address is the same there");
    const links = () => where.program.output().split("by their e-mail address").length - 1;
    expect(links()).toBe(1);
    await slack.user("U6").command("C2", "me");
    await hears(slack, "U6", "07:00–15:00");
    await eventually(() => slack.posts({ kind: "note" }).some((post) => wordsOf(post).includes("I know you in Teams")));

    await lea.person.clicks(card, "unlink");
    await lea.sees("Unlinked. What waits for you in Slack");
    const before = told(slack, "U6").length;
    await slack.user("U6").command("C2", "me");
    await hears(slack, "U6", "09:00–17:00", before);
    await lea.says("me unlink");
    await lea.sees("You are linked with no other platform");
    expect(links()).toBe(1);
    expect(world.connector.violations).toEqual([]);
  });

  it("a channel in Teams follows a session in Slack: summary and decision stand there, and a manager signs there", async () => {
    const { slack } = where;
    slack.addUser({ id: "U9", name: "kim", email: "kim.kay@example.com", is_email_confirmed: true });
    slack.addChannel({ id: "C3", name: "finals" });
    const kim = await inTeams("Kim Kay");
    const sam = world.user("Sam Stranger");
    const team = world.team("Board", [kim.person, sam]);
    const channel = world.channel(team, "Launches");
    const there = { conversation: channel };
    await world.installs(team, kim.person);
    await begin(where, { channel: "C3", name: "Cup final", modules: ["monitoring"] });
    await slack.user("U1").command("C3", "assign manager <@U9>");
    await kim.says("me");
    await kim.sees("I know you in Slack, too");

    await slack.user("U2").command("C3", "follow");
    await hears(slack, "U2", "Only");
    await slack.user("U1").command("C3", "follow");
    const code = await eventually(
      () => /@T-Minus follow ([0-9A-F]{5}-[0-9A-F]{5})/.exec(told(slack, "U1").join("\n"))?.[1],
    );
    await kim.person.says(there, "follow 00000-00000", { mention: true });
    await eventually(() => standing(world, channel).find(({ words }) => words.includes("I don't know that code")));
    await kim.person.says(there, `follow ${code}`, { mention: true });
    const inChannel = (kind: string, words: string | RegExp) =>
      eventually(
        () => standing(world, channel).findLast(({ mark, words: said }) => mark?.kind === kind && has(said, words)),
        { what: `${kind} with ${String(words)} in Teams` },
      );
    const welcome = await inChannel("note", 'This channel follows "Cup final"');
    expect(welcome.words).toContain("held in Slack");
    await posted("note", "C3", "A channel in Teams follows this session now; Kim Kay brought the code");

    await kim.person.says(there, "digest daily here", { mention: true });
    await inChannel("digest", '"Cup final" is told here each working day at 09:00');
    await kim.person.says(there, "status", { mention: true });
    await inChannel("note", /For[\s\S]*Cup final/);
    await slack.user("U1").command("C3", "summary");
    await posted("summary", "C3", "Cup final");
    await inChannel("summary", "Cup final");
    await slack.user("U1").command("C3", "decide");
    await posted("decision", "C3", /waiting for/);
    const decision = await inChannel("decision", /waiting for[\s\S]*kim/i);

    const refused = await sam.clicks(decision, "go");
    expect(refused.notice).toContain("Only a named manager");
    const { card } = await kim.person.clicks(decision, "go");
    expect(JSON.stringify(card ?? {})).not.toContain("waiting for");
    await posted("decision", "C3", /Signed[\s\S]*kim/i);
    await inChannel("decision", /Signed[\s\S]*kim/i);

    await flush(where, "2026-10-19T08:30:00Z");
    await inChannel("digest", /Cup final[\s\S]*Decided/);

    await kim.person.says(there, "follow off", { mention: true });
    await inChannel("note", 'Nothing of "Cup final" comes here any more');
    const summaries = () => standing(world, channel).filter(({ mark }) => mark?.kind === "summary").length;
    const had = summaries();
    const before = slack.posts({ kind: "summary", channel: "C3" }).length;
    await slack.user("U1").command("C3", "summary");
    await eventually(() => slack.posts({ kind: "summary", channel: "C3" }).length > before);
    await flush(where);
    expect(summaries()).toBe(had);
    expect(world.connector.violations).toEqual([]);
  });

  function letterTo(person: Person, session: string): Promise<Seen> {
    return eventually(() =>
      world
        .messages(person.chat())
        .findLast(
          ({ mark, card, words }) => mark?.kind === "nudge" && hasButton(card, "go") && words.includes(session),
        ),
    );
  }
});

function has(said: string, words: string | RegExp): boolean {
  return typeof words === "string" ? said.includes(words) : words.test(said);
}

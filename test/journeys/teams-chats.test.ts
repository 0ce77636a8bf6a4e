import { join } from "node:path";
import Database from "better-sqlite3";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { eventually } from "../stand-ins/teams/world.ts";
import { answerTo, modulePost, openCards, standing, startSession, startTeamsStage, type TeamsStage } from "./teams.ts";

const MODULES = ["performance", "resilience", "security", "service-quotas", "monitoring"];

/**
 * Chats without threads, strangers' tokens, and what is said after an outage: the real program beside Teams' stand-in.
 * Each story has a conversation of its own.
 */
describe("A session in Teams", () => {
  let stage: TeamsStage;
  beforeAll(async () => {
    stage = await startTeamsStage();
  });
  afterAll(() => stage.close());

  it("a group chat: a module by plain replies, another by mentions, each to who was asked", async () => {
    const { world, priya, omar } = stage;
    const chat = world.groupChat("Launch crew", [priya, omar], { consent: true });
    const here = { conversation: chat };
    const name = "Spring launch";
    await world.installs(chat, priya);
    await priya.says(here, `start "${name}" 2027-03-19 09:00`, { mention: true });
    await eventually(() => openCards(world, chat).length === 5);
    await eventually(() => MODULES.every((module) => modulePost(world, module, chat)));
    expect(world.messages(chat).filter(({ mark }) => mark?.kind === "module")).toHaveLength(5);

    await omar.says(here, "we watch orders a minute and checkout latency");
    const offer = await eventually(() => world.messages(chat).find(({ words }) => words.includes("Nobody owns")));
    expect(offer.words).toContain("Omar Haddad");
    await omar.clicks(offer, "take");
    await eventually(async () => (await answerTo(stage, "M1", name)).includes("checkout latency"));

    await priya.clicks(modulePost(world, "security", chat)!, "claim");
    const done = new Set<string>();
    const settled = async () =>
      (await stage.exported(name)).questions.filter(({ id, status }) => /^S\d/.test(id) && status === "answered")
        .length === 3;
    const nextCard = () =>
      openCards(world, chat).find(
        ({ mark }) => /^S\d/.test(String(mark?.question)) && !done.has(`${mark?.kind}:${mark?.question}`),
      );
    for (let step = 0; ; step += 1) {
      // A follow-up may come between two questions, or after the last; it is answered like one.
      const card = await eventually(async () => nextCard() ?? (done.size > 2 && (await settled()) ? "all" : undefined));
      if (card === "all") break;
      done.add(`${card.mark?.kind}:${card.mark?.question}`);
      const question = String(card.mark?.question);
      const text = `nobody shares accounts, SEC-${step}`;
      const { delivered } = await priya.says(here, text, { mention: step % 2 === 1 });
      expect(delivered?.status).toBe(200);
      await eventually(async () => (await answerTo(stage, question, name)).includes(text), { what: text });
    }
    expect(world.connector.violations).toEqual([]);
  });

  it("tokens that aren't the Bot Connector's for this bot change nothing", async () => {
    const { world, priya } = stage;
    const team = world.team("Attacked", [priya]);
    const channel = world.channel(team, "Door");
    await world.installs(team, priya);
    let next = Date.now();
    const newId = () => {
      next += 1;
      return String(next);
    };
    const activity = () => ({
      ...world.envelope(priya.account, { conversation: channel }),
      type: "message",
      id: newId(),
      text: "<at>T-Minus</at> start Wrong 2027-01-01",
      entities: [{ type: "mention", text: "<at>T-Minus</at>", mentioned: world.bot }],
    });
    const wrong = [
      { issuer: "https://sts.example.com/" },
      { audience: "99999999-2222-3333-4444-555555555555" },
      { expiresIn: -3_600 },
      { serviceUrl: "https://attacker.example.com/" },
      { key: "stranger" as const },
      { key: "elsewhere" as const },
    ];
    for (const claims of wrong)
      expect((await world.deliver(activity(), { claims })).status, JSON.stringify(claims)).toBe(401);
    expect((await world.deliver(activity(), { authorization: `Bearer ${world.tokens.unsigned()}` })).status).toBe(401);
    expect((await world.deliver(activity(), { authorization: null })).status).toBe(401);
    const elsewhere = {
      ...activity(),
      conversation: { id: channel.id, conversationType: "channel", tenantId: "bbbbbbbb-0000-4000-8000-000000000002" },
    };
    expect((await world.deliver(elsewhere)).status).toBe(403);
    expect(standing(world, channel)).toEqual([]);
    expect((await world.deliver(activity())).status).toBe(200);
    await eventually(() => modulePost(world, "monitoring", channel));
  });

  it("when its channel is deleted, or the app taken out, the facilitator is told at once, and once", async () => {
    const { world, priya } = stage;
    const team = world.team("Short-lived", [priya]);
    const channel = world.channel(team, "Gala");
    await world.installs(team, priya);
    await priya.says({ conversation: channel }, 'start "Gala night" 2027-05-01', { mention: true });
    await eventually(() => openCards(world, channel).length === 5);
    await world.deletesChannel(channel, priya);
    const told = () => world.messages(priya.chat()).filter(({ words }) => words.includes('"Gala night"'));
    await eventually(() => told().length > 0);
    expect(told()[0]?.words).toMatch(/removed from the channel "Gala".*What was said is kept.*close/s);
    await world.uninstalls(team, priya);
    // What can't be done any more is said as well, in the same chat; the removal itself isn't said again.
    await priya.says({ conversation: priya.chat() }, "help");
    await eventually(() => world.messages(priya.chat()).at(-1)?.words.includes("practice"));
    expect(told().filter(({ words }) => words.includes("I was removed from"))).toHaveLength(1);
    expect(world.connector.violations).toEqual([]);
  });

  it("an empty answer box is told so, and a form in the channel says whom it is for", async () => {
    const { world, priya } = stage;
    const team = world.team("Quiet", [priya]);
    const channel = world.channel(team, "Boxes");
    await world.installs(team, priya);
    await priya.says({ conversation: channel }, 'start "Quiet launch" 2027-06-01', { mention: true });
    await eventually(() => openCards(world, channel).length === 5);
    await priya.clicks(modulePost(world, "monitoring", channel)!, "claim");
    const card = await eventually(() =>
      openCards(world, channel).find(({ mark, words }) => mark?.question === "M1" && words.includes("Priya Nair")),
    );
    const before = world.messages(card.thread).length;
    expect((await priya.clicks(card, "answer", { answer: "" })).notice).toMatch(/^Write the answer in a sentence/);
    expect((await priya.clicks(card, "answer", { answer: "👍" })).notice).toMatch(/^I couldn't find words in that/);
    expect((await stage.exported("Quiet launch")).questions.find(({ id }) => id === "M1")?.answers).toEqual([]);
    expect(world.messages(card.thread)).toHaveLength(before);

    await priya.says({ conversation: channel }, "edit", { mention: true });
    const form = await eventually(() =>
      standing(world, channel).find(({ words }) => words.includes("What is the event called?")),
    );
    expect(form.words).toContain("For \nPriya Nair");
    expect(world.connector.violations).toEqual([]);
  });

  it("after an outage it says once in each open thread when it was away", async () => {
    const { world, channel } = stage;
    await startSession(stage);
    await eventually(() => openCards(world, channel).length === 5);
    const away = () =>
      standing(world, channel).filter(({ mark, words }) => mark?.kind === "note" && words.includes("I was away"));
    await stage.restart("stop", (folder) => {
      const db = new Database(join(folder, "t-minus.db"));
      const at = Date.now() - 23 * 60_000;
      expect(
        db.prepare("UPDATE kept SET value = ? WHERE namespace = 'heartbeat'").run(JSON.stringify({ at })).changes,
      ).toBe(1);
      db.close();
    });
    await eventually(() => away().length === 5, { what: "a word in each of the five threads" });
    for (const module of MODULES) {
      const root = modulePost(world, module, channel)!;
      expect(
        away().filter(({ stored }) => stored.root === root.id),
        module,
      ).toHaveLength(1);
    }
    expect(away()[0]?.words).toMatch(/away from\s+\{\{TIME\(.*\)\}\}\s+to\s+\{\{TIME\(.*\)\}\}.*say it again/s);
    await stage.restart("kill");
    await eventually(() => fetch(`${stage.program.url}/readyz`).then((ready) => ready.ok));
    expect(away()).toHaveLength(5);
    expect(world.connector.violations).toEqual([]);
  });
});

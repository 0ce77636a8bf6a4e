import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Address, MessageRef } from "../../../src/domain/address.ts";
import { personId } from "../../../src/domain/ids.ts";
import type { Form, Message } from "../../../src/domain/message.ts";
import type { Reply } from "../../../src/domain/ports.ts";
import { inputsOf, isNode, nodesOf } from "../../stand-ins/teams/card-check.ts";
import type { Conversation, Team } from "../../stand-ins/teams/state.ts";
import { eventually, type Person, type Seen, type TeamsWorld } from "../../stand-ins/teams/world.ts";
import { type Bot, mark, question, startBot, words } from "./harness.ts";

const start: Form = {
  id: "start",
  title: "Start a session",
  intro: ["One session for one event."],
  submit: "Start",
  context: {},
  fields: [
    { name: "name", label: "What is the event called?", required: true, type: "text", max: 80 },
    { name: "date", label: "Which day is it?", required: true, type: "date" },
    { name: "time", label: "When does it begin?", type: "time" },
    { name: "workload", label: "What runs it?", type: "text", multiline: true },
  ],
};

describe("Cards and dialogs in Teams", () => {
  let bot: Bot;
  let world: TeamsWorld;
  let priya: Person;
  let omar: Person;
  let team: Team;
  let channel: Conversation;
  let address: Address;
  let current: { message: Message; kind: "question" | "note" } | undefined;

  beforeEach(async () => {
    current = undefined;
    bot = await startBot({
      limits: false,
      redraw: async () =>
        current === undefined ? undefined : { message: current.message, mark: mark({ kind: current.kind }) },
    });
    world = bot.world;
    priya = world.user("Priya Nair");
    omar = world.user("Omar Haddad");
    team = world.team("Shop", [priya, omar]);
    channel = world.channel(team, "Checkout");
    address = { platform: "teams", workspace: world.tenant, channel: channel.id };
    await world.installs(team, priya);
    await bot.knows(priya, omar);
    await priya.says({ conversation: channel }, "status", { mention: true });
  });
  afterEach(async () => {
    expect(world.connector.violations).toEqual([]);
    await bot.close();
  });

  const reply = (given: Reply) => bot.answers({ kind: "committed", reply: given });
  const cardOf = (ref: MessageRef): Seen => {
    const seen = world.all().find(({ id }) => id === ref.messageId);
    if (seen === undefined) throw new Error("No such message.");
    return seen;
  };
  async function inThread(message: Message, kind: "question" | "confirm" | "note" = "question"): Promise<Seen> {
    const root = await bot.teams.adapter.post(address, words("Resilience"), mark({ kind: "module" }));
    return cardOf(
      await bot.teams.adapter.post({ ...address, thread: root.messageId }, message, mark({ kind, question: "R2" })),
    );
  }

  describe("a button", () => {
    it("arrives with its verb, its data and what was typed in the card", async () => {
      const card = await inThread(question());
      const clicked = await priya.clicks(card, "answer", { answer: "batch can wait, it's not on the event path" });
      expect(clicked.status).toBe(200);
      expect(bot.last()).toMatchObject({
        kind: "action",
        action: "answer",
        value: { session: "s-1", question: "R2", version: 1 },
        inputs: { answer: "batch can wait, it's not on the event path" },
        messageId: card.id,
        address: { channel: channel.id, thread: card.thread.root },
        actor: { user: priya.account.aadObjectId },
      });
    });

    it("beside an empty box says that the box is empty, also from a client that leaves it out", async () => {
      const card = await inThread(question());
      for (const oldClient of [false, true]) {
        await priya.clicks(card, "answer", { answer: "" }, { oldClient });
        expect(bot.last()).toMatchObject({ kind: "action", action: "answer", inputs: { answer: null } });
      }
      const { status } = await world.deliver({
        ...world.envelope(omar.account, card.thread),
        type: "invoke",
        name: "adaptiveCard/action",
        replyToId: card.id,
        value: {
          action: { type: "Action.Execute", verb: "answer", data: { session: "s-1", question: "R2", version: "1" } },
          trigger: "manual",
        },
      });
      expect(status).toBe(200);
      expect(bot.last()).toMatchObject({ value: { question: "R2", version: 1 }, inputs: { answer: null } });
    });

    it("that wants a form gets it in the thread, with the name of whom it is for", async () => {
      const card = await inThread(question());
      reply({ kind: "form", form: start });
      await priya.clicks(card, "why");
      const shown = await eventually(() =>
        world.messages(card.thread).find((message) => message.words.includes("What is the event called?")),
      );
      expect(shown.words).toContain("For \nPriya Nair");
      expect(inputsOf(shown.card).map(({ id }) => id)).toContain("name");
    });

    it("of a channel's own post is pressed in the channel, not in its thread", async () => {
      const ref = await bot.teams.adapter.post(address, question(), mark({ kind: "header" }));
      await priya.clicks(cardOf(ref), "why");
      expect(bot.last().address).toEqual(address);
    });

    it("works the same in a client that doesn't know Action.Execute", async () => {
      const card = await inThread(question());
      await priya.clicks(card, "answer", { answer: "two AZs" }, { oldClient: true });
      expect(bot.last()).toMatchObject({
        kind: "action",
        action: "answer",
        inputs: { answer: "two AZs" },
        messageId: card.id,
      });
    });

    it("is answered with a notice for a short reply", async () => {
      const card = await inThread(question());
      reply({ kind: "message", message: words("Recorded for R2.") });
      expect(await priya.clicks(card, "skip")).toMatchObject({ notice: "Recorded for R2.", card: undefined });
    });

    it("is answered with the redrawn card where there are no words", async () => {
      const card = await inThread(question());
      current = { message: words("R2 ✓ Priya Nair: two AZs · Edit"), kind: "note" };
      const { card: redrawn } = await priya.clicks(card, "skip");
      expect(JSON.stringify(redrawn)).toContain("R2 ✓ Priya Nair");
    });

    it("gets long words as a private reply in its thread, and the card stays", async () => {
      const card = await inThread(question());
      const long: Message = {
        summary: "Why R2 matters",
        blocks: [
          { kind: "heading", text: "Why R2 matters" },
          { kind: "list", items: [["one"], ["two"]] },
        ],
      };
      reply({ kind: "message", message: long });
      expect((await priya.clicks(card, "why")).notice).toBe("Why R2 matters");
      await eventually(() => world.messages(card.thread).find((message) => message.words.includes("For \nPriya Nair")));
    });

    it("that Teams delivers again with a new id is one tap, and gets the same answer", async () => {
      const card = await inThread(question());
      const before = bot.inbounds.length;
      reply({ kind: "message", message: words("Recorded for R2.") });
      await priya.clicks(card, "answer", { answer: "two AZs" }, { redeliver: "new id" });
      await priya.clicks(card, "answer", { answer: "two AZs" }, { redeliver: "same id" });
      expect(bot.inbounds).toHaveLength(before + 1);
      expect((await priya.clicks(card, "answer", { answer: "two AZs" })).notice).toBe("Recorded for R2.");
      await omar.clicks(card, "answer", { answer: "two AZs" });
      await priya.clicks(card, "answer", { answer: "three AZs" });
      expect(bot.inbounds).toHaveLength(before + 3);
    });

    it("of a client's own refresh is no tap", async () => {
      const card = await inThread(question());
      const before = bot.inbounds.length;
      const { status } = await world.deliver({
        ...world.envelope(priya.account, card.thread),
        type: "invoke",
        name: "adaptiveCard/action",
        replyToId: card.id,
        value: { action: { type: "Action.Execute", verb: "skip", data: { session: "s-1" } }, trigger: "automatic" },
      });
      expect(status).toBe(200);
      expect(bot.inbounds).toHaveLength(before);
    });

    it("that isn't ours, or can't be read, is answered and does nothing", async () => {
      const before = bot.inbounds.length;
      const base = {
        ...world.envelope(priya.account, { conversation: channel }),
        type: "invoke",
        name: "adaptiveCard/action",
      };
      for (const value of [
        undefined,
        null,
        7,
        {},
        { action: null },
        { action: { verb: 3 } },
        { action: { data: { session: {} } } },
      ]) {
        expect((await world.deliver({ ...base, value })).status).toBeLessThan(500);
      }
      expect(bot.inbounds).toHaveLength(before);
    });

    it("ticks come back as lists, also empty ones", async () => {
      const confirm: Message = {
        summary: "Resilience is answered.",
        blocks: [
          {
            kind: "ticks",
            id: "R2",
            label: "R2",
            ticks: [
              { id: "r2_owner", text: "Has an owner", ticked: true },
              { id: "r2_az", text: "Two AZs", ticked: false },
            ],
          },
          { kind: "ticks", id: "R5", label: "R5", ticks: [{ id: "r5_tested", text: "Tested", ticked: false }] },
          {
            kind: "buttons",
            buttons: [{ action: "confirm", label: "That's right", value: { session: "s-1", module: "resilience" } }],
          },
        ],
      };
      const card = await inThread(confirm, "confirm");
      await priya.clicks(card, "confirm", { R2: "r2_owner,r2_az" });
      expect(bot.last()).toMatchObject({ inputs: { R2: ["r2_owner", "r2_az"], R5: [] } });
    });
  });

  describe("a dialog", () => {
    const accept: Form = {
      id: "accept",
      title: "Accept a risk",
      submit: "Accept",
      context: { session: "s-1" },
      fields: [
        {
          name: "risk",
          label: "Which risk?",
          required: true,
          type: "choice",
          value: "risk-r2",
          options: [
            { value: "risk-r2", label: "R2" },
            { value: "risk-r4", label: "R4" },
          ],
        },
        { name: "reason", label: "Why is that all right?", required: true, type: "text" },
      ],
    };

    it("opens from a card's button, is submitted, and closes", async () => {
      const card = await inThread(question());
      reply({ kind: "form", form: accept });
      const opened = await priya.opens(card, "not_applicable");
      expect(bot.last()).toMatchObject({
        kind: "action",
        action: "not_applicable",
        form: "possible",
        messageId: card.id,
      });
      if (opened.kind !== "dialog") throw new Error("No dialog.");
      expect(opened.dialog.title).toBe("Accept a risk");
      bot.answers({ kind: "committed" });
      const submitted = await priya.submits(opened.dialog, { reason: "Fallback page tested" });
      expect(submitted.kind).toBe("closed");
      expect(bot.last()).toMatchObject({
        kind: "form",
        form: "accept",
        context: { session: "s-1" },
        values: { risk: "risk-r2", reason: "Fallback page tested" },
      });
    });

    it("with a wrong field opens again with what was typed and the words beside it, also after a restart", async () => {
      const card = await inThread(question());
      reply({ kind: "form", form: start });
      const opened = await priya.opens(card, "not_applicable");
      if (opened.kind !== "dialog") throw new Error("No dialog.");
      await bot.restart();
      reply({ kind: "errors", errors: { date: "That day is over. Which day is it?" } });
      const again = await priya.submits(opened.dialog, { name: "Black Friday", date: "2020-11-27" });
      if (again.kind !== "dialog") throw new Error("No dialog.");
      expect(again.dialog.words).toContain("That day is over. Which day is it?");
      expect(inputsOf(again.dialog.card).map(({ id, value }) => [id, value])).toEqual([
        ["name", "Black Friday"],
        ["date", "2020-11-27"],
        ["time", undefined],
        ["workload", undefined],
      ]);
      bot.answers({ kind: "committed" });
      expect((await priya.submits(again.dialog, { date: "2026-11-27" })).kind).toBe("closed");
    });

    it("picks people by their directory ids, and gives them on as ours", async () => {
      const idOf = (person: Person) =>
        personId({ platform: "teams", workspace: world.tenant, user: person.account.aadObjectId });
      const owners: Form = {
        id: "scope",
        title: "Owners",
        submit: "Save",
        context: { session: "s-1", arg: "owners" },
        fields: [
          { name: "owner_resilience", label: "Resilience", type: "person", value: idOf(priya) },
          { name: "managers", label: "Managers", type: "people", values: [idOf(priya)] },
        ],
      };
      const card = await inThread(question());
      reply({ kind: "form", form: owners });
      const opened = await priya.opens(card, "not_applicable");
      if (opened.kind !== "dialog") throw new Error("No dialog.");
      expect(JSON.stringify(opened.dialog.card)).toContain("Priya Nair");
      await priya.submits(opened.dialog, {
        owner_resilience: omar.account.aadObjectId,
        managers: `${priya.account.aadObjectId},${omar.account.aadObjectId}`,
      });
      expect(bot.last()).toMatchObject({
        values: { owner_resilience: idOf(omar), managers: [idOf(priya), idOf(omar)] },
        names: { [idOf(omar)]: "Omar Haddad", [idOf(priya)]: "Priya Nair" },
      });
      // A new process remembers them; somebody it never met is looked up.
      const late = world.user("Lena Late");
      team.members.push(late.account);
      await bot.restart();
      const before = bot.inbounds.length;
      await priya.submits(opened.dialog, { owner_resilience: late.account.aadObjectId, managers: "" });
      expect(await bot.hears(before)).toMatchObject({ names: { [idOf(late)]: "Lena Late" } });
    });

    it("opens again, also when the program died before its first answer was given", async () => {
      const card = await inThread(question());
      reply({ kind: "form", form: accept });
      const { type: _, ...action } =
        nodesOf(card.card).find(({ data }) => isNode(data) && data.verb === "not_applicable") ?? {};
      const activity = {
        ...world.envelope(priya.account, card.thread),
        type: "invoke",
        name: "task/fetch",
        replyToId: card.id,
        value: { data: action.data },
      };
      const opened = { status: 200, body: { task: { type: "continue" } } };
      expect(await world.deliver(activity)).toMatchObject(opened);
      await bot.restart();
      expect(await world.deliver(activity)).toMatchObject(opened);
    });

    it("that has nothing to ask any more says so", async () => {
      const card = await inThread(question());
      bot.answers({ kind: "ignored", reason: "over" });
      expect(await priya.opens(card, "not_applicable")).toMatchObject({ kind: "message" });
      reply({ kind: "message", message: words("That question was put again.") });
      expect(await priya.opens(card, "not_applicable", { answer: "x" })).toEqual({
        kind: "message",
        text: "That question was put again.",
      });
    });
  });

  describe("a command that needs a form", () => {
    async function asked(): Promise<Seen> {
      reply({ kind: "form", form: start });
      const { seen } = await priya.says({ conversation: channel }, "start", { mention: true });
      return eventually(() => world.messages(seen.thread).find(({ fromBot }) => fromBot));
    }

    it("gets a card in its thread with what is required, Start and More…", async () => {
      const card = await asked();
      expect(inputsOf(card.card).map(({ id }) => id)).toEqual(["name", "date"]);
      bot.answers({ kind: "committed" });
      await priya.clicks(card, "Start", { name: "Black Friday", date: "2026-11-27" });
      expect(bot.last()).toMatchObject({
        kind: "form",
        form: "start",
        values: { name: "Black Friday", date: "2026-11-27" },
      });
      await eventually(() => !world.all().some(({ id }) => id === card.id), {
        what: "the card to go once it was acted on",
      });
    });

    it("More… opens all of it as a dialog, with what was typed already", async () => {
      const opened = await priya.opens(await asked(), "More…", { name: "Black Friday" });
      if (opened.kind !== "dialog") throw new Error("No dialog.");
      expect(inputsOf(opened.dialog.card).map(({ id, value }) => [id, value])).toEqual([
        ["name", "Black Friday"],
        ["date", undefined],
        ["time", undefined],
        ["workload", undefined],
      ]);
      bot.answers({ kind: "committed" });
      expect((await priya.submits(opened.dialog, { date: "2026-11-27", workload: "shop" })).kind).toBe("closed");
      expect(bot.last()).toMatchObject({
        kind: "form",
        values: { name: "Black Friday", date: "2026-11-27", workload: "shop" },
      });
    });

    it("a wrong field is told in the card itself, which stays", async () => {
      const card = await asked();
      reply({ kind: "errors", errors: { date: "That day is over." } });
      const { card: again } = await priya.clicks(card, "Start", { name: "Black Friday", date: "2020-11-27" });
      expect(JSON.stringify(again)).toContain("That day is over.");
      expect(inputsOf(again).map(({ value }) => value)).toEqual(["Black Friday", "2020-11-27"]);
      await bot.teams.stop();
      expect(world.all().some(({ id }) => id === card.id)).toBe(true);
    });

    it("works in a client that only knows Action.Submit", async () => {
      const card = await asked();
      bot.answers({ kind: "committed" });
      await priya.clicks(card, "Start", { name: "Black Friday", date: "2026-11-27" }, { oldClient: true });
      expect(bot.last()).toMatchObject({ kind: "form", form: "start", values: { name: "Black Friday" } });
    });
  });
});

import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Address } from "../../../src/domain/address.ts";
import { OutcomeUnknownError, RetryLaterError, TerminalError } from "../../../src/domain/errors.ts";
import { personId } from "../../../src/domain/ids.ts";
import type { Message } from "../../../src/domain/message.ts";
import { nodesOf } from "../../stand-ins/teams/card-check.ts";
import type { Fault } from "../../stand-ins/teams/faults.ts";
import type { Conversation, Team } from "../../stand-ins/teams/state.ts";
import { eventually, type Person, type TeamsWorld } from "../../stand-ins/teams/world.ts";
import { type Bot, mark, startBot, words } from "./harness.ts";

describe("What the bot says in Teams", () => {
  let bot: Bot;
  let world: TeamsWorld;
  let priya: Person;
  let omar: Person;
  let team: Team;
  let channel: Conversation;
  let address: Address;

  beforeEach(async () => {
    bot = await startBot({ limits: false });
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

  const adapter = () => bot.teams.adapter;
  const personOf = (person: Person) =>
    personId({ platform: "teams", workspace: world.tenant, user: person.account.aadObjectId });

  it("a post in a channel is a new thread: its root's id and time come back, and its mark goes along", async () => {
    const about = mark({ kind: "module", module: "resilience" });
    const ref = await adapter().post(address, words("Resilience · 6 questions"), about);
    const [root] = world.messages({ conversation: channel, root: ref.messageId });
    expect(ref).toEqual({ address, messageId: root?.id, sentAt: root?.sentAt });
    expect(root?.mark).toEqual(about);
    expect(root?.stored.summary).toBe("Resilience · 6 questions");
  });

  it("a post in a thread stands in it; updates and removals find both kinds", async () => {
    const root = await adapter().post(address, words("Resilience"), mark({ kind: "module" }));
    const thread = { ...address, thread: root.messageId };
    const reply = await adapter().post(thread, words("R1"), mark({ kind: "question" }));
    expect(reply.address).toEqual(thread);
    await adapter().update(root, words("Resilience, 1 of 6"), mark({ kind: "module" }));
    await adapter().update(reply, words("R1 ✓"), mark({ kind: "question" }));
    expect(world.messages({ conversation: channel, root: root.messageId }).map((message) => message.words)).toEqual([
      "Resilience, 1 of 6",
      "R1 ✓",
    ]);
    await adapter().remove(reply);
    await adapter().remove(reply);
    expect(world.messages({ conversation: channel, root: root.messageId })).toHaveLength(1);
  });

  it("group chats have no threads: what is meant for one stands in the chat", async () => {
    const chat = world.groupChat("Launch", [priya, omar]);
    await priya.says({ conversation: chat }, "status", { mention: true });
    const inChat = { ...address, channel: chat.id };
    const ref = await adapter().post({ ...inChat, thread: "1700000000000" }, words("Resilience"), mark());
    expect(ref.address).toEqual(inChat);
    await adapter().update(ref, words("Resilience, again"), mark());
    expect(world.messages(chat).at(-1)?.words).toBe("Resilience, again");
  });

  it("opens the personal chat with somebody, once, and names it from then on", async () => {
    const direct = { ...address, channel: `@${omar.account.aadObjectId}` };
    const first = await adapter().post(direct, words("Two things wait for you."), mark({ kind: "nudge" }));
    expect(first.address.channel).toBe(omar.chat().id);
    await adapter().post(direct, words("One thing waits for you."), mark({ kind: "nudge" }));
    expect(world.connector.requests.filter(({ call }) => call === "create")).toHaveLength(1);
    await adapter().update(first, words("Done."), mark({ kind: "nudge" }));
    expect(world.messages(omar.chat()).map((message) => message.words)).toEqual(["Done.", "One thing waits for you."]);
  });

  it("somebody without the app can't be reached: never again, with what to do", async () => {
    const nadia = world.user("Nadia", { unreachable: true });
    const direct = { ...address, channel: `@${nadia.account.aadObjectId}` };
    const failed = adapter().post(direct, words("hello"), mark({ kind: "nudge" }));
    await expect(failed).rejects.toBeInstanceOf(TerminalError);
    await expect(failed).rejects.toThrow(/Ask them to add T-Minus in Teams/);
  });

  it("only who must act is pinged; names are names", async () => {
    const message: Message = {
      summary: "R2 is for Omar.",
      blocks: [
        { kind: "text", text: [{ person: personOf(omar), name: "Omar Haddad", ping: true }, ", R2 is yours."] },
        { kind: "text", text: ["Facilitator: ", { person: personOf(priya), name: "Priya Nair" }] },
      ],
    };
    await adapter().post(address, message, mark({ kind: "question" }));
    const card = world.messages(channel).at(-1)?.card;
    const mentions = nodesOf(card).filter(({ type }) => type === "mention");
    expect(mentions.map(({ mentioned }) => mentioned)).toEqual([{ id: omar.account.id, name: "Omar Haddad" }]);
  });

  it("nothing that people wrote becomes markup or a mention", async () => {
    const message: Message = {
      summary: "Recorded",
      blocks: [
        {
          kind: "text",
          text: [
            "Recorded: ",
            { quote: "<at>Omar Haddad</at> **all** [click](https://x.example) {{DATE(2026-01-01T00:00:00Z)}}" },
          ],
        },
      ],
    };
    await adapter().post(address, message, mark());
    const card = world.messages(channel).at(-1)?.card;
    expect(nodesOf(card).filter(({ type }) => type === "TextBlock")).toEqual([]);
  });

  it("a huge message still fits a card", async () => {
    const huge: Message = {
      summary: "x".repeat(9_000),
      blocks: Array.from({ length: 60 }, (_, index) => ({
        kind: "text" as const,
        text: [`${index} ${"é✅ word ".repeat(400)}`],
      })),
    };
    await adapter().post(address, huge, mark({ kind: "summary" }));
    const cards = world
      .messages(channel)
      .at(-1)
      ?.stored.attachments.map(({ content }) => Buffer.byteLength(JSON.stringify(content)));
    expect(cards?.length).toBe(2);
    expect(Math.max(...(cards ?? []))).toBeLessThanOrEqual(25_000);
  });

  it("the receipt is the card, so reacting does nothing, and says so beforehand", async () => {
    expect(adapter().abilities).toEqual({
      lookUp: false,
      lookUpAfter: 0,
      reactions: false,
      ephemeral: false,
      history: false,
    });
    await adapter().react({ address, messageId: "1", sentAt: 0 }, true);
  });

  const outcomes: [Fault["how"], Partial<Fault>, new (...args: never[]) => Error][] = [
    ["429", { retryAfter: 3 }, RetryLaterError],
    ["412", {}, RetryLaterError],
    ["403", {}, TerminalError],
    ["404", {}, TerminalError],
    ["500", {}, OutcomeUnknownError],
    ["502", {}, OutcomeUnknownError],
    ["502-after", {}, OutcomeUnknownError],
    ["reset-before", {}, OutcomeUnknownError],
    ["reset-after", {}, OutcomeUnknownError],
  ];
  it.each(outcomes)(
    "a post that meets %s is sent once, and ends in the right kind of failure",
    async (how, more, kind) => {
      const root = await adapter().post(address, words("root"), mark());
      const before = world.connector.requests.length;
      world.connector.faults.add({ on: "post", how, ...more });
      await expect(adapter().post({ ...address, thread: root.messageId }, words("x"), mark())).rejects.toBeInstanceOf(
        kind,
      );
      expect(world.connector.requests.length - before).toBe(1);
    },
  );

  it("a question that had to be sent again counts from its first attempt; one that was never sent doesn't", async () => {
    const root = await adapter().post(address, words("root"), mark());
    const thread = { ...address, thread: root.messageId };
    const about = mark({ kind: "question", question: "R2" });
    world.connector.faults.add({ on: "post", how: "reset-after" });
    await expect(adapter().post(thread, words("R2"), about)).rejects.toBeInstanceOf(OutcomeUnknownError);
    const { seen } = await priya.says({ conversation: channel, root: root.messageId }, "two AZs");
    await bot.restart();
    const again = await adapter().post(thread, words("R2"), about);
    expect(again.sentAt).toBeLessThan(Number(seen.id));
    expect(Number(again.messageId)).toBeGreaterThan(Number(seen.id));
    const busy = mark({ kind: "question", question: "R3" });
    world.connector.faults.add({ on: "post", how: "412" });
    await expect(adapter().post(thread, words("R3"), busy)).rejects.toBeInstanceOf(RetryLaterError);
    await eventually(() =>
      adapter()
        .post(thread, words("R3"), busy)
        .catch(() => undefined),
    ).then((ref) => {
      expect(ref.sentAt).toBe(Number(ref.messageId));
    });
  });

  it("keeps Teams' own waiting time, also for what comes next in that conversation", async () => {
    const root = await adapter().post(address, words("root"), mark());
    const thread = { ...address, thread: root.messageId };
    world.connector.faults.add({ on: "post", how: "429", retryAfter: 7 });
    await expect(adapter().post(thread, words("x"), mark())).rejects.toMatchObject({ retryAfter: 7_000 });
    const before = world.connector.requests.length;
    await expect(adapter().post(thread, words("y"), mark())).rejects.toBeInstanceOf(RetryLaterError);
    expect(world.connector.requests.length).toBe(before);
  });

  it("leaves no idle connection standing until the service closes it", async () => {
    const local = await startBot({ local: true, limits: false });
    const { connector } = local.world;
    connector.keepConnections(60_000);
    const sam = local.world.user("Sam");
    await sam.says({ conversation: sam.chat() }, "status");
    const there: Address = { ...address, workspace: local.world.tenant, channel: sam.chat().id };
    await local.teams.adapter.post(there, words("hello"), mark());
    expect(await connector.connections()).toBeGreaterThan(0);
    await eventually(async () => (await connector.connections()) === 0, { what: "no connection", within: 4_500 });
    await local.close();
  });

  it("no connection and no token mean that nothing was sent", async () => {
    world.connector.faults.add({ on: "token", how: "500", times: 1 });
    const fresh = await startBot({ limits: false });
    const sam = fresh.world.user("Sam");
    const other = fresh.world.team("Ops", [sam]);
    fresh.world.connector.faults.add({ on: "token", how: "500", times: 9 });
    await sam.says({ conversation: fresh.world.channel(other, "Ops") }, "status", { mention: true });
    const there: Address = { ...address, channel: other.channels[1]?.id ?? "" };
    const failed = await fresh.teams.adapter.post(there, words("x"), mark()).catch((error: unknown) => error);
    expect(failed).toBeInstanceOf(RetryLaterError);
    // The sign-in service's own trouble passes soon; wrong credentials wouldn't.
    expect(failed).toMatchObject({
      retryAfter: 5_000,
      message: expect.stringContaining("no access token at the moment"),
    });
    await fresh.world.close();
    world.connector.faults.clear();
    await expect(fresh.teams.adapter.post(there, words("x"), mark())).rejects.toBeInstanceOf(RetryLaterError);
    await fresh.teams.stop();
  });

  it("speaks in conversations of an earlier process, at the newest service address", async () => {
    const root = await adapter().post(address, words("root"), mark());
    await bot.restart();
    const ref = await adapter().post({ ...address, thread: root.messageId }, words("still here"), mark());
    expect(world.messages({ conversation: channel, root: root.messageId }).at(-1)?.id).toBe(ref.messageId);
    await world.deliver(
      {
        ...world.envelope(priya.account, { conversation: channel }),
        type: "message",
        id: "1",
        text: "x",
        serviceUrl: `${world.url}/teams/moved/`,
      },
      { claims: { serviceUrl: `${world.url}/teams/moved/` } },
    );
    await bot.restart();
    await adapter()
      .post(address, words("x"), mark())
      .catch(() => undefined);
    expect(world.connector.requests.at(-1)?.path).toContain("/teams/moved/");
    world.connector.violations.length = 0;
  });

  it("doesn't know a conversation it never was in, and says what to do", async () => {
    await expect(adapter().post({ ...address, channel: "19:other@thread.tacv2" }, words("x"), mark())).rejects.toThrow(
      /mention it once/,
    );
  });

  describe("to one person", () => {
    it("a private reply names them, in the thread where they spoke, and goes after ten minutes", async () => {
      const still = await startBot({ limits: false, clock: Date.now() });
      const sam = still.world.user("Sam Lee");
      const ops = still.world.channel(still.world.team("Ops", [sam]), "Ops");
      still.answers({ kind: "committed", reply: { kind: "message", message: words("14 of 23 answered.") } });
      const { seen } = await sam.says({ conversation: ops }, "status", { mention: true });
      const reply = await eventually(() => still.world.messages(seen.thread).find(({ fromBot }) => fromBot));
      expect(reply.words).toBe("For \nSam Lee\n14 of 23 answered.");
      await eventually(
        () =>
          still.keeper.contents.size > 0 &&
          [...still.keeper.contents.keys()].some((key) => key.startsWith("teams/whispers")),
      );
      await still.restart();
      expect(await still.teams.sweep()).toBe(0);
      still.clock.now += 10 * 60_000;
      expect(await still.teams.sweep()).toBe(1);
      expect(still.world.messages(seen.thread).filter(({ fromBot }) => fromBot)).toEqual([]);
      expect([...still.keeper.contents.keys()].filter((key) => key.startsWith("teams/whispers"))).toEqual([]);
      await still.close();
    });

    it("goes at once when it is acted on, also when its removal fails the first time", async () => {
      const offer: Message = {
        summary: "Take Resilience?",
        blocks: [
          { kind: "text", text: ["Take Resilience and use this as your answer?"] },
          {
            kind: "buttons",
            buttons: [
              { action: "claim", label: "Yes", value: { session: "s-1" } },
              { action: "dismiss", label: "Not me", value: { session: "s-1" } },
            ],
          },
        ],
      };
      await adapter().whisper(address, personOf(priya), offer);
      const reply = await eventually(() => world.all().find(({ words: said }) => said.includes("Take Resilience and")));
      expect(reply.thread.root).toBe(world.messages(channel)[0]?.id);
      await priya.clicks(reply, "claim");
      await eventually(() => !world.all().some(({ id }) => id === reply.id));
    });

    it("in the personal chat it simply stands there", async () => {
      bot.answers({ kind: "committed", reply: { kind: "message", message: words("14 of 23 answered.") } });
      await priya.says({ conversation: priya.chat() }, "status");
      const reply = await eventually(() => world.messages(priya.chat()).find(({ fromBot }) => fromBot));
      expect(reply.words).toBe("14 of 23 answered.");
      expect([...bot.keeper.contents.keys()].filter((key) => key.startsWith("teams/whispers"))).toEqual([]);
    });
  });

  it("shows that it is typing while a command's work goes on", async () => {
    const { seen } = await priya.says({ conversation: channel }, "summary", { mention: true });
    await eventually(() => world.connector.typing.includes(`${channel.id};messageid=${seen.id}`));
  });

  describe("exports", () => {
    const file = {
      name: "black-friday.md",
      mediaType: "text/markdown",
      content: new TextEncoder().encode("# Black Friday"),
      comment: "The export of Black Friday.",
    };

    it("in the personal chat Teams asks before it stores the file, then the file stands there", async () => {
      await priya.says({ conversation: priya.chat() }, "status");
      await adapter().sendFile({ ...address, channel: priya.chat().id }, file);
      const offer = await eventually(() =>
        world.messages(priya.chat()).find(({ stored }) => stored.attachments.length > 0),
      );
      expect(await priya.acceptsFile(offer)).toBe("# Black Friday");
      await eventually(() =>
        world
          .messages(priya.chat())
          .find(({ stored }) =>
            stored.attachments.some(({ contentType }) => String(contentType).endsWith("file.info")),
          ),
      );
    });

    it("after a restart the file is gone, and it says how to get it", async () => {
      await priya.says({ conversation: priya.chat() }, "status");
      await adapter().sendFile({ ...address, channel: priya.chat().id }, file);
      const offer = world.messages(priya.chat()).find(({ stored }) => stored.attachments.length > 0);
      await bot.restart();
      await expect(priya.acceptsFile(offer!, 500)).rejects.toThrow(/in vain/);
      await eventually(() =>
        world.messages(priya.chat()).find(({ words: said }) => said.includes("Ask for the export again")),
      );
    }, 20_000);

    it("in a channel it is a link that only who has it can open, or a sentence without PUBLIC_URL", async () => {
      await adapter().sendFile(address, file);
      expect(world.messages(channel).at(-1)?.words).toContain("ask me for the export in our personal chat");
      expect([...bot.keeper.contents.keys()].some((key) => key.startsWith("teams/whispers"))).toBe(true);
      const linked = await startBot({ limits: false, publicUrl: "https://t-minus.example.com/" });
      const sam = linked.world.user("Sam");
      const ops = linked.world.channel(linked.world.team("Ops", [sam]), "Ops");
      await sam.says({ conversation: ops }, "status", { mention: true });
      await linked.teams.adapter.sendFile({ ...address, channel: ops.id }, file);
      const card = linked.world.messages(ops).at(-1)?.card;
      const url = nodesOf(card)
        .map((node) => node.url)
        .find((found) => typeof found === "string");
      expect(url).toMatch(/^https:\/\/t-minus\.example\.com\/teams\/files\/[\w-]{43}$/);
      await linked.close();
    });
  });
});

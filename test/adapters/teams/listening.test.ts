import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Address } from "../../../src/domain/address.ts";
import type { Conversation, Team } from "../../stand-ins/teams/state.ts";
import { eventually, type Person, type TeamsWorld } from "../../stand-ins/teams/world.ts";
import { type Bot, mark, question, startBot, words } from "./harness.ts";

/** What Teams says, as the engine gets it. Everything goes through botbuilder's CloudAdapter over HTTP. */
describe("What people say in Teams", () => {
  let bot: Bot;
  let world: TeamsWorld;
  let priya: Person;
  let omar: Person;
  let team: Team;
  let channel: Conversation;

  beforeEach(async () => {
    bot = await startBot();
    world = bot.world;
    priya = world.user("Priya Nair", { zone: "Europe/London" });
    omar = world.user("Omar Haddad", { zone: "Africa/Cairo" });
    team = world.team("Shop", [priya, omar]);
    channel = world.channel(team, "Checkout");
    await world.installs(team, priya);
    await bot.knows(priya, omar);
    bot.inbounds.length = 0;
  });
  afterEach(() => bot.close());

  const here = () => ({ conversation: channel });
  const teamsAddress = (extra: { thread?: string } = {}): Address => ({
    platform: "teams",
    workspace: world.tenant,
    channel: channel.id,
    ...extra,
  });

  it("a mention in a channel's top level is a command, without the bot's name", async () => {
    const { delivered } = await priya.says(here(), 'start "Black Friday" 2026-11-27', { mention: true });
    expect(delivered?.status).toBe(200);
    const inbound = bot.last();
    expect(inbound).toMatchObject({
      kind: "command",
      text: 'start "Black Friday" 2026-11-27',
      address: teamsAddress(),
      actor: {
        platform: "teams",
        workspace: world.tenant,
        user: priya.account.aadObjectId,
        name: "Priya Nair",
        zone: "Europe/London",
      },
    });
    expect(inbound.address.thread).toBeUndefined();
  });

  it.each(["readiness status", "/readiness status", "/status", "status"])("%j is the command status", async (text) => {
    await priya.says(here(), text, { mention: true });
    expect(bot.last()).toMatchObject({ kind: "command", text: "status" });
  });

  it("decodes what Teams' editor makes of the words", async () => {
    await priya.says(here(), 'note p99 < 800 ms & "fine"', { mention: true, html: true });
    expect(bot.last()).toMatchObject({ kind: "command", text: 'note p99 < 800 ms & "fine"' });
  });

  it("a mention in a thread is a message to us, with the thread and the platform's time", async () => {
    await priya.says(here(), "status", { mention: true });
    const root = await bot.teams.adapter.post(
      teamsAddress(),
      words("Resilience"),
      mark({ kind: "module", module: "resilience" }),
    );
    const { seen } = await priya.says({ conversation: channel, root: root.messageId }, "two AZs, tested in May", {
      mention: true,
    });
    expect(bot.last()).toMatchObject({
      kind: "message",
      addressed: true,
      text: "two AZs, tested in May",
      messageId: seen.id,
      sentAt: Number(seen.id),
      address: teamsAddress({ thread: root.messageId }),
    });
  });

  it("without consent plain replies don't reach us; with it they do, and don't count as spoken to us", async () => {
    await priya.says(here(), "status", { mention: true });
    const root = await bot.teams.adapter.post(teamsAddress(), words("Resilience"), mark({ kind: "module" }));
    const thread = { conversation: channel, root: root.messageId };
    expect((await priya.says(thread, "two AZs")).delivered).toBeUndefined();
    team.consent = true;
    await priya.says(thread, "/var/log is replicated");
    expect(bot.last()).toMatchObject({ kind: "message", text: "/var/log is replicated" });
    expect(bot.last()).not.toHaveProperty("addressed");
  });

  it("resolves people who are mentioned, also ones who never spoke", async () => {
    await priya.says(here(), "assign resilience @Omar Haddad", { mention: true, names: [omar] });
    expect(bot.last()).toMatchObject({
      kind: "command",
      text: "assign resilience @Omar Haddad",
      mentions: [{ label: "@Omar Haddad", user: omar.account.aadObjectId, name: "Omar Haddad" }],
    });
  });

  it("knows somebody who was mentioned before their ids could be linked as the same person afterwards", async () => {
    const lena = world.user("Lena Late");
    team.members.push(lena.account);
    world.connector.faults.add({ on: "members", how: "502", times: 50 });
    await priya.says(here(), "assign resilience @Lena Late", { mention: true, names: [lena] });
    const inbound = await bot.hears(0);
    const mentioned = inbound.kind === "command" ? inbound.mentions[0]?.user : undefined;
    expect(mentioned).toBe(lena.account.id);
    await lena.says(here(), "status", { mention: true });
    expect((await bot.hears(1)).actor.user).toBe(mentioned);
    await bot.restart();
    await lena.says(here(), "status", { mention: true });
    expect((await bot.hears(2)).actor.user).toBe(mentioned);
  });

  it("tells two people of one name apart", async () => {
    const other = world.user("Omar Haddad");
    team.members.push(other.account);
    await priya.says(here(), "assign resilience @Omar Haddad and quotas @Omar Haddad", {
      mention: true,
      names: [omar, other],
    });
    const inbound = await bot.hears(0);
    expect(inbound.kind === "command" && inbound.mentions.map(({ label, user }) => [label, user])).toEqual([
      ["@Omar Haddad", omar.account.aadObjectId],
      ["@Omar Haddad (2)", other.account.aadObjectId],
    ]);
  });

  it("the personal chat: commands without a mention, everything else a direct message", async () => {
    const chat = { conversation: priya.chat() };
    await priya.says(chat, "status");
    expect(bot.last()).toMatchObject({
      kind: "command",
      text: "status",
      direct: true,
      address: { channel: chat.conversation.id },
    });
    await priya.says(chat, "two AZs");
    expect(bot.last()).toMatchObject({ kind: "message", text: "two AZs", direct: true, flat: true });
    await priya.says(here(), "status", { mention: true });
    expect(bot.last().flat).toBeUndefined();
  });

  it("a group chat: a mention with a command is one, any other is an answer", async () => {
    const chat = world.groupChat("Launch", [priya, omar]);
    await priya.says({ conversation: chat }, "start", { mention: true });
    expect(bot.last()).toMatchObject({ kind: "command", text: "start", address: { channel: chat.id } });
    expect(bot.last()).toMatchObject({ flat: true });
    expect(bot.last().direct).toBeUndefined();
    await priya.says({ conversation: chat }, "two AZs", { mention: true });
    expect(bot.last()).toMatchObject({ kind: "message", text: "two AZs", addressed: true, flat: true });
  });

  it("a slash command, which only we get, is a command, in a thread as well", async () => {
    const root = { conversation: channel, root: "1795430210198" };
    const slash = (place: typeof root | { conversation: Conversation }, id: string, text: string) => {
      const envelope = world.envelope(priya.account, place);
      return world.deliver({ ...envelope, type: "message", id, text, recipient: { ...world.bot, isTargeted: true } });
    };
    await slash(here(), "1795430210101", "/status");
    expect(bot.last()).toMatchObject({ kind: "command", text: "status", address: teamsAddress() });
    await slash(here(), "1795430210102", "/t-minus quotas how much gp3 is left");
    expect(bot.last()).toMatchObject({ kind: "command", text: "quotas how much gp3 is left" });
    await slash(root, "1795430210103", "next");
    expect(bot.last()).toMatchObject({
      kind: "message",
      addressed: true,
      text: "next",
      address: { thread: root.root },
    });
    // It says nothing about whether plain replies reach us.
    const asked = await bot.teams.adapter.post(teamsAddress(), question(), mark({ kind: "question", question: "R2" }));
    expect(world.messages({ conversation: channel, root: asked.messageId })[0]?.words).toContain("mention me");
  });

  it("edits and deletions name the message they change, and each has its own receipt", async () => {
    await priya.says(here(), "status", { mention: true });
    team.consent = true;
    const root = await bot.teams.adapter.post(teamsAddress(), words("Resilience"), mark({ kind: "module" }));
    const { seen } = await priya.says({ conversation: channel, root: root.messageId }, "one AZ");
    const said = bot.last().receipts;
    await priya.edits(seen, "two AZs");
    const edit = bot.last();
    expect(edit).toMatchObject({
      kind: "edit",
      messageId: seen.id,
      text: "two AZs",
      address: teamsAddress({ thread: root.messageId }),
    });
    await priya.deletes(seen);
    expect(bot.last()).toMatchObject({ kind: "delete", messageId: seen.id });
    expect(new Set([...said, ...edit.receipts, ...bot.last().receipts]).size).toBe(3);
  });

  it("a redelivery of a message is the same delivery, whatever its timestamp", async () => {
    await priya.says(here(), "status", { mention: true, redeliver: "same id" });
    await priya.says(here(), "status", { mention: true, redeliver: "new id" });
    expect(bot.inbounds).toHaveLength(2);
  });

  it("guests are outsiders from their first word on", async () => {
    const guest = world.user("Gil Guest", { guest: true });
    const foreign = world.user("Fay Foreign", { tenant: "bbbbbbbb-0000-4000-8000-000000000002" });
    team.members.push(guest.account, foreign.account);
    await guest.says(here(), "quotas", { mention: true });
    expect((await bot.hears(0)).actor.outsider).toBe(true);
    await foreign.says(here(), "quotas", { mention: true });
    expect((await bot.hears(1)).actor.outsider).toBe(true);
    await priya.says(here(), "status", { mention: true });
    expect(bot.last().actor.outsider).toBeUndefined();
  });

  it("guests and apps are known as such where they are named", async () => {
    const guest = world.user("Gil Guest", { guest: true });
    team.members.push(guest.account);
    await priya.says(here(), "assign resilience @Gil Guest", { mention: true, names: [guest] });
    expect(await bot.hears(0)).toMatchObject({ mentions: [{ user: guest.account.aadObjectId, unfit: "outsider" }] });
    await priya.says(here(), "assign resilience @Omar Haddad", { mention: true, names: [omar] });
    expect(JSON.stringify(await bot.hears(1))).not.toContain("unfit");
  });

  it("somebody of whom Teams doesn't tell is unverified until it does", async () => {
    const lena = world.user("Lena Late");
    team.members.push(lena.account);
    world.connector.faults.add({ on: "members", how: "502", times: 50 });
    await lena.says(here(), "status", { mention: true });
    const unsure = await bot.hears(0);
    expect(unsure.actor.unverified).toBe(true);
    expect(unsure.actor.outsider).toBeUndefined();
    world.connector.faults.clear();
    await lena.says(here(), "status", { mention: true });
    expect((await bot.hears(1)).actor.unverified).toBeUndefined();
  });

  it("somebody who joins a team is looked up as they come, and waits for nothing", async () => {
    const lena = world.user("Lena Late");
    team.members.push(lena.account);
    const joined = { type: "conversationUpdate", membersAdded: [{ id: lena.account.id }] };
    await world.deliver({ ...world.envelope(priya.account, here()), ...joined });
    await bot.knows(lena);
    await lena.says(here(), "status", { mention: true });
    expect(bot.last().actor).toMatchObject({ user: lena.account.aadObjectId });
    expect(bot.last().actor.unverified).toBeUndefined();
  });

  it("being added and removed is told, and remembered", async () => {
    await world.installs(team, priya);
    expect(bot.inbounds.at(-1)).toMatchObject({ kind: "place", change: "added" });
    await priya.says(here(), "status", { mention: true });
    await world.uninstalls(team, priya);
    expect(bot.inbounds.filter(({ kind }) => kind === "place").at(-1)).toMatchObject({ change: "removed" });
    await expect(bot.teams.adapter.post(teamsAddress(), words("hello"), mark())).rejects.toThrow(/removed from/);
    await world.installs(team, priya);
    await bot.restart();
    await bot.teams.adapter.post(teamsAddress(), words("hello again"), mark());
    expect(world.messages(channel).at(-1)?.words).toContain("hello again");
  });

  it("a deleted channel is told with its own address", async () => {
    await priya.says(here(), "status", { mention: true });
    await world.deletesChannel(channel, priya);
    expect(bot.last()).toMatchObject({ kind: "place", change: "removed", address: teamsAddress(), name: "Checkout" });
  });

  it("files of the personal chat come as references", async () => {
    await priya.says({ conversation: priya.chat() }, "here is the plan", {
      files: [
        {
          contentType: "application/vnd.microsoft.teams.file.download.info",
          name: "plan.pdf",
          content: { downloadUrl: "https://files.example.com/plan", uniqueId: "f-1", fileType: "pdf" },
        },
      ],
    });
    expect(bot.last()).toMatchObject({
      kind: "message",
      files: [{ id: "f-1", name: "plan.pdf", url: "https://files.example.com/plan" }],
    });
  });

  it("bots, and members coming and going, say nothing to us", async () => {
    const before = bot.inbounds.length;
    const base = world.envelope(priya.account, here());
    await world.deliver({
      ...base,
      type: "message",
      id: "1",
      text: "hi",
      from: { id: "28:another-bot", name: "Another" },
    });
    await world.deliver({ ...base, type: "conversationUpdate", membersAdded: [{ id: omar.account.id }] });
    expect(bot.inbounds).toHaveLength(before);
  });

  it("answers 503 when nothing can be stored, so that Teams comes again", async () => {
    const { StoreUnavailableError } = await import("../../../src/domain/errors.ts");
    bot.answers(() => {
      throw new StoreUnavailableError("The disk is full.");
    });
    expect((await priya.says(here(), "status", { mention: true })).delivered?.status).toBe(503);
    bot.answers(() => {
      throw new Error("boom");
    });
    const { delivered } = await priya.says(here(), "status", { mention: true });
    expect(delivered).toMatchObject({ status: 500, body: { error: "Something went wrong; nothing was recorded." } });
  });

  it("answers only after what was said is stored, and waits for no call to Teams", async () => {
    await priya.says(here(), "status", { mention: true });
    world.connector.faults.add({ on: "any", how: "hang", times: 100 });
    const order: string[] = [];
    bot.answers(async () => {
      await new Promise((resolve) => setTimeout(resolve, 50));
      order.push("stored");
      return { kind: "committed", reply: { kind: "message", message: words("Here is where we are.") } };
    });
    const { delivered } = await priya.says(here(), "status", { mention: true });
    order.push("answered");
    expect(order).toEqual(["stored", "answered"]);
    expect(delivered?.ms).toBeGreaterThan(49);
    // Every call to Teams hangs: an answer that waited for one would take its time-out, 10 s.
    expect(delivered?.ms).toBeLessThan(5_000);
  });

  it("a private answer that Teams takes no time for is said a little later, once", async () => {
    bot.answers({ kind: "committed", reply: { kind: "message", message: words("14 of 23 answered.") } });
    world.connector.faults.add({ on: "post", how: "429", retryAfter: 0, times: 2 });
    const { seen } = await priya.says(here(), "status", { mention: true });
    const answers = () => world.messages(seen.thread).filter((message) => message.words.includes("14 of 23"));
    await eventually(() => answers().length > 0);
    expect(answers()).toHaveLength(1);
    expect(world.connector.requests.filter(({ call, status }) => call === "post" && status === 429)).toHaveLength(2);
  });

  describe("somebody whom nobody has told about", () => {
    let lena: Person;
    const kept = () => [...bot.keeper.contents].filter(([key]) => key.startsWith("teams/waiting"));
    beforeEach(() => {
      lena = world.user("Lena Late");
      team.members.push(lena.account);
    });

    it("is acknowledged at once, however long Teams takes to say who they are", async () => {
      world.connector.faults.add({ on: "members", how: "slow", ms: 2_000 });
      bot.answers({ kind: "committed", reply: { kind: "message", message: words("14 of 23 answered.") } });
      const answered = () => world.connector.requests.filter(({ call, status }) => call === "members" && status > 0);
      const before = answered().length;
      const { delivered, seen } = await lena.says(here(), "status", { mention: true, redeliver: "same id" });
      expect(delivered?.status).toBe(200);
      expect(answered()).toHaveLength(before);
      const inbound = await bot.hears(0);
      expect(inbound).toMatchObject({ kind: "command", text: "status", actor: { user: lena.account.aadObjectId } });
      expect(inbound.actor.unverified).toBeUndefined();
      await eventually(() => world.messages(seen.thread).find((message) => message.words.includes("14 of 23")));
      await eventually(() => kept().length === 0);
      expect(bot.inbounds).toHaveLength(1);
    });

    it("loses nothing that was acknowledged when the program dies meanwhile, and no secret is kept", async () => {
      world.connector.faults.add({ on: "members", how: "hang", times: 100 });
      const { delivered } = await lena.says(here(), "note the key is AKIAIOSFODNN7EXAMPLE", { mention: true });
      expect(delivered?.status).toBe(200);
      expect(bot.inbounds).toEqual([]);
      expect(JSON.stringify(kept())).toContain("the key is [a secret]");
      expect(JSON.stringify([...bot.keeper.contents])).not.toContain("AKIAIOSFODNN7EXAMPLE");
      bot.keeper.broken = true;
      await bot.restart();
      bot.keeper.broken = false;
      world.connector.faults.clear();
      bot.teams.start();
      expect(await bot.hears(0)).toMatchObject({ kind: "command", text: "note the key is [a secret]" });
      await eventually(() => kept().length === 0);
    }, 20_000);

    it("taps a button: that counts, once, when it is known who they are", async () => {
      await priya.says(here(), "status", { mention: true });
      const root = await bot.teams.adapter.post(teamsAddress(), question(), mark({ kind: "question", question: "R2" }));
      const before = bot.inbounds.length;
      const [card] = world.messages({ conversation: channel, root: root.messageId });
      world.connector.faults.add({ on: "members", how: "slow", ms: 300 });
      const { notice } = await lena.clicks(card!, "skip", {}, { redeliver: "new id" });
      expect(notice).toMatch(/asking Teams who you are/);
      expect(await bot.hears(before)).toMatchObject({ kind: "action", action: "skip" });
      await eventually(() => kept().length === 0);
      expect(bot.inbounds).toHaveLength(before + 1);
    });

    it("comes with twenty others: they are asked about at the pace that Teams allows, and all heard", async () => {
      const crowd = Array.from({ length: 20 }, (_, index) => world.user(`Newcomer ${index + 1}`));
      team.members.push(...crowd.map(({ account }) => account));
      await Promise.all(crowd.map((one) => one.says(here(), "next", { mention: true })));
      await eventually(() => bot.inbounds.length === 20);
      expect(bot.inbounds.filter(({ actor }) => actor.unverified)).toEqual([]);
    });

    it("talks: that waits for nothing", async () => {
      team.consent = true;
      world.connector.faults.add({ on: "members", how: "slow", ms: 900 });
      await lena.says(here(), "two AZs");
      expect(bot.last()).toMatchObject({ kind: "message", text: "two AZs", actor: { unverified: true } });
    });
  });

  it("learns where plain replies reach us, and drops the answer box there", async () => {
    const address = teamsAddress();
    await priya.says(here(), "status", { mention: true });
    const asked = await bot.teams.adapter.post(address, question(), mark({ kind: "question", question: "R2" }));
    const card = () => world.messages({ conversation: channel, root: asked.messageId })[0];
    expect(card()?.words).toContain("Reply in this thread and mention me, or answer here.");
    expect(card()?.words).toContain("Your answer");
    team.consent = true;
    await priya.says({ conversation: channel, root: asked.messageId }, "two AZs");
    await bot.teams.adapter.update(asked, question(), mark({ kind: "question", question: "R2" }));
    expect(card()?.words).not.toContain("mention me");
    expect(card()?.words).not.toContain("Your answer");
    await bot.restart();
    const again = await bot.teams.adapter.post(address, question(), mark({ kind: "question", question: "R2" }));
    expect(world.messages({ conversation: channel, root: again.messageId })[0]?.words).not.toContain("mention me");
  });
});

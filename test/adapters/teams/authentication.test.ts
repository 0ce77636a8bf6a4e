import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { TokenClaims } from "../../stand-ins/teams/tokens.ts";
import { startTeamsWorld, type TeamsWorld } from "../../stand-ins/teams/world.ts";
import { type Bot, startBot } from "./harness.ts";

describe("Who may speak to the bot", () => {
  let bot: Bot;
  let world: TeamsWorld;
  const activity = (change: object = {}) => {
    const priya = world.user("Priya Nair");
    const conversation = priya.chat();
    return {
      ...world.envelope(priya.account, { conversation }),
      type: "message",
      id: "1:1",
      text: "status",
      ...change,
    };
  };
  beforeAll(async () => {
    bot = await startBot();
    world = bot.world;
  });
  afterAll(() => bot.close());

  it("takes in what the Bot Connector signed for this bot and this service", async () => {
    const { status } = await world.deliver(activity());
    expect(status).toBe(200);
    expect(await bot.hears(0)).toMatchObject({ kind: "command", text: "status", actor: { name: "Priya Nair" } });
  });

  const wrong: [string, TokenClaims][] = [
    ["another issuer", { issuer: "https://sts.example.com/" }],
    ["another audience", { audience: "99999999-2222-3333-4444-555555555555" }],
    ["a token that has expired", { expiresIn: -3_000 }],
    ["another service URL", { serviceUrl: "https://attacker.example.com/" }],
    ["a key that nobody published", { key: "stranger" }],
    ["a key that is endorsed for another channel", { key: "elsewhere" }],
  ];
  it.each(wrong)("refuses %s with 401, and nothing is taken in", async (_name, claims) => {
    const before = bot.inbounds.length;
    const { status, body } = await world.deliver(activity(), { claims });
    expect(status).toBe(401);
    expect(JSON.stringify(body)).not.toContain("at ");
    expect(bot.inbounds).toHaveLength(before);
  });

  const headers: [string, () => string | null | Promise<string>][] = [
    ["no header", () => null],
    ["an unsigned token (alg none)", () => `Bearer ${world.tokens.unsigned()}`],
    [
      "a token whose signature was cut off",
      async () => `Bearer ${(await world.tokens.issue()).split(".").slice(0, 2).join(".")}.`,
    ],
    ["a token whose claims were changed", async () => `Bearer ${tampered(await world.tokens.issue())}`],
    ["a word that is no token", () => "Bearer hello"],
    ["another scheme", async () => `Basic ${await world.tokens.issue()}`],
  ];
  it.each(headers)("refuses %s with 401", async (_name, header) => {
    const before = bot.inbounds.length;
    const { status } = await world.deliver(activity(), { authorization: await header() });
    expect(status).toBe(401);
    expect(bot.inbounds).toHaveLength(before);
  });

  it("a token that was right stays tied to its service address, channel and tenant", async () => {
    const authorization = `Bearer ${await world.tokens.issue()}`;
    const heard = bot.inbounds.length;
    const said = activity({ id: "1:2" });
    expect((await world.deliver(said, { authorization })).status).toBe(200);
    expect((await world.deliver({ ...said, id: "1:3" }, { authorization })).status).toBe(200);
    await bot.hears(heard + 1);
    const before = bot.inbounds.length;
    const elsewhere = { ...said, id: "1:4", serviceUrl: "https://attacker.example.com/" };
    expect((await world.deliver(elsewhere, { authorization })).status).toBe(401);
    expect((await world.deliver({ ...said, id: "1:5", channelId: "webchat" }, { authorization })).status).toBe(403);
    expect((await world.deliver({ ...said, id: "1:6" }, { authorization: `${authorization}x` })).status).toBe(401);
    expect(bot.inbounds).toHaveLength(before);
  });

  it("refuses a tenant that isn't allowed, though its token is right", async () => {
    const before = bot.inbounds.length;
    const { status } = await world.deliver(
      activity({
        conversation: { id: "a:other", conversationType: "personal", tenantId: "bbbbbbbb-0000-4000-8000-000000000002" },
        channelData: { tenant: { id: "bbbbbbbb-0000-4000-8000-000000000002" } },
      }),
    );
    expect(status).toBe(403);
    expect(bot.inbounds).toHaveLength(before);
    expect(JSON.stringify([...bot.keeper.contents.keys()])).not.toContain("bbbbbbbb");
  });

  it("refuses another channel than Teams, whatever the key's endorsements", async () => {
    expect((await world.deliver(activity({ channelId: "webchat" }), { claims: { key: "elsewhere" } })).status).toBe(
      403,
    );
  });

  it("asks Teams to come again when the signing keys can't be read", async () => {
    const dark = await startTeamsWorld();
    const other = await startBot({
      world: dark,
      settings: {
        ToBotFromChannelOpenIdMetadataUrl: `${dark.url}/nowhere`,
        ToBotFromEmulatorOpenIdMetadataUrl: `${dark.url}/nowhere`,
      },
    });
    const priya = dark.user("Priya");
    const { status } = await dark.deliver({
      ...dark.envelope(priya.account, { conversation: priya.chat() }),
      type: "message",
      id: "1:1",
      text: "status",
    });
    expect(status).toBe(503);
    expect(other.inbounds).toHaveLength(0);
    await other.close();
  });

  it("answers what isn't an activity with 400", async () => {
    expect((await world.deliver([1, 2])).status).toBe(400);
    expect((await world.deliver({ channelId: "msteams" })).status).toBe(400);
  });

  it("takes kinds of activities that it doesn't know, and does nothing", async () => {
    const before = bot.inbounds.length;
    for (const type of ["typing", "messageReaction", "event", "endOfConversation", "handoff"]) {
      expect((await world.deliver(activity({ type }))).status).toBe(200);
    }
    expect(bot.inbounds).toHaveLength(before);
  });
});

describe("The local client", () => {
  it("needs no token, but its service must be on loopback", async () => {
    const bot = await startBot({ local: true });
    const { world } = bot;
    const priya = world.user("Priya");
    const base = {
      ...world.envelope(priya.account, { conversation: priya.chat() }),
      type: "message",
      id: "1:1",
      text: "status",
    };
    expect((await world.deliver(base)).status).toBe(200);
    expect(
      (await world.deliver({ ...base, id: "1:2", serviceUrl: "https://smba.trafficmanager.net/emea/" })).status,
    ).toBe(403);
    expect((await world.deliver({ ...base, id: "1:3", serviceUrl: "http://127.0.0.1.example.com/" })).status).toBe(403);
    await bot.hears(0);
    expect(bot.inbounds).toHaveLength(1);
    await bot.close();
  });
});

function tampered(token: string): string {
  const [header = "", claims = "", signature = ""] = token.split(".");
  const changed = { ...JSON.parse(Buffer.from(claims, "base64url").toString()), name: "somebody else" };
  return [header, Buffer.from(JSON.stringify(changed)).toString("base64url"), signature].join(".");
}

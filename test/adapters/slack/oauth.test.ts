import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createSeal } from "../../../adapters/slack/seal.ts";
import { StoreUnavailableError } from "../../../src/domain/errors.ts";
import { saying } from "../../contracts/chat-adapter-contract.ts";
import type { Json } from "../../stand-ins/slack/check-blocks.ts";
import { type SlackStandIn, slackStandIn } from "../../stand-ins/slack/stand-in.ts";
import { granted, install, keptInMemory, oauthConfigFor, running, scripted } from "./parts.ts";

const TOKEN = "xoxb-very-secret-T2";

describe("Slack in several workspaces", () => {
  let slack: SlackStandIn;
  let engine: ReturnType<typeof scripted>;
  let store: ReturnType<typeof keptInMemory>;
  let app: Awaited<ReturnType<typeof running>>;

  const config = () => oauthConfigFor(slack);

  beforeEach(async () => {
    slack = await slackStandIn({ burst: 100, tiers: false, retryDelays: [20, 20, 20] });
    slack.world.teams.set("T2", { id: "T2", name: "Payments", bot: { user: "UBOT2", id: "B2", token: TOKEN } });
    slack.addUser({ id: "U20", team: "T2", name: "noor" });
    slack.addChannel({ id: "C20", team: "T2", members: ["U20", "UBOT2"] });
    engine = scripted();
    store = keptInMemory();
    app = await running(slack, engine, { config: config(), store });
  });
  afterEach(async () => {
    await app.stop();
    await slack.stop();
  });

  const grant = (more: object = {}) =>
    granted(slack, { access_token: TOKEN, bot_user_id: "UBOT2", team: { id: "T2", name: "Payments" }, ...more });

  const removals: [string, Json][] = [
    ["app_uninstalled", { type: "app_uninstalled" }],
    ["tokens_revoked", { type: "tokens_revoked", tokens: { oauth: [], bot: ["UBOT2"] } }],
  ];

  const answer = () => slack.user("U20").says("C20", "two AZs", { thread: "1.000001" }).delivered;

  it("the install link asks for exactly the scopes of the manifest, and comes back to us", async () => {
    const page = await fetch(`${app.url}/slack/install`, { redirect: "manual" });
    const location = new URL(page.headers.get("location") ?? "http://nowhere");
    expect(location.pathname).toBe("/oauth/v2/authorize");
    expect(location.searchParams.get("client_id")).toBe("123.456");
    expect(location.searchParams.get("redirect_uri")).toBe("https://t-minus.example/slack/oauth_redirect");
    expect(location.searchParams.get("scope")?.split(",")).toContain("files:read");
  });

  it("an installed workspace is heard and spoken to with its own token", async () => {
    grant();
    expect((await install(app.url)).status).toBe(200);
    expect(await answer()).toBe(true);
    expect(engine.of("message")[0]?.actor).toMatchObject({ workspace: "T2", user: "U20" });
    await app.chat.post({ platform: "slack", workspace: "T2", channel: "C20" }, saying("hello"), {
      outbox: "o",
      session: "s",
      kind: "header",
      version: 1,
    });
    expect(slack.posts({ channel: "C20" })[0]?.user).toBe("UBOT2");
  });

  it("tokens are unreadable where they are kept, and still there after a restart", async () => {
    grant();
    await install(app.url);
    expect(JSON.stringify([...store.rows])).not.toContain(TOKEN);
    await app.stop();
    app = await running(slack, engine, { config: config(), store });
    expect(await answer()).toBe(true);
    expect(engine.of("message")).toHaveLength(1);
  });

  it("a state that we didn't make installs nothing", async () => {
    grant();
    expect((await install(app.url, { state: "forged" })).status).toBeGreaterThanOrEqual(400);
    expect([...store.rows.keys()].filter((key) => key.startsWith("slack-installations"))).toEqual([]);
  });

  it("a workspace without an installation is acknowledged, and nothing is taken from it", async () => {
    expect(await answer()).toBe(true);
    expect(engine.heard).toEqual([]);
  });

  it.each(removals)("after %s nothing of the token is left", async (_name, event) => {
    grant();
    await install(app.url);
    expect(await slack.delivery.event("T2", "UBOT2", event)).toBe(true);
    expect([...store.rows.keys()].filter((key) => key.startsWith("slack-installations"))).toEqual([]);
    const post = app.chat.post({ platform: "slack", workspace: "T2", channel: "C20" }, saying("x"), {
      outbox: "o",
      session: "s",
      kind: "header",
      version: 1,
    });
    await expect(post).rejects.toThrow("Install the app again");
  });

  it.each(removals)("%s that comes after the app was installed again changes nothing", async (_name, event) => {
    grant();
    await install(app.url);
    const minuteAgo = Math.floor(Date.now() / 1000) - 60;
    expect(await slack.delivery.event("T2", "UBOT2", event, { event_time: minuteAgo })).toBe(true);
    expect(await answer()).toBe(true);
    expect(engine.of("message")).toHaveLength(1);
  });

  it("a revoked token of another bot is not ours", async () => {
    grant();
    await install(app.url);
    await slack.delivery.event("T2", "UBOT2", { type: "tokens_revoked", tokens: { bot: ["UBEFORE"] } });
    expect(await answer()).toBe(true);
    expect(engine.of("message")).toHaveLength(1);
  });

  it("while the token can't be read from the store nothing is acknowledged, and Slack brings it again", async () => {
    grant();
    await install(app.url);
    await app.stop();
    let failures = 2;
    const failing: typeof store = {
      ...store,
      async kept(namespace, key, parse) {
        failures -= 1;
        if (failures >= 0) throw new StoreUnavailableError("The disk is full");
        return store.kept(namespace, key, parse);
      },
    };
    app = await running(slack, engine, { config: config(), store: failing });
    expect(await answer()).toBe(true);
    expect(failures).toBeLessThan(0);
    expect(engine.of("message")).toHaveLength(1);
  });

  it("who installs from the organisation's own pages is sent through our link", async () => {
    const redirect = `${app.url}/slack/oauth_redirect`;
    const sent = await fetch(`${redirect}?code=code-1`, { redirect: "manual" });
    expect(sent.status).toBe(302);
    expect(sent.headers.get("location")).toBe("https://t-minus.example/slack/install");
    expect((await fetch(`${redirect}?error=access_denied`, { redirect: "manual" })).status).toBeGreaterThanOrEqual(400);
  });

  it("an app whose tokens rotate is refused with what to do, and nothing of it is kept", async () => {
    grant({ refresh_token: "xoxe-1-refresh", expires_in: 43_200 });
    const refused = await install(app.url);
    expect(refused.status).toBe(400);
    expect(await refused.text()).toContain("Make a new app from the manifest");
    expect([...store.rows.keys()].filter((key) => key.startsWith("slack-installations"))).toEqual([]);
  });
});

describe("a seal", () => {
  const { seal, open } = createSeal("a secret key of at least thirty-two characters", "test");

  it("opens what it sealed, and never seals the same twice", () => {
    expect(open(seal("xoxb-1"))).toBe("xoxb-1");
    expect(seal("xoxb-1")).not.toBe(seal("xoxb-1"));
  });

  it("opens nothing that was altered, or sealed with another key", () => {
    const sealed = seal("xoxb-1");
    const altered = `${sealed.slice(0, -4)}AAAA`;
    expect(open(altered)).toBeUndefined();
    expect(createSeal("another key, thirty-two characters long", "test").open(sealed)).toBeUndefined();
    expect(open("v1.")).toBeUndefined();
  });
});

import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { SlackConfig } from "../../../adapters/slack/config.ts";
import type { Inbound } from "../../../src/domain/inbound.ts";
import type { Form } from "../../../src/domain/message.ts";
import { saying } from "../../contracts/chat-adapter-contract.ts";
import { BOT_TOKEN, eventually, type SlackStandIn, slackStandIn, wordsOf } from "../../stand-ins/slack/stand-in.ts";
import { nextTs } from "../../stand-ins/slack/world.ts";
import { configFor, granted, install, keptInMemory, oauthConfigFor, running, scripted } from "./parts.ts";

const START: Form = {
  id: "start",
  title: "Start a session",
  submit: "Start",
  context: {},
  fields: [{ name: "managers", label: "Managers", type: "people", values: [] }],
};
const CLAIM = saying("Resilience", {
  kind: "buttons",
  buttons: [{ action: "claim", label: "I'll take this", value: { session: "s-1" } }],
});

let slack: SlackStandIn;
let engine: ReturnType<typeof scripted>;
let app: Awaited<ReturnType<typeof running>>;

beforeEach(() => {
  engine = scripted(answerOf);
});
afterEach(async () => {
  await app.stop();
  await slack.stop();
});

/** A bare command and "start" ask for the form; everything else is told "done". */
function answerOf(inbound: Inbound) {
  const home = inbound.kind === "home";
  const form = inbound.kind === "command" && inbound.text === "start";
  const reply = form
    ? { kind: "form" as const, form: START }
    : { kind: "message" as const, message: home ? CLAIM : saying("done") };
  return { kind: "committed" as const, reply };
}

/** Everything a person can do about a session in a channel, by every way Slack has. */
async function doesEverything(user: string, workspace: string): Promise<void> {
  const person = slack.user(user);
  const posted = await app.chat.post({ platform: "slack", workspace, channel: "C1" }, CLAIM, {
    outbox: `o-${user}`,
    session: "s-1",
    kind: "module",
    version: 1,
  });
  // The very first thing is an answer: nothing is known of them yet.
  const said = person.says("C1", "two AZs", { thread: posted.messageId });
  expect(await said.delivered).toBe(true);
  await app.app.waiting.idle();
  await person.edits(said, "three AZs");
  expect(await person.says("C1", "@T-Minus status").delivered).toBe(true);
  const card = await eventually(() => slack.posts({ channel: "C1" }).find(({ ts }) => ts === posted.messageId));
  expect((await person.clicks(card, "claim")).status).toBe(200);
  await person.usesShortcut("record_answer", said);
  await person.command("C1", "start");
  const view = await eventually(() => person.view());
  expect((await person.submits(view, { managers: [user] })).status).toBe(200);
  await app.app.waiting.idle();
}

/** Who did something, and where it stands: each one string. */
function whoAndWhere() {
  const all = engine.heard.filter(({ kind }) => kind !== "met" && kind !== "home");
  return {
    kinds: [...new Set(all.map(({ kind }) => kind))].sort(),
    who: [...new Set(all.map(({ actor }) => `${actor.workspace}:${actor.user}${actor.outsider ? " outsider" : ""}`))],
    where: [...new Set(all.map(({ address }) => `${address.workspace}/${address.channel}`))],
  };
}

const EVERYTHING = ["action", "command", "edit", "form", "message", "record"];

const FAST = { burst: 100, tiers: false, retryDelays: [20, 20, 20] };

/** The organisation E1 with the workspaces T1 and T2; the channel C1 is in T1. U6 is in both, U7 in T2 alone. */
async function inOrganisation(organisation: "one workspace" | "all of it"): Promise<SlackStandIn> {
  const made = await slackStandIn({ ...FAST, organisation });
  made.addUser({ id: "U6", team: "T2", teams: ["T1", "T2"] });
  made.addUser({ id: "U7", team: "T2" });
  made.addUser({ id: "U9", team: "T9" });
  made.addChannel({ id: "C1", name: "launch" });
  made.addChannel({ id: "C2", team: "T2", name: "payments" });
  return made;
}

describe.each<[string, (slack: SlackStandIn) => SlackConfig]>([
  ["by OAuth", (from) => oauthConfigFor(from)],
  ["with the organisation's own token", (from) => configFor(from)],
])("T-Minus installed for a whole organisation %s", (_name, configOf) => {
  let store: ReturnType<typeof keptInMemory>;
  beforeEach(async () => {
    slack = await inOrganisation("all of it");
    store = keptInMemory();
    app = await running(slack, engine, { config: configOf(slack), store });
    const enterprise = { id: "E1", name: "Example" };
    const more = { team: null, enterprise, is_enterprise_install: true };
    granted(slack, { access_token: BOT_TOKEN, bot_user_id: "UBOT", ...more });
    if (configOf(slack).botToken === undefined) expect((await install(app.url)).status).toBe(200);
    else await eventually(() => [...store.rows.keys()].some((key) => key.startsWith("slack own")));
  });

  it.each(["U1", "U6", "U7"])("whatever %s does is one person's, in one place", async (user) => {
    await doesEverything(user, "E1");
    expect(whoAndWhere()).toEqual({ kinds: EVERYTHING, who: [`E1:${user}`], where: ["E1/C1"] });
    expect(engine.of("form")[0]?.values).toEqual({ managers: [`slack:E1:${user}`] });
  });

  it("a post that mentions the bot has one receipt, though Slack names the workspace once only", async () => {
    await slack.user("U6").says("C1", "@T-Minus status").delivered;
    await app.app.waiting.idle();
    expect(new Set(engine.of("command").flatMap(({ receipts }) => receipts)).size).toBe(1);
  });

  it("their page knows them as the channel does", async () => {
    await slack.user("U6").opensHome();
    await eventually(() => engine.of("home").length > 0);
    await app.chat.home?.("slack:E1:U6", {
      summary: "Yours",
      blocks: [{ kind: "buttons", buttons: [{ action: "claim", label: "Take it", value: { session: "s-1" } }] }],
    });
    const home = await eventually(() => slack.world.homes.get("U6"));
    await slack.user("U6").clicks({ home }, "claim");
    await app.app.waiting.idle();
    const actors = engine.heard.map(({ actor }) => `${actor.workspace}:${actor.user}`);
    expect(new Set(actors)).toEqual(new Set(["E1:U6"]));
    expect(engine.of("action")).toMatchObject([{ address: { workspace: "E1", channel: "@U6" } }]);
  });

  it("somebody of another organisation in a shared channel stays an outsider, whatever Slack names first", async () => {
    await slack.user("U9").says("C1", "@T-Minus status").delivered;
    await app.app.waiting.idle();
    await slack.user("U9").says("C1", "an answer", { thread: "1.000001" }).delivered;
    expect(whoAndWhere().who).toEqual(["E1:U9 outsider"]);
  });

  it("a channel is found in whichever workspace it is", async () => {
    const found = await app.chat.findChannel?.({ platform: "slack", workspace: "E1", channel: "C1" }, "payments");
    expect(found).toMatchObject({ channel: { workspace: "E1", channel: "C2" } });
  });

  it("a workspace that was taken out is told of, and says what to do", async () => {
    const authorization = { enterprise_id: "E1", team_id: null, user_id: "UBOT", is_enterprise_install: true };
    const through = { authorizations: [authorization], context_team_id: null };
    await slack.delivery.event("T1", "UBOT", { type: "team_access_revoked", team_ids: ["T2"] }, through);
    const line = app.log.lines.find(({ message }) => message.includes("took workspaces out"));
    expect(line?.data).toEqual({ workspaces: ["T2"] });
    Object.assign(slack.world.teams.get("T2") ?? {}, { withdrawn: true });
    const mark = { outbox: "o", session: "s", kind: "header" as const, version: 1 };
    const post = app.chat.post({ platform: "slack", workspace: "E1", channel: "C2" }, saying("x"), mark);
    await expect(post).rejects.toThrow("Install the app again");
  });
});

describe.each<[string, (slack: SlackStandIn) => SlackConfig]>([
  ["by OAuth", (from) => oauthConfigFor(from)],
  ["with its token", (from) => configFor(from)],
])("T-Minus installed in one workspace of an organisation %s", (_name, configOf) => {
  beforeEach(async () => {
    slack = await inOrganisation("one workspace");
    app = await running(slack, engine, { config: configOf(slack) });
    const enterprise = { id: "E1", name: "Example" };
    granted(slack, { access_token: BOT_TOKEN, bot_user_id: "UBOT", team: { id: "T1", name: "Checkout" }, enterprise });
    if (configOf(slack).botToken === undefined) expect((await install(app.url)).status).toBe(200);
    else await eventually(() => [...app.store.rows.keys()].some((key) => key.startsWith("slack own")));
  });

  it.each(["U1", "U6", "U7"])("%s is a colleague, from whichever of its workspaces they come", async (user) => {
    await doesEverything(user, "T1");
    expect(whoAndWhere()).toEqual({ kinds: EVERYTHING, who: [`T1:${user}`], where: ["T1/C1"] });
  });

  it("what a colleague said while nobody listened counts", async () => {
    await slack.user("U6").says("C1", "two AZs").delivered;
    await app.app.waiting.idle();
    engine.heard.splice(0);
    slack.addUser({ id: "U8", team: "T2" });
    slack.world.messages.push({
      channel: "C1",
      ts: nextTs(slack.world),
      user: "U8",
      team: "T2",
      text: "three AZs",
      reactions: [],
      updates: 0,
    });
    const history = await app.chat.history?.({ platform: "slack", workspace: "T1", channel: "C1" }, 0);
    const who = history?.map(({ actor }) => `${actor.workspace}:${actor.user}${actor.outsider ? " outsider" : ""}`);
    expect(who).toEqual(["T1:U6", "T1:U8"]);
  });

  it("another organisation's people are not", async () => {
    await slack.user("U9").says("C1", "an answer", { thread: "1.000001" }).delivered;
    await app.app.waiting.idle();
    await slack.user("U9").command("C1", "status");
    await app.app.waiting.idle();
    expect(whoAndWhere().who).toEqual(["T1:U9 outsider"]);
  });
});

describe.each<[string, (slack: SlackStandIn, more: Partial<SlackConfig>) => SlackConfig]>([
  ["by OAuth", oauthConfigFor],
  ["with its token", configFor],
])("a partner's people in a shared channel, where T-Minus is installed %s", (_name, configOf) => {
  it("are one person each, by every way they take", async () => {
    slack = await slackStandIn(FAST);
    slack.world.teams.set("T2", { id: "T2", name: "Partner", bot: { user: "UBOT2", id: "B2", token: "xoxb-t2" } });
    slack.addUser({ id: "U9", team: "T2" });
    slack.addChannel({ id: "C1", name: "launch" });
    app = await running(slack, engine, { config: configOf(slack, { teamsAllowed: ["T2"] }) });
    granted(slack, { access_token: BOT_TOKEN, bot_user_id: "UBOT", team: { id: "T1", name: "Checkout" } });
    if (configOf(slack, {}).botToken === undefined) await install(app.url);
    await doesEverything("U9", "T1");
    expect(whoAndWhere()).toEqual({ kinds: EVERYTHING, who: ["T1:U9"], where: ["T1/C1"] });
    await eventually(() => slack.world.ephemerals.some((one) => one.user === "U9" && wordsOf(one).includes("done")));
  });
});

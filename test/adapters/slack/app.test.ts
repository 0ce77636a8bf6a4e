import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { StoreUnavailableError } from "../../../src/domain/errors.ts";
import type { Inbound } from "../../../src/domain/inbound.ts";
import type { Form, Message } from "../../../src/domain/message.ts";
import { saying } from "../../contracts/chat-adapter-contract.ts";
import { signed } from "../../stand-ins/slack/deliver.ts";
import {
  eventually,
  markOf,
  SIGNING_SECRET,
  type SlackStandIn,
  slackStandIn,
  wordsOf,
} from "../../stand-ins/slack/stand-in.ts";
import { configFor, keptInMemory, running, SOCKETS, scripted } from "./parts.ts";

const START: Form = {
  id: "start",
  title: "Start a session",
  submit: "Start",
  context: { arg: "zone Europe/London" },
  fields: [
    { name: "name", label: "Name", type: "text", required: true },
    { name: "date", label: "Date", type: "date", required: true },
    { name: "managers", label: "Managers", type: "people", values: [] },
  ],
};

/** Both ways Slack reaches us keep the same promises. */
describe.each([
  ["HTTP", {}],
  ["Socket Mode", SOCKETS],
])("Slack over %s", (_name, transport) => {
  let slack: SlackStandIn;
  let engine: ReturnType<typeof scripted>;
  let app: Awaited<ReturnType<typeof running>>;

  beforeEach(async () => {
    slack = await slackStandIn({ burst: 1_000, tiers: false, retryDelays: [50, 100, 150] });
    engine = scripted();
    app = await running(slack, engine, { config: configFor(slack, transport) });
    if (transport === SOCKETS) await eventually(() => slack.sockets() === 1);
    // Everybody here and their channel are known before anything is tried.
    for (const user of ["U1", "U2", "U3"]) await slack.user(user).command("C1", "start here");
    await app.app.waiting.idle();
    await eventually(() => engine.of("command").length === 3);
    engine.heard.splice(0);
    slack.world.ephemerals.splice(0);
  });
  afterEach(async () => {
    await app.stop();
    await slack.stop();
  });

  const say = (text: string, thread = "1700000000.000001") => slack.user("U2").says("C1", text, { thread });

  it("an answer is acknowledged after it is stored, never before", async () => {
    let store: () => void = () => {};
    engine.answer = () =>
      new Promise((resolve) => {
        store = () => resolve({ kind: "committed" });
      });
    let acknowledged = false;
    const { delivered } = say("two AZs");
    delivered.then(() => {
      acknowledged = true;
    });
    await eventually(() => engine.heard.length === 1);
    await new Promise((resolve) => setTimeout(resolve, 150));
    expect(acknowledged).toBe(false);
    store();
    expect(await delivered).toBe(true);
  });

  it("an answer that couldn't be stored is not acknowledged, and Slack brings it again", async () => {
    let failures = 2;
    engine.answer = () => {
      failures -= 1;
      if (failures >= 0) throw new StoreUnavailableError("The disk is full");
      return { kind: "committed" };
    };
    expect(await say("two AZs").delivered).toBe(true);
    expect(engine.of("message")).toHaveLength(3);
    expect(new Set(engine.heard.flatMap((one) => one.receipts)).size).toBe(1);
  }, 20_000);

  it("an acknowledgement waits for no call to Slack", async () => {
    // Slack answers nothing for longer than the test may take: whatever waits for it never ends.
    slack.faults.delay = 300_000;
    slack.addUser({ id: "U77", name: "new here" });
    expect(await slack.user("U77").says("C1", "an answer", { thread: "1.000001" }).delivered).toBe(true);
    engine.answer = () => ({
      kind: "committed",
      reply: { kind: "message", message: saying("You have two questions.") },
    });
    const answered = await slack.user("U77").command("C1", "status");
    expect(answered).toMatchObject({ status: 200, body: undefined });
  });

  it("what somebody unknown wishes is done when Slack has told who they are, in the order of their wishes", async () => {
    slack.addUser({ id: "U77", name: "new here", tz: "America/New_York" });
    const guest = slack.addUser({ id: "U78", name: "guest", is_restricted: true });
    slack.faults.slow("users.info", 3_000);
    engine.answer = (inbound) => ({
      kind: "committed",
      reply: { kind: "message", message: saying(`Done: ${"text" in inbound ? inbound.text : ""}`) },
    });
    const [started, status] = await Promise.all([
      slack.user("U77").command("C1", 'start "Black Friday" 2026-11-27 09:00'),
      slack.user("U77").command("C1", "status of it"),
      guest.command("C1", "status of it"),
    ]);
    for (const { ms } of [started, status]) expect(ms).toBeLessThan(1_500);
    expect(engine.of("command")).toEqual([]);
    expect(app.app.waiting.size()).toBe(2);
    await app.app.waiting.idle();
    expect(engine.of("command").filter(({ actor }) => actor.user === "U77")).toMatchObject([
      { text: 'start "Black Friday" 2026-11-27 09:00', actor: { name: "new here", zone: "America/New_York" } },
      { text: "status of it", actor: { zone: "America/New_York" } },
    ]);
    expect(engine.of("command").find(({ actor }) => actor.user === "U78")).toMatchObject({ actor: { outsider: true } });
    const said = () => slack.world.ephemerals.filter(({ user }) => user === "U77").map(wordsOf);
    await eventually(() => said().filter((words) => words.includes("Done:")).length === 2);
    expect([...app.store.rows.keys()].filter((key) => key.startsWith("slack-waiting"))).toEqual([]);
  });

  it("what was acknowledged and not yet done survives the end of the program, with its secrets masked", async () => {
    slack.addUser({ id: "U77", name: "new here" });
    slack.faults.delay = 60_000;
    await slack.user("U77").command("C1", "answer P1 the password is hunter2");
    expect(engine.heard).toEqual([]);
    expect(JSON.stringify([...app.store.rows])).not.toContain("hunter2");
    const store = keptInMemory();
    for (const [key, value] of app.store.rows) store.rows.set(key, value);
    // Slack is gone as well: that stops nothing.
    await slack.stop();
    const next = scripted();
    const again = await running(slack, next, { config: configFor(slack, transport), store });
    await eventually(() => next.of("command").length === 1);
    expect(next.of("command")[0]).toMatchObject({ text: "answer P1 the password is [masked]", actor: { user: "U77" } });
    await again.stop();
  });

  it("who is named without doing anything is made known, with the zone their day is in, and once", async () => {
    slack.addUser({ id: "U79", name: "named", tz: "Asia/Tokyo" });
    for (const _time of [1, 2]) await slack.user("U1").command("C1", "assign resilience @U79");
    await eventually(() => engine.of("met").length > 0);
    await slack.user("U1").command("C1", "assign security @U79");
    await eventually(() => engine.of("command").length === 3);
    expect(engine.of("met")).toMatchObject([{ actor: { user: "U79", name: "named", zone: "Asia/Tokyo" } }]);
  });

  it("a command is answered privately in the acknowledgement itself", async () => {
    const message: Message = saying("Two questions wait for you.", {
      kind: "buttons",
      buttons: [{ action: "answer", label: "Answer", value: { session: "s-1", question: "R2", version: 1 } }],
    });
    engine.answer = () => ({ kind: "committed", reply: { kind: "message", message } });
    const { status, body } = await slack.user("U2").command("C1", 'start "Black Friday" 2026-11-27 assign @U3');
    expect(status).toBe(200);
    expect(body).toMatchObject({ response_type: "ephemeral" });
    expect(engine.of("command")[0]).toMatchObject({
      text: 'start "Black Friday" 2026-11-27 assign @u3',
      mentions: [{ label: "@u3", user: "U3", name: "u3" }],
      actor: { workspace: "T1", user: "U2", zone: "Europe/London" },
      form: "possible",
    });
    expect(slack.calls("chat.postEphemeral")).toHaveLength(0);
  });

  it("a command that couldn't be stored shows Slack's error", async () => {
    engine.answer = () => {
      throw new StoreUnavailableError("The disk is full");
    };
    const { status } = await slack.user("U2").command("C1", "status");
    expect(status).not.toBe(200);
  });

  it("a form opens by the command's trigger; its field errors stay inside it; then it closes", async () => {
    engine.answer = () => ({ kind: "committed", reply: { kind: "form", form: START } });
    await slack.user("U1").command("C1", "start");
    const view = await eventually(() => slack.user("U1").view());
    engine.answer = () => ({
      kind: "committed",
      reply: { kind: "errors", errors: { date: "That day is past.", nowhere: "And the name is missing." } },
    });
    const refused = await slack.user("U1").submits(view, { name: "Black Friday", date: "2020-01-01" });
    expect(refused.body).toEqual({
      response_action: "errors",
      errors: { date: "That day is past.", name: "And the name is missing." },
    });
    expect(slack.user("U1").view()).toBeDefined();
    engine.answer = () => ({ kind: "committed", reply: { kind: "message", message: saying("Started.") } });
    await slack.user("U1").submits(view, { name: "Black Friday", date: "2026-11-27", managers: ["U3"] });
    expect(slack.user("U1").view()).toBeUndefined();
    expect(engine.of("form").at(-1)).toMatchObject({
      form: "start",
      context: { arg: "zone Europe/London" },
      address: { channel: "C1" },
      values: { name: "Black Friday", date: "2026-11-27", managers: ["slack:T1:U3"] },
      names: { "slack:T1:U3": "u3" },
    });
    await eventually(() =>
      slack.world.ephemerals.some((one) => one.user === "U1" && wordsOf(one).includes("Started.")),
    );
  });

  it("a form that opens too late becomes a button that opens it", async () => {
    slack.faults.delay = 3_100;
    engine.answer = () => ({ kind: "committed", reply: { kind: "form", form: START } });
    await slack.user("U1").command("C1", "start");
    await eventually(() => slack.calls("views.open").some((call) => call.error === "expired_trigger_id"), {
      within: 8_000,
    });
    slack.faults.delay = 0;
    const late = await eventually(
      () => slack.world.ephemerals.find((one) => wordsOf(one).includes("sooner than I could")),
      { within: 8_000 },
    );
    await slack.user("U1").clicks(late, "start");
    expect(engine.of("action").at(-1)).toMatchObject({ action: "start", value: START.context, form: "possible" });
    await eventually(() => slack.user("U1").view());
  }, 20_000);

  it("a button brings its value, the ticks of its message, and where it stands", async () => {
    const root = await app.chat.post({ platform: "slack", workspace: "T1", channel: "C1" }, saying("root"), {
      outbox: "o",
      session: "s-1",
      kind: "module",
      version: 1,
    });
    const thread = { ...root.address, thread: root.messageId };
    await app.chat.post(
      thread,
      saying(
        "This is how I read you.",
        {
          kind: "ticks",
          id: "R2",
          label: "R2",
          ticks: [
            { id: "r2_owner", text: "Has an owner", ticked: true },
            { id: "r2_two", text: "Two AZs", ticked: false },
          ],
        },
        {
          kind: "buttons",
          buttons: [
            { action: "confirm", label: "That's right", value: { session: "s-1", module: "resilience", version: 2 } },
          ],
        },
      ),
      { outbox: "o2", session: "s-1", kind: "confirm", version: 2 },
    );
    const [card] = slack.posts({ kind: "confirm" });
    if (card === undefined) throw new Error("no card");
    expect((await slack.user("U2").ticks(card, "R2", ["r2_two"])).status).toBe(200);
    expect(engine.heard).toEqual([]);
    engine.answer = () => ({ kind: "committed", reply: { kind: "message", message: saying("Confirmed.") } });
    await slack.user("U2").clicks(card, "confirm");
    expect(engine.of("action")).toMatchObject([
      {
        action: "confirm",
        value: { session: "s-1", module: "resilience", version: 2 },
        inputs: { R2: ["r2_two"] },
        address: { channel: "C1", thread: root.messageId },
        messageId: card.ts,
      },
    ]);
    const told = await eventually(() => slack.world.ephemerals.find((one) => wordsOf(one).includes("Confirmed.")));
    expect(told.thread_ts).toBe(root.messageId);
  });

  it("App Home is asked for when it is opened and when somebody did something there, and its buttons answer in a modal", async () => {
    const home = saying("Nothing waits for you.", {
      kind: "buttons",
      buttons: [{ action: "snooze", label: "Snooze", value: { session: "s-1" } }],
    });
    engine.answer = () => ({
      kind: "committed",
      reply: { kind: "message", message: saying("Until tomorrow, 09:00.") },
    });
    await slack.user("U3").opensHome();
    expect(engine.of("home")).toMatchObject([{ actor: { user: "U3", zone: "Europe/London" }, direct: true }]);
    expect(slack.world.homes.size).toBe(0);
    await app.chat.home?.("slack:T1:U3", home);
    const shown = await eventually(() => slack.world.homes.get("U3"));
    await slack.user("U3").clicks({ home: shown }, "snooze");
    const modal = await eventually(() => slack.user("U3").view());
    expect(JSON.stringify(modal.view)).toContain("Until tomorrow, 09:00.");
    expect(engine.of("action")[0]).toMatchObject({ address: { channel: "@U3" }, direct: true });
    await eventually(() => engine.of("home").length === 2);
    expect(new Set(engine.of("home").flatMap(({ receipts }) => receipts)).size).toBe(2);
  });

  it("App Home of somebody unknown is asked for again once Slack has told which zone is theirs", async () => {
    slack.addUser({ id: "U77", name: "new here", tz: "Asia/Tokyo" });
    await slack.user("U77").opensHome();
    await eventually(() => engine.of("home").length === 2);
    expect(engine.of("home").map(({ actor }) => actor.zone)).toEqual([undefined, "Asia/Tokyo"]);
    await slack.user("U77").opensHome();
    await eventually(() => engine.of("home").length === 3);
  });

  it("who can take no part is known as such where they are named: in words and in forms", async () => {
    slack.addUser({ id: "UGUEST", name: "guest", is_restricted: true });
    slack.addUser({ id: "UELSE", name: "else", team: "T9" });
    slack.addUser({ id: "UAPP", name: "ci", is_bot: true });
    slack.addUser({ id: "ULEFT", name: "left", deleted: true });
    const odd = { UGUEST: "outsider", UELSE: "outsider", UAPP: "bot", ULEFT: "gone" };
    engine.answer = () => ({ kind: "committed", session: "s-1" });
    // What Slack tells after they were named for the first time…
    for (const user of Object.keys(odd)) await slack.user("U1").command("C1", `assign security @${user}`);
    await eventually(() => engine.of("met").length === 4);
    const told = engine.of("met").map(({ actor, unfit }) => [actor.user, unfit]);
    expect(Object.fromEntries(told)).toEqual(odd);
    expect(engine.of("met")).toMatchObject(
      Object.keys(odd).map(() => ({ session: "s-1", namedBy: "slack:T1:U1", address: { channel: "C1" } })),
    );
    // …and what is known from then on.
    engine.heard.splice(0);
    for (const user of [...Object.keys(odd), "UBOT", "U3"]) {
      await slack.user("U1").command("C1", `assign security @${user}`);
    }
    const named = engine.of("command").flatMap(({ mentions }) => mentions.map(({ user, unfit }) => [user, unfit]));
    expect(Object.fromEntries(named)).toMatchObject({ ...odd, U3: undefined });
    engine.answer = () => ({ kind: "committed", reply: { kind: "form", form: START } });
    await slack.user("U1").command("C1", "start");
    const view = await eventually(() => slack.user("U1").view());
    engine.answer = () => ({ kind: "committed" });
    const managers = ["UGUEST", "UBOT", "ULEFT", "U3"];
    await slack.user("U1").submits(view, { name: "Black Friday", date: "2026-11-27", managers });
    expect(engine.of("form").at(-1)?.unfit).toEqual({
      "slack:T1:UGUEST": "outsider",
      "slack:T1:UBOT": "bot",
      "slack:T1:ULEFT": "gone",
    });
  });

  it.each(["fatal_error", "user_not_found", "missing_scope"])(
    "a profile that can't be read (%s) says nothing of its person",
    async (error) => {
      slack.addUser({ id: "U79", name: "named" });
      slack.faults.refuse("users.info", error);
      await slack.user("U1").command("C1", "assign security @U79");
      await eventually(() => slack.calls("users.info").some(({ args }) => args.user === "U79"));
      await slack.user("U1").command("C1", "assign security @U79");
      expect(engine.of("command").flatMap(({ mentions }) => mentions.map(({ unfit }) => unfit))).toEqual([
        undefined,
        undefined,
      ]);
      expect(engine.of("met")).toEqual([]);
    },
  );

  it("an owner who turns out to be a guest when they speak is told of, so that it can be taken back", async () => {
    slack.addUser({ id: "UGUEST", name: "guest", is_restricted: true });
    await slack.user("UGUEST").says("C1", "our answer", { thread: "1.000001" }).delivered;
    const met = await eventually(() => engine.of("met")[0]);
    expect(met).toMatchObject({ actor: { user: "UGUEST" }, unfit: "outsider", address: { thread: "1.000001" } });
    await slack.user("UGUEST").says("C1", "and more", { thread: "1.000001" }).delivered;
    await eventually(() => engine.of("message").length === 2);
    expect(engine.of("met")).toHaveLength(1);
  });

  it("people are called what is known of them, not what their mention says", async () => {
    await slack.user("U1").says("C1", "@T-Minus assign S1 <@U2|olivia_w>", { thread: "1.000001" }).delivered;
    expect(engine.of("message")[0]).toMatchObject({
      text: "assign S1 @u2",
      mentions: [{ label: "@u2", user: "U2", name: "u2" }],
    });
  });

  it("an answer in a direct message carries the session it is about", async () => {
    slack.addChannel({ id: "D1", name: "directmessage", im: "U1", members: ["U1", "UBOT"] });
    engine.answer = () => ({
      kind: "committed",
      session: "s-1",
      reply: { kind: "message", message: saying("Two questions wait for you.") },
    });
    await slack.user("U1").says("D1", "next").delivered;
    const post = await eventually(() => slack.posts({ kind: "note" })[0]);
    expect(markOf(post)).toMatchObject({ session: "s-1", version: 1 });
  });

  it("a post that mentions the bot is one command, though Slack tells of it twice", async () => {
    await slack.user("U1").says("C1", "@T-Minus status").delivered;
    expect(engine.of("command").length).toBe(2);
    expect(new Set(engine.heard.flatMap((one) => one.receipts)).size).toBe(1);
    expect(engine.of("command").map((one) => one.text)).toEqual(["status", "status"]);
  });

  it("in a thread a mention is an addressed message, word for word", async () => {
    await slack.user("U1").says("C1", "@T-Minus skip", { thread: "1.000001" }).delivered;
    await slack
      .user("U1")
      .says("C1", "ask @T-Minus &amp; &lt;others&gt; see <https://x.example|x.example>", { thread: "1.000001" })
      .delivered;
    const texts = engine.of("message").map((one) => [one.text, one.addressed ?? false]);
    expect(texts).toContainEqual(["skip", true]);
    expect(texts).toContainEqual(["ask @UBOT & <others> see x.example", false]);
  });

  it("edits and deletions of words arrive; unfurls, bots and our own posts don't", async () => {
    const said = say("tow AZs");
    await said.delivered;
    await slack.user("U2").unfurls(said);
    await slack.user("U2").edits(said, "two AZs");
    await slack.user("U2").deletes(said);
    expect(engine.heard.map((one) => one.kind)).toEqual(["message", "edit", "delete"]);
    expect(engine.of("edit")[0]).toMatchObject({ messageId: said.ts, text: "two AZs" });
    const bot = {
      type: "message",
      bot_id: "B9",
      text: "hello",
      ts: "1.000009",
      channel: "C1",
      event_ts: "1.000009",
      subtype: "bot_message",
    };
    expect(await slack.delivery.event("T1", "UBOT", bot)).toBe(true);
    expect(engine.heard).toHaveLength(3);
  });

  it("a long paste counts with its whole text, though Slack makes a snippet of it", async () => {
    const paste = Array.from({ length: 500 }, (_, index) => `line ${index}`).join("\n");
    const said = slack.user("U2").pastes("C1", paste, { thread: "1.000001" });
    await said.delivered;
    expect(engine.of("message")[0]?.text.length).toBeGreaterThan(0);
    const edit = await eventually(() => engine.of("edit")[0]);
    expect(edit).toMatchObject({ messageId: said.ts, text: paste });
  });

  it("'Record as answer' brings the message, its words and its author", async () => {
    const said = slack.user("U4").says("C1", "we fail over by hand, 20 minutes", { thread: "1.000001" });
    await said.delivered;
    await slack.user("U2").usesShortcut("record_answer", said);
    expect(engine.of("record")[0]).toMatchObject({
      messageId: said.ts,
      actor: { user: "U2" },
      text: "we fail over by hand, 20 minutes",
      author: "U4",
      authorName: expect.any(String),
    });
  });

  it("'Record as answer' takes nothing that a bot wrote, though its message carries a user", async () => {
    await app.chat.post({ platform: "slack", workspace: "T1", channel: "C1" }, saying("R2 of 6 · Is there one?"), {
      outbox: "o",
      session: "s-1",
      kind: "question",
      version: 1,
    });
    const [question] = slack.posts({ kind: "question" });
    expect(question).toMatchObject({ user: "UBOT" });
    await slack.user("U2").usesShortcut("record_answer", question!);
    await eventually(() => slack.world.ephemerals.some((one) => wordsOf(one).includes("Only what a person wrote")));
    expect(engine.of("record")).toEqual([]);
  });

  it("a shortcut or form of another version is answered with a way on", async () => {
    const said = slack.user("U2").says("C1", "hm");
    await said.delivered;
    await slack.user("U2").usesShortcut("open_incident_modal", said);
    await eventually(() => slack.world.ephemerals.some((one) => wordsOf(one).includes("shortcut any more")));
    const old = {
      id: "V1",
      hash: "h",
      user: "U2",
      open: true,
      view: { type: "modal", callback_id: "gone", blocks: [], title: {} },
    };
    const { status, body } = await slack.user("U2").submits(old, {});
    expect(status).toBe(200);
    // Where they look: the form becomes what there is to say.
    expect(body).toMatchObject({ response_action: "update", view: { type: "modal" } });
    expect(JSON.stringify(body)).toContain("another version of T-Minus");
    expect(slack.posts()).toEqual([]);
  });

  it("'What waits for me' works from anywhere", async () => {
    engine.answer = () => ({
      kind: "committed",
      reply: { kind: "message", message: saying("Nothing waits for you.") },
    });
    await slack.user("U5").usesGlobalShortcut("my_questions");
    expect(engine.of("command")[0]).toMatchObject({ text: "next", direct: true });
    await eventually(() => slack.user("U5").view());
  });

  it("guests and people of other workspaces are outsiders, also in what they start", async () => {
    slack.addUser({ id: "UGUEST", is_restricted: true });
    slack.addUser({ id: "UELSE", team: "T9" });
    await slack.user("UGUEST").command("C1", "status");
    await slack.user("UELSE").says("C1", "an answer", { thread: "1.000001" }).delivered;
    await slack.user("U2").command("C1", "status");
    await app.app.waiting.idle();
    const outsiders = new Map(
      engine.heard.filter(({ kind }) => kind !== "met").map(({ actor }) => [actor.user, actor.outsider ?? false]),
    );
    expect(Object.fromEntries(outsiders)).toEqual({ UGUEST: true, UELSE: true, U2: false });
  });

  it("a session can't start where it couldn't live: a sentence, and the engine never hears of it", async () => {
    slack.addChannel({ id: "COLD", archived: true });
    slack.addChannel({ id: "CSHARED", shared: true });
    slack.addChannel({ id: "CAWAY", members: ["U1"] });
    const said = async (channel: string) => {
      await slack.user("U1").command(channel, 'start "X" 2026-11-27');
      return wordsOf(await eventually(() => slack.world.ephemerals.find((one) => one.channel === channel)));
    };
    expect(await said("COLD")).toContain("archived");
    expect(await said("CSHARED")).toContain("shared with another organisation");
    expect(await said("CAWAY")).toContain("/invite @T-Minus");
    expect(engine.heard).toEqual([]);
    await slack.user("U1").invitesBot("CAWAY");
    await slack.user("U1").command("CAWAY", 'start "X" 2026-11-27');
    await app.app.waiting.idle();
    expect(engine.heard.map((one) => one.kind)).toEqual(["place", "command"]);
  });

  it("a private channel that Slack hides from the bot is one it isn't in; one that Slack can't find just now isn't", async () => {
    slack.addChannel({ id: "CHIDDEN", private: true, members: ["U1"] });
    await slack.user("U1").command("CHIDDEN", 'start "X" 2026-11-27');
    const told = await eventually(() => slack.world.ephemerals.find((one) => one.channel === "CHIDDEN"));
    expect(wordsOf(told)).toContain("/invite @T-Minus");
    expect(engine.heard).toEqual([]);
    await slack.user("U1").invitesBot("CHIDDEN");
    slack.addChannel({ id: "CODD" });
    slack.faults.refuse("conversations.info", "channel_not_found");
    await slack.user("U1").command("CODD", 'start "X" 2026-11-27');
    await app.app.waiting.idle();
    expect(engine.heard.map((one) => one.kind)).toEqual(["place", "command"]);
  });

  it("what stood against a channel is looked at anew: archived and brought back, shared and shared no more", async () => {
    const start = async (channel: string) => {
      await slack.user("U1").command(channel, 'start "X" 2026-11-27');
      await app.app.waiting.idle();
      return engine.heard.filter(({ kind, address }) => kind === "command" && address.channel === channel).length;
    };
    slack.addChannel({ id: "CBACK" });
    await slack.user("U1").archives("CBACK");
    expect(await start("CBACK")).toBe(0);
    await slack.user("U1").unarchives("CBACK");
    expect(await start("CBACK")).toBe(1);
    slack.addChannel({ id: "CPARTNER" });
    expect(await start("CPARTNER")).toBe(1);
    await slack.user("U1").sharesWith("T9", "CPARTNER");
    expect(await start("CPARTNER")).toBe(1);
    slack.world.channels.get("CPARTNER")!.shared = false;
    expect(await start("CPARTNER")).toBe(2);
    slack.addChannel({ id: "CLEFT" });
    expect(await start("CLEFT")).toBe(1);
    await slack.user("U1").removesBot("CLEFT");
    expect(engine.heard.at(-1)).toMatchObject({ kind: "place", change: "removed" });
    expect(await start("CLEFT")).toBe(1);
  });

  it("two edits within one second are two, in their order", async () => {
    const ada = slack.user("U2");
    const said = ada.says("C1", "first", { thread: "1.000001" });
    await said.delivered;
    await ada.edits(said, "second");
    await ada.edits(said, "third");
    const edits = engine.of("edit");
    expect(edits.map(({ text }) => text)).toEqual(["second", "third"]);
    expect(new Set(edits.flatMap(({ receipts }) => receipts)).size).toBe(2);
    expect(edits[1]!.editedAt).toBeGreaterThan(edits[0]!.editedAt);
  });

  it("an error from users.info or conversations.info stops nothing", async () => {
    slack.addUser({ id: "U88" });
    slack.faults.next("users.info", "500_before");
    slack.faults.next("conversations.info", "reset_before");
    slack.addChannel({ id: "CNEW" });
    await slack.user("U88").command("CNEW", 'start "X" 2026-11-27');
    await app.app.waiting.idle();
    expect(engine.of("command")).toHaveLength(1);
  });

  it("an export goes to the direct message as a file", async () => {
    engine.answer = () => ({
      kind: "committed",
      reply: {
        kind: "file",
        name: "black-friday.md",
        mediaType: "text/markdown",
        content: "# ready",
        message: saying("The export is in your direct messages."),
      },
    });
    const { body } = await slack.user("U1").command("C1", "export md");
    expect(JSON.stringify(body)).toContain("direct messages");
    const upload = await eventually(() => slack.world.uploads.find((one) => one.done));
    expect(upload.file.content).toBe("# ready");
    expect(slack.world.channels.get(upload.channel ?? "")?.im).toBe("U1");
  });

  it("stopping finishes what is in hand", async () => {
    let store: () => void = () => {};
    engine.answer = () =>
      new Promise((resolve) => {
        store = () => resolve({ kind: "committed" });
      });
    const { delivered } = say("the last words");
    await eventually(() => engine.heard.length === 1);
    const stopped = app.app.stop();
    setTimeout(() => store(), 100);
    await stopped;
    expect(await delivered).toBe(true);
  });
});

describe("Slack over HTTP alone", () => {
  let slack: SlackStandIn;
  let engine: ReturnType<typeof scripted>;
  let app: Awaited<ReturnType<typeof running>>;
  beforeEach(async () => {
    slack = await slackStandIn({ burst: 1_000, tiers: false });
    engine = scripted();
    app = await running(slack, engine);
  });
  afterEach(async () => {
    await app.stop();
    await slack.stop();
  });

  const event = { type: "message", user: "U2", text: "hi", ts: "1.000002", channel: "C1", thread_ts: "1.000001" };
  const body = JSON.stringify({ type: "event_callback", team_id: "T1", event });
  const post = (headers: Record<string, string>, sent = body) =>
    fetch(`${app.url}/slack/events`, {
      method: "POST",
      headers: { "content-type": "application/json", ...headers },
      body: sent,
    });

  it("takes only what Slack has signed, and lately", async () => {
    expect((await post({})).status).toBe(401);
    expect((await post(signed("another secret", body))).status).toBe(401);
    expect((await post(signed(SIGNING_SECRET, body, Math.floor(Date.now() / 1000) - 600))).status).toBe(401);
    expect(engine.heard).toEqual([]);
    expect((await post(signed(SIGNING_SECRET, body))).status).toBe(200);
    expect(engine.heard).toHaveLength(1);
  });

  it("answers Slack's question for its address", async () => {
    const challenge = JSON.stringify({ type: "url_verification", challenge: "abc" });
    const response = await post(signed(SIGNING_SECRET, challenge), challenge);
    expect(await response.json()).toEqual({ challenge: "abc" });
  });

  it("documented payloads with only their required fields are understood", async () => {
    const heard = engine.heard;
    await post(signed(SIGNING_SECRET, body));
    expect(heard.at(-1)).toMatchObject({
      kind: "message",
      actor: { workspace: "T1", user: "U2" },
      address: { channel: "C1", thread: "1.000001" },
      messageId: "1.000002",
      sentAt: 1000.002,
    });
  });

  it.each([
    ["a broadcast reply", { subtype: "thread_broadcast" }, "message"],
    ["a file with words", { subtype: "file_share", files: [] }, "message"],
    ["a join", { subtype: "channel_join" }, undefined],
    ["a topic", { subtype: "channel_topic" }, undefined],
    ["another bot", { bot_id: "B7" }, undefined],
  ])("%s", async (_name, more, kind) => {
    const one = JSON.stringify({ type: "event_callback", team_id: "T1", event: { ...event, ...more } });
    expect((await post(signed(SIGNING_SECRET, one), one)).status).toBe(200);
    expect(engine.heard[0]?.kind).toBe(kind);
  });

  it("what Slack never documented is acknowledged and left aside", async () => {
    for (const odd of [
      { type: "event_callback" },
      { type: "event_callback", event: { type: "message" } },
      { type: "view_closed", view: {} },
      { type: "block_actions", actions: [] },
    ]) {
      const one = JSON.stringify(odd);
      expect((await post(signed(SIGNING_SECRET, one), one)).status).toBe(200);
    }
    expect(engine.heard).toEqual([]);
  });

  it.each<[string, object, Partial<Extract<Inbound, { kind: "place" }>>]>([
    ["archived", { type: "channel_archive", channel: "C1", user: "U1" }, { change: "archived" }],
    [
      "renamed",
      { type: "channel_rename", channel: { id: "C1", name: "go-live", created: 1 } },
      { change: "renamed", name: "go-live" },
    ],
    ["left", { type: "channel_left", channel: "C1" }, { change: "removed" }],
    ["shared", { type: "channel_shared", channel: "C1", connected_team_id: "T9" }, { change: "shared" }],
    ["brought back", { type: "group_unarchive", channel: "G1", user: "U1" }, { change: "unarchived" }],
  ])("a channel that was %s is told", async (_name, told, expected) => {
    const one = JSON.stringify({ type: "event_callback", team_id: "T1", event: told });
    await post(signed(SIGNING_SECRET, one), one);
    expect(engine.of("place")[0]).toMatchObject(expected);
  });
});

describe("Socket Mode", () => {
  it("comes back after a dropped connection, tells that something may be missing, and stays one connection", async () => {
    const slack = await slackStandIn({ burst: 1_000, tiers: false, retryDelays: [100, 400, 1_500] });
    const engine = scripted();
    let reconnected = 0;
    const app = await running(slack, engine, {
      config: configFor(slack, SOCKETS),
      onReconnected: () => (reconnected += 1),
    });
    await eventually(() => slack.sockets() === 1);
    slack.faults.next("apps.connections.open", "500_before");
    slack.dropSockets();
    await eventually(() => reconnected === 1);
    slack.refreshSockets();
    await eventually(() => reconnected === 2);
    expect(slack.sockets()).toBe(1);
    expect(await slack.user("U2").says("C1", "still here", { thread: "1.000001" }).delivered).toBe(true);
    await app.stop();
    await eventually(() => slack.sockets() === 0);
    await slack.stop();
  });
});

import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { RetryLaterError, TerminalError } from "../../../src/domain/errors.ts";
import type { Inbound } from "../../../src/domain/inbound.ts";
import { waitFor } from "../../stand-ins/browser.ts";
import { GENERAL, type Harness, mark, webHarness, words } from "./harness.ts";

let harness: Harness;
beforeEach(async () => {
  harness = await webHarness();
});
afterEach(() => harness.close());

const say = (text: string, more: object = {}) =>
  harness.api("POST", "/web/messages", { as: "priya", channel: "general", text, ...more });
const last = () => harness.heard.at(-1);
const messages = async (channel = "general", as = "priya") =>
  (await harness.api("GET", `/web/messages?as=${as}&channel=${encodeURIComponent(channel)}`)).json.messages;

describe("what a person types", () => {
  it("reaches the engine verbatim and is stored with what it makes of it", async () => {
    const text = "  two AZs,\n\t<b>tested</b> \u202Ein May\u202C 👩‍🚀 ";
    const { status, json } = await say(text, { thread: "w5", zone: "Asia/Tokyo" });
    expect(status).toBe(201);
    expect(last()).toEqual({
      kind: "message",
      receipts: [`web:message:${json.id}`],
      actor: { platform: "web", workspace: "local", user: "priya", name: "Priya", zone: "Asia/Tokyo" },
      address: { platform: "web", workspace: "local", channel: "general", thread: "w5" },
      messageId: json.id,
      sentAt: Number(json.id.slice(1)),
      text,
      mentions: [],
    });
    expect(await messages()).toMatchObject([{ id: json.id, text, author: "priya", thread: "w5", bot: false }]);
  });

  it("names the people it mentions, longest name first, and leaves addresses alone", async () => {
    await harness.api("POST", "/web/people", { name: "Priya Shah" });
    await say("@Priya Shah and @OMAR, not mail@priya.example or @Priyanka");
    expect(last()).toMatchObject({
      mentions: [
        { label: "@Priya Shah", user: "priya-shah", name: "Priya Shah" },
        { label: "@OMAR", user: "omar", name: "Omar" },
      ],
    });
  });

  it.each([
    ["/readiness status", "status"],
    ["/readiness", ""],
    ["/READINESS   why R2", "why R2"],
    ["@T-Minus status", "status"],
    ["@t-minus, readiness status", "status"],
  ])("is a command in a channel: %s", async (text, command) => {
    await say(text);
    expect(last()).toMatchObject({ kind: "command", text: command, form: "possible" });
  });

  it("shows a command that mentions the bot, as Teams would, and no slash command, as Slack would", async () => {
    await say("/readiness status");
    await say("@T-Minus status");
    expect((await messages()).map(({ text }) => text)).toEqual(["@T-Minus status"]);
  });

  it("is a message that begins with the bot's name in a thread, without that name", async () => {
    await say("@T-Minus two AZs", { thread: "w5" });
    expect(last()).toMatchObject({ kind: "message", text: "two AZs", addressed: true });
    await say("/readiness why R2", { thread: "w5" });
    expect(last()).toMatchObject({ kind: "command", text: "why R2", address: { thread: "w5" } });
  });

  it("is direct where only the bot reads it", async () => {
    await say("all done", { channel: "@priya" });
    expect(last()).toMatchObject({ kind: "message", direct: true, address: { channel: "@priya" } });
  });

  it("is refused in a sentence when it is nothing, too long, or no command", async () => {
    expect((await say(" \n ")).json.error).toContain("There is nothing in it yet");
    expect((await say("x".repeat(40_001))).json.error).toBe(
      "A message can be 40,000 characters long; this has 40,001. Send it in parts.",
    );
    expect((await say("x".repeat(600_000))).json.error).toContain("Send it in parts");
    expect((await say("/status")).json.error).toContain("Commands begin with /readiness");
    expect(harness.heard).toEqual([]);
    expect((await say("🦀".repeat(20_000))).status).toBe(201);
    expect((await say("/etc/hosts is where it is")).status).toBe(201);
  });

  it("is done once when it is sent twice under one key", async () => {
    const both = await Promise.all([say("once", { key: "same-key-1" }), say("once", { key: "same-key-1" })]);
    expect(both.map(({ json }) => json.id)).toEqual([both[0].json.id, both[0].json.id]);
    await harness.restart();
    const again = await say("once", { key: "same-key-1" });
    expect(again.status).toBe(201);
    expect(await messages()).toHaveLength(1);
  });

  it("is not acknowledged when it can't be stored", async () => {
    harness.script(() => {
      throw Object.assign(new Error("The disk is full."), { name: "StoreUnavailableError" });
    });
    const { status, json } = await say("kept in the box");
    expect(status).toBe(503);
    expect(json.error).toContain("Not stored: The disk is full. What you typed is still here");
    expect(await messages()).toEqual([]);
  });

  it("is edited and deleted by its author alone", async () => {
    const { id } = (await say("two AZ")).json;
    const edit = (as: string, text: string) => harness.api("PATCH", `/web/messages/${id}`, { as, text });
    expect((await edit("omar", "mine now")).json.error).toBe("Only Priya can change this message.");
    expect((await edit("priya", "two AZs")).status).toBe(200);
    expect(last()).toMatchObject({ kind: "edit", messageId: id, text: "two AZs" });
    expect(await messages()).toMatchObject([{ text: "two AZs", editedAt: expect.any(Number) }]);
    expect((await harness.api("DELETE", `/web/messages/${id}`, { as: "omar" })).status).toBe(403);
    expect((await harness.api("DELETE", `/web/messages/${id}`, { as: "priya" })).status).toBe(200);
    expect(last()).toMatchObject({ kind: "delete", messageId: id });
    expect(await messages()).toMatchObject([{ text: "", deleted: true }]);
    expect((await edit("priya", "again")).status).toBe(404);
  });

  it("can be recorded as an answer by somebody else", async () => {
    const { id } = (await say("two AZs", { thread: "w5" })).json;
    await harness.api("POST", `/web/messages/${id}/record`, { as: "omar" });
    expect(last()).toMatchObject({
      kind: "record",
      messageId: id,
      author: "priya",
      authorName: "Priya",
      text: "two AZs",
      actor: { user: "omar" },
    });
  });
});

describe("buttons and forms", () => {
  it("bring back the action, its value, ticks and form", async () => {
    await harness.api("POST", "/web/actions", {
      as: "priya",
      channel: "general",
      thread: "w5",
      messageId: "w6",
      verb: "confirm",
      data: { session: "s-1", module: "resilience", ticks: ["R2"], R2: "r2_owned,r2_multi" },
    });
    expect(last()).toMatchObject({
      kind: "action",
      action: "confirm",
      value: { session: "s-1", module: "resilience" },
      inputs: { R2: ["r2_owned", "r2_multi"] },
      messageId: "w6",
      form: "possible",
    });
  });

  it("open a form with the answer, and read it back with the names of those picked", async () => {
    const form = {
      id: "delegate" as const,
      title: "Delegate R2",
      submit: "Hand over",
      context: { question: "R2" },
      fields: [],
    };
    harness.script(() => ({ kind: "committed", reply: { kind: "form", form } }));
    const opened = await harness.api("POST", "/web/actions", {
      as: "priya",
      channel: "general",
      verb: "delegate",
      data: {},
    });
    expect(opened.json.form).toEqual(form);
    harness.script(() => ({ kind: "committed", reply: { kind: "errors", errors: { person: "Omar is away." } } }));
    const sent = await harness.api("POST", "/web/forms", {
      as: "priya",
      channel: "general",
      form: "delegate",
      context: { question: "R2" },
      values: { person: "web:local:omar", note: "", managers: [] },
    });
    expect(sent.status).toBe(422);
    expect(sent.json.errors).toEqual({ person: "Omar is away." });
    expect(last()).toMatchObject({
      kind: "form",
      form: "delegate",
      context: { question: "R2" },
      values: { person: "web:local:omar", note: null, managers: [] },
      names: { "web:local:omar": "Omar" },
    });
  });

  it("answer in private where the person is, until they close it", async () => {
    harness.script(() => ({ kind: "committed", reply: { kind: "message", message: words("At risk.") } }));
    await say("/readiness status", { thread: "w5" });
    const whispers = async (as: string) => (await harness.api("GET", `/web/messages?as=${as}`)).json.whispers;
    const [whisper] = await whispers("priya");
    expect(whisper).toMatchObject({ text: "At risk.", thread: "w5", about: "/readiness status" });
    expect(await whispers("omar")).toEqual([]);
    await harness.api("DELETE", `/web/whispers/${whisper?.id}`, { as: "priya" });
    expect(await whispers("priya")).toEqual([]);
  });

  it("offer a file", async () => {
    const reply = {
      kind: "file" as const,
      name: "s-1.json",
      mediaType: "application/json",
      content: '{"a":"ü"}',
      message: words("Here it is."),
    };
    harness.script(() => ({ kind: "committed", reply }));
    await say("/readiness export json");
    const [whisper] = (await harness.api("GET", "/web/messages?as=priya")).json.whispers;
    const response = await fetch(`${harness.url}${whisper?.file?.url}`);
    expect(response.headers.get("content-disposition")).toContain("s-1.json");
    expect(await response.text()).toBe('{"a":"ü"}');
    expect((await harness.api("GET", "/web/files/gone")).json.error).toContain("Ask for the export again");
  });
});

describe("the adapter", () => {
  it("posts, updates, marks as recorded and removes; each again without harm", async () => {
    const { adapter } = harness.channel;
    const ref = await adapter.post(GENERAL, words("Is there a single point of failure?"), mark("o1"));
    await adapter.update(ref, words("R2 ✓ Priya"), mark("o1"));
    await adapter.update(ref, words("R2 ✓ Priya"), mark("o1"));
    await adapter.react(ref, true);
    await adapter.react(ref, true);
    expect(await messages()).toMatchObject([{ text: "R2 ✓ Priya", bot: true, reactions: ["✅"], editedAt: null }]);
    await adapter.react(ref, false);
    await adapter.remove(ref);
    await adapter.remove(ref);
    await adapter.update(ref, words("too late"), mark("o1"));
    expect(await messages()).toMatchObject([{ text: "", card: null, deleted: true, reactions: [] }]);
    const unknown = { ...ref, messageId: "w1" };
    await adapter.remove(unknown);
    await expect(adapter.update(unknown, words("x"), mark("o1"))).rejects.toThrow(TerminalError);
  });

  it("finds a post by its mark, also in the next process", async () => {
    const ref = await harness.channel.adapter.post({ ...GENERAL, thread: "w5" }, words("Q"), mark("o7"));
    await harness.restart();
    expect(await harness.channel.adapter.find?.(ref.address, "o7", 0)).toEqual(ref);
    expect(await harness.channel.adapter.find?.(ref.address, "o8", 0)).toBeUndefined();
  });

  it("gives platform times that never repeat and never go back, also over a restart with a slow clock", async () => {
    const one = await harness.channel.adapter.post(GENERAL, words("a"), mark("o1"));
    const refs = await Promise.all(
      [1, 2, 3].map((n) => harness.channel.adapter.post(GENERAL, words("b"), mark(`o${n}`))),
    );
    const times = [one, ...refs].map(({ sentAt }) => sentAt);
    expect(new Set(times).size).toBe(4);
    await harness.close();
    harness = await webHarness({ machine: { now: () => 1_000 } });
    const slow = await harness.channel.adapter.post(GENERAL, words("c"), mark("o1"));
    await harness.restart();
    const next = await harness.channel.adapter.post(GENERAL, words("d"), mark("o2"));
    expect(next.sentAt).toBeGreaterThan(slow.sentAt);
  });

  it("tells what was said in a conversation, under the receipts it first came with", async () => {
    const { id } = (await say("two AZs", { thread: "w5" })).json;
    const first = last();
    await say("elsewhere");
    const again: Inbound[] | undefined = await harness.channel.adapter.history?.({ ...GENERAL, thread: "w5" }, 0);
    expect(again).toEqual([first]);
    expect(id).toBeDefined();
  });

  it("keeps a receipt and an edit of the same moment apart", async () => {
    const { id } = (await say("two AZ")).json;
    const ref = { address: GENERAL, messageId: id, sentAt: Number(id.slice(1)) };
    await Promise.all([
      harness.api("PATCH", `/web/messages/${id}`, { as: "priya", text: "two AZs" }),
      harness.channel.adapter.react(ref, true),
      harness.channel.adapter.react(ref, false),
      harness.channel.adapter.react(ref, true),
    ]);
    expect(await messages()).toMatchObject([{ text: "two AZs", reactions: ["✅"] }]);
  });

  it("keeps direct messages to their person", async () => {
    await harness.channel.adapter.post({ ...GENERAL, channel: "@mia" }, words("Two things wait for you."), mark("o1"));
    expect(await messages("@mia", "mia")).toHaveLength(1);
    expect((await harness.api("GET", "/web/messages?as=fay&channel=@mia")).status).toBe(403);
  });

  it("says that nothing was sent when the log can't take a row", async () => {
    const { adapter } = harness.channel;
    await harness.store.close();
    await expect(adapter.post(GENERAL, words("x"), mark("o1"))).rejects.toThrow(RetryLaterError);
    await harness.restart().catch(() => {});
  });
});

describe("people and channels", () => {
  it("can be added, and are there after a restart", async () => {
    expect((await harness.api("POST", "/web/people", { name: " Zoë  Ng " })).json).toMatchObject({
      user: "zoe-ng",
      name: "Zoë Ng",
    });
    expect((await harness.api("POST", "/web/people", { name: "zoë ng" })).json.user).toBe("zoe-ng");
    expect((await harness.api("POST", "/web/people", { name: "李" })).json.user).toMatch(/^person-\d+$/);
    expect((await harness.api("POST", "/web/people", { name: "T-Minus" })).status).toBe(400);
    expect((await harness.api("POST", "/web/people", { name: "<b>" })).status).toBe(400);
    expect((await harness.api("POST", "/web/channels", { as: "fay", name: "#Spring launch" })).json.name).toBe(
      "spring-launch",
    );
    expect((await harness.api("POST", "/web/channels", { as: "fay", name: "../etc" })).status).toBe(400);
    await harness.restart();
    const { json } = await harness.api("GET", "/web/state?as=zoe-ng");
    expect(json.channels).toEqual(["general", "spring-launch"]);
    expect(json.you.name).toBe("Zoë Ng");
  });
});

describe("the event stream", () => {
  /** Reads events until `enough` says so. */
  async function events(query: string, enough: (text: string) => boolean, headers: Record<string, string> = {}) {
    const abort = new AbortController();
    const response = await fetch(`${harness.url}/web/stream?${query}`, { signal: abort.signal, headers });
    const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
    let text = "";
    const done = (async () => {
      while (!enough(text)) {
        const { value, done: ended } = await reader.read();
        if (ended) break;
        text += value;
      }
    })();
    return { text: () => text, done: done.finally(() => abort.abort()) };
  }

  it("tells open pages what happens, and private things only to their person", async () => {
    const heard = await events("as=omar", (text) => text.includes("public words"));
    await waitFor(() => heard.text().includes(": here"));
    await harness.channel.adapter.whisper(GENERAL, "web:local:priya", words("for Priya only"));
    await harness.channel.adapter.post({ ...GENERAL, channel: "@priya" }, words("direct to Priya"), mark("o1"));
    await say("public words");
    await heard.done;
    expect(heard.text()).not.toContain("Priya only");
    expect(heard.text()).not.toContain("direct to Priya");
  });

  it("goes on after the last event that a page heard", async () => {
    const { last: after } = (await harness.api("GET", "/web/state?as=omar")).json;
    const open = await events("as=fay", () => false);
    await waitFor(() => open.text().includes(": here"));
    await say("missed");
    const heard = await events("as=omar", (text) => text.includes("missed"), { "Last-Event-ID": after });
    await heard.done;
    expect(heard.text()).toContain("event: message");
  });

  it("tells a page that was away too long to load anew", async () => {
    const heard = await events("as=omar&after=another-process-7", (text) => text.includes("event: reload"));
    await heard.done;
    await say("nobody listens");
    const { last: after } = (await harness.api("GET", "/web/state?as=omar")).json;
    const before = await events(`as=omar&after=${after.replace(/\d+$/, "0")}`, (text) =>
      text.includes("event: reload"),
    );
    await before.done;
  });
});

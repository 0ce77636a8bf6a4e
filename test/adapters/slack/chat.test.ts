import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createApi } from "../../../adapters/slack/api.ts";
import { catchUp } from "../../../adapters/slack/catch-up.ts";
import { createChat, type History } from "../../../adapters/slack/chat.ts";
import type { Known } from "../../../adapters/slack/delivery.ts";
import { readText } from "../../../adapters/slack/escape.ts";
import { createPace, LONGEST_QUEUE } from "../../../adapters/slack/pace.ts";
import { millis } from "../../../adapters/slack/times.ts";
import type { Address } from "../../../src/domain/address.ts";
import { OutcomeUnknownError, RetryLaterError, TerminalError } from "../../../src/domain/errors.ts";
import type { ChatAdapter, Machine } from "../../../src/domain/ports.ts";
import { chatAdapterContract, markFor, type Standing, saying } from "../../contracts/chat-adapter-contract.ts";
import { BOT_TOKEN, markOf, type SlackStandIn, slackStandIn, wordsOf } from "../../stand-ins/slack/stand-in.ts";
import type { Message } from "../../stand-ins/slack/world.ts";
import { configFor, machine, quietLog } from "./parts.ts";

const CHANNEL: Address = { platform: "slack", workspace: "T1", channel: "C1" };

function chatOn(slack: SlackStandIn, spacing = 0, clock: Machine = machine, pictureOf?: () => string): ChatAdapter {
  const config = configFor(slack);
  const log = quietLog();
  const tokenOf = async () => BOT_TOKEN;
  const api = createApi(config, { tokenOf, machine: clock, log, spacing });
  const known: Known = { at: (claimed) => claimed, bot: () => "UBOT", person: () => undefined, allowed: () => true };
  const history: History = (...where) => catchUp({ api, config, tokenOf, known, meet: async () => {}, log }, ...where);
  return createChat({ api, log, history, pictureOf });
}

/** Live mentions and links as Slack would make them of a message's texts. */
function standingOf(message: Message): Standing {
  const words = wordsOf(message);
  const controls = [...words.matchAll(/<([^<>]*)>/g)].map(([, inner = ""]) => inner);
  return {
    messageId: message.ts,
    ...(message.thread_ts === undefined ? {} : { thread: message.thread_ts }),
    words: words.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&"),
    mark: markOf(message),
    pings: controls.filter((one) => /^[@!](?!date)/.test(one)).map((one) => one.replace(/^@/, "").split("|")[0] ?? ""),
    links: controls.filter((one) => !/^[@!#]/.test(one)),
  };
}

chatAdapterContract("Slack", async () => {
  const slack = await slackStandIn({ burst: 1_000, tiers: false });
  const kinds = { busy: "429", lost_before: "reset_before", lost_after: "reset_after" } as const;
  return {
    adapter: chatOn(slack),
    channel: CHANNEL,
    nowhere: { ...CHANNEL, channel: "C404" },
    person: "slack:T1:U2",
    user: "U2",
    standing: ({ channel }) => slack.posts({ channel }).map(standingOf),
    private: (user) => slack.world.ephemerals.filter((one) => one.user === user).map(wordsOf),
    reactions: ({ messageId }) =>
      (slack.world.messages.find((one) => one.ts === messageId)?.reactions ?? []).flatMap((one) => one.users),
    async said(address, text) {
      const escaped = text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
      const thread = address.thread === undefined ? {} : { thread: address.thread };
      const { ts } = slack.user("U2").says(address.channel, escaped, thread);
      return { address, messageId: ts, sentAt: millis(ts) };
    },
    fault: (fault) => slack.faults.next("chat.postMessage", kinds[fault]),
    close: () => slack.stop(),
  };
});

describe("Slack's own ways", () => {
  let slack: SlackStandIn;
  let chat: ChatAdapter;
  beforeAll(async () => {
    slack = await slackStandIn({ burst: 1_000, tiers: false });
    slack.addChannel({ id: "C9", name: "elsewhere", members: ["U1"] });
    slack.addChannel({ id: "C8", name: "old", archived: true });
    chat = chatOn(slack);
  });
  afterAll(() => slack.stop());

  it("a direct address is opened as a direct message, and the reference names its channel", async () => {
    const ref = await chat.post({ ...CHANNEL, channel: "@U3" }, saying("Two things wait for you."), markFor("nudge"));
    expect(slack.world.channels.get(ref.address.channel)?.im).toBe("U3");
    const again = await chat.post({ ...CHANNEL, channel: "@U3" }, saying("Still two."), markFor("nudge"));
    expect(again.address.channel).toBe(ref.address.channel);
  });

  it.each([
    ["C9", "/invite @T-Minus"],
    ["C8", "archived"],
    ["C404", "can't find that channel"],
  ])("in %s it says what to do", async (channel, sentence) => {
    const posting = chat.post({ ...CHANNEL, channel }, saying("x"), markFor());
    await expect(posting).rejects.toBeInstanceOf(TerminalError);
    await expect(posting).rejects.toThrow(sentence);
  });

  it.each(["500_before", "500_after", "internal_error"] as const)("%s of a post is unknown", async (fault) => {
    slack.faults.next("chat.postMessage", fault);
    await expect(chat.post(CHANNEL, saying("x"), markFor())).rejects.toBeInstanceOf(OutcomeUnknownError);
  });

  it("a Slack that can't be reached was sent nothing", async () => {
    const config = { ...configFor(slack), apiUrl: "http://127.0.0.1:59999/api/" };
    const api = createApi(config, { tokenOf: async () => BOT_TOKEN, machine, log: quietLog(), spacing: 0 });
    const gone = createChat({ api, log: quietLog(), history: async () => [] });
    await expect(gone.post(CHANNEL, saying("x"), markFor())).rejects.toBeInstanceOf(RetryLaterError);
  });

  it("a 429 holds its method in its channel and nothing else", async () => {
    slack.addChannel({ id: "C7", name: "other" });
    slack.faults.next("chat.postMessage", "429");
    await expect(chat.post(CHANNEL, saying("held"), markFor())).rejects.toBeInstanceOf(RetryLaterError);
    const before = slack.calls("chat.postMessage").length;
    await expect(chat.post(CHANNEL, saying("held"), markFor())).rejects.toBeInstanceOf(RetryLaterError);
    expect(slack.calls("chat.postMessage")).toHaveLength(before);
    await chat.post({ ...CHANNEL, channel: "C7" }, saying("not held"), markFor());
    expect(slack.posts({ channel: "C7" })).toHaveLength(1);
    await new Promise((resolve) => setTimeout(resolve, 1_050));
  });

  it("a channel gets a post a second, over all its threads; whoever would wait too long is told when", async () => {
    const strict = await slackStandIn({ burst: 1 });
    // The spacing has room for a busy machine: Slack counts from arrival to arrival.
    const paced = chatOn(strict, 1_700, { now: () => 1_000_000 });
    const root = await paced.post(CHANNEL, saying("root"), markFor("header"));
    const all = await Promise.allSettled(
      [0, 1, 2, 3, 4].map((index) => {
        const thread = index % 2 === 0 ? { thread: root.messageId } : {};
        return paced.post({ ...CHANNEL, ...thread }, saying(`number ${index}`), markFor());
      }),
    );
    expect(all.map((one) => one.status)).toEqual(["fulfilled", "fulfilled", "rejected", "rejected", "rejected"]);
    expect(all.flatMap((one) => (one.status === "rejected" ? [one.reason] : []))[0]).toBeInstanceOf(RetryLaterError);
    expect(strict.calls("chat.postMessage").filter((call) => call.status === 429)).toEqual([]);
    await strict.stop();
  });

  it("receipts keep to Slack's tier, each waiting for a moment of its own, and hold up nothing else", async () => {
    const strict = await slackStandIn({ burst: 1_000, tiers: true });
    const chat = chatOn(strict, 0, { now: () => 1_000_000 });
    const refs = [];
    for (let index = 0; index < 60; index += 1) {
      refs.push(await chat.post(CHANNEL, saying(`number ${index}`), markFor()));
    }
    const given = await Promise.allSettled(refs.map((ref) => chat.react(ref, true)));
    const late = given.flatMap((one) => (one.status === "rejected" ? [one.reason] : []));
    for (const error of late) expect(error).toBeInstanceOf(RetryLaterError);
    const moments = Array.from({ length: 10 }, (_, index) => 1_200 * (index + 1));
    expect(late.map((error) => Math.round(error.retryAfter))).toEqual(moments);
    await chat.post(CHANNEL, saying("a post doesn't wait for receipts"), markFor());
    expect(strict.calls("reactions.add").filter(({ ok }) => ok)).toHaveLength(50);
    expect(strict.calls("reactions.add").filter(({ status }) => status === 429)).toEqual([]);
    await strict.stop();
  });

  it("whoever comes back at the promised moment finds it free", () => {
    let now = 1_000_000;
    const pace = createPace({ now: () => now });
    const tries = () => {
      try {
        pace.take("T1", "reactions.add");
        return 0;
      } catch (error) {
        return error instanceof RetryLaterError ? error.retryAfter : Number.NaN;
      }
    };
    const waits = Array.from({ length: 53 }, tries).filter((wait) => wait > 0);
    expect(waits).toHaveLength(3);
    const began = now;
    for (const wait of waits) {
      now = began + wait;
      expect(tries()).toBe(0);
    }
    pace.take("T2", "reactions.add");
  });

  it("nobody queues for a receipt for longer than it is of use, and the queue ends with its moments", () => {
    let now = 1_000_000;
    const pace = createPace({ now: () => now });
    const waits = Array.from({ length: 5_000 }, () => {
      try {
        pace.take("T1", "reactions.add");
        return 0;
      } catch (error) {
        return error instanceof RetryLaterError ? error.retryAfter : Number.NaN;
      }
    });
    expect(Math.max(...waits)).toBe(LONGEST_QUEUE);
    expect(waits.filter((wait) => wait > 0 && wait < LONGEST_QUEUE)).toHaveLength(749);
    now += LONGEST_QUEUE;
    pace.take("T1", "reactions.add");
  });

  it("updates keep to Slack's tier once Slack has refused one", async () => {
    const busy = await slackStandIn({ burst: 1_000, tiers: false });
    busy.addChannel({ id: "C2", name: "billing" });
    const chat = chatOn(busy);
    const ref = await chat.post(CHANNEL, saying("redrawn often"), markFor("header"));
    const elsewhere = await chat.post({ ...CHANNEL, channel: "C2" }, saying("another channel"), markFor());
    const mark = markFor("header");
    for (let index = 0; index < 60; index += 1) await chat.update(ref, saying(`number ${index}`), mark);
    busy.faults.next("chat.update", "429");
    await expect(chat.update(ref, saying("too many"), mark)).rejects.toBeInstanceOf(RetryLaterError);
    const before = busy.calls("chat.update").length;
    await expect(chat.update(elsewhere, saying("too many"), mark)).rejects.toBeInstanceOf(RetryLaterError);
    expect(busy.calls("chat.update")).toHaveLength(before);
    await busy.stop();
  });

  it("half of a long message found after a crash is removed, so that the whole is sent again", async () => {
    const mark = markFor("summary");
    const words = Array.from({ length: 3_000 }, (_, index) => `w${index}`).join(" ");
    const long = { summary: "long", blocks: [{ kind: "text" as const, text: [words] }] };
    const since = Date.now();
    slack.faults.storm(0, 1);
    const posting = (async () => {
      // The first part is taken; the connection breaks before the second.
      const before = slack.calls("chat.postMessage").length;
      const watch = setInterval(() => {
        if (slack.calls("chat.postMessage").length === before + 1)
          slack.faults.next("chat.postMessage", "reset_before");
      }, 0);
      try {
        await chat.post(CHANNEL, long, mark);
      } finally {
        clearInterval(watch);
      }
    })();
    await posting.catch((error) => expect(error).toBeInstanceOf(OutcomeUnknownError));
    slack.faults.calm();
    const left = () => slack.posts({ channel: "C1" }).filter((one) => markOf(one).outbox === mark.outbox);
    const whole = left().length === Number(markOf(left()[0] ?? fail()).parts);
    const found = await chat.find?.(CHANNEL, mark.outbox, since);
    expect(found === undefined).toBe(!whole);
    expect(left().length).toBe(whole ? left().length : 0);
  });

  it("a long message that became short again leaves nothing of itself behind", async () => {
    const mark = markFor("summary");
    const words = Array.from({ length: 6_000 }, (_, index) => `v${index}`).join(" ");
    const ref = await chat.post(CHANNEL, { summary: "long", blocks: [{ kind: "text", text: [words] }] }, mark);
    const mine = () => slack.posts({ channel: "C1" }).filter((one) => markOf(one).outbox === mark.outbox);
    expect(mine().length).toBeGreaterThan(2);
    const half = words.slice(0, words.length / 2);
    await chat.update(ref, { summary: "shorter", blocks: [{ kind: "text", text: [half] }] }, mark);
    const said = mine().map(wordsOf).join(" ");
    expect(said).toContain("v100 ");
    expect(said).not.toContain("v5999");
  });

  it("where Slack refuses what was drawn, the words go out alone", async () => {
    const label = "x".repeat(10);
    const buttons = [{ action: "answer", label, value: {}, style: "wrong" as never }];
    const ref = await chat.post(CHANNEL, saying("words that matter", { kind: "buttons", buttons }), markFor());
    const post = slack.posts().find((one) => one.ts === ref.messageId);
    expect(post?.blocks).toHaveLength(1);
    expect(wordsOf(post ?? fail())).toContain("words that matter");
  });

  it("where Slack refuses a table, its rows go out as lines before the words go out alone", async () => {
    const table = { kind: "table" as const, caption: "Scorecard", columns: ["Area", "State"], rows: [["A", "ready"]] };
    const buttons = [{ action: "answer", label: "x", value: {}, style: "wrong" as never }];
    const before = slack.calls("chat.postMessage").length;
    await chat.post(CHANNEL, saying("words", table, { kind: "buttons", buttons }), markFor());
    const [drawn, lines, words] = slack.calls("chat.postMessage").slice(before);
    expect(JSON.stringify(drawn?.args.blocks)).toContain('"table"');
    expect(JSON.stringify(lines?.args.blocks)).toContain("• *A* · State: ready");
    expect(words?.ok).toBe(true);
  });

  it("a picture that Slack can't fetch goes out as its words", async () => {
    const chart = {
      kind: "chart" as const,
      title: "Quotas",
      alt: "gp3 storage 49 of 50 TiB, at risk",
      bars: [{ label: "gp3 storage", value: 49, of: 50, state: "at_risk" as const }],
      unit: "TiB",
    };
    const before = slack.calls("chat.postMessage").length;
    const near = chatOn(slack, 0, machine, () => "http://127.0.0.1/charts/x.png");
    await near.post(CHANNEL, saying("words", chart), markFor());
    const [drawn, words] = slack.calls("chat.postMessage").slice(before);
    expect([drawn?.error, words?.ok]).toEqual(["invalid_blocks", true]);
    expect(JSON.stringify(words?.args.blocks)).toContain("gp3 storage 49 of 50 TiB, at risk");
    const far = chatOn(slack, 0, machine, () => "https://t-minus.example.com/charts/x.png");
    await far.post(CHANNEL, saying("words", chart), markFor());
    expect(JSON.stringify(slack.calls("chat.postMessage").at(-1)?.args.blocks)).toContain('"alt_text"');
  });

  it("a receipt that Slack refuses stops nothing", async () => {
    await chat.react({ address: CHANNEL, messageId: "1.000001", sentAt: 0 }, true);
    expect(slack.calls("reactions.add").at(-1)?.error).toBe("message_not_found");
  });

  it("a whisper to somebody outside the channel becomes a direct message", async () => {
    slack.addChannel({ id: "C6", name: "few", members: ["U1", "UBOT"] });
    await chat.whisper({ ...CHANNEL, channel: "C6" }, "slack:T1:U4", saying("for you alone"));
    const direct = slack.posts().find((one) => slack.world.channels.get(one.channel)?.im === "U4");
    expect(wordsOf(direct ?? fail())).toContain("for you alone");
  });

  it("a file arrives whole, with its comment", async () => {
    const content = new TextEncoder().encode("# Black Friday\nready\n");
    await chat.sendFile(
      { ...CHANNEL, channel: "@U3" },
      { name: "black-friday.md", mediaType: "text/markdown", content, comment: "Your export" },
    );
    const upload = slack.world.uploads.at(-1);
    expect(upload).toMatchObject({
      done: true,
      comment: "Your export",
      file: { name: "black-friday.md", content: "# Black Friday\nready\n" },
    });
    expect(slack.world.channels.get(upload?.channel ?? "")?.im).toBe("U3");
  });

  it("a session's name makes no live markup of a file's comment", async () => {
    const file = { name: "x.md", mediaType: "text/markdown", content: new TextEncoder().encode("x") };
    await chat.sendFile({ ...CHANNEL, channel: "@U3" }, { ...file, comment: "R&D <!channel>: md export." });
    expect(slack.world.uploads.at(-1)?.comment).toBe("R&amp;D &lt;!channel&gt;: md export.");
  });
});

describe("what Slack's markup says", () => {
  it.each([
    ["<!subteam^S0614TZR7|@oncall> knows", "@oncall knows"],
    ["<!subteam^S0614TZR7> and <!subteam^S0614TZR8>", "@group S0614TZR7 and @group S0614TZR8"],
    ["<!here> look", "@here look"],
    ["<!date^1795770000^{date}|27 Nov>", "27 Nov"],
  ])("%s is read as words", (markup, words) => {
    expect(readText(markup, () => undefined)).toEqual({ text: words, mentions: [] });
  });
});

function fail(): never {
  throw new Error("not there");
}

import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { render } from "../../../adapters/slack/render.ts";
import type { Form, Message } from "../../../src/domain/message.ts";
import type { Outcome } from "../../../src/domain/ports.ts";
import { markFor, saying } from "../../contracts/chat-adapter-contract.ts";
import { eventually, type SlackStandIn, slackStandIn, wordsOf } from "../../stand-ins/slack/stand-in.ts";
import { running, scripted } from "./parts.ts";

/** Where and how what somebody did is answered: over, in or beside what they tapped. */

const ANSWER: Form = {
  id: "answer",
  title: "Answer R2",
  submit: "Record",
  context: { session: "s-1", question: "R2" },
  fields: [{ name: "answer", label: "Your answer", type: "text", required: true }],
};

const LIST = saying("One question waits for you.", {
  kind: "buttons",
  buttons: [
    { action: "answer", label: "Answer", value: { session: "s-1", question: "R2" }, opens: true },
    { action: "snooze", label: "Tomorrow", value: { session: "s-1" } },
  ],
});

const OFFER = saying("Take Resilience and use this as your answer?", {
  kind: "buttons",
  buttons: [
    { action: "take", label: "Yes", value: { session: "s-1" } },
    { action: "why", label: "Why?", value: { session: "s-1" } },
  ],
});

const CHANNEL = { platform: "slack" as const, workspace: "T1", channel: "C1" };

function telling(message: Message, more: { ends?: true } = {}): Outcome {
  return { kind: "committed", reply: { kind: "message", message, ...more } };
}

describe("Slack", () => {
  let slack: SlackStandIn;
  let engine: ReturnType<typeof scripted>;
  let app: Awaited<ReturnType<typeof running>>;

  beforeEach(async () => {
    slack = await slackStandIn({ burst: 1_000, tiers: false });
    engine = scripted();
    app = await running(slack, engine);
    await slack.user("U2").command("C1", "start here");
    await app.app.waiting.idle();
    slack.world.ephemerals.splice(0);
    engine.heard.splice(0);
  });
  afterEach(async () => {
    await app.stop();
    await slack.stop();
  });

  const user = () => slack.user("U2");
  const opens = () => {
    engine.answer = () => ({ kind: "committed", reply: { kind: "form", form: ANSWER } });
  };
  const errors = () => app.log.lines.filter(({ level }) => level === "error");

  /** The modal that the shortcut opens. */
  async function listed() {
    engine.answer = () => telling(LIST);
    await user().usesGlobalShortcut("my_questions");
    return eventually(() => user().view());
  }

  it("a form that is opened from a modal lies on it, and with it gone the modal is there again", async () => {
    const list = await listed();
    opens();
    await user().clicks(list, "answer");
    const form = await eventually(() => (user().view() === list ? undefined : user().view()));
    expect(slack.calls("views.push").map(({ ok }) => ok)).toEqual([true]);
    engine.answer = () => telling(saying("Recorded for R2."));
    await user().submits(form, { answer: "two AZs" });
    expect(engine.of("form")).toMatchObject([{ form: "answer", values: { answer: "two AZs" } }]);
    expect(user().view()).toBe(list);
    expect(errors()).toEqual([]);
  });

  it("what is told to a tap in a modal stands in its place; an older modal is not overwritten", async () => {
    const list = await listed();
    const before = { ...list };
    engine.answer = () => telling(saying("Until tomorrow, 09:00."));
    await user().clicks(list, "snooze");
    await eventually(() => JSON.stringify(list.view).includes("Until tomorrow, 09:00."));
    expect(slack.calls("views.open")).toHaveLength(1);
    engine.answer = () => telling(saying("Not twice."));
    await user().clicks(before, "snooze");
    await eventually(() => slack.posts().some((post) => wordsOf(post).includes("Not twice.")));
    expect(slack.calls("views.update").map(({ error }) => error)).toEqual([undefined, "hash_conflict"]);
    expect(JSON.stringify(list.view)).toContain("Until tomorrow, 09:00.");
    expect(errors()).toEqual([]);
  });

  it("a button on App Home opens a modal of its own", async () => {
    opens();
    await user().clicks({ home: { type: "home", blocks: blocksOf(LIST) } }, "answer");
    await eventually(() => user().view());
    expect(slack.calls("views.open").map(({ ok }) => ok)).toEqual([true]);
  });

  it("a form that Slack refuses as it is becomes a sentence, and no button that would be refused again", async () => {
    await app.chat.post(CHANNEL, LIST, markFor("note"));
    const [post] = slack.posts({ channel: "C1" });
    const twice = { ...ANSWER, fields: [...ANSWER.fields, ...ANSWER.fields] };
    engine.answer = () => ({ kind: "committed", reply: { kind: "form", form: twice } });
    await user().clicks(post!, "answer");
    const told = await eventually(() => slack.world.ephemerals[0]);
    expect(slack.calls("views.open")[0]?.error).toBe("invalid_arguments");
    expect(wordsOf(told)).toContain('I couldn\'t open the form "Answer R2"');
    expect(JSON.stringify(told.blocks)).not.toContain('"button"');
    expect(errors()).toHaveLength(1);
  });

  it.each(["429", "500_before", "reset_after"] as const)("a form lost to %s comes as a button", async (fault) => {
    await app.chat.post(CHANNEL, LIST, markFor("note"));
    const [post] = slack.posts({ channel: "C1" });
    opens();
    slack.faults.next("views.open", fault);
    await user().clicks(post!, "answer");
    const told = await eventually(() => slack.world.ephemerals[0]);
    expect(JSON.stringify(told.blocks)).toContain("Open the form");
    expect(errors()).toEqual([]);
  });

  async function offered() {
    await app.chat.whisper(CHANNEL, "slack:T1:U2", OFFER);
    return eventually(() => slack.world.ephemerals[0]);
  }

  it("an offer turns into its outcome; what is only asked about it stands beside", async () => {
    const offer = await offered();
    engine.answer = () => telling(saying("It matters because …"));
    await user().clicks(offer, "why");
    await eventually(() => slack.world.ephemerals.length === 2);
    expect(wordsOf(offer)).toContain("Take Resilience");
    engine.answer = () => telling(saying("Resilience is yours."), { ends: true });
    await user().clicks(offer, "take");
    await eventually(() => wordsOf(offer).includes("Resilience is yours."));
    expect(JSON.stringify(offer.blocks)).not.toContain('"button"');
    expect(slack.world.ephemerals).toHaveLength(2);
  });

  it("an outcome that can't take its offer's place is told beside it", async () => {
    const offer = await offered();
    slack.faults.next("response_url", "500_before");
    engine.answer = () => telling(saying("Resilience is yours."), { ends: true });
    await user().clicks(offer, "take");
    const told = await eventually(() => slack.world.ephemerals[1]);
    expect(wordsOf(told)).toContain("Resilience is yours.");
    expect(wordsOf(offer)).toContain("Take Resilience");
  });

  it("a card that others see stays when its button is answered", async () => {
    await app.chat.post(CHANNEL, OFFER, markFor("note"));
    const [post] = slack.posts({ channel: "C1" });
    engine.answer = () => telling(saying("Resilience is yours."), { ends: true });
    await user().clicks(post!, "take");
    await eventually(() => slack.world.ephemerals.length === 1);
    expect(wordsOf(post!)).toContain("Take Resilience");
  });

  it("a reading that changes after its card stands is what is ticked then; the same reading keeps what somebody ticks", async () => {
    const card = (note: string, ...ticked: string[]) =>
      saying(
        note,
        {
          kind: "ticks",
          id: "R2",
          label: "R2",
          ticks: ["r2_owner", "r2_two"].map((id) => ({ id, text: id, ticked: ticked.includes(id) })),
        },
        { kind: "buttons", buttons: [{ action: "confirm", label: "That's right", value: { session: "s-1" } }] },
      );
    const mark = markFor("confirm");
    const ref = await app.chat.post(CHANNEL, card("This is how I read you.", "r2_owner"), mark);
    const [post] = slack.posts({ kind: "confirm" });
    const confirmed = async () => {
      await user().clicks(post!, "confirm");
      return engine.of("action").at(-1)?.inputs;
    };
    await app.chat.update(ref, card("A line was added.", "r2_owner"), mark);
    expect(user().sees(post!, "R2")).toEqual(["r2_owner"]);
    await user().ticks(post!, "R2", ["r2_owner", "r2_two"]);
    await app.chat.update(ref, card("And another.", "r2_owner"), mark);
    expect(await confirmed()).toEqual({ R2: ["r2_owner", "r2_two"] });
    await app.chat.update(ref, card("The answer was edited.", "r2_two"), mark);
    expect(user().sees(post!, "R2")).toEqual(["r2_two"]);
    expect(await confirmed()).toEqual({ R2: ["r2_two"] });
  });
});

function blocksOf(message: Message) {
  return JSON.parse(JSON.stringify(render(message, "T1")[0].blocks));
}

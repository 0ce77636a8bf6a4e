import { describe, expect, it } from "vitest";
import type { Form } from "../../src/domain/message.ts";
import type { Reply } from "../../src/domain/ports.ts";
import { type Room, said, startedRoom } from "./room.ts";

/** What a form asks, whom it is opened for, and what comes of one that was sent half empty. */

/** Oli is asked M1, and hasn't answered. */
function asked(): Room {
  const room = startedRoom();
  room.press("oli", "claim", { module: "monitoring" });
  room.run();
  return room;
}

function formIn(reply: Reply | undefined): Form {
  if (reply?.kind !== "form") throw new Error(`No form but: ${said(reply)}`);
  return reply.form;
}

function field<T extends Form["fields"][number]["type"]>(form: Form, name: string, type: T) {
  const found = form.fields.find(
    (one): one is Extract<Form["fields"][number], { type: T }> => one.name === name && one.type === type,
  );
  if (found === undefined) throw new Error(`No field ${name}`);
  return found;
}

/** Mia manages; M1 of Oli is answered, and confirmed as a high risk where it says so. */
function answered(confirmed?: string): Room {
  const room = startedRoom();
  room.form("fay", "scope", undefined, { managers: [room.id("mia")] }, { [room.id("mia")]: "Mia" });
  room.press("oli", "claim", { module: "monitoring" });
  room.run();
  room.press("oli", "answer", { question: "M1" }, { answer: "we look by hand" });
  room.run();
  if (room.open("oli") !== undefined) room.say("oli", "monitoring", "skip");
  room.run();
  if (confirmed !== undefined) room.press("oli", "confirm", { module: "monitoring" }, { M1: [confirmed] });
  return room;
}

const versionOf = (room: Room) => room.state.questions.M1!.version;
const record = (room: Room, user: string, values: Record<string, string | string[] | null>) =>
  room.deliver({
    kind: "form",
    receipts: [`form:${JSON.stringify(values)}`],
    actor: room.actor(user),
    address: room.home,
    form: "answer",
    context: { session: room.state.id, question: "M1", version: versionOf(room) },
    values,
  });

describe("the answer form", () => {
  it("with ticks and no words keeps the words that are there", () => {
    const room = answered();
    record(room, "oli", { answer: null, choices: ["m1_no"] });
    expect(room.answer("M1")).toBe("we look by hand");
    expect(room.state.questions.M1?.confirmed?.choices).toEqual(["m1_no"]);
    expect(room.state.questions.M1?.parts).toHaveLength(1);
  });

  it("without the field that a platform couldn't show changes nothing that isn't ticked", () => {
    const room = answered();
    expect(said(record(room, "oli", { choices: [] }))).toBe("Nothing changed: the answer to M1 stands as it was.");
    expect(room.answer("M1")).toBe("we look by hand");
  });

  it("without words and ticks, or with ticks and no words to go with, is still refused at its field", () => {
    const room = answered();
    const refused = { kind: "errors", errors: { answer: expect.stringContaining("Write the answer") } };
    expect(record(room, "oli", { answer: null, choices: [] })).toEqual(refused);
    const unanswered = startedRoom();
    unanswered.press("oli", "claim", { module: "monitoring" });
    unanswered.run();
    expect(record(unanswered, "oli", { answer: null, choices: ["m1_no"] })).toEqual(refused);
  });

  it("tells whose ticks count, and whose are a suggestion", () => {
    const room = answered();
    const hint = (user: string) => {
      const form = formIn(room.press(user, "answer", { question: "M1", version: versionOf(room) }));
      return form.fields.find(({ name }) => name === "choices")?.hint;
    };
    expect(hint("oli")).toContain("counts for the risk");
    expect(hint("fay")).toContain("counts for the risk");
    expect(hint("pia")).toContain("is a suggestion");
  });
});

describe("whoever would be refused on sending a form", () => {
  it.each([
    ["accept", { arg: "risk-m1" }, "Only a named manager can sign or accept a risk. Here that is Mia."],
    ["no_go", {}, "Only a named manager can sign or accept a risk. Here that is Mia."],
    ["decide", { arg: "no-go" }, "Only a named manager can sign or accept a risk. Here that is Mia."],
    ["owners", {}, "Only the facilitator, Fay, can name the owners."],
    ["scope", { arg: "owners" }, "Only the facilitator, Fay, can name the owners."],
    ["start", { arg: "edit" }, "Only the facilitator, Fay, can edit the session."],
    ["answer", { question: "M1", arg: "n/a" }, "M1 is put to Oli."],
  ])("%s is told before they have typed anything", (action, value, sentence) => {
    const room = "question" in value ? asked() : answered("m1_no");
    room.command("fay", "decide");
    const question = "question" in value ? { version: versionOf(room) } : {};
    expect(said(room.press("pia", action, { ...value, ...question }))).toContain(sentence);
  });

  it("to start a second session in a channel is told", () => {
    const room = startedRoom();
    const pressed = room.deliver({
      kind: "action",
      receipts: ["start"],
      actor: room.actor("pia"),
      address: room.home,
      action: "start",
      value: {},
      inputs: {},
    });
    expect(said(pressed)).toContain('"Black Friday" is already open in this channel.');
  });

  it("of a session that is over is told, whatever the form", () => {
    const room = answered("m1_no");
    room.command("fay", "close");
    for (const action of ["scope", "owners", "review", "accept", "no_go"]) {
      expect(said(room.press("fay", action, {})), action).toContain('"Black Friday" is closed.');
    }
  });

  it("no decision being open, has nothing to sign", () => {
    expect(said(answered().press("mia", "decide", { arg: "no-go" }))).toContain("No decision is open.");
  });
});

describe("a form that opened too late", () => {
  it.each([
    ["start", { arg: "edit" }, "Edit the session"],
    ["scope", { arg: "owners" }, "Owners"],
    ["answer", { arg: "review" }, "Review"],
    ["answer", { question: "M1", arg: "n/a" }, "M1 is not applicable"],
  ])("%s %j opens from its button as the same form", (action, value, title) => {
    const room = "question" in value ? asked() : answered();
    const question = "question" in value ? { version: versionOf(room) } : {};
    expect(formIn(room.press("fay", action, { ...value, ...question })).title).toBe(title);
  });
});

describe("accepting", () => {
  it("with no open risk left is a sentence and no form", () => {
    expect(said(answered().press("mia", "accept", {}))).toBe("No open risk is left to accept.");
  });

  it("offers the named risk first, also when it is accepted already, and no other accepted one", () => {
    const room = answered("m1_no");
    room.command("mia", "accept risk-m1 fallback tested, until 1 Dec");
    expect(said(room.press("mia", "accept", {}))).toBe("No open risk is left to accept.");
    const form = formIn(room.press("mia", "accept", { arg: "risk-m1" }));
    expect(field(form, "risk", "choice")).toMatchObject({ value: "risk-m1", options: [{ value: "risk-m1" }] });
    expect(form.context.arg).toBe("risk-m1");
    room.form("mia", "accept", "risk-m1", { risk: "risk-m1", reason: "Still tested", until: "2026-12-31" });
    expect(room.state.accepted).toMatchObject([{ risk: "risk-m1", until: "2026-12-31" }]);
  });

  it("says so when the named risk can't be accepted any more", () => {
    const room = answered("m1_no");
    expect(said(room.press("mia", "accept", { arg: "risk-r2" }))).toBe(
      "There is no open risk called risk-r2. Open: risk-m1.",
    );
  });

  it("longer works from the reminder that it ends", () => {
    const room = answered("m1_no");
    room.advance("2026-10-19T09:00:00Z");
    room.command("mia", "accept risk-m1 fallback tested, until 20 Nov");
    room.advance("2026-11-20T18:00:00Z");
    const reminder = room.directs.findLast(({ items }) => items.some(({ kind }) => kind === "accepted"));
    const button = reminder?.message.blocks
      .flatMap((block) => (block.kind === "buttons" ? block.buttons : []))
      .find(({ label }) => label === "Accept it longer");
    expect(field(formIn(room.press("mia", "accept", button?.value ?? {})), "risk", "choice").value).toBe("risk-m1");
  });
});

describe("the time of an event", () => {
  it("is asked in the person's zone for a new session, and in the session's when it is edited", () => {
    const room = startedRoom();
    room.zones.set("fay", "America/New_York");
    const edit = formIn(room.command("fay", "edit"));
    expect(field(edit, "time", "time").hint).toBe("In the session's time zone (London). Empty: 09:00.");
    room.command("fay", "close");
    expect(field(formIn(room.command("fay", "start")), "time", "time").hint).toContain("Your time zone");
  });
});

describe("an offer", () => {
  it("ends with its tap; a button of a card that goes on doesn't end it", () => {
    const room = startedRoom();
    const message = room.say("oli", "monitoring", "Datadog wakes Sam");
    const ends = (reply: Reply | undefined) => (reply?.kind === "message" ? (reply.ends ?? false) : undefined);
    expect(ends(room.press("oli", "not_me", { module: "monitoring", arg: message }))).toBe(true);
    expect(ends(room.press("oli", "take", { module: "monitoring", arg: message }))).toBe(true);
    expect(ends(room.press("oli", "next", {}))).toBe(false);
    expect(ends(room.press("oli", "why", { question: "M1" }))).toBe(false);
  });
});

import { describe, expect, it } from "vitest";
import { standardCatalogue } from "../../conversations/catalogue/index.ts";
import { COMMAND_NAMES, COMMAND_USAGE } from "../../conversations/command.ts";
import { nextMilestone } from "../../conversations/plan.ts";
import { STEPS } from "../../conversations/steps.ts";
import { helpCard } from "../../conversations/views/help.ts";
import { scopeCard } from "../../conversations/views/scope.ts";
import type { Message } from "../../src/domain/message.ts";
import type { Reply } from "../../src/domain/ports.ts";
import { type Room, said, startedRoom, wordsOf } from "./room.ts";

/** What the cards that everybody sees say, and which buttons they have. */

function linesOf(message: Message): string[] {
  return wordsOf(message).split("\n");
}

function rowsOf(message: Message): string[][] {
  return message.blocks.flatMap((block) => (block.kind === "buttons" ? [block.buttons.map(({ label }) => label)] : []));
}

function shown(reply: Reply | undefined): Message {
  if (reply?.kind !== "message") throw new Error(`No message, but ${reply?.kind}`);
  return reply.message;
}

function viewOf(room: Room) {
  return { now: new Date(room.now), catalogue: standardCatalogue, command: "/readiness" };
}

function question(room: Room, id: string): Message {
  return room.card(`question:${id}:${room.state.questions[id]!.version}`);
}

describe("the header", () => {
  it("has the decision right under its title", () => {
    const room = startedRoom();
    room.form("fay", "scope", undefined, { managers: [room.id("mia")] }, { [room.id("mia")]: "Mia" });
    room.command("fay", "decide");
    room.command("mia", "decide go");
    expect(linesOf(room.card("header"))[1]).toBe("Decision: go.");
  });

  it.each(STEPS.flatMap(({ id, says }) => (says === undefined ? [] : [[id, says] as const])))(
    "says of %s in one sentence what must be so by when, and what isn't so since when",
    (_, { next, late }) => {
      for (const half of [next, late]) {
        expect(half).not.toMatch(/[:.]/);
        expect(half).toMatch(/^[a-z]/);
      }
    },
  );

  it("asks for what the step that is due asks for, and later says that it isn't so", () => {
    const room = startedRoom();
    const due = () => nextMilestone(room.state, standardCatalogue, new Date(room.now))!;
    expect(due().id).toBe("kickoff");
    room.advance("2026-10-20T09:00:00Z");
    expect(due().at < new Date(room.now).toISOString()).toBe(true);
    expect(wordsOf(room.card("header"))).toContain("Late since Mon 19 Oct: not every module has an owner.");
  });

  it("where all is said and nothing confirmed, names whom it waits for", () => {
    const room = startedRoom();
    room.press("oli", "claim", { module: "monitoring" });
    room.run();
    room.press("oli", "answer", { question: "M1" }, { answer: "p99 of checkout at 800 ms pages the on-call" });
    room.run();
    if (room.open("oli") !== undefined) room.say("oli", "monitoring", "skip");
    room.run();
    const progress = room.card("header").blocks.find((block) => block.kind === "progress");
    const row = progress?.kind === "progress" ? progress.rows.find(({ label }) => label === "Monitoring") : undefined;
    expect(row?.state).toBe("not_answered");
    expect(row?.note).toEqual(["all said; counts once ", { person: room.id("oli"), name: "Oli" }, " confirms it"]);
  });
});

describe("the Scope card", () => {
  it("shows what is known, and the rest in one line", () => {
    const room = startedRoom();
    expect(linesOf(room.card("scope")).slice(0, 3)).toEqual([
      "Scope",
      "Facilitator: Fay",
      "Not known yet: workload, AWS account, Regions, services, hostnames, peak, load-test target, managers, contacts, bridge, what to do if something goes wrong.",
    ]);
    room.form("fay", "scope", undefined, { peak: "3x", managers: [room.id("mia")] }, { [room.id("mia")]: "Mia" });
    const words = wordsOf(room.card("scope"));
    expect(words).toContain("Peak: 3× normal\nManagers: Mia\nTheir digest: weekly, daily in the last week");
    expect(words).not.toMatch(/Not known yet: .*peak/);
  });

  it("is where links to the board are withdrawn, after asking back; also once the session is over", () => {
    const room = startedRoom();
    const withdraw = () =>
      scopeCard(room.state, { ...viewOf(room), links: true })
        .blocks.flatMap((block) => (block.kind === "buttons" ? block.buttons : []))
        .find(({ action }) => action === "revoke_links");
    expect(rowsOf(room.card("scope"))).toEqual([["Fill in", "Owners"]]);
    expect(withdraw()).toMatchObject({ label: "Withdraw board links", confirm: { yes: "Withdraw", no: "Keep them" } });
    room.command("fay", "close");
    expect(withdraw()).toBeDefined();
  });
});

describe("the buttons of a question", () => {
  it("that nobody owns: to take it, to answer it, to see why", () => {
    const room = startedRoom();
    expect(rowsOf(question(room, "R1"))).toEqual([["I'll take this", "Answer", "Why?"]]);
  });

  it("offer another module only while one waits for whom it is put to", () => {
    const room = startedRoom();
    room.press("oli", "claim", { module: "resilience" });
    room.run();
    const open = room.open("oli")!;
    expect(rowsOf(question(room, open))).toEqual([["Answer", "Why?", "Not applicable", "Delegate"]]);
    const before = room.outbox.length;
    room.press("oli", "claim", { module: "monitoring" });
    // The card is drawn again: it stands in a thread that has nothing else to do with it.
    expect(room.outbox.slice(before).map(({ effect }) => effect)).toContainEqual({
      do: "update",
      post: `question:${open}:${room.state.questions[open]!.version}`,
    });
    room.run();
    expect(rowsOf(question(room, open))).toEqual([
      ["Answer", "Why?", "Not applicable", "Delegate", "Another module first"],
    ]);
    room.command("fay", "assign monitoring @pat", [{ user: "pat", label: "@pat", name: "Pat" }]);
    room.run();
    expect(rowsOf(question(room, open))).toEqual([["Answer", "Why?", "Not applicable", "Delegate"]]);
  });

  it("stand in one row, with the way back as the last", () => {
    const room = startedRoom();
    room.press("oli", "claim", { module: "resilience" });
    room.run();
    room.press("oli", "answer", { question: room.open("oli")! }, { answer: "two AZs, tested in May" });
    room.run();
    for (let tries = 0; tries < 3 && rowsOf(question(room, room.open("oli")!))[0]?.includes("Undo") !== true; tries++) {
      room.say("oli", "resilience", "skip");
      room.run();
    }
    const card = question(room, room.open("oli")!);
    expect(rowsOf(card)).toEqual([["Answer", "Why?", "Not applicable", "Delegate", "Undo"]]);
    expect(linesOf(card).at(-2)).toMatch(/^Recorded for R\d: /);
  });
});

describe("private answers", () => {
  it("`status` leads on: to one's questions, and for those who may to the summary", () => {
    const room = startedRoom();
    expect(rowsOf(shown(room.command("fay", "status")))).toEqual([["My questions", "Summary"]]);
    expect(rowsOf(shown(room.command("oli", "status")))).toEqual([["My questions"]]);
  });

  it("`why` links the best practices by id", () => {
    const room = startedRoom();
    const card = shown(room.command("oli", "why R2"));
    const links = linesOf(card).at(-2)!.split(" · ");
    expect(links.length).toBeGreaterThan(3);
    expect(links.filter((link) => /^[A-Z]{3,5}\d\d-BP\d\d$/.test(link)).length).toBeGreaterThan(3);
    for (const link of links) expect(link.length).toBeLessThan(40);
  });

  it("`help` lists every command once, in four groups", () => {
    const card = helpCard(viewOf(startedRoom()));
    const lines = linesOf(card);
    expect(lines.filter((line) => /^(?:Answer|Run the session|Decide|Yourself)$/.test(line))).toHaveLength(4);
    for (const name of COMMAND_NAMES) {
      expect(lines.filter((line) => line.startsWith(`${COMMAND_USAGE[name]} `))).toHaveLength(1);
    }
  });

  it("`next` says first that nothing waits, then what nobody owns", () => {
    const room = startedRoom();
    for (const module of ["performance", "resilience", "security", "service-quotas"]) {
      room.press("oli", "claim", { module });
    }
    room.run();
    const reply = room.command("pat", "next");
    expect(said(reply)).toBe("Nothing waits for you in this session. One module has no owner yet.");
    expect(linesOf(shown(reply)).slice(0, 2)).toEqual([
      "Nothing waits for you in this session.",
      "This module has no owner yet:",
    ]);
  });
});

describe("sentences", () => {
  it("after the end, commands in the channel name the session that is over", () => {
    const room = startedRoom();
    room.command("fay", "close");
    expect(said(room.command("oli", "next"))).toBe(
      '"Black Friday" is closed. Everything stays readable; start the next one with `/readiness start`.',
    );
    const off = startedRoom();
    off.command("fay", "cancel");
    expect(said(off.command("oli", "next"))).toContain('"Black Friday" is cancelled.');
  });

  it("say who can, and whom to ask", () => {
    const room = startedRoom();
    const pat = [{ user: "pat", label: "@pat", name: "Pat" }];
    expect(said(room.command("oli", "assign resilience @pat", pat))).toBe(
      "Only the facilitator, Fay, can assign Resilience. Ask Fay.",
    );
    room.press("kim", "claim", { module: "resilience" });
    expect(said(room.command("oli", "assign resilience @pat", pat))).toBe(
      "Only Kim and the facilitator, Fay, can assign Resilience. Ask one of them.",
    );
    expect(said(room.command("oli", "export md"))).toBe(
      "Only the facilitator, Fay, and the managers can export the session. Ask one of them.",
    );
    expect(said(room.command("fay", "export md"))).toBe("The Markdown export comes to your direct messages.");
  });

  it("name the nearest of what there is", () => {
    const room = startedRoom();
    expect(said(room.command("fay", "assign resilence me"))).toMatch(
      /^There is no module "resilence" in this session\. Did you mean resilience\? Its modules are /,
    );
    expect(said(room.command("fay", "answer R9 no"))).toMatch(/^There is no question R9 .* Its questions are /);
  });

  it("say by which sign something was taken for talk", () => {
    const room = startedRoom();
    room.press("oli", "claim", { module: "resilience" });
    room.run();
    const id = room.open("oli")!;
    const last = () => room.whispers.at(-1)!.message.summary;
    room.say("oli", "resilience", "is that about the database as well?");
    expect(last()).toBe(`That ends in "?", so I took it as talk. ${id} still waits for your answer.`);
    room.say("oli", "resilience", "// back in five minutes");
    expect(last()).toBe(`I took that as talk. ${id} still waits for your answer.`);
  });

  it("say for whom a question is when its owner doesn't know", () => {
    const room = startedRoom();
    room.press("oli", "claim", { module: "resilience" });
    room.run();
    room.say("oli", "resilience", "don't know");
    expect(room.whispers.at(-1)!.message.summary).toMatch(/^The answer to R\d is usually known by /);
  });
});

import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { standardCatalogue as catalogue } from "../../conversations/catalogue/index.ts";
import { architectureIn, pastedName } from "../../conversations/intake.ts";
import { readProse } from "../../conversations/intake-prose.ts";
import type { FileRef } from "../../src/domain/inbound.ts";
import type { ArchitectureDocument, Found } from "../../src/domain/intake.ts";
import { type Room, said, startedRoom, wordsOf } from "./room.ts";

const file = (name: string, size = 1_000): FileRef => ({
  id: name,
  name,
  mediaType: "text/plain",
  size,
  url: `https://files.example/${name}`,
});

const found = (question: string, kind: Found["kind"], statement: string, line: number, resource: string): Found => ({
  id: `${question}-${line}`,
  question,
  kind,
  statement,
  place: { file: "shop.tf", line, resource },
});

const DOCUMENT: ArchitectureDocument = {
  name: "shop.tf",
  resources: 7,
  by: "parser",
  found: [
    found("R2", "weak", "orders (RDS) is Single-AZ.", 23, "aws_db_instance.orders"),
    found("R2", "fact", "Auto Scaling group web spans 2 subnets or zones.", 17, "aws_autoscaling_group.web"),
    found("S1", "fact", "Secret shop is rotated by a schedule.", 40, "aws_secretsmanager_secret_rotation.shop"),
    found("S2", "weak", "Instance bastion has an SSH key pair.", 50, "aws_instance.bastion"),
  ],
};

function give(room: Room, files: FileRef[], text = "here's our architecture", user = "fay"): string {
  const reply = room.deliver({
    kind: "command",
    receipts: [`give:${files.map(({ name }) => name).join()}:${text}`],
    actor: room.actor(user),
    address: room.home,
    text,
    mentions: [],
    files,
  });
  return said(reply);
}

function read(room: Room, document: ArchitectureDocument = DOCUMENT): void {
  const intake = room.state.architectures!.at(-1)!.id;
  room.deliver({ kind: "architecture", session: room.state.id, intake, reading: { ok: true, document }, receipts: [] });
  room.run();
}

/** Oli owns security, whose S1 is open; the file was read. */
function suggested(): Room {
  const room = startedRoom();
  room.press("oli", "claim", { module: "security" });
  room.run();
  give(room, [file("shop.tf")]);
  read(room);
  return room;
}

const value = (room: Room, question: string) => ({
  question,
  version: room.state.questions[question]!.version,
  arg: room.state.architectures!.at(-1)!.id,
});

describe("hearing that an architecture was given", () => {
  it.each([
    ["here's our architecture", ""],
    ["Here’s our architecture: web, api and one database", "web, api and one database"],
    ["this is the architecture diagram", ""],
    ["architecture:\nResources: {}", "Resources: {}"],
    ['here is our architecture\n```hcl\nresource "a" "b" {}\n```', 'resource "a" "b" {}'],
    ["the architecture is in three AZs", undefined],
    ["status", undefined],
    ["our web tier has a good architecture", undefined],
  ])("%s", (text, body) => {
    expect(architectureIn(text)).toBe(body);
  });

  it("goes by the file where one is attached", () => {
    expect(architectureIn("the architecture is attached", [file("main.tf")])).toBe("the architecture is attached");
    expect(architectureIn("status", [file("main.tf")])).toBeUndefined();
  });

  it("knows pasted text by what it looks like", () => {
    expect(pastedName('resource "aws_lb" "x" {\n}')).toBe("pasted.tf");
    expect(pastedName("Resources:\n  A:\n    Type: AWS::S3::Bucket")).toBe("pasted.yaml");
    expect(pastedName('{"Resources": {}}')).toBe("pasted.json");
    expect(pastedName("CloudFront in front of everything")).toBe("pasted.md");
  });
});

describe("an architecture in a session", () => {
  it("is refused in a sentence when it can't be read, before anything is stored", () => {
    const room = startedRoom();
    expect(give(room, [file("big.tf", 6_000_000)])).toContain("larger than 5 MB");
    expect(give(room, [file("plan.docx")])).toContain("I read Terraform");
    expect(give(room, [file("plan.png")])).toContain("pictures need a model");
    expect(give(room, [])).toContain("Attach the file");
    expect(room.state.architectures).toBeUndefined();
    expect(give(room, [file("plan.png"), file("main.tf")])).toMatch(/^Reading main\.tf\..*pictures need a model/);
    expect(room.state.architectures).toHaveLength(1);
  });

  it("stands as a suggestion on the question it speaks to, with file, line and resource", () => {
    const room = suggested();
    const card = wordsOf(room.card("question:S1:1"));
    expect(card).toContain("Your architecture suggests");
    expect(card).toContain(
      "Secret shop is rotated by a schedule. shop.tf:40 · aws_secretsmanager_secret_rotation.shop",
    );
    expect(card).toContain("It counts only once you say so.");
    expect(card).toContain("[Use as answer] [Edit] [Not right]");
    const told = room.whispers.at(-1)!;
    expect(told.to).toBe(room.id("fay"));
    expect(wordsOf(told.message)).toContain(
      "shop.tf, 7 resources: it answers part of 3 questions, 2 things to look at.",
    );
    expect(wordsOf(room.card("scope"))).toContain("Architecture: shop.tf");
  });

  it("counts for nothing until its owner says so", () => {
    const room = suggested();
    expect(room.answer("S1")).toBe("");
    expect(room.status("S1")).toBe("open");
    expect(said(room.press("kim", "use_suggestion", value(room, "S1")))).toContain("put to Oli");
    expect(room.answer("S1")).toBe("");
  });

  it("is recorded as the owner's answer when they take it, and its reading still waits to be confirmed", () => {
    const room = suggested();
    const card = wordsOf(room.card("question:S1:1"));
    expect(card).toContain("Use as answer");
    room.press("oli", "use_suggestion", value(room, "S1"));
    room.run();
    expect(room.answer("S1")).toBe("Secret shop is rotated by a schedule. (shop.tf, line 40)");
    expect(room.state.questions.S1!.confirmed).toBeUndefined();
    expect(room.state.questions.S1!.parts[0]!.by).toBe(room.id("oli"));
    expect(said(room.press("oli", "use_suggestion", value(room, "S1")))).toContain("The newest counts");
    expect(room.state.questions.S1!.parts).toHaveLength(1);
  });

  it("is changed before it is recorded", () => {
    const room = suggested();
    const reply = room.press("oli", "edit_suggestion", value(room, "S1"));
    if (reply?.kind !== "form") throw new Error("no form");
    expect(reply.form.fields[0]).toMatchObject({ name: "answer", value: expect.stringContaining("Secret shop") });
    room.deliver({
      kind: "form",
      receipts: ["form:edit"],
      actor: room.actor("oli"),
      address: room.home,
      form: "answer",
      context: reply.form.context,
      values: { answer: "Rotated monthly; last on 3 Nov" },
    });
    expect(room.answer("S1")).toBe("Rotated monthly; last on 3 Nov");
    expect(room.state.architectures![0]!.settled["S1/S1-40"]?.how).toBe("edited");
  });

  it("is left out when it isn't right, and isn't asked about", () => {
    const room = suggested();
    room.press("oli", "reject_suggestion", value(room, "S1"));
    expect(wordsOf(room.card("question:S1:1"))).not.toContain("suggests");
    room.say("oli", "security", "skip");
    room.run();
    expect(wordsOf(room.card("question:S2:1"))).toContain("To look at: Instance bastion has an SSH key pair.");
    room.press("oli", "reject_suggestion", value(room, "S2"));
    room.say("oli", "security", "SSO with MFA, operator role for six on-call engineers, all tried it from home");
    room.run();
    expect(room.status("S2")).toBe("answered");
    expect(room.state.questions.S2!.followUp).toBeUndefined();
  });

  describe("with several suggestions for a question", () => {
    const NOTES: ArchitectureDocument = {
      name: "notes.md",
      resources: 0,
      by: "phrases",
      found: [
        {
          ...found("R2", "fact", "The cache is replicated.", 4, "line 4"),
          place: { file: "notes.md", line: 4, resource: "line 4" },
        },
      ],
    };
    /** Rae owns resilience and stands at R2, of which two files speak. */
    function atR2(): Room {
      const room = startedRoom();
      give(room, [file("shop.tf")]);
      read(room);
      give(room, [file("notes.md")]);
      read(room, NOTES);
      room.press("rae", "claim", { module: "resilience" });
      room.run();
      room.say("rae", "resilience", "skip");
      room.run();
      expect(room.open("rae")).toBe("R2");
      return room;
    }
    const card = (room: Room) => wordsOf(room.card(`question:R2:${room.state.questions.R2!.version}`));
    const decide = (room: Room, values: Record<string, string | null>) => {
      const reply = room.press("rae", "edit_suggestion", value(room, "R2"));
      if (reply?.kind !== "form") throw new Error("no form");
      const shown = Object.fromEntries(
        reply.form.fields.map((field) => [field.name, field.type === "text" ? (field.value ?? null) : null]),
      );
      const submission = {
        kind: "form" as const,
        receipts: [`form:${JSON.stringify(values)}`],
        actor: room.actor("rae"),
        address: room.home,
        form: "answer" as const,
        context: reply.form.context,
      };
      return { form: reply.form, said: said(room.deliver({ ...submission, values: { ...shown, ...values } })) };
    };

    it("shows them all, each with its place, whichever file they come from", () => {
      const words = card(atR2());
      expect(words).toContain("To look at: orders (RDS) is Single-AZ. shop.tf:23 · aws_db_instance.orders");
      expect(words).toContain("Auto Scaling group web spans 2 subnets or zones. shop.tf:17");
      expect(words).toContain("The cache is replicated. notes.md:4");
      expect(words).toContain("[Use all as answer] [Decide on each] [None is right]");
    });

    it("lets their owner confirm one, edit one and reject one", () => {
      const room = atR2();
      const { form } = decide(room, {
        suggestion_1: "Auto Scaling group web spans 3 zones since May.",
        suggestion_2: null,
      });
      expect(form.fields.map((field) => field.name)).toEqual([
        "suggestion_0",
        "suggestion_1",
        "suggestion_2",
        "answer",
      ]);
      expect(form.fields.every((field) => field.required !== true)).toBe(true);
      expect(room.answer("R2")).toBe(
        "orders (RDS) is Single-AZ. Auto Scaling group web spans 3 zones since May. (shop.tf, lines 17, 23)",
      );
      expect(room.events.flatMap((one) => (one.kind === "suggestion_settled" ? [[one.found, one.how]] : []))).toEqual([
        ["R2-23", "confirmed"],
        ["R2-17", "edited"],
        ["R2-4", "rejected"],
      ]);
      expect(room.state.questions.R2!.confirmed).toBeUndefined();
      room.run();
      // What was only confirmed is still to be answered: what is done about it.
      expect(room.state.questions.R2!.followUp?.text).toContain("orders (RDS) is Single-AZ (line 23)");
      expect(room.refold()).toEqual(room.session);
    });

    it("records nothing when all are rejected, and only the owner's own words when those stand alone", () => {
      const nothing = { suggestion_0: null, suggestion_1: "  ", suggestion_2: null };
      const room = atR2();
      expect(decide(room, nothing).said).toContain("Left out. Answer R2 in your own words.");
      expect(room.answer("R2")).toBe("");
      expect(card(room)).not.toContain("suggests");
      const other = atR2();
      decide(other, { ...nothing, answer: "All of it runs in three zones" });
      expect(other.answer("R2")).toBe("All of it runs in three zones");
    });

    it("takes all of them at once, and no others than were shown", () => {
      const room = atR2();
      const shown = value(room, "R2");
      give(room, [file("more.tf")]);
      read(room, { ...DOCUMENT, name: "more.tf" });
      expect(said(room.press("rae", "use_suggestion", shown))).toContain("The newest counts");
      room.press("rae", "use_suggestion", value(room, "R2"));
      expect(room.answer("R2")).toMatch(
        /\(shop\.tf, lines 17, 23\) The cache is replicated\. \(notes\.md, line 4\) .*more\.tf/,
      );
    });

    it("forgets what a file said when the file is given again", () => {
      const room = atR2();
      give(room, [file("shop.tf")], "here is our architecture");
      read(room, { ...DOCUMENT, found: DOCUMENT.found.slice(1) });
      expect(card(room)).not.toContain("Single-AZ");
      expect(card(room)).toContain("The cache is replicated.");
    });
  });

  it("asks once about what it shows and the answer doesn't speak to", () => {
    const room = suggested();
    room.say("oli", "security", "skip");
    room.run();
    room.say("oli", "security", "SSO with MFA, operator role for six on-call engineers, all tried it from home");
    room.run();
    expect(room.state.questions.S2!.followUp?.text).toBe(
      "shop.tf shows: Instance bastion has an SSH key pair (line 50). What is done about it, by whom and by when?",
    );
    room.say("oli", "security", "bastion goes on Friday, I do it");
    room.run();
    expect(room.status("S2")).toBe("answered");
  });

  it("asks about it also when the suggestion was taken as it stood", () => {
    const room = suggested();
    room.say("oli", "security", "skip");
    room.run();
    room.press("oli", "use_suggestion", value(room, "S2"));
    room.run();
    expect(room.state.questions.S2!.followUp?.text).toContain("Instance bastion has an SSH key pair");
  });

  it("proposes no fix without a model, and says so", () => {
    const room = suggested();
    room.say("oli", "security", "skip");
    room.run();
    const reply = room.press("oli", "propose_fix", {
      question: "S2",
      version: room.state.questions.S2!.version,
      arg: "S2-50",
    });
    expect(said(reply)).toContain("I can't draft a fix: no model is set up");
    const card = () => wordsOf(room.card(`question:S2:${room.state.questions.S2!.version}`));
    expect(card()).not.toContain("Propose a fix");
    room.reader = () => ({ choices: [] });
    expect(card()).toContain("[Propose a fix]");
    expect(room.outbox.some((item) => item.effect.do === "draft_fix")).toBe(false);
  });

  it("says why it couldn't be read, to whoever gave it", () => {
    const room = startedRoom();
    give(room, [file("main.tf")]);
    const intake = room.state.architectures![0]!.id;
    const reading = { ok: false as const, why: "main.tf can't be read: line 3." };
    room.deliver({ kind: "architecture", session: room.state.id, intake, reading, receipts: [] });
    expect(room.whispers.at(-1)!.message.summary).toBe("main.tf can't be read: line 3.");
    expect(room.state.architectures![0]!.reading).toBe("failed");
  });

  it("is forgotten with everything else that people wrote, and folds again from its events", () => {
    const room = suggested();
    expect(room.refold()).toEqual(room.state);
    room.press("fay", "forget", {});
    expect(JSON.stringify(room.state.architectures)).not.toContain("bastion");
  });
});

describe("an architecture in prose", () => {
  const text = readFileSync(new URL("../fixtures/architecture/shop.md", import.meta.url), "utf8");

  it("suggests sentences that a question's phrases fit, with their line, and obeys nothing in them", () => {
    expect(readProse("shop.md", text, catalogue).map((one) => `${one.question} ${one.kind} ${one.place.line}`)).toEqual(
      ["P4 fact 7", "P5 fact 10", "R2 weak 8", "Q6 fact 12"],
    );
  });

  it("finds nothing in what says nothing", () => {
    expect(readProse("x.md", "# Title\n\nWe are a shop and we like our customers a lot.\n", catalogue)).toEqual([]);
  });
});

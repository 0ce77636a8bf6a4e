import { createRequire } from "node:module";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { toAdaptiveCard } from "../../../adapters/cards/card.ts";
import type { AdaptiveCard, Element } from "../../../adapters/cards/elements.ts";
import { escapeMarkdown, unescapeMarkdown } from "../../../adapters/cards/escape.ts";
import { toFormCard } from "../../../adapters/cards/form-card.ts";
import { CARD_LIMITS } from "../../../adapters/cards/limits.ts";
import { readAction, readForm } from "../../../adapters/cards/read.ts";
import type { Block, Inline, Message } from "../../../src/domain/message.ts";

/** The file that the web page loads; its types are the package's. */
const AdaptiveCards: typeof import("adaptivecards") = createRequire(import.meta.url)(
  "adaptivecards/dist/adaptivecards.js",
);

const HOSTILE = [
  "<script>alert(1)</script>",
  "[click](javascript:alert(1))",
  "**bold** _it_ `code` ~~no~~",
  "# heading\n- list\n1. one\n> quote",
  "<at>Everyone</at>",
  "{{DATE(2026-11-27T09:00:00Z,SHORT)}}",
  "https://evil.example www.evil.example",
  "\u202Eright to left",
  "\\",
  "👩‍🚀".repeat(40),
];
const hostile = fc.oneof(fc.constantFrom(...HOSTILE), fc.string({ unit: "grapheme", maxLength: 60 }));
const longOrHostile = fc.oneof(
  { weight: 6, arbitrary: hostile },
  { weight: 1, arbitrary: hostile.map((text) => text.repeat(900)) },
);
const inline: fc.Arbitrary<Inline> = fc.oneof(
  longOrHostile,
  longOrHostile.map((strong) => ({ strong })),
  longOrHostile.map((quote) => ({ quote })),
  hostile.map((soft) => ({ soft })),
  hostile.map((code) => ({ code })),
  fc.record({
    link: hostile,
    url: fc.oneof(hostile, fc.webUrl(), fc.constant("javascript:alert(1)"), fc.constant("data:text/html,x")),
  }),
  fc.record({ person: fc.constantFrom("teams:t:1", "web:local:ann"), name: hostile, ping: fc.boolean() }),
  fc.record(
    {
      time: fc.oneof(fc.constant("2026-11-27T09:00:00.000Z"), hostile),
      show: fc.constantFrom("day" as const, "time" as const),
      fallback: hostile,
    },
    { requiredKeys: ["time", "fallback"] },
  ),
);
const rich = fc.array(inline, { maxLength: 5 });
const state = fc.constantFrom("ready", "at_risk", "high_risk", "not_answered") as fc.Arbitrary<"ready">;
const button = fc.record(
  {
    action: fc.constantFrom("answer", "skip", "claim"),
    label: hostile,
    value: fc.record({ session: fc.constant("s-1"), question: fc.constant("R2"), version: fc.nat(9) }),
    style: fc.constantFrom("primary", "danger") as fc.Arbitrary<"primary">,
    opens: fc.boolean(),
    describes: hostile,
    confirm: fc.record({ title: hostile, text: hostile, yes: hostile, no: hostile }),
  },
  { requiredKeys: ["action", "label", "value"] },
);
const block: fc.Arbitrary<Block> = fc.oneof(
  fc.record({ kind: fc.constant("heading" as const), text: hostile }),
  fc.record({ kind: fc.constant("text" as const), text: rich }),
  fc.record({ kind: fc.constant("context" as const), text: rich }),
  fc.constant({ kind: "divider" as const }),
  fc.record({ kind: fc.constant("list" as const), items: fc.array(rich, { maxLength: 8 }) }),
  fc.record({
    kind: fc.constant("progress" as const),
    rows: fc.array(fc.record({ label: hostile, done: fc.nat(9), total: fc.nat(9), state, note: rich }), {
      maxLength: 6,
    }),
  }),
  fc.record({
    kind: fc.constant("facts" as const),
    facts: fc.array(fc.record({ label: hostile, value: rich }), { maxLength: 6 }),
  }),
  fc.record({
    kind: fc.constant("table" as const),
    caption: hostile,
    columns: fc.array(hostile, { minLength: 1, maxLength: 4 }),
    rows: fc.array(fc.array(hostile, { maxLength: 5 }), { maxLength: 90 }),
  }),
  fc.record({
    kind: fc.constant("ticks" as const),
    id: fc.constantFrom("choices_r2", "choices_r3"),
    label: hostile,
    ticks: fc.array(fc.record({ id: fc.constantFrom("r2_multi", "r2_no"), text: hostile, ticked: fc.boolean() }), {
      maxLength: 5,
    }),
  }),
  fc.record({ kind: fc.constant("buttons" as const), buttons: fc.array(button, { maxLength: 9 }) }),
  fc.record({
    kind: fc.constant("chart" as const),
    title: hostile,
    alt: hostile,
    unit: hostile,
    bars: fc.array(fc.record({ label: hostile, value: fc.nat(900), of: fc.nat(900), state }), { maxLength: 8 }),
  }),
);
const message: fc.Arbitrary<Message> = fc.record({
  summary: hostile.map((text) => text || "."),
  blocks: fc.array(block, { maxLength: 12 }),
});

/** Every object of a card that has a `type`. */
function partsOf(card: AdaptiveCard): Record<string, unknown>[] {
  const found: Record<string, unknown>[] = [];
  const walk = (value: unknown): void => {
    if (Array.isArray(value)) value.forEach(walk);
    else if (typeof value === "object" && value !== null) {
      if ("type" in value) found.push({ ...value });
      Object.values(value).forEach(walk);
    }
  };
  walk(card);
  return found;
}

function dataOf(part: Record<string, unknown> | undefined): object {
  return part?.data as object;
}

function problemsOf(card: AdaptiveCard): string[] {
  const context = new AdaptiveCards.SerializationContext();
  new AdaptiveCards.AdaptiveCard().parse(structuredClone(card), context);
  return Array.from({ length: context.eventCount }, (_, index) => context.getEventAt(index)?.message ?? "");
}

const card = (blocks: Block[], options = {}) => toAdaptiveCard({ summary: "A summary.", blocks }, options);
const mention = (person: string, name: string) =>
  person.startsWith("teams:") ? { id: `29:${person}`, name } : undefined;

describe("a message as an Adaptive Card", () => {
  it("stays within 25 KB whatever people wrote, unless its buttons alone are more", () => {
    fc.assert(
      fc.property(message, (given) => {
        const drawn = toAdaptiveCard(given, { mention });
        const size = Buffer.byteLength(JSON.stringify(drawn));
        const interactive = given.blocks.filter((one) => ["buttons", "ticks", "input", "heading"].includes(one.kind));
        const floor = Buffer.byteLength(JSON.stringify(card(interactive, { maxJson: Number.MAX_SAFE_INTEGER })));
        expect(size).toBeLessThanOrEqual(Math.max(CARD_LIMITS.json, floor + 1_000));
      }),
      { seed: 7, numRuns: 150 },
    );
  });

  it("is a card that Microsoft's renderer reads without a complaint", () => {
    fc.assert(
      fc.property(message, (given) => {
        expect(problemsOf(toAdaptiveCard(given, { mention, inputs: true }))).toEqual([]);
      }),
      { seed: 11, numRuns: 100 },
    );
  });

  it("opens only addresses of pages and mailboxes", () => {
    fc.assert(
      fc.property(message, (given) => {
        for (const part of partsOf(toAdaptiveCard(given))) {
          if (part.type === "Action.OpenUrl") expect(String(part.url)).toMatch(/^(https?|mailto):/i);
        }
      }),
      { seed: 13, numRuns: 150 },
    );
  });

  it("keeps every button, whatever gives way", () => {
    fc.assert(
      fc.property(message, (given) => {
        const wanted = given.blocks.flatMap((one) => (one.kind === "buttons" ? one.buttons : [])).length;
        const parts = partsOf(toAdaptiveCard(given, { mention }));
        const verbs = parts.filter((part) => part.type === "Action.Submit").length;
        expect(verbs).toBe(wanted);
      }),
      { seed: 17, numRuns: 150 },
    );
  });

  it("never lets markdown, mentions or dates in people's words come alive", () => {
    for (const text of HOSTILE) {
      const drawn = card(
        [
          { kind: "heading", text },
          { kind: "text", text: [{ quote: text }] },
          { kind: "text", text: [{ person: "teams:t:1", name: "Ann", ping: true }, { quote: text }] },
        ],
        { mention },
      );
      for (const part of partsOf(drawn)) {
        if (part.type === "TextBlock") {
          expect(String(part.text)).not.toMatch(/(?<!\\)[*_`[\]~]/);
          expect(String(part.text).replace("<at>Ann</at>", "")).not.toContain("<at>");
          expect(String(part.text)).not.toMatch(/\{\{DATE/);
        }
        if (part.type === "TextRun") expect(String(part.text)).not.toMatch(/\{\{DATE/);
      }
    }
  });

  it("loses no character of people's words to escaping", () => {
    fc.assert(
      fc.property(hostile, (text) => {
        const shown = unescapeMarkdown(escapeMarkdown(text)).replaceAll("\u2060", "");
        expect(shown).toBe(text.replaceAll("\u2060", ""));
      }),
      { seed: 19, numRuns: 500 },
    );
  });

  it("shows a person's words verbatim", () => {
    const drawn = card([{ kind: "text", text: ["Recorded: ", { quote: "two AZs *tested* <b>in May</b>" }] }]);
    expect(drawn.body[0]).toMatchObject({
      inlines: [{ text: "Recorded: " }, { text: "two AZs *tested* <b>in May</b>" }],
    });
  });

  it("says how long a text was that it cut", () => {
    const drawn = JSON.stringify(card([{ kind: "text", text: [{ quote: "x".repeat(40_000) }] }]));
    expect(drawn).toContain("… (40,000 characters in all)");
  });

  it("says how many parts it left out", () => {
    const blocks: Block[] = Array.from({ length: 400 }, (_, index) => ({
      kind: "text",
      text: [`Line ${index} ${"y".repeat(90)}`],
    }));
    expect(JSON.stringify(card(blocks))).toMatch(
      /\d+ more parts don't fit in one message\. The export holds everything\./,
    );
  });

  it("writes a state's word beside its sign and its colour", () => {
    const drawn = JSON.stringify(
      card([{ kind: "progress", rows: [{ label: "Security", done: 2, total: 3, state: "at_risk" }] }]),
    );
    expect(drawn).toContain("🟡 at risk");
    expect(drawn).toContain("2/3");
  });

  it("makes a live mention only for who must act, and only where the platform has one", () => {
    const blocks: Block[] = [
      {
        kind: "text",
        text: [{ person: "teams:t:1", name: "Ann", ping: true }, " and ", { person: "teams:t:2", name: "Ben" }],
      },
    ];
    const live = card(blocks, { mention });
    expect(live.msteams?.entities).toEqual([
      { type: "mention", text: "<at>Ann</at>", mentioned: { id: "29:teams:t:1", name: "Ann" } },
    ]);
    expect(live.body[0]).toMatchObject({ type: "TextBlock", text: "<at>Ann</at> and Ben" });
    expect(card(blocks).body[0]).toMatchObject({
      type: "RichTextBlock",
      inlines: [{ text: "@Ann" }, { text: " and " }, { text: "Ben" }],
    });
  });

  it("draws a line before what follows a divider", () => {
    const drawn = card([{ kind: "text", text: ["a"] }, { kind: "divider" }, { kind: "text", text: ["b"] }]);
    expect(drawn.body.map((element: Element) => element.separator ?? false)).toEqual([false, true]);
  });

  it("shows a chart as a picture with its words, or as words alone", () => {
    const chart: Block = {
      kind: "chart",
      title: "vCPU",
      alt: "vCPU: 96 of 1,152 used.",
      unit: "vCPU",
      bars: [{ label: "Standard", value: 96, of: 1152, state: "ready" }],
    };
    expect(card([chart], { chartUrl: () => "data:image/png;base64,AA==" }).body[1]).toMatchObject({
      type: "Image",
      altText: "vCPU: 96 of 1,152 used.",
    });
    expect(JSON.stringify(card([chart]))).toContain("96 of 1,152 vCPU");
  });

  it("leaves drawing a chart to a client that can, with the bars in words for one that can't", () => {
    const chart: Block = {
      kind: "chart",
      title: "Quotas at the expected peak",
      alt: "vCPU 96 of 1,152; gp3 60 of 50.",
      unit: "",
      bars: [
        { label: "vCPU", value: 96, of: 1152, state: "ready" },
        { label: "gp3", value: 60, of: 50, state: "high_risk" },
      ],
    };
    const [drawn, said] = card([chart], { charts: true }).body;
    expect(drawn).toMatchObject({
      type: "Chart.HorizontalBar.Stacked",
      data: [
        {
          title: "vCPU: 96 of 1,152",
          data: [
            { legend: "ready", value: 8, color: "good" },
            { legend: "left", value: 92, color: "neutral" },
          ],
        },
        { title: "gp3: 60 of 50", data: [{ legend: "high risk", value: 120, color: "attention" }] },
      ],
    });
    expect(JSON.stringify(drawn?.fallback)).toContain("96 of 1,152");
    expect(JSON.stringify(said)).toContain("gp3 60 of 50");
  });

  it("prefers the words to a picture that is too heavy", () => {
    const chart: Block = { kind: "chart", title: "vCPU", alt: "In words.", unit: "vCPU", bars: [] };
    expect(JSON.stringify(card([chart], { chartUrl: () => `data:image/png;base64,${"A".repeat(30_000)}` }))).toContain(
      "In words.",
    );
  });

  it("leaves the input box to platforms that need it", () => {
    const box: Block = { kind: "input", id: "answer", label: "Your answer" };
    expect(JSON.stringify(card([box]))).not.toContain("Input.Text");
    expect(card([box], { inputs: true }).body[0]).toMatchObject({
      type: "Input.Text",
      id: "answer",
      label: "Your answer",
    });
  });
});

describe("what a card sends back", () => {
  const value = { session: "s-1", question: "R2", version: 3 };
  it("is the button, its value, its ticks as a list and its words as they were", () => {
    const drawn = card([
      {
        kind: "ticks",
        id: "choices",
        label: "How I read you",
        ticks: [
          { id: "r2_multi", text: "a", ticked: true },
          { id: "r2_no", text: "b", ticked: false },
        ],
      },
      { kind: "buttons", buttons: [{ action: "confirm", label: "That's right", value }] },
    ]);
    const execute = partsOf(drawn).find((part) => part.type === "Action.Execute");
    const data = { ...dataOf(execute), choices: "r2_multi,r2_no", answer: "one, two" };
    expect(readAction(data, String(execute?.verb))).toEqual({
      action: "confirm",
      value,
      inputs: { choices: ["r2_multi", "r2_no"], answer: "one, two" },
    });
    expect(readAction({ ...data, choices: "" }, "confirm")?.inputs.choices).toEqual([]);
  });

  it("is the same from a client that knows only Submit", () => {
    const execute = partsOf(card([{ kind: "buttons", buttons: [{ action: "skip", label: "Skip", value }] }])).find(
      (part) => part.type === "Action.Execute",
    );
    const fallback = execute?.fallback as Record<string, unknown>;
    expect(readAction(dataOf(fallback))).toEqual({ action: "skip", value, inputs: {} });
  });

  it("asks Teams for a dialog where the button opens a form", () => {
    const [row] = card([
      { kind: "buttons", buttons: [{ action: "accept", label: "Accept", value, opens: true }] },
    ]).body;
    expect(row).toMatchObject({
      actions: [{ type: "Action.Submit", data: { verb: "accept", msteams: { type: "task/fetch" }, ...value } }],
    });
  });

  it("asks back in a panel before a button that says so", () => {
    const drawn = card([
      {
        kind: "buttons",
        buttons: [
          {
            action: "no_go",
            label: "No-go",
            value,
            style: "danger",
            confirm: { title: "Really?", text: "Any no-go is no-go.", yes: "Say no-go", no: "Not yet" },
          },
        ],
      },
    ]);
    expect(drawn.body).toMatchObject([
      {
        type: "ActionSet",
        actions: [{ type: "Action.ToggleVisibility", title: "No-go", targetElements: ["confirm-1"] }],
      },
      { type: "Container", id: "confirm-1", isVisible: false },
    ]);
    expect(JSON.stringify(drawn.body[1])).toContain('"verb":"no_go"');
  });

  it("has its version also where the client sends the digits as text", () => {
    expect(readAction({ ...value, version: "3" }, "skip")).toEqual({ action: "skip", value, inputs: {} });
    expect(readForm({ form: "answer", context: { ...value, version: "3" } })?.context).toEqual(value);
  });

  it("is nothing where the data is no button's", () => {
    for (const data of [null, "x", 7, [], { verb: 3 }, { question: 4, verb: "skip" }, { version: "v3", verb: "skip" }])
      expect(readAction(data)).toBeUndefined();
  });
});

describe("a form as a card", () => {
  const form = toFormCard(
    {
      id: "start",
      title: "Start a session",
      submit: "Start",
      context: { arg: "x" },
      fields: [
        { name: "name", label: "Name of the event", required: true, type: "text", max: 80 },
        { name: "date", label: "Date", required: true, type: "date", hint: "The day itself" },
        { name: "time", label: "Time", type: "time", value: "09:00" },
        { name: "zone", label: "Zone", type: "choice", options: [{ value: "Europe/London", label: "London" }] },
        {
          name: "services",
          label: "Services",
          type: "choices",
          values: ["ec2"],
          options: [{ value: "ec2", label: "EC2" }],
        },
        { name: "to", label: "Owner", type: "person" },
        { name: "managers", label: "Managers", type: "people", values: ["web:local:mia"] },
      ],
    },
    { people: [{ value: "web:local:mia", name: "Mia *M*" }], errors: { date: "That day is past." } },
  );

  it("labels every input, and says what is needed where it is needed", () => {
    const inputs = partsOf(form).filter((part) => String(part.type).startsWith("Input."));
    expect(inputs.map((input) => input.id)).toEqual(["name", "date", "time", "zone", "services", "to", "managers"]);
    for (const input of inputs) expect(String(input.label)).not.toBe("");
    expect(inputs[0]).toMatchObject({ isRequired: true, errorMessage: "Name of the event is needed.", maxLength: 80 });
    expect(JSON.stringify(form)).toContain("That day is past.");
    expect(problemsOf(form)).toEqual([]);
  });

  it("reads its submission with lists as lists and emptied fields as null", () => {
    const data = {
      ...dataOf(partsOf(form).find((part) => part.type === "Action.Submit")),
      name: "Black Friday",
      date: "",
      services: "ec2,ses",
      managers: "",
    };
    expect(readForm(data)).toEqual({
      form: "start",
      context: { arg: "x" },
      values: { name: "Black Friday", date: null, services: ["ec2", "ses"], managers: [] },
    });
    expect(readForm({ form: "unheard-of" })).toBeUndefined();
  });
});

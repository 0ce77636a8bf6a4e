import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { actionOf } from "../../../adapters/slack/action-id.ts";
import { withoutTables } from "../../../adapters/slack/blocks.ts";
import {
  decodeMetadata,
  decodeValue,
  INPUT,
  modalOf,
  submittedValues,
  valuesOf,
} from "../../../adapters/slack/forms.ts";
import { homeView, tellingView } from "../../../adapters/slack/home.ts";
import { clip } from "../../../adapters/slack/limits.ts";
import { render } from "../../../adapters/slack/render.ts";
import type { Block, Form, Message } from "../../../src/domain/message.ts";
import { checkBlocks, checkView, textOf } from "../../stand-ins/slack/check-blocks.ts";
import { button, form, message } from "./messages.ts";

/** The texts of blocks, a line each. */
function wordsOf(blocks: unknown[]): string {
  return JSON.parse(
    `[${
      JSON.stringify(blocks)
        .match(/(?<="text":)"(?:[^"\\]|\\.)*"/g)
        ?.join(",") ?? ""
    }]`,
  ).join("\n");
}

const RUNS = { numRuns: 100, seed: 20261127 };

function only(block: Block, workspace = "T1") {
  const [first] = render({ summary: "s", blocks: [block] }, workspace);
  return first.blocks;
}

describe("a message in Block Kit", () => {
  it("any message passes Slack's limits, in as many posts as it needs", () => {
    fc.assert(
      fc.property(message, fc.boolean(), (one, tables) => {
        for (const { text, blocks } of render(one, "T1", { tables })) {
          expect(text.length).toBeGreaterThan(0);
          expect(text.length).toBeLessThanOrEqual(4_000);
          expect(blocks.length).toBeGreaterThan(0);
          checkBlocks(JSON.parse(JSON.stringify(blocks)), "message");
          expect(textOf(blocks)).toBeLessThanOrEqual(13_200);
        }
      }),
      RUNS,
    );
  });

  it("a small table is Slack's own, one a message; what is wide, escaped or second is lines, and so is a refused one", () => {
    const scorecard: Block = {
      kind: "table",
      caption: "Scorecard",
      columns: ["Area", "State", "Why"],
      rows: [
        ["Monitoring", "🟡 at risk", "Nobody is woken."],
        ["Security", "🟢 ready", ""],
      ],
    };
    const drawn = (...blocks: Block[]) => render({ summary: "s", blocks }, "T1", { tables: true })[0].blocks;
    const types = (...blocks: Block[]) => drawn(...blocks).map(({ type }) => type);
    expect(types(scorecard)).toEqual(["section", "table"]);
    expect(types(scorecard, scorecard)).toEqual(["section", "table", "section", "section"]);
    expect(types({ ...scorecard, columns: ["A", "B", "C", "D"] })).toEqual(["section", "section"]);
    expect(types({ ...scorecard, rows: [["a < b", "", ""]] })).toEqual(["section", "section"]);
    expect(render({ summary: "s", blocks: [scorecard] }, "T1")[0].blocks.map(({ type }) => type)).not.toContain(
      "table",
    );
    const lines = withoutTables(drawn(scorecard), "T1");
    expect(JSON.stringify(lines)).toContain("• *Monitoring* · State: 🟡 at risk · Why: Nobody is woken.");
    checkBlocks(JSON.parse(JSON.stringify(lines)), "message");
  });

  it("any message passes as App Home and as a modal that tells", () => {
    fc.assert(
      fc.property(message, (one) => {
        checkView(JSON.parse(JSON.stringify(homeView(one, "T1"))));
        checkView(JSON.parse(JSON.stringify(tellingView(one, "T1"))));
      }),
      RUNS,
    );
  });

  it("no control sequence is ever made of people's words", () => {
    fc.assert(
      fc.property(
        fc.string({
          unit: fc.constantFrom("<", ">", "!", "@", "U1", "|", "#", "&", "channel", " ", "\n"),
          maxLength: 80,
        }),
        (words) => {
          const all: Message = {
            summary: words,
            blocks: [
              { kind: "text", text: [words, { quote: words }, { strong: words }, { code: words }, { soft: words }] },
              { kind: "heading", text: words },
              { kind: "facts", facts: [{ label: words, value: [{ quote: words }] }] },
              { kind: "context", text: [{ person: "slack:T1:U1", name: words }] },
            ],
          };
          const [{ text, blocks }] = render(all, "T1");
          const markdown = JSON.stringify(blocks.filter((block) => block.type !== "header"));
          expect(`${text}${markdown}`).not.toMatch(/[<>]/);
        },
      ),
      RUNS,
    );
  });

  it("Slack makes no links or mentions of words by itself", () => {
    const [block] = only({ kind: "text", text: ["see https://example.com and @here"] });
    expect(block).toMatchObject({ type: "section", text: { type: "mrkdwn", verbatim: true } });
  });

  it("a person is pinged only where the message says so, and only in their own workspace", () => {
    const at = (ping: boolean, person: string) =>
      JSON.stringify(only({ kind: "text", text: [{ person, name: "Priya", ping }] }));
    expect(at(true, "slack:T1:U1")).toContain("<@U1>");
    expect(at(false, "slack:T1:U1")).toContain("Priya");
    expect(at(false, "slack:T1:U1")).not.toContain("<@");
    expect(at(true, "slack:T2:U1")).not.toContain("<@");
    expect(at(true, "teams:t:29:abc")).not.toContain("<@");
  });

  it("an instant shows in the reader's zone, with the session's words for those who can't", () => {
    const [block] = only({
      kind: "text",
      text: [{ time: "2026-11-27T09:00:00Z", fallback: "Fri 27 Nov, 09:00 | London" }],
    });
    expect(JSON.stringify(block)).toContain(
      "<!date^1795770000^{date_short_pretty}, {time}|Fri 27 Nov, 09:00 / London>",
    );
    const due = only({
      kind: "context",
      text: [
        "due ",
        { time: "2026-11-27T17:00:00Z", show: "day", fallback: "Fri 27 Nov" },
        " · read ",
        { time: "2026-11-27T09:02:00Z", show: "time", fallback: "09:02" },
      ],
    });
    expect(JSON.stringify(due)).toContain(
      "due <!date^1795798800^{date_long_pretty}|Fri 27 Nov> · read <!date^1795770120^{time}|09:02>",
    );
  });

  it("a state is always a word beside its mark, also where the line breaks; the words come before the bar", () => {
    const rows = [{ label: "Resilience", done: 4, total: 6, state: "high_risk" as const, note: ["Omar Haddad"] }];
    const lines = (note: string) => {
      const all = [...rows, { ...rows[0]!, label: "Security", note: [note] }];
      return wordsOf(only({ kind: "progress", rows: all })).split("\n");
    };
    const resilience = "*Resilience* 4/6 · 🔴\u00a0high\u00a0risk · Omar Haddad";
    expect(lines("Sam")).toEqual([`${resilience} ▰▰▰▰▰▱▱▱`, "*Security* 4/6 · 🔴\u00a0high\u00a0risk · Sam ▰▰▰▰▰▱▱▱"]);
    expect(lines("nobody yet, and the load-test target is missing")[0]).toBe(resilience);
  });

  it("long lists and texts are shown whole, not folded behind 'See more'", () => {
    const items = [["Restore tested in the last 6 months"], ["Every tier is in two or more AZs"]];
    const blocks = [
      ...only({ kind: "list", items }),
      ...only({ kind: "text", text: ["Is there a single point of failure? (Eg. Single AZ)"] }),
    ];
    expect(blocks).toMatchObject([
      { type: "section", expand: true },
      { type: "section", expand: true },
    ]);
  });

  it("several buttons of one action are told apart for Slack, and are the same action again", () => {
    const buttons = [1, 2, 3].map((arg) => ({ action: "answer", label: "Answer", value: { arg: String(arg) } }));
    const blocks = only({ kind: "buttons", buttons });
    const ids = JSON.stringify(blocks).match(/(?<="action_id":")[^"]+/g) ?? [];
    expect(ids).toEqual(["answer", "answer:2", "answer:3"]);
    expect(ids.map(actionOf)).toEqual(["answer", "answer", "answer"]);
  });

  it("a button's value comes back as it was", () => {
    fc.assert(
      fc.property(button, (one) => {
        const [block] = only({ kind: "buttons", buttons: [one] });
        const element = block !== undefined && "elements" in block ? block.elements[0] : undefined;
        const back = decodeValue(element !== undefined && "value" in element ? element.value : undefined);
        const { arg, ...rest } = one.value;
        expect(back).toMatchObject(rest);
        if (JSON.stringify(one.value).length <= 2_000) expect(back.arg).toBe(arg);
      }),
      RUNS,
    );
  });

  it("more than ten ticks are still one field when they come back", () => {
    const ticks = Array.from({ length: 14 }, (_, index) => ({
      id: `c${index}`,
      text: `Choice ${index}`,
      ticked: index > 11,
    }));
    const blocks = only({ kind: "ticks", id: "R2", label: "How I read you", ticks });
    const actions = blocks.find((block) => block.type === "actions");
    expect(actions?.block_id).toMatch(/^R2~/);
    const state = {
      [actions?.block_id ?? ""]: {
        ticks: { selected_options: [{ value: "c1" }] },
        "ticks:2": { selected_options: [{ value: "c12" }] },
      },
    };
    expect(valuesOf(state, "T1")).toEqual({ R2: ["c1", "c12"] });
  });

  it("ticks keep their block's id while the reading is the same, and get another with another reading", () => {
    const id = (...ticked: string[]) => {
      const ticks = ["a", "b", "c"].map((one) => ({ id: one, text: one, ticked: ticked.includes(one) }));
      return only({ kind: "ticks", id: "R2", label: "R2", ticks }).find(({ type }) => type === "actions")?.block_id;
    };
    expect(id("a")).toBe(id("a"));
    expect(new Set([id(), id("a"), id("b"), id("a", "b")]).size).toBe(4);
    expect(valuesOf({ [id("a") ?? ""]: { ticks: { selected_options: [] } } }, "T1")).toEqual({ R2: [] });
  });

  it("two blocks of one name in a message are one field when they come back", () => {
    const ticks = [{ id: "a", text: "A", ticked: true }];
    const twice = { kind: "ticks" as const, id: "R2", label: "R2", ticks };
    const ids = render({ summary: "s", blocks: [twice, twice] }, "T1")[0].blocks.flatMap(({ type, block_id }) =>
      type === "actions" ? [block_id ?? ""] : [],
    );
    expect(new Set(ids).size).toBe(2);
    const state = ids.map((id, at) => [id, { ticks: { selected_options: [{ value: `c${at}` }] } }]);
    expect(valuesOf(Object.fromEntries(state), "T1")).toEqual({ R2: ["c0", "c1"] });
  });

  it("cuts no character in two", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 50 }), fc.integer({ min: 2, max: 40 }), (text, max) => {
        const cut = clip(text, max);
        expect(cut.length).toBeLessThanOrEqual(max);
        expect(cut.isWellFormed()).toBe(text.isWellFormed() || cut.isWellFormed());
      }),
    );
  });
});

describe("a form as a modal", () => {
  it("any form passes Slack's limits and carries its context and place", () => {
    fc.assert(
      fc.property(form, (one) => {
        const place = { channel: "C1", thread: "1.2" };
        const view = modalOf(one, place, "T1");
        checkView(JSON.parse(JSON.stringify(view)));
        const back = decodeMetadata(view.private_metadata);
        expect(back.place).toEqual(place);
        expect(back.context).toMatchObject({
          ...(one.context.session === undefined ? {} : { session: one.context.session }),
        });
        expect(view.callback_id).toBe(one.id);
        const names = view.blocks.flatMap((block) => (block.type === "input" ? [block.block_id] : []));
        expect(names).toEqual(one.fields.map((field) => field.name));
      }),
      RUNS,
    );
  });

  it("what is filled in comes back by field name, people as person ids, the empty as null", () => {
    const state = {
      name: { [INPUT]: { type: "plain_text_input", value: "Black Friday" } },
      workload: { [INPUT]: { type: "plain_text_input", value: null } },
      date: { [INPUT]: { type: "datepicker", selected_date: "2026-11-27" } },
      time: { [INPUT]: { type: "timepicker", selected_time: null } },
      rhythm: { [INPUT]: { type: "radio_buttons", selected_option: { value: "weekly" } } },
      services: { [INPUT]: { type: "checkboxes", selected_options: [{ value: "ec2" }, { value: "ses" }] } },
      owner: { [INPUT]: { type: "users_select", selected_user: "U2" } },
      managers: { [INPUT]: { type: "multi_users_select", selected_users: ["U3", "U4"] } },
      regions: { [INPUT]: { type: "multi_static_select", selected_options: [] } },
    };
    expect(valuesOf(state, "T1")).toEqual({
      name: "Black Friday",
      workload: null,
      date: "2026-11-27",
      time: null,
      rhythm: "weekly",
      services: ["ec2", "ses"],
      owner: "slack:T1:U2",
      managers: ["slack:T1:U3", "slack:T1:U4"],
      regions: [],
    });
  });

  it("metadata that isn't ours is an empty context", () => {
    const nothing = { context: {}, place: {}, kept: [] };
    expect(decodeMetadata("not json")).toEqual(nothing);
    expect(decodeMetadata('{"context":{"version":"x"}}')).toEqual(nothing);
    expect(decodeMetadata(undefined)).toEqual(nothing);
  });

  const asking = (...fields: Form["fields"]) => {
    const view = modalOf({ id: "scope", title: "Scope", submit: "Save", context: {}, fields }, {}, "T1");
    checkView(JSON.parse(JSON.stringify(view)));
    return view;
  };

  it("what stands in a field is never cut, also where it is longer than what is asked for", () => {
    const value = "eu-west-1, ".repeat(40);
    const { blocks } = asking({ name: "regions", label: "Regions", type: "text", max: 300, value });
    expect(blocks[0]).toMatchObject({ element: { initial_value: value, max_length: 440 } });
  });

  it("what is too long for Slack's inputs isn't shown, and stands unless somebody writes", () => {
    const value = "x".repeat(4_549);
    const view = asking({
      name: "answer",
      label: "Answer",
      type: "text",
      max: 3_000,
      required: true,
      value,
      hint: "How?",
    });
    const [block] = view.blocks;
    expect(block).toMatchObject({ optional: true, element: { max_length: 3_000 } });
    expect(JSON.stringify(block)).not.toContain("initial_value");
    expect(JSON.stringify(block)).toContain(
      "(4,549 characters) is too long to show, and stays unless you write here. How?",
    );
    const { kept } = decodeMetadata(view.private_metadata);
    const submitted = (written: string | null) =>
      submittedValues({ answer: { [INPUT]: { value: written } }, hosts: { [INPUT]: { value: null } } }, "T1", kept);
    expect(submitted(null)).toEqual({ hosts: null });
    expect(submitted(" \n")).toEqual({ hosts: null });
    expect(submitted("two AZs")).toEqual({ answer: "two AZs", hosts: null });
  });

  it("a choice between nothing is said, since Slack would refuse the whole form", () => {
    const { blocks } = asking(
      { name: "risk", label: "Which <risk>?", type: "choice", required: true, options: [] },
      { name: "accounts", label: "Accounts", type: "choices", values: [], options: [] },
      { name: "reason", label: "Why?", type: "text" },
    );
    expect(blocks.map(({ type }) => type)).toEqual(["section", "section", "input"]);
    expect(JSON.stringify(blocks[0])).toContain("Which &lt;risk&gt;?: there is nothing to choose from.");
  });
});

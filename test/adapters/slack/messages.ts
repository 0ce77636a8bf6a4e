import fc from "fast-check";
import type { Block, Button, Form, Inline, Message, Rich } from "../../../src/domain/message.ts";

/** Words as people write them: hostile, long, in other alphabets, empty. */
const words = fc.oneof(
  { weight: 6, arbitrary: fc.string({ maxLength: 30 }) },
  { weight: 3, arbitrary: fc.string({ unit: "grapheme", maxLength: 40 }) },
  {
    weight: 4,
    arbitrary: fc.constantFrom("", " ", "\n", "<!channel>", "<@U1>", "&amp;", "*x*", "```", "|", ">", "a\n\nb"),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom("😀".repeat(200), "lorem ".repeat(600), "<&>".repeat(1_500), "x".repeat(9_000)),
  },
);
const nonEmpty = words.map((text) => text.trim() || "x");

const inline: fc.Arbitrary<Inline> = fc.oneof(
  words,
  words.map((strong) => ({ strong })),
  words.map((soft) => ({ soft })),
  words.map((code) => ({ code })),
  words.map((quote) => ({ quote })),
  fc.record({ link: words, url: fc.oneof(fc.webUrl(), words, fc.constant("javascript:alert(1)")) }),
  fc.record({ person: fc.constantFrom("slack:T1:U1", "slack:T2:U2", "teams:t:29:x"), name: words, ping: fc.boolean() }),
  fc.record(
    {
      time: fc.constantFrom("2026-11-27T09:00:00Z", "never"),
      show: fc.constantFrom("day" as const, "time" as const),
      fallback: words,
    },
    { requiredKeys: ["time", "fallback"] },
  ),
);
const rich: fc.Arbitrary<Rich> = fc.array(inline, { maxLength: 4 });

const state = fc.constantFrom("ready" as const, "at_risk" as const, "high_risk" as const, "not_answered" as const);
const value = fc.record(
  {
    session: fc.constant("s-1"),
    question: fc.constant("R2"),
    version: fc.nat(9),
    arg: fc.constantFrom("", "risk-r2", "y".repeat(3_000)),
  },
  { requiredKeys: [] },
);
export const button: fc.Arbitrary<Button> = fc.record(
  {
    action: fc.constantFrom("answer", "skip", "why", "claim", "snooze"),
    label: words,
    value,
    style: fc.constantFrom("primary" as const, "danger" as const),
    describes: words,
    confirm: fc.record({ title: words, text: words, yes: words, no: words }),
  },
  { requiredKeys: ["action", "label", "value"] },
);
const ticks = fc.uniqueArray(fc.string({ minLength: 1, maxLength: 12 }), { maxLength: 24 });

export const block: fc.Arbitrary<Block> = fc.oneof(
  words.map((text): Block => ({ kind: "heading", text })),
  rich.map((text): Block => ({ kind: "text", text })),
  rich.map((text): Block => ({ kind: "context", text })),
  fc.constant<Block>({ kind: "divider" }),
  fc.array(rich, { maxLength: 12 }).map((items): Block => ({ kind: "list", items })),
  fc
    .array(fc.record({ label: words, done: fc.nat(30), total: fc.nat(30), state, note: rich }), { maxLength: 12 })
    .map((rows): Block => ({ kind: "progress", rows })),
  fc
    .array(fc.record({ label: words, value: rich }), { maxLength: 25 })
    .map((facts): Block => ({ kind: "facts", facts })),
  fc
    .record({
      caption: words,
      columns: fc.array(words, { maxLength: 5 }),
      rows: fc.array(fc.array(words, { maxLength: 5 }), { maxLength: 12 }),
    })
    .map((table): Block => ({ kind: "table", ...table })),
  fc.record({ id: words, label: words, ticks, ticked: fc.boolean() }).map(
    ({ id, label, ticks: ids, ticked }): Block => ({
      kind: "ticks",
      id,
      label,
      ticks: ids.map((one) => ({ id: one, text: one, ticked })),
    }),
  ),
  fc.record({ id: nonEmpty, label: words }).map((input): Block => ({ kind: "input", ...input })),
  fc.array(button, { maxLength: 30 }).map((buttons): Block => ({ kind: "buttons", buttons })),
  fc
    .record({
      title: words,
      alt: words,
      unit: words,
      bars: fc.array(fc.record({ label: words, value: fc.nat(), of: fc.nat(), state }), { maxLength: 20 }),
    })
    .map((chart): Block => ({ kind: "chart", ...chart })),
);

/** Any message the engine could make, and many it never would. */
export const message: fc.Arbitrary<Message> = fc.record({ summary: words, blocks: fc.array(block, { maxLength: 10 }) });

const options = fc.uniqueArray(fc.record({ value: fc.string({ minLength: 1, maxLength: 12 }), label: words }), {
  selector: ({ value: one }) => one,
  minLength: 1,
  maxLength: 120,
});
const field = fc.oneof(
  fc.record({
    type: fc.constant("text" as const),
    value: words,
    multiline: fc.boolean(),
    max: fc.integer({ min: 1, max: 9_000 }),
  }),
  fc.record({ type: fc.constant("date" as const), value: fc.constantFrom("2026-11-27", "") }),
  fc.record({ type: fc.constant("time" as const), value: fc.constantFrom("09:00", "") }),
  options.map((all) => ({ type: "choice" as const, value: all[0]?.value ?? "", options: all })),
  options.map((all) => ({ type: "choices" as const, values: all.slice(0, 3).map((one) => one.value), options: all })),
  fc.record({ type: fc.constant("person" as const), value: fc.constantFrom("slack:T1:U1", "teams:t:29:x") }),
  fc.record({
    type: fc.constant("people" as const),
    values: fc.subarray(["slack:T1:U1", "slack:T1:U2", "web:local:x"]),
  }),
);

export const form: fc.Arbitrary<Form> = fc.record({
  id: fc.constantFrom("start" as const, "scope" as const, "answer" as const, "accept" as const, "decide" as const),
  title: words,
  intro: rich,
  submit: words,
  context: value,
  fields: fc.uniqueArray(
    fc.tuple(nonEmpty, words, words, fc.boolean(), field).map(([name, label, hint, required, rest]) => {
      return { name: name.slice(0, 200), label, hint, required, ...rest };
    }),
    { selector: ({ name }) => name, maxLength: 20 },
  ),
});

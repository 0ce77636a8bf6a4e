import type { MessageRef } from "../../../src/domain/address.ts";
import type { Message } from "../../../src/domain/message.ts";
import { GENERAL, type Harness, mark } from "./harness.ts";

const value = { session: "s-1", question: "R2", version: 1 };

/** Every kind of block, as the bot uses it. */
export const HEADER: Message = {
  summary: "Black Friday · T-30 days. 14 of 23 answered, 1 high risk.",
  blocks: [
    { kind: "heading", text: "Black Friday · T-30 days · Fri 27 Nov 2026, 09:00 (Europe/London)" },
    { kind: "text", text: [{ strong: "🔴 1 high risk · 🟡 3 at risk · 14 of 23 answered" }] },
    {
      kind: "progress",
      rows: [
        {
          label: "Performance",
          done: 6,
          total: 6,
          state: "at_risk",
          note: [{ person: "web:local:priya", name: "Priya" }],
        },
        {
          label: "Resilience",
          done: 4,
          total: 6,
          state: "high_risk",
          note: [{ person: "web:local:omar", name: "Omar" }],
        },
        {
          label: "Security",
          done: 2,
          total: 3,
          state: "not_answered",
          note: [{ person: "web:local:sven", name: "Sven" }],
        },
        {
          label: "Service Quotas",
          done: 7,
          total: 7,
          state: "ready",
          note: [{ person: "web:local:lena", name: "Lena" }],
        },
        { label: "Monitoring", done: 0, total: 1, state: "not_answered", note: ["nobody yet"] },
      ],
    },
    { kind: "text", text: ["Next: R5 restoration plans, due Fri 30 Oct."] },
    {
      kind: "buttons",
      buttons: [
        { action: "next", label: "My questions", value: { session: "s-1" }, style: "primary" },
        { action: "scope", label: "Scope", value: { session: "s-1" }, opens: true },
        { action: "summary", label: "Summary", value: { session: "s-1" } },
        { action: "decide", label: "Decide", value: { session: "s-1" } },
      ],
    },
  ],
};

export const MODULE: Message = {
  summary: "Resilience: 6 questions",
  blocks: [
    { kind: "text", text: [{ strong: "Resilience" }, " · 6 questions · nobody owns it yet"] },
    {
      kind: "text",
      text: ["What happens when something breaks, and how you come back. Answer in the thread, in your own words."],
    },
    { kind: "context", text: ["The Scope still lacks Regions."] },
    {
      kind: "buttons",
      buttons: [{ action: "claim", label: "I'll take this", value, style: "primary", describes: "Take Resilience" }],
    },
  ],
};

export const QUESTION: Message = {
  summary: "R2: Is there a single point of failure? (Eg. Single AZ)",
  blocks: [
    {
      kind: "context",
      text: [{ person: "web:local:priya", name: "Priya", ping: true }, " · R2 · 2 of 6 · due Fri 30 Oct"],
    },
    { kind: "text", text: [{ strong: "Is there a single point of failure? (Eg. Single AZ)" }] },
    { kind: "text", text: [{ strong: "AWS says" }] },
    {
      kind: "list",
      items: [
        [{ code: "orders-db" }, " (RDS) is Single-AZ."],
        ["2 of 3 Auto Scaling groups span three AZs, ", { code: "batch" }, " has one."],
      ],
    },
    { kind: "context", text: ["prod · eu-west-1 · read ", { time: "2026-10-28T09:02:00Z", fallback: "09:02" }] },
    {
      kind: "buttons",
      buttons: [
        { action: "answer", label: "Answer", value, opens: true },
        { action: "why", label: "Why?", value, describes: "Why R2 matters" },
        { action: "not_applicable", label: "Not applicable", value, opens: true },
        { action: "delegate", label: "Delegate", value, opens: true },
        { action: "later", label: "Another module first", value },
      ],
    },
    { kind: "divider" },
    { kind: "context", text: ["Recorded for R1: ", { quote: "two AZs, failover tested in May" }] },
    { kind: "buttons", buttons: [{ action: "undo", label: "Undo", value }] },
  ],
};

export const CONFIRM: Message = {
  summary: "Resilience is answered. Confirm how I read you.",
  blocks: [
    { kind: "text", text: ["Resilience is answered. This is how I read you; change what's wrong."] },
    {
      kind: "ticks",
      id: "R2",
      label: "R2 · single points of failure",
      ticks: [
        { id: "r2_owned", text: "A known single point of failure has an owner and a date", ticked: true },
        { id: "r2_multi", text: "Every tier is in two or more AZs", ticked: false },
        { id: "r2_no", text: "None of these / not checked yet", ticked: false },
      ],
    },
    {
      kind: "ticks",
      id: "R5",
      label: "R5 · restoration plans",
      ticks: [
        { id: "r5_tested", text: "A restore was tested in the last 6 months", ticked: true },
        { id: "r5_written", text: "The steps are written down", ticked: false },
      ],
    },
    { kind: "buttons", buttons: [{ action: "confirm", label: "That's right", value, style: "primary" }] },
    { kind: "context", text: ["Until you confirm, these count as not answered in the summary."] },
  ],
};

export const SUMMARY: Message = {
  summary: "Readiness summary of Black Friday: at risk.",
  blocks: [
    { kind: "heading", text: "Readiness summary · Black Friday" },
    {
      kind: "facts",
      facts: [
        { label: "Verdict", value: [{ strong: "🟡 at risk" }] },
        { label: "AWS account", value: ["prod, prod-eu"] },
        { label: "Load-test target", value: ["900 requests/s, p99 800 ms"] },
        { label: "Contacts", value: [{ quote: "Omar first, then the bridge <script>alert(1)</script>" }] },
        {
          label: "Guide",
          value: [
            { link: "AWS Countdown", url: "https://aws.amazon.com/premiumsupport/aws-countdown/" },
            " ",
            { link: "not a link", url: "javascript:alert(1)" },
          ],
        },
      ],
    },
    {
      kind: "table",
      caption: "Open risks",
      columns: ["Risk", "Level", "Owner"],
      rows: [
        ["risk-r2: single AZ database", "🔴 high risk", "Omar"],
        ["risk-q2: room for 1,056 of 2,400 vCPU", "🟡 at risk", "Lena"],
      ],
    },
    {
      kind: "chart",
      title: "Room in prod, eu-west-1",
      alt: "Running On-Demand Standard uses 96 of 1,152 vCPU; gp3 storage 45 of 50 TiB.",
      unit: "",
      bars: [
        { label: "Standard vCPU", value: 96, of: 1152, state: "ready" },
        { label: "gp3 TiB", value: 45, of: 50, state: "at_risk" },
      ],
    },
    {
      kind: "buttons",
      buttons: [
        { action: "go", label: "Go", value, style: "primary" },
        {
          action: "no_go",
          label: "No-go",
          value,
          style: "danger",
          confirm: { title: "Say no-go?", text: "Any no-go is no-go for the event.", yes: "Say no-go", no: "Not yet" },
        },
      ],
    },
  ],
};

export type Scene = { header: MessageRef; module: MessageRef; question: MessageRef };

/** A channel in the middle of a session. */
export async function playScene({ channel, api, script }: Harness): Promise<Scene> {
  const { adapter } = channel;
  script(() => ({ kind: "ignored", reason: "talk" }));
  await api("POST", "/web/messages", {
    as: "fay",
    channel: "general",
    text: "Morning all. Black Friday is six weeks out, let's see where we stand. @Priya @Omar",
  });
  const header = await adapter.post(GENERAL, HEADER, mark("o-header"));
  await adapter.post(GENERAL, SUMMARY, mark("o-summary"));
  const module = await adapter.post(GENERAL, MODULE, mark("o-module"));
  const thread = { ...GENERAL, thread: module.messageId };
  await adapter.post(
    thread,
    {
      summary: "R1 ✓ Priya: two AZs",
      blocks: [
        { kind: "context", text: ["Is the workload in more than one AZ?"] },
        {
          kind: "text",
          text: [
            "R1 ✓ ",
            { person: "web:local:priya", name: "Priya" },
            ": ",
            { quote: "two AZs, failover tested in May" },
          ],
        },
        {
          kind: "buttons",
          buttons: [{ action: "answer", label: "Edit", value, opens: true, describes: "Change the answer to R1" }],
        },
      ],
    },
    mark("o-r1"),
  );
  const question = await adapter.post(thread, QUESTION, mark("o-r2"));
  const said = await api("POST", "/web/messages", {
    as: "priya",
    ...placeOf(module),
    text: "batch can wait, it's not on the event path. orders-db goes multi-az on tuesday, change CHG-4411",
  });
  await adapter.react({ address: thread, messageId: said.json.id, sentAt: Number(said.json.id.slice(1)) }, true);
  await api("POST", "/web/messages", {
    as: "omar",
    ...placeOf(module),
    text: "Is batch really off the path? https://wiki.example.com/batch",
  });
  await adapter.post(thread, CONFIRM, mark("o-confirm"));
  return { header, module, question };
}

export function placeOf(root: MessageRef): { channel: string; thread: string } {
  return { channel: root.address.channel, thread: root.messageId };
}

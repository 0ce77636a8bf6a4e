import type { Block, Message, Rich } from "../../src/domain/message.ts";
import type { SessionState } from "../../src/domain/session.ts";
import { textOf } from "../../src/domain/words.ts";
import { isSettled, nameOf, questionsInOrder } from "../session-queries.ts";
import { summaryBlocks } from "../summary-blocks.ts";
import { verdictOf } from "../verdict.ts";
import { wording } from "../wording.ts";
import { boardLink, button, excerpt, joined, person, type ViewContext } from "./parts.ts";
import { planBlocks } from "./plan.ts";

/** The Scope card in the header's thread: what is known, what is still missing, and one button. */
export function scopeCard(state: SessionState, view: ViewContext): Message {
  const { scope } = state;
  const unknown: Rich = [{ soft: "not known yet" }];
  const list = (items: string[]): Rich => (items.length === 0 ? unknown : [items.join(", ")]);
  const people = (ids: string[]): Rich =>
    ids.length === 0
      ? unknown
      : joined(
          ids.map((id): Rich => [person(state, id)]),
          ", ",
        );
  const target = [
    ...(scope.loadTarget?.rps === undefined ? [] : [`${scope.loadTarget.rps} requests/s`]),
    ...(scope.loadTarget?.p99ms === undefined ? [] : [`p99 ${scope.loadTarget.p99ms} ms`]),
  ];
  return {
    summary: `Scope of ${state.name}`,
    blocks: [
      { kind: "heading", text: "Scope" },
      {
        kind: "facts",
        facts: [
          { label: "Workload", value: scope.workload === undefined ? unknown : [{ quote: scope.workload }] },
          { label: "AWS account", value: list(scope.accounts) },
          { label: "Regions", value: list(scope.regions) },
          { label: "Services", value: list(scope.services) },
          { label: "Hostnames", value: list(scope.hosts) },
          { label: "Peak", value: scope.peak === undefined ? unknown : [`${scope.peak}× normal`] },
          { label: "Load-test target", value: target.length === 0 ? unknown : [target.join(", ")] },
          { label: "Managers", value: people(scope.managers) },
          {
            label: "Their digest",
            value: [scope.digest === "daily" ? "each working day" : "weekly, daily in the last week"],
          },
          { label: "Facilitator", value: [person(state, state.facilitator)] },
          { label: "Contacts", value: scope.contacts === undefined ? unknown : [{ quote: scope.contacts }] },
          { label: "Bridge", value: scope.bridge === undefined ? unknown : [{ quote: scope.bridge }] },
          ...architectureFact(state),
          {
            label: "If something goes wrong",
            value: scope.scenarios === undefined ? unknown : [{ quote: scope.scenarios }],
          },
          ...(scope.holidays === undefined || scope.holidays.length === 0
            ? []
            : [{ label: "Days off", value: list(scope.holidays) }]),
        ],
      },
      ...lessonBlocks(state),
      ...planBlocks(state, view),
      ...(state.said.includes("aws_off") ? [{ kind: "context" as const, text: [awsOffLine(state)] }] : []),
      ...(state.status === "open"
        ? [
            {
              kind: "buttons" as const,
              buttons: [
                button(
                  "scope",
                  "Fill in",
                  { session: state.id },
                  { opens: true, style: "primary", describes: "Fill in the Scope" },
                ),
                button(
                  "owners",
                  "Owners",
                  { session: state.id },
                  { opens: true, describes: "Name the owners of the modules" },
                ),
              ],
            },
          ]
        : []),
      {
        kind: "context",
        text: [
          "Anyone who knows can fill it in; what is known is looked up instead of asked.",
          view.now > new Date(state.eventAt) ? " The event is over." : "",
        ],
      },
    ],
  };
}

/** What was given as architecture, once it was read. */
function architectureFact(state: SessionState): { label: string; value: Rich }[] {
  const read = (state.architectures ?? []).flatMap((one) => one.document ?? []);
  if (read.length === 0) return [];
  return [{ label: "Architecture", value: [{ quote: read.map((document) => document.name).join(", ") }] }];
}

/** What the review of the event before asked for. */
function lessonBlocks(state: SessionState): Block[] {
  const lessons = (state.from?.lessons ?? []).filter((words) => words.text !== null);
  if (state.from === undefined || lessons.length === 0) return [];
  return [
    { kind: "text", text: [{ strong: `From the review of ${state.from.name}` }] },
    { kind: "list", items: lessons.map((words): Rich => [{ quote: excerpt(textOf(words), 300) }]) },
  ];
}

function awsOffLine(state: SessionState): string {
  const why =
    state.said.find((key) => key.startsWith("aws_off_because:"))?.slice("aws_off_because:".length) ?? "not set up";
  return wording.awsOff(why);
}

/** The summary as a native message: one page with its charts. The long form is on the board and in the exports. */
export function summaryCard(state: SessionState, version: number, view: ViewContext): Message {
  const verdict = verdictOf(state, view.catalogue);
  const value = { session: state.id };
  if (state.drafting?.version === version) return writingCard(state, view);
  return {
    summary: `Readiness summary of ${state.name}: ${verdict.headline}.`,
    blocks: [
      ...summaryBlocks(state, view.catalogue, version, view.now, boardLink(state.id, view)),
      {
        kind: "buttons",
        buttons: [button("export", "Full text", { ...value, arg: "md" }), button("decide", "Decide", value)],
      },
    ],
  };
}

/** Stands where the summary will stand, while a model writes it. */
function writingCard(state: SessionState, view: ViewContext): Message {
  const share = view.drafted?.(state.id) ?? 0;
  const percent = Math.round(Math.min(1, Math.max(0, share)) * 100);
  const line = `Writing the readiness summary of ${state.name}.`;
  return {
    summary: line,
    blocks: [
      { kind: "text", text: [{ strong: line }] },
      {
        kind: "context",
        text: [
          percent === 0 ? "Just begun." : `About ${percent}% is there.`,
          " Every sentence is checked against the session's facts before it is shown here.",
        ],
      },
    ],
  };
}

/** `status`: the state of the session in words, for whoever asks. */
export function statusCard(state: SessionState, view: ViewContext): Message {
  const verdict = verdictOf(state, view.catalogue);
  const open = questionsInOrder(state).filter((question) => !isSettled(question));
  const unread = questionsInOrder(state).filter(
    (question) => question.status === "answered" && question.confirmed === undefined && question.read.length > 0,
  );
  return {
    summary: `${state.name}: ${verdict.headline}.`,
    blocks: [
      { kind: "text", text: [{ strong: state.name }, ` · ${verdict.headline}.`] },
      { kind: "list", items: verdict.reasons.slice(0, 4).map((reason): Rich => [reason]) },
      ...(open.length === 0
        ? []
        : [
            {
              kind: "text" as const,
              text: [
                "Still open: ",
                ...joined(
                  open.slice(0, 12).map((question): Rich => {
                    const who = question.askedOf ?? state.modules[question.module]?.owner;
                    return [question.id, who === undefined ? "" : ` (${nameOf(state, who)})`];
                  }),
                  ", ",
                ),
                open.length > 12 ? ` and ${open.length - 12} more.` : ".",
              ],
            },
          ]),
      ...(unread.length === 0
        ? []
        : [
            {
              kind: "context" as const,
              text: [`Waiting to be confirmed: ${unread.map((question) => question.id).join(", ")}.`],
            },
          ]),
    ],
  };
}

import type { Block, Button, Message, Rich } from "../../src/domain/message.ts";
import type { SessionState } from "../../src/domain/session.ts";
import { textOf } from "../../src/domain/words.ts";
import { wording } from "../wording.ts";
import { button, excerpt, joined, person, type ViewContext } from "./parts.ts";
import { planBlocks } from "./plan.ts";

/** The Scope card in the header's thread: what is known, what isn't in a line, the plan, and the buttons. */
export function scopeCard(state: SessionState, view: ViewContext): Message {
  const facts = factsOf(state);
  const fill = button(
    "scope",
    "Fill in",
    { session: state.id },
    { opens: true, style: "primary", describes: "Fill in the Scope" },
  );
  const owners = button(
    "owners",
    "Owners",
    { session: state.id },
    { opens: true, describes: "Name the owners of the modules" },
  );
  const buttons = [...(state.status === "open" ? [fill, owners] : []), ...withdrawal(state, view)];
  const unknown = facts.filter(({ value }) => value.length === 0).map(({ spoken }) => spoken);
  return {
    summary: `Scope of ${state.name}`,
    blocks: [
      { kind: "heading", text: "Scope" },
      {
        kind: "facts",
        facts: facts.filter(({ value }) => value.length > 0).map(({ label, value }) => ({ label, value })),
      },
      ...(unknown.length === 0 ? [] : [{ kind: "context" as const, text: [`Not known yet: ${unknown.join(", ")}.`] }]),
      ...lessonBlocks(state),
      ...planBlocks(state, view),
      ...(state.said.includes("aws_off") ? [{ kind: "context" as const, text: [awsOffLine(state)] }] : []),
      ...(buttons.length === 0 ? [] : [{ kind: "buttons" as const, buttons }]),
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

/** `spoken`: its name in the line of what isn't known. Without a value it stands only there. */
type ScopeFact = { label: string; spoken: string; value: Rich };

function factsOf(state: SessionState): ScopeFact[] {
  const { scope } = state;
  const list = (items: string[] = []): Rich => (items.length === 0 ? [] : [items.join(", ")]);
  const words = (text: string | undefined): Rich => (text === undefined || text === "" ? [] : [{ quote: text }]);
  const managers = scope.managers.map((id): Rich => [person(state, id)]);
  const target = [
    ...(scope.loadTarget?.rps === undefined ? [] : [`${scope.loadTarget.rps} requests/s`]),
    ...(scope.loadTarget?.p99ms === undefined ? [] : [`p99 ${scope.loadTarget.p99ms} ms`]),
  ];
  const digest = scope.digest === "daily" ? "each working day" : "weekly, daily in the last week";
  return [
    { label: "Workload", spoken: "workload", value: words(scope.workload) },
    { label: "AWS account", spoken: "AWS account", value: list(scope.accounts) },
    { label: "Regions", spoken: "Regions", value: list(scope.regions) },
    { label: "Services", spoken: "services", value: list(scope.services) },
    { label: "Hostnames", spoken: "hostnames", value: list(scope.hosts) },
    { label: "Peak", spoken: "peak", value: scope.peak === undefined ? [] : [`${scope.peak}× normal`] },
    { label: "Load-test target", spoken: "load-test target", value: list(target) },
    { label: "Managers", spoken: "managers", value: joined(managers, ", ") },
    ...(managers.length === 0 ? [] : [{ label: "Their digest", spoken: "their digest", value: [digest] }]),
    { label: "Facilitator", spoken: "facilitator", value: [person(state, state.facilitator)] },
    { label: "Contacts", spoken: "contacts", value: words(scope.contacts) },
    { label: "Bridge", spoken: "bridge", value: words(scope.bridge) },
    ...architectureFact(state),
    {
      label: "If something goes wrong",
      spoken: "what to do if something goes wrong",
      value: words(scope.scenarios),
    },
    ...(scope.holidays === undefined || scope.holidays.length === 0
      ? []
      : [{ label: "Days off", spoken: "days off", value: list(scope.holidays) }]),
  ];
}

/** Links to the board are out there: whoever answers for the session can end them all. */
function withdrawal(state: SessionState, view: ViewContext): Button[] {
  if (view.links !== true) return [];
  const confirm = {
    title: "Withdraw board links?",
    text: "Every link to this session's board that was given out stops working. The summary and the decision get new ones.",
    yes: "Withdraw",
    no: "Keep them",
  };
  return [button("revoke_links", "Withdraw board links", { session: state.id }, { confirm })];
}

/** What was given as architecture, once it was read. */
function architectureFact(state: SessionState): ScopeFact[] {
  const read = (state.architectures ?? []).flatMap((one) => one.document ?? []);
  if (read.length === 0) return [];
  const names = read.map((document) => document.name).join(", ");
  return [{ label: "Architecture", spoken: "architecture", value: [{ quote: names }] }];
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

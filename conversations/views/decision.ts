import type { Block, Button, Message, Rich } from "../../src/domain/message.ts";
import type { RegisteredRisk } from "../../src/domain/report.ts";
import type { Acceptance, AcceptedLevel, Decision, SessionState } from "../../src/domain/session.ts";
import { textOf } from "../../src/domain/words.ts";
import { sayCalendarDay } from "../dates.ts";
import { leftOpen, sayLeft, spokenName } from "../left-open.ts";
import { questionsInOrder } from "../session-queries.ts";
import { outgrownLine, risksOf, verdictOf } from "../verdict.ts";
import { wording } from "../wording.ts";
import { atTime, onDay } from "./moments.ts";
import { boardLink, button, excerpt, joined, person, type ViewContext } from "./parts.ts";

/** The go / no-go card: the verdict, what go still needs, what was accepted, who signed, and the buttons. */
export function decisionCard(state: SessionState, version: number, view: ViewContext): Message {
  const decision = state.decisions.find((one) => one.version === version);
  const heading: Block = { kind: "heading", text: `Go / no-go · ${state.name}` };
  const board = boardLink(state.id, view);
  const end: Block[] = board.length > 0 ? [{ kind: "context", text: board }] : [];
  const summary = `Go / no-go for ${state.name}: ${decisionWord(decision)}`;
  const blocks =
    decision === undefined || decision.status === "open"
      ? [heading, ...openBlocks(state, decision, view), ...end, ...decisionButtons(state, decision, view)]
      : [heading, ...decidedBlocks(state, decision, view), ...end];
  return { summary, blocks };
}

function openBlocks(state: SessionState, decision: Decision | undefined, view: ViewContext): Block[] {
  const { high } = leftOpen(state, view.catalogue);
  return [
    { kind: "text", text: verdictLine(state, view) },
    ...(high.length === 0 || decision === undefined ? [] : beforeGo(high, view, boardLink(state.id, view).length > 0)),
    ...acceptedBlock(state, state.accepted, view),
    { kind: "text", text: waitingLine(state, decision, view) },
    ...conditionBlock(state, decision, view),
  ];
}

/** In figures: the high risks stand below by name, and who signed no-go below that. */
function verdictLine(state: SessionState, view: ViewContext): Rich {
  const { headline } = verdictOf(state, view.catalogue);
  const risks = risksOf(state, view.catalogue);
  const { high, unconfirmed } = leftOpen(state, view.catalogue);
  const medium = risks.filter((risk) => risk.level === "MEDIUM" && risk.accepted === undefined).length;
  const accepted = risks.filter((risk) => risk.accepted !== undefined).length;
  const left = sayLeft({ high: high.length, unconfirmed: unconfirmed.length });
  const cleared = questionsInOrder(state).length - risks.length;
  const figures = [
    left === "" ? `${wording.plural(cleared, "question")} with no risk left` : left,
    accepted === 0 ? "" : `${wording.plural(accepted, "risk")} accepted by name`,
    medium === 0 ? "" : `${wording.plural(medium, "medium risk")} to keep an eye on`,
  ].filter((figure) => figure !== "");
  return [{ strong: `${headline}.` }, figures.length === 0 ? "" : ` ${sentenceOf(figures)}`];
}

function sentenceOf(figures: string[]): string {
  const line = figures.join(", ");
  return `${line.charAt(0).toUpperCase()}${line.slice(1)}.`;
}

/** So many are shown with their reason; the others are named. */
const MOST_EXPLAINED = 10;

function beforeGo(high: RegisteredRisk[], view: ViewContext, onBoard: boolean): Block[] {
  const explained = high.slice(0, MOST_EXPLAINED);
  const others = high.slice(MOST_EXPLAINED);
  const items = explained.map(
    (risk): Rich => [
      { strong: spokenName(risk.question, view.catalogue) },
      `: ${[risk.because, outgrownLine(risk) ?? ""].join(" ").trim()}`,
    ],
  );
  if (others.length > 0) {
    const names = others.map((risk) => risk.question).join(", ");
    items.push([`and ${others.length} more${onBoard ? ", on the board" : ""}: ${names}`]);
  }
  return [
    {
      kind: "text",
      text: [
        { strong: "Before go: " },
        high.length === 1
          ? "this high risk needs somebody who accepts it by name."
          : "these high risks need somebody who accepts them by name.",
      ],
    },
    { kind: "list", items },
  ];
}

/** What was decided is a record: what is accepted or confirmed later isn't part of it. */
function decidedBlocks(state: SessionState, decision: Decision, view: ViewContext): Block[] {
  const { decidedAt, headline } = decision;
  const newest = state.decisions.at(-1);
  const signed = decision.signatures.map((one) => signature(state, one, view));
  const left = decision.left === undefined ? "" : sayLeft(decision.left);
  const accepted = state.accepted.filter((one) => decidedAt === undefined || one.at <= decidedAt);
  const replaced = newest !== undefined && newest.version > decision.version;
  return [
    {
      kind: "text",
      text: [{ strong: decision.status === "go" ? "Go." : "No-go." }, " Signed: ", ...joined(signed, ", "), "."],
    },
    ...(headline === undefined
      ? []
      : [
          {
            kind: "text" as const,
            text: [`When it was decided: ${headline.toLowerCase()}${left === "" ? "" : ` (${left})`}.`],
          },
        ]),
    ...acceptedBlock(state, accepted, view),
    ...conditionBlock(state, decision, view),
    ...(replaced
      ? [
          {
            kind: "context" as const,
            text: [`Replaced by a newer decision (${newest.version}). This one stays on record.`],
          },
        ]
      : []),
  ];
}

const LEVELS: Record<AcceptedLevel, string> = { HIGH: wording.state("high_risk"), MEDIUM: wording.state("at_risk") };

function acceptedBlock(state: SessionState, accepted: Acceptance[], view: ViewContext): Block[] {
  if (accepted.length === 0) return [];
  const items = accepted.map(
    ({ risk, by, level, until, reason }): Rich => [
      "Accepted: ",
      { strong: spokenName(risk.replace(/^risk-/, "").toUpperCase(), view.catalogue) },
      level === undefined ? "" : ` (${LEVELS[level]})`,
      ", ",
      person(state, by),
      until === undefined ? "" : `, until ${sayCalendarDay(until, view.now)}`,
      ': "',
      { quote: excerpt(textOf(reason), 160) },
      '"',
    ],
  );
  return [{ kind: "list", items }];
}

function conditionBlock(state: SessionState, decision: Decision | undefined, view: ViewContext): Block[] {
  const conditions = decision?.conditions ?? [];
  if (conditions.length === 0) return [];
  const items = conditions.map(
    ({ words, met, dueAt }): Rich => [
      "Condition: ",
      { quote: excerpt(textOf(words), 160) },
      met === undefined ? ", looked at on " : met ? ": met" : ": not met",
      met === undefined ? onDay(dueAt, state, view) : "",
      ".",
    ],
  );
  return [{ kind: "list", items }];
}

/** Go is offered as the thing to do only once it can be signed. */
function decisionButtons(state: SessionState, decision: Decision | undefined, view: ViewContext): Block[] {
  if (decision === undefined) return [];
  const { high } = leftOpen(state, view.catalogue);
  const value = { session: state.id, version: decision.version };
  const go: Button = button("go", "Go", value, { describes: `Sign go for ${state.name}` });
  const buttons = [
    ...(high.length > 0
      ? [button("accept", "Accept a risk", value, { style: "primary", opens: true }), go]
      : [{ ...go, style: "primary" as const }]),
    button("no_go", "No-go", value, { style: "danger", opens: true, describes: `Sign no-go for ${state.name}` }),
    button("summary", "Read the summary", { session: state.id }),
  ];
  return [{ kind: "buttons", buttons }];
}

function decisionWord(decision: Decision | undefined): string {
  if (decision === undefined || decision.status === "open") return "waiting for signatures";
  return decision.status === "go" ? "go" : "no-go";
}

function signature(state: SessionState, { by, go, at, reason }: Decision["signatures"][number], view: ViewContext) {
  const why: Rich = reason === undefined ? [] : [" (", { quote: excerpt(textOf(reason), 120) }, ")"];
  return [person(state, by), go ? " go " : " no-go ", atTime(at, state, view), ...why];
}

function waitingLine(state: SessionState, decision: Decision | undefined, view: ViewContext): Rich {
  if (decision === undefined) return ["No decision is open."];
  const signed = decision.signatures.map((one) => signature(state, one, view));
  const waiting = state.scope.managers.filter((id) => !decision.signatures.some(({ by }) => by === id));
  const names = waiting.map((id): Rich => [person(state, id)]);
  return [
    "Signed: ",
    ...(signed.length === 0 ? ["nobody yet"] : joined(signed, ", ")),
    ...(waiting.length === 0 ? [] : [" · waiting for ", ...joined(names, ", ")]),
  ];
}

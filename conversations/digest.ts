import { type PersonId, riskId, type SessionId } from "../src/domain/ids.ts";
import type { Block, Button, Message, Rich } from "../src/domain/message.ts";
import type { QuestionRisk, RegisteredRisk, Risk } from "../src/domain/report.ts";
import { plainWords } from "../src/domain/rich.ts";
import type { QuestionStatus, SessionState } from "../src/domain/session.ts";
import type { SessionEvent } from "../src/domain/session-event.ts";
import { sayWhen } from "./dates.ts";
import { digestCharts, dueByNow } from "./digest-charts.ts";
import { dueOf } from "./due.ts";
import { isSettled, modulesInOrder, nameOf, questionsInOrder } from "./session-queries.ts";
import { acceptanceOf, progressOf, questionsOf, riskOfQuestion, risksOf } from "./verdict.ts";
import { countdown } from "./views/header.ts";
import { boardLink, button, type ViewContext } from "./views/parts.ts";
import { moduleTitle, wording } from "./wording.ts";

/** A manager's roll-up: what moved, what is at risk, who is late, what they must decide. Names without a ping. */

/** A session with what it was at the last digest, and what has happened since. */
export type Told = { session: SessionState; before?: SessionState; since: readonly SessionEvent[]; lastAt?: string };

/** Events that are worth a digest by themselves; our own posting and reading isn't. */
const MOVES = new Set<SessionEvent["kind"]>([
  "session_started",
  "session_edited",
  "session_closed",
  "session_cancelled",
  "answer_reopened",
  "risk_accepted",
  "decision_opened",
  "decision_signed",
  "decision_made",
  "condition_ended",
]);
const MOST_NAMED = 3;

/**
 * One message over all sessions of a manager; undefined when nothing changed in any of them (and `always` isn't wished).
 * @param to every id of the person, on all platforms; in a channel nobody is asked to decide anything
 */
export function digestOf(
  told: readonly Told[],
  to: readonly PersonId[] | "channel",
  view: ViewContext,
  always = false,
): { message: Message; session: SessionId } | undefined {
  const parts = told.map((one) => ({ ...one, lines: movedLines(one, view) }));
  const moved = always ? parts : parts.filter(({ lines }) => lines.length > 0);
  const first = moved[0];
  if (first === undefined) return undefined;
  const said = moved.map(({ session, lines }) => `${session.name}: ${plainWords(lines[0] ?? ["nothing moved."])}`);
  const decide = moved.some(({ session }) => decisionOf(session, to, view) !== undefined);
  return {
    session: first.session.id,
    message: {
      summary: `${said.join(" ")}${decide ? " Something is yours to decide." : ""}`,
      // Charts of one session only, the first: more of them hide what is said.
      blocks: moved.flatMap(({ lines, ...one }, index) => sessionBlocks(one, lines, to, view, index === 0)),
    },
  };
}

function sessionBlocks(
  told: Told,
  moved: Rich[],
  to: readonly PersonId[] | "channel",
  view: ViewContext,
  charts: boolean,
): Block[] {
  const { session } = told;
  const risks = risksOf(session, view.catalogue);
  const high = risks.filter((risk) => risk.level === "HIGH" && risk.accepted === undefined);
  const late = lateLine(session, view);
  const decision = decisionOf(session, to, view);
  const progress = progressOf(session, view.catalogue);
  const due = dueByNow(session, view.catalogue, view.now);
  const lines: Rich[] = [
    ...(moved.length === 0 ? [["Nothing moved."]] : moved),
    ...(high.length === 0 ? [] : [[{ strong: "High risk: " }, named(high.map((risk) => riskName(risk, view))), "."]]),
    ...(late === "" ? [] : [[{ strong: "Late: " }, late]]),
    ...(decision === undefined ? [] : [[{ strong: "You decide: " }, decision.line]]),
    ...(to === "channel" ? toDecideLine(session) : []),
  ];
  return [
    { kind: "heading", text: `${session.name}, ${countdown(session, view.now)}` },
    {
      kind: "context",
      text: [
        wording.questionsAnswered(progress.done, progress.total),
        session.status === "open" && due > progress.done ? `, ${due} were due by now` : "",
        sinceWhen(told),
        ...boardLine(session.id, view),
      ],
    },
    { kind: "list", items: lines },
    ...(charts ? digestCharts(session, view.catalogue) : []),
    {
      kind: "buttons",
      buttons: [...(decision?.buttons ?? []), button("status", "Where it stands", { session: session.id })],
    },
  ];
}

/** Whom go / no-go waits for, by name. */
function toDecideLine(session: SessionState): Rich[] {
  const decision = session.decisions.at(-1);
  if (session.status !== "open" || decision?.status !== "open") return [];
  const waiting = session.scope.managers.filter((id) => !decision.signatures.some(({ by }) => by === id));
  if (waiting.length === 0) return [];
  return [[{ strong: "To decide: " }, `go or no-go, waiting for ${named(waiting.map((id) => nameOf(session, id)))}.`]];
}

function boardLine(session: SessionId, view: ViewContext): Rich {
  const link = boardLink(session, view);
  return link.length === 0 ? [] : [" · ", ...link];
}

function sinceWhen({ lastAt, session }: Told): string {
  if (lastAt === undefined) return "";
  const day = new Date(lastAt).toLocaleDateString("en-GB", {
    weekday: "short",
    day: "numeric",
    month: "short",
    timeZone: session.event.zone,
  });
  return ` · since ${day.replace(",", "")}`;
}

/** What is better, what is worse, and what else happened. Empty: nothing a manager would want to hear. */
function movedLines(told: Told, view: ViewContext): Rich[] {
  const { session, before, since } = told;
  const changes = before === undefined ? [] : changesOf(before, session, view);
  // What isn't known any more is no better than the high risk it was.
  const unsure = changes.filter((change) => change.to === "UNANSWERED");
  const better = changes.filter((change) => RANK[change.to] < RANK[change.from] && !unsure.includes(change));
  const worse = changes.filter((change) => RANK[change.to] > RANK[change.from] && !unsure.includes(change));
  const answered = new Set(
    since.flatMap((event) =>
      event.kind === "answer_settled" || event.kind === "question_not_applicable" ? [event.question] : [],
    ),
  );
  const more = [...answered].filter((id) => !better.some((change) => change.id === id)).length;
  const lines: Rich[] = [];
  if (better.length > 0) lines.push([{ strong: "Better: " }, `${named(better.map(sayChange))}.`]);
  if (more > 0) lines.push([{ strong: "Answered: " }, `${wording.plural(more, "question")}.`]);
  if (worse.length > 0) {
    lines.push([
      { strong: "Worse: " },
      named(worse.map(sayChange)),
      worse.length === 1 ? `. ${worse[0]?.because ?? ""}` : ".",
    ]);
  }
  if (unsure.length > 0) lines.push([{ strong: "Not known now: " }, `${named(unsure.map(sayChange))}.`]);
  lines.push(...happened(told, view));
  if (lines.length === 0 && since.some(({ kind }) => kind === "session_started")) {
    return [["The session began. The event is ", sayWhen(session.event, view.now), "."]];
  }
  if (lines.length === 0 && becameLate(told, view)) return [["Nothing was answered, and something became late."]];
  return lines;
}

const RANK: Record<Risk, number> = { NOT_APPLICABLE: 0, NONE: 0, MEDIUM: 1, UNANSWERED: 2, HIGH: 3 };
const RISK_WORDS: Record<Exclude<Risk, "UNANSWERED">, string> = {
  NOT_APPLICABLE: "not applicable",
  NONE: "ready",
  MEDIUM: "at risk",
  HIGH: "high risk",
};

/** `word`: what it is now, in brackets. */
type Change = { id: string; short: string; from: Risk; to: Risk; word: string; because: string };

/** "R3 where content is stored (accepted by Mia)" */
function sayChange({ id, short, word }: Change): string {
  return `${id} ${short} (${word})`;
}

/** Why it isn't known what a question comes to. */
function whyUnknown(status: QuestionStatus | undefined): string {
  if (status === "answered") return "not confirmed yet";
  return status === "skipped" ? "skipped" : "open again";
}

function changesOf(before: SessionState, after: SessionState, view: ViewContext): Change[] {
  const level = (
    state: SessionState,
    question: Parameters<typeof riskOfQuestion>[1],
  ): QuestionRisk & { shown: Risk; word: string } => {
    const found = riskOfQuestion(state, question);
    const accepted = found.risk === "HIGH" ? acceptanceOf(state, riskId(question.id), found.risk) : undefined;
    if (accepted !== undefined) {
      return { ...found, shown: "MEDIUM", word: `accepted by ${nameOf(state, accepted.by)}` };
    }
    const { risk } = found;
    const word = risk === "UNANSWERED" ? whyUnknown(state.questions[question.id]?.status) : RISK_WORDS[risk];
    return { ...found, shown: risk, word };
  };
  return questionsOf(after, view.catalogue).flatMap((question) => {
    const from = level(before, question).shown;
    const now = level(after, question);
    if (RANK[from] === RANK[now.shown]) return [];
    const { shown: to, word, because } = now;
    return [{ id: question.id, short: question.short, from, to, word, because }];
  });
}

function happened({ session, since }: Told, view: ViewContext): Rich[] {
  const lines: Rich[] = [];
  const kinds = new Set(since.map((event) => event.kind));
  const moved = since.some((event) => event.kind === "session_edited" && event.eventAt !== undefined);
  if (moved && !kinds.has("session_started")) {
    lines.push([{ strong: "Moved: " }, `the event is now ${sayWhen(session.event, view.now)}.`]);
  }
  const decision = session.decisions.at(-1);
  if (kinds.has("decision_made") && decision !== undefined) {
    lines.push([{ strong: "Decided: " }, decision.status === "go" ? "go." : "no-go."]);
  }
  for (const event of since) {
    if (event.kind !== "condition_ended") continue;
    lines.push([{ strong: event.met ? "Met: " : "Not met: " }, "a condition of the decision."]);
  }
  if (kinds.has("session_closed")) lines.push(["The session is closed."]);
  if (kinds.has("session_cancelled")) lines.push(["The session was cancelled."]);
  const silent = since.some((event) => MOVES.has(event.kind)) && lines.length === 0;
  if (silent && kinds.has("decision_opened")) lines.push(["Go / no-go was opened."]);
  else if (silent && kinds.has("decision_signed")) lines.push(["A signature was given."]);
  return lines;
}

function becameLate({ session, lastAt }: Told, view: ViewContext): boolean {
  const now = view.now.toISOString();
  return (
    session.status === "open" &&
    questionsInOrder(session).some((question) => {
      const due = dueOf(session, question.id, view.catalogue);
      return !isSettled(question) && due < now && due >= (lastAt ?? session.startedAt);
    })
  );
}

function decisionOf(
  session: SessionState,
  to: readonly PersonId[] | "channel",
  view: ViewContext,
): { line: string; buttons: Button[] } | undefined {
  if (to === "channel" || session.status !== "open" || !session.scope.managers.some((id) => to.includes(id)))
    return undefined;
  const high = risksOf(session, view.catalogue).filter((risk) => risk.level === "HIGH" && risk.accepted === undefined);
  const decision = session.decisions.at(-1);
  const first = high[0];
  const accept = (risk: RegisteredRisk) =>
    button("accept", "Accept with a reason", { session: session.id, arg: risk.id }, { opens: true });
  if (decision?.status === "open" && !decision.signatures.some(({ by }) => to.includes(by))) {
    const value = { session: session.id, version: decision.version };
    return {
      line:
        first === undefined
          ? "go or no-go is open for your signature."
          : `go or no-go is open; somebody must first accept ${riskName(first, view)}.`,
      buttons: [
        ...(first === undefined ? [button("go", "Go", value, { style: "primary" as const })] : [accept(first)]),
        button("no_go", "No-go", value, { opens: true }),
      ],
    };
  }
  // A decision that was made is no longer anybody's to prepare.
  if (first === undefined || (decision !== undefined && decision.status !== "open")) return undefined;
  return { line: `accept ${riskName(first, view)} with a reason, or ask for more.`, buttons: [accept(first)] };
}

/** "R3 where content is stored" */
function riskName({ question, title }: RegisteredRisk, { catalogue }: ViewContext): string {
  return `${question} ${catalogue.question(question)?.short ?? title}`;
}

function named(items: string[]): string {
  const rest = items.length - MOST_NAMED;
  return `${items.slice(0, MOST_NAMED).join("; ")}${rest > 0 ? ` and ${rest} more` : ""}`;
}

/** Who is late, by name and without a ping; what nobody owns first. */
function lateLine(session: SessionState, view: ViewContext): string {
  if (session.status !== "open") return "";
  const now = view.now.toISOString();
  const late = questionsInOrder(session).filter(
    (question) => !isSettled(question) && dueOf(session, question.id, view.catalogue) < now,
  );
  const unowned = modulesInOrder(session).filter(
    (module) => module.owner === undefined && late.some((question) => question.module === module.id),
  );
  const byOwner = new Map<string, string[]>();
  for (const question of late) {
    const who = question.delegate ?? session.modules[question.module]?.owner;
    if (who === undefined) continue;
    const name = nameOf(session, who);
    byOwner.set(name, [...(byOwner.get(name) ?? []), question.id]);
  }
  const parts = [
    ...unowned.map((module) => `${moduleTitle(view.catalogue, module.id)}, nobody owns it`),
    ...[...byOwner].map(
      ([name, ids]) => `${ids.slice(0, 4).join(", ")}${ids.length > 4 ? ` and ${ids.length - 4} more` : ""} (${name})`,
    ),
  ];
  return parts.length === 0 ? "" : `${parts.join("; ")}.`;
}

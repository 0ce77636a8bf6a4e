import type { PersonId, SessionId } from "../src/domain/ids.ts";
import type { Block, Message, Rich } from "../src/domain/message.ts";
import type { SessionState } from "../src/domain/session.ts";
import type { SessionEvent } from "../src/domain/session-event.ts";
import { dueOf } from "./due.ts";
import { isSettled, modulesInOrder, nameOf, questionsInOrder } from "./session-queries.ts";
import { risksOf } from "./verdict.ts";
import { countdown } from "./views/header.ts";
import { button, type ViewContext } from "./views/parts.ts";
import { moduleTitle, wording } from "./wording.ts";

/** A manager's roll-up: what moved, what is at risk, who is late, what they must decide. Names without a ping. */

/** Events that are worth a digest; our own posting isn't. */
const MOVES = new Set<SessionEvent["kind"]>([
  "session_started",
  "session_edited",
  "scope_changed",
  "owner_assigned",
  "answer_settled",
  "answer_reopened",
  "question_skipped",
  "question_not_applicable",
  "choices_confirmed",
  "evidence_read",
  "risk_accepted",
  "decision_opened",
  "decision_signed",
  "decision_made",
  "summary_written",
]);

/**
 * One message over all sessions of a manager; undefined when nothing changed in any of them.
 * @param told each session with the events since the last digest.
 */
export function digestOf(
  told: { session: SessionState; since: SessionEvent[] }[],
  to: PersonId,
  view: ViewContext,
): { message: Message; session: SessionId } | undefined {
  const moved = told.filter(({ since }) => since.some((event) => MOVES.has(event.kind)));
  const first = moved[0];
  if (first === undefined) return undefined;
  const blocks = moved.flatMap(({ session, since }) => sessionBlocks(session, since, to, view));
  const names = moved.map(({ session }) => session.name).join(", ");
  return { session: first.session.id, message: { summary: `What moved: ${names}.`, blocks } };
}

function sessionBlocks(session: SessionState, since: SessionEvent[], to: PersonId, view: ViewContext): Block[] {
  const blocks: Block[] = [{ kind: "heading", text: `${session.name}, ${countdown(session, view.now)}` }];
  const lines: Rich[] = [];
  const answered = new Set(since.flatMap((event) => (event.kind === "answer_settled" ? [event.question] : [])));
  if (answered.size > 0)
    lines.push([
      { strong: "Moved: " },
      `${wording.plural(answered.size, "question")} answered (${[...answered].join(", ")}).`,
    ]);
  const risks = risksOf(session, view.catalogue);
  const high = risks.filter((risk) => risk.level === "HIGH" && risk.accepted === undefined);
  if (high.length > 0)
    lines.push([
      { strong: "At risk: " },
      high
        .slice(0, 4)
        .map((risk) => `${risk.question} ${risk.title}`)
        .join("; "),
      ".",
    ]);
  const late = lateLines(session, view);
  if (late !== "") lines.push([{ strong: "Late: " }, late]);
  const decision = session.decisions.at(-1);
  const mine = session.scope.managers.includes(to);
  const unsigned = decision?.status === "open" && !decision.signatures.some((signature) => signature.by === to);
  if (mine && unsigned) lines.push([{ strong: "You decide: " }, "go or no-go is open for your signature."]);
  else if (mine && high.length > 0)
    lines.push([{ strong: "You decide: " }, `accept ${high[0]!.id} with a reason, or ask for more.`]);
  if (lines.length === 0) lines.push(["Small changes only; nothing is late or newly at risk."]);
  blocks.push({ kind: "list", items: lines });
  const buttons = [
    ...(mine && unsigned
      ? [button("go", "Go", { session: session.id, version: decision.version }, { style: "primary" as const })]
      : []),
    ...(mine && high.length > 0
      ? [button("accept", "Accept with a reason", { session: session.id, arg: high[0]!.id }, { opens: true })]
      : []),
    button("status", "Where it stands", { session: session.id }),
  ];
  blocks.push({ kind: "buttons", buttons });
  return blocks;
}

function lateLines(session: SessionState, view: ViewContext): string {
  const now = view.now.toISOString();
  const late = questionsInOrder(session).filter(
    (question) => !isSettled(question) && dueOf(session, question.id, view.catalogue) < now,
  );
  const unowned = modulesInOrder(session).filter(
    (module) => module.owner === undefined && late.some((question) => question.module === module.id),
  );
  const owned = late.filter((question) => session.modules[question.module]?.owner !== undefined);
  const parts = [
    ...unowned.map((module) => `${moduleTitle(view.catalogue, module.id)}, nobody owns it`),
    ...owned
      .slice(0, 5)
      .map((question) => `${question.id} (${nameOf(session, session.modules[question.module]!.owner!)})`),
    ...(owned.length > 5 ? [`${owned.length - 5} more`] : []),
  ];
  return parts.length === 0 ? "" : `${parts.join("; ")}.`;
}

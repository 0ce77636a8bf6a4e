import type { Block, Message, Rich } from "../../src/domain/message.ts";
import type { Decision, SessionState } from "../../src/domain/session.ts";
import { textOf } from "../../src/domain/words.ts";
import { sayCalendarDay } from "../dates.ts";
import { outgrownLine, risksOf, verdictOf } from "../verdict.ts";
import { atTime, onDay } from "./moments.ts";
import { boardLink, button, excerpt, joined, person, type ViewContext } from "./parts.ts";

/** The go / no-go card: verdict, accepted risks, signatures, two buttons. */
export function decisionCard(state: SessionState, version: number, view: ViewContext): Message {
  const decision = state.decisions.find((one) => one.version === version);
  const verdict = verdictOf(state, view.catalogue);
  const high = risksOf(state, view.catalogue).filter((risk) => risk.level === "HIGH");
  const open = high.filter((risk) => risk.accepted === undefined);
  const decidedAt = decision?.decidedAt;
  const newest = state.decisions.at(-1);
  const blocks: Block[] = [
    { kind: "heading", text: `Go / no-go · ${state.name}` },
    {
      kind: "text",
      text:
        decidedAt === undefined
          ? [{ strong: `${verdict.headline}.` }, ` ${verdict.reasons.slice(0, 3).join(" ")}`]
          : [{ strong: `Decided as: ${decision?.headline ?? verdict.headline}.` }],
    },
  ];
  // What was decided is a record: what is accepted later isn't part of it.
  const accepted = state.accepted.filter((one) => decidedAt === undefined || one.at <= decidedAt);
  if (accepted.length > 0) {
    blocks.push({
      kind: "list",
      items: accepted.map(
        (accepted): Rich => [
          "Accepted: ",
          { strong: accepted.risk },
          " by ",
          person(state, accepted.by),
          accepted.level === undefined ? "" : `, as a ${accepted.level.toLowerCase()} risk`,
          accepted.until === undefined ? ": " : `, until ${sayCalendarDay(accepted.until, view.now)}: `,
          { quote: excerpt(textOf(accepted.reason), 160) },
        ],
      ),
    });
  }
  blocks.push({ kind: "text", text: signatureLine(state, decision, view) });
  const conditions = decision?.conditions ?? [];
  if (conditions.length > 0) {
    blocks.push({
      kind: "list",
      items: conditions.map(
        (condition): Rich => [
          "Condition: ",
          { quote: excerpt(textOf(condition.words), 160) },
          condition.met === undefined ? ", looked at on " : condition.met ? ": met" : ": not met",
          condition.met === undefined ? onDay(condition.dueAt, state, view) : "",
          ".",
        ],
      ),
    });
  }
  if (decision !== undefined && newest !== undefined && newest.version > version) {
    blocks.push({
      kind: "context",
      text: [`Replaced by a newer decision (${newest.version}). This one stays on record.`],
    });
  }
  const board = boardLink(state.id, view);
  if (board.length > 0) blocks.push({ kind: "context", text: board });
  if (decision?.status === "open") {
    if (open.length > 0) {
      blocks.push({
        kind: "text",
        text: [{ strong: "Before go: " }, "these high risks need somebody who accepts them by name."],
      });
      blocks.push({
        kind: "list",
        items: open
          .slice(0, 10)
          .map(
            (risk): Rich => [
              { strong: risk.id },
              ` ${risk.title}: ${[risk.because, outgrownLine(risk) ?? ""].join(" ").trim()}`,
            ],
          ),
      });
    }
    const value = { session: state.id, version };
    blocks.push({
      kind: "buttons",
      buttons: [
        button("go", "Go", value, { style: "primary", describes: `Sign go for ${state.name}` }),
        button("no_go", "No-go", value, { style: "danger", opens: true, describes: `Sign no-go for ${state.name}` }),
        ...(open.length > 0 ? [button("accept", "Accept a risk", value, { opens: true })] : []),
        button("summary", "Read the summary", { session: state.id }),
      ],
    });
  }
  return { summary: `Go / no-go for ${state.name}: ${decisionWord(decision)}`, blocks };
}

function decisionWord(decision: Decision | undefined): string {
  if (decision === undefined || decision.status === "open") return "waiting for signatures";
  return decision.status === "go" ? "go" : "no-go";
}

function signatureLine(state: SessionState, decision: Decision | undefined, view: ViewContext): Rich {
  if (decision === undefined) return ["No decision is open."];
  const signed = decision.signatures.map(
    (signature): Rich => [
      person(state, signature.by),
      signature.go ? " go " : " no-go ",
      atTime(signature.at, state, view),
      ...(signature.reason === undefined ? [] : [" (", { quote: excerpt(textOf(signature.reason), 120) }, ")"]),
    ],
  );
  const waiting = state.scope.managers.filter((id) => !decision.signatures.some((signature) => signature.by === id));
  if (decision.status !== "open") {
    return [{ strong: decision.status === "go" ? "Go. " : "No-go. " }, "Signed: ", ...joined(signed, ", "), "."];
  }
  return [
    "Signed: ",
    ...(signed.length === 0 ? ["nobody yet"] : joined(signed, ", ")),
    ...(waiting.length === 0
      ? []
      : [
          " · waiting for ",
          ...joined(
            waiting.map((id): Rich => [person(state, id)]),
            ", ",
          ),
        ]),
  ];
}

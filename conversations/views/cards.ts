import type { Message, Rich } from "../../src/domain/message.ts";
import type { SessionState } from "../../src/domain/session.ts";
import { isSettled, nameOf, questionsInOrder } from "../session-queries.ts";
import { summaryBlocks } from "../summary-blocks.ts";
import { verdictOf } from "../verdict.ts";
import { boardLink, button, joined, type ViewContext } from "./parts.ts";

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
        buttons: [button("export", "Full text", { ...value, arg: "md" }), button("decide", "Open go / no-go", value)],
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
    (question) => question.status === "answered" && question.confirmed === undefined,
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

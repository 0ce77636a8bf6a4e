import type { PersonId } from "../../src/domain/ids.ts";
import type { Block, Message, Rich } from "../../src/domain/message.ts";
import type { QuestionState, SessionState } from "../../src/domain/session.ts";
import { dueOf } from "../due.ts";
import { assignee, isSettled, modulesInOrder, openQuestionOf, questionsInOrder } from "../session-queries.ts";
import { moduleTitle, wording } from "../wording.ts";
import { onDay } from "./moments.ts";
import { button, questionValue, type ViewContext } from "./parts.ts";

/** What waits for one person. */

/** `next` and "My questions": the open question first, then what follows, then what can be taken. */
export function myQuestions(state: SessionState, me: PersonId, view: ViewContext): Message {
  const open = openQuestionOf(state, me);
  const mine = questionsInOrder(state).filter((question) => assignee(state, question) === me && !isSettled(question));
  const free = modulesInOrder(state).filter((module) => module.owner === undefined);
  const kept = state.offered.filter((offer) => offer.person === me && offer.reason === "unowned");
  if (mine.length === 0 && free.length === 0) return wording.sentence(wording.nothingWaits());
  const blocks: Block[] = [];
  if (mine.length === 0) blocks.push({ kind: "text", text: [wording.nothingWaits()] });
  if (open !== undefined) {
    blocks.push({ kind: "text", text: [{ strong: `${open.id}: ${view.catalogue.question(open.id)?.text ?? ""}` }] });
    blocks.push({
      kind: "context",
      text: [
        `It stands in the ${moduleTitle(view.catalogue, open.module)} thread. Reply there, or here with the button.`,
      ],
    });
    blocks.push({
      kind: "buttons",
      buttons: [
        button("answer", "Answer", questionValue(state, open), { opens: true, style: "primary" }),
        button("why", "Why?", questionValue(state, open)),
        button("skip", "Skip", questionValue(state, open)),
      ],
    });
  }
  const after = mine.filter((question) => question.id !== open?.id);
  if (after.length > 0) {
    blocks.push({ kind: "text", text: [open === undefined ? "Yours:" : "After that:"] });
    blocks.push({ kind: "list", items: after.slice(0, 10).map((question) => lineOf(state, question, view)) });
  }
  if (free.length > 0) {
    blocks.push({
      kind: "text",
      text: [free.length === 1 ? "This module has no owner yet:" : "These modules have no owner yet:"],
    });
    blocks.push({
      kind: "buttons",
      buttons: free
        .slice(0, 5)
        .map((module) =>
          button("claim", `Take ${moduleTitle(view.catalogue, module.id)}`, { session: state.id, module: module.id }),
        ),
    });
    if (kept.length > 0)
      blocks.push({
        kind: "context",
        text: ["What you said in an unowned thread is kept; it counts once you take the module."],
      });
  }
  return {
    summary: open === undefined ? waiting(mine.length, free.length) : `${open.id} is open for you.`,
    blocks,
  };
}

/** With none of theirs open now. */
function waiting(mine: number, free: number): string {
  if (mine > 0) return mine === 1 ? "One question waits for you." : `${mine} questions wait for you.`;
  return `${wording.nothingWaits()} ${free === 1 ? "One module has" : `${free} modules have`} no owner yet.`;
}

function lineOf(state: SessionState, question: QuestionState, view: ViewContext): Rich {
  return [
    `${question.id} ${view.catalogue.question(question.id)?.short ?? ""}, due `,
    onDay(dueOf(state, question.id, view.catalogue), state, view),
  ];
}

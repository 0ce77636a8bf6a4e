import { DateTime } from "luxon";
import type { PersonId } from "../../src/domain/ids.ts";
import type { Block, Message, Rich } from "../../src/domain/message.ts";
import type { OpenItem, QuestionState, SessionState } from "../../src/domain/session.ts";
import { dueOf } from "../due.ts";
import { assignee, isSettled, modulesInOrder, openQuestionOf, questionsInOrder } from "../session-queries.ts";
import { moduleTitle, wording } from "../wording.ts";
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
    blocks.push({ kind: "text", text: ["Nobody owns yet:"] });
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
    summary: open === undefined ? `${mine.length} of your questions are open.` : `${open.id} is open for you.`,
    blocks,
  };
}

function lineOf(state: SessionState, question: QuestionState, view: ViewContext): Rich {
  const due = DateTime.fromISO(dueOf(state, question.id, view.catalogue), { zone: state.event.zone });
  return [
    `${question.id} ${view.catalogue.question(question.id)?.short ?? ""}, due ${due.setLocale("en-GB").toFormat("ccc d LLL")}`,
  ];
}

/** The one message a person gets a day: everything that waits, over all sessions. */
export function nudgeCard(items: OpenItem[], view: ViewContext & { zone: string }): Message {
  const count = items.length === 1 ? "One thing waits for you." : `${items.length} things wait for you.`;
  const blocks: Block[] = [{ kind: "text", text: [{ strong: count }] }];
  for (const item of items.slice(0, 8)) {
    const value = {
      session: item.session,
      ...(item.question === undefined ? {} : { question: item.question }),
      ...(item.module === undefined ? {} : { module: item.module }),
    };
    blocks.push({
      kind: "text",
      text: [{ strong: item.sessionName }, ` (${sayDays(item, view)}): ${whatWaits(item, view)}`],
    });
    blocks.push({
      kind: "buttons",
      buttons:
        item.kind === "question"
          ? [
              button("answer", "Answer", value, { opens: true, describes: `Answer ${item.question ?? ""}` }),
              button(
                "snooze",
                "Tomorrow",
                { ...value, arg: "1" },
                { describes: `Remind me tomorrow of ${item.question ?? ""}` },
              ),
              button("delegate", "Not mine", value, { opens: true, describes: `Hand ${item.question ?? ""} over` }),
            ]
          : [
              button(
                item.kind === "confirm" ? "show_confirm" : "status",
                item.kind === "confirm" ? "Look" : "Open",
                value,
              ),
              button("snooze", "Tomorrow", { ...value, arg: "1" }),
            ],
    });
  }
  if (items.length > 8) blocks.push({ kind: "context", text: [`And ${items.length - 8} more.`] });
  return { summary: count, blocks };
}

function sayDays(item: OpenItem, view: ViewContext & { zone: string }): string {
  const days = Math.ceil((Date.parse(item.eventAt) - view.now.getTime()) / 86_400_000);
  return days > 0 ? `T-${days}` : "today";
}

function whatWaits(item: OpenItem, view: ViewContext & { zone: string }): string {
  if (item.kind === "confirm") return `confirm how ${moduleTitle(view.catalogue, item.module ?? "")} was read.`;
  if (item.kind === "decide") return "your signature on go / no-go.";
  if (item.kind === "claim") return `${moduleTitle(view.catalogue, item.module ?? "")} has no owner.`;
  const due = DateTime.fromISO(item.dueAt, { zone: view.zone });
  const today = DateTime.fromJSDate(view.now, { zone: view.zone });
  const late = due < today;
  const day = due.hasSame(today, "day") ? "today" : due.setLocale("en-GB").toFormat("ccc d LLL");
  return `${item.question ?? ""} ${view.catalogue.question(item.question ?? "")?.short ?? ""}, ${late ? "was due" : "due"} ${day}.`;
}

import type { Inbound } from "../../src/domain/inbound.ts";
import type { Form, Message } from "../../src/domain/message.ts";
import type { Outcome, Reply } from "../../src/domain/ports.ts";
import type { AdaptiveCard } from "../cards/elements.ts";
import { ADAPTIVE, dialogOf, formMessageCard, type NameOf } from "./dialogs.ts";
import { clip, TEAMS_LIMITS } from "./limits.ts";
import { isShort, textOf } from "./render.ts";
import type { InvokeAnswer } from "./sdk.ts";

/** What still has to be said to the person, beside the answer itself: not awaited. */
export type Aside =
  | { say: "message"; message: Message }
  | { say: "card"; card: AdaptiveCard; summary: string }
  | { say: "file"; file: Extract<Reply, { kind: "file" }> };

export type Answer = { answer?: InvokeAnswer; aside?: Aside };

/** The body of `adaptiveCard/action`'s answer: a notice, or the card that now stands there. */
export function notice(text: string): InvokeAnswer {
  return {
    status: 200,
    body: {
      statusCode: 200,
      type: "application/vnd.microsoft.activity.message",
      value: clip(text, TEAMS_LIMITS.noticeText),
    },
  };
}

function redrawn(card: object): InvokeAnswer {
  return { status: 200, body: { statusCode: 200, type: ADAPTIVE, value: card } };
}

export const NOTHING_TO_DO = "There is nothing to do here any more. The newest card has what is current.";
const DONE = "Done.";

const WHO_ARE_YOU = "One moment: I'm asking Teams who you are. Then this counts.";

/** The answer to a tap or form that waits until Teams has told who it is from. */
export function answerMeanwhile(activity: { name?: string | null | undefined }): InvokeAnswer {
  return activity.name === "adaptiveCard/action" ? notice(WHO_ARE_YOU) : { status: 200 };
}

/** What is said privately when it has been taken in. A form with a wrong field comes back as a card. */
export function answerLater(outcome: Outcome, shown: Form | undefined, nameOf: NameOf): Answer {
  const reply = replyOf(outcome);
  if (reply?.kind !== "errors" || shown === undefined) return reply === undefined ? {} : asideFor(reply, nameOf);
  return { aside: { say: "card", card: formMessageCard(shown, nameOf, reply.errors), summary: shown.title } };
}

/** The answer to a message or command: nothing in HTTP; a private reply follows. */
export function answerToWords(outcome: Outcome, nameOf: NameOf): Answer {
  const reply = replyOf(outcome);
  return reply === undefined ? {} : asideFor(reply, nameOf);
}

/**
 * The answer to a card's button. Short words are a notice; longer ones and forms come as a private reply; otherwise the
 * card is redrawn, or stays until its update arrives.
 */
export function answerToAction(outcome: Outcome, nameOf: NameOf, current: object | undefined): Answer {
  const reply = replyOf(outcome);
  if (reply?.kind === "message" && isShort(reply.message)) return { answer: notice(textOf(reply.message)) };
  if (reply?.kind === "errors") return { answer: notice(Object.values(reply.errors).join(" ")) };
  const answer =
    current !== undefined
      ? redrawn(current)
      : notice(reply?.kind === "message" ? reply.message.summary : plainly(outcome));
  return { answer, ...(reply === undefined ? {} : asideFor(reply, nameOf)) };
}

/** The answer to a form submitted from inside a message: wrong fields are shown in the card itself. */
export function answerToCardForm(outcome: Outcome, shown: Form | undefined, nameOf: NameOf): Answer {
  const reply = replyOf(outcome);
  if (reply?.kind === "errors" && shown !== undefined) {
    return { answer: redrawn(formMessageCard(shown, nameOf, reply.errors)) };
  }
  return answerToAction(outcome, nameOf, undefined);
}

/** The answer to `task/fetch` and `task/submit`. Without a body the dialog closes. */
export function answerToDialog(
  outcome: Outcome,
  inbound: Inbound,
  shown: Form | undefined,
  nameOf: NameOf,
  drawn: object | undefined,
): Answer {
  const reply = replyOf(outcome);
  if (reply === undefined) {
    if (inbound.kind === "form" && outcome.kind !== "ignored") return { answer: { status: 200 } };
    return { answer: { status: 200, body: { task: { type: "message", value: plainly(outcome) } } } };
  }
  switch (reply.kind) {
    case "form":
      return { answer: { status: 200, body: dialogOf(reply.form, nameOf) } };
    case "errors":
      return {
        answer: {
          status: 200,
          body:
            shown === undefined
              ? { task: { type: "message", value: Object.values(reply.errors).join(" ") } }
              : dialogOf(shown, nameOf, reply.errors),
        },
      };
    case "message":
      return {
        answer: {
          status: 200,
          body:
            isShort(reply.message) || drawn === undefined
              ? { task: { type: "message", value: textOf(reply.message) } }
              : {
                  task: {
                    type: "continue",
                    value: {
                      title: clip(reply.message.summary, TEAMS_LIMITS.dialogTitle),
                      height: "medium",
                      width: "medium",
                      card: { contentType: ADAPTIVE, content: drawn },
                    },
                  },
                },
        },
      };
    case "file":
      return { answer: { status: 200 }, aside: { say: "file", file: reply } };
  }
}

/** Invokes always get an answer, or the client shows an error. */
export function answerToIgnored(name: string | null | undefined): InvokeAnswer {
  if (name === "adaptiveCard/action") return notice("");
  if (name === "task/fetch" || name === "task/submit") {
    return { status: 200, body: { task: { type: "message", value: NOTHING_TO_DO } } };
  }
  return { status: 501 };
}

function asideFor(reply: Reply, nameOf: NameOf): Answer {
  switch (reply.kind) {
    case "message":
      return { aside: { say: "message", message: reply.message } };
    case "form":
      return { aside: { say: "card", card: formMessageCard(reply.form, nameOf), summary: reply.form.title } };
    case "errors":
      return { aside: { say: "message", message: sentence(Object.values(reply.errors).join(" ")) } };
    case "file":
      return { aside: { say: "file", file: reply } };
  }
}

function replyOf(outcome: Outcome): Reply | undefined {
  return outcome.kind === "committed" || outcome.kind === "ignored" ? outcome.reply : undefined;
}

function plainly(outcome: Outcome): string {
  return outcome.kind === "ignored" || outcome.kind === "lost_claim" ? NOTHING_TO_DO : DONE;
}

function sentence(text: string): Message {
  return { summary: text, blocks: [{ kind: "text", text: [text] }] };
}

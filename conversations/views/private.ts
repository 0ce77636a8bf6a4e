import type { Catalogue } from "../../src/domain/catalogue.ts";
import type { ModuleId, QuestionId } from "../../src/domain/ids.ts";
import type { Message, Rich } from "../../src/domain/message.ts";
import type { QuestionState, SessionState } from "../../src/domain/session.ts";
import { textOf } from "../../src/domain/words.ts";
import { endsAsQuestion } from "../reply.ts";
import { isSettled, nameOf } from "../session-queries.ts";
import type { Take } from "../take.ts";
import { moduleTitle, wording } from "../wording.ts";
import { button, excerpt, joined, questionValue } from "./parts.ts";

/** Messages that only one person sees. */

/** Why a question is asked, what good looks like, what is dangerous, and where to read on. */
export function whyCard(state: SessionState, id: QuestionId, catalogue: Catalogue): Message {
  const question = catalogue.question(id);
  if (question === undefined) return wording.sentence(`I have no notes on ${id}.`);
  const status = state.questions[id];
  return {
    summary: `Why ${id}: ${question.why}`,
    blocks: [
      { kind: "heading", text: `${id} · why it matters` },
      { kind: "text", text: [question.why] },
      { kind: "text", text: [{ strong: "A good answer contains" }] },
      { kind: "list", items: question.good.map((point) => [point.text]) },
      { kind: "text", text: [{ strong: "For example: " }, question.example] },
      { kind: "text", text: [{ strong: "Dangerous answers" }] },
      { kind: "list", items: question.dangerous.map((answer) => [answer]) },
      { kind: "context", text: [`Usually known by ${question.whoKnows}.`] },
      {
        kind: "context",
        // By id: their titles are whole sentences, and five of them fill a phone.
        text: joined(
          [
            ...question.practices.map(({ id: link, url }): Rich => [{ link, url }]),
            ...question.links.map(({ title: link, url }): Rich => [{ link, url }]),
          ],
          " · ",
        ),
      },
      ...(status === undefined || status.status === "answered"
        ? []
        : [
            {
              kind: "buttons" as const,
              buttons: [
                button(
                  "answer",
                  "Answer",
                  { session: state.id, question: id, version: status.version },
                  { opens: true },
                ),
              ],
            },
          ]),
    ],
  };
}

/** To the author of the first answer in a module nobody owns. */
export function offerModule(state: SessionState, module: ModuleId, messageId: string, catalogue: Catalogue): Message {
  const title = moduleTitle(catalogue, module);
  const value = { session: state.id, module, arg: messageId };
  return {
    summary: `Take ${title} and use this as your answer?`,
    blocks: [
      { kind: "text", text: [`Nobody owns ${title} yet. Take it and use this as your answer?`] },
      {
        kind: "buttons",
        buttons: [
          button("take", "Yes", value, { style: "primary", describes: `Yes, take ${title} and use this answer` }),
          button("not_me", "Not me", value),
        ],
      },
    ],
  };
}

/** To somebody whose message was taken for talk: by which sign, and that the question is as it was. */
export function offerUse(state: SessionState, question: QuestionId, messageId: string, words: string): Message {
  const asked = state.questions[question];
  const line =
    asked !== undefined && isSettled(asked)
      ? `${question} is settled, so I took that as talk.`
      : `${endsAsQuestion(words) ? 'That ends in "?", so I took it' : "I took that"} as talk. ${question} still waits for your answer.`;
  return {
    summary: line,
    blocks: [
      { kind: "text", text: [line] },
      {
        kind: "buttons",
        buttons: [button("use_as_answer", "Use as answer", { session: state.id, question, arg: messageId })],
      },
    ],
  };
}

/** To whoever records somebody's message where more than one question could be meant. */
export function chooseQuestion(
  state: SessionState,
  questions: readonly QuestionState[],
  { person: author, message, words }: Take,
  catalogue: Catalogue,
): Message {
  const line = `Which question does this of ${nameOf(state, author)} answer?`;
  return {
    summary: line,
    blocks: [
      { kind: "text", text: [line] },
      { kind: "context", text: [{ quote: excerpt(textOf(words), 140) }] },
      {
        kind: "buttons",
        buttons: questions.slice(0, MOST_CHOICES).map((question) =>
          button("record_for", `${question.id} · ${catalogue.question(question.id)?.short ?? ""}`, {
            ...questionValue(state, question),
            arg: message.messageId,
          }),
        ),
      },
    ],
  };
}

/** What a platform shows in a row of buttons, and more than is ever open in one thread. */
const MOST_CHOICES = 10;

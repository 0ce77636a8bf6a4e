import type { Catalogue } from "../../src/domain/catalogue.ts";
import type { ModuleId, QuestionId } from "../../src/domain/ids.ts";
import type { Message } from "../../src/domain/message.ts";
import type { SessionState } from "../../src/domain/session.ts";
import { moduleTitle, wording } from "../wording.ts";
import { button } from "./parts.ts";

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
        text: [...question.practices, ...question.links.map((link) => ({ id: link.title, title: "", url: link.url }))]
          .slice(0, 8)
          .flatMap((practice, index) => [
            ...(index === 0 ? [] : [" · "]),
            { link: practice.title === "" ? practice.id : `${practice.id} ${practice.title}`, url: practice.url },
          ]),
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

/** To somebody whose message was taken for talk. */
export function offerUse(state: SessionState, question: QuestionId, messageId: string): Message {
  return {
    summary: `I took that as talk, not as your answer to ${question}.`,
    blocks: [
      { kind: "text", text: [`I took that as talk, not as your answer to ${question}.`] },
      {
        kind: "buttons",
        buttons: [button("use_as_answer", "Use as answer", { session: state.id, question, arg: messageId })],
      },
    ],
  };
}

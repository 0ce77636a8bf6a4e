import type { Form } from "../../src/domain/message.ts";
import type { SessionState } from "../../src/domain/session.ts";
import { textOf } from "../../src/domain/words.ts";
import { REVIEW_ASKS } from "../review-asks.ts";

/** The review's five questions; what somebody wrote already stands in it. */
export function reviewForm(state: SessionState): Form {
  return {
    id: "answer",
    title: "Review",
    intro: [`${state.name}, looking back. A line each is enough; leave out what you don't know.`],
    submit: "Record",
    context: { session: state.id, arg: "review" },
    fields: REVIEW_ASKS.map(({ id, text, hint }) => {
      const said = state.review?.[id];
      return {
        name: id,
        label: text,
        hint,
        type: "text" as const,
        multiline: true,
        max: 2_000,
        ...(said === undefined ? {} : { value: textOf(said.words) }),
      };
    }),
  };
}

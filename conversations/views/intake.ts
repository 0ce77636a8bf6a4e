import type { Catalogue } from "../../src/domain/catalogue.ts";
import type { ArchitectureDocument, Found } from "../../src/domain/intake.ts";
import type { Block, Form, Message, Rich } from "../../src/domain/message.ts";
import type { QuestionState, SessionState } from "../../src/domain/session.ts";
import { openSuggestion, SUGGESTION_PREFIX, type Suggestion, suggestedText } from "../intake.ts";
import { isSettled } from "../session-queries.ts";
import { wording } from "../wording.ts";
import { button, excerpt, questionValue } from "./parts.ts";

/** What an architecture suggests, shown where it can be taken, changed or left out. */

const MOST_SHOWN = 6;
/** More buttons than that are no choice any more. */
const MOST_FIXES = 3;

function placeOf({ place }: Found): string {
  const line = place.line > 0 ? `:${place.line}` : "";
  return `${place.file}${line} · ${place.resource}`;
}

function lineOf(found: Found): Rich {
  return [
    ...(found.kind === "weak" ? [{ strong: "To look at: " }] : []),
    { quote: excerpt(found.statement, 220) },
    " ",
    { soft: placeOf(found) },
  ];
}

/** On the card of an open question. */
export function suggestionBlocks(state: SessionState, question: QuestionState): Block[] {
  const suggestion = openSuggestion(state, question.id);
  if (suggestion === undefined || question.status !== "open") return [];
  const { architecture, name, found } = suggestion;
  const value = { ...questionValue(state, question), arg: architecture.id };
  const weak = found.filter((one) => one.kind === "weak");
  const more = found.length - MOST_SHOWN;
  return [
    { kind: "text", text: [{ strong: "Your architecture suggests" }] },
    { kind: "list", items: found.slice(0, MOST_SHOWN).map(lineOf) },
    {
      kind: "context",
      text: [
        more > 0 ? `And ${more} more in ${name}. ` : "",
        howRead(architecture.document?.by),
        " It counts only once you say so.",
      ],
    },
    {
      kind: "buttons",
      buttons: [
        button("use_suggestion", "Use as answer", value, {
          describes: `Use the suggestion as the answer to ${question.id}`,
        }),
        button("edit_suggestion", "Edit", value, { opens: true, describes: `Edit the suggestion for ${question.id}` }),
        button("reject_suggestion", "Not right", value, { describes: `Leave the suggestion for ${question.id} out` }),
        ...(architecture.document?.by === "parser" ? weak : [])
          .slice(0, MOST_FIXES)
          .map((one) =>
            button(
              "propose_fix",
              weak.length === 1 ? "Propose a fix" : excerpt(`Fix ${one.place.resource.split(".").at(-1) ?? ""}`, 24),
              { ...questionValue(state, question), arg: one.id },
              { describes: excerpt(`Draft a change for ${one.place.resource}`, 70) },
            ),
          ),
      ],
    },
  ];
}

function howRead(by: ArchitectureDocument["by"] | undefined): string {
  switch (by) {
    case "model":
      return "Read by a model, so look twice.";
    case "phrases":
      return "Read by its wording.";
    default:
      return "Read from the file.";
  }
}

/** To whoever gave it: what was found, and what happens with it. */
export function architectureCard(state: SessionState, document: ArchitectureDocument, catalogue: Catalogue): Message {
  const { name, found, resources, by } = document;
  const weak = found.filter((one) => one.kind === "weak");
  const questions = [...new Set(found.map((one) => one.question))];
  const answered = questions.filter((id) => {
    const question = state.questions[id];
    return question !== undefined && isSettled(question);
  });
  const counted = by === "parser" ? `${name}, ${wording.plural(resources, "resource")}` : name;
  const line = `${counted}: it speaks to ${wording.plural(questions.length, "question")}, ${wording.plural(weak.length, "thing")} to look at.`;
  if (found.length === 0) {
    return wording.sentence(
      `I read ${name} and found nothing that speaks to a question. Nothing changes; the owners answer as before.`,
    );
  }
  return {
    summary: line,
    blocks: [
      { kind: "text", text: [{ strong: line }] },
      ...(weak.length === 0
        ? []
        : [
            { kind: "text" as const, text: ["To look at"] },
            {
              kind: "list" as const,
              items: weak
                .slice(0, 8)
                .map(
                  (one): Rich => [
                    { strong: `${one.question} ` },
                    { quote: excerpt(one.statement, 200) },
                    " ",
                    { soft: placeOf(one) },
                  ],
                ),
            },
          ]),
      {
        kind: "text",
        text: [
          `It stands as a suggestion in ${questions
            .slice(0, 12)
            .map((id) => `${id} (${catalogue.question(id)?.short ?? id})`)
            .join(", ")}. Each owner takes it, changes it or leaves it out; until then it counts for nothing.`,
        ],
      },
      ...(answered.length === 0
        ? []
        : [
            {
              kind: "context" as const,
              text: [
                `Already answered: ${answered.join(", ")}. Compare, and use Edit there where the file says otherwise.`,
              ],
            },
          ]),
      { kind: "buttons", buttons: [button("next", "My questions", { session: state.id })] },
    ],
  };
}

/** The suggestion, to be changed before it is recorded. */
export function suggestionForm(
  state: SessionState,
  question: QuestionState,
  suggestion: Suggestion,
  catalogue: Catalogue,
): Form {
  return {
    id: "answer",
    title: `Answer ${question.id}`,
    intro: [catalogue.question(question.id)?.text ?? question.id],
    submit: "Record",
    context: { ...questionValue(state, question), arg: `${SUGGESTION_PREFIX}${suggestion.architecture.id}` },
    fields: [
      {
        name: "answer",
        label: "Your answer",
        hint: catalogue.question(question.id)?.followUp ?? "",
        required: true,
        type: "text",
        multiline: true,
        max: 3000,
        value: suggestedText(suggestion).slice(0, 3000),
      },
    ],
  };
}

import type { Catalogue } from "../../src/domain/catalogue.ts";
import type { ArchitectureDocument, Found } from "../../src/domain/intake.ts";
import type { Block, Form, Message, Rich } from "../../src/domain/message.ts";
import type { QuestionState, SessionState } from "../../src/domain/session.ts";
import {
  newestOf,
  openSuggestions,
  SUGGESTION_FIELD,
  SUGGESTION_PREFIX,
  type Suggestion,
  suggestedText,
} from "../intake.ts";
import { isSettled } from "../session-queries.ts";
import { wording } from "../wording.ts";
import { button, excerpt, questionValue, whatHelps } from "./parts.ts";

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

/** On the card of an open question: each suggestion with its place, and what its owner can do with them. */
export function suggestionBlocks(state: SessionState, question: QuestionState, model: boolean): Block[] {
  const open = question.status === "open" ? openSuggestions(state, question.id) : [];
  if (open.length === 0) return [];
  const value = { ...questionValue(state, question), arg: newestOf(open) ?? "" };
  const fixable = open.filter(
    ({ found, architecture }) => model && found.kind === "weak" && isParsed(architecture.document),
  );
  const more = open.length - MOST_SHOWN;
  const one = open.length === 1;
  const how = [...new Set(open.map(({ architecture }) => howRead(architecture.document?.by)))].join(" ");
  return [
    { kind: "text", text: [{ strong: "Your architecture suggests" }] },
    { kind: "list", items: open.slice(0, MOST_SHOWN).map(({ found }) => lineOf(found)) },
    {
      kind: "context",
      text: [
        more > 0 ? `And ${more} more, under "Decide on each". ` : "",
        how,
        one ? " It counts only once you say so." : " They count only once you say so.",
      ],
    },
    {
      kind: "buttons",
      buttons: [
        button("use_suggestion", one ? "Use as answer" : "Use all as answer", value, {
          describes: `Use ${one ? "the suggestion" : "all suggestions"} as the answer to ${question.id}`,
        }),
        button("edit_suggestion", one ? "Edit" : "Decide on each", value, {
          opens: true,
          describes: one ? `Edit the suggestion for ${question.id}` : `Confirm, edit or reject each for ${question.id}`,
        }),
        button("reject_suggestion", one ? "Not right" : "None is right", value, {
          describes: `Leave ${one ? "the suggestion" : "all suggestions"} for ${question.id} out`,
        }),
        ...fixable
          .slice(0, MOST_FIXES)
          .map(({ found }) =>
            button(
              "propose_fix",
              fixable.length === 1
                ? "Propose a fix"
                : excerpt(`Fix ${found.place.resource.split(".").at(-1) ?? ""}`, 24),
              { ...questionValue(state, question), arg: found.id },
              { describes: excerpt(`Draft a change for ${found.place.resource}`, 70) },
            ),
          ),
      ],
    },
  ];
}

function isParsed(document: ArchitectureDocument | undefined): boolean {
  return document?.by === "parser";
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
  const line = `${counted}: it answers part of ${wording.plural(questions.length, "question")}, ${wording.plural(weak.length, "thing")} to look at.`;
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
          `I put it as a suggestion on ${questions
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

/** A form has no more fields than somebody looks through. */
const MOST_FIELDS = 12;
const ONE_LINE = 90;

/** What is suggested, to be decided on before it is recorded: one field for each, or one for a single one. */
export function suggestionForm(
  state: SessionState,
  question: QuestionState,
  open: readonly Suggestion[],
  catalogue: Catalogue,
): Form {
  const hint = whatHelps(catalogue.question(question.id));
  const single = open.length === 1;
  return {
    id: "answer",
    title: `Answer ${question.id}`,
    intro: [
      catalogue.question(question.id)?.text ?? question.id,
      ...(single ? [] : [{ soft: " Leave what is right, change what isn't quite, empty what is wrong." }]),
    ],
    submit: "Record",
    context: { ...questionValue(state, question), arg: `${SUGGESTION_PREFIX}${newestOf(open) ?? ""}` },
    fields: [
      ...(single ? [] : open.slice(0, MOST_FIELDS)).map(({ found, at }) => ({
        name: `${SUGGESTION_FIELD}${at}`,
        label: excerpt(placeOf(found), 75),
        type: "text" as const,
        multiline: found.statement.length > ONE_LINE,
        max: 1000,
        value: found.statement.slice(0, 1000),
      })),
      {
        name: "answer",
        label: single ? "Your answer" : "Anything to add",
        hint,
        required: single,
        type: "text",
        multiline: true,
        max: 3000,
        ...(single ? { value: suggestedText(open).slice(0, 3000) } : {}),
      },
    ],
  };
}

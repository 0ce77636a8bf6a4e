import type { Question } from "../../src/domain/catalogue.ts";
import type { Block, Message } from "../../src/domain/message.ts";
import type { QuestionState, SessionState } from "../../src/domain/session.ts";
import type { RuledRisk } from "../risk.ts";
import { answerLine, isSettled, liveParts, questionsOf } from "../session-queries.ts";
import { choicesThatCount, riskIfConfirmed } from "../verdict.ts";
import { moduleTitle } from "../wording.ts";
import { button, excerpt, joined, person, type ViewContext } from "./parts.ts";

/** An answer that was taken back has no words any more; one that AWS contradicts still has them. */
function whyOpen(state: SessionState, questions: readonly QuestionState[]): string {
  const contradicted = questions.filter(
    (question) =>
      !isSettled(question) && state.contradicted?.[question.id] !== undefined && liveParts(question).length > 0,
  );
  if (contradicted.length === 0) return "a question in it was taken back";
  return `AWS contradicts what was confirmed for ${contradicted.map(({ id }) => id).join(", ")}`;
}

/** A module's closing card: how the bot reads its answers, to be confirmed in one go. */
export function confirmCard(state: SessionState, moduleId: string, view: ViewContext): Message {
  const module = state.modules[moduleId];
  const title = moduleTitle(view.catalogue, moduleId);
  const questions = questionsOf(state, moduleId);
  if (module === undefined || !questions.every(isSettled)) {
    const line = `${title} is open again: ${whyOpen(state, questions)}.`;
    return { summary: line, blocks: [{ kind: "context", text: [line] }] };
  }
  const answered = questions.filter((question) => question.status === "answered");
  if (answered.length === 0) {
    const line = `${title} is settled; nothing in it was answered, so there is nothing to confirm.`;
    return { summary: line, blocks: [{ kind: "text", text: [line] }] };
  }
  const open = answered.filter((question) => question.confirmed === undefined);
  const over = state.status !== "open";
  if (over && open.length > 0) {
    const line = `${title} was answered. How I read it was not confirmed.`;
    return { summary: line, blocks: [{ kind: "context", text: [line] }] };
  }
  if (open.length === 0) {
    const reread = button("reread", "Change the reading", { session: state.id, module: moduleId });
    const by = [...new Set(answered.flatMap((question) => question.confirmed?.by ?? []))];
    return {
      summary: `${title} is answered and confirmed.`,
      blocks: [
        {
          kind: "text",
          text: [
            `${title} is answered. Confirmed by `,
            ...joined(
              by.map((id) => [person(state, id)]),
              ", ",
            ),
            ".",
          ],
        },
        ...(over ? [] : [{ kind: "buttons" as const, buttons: [reread] }]),
      ],
    };
  }
  const intro = open.some((question) => question.read.length > 0)
    ? "This is how I read you; change what's wrong."
    : "I couldn't match your words to these statements. Tick what is true.";
  const blocks: Block[] = [
    { kind: "text", text: [`${title} is answered. ${intro}`] },
    ...open.flatMap((question) => ticksFor(state, question, question.read, view)),
    {
      kind: "buttons",
      buttons: [
        button(
          "confirm",
          "That's right",
          { session: state.id, module: moduleId, arg: open.map((one) => one.id).join(",") },
          {
            style: "primary",
            describes: `Confirm how ${title} was read`,
          },
        ),
      ],
    },
    { kind: "context", text: ["Until you confirm, these count as not answered in the summary."] },
  ];
  return { summary: `${title} is answered. ${intro}`, blocks };
}

export const REREAD_PREFIX = "again:";

/** What was confirmed, to be changed: the ticks as they stand. */
export function rereadCard(
  state: SessionState,
  moduleId: string,
  confirmed: readonly QuestionState[],
  view: ViewContext,
): Message {
  const title = moduleTitle(view.catalogue, moduleId);
  const arg = `${REREAD_PREFIX}${confirmed.map((one) => one.id).join(",")}`;
  return {
    summary: `What stands confirmed in ${title}. Change what's wrong.`,
    blocks: [
      { kind: "text", text: [`This is what stands confirmed in ${title}. Change what's wrong.`] },
      ...confirmed.flatMap((question) => ticksFor(state, question, question.confirmed?.choices ?? [], view)),
      {
        kind: "buttons",
        buttons: [
          button("confirm", "That's right", { session: state.id, module: moduleId, arg }, { style: "primary" }),
        ],
      },
      { kind: "context", text: ["To change the words of an answer, use Edit on its line."] },
    ],
  };
}

const SAID = 80;

/** What was said, the statements it may mean, and what nothing ticked would come to. */
function ticksFor(state: SessionState, question: QuestionState, ticked: readonly string[], view: ViewContext): Block[] {
  const asked = view.catalogue.question(question.id);
  if (asked === undefined) return [];
  const said = excerpt(answerLine(question), SAID);
  const { proved } = choicesThatCount(state, asked);
  const shown = asked.choices.filter(({ id }) => proved.has(id)).map(({ text }) => text);
  return [
    ...(said === "" ? [] : [{ kind: "context" as const, text: [`${question.id}: `, { quote: said }] }]),
    {
      kind: "ticks",
      id: question.id,
      label: `${question.id} · ${asked.short}`,
      ticks: asked.choices.map(({ id, text }) => ({ id, text, ticked: ticked.includes(id) })),
    },
    // A line of its own: platforms cut a statement that got longer.
    ...(shown.length === 0 ? [] : [{ kind: "context" as const, text: [`AWS shows this: ${shown.join("; ")}.`] }]),
    ...(ticked.length > 0 ? [] : [{ kind: "context" as const, text: [nothingTicked(state, asked)] }]),
  ];
}

function nothingTicked(state: SessionState, asked: Question): string {
  const { risk } = riskIfConfirmed(state, asked, []);
  return `Nothing ticked yet. Confirmed like this it counts as ${LEVELS[risk]}.`;
}

const LEVELS: Record<RuledRisk, string> = { NO_RISK: "no risk", MEDIUM_RISK: "medium risk", HIGH_RISK: "high risk" };

import type { PersonId } from "../src/domain/ids.ts";
import type { Inbound } from "../src/domain/inbound.ts";
import type { FieldValues } from "../src/domain/message.ts";
import type { QuestionState } from "../src/domain/session.ts";
import { redrawQuestion } from "./asking.ts";
import { notTheirs } from "./commands.ts";
import { titleOf } from "./names.ts";
import { isFacilitator } from "./permissions.ts";
import { assignee, isSettled, nameOf, postKeys, questionsOf } from "./session-queries.ts";
import type { Turn } from "./turn.ts";
import { countsOf } from "./verdict.ts";
import { REREAD_PREFIX, rereadCard } from "./views/confirm.ts";
import { wording } from "./wording.ts";

/** How answers were read, confirmed by those whose answers they are: only that lowers a risk. */

type Action = Extract<Inbound, { kind: "action" }>;

/** The open readings of a module in one tap. What is ticked now is what its owner, or a question's delegate, says. */
export function confirm(turn: Turn, action: Action, person: PersonId): void {
  const module = action.value.module ?? "";
  const state = turn.state.modules[module];
  if (state === undefined) return turn.tell(wording.staleCard());
  const ofAll = person === state.owner || person === turn.state.facilitator;
  const isTheirs = ({ delegate }: QuestionState) => ofAll || delegate === person;
  if (!ofAll && !questionsOf(turn.state, module).some(isTheirs)) {
    return turn.tell(notTheirs(turn.state, `confirm ${titleOf(turn, module)}`, state.owner));
  }
  const again = action.value.arg?.startsWith(REREAD_PREFIX) === true;
  const shown = action.value.arg?.slice(again ? REREAD_PREFIX.length : 0).split(",");
  const confirmed: string[] = [];
  for (const question of questionsOf(turn.state, module)) {
    const asked = turn.ctx.catalogue.question(question.id);
    if (asked === undefined || question.status !== "answered" || !isTheirs(question)) continue;
    if (shown !== undefined && !shown.includes(question.id)) continue;
    // What stands confirmed changes only where its ticks were shown again, and came back.
    if (question.confirmed !== undefined && (!again || ticksOf(action.inputs, question.id) === undefined)) continue;
    const own = new Set(asked.choices.map((choice) => choice.id));
    const ticked = ticksOf(action.inputs, question.id) ?? question.read;
    turn.emit({ kind: "choices_confirmed", question: question.id, choices: ticked.filter((id) => own.has(id)) });
    redrawQuestion(turn, question.id);
    confirmed.push(question.id);
  }
  const left = questionsOf(turn.state, module).filter((one) => !isSettled(one) || isUnread(one));
  if (left.length === 0) turn.emit({ kind: "module_confirmed", module });
  turn.redraw(postKeys.confirm(module));
  turn.redraw(postKeys.module(module));
  turn.redraw(postKeys.header);
  for (const decision of turn.state.decisions) turn.redraw(postKeys.decision(decision.version));
  turn.tell(
    left.length === 0
      ? wording.confirmed(titleOf(turn, module), countsOf(turn.state, turn.ctx.catalogue, module))
      : wording.confirmedSome(titleOf(turn, module), confirmed, leftTo(turn, left.filter(isUnread))),
  );
}

function isUnread(question: QuestionState): boolean {
  return question.status === "answered" && question.confirmed === undefined;
}

/** Whose it is to confirm the rest, each with their questions. */
function leftTo(turn: Turn, left: readonly QuestionState[]): { who: string; ids: string[] }[] {
  const whose = Map.groupBy(left, (question) => {
    const who = assignee(turn.state, question);
    return who === null ? "whoever takes it" : nameOf(turn.state, who);
  });
  return [...whose].map(([who, questions]) => ({ who, ids: questions.map(({ id }) => id) }));
}

export function ticksOf(inputs: FieldValues, id: string): string[] | undefined {
  const ticked = inputs[id];
  if (ticked === undefined) return undefined;
  if (ticked === null || ticked === "") return [];
  return Array.isArray(ticked) ? ticked : ticked.split(",");
}

/** The reading may be changed after it was confirmed: the ticks come back, as they were confirmed. */
export function reread(turn: Turn, module: string, person: PersonId): void {
  const state = turn.state.modules[module];
  if (person !== state?.owner && !isFacilitator(turn, person, `change the reading of ${titleOf(turn, module)}`)) return;
  const confirmed = questionsOf(turn.state, module).filter((question) => question.confirmed !== undefined);
  if (confirmed.length === 0) return turn.tell(wording.staleCard());
  turn.say(
    rereadCard(turn.state, module, confirmed, {
      now: turn.ctx.now,
      catalogue: turn.ctx.catalogue,
      command: turn.ctx.settings.command,
    }),
  );
}

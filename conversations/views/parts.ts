import type { Catalogue, Question } from "../../src/domain/catalogue.ts";
import type { PersonId, SessionId } from "../../src/domain/ids.ts";
import type { ActionValue, Button, Inline, Rich } from "../../src/domain/message.ts";
import type { OpenItem, QuestionState, SessionState } from "../../src/domain/session.ts";
import { nameOf } from "../session-queries.ts";

/** Pieces that several cards share. */

export type ViewContext = {
  now: Date;
  catalogue: Catalogue;
  command: string;
  /** Where a session's board is read from here; undefined: it can't be. */
  board?(session: SessionId): string | undefined;
  /** Signed links to boards are given out. */
  links?: boolean;
  /** A model is set up: it can draft changes. */
  model?: boolean;
  /** How much of a session's summary is written, while a model writes it: 0 to 1. */
  drafted?(session: SessionId): number | undefined;
};

/** "Open the board", where there is a way to it. */
export function boardLink(session: SessionId, view: ViewContext): Rich {
  const url = view.board?.(session);
  return url === undefined ? [] : [{ link: "Open the board", url }];
}

/** A name without a ping. */
export function person(state: SessionState, id: PersonId): Inline {
  return { person: id, name: nameOf(state, id) };
}

/** A live mention: only for the one who must act. */
export function pinged(state: SessionState, id: PersonId): Inline {
  return { person: id, name: nameOf(state, id), ping: true };
}

/** Cut at a word, with an ellipsis; line breaks become spaces. */
export function excerpt(text: string, most: number): string {
  const line = text.replace(/\s+/g, " ").trim();
  if (line.length <= most) return line;
  const cut = line.slice(0, most - 1);
  const space = cut.lastIndexOf(" ");
  return `${space > most * 0.6 ? cut.slice(0, space) : cut}…`;
}

/** What a good answer contains, as a hint: no second question beside the one that is asked. */
export function whatHelps(asked: Question | undefined): string {
  if (asked === undefined || asked.good.length === 0) return "";
  const points = asked.good.map(({ text }) =>
    /^[A-Z][a-z]/.test(text) ? `${text.charAt(0).toLowerCase()}${text.slice(1)}` : text,
  );
  return `What helps: ${points.join("; ")}.`;
}

export function questionValue(state: SessionState, question: QuestionState): ActionValue {
  return { session: state.id, question: question.id, version: question.version };
}

export function button(action: string, label: string, value: ActionValue, more: Partial<Button> = {}): Button {
  return { action, label, value, ...more };
}

/** "Tomorrow": the item is left out until then. The argument says how long and which kind. */
export function snoozeButton(item: OpenItem | undefined): Button {
  const { session, question, module, kind } = item ?? {};
  const value = {
    ...(session === undefined ? {} : { session }),
    ...(question === undefined ? {} : { question }),
    ...(module === undefined ? {} : { module }),
    arg: `1:${kind ?? "question"}`,
  };
  return button("snooze", "Tomorrow", value, { describes: `Remind me tomorrow of ${question ?? module ?? "this"}` });
}

/** Joins rich lines with a separator. */
export function joined(parts: Rich[], separator: string): Rich {
  return parts.flatMap((part, index) => (index === 0 ? part : [separator, ...part]));
}

/** "Q2" of "Q2 of 7": the place of a question in its module. */
export function placeOf(state: SessionState, question: QuestionState): string {
  const ids = state.modules[question.module]?.questions ?? [];
  return `${question.id} · ${ids.indexOf(question.id) + 1} of ${ids.length}`;
}

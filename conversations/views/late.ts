import type { Button, Rich } from "../../src/domain/message.ts";
import type { OpenItem, SessionState } from "../../src/domain/session.ts";
import { itemKey } from "../nudging.ts";
import { nameOf } from "../session-queries.ts";
import { capitalised } from "../verdict.ts";
import { moduleTitle } from "../wording.ts";
import type { NudgeView } from "./nudge.ts";
import { button, snoozeButton } from "./parts.ts";
import { listed, numberWord } from "./words.ts";

/** What somebody was reminded of three times and didn't do: their facilitator's now. Names without a ping. */

const MOST_NAMED = 8;

type What = "answer" | "confirm" | "sign";

function whatIsLate(item: OpenItem): What {
  if (item.question !== undefined) return "answer";
  return item.module === "decide" ? "sign" : "confirm";
}

function objectOf(item: OpenItem, view: NudgeView): string {
  if (item.question !== undefined) return item.question;
  return item.module === "decide" ? "go / no-go" : moduleTitle(view.catalogue, item.module ?? "");
}

const SINGLE: Record<What, string> = { answer: "answered", confirm: "confirmed", sign: "signed" };

/** "Oli hasn't answered R4 after three reminders, so it is yours now.", or all of them in a line. */
export function lateLine(late: readonly OpenItem[], view: NudgeView): string {
  const [first, ...more] = late;
  if (first === undefined) return "";
  if (more.length > 0) return `${lateIntro(late)} ${byPerson(late, view).join("; ")}.`;
  const done = `${SINGLE[whatIsLate(first)]} ${objectOf(first, view)}`;
  return `${whoIsLate(first, view.sessions.get(first.session))} hasn't ${done} after three reminders, so it is yours now.`;
}

/** "Four things went unanswered …, so they are yours now:" */
export function lateIntro(late: readonly OpenItem[]): string {
  return `${numberWord(late.length)} things went unanswered after three reminders, so they are yours now:`;
}

export function lateList(late: readonly OpenItem[], view: NudgeView): Rich[] {
  return byPerson(late, view).map((line): Rich => [line]);
}

/** "Priya Nair: confirm Performance": a line for each person and what they had to do. */
function byPerson(late: readonly OpenItem[], view: NudgeView): string[] {
  const lines = Map.groupBy(
    late,
    (item) => `${capitalised(whoIsLate(item, view.sessions.get(item.session)))}: ${whatIsLate(item)}`,
  );
  return [...lines].map(([line, items]) => {
    const what = items.map((item) => objectOf(item, view));
    const rest = what.length - MOST_NAMED;
    return `${line} ${rest > 0 ? `${what.slice(0, MOST_NAMED).join(", ")} and ${rest} more` : listed(what)}`;
  });
}

/** Whoever was reminded in vain. */
function whoIsLate(item: OpenItem, session: SessionState | undefined): string {
  const kind = { answer: "question", confirm: "confirm", sign: "decide" } as const;
  const { session: id, question, module } = item;
  const of = whatIsLate(item);
  const key = itemKey({
    session: id,
    kind: kind[of],
    ...(question === undefined ? {} : { question }),
    ...(of === "confirm" && module !== undefined ? { module } : {}),
  });
  const person = session?.unheard?.[key]?.person;
  if (session === undefined || person === undefined) return of === "sign" ? "a manager" : "the person asked";
  return nameOf(session, person);
}

export function lateButtons(late: readonly OpenItem[]): Button[] {
  const [first] = late;
  const session = first?.session ?? "";
  const question = late.find((item) => item.question !== undefined)?.question;
  if (late.length === 1 && question !== undefined) {
    const value = { session, question };
    return [
      button("delegate", "Delegate", value, { opens: true, describes: `Hand ${question} over` }),
      button("answer", "Answer it myself", value, { opens: true, describes: `Answer ${question}` }),
      snoozeButton(first),
    ];
  }
  if (late.length === 1 && first?.module !== "decide") {
    return [button("show_confirm", "Show the answers", { session, module: first?.module ?? "" }), snoozeButton(first)];
  }
  return [
    ...(question === undefined ? [] : [button("owners", "Change owners", { session }, { opens: true })]),
    button("status", "Where it stands", { session }),
    snoozeButton(first),
  ];
}

import { DateTime } from "luxon";
import type { SessionId } from "../../src/domain/ids.ts";
import type { Block, Button, Message, Rich } from "../../src/domain/message.ts";
import type { OpenItem, SessionState } from "../../src/domain/session.ts";
import { textOf } from "../../src/domain/words.ts";
import { assignee, nameOf } from "../session-queries.ts";
import { verdictOf } from "../verdict.ts";
import { moduleTitle, wording } from "../wording.ts";
import { button, excerpt, type ViewContext } from "./parts.ts";

/** The one message a person gets a day: everything that waits, over all sessions. */

/** `sessions`: what the items speak of, for names and quotes; without one its items are said without them. */
export type NudgeView = ViewContext & { zone: string; sessions?: ReadonlyMap<SessionId, SessionState> };

/** Questions with buttons of their own, a session; the others are named in a line. */
const MOST_QUESTIONS = 3;
const MOST_BLOCKS_ITEMS = 8;

export function nudgeCard(items: readonly OpenItem[], view: NudgeView): Message {
  const things = countThings(items);
  const count = things === 1 ? "One thing waits for you." : `${capital(numberWord(things))} things wait for you.`;
  const blocks: Block[] = [{ kind: "text", text: [{ strong: count }] }];
  for (const session of new Set(items.map((item) => item.session))) {
    blocks.push(
      ...sessionBlocks(
        items.filter((item) => item.session === session),
        view,
      ),
    );
  }
  const first = items[0];
  const what = first === undefined ? "" : ` ${first.sessionName}: ${lineOf(first, view)}`;
  return { summary: `${count}${what}`, blocks };
}

/** Modules without an owner are one thing to hand out, however many they are. */
function countThings(items: readonly OpenItem[]): number {
  const claims = new Set(items.filter((item) => item.kind === "claim").map((item) => item.session)).size;
  return claims + items.filter((item) => item.kind !== "claim").length;
}

function sessionBlocks(items: readonly OpenItem[], view: NudgeView): Block[] {
  const first = items[0];
  if (first === undefined) return [];
  const name: Rich = [{ strong: first.sessionName }, ` (${sayDays(first, view)}): `];
  const blocks: Block[] = [];
  const say = (line: string, buttons: Button[]) => {
    blocks.push({ kind: "text", text: [...(blocks.length === 0 ? name : []), line] });
    if (buttons.length > 0) blocks.push({ kind: "buttons", buttons });
  };
  const claims = items.filter((item) => item.kind === "claim");
  if (claims.length > 0) say(claimLine(claims, view), claimButtons(claims));
  const questions = items.filter((item) => item.kind === "question");
  for (const item of questions.slice(0, MOST_QUESTIONS)) say(lineOf(item, view), buttonsOf(item, view));
  const others = items.filter((item) => item.kind !== "question" && item.kind !== "claim");
  for (const item of others.slice(0, MOST_BLOCKS_ITEMS)) say(lineOf(item, view), buttonsOf(item, view));
  const rest = questions.slice(MOST_QUESTIONS);
  if (rest.length > 0) {
    say(`Also yours: ${rest.map((item) => item.question).join(", ")}.`, [
      button("next", "My questions", { session: first.session }),
    ]);
  }
  return blocks;
}

function claimLine(claims: readonly OpenItem[], view: NudgeView): string {
  const titles = claims.map((item) => moduleTitle(view.catalogue, item.module ?? ""));
  const list = titles.length < 2 ? titles.join("") : `${titles.slice(0, -1).join(", ")} and ${titles.at(-1)}`;
  return `nobody owns ${list} yet.`;
}

function claimButtons(claims: readonly OpenItem[]): Button[] {
  const session = claims[0]?.session ?? "";
  return [button("owners", "Name owners", { session }, { opens: true, style: "primary" }), snoozeButton(claims[0])];
}

/** The words of one item, as a sentence's rest. */
export function lineOf(item: OpenItem, view: NudgeView): string {
  const session = view.sessions?.get(item.session);
  const title = moduleTitle(view.catalogue, item.module ?? "");
  switch (item.kind) {
    case "question":
      return `${questionName(item, view)}, ${sayDue(item, view)}.`;
    case "confirm":
      return `confirm how your answers in ${title} were read.`;
    case "decide":
      return session === undefined
        ? "your signature on go / no-go."
        : `your signature on go / no-go. ${verdictOf(session, view.catalogue).headline}.`;
    case "claim":
      return `nobody owns ${title} yet.`;
    case "late":
      return lateLine(item, view, session);
    case "milestone":
      return milestoneLine(item, view);
    case "condition":
      return conditionLine(item, view, session);
    case "accepted":
      return `you accepted risk-${(item.question ?? "").toLowerCase()} (${shortName(item, view)}) until today, and it still stands.`;
  }
}

function lateLine(item: OpenItem, view: NudgeView, session: SessionState | undefined): string {
  const question = item.question === undefined ? undefined : session?.questions[item.question];
  if (item.question !== undefined) {
    const person = question === undefined || session === undefined ? null : assignee(session, question);
    const who = person === null || session === undefined ? "its owner" : nameOf(session, person);
    return `${questionName(item, view)}, ${sayDue(item, view)}. I reminded ${who} three times; now it is with you.`;
  }
  if (item.module === "decide")
    return "a signature on go / no-go is missing. I reminded three times; now it is with you.";
  const owner = session?.modules[item.module ?? ""]?.owner;
  const who = owner === undefined || session === undefined ? "its owner" : nameOf(session, owner);
  return `${moduleTitle(view.catalogue, item.module ?? "")} is answered but not confirmed. I reminded ${who} three times; now it is with you.`;
}

function milestoneLine(item: OpenItem, view: NudgeView): string {
  if (item.module === "go-no-go") return `go / no-go is ${sayDue(item, view)}. Open it when you are ready.`;
  if (item.module === "scale-down") return "scale down what was raised for the event.";
  return `the review: five short questions, ${sayDue(item, view)}.`;
}

function conditionLine(item: OpenItem, view: NudgeView, session: SessionState | undefined): string {
  const condition = session?.decisions.at(-1)?.conditions?.[Number(item.module)];
  if (condition === undefined || session === undefined)
    return `a condition of the decision is ${sayDue(item, view)}. Is it met?`;
  return `${nameOf(session, condition.by)} signed on a condition, ${sayDue(item, view)}: "${excerpt(textOf(condition.words), 160)}". Is it met?`;
}

function buttonsOf(item: OpenItem, view: NudgeView): Button[] {
  const { session, question, module } = item;
  const value = {
    session,
    ...(question === undefined ? {} : { question }),
    ...(module === undefined ? {} : { module }),
  };
  const known = view.sessions?.get(session);
  switch (item.kind) {
    case "question":
      return [
        button("answer", "Answer", value, { opens: true, describes: `Answer ${question ?? ""}` }),
        snoozeButton(item),
        button("delegate", "Not mine", value, { opens: true, describes: `Hand ${question ?? ""} over` }),
      ];
    case "confirm":
      return [button("show_confirm", "Look", value, { style: "primary" }), snoozeButton(item)];
    case "decide": {
      const version = known?.decisions.at(-1)?.version;
      const sign = { session, ...(version === undefined ? {} : { version }) };
      return [
        button("go", "Go", sign, { style: "primary" }),
        button("no_go", "No-go", sign, { opens: true }),
        button("status", "Where it stands", { session }),
      ];
    }
    case "claim":
      return claimButtons([item]);
    case "late":
      if (question !== undefined) {
        return [
          button("delegate", "Hand it over", value, { opens: true, describes: `Hand ${question} over` }),
          button("answer", "Answer it myself", value, { opens: true, describes: `Answer ${question}` }),
          snoozeButton(item),
        ];
      }
      return module === "decide"
        ? [button("status", "Where it stands", { session }), snoozeButton(item)]
        : [button("show_confirm", "Look", value), snoozeButton(item)];
    case "milestone":
      if (module === "go-no-go") return [button("decide", "Open go / no-go", { session }), snoozeButton(item)];
      if (module === "scale-down") return [button("scaled_down", "Done", { session }), snoozeButton(item)];
      return [button("review", "Write it", { session }, { opens: true, style: "primary" }), snoozeButton(item)];
    case "condition":
      return [
        button("condition", "Met", { session, arg: `met:${module ?? "0"}` }),
        button("condition", "Not met", { session, arg: `failed:${module ?? "0"}` }),
      ];
    case "accepted":
      return [
        button(
          "accept",
          "Accept it longer",
          { session, arg: `risk-${(question ?? "").toLowerCase()}` },
          { opens: true },
        ),
        button("status", "Where it stands", { session }),
      ];
  }
}

/** "Tomorrow": the item is left out until then. The argument says how long and which kind. */
function snoozeButton(item: OpenItem | undefined): Button {
  const { session, question, module, kind } = item ?? {};
  const value = {
    ...(session === undefined ? {} : { session }),
    ...(question === undefined ? {} : { question }),
    ...(module === undefined ? {} : { module }),
    arg: `1:${kind ?? "question"}`,
  };
  return button("snooze", "Tomorrow", value, { describes: `Remind me tomorrow of ${question ?? module ?? "this"}` });
}

function questionName(item: OpenItem, view: ViewContext): string {
  return `${item.question ?? ""} ${shortName(item, view)}`.trim();
}

function shortName(item: OpenItem, view: ViewContext): string {
  return view.catalogue.question(item.question ?? "")?.short ?? "";
}

function sayDays(item: OpenItem, view: NudgeView): string {
  const day = (at: DateTime) => at.setZone(view.zone).startOf("day");
  const days = Math.round(day(DateTime.fromISO(item.eventAt)).diff(day(DateTime.fromJSDate(view.now)), "days").days);
  if (days > 0) return `T-${days}`;
  return days === 0 ? "today" : `${wording.plural(-days, "day")} ago`;
}

/** "due today", "due Fri 30 Oct", "was due Fri 30 Oct", in the reader's zone. */
function sayDue(item: OpenItem, view: NudgeView): string {
  const due = DateTime.fromISO(item.dueAt, { zone: view.zone });
  const now = DateTime.fromJSDate(view.now, { zone: view.zone });
  if (due.hasSame(now, "day")) return "due today";
  if (due.hasSame(now.plus({ days: 1 }), "day")) return "due tomorrow";
  return `${due < now ? "was due" : "due"} ${due.setLocale("en-GB").toFormat("ccc d LLL").replace("Sept", "Sep")}`;
}

const NUMBERS = ["no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"];

function numberWord(count: number): string {
  return NUMBERS[count] ?? String(count);
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

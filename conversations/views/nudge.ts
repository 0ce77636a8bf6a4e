import { DateTime } from "luxon";
import { riskId, type SessionId } from "../../src/domain/ids.ts";
import type { Block, Button, Message, Rich } from "../../src/domain/message.ts";
import type { OpenItem, SessionState } from "../../src/domain/session.ts";
import { textOf } from "../../src/domain/words.ts";
import { sayCalendarDay } from "../dates.ts";
import { localDate } from "../hours.ts";
import { assignee, isSettled, nameOf, questionsOf } from "../session-queries.ts";
import { capitalised, verdictOf } from "../verdict.ts";
import { moduleTitle, wording } from "../wording.ts";
import { lateButtons, lateIntro, lateLine, lateList } from "./late.ts";
import { button, excerpt, snoozeButton, type ViewContext } from "./parts.ts";
import { listed, numberWord } from "./words.ts";

/** The one message a person gets a day: everything that waits, over all sessions. */

/** `sessions`: what the items speak of, for names, verdicts and quotes. */
export type NudgeView = ViewContext & { zone: string; sessions: ReadonlyMap<SessionId, SessionState> };

/** Questions are asked one at a time: the first has the buttons, what follows it is named in a line. */
const MOST_NAMED = 8;
const MOST_OTHERS = 6;

export function nudgeCard(items: readonly OpenItem[], view: NudgeView): Message {
  const things = countThings(items);
  const count = things === 1 ? "One thing waits for you." : `${capitalised(numberWord(things))} things wait for you.`;
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
  const what = first === undefined ? "" : ` ${first.sessionName}: ${firstLine(first, items, view)}`;
  return { summary: `${count}${what}`, blocks };
}

/** One thing, in its own thread: to its person by name, since nobody else is meant. */
export function threadNudge(item: OpenItem, view: NudgeView): Message {
  const session = view.sessions.get(item.session);
  const name = session === undefined ? "" : nameOf(session, item.person);
  const line = lineOf(item, view);
  return {
    summary: `${name}: ${line}`,
    blocks: [
      { kind: "text", text: [{ person: item.person, name, ping: true }, ` ${line}`] },
      { kind: "buttons", buttons: buttonsOf(item, view) },
    ],
  };
}

/** The first thing with all that goes with it in one line. */
function firstLine(first: OpenItem, items: readonly OpenItem[], view: NudgeView): string {
  const like = items.filter((item) => item.session === first.session && item.kind === first.kind);
  if (first.kind === "claim") return claimLine(like, view);
  return first.kind === "late" ? lateLine(like, view) : lineOf(first, view);
}

/** Modules without an owner are one thing to hand out, however many. */
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
    blocks.push({ kind: "text", text: blocks.length === 0 ? [...name, line] : [capitalised(line)] });
    if (buttons.length > 0) blocks.push({ kind: "buttons", buttons });
  };
  const claims = items.filter((item) => item.kind === "claim");
  if (claims.length > 0) say(claimLine(claims, view), claimButtons(claims));
  for (const item of items.filter(({ kind }) => kind === "given").slice(0, MOST_OTHERS)) {
    say(lineOf(item, view), buttonsOf(item, view));
  }
  const questions = items.filter((item) => item.kind === "question");
  const [open, ...after] = questions;
  if (open !== undefined) {
    say(lineOf(open, view), buttonsOf(open, view));
    if (after.length > 0) blocks.push({ kind: "context", text: [afterLine(open, after, view)] });
  }
  const late = items.filter((item) => item.kind === "late");
  if (late.length === 1) say(lateLine(late, view), lateButtons(late));
  else if (late.length > 1) {
    say(lateIntro(late), []);
    blocks.push({ kind: "list", items: lateList(late, view) });
    blocks.push({ kind: "buttons", buttons: lateButtons(late) });
  }
  const others = items.filter(({ kind }) => !["given", "question", "claim", "late"].includes(kind));
  for (const item of others.slice(0, MOST_OTHERS)) say(lineOf(item, view), buttonsOf(item, view));
  return blocks;
}

function claimLine(claims: readonly OpenItem[], view: NudgeView): string {
  const titles = claims.map((item) => moduleTitle(view.catalogue, item.module ?? ""));
  return `nobody owns ${listed(titles)} yet.`;
}

function claimButtons(claims: readonly OpenItem[]): Button[] {
  const session = claims[0]?.session ?? "";
  return [button("owners", "Name owners", { session }, { opens: true, style: "primary" }), snoozeButton(claims[0])];
}

/** The words of one item, as a sentence's rest. */
export function lineOf(item: OpenItem, view: NudgeView): string {
  const session = view.sessions.get(item.session);
  const title = moduleTitle(view.catalogue, item.module ?? "");
  switch (item.kind) {
    case "question":
      return `${questionName(item, view)}, ${sayDue(item, view)}.`;
    case "given":
      return givenLine(item, view, session);
    case "confirm":
      return `confirm how your answers in ${title} were read.`;
    case "decide":
      return session === undefined
        ? "your signature on go / no-go."
        : `your signature on go / no-go. ${verdictOf(session, view.catalogue).headline}.`;
    case "claim":
      return `nobody owns ${title} yet.`;
    case "late":
      return lateLine([item], view);
    case "milestone":
      return milestoneLine(item, view);
    case "condition":
      return conditionLine(item, view, session);
    case "accepted":
      return acceptedLine(item, view, session);
  }
}

/** An acceptance ends with a day of the session's calendar. */
function acceptedLine(item: OpenItem, view: NudgeView, session: SessionState | undefined): string {
  const zone = session?.event.zone ?? view.zone;
  const until = localDate(item.dueAt, zone);
  const what = `you accepted ${item.question ?? ""} (${shortName(item, view)}) until`;
  if (until >= localDate(view.now, zone)) return `${what} today, and the risk still stands.`;
  return `${what} ${sayCalendarDay(until, view.now)}. That has passed and the risk still stands.`;
}

/** "Fay gave you Security (3 questions). S1 stands in its thread." */
function givenLine(item: OpenItem, view: NudgeView, session: SessionState | undefined): string {
  const title = moduleTitle(view.catalogue, item.module ?? "");
  if (session === undefined) return `you were given ${item.question ?? title}.`;
  const { by, questions, shown } = givenOf(item, session);
  const who = by === undefined ? "Somebody" : nameOf(session, by);
  const where = shown === undefined ? "" : ` ${shown} stands in its thread.`;
  if (item.question === undefined) {
    return `${who} gave you ${title} (${wording.plural(questions.length, "question")}).${where}`;
  }
  const thread = shown === undefined ? "." : `. It stands in the thread of ${title}.`;
  return `${who} gave you ${questionName(item, view)}, ${sayDue(item, view)}${thread}`;
}

/** Who gave it, which questions that are, and which of them stands there as theirs to answer now. */
function givenOf(item: OpenItem, session: SessionState) {
  const all =
    item.question === undefined ? questionsOf(session, item.module ?? "") : [session.questions[item.question]];
  const questions = all.filter((one) => one !== undefined && !isSettled(one) && assignee(session, one) === item.person);
  const by =
    item.question === undefined
      ? session.modules[item.module ?? ""]?.givenBy
      : session.questions[item.question]?.given?.by;
  return { by, questions, shown: questions.find((one) => one?.askedOf === item.person)?.id };
}

/** "Then R2, R3 and R4, due the same day; R5, due Fri 13 Nov." */
function afterLine(open: OpenItem, after: readonly OpenItem[], view: NudgeView): string {
  const byDay = new Map<string, string[]>();
  for (const item of after.slice(0, MOST_NAMED)) {
    const day = item.dueAt === open.dueAt ? "the same" : sayDue(item, view);
    byDay.set(day, [...(byDay.get(day) ?? []), item.question ?? ""]);
  }
  const parts = [...byDay].map(([day, ids]) => (day === "the same" ? listed(ids) : `${listed(ids)}, ${day}`));
  const rest = after.length - MOST_NAMED;
  return `Then ${parts.join("; ")}${rest > 0 ? ` and ${rest} more` : ""}.`;
}

function milestoneLine(item: OpenItem, view: NudgeView): string {
  if (item.module === "go-no-go") return `go / no-go, ${sayDue(item, view)}. Open it when you are ready.`;
  if (item.module === "scale-down") return "scale down what was raised for the event.";
  return `the review: five short questions, ${sayDue(item, view)}.`;
}

function conditionLine(item: OpenItem, view: NudgeView, session: SessionState | undefined): string {
  const condition = session?.decisions.at(-1)?.conditions?.[Number(item.module)];
  if (condition === undefined || session === undefined)
    return `a condition of the decision, ${sayDue(item, view)}. Is it met?`;
  return `${nameOf(session, condition.by)} signed on a condition, ${sayDue(item, view)}: "${excerpt(textOf(condition.words), 160)}". Is it met?`;
}

function buttonsOf(item: OpenItem, view: NudgeView): Button[] {
  const { session, question, module } = item;
  const value = {
    session,
    ...(question === undefined ? {} : { question }),
    ...(module === undefined ? {} : { module }),
  };
  const known = view.sessions.get(session);
  switch (item.kind) {
    case "question":
      return [
        button("answer", "Answer", value, { opens: true, describes: `Answer ${question ?? ""}` }),
        snoozeButton(item),
        button("delegate", "Not mine", value, { opens: true, describes: `Hand ${question ?? ""} over` }),
      ];
    case "given": {
      const first = known === undefined ? undefined : givenOf(item, known);
      const one = question ?? first?.shown ?? first?.questions[0]?.id;
      const answer = { session, ...(one === undefined ? {} : { question: one }) };
      return [
        ...(one === undefined ? [] : [button("answer", "Answer", answer, { opens: true, describes: `Answer ${one}` })]),
        button("delegate", "Delegate", value, {
          opens: true,
          describes: `Hand ${question ?? moduleTitle(view.catalogue, module ?? "")} over`,
        }),
      ];
    }
    case "confirm":
      return [button("show_confirm", "Show my answers", value, { style: "primary" }), snoozeButton(item)];
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
      return lateButtons([item]);
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
        button("accept", "Accept it longer", { session, arg: riskId(question ?? "") }, { opens: true }),
        button("status", "Where it stands", { session }),
      ];
  }
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

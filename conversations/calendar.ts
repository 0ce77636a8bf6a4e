import { DateTime } from "luxon";
import type { SessionState } from "../src/domain/session.ts";
import { watch } from "./asking.ts";
import { collect } from "./collecting.ts";
import { stepDueOf } from "./due.ts";
import { openItemsOf } from "./open-items.ts";
import { planDates } from "./plan.ts";
import { planRetention } from "./retention.ts";
import { redrawScope } from "./scope.ts";
import { postKeys } from "./session-queries.ts";
import { settleAll } from "./settling.ts";
import { announce } from "./telling.ts";
import type { Turn } from "./turn.ts";
import { acceptanceOf } from "./verdict.ts";
import { zoneFor } from "./zones.ts";

/**
 * What a session does because time passes: the daily look, the two checks before the event, what comes after it, and
 * its end. One timer each; what was missed while nobody ran becomes one.
 */

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
/** Before anyone's working day. */
const DAILY_HOUR = 7;
/** AWS is looked at hourly from a day before the event until it is well under way. */
const WELL_UNDER_WAY = 4 * HOUR;
/** A session that nobody closes closes itself. */
const CLOSES_AFTER_DAYS = 21;

type Stage = { id: "24h" | "1h" | "after" | "end"; at: number };

function stagesOf(turn: Turn): Stage[] {
  const { state } = turn;
  const event = Date.parse(state.eventAt);
  const after = Date.parse(stepDueOf(state, "scale-down", turn.ctx.catalogue)) - 8 * HOUR;
  return [
    { id: "24h", at: event - DAY },
    { id: "1h", at: event - HOUR },
    { id: "after", at: after },
    { id: "end", at: event + CLOSES_AFTER_DAYS * DAY },
  ];
}

/** A session begins: its timers, and the facilitator's first look at what nobody took. */
export function beginCalendar(turn: Turn): void {
  planStages(turn);
  planDaily(turn);
  planMidnight(turn);
  nameAll(turn);
  watch(turn, turn.state.facilitator);
}

function planStages(turn: Turn): void {
  const next = stagesOf(turn).find((stage) => stage.at > turn.ctx.now.getTime());
  if (next === undefined) return;
  turn.want({
    do: "timer",
    key: `milestone:${turn.state.id}`,
    clock: "calendar",
    at: next.at,
    input: { timer: "milestone", session: turn.state.id, milestone: next.id },
  });
}

/** A stage's time has come. After downtime only the latest one counts, and no check comes once the event began. */
export function stageDue(turn: Turn): void {
  if (turn.state.status !== "open") return;
  const now = turn.ctx.now.getTime();
  const stages = stagesOf(turn);
  const reached = stages.filter((stage) => stage.at <= now).at(-1);
  planStages(turn);
  switch (reached?.id) {
    case "24h":
    case "1h":
      if (now < Date.parse(turn.state.eventAt)) announce(turn, { what: "check", before: reached.id });
      return;
    case "after":
      afterTheEvent(turn);
      return;
    case "end":
      afterTheEvent(turn);
      endSession(turn);
      return;
    case undefined:
      return;
  }
}

function afterTheEvent(turn: Turn): void {
  turn.redraw(postKeys.header);
  if (Object.values(turn.state.told ?? {}).some((telling) => telling.what === "review")) return;
  announce(turn, { what: "review" });
  watch(turn, turn.state.facilitator, 0);
}

/** The session is over; nobody is asked or reminded any more. */
export function endSession(turn: Turn): void {
  settleAll(turn);
  turn.emit({ kind: "session_closed" });
  planRetention(turn);
  turn.want({ do: "cancel", key: `daily:${turn.state.id}` });
  turn.want({ do: "cancel", key: `milestone:${turn.state.id}` });
  turn.want({ do: "cancel", key: `midnight:${turn.state.id}` });
  redrawScope(turn);
  for (const post of Object.values(turn.state.posts)) if (post.kind !== "summary") turn.redraw(post.key);
}

/** Every morning AWS is read again, never from what was read for something else; in the last day hourly. */
export function dailyDue(turn: Turn): void {
  if (turn.state.status !== "open") return;
  turn.redraw(postKeys.header);
  const { aws } = turn.ctx.settings;
  if (aws.on && turn.ctx.now.getTime() < Date.parse(turn.state.eventAt) + DAY) collect(turn, { fresh: true });
  planDaily(turn);
  // Sessions that began before there was one.
  planMidnight(turn);
}

/** The session's day is over: its countdown moves on, wherever its people are awake. */
export function midnightDue(turn: Turn): void {
  if (turn.state.status !== "open") return;
  turn.redraw(postKeys.header);
  planMidnight(turn);
}

function planMidnight(turn: Turn): void {
  const local = DateTime.fromJSDate(turn.ctx.now, { zone: zoneFor(turn.state.event.zone) });
  turn.want({
    do: "timer",
    key: `midnight:${turn.state.id}`,
    clock: "calendar",
    at: local.plus({ days: 1 }).startOf("day").toMillis(),
    input: { timer: "midnight", session: turn.state.id },
  });
}

function planDaily(turn: Turn): void {
  turn.want({
    do: "timer",
    key: `daily:${turn.state.id}`,
    clock: "calendar",
    at: nextLook(turn.state, turn.ctx.now, turn.ctx.settings.aws.on),
    input: { timer: "daily", session: turn.state.id },
  });
}

/** Exported for its test. */
export function nextLook(state: Pick<SessionState, "event" | "eventAt">, now: Date, hourly: boolean): number {
  const event = Date.parse(state.eventAt);
  const at = now.getTime();
  if (hourly && at >= event - DAY && at < event + WELL_UNDER_WAY) return at + HOUR;
  const local = DateTime.fromJSDate(now, { zone: zoneFor(state.event.zone) });
  const today = local.startOf("day").set({ hour: DAILY_HOUR });
  const morning = (today > local ? today : today.plus({ days: 1 })).toMillis();
  return hourly && at < event - DAY ? Math.min(morning, event - DAY) : morning;
}

/** The date moved: everything is planned anew, and one message says what moved. */
export function replan(turn: Turn, before: SessionState): void {
  const { state } = turn;
  if (before.eventAt === state.eventAt) return;
  const was = planDates(before, turn.ctx.catalogue);
  const is = planDates(state, turn.ctx.catalogue);
  const now = turn.ctx.now.toISOString();
  const moved = Object.keys(is).flatMap((milestone) => {
    const [from = "", to = ""] = [was[milestone], is[milestone]];
    return from.slice(0, 10) === to.slice(0, 10) || to < now ? [] : [{ milestone, from, to }];
  });
  const lapsed = before.accepted
    .filter(({ risk }) => acceptanceOf(before, risk) !== undefined && acceptanceOf(state, risk) === undefined)
    .map(({ risk }) => risk);
  announce(turn, { what: "plan_moved", from: before.eventAt, to: state.eventAt, moved, lapsed });
  planStages(turn);
  planDaily(turn);
  planMidnight(turn);
  nameAll(turn);
  for (const person of new Set(openItemsOf(state, turn.ctx.catalogue).map((item) => item.person))) watch(turn, person);
}

/** Their part in the session changed: days off, and for managers the digests. Each person is an aggregate of their own. */
export function nameIn(turn: Turn, person: string): void {
  turn.want({
    do: "timer",
    key: `named:${turn.state.id}:${person}`,
    clock: "calendar",
    at: turn.ctx.now.getTime(),
    input: { timer: "named", session: turn.state.id, person },
  });
}

/** All managers, and everybody while the session has days off. */
export function nameAll(turn: Turn): void {
  const { state } = turn;
  const everybody = state.scope.holidays === undefined ? [] : Object.keys(state.people);
  const owners = Object.values(state.modules).flatMap((module) => module.owner ?? []);
  const also = state.scope.holidays === undefined ? [] : [state.facilitator, ...owners];
  for (const person of new Set([...state.scope.managers, ...everybody, ...also])) nameIn(turn, person);
}

import { DateTime } from "luxon";
import { identityOf, type PersonId } from "../src/domain/ids.ts";
import type { Inbound } from "../src/domain/inbound.ts";
import type { ActionValue, FieldValues } from "../src/domain/message.ts";
import type { Fact } from "../src/domain/ports.ts";
import type { OpenItem, SessionState } from "../src/domain/session.ts";
import { watch } from "./asking.ts";
import { channelDigestCommand } from "./channel-digest.ts";
import type { Command, Who } from "./command.ts";
import { sayCalendarDay, sayDate } from "./dates.ts";
import { digestForAnother } from "./digest-for-another.ts";
import { DIGEST_HOUR, nextDigestAt } from "./digest-times.ts";
import {
  awayOf,
  isWorkingInstant,
  localDate,
  nextWorkingInstant,
  parseAway,
  parseHours,
  sayDays,
  sayHours,
} from "./hours.ts";
import { bringLink, endLink, offerLink, PLATFORM_NAMES } from "./linking.ts";
import { hasSomebodyBehind, isOver, itemKey, NUDGES_PER_ITEM, planNudge, reachOf } from "./nudging.ts";
import { openItemsOf } from "./open-items.ts";
import { hoursOf } from "./person.ts";
import { isManager, nameOf } from "./session-queries.ts";
import type { Turn } from "./turn.ts";
import { nudgePlaceButton } from "./views/home.ts";
import { wording } from "./wording.ts";
import { readZone, safeZone, zoneFor } from "./zones.ts";

/** What belongs to a person over all sessions: hours, zone, absence, nudges, digests, snoozes. */

export function meCommand(
  turn: Turn,
  what: Extract<Command, { name: "me" }>["what"],
  text: string,
  inbound: Inbound,
): void {
  const at = turn.ctx.now.toISOString();
  const zone = turn.person.zone ?? turn.ctx.settings.zone;
  switch (what) {
    case "show":
      return turn.say({
        summary: sayMe(turn),
        blocks: [
          { kind: "text", text: [sayMe(turn)] },
          { kind: "buttons", buttons: [nudgePlaceButton(turn.person)] },
        ],
      });
    case "link":
      return text === "" ? offerLink(turn, inbound) : bringLink(turn, text, inbound);
    case "unlink":
      return endLink(turn, inbound);
    case "here": {
      const { platform, workspace, user } = inbound.actor;
      turn.emitPerson({ kind: "reach_set", identity: { platform, workspace, user }, at });
      return turn.tell("Noted. What I write to you unasked comes here from now on.");
    }
    case "hours": {
      const hours = parseHours(text);
      if ("problem" in hours) return turn.tell(hours.problem);
      turn.emitPerson({ kind: "hours_set", hours, at });
      return turn.tell(`Noted. ${sayMe(turn)}`);
    }
    case "nudges": {
      const place = (["thread", "direct"] as const).find((one) => text.trim().toLowerCase().startsWith(one));
      if (place === undefined)
        return turn.tell(
          "A reminder of a single thing comes in its thread or directly: `me nudges thread` or `me nudges direct`.",
        );
      turn.emitPerson({ kind: "nudge_place_set", place, at });
      return turn.tell(`Noted. ${sayMe(turn)}`);
    }
    case "zone": {
      const read = readZone(text);
      if ("problem" in read) return turn.tell(read.problem);
      turn.emitPerson({ kind: "zone_set", zone: read.zone, at });
      // "IST" is three zones: what was made of it is said, and how to say it beyond doubt.
      const guess = read.exact
        ? ""
        : ` I read "${text.trim().slice(0, 40)}" as ${read.zone}; if you mean another, name its city, like \`me zone Europe/Dublin\`.`;
      return turn.tell(`Noted.${guess} ${sayMe(turn)}`);
    }
    case "away": {
      const away = parseAway(text, { now: turn.ctx.now, zone });
      if ("problem" in away) return turn.tell(away.problem);
      if (away.off) turn.emitPerson({ kind: "away_cleared", at });
      else turn.emitPerson({ kind: "away_set", from: away.from, to: away.to, at });
      return turn.tell(`Noted. ${sayMe(turn)}`);
    }
  }
}

/** The form of hours, zone and absence came back. */
export function changeMe(turn: Turn, values: FieldValues): void {
  const { person } = turn;
  const at = turn.ctx.now.toISOString();
  const said = (name: string) => (typeof values[name] === "string" ? values[name].trim() : "");
  const errors: Record<string, string> = {};
  const hours = said("hours") === "" ? hoursOf(person) : parseHours(said("hours"), wording.hoursInForm());
  if ("problem" in hours) errors.hours = hours.problem;
  const zone = person.zone ?? turn.ctx.settings.zone;
  const read = said("zone") === "" ? { zone } : readZone(said("zone"));
  if ("problem" in read) errors.zone = read.problem;
  const [from, until] = [said("away_from"), said("away_until")];
  const words = from === "" ? `until ${until}` : `${from} to ${until || from}`;
  const isOld = person.away?.from === from && person.away.to === until;
  const away =
    isOld || (from === "" && until === "")
      ? undefined
      : parseAway(words, { now: turn.ctx.now, zone }, wording.awayInForm());
  if (away !== undefined && "problem" in away) errors.away_until = away.problem;
  if (Object.keys(errors).length > 0) return turn.reply({ kind: "errors", errors });
  if (!("problem" in hours) && JSON.stringify(hours) !== JSON.stringify(hoursOf(person))) {
    turn.emitPerson({ kind: "hours_set", hours, at });
  }
  if ("zone" in read && read.zone !== zone) turn.emitPerson({ kind: "zone_set", zone: read.zone, at });
  if (away === undefined && !isOld && person.away !== undefined) turn.emitPerson({ kind: "away_cleared", at });
  if (away !== undefined && !("problem" in away) && !away.off) {
    turn.emitPerson({ kind: "away_set", from: away.from, to: away.to, at });
  }
  turn.tell(`Noted. ${sayMe(turn)}`);
}

/** Hours, days, zone and absence in a line. */
export function sayMe(turn: Turn): string {
  const { person } = turn;
  const hours = hoursOf(person);
  const { now, settings } = turn.ctx;
  const zone = person.zone ?? `${settings.zone}, assumed`;
  const where = person.reach === undefined ? "" : ` in ${PLATFORM_NAMES[person.reach.platform]}`;
  const thread = person.inThread === true ? " A single reminder comes in its thread." : "";
  const away = sayAway(awayOf(person, now, person.zone ?? settings.zone), now);
  return `I write to you${where} ${sayDays(hours.days)}, ${sayHours(hours)} (${zone}).${thread}${away}`;
}

function sayAway(away: ReturnType<typeof awayOf>, now: Date): string {
  if (away === undefined) return "";
  const from = sayCalendarDay(away.from, now);
  return away.from === away.to ? ` Away ${from}.` : ` Away ${from} to ${sayCalendarDay(away.to, now)}.`;
}

/** `digest daily|weekly|off [@person] [always]`: a manager's roll-up. */
export function digestCommand(
  turn: Turn,
  rhythm: "daily" | "weekly" | "off",
  { who, channel, always }: { who?: Who; channel?: string; always?: boolean },
  me: PersonId,
  inbound: Inbound,
): void {
  if (channel !== undefined) {
    return channelDigestCommand(turn, { rhythm, channel, ...(always ? { always } : {}) }, inbound, me);
  }
  if (who !== undefined && !who.self && who.user !== identityOf(me).user) {
    return digestForAnother(turn, { rhythm, ...(always ? { always } : {}) }, who, me);
  }
  const at = turn.ctx.now.toISOString();
  turn.emitPerson({ kind: "digest_set", rhythm, hour: DIGEST_HOUR, ...(always ? { always } : {}), at });
  if (rhythm === "off") {
    turn.want({ do: "cancel", key: `digest:${turn.person.id === "" ? me : turn.person.id}` });
    return turn.tell("No more digests. What waits for you yourself still reaches you.");
  }
  if (turn.session.status === "open") follow(turn);
  planDigest(turn, me);
  const when = rhythm === "daily" ? "each working day" : "each Monday";
  const where = turn.session.status === "open" ? ` It tells of "${turn.session.name}" and your other sessions.` : "";
  turn.tell(
    `You get a digest ${when} at 09:00 your time, ${always ? "also when nothing moved" : "when something has changed"}.${where}`,
  );
}

export function follow(turn: Turn): void {
  const { id, eventAt } = turn.state;
  if (turn.person.follows?.[id] === eventAt) return;
  turn.emitPerson({ kind: "session_followed", session: id, eventAt, at: turn.ctx.now.toISOString() });
}

/**
 * Somebody has a part in this session (anew): its days off become theirs, and a manager's digests begin, weekly and in
 * the last week daily, unless they said `digest off`.
 */
export function namedIn(turn: Turn, person: PersonId): void {
  const { state } = turn;
  if (state.status !== "open") return;
  const at = turn.ctx.now.toISOString();
  // Until they speak, or their platform tells theirs: the session's zone.
  const { zone } = state.event;
  if (turn.person.zone === undefined && safeZone(zone) === zone) turn.emitPerson({ kind: "person_met", zone, at });
  const dates = state.scope.holidays ?? [];
  if (dates.join() !== (turn.person.holidays?.[state.id] ?? []).join()) {
    turn.emitPerson({ kind: "holidays_known", session: state.id, dates, at });
  }
  if (!isManager(state, person)) return;
  follow(turn);
  const { digest, digestOff } = turn.person;
  const wished = state.scope.digest;
  const isNew = digest === undefined && digestOff !== true;
  // What somebody set themselves stays; what came with being named follows the session.
  if (isNew || (digest?.byDefault && wished !== undefined && wished !== digest.rhythm)) {
    turn.emitPerson({ kind: "digest_set", rhythm: wished ?? "weekly", hour: DIGEST_HOUR, byDefault: true, at });
  }
  planDigest(turn, person);
}

export function planDigest(turn: Turn, me: PersonId): void {
  const at = nextDigestAt(turn.person, turn.ctx.now, reachOf(turn.person, turn.ctx.settings.zone));
  if (at !== undefined) digestAt(turn, me, at);
}

function digestAt(turn: Turn, me: PersonId, at: number): void {
  // One digest a person, under whichever of their ids they were named.
  const person = turn.person.id === "" ? me : turn.person.id;
  turn.want({ do: "timer", key: `digest:${person}`, clock: "calendar", at, input: { timer: "digest", person } });
}

/** `remind [@person]`: look now whether something waits for them. Still only once a day, and in their hours. */
export function remindCommand(turn: Turn, who: Who | undefined, me: PersonId): void {
  const { platform, workspace } = identityOf(me);
  const person = who === undefined || who.self ? me : `${platform}:${workspace}:${who.user}`;
  const { state } = turn;
  if (person !== me && me !== state.facilitator && !isManager(state, me)) {
    return turn.tell(wording.notAllowed("remind somebody else", nameOf(state, state.facilitator)));
  }
  lookAgain(turn, person, turn.ctx.now.getTime(), true);
  const [name, whose] = person === me ? ["you", "your"] : [nameFor(state, person, who), "their"];
  turn.tell(`I'll remind ${name} in ${whose} working hours, if anything waits. At most once a day.`);
}

/** As the session knows them; somebody it doesn't know, as they were named. */
function nameFor({ people }: SessionState, person: PersonId, who: Who | undefined): string {
  const named = who === undefined || who.self ? undefined : who.name;
  return people[person]?.name ?? named ?? identityOf(person).user;
}

/** A look whether a nudge is due: it is wanted now, looked at again later, or nothing waits. */
export function nudgeDue(turn: Turn, named: PersonId, asked: boolean): void {
  const person = onlyId(turn, named);
  const plan = planNudge(turn.person, turn.loaded.openItems, turn.ctx.now, turn.ctx.settings.zone, { asked });
  if (plan.kind === "nothing") return;
  if (plan.kind === "later") return lookAgain(turn, person, plan.at, asked);
  const at = turn.ctx.now.getTime();
  const wished = asked ? { asked: true as const } : {};
  turn.want({ do: "direct", person, kind: "nudge", key: `nudge-send:${person}`, at, ...wished });
}

/** A message went out: it is in the ledger, and the next look is when it may be worth one again. */
export function directSent(turn: Turn, fact: Extract<Fact, { kind: "direct_sent" }>): void {
  const { person } = fact;
  const date = localDate(turn.ctx.now, reachOf(turn.person, turn.ctx.settings.zone).zone);
  const at = turn.ctx.now.toISOString();
  const items = fact.items ?? [];
  if (items.length > 0) turn.emitPerson({ kind: "nudge_sent", date, items: items.map(entryOf), at });
  if (fact.what === "digest") {
    turn.emitPerson({ kind: "digest_sent", revisions: fact.revisions ?? {}, date, at });
    planDigest(turn, person);
  }
  for (const item of items) planEscalation(turn, person, item);
  const plan = planNudge(turn.person, turn.loaded.openItems, turn.ctx.now, turn.ctx.settings.zone);
  if (plan.kind === "later") lookAgain(turn, person, plan.at, false);
}

/** One message a person, under whichever of their ids something waits for them. */
function onlyId(turn: Turn, named: PersonId): PersonId {
  return turn.person.id === "" ? named : turn.person.id;
}

function entryOf(item: OpenItem) {
  return {
    session: item.session,
    ...(item.question === undefined ? {} : { question: item.question }),
    key: itemKey(item),
  };
}

/** After the third reminder its person has two more days; then the facilitator looks after it. */
function planEscalation(turn: Turn, person: PersonId, item: OpenItem): void {
  const key = itemKey(item);
  if (!hasSomebodyBehind(item) || (turn.person.nudges[key] ?? 0) < NUDGES_PER_ITEM) return;
  const reach = reachOf(turn.person, turn.ctx.settings.zone);
  const dayAfter = DateTime.fromJSDate(turn.ctx.now, { zone: zoneFor(reach.zone) })
    .startOf("day")
    .plus({ days: 2 });
  turn.want({
    do: "timer",
    key: `escalate:${key}:${person}`,
    clock: "calendar",
    at: nextWorkingInstant(dayAfter.toJSDate(), reach).getTime(),
    input: { timer: "escalate", session: item.session, person, item: key },
  });
}

/** Reminded three times and still open: the facilitator has it from now on. After an answer: nothing. */
export function escalate(turn: Turn, person: PersonId, key: string): void {
  const { state } = turn;
  if (state.status !== "open" || state.unheard?.[key]?.person === person) return;
  const open = openItemsOf(state, turn.ctx.catalogue).find((item) => item.person === person && itemKey(item) === key);
  if (open === undefined || isOver(open, turn.ctx.now)) return;
  const snoozed = turn.person.snoozed[key];
  if (snoozed !== undefined && snoozed > turn.ctx.now.toISOString()) return;
  turn.emit({ kind: "reminders_ended", item: key, of: open.kind, person });
  watch(turn, state.facilitator, 0);
}

function lookAgain(turn: Turn, person: PersonId, at: number, asked: boolean): void {
  const input = { timer: "nudge" as const, person, ...(asked ? { asked: true as const } : {}) };
  turn.want({ do: "timer", key: `nudge:${person}`, clock: "calendar", at, input });
}

/**
 * A digest's time has come: it is written at the moment of sending, and the next one is planned. After downtime it
 * waits for working time; on a day that already had a message, for the next day.
 */
export function digestDue(turn: Turn, named: PersonId): void {
  const person = onlyId(turn, named);
  if (turn.person.digest === undefined) return;
  const { now, settings } = turn.ctx;
  const reach = reachOf(turn.person, settings.zone);
  const today = localDate(now, reach.zone);
  if (turn.person.nudgedOn.includes(today)) {
    const tomorrow = DateTime.fromISO(today, { zone: zoneFor(reach.zone) }).plus({ days: 1 });
    return digestAt(turn, person, nextWorkingInstant(tomorrow.toJSDate(), reach).getTime());
  }
  if (!isWorkingInstant(now, reach)) return digestAt(turn, person, nextWorkingInstant(now, reach).getTime());
  turn.want({ do: "direct", person, kind: "digest", key: `digest-send:${person}`, at: now.getTime() });
  planDigest(turn, person);
}

/** "Tomorrow" on an item of a nudge: it is left out until then. `how`: `<days>:<kind>`, as the button says it. */
export function snooze(turn: Turn, value: ActionValue): void {
  const [days = "1", kind = "question"] = (value.arg ?? "1:question").split(":");
  const item = {
    session: turn.state.id,
    kind: kind as OpenItem["kind"],
    ...(value.question === undefined ? {} : { question: value.question }),
    ...(value.module === undefined ? {} : { module: value.module }),
  };
  const reach = reachOf(turn.person, turn.ctx.settings.zone);
  const wished = DateTime.fromJSDate(turn.ctx.now, { zone: zoneFor(reach.zone) })
    .startOf("day")
    .plus({ days: Number(days) || 1 });
  const until = nextWorkingInstant(wished.toJSDate(), reach);
  const keys = snoozedWith(turn, item);
  for (const key of keys) {
    turn.emitPerson({
      kind: "item_snoozed",
      item: key,
      until: until.toISOString(),
      at: turn.ctx.now.toISOString(),
    });
  }
  turn.tell(`Put off until ${sayDate(until, reach.zone, turn.ctx.now)}.`);
}

/** What one line of a nudge holds is put off together. */
function snoozedWith(turn: Turn, item: Parameters<typeof itemKey>[0]): string[] {
  if (item.kind === "claim") return turn.state.moduleOrder.map((module) => itemKey({ ...item, module }));
  if (item.kind !== "late") return [itemKey(item)];
  return openItemsOf(turn.state, turn.ctx.catalogue)
    .filter((open) => open.kind === "late")
    .map(itemKey);
}

import { DateTime } from "luxon";
import { identityOf, type PersonId } from "../src/domain/ids.ts";
import type { OpenItem } from "../src/domain/session.ts";
import type { Who } from "./command.ts";
import { localDate, nextWorkingInstant, parseAway, parseHours } from "./hours.ts";
import { itemKey, planNudge } from "./nudging.ts";
import { hoursOf } from "./person.ts";
import { isManager, nameOf } from "./session-queries.ts";
import type { Turn } from "./turn.ts";
import { wording } from "./wording.ts";
import { readZone } from "./zones.ts";

/** What belongs to a person over all sessions: hours, zone, absence, nudges, digests, snoozes. */

const DIGEST_HOUR = 9;

export function meCommand(turn: Turn, what: "show" | "hours" | "zone" | "away", text: string): void {
  const at = turn.ctx.now.toISOString();
  const zone = turn.person.zone ?? turn.ctx.settings.zone;
  switch (what) {
    case "show":
      return turn.tell(sayMe(turn));
    case "hours": {
      const hours = parseHours(text);
      if ("problem" in hours) return turn.tell(hours.problem);
      turn.emitPerson({ kind: "hours_set", hours, at });
      return turn.tell(`Noted. ${sayMe(turn)}`);
    }
    case "zone": {
      const read = readZone(text);
      if ("problem" in read) return turn.tell(read.problem);
      turn.emitPerson({ kind: "zone_set", zone: read.zone, at });
      return turn.tell(`Noted. ${sayMe(turn)}`);
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

/** Hours, days, zone and absence in a line. */
export function sayMe(turn: Turn): string {
  const { person } = turn;
  const hours = hoursOf(person);
  const clock = (minutes: number) =>
    `${String(Math.floor(minutes / 60)).padStart(2, "0")}:${String(minutes % 60).padStart(2, "0")}`;
  const days = hours.days.map((day) => ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"][day - 1]).join(", ");
  const zone = person.zone ?? `${turn.ctx.settings.zone} (assumed)`;
  const away = person.away === undefined ? "" : ` Away from ${person.away.from} to ${person.away.to}.`;
  return `I write to you ${clock(hours.from)}–${clock(hours.to)}, ${days}, ${zone}.${away}`;
}

/** `digest daily|weekly|off [@person]`: a manager's roll-up. */
export function digestCommand(
  turn: Turn,
  rhythm: "daily" | "weekly" | "off",
  who: Who | undefined,
  channel: string | undefined,
  me: PersonId,
): void {
  if (channel !== undefined) return turn.tell(wording.notInThisVersion("A digest to a channel"));
  const other = who !== undefined && !who.self && who.user !== identityOf(me).user;
  if (other) {
    return turn.tell("Each person sets their own digest: ask them to type `digest daily` or `digest weekly`.");
  }
  const at = turn.ctx.now.toISOString();
  turn.emitPerson({ kind: "digest_set", rhythm, hour: DIGEST_HOUR, at });
  if (rhythm === "off") {
    turn.want({ do: "cancel", key: `digest:${me}` });
    return turn.tell("No more digests.");
  }
  planDigest(turn, me);
  turn.tell(
    `You get a digest ${rhythm === "daily" ? "each working day" : "each Monday"} at 09:00 your time, when something has changed.`,
  );
}

export function planDigest(turn: Turn, me: PersonId): void {
  const { digest } = turn.person;
  if (digest === undefined) return;
  turn.want({
    do: "timer",
    key: `digest:${me}`,
    clock: "calendar",
    at: nextDigestAt(turn).getTime(),
    input: { timer: "digest", person: me },
  });
}

function nextDigestAt(turn: Turn): Date {
  const { person } = turn;
  const zone = person.zone ?? turn.ctx.settings.zone;
  const local = DateTime.fromJSDate(turn.ctx.now, { zone });
  let day = local.set({ hour: person.digest?.hour ?? DIGEST_HOUR, minute: 0, second: 0, millisecond: 0 });
  const wanted = (one: DateTime) =>
    person.digest?.rhythm === "weekly" ? one.weekday === 1 : hoursOf(person).days.includes(one.weekday);
  do {
    if (day <= local || !wanted(day)) day = day.plus({ days: 1 });
  } while (day <= local || !wanted(day));
  return day.toJSDate();
}

/** `remind [@person]`: look now whether something waits for them. Still only once a day, and in their hours. */
export function remindCommand(turn: Turn, who: Who | undefined, me: PersonId): void {
  const { platform, workspace } = identityOf(me);
  const person = who === undefined || who.self ? me : `${platform}:${workspace}:${who.user}`;
  const { state } = turn;
  if (person !== me && me !== state.facilitator && !isManager(state, me)) {
    return turn.tell(wording.notAllowed("remind somebody else", nameOf(state, state.facilitator)));
  }
  turn.want({
    do: "timer",
    key: `nudge:${person}`,
    clock: "calendar",
    at: turn.ctx.now.getTime(),
    input: { timer: "nudge", person },
  });
  const name = person === me ? "you" : nameOf(state, person);
  turn.tell(`If something waits for ${name}, ${name} will hear of it in working hours, at most once a day.`);
}

/** A look whether a nudge is due: it is wanted now, looked at again later, or nothing waits. */
export function nudgeDue(turn: Turn, person: PersonId): void {
  const plan = planNudge(turn.person, turn.loaded.openItems, turn.ctx.now, turn.ctx.settings.zone);
  if (plan.kind === "nothing") return;
  if (plan.kind === "now") {
    turn.want({ do: "direct", person, kind: "nudge", key: `nudge-send:${person}`, at: turn.ctx.now.getTime() });
    return;
  }
  lookAgain(turn, person, plan.at);
}

/** A nudge went out: it is in the ledger, and the next look is on their next working day. */
export function nudgeSent(turn: Turn, person: PersonId, items: readonly OpenItem[]): void {
  const zone = turn.person.zone ?? turn.ctx.settings.zone;
  const date = localDate(turn.ctx.now, zone);
  turn.emitPerson({
    kind: "nudge_sent",
    date,
    items: items.map((item) => ({
      session: item.session,
      ...(item.question === undefined ? {} : { question: item.question }),
      key: itemKey(item),
    })),
    at: turn.ctx.now.toISOString(),
  });
  const tomorrow = new Date(turn.ctx.now.getTime() + 20 * 3_600_000);
  lookAgain(turn, person, nextWorkingInstant(tomorrow, { zone, hours: hoursOf(turn.person) }).getTime());
}

function lookAgain(turn: Turn, person: PersonId, at: number): void {
  turn.want({ do: "timer", key: `nudge:${person}`, clock: "calendar", at, input: { timer: "nudge", person } });
}

/** A digest's time has come: it is written at the moment of sending, and the next one is planned. */
export function digestDue(turn: Turn, person: PersonId): void {
  if (turn.person.digest === undefined) return;
  turn.want({ do: "direct", person, kind: "digest", key: `digest-send:${person}`, at: turn.ctx.now.getTime() });
  planDigest(turn, person);
}

/** "Tomorrow" on an item of a nudge: it is left out until then. */
export function snooze(turn: Turn, item: string, days: number): void {
  const zone = turn.person.zone ?? turn.ctx.settings.zone;
  const until = DateTime.fromJSDate(turn.ctx.now, { zone }).plus({ days }).startOf("day").set({ hour: 9 });
  turn.emitPerson({
    kind: "item_snoozed",
    item,
    until: until.toJSDate().toISOString(),
    at: turn.ctx.now.toISOString(),
  });
  turn.tell(`Put off until ${until.setLocale("en-GB").toFormat("ccc d LLL")}.`);
}

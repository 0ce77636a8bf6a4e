import type { PersonId } from "../src/domain/ids.ts";
import { DEFAULT_HOURS, type Hours, type Person, type PersonEvent } from "../src/domain/person.ts";

/** A person nobody has met yet. */
export function newPerson(id: PersonId): Person {
  return { id, snoozed: {}, nudgedOn: [], nudges: {}, revision: 0 };
}

/** How many days of nudges are remembered: enough for "one a day", bounded over years. */
const LEDGER_DAYS = 14;

/** The fold of a person's events. */
export function evolvePerson(person: Person, event: PersonEvent): Person {
  return { ...apply(person, event), revision: person.revision + 1 };
}

function apply(person: Person, event: PersonEvent): Person {
  switch (event.kind) {
    case "person_met":
      return {
        ...person,
        ...(event.name === undefined ? {} : { name: event.name }),
        ...(event.zone === undefined || person.zoneIsOwn ? {} : { zone: event.zone }),
      };
    case "hours_set":
      return { ...person, hours: event.hours };
    case "zone_set":
      return { ...person, zone: event.zone, zoneIsOwn: true };
    case "away_set":
      return { ...person, away: { from: event.from, to: event.to } };
    case "away_cleared": {
      const { away: _away, ...here } = person;
      return here;
    }
    case "merged":
      return merged(person, event.of);
    case "reach_set":
      return { ...person, reach: event.identity };
    case "nudge_place_set": {
      const { inThread: _before, ...rest } = person;
      return event.place === "thread" ? { ...rest, inThread: true } : rest;
    }
    case "item_snoozed":
      return { ...person, snoozed: { ...person.snoozed, [event.item]: event.until } };
    case "nudge_sent": {
      const nudges = { ...person.nudges };
      const remindedOn = { ...person.remindedOn };
      for (const { key } of event.items) {
        nudges[key] = (nudges[key] ?? 0) + 1;
        remindedOn[key] = event.date;
      }
      return { ...person, nudges, remindedOn, nudgedOn: writtenOn(person, event.date) };
    }
    case "digest_set": {
      const { digest, ...rest } = person;
      if (event.rhythm === "off") return { ...rest, digestOff: true };
      const { digestOff: _off, ...on } = rest;
      return {
        ...on,
        digest: {
          rhythm: event.rhythm,
          hour: event.hour,
          ...(event.always === undefined ? {} : { always: event.always }),
          ...(event.byDefault === undefined ? {} : { byDefault: event.byDefault }),
          lastRevision: digest?.lastRevision ?? {},
          ...(digest?.lastAt === undefined ? {} : { lastAt: digest.lastAt }),
        },
      };
    }
    case "digest_sent":
      return {
        ...person,
        ...(event.date === undefined ? {} : { nudgedOn: writtenOn(person, event.date) }),
        ...(person.digest === undefined
          ? {}
          : { digest: { ...person.digest, lastAt: event.at, lastRevision: event.revisions } }),
      };
    case "holidays_known":
      return { ...person, holidays: { ...person.holidays, [event.session]: event.dates } };
    case "session_followed":
      return { ...person, follows: { ...person.follows, [event.session]: event.eventAt } };
    case "practice_begun": {
      const going = event.again === undefined ? undefined : person.practice;
      return {
        ...person,
        practice: { subject: event.subject, where: event.where, results: going?.results ?? [] },
      };
    }
    case "practice_answered":
      return person.practice === undefined
        ? person
        : {
            ...person,
            practice: {
              ...person.practice,
              results: [...person.practice.results, { ...event.result, step: event.step }],
            },
          };
    case "practice_ended": {
      const { practice: _over, ...rest } = person;
      return rest;
    }
  }
}

/** One person under two ids: what was set here wins, what was only set there is added, and all that was sent counts. */
function merged(here: Person, there: Person): Person {
  const own = here.zoneIsOwn === true || there.zoneIsOwn !== true ? here : there;
  const zone = own.zone ?? here.zone ?? there.zone;
  const away = [here.away, there.away].filter((one) => one !== undefined).sort((a, b) => (a.to < b.to ? 1 : -1))[0];
  const { digest: _digest, digestOff: _off, ...rest } = { ...there, ...here };
  const digest = here.digest ?? there.digest;
  const sent = [...new Set([...here.nudgedOn, ...there.nudgedOn])].sort().slice(-LEDGER_DAYS);
  return {
    ...rest,
    ...(zone === undefined ? {} : { zone }),
    ...(own.zoneIsOwn === true ? { zoneIsOwn: true } : {}),
    ...(away === undefined ? {} : { away }),
    ...(digest === undefined ? {} : { digest }),
    ...(digest === undefined && (here.digestOff ?? there.digestOff) ? { digestOff: true } : {}),
    holidays: { ...there.holidays, ...here.holidays },
    follows: { ...there.follows, ...here.follows },
    snoozed: { ...there.snoozed, ...here.snoozed },
    nudgedOn: sent,
    nudges: { ...there.nudges, ...here.nudges },
    remindedOn: { ...there.remindedOn, ...here.remindedOn },
  };
}

/** Local dates on which we wrote unprompted. */
function writtenOn(person: Person, date: string): string[] {
  return [...person.nudgedOn.filter((one) => one !== date), date].slice(-LEDGER_DAYS);
}

export function hoursOf(person: Person): Hours {
  return person.hours ?? DEFAULT_HOURS;
}

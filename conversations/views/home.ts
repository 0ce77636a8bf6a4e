import { DateTime } from "luxon";
import type { Block, Button, Form, Message, Rich } from "../../src/domain/message.ts";
import type { Person } from "../../src/domain/person.ts";
import type { OpenItem, SessionRow } from "../../src/domain/session.ts";
import { awayOf, writeHours } from "../hours.ts";
import { hoursOf } from "../person.ts";
import { type NudgeView, nudgeCard } from "./nudge.ts";
import { button } from "./parts.ts";

/** A person's own page on the platform: what waits for them, their sessions, what they manage, how they are reached. */
export function homeCard(
  person: Person,
  items: OpenItem[],
  sessions: SessionRow[],
  reach: string,
  view: NudgeView,
): Message {
  // A manager follows the sessions of theirs; so does whoever asked for a digest of one.
  const managed = sessions.filter(({ id }) => person.follows?.[id] !== undefined);
  const others = sessions.filter((row) => !managed.includes(row));
  const blocks: Block[] = [{ kind: "heading", text: "What waits for you" }];
  if (items.length === 0) blocks.push({ kind: "text", text: ["Nothing waits for you."] });
  else blocks.push(...nudgeCard(items, view).blocks);
  if (managed.length > 0) {
    blocks.push({ kind: "divider" }, { kind: "heading", text: "What you manage" });
    for (const row of managed) blocks.push(...sessionBlocks(row, view));
    blocks.push({ kind: "context", text: digestLine(person) });
  }
  if (others.length > 0 || managed.length === 0) {
    blocks.push({ kind: "divider" }, { kind: "heading", text: "Your sessions" });
    for (const row of others) blocks.push(...sessionBlocks(row, view));
    if (others.length === 0) blocks.push({ kind: "text", text: ["You are in no open session."] });
  }
  blocks.push({ kind: "divider" }, { kind: "heading", text: "How I reach you" });
  blocks.push({ kind: "text", text: [reach] });
  const describes = "Change my hours, time zone and absence";
  blocks.push({
    kind: "buttons",
    buttons: [button("me", "Change", {}, { opens: true, describes }), nudgePlaceButton(person)],
  });
  return { summary: `${person.name ?? "You"}: ${items.length} open`, blocks };
}

/** Its name and when it is, by the reader's own clock, and a look at it. */
function sessionBlocks({ id, name, eventAt }: SessionRow, view: NudgeView): Block[] {
  const at = DateTime.fromISO(eventAt, { zone: view.zone });
  const today = DateTime.fromJSDate(view.now, { zone: view.zone }).startOf("day");
  const days = Math.round(at.startOf("day").diff(today, "days").days);
  const away = days > 0 ? `T-${days} days` : days === 0 ? "today" : `${-days} days ago`;
  const when = at.setLocale("en-GB").toFormat("ccc d LLL, HH:mm");
  const line: Rich = [{ strong: name }, ` · ${days === 1 ? "T-1 day" : days === -1 ? "yesterday" : away} · ${when}`];
  return [
    { kind: "text", text: line },
    {
      kind: "buttons",
      buttons: [
        button("status", "Where it stands", { session: id }, { describes: `Where ${name} stands`.slice(0, 75) }),
        button("summary", "Summary", { session: id }, { describes: `Summary of ${name}`.slice(0, 75) }),
      ],
    },
  ];
}

function digestLine({ digest }: Person): Rich {
  if (digest === undefined) {
    return ["You get no digest. To get one, type ", { code: "digest weekly" }, " in the channel."];
  }
  const rhythm = digest.rhythm === "daily" ? "each working day" : "each Monday";
  const last = digest.byDefault && digest.rhythm === "weekly" ? ", daily in the last week" : "";
  return [`Your digest comes ${rhythm}${last}, when something changed. `, { code: "digest off" }, " ends it."];
}

/** Hours, zone and absence, filled with what counts now. */
export function meForm(person: Person, zone: string, now: Date): Form {
  const away = awayOf(person, now, zone);
  return {
    id: "me",
    title: "How I reach you",
    submit: "Save",
    context: {},
    intro: ["What I write to you unasked comes in these hours, at most once a day."],
    fields: [
      {
        name: "hours",
        label: "Working hours and days",
        hint: "Like 9-17 Mon-Fri",
        type: "text",
        max: 80,
        value: writeHours(hoursOf(person)),
      },
      { name: "zone", label: "Time zone", hint: "Like Europe/London, or a city", type: "text", max: 60, value: zone },
      {
        name: "away_from",
        label: "Away from",
        hint: "Empty: you are here.",
        type: "date",
        ...(away === undefined ? {} : { value: away.from }),
      },
      {
        name: "away_until",
        label: "Away until",
        type: "date",
        ...(away === undefined ? {} : { value: away.to }),
      },
    ],
  };
}

/** Turns the reminders of a single thing from direct messages to its thread, and back. */
export function nudgePlaceButton({ inThread }: Person): Button {
  if (inThread === true) return button("run", "Remind me directly", { arg: "me nudges direct" });
  const describes = "When only one thing waits, remind me in its thread";
  return button("run", "Remind me in the thread", { arg: "me nudges thread" }, { describes });
}

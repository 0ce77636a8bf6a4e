import type { Address } from "../src/domain/address.ts";
import { identityOf, type PersonId, type SessionId } from "../src/domain/ids.ts";
import type { Mark, Message, Rich } from "../src/domain/message.ts";
import type { Person } from "../src/domain/person.ts";
import type { OpenItem, SessionState } from "../src/domain/session.ts";
import type { SessionEvent } from "../src/domain/session-event.ts";
import { digestOf, type Told } from "./digest.ts";
import { fold } from "./evolve.ts";
import { planNudge, reachOf } from "./nudging.ts";
import { postKeys, threadOf } from "./session-queries.ts";
import { nudgeCard, threadNudge } from "./views/nudge.ts";
import type { ViewContext } from "./views/parts.ts";

/** What goes out unprompted to one person: words made at the moment of sending, and what the ledger keeps of them. */
export type Letter = {
  session: SessionId;
  message: Message;
  /** The thread it is said in, where its person prefers that; otherwise their direct chat. */
  thread?: Address;
  mark?: Pick<Mark, "module" | "question">;
  ledger: { items?: OpenItem[]; revisions?: Record<SessionId, number> };
};

type To = {
  person: Person;
  items: readonly OpenItem[];
  sessions: ReadonlyMap<SessionId, SessionState>;
  /** Zone of people who haven't told theirs. */
  fallbackZone: string;
  view: ViewContext;
};

/** The nudge of this moment; undefined when there is nothing to say, or not now. */
export function nudgeLetter({ person, items, sessions, fallbackZone, view }: To, asked: boolean): Letter | undefined {
  const plan = planNudge(person, items, view.now, fallbackZone, { asked });
  const first = plan.kind === "now" ? plan.items[0] : undefined;
  if (plan.kind !== "now" || first === undefined) return undefined;
  const { zone } = reachOf(person, fallbackZone);
  const seen = { ...view, zone, sessions };
  const thread = plan.items.length === 1 ? threadFor(first, person, sessions.get(first.session)) : undefined;
  return {
    session: first.session,
    ...(thread === undefined
      ? { message: nudgeCard(plan.items, seen) }
      : { message: threadNudge(first, seen), thread, mark: markOf(first) }),
    ledger: { items: plan.items },
  };
}

/** Where a single thing stands, if its person would rather be reminded there, and is reached on that platform. */
function threadFor(item: OpenItem, person: Person, session: SessionState | undefined): Address | undefined {
  if (person.inThread !== true || session === undefined || session.status !== "open" || session.flat) return undefined;
  if ((item.kind !== "question" && item.kind !== "confirm") || item.module === undefined) return undefined;
  const { platform } = session.home;
  const there = identityOf(item.person).platform === platform && (person.reach?.platform ?? platform) === platform;
  return there ? threadOf(session, postKeys.module(item.module)) : undefined;
}

function markOf({ module, question }: OpenItem): Pick<Mark, "module" | "question"> {
  return { ...(module === undefined ? {} : { module }), ...(question === undefined ? {} : { question }) };
}

/**
 * The digest of this moment, with the day's nudge in it: nobody gets two messages. Undefined when nothing changed.
 * @param followed the sessions it tells of, with all their events
 * @param ids every id of the person
 */
export function digestLetter(
  to: To,
  followed: readonly { session: SessionState; events: readonly SessionEvent[] }[],
  ids: readonly PersonId[],
): Letter | undefined {
  const { person, view } = to;
  const told = followed.map(({ session, events }) => toldOf(person, session, events));
  const digest = digestOf(told, ids, view, person.digest?.always);
  if (digest === undefined) return undefined;
  const plan = planNudge(person, to.items, view.now, to.fallbackZone, { inDigest: true });
  const { zone } = reachOf(person, to.fallbackZone);
  const nudge = plan.kind === "now" ? nudgeCard(plan.items, { ...view, zone, sessions: to.sessions }) : undefined;
  const revisions = Object.fromEntries(followed.map(({ session }) => [session.id, session.revision]));
  return {
    session: digest.session,
    message: {
      summary: digest.message.summary,
      blocks: [
        ...digest.message.blocks,
        ...(nudge === undefined ? [] : [{ kind: "divider" as const }, ...nudge.blocks]),
        { kind: "context", text: rhythmLine(person) },
      ],
    },
    ledger: { revisions, ...(plan.kind === "now" ? { items: plan.items } : {}) },
  };
}

function toldOf(person: Person, session: SessionState, events: readonly SessionEvent[]): Told {
  const known = person.digest?.lastRevision[session.id];
  const before = known === undefined ? undefined : fold(events.slice(0, known));
  const lastAt = person.digest?.lastAt;
  return {
    session,
    ...(before === undefined || before.status === "none" ? {} : { before }),
    since: events.slice(known ?? 0),
    ...(known === undefined || lastAt === undefined ? {} : { lastAt }),
  };
}

function rhythmLine({ digest }: Person): Rich {
  const when = digest?.rhythm === "daily" ? "each working day" : "on Mondays";
  const last = digest?.byDefault && digest.rhythm === "weekly" ? ", and daily in the last week" : "";
  const changed = digest?.always ? "." : ", when something changed.";
  return [`You get this ${when}${last}${changed} `, { code: "digest off" }, " ends it."];
}

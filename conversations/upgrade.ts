import { z } from "zod";
import type { PersonEvent } from "../src/domain/person.ts";
import type { SessionEvent } from "../src/domain/session-event.ts";

/** The version written today. A stored event of any older version is raised step by step; an answer is never dropped. */
export const EVENT_VERSION = 1;

/** What is checked of a stored event: our own writing, so its head; the fold is total over its kinds. */
const StoredBody = z.looseObject({ kind: z.string(), at: z.string() });
type StoredBody = z.infer<typeof StoredBody>;

/** Raises a body from version n to n + 1, by n. Add a step with every new version; never change an old one. */
export type Upgrades = Readonly<Record<number, (body: StoredBody) => StoredBody>>;
const SESSION_UPGRADES: Upgrades = {};
const PERSON_UPGRADES: Upgrades = {};

export function upgradeSessionEvent(stored: { v: number; body: unknown }): SessionEvent {
  return raise(stored, SESSION_UPGRADES, EVENT_VERSION) as SessionEvent;
}

export function upgradePersonEvent(stored: { v: number; body: unknown }): PersonEvent {
  return raise(stored, PERSON_UPGRADES, EVENT_VERSION) as PersonEvent;
}

/** Exported for its test. @throws for an event newer than this build, or one that lacks its head. */
export function raise(stored: { v: number; body: unknown }, upgrades: Upgrades, today: number): StoredBody {
  if (stored.v > today) {
    throw new Error(`A stored event has version ${stored.v}; this build knows ${today}. Deploy the newer build.`);
  }
  let body = StoredBody.parse(stored.body);
  for (let v = stored.v; v < today; v++) {
    const step = upgrades[v];
    if (step === undefined) throw new Error(`No way is known to raise an event from version ${v} to ${v + 1}.`);
    body = step(body);
  }
  return body;
}

import { watch } from "../../conversations/asking.ts";
import { beginCalendar } from "../../conversations/calendar.ts";
import { fold } from "../../conversations/evolve.ts";
import { openItemsOf } from "../../conversations/open-items.ts";
import { newPerson } from "../../conversations/person.ts";
import { planRetention } from "../../conversations/retention.ts";
import { Turn } from "../../conversations/turn.ts";
import { wording } from "../../conversations/wording.ts";
import { type Address, conversationKey } from "../domain/address.ts";
import type { NewOutboxItem } from "../domain/effect.ts";
import { TerminalError } from "../domain/errors.ts";
import type { PersonId, SessionId } from "../domain/ids.ts";
import type { FileRef } from "../domain/inbound.ts";
import type { Decision } from "../domain/ports.ts";
import type { SessionState } from "../domain/session.ts";
import type { SessionEvent } from "../domain/session-event.ts";
import type { Words } from "../domain/words.ts";
import { type Parts, settingsFor } from "./parts.ts";
import { whisper } from "./receive.ts";

/** An export read back into its events, or why it can't be, as a sentence. */
export type ReadExport = (
  text: string,
) => Promise<{ session: SessionId; events: SessionEvent[] } | { problem: string }>;

export type Imported =
  | { ok: true; id: SessionId; name: string; events: number }
  /** `there`: a session of this id is already here; `refused`: the file or the person isn't right. */
  | { ok: false; why: "there" | "refused"; problem: string };

type ImportParts = Pick<
  Parts,
  | "store"
  | "mask"
  | "calendar"
  | "machine"
  | "catalogue"
  | "settings"
  | "commands"
  | "newId"
  | "chats"
  | "log"
  | "readExport"
>;

/** A file of ours is some hundred kilobytes; this is far above, and below what hurts. */
export const LARGEST_IMPORT = 5 * 1024 * 1024;

/**
 * Brings an exported session back: its events are checked, raised to today's version, masked anew, folded once for
 * trial, and appended in one transaction, so that half a session is never there.
 * @param by who asked in a chat: only somebody who could have exported it may bring it back. Absent: the operator.
 */
export function createImporter(parts: ImportParts) {
  const { store } = parts;

  return async (text: string, by?: PersonId): Promise<Imported> => {
    if (text.length > LARGEST_IMPORT) {
      return { ok: false, why: "refused", problem: "The file is larger than 5 MB. No export of one session is." };
    }
    const read = await parts.readExport(text);
    if ("problem" in read) return { ok: false, why: "refused", problem: read.problem };
    const events = await masked(parts, read.events);
    const session = trial(events);
    if (session === undefined) {
      return {
        ok: false,
        why: "refused",
        problem: 'The events in the file contradict each other, so nothing was stored. Use a file from "export json".',
      };
    }
    if (by !== undefined && session.facilitator !== by && !session.scope.managers.includes(by)) {
      const problem = `Only the facilitator or a manager of "${session.name}" can bring it back. Ask them, or the operator.`;
      return { ok: false, why: "refused", problem };
    }
    return append(session, events);
  };

  async function append(session: SessionState, events: SessionEvent[]): Promise<Imported> {
    let there: SessionState | undefined;
    // An open session needs its channel for itself.
    const channel = session.status === "open" ? { channel: conversationKey(session.home) } : {};
    await store.transition({ receipts: [], target: { session: session.id, ...channel } }, (loaded): Decision => {
      const nothing = { sessionEvents: [], personEvents: [], outbox: [], cancel: [], fleeting: [] };
      if (loaded.session.status !== "none") {
        there = loaded.session;
        return { ...nothing, outcome: { kind: "ignored", reason: "A session of this id is already here" } };
      }
      return {
        ...nothing,
        sessionId: session.id,
        sessionEvents: events,
        outbox: planned(session),
        outcome: { kind: "committed", session: session.id },
      };
    });
    if (there?.id === session.id) {
      return { ok: false, why: "there", problem: `"${there.name}" is already here, so nothing was changed.` };
    }
    if (there !== undefined) {
      const problem = `"${there.name}" is open in the channel that "${session.name}" was held in. Close it, then import again.`;
      return { ok: false, why: "there", problem };
    }
    return { ok: true, id: session.id, name: session.name, events: events.length };
  }

  /** The timers of the old database aren't in the file: they are planned anew, as when a session begins. */
  function planned(session: SessionState): NewOutboxItem[] {
    const { platform } = session.home;
    const turn = new Turn(
      { session, candidates: [], person: newPerson(session.facilitator), openItems: [] },
      {
        now: parts.calendar.now(),
        machineNow: parts.machine.now(),
        catalogue: parts.catalogue,
        newId: parts.newId,
        settings: settingsFor(parts, platform),
      },
      undefined,
    );
    if (session.status === "open") {
      beginCalendar(turn);
      const waiting = openItemsOf(session, parts.catalogue).map((item) => item.person);
      for (const person of new Set(waiting)) watch(turn, person);
    } else planRetention(turn);
    return turn.done("Nothing is planned").outbox;
  }
}

export type Importer = ReturnType<typeof createImporter>;

/** From a chat: the file is fetched, read, and whoever sent it is told how it went. */
export async function importFromChat(
  parts: ImportParts,
  importer: Importer,
  asked: { person: PersonId; address: Address; file: FileRef },
): Promise<void> {
  const { person, address, file } = asked;
  const say = (sentence: string) =>
    whisper(parts, { do: "whisper", address, person, message: wording.sentence(sentence) });
  try {
    const imported = await importer(await fileText(parts, address, file, LARGEST_IMPORT), person);
    say(imported.ok ? wording.imported(imported.name) : imported.problem);
  } catch (error) {
    if (!(error instanceof TerminalError)) throw error;
    say(`I couldn't read ${file.name}: ${error.message}`);
  }
}

/** The text of an attached file. @throws {TerminalError} where the platform has none, or it isn't text. */
export async function fileText(
  parts: Pick<Parts, "chats">,
  address: Address,
  file: FileRef,
  most: number,
): Promise<string> {
  return new TextDecoder("utf-8").decode(await fileBytes(parts, address, file, most));
}

/** @throws {TerminalError} with the reason and what to do */
export async function fileBytes(
  parts: Pick<Parts, "chats">,
  address: Address,
  file: FileRef,
  most: number,
): Promise<Uint8Array> {
  const size = `${Math.round((most / 1024 / 1024) * 10) / 10} MB`;
  if (file.size > most) throw new TerminalError(`it is larger than ${size}. Send the part that matters.`);
  const chat = parts.chats[address.platform];
  if (chat?.readFile === undefined) throw new TerminalError("files can't be fetched here. Paste the text instead.");
  return chat.readFile(address, file, most);
}

function trial(events: SessionEvent[]): SessionState | undefined {
  try {
    const session = fold(events);
    return session.status === "none" ? undefined : session;
  } catch {
    return undefined;
  }
}

/** Secrets that somebody put into the file are masked before the first write, like in everything people write. */
async function masked(parts: Pick<Parts, "mask">, events: SessionEvent[]): Promise<SessionEvent[]> {
  const found = new Map<string, string>();
  const collect = (value: unknown): void => {
    if (isWordsLike(value)) found.set(value.words, value.text ?? "");
    else if (typeof value === "object" && value !== null) for (const inner of Object.values(value)) collect(inner);
  };
  for (const event of events) collect(event);
  const clean = new Map<string, string>();
  for (const [id, text] of found) {
    const read = await parts.mask(text);
    if (read.found.length > 0) clean.set(id, read.text);
  }
  if (clean.size === 0) return events;
  const replaced = (value: unknown): unknown => {
    if (isWordsLike(value))
      return value.text === null ? value : { ...value, text: clean.get(value.words) ?? value.text };
    if (Array.isArray(value)) return value.map(replaced);
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, replaced(inner)]));
  };
  return events.map((event) => replaced(event) as SessionEvent);
}

function isWordsLike(value: unknown): value is Words {
  if (typeof value !== "object" || value === null || !("words" in value) || !("text" in value)) return false;
  return typeof value.words === "string" && (typeof value.text === "string" || value.text === null);
}

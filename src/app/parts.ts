import type { Context, Settings } from "../../conversations/context.ts";
import { evolve } from "../../conversations/evolve.ts";
import { evolvePerson, newPerson } from "../../conversations/person.ts";
import { project } from "../../conversations/project.ts";
import { EVENT_VERSION, upgradePersonEvent, upgradeSessionEvent } from "../../conversations/upgrade.ts";
import type { Catalogue } from "../domain/catalogue.ts";
import type { PersonId, Platform, SessionId } from "../domain/ids.ts";
import type {
  Calendar,
  ChatAdapter,
  EvidenceCollector,
  Machine,
  Projection,
  Store,
  StoreModel,
} from "../domain/ports.ts";
import type { SessionState, SummaryText } from "../domain/session.ts";
import type { ReadExport } from "./import.ts";
import type { ArchitectureReader } from "./intake.ts";
import type { Quotas } from "./quota-work.ts";
import type { AnswerReading } from "./read-answer.ts";

/** What the application's parts share. Made once, in `main.ts`. */
export type Parts = {
  store: Store;
  calendar: Calendar;
  machine: Machine;
  catalogue: Catalogue;
  /** Filled as platforms start; empty for those that are off. */
  chats: Partial<Record<Platform, ChatAdapter>>;
  settings: Omit<Settings, "command">;
  commands: Record<Platform, string>;
  newId: Context["newId"];
  log: AppLog;
  count?(effect: string, result: string): void;
  /** Masks recognised secrets in what people write, before anything is stored. */
  mask(text: string): Promise<{ text: string; found: string[] }>;
  collector?: EvidenceCollector;
  quotas?: Quotas;
  writer: Writer;
  /** A model that reads answers, where one is set up. */
  answerReading?: AnswerReading;
  /** A file, or a sentence why there is none. */
  exportSession(session: SessionState, format: string): Promise<ExportedFile | { problem: string }>;
  architecture: ArchitectureReader;
  boards?: Boards;
  /** Reads a JSON export back, or says why it can't be. */
  readExport: ReadExport;
  /** Somebody acted, or was given a part: are they known on another platform? Never awaited. */
  met?(person: PersonId, how: "acted" | "named"): void;
  /** When a post was last redrawn (machine ms): redraws of a busy card are coalesced. */
  redrawn: Map<string, number>;
};

export type Boards = {
  /** Where a session's board is read by people of this platform; undefined: they have no way to it. */
  link(session: SessionId, platform: Platform): Promise<string | undefined>;
  /** Links given out so far open nothing any more. */
  revoke(session: SessionId): Promise<void>;
};

export type AppLog = {
  debug(data: object, message: string): void;
  info(data: object, message: string): void;
  warn(data: object, message: string): void;
  error(data: object, message: string): void;
};

export type ExportedFile = { name: string; mediaType: string; content: string };

/** Writes a summary from the record. Never fails for want of a model: the plain writer stands in. */
export type Writer = (
  session: SessionState,
  onProgress?: (share: number) => void,
) => Promise<{ writer: "bedrock" | "plain" } & SummaryText>;

export function settingsFor(parts: Pick<Parts, "settings" | "commands">, platform: Platform): Settings {
  return { ...parts.settings, command: parts.commands[platform] };
}

/** The engine's folds, for the store. */
export function storeModel(catalogue: Catalogue): StoreModel {
  // A state is what it was before the next event: its lists are made once.
  const made = new WeakMap<SessionState, Projection>();
  return {
    evolveSession: evolve,
    evolvePerson,
    newPerson,
    project(session) {
      const lists = made.get(session) ?? project(session, catalogue);
      made.set(session, lists);
      return lists;
    },
    upgradeSessionEvent,
    upgradePersonEvent,
    eventVersion: EVENT_VERSION,
  };
}

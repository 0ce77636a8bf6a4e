import type { WebMessage } from "../../src/domain/ports.ts";
import { BOT } from "./options.ts";

/** A message as the page gets it. */
export type MessageView = {
  id: string;
  channel: string;
  thread: string | null;
  author: string;
  authorName: string;
  bot: boolean;
  text: string;
  card: unknown;
  reactions: string[];
  sentAt: number;
  editedAt: number | null;
  deleted: boolean;
};

export function viewOf(row: WebMessage): MessageView {
  return {
    id: row.id,
    channel: row.channel,
    thread: row.thread,
    author: row.author,
    authorName: row.authorName,
    bot: row.author === BOT.user,
    text: row.deleted ? "" : row.text,
    card: row.deleted || row.card === null ? null : cardOf(row.card),
    reactions: row.deleted ? [] : row.reactions,
    sentAt: row.sentAt,
    editedAt: row.editedAt,
    deleted: row.deleted,
  };
}

function cardOf(card: string): unknown {
  try {
    return JSON.parse(card);
  } catch {
    return null;
  }
}

/** Only one person sees it, until they close it or the program restarts. */
export type WhisperView = {
  id: string;
  channel: string;
  thread: string | null;
  /** What they had typed, for the answer to a command. */
  about: string | null;
  text: string;
  card: unknown;
  file: { name: string; url: string } | null;
  sentAt: number;
};

import { createHash } from "node:crypto";
import type { Address } from "../../src/domain/address.ts";
import type { Actor, FileRef, Ignored, Inbound } from "../../src/domain/inbound.ts";
import type { Delivery, Known, Texts } from "./delivery.ts";
import { readText, withoutBot } from "./escape.ts";
import type { EventEnvelope, MessageEvent, SlackFile, SlackMessage } from "./schema.ts";
import { millis } from "./times.ts";

/** Messages of people; every other subtype is Slack talking about itself. */
export const SAID_BY_PEOPLE = new Set([undefined, "file_share", "thread_broadcast", "me_message"]);

type Where = { workspace: string; channel: string; direct: boolean };

export function actorOf(workspace: string, user: string, teams: (string | null | undefined)[], known: Known): Actor {
  const person = known.person(workspace, user);
  // What Slack says of somebody counts; until it has, the workspace that the delivery names for them.
  const outsider =
    person?.outsider ?? teams.some((team) => team != null && team !== "" && !known.allowed(workspace, team));
  return {
    platform: "slack",
    workspace,
    user,
    ...(person?.name === undefined ? {} : { name: person.name }),
    ...(person?.zone === undefined ? {} : { zone: person.zone }),
    ...(outsider ? { outsider: true } : {}),
  };
}

/** A root that has replies carries its own ts as its thread: it still stands at the channel's top level. */
function addressOf(
  { workspace, channel }: Where,
  message: { thread_ts?: string | undefined; ts?: string | undefined },
): Address {
  const { thread_ts: thread, ts } = message;
  return { platform: "slack", workspace, channel, ...(thread === undefined || thread === ts ? {} : { thread }) };
}

/** `app_mention` and `message` of one post have one key. */
export function messageReceipt(workspace: string, channel: string, ts: string): string {
  return `slack:message:${workspace}:${channel}:${ts}`;
}

/** Slack gives an edit's time in whole seconds: two edits within one differ in their words. */
function editReceipt({ workspace, channel }: Where, ts: string, editedAt: string, words: string): string {
  const which = createHash("sha256").update(words).digest("base64url").slice(0, 8);
  return `slack:edit:${workspace}:${channel}:${ts}:${editedAt}:${which}`;
}

/** When a message was edited: an event says it to the microsecond, a message only in which second. */
function editedAt(at: string, eventTs: string | undefined): number {
  if (eventTs !== undefined) return Math.max(millis(at), millis(eventTs));
  const second = millis(at);
  return second % 1_000 === 0 ? second + 999 : second;
}

/** Slack turns long pasted text into a snippet; its words are part of what was said. */
export function isText(file: SlackFile): boolean {
  if (file.mode === "snippet" || file.mode === "post") return true;
  return file.mimetype?.startsWith("text/") === true && (file.size ?? 0) <= 1_000_000;
}

export function fileRefs(files: SlackFile[] | null | undefined): FileRef[] {
  return (files ?? []).map((file) => ({
    id: file.id,
    name: file.name ?? file.title ?? "file",
    mediaType: file.mimetype ?? "application/octet-stream",
    size: file.size ?? 0,
    url: file.url_private_download ?? file.url_private ?? "",
    ...(isText(file) ? { snippet: true } : {}),
  }));
}

/** Events `message` (all subtypes) and `app_mention`. */
export function parseMessage(event: MessageEvent, envelope: EventEnvelope, workspace: string, known: Known): Delivery {
  const direct = event.channel_type === "im" || event.channel.startsWith("D");
  const where: Where = { workspace, channel: event.channel, direct };
  const base = { workspace, answer: "ephemeral" as const };
  const other = envelope.team_id !== workspace ? envelope.team_id : undefined;
  if (event.subtype === "message_changed") return { ...base, ...changed(event, where, other, known) };
  if (event.subtype === "message_deleted") return { ...base, inbound: deleted(event, where, other, known) };
  if (!SAID_BY_PEOPLE.has(event.subtype)) {
    return { ...base, inbound: { kind: "ignored", reason: `Slack's "${event.subtype}" carries nothing for us` } };
  }
  const inbound = said(event, where, other, known);
  return { ...base, inbound, ...(event.user === undefined ? {} : { user: event.user }), ...textsOf(event, inbound) };
}

/** The texts among a message's files, and the message's own words, to be joined once they were fetched. */
export function textsOf(message: SlackMessage, inbound: Inbound | Ignored): { texts?: Texts } {
  const files = (message.files ?? []).filter(isText);
  if (files.length === 0 || (inbound.kind !== "message" && inbound.kind !== "edit")) return {};
  return { texts: { files, words: ownWords(inbound.text, files) } };
}

/** Until its text is fetched, a snippet is what Slack shows of it. */
function withPreviews(words: string, files: SlackFile[] | null | undefined): string {
  return [words, ...(files ?? []).filter(isText).map(standIn)].filter((part) => part.trim() !== "").join("\n");
}

function standIn(file: SlackFile): string {
  return file.preview?.trim() || `(file ${file.name ?? file.title ?? file.id})`;
}

function ownWords(text: string, files: SlackFile[]): string {
  const tail = withPreviews("", files);
  return text.endsWith(tail) ? text.slice(0, text.length - tail.length).trimEnd() : text;
}

/** Who wrote it, if a person did: a bot's message carries a user as well, and Slackbot's looks like a person's. */
export function personOf(message: Pick<SlackMessage, "bot_id" | "user">, bot: string | undefined): string | undefined {
  const { bot_id, user } = message;
  return bot_id || user === bot || user === "USLACKBOT" ? undefined : user;
}

/** A message as it stands now: said in an event, or found in a conversation's history. */
export function said(
  message: SlackMessage,
  where: Where,
  team: string | null | undefined,
  known: Known,
): Inbound | Ignored {
  const { workspace, channel, direct } = where;
  const bot = known.bot(workspace);
  const person = personOf(message, bot);
  if (person === undefined) return { kind: "ignored", reason: "said by a bot" };
  const markup = message.text ?? "";
  const profileOf = (user: string) => known.person(workspace, user);
  const stripped = withoutBot(markup, bot);
  const address = addressOf(where, message);
  const { text, mentions } = readText(stripped ?? markup, profileOf, bot);
  const common = {
    receipts: [messageReceipt(workspace, channel, message.ts)],
    actor: actorOf(workspace, person, [team, message.user_team ?? message.team ?? message.source_team], known),
    address,
    ...(direct ? { direct: true } : {}),
  };
  const files = fileRefs(message.files);
  if (stripped !== undefined && address.thread === undefined) {
    return { ...common, kind: "command", text: text.trim(), mentions, ...(files.length === 0 ? {} : { files }) };
  }
  return {
    ...common,
    kind: "message",
    messageId: message.ts,
    sentAt: millis(message.ts),
    text: withPreviews(text, message.files),
    mentions,
    ...(stripped === undefined ? {} : { addressed: true }),
    ...(files.length === 0 ? {} : { files }),
  };
}

function changed(
  event: MessageEvent,
  where: Where,
  team: string | null | undefined,
  known: Known,
): Pick<Delivery, "inbound" | "texts" | "user"> {
  const now = event.message;
  if (now?.ts === undefined) return { inbound: { kind: "ignored", reason: "a change without its message" } };
  const ts = now.ts;
  if (now.subtype === "tombstone") {
    return { inbound: deleted({ ...event, deleted_ts: ts }, where, team, known) };
  }
  const before = event.previous_message;
  if (before !== undefined && (before.text ?? "") === (now.text ?? "")) {
    return { inbound: { kind: "ignored", reason: "changed without a change of words" } };
  }
  if (now.edited == null && before === undefined) {
    return { inbound: { kind: "ignored", reason: "changed by Slack, not by a person" } };
  }
  const inbound = edited({ ...now, ts }, where, team, known, event.event_ts);
  return { inbound, ...(now.user === undefined ? {} : { user: now.user }), ...textsOf({ ...now, ts }, inbound) };
}

/** The words a message has now, as an edit of what was said first. */
export function edited(
  message: SlackMessage,
  where: Where,
  team: string | null | undefined,
  known: Known,
  eventTs?: string,
): Inbound | Ignored {
  const bot = known.bot(where.workspace);
  if (message.bot_id || message.user === undefined || message.user === bot) {
    return { kind: "ignored", reason: "a bot's message was changed" };
  }
  const at = message.edited?.ts ?? eventTs ?? message.ts;
  const markup = message.text ?? "";
  const personOf = (user: string) => known.person(where.workspace, user);
  const { text, mentions } = readText(withoutBot(markup, bot) ?? markup, personOf, bot);
  return {
    kind: "edit",
    receipts: [editReceipt(where, message.ts, at, markup)],
    actor: actorOf(where.workspace, message.user, [team, message.user_team ?? message.team], known),
    address: addressOf(where, message),
    ...(where.direct ? { direct: true } : {}),
    messageId: message.ts,
    editedAt: editedAt(at, eventTs),
    text: withPreviews(text, message.files),
    mentions,
  };
}

function deleted(
  event: Pick<MessageEvent, "deleted_ts" | "previous_message" | "user">,
  where: Where,
  team: string | null | undefined,
  known: Known,
): Inbound | Ignored {
  const before = event.previous_message;
  const ts = event.deleted_ts ?? before?.ts;
  if (ts === undefined) return { kind: "ignored", reason: "a deletion that names no message" };
  if (before?.bot_id || (before?.user !== undefined && before.user === known.bot(where.workspace))) {
    return { kind: "ignored", reason: "a bot's message was deleted" };
  }
  return {
    kind: "delete",
    receipts: [`slack:delete:${where.workspace}:${where.channel}:${ts}`],
    actor: actorOf(where.workspace, before?.user ?? event.user ?? "", [team, before?.user_team ?? before?.team], known),
    address: addressOf(where, { thread_ts: before?.thread_ts, ts }),
    ...(where.direct ? { direct: true } : {}),
    messageId: ts,
  };
}

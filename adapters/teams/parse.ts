import { createHash } from "node:crypto";
import type { Address } from "../../src/domain/address.ts";
import { identityOf, type PersonId } from "../../src/domain/ids.ts";
import type { Actor, FileRef, Ignored, Inbound, Unfit } from "../../src/domain/inbound.ts";
import type { FieldValues } from "../../src/domain/message.ts";
import { readAction } from "../cards/read.ts";
import { conversationParts, conversationType, platformTime } from "./address.ts";
import { readSubmission, SUBMIT_FORM } from "./dialogs.ts";
import { type Activity, type ActivityOf, CardActionValue, FileDownload, TaskValue } from "./schema.ts";
import { readSpoken, unfitOf } from "./text.ts";

/** What parsing needs to know beyond the activity itself. */
export type ParseContext = {
  /** Machine time: only for redelivery windows and where the platform gives no time of its own. */
  now: number;
  /** The one id under which we know somebody, from either of their two Teams ids. */
  person(id: string): { user: string; name?: string | undefined; outsider?: boolean | undefined };
  /** A local client has no members' lists worth asking: whoever speaks there belongs there. */
  local: boolean;
  /** Somebody of a tenant that isn't allowed, inside a conversation that is. */
  foreign: boolean;
  isCommand(text: string): boolean;
};

/** Invokes come again with new ids and timestamps when an answer was late: the same tap within this time is one tap. */
const REDELIVERY = 60_000;

/** Activity → Inbound. What isn't ours is `ignored`, with a reason. */
export function toInbound(activity: Activity, context: ParseContext): Inbound | Ignored {
  if (activity.from.id.startsWith("28:") || activity.from.role === "bot") return ignored("said by a bot");
  switch (activity.type) {
    case "message":
      return isSubmit(activity) ? submitted(activity, context) : message(activity, context);
    case "messageUpdate":
      return edited(activity, context);
    case "messageDelete":
      return deleted(activity, context);
    case "conversationUpdate":
      return conversationUpdate(activity, context);
    case "installationUpdate":
      return installation(activity, context);
    case "invoke":
      return invoke(activity, context);
  }
}

function message(activity: ActivityOf<"message">, context: ParseContext): Inbound | Ignored {
  if (!activity.id) return ignored("a message without an id");
  const place = placeOf(activity);
  const spoken = readSpoken(activity.text ?? "", activity.entities, {
    id: activity.recipient?.id ?? "",
    userOf: context.person,
  });
  const common = {
    receipts: [`teams:message:${place.address.channel}:${activity.id}`],
    actor: actorOf(activity, context),
    address: place.address,
    ...shapeOf(place.type),
  };
  const words = withoutCommandName(spoken.text);
  // A slash command is a message that only we get: it names nobody, and is meant for us all the same.
  const targeted = activity.recipient?.isTargeted === true;
  const spokenToUs = spoken.addressed || targeted || place.type === "personal";
  const isCommand =
    place.type === "channel"
      ? (spoken.named || targeted) && place.address.thread === undefined
      : spokenToUs && (words !== spoken.text || context.isCommand(words) || words === "");
  const files = filesOf(activity);
  if (isCommand) {
    return {
      ...common,
      kind: "command",
      text: words,
      mentions: spoken.mentions,
      ...(files.length === 0 ? {} : { files }),
    };
  }
  const text = spokenToUs && context.isCommand(words) ? words : spoken.text;
  if (text === "" && spoken.mentions.length === 0 && files.length === 0 && !spoken.named) {
    return ignored("a message without words");
  }
  return {
    ...common,
    kind: "message",
    messageId: activity.id,
    sentAt: platformTime(activity.id, activity.timestamp, context.now),
    text,
    mentions: spoken.mentions,
    ...(spoken.addressed || targeted ? { addressed: true } : {}),
    ...(files.length === 0 ? {} : { files }),
  };
}

/**
 * `/readiness start`, `readiness start`, `/t-minus start` and `/start` are `start`: people bring their habits from other
 * platforms, and a slash command may come with the app's name.
 */
export function withoutCommandName(text: string): string {
  return text.replace(/^(?:\/?readiness|\/t-minus)(?:\s+|$)/i, "").replace(/^\/(?=[a-z]+(?:\s|$))/i, "");
}

function edited(activity: ActivityOf<"messageUpdate">, context: ParseContext): Inbound | Ignored {
  if (!activity.id) return ignored("an edit without a message id");
  const place = placeOf(activity);
  const { text, mentions } = readSpoken(activity.text ?? "", activity.entities, {
    id: activity.recipient?.id ?? "",
    userOf: context.person,
  });
  // The id is still the message's; only the timestamp moves on.
  const editedAt = platformTime(undefined, activity.timestamp, context.now);
  return {
    kind: "edit",
    receipts: [`teams:edit:${place.address.channel}:${activity.id}:${editedAt}`],
    actor: actorOf(activity, context),
    address: place.address,
    ...shapeOf(place.type),
    messageId: activity.id,
    editedAt,
    text,
    mentions,
  };
}

function deleted(activity: ActivityOf<"messageDelete">, context: ParseContext): Inbound | Ignored {
  if (!activity.id) return ignored("a deletion without a message id");
  const place = placeOf(activity);
  const at = platformTime(undefined, activity.timestamp, context.now);
  return {
    kind: "delete",
    // A message can be deleted, brought back and deleted again: its time is part of the key.
    receipts: [`teams:delete:${place.address.channel}:${activity.id}:${at}`],
    actor: actorOf(activity, context),
    address: place.address,
    ...shapeOf(place.type),
    messageId: activity.id,
  };
}

const PLACE_CHANGES: Record<string, "removed" | "archived" | "renamed" | "added"> = {
  channelDeleted: "removed",
  channelRestored: "added",
  channelRenamed: "renamed",
  teamDeleted: "removed",
  teamHardDeleted: "removed",
  teamArchived: "archived",
  teamUnarchived: "added",
};

function conversationUpdate(activity: ActivityOf<"conversationUpdate">, context: ParseContext): Inbound | Ignored {
  const bot = activity.recipient?.id;
  const event = activity.channelData?.eventType ?? "";
  const change =
    bot !== undefined && activity.membersAdded?.some((member) => member.id === bot)
      ? "added"
      : bot !== undefined && activity.membersRemoved?.some((member) => member.id === bot)
        ? "removed"
        : PLACE_CHANGES[event];
  if (change === undefined)
    return ignored(`a change of a conversation that asks nothing of us (${event || "members"})`);
  const name = activity.channelData?.channel?.name ?? activity.channelData?.team?.name ?? undefined;
  return placeChanged(activity, context, change, name ?? undefined);
}

function installation(activity: ActivityOf<"installationUpdate">, context: ParseContext): Inbound | Ignored {
  if (activity.action?.startsWith("add")) return placeChanged(activity, context, "added");
  if (activity.action?.startsWith("remove")) return placeChanged(activity, context, "removed");
  return ignored(`an installation update "${activity.action ?? ""}"`);
}

function placeChanged(
  activity: Activity,
  context: ParseContext,
  change: "added" | "removed" | "archived" | "renamed",
  name?: string,
): Inbound {
  const { address, type } = placeOf(activity);
  const channel = activity.channelData?.channel?.id ?? address.channel;
  const at = platformTime(undefined, activity.timestamp, context.now);
  return {
    kind: "place",
    receipts: [`teams:place:${channel}:${change}:${activity.id ?? at}`],
    actor: actorOf(activity, context),
    address: { platform: "teams", workspace: address.workspace, channel },
    ...shapeOf(type),
    change,
    ...(name === undefined ? {} : { name }),
  };
}

function invoke(activity: ActivityOf<"invoke">, context: ParseContext): Inbound | Ignored {
  switch (activity.name) {
    case "adaptiveCard/action": {
      const parsed = CardActionValue.safeParse(activity.value);
      if (!parsed.success) return ignored("a card action that can't be read");
      if (parsed.data.trigger === "automatic") return ignored("a client refreshed a card by itself");
      const { verb, data } = parsed.data.action;
      if (verb === SUBMIT_FORM) return filledIn(activity, data, context);
      return withBox(pressed(activity, data, verb ?? undefined, context));
    }
    case "task/fetch": {
      const parsed = TaskValue.safeParse(activity.value);
      if (!parsed.success) return ignored("a dialog request that can't be read");
      const inbound = pressed(activity, parsed.data.data, undefined, context);
      if (inbound.kind !== "action") return inbound;
      const asks: Inbound = { ...inbound, form: "possible" };
      // Nothing was typed: asking for a form changes nothing, and a repeat (the program died before it answered) gets
      // the form as well.
      if (!isBlank(inbound.inputs)) return asks;
      return { ...asks, receipts: [`teams:open:${inbound.address.channel}:${activity.id ?? ""}:${context.now}`] };
    }
    case "task/submit": {
      const parsed = TaskValue.safeParse(activity.value);
      return parsed.success
        ? filledIn(activity, parsed.data.data, context)
        : ignored("a submitted dialog that can't be read");
    }
    default:
      return ignored(`an invoke "${activity.name ?? ""}"`);
  }
}

function isBlank(inputs: FieldValues): boolean {
  return Object.values(inputs).every((value) => value === null || value === "");
}

/** Clients that don't know `Action.Execute` fall back to `Action.Submit`, which arrives as a message without words. */
function isSubmit(activity: ActivityOf<"message">): boolean {
  return typeof activity.value === "object" && activity.value !== null && !activity.text;
}

function submitted(activity: ActivityOf<"message">, context: ParseContext): Inbound | Ignored {
  const asForm = filledIn(activity, activity.value, context);
  return asForm.kind === "form" ? asForm : withBox(pressed(activity, activity.value, undefined, context));
}

/** What opens no dialog stands beside its answer box ("Send answer"); a client may leave out a box that is empty. */
function withBox(inbound: Inbound | Ignored): Inbound | Ignored {
  if (inbound.kind !== "action" || inbound.action !== "answer") return inbound;
  return { ...inbound, inputs: { answer: null, ...inbound.inputs } };
}

/** A submitted form, from a dialog or from inside a message. */
function filledIn(
  activity: ActivityOf<"invoke"> | ActivityOf<"message">,
  data: unknown,
  context: ParseContext,
): Inbound | Ignored {
  const submission = readSubmission(data, tenantOf(activity), (id) => context.person(id).user);
  if (submission === undefined) return ignored("a submitted form that isn't ours");
  const { address, type } = placeOf(activity);
  const actor = actorOf(activity, context);
  const { form, context: about, values } = submission;
  return {
    kind: "form",
    receipts: windowed(`teams:form:${address.channel}:${actor.user}:${form}:${digest([about, values])}`, context.now),
    actor,
    address,
    ...shapeOf(type),
    form,
    context: about,
    values,
    ...pickedPeople(submission.people, context),
  };
}

/** What the people picked in a form are called, and who can take no part, as far as their members' lists told. */
function pickedPeople(
  people: PersonId[],
  context: ParseContext,
): { names?: Record<PersonId, string>; unfit?: Record<PersonId, Unfit> } {
  const names: Record<PersonId, string> = {};
  const unfit: Record<PersonId, Unfit> = {};
  for (const person of people) {
    const { user } = identityOf(person);
    const { name, outsider } = context.person(user);
    const { unfit: why } = unfitOf(user, outsider);
    if (name) names[person] = name;
    if (why !== undefined) unfit[person] = why;
  }
  return {
    ...(Object.keys(names).length === 0 ? {} : { names }),
    ...(Object.keys(unfit).length === 0 ? {} : { unfit }),
  };
}

function pressed(
  activity: ActivityOf<"invoke"> | ActivityOf<"message">,
  data: unknown,
  verb: string | undefined,
  context: ParseContext,
): Inbound | Ignored {
  const button = readAction(data, verb);
  if (button === undefined) return ignored("a button that isn't ours");
  const { address, type } = placeOf(activity);
  const actor = actorOf(activity, context);
  const card = activity.replyToId ?? "";
  const meaning = digest([button.action, button.value, button.inputs]);
  return {
    kind: "action",
    receipts: windowed(`teams:action:${address.channel}:${card}:${actor.user}:${meaning}`, context.now),
    actor,
    address,
    ...shapeOf(type),
    action: button.action,
    value: button.value,
    inputs: button.inputs,
    ...(card === "" ? {} : { messageId: card }),
  };
}

/**
 * Keys of a tap's meaning: of this window and the next, so that a redelivery on either side of a boundary is known,
 * and "Why?" may still be asked again a little later.
 */
function windowed(meaning: string, now: number): string[] {
  const window = Math.floor(now / REDELIVERY);
  return [`${meaning}:${window}`, `${meaning}:${window + 1}`];
}

function digest(value: unknown): string {
  return createHash("sha256").update(stable(value)).digest("base64url").slice(0, 22);
}

/** JSON with sorted keys: a client may reorder what it sends back. */
function stable(value: unknown): string {
  return JSON.stringify(value, (_key, part: unknown) =>
    typeof part === "object" && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  );
}

export type Place = { address: Address; type: ReturnType<typeof conversationType> };

/** Group chats and personal chats have no threads; only in personal chats nobody else listens. */
function shapeOf(type: Place["type"]): { direct?: true; flat?: true } {
  if (type === "channel") return {};
  return type === "personal" ? { direct: true, flat: true } : { flat: true };
}

/** Tenant of the conversation; a local client may have none. */
export function tenantOf(activity: Activity): string {
  return activity.conversation.tenantId ?? activity.channelData?.tenant?.id ?? "local";
}

export function placeOf(activity: Activity): Place {
  const { channel, root } = conversationParts(activity.conversation.id);
  const type = conversationType(activity.conversation.id, activity.conversation.conversationType);
  const isTap = activity.type === "invoke" || (activity.type === "message" && isSubmit(activity));
  const subject = isTap ? activity.replyToId : activity.id;
  // A channel's top-level post is its own thread's root: it stands in the channel, its replies in the thread.
  const inThread = type === "channel" && root !== undefined && root !== subject;
  return {
    address: { platform: "teams", workspace: tenantOf(activity), channel, ...(inThread ? { thread: root } : {}) },
    type,
  };
}

function actorOf(activity: Activity, context: ParseContext): Actor {
  const known = context.person(activity.from.id);
  const name = activity.from.name ?? known.name ?? undefined;
  return {
    platform: "teams",
    workspace: tenantOf(activity),
    user: known.user,
    ...(name === undefined ? {} : { name }),
    ...(activity.localTimezone ? { zone: activity.localTimezone } : {}),
    ...(known.outsider || context.foreign ? { outsider: true } : {}),
    ...(known.outsider === undefined && !context.foreign && !context.local ? { unverified: true } : {}),
  };
}

function filesOf(activity: ActivityOf<"message">): FileRef[] {
  return (activity.attachments ?? []).flatMap((attachment) => {
    const name = attachment.name ?? "file";
    if (attachment.contentType === "application/vnd.microsoft.teams.file.download.info") {
      const file = FileDownload.safeParse(attachment.content);
      if (!file.success) return [];
      const { downloadUrl, uniqueId, fileType } = file.data;
      return [
        {
          id: uniqueId ?? downloadUrl,
          name,
          mediaType: fileType ?? "application/octet-stream",
          size: 0,
          url: downloadUrl,
        },
      ];
    }
    if (attachment.contentType?.startsWith("image/") && attachment.contentUrl) {
      return [
        { id: attachment.contentUrl, name, mediaType: attachment.contentType, size: 0, url: attachment.contentUrl },
      ];
    }
    return [];
  });
}

function ignored(reason: string): Ignored {
  return { kind: "ignored", reason };
}

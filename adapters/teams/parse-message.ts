import type { FileRef, Ignored, Inbound } from "../../src/domain/inbound.ts";
import { platformTime } from "./address.ts";
import { actorOf, type ParseContext, placeOf, shapeOf } from "./origin.ts";
import { type ActivityOf, FileDownload } from "./schema.ts";
import { readSpoken } from "./text.ts";

/** A command if it names us at a channel's top level, or reads like one where it is said to us; else a message. */
export function message(activity: ActivityOf<"message">, context: ParseContext): Inbound | Ignored {
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

export function edited(activity: ActivityOf<"messageUpdate">, context: ParseContext): Inbound | Ignored {
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

export function deleted(activity: ActivityOf<"messageDelete">, context: ParseContext): Inbound | Ignored {
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

export function ignored(reason: string): Ignored {
  return { kind: "ignored", reason };
}

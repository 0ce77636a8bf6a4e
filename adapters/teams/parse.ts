import type { Ignored, Inbound } from "../../src/domain/inbound.ts";
import { platformTime } from "./address.ts";
import { actorOf, isSubmit, type ParseContext, placeOf, shapeOf } from "./origin.ts";
import { invoke, submitted } from "./parse-interaction.ts";
import { deleted, edited, ignored, message } from "./parse-message.ts";
import type { Activity, ActivityOf } from "./schema.ts";

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

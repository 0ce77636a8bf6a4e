import type { Actor, Ignored, Inbound, PlaceChange } from "../../src/domain/inbound.ts";
import type { Delivery, Known, Removed } from "./delivery.ts";
import {
  parseAction,
  parseCommand,
  parseGlobalShortcut,
  parseMessageShortcut,
  parseSubmission,
} from "./parse-interaction.ts";
import { actorOf, parseMessage } from "./parse-message.ts";
import {
  BlockActions,
  EventEnvelope,
  GlobalShortcut,
  MessageEvent,
  MessageShortcut,
  OtherEvent,
  SlashCommand,
  ViewSubmission,
} from "./schema.ts";
import { workspaceOf } from "./whose.ts";

function ignored(reason: string): Delivery {
  return { inbound: { kind: "ignored", reason }, workspace: "", answer: "none" };
}

/**
 * Anything Slack sends, as what the engine understands. What isn't ours, or isn't understood, is `ignored` with a
 * reason, never an exception.
 */
export function parse(body: unknown, known: Known): Delivery {
  const kind = typeof body === "object" && body !== null && "type" in body ? body.type : "command";
  switch (kind) {
    case "event_callback":
      return parsed(EventEnvelope, body, (envelope) => parseEvent(envelope, known));
    case "command":
      return parsed(SlashCommand, body, (command) => parseCommand(command, known));
    case "block_actions":
      return parsed(BlockActions, body, (payload) => parseAction(payload, known));
    case "view_submission":
      return parsed(ViewSubmission, body, (payload) => parseSubmission(payload, known));
    case "message_action":
      return parsed(MessageShortcut, body, (payload) => parseMessageShortcut(payload, known));
    case "shortcut":
      return parsed(GlobalShortcut, body, (payload) => parseGlobalShortcut(payload, known));
    default:
      return ignored(`Slack's "${String(kind)}" carries nothing for us`);
  }
}

type Schema<T> = {
  safeParse(value: unknown): { success: true; data: T } | { success: false; error: { message: string } };
};

function parsed<T>(schema: Schema<T>, body: unknown, then: (data: T) => Delivery): Delivery {
  const result = schema.safeParse(body);
  return result.success
    ? then(result.data)
    : ignored(`not as Slack documents it: ${result.error.message.slice(0, 300)}`);
}

function parseEvent(envelope: EventEnvelope, known: Known): Delivery {
  const workspace = known.at(workspaceOf(envelope));
  const told = envelope.authorizations?.find((one) => one.is_bot !== false)?.user_id ?? undefined;
  const knowing: Known = told === undefined ? known : { ...known, bot: (where) => known.bot(where) ?? told };
  const delivery = ((): Delivery => {
    if (envelope.event.type === "message" || envelope.event.type === "app_mention") {
      return parsed(MessageEvent, envelope.event, (event) => {
        const one = parseMessage(event, envelope, workspace, knowing);
        if (typeof envelope.is_ext_shared_channel !== "boolean") return one;
        const shared = envelope.is_ext_shared_channel;
        return { ...one, own: { about: "shared_channel", channel: event.channel, shared } };
      });
    }
    return parsed(OtherEvent, envelope.event, (event) => parseOther(event, envelope, workspace, knowing));
  })();
  return { ...delivery, workspace };
}

function removed(envelope: EventEnvelope, bots?: string[]): Removed {
  // An event about a whole organisation may name no workspace.
  const installation = workspaceOf(envelope) || (envelope.enterprise_id ?? "");
  const { event_time: at } = envelope;
  return {
    about: "uninstalled",
    installation,
    ...(at == null ? {} : { at: at * 1000 }),
    ...(bots === undefined ? {} : { bots }),
  };
}

const PLACES: Record<string, PlaceChange> = {
  channel_archive: "archived",
  group_archive: "archived",
  channel_unarchive: "unarchived",
  group_unarchive: "unarchived",
  channel_shared: "shared",
  channel_rename: "renamed",
  group_rename: "renamed",
  channel_deleted: "removed",
  group_deleted: "removed",
  channel_left: "removed",
  group_left: "removed",
};

function parseOther(event: OtherEvent, envelope: EventEnvelope, workspace: string, known: Known): Delivery {
  const user = typeof event.user === "string" ? event.user : event.user?.id;
  const base = { workspace, answer: "none" as const, ...(user === undefined ? {} : { user }) };
  const nothing = (reason: string): Delivery => ({ ...base, inbound: { kind: "ignored", reason } });
  switch (event.type) {
    case "app_uninstalled":
      return { ...nothing("the app was removed from this workspace"), own: removed(envelope) };
    case "tokens_revoked":
      if ((event.tokens?.bot ?? []).length === 0) return nothing("a user's token was revoked; none is used");
      return { ...nothing("the bot's token was revoked"), own: removed(envelope, event.tokens?.bot) };
    case "team_access_revoked": {
      const own = { about: "access_withdrawn" as const, workspaces: event.team_ids ?? [] };
      return { ...nothing("an organisation took workspaces out of its installation"), own };
    }
    case "user_change":
    case "team_join":
      return { ...nothing("a profile changed"), own: { about: "user_changed", user: event.user } };
    case "app_home_opened":
      return home(event, envelope, actorOf(workspace, user ?? "", [], known));
    case "member_joined_channel":
    case "member_left_channel": {
      if (user === undefined || user !== known.bot(workspace)) return nothing("somebody came or went");
      const change = event.type === "member_joined_channel" ? "added" : "removed";
      return { ...base, inbound: place(event, envelope, change, actorOf(workspace, event.inviter ?? user, [], known)) };
    }
    case "channel_unshared": {
      const channel = channelIn(event);
      if (channel === undefined) return nothing("no channel named");
      return { ...nothing("a channel's sharing ended"), own: { about: "sharing_changed", channel } };
    }
    default: {
      const change = PLACES[event.type];
      if (change === undefined) return nothing(`Slack's event "${event.type}" carries nothing for us`);
      if (event.connected_team_id !== undefined && known.allowed(workspace, event.connected_team_id))
        return nothing("the channel was shared with a workspace that may take part");
      return {
        ...base,
        inbound: place(event, envelope, change, actorOf(workspace, user ?? event.actor_id ?? "", [], known)),
      };
    }
  }
}

function home(event: OtherEvent, envelope: EventEnvelope, actor: Actor): Delivery {
  const { workspace, user } = actor;
  if (event.tab !== undefined && event.tab !== "home") {
    return { workspace, answer: "none", inbound: { kind: "ignored", reason: "the Messages tab was opened" } };
  }
  return {
    workspace,
    user,
    answer: "none",
    inbound: {
      kind: "home",
      receipts: [`slack:home:${workspace}:${user}:${event.event_ts ?? envelope.event_id ?? ""}`],
      actor,
      address: { platform: "slack", workspace, channel: `@${user}` },
      direct: true,
    },
  };
}

function channelIn({ channel }: OtherEvent): string | undefined {
  return typeof channel === "string" ? channel : channel?.id;
}

function place(event: OtherEvent, envelope: EventEnvelope, change: PlaceChange, actor: Actor): Inbound | Ignored {
  const channel = channelIn(event);
  const name = typeof event.channel === "string" ? undefined : event.channel?.name;
  if (channel === undefined) return { kind: "ignored", reason: "no channel named" };
  const at = event.event_ts ?? envelope.event_id ?? "";
  return {
    kind: "place",
    receipts: [`slack:place:${actor.workspace}:${channel}:${change}:${at}`],
    actor,
    address: { platform: "slack", workspace: actor.workspace, channel },
    change,
    ...(name === undefined ? {} : { name }),
  };
}

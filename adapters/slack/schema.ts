import { z } from "zod";
import { StateValues } from "./forms.ts";

/**
 * Slack's payloads, with only the fields that are used, and of those only what Slack always sends as required.
 * Sources: Events API and Interactivity reference.
 */

const Id = z.string().min(1);
const MaybeText = z.string().nullish();

export const SlackFile = z.object({
  id: Id,
  name: MaybeText,
  title: MaybeText,
  mimetype: MaybeText,
  filetype: MaybeText,
  mode: MaybeText,
  size: z.number().nullish(),
  url_private: MaybeText,
  url_private_download: MaybeText,
  preview: MaybeText,
});
export type SlackFile = z.infer<typeof SlackFile>;

/** A message as it stands in an event, in `message_changed`, and in a conversation's history. */
export const SlackMessage = z.object({
  ts: Id,
  subtype: z.string().optional(),
  user: z.string().optional(),
  text: MaybeText,
  thread_ts: z.string().optional(),
  bot_id: MaybeText,
  team: MaybeText,
  user_team: MaybeText,
  source_team: MaybeText,
  edited: z.object({ ts: Id }).nullish(),
  files: z.array(SlackFile).nullish(),
  hidden: z.boolean().optional(),
});
export type SlackMessage = z.infer<typeof SlackMessage>;

export const MessageEvent = SlackMessage.extend({
  type: z.enum(["message", "app_mention"]),
  channel: Id,
  channel_type: z.string().optional(),
  event_ts: z.string().optional(),
  message: SlackMessage.partial({ ts: true }).optional(),
  previous_message: SlackMessage.partial({ ts: true }).optional(),
  deleted_ts: z.string().optional(),
});
export type MessageEvent = z.infer<typeof MessageEvent>;

const ChannelRef = z.union([Id, z.object({ id: Id, name: z.string().optional() })]);

export const OtherEvent = z.object({
  type: z.string(),
  user: z.union([z.string(), z.looseObject({ id: Id })]).optional(),
  inviter: z.string().optional(),
  actor_id: z.string().optional(),
  connected_team_id: z.string().optional(),
  channel: ChannelRef.optional(),
  tab: z.string().optional(),
  event_ts: z.string().optional(),
  team_ids: z.array(z.string()).optional(),
  tokens: z.object({ oauth: z.array(z.string()).optional(), bot: z.array(z.string()).optional() }).optional(),
});
export type OtherEvent = z.infer<typeof OtherEvent>;

export const EventEnvelope = z.object({
  type: z.literal("event_callback"),
  team_id: MaybeText,
  context_team_id: MaybeText,
  context_enterprise_id: MaybeText,
  enterprise_id: MaybeText,
  event_id: z.string().optional(),
  /** Seconds. */
  event_time: z.number().nullish(),
  is_ext_shared_channel: z.boolean().nullish(),
  authorizations: z
    .array(
      z.object({
        team_id: MaybeText,
        enterprise_id: MaybeText,
        user_id: MaybeText,
        is_bot: z.boolean().nullish(),
        is_enterprise_install: z.boolean().nullish(),
      }),
    )
    .nullish(),
  event: z.looseObject({ type: z.string() }),
});
export type EventEnvelope = z.infer<typeof EventEnvelope>;

export const SlashCommand = z.object({
  command: Id,
  text: z.string().default(""),
  team_id: Id,
  enterprise_id: MaybeText,
  is_enterprise_install: MaybeText,
  channel_id: Id,
  channel_name: z.string().optional(),
  user_id: Id,
  user_name: z.string().optional(),
  trigger_id: Id,
  response_url: z.string().optional(),
});
export type SlashCommand = z.infer<typeof SlashCommand>;

const Team = z.object({ id: Id, domain: z.string().optional() }).nullish();
const Enterprise = z.object({ id: Id }).nullish();
const User = z.object({ id: Id, name: MaybeText, username: MaybeText, team_id: MaybeText });
const Channel = z.object({ id: Id, name: MaybeText }).nullish();

const Interaction = z.object({
  team: Team,
  enterprise: Enterprise,
  user: User,
  trigger_id: z.string().optional(),
  response_url: z.string().optional(),
  is_enterprise_install: z.boolean().nullish(),
});

export const BlockActions = Interaction.extend({
  type: z.literal("block_actions"),
  channel: Channel,
  container: z
    .looseObject({
      type: MaybeText,
      message_ts: MaybeText,
      channel_id: MaybeText,
      thread_ts: MaybeText,
      view_id: MaybeText,
      is_ephemeral: z.boolean().nullish(),
    })
    .nullish(),
  message: z.looseObject({ ts: z.string().optional(), thread_ts: z.string().optional() }).nullish(),
  view: z
    .looseObject({
      id: Id,
      type: MaybeText,
      hash: MaybeText,
      private_metadata: MaybeText,
      app_installed_team_id: MaybeText,
      team_id: MaybeText,
      state: z.object({ values: StateValues }).nullish(),
    })
    .nullish(),
  state: z.object({ values: StateValues }).nullish(),
  actions: z
    .array(
      z.looseObject({
        type: z.string().optional(),
        action_id: Id,
        block_id: z.string().optional(),
        value: z.string().optional(),
        action_ts: z.string().optional(),
      }),
    )
    .min(1),
});
export type BlockActions = z.infer<typeof BlockActions>;

export const ViewSubmission = Interaction.extend({
  type: z.literal("view_submission"),
  view: z.looseObject({
    id: z.string().optional(),
    hash: MaybeText,
    callback_id: z.string().default(""),
    private_metadata: MaybeText,
    app_installed_team_id: MaybeText,
    team_id: MaybeText,
    state: z.object({ values: StateValues }),
  }),
});
export type ViewSubmission = z.infer<typeof ViewSubmission>;

export const MessageShortcut = Interaction.extend({
  type: z.literal("message_action"),
  callback_id: Id,
  channel: z.object({ id: Id, name: MaybeText }),
  message: SlackMessage,
  action_ts: z.string().optional(),
});
export type MessageShortcut = z.infer<typeof MessageShortcut>;

export const GlobalShortcut = Interaction.extend({
  type: z.literal("shortcut"),
  callback_id: Id,
  action_ts: z.string().optional(),
});
export type GlobalShortcut = z.infer<typeof GlobalShortcut>;

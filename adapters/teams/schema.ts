import { z } from "zod";

/**
 * Activities as the Bot Connector delivers them: only the fields that are used, everything else is left alone. Field
 * names are Microsoft's (Bot Framework activity schema; Teams' `channelData`).
 */

const Account = z.object({
  id: z.string().min(1),
  name: z.string().nullish(),
  aadObjectId: z.string().min(1).nullish(),
  role: z.string().nullish(),
  userRole: z.string().nullish(),
});
export type Account = z.infer<typeof Account>;

const Named = z.object({ id: z.string().min(1), name: z.string().nullish() });

const ChannelData = z.object({
  tenant: z.object({ id: z.string().min(1) }).nullish(),
  team: Named.extend({ aadGroupId: z.string().nullish() }).nullish(),
  channel: Named.nullish(),
  eventType: z.string().nullish(),
});

const MentionEntity = z.object({
  type: z.literal("mention"),
  text: z.string().nullish(),
  mentioned: z.object({ id: z.string().min(1), name: z.string().nullish() }),
});
export type MentionEntity = z.infer<typeof MentionEntity>;

/** One bad element doesn't void the list. */
const mentions = z
  .array(z.unknown())
  .nullish()
  .transform((entities) =>
    (entities ?? []).flatMap((entity) => {
      const parsed = MentionEntity.safeParse(entity);
      return parsed.success ? [parsed.data] : [];
    }),
  );

const Attachment = z.object({
  contentType: z.string().nullish(),
  contentUrl: z.string().nullish(),
  name: z.string().nullish(),
  content: z.unknown().optional(),
});

/** What every activity has. Timestamps are ISO 8601. */
const Common = z.object({
  id: z.string().min(1).nullish(),
  channelId: z.string(),
  serviceUrl: z.string().min(1),
  timestamp: z.string().nullish(),
  localTimezone: z.string().nullish(),
  from: Account,
  /** `isTargeted`: said to us alone, as a slash command is; nobody else in the channel sees it. */
  recipient: Account.extend({ isTargeted: z.boolean().nullish() }).nullish(),
  conversation: z.object({
    id: z.string().min(1),
    conversationType: z.string().nullish(),
    tenantId: z.string().nullish(),
    name: z.string().nullish(),
    isGroup: z.boolean().nullish(),
  }),
  channelData: ChannelData.nullish(),
});

const Spoken = {
  text: z.string().nullish(),
  textFormat: z.string().nullish(),
  entities: mentions,
  attachments: z.array(Attachment).nullish(),
  replyToId: z.string().nullish(),
  /** What an `Action.Submit` of a card carries. */
  value: z.unknown().optional(),
};

export const Activity = z.discriminatedUnion("type", [
  Common.extend({ type: z.literal("message"), ...Spoken }),
  Common.extend({ type: z.literal("messageUpdate"), ...Spoken }),
  Common.extend({ type: z.literal("messageDelete"), ...Spoken }),
  Common.extend({
    type: z.literal("conversationUpdate"),
    membersAdded: z.array(Account).nullish(),
    membersRemoved: z.array(Account).nullish(),
  }),
  Common.extend({ type: z.literal("installationUpdate"), action: z.string().nullish() }),
  Common.extend({
    type: z.literal("invoke"),
    name: z.string().nullish(),
    value: z.unknown().optional(),
    replyToId: z.string().nullish(),
  }),
]);
export type Activity = z.infer<typeof Activity>;
export type ActivityOf<Type extends Activity["type"]> = Extract<Activity, { type: Type }>;

/** `adaptiveCard/action`. `trigger: "automatic"` is a client's refresh, never a click. */
export const CardActionValue = z.object({
  action: z.object({
    type: z.string().nullish(),
    verb: z.string().nullish(),
    id: z.string().nullish(),
    data: z.unknown().optional(),
  }),
  trigger: z.string().nullish(),
});

/** `task/fetch` and `task/submit`: the data of the button that opened or submitted the dialog. */
export const TaskValue = z.object({ data: z.unknown().optional() });

/** `fileConsent/invoke`. */
export const FileConsentValue = z.object({
  action: z.enum(["accept", "decline"]),
  context: z.object({ file: z.string() }),
  uploadInfo: z
    .object({
      contentUrl: z.string(),
      name: z.string(),
      uploadUrl: z.string(),
      uniqueId: z.string(),
      fileType: z.string().nullish(),
    })
    .nullish(),
});
export type FileConsentValue = z.infer<typeof FileConsentValue>;

/** A file that somebody attached in the personal chat. */
export const FileDownload = z.object({
  downloadUrl: z.string(),
  uniqueId: z.string().nullish(),
  fileType: z.string().nullish(),
});

/** One row of a conversation's members. Microsoft calls the directory's id `objectId` on the wire. */
export const Member = z
  .object({
    id: z.string().min(1),
    name: z.string().nullish(),
    aadObjectId: z.string().nullish(),
    objectId: z.string().nullish(),
    email: z.string().nullish(),
    userPrincipalName: z.string().nullish(),
    userRole: z.string().nullish(),
    tenantId: z.string().nullish(),
  })
  .transform(({ objectId, aadObjectId, ...member }) => ({
    ...member,
    aadObjectId: aadObjectId ?? objectId ?? undefined,
  }));
export type Member = z.infer<typeof Member>;

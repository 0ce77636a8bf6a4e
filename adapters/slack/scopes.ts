/** Callback ids of the shortcuts, in manifest and parser. */
export const SHORTCUTS = { record: "record_answer", next: "my_questions" } as const;

/** Every permission the app asks for, with its reason: shown in the README, used in the manifest and in OAuth. */
export const SCOPES: { scope: string; why: string }[] = [
  { scope: "commands", why: "`/readiness` and the shortcuts." },
  { scope: "chat:write", why: "Post and update the header, the questions and the summary; send private answers." },
  { scope: "app_mentions:read", why: "Hear `@T-Minus …` where slash commands don't work: in threads." },
  { scope: "channels:history", why: "Read the answers in the threads of public channels it was invited to." },
  { scope: "groups:history", why: "The same in private channels it was invited to." },
  { scope: "im:history", why: "Read what you write to it in a direct message." },
  { scope: "im:write", why: "Open a direct message for the one reminder a day, digests and exports." },
  { scope: "channels:read", why: "Know whether a channel is archived or shared before it posts there." },
  { scope: "groups:read", why: "The same for private channels it was invited to." },
  { scope: "users:read", why: "Names and time zones, so that reminders come in your hours; and who is a guest." },
  {
    scope: "users:read.email",
    why: "Know that somebody in Slack and in Teams is the same person, so that a manager can sign in either.",
  },
  { scope: "reactions:write", why: "The ✅ that says an answer is recorded." },
  { scope: "files:read", why: "Read long pasted answers, which Slack turns into snippets." },
  { scope: "files:write", why: "Send exports as files." },
];

/** Events the app listens to, with their reasons; some only where an organisation may install it. */
export const EVENTS: { event: string; why: string; organisations?: true }[] = [
  { event: "app_mention", why: "`@T-Minus …`" },
  { event: "message.channels", why: "Answers in threads; edits and deletions of them." },
  { event: "message.groups", why: "The same in private channels." },
  { event: "message.im", why: "Direct messages to T-Minus." },
  { event: "app_home_opened", why: "Draw your App Home." },
  { event: "member_joined_channel", why: "Know that it was invited." },
  { event: "channel_left", why: "Know that it was removed." },
  { event: "channel_archive", why: "Say that an archived channel can't be posted to." },
  { event: "channel_unarchive", why: "Go on when it is brought back." },
  { event: "channel_deleted", why: "Say that the channel is gone." },
  { event: "channel_rename", why: "Call the channel by its name." },
  { event: "channel_shared", why: "Say that another organisation sees the channel now." },
  { event: "channel_unshared", why: "Know that it doesn't any more." },
  { event: "group_left", why: "The same in private channels." },
  { event: "group_archive", why: "The same in private channels." },
  { event: "group_unarchive", why: "The same in private channels." },
  { event: "group_deleted", why: "The same in private channels." },
  { event: "group_rename", why: "The same in private channels." },
  { event: "user_change", why: "Follow a person's zone and name." },
  { event: "app_uninstalled", why: "Forget the workspace's token." },
  { event: "tokens_revoked", why: "Forget a token that was taken back." },
  {
    event: "team_access_revoked",
    why: "Know that an organisation took a workspace out of its installation.",
    organisations: true,
  },
];

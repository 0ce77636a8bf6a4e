/**
 * What the app asks a team's or chat's owner for, when it is installed, and why. Everything works without each of them;
 * what is lost is said. The README shows this table.
 */
export const PERMISSIONS = [
  {
    name: "ChannelMessage.Read.Group",
    type: "Application",
    why: "Owners answer by simply replying in a module's thread, and their edits and deletions count.",
    without: "They mention T-Minus in the reply, or write into the question's answer box.",
  },
  {
    name: "ChatMessage.Read.Chat",
    type: "Application",
    why: "The same in group chats.",
    without: "The same: a mention, or the answer box.",
  },
] as const;

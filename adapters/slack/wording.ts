/** What the adapter says by itself, because only it knows. Everything else is the engine's. */
export const wording = {
  unknownForm:
    "This form belongs to another version of T-Minus, so nothing was changed. Close it and open it again from its button, or type `/readiness` to see what you can do now.",
  unknownShortcut:
    "I don't know this shortcut any more. Type `/readiness` to see what you can do now; whoever runs T-Minus can renew the shortcuts from its manifest.",
  notAPersonsWords:
    "Only what a person wrote can be recorded as an answer. Reply in the thread, or use the question's Answer button.",
  formTooLate: (title: string) => `Slack needed the form "${title}" sooner than I could open it. It opens from here.`,
  openForm: "Open the form",
  formRefused: (title: string) =>
    `I couldn't open the form "${title}", because Slack refused it as it is. Nothing was changed. Type the command instead (\`/readiness help\` lists them); whoever runs T-Minus finds the reason in its log.`,
  noOptions: (label: string) => `${label}: there is nothing to choose from.`,
  keptValue: (length: number) =>
    `What stands here now (${length.toLocaleString("en-GB")} characters) is too long to show, and stays unless you write here.`,
  notInChannel: "I'm not in that channel, so I can't post there. Type `/invite @T-Minus` in it, then do this again.",
  archived: "That channel is archived, so I can't post there. Unarchive it, or start in another channel.",
  shared:
    "This channel is shared with another organisation, and a readiness session stays inside yours. Start it in a channel of your own; whoever runs T-Minus can allow the other workspace with SLACK_TEAMS_ALLOWED.",
  fileUnread: (name: string) =>
    `I couldn't read "${name}" from Slack, so only the words of your message count so far. Paste its text, or use Answer.`,
  fileElsewhere: "it isn't one of this workspace's files. Paste its text instead.",
  fileRefused:
    "Slack doesn't hand it over. Whoever runs T-Minus can check the permission `files:read`; until then paste its text.",
  fileTooLarge: "it is larger than 5 MB. Send the part that matters.",
  tokenGone:
    "Slack no longer accepts T-Minus's token for this workspace. Install the app again; the session goes on where it stands.",
  noBotToken:
    "Slack gave no bot token, so T-Minus can't be installed. The app needs a bot user: make it from the manifest.",
  tokensRotate:
    "T-Minus isn't installed: token rotation is switched on for this Slack app, so its token would stop working within a day. Slack can't switch that off again. Make a new app from the manifest, which leaves it off, and install that one.",
  missingScope: (needed: string) =>
    `Slack refused: T-Minus lacks the permission \`${needed}\`. Add it from the manifest and install the app again.`,
  messageGone: "That message is no longer there.",
  noSuchPlace: "I can't find that channel or person. If the channel is private, type `/invite @T-Minus` in it.",
  refused: (method: string, code: string) =>
    `Slack refused ${method} with "${code}". Whoever runs T-Minus can look that up in Slack's reference.`,
} as const;

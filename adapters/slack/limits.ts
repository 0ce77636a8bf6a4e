/**
 * Slack's limits, in one place; every renderer clips to it. Sources: Block Kit reference (blocks, objects, elements),
 * `views.*`, `chat.postMessage`, "Rate limits".
 */
export const SLACK_LIMITS = {
  blocks: 50,
  viewBlocks: 100,
  headerText: 150,
  /** Slack takes 3000; the margin is for what escaping and marks add. */
  sectionText: 2_800,
  sectionFields: 10,
  fieldText: 2_000,
  actionElements: 25,
  buttonText: 75,
  buttonValue: 2_000,
  altText: 2_000,
  accessibilityLabel: 75,
  url: 3_000,
  optionText: 75,
  optionValue: 150,
  options: 100,
  /** Radio buttons and checkboxes. */
  boxes: 10,
  placeholder: 150,
  id: 255,
  /** Slack's own tables: one in a message. Wider ones can't be read on a phone, so those are lines. */
  tableRows: 100,
  tableColumns: 3,
  tableText: 10_000,
  confirmTitle: 100,
  confirmText: 300,
  confirmButton: 30,
  label: 2_000,
  modalTitle: 24,
  privateMetadata: 3_000,
  input: 3_000,
  /** Slack cuts at 40 000 and advises 4 000. */
  text: 4_000,
  /** All block text of a message together. Undocumented: about 13 200 (`msg_blocks_too_long`). */
  messageText: 12_000,
  /** A post a second in a channel, over all its threads; a little more, for the network's jitter. Milliseconds. */
  postSpacing: 1_050,
} as const;

/**
 * Slack's tiers: calls a minute of a method in a workspace ("Web API rate limits"), for what can wait its turn. What
 * can't (forms, private answers) isn't held back here. `once: "refused"`: Slack promises no less than the tier and
 * mostly takes more; updates, on which people look, are kept to it only after Slack has refused one.
 */
export const SLACK_TIERS: Readonly<Record<string, { perMinute: number; once?: "refused" }>> = {
  "reactions.add": { perMinute: 50 },
  "reactions.remove": { perMinute: 20 },
  "chat.update": { perMinute: 50, once: "refused" },
  "chat.delete": { perMinute: 50 },
  "conversations.open": { perMinute: 50 },
  "conversations.info": { perMinute: 50 },
  "conversations.history": { perMinute: 50 },
  "conversations.replies": { perMinute: 50 },
  "users.conversations": { perMinute: 20 },
  "users.list": { perMinute: 20 },
  "users.info": { perMinute: 100 },
  "views.publish": { perMinute: 100 },
};

/** Cuts at `max` characters and says so with an ellipsis; never cuts a surrogate pair in two. */
export function clip(text: string, max: number): string {
  if (text.length <= max) return text;
  const cut = text.slice(0, max - 1).replace(/[\uD800-\uDBFF]$/, "");
  return `${cut.trimEnd()}…`;
}

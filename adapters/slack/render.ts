import type { types } from "@slack/bolt";
import type { Message } from "../../src/domain/message.ts";
import { actionIds } from "./action-id.ts";
import { blocksOf, type Page, type PictureOf, section } from "./blocks.ts";
import { escapeText } from "./escape.ts";
import { clip, SLACK_LIMITS } from "./limits.ts";

/** One post: `text` is what notifications and screen readers say, `blocks` what is drawn. */
export type Rendered = { text: string; blocks: types.KnownBlock[] };

/**
 * A message as one post, or as several where it is longer than Slack takes: nothing is lost. The first carries the
 * summary; the others follow it in its thread. `tables`: Slack's own where they fit, and `pictureOf` for charts: for posts
 * that stay.
 */
export function render(
  message: Message,
  workspace: string,
  { tables = false, pictureOf }: { tables?: boolean; pictureOf?: PictureOf | undefined } = {},
): [Rendered, ...Rendered[]] {
  const text = fallbackText(message.summary);
  const [first, ...more] = pages(drawn(message, workspace, tables, pictureOf), SLACK_LIMITS.blocks);
  if (first === undefined) return [{ text, blocks: [section(text)] }];
  return [
    { text, blocks: first },
    ...more.map((blocks) => ({ text: clip(`${text} (continued)`, SLACK_LIMITS.text), blocks })),
  ];
}

/** A message as the blocks of a view (App Home, a modal that only tells): one view can't go on in another. */
export function renderView(message: Message, workspace: string): types.KnownBlock[] {
  const blocks = drawn(message, workspace, false);
  if (blocks.length === 0) return [section(fallbackText(message.summary))];
  if (blocks.length <= SLACK_LIMITS.viewBlocks) return blocks;
  const more = "There is more than fits here. Type `next` in a message to me to see what is most urgent.";
  return [...blocks.slice(0, SLACK_LIMITS.viewBlocks - 1), section(more)];
}

function drawn(message: Message, workspace: string, tables: boolean, pictureOf?: PictureOf): types.KnownBlock[] {
  const taken = new Set<string>();
  let left = tables ? 1 : 0;
  const page: Page = {
    workspace,
    actionId: actionIds(),
    blockId(name) {
      let id = clip(name, SLACK_LIMITS.id) || "block";
      for (let count = 2; taken.has(id); count += 1) id = `${clip(name, SLACK_LIMITS.id - 4) || "block"}~${count}`;
      taken.add(id);
      return id;
    },
    takesTable() {
      left -= 1;
      return left >= 0;
    },
    pictureOf,
  };
  return message.blocks.flatMap((block) => blocksOf(block, page));
}

/** The fallback is read aloud: one line of words, escaped. */
function fallbackText(summary: string): string {
  return clip(escapeText(clip(summary, SLACK_LIMITS.text / 2)), SLACK_LIMITS.text) || "T-Minus";
}

/** Deals blocks out to posts of at most `most` blocks and {@link SLACK_LIMITS.messageText} characters of text. */
function pages(blocks: types.KnownBlock[], most: number): types.KnownBlock[][] {
  const all: types.KnownBlock[][] = [];
  let size = 0;
  for (const block of blocks) {
    const length = textLength(block);
    const page = all.at(-1);
    if (page === undefined || page.length >= most || size + length > SLACK_LIMITS.messageText) {
      all.push([block]);
      size = length;
    } else {
      page.push(block);
      size += length;
    }
  }
  return all;
}

/** Characters of all texts in a block, as Slack counts them for `msg_blocks_too_long` (as far as is known). */
export function textLength(value: unknown): number {
  if (Array.isArray(value)) return value.reduce<number>((sum, one) => sum + textLength(one), 0);
  if (typeof value !== "object" || value === null) return 0;
  return Object.entries(value).reduce(
    (sum, [key, one]) => sum + (key === "text" && typeof one === "string" ? one.length : textLength(one)),
    0,
  );
}

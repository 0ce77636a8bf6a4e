import type { Block, Message } from "../../src/domain/message.ts";
import { bodyOf, type ChartBlock } from "./blocks.ts";
import { type AdaptiveCard, CARD_SCHEMA, type Element, type MentionEntity } from "./elements.ts";
import { CARD_LIMITS, clip } from "./limits.ts";
import { type MentionOf, paragraph } from "./rich.ts";

export type CardOptions = {
  /** Where names of people who must act become live mentions (Teams). */
  mention?: MentionOf;
  /** Input boxes in messages: yes on Teams, where replies can't be relied on. */
  inputs?: boolean;
  /** Address or data URI of a chart's picture. Without it the chart is words and bars. */
  chartUrl?: (chart: ChartBlock) => string | undefined;
  /** The client draws charts itself (Teams); others get the bars in words. */
  charts?: boolean;
  /** Bytes of JSON; Teams' budget unless the platform carries more. */
  maxJson?: number;
  /** Characters of button labels that stand side by side, where the client doesn't wrap its buttons itself. */
  rowWidth?: number;
  /** Characters of one piece of text before anything has to give way. */
  maxText?: number;
};

/**
 * Draws a message as an Adaptive Card 1.5. Nothing in it is markdown but what we wrote ourselves; texts, then rows,
 * then whole parts give way until the card fits, and the card says so. Buttons and inputs never give way.
 */
export function toAdaptiveCard(message: Message, options: CardOptions = {}): AdaptiveCard {
  const max = options.maxJson ?? CARD_LIMITS.json;
  const last = CARD_LIMITS.text.length - 1;
  for (let step = 0; step <= last; step += 1) {
    const card = draw(message, message.blocks, 0, options, step);
    if (sizeOf(card) <= max) return card;
  }
  // Pictures are the heaviest; then the end of what is only to be read.
  const { chartUrl: _, charts: __, ...withoutPictures } = options;
  let blocks = [...message.blocks];
  let left = 0;
  let card = draw(message, blocks, left, withoutPictures, last);
  while (sizeOf(card) > max) {
    const victim = blocks.findLastIndex(isOnlyRead);
    if (victim < 0) return card;
    blocks = blocks.toSpliced(victim, 1);
    left += 1;
    card = draw(message, blocks, left, withoutPictures, last);
  }
  return card;
}

function draw(message: Message, blocks: Block[], left: number, options: CardOptions, step: number): AdaptiveCard {
  const entities: MentionEntity[] = [];
  const context = {
    maxText: step === 0 && options.maxText !== undefined ? options.maxText : (CARD_LIMITS.text[step] ?? 120),
    maxRows: CARD_LIMITS.tableRows[step] ?? 5,
    inputs: options.inputs ?? false,
    ticks: message.blocks.flatMap((block) => (block.kind === "ticks" ? [block.id] : [])),
    confirms: 0,
    entities,
    ...(options.mention === undefined ? {} : { mention: options.mention }),
    ...(options.chartUrl === undefined ? {} : { chartUrl: options.chartUrl }),
    ...(options.rowWidth === undefined ? {} : { rowWidth: options.rowWidth }),
    ...(options.charts === true ? { charts: true as const } : {}),
  };
  const body: Element[] = bodyOf(blocks, context);
  if (body.length === 0) body.push(paragraph([message.summary], context));
  if (left > 0) {
    const what = left === 1 ? "1 more part doesn't" : `${left} more parts don't`;
    body.push(
      paragraph([`${what} fit in one message. The export holds everything.`], context, {
        size: "small",
        isSubtle: true,
      }),
    );
  }
  return {
    type: "AdaptiveCard",
    $schema: CARD_SCHEMA,
    version: "1.5",
    fallbackText: clip(message.summary, 1_000),
    body,
    msteams: { width: "Full", ...(entities.length > 0 ? { entities } : {}) },
  };
}

function isOnlyRead(block: Block): boolean {
  return block.kind !== "buttons" && block.kind !== "ticks" && block.kind !== "input" && block.kind !== "heading";
}

function sizeOf(card: AdaptiveCard): number {
  return Buffer.byteLength(JSON.stringify(card), "utf8");
}

import type { Message } from "../../src/domain/message.ts";
import type { ChartBlock } from "../cards/blocks.ts";
import { toAdaptiveCard } from "../cards/card.ts";
import { WEB_LIMITS, type WebChannelOptions, type WebLog } from "./options.ts";

/** A message as the JSON of its card. */
export type CardDrawer = (message: Message) => Promise<string>;

/** Charts become pictures inside the card, so that a stored card needs nothing else; a failed one is words and bars. */
export function createCardDrawer(chartImage: WebChannelOptions["chartImage"], log: WebLog): CardDrawer {
  return async (message) => {
    const pictures = new Map<ChartBlock, string>();
    for (const block of message.blocks) {
      if (block.kind !== "chart" || chartImage === undefined) continue;
      try {
        const png = await chartImage(block);
        pictures.set(block, `data:image/png;base64,${Buffer.from(png).toString("base64")}`);
      } catch (error) {
        log.warn({ err: error }, "A chart could not be drawn; its words are shown");
      }
    }
    const pictured = [...pictures.values()].reduce((sum, picture) => sum + picture.length, 0);
    return JSON.stringify(
      toAdaptiveCard(message, {
        chartUrl: (chart) => pictures.get(chart),
        maxText: WEB_LIMITS.cardText,
        maxJson: WEB_LIMITS.cardJson + pictured,
      }),
    );
  };
}

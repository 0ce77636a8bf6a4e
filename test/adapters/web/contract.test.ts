import type { Address, MessageRef } from "../../../src/domain/address.ts";
import { StoreUnavailableError } from "../../../src/domain/errors.ts";
import type { Store, WebMessage } from "../../../src/domain/ports.ts";
import { type ChatFault, chatAdapterContract, type Standing } from "../../contracts/chat-adapter-contract.ts";
import { GENERAL, webHarness } from "./harness.ts";

/** Everything of a card that people read, and what in it is alive. */
function readCard(card: string | null): { words: string; mentions: string[]; links: string[] } {
  const read = { words: "", mentions: [] as string[], links: [] as string[] };
  const walk = (value: unknown): void => {
    if (typeof value !== "object" || value === null) return;
    const part = value as Record<string, unknown>;
    if (typeof part.text === "string") {
      read.words += `${part.text.replaceAll("\\", "").replaceAll("\u2060", "")} `;
      const mention = part.type === "TextRun" && part.weight === "bolder" && part.color === "accent";
      if (mention && part.text.startsWith("@")) read.mentions.push(part.text.slice(1).toLowerCase());
    }
    if (typeof part.url === "string") read.links.push(part.url);
    for (const inner of Object.values(part)) walk(inner);
  };
  walk(card === null ? {} : JSON.parse(card));
  return read;
}

chatAdapterContract("The web channel", async () => {
  let fault: ChatFault | undefined;
  const rows = new Map<string, WebMessage>();
  const harness = await webHarness({}, (store: Store) => ({
    webMessages: (filter) => store.webMessages(filter),
    keep: (namespace, key, value) => store.keep(namespace, key, value),
    keptAll: (namespace, parse) => store.keptAll(namespace, parse),
    async putWebMessage(message) {
      const now = fault;
      fault = undefined;
      if (now === "busy") throw new StoreUnavailableError("The disk is full.");
      if (now === "lost_before") throw new Error("The connection broke.");
      await store.putWebMessage(message);
      rows.set(message.id, message);
      if (now === "lost_after") throw new Error("The connection broke.");
    },
  }));
  const here = (row: WebMessage, { channel, thread }: Address) =>
    row.channel === channel && !row.deleted && (thread === undefined || row.thread === thread || row.id === thread);

  return {
    adapter: harness.channel.adapter,
    channel: GENERAL,
    nowhere: { ...GENERAL, channel: "nowhere" },
    person: "web:local:priya",
    user: "priya",
    standing: (address) =>
      [...rows.values()]
        .filter((row) => here(row, address))
        .map((row): Standing => {
          const { words, mentions, links } = readCard(row.card);
          return {
            messageId: row.id,
            ...(row.thread === null ? {} : { thread: row.thread }),
            words: `${row.text} ${words}`,
            mark: row.mark === null ? undefined : JSON.parse(row.mark),
            pings: mentions,
            links,
          };
        }),
    reactions: ({ messageId }: MessageRef) => rows.get(messageId)?.reactions ?? [],
    async said(address, text) {
      const { json } = await harness.api("POST", "/web/messages", {
        as: "omar",
        channel: address.channel,
        thread: address.thread ?? null,
        text,
      });
      return { address, messageId: json.id, sentAt: Number(json.id.slice(1)) };
    },
    fault: (next) => {
      fault = next;
    },
    close: () => harness.close(),
  };
});

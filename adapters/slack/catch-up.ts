import type { Address } from "../../src/domain/address.ts";
import type { Inbound } from "../../src/domain/inbound.ts";
import type { Api, TokenOf } from "./api.ts";
import type { Log, SlackConfig } from "./config.ts";
import type { Known } from "./delivery.ts";
import { textsAsEdit } from "./files.ts";
import { type Found, readConversation } from "./lookup.ts";
import { edited, SAID_BY_PEOPLE, said, textsOf } from "./parse-message.ts";

type Parts = {
  api: Api;
  config: SlackConfig;
  tokenOf: TokenOf;
  known: Known;
  meet(workspace: string, user: string): Promise<void>;
  log: Log;
};

/**
 * What was said in a conversation since a platform time, as the same inbound events (with the same receipts) that
 * Slack's own deliveries would have become. A message that was edited since comes as itself and as its edit.
 */
export async function catchUp(parts: Parts, address: Address, since: number): Promise<Inbound[]> {
  const messages = await readConversation(parts.api, address, since);
  const all: Inbound[] = [];
  for (const message of messages) all.push(...(await asInbound(parts, address, message)));
  return all;
}

async function asInbound(parts: Parts, { workspace, channel }: Address, message: Found): Promise<Inbound[]> {
  if (!SAID_BY_PEOPLE.has(message.subtype)) return [];
  const where = { workspace, channel, direct: channel.startsWith("D") };
  let first = said(message, where, undefined, parts.known);
  if (first.kind !== "ignored" && first.actor.outsider === true) {
    // In an organisation who is from another workspace may be a colleague: Slack tells.
    await parts.meet(workspace, first.actor.user);
    first = said(message, where, undefined, parts.known);
  }
  if (first.kind === "ignored") return [];
  const all: Inbound[] = [first];
  if (message.edited != null) {
    const edit = edited(message, where, undefined, parts.known);
    if (edit.kind !== "ignored") all.push(edit);
  }
  const last = all.at(-1) ?? first;
  const { texts } = textsOf(message, last);
  if (texts === undefined) return all;
  try {
    const edit = await textsAsEdit(parts.config, parts.tokenOf, last, texts);
    return edit === undefined ? all : [...all, edit];
  } catch (err) {
    parts.log.warn({ err, channel }, "A pasted text could not be read from Slack");
    return all;
  }
}

import type { MessageRef } from "../src/domain/address.ts";
import type { PersonId, Platform } from "../src/domain/ids.ts";
import type { Inbound, Mention } from "../src/domain/inbound.ts";
import type { HeldReply } from "../src/domain/session.ts";
import type { Words } from "../src/domain/words.ts";

/** What is taken from people, with its author, place and platform time. */

export type Said = Extract<Inbound, { kind: "message" }>;

/** A reply with its author, place and platform time, wherever it came from. */
export type Take = {
  person: PersonId;
  platform: Platform;
  message: MessageRef;
  words: Words;
  mentions: Mention[];
  onPurpose?: true;
};

/** A held or offered reply, taken up again. */
export function takeOf(reply: HeldReply): Take {
  return {
    person: reply.person,
    platform: reply.platform,
    message: reply.message,
    words: reply.words,
    mentions: reply.mentions ?? [],
  };
}

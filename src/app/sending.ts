import type { ViewContext } from "../../conversations/views/parts.ts";
import { type Address, directTo, type MessageRef } from "../domain/address.ts";
import type { Effect, OutboxItem } from "../domain/effect.ts";
import { RetryLaterError, TerminalError } from "../domain/errors.ts";
import { identityOf, type PersonId, type Platform, personId, type SessionId } from "../domain/ids.ts";
import type { Mark, Message } from "../domain/message.ts";
import type { ChatAdapter } from "../domain/ports.ts";
import type { Parts } from "./parts.ts";

/** No platform takes longer over a send than this; and nothing stands twice for longer than 30 s after a recovery. */
const TWINS_AFTER_MS = 15_000;

export type Sending = ReturnType<typeof createSending>;

/** What everything that goes out shares: the platform it goes to, the place, the ways to what it speaks of. */
export function createSending(parts: Parts) {
  const { store, machine, log } = parts;
  const startedAt = machine.now();
  /** How much of a summary is there, while a model writes it. */
  const drafted = new Map<SessionId, number>();

  function chatOf(address: Address): ChatAdapter {
    const chat = parts.chats[address.platform];
    if (chat === undefined) throw new TerminalError(`${address.platform} is switched off in this installation`);
    return chat;
  }

  /** Looks an uncertain post up before sending it again, where the platform can. */
  async function postOnce(
    chat: ChatAdapter,
    item: OutboxItem,
    address: Address,
    mark: Mark,
    since: number,
    message: () => Promise<Message>,
  ) {
    if (!item.uncertain || !chat.abilities.lookUp || chat.find === undefined) {
      return chat.post(address, await message(), mark);
    }
    // A predecessor may have sent it just before it died: its send is on its way still.
    const early = startedAt + chat.abilities.lookUpAfter - machine.now();
    if (early > 0) throw new RetryLaterError("A predecessor's send may still come through", { retryAfter: early });
    const found = await chat.find(address, item.id, since);
    if (found !== undefined) return found;
    const ref = await chat.post(address, await message(), mark);
    if (chat.twins !== undefined) await lookForTwins(ref, item);
    return ref;
  }

  /** A send that took longer than we waited leaves two: looked at once more, when it must have come through. */
  async function lookForTwins(kept: MessageRef, { id: outbox, session }: OutboxItem): Promise<void> {
    const effect = { do: "remove_twins", kept, outbox } as const;
    const row = { id: parts.newId("o"), effect, lane: `twins:${outbox}`, class: "idempotent" as const };
    const notBefore = machine.now() + TWINS_AFTER_MS;
    await store.enqueue([{ ...row, ...(session === undefined ? {} : { session }), due: 0, notBefore }]);
  }

  async function removeTwins({ kept, outbox }: Extract<Effect, { do: "remove_twins" }>): Promise<void> {
    const chat = chatOf(kept.address);
    for (const twin of (await chat.twins?.(kept, outbox)) ?? []) {
      log.warn({ outbox }, "A post stood there twice; the other one is removed");
      await chat.remove(twin);
    }
  }

  /** The direct chat on a platform that is on: the person's own, else another they are linked to. */
  async function directAddress(to: PersonId): Promise<Address> {
    const { reach } = await store.person(to);
    const ids = [identityOf(to), ...(await store.identities(to))];
    // Where they asked to be written to, as long as that is still them.
    const wished = ids.filter((id) => reach !== undefined && personId(id) === personId(reach));
    const all = [...wished, ...ids];
    const reachable = all.find((identity) => parts.chats[identity.platform] !== undefined);
    if (reachable === undefined) throw new TerminalError(`No platform that is on reaches ${to}`);
    return directTo(reachable);
  }

  /** What cards on a platform are drawn with; with the ways to these sessions' boards. */
  async function viewOn(platform: Platform, boards: readonly SessionId[]): Promise<ViewContext> {
    const links = new Map(
      await Promise.all(boards.map(async (id) => [id, await parts.boards?.link(id, platform)] as const)),
    );
    return {
      now: parts.calendar.now(),
      catalogue: parts.catalogue,
      command: parts.commands[platform],
      board: (session) => links.get(session),
      links: parts.settings.links === true,
      drafted: (session) => drafted.get(session),
      model: parts.settings.model === true,
    };
  }

  return { chatOf, postOnce, removeTwins, directAddress, viewOn, drafted };
}

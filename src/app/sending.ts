import type { ViewContext } from "../../conversations/views/parts.ts";
import { type Address, directTo } from "../domain/address.ts";
import type { OutboxItem } from "../domain/effect.ts";
import { TerminalError } from "../domain/errors.ts";
import { identityOf, type PersonId, type Platform, personId, type SessionId } from "../domain/ids.ts";
import type { Mark, Message } from "../domain/message.ts";
import type { ChatAdapter } from "../domain/ports.ts";
import type { Parts } from "./parts.ts";

export type Sending = ReturnType<typeof createSending>;

/** What everything that goes out shares: the platform it goes to, the place, the ways to what it speaks of. */
export function createSending(parts: Parts) {
  const { store } = parts;
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
    if (item.uncertain && chat.abilities.lookUp && chat.find !== undefined) {
      const found = await chat.find(address, item.id, since);
      if (found !== undefined) return found;
    }
    return chat.post(address, await message(), mark);
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
      drafted: (session) => drafted.get(session),
      model: parts.settings.model === true,
    };
  }

  return { chatOf, postOnce, directAddress, viewOn, drafted };
}

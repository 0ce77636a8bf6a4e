import type { Address, MessageRef } from "../../src/domain/address.ts";
import { OutcomeUnknownError, RetryLaterError, StoreUnavailableError, TerminalError } from "../../src/domain/errors.ts";
import { identityOf } from "../../src/domain/ids.ts";
import type { Inbound } from "../../src/domain/inbound.ts";
import type { Mark, Message } from "../../src/domain/message.ts";
import type { ChatAdapter, WebMessage } from "../../src/domain/ports.ts";
import type { CardDrawer } from "./draw.ts";
import { messageInbound } from "./inbound.ts";
import { BOT, WEB_WORKSPACE } from "./options.ts";
import type { Directory } from "./people.ts";
import { addressOf, idAt, type Rows } from "./rows.ts";
import type { EventStream } from "./stream.ts";
import { viewOf } from "./view.ts";
import type { Whispers } from "./whispers.ts";

type Parts = { rows: Rows; stream: EventStream; whispers: Whispers; directory: Directory; draw: CardDrawer };

const RECEIPT = "✅";

/** The web channel as a platform: posts are rows, and open pages hear of them. */
export function createWebChat({ rows, stream, whispers, directory, draw }: Parts): ChatAdapter {
  const publish = (row: WebMessage): void => {
    stream.publish({ type: "message", data: viewOf(row), ...onlyFor(row.channel) });
  };
  const change = async (id: string, work: (row: WebMessage) => WebMessage | undefined): Promise<void> => {
    const row = await stored(() => rows.change(id, work));
    if (row !== undefined) publish(row);
  };

  return {
    platform: "web",
    abilities: { lookUp: true, lookUpAfter: 0, reactions: true, ephemeral: true, history: true },

    async post(address, message, mark) {
      const row = await postRow(address, message, mark);
      await stored(() => rows.put(row));
      publish(row);
      return refOf(row);
    },

    async update(ref, message, mark) {
      const card = await draw(message);
      const text = message.summary;
      let there = false;
      await change(ref.messageId, (row) => {
        there = true;
        if (row.deleted || (row.card === card && row.text === text)) return undefined;
        return { ...row, text, card, mark: JSON.stringify(mark) };
      });
      if (!there) throw new TerminalError("That message isn't in the web channel, so it can't be kept up to date.");
    },

    async remove(ref) {
      await change(ref.messageId, (row) =>
        row.deleted ? undefined : { ...row, text: "", card: null, mark: null, reactions: [], deleted: true },
      );
    },

    async react(ref, on) {
      await change(ref.messageId, (row) => {
        if (row.deleted || row.reactions.includes(RECEIPT) === on) return undefined;
        const others = row.reactions.filter((reaction) => reaction !== RECEIPT);
        return { ...row, reactions: on ? [...others, RECEIPT] : others };
      });
    },

    async whisper(address, person, message) {
      const { user } = identityOf(person);
      const sentAt = rows.tick();
      const whisper = {
        id: idAt(sentAt),
        channel: address.channel,
        thread: address.thread ?? null,
        about: null,
        text: message.summary,
        card: JSON.parse(await draw(message)),
        file: null,
        sentAt,
      };
      whispers.add(user, whisper);
      stream.publish({ type: "whisper", data: whisper, only: user });
    },

    async sendFile(address, file) {
      const url = whispers.offer(file);
      const message: Message = {
        summary: file.comment,
        blocks: [{ kind: "text", text: [file.comment] }],
      };
      const row = await postRow(address, message, null);
      row.card = JSON.stringify({ ...JSON.parse(row.card ?? "{}"), tMinusFile: { name: file.name, url } });
      await stored(() => rows.put(row));
      publish(row);
    },

    async findChannel(near, name) {
      const found = directory.channels.find((channel) => channel === name.toLowerCase());
      return found === undefined
        ? undefined
        : { channel: { platform: near.platform, workspace: near.workspace, channel: found }, name: found };
    },

    async find(address, outbox, since) {
      const posts = await stored(() => rows.since(address.channel, since - 1));
      const found = posts.find((row) => row.author === BOT.user && !row.deleted && outboxOf(row.mark) === outbox);
      return found === undefined ? undefined : refOf(found);
    },

    async history(address, since) {
      const said = await stored(() => rows.since(address.channel, since - 1));
      const inbound: Inbound[] = [];
      for (const row of said) {
        const here = row.thread === (address.thread ?? null);
        if (!here || row.deleted || row.author === BOT.user || row.onlyFor !== null) continue;
        inbound.push(messageInbound(row, { people: directory.people }));
      }
      return inbound;
    },
  };

  async function postRow(address: Address, message: Message, mark: Mark | null): Promise<WebMessage> {
    if (!directory.has(address.channel)) {
      const place = address.channel.startsWith("@")
        ? `nobody called ${address.channel}`
        : `no channel #${address.channel}`;
      throw new TerminalError(`There is ${place} in the web channel. Open it on the page, then try again.`);
    }
    const card = await draw(message);
    const sentAt = rows.tick();
    return {
      id: idAt(sentAt),
      channel: address.channel,
      thread: address.thread ?? null,
      author: BOT.user,
      authorName: BOT.name,
      text: message.summary,
      card,
      mark: mark === null ? null : JSON.stringify(mark),
      reactions: [],
      onlyFor: null,
      sentAt,
      editedAt: null,
      deleted: false,
    };
  }
}

/** Direct messages go to open pages of their person alone. */
export function onlyFor(channel: string): { only?: string } {
  return channel.startsWith("@") ? { only: channel.slice(1) } : {};
}

function refOf(row: WebMessage): MessageRef {
  return { address: addressOf(row, WEB_WORKSPACE), messageId: row.id, sentAt: row.sentAt };
}

function outboxOf(mark: string | null): unknown {
  if (mark === null) return undefined;
  const parsed: unknown = JSON.parse(mark);
  return typeof parsed === "object" && parsed !== null && "outbox" in parsed ? parsed.outbox : undefined;
}

/** A store that is full or away says that it took nothing; after any other failure nobody knows. */
async function stored<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    if (cause instanceof StoreUnavailableError) {
      throw new RetryLaterError("The web channel's log can't take a row now.", { retryAfter: 1_000, cause });
    }
    throw new OutcomeUnknownError("The web channel's log failed in the middle of a write.", { cause });
  }
}

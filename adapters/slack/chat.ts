import { randomUUID } from "node:crypto";
import type { types } from "@slack/bolt";
import type { Address, MessageRef } from "../../src/domain/address.ts";
import { GoneError, OutcomeUnknownError, RetryLaterError, TerminalError } from "../../src/domain/errors.ts";
import { identityOf, type PersonId } from "../../src/domain/ids.ts";
import type { FileRef, Inbound } from "../../src/domain/inbound.ts";
import type { Mark } from "../../src/domain/message.ts";
import type { ChatAdapter } from "../../src/domain/ports.ts";
import type { Api } from "./api.ts";
import { type PictureOf, withoutTables } from "./blocks.ts";
import type { Log } from "./config.ts";
import { isRefusal } from "./errors.ts";
import { escapeText } from "./escape.ts";
import { homeView } from "./home.ts";
import { EVENT_TYPE, findMarked } from "./lookup.ts";
import { LONGEST_QUEUE } from "./pace.ts";
import { type Rendered, render } from "./render.ts";
import { millis } from "./times.ts";
import { wording } from "./wording.ts";

type Metadata = types.MessageMetadata;
type Part = { part: number; parts: number };

/** Slack's refusals of what we drew: then the words alone are sent, never nothing. */
const NOT_DRAWN = [
  "invalid_blocks",
  "invalid_blocks_format",
  "msg_blocks_too_long",
  "msg_too_long",
  "invalid_attachments",
];

/** A send that came through late was sent no longer before its twin. Milliseconds. */
const TWINS_WITHIN = 10 * 60_000;

/** The content of an attached file, with the workspace's own token. */
export type ReadFile = (workspace: string, file: FileRef, most: number) => Promise<Uint8Array>;

export type History = (address: Address, since: number) => Promise<Inbound[]>;

/** Slack as a {@link ChatAdapter}: every call is made once; the outbox decides what to do about its failure. */
export function createChat(parts: {
  api: Api;
  log: Log;
  history: History;
  readFile?: ReadFile;
  findChannel?: NonNullable<ChatAdapter["findChannel"]>;
  emailOf?: (workspace: string, user: string) => Promise<string | undefined>;
  pictureOf?: PictureOf | undefined;
}): ChatAdapter {
  const { api, log, history, readFile, findChannel, emailOf, pictureOf } = parts;
  const directs = new Map<string, string>();

  /** `@U…` has no channel until Slack has opened one; opening again gives the same. */
  async function settled(address: Address): Promise<Address> {
    if (!address.channel.startsWith("@")) return address;
    const users = address.channel.slice(1);
    const key = `${address.workspace}:${users}`;
    const known = directs.get(key);
    if (known !== undefined) return { ...address, channel: known };
    const opened = await api.call(address.workspace, "conversations.open", undefined, (client) =>
      client.conversations.open({ users }),
    );
    const channel = opened.channel?.id;
    if (channel === undefined) throw new TerminalError(wording.noSuchPlace);
    directs.set(key, channel);
    return { ...address, channel };
  }

  async function send(address: Address, rendered: Rendered, metadata: Metadata): Promise<MessageRef> {
    const { workspace, channel, thread } = address;
    await api.turn(workspace, channel);
    const run = ({ text, blocks }: Rendered) =>
      api.call(workspace, "chat.postMessage", channel, (client) =>
        client.chat.postMessage({
          channel,
          text,
          blocks,
          ...(thread === undefined ? {} : { thread_ts: thread }),
          metadata,
          unfurl_links: false,
          unfurl_media: false,
          link_names: false,
        }),
      );
    const posted = await drawn(rendered, workspace, run);
    if (posted.ts === undefined) throw new OutcomeUnknownError("Slack took the post but named no message");
    const where = posted.channel === undefined ? address : { ...address, channel: posted.channel };
    return { address: where, messageId: posted.ts, sentAt: millis(posted.ts) };
  }

  /** With blocks; if Slack refuses those, with tables and pictures as words; and if those too, with the words they hold. */
  async function drawn<T>(rendered: Rendered, workspace: string, run: (rendered: Rendered) => Promise<T>): Promise<T> {
    try {
      return await run(rendered);
    } catch (error) {
      if (!isRefusal(error, ...NOT_DRAWN)) throw error;
      if (rendered.blocks.some(({ type }) => type === "table" || type === "image")) {
        log.warn({ err: error.cause }, "Slack refused a table or a picture; words are sent in its place");
        return drawn({ ...rendered, blocks: withoutTables(rendered.blocks, workspace) }, workspace, run);
      }
      log.error({ err: error.cause, blocks: rendered.blocks.length }, "Slack refused the blocks of a message");
      return run({ text: rendered.text, blocks: [{ type: "section", text: plainSection(rendered.text) }] });
    }
  }

  async function remove({ address, messageId }: MessageRef): Promise<void> {
    try {
      await api.call(address.workspace, "chat.delete", address.channel, (client) =>
        client.chat.delete({ channel: address.channel, ts: messageId }),
      );
    } catch (error) {
      if (!isRefusal(error, "message_not_found", "thread_not_found")) throw error;
    }
  }

  /** The posts after the first of a long message stand in its thread (or in the thread it stands in itself). */
  function following(first: MessageRef): Address {
    return { ...first.address, thread: first.address.thread ?? first.messageId };
  }

  async function others(first: MessageRef, outbox: string): Promise<MessageRef[]> {
    const found = await findMarked(api, following(first), outbox, first.sentAt);
    return found
      .filter(({ part, ref }) => part > 1 && ref.messageId !== first.messageId)
      .sort((a, b) => a.part - b.part)
      .map(({ ref }) => ref);
  }

  return {
    platform: "slack",
    abilities: { lookUp: true, lookUpAfter: 5_000, reactions: true, ephemeral: true, history: true },

    async post(address, message, mark) {
      const where = await settled(address);
      const [first, ...more] = render(message, where.workspace, { tables: true, pictureOf });
      const ref = await send(where, first, metadataOf(mark, { part: 1, parts: more.length + 1 }));
      for (const [index, part] of more.entries()) {
        try {
          await send(following(ref), part, metadataOf(mark, { part: index + 2, parts: more.length + 1 }));
        } catch (error) {
          // The first part stands: only a look-up may decide what becomes of it.
          throw new OutcomeUnknownError("Only a part of a long message was posted", { cause: error });
        }
      }
      return ref;
    },

    async update(ref, message, mark) {
      const [first, ...more] = render(message, ref.address.workspace, { tables: true, pictureOf });
      const count = { part: 1, parts: more.length + 1 };
      await rewrite(ref, first, metadataOf(mark, count));
      if (more.length === 0) return;
      const known = await others(ref, mark.outbox);
      for (const [index, part] of more.entries()) {
        const metadata = metadataOf(mark, { ...count, part: index + 2 });
        const old = known[index];
        if (old === undefined) await send(following(ref), part, metadata);
        else await rewrite(old, part, metadata);
      }
      for (const old of known.slice(more.length)) await remove(old);
    },

    remove,

    async react({ address, messageId }, on) {
      const target = { channel: address.channel, timestamp: messageId, name: "white_check_mark" };
      try {
        if (on) {
          await api.call(address.workspace, "reactions.add", address.channel, (client) => client.reactions.add(target));
        } else {
          await api.call(address.workspace, "reactions.remove", address.channel, (client) =>
            client.reactions.remove(target),
          );
        }
      } catch (error) {
        // A receipt that can't be given stops nothing: the question collapses all the same. So nobody queues for one
        // for longer than it is of any use.
        if (on && error instanceof RetryLaterError && error.retryAfter >= LONGEST_QUEUE) return;
        if (!isRefusal(error)) throw error;
        // What is there already, what is gone already, and a message that its author deleted meanwhile.
        if (!["already_reacted", "no_reaction", "message_not_found"].includes(error.code)) {
          log.warn({ code: error.code, channel: address.channel }, "Slack refused the receipt on a message");
        }
      }
    },

    async whisper(address, person, message, session) {
      const { platform, user } = identityOf(person);
      if (platform !== "slack") return;
      const { workspace, channel, thread } = address;
      const inPerson = async () => {
        const where = await settled({ platform: "slack", workspace, channel: `@${user}` });
        for (const part of render(message, workspace))
          await send(where, part, metadataOf(privateMark(session), { part: 1, parts: 1 }));
      };
      if (channel.startsWith("@") || channel.startsWith("D")) return inPerson();
      const run = ({ text, blocks }: Rendered) =>
        api.call(workspace, "chat.postEphemeral", channel, (client) =>
          client.chat.postEphemeral({
            channel,
            user,
            text,
            blocks,
            ...(thread === undefined ? {} : { thread_ts: thread }),
          }),
        );
      try {
        for (const part of render(message, workspace)) await drawn(part, workspace, run);
      } catch (error) {
        if (!isRefusal(error)) throw error;
        await inPerson();
      }
    },

    async sendFile(address, { name, content, comment }) {
      const { workspace, channel, thread } = await settled(address);
      const place = thread === undefined ? { channel_id: channel } : { channel_id: channel, thread_ts: thread };
      const file = { file: Buffer.from(content), filename: name, title: name, initial_comment: escapeText(comment) };
      await api.call(workspace, "files.uploadV2", channel, (client) => client.filesUploadV2({ ...place, ...file }));
    },

    async find(address, outbox, since) {
      const where = await settled(address);
      const found = await findMarked(api, where, outbox, since);
      const first = found.find(({ part }) => part === 1);
      if (first === undefined) return undefined;
      const rest = first.parts === 1 ? [] : await others(first.ref, outbox);
      if (rest.length + 1 >= first.parts) return first.ref;
      // Half a message is no message: it goes, and the outbox sends the whole again.
      for (const ref of [...rest, first.ref]) await remove(ref);
      return undefined;
    },

    async twins(kept, outbox) {
      const found = await findMarked(api, kept.address, outbox, kept.sentAt - TWINS_WITHIN, { all: true });
      return found.flatMap(({ ref, part }) => (part === 1 && ref.messageId !== kept.messageId ? [ref] : []));
    },

    ...(findChannel === undefined ? {} : { findChannel }),
    ...(emailOf === undefined
      ? {}
      : {
          emailOf(person: PersonId) {
            const { workspace, user } = identityOf(person);
            return emailOf(workspace, user);
          },
        }),
    ...(readFile === undefined
      ? {}
      : { readFile: (address: Address, file: FileRef, most: number) => readFile(address.workspace, file, most) }),

    async history(address, since) {
      return history(await settled(address), since);
    },

    async home(person, message) {
      const { platform, workspace, user } = identityOf(person);
      if (platform !== "slack") return;
      await api.call(workspace, "views.publish", user, (client) =>
        client.views.publish({ user_id: user, view: homeView(message, workspace) }),
      );
    },
  };

  async function rewrite(ref: MessageRef, rendered: Rendered, metadata: Metadata): Promise<void> {
    const { workspace, channel } = ref.address;
    const run = ({ text, blocks }: Rendered) =>
      api.call(workspace, "chat.update", channel, (client) =>
        client.chat.update({ channel, ts: ref.messageId, text, blocks, metadata }),
      );
    try {
      await drawn(rendered, workspace, run);
    } catch (error) {
      throw isRefusal(error, "message_not_found") ? new GoneError(error.message, { cause: error }) : error;
    }
  }
}

function metadataOf(mark: Mark, { part, parts }: Part): Metadata {
  const { outbox, session, kind, module, question, version } = mark;
  return {
    event_type: EVENT_TYPE,
    event_payload: {
      outbox,
      session,
      kind,
      ...(module === undefined ? {} : { module }),
      ...(question === undefined ? {} : { question }),
      version,
      ...(parts > 1 ? { part, parts } : {}),
    },
  };
}

/** For a private sentence that had to become a direct message: it belongs to no outbox item. */
function privateMark(session = ""): Mark {
  return { outbox: `private-${randomUUID()}`, session, kind: "note", version: 1 };
}

function plainSection(text: string): types.PlainTextElement {
  return { type: "plain_text", text: text.slice(0, 3_000), emoji: true };
}

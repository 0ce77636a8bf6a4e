import { z } from "zod";
import type { Address, MessageRef } from "../../src/domain/address.ts";
import { RetryLaterError, TerminalError } from "../../src/domain/errors.ts";
import { identityOf, type PersonId } from "../../src/domain/ids.ts";
import type { Message } from "../../src/domain/message.ts";
import type { ChatAdapter, Machine, Store } from "../../src/domain/ports.ts";
import type { AdaptiveCard } from "../cards/elements.ts";
import { conversationId, conversationParts, platformTime } from "./address.ts";
import type { Attempts } from "./attempts.ts";
import { createChannels } from "./channels.ts";
import type { Consent } from "./consent.ts";
import { failureOf, GoneError } from "./failure.ts";
import { consentCard, FILE_LIFE, type Files, type OutgoingFile, readAttached } from "./files.ts";
import { CALL_TIMEOUT } from "./limits.ts";
import type { People } from "./people.ts";
import { createRateLimit } from "./rate-limit.ts";
import type { Reference, References } from "./references.ts";
import { cardNamedFor, namedFor, pinged, type RenderContext, type TeamsMark, toActivity, toCard } from "./render.ts";
import type { ConnectorClient } from "./sdk.ts";
import type { Whispers } from "./whispers.ts";

/** The parts of an activity that we send; the connector's own type asks for all that could be received. */
type Outgoing = NonNullable<Parameters<ConnectorClient["conversations"]["createConversation"]>[0]["activity"]>;

export type TeamsChat = {
  adapter: ChatAdapter;
  /** Says something where an activity came from, only to one person. Not repeated, not awaited by any answer. */
  whisper(
    address: Address,
    person: PersonId,
    content: Message | { card: AdaptiveCard; summary: string },
  ): Promise<void>;
  /** A message's card as it would stand at this address: for the answer to a card's button. */
  draw(address: Address, message: Message, mark: TeamsMark): Promise<object>;
  typing(address: Address): Promise<void>;
  attach(address: Address, attachment: object, summary: string): Promise<MessageRef>;
};

export function createChat(options: {
  connector: (serviceUrl: string) => Promise<ConnectorClient>;
  channelsOf: (serviceUrl: string, team: string) => Promise<unknown>;
  store: Pick<Store, "identities">;
  references: References;
  people: People;
  consent: Consent;
  whispers: Whispers;
  attempts: Attempts;
  files: Files;
  machine: Machine;
  publicUrl?: string | undefined;
  /** Where a person last spoke in a channel's top level: private replies go into that thread, not beside it. */
  lastRoot: (tenant: string, channel: string, user: string) => string | undefined;
  emailOf: (person: PersonId) => Promise<string | undefined>;
}): TeamsChat {
  const { connector, store, references, people, consent, files, attempts, machine } = options;
  const limit = createRateLimit(machine);

  /** One call to the connector: within the limits, with a time-out, its failure put into words. */
  async function call<Result>(
    reference: Reference,
    conversation: string,
    what: string,
    run: (client: ConnectorClient) => Promise<Result>,
  ): Promise<Result> {
    limit.take(reference.tenant, conversation);
    try {
      return await run(await connector(reference.serviceUrl));
    } catch (error) {
      const failure = failureOf(error, what);
      if ("retryAfter" in failure && typeof failure.retryAfter === "number")
        limit.pause(conversation, failure.retryAfter);
      throw failure;
    }
  }

  async function referenceFor(address: Address): Promise<Reference> {
    if (address.channel.startsWith("@")) return personalChat(address.workspace, address.channel.slice(1));
    const reference = await references.find(address.workspace, address.channel);
    if (reference === undefined) {
      throw new TerminalError("I don't know that conversation in Teams yet. Add T-Minus there and mention it once.");
    }
    if (reference.removed) throw new TerminalError(removedSentence(reference));
    return reference;
  }

  /** The personal chat with somebody; opened if the service lets us, which needs the app on their side. */
  async function personalChat(tenant: string, user: string): Promise<Reference> {
    const known = await references.personal(tenant, user);
    if (known !== undefined && !known.removed) return known;
    const via = await references.anyOf(tenant);
    if (via === undefined) {
      throw new TerminalError("Nobody in that Teams tenant has met T-Minus yet. Ask them to say hello to it in Teams.");
    }
    const person = await people.find(tenant, user);
    const result = await call(via, `@${user}`, "open a personal chat", (client) =>
      client.conversations.createConversation(
        {
          isGroup: false,
          bot: { id: via.bot.id, name: via.bot.name ?? "T-Minus" },
          members: [{ id: person?.id ?? user, name: person?.name ?? "" }],
          tenantId: tenant,
          channelData: { tenant: { id: tenant } },
        },
        { timeout: CALL_TIMEOUT },
      ),
    );
    const reference: Reference = {
      v: 1,
      channel: result.id,
      tenant,
      serviceUrl: via.serviceUrl,
      type: "personal",
      bot: via.bot,
      user,
    };
    await references.refresh(reference);
    return reference;
  }

  async function contextOf(reference: Reference, message: Message): Promise<RenderContext> {
    const accounts = new Map<PersonId, string>();
    for (const person of pinged(message)) {
      const account = await accountOf(person, reference.tenant);
      if (account !== undefined) accounts.set(person, account);
    }
    return {
      type: reference.type,
      freeReplies: await consent.freeReplies(reference),
      mention: (person, name) => {
        const id = accounts.get(person);
        return id === undefined ? undefined : { id, name };
      },
    };
  }

  /** What a mention of somebody carries: their `29:…` id, or the directory's where we haven't seen the other. */
  async function accountOf(person: PersonId, tenant: string): Promise<string | undefined> {
    const user = await userIn(person, tenant);
    if (user === undefined) return undefined;
    const known = await people.find(tenant, user);
    return known?.id ?? known?.aadObjectId ?? user;
  }

  async function userIn(person: PersonId, tenant: string): Promise<string | undefined> {
    const own = identityOf(person);
    if (own.platform === "teams" && own.workspace === tenant) return own.user;
    const others = await store.identities(person);
    return others.find(({ platform, workspace }) => platform === "teams" && workspace === tenant)?.user;
  }

  async function send(
    reference: Reference,
    thread: string | undefined,
    activity: object,
    what: string,
  ): Promise<MessageRef> {
    const at = machine.now();
    const channel = { platform: "teams", workspace: reference.tenant, channel: reference.channel } as const;
    if (reference.type === "channel" && thread === undefined) {
      const created = await call(reference, reference.channel, what, (client) =>
        client.conversations.createConversation(
          {
            isGroup: true,
            bot: { id: reference.bot.id, name: reference.bot.name ?? "T-Minus" },
            tenantId: reference.tenant,
            channelData: { channel: { id: reference.channel }, tenant: { id: reference.tenant } },
            activity: outgoing(activity),
          },
          { timeout: CALL_TIMEOUT },
        ),
      );
      // The created conversation is the new thread: its root's id stands in the conversation id.
      const root = conversationParts(created.id).root ?? created.activityId;
      return { address: channel, messageId: root, sentAt: platformTime(root, undefined, at) };
    }
    const address: Address = reference.type === "channel" && thread !== undefined ? { ...channel, thread } : channel;
    const conversation = conversationId(address);
    const { id } = await call(reference, conversation, what, (client) =>
      client.conversations.sendToConversation(
        conversation,
        outgoing({ ...activity, conversation: { id: conversation } }),
        {
          timeout: CALL_TIMEOUT,
        },
      ),
    );
    return { address, messageId: id, sentAt: platformTime(id, undefined, at) };
  }

  /** The conversation in which the service finds a message: a channel's root message stands in its own thread. */
  function conversationOf(reference: Reference, { address, messageId }: MessageRef): string {
    if (reference.type !== "channel") return address.channel;
    return conversationId({ ...address, thread: address.thread ?? messageId });
  }

  const channels = createChannels({
    references,
    read: (near, team) =>
      call(near, `team:${team}`, "read the team's channels", () => options.channelsOf(near.serviceUrl, team)),
  });

  const adapter: ChatAdapter = {
    platform: "teams",
    // Without Graph nothing can be looked up or read again; reactions of bots and private messages don't exist.
    abilities: { lookUp: false, lookUpAfter: 0, reactions: false, ephemeral: false, history: false },
    async post(address, message, mark) {
      const reference = await referenceFor(address);
      const activity = toActivity(message, mark, await contextOf(reference, message));
      const post = () => send(reference, address.thread, activity, "post a message");
      if (mark.kind !== "question" && mark.kind !== "follow_up") return post();
      const { at, again } = await attempts.begin(mark.outbox);
      try {
        const ref = await post();
        return again ? { ...ref, sentAt: Math.min(at, ref.sentAt) } : ref;
      } catch (error) {
        if (error instanceof RetryLaterError && !again) await attempts.undone(mark.outbox);
        throw error;
      }
    },
    findChannel: (near, name) => channels.find(near, name),
    async update(ref, message, mark) {
      const reference = await referenceFor(ref.address);
      const conversation = conversationOf(reference, ref);
      const activity = toActivity(message, mark, await contextOf(reference, message));
      await call(reference, conversation, "update a message", (client) =>
        client.conversations.updateActivity(
          conversation,
          ref.messageId,
          outgoing({ ...activity, id: ref.messageId, conversation: { id: conversation } }),
          { timeout: CALL_TIMEOUT },
        ),
      );
    },
    async remove(ref) {
      const reference = await referenceFor(ref.address);
      const conversation = conversationOf(reference, ref);
      try {
        await call(reference, conversation, "remove a message", (client) =>
          client.conversations.deleteActivity(conversation, ref.messageId, { timeout: CALL_TIMEOUT }),
        );
      } catch (error) {
        if (!(error instanceof GoneError)) throw error;
      }
    },
    async react() {
      // The receipt on Teams is the question's card, updated in place.
    },
    whisper: (address, person, message) => whisper(address, person, message),
    emailOf: options.emailOf,
    async readFile(address, file, most) {
      return readAttached(file, most, (await referenceFor(address)).serviceUrl);
    },

    async sendFile(address, file) {
      await sendFile(address, file);
    },
  };

  async function whisper(
    address: Address,
    person: PersonId,
    content: Message | { card: AdaptiveCard; summary: string },
  ): Promise<void> {
    const reference = await referenceFor(address);
    const user = await userIn(person, address.workspace);
    const thread =
      address.thread ?? (user === undefined ? undefined : options.lastRoot(address.workspace, address.channel, user));
    const mark: TeamsMark = { kind: "note", private: true };
    const name = user === undefined ? undefined : (await people.find(address.workspace, user))?.name;
    const whom = reference.type === "personal" ? undefined : name;
    let activity: object;
    if ("card" in content) {
      const card = whom === undefined ? content.card : cardNamedFor(content.card, whom);
      activity = {
        type: "message",
        summary: content.summary,
        attachments: [{ contentType: "application/vnd.microsoft.card.adaptive", content: card }],
        channelData: { tMinus: mark },
      };
    } else {
      const named = whom === undefined ? content : namedFor(content, whom);
      activity = toActivity(named, mark, await contextOf(reference, content));
    }
    const ref = await send(reference, thread, activity, "answer privately");
    if (reference.type === "personal") return;
    const { channel, thread: stands } = ref.address;
    await options.whispers.add({
      tenant: reference.tenant,
      channel,
      ...(stands === undefined ? {} : { thread: stands }),
      messageId: ref.messageId,
    });
  }

  async function sendFile(address: Address, file: OutgoingFile): Promise<void> {
    const reference = await referenceFor(address);
    if (reference.type === "personal") {
      await attach(address, consentCard(file, files.hold(file)), file.comment);
      return;
    }
    const blocks: Message["blocks"] =
      options.publicUrl === undefined
        ? [
            {
              kind: "text",
              text: [
                "Here I can't hand over a file: ask me for the export in our personal chat. (With PUBLIC_URL set it would be a link.)",
              ],
            },
          ]
        : [
            { kind: "text", text: [file.comment] },
            {
              kind: "text",
              text: [
                { link: file.name, url: `${options.publicUrl.replace(/\/$/, "")}/teams/files/${files.hold(file)}` },
              ],
            },
            { kind: "context", text: ["The link works for an hour."] },
          ];
    const message: Message = { summary: file.comment, blocks };
    const activity = toActivity(message, { kind: "note", private: true }, await contextOf(reference, message));
    const { address: stands, messageId } = await send(reference, address.thread, activity, "hand over a file");
    // A link that no longer works, and a sentence that was read, shouldn't stand there for good.
    const { channel, thread } = stands;
    const life = options.publicUrl === undefined ? undefined : FILE_LIFE;
    const where = { tenant: reference.tenant, channel, ...(thread === undefined ? {} : { thread }), messageId };
    await options.whispers.add(where, life);
  }

  async function attach(address: Address, attachment: object, summary: string): Promise<MessageRef> {
    const reference = await referenceFor(address);
    return send(
      reference,
      address.thread,
      { type: "message", summary, attachments: [attachment], channelData: { tMinus: { kind: "note", private: true } } },
      "hand over a file",
    );
  }

  return {
    adapter,
    whisper,
    attach,
    async draw(address, message, mark) {
      const reference = await referenceFor(address);
      return toCard(message, mark, await contextOf(reference, message));
    },
    async typing(address) {
      const reference = await referenceFor(address);
      const conversation = reference.type === "channel" ? conversationId(address) : address.channel;
      if (reference.type === "channel" && address.thread === undefined) return;
      await call(reference, conversation, "show that I'm at it", (client) =>
        client.conversations.sendToConversation(conversation, outgoing({ type: "typing" }), { timeout: CALL_TIMEOUT }),
      );
    },
  };
}

function removedSentence(reference: Reference): string {
  const where = reference.name === undefined ? "a conversation in Teams" : `"${reference.name}" in Teams`;
  return `T-Minus was removed from ${where}, or the channel is gone. Add the app again to go on there.`;
}

/** The connector serialises what an activity has; its type also asks for what only received ones have. */
const OutgoingSchema = z.custom<Outgoing>((value) => typeof value === "object" && value !== null);

function outgoing(activity: object): Outgoing {
  return OutgoingSchema.parse(activity);
}

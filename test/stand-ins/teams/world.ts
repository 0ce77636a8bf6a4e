import { setTimeout as pause } from "node:timers/promises";
import { inputsOf, isNode, type Node, nodesOf, wordsOf } from "./card-check.ts";
import { type ConnectorServer, type ConnectorState, startConnector } from "./server.ts";
import {
  type Account,
  type Conversation,
  createIds,
  type Place,
  type StoredMessage,
  serviceConversationId,
  type Team,
} from "./state.ts";
import { createTokens, type TokenClaims, type Tokens } from "./tokens.ts";

export type Delivered = { status: number; body: unknown; ms: number };

/** A message as somebody sees it. */
export type Seen = {
  id: string;
  stored: StoredMessage;
  /** Where replies to it go. */
  thread: Place;
  mark: Node | undefined;
  /** The card as everybody sees it. */
  card: unknown;
  /** All words of text and card. */
  words: string;
  edits: number;
  sentAt: number;
  fromBot: boolean;
};

export type Dialog = { title: string; card: unknown; words: string; place: Place; replyToId: string };
export type DialogResult = { kind: "dialog"; dialog: Dialog } | { kind: "message"; text: string } | { kind: "closed" };

export type Clicked = {
  status: number;
  /** What the client shows: a notice, or the card that now stands there for this person. */
  notice: string | undefined;
  card: unknown;
  body: unknown;
};

export type Redelivery = "same id" | "new id";

/** What a test does as a person in Teams. Everything goes over HTTP, as the Bot Connector would send it. */
export type Person = {
  account: Account;
  /** Says something; `mention` names the bot first. Undefined status: Teams didn't deliver it to the bot. */
  says(
    place: Place | Seen,
    text: string,
    options?: SayOptions,
  ): Promise<{ seen: Seen; delivered: Delivered | undefined }>;
  edits(message: Seen, text: string): Promise<Delivered | undefined>;
  deletes(message: Seen): Promise<Delivered | undefined>;
  /** Taps a button (by verb or title), with what was ticked and written into the card's inputs. */
  clicks(
    message: Seen,
    button: string,
    inputs?: Record<string, string>,
    options?: { redeliver?: Redelivery; oldClient?: boolean },
  ): Promise<Clicked>;
  /** Taps a button that opens a dialog. */
  opens(message: Seen, button: string, inputs?: Record<string, string>): Promise<DialogResult>;
  submits(dialog: Dialog, values: Record<string, string>): Promise<DialogResult>;
  /** Allows that a file is stored; resolves with what was uploaded. */
  acceptsFile(message: Seen, within?: number): Promise<string>;
  /** The personal chat with the bot. */
  chat(): Conversation;
};

export type SayOptions = {
  mention?: boolean;
  /** Other people named in the text as `@Name`. */
  names?: Person[];
  redeliver?: Redelivery;
  html?: boolean;
  files?: Node[];
};

export type TeamsWorld = {
  url: string;
  serviceUrl: string;
  tenant: string;
  bot: { id: string; name: string };
  connector: ConnectorServer;
  tokens: Tokens;
  /** The environment of a program that shall talk to this world. */
  environment: Record<string, string>;
  connectTo(botUrl: string): void;
  user(
    name: string,
    options?: { guest?: boolean; tenant?: string; unreachable?: boolean; zone?: string; email?: string },
  ): Person;
  team(name: string, members: Person[], options?: { consent?: boolean; installed?: boolean }): Team;
  channel(team: Team, name: string): Conversation;
  groupChat(name: string, members: Person[], options?: { consent?: boolean }): Conversation;
  /** The app is added to (or taken out of) a team, chat or a person's apps. */
  installs(where: Team | Conversation, by: Person): Promise<Delivered>;
  uninstalls(where: Team | Conversation, by: Person): Promise<Delivered>;
  deletesChannel(channel: Conversation, by: Person): Promise<Delivered>;
  /** What stands in a place: a channel's roots, a thread (its root first), or a chat. */
  messages(place: Place | Conversation): Seen[];
  all(): Seen[];
  /** Sends any activity, with any header. */
  deliver(activity: object, options?: { authorization?: string | null; claims?: TokenClaims }): Promise<Delivered>;
  envelope(author: Account, place: Place): Node;
  close(): Promise<void>;
};

/** Milliseconds. */
const REDELIVERED_FOR = 30_000;

export async function startTeamsWorld(
  options: {
    appId?: string;
    tenant?: string;
    local?: boolean;
    limits?: boolean;
    now?: () => number;
    /** What isn't answered comes again with the same id, as from Teams; taps are tapped again. */
    redelivers?: boolean;
  } = {},
): Promise<TeamsWorld> {
  const appId = options.appId ?? "11111111-2222-3333-4444-555555555555";
  const tenant = options.tenant ?? "aaaaaaaa-0000-4000-8000-000000000001";
  const password = "stand-in-password";
  const now = options.now ?? Date.now;
  const nextId = createIds(now);
  const bot = { id: `28:${appId}`, name: "T-Minus" };
  let botUrl = "";
  let number = 0;
  let changed = Promise.withResolvers<void>();
  const state: ConnectorState = {
    tenant,
    conversations: new Map(),
    teams: new Map(),
    accounts: [],
    messages: [],
    bot,
    nextId,
    changed: () => {
      changed.resolve();
      changed = Promise.withResolvers<void>();
    },
    openPersonal,
  };
  let tokens: Tokens | undefined;
  const ready = () => {
    if (tokens === undefined) throw new Error("The stand-in isn't ready.");
    return tokens;
  };
  const connector = await startConnector({
    state,
    tokens: ready,
    anonymous: options.local ?? false,
    limits: options.limits ?? true,
    credentials: { appId, password },
  });
  const serviceUrl = `${connector.url}/teams/`;
  tokens = await createTokens(appId, () => serviceUrl);

  async function deliver(
    activity: object,
    { authorization, claims }: { authorization?: string | null; claims?: TokenClaims } = {},
  ): Promise<Delivered> {
    const header =
      authorization === undefined && !options.local ? `Bearer ${await ready().issue(claims)}` : authorization;
    const from = performance.now();
    const { response, text } = await sent(() =>
      fetch(`${botUrl}/api/messages`, {
        method: "POST",
        headers: { "content-type": "application/json", ...(header ? { authorization: header } : {}) },
        body: JSON.stringify(activity),
      }),
    );
    return { status: response.status, body: text === "" ? undefined : safeJson(text), ms: performance.now() - from };
  }

  async function sent(send: () => Promise<Response>): Promise<{ response: Response; text: string }> {
    const deadline = Date.now() + REDELIVERED_FOR;
    for (;;) {
      try {
        const response = await send();
        const text = await response.text();
        if (response.status < 500 || !options.redelivers || Date.now() > deadline) return { response, text };
      } catch (error) {
        if (!options.redelivers || Date.now() > deadline) throw error;
      }
      await pause(250);
    }
  }

  function envelope(author: Account, place: Place): Node {
    const { conversation } = place;
    return {
      channelId: "msteams",
      serviceUrl,
      id: `f:${crypto.randomUUID()}`,
      timestamp: new Date(now()).toISOString(),
      localTimestamp: new Date(now()).toISOString(),
      localTimezone: author.zone,
      locale: "en-GB",
      from: { id: author.id, name: author.name, aadObjectId: author.aadObjectId },
      recipient: bot,
      conversation: {
        id: serviceConversationId(place),
        conversationType: conversation.type,
        tenantId: tenant,
        ...(conversation.type === "personal" ? {} : { isGroup: true }),
      },
      channelData: {
        tenant: { id: tenant },
        ...(conversation.team
          ? {
              team: { id: conversation.team.id, name: conversation.team.name },
              channel: { id: conversation.id, name: conversation.name },
            }
          : {}),
      },
    };
  }

  function reaches(conversation: Conversation, mentioned: boolean): boolean {
    if (conversation.team ? !conversation.team.installed : !conversation.installed) return false;
    return conversation.type === "personal" || mentioned || (conversation.team?.consent ?? conversation.consent);
  }

  /** Tests look often, and most messages haven't changed since. */
  const looked = new WeakMap<StoredMessage, Seen>();

  function seen(stored: StoredMessage): Seen {
    const before = looked.get(stored);
    if (before !== undefined && before.edits === stored.edits) return before;
    const { conversation, root, id } = stored;
    const card = stored.attachments.find(
      ({ contentType }) => contentType === "application/vnd.microsoft.card.adaptive",
    )?.content;
    const now: Seen = {
      id,
      stored,
      thread: root === undefined ? { conversation } : { conversation, root },
      mark: stored.mark,
      card,
      words: `${stored.text}\n${stored.attachments.map(({ content }) => wordsOf(content)).join("\n")}`.trim(),
      edits: stored.edits,
      sentAt: stored.sentAt,
      fromBot: stored.author === "bot",
    };
    looked.set(stored, now);
    return now;
  }

  function openPersonal(account: Account): Conversation {
    const id = `a:personal-${account.aadObjectId}`;
    let conversation = state.conversations.get(id);
    if (conversation === undefined) {
      conversation = {
        id,
        type: "personal",
        name: "",
        members: [account],
        installed: true,
        deleted: false,
        consent: true,
      };
      state.conversations.set(id, conversation);
    }
    return conversation;
  }

  function user(
    name: string,
    about: { guest?: boolean; tenant?: string; unreachable?: boolean; zone?: string; email?: string } = {},
  ): Person {
    number += 1;
    const account: Account = {
      id: `29:1${String(number).padStart(3, "0")}_${name.replace(/\W/g, "")}-per-bot-id`,
      aadObjectId: `dddddddd-0000-4000-8000-${String(number).padStart(12, "0")}`,
      name,
      email: about.email ?? `${name.toLowerCase().replace(/\W+/g, ".")}@example.com`,
      role: about.guest ? "guest" : "user",
      tenant: about.tenant ?? tenant,
      zone: about.zone ?? "Europe/London",
      reachable: !about.unreachable,
    };
    state.accounts.push(account);

    async function says(
      where: Place | Seen,
      text: string,
      { mention = false, names = [], redeliver, html = false, files = [] }: SayOptions = {},
    ): Promise<{ seen: Seen; delivered: Delivered | undefined }> {
      const place = "thread" in where ? where.thread : where;
      const { conversation } = place;
      const id = conversation.type === "personal" ? `1:${nextId()}` : nextId();
      const root = conversation.type === "channel" ? (place.root ?? id) : undefined;
      const stored: StoredMessage = {
        id,
        conversation,
        root,
        author: account,
        text,
        summary: "",
        attachments: [],
        mark: undefined,
        sentAt: now(),
        edits: 0,
        deleted: false,
        views: new Map(),
      };
      state.messages.push(stored);
      state.changed();
      if (!reaches(conversation, mention)) return { seen: seen(stored), delivered: undefined };
      const activity = {
        ...envelope(account, { conversation, ...(root === undefined ? {} : { root }) }),
        ...spoken(text, mention, names, html),
        type: "message",
        id,
        ...(root !== undefined && root !== id ? { replyToId: root } : {}),
        ...(files.length === 0 ? {} : { attachments: files }),
      };
      const delivered = await deliver(activity);
      if (redeliver !== undefined)
        await deliver(
          redeliver === "same id" ? activity : { ...activity, timestamp: new Date(now() + 1_000).toISOString() },
        );
      return { seen: seen(stored), delivered };
    }

    function spoken(text: string, mention: boolean, names: Person[], html: boolean): Node {
      const entities: Node[] = [];
      let written = html ? text.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;") : text;
      for (const person of names) {
        const tag = `<at>${person.account.name}</at>`;
        written = written.replace(`@${person.account.name}`, tag);
        entities.push({ type: "mention", text: tag, mentioned: { id: person.account.id, name: person.account.name } });
      }
      if (mention) {
        const tag = `<at>${bot.name}</at>`;
        written = html ? `<p>${tag}&nbsp;${written}</p>` : `${tag} ${written}`;
        entities.unshift({ type: "mention", text: tag, mentioned: bot });
      }
      return { text: `${written}${html ? "" : "\n"}`, textFormat: html ? "xml" : "plain", entities };
    }

    const invoke = (message: Pick<Seen, "thread" | "id">, name: string, value: unknown) => ({
      ...envelope(account, message.thread),
      type: "invoke",
      name,
      value,
      replyToId: message.id,
    });

    const person: Person = {
      account,
      says,
      chat: () => openPersonal(account),
      async edits(message, text) {
        message.stored.text = text;
        message.stored.edits += 1;
        if (!reaches(message.stored.conversation, text.startsWith("@T-Minus "))) return undefined;
        const mention = text.startsWith("@T-Minus ");
        return deliver({
          ...envelope(account, message.thread),
          ...spoken(mention ? text.slice("@T-Minus ".length) : text, mention, [], false),
          type: "messageUpdate",
          id: message.id,
          channelData: { ...node(envelope(account, message.thread).channelData), eventType: "editMessage" },
        });
      },
      async deletes(message) {
        message.stored.deleted = true;
        if (!reaches(message.stored.conversation, false)) return undefined;
        return deliver({
          ...envelope(account, message.thread),
          type: "messageDelete",
          id: message.id,
          channelData: { ...node(envelope(account, message.thread).channelData), eventType: "softDeleteMessage" },
        });
      },
      async clicks(message, button, inputs = {}, { redeliver, oldClient = false } = {}) {
        const current = message.stored.views.get(account.id) ?? seen(message.stored).card;
        const action = buttonOf(current, button);
        const values = filled(current, inputs);
        if (action.type === "Action.Execute" && !oldClient) {
          const value = {
            action: {
              type: "Action.Execute",
              title: action.title,
              verb: action.verb,
              data: { ...node(action.data), ...values },
            },
            trigger: "manual",
          };
          const activity = invoke(message, "adaptiveCard/action", value);
          const delivered = await deliver(activity);
          if (redeliver !== undefined) {
            await deliver(
              redeliver === "same id"
                ? activity
                : { ...activity, id: `f:${crypto.randomUUID()}`, timestamp: new Date(now() + 2_000).toISOString() },
            );
          }
          return shownAfter(message, delivered);
        }
        const submit = action.type === "Action.Execute" ? node(action.fallback) : action;
        if (submit.type !== "Action.Submit") throw new Error(`"${button}" can't be tapped: ${String(submit.type)}`);
        if (isNode(node(submit.data).msteams)) throw new Error(`"${button}" opens a dialog; use opens().`);
        const delivered = await deliver({
          ...envelope(account, message.thread),
          type: "message",
          id: nextId(),
          text: "",
          replyToId: message.id,
          value: { ...node(submit.data), ...values },
        });
        return { status: delivered.status, notice: undefined, card: undefined, body: delivered.body };
      },
      async opens(message, button, inputs = {}) {
        const current = message.stored.views.get(account.id) ?? seen(message.stored).card;
        const action = buttonOf(current, button);
        const data = node(action.data);
        if (action.type !== "Action.Submit" || node(data.msteams).type !== "task/fetch") {
          throw new Error(`"${button}" opens no dialog.`);
        }
        const value = { data: { ...data, ...filled(current, inputs, false) }, context: { theme: "default" } };
        const delivered = await deliver(invoke(message, "task/fetch", value));
        return dialogResult(delivered, message.thread, message.id);
      },
      async submits(dialog, values) {
        const action = nodesOf(dialog.card).find(({ type }) => type === "Action.Submit");
        if (action === undefined) throw new Error("The dialog has no button.");
        const value = { data: { ...node(action.data), ...filled(dialog.card, values) }, context: { theme: "default" } };
        const target = { thread: dialog.place, id: dialog.replyToId };
        return dialogResult(await deliver(invoke(target, "task/submit", value)), dialog.place, dialog.replyToId);
      },
      async acceptsFile(message, within = 10_000) {
        const consent = message.stored.attachments.find(({ contentType }) =>
          String(contentType).endsWith("file.consent"),
        );
        if (consent === undefined) throw new Error("No file is offered here.");
        const key = crypto.randomUUID();
        const info = {
          contentUrl: `${connector.url}/files/${key}`,
          name: consent.name,
          uploadUrl: `${connector.url}/upload/${key}`,
          uniqueId: key,
          fileType: "txt",
        };
        const value = {
          type: "fileUpload",
          action: "accept",
          context: node(consent.content).acceptContext,
          uploadInfo: info,
        };
        const delivered = await deliver(invoke(message, "fileConsent/invoke", value));
        if (delivered.status !== 200) throw new Error(`The consent was answered with ${delivered.status}.`);
        return eventually(() => connector.uploads.get(key), { within, what: "the upload" });
      },
    };

    function shownAfter(message: Seen, delivered: Delivered): Clicked {
      const body = node(delivered.body);
      const isCard = body.type === "application/vnd.microsoft.card.adaptive";
      if (isCard) message.stored.views.set(account.id, body.value);
      const isNotice = body.type === "application/vnd.microsoft.activity.message";
      if (delivered.status === 200 && ((!isCard && !isNotice) || body.statusCode !== 200)) {
        throw new Error(`Not an answer to a card's button: ${JSON.stringify(delivered.body)}`);
      }
      return {
        status: delivered.status,
        notice: isNotice ? String(body.value) : undefined,
        card: isCard ? body.value : undefined,
        body: delivered.body,
      };
    }

    return person;
  }

  function team(name: string, members: Person[], { consent = false, installed = true } = {}): Team {
    number += 1;
    const id = `19:team${number}general@thread.tacv2`;
    const made: Team = {
      id,
      name,
      aadGroupId: crypto.randomUUID(),
      members: members.map(({ account }) => account),
      channels: [],
      consent,
      installed,
    };
    state.teams.set(id, made);
    addChannel(made, id, "General");
    return made;
  }

  function addChannel(owner: Team, id: string, name: string): Conversation {
    const conversation: Conversation = {
      id,
      type: "channel",
      name,
      team: owner,
      members: owner.members,
      installed: true,
      deleted: false,
      consent: owner.consent,
    };
    state.conversations.set(id, conversation);
    owner.channels.push(conversation);
    return conversation;
  }

  function general(where: Team | Conversation): Conversation {
    if (!("channels" in where)) return where;
    const [first] = where.channels;
    if (first === undefined) throw new Error("A team has a channel.");
    return first;
  }

  async function installation(where: Team | Conversation, by: Person, action: "add" | "remove"): Promise<Delivered> {
    where.installed = action === "add";
    const conversation = general(where);
    const base = envelope(by.account, { conversation });
    const people = action === "add" ? { membersAdded: [bot] } : { membersRemoved: [bot] };
    const eventType = action === "add" ? "teamMemberAdded" : "teamMemberRemoved";
    const extra = conversation.type === "channel" ? { channelData: { ...node(base.channelData), eventType } } : {};
    await deliver({ ...base, ...extra, type: "conversationUpdate", ...people });
    return deliver({ ...base, id: `f:${crypto.randomUUID()}`, type: "installationUpdate", action });
  }

  const world: TeamsWorld = {
    url: connector.url,
    serviceUrl,
    tenant,
    bot,
    connector,
    tokens,
    environment: options.local
      ? { TEAMS: "local" }
      : {
          MicrosoftAppId: appId,
          MicrosoftAppPassword: password,
          MicrosoftAppType: "SingleTenant",
          MicrosoftAppTenantId: tenant,
          ValidateAuthority: "false",
          ToChannelFromBotLoginUrl: `${connector.url}/${tenant}`,
          ToChannelFromBotOAuthScope: "https://api.botframework.com",
          ToBotFromChannelTokenIssuer: "https://api.botframework.com",
          OAuthUrl: connector.url,
          ToBotFromChannelOpenIdMetadataUrl: `${connector.url}/v1/.well-known/openidconfiguration`,
          ToBotFromEmulatorOpenIdMetadataUrl: `${connector.url}/v1/.well-known/openidconfiguration`,
        },
    connectTo: (url) => {
      botUrl = url.replace(/\/$/, "");
    },
    user,
    team,
    channel: (owner, name) => {
      number += 1;
      return addChannel(owner, `19:channel${number}@thread.tacv2`, name);
    },
    groupChat(name, members, { consent = false } = {}) {
      number += 1;
      const conversation: Conversation = {
        id: `19:chat${number}@thread.v2`,
        type: "groupChat",
        name,
        members: members.map(({ account }) => account),
        installed: true,
        deleted: false,
        consent,
      };
      state.conversations.set(conversation.id, conversation);
      return conversation;
    },
    installs: (where, by) => installation(where, by, "add"),
    uninstalls: (where, by) => installation(where, by, "remove"),
    async deletesChannel(channel, by) {
      channel.deleted = true;
      const base = envelope(by.account, { conversation: channel });
      return deliver({
        ...base,
        type: "conversationUpdate",
        channelData: { ...node(base.channelData), eventType: "channelDeleted" },
      });
    },
    messages(where) {
      const place: Place = "conversation" in where ? where : { conversation: where };
      return state.messages
        .filter(({ conversation, root, id, deleted }) => {
          if (deleted || conversation !== place.conversation) return false;
          return place.root === undefined ? conversation.type !== "channel" || root === id : root === place.root;
        })
        .map(seen);
    },
    all: () => state.messages.filter(({ deleted }) => !deleted).map(seen),
    deliver,
    envelope,
    close: () => connector.close(),
  };
  return world;
}

function dialogResult(delivered: Delivered, place: Place, replyToId: string): DialogResult {
  if (delivered.status !== 200)
    throw new Error(`A dialog was answered with ${delivered.status}: ${JSON.stringify(delivered.body)}`);
  if (delivered.body === undefined) return { kind: "closed" };
  const task = node(node(delivered.body).task);
  if (task.type === "message") return { kind: "message", text: String(task.value) };
  const value = node(task.value);
  const card = node(value.card).content;
  if (task.type !== "continue" || !isNode(card))
    throw new Error(`Not an answer to a dialog: ${JSON.stringify(delivered.body)}`);
  return { kind: "dialog", dialog: { title: String(value.title), card, words: wordsOf(card), place, replyToId } };
}

function buttonOf(card: unknown, wanted: string): Node {
  const actions = nodesOf(card).filter(({ type }) => typeof type === "string" && type.startsWith("Action."));
  const fallbacks = new Set(actions.map(({ fallback }) => fallback));
  const found = actions.filter((action) => !fallbacks.has(action) && action.type !== "Action.ToggleVisibility");
  const action = found.find(
    ({ verb, title, data }) => verb === wanted || title === wanted || node(data).verb === wanted,
  );
  if (action === undefined) {
    throw new Error(
      `No button "${wanted}" here; there are ${found.map(({ title, verb }) => `${String(title)} (${String(verb)})`).join(", ") || "none"}.`,
    );
  }
  return action;
}

/** Values of a card's inputs as a client sends them: what stands there, then what was changed. */
function filled(card: unknown, changed: Record<string, string>, required = true): Record<string, string> {
  const inputs = inputsOf(card);
  const values: Record<string, string> = {};
  for (const { id, value } of inputs) values[String(id)] = typeof value === "string" ? value : "";
  for (const [id, value] of Object.entries(changed)) {
    if (!inputs.some((input) => input.id === id)) throw new Error(`No input "${id}" here.`);
    values[id] = value;
  }
  for (const { id, isRequired, errorMessage } of inputs) {
    if (required && isRequired === true && values[String(id)] === "")
      throw new Error(`The client refuses: ${String(errorMessage)}`);
  }
  return values;
}

function node(value: unknown): Node {
  return isNode(value) ? value : {};
}

function safeJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/**
 * Polls until `look` gives something (not undefined, not false), with a deadline: often at first, then less so. The
 * deadline only bounds what never comes, so it is generous.
 */
export async function eventually<Value>(
  look: () => Value | undefined | false | Promise<Value | undefined | false>,
  { within = 20_000, what = "something" }: { within?: number; what?: string } = {},
): Promise<Value> {
  const deadline = Date.now() + within;
  for (let wait = 10; ; wait = Math.min(wait * 1.3, 100)) {
    const value = await look();
    if (value !== undefined && value !== false) return value;
    if (Date.now() > deadline) throw new Error(`Waited ${within} ms for ${what}, in vain.`);
    await pause(wait);
  }
}

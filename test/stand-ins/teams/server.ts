import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { checkCard, isNode, type Node } from "./card-check.ts";
import { type Call, createFaults, type Faults } from "./faults.ts";
import type { Account, Conversation, StoredMessage, Team } from "./state.ts";
import type { Tokens } from "./tokens.ts";

export type ConnectorState = {
  tenant: string;
  conversations: Map<string, Conversation>;
  teams: Map<string, Team>;
  accounts: Account[];
  messages: StoredMessage[];
  bot: { id: string; name: string };
  nextId: () => string;
  changed: () => void;
  openPersonal: (account: Account) => Conversation;
};

export type Request = { method: string; path: string; status: number; call: Call; body: unknown; at: number };

export type ConnectorServer = {
  url: string;
  faults: Faults;
  /** Every call of the bot, with how it was answered. */
  requests: Request[];
  /** Rules that the bot broke: a journey ends with none. */
  violations: string[];
  uploads: Map<string, string>;
  typing: string[];
  /** Requests refused for their rate. */
  throttled: () => number;
  /** Connections that stand at the moment, of the bot or of tests. */
  connections: () => Promise<number>;
  /** How long the service itself keeps an idle connection, milliseconds. */
  keepConnections: (idle: number) => void;
  close: () => Promise<void>;
};

const LIMITS = [
  { count: 7, ms: 1_000 },
  { count: 8, ms: 2_000 },
  { count: 60, ms: 30_000 },
];

const READ_LIMITS = [
  { count: 14, ms: 1_000 },
  { count: 16, ms: 2_000 },
  { count: 120, ms: 30_000 },
];

class Refused extends Error {
  readonly status: number;
  readonly code: string;
  readonly headers: Record<string, string>;
  constructor(status: number, code: string, message: string, headers: Record<string, string> = {}) {
    super(message);
    this.status = status;
    this.code = code;
    this.headers = headers;
  }
}

/** The Bot Connector's REST surface that a Teams bot uses, on loopback. Everything it doesn't know is refused. */
export async function startConnector(options: {
  state: ConnectorState;
  tokens: () => Tokens;
  /** Without tokens: what a local client does. */
  anonymous: boolean;
  limits: boolean;
  credentials: { appId: string; password: string };
}): Promise<ConnectorServer> {
  const { state, tokens } = options;
  const faults = createFaults();
  const requests: Request[] = [];
  const violations: string[] = [];
  const uploads = new Map<string, string>();
  const typing: string[] = [];
  const sent = new Map<string, number[]>();
  let throttled = 0;
  let url = "";

  function withinLimits(conversation: string, limits = LIMITS): void {
    if (!options.limits) return;
    const now = Date.now();
    const times = (sent.get(conversation) ?? []).filter((time) => time > now - 30_000);
    for (const { count, ms } of limits) {
      const inWindow = times.filter((time) => time > now - ms);
      if (inWindow.length >= count) {
        throttled += 1;
        const wait = Math.ceil(((inWindow[0] ?? now) + ms - now) / 1_000);
        throw new Refused(429, "Throttled", "API calls quota exceeded", { "retry-after": String(Math.max(1, wait)) });
      }
    }
    times.push(now);
    sent.set(conversation, times);
  }

  function violation(problem: string): never {
    violations.push(problem);
    throw new Refused(400, "BadArgument", problem);
  }

  function conversationAt(id: string): { conversation: Conversation; root: string | undefined } {
    const [channel = "", root] = id.split(";messageid=");
    const conversation = state.conversations.get(channel);
    if (conversation === undefined || conversation.deleted)
      throw new Refused(404, "ConversationNotFound", "Conversation not found.");
    const installed = conversation.team?.installed ?? conversation.installed;
    if (!installed)
      throw new Refused(403, "BotNotInConversationRoster", "The bot is not part of the conversation roster.");
    if (root !== undefined && conversation.type !== "channel") violation("only channels have threads");
    if (
      root !== undefined &&
      !state.messages.some((message) => message.id === root && message.conversation === conversation)
    ) {
      throw new Refused(404, "ConversationNotFound", "The thread's root doesn't exist.");
    }
    return { conversation, root };
  }

  function readMessage(
    activity: unknown,
    conversation: Conversation,
  ): Pick<StoredMessage, "text" | "summary" | "attachments" | "mark"> {
    if (!isNode(activity)) return violation("no activity");
    const bytes = Buffer.byteLength(JSON.stringify(activity), "utf16le");
    if (bytes > 102_400) throw new Refused(413, "MessageSizeTooBig", "Message size too large.");
    if (activity.type !== "message") return violation(`activity type ${String(activity.type)}`);
    const attachments = Array.isArray(activity.attachments) ? activity.attachments.filter(isNode) : [];
    const text = typeof activity.text === "string" ? activity.text : "";
    if (text === "" && attachments.length === 0) violation("an empty message");
    const people = conversation.team?.members ?? conversation.members;
    const known = (id: string) => people.some((one) => one.id === id || one.aadObjectId === id);
    for (const { contentType, content } of attachments) {
      if (contentType === "application/vnd.microsoft.card.adaptive") {
        const problems = checkCard(content, known);
        if (problems.length > 0) violation(`card: ${problems.join("; ")}`);
      } else if (contentType === "application/vnd.microsoft.teams.card.file.consent") {
        if (conversation.type !== "personal") violation("file consent works in personal chats only");
      } else if (contentType !== "application/vnd.microsoft.teams.card.file.info")
        violation(`attachment ${String(contentType)}`);
    }
    if (attachments.length > 0 && (typeof activity.summary !== "string" || activity.summary === "")) {
      violation("a card without a summary shows nothing in notifications");
    }
    const mark =
      isNode(activity.channelData) && isNode(activity.channelData.tMinus) ? activity.channelData.tMinus : undefined;
    return { text, summary: typeof activity.summary === "string" ? activity.summary : "", attachments, mark };
  }

  function post(activity: unknown, conversation: Conversation, root: string | undefined): StoredMessage {
    const id = state.nextId();
    const message: StoredMessage = {
      ...readMessage(activity, conversation),
      id,
      conversation,
      root: conversation.type === "channel" ? (root ?? id) : undefined,
      author: "bot",
      sentAt: Number(id),
      edits: 0,
      deleted: false,
      views: new Map(),
    };
    state.messages.push(message);
    state.changed();
    return message;
  }

  function create(body: unknown): unknown {
    if (!isNode(body)) return violation("no conversation parameters");
    const channelData = isNode(body.channelData) ? body.channelData : {};
    if (body.isGroup === true) {
      const channel = isNode(channelData.channel)
        ? String(channelData.channel.id)
        : violation("a new thread needs channelData.channel.id");
      const { conversation } = conversationAt(channel);
      if (conversation.type !== "channel") violation("bots can't create group chats");
      withinLimits(conversation.id);
      const message = post(body.activity, conversation, undefined);
      return { id: `${conversation.id};messageid=${message.id}`, activityId: message.id };
    }
    const members = Array.isArray(body.members) ? body.members.filter(isNode) : [];
    if (members.length !== 1) violation("a personal chat has one member beside the bot");
    if (body.tenantId !== state.tenant) violation("a personal chat needs the tenantId");
    const account = state.accounts.find(
      ({ id, aadObjectId }) => id === members[0]?.id || aadObjectId === members[0]?.id,
    );
    if (account === undefined) throw new Refused(404, "UserNotFound", "User not found.");
    if (!account.reachable) throw new Refused(403, "MessageWritesBlocked", "The user blocked the conversation.");
    return { id: state.openPersonal(account).id };
  }

  function member({ id, aadObjectId, name, email, role, tenant }: Account): Node {
    const [givenName, ...surname] = name.split(" ");
    return {
      id,
      name,
      objectId: aadObjectId,
      givenName,
      surname: surname.join(" "),
      email,
      userPrincipalName: email,
      tenantId: tenant,
      userRole: role,
    };
  }

  function membersOf(id: string): Account[] {
    const team = state.teams.get(id);
    if (team !== undefined) {
      if (!team.installed)
        throw new Refused(403, "BotNotInConversationRoster", "The bot is not part of the conversation roster.");
      return team.members;
    }
    const { conversation } = conversationAt(id);
    return conversation.team?.members ?? conversation.members;
  }

  function route(
    method: string,
    path: string,
    query: URLSearchParams,
    body: unknown,
  ): { status: number; body: unknown } {
    const [, conversationId = "", rest = ""] = /^\/v3\/conversations(?:\/([^/]+)(\/.*)?)?$/.exec(path) ?? [];
    const id = decodeURIComponent(conversationId);
    if (method === "POST" && path === "/v3/conversations") return { status: 201, body: create(body) };
    if (method === "GET") withinLimits(`members of ${id}`, READ_LIMITS);
    if (method === "GET" && rest === "/pagedmembers") {
      const all = membersOf(id);
      const size = Math.min(500, Math.max(50, Number(query.get("pageSize") ?? 200)));
      const from = Number(query.get("continuationToken") ?? 0);
      const next = from + size < all.length ? { continuationToken: String(from + size) } : {};
      return { status: 200, body: { members: all.slice(from, from + size).map(member), ...next } };
    }
    const one = /^\/members\/(.+)$/.exec(rest)?.[1];
    if (method === "GET" && one !== undefined) {
      const wanted = decodeURIComponent(one);
      const account = membersOf(id).find((each) => each.id === wanted || each.aadObjectId === wanted);
      if (account === undefined) throw new Refused(404, "MemberNotFoundInConversation", "Not found.");
      return { status: 200, body: member(account) };
    }
    if (method === "POST" && rest === "/activities") {
      const { conversation, root } = conversationAt(id);
      if (isNode(body) && body.type === "typing") {
        typing.push(id);
        return { status: 202, body: {} };
      }
      if (conversation.type === "channel" && root === undefined)
        violation("a new root in a channel is made by creating a conversation");
      withinLimits(id);
      return { status: 201, body: { id: post(body, conversation, root).id } };
    }
    const activityId = /^\/activities\/([^/]+)$/.exec(rest)?.[1];
    if (activityId !== undefined && (method === "PUT" || method === "DELETE")) {
      const { conversation, root } = conversationAt(id);
      const message = state.messages.find(
        (each) => each.id === decodeURIComponent(activityId) && each.conversation === conversation,
      );
      if (message === undefined || message.deleted || (root !== undefined && message.root !== root)) {
        throw new Refused(404, "ActivityNotFoundInConversation", "The activity isn't in this conversation.");
      }
      if (message.author !== "bot") throw new Refused(403, "ForbiddenOperationException", "Not the bot's message.");
      if (method === "DELETE") message.deleted = true;
      else {
        Object.assign(message, readMessage(body, conversation));
        message.edits += 1;
        message.views.clear();
      }
      state.changed();
      return { status: 200, body: method === "DELETE" ? undefined : { id: message.id } };
    }
    const team = /^\/v3\/teams\/([^/]+)\/conversations$/.exec(path)?.[1];
    if (method === "GET" && team !== undefined) {
      const found = state.teams.get(decodeURIComponent(team));
      if (found?.installed !== true)
        throw new Refused(403, "BotNotInConversationRoster", "The bot is not part of the conversation roster.");
      // The general channel comes without a name.
      const listed = found.channels
        .filter(({ deleted }) => !deleted)
        .map(({ id, name }) => (id === found.id ? { id } : { id, name }));
      return { status: 200, body: { conversations: listed } };
    }
    return violation(`no such route: ${method} ${path}`);
  }

  function callOf(method: string, path: string): Call {
    if (path.endsWith("/oauth2/v2.0/token")) return "token";
    if (method === "GET") return "members";
    if (method === "PUT") return "update";
    if (method === "DELETE") return "delete";
    return path === "/v3/conversations" ? "create" : "post";
  }

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname, searchParams } = new URL(request.url ?? "/", "http://stand-in");
    const method = request.method ?? "GET";
    const text = await bodyOf(request);
    const send = (status: number, body: unknown, headers: Record<string, string> = {}) => {
      response.writeHead(status, { "content-type": "application/json", ...headers });
      response.end(body === undefined ? "" : JSON.stringify(body));
    };
    if (pathname === "/v1/.well-known/openidconfiguration") {
      return send(200, {
        issuer: "https://api.botframework.com",
        jwks_uri: `${url}/v1/keys`,
        id_token_signing_alg_values_supported: ["RS256"],
      });
    }
    if (pathname === "/v1/keys") return send(200, { keys: tokens().keys });
    if (pathname.startsWith("/upload/") && method === "PUT") {
      uploads.set(pathname.slice("/upload/".length), text);
      return send(201, {});
    }
    const call = callOf(method, pathname.replace(/^\/teams/, ""));
    const record: Request = {
      method,
      path: decodeURIComponent(pathname),
      call,
      status: 0,
      body: parsed(text),
      at: Date.now(),
    };
    requests.push(record);
    const fault = faults.take(call);
    const refuse = (status: number, code: string, headers?: Record<string, string>) => {
      record.status = status;
      send(status, { error: { code, message: code } }, headers);
    };
    switch (fault?.how) {
      case "429":
        return refuse(429, "Throttled", { "retry-after": String(fault.retryAfter ?? 1) });
      case "412":
        return refuse(412, "PreconditionFailed");
      case "403":
        return refuse(403, fault.code ?? "MessageWritesBlocked");
      case "404":
        return refuse(404, fault.code ?? "ConversationNotFound");
      case "500":
        return refuse(500, "ServiceError");
      case "502":
        return refuse(502, "BadGateway");
      case "reset-before":
        request.socket.destroy();
        return;
      case "slow":
        await new Promise((resolve) => setTimeout(resolve, fault.ms ?? 500));
        break;
      case "hang":
        return;
    }
    try {
      if (call === "token") return grant(text, send);
      if (!options.anonymous && !tokens().access.accepts(request.headers.authorization)) {
        violations.push(`no valid access token for ${method} ${pathname}`);
        throw new Refused(401, "Unauthorized", "Authorization has been denied for this request.");
      }
      const result = route(method, pathname.replace(/^\/teams/, ""), searchParams, record.body);
      record.status = result.status;
      if (fault?.how === "502-after") return send(502, { error: { code: "BadGateway", message: "after the effect" } });
      if (fault?.how === "reset-after") return void request.socket.destroy();
      send(result.status, result.body);
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      record.status = error.status;
      send(error.status, { error: { code: error.code, message: error.message } }, error.headers);
    }
  }

  function grant(text: string, send: (status: number, body: unknown) => void): void {
    const form = new URLSearchParams(text);
    const { appId, password } = options.credentials;
    if (form.get("client_id") !== appId || form.get("client_secret") !== password)
      return send(401, { error: "invalid_client" });
    if (
      form.get("grant_type") !== "client_credentials" ||
      form.get("scope") !== "https://api.botframework.com/.default"
    ) {
      return send(400, { error: "invalid_scope" });
    }
    send(200, { token_type: "Bearer", expires_in: 3_599, access_token: tokens().access.grant() });
  }

  const server: Server = createServer((request, response) => {
    answer(request, response).catch((error: unknown) => {
      violations.push(`the stand-in itself failed: ${String(error)}`);
      response.destroy();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url,
    faults,
    requests,
    violations,
    uploads,
    typing,
    throttled: () => throttled,
    keepConnections: (idle) => {
      server.keepAliveTimeout = idle;
    },
    connections: () =>
      new Promise((resolve, reject) =>
        server.getConnections((error, count) => (error === null ? resolve(count) : reject(error))),
      ),
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}

function parsed(text: string): unknown {
  try {
    return text === "" ? undefined : JSON.parse(text);
  } catch {
    return undefined;
  }
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(Buffer.from(part));
  return Buffer.concat(parts).toString("utf8");
}

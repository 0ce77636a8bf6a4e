import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { type WebSocket, WebSocketServer } from "ws";
import type { Json } from "./check-blocks.ts";
import { type Answered, type Kind, PATIENCE, type Transport } from "./deliver.ts";
import type { Fault, Faults } from "./faults.ts";
import { Refused } from "./method.ts";
import { METHODS } from "./methods.ts";
import type { createRates } from "./rate.ts";
import { type Ephemeral, nextId, nextTs, remembered, type Team, type World } from "./world.ts";

type Parts = {
  world: World;
  faults: Faults;
  rates: ReturnType<typeof createRates>;
  appToken: string;
  /** Refuse calls with a token that isn't a workspace's own. */
};

/** Slack's Web API over HTTP, its files, its response addresses and its sockets. */
export async function serveSlack({ world, faults, rates, appToken }: Parts) {
  const sockets = new Set<WebSocket>();
  const waiting = new Map<string, (body: unknown) => void>();
  let port = 0;
  const base = () => `http://127.0.0.1:${port}`;

  const server = createServer((request, response) => {
    route(request, response).catch(() => {
      if (!response.headersSent) response.writeHead(500);
      response.end();
    });
  });
  const upgrade = new WebSocketServer({ server, path: "/socket" });
  upgrade.on("connection", (socket) => {
    sockets.add(socket);
    const ping = setInterval(() => socket.ping(), 5_000);
    socket.on("close", () => {
      clearInterval(ping);
      sockets.delete(socket);
    });
    socket.on("error", () => {});
    socket.on("message", (data) => {
      const frame: unknown = JSON.parse(String(data));
      if (typeof frame !== "object" || frame === null || !("envelope_id" in frame)) return;
      waiting.get(String(frame.envelope_id))?.("payload" in frame ? frame.payload : undefined);
    });
    socket.send(JSON.stringify({ type: "hello", num_connections: sockets.size, connection_info: { app_id: "A1" } }));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  port = typeof address === "object" && address !== null ? address.port : 0;

  async function route(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? "/", base());
    const [, top = "", name = ""] = url.pathname.split("/");
    const body = await bodyOf(request);
    if (top === "api") return api(name, request, response, body);
    if (top === "upload") return upload(name, response, body);
    if (top === "file") return file(name, request, response);
    if (top === "response") return respond(name, response, body);
    response.writeHead(404);
    response.end();
  }

  async function api(method: string, request: IncomingMessage, response: ServerResponse, body: Buffer): Promise<void> {
    const args = argsOf(request, body);
    const at = Date.now();
    world.arrived[method] = (world.arrived[method] ?? 0) + 1;
    const fault = faults.take(method);
    const delay = faults.delayOf(method);
    if (delay > 0) await wait(delay);
    if (fault === "slow") await wait(1_500);
    const record = (status: number, ok: boolean, error?: string) => {
      world.calls.push({ method, args, at, ok, status, ...(error === undefined ? {} : { error }) });
    };
    if (fault === "429") {
      record(429, false, "ratelimited");
      return tooMany(response, 1);
    }
    if (fault === "500_before") {
      record(500, false, fault);
      response.writeHead(500);
      return void response.end("upstream error");
    }
    if (fault === "reset_before") {
      record(0, false, fault);
      return void request.socket.destroy();
    }
    const [status, result, seconds] = perform(method, args, request);
    const error = typeof result.error === "string" ? result.error : undefined;
    record(status, result.ok === true, error);
    if (seconds > 0) return tooMany(response, seconds);
    return finish(fault, request, response, result);
  }

  function finish(fault: Fault | undefined, request: IncomingMessage, response: ServerResponse, result: Json): void {
    if (fault === "reset_after") return void request.socket.destroy();
    if (fault === "500_after") {
      response.writeHead(500);
      return void response.end("upstream error");
    }
    json(response, fault === "internal_error" ? { ok: false, error: "internal_error" } : result);
  }

  function perform(method: string, args: Json, request: IncomingMessage): [number, Json, number] {
    const run = METHODS[method];
    if (method === "oauth.v2.access") return [200, grant(args), 0];
    if (run === undefined) return [200, { ok: false, error: "unknown_method" }, 0];
    const token = /^Bearer (.+)$/.exec(request.headers.authorization ?? "")?.[1];
    const teams = [...world.teams.values()].filter((one) => one.bot.token === token);
    const team = teams.find((one) => one.id === args.team_id) ?? teams[0];
    if (method === "apps.connections.open" ? token !== appToken : team === undefined) {
      return [200, { ok: false, error: token === undefined ? "not_authed" : "invalid_auth" }, 0];
    }
    const refusal = faults.refusalOf(method);
    if (refusal !== undefined) return [200, { ok: false, error: refusal }, 0];
    const who: Team = team ?? { id: "", name: "", bot: { user: "", id: "", token: "" } };
    const seconds = rates.check(method, who.id, typeof args.channel === "string" ? args.channel : undefined);
    if (seconds > 0) return [429, { ok: false, error: "ratelimited" }, seconds];
    try {
      const socketUrl = () => `${base().replace("http", "ws")}/socket?ticket=${nextId("t")}`;
      return [200, { ok: true, ...run(args, { world, team: who, base: base(), socketUrl }) }, 0];
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      const detail = error.detail === undefined ? {} : { response_metadata: { messages: [`[ERROR] ${error.detail}`] } };
      return [200, { ok: false, error: error.error, ...detail }, 0];
    }
  }

  /** A code is exchanged once. */
  function grant(args: Json): Json {
    const code = String(args.code ?? "");
    const granted = world.grants.get(code);
    if (granted === undefined) return { ok: false, error: "invalid_code" };
    world.grants.delete(code);
    return { ok: true, ...granted };
  }

  function upload(id: string, response: ServerResponse, body: Buffer): void {
    const known = world.uploads.find((one) => one.file.id === id);
    if (known !== undefined) known.file.content = contentOf(body);
    response.writeHead(known === undefined ? 404 : 200);
    response.end("OK");
  }

  function file(id: string, request: IncomingMessage, response: ServerResponse): void {
    const known = world.files.get(id);
    const token = /^Bearer (.+)$/.exec(request.headers.authorization ?? "")?.[1];
    const allowed = [...world.teams.values()].some((team) => team.bot.token === token);
    // Without a token Slack shows its sign-in page, with 200.
    response.writeHead(known === undefined ? 404 : 200, { "content-type": allowed ? "text/plain" : "text/html" });
    response.end(allowed ? (known?.content ?? "") : "<html>Sign in</html>");
  }

  function respond(id: string, response: ServerResponse, body: Buffer): void {
    const known = world.responses.get(id);
    if (known === undefined || known.left === 0 || Date.now() > known.until || faults.take("response_url")) {
      response.writeHead(404);
      return void response.end("used_url");
    }
    known.left -= 1;
    const said: { text?: string; blocks?: Json[]; replace_original?: boolean } = JSON.parse(body.toString());
    const { text = "", blocks = [], replace_original: replaces = false } = said;
    if (replaces && known.of === undefined) {
      response.writeHead(404);
      return void response.end("no original");
    }
    const { channel, user } = known;
    const fresh: Ephemeral = { channel, user, text, blocks, ts: nextTs(world), via: "response_url" };
    if (replaces && known.of !== undefined) Object.assign(known.of, { text, blocks });
    else world.ephemerals.push(fresh);
    remembered(world, replaces && known.of !== undefined ? known.of : fresh);
    response.writeHead(200);
    response.end("ok");
  }

  const overSocket: Transport = async (kind: Kind, payload, retry): Promise<Answered> => {
    const started = performance.now();
    const [socket] = [...sockets].filter((one) => one.readyState === one.OPEN);
    if (socket === undefined) return { status: 0, body: undefined, ms: 0 };
    const envelope = nextId("env");
    const answered = new Promise<Answered>((resolve) => {
      const timer = setTimeout(() => resolve({ status: 0, body: undefined, ms: PATIENCE }), PATIENCE);
      waiting.set(envelope, (body) => {
        clearTimeout(timer);
        const empty = typeof body === "object" && body !== null && Object.keys(body).length === 0;
        resolve({ status: 200, body: empty ? undefined : body, ms: performance.now() - started });
      });
    });
    const attempt = retry === undefined ? {} : { retry_attempt: retry.num, retry_reason: retry.reason };
    const accepts = { accepts_response_payload: kind !== "events_api" };
    socket.send(JSON.stringify({ type: kind, envelope_id: envelope, payload, ...accepts, ...attempt }));
    const result = await answered;
    waiting.delete(envelope);
    return result;
  };

  return {
    base,
    overSocket,
    sockets: () => sockets.size,
    /** The connection breaks without a word. */
    dropSockets() {
      for (const socket of sockets) socket.terminate();
    },
    /** Slack asks clients to connect anew every few hours. */
    refreshSockets() {
      for (const socket of sockets) socket.send(JSON.stringify({ type: "disconnect", reason: "refresh_requested" }));
    },
    async close() {
      for (const socket of sockets) socket.terminate();
      upgrade.close();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(Buffer.from(part));
  return Buffer.concat(parts);
}

/** Forms with JSON in their values, as the SDK sends them, or JSON. */
function argsOf(request: IncomingMessage, body: Buffer): Json {
  const type = request.headers["content-type"] ?? "";
  if (type.startsWith("application/json")) return JSON.parse(body.toString() || "{}");
  const args: Json = {};
  for (const [key, value] of new URLSearchParams(body.toString())) args[key] = structured(value);
  return args;
}

function structured(value: string): unknown {
  if (value === "true" || value === "false") return value === "true";
  if (!/^[[{]/.test(value)) return value;
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
}

/** The bytes of a one-part multipart body, or the body itself. */
function contentOf(body: Buffer): string {
  const text = body.toString();
  const start = /^--[^\r\n]+\r\n[\s\S]*?\r\n\r\n/.exec(text);
  return start === null ? text : text.slice(start[0].length).replace(/\r\n--[^\r\n]+--\r\n$/, "");
}

function json(response: ServerResponse, body: Json): void {
  response.writeHead(200, { "content-type": "application/json" });
  response.end(JSON.stringify(body));
}

function tooMany(response: ServerResponse, seconds: number): void {
  response.writeHead(429, { "retry-after": String(seconds), "content-type": "application/json" });
  response.end(JSON.stringify({ ok: false, error: "ratelimited" }));
}

function wait(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

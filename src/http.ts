import { createServer, type IncomingMessage, type RequestListener, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import express, { type ErrorRequestHandler, type Express, type Request, type RequestHandler } from "express";
import { z } from "zod";
import { ConfigError, StoreUnavailableError } from "./domain/errors.ts";

/** The one HTTP server. Platforms mount their own routes, with their own body parsers, between health and "not found". */

/** Nothing that any platform sends is larger; parsers behind this are stricter. */
const LARGEST_BODY = 6 * 1024 * 1024;

export type Readiness = { now: string; due: number; running: number };

export type HttpOptions = {
  log: { warn(data: object, message: string): void; error(data: object, message: string): void };
  /** `due` + `running` = 0: every effect of everything acknowledged has been tried and settled. Rejects while not ready. */
  readiness: () => Promise<Readiness>;
  metrics: () => Promise<{ type: string; body: string }>;
  /** Visits due times in order up to `to`, and resolves when all that is due by then has settled. Only when simulated. */
  moveClock?: (to: Date) => Promise<void>;
  count?: (route: string, status: number) => void;
  /** The platforms' routes. */
  mount?: (app: Express) => void;
};

export function createHttp(options: HttpOptions): Express {
  const app = express();
  app.disable("x-powered-by");
  app.set("query parser", "simple");
  // Answers are made for one person, once. (The page's files have their own tags.)
  app.set("etag", false);
  app.use(limitBody);
  if (options.count !== undefined) app.use(counting(options.count));
  app.get("/healthz", (_request, response) => {
    response.json({ ok: true });
  });
  app.get("/readyz", async (_request, response) => {
    response.set("Cache-Control", "no-store");
    try {
      response.json({ ready: true, ...(await options.readiness()) });
    } catch (error) {
      options.log.warn({ err: error }, "Not ready");
      const why = error instanceof StoreUnavailableError ? error.message : "Not ready; the log says why.";
      response.status(503).json({ ready: false, error: why });
    }
  });
  app.get("/metrics", async (_request, response) => {
    const { type, body } = await options.metrics();
    response.set("Content-Type", type).send(body);
  });
  app.post("/clock", thisMachineOnly, express.json({ limit: "1kb" }), clockHandler(options));
  options.mount?.(app);
  app.use((request, response) => {
    response.status(404).json({ error: `There is nothing at ${request.method} ${request.path.slice(0, 100)}.` });
  });
  app.use(problems(options.log));
  return app;
}

const ClockBody = z.object({ to: z.iso.datetime({ offset: true }) });

function clockHandler({ moveClock, readiness }: HttpOptions): RequestHandler {
  return async (request, response) => {
    if (moveClock === undefined) {
      response.status(404).json({
        error:
          "The calendar is real, so it can't be moved. Start with CLOCK_START=2026-10-16T08:00:00Z to simulate one.",
      });
      return;
    }
    const body = ClockBody.safeParse(request.body);
    if (!body.success) {
      response.status(400).json({ error: 'Say to when, as JSON: {"to":"2026-11-27T09:00:00Z"}.' });
      return;
    }
    const to = new Date(body.data.to);
    const { now } = await readiness();
    if (to.getTime() < Date.parse(now)) {
      response.status(409).json({ error: `The calendar shows ${now} and never goes back. Name a later time.`, now });
      return;
    }
    await moveClock(to);
    response.json({ ready: true, ...(await readiness()) });
  };
}

/** Only programs on this machine, by a loopback name (a foreign page can point its own name here), and no other site's page. */
const thisMachineOnly: RequestHandler = (request, response, next) => {
  const origin = request.get("origin");
  const foreign = origin !== undefined && (!URL.canParse(origin) || new URL(origin).host !== request.get("host"));
  if (isLoopbackPeer(request) && isLoopbackName(request.get("host") ?? "") && !foreign) return next();
  response.status(403).json({ error: "The calendar is moved only from the machine it runs on." });
};

export function isLoopbackPeer(request: Request): boolean {
  return /^(?:::1|(?:::ffff:)?127(?:\.\d{1,3}){3})$/.test(request.socket.remoteAddress ?? "");
}

function isLoopbackName(host: string): boolean {
  return /^(?:localhost|\[::1\]|127(?:\.\d{1,3}){3})(?::\d+)?$/i.test(host);
}

const limitBody: RequestHandler = (request, response, next) => {
  const length = Number(request.get("content-length") ?? 0);
  if (length <= LARGEST_BODY) return next();
  response
    .set("Connection", "close")
    .status(413)
    .json({ error: "That is too large. At most 6 MB can be sent at once." });
};

function counting(count: (route: string, status: number) => void): RequestHandler {
  return (request, response, next) => {
    response.on("finish", () => count(`/${request.path.split("/", 2)[1]?.slice(0, 30) ?? ""}`, response.statusCode));
    next();
  };
}

/** Every error is a JSON sentence. What nobody planned says no detail; the log has it. */
function problems(log: HttpOptions["log"]): ErrorRequestHandler {
  return (error: unknown, request, response, next) => {
    if (response.headersSent) return next(error);
    const { status, sentence } = explain(error);
    if (status === 503) log.warn({ err: error, path: request.path }, "Request refused, nothing stored");
    else if (status >= 500) log.error({ err: error, path: request.path }, "Request failed");
    response.status(status).json({ error: sentence });
  };
}

function explain(error: unknown): { status: number; sentence: string } {
  if (error instanceof StoreUnavailableError) return { status: 503, sentence: error.message };
  const type = typeof error === "object" && error !== null && "type" in error ? error.type : undefined;
  if (type === "entity.too.large") return { status: 413, sentence: "That is too large to be taken in one piece." };
  if (type === "entity.parse.failed") return { status: 400, sentence: "That isn't JSON that can be read." };
  const status = typeof error === "object" && error !== null && "status" in error ? error.status : undefined;
  if (typeof status === "number" && status >= 400 && status < 500) {
    return { status, sentence: "That request can't be read." };
  }
  return { status: 500, sentence: "Something went wrong here. The log says more; try again." };
}

export type Listening = {
  url: string;
  port: number;
  /** Until then every request is told to come again. */
  serve(app: Express): void;
  close(withinMs: number): Promise<void>;
};

/**
 * Takes the port, and says why it can't in a sentence. What answers there comes later, with `serve`: the port is ours
 * before anything else is touched.
 *
 * @throws {ConfigError} the port is taken, or the address isn't this machine's
 */
export async function listen({ host, port }: { host: string; port: number }): Promise<Listening> {
  let answer: RequestListener = starting;
  const server = createServer((request, response) => answer(request, response));
  // Slack and proxies keep connections open longer than Node's default of 5 s: a request on a closing one would be lost.
  server.keepAliveTimeout = 65_000;
  server.headersTimeout = 66_000;
  await new Promise<void>((resolve, reject) => {
    server.once("error", (error) => reject(listenProblem(error, host, port)));
    server.listen({ host: host.replace(/^\[|\]$/g, ""), port }, resolve);
  });
  const { port: actual } = addressOf(server);
  const name = host.includes(":") && !host.startsWith("[") ? `[${host}]` : host;
  return {
    url: `http://${name}:${actual}`,
    port: actual,
    serve: (app) => {
      answer = app;
    },
    close: (withinMs) => closeServer(server, withinMs),
  };
}

function starting(_request: IncomingMessage, response: ServerResponse): void {
  const head = { "content-type": "application/json", "retry-after": "1", connection: "close" };
  response.writeHead(503, head).end(JSON.stringify({ ready: false, error: "Starting; try again in a moment." }));
}

function addressOf(server: Server): AddressInfo {
  const address = server.address();
  if (address === null || typeof address === "string") throw new TypeError("The server doesn't listen on a port");
  return address;
}

function listenProblem(error: Error, host: string, port: number): Error {
  const code = "code" in error ? error.code : undefined;
  if (code === "EADDRINUSE")
    return new ConfigError([
      `PORT: ${port} is taken by another program. Stop it, or take another. Example: PORT=${port + 1}`,
    ]);
  if (code === "EACCES") return new ConfigError([`PORT: ${port} may not be used by this user. Example: PORT=3000`]);
  if (code === "EADDRNOTAVAIL" || code === "ENOTFOUND") {
    return new ConfigError([`HOST: "${host}" is no address of this machine. Example: HOST=127.0.0.1`]);
  }
  return error;
}

/** Requests in hand are finished; streams, and what takes longer than `withinMs`, are cut. */
function closeServer(server: Server, withinMs: number): Promise<void> {
  return new Promise((resolve) => {
    const cut = setTimeout(() => server.closeAllConnections(), withinMs);
    server.close(() => {
      clearTimeout(cut);
      resolve();
    });
    server.closeIdleConnections();
  });
}

import { join } from "node:path";
import express, { type NextFunction, type Request, type RequestHandler, type Response, type Router } from "express";
import type { Catalogue } from "../../src/domain/catalogue.ts";
import type { SessionReport } from "../../src/domain/report.ts";
import type { SessionState } from "../../src/domain/session.ts";
import type { SessionEvent } from "../../src/domain/session-event.ts";
import { demandAccess, isSignedIn, securityHeaders } from "./access.ts";
import { activityOf } from "./board-activity.ts";
import { html } from "./board-html.ts";
import type { BoardLinks } from "./board-links.ts";
import { boardPage } from "./board-view.ts";
import type { WebLog } from "./options.ts";
import { WebProblem } from "./problem.ts";

export type BoardOptions = {
  /** undefined: there is no such session. */
  load(
    id: string,
  ): Promise<{ state: SessionState; report: SessionReport; events: readonly SessionEvent[] } | undefined>;
  catalogue: Pick<Catalogue, "question" | "module">;
  /** Calls back after every commit; the board then looks whether its session moved. */
  onChange(listener: () => void): void;
  /** Links for people without the token. Absent without SECRET_KEY and PUBLIC_URL. */
  links?: BoardLinks;
  /** WEB_CHANNEL_TOKEN. Without it, and without a link, only this machine may look. */
  token?: string;
  log: WebLog;
  /** Milliseconds; how often a quiet stream says that it is alive, and looks by itself (other replicas commit too). */
  heartbeat?: number;
};

export type Board = { router: Router; close(): void };

const HERE = import.meta.dirname;
const COOKIE = "t_minus_board";
/** More people on one board, and later ones read it without live updates. */
const MOST_STREAMS = 200;

/** `GET /sessions/:id`: the board. Mount it at the server's root. */
export function createBoard(options: BoardOptions): Board {
  const { load, catalogue, links, token, log, heartbeat = 15_000 } = options;
  const streams = new Set<() => void>();
  const enders = new Set<() => void>();
  options.onChange(() => {
    for (const look of streams) look();
  });

  const router = express.Router();
  for (const file of ["board.css", "board.js"]) {
    router.get(`/board/${file}`, securityHeaders, (_request, response) => response.sendFile(join(HERE, file)));
  }
  router.get("/board/mark.svg", securityHeaders, (_request, response) =>
    response.sendFile(join(HERE, "page", "mark.svg")),
  );

  const guard: RequestHandler = async (request, response, next) => {
    const id = String(request.params.id);
    const given = typeof request.query.key === "string" ? request.query.key : undefined;
    if (given !== undefined && links) {
      if (!(await links.opens(id, given)))
        throw new WebProblem(403, "This link has ended or was withdrawn. Ask for a new one in the session's channel.");
      // The key goes into a cookie of this board alone, and out of the address, history and print-outs.
      response.cookie(COOKIE, given, {
        httpOnly: true,
        sameSite: "lax",
        secure: request.secure,
        path: `/sessions/${encodeURIComponent(id)}`,
      });
      response.redirect(303, `/sessions/${encodeURIComponent(id)}`);
      return;
    }
    const kept = cookieOf(request);
    if (kept !== undefined && links && (await links.opens(id, kept))) return next();
    if (token === undefined) return demandAccess(undefined)(request, response, next);
    if (isSignedIn(request, token)) return next();
    throw new WebProblem(
      401,
      "This board needs its link, or the token of WEB_CHANNEL_TOKEN. Ask for the link in the session's channel.",
    );
  };

  router.get("/sessions/:id", securityHeaders, guard, async (request, response) => {
    const found = await load(String(request.params.id));
    if (!found) throw new WebProblem(404, "There is no such session, or it was forgotten.");
    const { state, report, events } = found;
    const page = boardPage({ state, report, catalogue, activity: activityOf(state, events, catalogue) });
    response.set("Cache-Control", "no-store").type("html").send(page);
  });

  router.get("/sessions/:id/live", securityHeaders, guard, async (request, response) => {
    const id = String(request.params.id);
    if (streams.size >= MOST_STREAMS)
      throw new WebProblem(503, "Too many people watch at once. Reload the page to see what is new.");
    let seen = (await load(id))?.state.revision ?? -1;
    response.set({ "Content-Type": "text/event-stream", "Cache-Control": "no-store", "X-Accel-Buffering": "no" });
    response.flushHeaders();
    response.write(`retry: 3000\nevent: revision\ndata: ${seen}\n\n`);
    let looking = false;
    let again = false;
    const look = async (): Promise<void> => {
      if (looking) {
        again = true;
        return;
      }
      looking = true;
      try {
        do {
          again = false;
          const revision = (await load(id))?.state.revision ?? -1;
          if (revision !== seen) response.write(`event: revision\ndata: ${revision}\n\n`);
          seen = revision;
        } while (again);
      } catch (err) {
        log.error({ err }, "A board couldn't look for changes");
      } finally {
        looking = false;
      }
    };
    const onChange = (): void => void look();
    const beat = setInterval(() => {
      // A link that was withdrawn meanwhile ends its streams too.
      void stillOpen(request).then((open) => {
        if (!open) end();
        else {
          response.write(": still here\n\n");
          onChange();
        }
      });
    }, heartbeat);
    beat.unref();
    const end = (): void => {
      clearInterval(beat);
      streams.delete(onChange);
      enders.delete(end);
      response.end();
    };
    streams.add(onChange);
    enders.add(end);
    request.on("close", end);
  });

  async function stillOpen(request: Request): Promise<boolean> {
    const kept = cookieOf(request);
    if (token === undefined || isSignedIn(request, token)) return true;
    return kept !== undefined && links !== undefined && (await links.opens(String(request.params.id), kept));
  }

  router.use(["/sessions", "/board"], (error: unknown, _request: Request, response: Response, next: NextFunction) => {
    if (response.headersSent || !(error instanceof WebProblem)) return next(error);
    const page = html`<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>T-Minus</title><link rel="stylesheet" href="/board/board.css"></head><body class="problem"><main><h1>This board can't be shown</h1><p>${error.message}</p></main></body></html>`;
    response.status(error.status).type("html").send(page.text);
  });

  return {
    router,
    close() {
      for (const end of enders) end();
    },
  };
}

function cookieOf(request: Request): string | undefined {
  for (const part of (request.get("cookie") ?? "").split(";")) {
    const [name, value] = part.trim().split("=", 2);
    if (name === COOKIE && value !== undefined) return decodeURIComponent(value);
  }
  return undefined;
}

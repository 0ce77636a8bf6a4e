import { createHash, createHmac, timingSafeEqual } from "node:crypto";
import type { NextFunction, Request, RequestHandler, Response } from "express";
import { WebProblem } from "./problem.ts";

/**
 * Who may use the page. Without a token: only this machine, under a loopback name (a foreign page can point its own
 * name at 127.0.0.1, so the Host header is checked). With a token: whoever shows it. In both cases nothing is changed
 * on behalf of another site.
 */

const COOKIE = "t_minus_web";
const MONTH_S = 30 * 24 * 3600;

/** Scripts, styles and data from here alone; nothing inline, nothing from other hosts, nobody may frame the page. */
const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join("; ");

const SECURITY_HEADERS = new Map([
  ["Content-Security-Policy", CONTENT_SECURITY_POLICY],
  ["X-Content-Type-Options", "nosniff"],
  ["X-Frame-Options", "DENY"],
  ["Referrer-Policy", "no-referrer"],
  ["Cross-Origin-Opener-Policy", "same-origin"],
  ["Cross-Origin-Resource-Policy", "same-origin"],
  ["Cache-Control", "no-cache"],
]);

export const securityHeaders: RequestHandler = (_request, response, next) => {
  response.setHeaders(SECURITY_HEADERS);
  next();
};

export function demandAccess(token: string | undefined): RequestHandler {
  return (request, _response, next) => {
    if (token === undefined) demandThisMachine(request);
    else if (!isSignedIn(request, token)) {
      throw new WebProblem(
        401,
        "This page asks for the token of WEB_CHANNEL_TOKEN. Open /?token=… once, or sign in on the page.",
      );
    }
    next();
  };
}

/** For programs: the token as Bearer (a browser that is signed in to the page is fine too). */
export function demandBearer(token: string): RequestHandler {
  return (request, response, next) => {
    if (isSignedIn(request, token)) return next();
    response.set("WWW-Authenticate", 'Bearer realm="T-Minus"');
    throw new WebProblem(401, 'Send the token of WEB_CHANNEL_TOKEN: "Authorization: Bearer …".');
  };
}

/** Anything that changes something must come from our own page, or from a program that isn't a browser. */
export const demandSameSite: RequestHandler = (request, _response, next) => {
  if (request.method === "GET" || request.method === "HEAD") return next();
  const origin = request.get("origin");
  const site = request.get("sec-fetch-site");
  const foreign =
    (origin !== undefined && (!URL.canParse(origin) || new URL(origin).host !== request.get("host"))) ||
    (site !== undefined && site !== "same-origin" && site !== "none");
  if (foreign) {
    throw new WebProblem(403, "This came from another site, so nothing was done. Use the T-Minus page itself.");
  }
  next();
};

/** JSON only: a cross-site form can't send it without asking first. */
export const demandJson: RequestHandler = (request, _response, next) => {
  if (request.method === "GET" || request.method === "HEAD") return next();
  if (request.is("application/json") === false) {
    throw new WebProblem(415, 'Send JSON: "Content-Type: application/json".');
  }
  next();
};

function demandThisMachine(request: Request): void {
  if (!isLoopbackAddress(request.socket.remoteAddress ?? "")) {
    throw new WebProblem(
      403,
      "Without WEB_CHANNEL_TOKEN the web channel answers only on the machine it runs on. Set WEB_CHANNEL_TOKEN to open it to others.",
    );
  }
  if (!isLoopbackHost(request.get("host") ?? "")) {
    throw new WebProblem(
      403,
      "Without WEB_CHANNEL_TOKEN the web channel answers only under localhost or 127.0.0.1. Open it there, or set WEB_CHANNEL_TOKEN.",
    );
  }
}

export function isLoopbackAddress(address: string): boolean {
  return address === "::1" || /^(?:::ffff:)?127\.\d+\.\d+\.\d+$/.test(address);
}

function isLoopbackHost(host: string): boolean {
  const name = host.replace(/:\d+$/, "").toLowerCase();
  return name === "localhost" || name === "[::1]" || /^127\.\d+\.\d+\.\d+$/.test(name);
}

export function isSignedIn(request: Request, token: string): boolean {
  const bearer = /^Bearer (.+)$/i.exec(request.get("authorization") ?? "")?.[1];
  if (bearer !== undefined) return sameText(bearer, token);
  const cookie = cookieOf(request.get("cookie") ?? "");
  return cookie !== undefined && sameText(cookie, cookieFor(token));
}

/** Hashes first, so that the comparison's time says nothing about content or length. */
export function sameText(given: string, wanted: string): boolean {
  const digest = (text: string) => createHash("sha256").update(text).digest();
  return timingSafeEqual(digest(given), digest(wanted));
}

function cookieFor(token: string): string {
  return createHmac("sha256", token).update("t-minus web channel, signed in").digest("hex");
}

function cookieOf(header: string): string | undefined {
  for (const part of header.split(";")) {
    const [name, value] = part.trim().split("=", 2);
    if (name === COOKIE) return value;
  }
  return undefined;
}

/** Signs a browser in if `given` is the token; the cookie holds a code made from it, never the token. */
export function signIn(request: Request, response: Response, token: string, given: string): boolean {
  if (!sameText(given, token)) return false;
  response.cookie(COOKIE, cookieFor(token), {
    httpOnly: true,
    sameSite: "strict",
    secure: request.secure,
    path: "/",
    maxAge: MONTH_S * 1000,
  });
  return true;
}

/** The sentence of a refusal, as JSON; for a page, {@link signInPage} does better. */
export function problemHandler(report: (error: unknown) => void) {
  return (error: unknown, _request: Request, response: Response, next: NextFunction): void => {
    if (response.headersSent) {
      next(error);
      return;
    }
    const { status, message } = answerFor(error);
    if (status >= 500) report(error);
    response.status(status).json({ error: message });
  };
}

function answerFor(error: unknown): { status: number; message: string } {
  if (error instanceof WebProblem) return { status: error.status, message: error.message };
  if (error instanceof Error && error.name === "StoreUnavailableError") {
    return {
      status: 503,
      message: `Not stored: ${error.message} What you typed is still here; send it again in a moment.`,
    };
  }
  const type = typeof error === "object" && error !== null && "type" in error ? error.type : undefined;
  if (type === "entity.too.large") {
    return { status: 413, message: "That is too much for one message (40,000 characters). Send it in parts." };
  }
  if (type === "entity.parse.failed") return { status: 400, message: "That isn't JSON that can be read." };
  return { status: 500, message: "Something went wrong here, and nothing was stored. Try again; the log says more." };
}

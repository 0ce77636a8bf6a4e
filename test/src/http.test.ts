import { connect } from "node:net";
import express from "express";
import { afterEach, describe, expect, it } from "vitest";
import { ConfigError, StoreUnavailableError } from "../../src/domain/errors.ts";
import { createHttp, type HttpOptions, type Listening, listen } from "../../src/http.ts";

const open: Listening[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((server) => server.close(100)));
});

async function serve(options: Partial<HttpOptions> = {}) {
  const lines: string[] = [];
  const log = {
    warn: (_: object, message: string) => lines.push(message),
    error: (_: object, message: string) => lines.push(message),
  };
  const app = createHttp({
    log,
    readiness: async () => ({ now: "2026-10-16T08:00:00.000Z", due: 0, running: 0 }),
    metrics: async () => ({ type: "text/plain; version=0.0.4", body: "up 1\n" }),
    ...options,
  });
  const server = await listen({ host: "127.0.0.1", port: 0 });
  server.serve(app);
  open.push(server);
  return { ...server, lines };
}
const postClock = (url: string, body: unknown, headers: Record<string, string> = {}) =>
  fetch(`${url}/clock`, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: JSON.stringify(body),
  });

/** As fetch, but with any Host header. */
function rawStatus(port: number, lines: string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, "127.0.0.1", () => socket.write(`${lines.join("\r\n")}\r\n\r\n`));
    socket.once("data", (data) => {
      socket.destroy();
      resolve(data.toString().split("\r\n")[0] ?? "");
    });
    socket.once("error", reject);
  });
}

describe("health", () => {
  it("answers, and readiness has the calendar and what is due", async () => {
    const { url } = await serve();
    expect((await fetch(`${url}/healthz`)).status).toBe(200);
    const ready = await fetch(`${url}/readyz`);
    expect(ready.status).toBe(200);
    expect(await ready.json()).toEqual({ ready: true, now: "2026-10-16T08:00:00.000Z", due: 0, running: 0 });
    expect(ready.headers.get("x-powered-by")).toBeNull();
  });
  it("says why it isn't ready", async () => {
    const { url } = await serve({
      readiness: async () => {
        throw new StoreUnavailableError("The disk is full.");
      },
    });
    const response = await fetch(`${url}/readyz`);
    expect(response.status).toBe(503);
    expect(await response.json()).toEqual({ ready: false, error: "The disk is full." });
  });
  it("gives metrics as text", async () => {
    const { url } = await serve();
    expect(await (await fetch(`${url}/metrics`)).text()).toBe("up 1\n");
  });
});

describe("moving the calendar", () => {
  it("visits what is due and answers with the new time", async () => {
    let now = "2026-10-16T08:00:00.000Z";
    const { url } = await serve({
      readiness: async () => ({ now, due: 0, running: 0 }),
      moveClock: async (to) => {
        now = to.toISOString();
      },
    });
    const moved = await postClock(url, { to: "2026-10-17T10:00:00+02:00" });
    expect(moved.status).toBe(200);
    expect(await moved.json()).toMatchObject({ now: "2026-10-17T08:00:00.000Z", due: 0 });
    const back = await postClock(url, { to: "2026-10-16T08:00:00Z" });
    expect(back.status).toBe(409);
    expect(await back.json()).toMatchObject({ error: expect.stringContaining("never goes back") });
  });
  it.each([{}, { to: "tomorrow" }, { to: 5 }, [], { to: "2026-10-17" }])("refuses %j with an example", async (body) => {
    const { url } = await serve({ moveClock: async () => {} });
    const response = await postClock(url, body);
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ error: expect.stringContaining('{"to":') });
  });
  it("is not there with a real calendar", async () => {
    const { url } = await serve();
    const response = await postClock(url, { to: "2026-10-17T08:00:00Z" });
    expect(response.status).toBe(404);
    expect(await response.json()).toMatchObject({ error: expect.stringContaining("CLOCK_START=") });
  });
  it("is refused to other sites and under other names", async () => {
    const { url, port } = await serve({ moveClock: async () => {} });
    expect((await postClock(url, { to: "2026-10-17T08:00:00Z" }, { origin: "https://evil.example.com" })).status).toBe(
      403,
    );
    const rebound = [
      "POST /clock HTTP/1.1",
      "Host: evil.example.com",
      "Content-Type: application/json",
      "Content-Length: 0",
    ];
    expect(await rawStatus(port, rebound)).toContain("403");
  });
});

describe("what goes wrong", () => {
  it("is a sentence in JSON: unknown, broken, too large, unplanned, not stored", async () => {
    const { url, port, lines } = await serve({
      mount: (app) => {
        app.post("/echo", express.json({ limit: "1kb" }), (request, response) => {
          response.json(request.body);
        });
        app.get("/broken", async () => {
          throw new Error("secret detail");
        });
        app.get("/full", async () => {
          throw new StoreUnavailableError("The disk is full.");
        });
      },
    });
    const said = async (path: string, init?: RequestInit) => {
      const response = await fetch(url + path, init);
      return { status: response.status, body: await response.json() };
    };
    const json = { "content-type": "application/json" };
    expect(await said("/nowhere")).toEqual({ status: 404, body: { error: "There is nothing at GET /nowhere." } });
    expect(await said("/echo", { method: "POST", headers: json, body: "{" })).toMatchObject({ status: 400 });
    expect(
      await said("/echo", { method: "POST", headers: json, body: JSON.stringify("x".repeat(2_000)) }),
    ).toMatchObject({ status: 413 });
    expect(await said("/full")).toEqual({ status: 503, body: { error: "The disk is full." } });
    const broken = await said("/broken");
    expect(broken.status).toBe(500);
    expect(JSON.stringify(broken.body)).not.toContain("secret detail");
    expect(lines).toContain("Request failed");
    expect(
      await rawStatus(port, ["POST /echo HTTP/1.1", "Host: 127.0.0.1", `Content-Length: ${50 * 1024 * 1024}`]),
    ).toContain("413");
    expect(await rawStatus(port, ["GET /%E0%A4%A HTTP/1.1", "Host: 127.0.0.1"])).toMatch(/40[04]/);
  });
  it("a taken port and a foreign address are settings, with an example", async () => {
    const { port } = await serve();
    await expect(listen({ host: "127.0.0.1", port })).rejects.toThrow(ConfigError);
    await expect(listen({ host: "127.0.0.1", port })).rejects.toThrow(`Example: PORT=${port + 1}`);
    await expect(listen({ host: "192.0.2.1", port: 0 })).rejects.toThrow("HOST=127.0.0.1");
  });
  it("are asked to come again while it is starting", async () => {
    const server = await listen({ host: "127.0.0.1", port: 0 });
    open.push(server);
    const early = await fetch(`${server.url}/readyz`);
    expect([early.status, early.headers.get("retry-after")]).toEqual([503, "1"]);
    expect(await early.json()).toMatchObject({ ready: false });
    server.serve(express().get("/readyz", (_request, response) => void response.json({ ready: true })));
    expect(await (await fetch(`${server.url}/readyz`)).json()).toEqual({ ready: true });
  });
});

describe("closing", () => {
  it("finishes requests in hand and cuts streams", async () => {
    let finish: (() => void) | undefined;
    const entered = Promise.withResolvers<void>();
    const { url, close } = await serve({
      mount: (app) => {
        app.get("/slow", (_request, response) => {
          finish = () => response.json({ done: true });
          entered.resolve();
        });
        app.get("/stream", (_request, response) => {
          response.writeHead(200, { "content-type": "text/event-stream" }).flushHeaders();
        });
      },
    });
    const stream = await fetch(`${url}/stream`);
    const slow = fetch(`${url}/slow`);
    await entered.promise;
    const closed = close(300);
    finish?.();
    expect(await (await slow).json()).toEqual({ done: true });
    await closed;
    await expect(stream.text()).rejects.toThrow();
    await expect(fetch(`${url}/healthz`)).rejects.toThrow();
  });
});

import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import express from "express";
import { afterEach, expect, it } from "vitest";
import { createExportRoutes } from "../../../adapters/web/export-routes.ts";

const closers: (() => void)[] = [];
afterEach(() => {
  for (const close of closers.splice(0)) close();
});

async function serve(token?: string): Promise<string> {
  const app = express();
  app.use(
    createExportRoutes({
      sessions: async () => [{ id: "s-1", name: "Black Friday", date: "2026-11-27", status: "open" }],
      exportSession: async (id, format) => {
        if (id !== "s-1") return undefined;
        if (format === "xml") return { problem: 'There is no format "xml". Formats: md, json.' };
        return { name: "s-1.json", mediaType: "application/json; charset=utf-8", content: '{"session":{}}' };
      },
      importSession: async (text) => {
        if (text.includes("twice")) return { ok: false, why: "there", problem: '"Black Friday" is already here.' };
        if (!text.includes("t-minus-session"))
          return { ok: false, why: "refused", problem: "This is no session export." };
        return { ok: true, id: "s-2", name: "Cyber Monday" };
      },
      log: { warn: () => {}, error: () => {} },
      ...(token === undefined ? {} : { token }),
    }),
  );
  const server = createServer(app);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  closers.push(() => server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

it("lists sessions and hands out exports to this machine", async () => {
  const url = await serve();
  expect(await (await fetch(`${url}/sessions`)).json()).toEqual({
    sessions: [{ id: "s-1", name: "Black Friday", date: "2026-11-27", status: "open" }],
  });
  const file = await fetch(`${url}/sessions/s-1/export?format=json`);
  expect(file.headers.get("content-type")).toContain("application/json");
  expect(file.headers.get("content-disposition")).toContain("s-1.json");
  expect(await file.json()).toEqual({ session: {} });
});

it("says what is wrong with an unknown session or format", async () => {
  const url = await serve();
  const unknown = await fetch(`${url}/sessions/s-2/export`);
  expect(unknown.status).toBe(404);
  expect(await unknown.json()).toEqual({ error: 'There is no session "s-2". GET /sessions lists them.' });
  const format = await fetch(`${url}/sessions/s-1/export?format=xml`);
  expect(format.status).toBe(400);
  expect(await format.json()).toEqual({ error: 'There is no format "xml". Formats: md, json.' });
});

it("demands the token where one is set", async () => {
  const url = await serve("a-long-token");
  expect((await fetch(`${url}/sessions`)).status).toBe(401);
  expect((await fetch(`${url}/sessions`, { headers: { Authorization: "Bearer wrong" } })).status).toBe(401);
  const headers = { Authorization: "Bearer a-long-token" };
  expect((await fetch(`${url}/sessions`, { headers })).status).toBe(200);
  expect((await fetch(`${url}/sessions/s-1/export`, { headers })).status).toBe(200);
});

it("leaves other addresses under /sessions to others", async () => {
  const url = await serve();
  expect((await fetch(`${url}/sessions/s-1`)).status).toBe(404);
});

it("brings a session back from its file, for whoever has the token", async () => {
  const base = await serve("secret");
  const send = (body: string, headers: Record<string, string> = {}) =>
    fetch(`${base}/sessions/import`, {
      method: "POST",
      body,
      headers: { "content-type": "application/json", authorization: "Bearer secret", ...headers },
    });
  const done = await send('{"format":"t-minus-session"}');
  expect([done.status, await done.json()]).toEqual([201, { id: "s-2", name: "Cyber Monday", board: "/sessions/s-2" }]);
  expect((await send('{"format":"t-minus-session","twice":1}')).status).toBe(409);
  const refused = await send("not an export");
  expect([refused.status, await refused.json()]).toEqual([400, { error: "This is no session export." }]);
  expect((await send("{}", { authorization: "Bearer wrong" })).status).toBe(401);
  expect((await send("{}", { origin: "https://elsewhere.example" })).status).toBe(403);
  expect((await send("{}", { "content-type": "text/plain" })).status).toBe(415);
  expect((await send("")).status).toBe(400);
});

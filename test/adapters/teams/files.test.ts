import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readAttached } from "../../../adapters/teams/files.ts";
import { RetryLaterError, TerminalError } from "../../../src/domain/errors.ts";
import type { FileRef } from "../../../src/domain/inbound.ts";

const server = createServer((request, response) => {
  const status = Number(/^\/status\/(\d+)/.exec(request.url ?? "")?.[1] ?? 200);
  response.writeHead(status).end(status === 200 ? "resource {}" : "no");
});
let service = "";

beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  service = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => {
  server.close();
});

const file = (url: string): FileRef => ({ id: "f", name: "main.tf", mediaType: "tf", size: 0, url });

describe("a file attached in Teams", () => {
  it("is read from where the conversation is served, when that is this machine", async () => {
    const bytes = await readAttached(file(`${service}/file`), 100, `${service}/teams/`);
    expect(new TextDecoder().decode(bytes)).toBe("resource {}");
  });

  it.each([
    "https://files.example.com/plan",
    "http://169.254.169.254/latest/meta-data",
    "https://sharepoint.com.example.org/x",
    "http://contoso.sharepoint.com/x",
    "not an address",
    "",
  ])("is never fetched from elsewhere: %s", async (url) => {
    await expect(readAttached(file(url), 100, "https://smba.trafficmanager.net/")).rejects.toThrow(/Microsoft 365/);
  });

  it("isn't fetched from this machine for a conversation served elsewhere", async () => {
    const there = readAttached(file(`${service}/file`), 100, "https://smba.trafficmanager.net/");
    await expect(there).rejects.toThrow(TerminalError);
  });

  it("is refused when it is too large or its link has run out, and tried again when the server fails", async () => {
    await expect(readAttached(file(`${service}/file`), 5, service)).rejects.toThrow(/larger than 5 MB/);
    await expect(readAttached(file(`${service}/status/403`), 100, service)).rejects.toThrow(/Attach it again/);
    await expect(readAttached(file(`${service}/status/503`), 100, service)).rejects.toThrow(RetryLaterError);
  });
});

import { request as httpRequest } from "node:http";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Harness, webHarness } from "./harness.ts";

/** fetch sets Host and Origin itself; these tests need to lie. */
function ask(
  base: string,
  {
    method = "GET",
    path = "/",
    headers = {},
    body = "",
  }: { method?: string; path?: string; headers?: Record<string, string>; body?: string },
): Promise<{ status: number; headers: Record<string, string | string[] | undefined>; text: string }> {
  const { hostname, port } = new URL(base);
  return new Promise((resolve, reject) => {
    const sent = httpRequest({ hostname, port, method, path, headers }, (response) => {
      let text = "";
      response.setEncoding("utf8");
      response.on("data", (chunk: string) => {
        text += chunk;
      });
      response.on("end", () => resolve({ status: response.statusCode ?? 0, headers: response.headers, text }));
    });
    sent.on("error", reject);
    sent.end(body);
  });
}

const json = { "Content-Type": "application/json" };
const hello = JSON.stringify({ as: "fay", channel: "general", text: "hello" });

describe("the web channel without a token", () => {
  let harness: Harness;
  beforeAll(async () => {
    harness = await webHarness();
  });
  afterAll(() => harness.close());

  it("serves its page under strict headers", async () => {
    const { status, headers, text } = await ask(harness.url, {});
    expect(status).toBe(200);
    expect(text).toContain("<title>T-Minus</title>");
    expect(headers["content-security-policy"]).toContain("script-src 'self'");
    expect(headers["content-security-policy"]).not.toContain("unsafe");
    expect(headers["content-security-policy"]).toContain("frame-ancestors 'none'");
    expect(headers["x-content-type-options"]).toBe("nosniff");
    expect(headers["referrer-policy"]).toBe("no-referrer");
    expect(text).not.toMatch(/<script>|\sstyle=|\son\w+=/);
  });

  it("refuses a name that somebody pointed at this machine", async () => {
    for (const path of ["/", "/web/state?as=fay", "/web/stream?as=fay"]) {
      const { status, text } = await ask(harness.url, { path, headers: { Host: "rebind.example:3000" } });
      expect(status).toBe(403);
      expect(text).toContain("only under localhost or 127.0.0.1");
    }
  });

  it("does nothing on behalf of another site", async () => {
    for (const headers of [
      { ...json, Origin: "https://evil.example" },
      { ...json, Origin: "null" },
      { ...json, "Sec-Fetch-Site": "cross-site" },
    ]) {
      const { status, text } = await ask(harness.url, { method: "POST", path: "/web/messages", headers, body: hello });
      expect(status).toBe(403);
      expect(text).toContain("another site");
    }
    expect(harness.heard).toEqual([]);
  });

  it("takes only JSON, so that a foreign form can't be a message", async () => {
    const headers = { "Content-Type": "text/plain" };
    expect((await ask(harness.url, { method: "POST", path: "/web/messages", headers, body: hello })).status).toBe(415);
  });

  it("takes what comes from its own page, or from a program", async () => {
    const { host } = new URL(harness.url);
    const own = { ...json, Origin: harness.url, Host: host, "Sec-Fetch-Site": "same-origin" };
    expect((await ask(harness.url, { method: "POST", path: "/web/messages", headers: own, body: hello })).status).toBe(
      201,
    );
    expect((await ask(harness.url, { method: "POST", path: "/web/messages", headers: json, body: hello })).status).toBe(
      201,
    );
  });

  it("answers what it can't read with a sentence, and logs no error", async () => {
    const post = (body: string) => ask(harness.url, { method: "POST", path: "/web/messages", headers: json, body });
    expect((await post("{")).text).toContain("That isn't JSON");
    expect((await post("[]")).status).toBe(400);
    expect((await post(JSON.stringify({ as: "fay" }))).text).toContain('at \\"channel\\"');
    expect((await post(JSON.stringify({ as: "nobody", channel: "general", text: "x" }))).text).toContain(
      "Add the name first",
    );
    expect((await post(JSON.stringify({ as: "fay", channel: "nowhere", text: "x" }))).text).toContain(
      "no channel #nowhere",
    );
    expect((await post(JSON.stringify({ as: "fay", channel: "@mia", text: "x" }))).status).toBe(403);
    expect((await ask(harness.url, { path: "/web/nothing" })).status).toBe(404);
    expect((await ask(harness.url, { path: "/web/page/../channel.ts" })).status).not.toBe(200);
    expect(harness.logged).toEqual([]);
  });
});

describe("the web channel with a token", () => {
  const token = "correct-horse-battery";
  let harness: Harness;
  beforeAll(async () => {
    harness = await webHarness({ token });
  });
  afterAll(() => harness.close());

  it("asks for it, everywhere", async () => {
    const page = await ask(harness.url, {});
    expect(page.status).toBe(401);
    expect(page.text).toContain("<form");
    for (const path of ["/web/state?as=fay", "/web/messages?as=fay", "/web/stream?as=fay", "/web/files/x"]) {
      expect((await ask(harness.url, { path })).status).toBe(401);
    }
    expect((await ask(harness.url, { method: "POST", path: "/web/messages", headers: json, body: hello })).status).toBe(
      401,
    );
    expect(harness.heard).toEqual([]);
  });

  it("takes it as Bearer, under any name", async () => {
    const headers = { Authorization: `Bearer ${token}`, Host: "t-minus.example" };
    expect((await ask(harness.url, { path: "/web/state?as=fay", headers })).status).toBe(200);
    expect(
      (await ask(harness.url, { path: "/web/state?as=fay", headers: { Authorization: "Bearer wrong" } })).status,
    ).toBe(401);
  });

  it("turns it into a cookie that is not the token", async () => {
    const opened = await ask(harness.url, { path: `/?token=${token}` });
    expect(opened.status).toBe(200);
    const cookie = String(opened.headers["set-cookie"]);
    expect(cookie).toContain("HttpOnly");
    expect(cookie).toContain("SameSite=Strict");
    expect(cookie).not.toContain(token);
    const pair = cookie.split(";")[0] ?? "";
    expect((await ask(harness.url, { headers: { Cookie: pair } })).text).toContain("Channels and people");
    expect((await ask(harness.url, { headers: { Cookie: "t_minus_web=0000" } })).status).toBe(401);
  });

  it("signs in with the form, and says so when the token is wrong", async () => {
    const form = { "Content-Type": "application/x-www-form-urlencoded" };
    const send = (body: string) => ask(harness.url, { method: "POST", path: "/web/sign-in", headers: form, body });
    const wrong = await send("token=nope");
    expect(wrong.status).toBe(401);
    expect(wrong.text).toContain("That isn't the token.");
    const right = await send(`token=${token}`);
    expect(right.status).toBe(303);
    expect(String(right.headers["set-cookie"])).toContain("t_minus_web=");
  });
});

import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import express from "express";
import type { Browser } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { type Board, createBoard } from "../../../adapters/web/board.ts";
import { type BoardLinks, createBoardLinks } from "../../../adapters/web/board-links.ts";
import { standardCatalogue as catalogue } from "../../../conversations/catalogue/index.ts";
import { reportOf, writePlain } from "../../../conversations/summary.ts";
import type { SessionState } from "../../../src/domain/session.ts";
import { DANA, emptySession, fullSession, NOW, withAnswer } from "../../fixtures/session.ts";
import { eventsOf } from "../../fixtures/session-events.ts";
import { accessibilityProblems, launchBrowser, watchedPage } from "../../stand-ins/browser.ts";

type Running = {
  url: string;
  links: BoardLinks;
  move(ms: number): void;
  change(state: SessionState): void;
};
const open: { server: Server; board: Board }[] = [];
let browser: Browser;
beforeAll(async () => {
  browser = await launchBrowser();
});
afterAll(() => browser.close());
afterEach(async () => {
  for (const { server, board } of open.splice(0)) {
    board.close();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
});

const full = fullSession(catalogue);

async function start(first: SessionState = full, options: { token?: string } = {}): Promise<Running> {
  let state = first;
  let now = Date.parse(NOW);
  const kept = new Map<string, unknown>();
  const listeners: (() => void)[] = [];
  const links = createBoardLinks({
    secretKey: "a secret key of more than thirty-two characters",
    publicUrl: "https://t-minus.example.com",
    machine: { now: () => now },
    store: {
      keep: async (namespace, key, value) => void kept.set(`${namespace}/${key}`, value),
      kept: async (namespace, key, parse) => {
        const value = kept.get(`${namespace}/${key}`);
        return value === undefined ? undefined : parse(value);
      },
    },
  });
  const board = createBoard({
    load: async (id) =>
      id === state.id
        ? { state, report: reportOf(state, catalogue, new Date(NOW)), events: eventsOf(state) }
        : undefined,
    catalogue,
    onChange: (listener) => void listeners.push(listener),
    links,
    log: { warn() {}, error() {} },
    heartbeat: 200,
    ...options,
  });
  const app = express().use(board.router);
  const server = await new Promise<Server>((resolve) => {
    const listening = app.listen(0, "127.0.0.1", () => resolve(listening));
  });
  open.push({ server, board });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    links,
    move: (ms) => {
      now += ms;
    },
    change: (next) => {
      state = next;
      for (const listener of listeners) listener();
    },
  };
}

const bearer = { headers: { authorization: "Bearer a-token" } };
const pathOf = (link: string): string => new URL(link).pathname + new URL(link).search;

describe("who may look", () => {
  it("asks for the token or a link, and says so in a page", async () => {
    const { url } = await start(full, { token: "a-token" });
    const refused = await fetch(`${url}/sessions/${full.id}`);
    expect(refused.status).toBe(401);
    expect(await refused.text()).toContain("Ask for the link in the session&#39;s channel.");
    expect((await fetch(`${url}/sessions/${full.id}/live`)).status).toBe(401);
    expect((await fetch(`${url}/sessions/${full.id}`, bearer)).status).toBe(200);
  });

  it("lets a link in, takes its key out of the address, and shows this one board only", async () => {
    const { url, links } = await start(full, { token: "a-token" });
    const first = await fetch(url + pathOf(await links.link(full.id)), { redirect: "manual" });
    expect(first.status).toBe(303);
    expect(first.headers.get("location")).toBe(`/sessions/${full.id}`);
    const cookie = first.headers.get("set-cookie") ?? "";
    expect(cookie).toMatch(/HttpOnly/i);
    expect(cookie).toContain(`Path=/sessions/${full.id}`);
    const headers = { cookie: cookie.split(";")[0] ?? "" };
    expect((await fetch(`${url}/sessions/${full.id}`, { headers })).status).toBe(200);
    expect((await fetch(`${url}/sessions/s-other`, { headers })).status).toBe(401);
  });

  it("refuses a link that ended, was changed, belongs to another session or was withdrawn", async () => {
    const { url, links, move } = await start(full, { token: "a-token" });
    const link = pathOf(await links.link(full.id, 7));
    const status = async (path: string): Promise<number> => (await fetch(url + path, { redirect: "manual" })).status;
    expect(await status(link)).toBe(303);
    expect(await status(link.replace(/.$/, (last) => (last === "A" ? "B" : "A")))).toBe(403);
    expect(await status(link.replace(full.id, "s-other"))).toBe(403);
    expect(await status(`/sessions/${full.id}?key=x`)).toBe(403);
    await links.revoke(full.id);
    expect(await status(link)).toBe(403);
    const newer = pathOf(await links.link(full.id, 7));
    expect(await status(newer)).toBe(303);
    move(8 * 86_400_000);
    expect(await status(newer)).toBe(403);
  });

  it("ends the live stream of a link that was withdrawn", async () => {
    const { url, links } = await start(full, { token: "a-token" });
    const first = await fetch(url + pathOf(await links.link(full.id)), { redirect: "manual" });
    const headers = { cookie: first.headers.get("set-cookie")?.split(";")[0] ?? "" };
    const live = await fetch(`${url}/sessions/${full.id}/live`, { headers });
    expect(live.headers.get("content-type")).toContain("text/event-stream");
    await links.revoke(full.id);
    expect(await live.text()).toContain("event: revision");
  });

  it("says that there is no such session", async () => {
    const { url } = await start(full, { token: "a-token" });
    expect((await fetch(`${url}/sessions/s-none`, bearer)).status).toBe(404);
  });
});

describe("the page", () => {
  it("has a strict policy, and nothing of another host", async () => {
    const { url } = await start(full, { token: "a-token" });
    const response = await fetch(`${url}/sessions/${full.id}`, bearer);
    expect(response.headers.get("content-security-policy")).toMatch(/default-src 'none'.*script-src 'self'/);
    const page = await response.text();
    expect(page).not.toMatch(/style="|<script>|onclick|(?:src|href)="https?:/);
  });

  it("shows words of people as words", async () => {
    const hostile = '<img src=x onerror="alert(1)"></summary></details><script>alert(2)</script>';
    const state = {
      ...withAnswer(full, "R2", { text: hostile, confirmed: [] }),
      name: hostile,
      people: { ...full.people, [DANA]: { name: hostile } },
    };
    const { url } = await start(state);
    const { page, complaints } = await watchedPage(browser);
    await page.goto(`${url}/sessions/${full.id}`);
    expect(await page.locator("img, main script").count()).toBe(0);
    expect(await page.locator("h1").textContent()).toBe(hostile);
    expect(complaints).toEqual([]);
    await page.context().close();
  });

  it.each([
    ["a full session, at three widths", full, [390, 820, 1_280]],
    ["a session in which nothing was said", emptySession(catalogue), [390]],
  ])("has no accessibility problems in both themes: %s", async (_name, state, widths) => {
    const { url } = await start(state);
    for (const colorScheme of ["light", "dark"] as const) {
      const { page, complaints } = await watchedPage(browser, { colorScheme });
      await page.goto(`${url}/sessions/${state.id}`);
      for (const width of widths) {
        await page.setViewportSize({ width, height: 900 });
        expect(await accessibilityProblems(page), `${colorScheme} ${width}`).toEqual([]);
        const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
        expect(overflow, `${width} px is wide enough`).toBeLessThanOrEqual(0);
      }
      expect(complaints).toEqual([]);
      await page.context().close();
    }
  });

  it("shows each claim's source at a tap, and filters the risks", async () => {
    const { url } = await start();
    const { page, complaints } = await watchedPage(browser);
    await page.goto(`${url}/sessions/${full.id}`);
    const claim = page.locator(".claim", { hasText: "Auto Scaling against quotas (Q2): high risk" }).first();
    await claim.locator("summary").click();
    expect(await claim.locator("dd").first().textContent()).toContain("high risk");
    await page.getByLabel("Level").selectOption("HIGH");
    expect(await page.locator(".register tbody tr:visible").count()).toBe(2);
    expect(await page.locator("#shown").textContent()).toBe("2 of 8");
    await page.getByLabel("Owner").selectOption("Lee");
    expect(await page.locator(".register tbody tr:visible th").allTextContents()).toEqual([
      "Q2 Auto Scaling against quotas",
    ]);
    expect(complaints).toEqual([]);
    await page.context().close();
  });

  it("shows what a claim rested on when it was written, and what that says now", async () => {
    const written = writePlain(full, catalogue, new Date(NOW));
    const summaries = [{ version: 1, at: NOW, by: "plain" as const, ...written }];
    const id = Object.keys(full.evidence).find((key) => full.evidence[key]?.statement.includes("45 of 50 TiB"))!;
    const item = full.evidence[id]!;
    const readAt = "2026-10-31T09:02:00.000Z";
    const again = Object.fromEntries(Object.entries(full.evidence).map(([key, one]) => [key, { ...one, readAt }]));
    const { [id]: _, ...others } = again;
    const states = {
      same: { ...full, summaries, evidence: again },
      moved: {
        ...full,
        summaries,
        evidence: { ...again, [id]: { ...item, statement: "gp3 storage: 48 of 50 TiB in use", readAt } },
      },
      gone: { ...full, summaries, evidence: others },
    };
    const { url, change } = await start(states.same);
    const { page, complaints } = await watchedPage(browser);
    const sources = async (state: SessionState): Promise<string> => {
      change(state);
      await page.goto(`${url}/sessions/${full.id}`);
      const claims = page.locator(".claim", { hasText: "45 of 50 TiB" });
      return (await claims.locator("dl").allTextContents()).join("\n");
    };
    const same = await sources(states.same);
    expect(same).toContain("45 of 50 TiB in use");
    expect(same).not.toContain("Now:");
    const moved = await sources(states.moved);
    expect(moved).toContain("gp3 storage: 45 of 50 TiB in use");
    expect(moved).toMatch(/Now: .*48 of 50 TiB in use/);
    expect(await sources(states.gone)).toMatch(/45 of 50 TiB in use[\s\S]*Now: no longer on record/);
    expect(complaints).toEqual([]);
    await page.context().close();
  });

  it("follows the session live and keeps what its reader opened and chose", async () => {
    const { url, change } = await start();
    const { page, complaints } = await watchedPage(browser);
    await page.goto(`${url}/sessions/${full.id}`);
    await page.getByLabel("Level").selectOption("HIGH");
    await page.locator(".claim summary").first().click();
    const accepted = { risk: "risk-q2", by: DANA, at: NOW, reason: { words: "w", text: "increase is filed" } };
    change({ ...full, accepted: [accepted], revision: full.revision + 1 });
    await page.getByText("increase is filed").first().waitFor();
    expect(await page.getByLabel("Level").inputValue()).toBe("HIGH");
    expect(await page.locator(".claim").first().getAttribute("open")).toBe("");
    expect(await page.locator(".tiles").textContent()).toContain("1 high risk open");
    expect(complaints).toEqual([]);
    await page.context().close();
  });

  it("prints as a PDF of a few pages, without what only works on a screen", async () => {
    const { url } = await start();
    const { page } = await watchedPage(browser);
    await page.goto(`${url}/sessions/${full.id}`);
    const pdf = await page.pdf({ format: "A4", printBackground: true, preferCSSPageSize: true });
    const pages = pdf.toString("latin1").match(/\/Type\s*\/Page\b/g)?.length ?? 0;
    expect(pages).toBeGreaterThanOrEqual(2);
    expect(pages).toBeLessThanOrEqual(9);
    await page.emulateMedia({ media: "print" });
    expect(await page.locator("#filters").isVisible()).toBe(false);
    await page.context().close();
  });
});

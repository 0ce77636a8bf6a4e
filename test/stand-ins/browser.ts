import { createRequire } from "node:module";
import { type Browser, type BrowserContextOptions, chromium, type Page } from "playwright-core";

const AXE = createRequire(import.meta.url).resolve("axe-core/axe.min.js");

/** Debian's Chromium. `CHROMIUM_PATH` isn't read: tests run where the Dockerfile's packages are. */
export function launchBrowser(): Promise<Browser> {
  return chromium.launch({
    executablePath: "/usr/bin/chromium",
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  });
}

export type WatchedPage = {
  page: Page;
  /** Console errors, uncaught errors, policy violations and requests to other hosts, in order. */
  complaints: string[];
};

/** A page of its own context that notes everything a page must not do. */
export async function watchedPage(
  browser: Browser,
  { allow = [], ...options }: BrowserContextOptions & { allow?: RegExp[] } = {},
): Promise<WatchedPage> {
  const context = await browser.newContext({ locale: "en-GB", timezoneId: "Europe/London", ...options });
  const page = await context.newPage();
  const complaints: string[] = [];
  const complain = (text: string): void => {
    if (!allow.some((pattern) => pattern.test(text))) complaints.push(text);
  };
  page.on("console", (message) => {
    if (message.type() === "error" || message.type() === "warning") complain(`${message.type()}: ${message.text()}`);
  });
  page.on("pageerror", (error) => complain(`uncaught: ${error.message}`));
  page.on("dialog", (dialog) => {
    complain(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  context.on("request", (request) => {
    const { hostname, protocol } = new URL(request.url());
    if (protocol !== "data:" && hostname !== "127.0.0.1") complain(`request elsewhere: ${request.url()}`);
  });
  await page.addInitScript(() => {
    document.addEventListener("securitypolicyviolation", (event) => {
      console.error(`policy violation: ${event.violatedDirective} ${event.blockedURI}`);
    });
  });
  return { page, complaints };
}

/** What axe-core finds, one line each; nothing is switched off. */
export async function accessibilityProblems(page: Page): Promise<string[]> {
  const loaded = await page.evaluate("typeof axe");
  // Through the debugging protocol: the page's policy rightly refuses added script tags.
  if (loaded === "undefined") {
    const { readFile } = await import("node:fs/promises");
    await page.evaluate(await readFile(AXE, "utf8"));
  }
  const found: unknown = await page.evaluate(
    `axe.run(document, { resultTypes: ["violations"] }).then(({ violations }) => violations.map(({ id, help, nodes }) => id + ": " + help + " · " + nodes.slice(0, 3).map((node) => node.html.slice(0, 160) + " " + (node.any[0]?.message ?? "")).join(" | ")))`,
  );
  return Array.isArray(found) ? found.map(String) : [];
}

/** Polls until `check` gives something true; the last failure is the reason when time is up. */
export async function waitFor<T>(check: () => Promise<T> | T, { within = 8_000, every = 40 } = {}): Promise<T> {
  const deadline = Date.now() + within;
  let last: unknown;
  while (Date.now() < deadline) {
    try {
      const value = await check();
      if (value) return value;
      last = value;
    } catch (error) {
      last = error;
    }
    await new Promise((resolve) => setTimeout(resolve, every));
  }
  throw new Error(`Not within ${within} ms: ${last instanceof Error ? last.message : String(last)}`);
}

import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

/** Real processes for the measurements: the program itself, or another file, on a port of its own. */

export const ROOT = resolve(import.meta.dirname, "..");
const READY_WITHIN_MS = 30_000;

export type Running = {
  url: string;
  port: number;
  pid: number;
  /** From spawn to the line that says it is ready. */
  readyMs: number;
  stop(): Promise<void>;
};

export function temporaryFolder(): { path: string; remove(): void } {
  const path = mkdtempSync(join(tmpdir(), "t-minus-bench-"));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}

/** As `npm start` starts it, with the web channel, on a database of its own. Nothing else of this environment reaches it. */
export function startProgram(database: string): Promise<Running> {
  return startFile(["--import", join(ROOT, "src/compile-cache.js"), join(ROOT, "src/main.ts")], {
    DATABASE_URL: `file:${database}`,
    PORT: "0",
    WEB_CHANNEL: "on",
    LOG_LEVEL: "error",
  });
}

/** Runs a program that prints its URL when it listens. */
export async function startFile(words: string[], env: Record<string, string> = {}): Promise<Running> {
  const began = performance.now();
  const child = spawn(process.execPath, words, {
    // Somewhere without a .env file.
    cwd: tmpdir(),
    env: { PATH: process.env.PATH ?? "", ...env },
    stdio: ["ignore", "pipe", "inherit"],
  });
  const url = await readyUrl(child);
  const readyMs = performance.now() - began;
  return { url, port: Number(new URL(url).port), pid: child.pid ?? 0, readyMs, stop: () => stop(child) };
}

function readyUrl(child: ChildProcess): Promise<string> {
  return new Promise((found, failed) => {
    const late = setTimeout(() => failed(new Error(`Not ready within ${READY_WITHIN_MS} ms`)), READY_WITHIN_MS);
    let said = "";
    child.stdout?.on("data", (data: Buffer) => {
      said += data.toString();
      const url = /(http:\/\/[^\s"]+:\d+)\s*$/m.exec(said)?.[1];
      if (url === undefined) return;
      clearTimeout(late);
      found(url);
    });
    child.once("exit", (code) => {
      clearTimeout(late);
      failed(new Error(`Ended with ${code} before it was ready`));
    });
  });
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return;
  const gone = new Promise((done) => child.once("exit", done));
  child.kill("SIGTERM");
  await gone;
}

import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** The real program as a process of its own, on a database of its own, for tests that look at it from outside. */
export type Program = {
  readonly url: string;
  readonly pid: number;
  /** Everything it wrote. */
  output(): string;
  /** SIGTERM; resolves with the exit code. */
  stop(): Promise<number | null>;
  /** SIGKILL; resolves when it is gone. */
  kill(): Promise<void>;
};

export const MAIN = new URL("../../src/main.ts", import.meta.url).pathname;
/** As `npm start` does: what was compiled once isn't compiled again. */
const CACHE = new URL("../../src/compile-cache.js", import.meta.url).pathname;

/** A folder that goes with the test. */
export function temporaryFolder(): { path: string; remove(): void } {
  const path = mkdtempSync(join(tmpdir(), "t-minus-"));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}

/**
 * Starts the program and waits until it is ready. The environment is only what is given: nothing of the machine's.
 * @throws with its output when it ends before it is ready.
 */
export async function startProgram(environment: Record<string, string>, folder: string): Promise<Program> {
  const child = spawn(process.execPath, ["--import", CACHE, MAIN], {
    cwd: folder,
    env: {
      PATH: process.env.PATH ?? "",
      TZ: "UTC",
      PORT: "0",
      DATABASE_URL: `file:${join(folder, "t-minus.db")}`,
      LOG_LEVEL: "info",
      ...environment,
    },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  child.stdout.setEncoding("utf8").on("data", (chunk: string) => {
    output += chunk;
  });
  child.stderr.setEncoding("utf8").on("data", (chunk: string) => {
    output += chunk;
  });
  const url = await readyUrl(child, () => output);
  return {
    url,
    pid: child.pid ?? 0,
    output: () => output,
    stop: () => ended(child, "SIGTERM"),
    kill: async () => {
      await ended(child, "SIGKILL");
    },
  };
}

/** Runs the program to its end: for what it refuses to start with. */
export async function runToEnd(
  environment: Record<string, string>,
  folder: string,
): Promise<{ code: number | null; output: string }> {
  const child = spawn(process.execPath, [MAIN], {
    cwd: folder,
    env: {
      PATH: process.env.PATH ?? "",
      TZ: "UTC",
      PORT: "0",
      DATABASE_URL: `file:${join(folder, "t-minus.db")}`,
      ...environment,
    },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (chunk: string) => {
      output += chunk;
    });
  }
  const code = await new Promise<number | null>((resolve) => child.once("close", resolve));
  return { code, output };
}

function readyUrl(child: ChildProcess, output: () => string): Promise<string> {
  return new Promise((resolve, reject) => {
    const look = () => {
      const line = output()
        .split("\n")
        .find((one) => one.includes("T-Minus is ready"));
      const url = /http:\/\/[^\s"]+/.exec(line ?? "")?.[0];
      if (url !== undefined) resolve(url);
    };
    child.stdout?.on("data", look);
    child.once("exit", (code) => reject(new Error(`The program ended with ${code} before it was ready:\n${output()}`)));
  });
}

function ended(child: ChildProcess, signal: NodeJS.Signals): Promise<number | null> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve(child.exitCode);
  return new Promise((resolve) => {
    child.once("exit", (code) => resolve(code));
    child.kill(signal);
  });
}

/** Polls until `look` gives something; fails with `what` after the deadline. For real processes only. */
export async function eventually<T>(
  what: string,
  look: () => Promise<T | undefined> | T | undefined,
  withinMs = 40_000,
): Promise<T> {
  const deadline = Date.now() + withinMs;
  for (;;) {
    const found = await look();
    if (found !== undefined) return found;
    if (Date.now() > deadline) throw new Error(`Not within ${withinMs} ms: ${what}`);
    await pause(20);
  }
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

import { type ChildProcess, execFile, spawn } from "node:child_process";
import {
  cpSync,
  existsSync,
  globSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
} from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";

/**
 * The Dockerfile's own steps, run as a script under a temporary root, for want of a container engine in the tests. What
 * only an engine could do is replaced: `npm ci` by links to the installed production packages (test/npm-ci.test.ts runs
 * the real one), and the change of user by nothing.
 */

const ROOT = resolve(import.meta.dirname, "..");
const folder = mkdtempSync(join(tmpdir(), "t-minus-image-"));
const run = promisify(execFile);

type Step = { instruction: string; rest: string };
type Image = {
  env: Record<string, string>;
  cwd: string;
  cmd: string[];
  healthcheck: string[];
  user: string;
  volumes: string[];
};

function stepsOf(dockerfile: string): Step[] {
  return dockerfile
    .split("\n")
    .filter((line) => !/^\s*#/.test(line))
    .join("\n")
    .replaceAll(/\\\n\s*/g, " ")
    .split("\n")
    .filter((line) => line.trim() !== "")
    .map((line) => {
      const [instruction = "", ...rest] = line.trim().split(/\s+/);
      return { instruction: instruction.toUpperCase(), rest: rest.join(" ") };
    });
}

const Words = z.array(z.string());
const inside = (path: string) => join(folder, path);

/** Does what the steps say, below the temporary root. */
async function build(steps: Step[]): Promise<Image> {
  const image: Image = { env: {}, cwd: "/", cmd: [], healthcheck: [], user: "root", volumes: [] };
  const ignored = readFileSync(join(ROOT, ".dockerignore"), "utf8")
    .split("\n")
    .filter((line) => line !== "");
  for (const { instruction, rest } of steps) {
    if (instruction === "ENV") {
      for (const [, name = "", value = ""] of rest.matchAll(/([A-Z_]+)=(\S+)/g)) image.env[name] = value;
    } else if (instruction === "WORKDIR") {
      image.cwd = rest;
      mkdirSync(inside(rest), { recursive: true });
    } else if (instruction === "COPY") {
      const names = rest.split(" ");
      const to = names.pop() ?? "";
      for (const name of names) {
        expect(ignored, `${name} is left out by .dockerignore`).not.toContain(name);
        expect(existsSync(join(ROOT, name)), `${name} isn't there to copy`).toBe(true);
        cpSync(join(ROOT, name), join(inside(image.cwd), to, names.length > 1 || to.endsWith("/") ? name : ""), {
          recursive: true,
        });
      }
    } else if (instruction === "RUN") {
      for (const command of rest.split("&&").map((part) => part.trim())) await runStep(command, image);
    } else if (instruction === "USER") image.user = rest;
    else if (instruction === "VOLUME") image.volumes.push(rest);
    else if (instruction === "CMD") image.cmd = Words.parse(JSON.parse(rest));
    else if (instruction === "HEALTHCHECK") image.healthcheck = Words.parse(JSON.parse(rest.replace(/^.*?CMD /, "")));
    else expect(["FROM", "EXPOSE"]).toContain(instruction);
  }
  return image;
}

async function runStep(command: string, image: Image): Promise<void> {
  if (command.startsWith("npm ci")) {
    expect(command).toContain("--omit=dev");
    return linkProductionPackages(inside(image.cwd));
  }
  if (/^(?:npm cache clean|chown) /.test(command)) return;
  // Paths of the image lie below the temporary root.
  const script = command.replaceAll(/(?<=^|\s)\/(?=data|app)/g, `${folder}/`);
  const cache = inside(image.env.NODE_COMPILE_CACHE ?? "");
  const env = { ...image.env, NODE_COMPILE_CACHE: cache, PATH: `${dirname(process.execPath)}:/usr/bin:/bin` };
  await run("/bin/sh", ["-c", script], { cwd: inside(image.cwd), env, timeout: 60_000 });
}

/** As `npm ci --omit=dev` leaves it: what only tests and tools need isn't there. */
function linkProductionPackages(app: string): void {
  const Lock = z.object({ packages: z.record(z.string(), z.looseObject({ dev: z.boolean().optional() })) });
  const { packages } = Lock.parse(JSON.parse(readFileSync(join(app, "package-lock.json"), "utf8")));
  for (const [place, entry] of Object.entries(packages)) {
    if (place === "" || entry.dev === true || place.lastIndexOf("node_modules/") > 0 || !existsSync(join(ROOT, place)))
      continue;
    mkdirSync(dirname(join(app, place)), { recursive: true });
    symlinkSync(join(ROOT, place), join(app, place), "dir");
  }
}

function freePort(): Promise<number> {
  return new Promise((resolvePort, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => resolvePort(typeof address === "object" && address !== null ? address.port : 0));
    });
  });
}

async function waitFor(what: string, check: () => Promise<boolean>, withinMs = 20_000): Promise<void> {
  const deadline = Date.now() + withinMs;
  while (!(await check())) {
    if (Date.now() > deadline) throw new Error(`Not within ${withinMs} ms: ${what}`);
    await new Promise((wake) => setTimeout(wake, 50));
  }
}

function exitOf(child: ChildProcess): Promise<number | null> {
  return new Promise((done) => child.once("exit", (code) => done(code)));
}

describe("the Dockerfile", () => {
  const steps = stepsOf(readFileSync(join(ROOT, "Dockerfile"), "utf8"));
  const started: ChildProcess[] = [];
  let image: Image;
  let env: Record<string, string>;

  beforeAll(async () => {
    image = await build(steps);
    const database = image.env.DATABASE_URL?.replace("file:", `file:${folder}`) ?? "";
    env = {
      ...image.env,
      PATH: dirname(process.execPath),
      PORT: String(await freePort()),
      DATABASE_URL: database,
      NODE_COMPILE_CACHE: inside(image.env.NODE_COMPILE_CACHE ?? ""),
    };
  });
  afterAll(async () => {
    for (const child of started) {
      if (child.exitCode === null && child.signalCode === null) {
        const gone = exitOf(child);
        child.kill("SIGKILL");
        await gone;
      }
    }
    rmSync(folder, { recursive: true, force: true });
  });

  function start(more: Record<string, string>): { child: ChildProcess; said: () => string } {
    const [program = "", ...words] = image.cmd;
    const child = spawn(program, words, { cwd: inside(image.cwd), env: { ...env, ...more } });
    started.push(child);
    let text = "";
    for (const stream of [child.stdout, child.stderr]) stream.on("data", (data: Buffer) => (text += data.toString()));
    return { child, said: () => text };
  }
  function healthy(): Promise<boolean> {
    const [program = "", ...words] = image.healthcheck;
    return run(program, words, { cwd: inside(image.cwd), env }).then(
      () => true,
      () => false,
    );
  }

  it("is Node 24 slim, not root, with the database on a volume, for everyone to reach", () => {
    expect(steps[0]).toEqual({ instruction: "FROM", rest: "node:24-slim" });
    expect(image.user).toBe("node");
    expect(image.env.HOST).toBe("0.0.0.0");
    expect(image.env.DATABASE_URL?.startsWith(`file:${image.volumes[0]}/`)).toBe(true);
    expect(steps.findIndex(({ instruction }) => instruction === "USER")).toBeLessThan(
      steps.findIndex(({ instruction }) => instruction === "CMD"),
    );
  });
  it("carries no test, and nothing of the machine it was built on", () => {
    const files = globSync("**/*", { cwd: inside(image.cwd), exclude: ["node_modules/**"] });
    expect(files.filter((file) => /(?:^|\/)(?:test|bench|data|\.env|\.git)(?:\/|$)/.test(file))).toEqual([]);
  });
  it("brings its compiled code along", () => {
    expect(readdirSync(inside(image.env.NODE_COMPILE_CACHE ?? "")).length).toBeGreaterThan(0);
  });
  it("says which line to add when nothing is set", async () => {
    const { child, said } = start({});
    expect(await exitOf(child)).toBe(78);
    expect(said()).toContain("Example: WEB_CHANNEL_TOKEN=");
  });
  it("starts with production packages alone, is healthy, keeps its data on the volume, and stops on SIGTERM", async () => {
    expect(await healthy()).toBe(false);
    const { child, said } = start({ WEB_CHANNEL_TOKEN: "a-long-random-word-for-tests" });
    await waitFor(`the server: ${said()}`, healthy);
    expect(existsSync(inside("/data/t-minus.db"))).toBe(true);
    const page = await fetch(`http://127.0.0.1:${env.PORT}/sessions`);
    expect(page.status).toBe(401);
    const gone = exitOf(child);
    const asked = Date.now();
    child.kill("SIGTERM");
    expect(await gone).toBe(0);
    expect(Date.now() - asked).toBeLessThan(10_000);
  });
});

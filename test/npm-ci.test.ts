import { execFile } from "node:child_process";
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { homedir, tmpdir } from "node:os";
import { delimiter, dirname, join, resolve } from "node:path";
import { promisify } from "node:util";
import { afterAll, describe, expect, it } from "vitest";
import { z } from "zod";

/** `npm ci` on a machine that has node, npm and a shell, and no python and no compiler. */

const ROOT = resolve(import.meta.dirname, "..");
const run = promisify(execFile);
const folder = mkdtempSync(join(tmpdir(), "t-minus-npm-ci-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const Locked = z.looseObject({
  version: z.string().optional(),
  dependencies: z.record(z.string(), z.string()).optional(),
  optionalDependencies: z.record(z.string(), z.string()).optional(),
  devDependencies: z.record(z.string(), z.string()).optional(),
  os: z.array(z.string()).optional(),
});
const Lock = z.looseObject({ packages: z.record(z.string(), Locked) });
const Manifest = z.looseObject({
  dependencies: z.record(z.string(), z.string()),
  devDependencies: z.record(z.string(), z.string()),
  allowScripts: z.record(z.string(), z.boolean()),
});

const manifest = Manifest.parse(JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")));
const lock = Lock.parse(JSON.parse(readFileSync(join(ROOT, "package-lock.json"), "utf8")));

/** node, npm and sh, and nothing else: whatever wants more fails here as it would in the field. */
function barePath(): string {
  const bin = join(folder, "bin");
  mkdirSync(bin);
  symlinkSync(process.execPath, join(bin, "node"));
  symlinkSync(npmProgram(), join(bin, "npm"));
  symlinkSync("/bin/sh", join(bin, "sh"));
  return bin;
}

function npmProgram(): string {
  const beside = process.env.npm_execpath === undefined ? [] : [join(dirname(process.env.npm_execpath), "npm-cli.js")];
  const onPath = (process.env.PATH ?? "").split(delimiter).map((place) => join(place, "npm"));
  const found = [...beside, ...onPath].find((file) => existsSync(file));
  if (found === undefined) throw new Error("npm is not on the PATH");
  return realpathSync(found);
}

async function npm(place: string, ...words: string[]): Promise<string> {
  const { stdout, stderr } = await run(
    join(folder, "bin", "npm"),
    [...words, "--prefer-offline", "--no-audit", "--no-fund"],
    {
      cwd: place,
      env: { PATH: join(folder, "bin"), HOME: homedir(), npm_config_update_notifier: "false" },
      maxBuffer: 16 * 1024 * 1024,
    },
  );
  return stdout + stderr;
}

/** The lock file's entries that `names` need, and a package.json that asks for `names` alone. */
function only(names: string[]) {
  const packages: Record<string, z.infer<typeof Locked>> = {};
  const add = (name: string, from: string) => {
    const nested = `${from}/node_modules/${name}`;
    const key = from !== "" && lock.packages[nested] !== undefined ? nested : `node_modules/${name}`;
    const entry = lock.packages[key];
    if (entry === undefined || packages[key] !== undefined) return;
    packages[key] = entry;
    for (const needed of Object.keys({ ...entry.dependencies, ...entry.optionalDependencies })) add(needed, key);
  };
  for (const name of names) add(name, "");
  const wanted = (asked: Record<string, string>) =>
    Object.fromEntries(Object.entries(asked).filter(([name]) => names.includes(name)));
  const small = {
    ...manifest,
    dependencies: wanted(manifest.dependencies),
    devDependencies: wanted(manifest.devDependencies),
  };
  const root = { ...lock.packages[""], dependencies: small.dependencies, devDependencies: small.devDependencies };
  return { manifest: small, lock: { ...lock, packages: { "": root, ...packages } } };
}

describe("npm ci", () => {
  const bin = barePath();

  it("accepts the lock file as it is", async () => {
    const place = join(folder, "whole");
    mkdirSync(place);
    for (const file of ["package.json", "package-lock.json"]) copyFileSync(join(ROOT, file), join(place, file));
    expect(await npm(place, "ci", "--dry-run", "--offline")).toMatch(/added \d+ packages/);
  });

  it("brings SQLite and Node 24 without python or a compiler", async () => {
    const place = join(folder, "native");
    mkdirSync(place);
    const small = only(["better-sqlite3", "node"]);
    writeFileSync(join(place, "package.json"), JSON.stringify(small.manifest));
    writeFileSync(join(place, "package-lock.json"), JSON.stringify(small.lock));
    expect(await npm(place, "ci")).toMatch(/added \d+ packages/);
    const node = join(place, "node_modules", ".bin", "node");
    const program =
      'const D = require("better-sqlite3"); console.log(process.version, new D(":memory:").prepare("select 6*7 as n").get().n)';
    const { stdout } = await run(node, ["-e", program], { cwd: place, env: { PATH: bin } });
    expect(stdout).toMatch(/^v24\.\d+\.\d+ 42\n$/);
  }, 120_000);

  it("runs the scripts of no other package", () => {
    expect(manifest.allowScripts).toEqual({ "better-sqlite3": false, node: true });
  });

  it("asks for no package's file by address: any registry will do", () => {
    const addressed = Object.entries(lock.packages).filter(([, entry]) => {
      const resolved = entry.resolved;
      return typeof resolved === "string" && !resolved.startsWith("https://registry.npmjs.org/");
    });
    expect(addressed).toEqual([]);
  });

  it("finds every optional package of another system in the lock file", () => {
    const missing = Object.entries(lock.packages).flatMap(([from, entry]) =>
      Object.keys(entry.optionalDependencies ?? {}).filter(
        (name) =>
          lock.packages[`node_modules/${name}`] === undefined &&
          lock.packages[`${from}/node_modules/${name}`] === undefined,
      ),
    );
    expect(missing).toEqual([]);
  });
});

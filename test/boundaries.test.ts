import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, posix, relative, resolve } from "node:path";
import { describe, expect, it } from "vitest";

/** Who may import whom, and what the core may not touch: read from the sources, so that nobody has to remember it. */

const ROOT = resolve(import.meta.dirname, "..");

function sourceFilesIn(folder: string): string[] {
  return readdirSync(join(ROOT, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.[cm]?ts$/.test(entry.name))
    .map((entry) => relative(ROOT, join(entry.parentPath, entry.name)).replaceAll("\\", "/"))
    .sort();
}

/**
 * Code without comments; with `strings: "blank"` the contents of strings are blanked too (what stands in a template's
 * `${…}` stays). Regular expressions are left as they are: none of ours looks like a comment or like what is forbidden.
 */
function codeOf(source: string, strings: "keep" | "blank" = "blank"): string {
  let code = "";
  let at = 0;
  const templates: number[] = [];
  while (at < source.length) {
    const two = source.slice(at, at + 2);
    const one = source[at] ?? "";
    if (two === "//" && !/[\\[:]$/.test(code)) {
      const end = source.indexOf("\n", at);
      at = end < 0 ? source.length : end;
    } else if (two === "/*" && !/[\\[(*.^]$/.test(code)) {
      const end = source.indexOf("*/", at + 2);
      at = end < 0 ? source.length : end + 2;
    } else if (one === '"' || one === "'") {
      const end = endOfString(source, at, one);
      code += strings === "keep" ? source.slice(at, end) : one + one;
      at = end;
    } else if (one === "`" || (one === "}" && templates.at(-1) === 0)) {
      if (one === "}") templates.pop();
      const { end, opens } = endOfTemplate(source, at + 1);
      code += strings === "keep" ? source.slice(at, end) : "`";
      at = end;
      if (opens) templates.push(0);
    } else {
      const depth = templates.pop();
      if (depth !== undefined) templates.push(depth + (one === "{" ? 1 : one === "}" ? -1 : 0));
      code += one;
      at += 1;
    }
  }
  return code;
}

function endOfString(source: string, from: number, quote: string): number {
  let at = from + 1;
  while (at < source.length && source[at] !== quote && source[at] !== "\n") at += source[at] === "\\" ? 2 : 1;
  // A quote that its line doesn't close stands in a regular expression.
  return source[at] === quote ? at + 1 : from + 1;
}

function endOfTemplate(source: string, from: number): { end: number; opens: boolean } {
  let at = from;
  while (at < source.length && source[at] !== "`") {
    if (source.slice(at, at + 2) === "${") return { end: at + 2, opens: true };
    at += source[at] === "\\" ? 2 : 1;
  }
  return { end: at + 1, opens: false };
}

function read(file: string): string {
  return readFileSync(join(ROOT, file), "utf8");
}

/** Everything a file imports, types included: `src/domain/ids.ts` for our own, the package's name for others. */
function importsOf(file: string): string[] {
  const code = codeOf(read(file), "keep");
  const specifiers = [
    /^\s*(?:import|export)\b[^;"'`]*?\bfrom\s*["']([^"']+)["']/gm,
    /^\s*import\s*["']([^"']+)["']/gm,
    /\b(?:import|require|load)\(\s*["']([^"']+)["']/g,
  ].flatMap((pattern) => [...code.matchAll(pattern)].map((match) => match[1] ?? ""));
  return [...new Set(specifiers)].map((name) => (name.startsWith(".") ? posix.join(dirname(file), name) : name));
}

const DOMAIN = "^src/domain/";
const NODE = "^node:";
const EXPRESS = "^express$";
const ZOD = "^zod$";

/** Folder or file → what it may import beside itself. The longest match counts. Everything else is refused. */
const MAY_IMPORT: Record<string, string[]> = {
  "src/domain/": [ZOD],
  "conversations/": [DOMAIN, ZOD, "^luxon$", "^chrono-node(/en)?$"],
  "src/store/": [DOMAIN, ZOD, NODE, "^drizzle-orm(/|$)", "^better-sqlite3$", "^pg$"],
  // The operator's list of accounts is YAML.
  "src/aws/": [DOMAIN, ZOD, NODE, "^@aws-sdk/", "^@smithy/", "^luxon$", "^yaml$"],
  "src/report/": [DOMAIN, ZOD, NODE, "^echarts(/|$)", "^@resvg/resvg-js$"],
  // Parsers of what people upload run in a thread of their own.
  "src/report/intake-worker.ts": [DOMAIN, ZOD, NODE, "^src/report/intake\\.ts$", "^@cdktn/hcl2json$", "^yaml$"],
  "src/app/": [DOMAIN, ZOD, "^conversations/", "^src/(log|metrics|when-it-fits)\\.ts$", "^node:crypto$"],
  "adapters/cards/": [DOMAIN, ZOD],
  "adapters/slack/": [DOMAIN, ZOD, NODE, EXPRESS, "^@slack/"],
  "adapters/teams/": [
    ...[DOMAIN, ZOD, NODE, EXPRESS],
    ...["^botbuilder$", "^botframework-", "^adapters/cards/", "^src/when-it-fits\\.ts$"],
  ],
  // The app package's pictures are drawn when it is made, never while the bot runs.
  "adapters/teams/icons.ts": ["^@resvg/resvg-js$"],
  "adapters/web/": [DOMAIN, ZOD, NODE, EXPRESS, "^adaptivecards$", "^adapters/cards/"],
  "src/catalogue-files.ts": [DOMAIN, ZOD, NODE, "^yaml$", "^conversations/"],
  "src/clock.ts": [DOMAIN, ZOD],
  "src/config.ts": [DOMAIN, "^src/config-"],
  "src/config-checks.ts": ["^src/config-variables\\.ts$"],
  "src/config-variables.ts": [ZOD, "^luxon$"],
  "src/http.ts": [DOMAIN, ZOD, NODE, EXPRESS],
  "src/log.ts": ["^pino$", "^src/config-variables\\.ts$"],
  "src/mask.ts": ["^@secretlint/"],
  "src/metrics.ts": ["^prom-client$"],
  "src/": [DOMAIN, ZOD, NODE],
};

/** They wire the program together: they may import all, and only they may import each other. */
const COMPOSITION = ["src/main.ts", "src/boot.ts", "src/setup.ts", "src/facilities.ts", "src/manifest.ts"];

function placeOf(file: string): string {
  const places = Object.keys(MAY_IMPORT).filter((place) => file.startsWith(place));
  return places.sort((a, b) => b.length - a.length)[0] ?? "";
}

/** What `files` import against the table, as `file → import`. */
function refused(files: readonly string[]): string[] {
  return files.flatMap((file) => {
    const place = placeOf(file);
    const allowed = (MAY_IMPORT[place] ?? []).map((pattern) => new RegExp(pattern));
    return importsOf(file)
      .filter((name) => !(place.endsWith("/") && place !== "src/" && name.startsWith(place)))
      .filter((name) => !allowed.some((pattern) => pattern.test(name)))
      .map((name) => `${file} → ${name}`);
  });
}

const here = "test/boundaries.test.ts";
const product = ["src", "adapters", "conversations"].flatMap(sourceFilesIn);
const everything = [...product, ...["test", "bench"].flatMap(sourceFilesIn)];

/** Lines of code (no comments, no strings) in which `pattern` is found, as `file:line`. */
function found(files: readonly string[], pattern: RegExp, strings: "keep" | "blank" = "blank"): string[] {
  return files.flatMap((file) =>
    codeOf(read(file), strings)
      .split("\n")
      .flatMap((line, index) => (pattern.test(line) ? [`${file}:${index + 1} ${line.trim().slice(0, 80)}`] : [])),
  );
}

describe("imports", () => {
  it.each(Object.keys(MAY_IMPORT))("of %s keep the table", (place) => {
    expect(refused(product.filter((file) => placeOf(file) === place && !COMPOSITION.includes(file)))).toEqual([]);
  });
  it("no file of the product stands outside the table", () => {
    expect(product.filter((file) => placeOf(file) === "")).toEqual([]);
  });
  it("nobody imports main.ts, and nothing but the wiring imports the wiring", () => {
    expect(everything.filter((file) => importsOf(file).includes("src/main.ts"))).toEqual([]);
    const parts = product.filter((file) => !COMPOSITION.includes(file));
    expect(parts.filter((file) => importsOf(file).some((name) => COMPOSITION.includes(name)))).toEqual([]);
  });
  it("the product imports no test and no bench", () => {
    expect(product.filter((file) => importsOf(file).some((name) => /^(?:test|bench)\//.test(name)))).toEqual([]);
  });
  it("only migrate.ts reads migrations/", () => {
    const readers = found(product, /["'`/]migrations["'`/]/, "keep").map((line) => line.split(":")[0]);
    expect(readers.filter((file) => file !== "src/store/migrate.ts")).toEqual([]);
  });
});

describe("the environment", () => {
  it("is read by config.ts alone", () => {
    const readers = found(product, /\bprocess\.env\b|\bloadEnvFile\b/);
    expect(readers.filter((line) => !line.startsWith("src/config.ts:"))).toEqual([]);
  });
});

describe("the core", () => {
  const core = product.filter((file) => /^(?:conversations|src\/domain)\//.test(file));

  it("asks nobody for the time: it is an argument", () => {
    expect(found(core, /\bDate\.now\b|\bnew Date\(\s*\)|(?<!new )\bDate\(\s*\)|\bperformance\.now\b/)).toEqual([]);
    expect(found(core, /\bDateTime\.(?:now|utc|local)\(\s*\)/)).toEqual([]);
  });
  it("throws no dice and knows no process", () => {
    expect(
      found(
        core,
        /\bMath\.random\b|\bcrypto\.|\bprocess\.|\bconsole\.|\bfetch\(|\bset(?:Timeout|Interval|Immediate)\(/,
      ),
    ).toEqual([]);
    expect(found(core, /\bresolvedOptions\(/)).toEqual([]);
  });
  it("is synchronous", () => {
    const conversations = core.filter((file) => file.startsWith("conversations/"));
    expect(found(conversations, /\basync\b|\bawait\b|\.then\(/)).toEqual([]);
  });
  it("SQL never asks for the time", () => {
    const sql = readdirSync(join(ROOT, "migrations"), { recursive: true, encoding: "utf8" }).filter((name) =>
      name.endsWith(".sql"),
    );
    const store = product.filter((file) => file.startsWith("src/store/"));
    const asks =
      /\bcurrent_timestamp\b|(?<!\.)\bnow\(\)|\b(?:datetime|unixepoch|julianday|strftime)\s*\(|\bclock_timestamp\b/i;
    expect(sql.filter((name) => asks.test(read(join("migrations", name))))).toEqual([]);
    expect(found(store, asks, "keep")).toEqual([]);
  });
});

describe("habits", () => {
  it("types are not talked out of the compiler", () => {
    expect(found(everything, /\bas unknown as\b|\bas any\b/)).toEqual([]);
    expect(found(product, /: any\b|\bany\[\]|<any\b/)).toEqual([]);
    const silenced = everything.filter(
      (file) => file !== here && /@ts-(?:ignore|expect-error|nocheck)|biome-ignore/.test(read(file)),
    );
    expect(silenced).toEqual([]);
  });
  it("nothing is left for later in a comment", () => {
    expect(everything.filter((file) => file !== here && /\b(?:TODO|FIXME|XXX)\b/.test(read(file)))).toEqual([]);
  });
  it("modules are not mocked, and no test is left alone or out", () => {
    expect(
      found(everything, /\bvi\.(?:mock|doMock|stubGlobal)\(|\b(?:it|describe|test)\.(?:only|skip|todo)\b/),
    ).toEqual([]);
  });
});

describe("this test can fail", () => {
  it("sees code in templates, and none in comments and strings", () => {
    const source = [
      "// Date.now()",
      'const a = "Date.now()"; /* Date.now() */ const b = `x $' + "{Date.now()} Date.now`;",
      "const c = /[\"']/; Math.random();",
    ].join("\n");
    expect(codeOf(source).match(/Date\.now/g)).toHaveLength(1);
    expect(codeOf(source)).toContain("Math.random");
    expect(codeOf('const url = "https://x"; process.env')).toContain("process.env");
    expect(codeOf("const pattern = /https?:\\/\\//; process.env")).toContain("process.env");
  });
  it("sees every kind of import", () => {
    expect(importsOf("src/metrics.ts")).toContain("prom-client");
    expect(importsOf("src/store/drizzle.ts")).toContain("drizzle-orm");
    expect(importsOf("conversations/hours.ts")).toEqual(
      expect.arrayContaining(["luxon", "src/domain/person.ts", "conversations/dates.ts"]),
    );
    expect(importsOf(here)).toContain("vitest");
  });
  it("refuses what the table doesn't allow", () => {
    expect(refused([here])).toContain(`${here} → vitest`);
    expect(refused(["src/config.ts"])).toEqual([]);
    expect(placeOf("conversations/catalogue/index.ts")).toBe("conversations/");
    expect(placeOf("src/config-checks.ts")).toBe("src/config-checks.ts");
    expect(placeOf("src/new.ts")).toBe("src/");
    expect(placeOf("lib/x.ts")).toBe("");
  });
});

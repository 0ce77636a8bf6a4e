import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterEach, describe, expect, it } from "vitest";
import { type Environment, explainConfig, loadConfig, readEnvironment } from "../../src/config.ts";
import { VARIABLES } from "../../src/config-variables.ts";
import { ConfigError } from "../../src/domain/errors.ts";

function problemsOf(environment: Environment): string[] {
  try {
    loadConfig(environment);
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
}
const problemOf = (environment: Environment) => problemsOf(environment).join("\n");

const slack = { SLACK_BOT_TOKEN: "xoxb-1", SLACK_SIGNING_SECRET: "s" };
const teams = {
  MicrosoftAppId: "app",
  MicrosoftAppPassword: "p",
  MicrosoftAppTenantId: "t",
  SECRET_KEY: "k".repeat(32),
};

describe("with nothing set", () => {
  it("the web channel is on, on this machine, on a file", () => {
    expect(loadConfig({})).toEqual({
      host: "127.0.0.1",
      port: 3000,
      onLoopback: true,
      databaseUrl: "file:./data/t-minus.db",
      web: { on: true },
      catalogueFiles: [],
      answerSettleMs: 6_000,
      logLevel: "info",
      warnings: [],
    });
  });
  it("blank is unset", () => {
    const blank = Object.fromEntries(Object.keys(VARIABLES).map((name) => [name, "  "]));
    expect(loadConfig(blank)).toEqual(loadConfig({}));
  });
  it("the configuration can't be changed", () => {
    const config = loadConfig({ ...slack });
    expect(
      Object.isFrozen(config) && Object.isFrozen(config.slack) && Object.isFrozen(config.slack?.teamsAllowed),
    ).toBe(true);
  });
});

describe("platforms", () => {
  it("turn the web channel off, unless it is asked for", () => {
    expect(loadConfig(slack).web.on).toBe(false);
    expect(loadConfig({ TEAMS: "local" }).web.on).toBe(false);
    expect(loadConfig({ ...slack, WEB_CHANNEL: "on" }).web.on).toBe(true);
  });
  it("Slack takes a bot token with a signing secret, or with Socket Mode", () => {
    expect(loadConfig({ ...slack, SLACK_TEAMS_ALLOWED: "T1, E2" }).slack).toEqual({
      botToken: "xoxb-1",
      signingSecret: "s",
      command: "/readiness",
      teamsAllowed: ["T1", "E2"],
    });
    expect(loadConfig({ SLACK_BOT_TOKEN: "xoxb-1", SLACK_APP_TOKEN: "xapp-1" }).slack).toMatchObject({
      appToken: "xapp-1",
    });
    expect(problemOf({ SLACK_BOT_TOKEN: "xoxb-1" })).toContain("SLACK_SIGNING_SECRET: is missing");
    expect(problemOf({ SLACK_SIGNING_SECRET: "s" })).toContain("SLACK_BOT_TOKEN: is missing");
  });
  it("Slack's OAuth needs its three variables, and a key", () => {
    expect(problemsOf({ SLACK_CLIENT_ID: "1", SLACK_SIGNING_SECRET: "s" }).map((line) => line.split(":")[0])).toEqual([
      "SLACK_CLIENT_SECRET",
      "SLACK_STATE_SECRET",
      "SECRET_KEY",
    ]);
  });
  it("Teams needs its tenant, password and a key; a managed identity has no password", () => {
    expect(loadConfig(teams).teams).toMatchObject({
      local: false,
      settings: { MicrosoftAppId: "app", MicrosoftAppType: "SingleTenant" },
    });
    expect(problemsOf({ MicrosoftAppId: "app" }).map((line) => line.split(":")[0])).toEqual([
      "MicrosoftAppPassword",
      "MicrosoftAppTenantId",
      "SECRET_KEY",
    ]);
    expect(problemOf({ ...teams, MicrosoftAppType: "UserAssignedMSI" })).toContain("a managed identity has none");
    expect(problemOf({ MicrosoftAppPassword: "p" })).toContain("MicrosoftAppId: is missing");
  });
  it("TEAMS=local needs no key, and stays on this machine without a real bot beside it", () => {
    expect(loadConfig({ TEAMS: "local" }).teams).toMatchObject({ local: true, settings: {} });
    expect(problemOf({ TEAMS: "local", HOST: "0.0.0.0" })).toContain("HOST: TEAMS=local");
    expect(problemOf({ ...teams, TEAMS: "local" })).toContain("no authentication");
    expect(problemOf({ TEAMS: "prod" })).toContain('TEAMS: "prod" is none of local. Example: TEAMS=local');
  });
});

describe("beyond this machine", () => {
  it("the web channel asks for a token, with the line to add", () => {
    expect(problemOf({ HOST: "0.0.0.0" })).toContain("Example: WEB_CHANNEL_TOKEN=");
    expect(loadConfig({ HOST: "0.0.0.0", WEB_CHANNEL_TOKEN: "x".repeat(20) }).web).toEqual({
      on: true,
      token: "x".repeat(20),
    });
    expect(loadConfig({ HOST: "0.0.0.0", ...slack }).onLoopback).toBe(false);
    expect(problemOf({ HOST: "::1" })).toBe("");
  });
  it("links need a key, and https", () => {
    expect(problemOf({ PUBLIC_URL: "https://t.example.com" })).toContain("SECRET_KEY: is missing; links");
    expect(problemOf({ PUBLIC_URL: "http://t.example.com", SECRET_KEY: "k" })).toContain("must begin with https://");
    expect(loadConfig({ PUBLIC_URL: "https://t.example.com/", SECRET_KEY: "k".repeat(32) }).publicUrl).toBe(
      "https://t.example.com",
    );
  });
});

describe("AWS", () => {
  it("is in use only when something says so", () => {
    expect(loadConfig({ AWS_ACCESS_KEY_ID: "AKIA", AWS_SECRET_ACCESS_KEY: "s" }).aws).toBeUndefined();
    expect(loadConfig({ AWS_REGION: "eu-west-1" }).aws).toEqual({ region: "eu-west-1" });
    for (const name of [
      "AWS_PROFILE",
      "AWS_ACCOUNTS",
      "AWS_WEB_IDENTITY_TOKEN_FILE",
      "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
    ]) {
      expect(loadConfig({ [name]: "x" }).aws, name).toBeDefined();
    }
    expect(loadConfig({ AWS_ENDPOINT_URL_SERVICE_QUOTAS: "http://127.0.0.1:1" }).aws).toBeDefined();
  });
  it("is needed for Bedrock, and a guardrail is whole", () => {
    expect(problemOf({ BEDROCK_MODEL_ID: "m" })).toContain("AWS_REGION: is missing");
    expect(problemOf({ BEDROCK_MODEL_ID: "m", AWS_REGION: "eu-west-1", BEDROCK_GUARDRAIL_ID: "g" })).toContain(
      "BEDROCK_GUARDRAIL_VERSION",
    );
    expect(
      loadConfig({
        BEDROCK_MODEL_ID: "m",
        AWS_REGION: "eu-west-1",
        BEDROCK_GUARDRAIL_ID: "g",
        BEDROCK_GUARDRAIL_VERSION: "1",
      }).bedrock,
    ).toEqual({ modelId: "m", guardrail: { id: "g", version: "1" } });
  });
});

describe("a simulated calendar", () => {
  it("runs at 1 unless told otherwise", () => {
    expect(loadConfig({ CLOCK_START: "2026-10-16T08:00:00Z" }).clock).toEqual({
      start: Date.UTC(2026, 9, 16, 8),
      speed: 1,
    });
    expect(loadConfig({ CLOCK_SPEED: "86400" }).clock).toEqual({ speed: 86_400 });
    expect(loadConfig({ CLOCK_START: "2026-10-16T08:00:00+02:00", CLOCK_SPEED: "0" }).clock).toEqual({
      start: Date.UTC(2026, 9, 16, 6),
      speed: 0,
    });
  });
  it("is refused beside any platform or AWS endpoint that is not on this machine", () => {
    const clock = { CLOCK_START: "2026-10-16T08:00:00Z" };
    expect(problemOf({ ...clock, ...slack })).toContain("Slack (SLACK_API_URL)");
    expect(problemOf({ ...clock, ...slack, SLACK_API_URL: "http://127.0.0.1:9/api/" })).toBe("");
    expect(problemOf({ ...clock, ...slack, SLACK_API_URL: "http://127.0.0.1.example.com/api/" })).toContain("Slack");
    expect(problemOf({ ...clock, ...teams })).toContain("Teams");
    expect(
      problemOf({
        ...clock,
        ...teams,
        ToChannelFromBotLoginUrl: "http://127.0.0.1:9",
        ToBotFromChannelOpenIdMetadataUrl: "http://localhost:9/x",
      }),
    ).toBe("");
    expect(problemOf({ ...clock, TEAMS: "local" })).toBe("");
    expect(problemOf({ ...clock, AWS_REGION: "eu-west-1" })).toContain("AWS (AWS_ENDPOINT_URL)");
    expect(problemOf({ ...clock, AWS_ENDPOINT_URL_EC2: "http://127.0.0.1:9" })).toContain("AWS (AWS_ENDPOINT_URL)");
    expect(
      problemOf({
        ...clock,
        AWS_ENDPOINT_URL: "http://127.0.0.1:9",
        AWS_ENDPOINT_URL_EC2: "https://ec2.amazonaws.com",
      }),
    ).toContain("AWS (AWS_ENDPOINT_URL_EC2)");
    expect(problemOf({ ...clock, AWS_REGION: "eu-west-1", AWS_ENDPOINT_URL: "http://[::1]:9" })).toBe("");
  });
});

describe("what is wrong", () => {
  it.each([
    ["PORT", "abc"],
    ["PORT", "70000"],
    ["HOST", "two words"],
    ["DATABASE_URL", "mysql://x"],
    ["SLACK_BOT_TOKEN", "secret-thing"],
    ["SLACK_COMMAND", "readiness"],
    ["SLACK_TEAMS_ALLOWED", "T1,me"],
    ["SLACK_API_URL", "slack.com"],
    ["TEAMS", "on"],
    ["AWS_REGION", "ireland"],
    ["AWS_ENDPOINT_URL", "localhost:4566"],
    ["WEB_CHANNEL", "yes"],
    ["PUBLIC_URL", "t.example.com"],
    ["ANSWER_SETTLE", "6s"],
    ["ANSWER_SETTLE", "P1D"],
    ["CLOCK_START", "tomorrow"],
    ["CLOCK_SPEED", "fast"],
    ["RETENTION_DAYS", "0"],
    ["LOG_LEVEL", "loud"],
  ])("%s=%s is named, with an example", (name, value) => {
    const found = problemsOf({ [name]: value }).find((line) => line.startsWith(`${name}:`)) ?? "";
    expect(found).toContain(`Example: ${name}=`);
  });
  it("is named all at once", () => {
    const environment = { PORT: "x", LOG_LEVEL: "loud", HOST: "0.0.0.0", RETENTION_DAYS: "-1" };
    expect(problemsOf(environment)).toHaveLength(4);
    const said = explainConfig(new ConfigError(problemsOf(environment)));
    expect(said).toContain("4 settings are wrong:\n  - PORT:");
  });
  it("never repeats a secret", () => {
    expect(problemOf({ SLACK_BOT_TOKEN: "hunter2hunter2" })).not.toContain("hunter2");
    expect(problemOf({ DATABASE_URL: "mysql://root:hunter2@db/x" })).not.toContain("hunter2");
    expect(problemOf({ WEB_CHANNEL_TOKEN: "hunter2 hunter2" })).not.toContain("hunter2");
  });
  it("but what this version lacks is said so", () => {
    expect(problemOf({ DATABASE_URL: "postgres://db/x" })).toContain("not in this version");
    expect(problemOf({ DLT_API_URL: "https://x.example.com" })).toContain("not in this version");
  });
  it.each([
    "file:./data/x.db",
    "file:/var/lib/t-minus.db",
    "file:///var/lib/t-minus.db",
    "file:x.db?max_page_count=40",
  ])("%s is a database", (url) => {
    expect(loadConfig({ DATABASE_URL: url }).databaseUrl).toBe(url);
  });
  it.each(["file:", "file://host/x.db", "file:data/", "data.db"])("%s is none", (url) => {
    expect(problemOf({ DATABASE_URL: url })).toContain("DATABASE_URL");
  });
  it("whatever is set, the answer is a configuration or sentences", () => {
    fc.assert(
      fc.property(
        fc.dictionary(
          fc.constantFrom(...Object.keys(VARIABLES), "AWS_ENDPOINT_URL_X"),
          fc.string({ unit: "binary", maxLength: 20 }),
        ),
        (environment) => problemsOf(environment).every((line) => line.length > 10),
      ),
      { seed: 1, numRuns: 300 },
    );
  });
});

describe("a .env file", () => {
  const folder = mkdtempSync(join(tmpdir(), "t-minus-env-"));
  afterEach(() => rmSync(join(folder, ".env"), { force: true }));

  it("fills in what isn't set, and overrides nothing", () => {
    process.env.T_MINUS_TEST_SET = "from outside";
    writeFileSync(join(folder, ".env"), 'T_MINUS_TEST_SET=from file\nT_MINUS_TEST_NEW="two words" # why\n');
    const environment = readEnvironment(join(folder, ".env"));
    expect(environment).toMatchObject({ T_MINUS_TEST_SET: "from outside", T_MINUS_TEST_NEW: "two words" });
    delete process.env.T_MINUS_TEST_SET;
    delete process.env.T_MINUS_TEST_NEW;
  });
  it("may be absent", () => {
    expect(readEnvironment(join(folder, ".env"))).toBe(process.env);
  });
  it("that is a folder is named", () => {
    expect(() => readEnvironment(folder)).toThrow(/can't be read/);
  });
});

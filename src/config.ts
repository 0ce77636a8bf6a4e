import { crossChecks } from "./config-checks.ts";
import {
  isLoopbackHost,
  isVariable,
  type LogLevel,
  problemWith,
  SECRET,
  VARIABLES,
  type Values,
  type VariableName,
} from "./config-variables.ts";
import { ConfigError } from "./domain/errors.ts";

/** The only reader of the environment. What isn't set is off or has the contract's default. */

type SlackSettings = {
  botToken?: string;
  signingSecret?: string;
  appToken?: string;
  clientId?: string;
  clientSecret?: string;
  stateSecret?: string;
  apiUrl?: string;
  command: string;
  teamsAllowed: string[];
  publicUrl?: string;
  secretKey?: string;
};

/** botbuilder's own names. */
export const BOT_SETTINGS = [
  "MicrosoftAppId",
  "MicrosoftAppPassword",
  "MicrosoftAppType",
  "MicrosoftAppTenantId",
  "ChannelService",
  "OAuthUrl",
  "ToChannelFromBotLoginUrl",
  "ToChannelFromBotOAuthScope",
  "ToBotFromChannelTokenIssuer",
  "ToBotFromChannelOpenIdMetadataUrl",
  "ToBotFromEmulatorOpenIdMetadataUrl",
  "ValidateAuthority",
] as const;
export type BotSettings = { [name in (typeof BOT_SETTINGS)[number]]?: string };

export type Config = Readonly<{
  host: string;
  port: number;
  /** `host` is this machine only. */
  onLoopback: boolean;
  databaseUrl: string;
  slack?: Readonly<SlackSettings>;
  teams?: Readonly<{ settings: BotSettings; local: boolean; tenantsAllowed: string[]; publicUrl?: string }>;
  web: Readonly<{ on: boolean; token?: string }>;
  /** Present when AWS is in use. `region` may come from the SDK's own profile instead. */
  aws?: Readonly<{ region?: string; accountsFile?: string }>;
  bedrock?: Readonly<{ modelId: string; guardrail?: { id: string; version: string } }>;
  /** Paths as given. */
  catalogueFiles: string[];
  publicUrl?: string;
  secretKey?: string;
  answerSettleMs: number;
  /** A simulated calendar. `start` (ms) absent: it begins when it is first started. */
  clock?: Readonly<{ start?: number; speed: number }>;
  retentionDays?: number;
  logLevel: LogLevel;
  /** Sentences for the log: nothing that stops a start. */
  warnings: string[];
}>;

export type Environment = Record<string, string | undefined>;

/**
 * `.env` beside the working directory, if there is one, then the process's own environment, which wins.
 *
 * @throws {ConfigError} the file is there and can't be read
 */
export function readEnvironment(file = ".env"): Environment {
  try {
    process.loadEnvFile(file);
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : undefined;
    if (code !== "ENOENT") {
      throw new ConfigError([
        `${file}: the file can't be read (${code ?? "unknown error"}). Make it readable, or remove it.`,
      ]);
    }
  }
  return process.env;
}

/**
 * @throws {ConfigError} with every problem at once, each with an example
 */
export function loadConfig(environment: Environment): Config {
  const problems: string[] = [];
  const values = readValues(environment, problems);
  const used = {
    slack: anySet(environment, [
      "SLACK_BOT_TOKEN",
      "SLACK_SIGNING_SECRET",
      "SLACK_APP_TOKEN",
      "SLACK_CLIENT_ID",
      "SLACK_CLIENT_SECRET",
    ]),
    teams: anySet(environment, ["MicrosoftAppId", "MicrosoftAppPassword", "TEAMS"]),
    aws: Object.keys(environment).some((name) => AWS_IN_USE.test(name) && given(environment, name) !== undefined),
  };
  const host = values.HOST ?? "127.0.0.1";
  const web = values.WEB_CHANNEL === undefined ? !used.slack && !used.teams : values.WEB_CHANNEL === "on";
  const warnings: string[] = [];
  const isSet = (name: VariableName) => given(environment, name) !== undefined;
  const awsEndpoints = Object.entries(environment).flatMap(([name, value]) =>
    name.startsWith("AWS_ENDPOINT_URL") && value !== undefined && value.trim() !== ""
      ? [{ name, value: value.trim() }]
      : [],
  );
  crossChecks({ values, isSet, used, host, web, awsEndpoints, problems, warnings });
  if (problems.length > 0) throw new ConfigError(problems);
  return freeze({
    host,
    port: values.PORT ?? 3000,
    onLoopback: isLoopbackHost(host),
    databaseUrl: values.DATABASE_URL ?? "file:./data/t-minus.db",
    ...(used.slack && { slack: slackSettings(values) }),
    ...(used.teams && { teams: teamsSettings(values) }),
    web: { on: web, ...defined({ token: values.WEB_CHANNEL_TOKEN }) },
    ...(used.aws && { aws: defined({ region: values.AWS_REGION, accountsFile: values.AWS_ACCOUNTS }) }),
    ...(values.BEDROCK_MODEL_ID !== undefined && { bedrock: bedrockSettings(values.BEDROCK_MODEL_ID, values) }),
    catalogueFiles: values.CATALOGUE_FILES ?? [],
    ...defined({ publicUrl: values.PUBLIC_URL, secretKey: values.SECRET_KEY, retentionDays: values.RETENTION_DAYS }),
    answerSettleMs: values.ANSWER_SETTLE ?? 6_000,
    ...((values.CLOCK_START !== undefined || values.CLOCK_SPEED !== undefined) && {
      clock: { speed: values.CLOCK_SPEED ?? 1, ...defined({ start: values.CLOCK_START }) },
    }),
    logLevel: values.LOG_LEVEL ?? "info",
    warnings,
  });
}

/** The files that the environment names, also where something else in it is wrong. */
export function namedFiles(environment: Environment): { catalogueFiles: string[]; accountsFile?: string } {
  const { CATALOGUE_FILES, AWS_ACCOUNTS } = readValues(environment, []);
  return { catalogueFiles: CATALOGUE_FILES ?? [], ...defined({ accountsFile: AWS_ACCOUNTS }) };
}

/** What `main` prints before it exits with 78. */
export function explainConfig({ problems }: ConfigError): string {
  const head = problems.length === 1 ? "One setting is wrong:" : `${problems.length} settings are wrong:`;
  const lines = problems.map((problem) => `  - ${problem}`);
  return `T-Minus can't start. ${head}\n${lines.join("\n")}\nSet them in the environment or in a file named .env, and start again.`;
}

/** AWS is in use only when one of these is set: credentials that merely lie about are not a wish. */
const AWS_IN_USE =
  /^AWS_(?:REGION|PROFILE|ACCOUNTS|ENDPOINT_URL(?:_.+)?|CONTAINER_CREDENTIALS_(?:RELATIVE|FULL)_URI|WEB_IDENTITY_TOKEN_FILE)$/;

/** Blank is unset, as `docker run -e NAME=` leaves it. */
function given(environment: Environment, name: string): string | undefined {
  const value = environment[name]?.trim();
  return value === "" ? undefined : value;
}

function anySet(environment: Environment, names: VariableName[]): boolean {
  return names.some((name) => given(environment, name) !== undefined);
}

function readValues(environment: Environment, problems: string[]): Values {
  const values: Record<string, unknown> = {};
  for (const [name, { schema }] of Object.entries(VARIABLES)) {
    const value = given(environment, name);
    if (value === undefined || !isVariable(name)) continue;
    const read = schema.safeParse(value);
    if (read.success) values[name] = read.data;
    else {
      const what = read.error.issues[0]?.message ?? "can't be used";
      const shown = value.length > 60 ? `${value.slice(0, 60)}…` : value.replace(/:\/\/[^/@\s]*@/, "://…@");
      problems.push(problemWith(name, SECRET.test(name) ? `the value ${what}` : `"${shown}" ${what}`));
    }
  }
  return values;
}

function slackSettings(values: Values): SlackSettings {
  return {
    command: values.SLACK_COMMAND ?? "/readiness",
    teamsAllowed: values.SLACK_TEAMS_ALLOWED ?? [],
    ...defined({
      botToken: values.SLACK_BOT_TOKEN,
      signingSecret: values.SLACK_SIGNING_SECRET,
      appToken: values.SLACK_APP_TOKEN,
      clientId: values.SLACK_CLIENT_ID,
      clientSecret: values.SLACK_CLIENT_SECRET,
      stateSecret: values.SLACK_STATE_SECRET,
      apiUrl: values.SLACK_API_URL,
      publicUrl: values.PUBLIC_URL,
      secretKey: values.SECRET_KEY,
    }),
  };
}

function teamsSettings(values: Values): NonNullable<Config["teams"]> {
  const settings: BotSettings = {};
  for (const name of BOT_SETTINGS) {
    const value = values[name];
    if (value !== undefined) settings[name] = value;
  }
  if (settings.MicrosoftAppId !== undefined) settings.MicrosoftAppType ??= "SingleTenant";
  return {
    settings,
    local: values.TEAMS === "local",
    tenantsAllowed: values.TEAMS_TENANTS_ALLOWED ?? [],
    ...defined({ publicUrl: values.PUBLIC_URL }),
  };
}

function bedrockSettings(modelId: string, values: Values): NonNullable<Config["bedrock"]> {
  const { BEDROCK_GUARDRAIL_ID: id, BEDROCK_GUARDRAIL_VERSION: version } = values;
  return { modelId, ...(id !== undefined && version !== undefined && { guardrail: { id, version } }) };
}

type Defined<Fields> = { [Name in keyof Fields]?: Exclude<Fields[Name], undefined> };

/** Leaves out what is undefined. */
function defined<Fields extends Record<string, unknown>>(fields: Fields): Defined<Fields> {
  const kept: Defined<Fields> = {};
  for (const name in fields) {
    const value = fields[name];
    if (isDefined(value)) kept[name] = value;
  }
  return kept;
}

function isDefined<Value>(value: Value): value is Exclude<Value, undefined> {
  return value !== undefined;
}

function freeze<Value>(value: Value): Value {
  if (typeof value === "object" && value !== null) {
    for (const part of Object.values(value)) freeze(part);
    Object.freeze(value);
  }
  return value;
}

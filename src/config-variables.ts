import { Duration } from "luxon";
import { z } from "zod";

/** Every variable of the contract that has a shape, with an example for the message when it is wrong. */

export const LOG_LEVELS = ["trace", "debug", "info", "warn", "error", "fatal", "silent"] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

const text = z.string();
const list = z.string().transform((value) => value.split(/[\s,]+/).filter((item) => item !== ""));
const url = z
  .string()
  .refine((value) => URL.canParse(value) && /^https?:$/.test(new URL(value).protocol), "is not an http(s) address");
const oneOf = <const Values extends readonly string[]>(values: Values) =>
  z.enum(values, `is none of ${values.join(", ")}`);

/** Values of these are never repeated in a message. */
export const SECRET = /TOKEN|SECRET|PASSWORD|KEY/i;

type Variable<Value> = { schema: z.ZodType<Value>; example: string };
const variable = <Value>(schema: z.ZodType<Value>, example: string): Variable<Value> => ({ schema, example });

/** Each is judged on its own, so that all problems are named at once. */
export const VARIABLES = {
  PORT: variable(
    z
      .string()
      .refine((value) => /^\d{1,5}$/.test(value) && Number(value) <= 65_535, "is not a port from 0 to 65535")
      .transform(Number),
    "3000",
  ),
  HOST: variable(z.string().regex(/^[A-Za-z0-9.:[\]_-]{1,253}$/, "is not an address to listen on"), "127.0.0.1"),
  DATABASE_URL: variable(
    z
      .string()
      .refine((value) => !/^postgres(ql)?:/i.test(value), "PostgreSQL is not in this version; use a file")
      .refine(
        (value) => /^postgres(ql)?:/i.test(value) || /^file:(?!\/\/[^/])[^?]*[^/?](?:\?|$)/.test(value),
        "is not the address of a database file",
      ),
    "file:./data/t-minus.db",
  ),
  SLACK_BOT_TOKEN: variable(z.string().regex(/^xox/, "is not a bot token"), "xoxb-…"),
  SLACK_SIGNING_SECRET: variable(text, "8f74…"),
  SLACK_APP_TOKEN: variable(z.string().regex(/^xapp-/, "is not an app-level token"), "xapp-1-…"),
  SLACK_CLIENT_ID: variable(text, "1234567890.1234567890"),
  SLACK_CLIENT_SECRET: variable(text, "9c2e…"),
  SLACK_STATE_SECRET: variable(text, "any-long-random-words"),
  SLACK_API_URL: variable(url, "https://slack-gov.com/api/"),
  SLACK_COMMAND: variable(
    z.string().regex(/^\/[a-z0-9_-]{1,31}$/, "is not a slash command (lower case, begins with /)"),
    "/readiness",
  ),
  SLACK_TEAMS_ALLOWED: variable(
    list.refine(
      (ids) => ids.every((id) => /^[TE][A-Z0-9]+$/.test(id)),
      "holds something that is no workspace (T…) or organisation (E…) id",
    ),
    "T024BE7LD,E0123ABCD",
  ),
  MicrosoftAppId: variable(text, "00000000-0000-0000-0000-000000000000"),
  MicrosoftAppPassword: variable(text, "the client secret's value"),
  MicrosoftAppType: variable(
    z
      .string()
      .regex(/^(SingleTenant|MultiTenant|UserAssignedMSI)$/i, "is none of SingleTenant, MultiTenant, UserAssignedMSI"),
    "SingleTenant",
  ),
  MicrosoftAppTenantId: variable(text, "00000000-0000-0000-0000-000000000000"),
  ChannelService: variable(text, "https://botframework.azure.us"),
  OAuthUrl: variable(url, "https://token.botframework.com"),
  ToChannelFromBotLoginUrl: variable(url, "https://login.microsoftonline.com/botframework.com"),
  ToChannelFromBotOAuthScope: variable(text, "https://api.botframework.com"),
  ToBotFromChannelTokenIssuer: variable(text, "https://api.botframework.com"),
  ToBotFromChannelOpenIdMetadataUrl: variable(url, "https://login.botframework.com/v1/.well-known/openidconfiguration"),
  ToBotFromEmulatorOpenIdMetadataUrl: variable(
    url,
    "https://login.microsoftonline.com/botframework.com/v2.0/.well-known/openid-configuration",
  ),
  ValidateAuthority: variable(z.string().regex(/^(true|false)$/i, "is neither true nor false"), "true"),
  TEAMS: variable(oneOf(["local"]), "local"),
  TEAMS_TENANTS_ALLOWED: variable(list, "00000000-0000-0000-0000-000000000000"),
  AWS_REGION: variable(z.string().regex(/^[a-z]{2}(-[a-z]+)+-\d$/, "is not a Region"), "eu-west-1"),
  AWS_PROFILE: variable(text, "default"),
  AWS_ENDPOINT_URL: variable(url, "http://127.0.0.1:4566"),
  AWS_ACCOUNTS: variable(text, "./accounts.yaml"),
  BEDROCK_MODEL_ID: variable(text, "anthropic.claude-sonnet-4-20250514-v1:0"),
  BEDROCK_GUARDRAIL_ID: variable(text, "gr-abc123"),
  BEDROCK_GUARDRAIL_VERSION: variable(z.string().regex(/^(\d{1,8}|DRAFT)$/, "is neither a number nor DRAFT"), "1"),
  DLT_API_URL: variable(url, "https://abc123.execute-api.eu-west-1.amazonaws.com/prod"),
  CATALOGUE_FILES: variable(
    z.string().transform((value) =>
      value
        .split(",")
        .map((path) => path.trim())
        .filter((path) => path !== ""),
    ),
    "./after-the-event.yaml,./payments.yaml",
  ),
  WEB_CHANNEL: variable(oneOf(["on", "off"]), "on"),
  WEB_CHANNEL_TOKEN: variable(
    z.string().regex(/^[\x21-\x7e]+$/, "has blanks or letters that a header can't carry"),
    "a-long-random-word",
  ),
  PUBLIC_URL: variable(
    url
      .refine(
        (value) => value.startsWith("https:") || (URL.canParse(value) && isLoopbackUrl(value)),
        "must begin with https://",
      )
      .transform((value) => value.replace(/\/+$/, "")),
    "https://t-minus.example.com",
  ),
  SECRET_KEY: variable(text, "$(openssl rand -base64 32)"),
  ANSWER_SETTLE: variable(
    z.string().transform((value, context) => {
      const settle = Duration.fromISO(value.toUpperCase()).toMillis();
      if (Number.isFinite(settle) && settle >= 0 && settle <= 600_000) return settle;
      context.addIssue("is not an ISO 8601 duration of at most ten minutes");
      return z.NEVER;
    }),
    "PT6S",
  ),
  CLOCK_START: variable(
    z.string().transform((value, context) => {
      const start = /^\d{4}-\d\d-\d\d/.test(value) ? Date.parse(value) : Number.NaN;
      if (Number.isFinite(start)) return start;
      context.addIssue("is not an ISO 8601 instant");
      return z.NEVER;
    }),
    "2026-10-16T08:00:00Z",
  ),
  CLOCK_SPEED: variable(
    z
      .string()
      .refine((value) => /^\d{1,9}(\.\d{1,6})?$/.test(value), "is not a number of calendar seconds in a second")
      .transform(Number),
    "86400",
  ),
  RETENTION_DAYS: variable(
    z
      .string()
      .refine((value) => /^[1-9]\d{0,4}$/.test(value), "is not a number of days")
      .transform(Number),
    "365",
  ),
  LOG_LEVEL: variable(oneOf(LOG_LEVELS), "info"),
} as const;

type Variables = typeof VARIABLES;
export type VariableName = keyof Variables;
type ValueOf<Name extends VariableName> = Variables[Name] extends Variable<infer Value> ? Value : never;
/** What was set and is right by itself. */
export type Values = { [Name in VariableName]?: ValueOf<Name> };

/** `NAME: what is wrong. Example: NAME=value` */
export function problemWith(name: VariableName, what: string): string {
  return `${name}: ${what}. Example: ${name}=${VARIABLES[name].example}`;
}

/** True for an address on this machine. */
export function isLoopbackUrl(value: string): boolean {
  return URL.canParse(value) && isLoopbackHost(new URL(value).hostname);
}

export function isLoopbackHost(host: string): boolean {
  return /^(localhost|\[?::1\]?|127(\.\d{1,3}){3})$/i.test(host);
}

export function isVariable(name: string): name is VariableName {
  return Object.hasOwn(VARIABLES, name);
}

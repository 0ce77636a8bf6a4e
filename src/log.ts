import { type Logger, pino } from "pino";
import type { LogLevel } from "./config-variables.ts";

/** A constant message, with ids beside it; never tokens, and words of people only at debug. */
export type Log = Logger;

/** Fields that are never written, whatever somebody logs. */
const REDACTED = ["token", "botToken", "password", "secret", "signingSecret", "authorization", "cookie", "secretKey"];

/** Things that look like credentials inside any text of a line: error messages and URLs carry them. */
const CREDENTIALS: [RegExp, string][] = [
  [/\bxox[a-z]-[A-Za-z0-9-]{6,}|\bxapp-[A-Za-z0-9-]{6,}/g, "xox…"],
  [/\b(?:AKIA|ASIA)[A-Z0-9]{12,}/g, "AKIA…"],
  [/\b(Bearer|Basic) [A-Za-z0-9._~+/=-]{8,}/gi, "$1 …"],
  [/\beyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]+/g, "eyJ…"],
  [/([?&](?:token|signature|sig|X-Amz-[A-Za-z-]+)=)[^&\s"\\]+/gi, "$1…"],
  [/(:\/\/[^/\s:@"]{1,100}:)[^/\s@"]{1,200}@/g, "$1…@"],
];

export function scrub(line: string): string {
  return CREDENTIALS.reduce((text, [pattern, instead]) => text.replace(pattern, instead), line);
}

/** JSON lines; to standard output unless a test gives its own destination. */
export function createLog(level: LogLevel, write?: (line: string) => void): Log {
  const out = write ?? standardOutput();
  return pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      redact: { paths: REDACTED.flatMap((name) => [name, `*.${name}`, `*.*.${name}`]), censor: "…" },
    },
    { write: (line: string) => out(scrub(line)) },
  );
}

/** Synchronous, so that the last line before an exit is not lost. */
function standardOutput(): (line: string) => void {
  const stdout = pino.destination({ fd: 1, sync: true });
  return (line) => {
    stdout.write(line);
  };
}

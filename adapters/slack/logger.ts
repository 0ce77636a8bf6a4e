import type { Logger } from "@slack/bolt";
import { LogLevel } from "@slack/bolt";
import type { Log } from "./config.ts";

/** Bolt's logger, spoken into ours. Bolt's debug lines carry payloads, so they are dropped. */
export function boltLogger(log: Log): Logger {
  const words = (parts: unknown[]) => parts.map(String).join(" ").slice(0, 500);
  return {
    debug: () => {},
    info: (...parts) => log.debug({ said: words(parts) }, "Slack SDK"),
    warn: (...parts) => log.warn({ said: words(parts) }, "Slack SDK"),
    error: (...parts) => log.warn({ said: words(parts) }, "Slack SDK error"),
    setLevel: () => {},
    getLevel: () => LogLevel.INFO,
    setName: () => {},
  };
}

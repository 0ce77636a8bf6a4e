import type { Catalogue } from "../src/domain/catalogue.ts";
import type { Allow } from "../src/domain/place.ts";
import type { SessionState } from "../src/domain/session.ts";

/** What a decision may know beside state and input. Time, ids and settings are arguments: the engine reads nothing. */
export type Context = {
  /** Calendar time. */
  now: Date;
  /** Machine time in ms, for settling. */
  machineNow: number;
  catalogue: Catalogue;
  /** A fresh id with this prefix: `s`, `o`, `t`. */
  newId(prefix: "s" | "o" | "t"): string;
  settings: Settings;
  /** The session that `start --from` names, if there is one they may continue. */
  previous?: SessionState;
};

export type Settings = {
  /** Silence after which an answer is complete, ms. */
  settleMs: number;
  /** How people call the bot: `/readiness` in Slack and the web channel, `@T-Minus` elsewhere. */
  command: string;
  /** `allow`: an account that is limited to places; absent: open to all. */
  aws: { on: true; accounts: { alias: string; regions: string[]; allow?: Allow }[] } | { on: false; why: string };
  /** Zone for people and sessions that haven't told one. */
  zone: string;
  /** Days after which an ended session's words are erased; absent: kept. */
  retentionDays?: number;
  /** A model is set up: pictures can be read, changes drafted. */
  model?: boolean;
  /** Signed links to boards are given out. */
  links?: boolean;
};

import type { Program } from "./program.ts";

/** The people of the six weeks, each in a zone of their own. */
export const CREW = {
  fay: { name: "Fay", zone: "Europe/London" },
  mia: { name: "Mia", zone: "Europe/London" },
  omar: { name: "Omar", zone: "Europe/London" },
  pat: { name: "Pat", zone: "America/New_York" },
  kim: { name: "Kim", zone: "Australia/Sydney" },
} as const;
export type Who = keyof typeof CREW;
export const EVERYBODY: readonly Who[] = ["fay", "mia", "omar", "pat", "kim"];

/** Something the bot posted, as it stands there now. */
export type Heard = {
  id: string;
  kind: string;
  module: string | undefined;
  question: string | undefined;
  /** At the channel's top level, in a thread, in another channel, or in somebody's direct chat. */
  place: "channel" | "thread" | "leads" | Who;
  /** The notification's words. */
  summary: string;
  /** All words of it. */
  words: string;
};

/** Which of the bot's posts: the newest of these that has the button. */
export type Which = { kind: string; module?: string; to?: Who };

/** One platform with the real program on it, a channel for the session and another called "leads", for a story that is told the same way on each. */
export type Stage = {
  platform: "slack" | "teams" | "web";
  program(): Program;
  /** A command in the session's channel; `@Pat` in it is a mention. */
  command(who: Who, text: string): Promise<void>;
  /** A line to the bot alone. */
  privately(who: Who, text: string): Promise<void>;
  taps(who: Who, which: Which, action: string): Promise<void>;
  /** A button that opens a form, and the form sent with these values. */
  fills(who: Who, which: Which, action: string, values: Record<string, string>): Promise<void>;
  /** A command that answers with a form, and the form sent with these values. */
  fillsAfter(who: Who, command: string, values: Record<string, string>): Promise<void>;
  heard(): Promise<Heard[]>;
  /** What people were answered privately, newest last. */
  answers(): Promise<string[]>;
  /** Messages the platform refused, or that broke its rules. */
  violations(): unknown[];
  /** Ends the program and starts it again on its database, when the calendar shows `until`. */
  down(until: string): Promise<void>;
  close(): Promise<void>;
};

export const QUIET = {
  CLOCK_SPEED: "0",
  ANSWER_SETTLE: "PT0.01S",
  LOG_LEVEL: "warn",
} as const;

/** Moves the simulated calendar; resolves when all that is due by then has settled. */
export async function moveTo(program: Program, to: string): Promise<void> {
  const response = await fetch(`${program.url}/clock`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ to }),
  });
  if (!response.ok) throw new Error(`The calendar didn't move to ${to}: ${response.status} ${await response.text()}`);
}

/** What was done has settled, and what it led to as well. */
export async function settled(program: Program): Promise<void> {
  const response = await fetch(`${program.url}/readyz`);
  const { now }: { now: string } = JSON.parse(await response.text());
  await moveTo(program, now);
}

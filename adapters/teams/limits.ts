/**
 * What Teams takes. Sources: Microsoft's "Format your bot messages" (about 100 KB a message, of which cards that render
 * on every client use up to 28 KB), "Optimize your bot with rate limiting", and the cards reference (version 1.5).
 */
export const TEAMS_LIMITS = {
  /** JSON of one card: what also older and mobile clients take. */
  cardBytes: 25_000,
  /**
   * The whole activity is taken up to about 100 KB in UTF-16: two full cards. What is longer goes over several cards of
   * one activity, of this many bytes each; the last one says what no longer fitted.
   */
  pageBytes: 20_000,
  pages: 2,
  /** One paragraph of a card. */
  textLength: 5_000,
  summaryText: 1_500,
  /** Text of an answer to a card's button, shown as a notice. */
  noticeText: 400,
  dialogTitle: 60,
  /** Buttons that fit beside one another on a telephone (375 points), in characters of their labels. */
  rowWidth: 46,
} as const;

/** Sends per conversation: at most `count` in any `ms`. */
export const SENDS_PER_THREAD = [
  { count: 7, ms: 1_000 },
  { count: 8, ms: 2_000 },
  { count: 60, ms: 30_000 },
  { count: 1_800, ms: 3_600_000 },
] as const;

/** Member reads per conversation. */
export const READS_PER_THREAD = [
  { count: 14, ms: 1_000 },
  { count: 16, ms: 2_000 },
  { count: 120, ms: 30_000 },
  { count: 3_600, ms: 3_600_000 },
] as const;

/** Everything the app sends into one tenant. */
export const SENDS_PER_TENANT = [{ count: 50, ms: 1_000 }] as const;

/** How long a call to the connector may take before its outcome counts as unknown. */
export const CALL_TIMEOUT = 10_000;

/**
 * How long what a newcomer says waits, kept and acknowledged, until Teams has told who they are. Known people never
 * wait.
 */
export const FIRST_CONTACT_WAIT = 10_000;

/** A private reply stands this long unless it is acted on first. */
export const WHISPER_LIFE = 10 * 60_000;

export function clip(text: string, length: number): string {
  return text.length <= length ? text : `${text.slice(0, length - 1)}…`;
}

/**
 * What a card may hold. Teams refuses messages somewhere above 28 KB (older clients, webhooks) and 100 KB (today's
 * documented figure), so a card stays under 25 KB of JSON; texts shrink until it does.
 */
export const CARD_LIMITS = {
  json: 25_000,
  /** Characters of one piece of text, from the first try to the last. */
  text: [6_000, 2_000, 800, 300, 120],
  title: 120,
  tooltip: 75,
  /** Teams shows at most six actions in a row and hides the rest. */
  actionsPerRow: 6,
  /** What a button's frame and gap take, in characters of its label. */
  buttonFrame: 5,
  tableRows: [60, 40, 20, 10, 5],
  choices: 200,
} as const;

/** Cuts at a character (never inside an emoji) and says that it cut. */
export function clip(text: string, max: number): string {
  if (text.length <= max) return text;
  const ending = ` … (${text.length.toLocaleString("en")} characters in all)`;
  return `${wholeCharacters(text, Math.max(1, max - ending.length))}${ending}`;
}

/** For labels, where a count would be noise. */
export function clipLabel(text: string, max: number): string {
  return text.length <= max ? text : `${wholeCharacters(text, max - 1).trimEnd()}…`;
}

function wholeCharacters(text: string, end: number): string {
  const cut = text.slice(0, end);
  return /[\uD800-\uDBFF]$/.test(cut) ? cut.slice(0, -1) : cut;
}

import { readable } from "./patterns.ts";

/** Figures in what people write, for the guided rehearsals: rates, counts, times. */

/** "4,485", "4.5k", "4 485 rps" → 4485 … Percentages, clock times and dates aren't figures. */
export function numbersIn(text: string): number[] {
  const found = readable(text).matchAll(
    /(?<![\d:.,])(\d{1,3}(?:[,' ]\d{3})+|\d{1,9}(?:\.\d{1,3})?)\s?(k\b)?(?![\d:]|\s?%|x\b)/gi,
  );
  return [...found].map(([, digits = "", thousand]) => Number(digits.replace(/[,' ]/g, "")) * (thousand ? 1_000 : 1));
}

/** Durations in minutes: "90 s", "20 min", "an hour", "2h". */
export function durationsIn(text: string): number[] {
  const words = readable(text)
    .toLowerCase()
    .replace(/\bhalf an? hour\b|\bhalf.hour\b/g, "30 minutes")
    .replace(/\b(?:an|one) (?=hour|minute)/g, "1 ")
    .replace(/\btwo (?=hour|minute)/g, "2 ");
  const found = words.matchAll(
    /(\d{1,6}(?:\.\d{1,2})?)\s?(?:-\s?)?(seconds?|secs?|s|minutes?|mins?|min|m|hours?|hrs?|h)\b/g,
  );
  const unit = (word: string) => (word.startsWith("h") ? 60 : word.startsWith("m") ? 1 : 1 / 60);
  return [...found].map(([, amount = "", word = ""]) => Number(amount) * unit(word));
}

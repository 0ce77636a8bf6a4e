import type { TextId } from "./ids.ts";

/**
 * Words that a person wrote. Events refer to them by id; the text sits in one table, so that `forget` can delete it
 * and leave who, when and what kind. `text` is null once forgotten. Secrets are masked before an object of this type
 * is made.
 */
export type Words = { words: TextId; text: string | null };

export function isWords(value: unknown): value is Words {
  return typeof value === "object" && value !== null && "words" in value && "text" in value;
}

/** The text, or the sentence that stands for a forgotten one. */
export function textOf(words: Words): string {
  return words.text ?? "(forgotten on request)";
}

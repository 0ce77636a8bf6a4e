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

/** Stands for words that are gone: somebody asked for it, or they were kept long enough. */
export const ERASED = "(erased)";

/** The text, or what stands for erased words. */
export function textOf(words: Words): string {
  return words.text ?? ERASED;
}

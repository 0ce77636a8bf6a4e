import { isWords, type Words } from "../domain/words.ts";

/**
 * An event as it is stored: JSON in which words that people wrote stand only as `{"words":"<id>"}`. Their text goes to
 * `put`, once per occurrence; words that were forgotten already have none and are not put.
 */
export function toStored(event: object, put: (id: string, text: string) => void): string {
  return JSON.stringify(withoutText(event, put));
}

/** Copies only what contains words: a replacer function in `JSON.stringify` costs three times as much. */
function withoutText(value: unknown, put: (id: string, text: string) => void): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (isStoredApart(value)) {
    if (value.text !== null) put(value.words, value.text);
    return { words: value.words };
  }
  if (Array.isArray(value)) {
    const copy = value.map((element) => withoutText(element, put));
    return copy.some((element, i) => element !== value[i]) ? copy : value;
  }
  let copy: Record<string, unknown> | undefined;
  for (const [name, member] of Object.entries(value)) {
    const stored = withoutText(member, put);
    if (stored !== member) {
      copy ??= { ...value };
      copy[name] = stored;
    }
  }
  return copy ?? value;
}

/** The reverse: `text` is null where `texts` has none any more. */
export function fromStored(body: string, texts: ReadonlyMap<string, string>): unknown {
  if (!body.includes('"words":"')) return JSON.parse(body);
  return JSON.parse(body, (_key, value: unknown) => {
    if (!isReference(value)) return value;
    return { words: value.words, text: texts.get(value.words) ?? null } satisfies Words;
  });
}

function isStoredApart(value: unknown): value is Words {
  return isWords(value) && typeof value.words === "string";
}

/** Only words have a member `words` that is a string: in events `words` is an object, the words themselves. */
function isReference(value: unknown): value is { words: string } {
  return (
    typeof value === "object" &&
    value !== null &&
    "words" in value &&
    typeof value.words === "string" &&
    !("text" in value)
  );
}

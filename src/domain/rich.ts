import type { Rich } from "./message.ts";

/** Only the words of a line, for places that take no markup: notifications, fallbacks, labels. */
export function plainWords(rich: Rich): string {
  return rich
    .map((inline) => {
      if (typeof inline === "string") return inline;
      if ("strong" in inline) return inline.strong;
      if ("soft" in inline) return inline.soft;
      if ("code" in inline) return inline.code;
      if ("quote" in inline) return inline.quote;
      if ("link" in inline) return inline.link;
      if ("person" in inline) return inline.name;
      return inline.fallback;
    })
    .join("");
}

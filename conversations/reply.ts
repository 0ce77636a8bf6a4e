import type { Mention } from "../src/domain/inbound.ts";

/** What a message in a module's thread means, before it is known whose question it could answer. */
export type ReplyMeaning =
  | { kind: "answer" }
  | { kind: "skip" }
  | { kind: "not_applicable"; reason?: string }
  | { kind: "dont_know" }
  | { kind: "back" }
  | { kind: "why" }
  /** The message is nothing but a mention: that person shall answer. */
  | { kind: "delegate"; mention: Mention }
  /** Conversation, not an answer; it can be used as one by a button. */
  | { kind: "talk" }
  /** Nothing to read: blanks, punctuation or emoji only. */
  | { kind: "empty" };

const EXACT: Record<string, "skip" | "dont_know" | "back" | "why"> = {
  skip: "skip",
  "skip it": "skip",
  "skip this": "skip",
  "skip this one": "skip",
  "don't know": "dont_know",
  "dont know": "dont_know",
  "do not know": "dont_know",
  "i don't know": "dont_know",
  "i dont know": "dont_know",
  "i do not know": "dont_know",
  "don't know yet": "dont_know",
  "i don't know yet": "dont_know",
  "no idea": "dont_know",
  dunno: "dont_know",
  idk: "dont_know",
  back: "back",
  "go back": "back",
  why: "why",
};

/** Nothing people answer with is longer than this and still one of the exact words. */
const LONGEST_EXACT = 40;
const NOT_APPLICABLE =
  /^(?:n\/a|n\.a\.?|na|not applicable|(?:it )?(?:doesn't|doesnt|does not) apply)(?: (?:here|for us|to us))?(?:\s*[.!]*$|\s*[,:;.–—-]+\s*|\s+(?=(?:because|since)\b))/i;

/**
 * Exact words come first, whatever their case and punctuation ("Why?" asks for the reason and is no talk); then `//`
 * and a closing question mark make talk; everything else is an answer, verbatim.
 */
export function readReply(text: string, mentions: readonly Mention[]): ReplyMeaning {
  const words = text.replaceAll(/[’‘ʼ]/g, "'").trim();
  if (words.length <= LONGEST_EXACT) {
    const bare = words
      .toLowerCase()
      .replaceAll(/[\s.!?,;:"…]+$|^[\s"]+/g, "")
      .replaceAll(/\s+/g, " ");
    const exact = Object.hasOwn(EXACT, bare) ? EXACT[bare] : undefined;
    if (exact !== undefined) return { kind: exact };
  }
  const notApplicable = readNotApplicable(words, text);
  if (notApplicable !== undefined) return notApplicable;
  const only = onlyMention(text, mentions);
  if (only !== undefined) return only;
  if (!saysSomething(words)) return { kind: "empty" };
  if (words.startsWith("//")) return { kind: "talk" };
  if (endsAsQuestion(words)) return { kind: "talk" };
  return { kind: "answer" };
}

export function endsAsQuestion(words: string): boolean {
  return /[?？؟][\s"'”’)\]*_~]*$/.test(words.slice(-40));
}

/** Said on purpose, in a box, form or command: a question mark or `//` makes no talk of it, and a name is a word. */
export function readOnPurpose(text: string): Exclude<ReplyMeaning, { kind: "delegate" | "talk" }> {
  const meaning = readReply(text, []);
  return meaning.kind === "talk" || meaning.kind === "delegate" ? { kind: "answer" } : meaning;
}

function readNotApplicable(words: string, text: string): ReplyMeaning | undefined {
  const found = NOT_APPLICABLE.exec(words);
  if (found === null) return undefined;
  // Apostrophes were folded one for one, so that positions hold and the reason stays verbatim.
  const reason = text
    .trim()
    .slice(found[0].length)
    .replace(/^(?:because|since)\s+/i, "")
    .trim();
  return reason === "" ? { kind: "not_applicable" } : { kind: "not_applicable", reason };
}

function onlyMention(text: string, mentions: readonly Mention[]): ReplyMeaning | undefined {
  let rest = text;
  const named = new Map<string, Mention>();
  // Longest first: "@priya" is part of "@priya shah".
  for (const mention of [...mentions].sort((a, b) => b.label.length - a.label.length)) {
    if (mention.label === "" || !rest.includes(mention.label)) continue;
    rest = rest.replaceAll(mention.label, " ");
    if (mention.isBot !== true) named.set(mention.user, mention);
  }
  const [first] = named.values();
  if (first === undefined || saysSomething(rest)) return undefined;
  return named.size === 1 ? { kind: "delegate", mention: first } : { kind: "talk" };
}

/** Letters or digits that are not part of an emoji (`:tada:`, keycaps). */
function saysSomething(text: string): boolean {
  return /[\p{L}\p{N}]/u.test(
    text.replaceAll(/:[a-z][a-z0-9_+'-]*:(?::[a-z0-9-]+:)?|:\+1:|:-1:|[0-9#*]\uFE0F?\u20E3/g, ""),
  );
}

import type { Mention, Unfit } from "../../src/domain/inbound.ts";
import type { MentionEntity } from "./schema.ts";

const NAMED: Record<string, string> = { nbsp: " ", amp: "&", lt: "<", gt: ">", quot: '"', apos: "'" };

/** Only elements that Teams itself writes are markup; `a<b` stays what it is. */
const TAGS =
  /<\/?(?:p|div|span|br|strong|b|em|i|u|s|strike|a|code|pre|ul|ol|li|blockquote|h[1-6]|img|emoji|attachment|table|tbody|thead|tr|td|th|font|readonly|codeblock|systemeventmessage)(?:\s[^<>]*)?\/?>/gi;
const BREAKS = /<br\s*\/?>|<\/(?:p|div|li|h[1-6]|tr|pre|blockquote)>/gi;

/**
 * What somebody wrote, as they see it: tags of Teams' editor gone, entities decoded once, line ends kept.
 * Texts come plain, or with the editor's HTML in them; both look the same here.
 */
export function plainText(text: string): string {
  return decodeEntities(text.replace(BREAKS, "\n").replace(TAGS, ""))
    .replace(/\u00a0/g, " ")
    .replace(/[ \t]+\n/g, "\n")
    .trim();
}

function decodeEntities(text: string): string {
  return text.replace(/&(?:#(\d{1,7})|#x([0-9a-f]{1,6})|([a-z]{2,6}));/gi, (whole, decimal, hex, name) => {
    if (name !== undefined) return NAMED[String(name).toLowerCase()] ?? whole;
    const code = decimal === undefined ? Number.parseInt(hex, 16) : Number(decimal);
    return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : whole;
  });
}

export type SpokenText = {
  /** Without the bot's name; people stand as `@Name`. */
  text: string;
  mentions: Mention[];
  /** The text began by naming the bot. */
  addressed: boolean;
  /** The bot was named anywhere. */
  named: boolean;
};

const MARK = "\u0001";
const BOT = `${MARK}bot${MARK}`;

/**
 * Text and mentions of a message. Who is meant comes from the `entities`, never from the text: two people may have one
 * name. Entities are taken in the order in which Teams lists them, which is that of the text.
 */
export function readSpoken(
  raw: string,
  entities: readonly MentionEntity[],
  bot: {
    id: string;
    userOf(id: string): { user: string; name?: string | undefined; outsider?: boolean | undefined };
  },
): SpokenText {
  const labels = new Map<string, string>();
  const found: Mention[] = [];
  let text = raw.replaceAll(MARK, "");
  for (const { mentioned, text: standing } of entities) {
    const written = standing ?? `<at>${mentioned.name ?? ""}</at>`;
    const at = written === "" ? -1 : text.indexOf(written);
    if (mentioned.id === bot.id) {
      if (at >= 0) text = text.slice(0, at) + BOT + text.slice(at + written.length);
      continue;
    }
    const { user, name, outsider } = bot.userOf(mentioned.id);
    const unfit = unfitOf(mentioned.id, outsider);
    const label = labelFor(
      plainText(written.replace(/<\/?at[^<>]*>/gi, "")) || mentioned.name || "someone",
      user,
      labels,
    );
    if (at >= 0) text = text.slice(0, at) + label + text.slice(at + written.length);
    const known = name ?? mentioned.name ?? undefined;
    if (!found.some((mention) => mention.user === user && mention.label === label)) {
      found.push({ label, user, ...(known === undefined ? {} : { name: known }), ...unfit });
    }
  }
  const readable = plainText(text.replace(/<\/?at[^<>]*>/gi, ""));
  const named = readable.includes(BOT);
  const addressed = readable.startsWith(BOT);
  return {
    text: readable.replace(new RegExp(`[ \\t]*${BOT}[,:]?[ \\t]*`, "g"), " ").trim(),
    mentions: found,
    addressed,
    named,
  };
}

/** `@Priya Nair`; a second person of the same name becomes `@Priya Nair (2)`, so that labels stay unambiguous. */
function labelFor(name: string, user: string, labels: Map<string, string>): string {
  for (let number = 1; ; number += 1) {
    const label = number === 1 ? `@${name}` : `@${name} (${number})`;
    const holder = labels.get(label);
    if (holder === undefined || holder === user) {
      labels.set(label, user);
      return label;
    }
  }
}

/** Why somebody can be given no part, as far as Teams told: apps have ids of their own. */
export function unfitOf(id: string, outsider: boolean | undefined): { unfit?: Unfit } {
  if (id.startsWith("28:")) return { unfit: "bot" };
  return outsider ? { unfit: "outsider" } : {};
}

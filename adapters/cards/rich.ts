import type { PersonId } from "../../src/domain/ids.ts";
import type { Inline, Rich } from "../../src/domain/message.ts";
import type { Element, MentionEntity, TextRun } from "./elements.ts";
import { escapeMarkdown, plain, safeUrl } from "./escape.ts";
import { clip } from "./limits.ts";

/** How a live mention is written on the platform, or undefined where there are none (then the name stands alone). */
export type MentionOf = (person: PersonId, name: string) => { id: string; name: string } | undefined;

export type RichContext = {
  maxText: number;
  mention?: MentionOf;
  /** Filled while rendering: the card's live mentions. */
  entities: MentionEntity[];
};

export type Tone = { size?: "small"; isSubtle?: true; weight?: "bolder"; spacing?: "none" | "small" };

/**
 * A paragraph. TextRuns are never markdown, so they are the rule; Teams makes mentions live only in TextBlocks, so a
 * paragraph that pings somebody is one, escaped.
 */
export function paragraph(rich: Rich, context: RichContext, tone: Tone = {}, prefix?: string): Element {
  const { spacing, ...look } = tone;
  const place = spacing === undefined ? {} : { spacing };
  const live = rich.some((inline) => mentionIn(inline, context) !== undefined);
  if (live) {
    const text = `${prefix ?? ""}${rich.map((inline) => markdownOf(inline, context)).join("")}`;
    return { type: "TextBlock", text, wrap: true, ...look, ...place };
  }
  const inlines = textRuns(rich, context, look);
  if (prefix !== undefined) inlines.unshift({ type: "TextRun", text: prefix, ...look });
  return { type: "RichTextBlock", inlines, ...place };
}

export function textRuns(rich: Rich, context: RichContext, look: Omit<Tone, "spacing"> = {}): TextRun[] {
  const runs = rich.map((inline): TextRun => ({ type: "TextRun", ...look, ...runOf(inline, context.maxText) }));
  // An empty TextRun is refused by some renderers.
  const filled = runs.filter((run) => run.text !== "");
  return filled.length > 0 ? filled : [{ type: "TextRun", text: "–", ...look }];
}

function runOf(inline: Inline, max: number): { text: string } & Partial<TextRun> {
  if (typeof inline === "string") return { text: words(inline, max) };
  if ("strong" in inline) return { text: words(inline.strong, max), weight: "bolder" };
  if ("soft" in inline) return { text: words(inline.soft, max), isSubtle: true };
  if ("code" in inline) return { text: words(inline.code, max), fontType: "monospace" };
  if ("quote" in inline) return { text: words(inline.quote, max) };
  if ("link" in inline) {
    const url = safeUrl(inline.url);
    const text = words(inline.link, max);
    return url === undefined ? { text } : { text, color: "accent", selectAction: { type: "Action.OpenUrl", url } };
  }
  if ("person" in inline) {
    return inline.ping
      ? { text: `@${words(inline.name, max)}`, weight: "bolder", color: "accent" }
      : { text: words(inline.name, max) };
  }
  return { text: timeOf(inline) };
}

function markdownOf(inline: Inline, context: RichContext): string {
  const mention = mentionIn(inline, context);
  if (mention !== undefined) {
    // Angle brackets in a name would end the tag early.
    const name = mention.name.replace(/[<>]/g, "");
    const text = `<at>${name}</at>`;
    if (!context.entities.some((entity) => entity.mentioned.id === mention.id)) {
      context.entities.push({ type: "mention", text, mentioned: { id: mention.id, name } });
    }
    return text;
  }
  if (typeof inline === "object" && "time" in inline) return timeOf(inline);
  const { text, weight, selectAction } = runOf(inline, context.maxText);
  const escaped = escapeMarkdown(text);
  if (selectAction !== undefined)
    return `[${escaped}](${encodeURI(decoded(selectAction.url)).replace(/[()]/g, encodeParen)})`;
  return weight === "bolder" && escaped.trim() !== ""
    ? escaped.replace(/^(\s*)([\s\S]*?)(\s*)$/, "$1**$2**$3")
    : escaped;
}

function mentionIn(inline: Inline, context: RichContext): { id: string; name: string } | undefined {
  if (typeof inline === "string" || !("person" in inline) || inline.ping !== true) return undefined;
  return context.mention?.(inline.person, inline.name);
}

/** In the reader's zone: Adaptive Cards' date functions take whole seconds, with a zone. */
function timeOf({ time, show, fallback }: Extract<Inline, { time: string }>): string {
  const at = new Date(time);
  if (Number.isNaN(at.getTime())) return plain(fallback);
  const instant = `${at.toISOString().slice(0, 19)}Z`;
  if (show === "day") return `{{DATE(${instant},SHORT)}}`;
  if (show === "time") return `{{TIME(${instant})}}`;
  return `{{DATE(${instant},SHORT)}}, {{TIME(${instant})}}`;
}

function words(text: string, max: number): string {
  return plain(clip(text, max));
}

function decoded(url: string): string {
  try {
    return decodeURI(url);
  } catch {
    return url;
  }
}

function encodeParen(paren: string): string {
  return paren === "(" ? "%28" : "%29";
}

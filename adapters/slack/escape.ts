import type { Mention } from "../../src/domain/inbound.ts";
import type { Profile } from "./people.ts";

/**
 * Slack's three control characters. What people wrote goes through here wherever the bot repeats it, so that
 * `<!channel>`, `<@U…>` and `<https://…|label>` stay words.
 */
export function escapeText(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}

function unescapeText(text: string): string {
  return text.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&");
}

/** `<https://…|label>`, or only the label where the address is none that Slack makes a link of. */
export function linkTo(label: string, url: string): string {
  const words = escapeText(label.replaceAll("\n", " ")).trim() || escapeText(url);
  if (!/^(https?:\/\/|mailto:)\S+$/i.test(url)) return words;
  return `<${escapeText(url).replaceAll("|", "%7C")}|${words}>`;
}

export type Read = { text: string; mentions: Mention[] };

/**
 * What a person typed, from Slack's markup: escapes undone, links as they were typed, people as `@name`: the
 * one that is known of them, else the one their mention carries; without either the id stands there.
 */
export function readText(markup: string, personOf: (user: string) => Profile | undefined, bot?: string): Read {
  const mentions: Mention[] = [];
  const text = markup.replace(/<([^<>]*)>/g, (_whole, inner: string) => {
    const bar = inner.indexOf("|");
    const target = bar < 0 ? inner : inner.slice(0, bar);
    const label = bar < 0 ? undefined : inner.slice(bar + 1);
    if (/^@[UW]/.test(target)) {
      const user = target.slice(1);
      const profile = personOf(user);
      // Slack's own label is often the account's name, and not what people call them.
      const name = profile?.name ?? (label ? unescapeText(label) : undefined);
      return mentionOf(
        { user, ...(profile?.unfit === undefined ? {} : { unfit: profile.unfit }) },
        name,
        mentions,
        bot,
      );
    }
    if (target.startsWith("#")) return `#${label || target.slice(1)}`;
    if (target.startsWith("!")) return specialOf(target.slice(1), label);
    return linkAsTyped(target, label);
  });
  return { text: unescapeText(text), mentions };
}

function mentionOf(
  who: Pick<Mention, "user" | "unfit">,
  name: string | undefined,
  mentions: Mention[],
  bot: string | undefined,
): string {
  const { user } = who;
  const taken = mentions.some((one) => one.user !== user && one.label === `@${name}`);
  const label = name === undefined || taken ? `@${user}` : `@${name}`;
  if (!mentions.some((one) => one.user === user)) {
    mentions.push({ label, ...who, ...(name === undefined ? {} : { name }), ...(user === bot ? { isBot: true } : {}) });
  }
  return escapeText(label);
}

/**
 * `!here`, `!channel`, `!subteam^S1|@team`, `!date^…|fallback`. A group that comes without its name keeps its id, so
 * that two of them can be told apart.
 */
function specialOf(target: string, label: string | undefined): string {
  if (label) return label;
  const [kind = target, id] = target.split("^");
  return kind === "subteam" && id ? `@group ${id}` : `@${kind}`;
}

function linkAsTyped(target: string, label: string | undefined): string {
  const bare = target.replace(/^(mailto:|tel:|https?:\/\/)/, "");
  if (label === undefined) return target.replace(/^(mailto:|tel:)/, "");
  if (label === target || bare === label || bare === `${label}/`) return label;
  return `${label} (${target})`;
}

/** Takes the bot's mention off the start of a text: `<@UBOT> status` → `status`. Undefined: it doesn't start with it. */
export function withoutBot(markup: string, bot: string | undefined): string | undefined {
  const start = /^\s*<@([UW][A-Z0-9]*)(?:\|[^<>]*)?>[\s,:]*/.exec(markup);
  if (start === null || bot === undefined || start[1] !== bot) return undefined;
  return markup.slice(start[0].length);
}

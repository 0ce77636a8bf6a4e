/**
 * Adaptive Cards interpret two things in text: markdown (TextBlocks and choice titles only) and date functions
 * (`{{DATE(…)}}`, everywhere). Neither may come alive from what people wrote.
 */

/** Invisible and without width: breaks a pattern and changes nothing that is read. */
const JOINER = "\u2060";

/** For text that is not markdown (TextRuns, input values): only date functions are defused. */
export function plain(text: string): string {
  return text.replace(/\{\{(?=(?:DATE|TIME)\()/gi, `{${JOINER}{`);
}

/** For TextBlocks: no emphasis, link, list, heading, mention or date function comes alive. Undone by {@link unescapeMarkdown}. */
export function escapeMarkdown(text: string): string {
  return plain(text)
    .replace(/[\\`*_[\]~]/g, "\\$&")
    .replace(/^(\s*)([#>+-])/gm, "$1\\$2")
    .replace(/^(\s*\d+)([.)])/gm, "$1\\$2")
    .replace(/<(?=[a-z/!?])/gi, `<${JOINER}`)
    .replace(/:\/\//g, `:${JOINER}//`)
    .replace(/\bwww\./gi, (found) => `${found.slice(0, 3)}${JOINER}.`);
}

/** What a reader sees of {@link escapeMarkdown}'s text; renderers without markdown (our web page) show this. */
export function unescapeMarkdown(text: string): string {
  return text.replace(/\\([\\`*_[\]~#>+\-.)])/g, "$1");
}

/** Only addresses that lead to a page or a mailbox are links; anything else (`javascript:`, `data:`) is its text. */
export function safeUrl(url: string): string | undefined {
  // A path of our own: the web channel's page and the board are one site.
  if (/^\/(?![/\\])/.test(url)) return url;
  if (!URL.canParse(url)) return undefined;
  const { protocol } = new URL(url);
  return protocol === "https:" || protocol === "http:" || protocol === "mailto:" ? url : undefined;
}

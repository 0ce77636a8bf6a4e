/** HTML in which every value is escaped, unless it was made here. */
export class Html {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

type Value = Html | string | number | undefined | false | readonly Value[];

export function html(strings: TemplateStringsArray, ...values: Value[]): Html {
  return new Html(strings.map((part, index) => part + (index < values.length ? shown(values[index]) : "")).join(""));
}

function shown(value: Value): string {
  if (value === undefined || value === false) return "";
  if (value instanceof Html) return value.text;
  if (typeof value === "object") return value.map(shown).join("");
  return escapeHtml(String(value));
}

export function escapeHtml(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;")
    .replaceAll("'", "&#39;");
}

/** An instant as people read it, in the session's zone, with the machine's form beside it. */
export function time(iso: string, zone: string, options: Intl.DateTimeFormatOptions = DAY_AND_TIME): Html {
  const words = new Intl.DateTimeFormat("en-GB", { timeZone: zone, ...options })
    .format(new Date(iso))
    .replace(" at ", ", ");
  return html`<time datetime="${iso}">${words}</time>`;
}

export const DAY_AND_TIME: Intl.DateTimeFormatOptions = {
  day: "numeric",
  month: "short",
  hour: "2-digit",
  minute: "2-digit",
};
export const DAY: Intl.DateTimeFormatOptions = { weekday: "short", day: "numeric", month: "short" };
export const LONG_DAY: Intl.DateTimeFormatOptions = { weekday: "long", day: "numeric", month: "long", year: "numeric" };

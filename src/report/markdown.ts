/** People's words can't become headings, links, images, tables or HTML in a file that quotes them. */
export function escapeMarkdown(text: string): string {
  return (
    text
      .replace(/\s+/g, " ")
      .replace(/[\\`*_[\]<>|]/g, (sign) => `\\${sign}`)
      .replace(/^([#>+-])/, "\\$1")
      // "1. " begins a list; "2.1" is a number.
      .replace(/^(\d+)\.(?=\s|$)/, "$1\\.")
  );
}

/** Words as they were typed, in a fence that nothing in them can close. */
export function verbatim(text: string): string {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([ticks]) => ticks.length));
  const fence = "`".repeat(longest + 1);
  return `${fence}text\n${text.replace(/\r\n?/g, "\n")}\n${fence}`;
}

export function table(columns: string[], rows: string[][]): string {
  const line = (cells: string[]): string => `| ${cells.map((cell) => escapeMarkdown(cell)).join(" | ")} |`;
  return [line(columns), `|${columns.map(() => "---|").join("")}`, ...rows.map(line)].join("\n");
}

/** `27 November 2026, 09:00` in a zone. */
export function moment(iso: string, zone: string): string {
  const format = new Intl.DateTimeFormat("en-GB", {
    timeZone: zone,
    day: "numeric",
    month: "long",
    year: "numeric",
    hour: "2-digit",
    minute: "2-digit",
  });
  return format.format(new Date(iso)).replace(" at ", ", ");
}

export function day(iso: string, zone: string): string {
  const options = { timeZone: zone, day: "numeric", month: "long", year: "numeric" } as const;
  return new Intl.DateTimeFormat("en-GB", options).format(new Date(iso));
}

/** People's words can't become headings, links, images, tables or HTML in a text that quotes them. */
export function escapeMarkdown(text: string): string {
  return (
    text
      .replace(/\s+/g, " ")
      .replace(/[\\`*_[\]<>|]/g, (sign) => `\\${sign}`)
      .replace(/^([#>+-])/, "\\$1")
      // "1. " begins a list; "2.1" is a number.
      .replace(/^(\d+)\.(?=\s|$)/, "$1\\.")
      .replace(/!(?=\\\[)/g, "\\!")
  );
}

/** A table whose cells are words, not markdown. */
export function markdownTable(columns: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.map((cell) => escapeMarkdown(cell)).join(" | ")} |`;
  return [line(columns), `|${columns.map(() => "---|").join("")}`, ...rows.map(line)].join("\n");
}

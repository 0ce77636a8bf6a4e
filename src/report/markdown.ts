/** Words as they were typed, in a fence that nothing in them can close. */
export function verbatim(text: string): string {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([ticks]) => ticks.length));
  const fence = "`".repeat(longest + 1);
  return `${fence}text\n${text.replace(/\r\n?/g, "\n")}\n${fence}`;
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

/** Slack's `ts` ("1700000000.000100") as milliseconds with fractions. */
export function millis(ts: string): number {
  const [seconds = "0", micros = "0"] = ts.split(".");
  return Number(seconds) * 1000 + Number(micros.padEnd(6, "0").slice(0, 6)) / 1000;
}

/** The inverse, for `oldest`: microseconds are kept. */
export function tsOf(ms: number): string {
  const micros = Math.max(0, Math.round(ms * 1000));
  return `${Math.floor(micros / 1_000_000)}.${String(micros % 1_000_000).padStart(6, "0")}`;
}

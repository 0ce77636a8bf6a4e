import type { SessionReport } from "../src/domain/report.ts";
import type { SessionState } from "../src/domain/session.ts";

/** What AWS was read to say about quotas, as charts and tables show it. */

type Row = SessionReport["headroom"][number];

/**
 * One row for each quota of an account and Region, tightest first. Several questions rest on the same quota, and each
 * reading brings it: the newest counts, and of one moment the reading that asks for more.
 */
export function headroomOf(state: SessionState): Row[] {
  const rows = Object.values(state.evidence).flatMap(({ figures = [], account, region, readAt }) =>
    figures.map((figure): Row => ({ ...figure, account, region, readAt })),
  );
  const kept = new Map<string, Row>();
  for (const row of rows) {
    const key = JSON.stringify([row.account, row.region, row.serviceCode, row.quotaCode ?? [row.label, row.unit]]);
    const other = kept.get(key);
    if (other === undefined || byNewest(row, other) < 0) kept.set(key, row);
  }
  return [...kept.values()].toSorted((a, b) => shareOf(b) - shareOf(a) || byName(a, b));
}

/** Use at the expected peak, where that is known. */
export function peakOf({ projected, atMax, used }: Pick<Row, "projected" | "atMax" | "used">): number | null {
  return projected ?? atMax ?? used;
}

/** How much of the quota that takes; what can't be reckoned comes last. */
function shareOf(row: Row): number {
  const peak = peakOf(row);
  if (row.unlimited === true || row.quota === null || row.quota <= 0 || peak === null) return -1;
  return peak / row.quota;
}

function byNewest(a: Row, b: Row): number {
  return b.readAt.localeCompare(a.readAt) || shareOf(b) - shareOf(a);
}

function byName(a: Row, b: Row): number {
  const name = ({ label, account, region, quotaCode = "" }: Row) => [label, account, region, quotaCode].join("\n");
  return name(a).localeCompare(name(b));
}

/** A figure of a table or chart: nobody reads more than one decimal. */
export function sayFigure(value: number): string {
  return value.toLocaleString("en-GB", { maximumFractionDigits: 1 });
}

/** The same for what isn't known. */
export function sayFigureOf(value: number | null | undefined, absent = "unknown"): string {
  if (value === undefined) return absent;
  return value === null ? "unknown" : sayFigure(value);
}

import type { Headroom } from "../domain/evidence.ts";

/** Made once: a formatter costs a thousand times what formatting does. */
const FORMATS = [0, 1, 2].map((digits) => new Intl.NumberFormat("en-GB", { maximumFractionDigits: digits }));

/** 1,152 · 45.3 · 0.25: at most two figures after the point for small numbers, none for large ones. */
export function number(value: number): string {
  const digits = Math.abs(value) >= 100 || Number.isInteger(value) ? 0 : Math.abs(value) >= 1 ? 1 : 2;
  return FORMATS[digits]?.format(value) ?? String(value);
}

export function percent(part: number, whole: number): string {
  if (whole <= 0) return part > 0 ? "over 100%" : "0%";
  return `${Math.round((part / whole) * 100)}%`;
}

/** "96 of 1,152 vCPU in use"; says "unknown" and "AWS default" where that is so. */
export function inUse(figure: Headroom): string {
  const unit = figure.unit === "" ? "" : ` ${figure.unit}`;
  const used = figure.used === null ? null : number(figure.used);
  if (figure.unlimited === true) return `${used ?? "an unknown number of"}${unit} in use, no quota`;
  if (figure.quota === null) return `${used ?? "unknown"}${unit} in use; the quota is unknown`;
  const quota = `${number(figure.quota)}${unit}${figure.isDefault === true ? " (AWS default)" : ""}`;
  return used === null ? `use unknown, quota ${quota}` : `${used} of ${quota} in use`;
}

/** What is left now: never below 0; null when either side is unknown or there is no quota. */
export function left(figure: Headroom): number | null {
  if (figure.unlimited === true || figure.quota === null || figure.used === null) return null;
  return Math.max(0, figure.quota - figure.used);
}

/** The largest of now, at maximum and at peak: what a threshold is held against. */
export function projectedUse(figure: Headroom): number | null {
  const known = [figure.used, figure.atMax, figure.projected].filter((value) => typeof value === "number");
  return known.length === 0 ? null : Math.max(...known);
}

export type Thresholds = {
  /** From here on it is tight. */
  warn: number;
  /** From here on it doesn't fit. */
  full: number;
};

export const DEFAULT_THRESHOLDS: Thresholds = { warn: 0.8, full: 1 };

/**
 * How a figure stands. `short`: group maxima, or today's use, pass the quota. `peak`: only maximum × peak does.
 * `tight`: it fits, with less than a fifth to spare (failover needs room as well). `unknown` is never room.
 */
export type Standing = "room" | "tight" | "peak" | "short" | "unknown";

export function standingOf(figure: Headroom, thresholds: Thresholds = DEFAULT_THRESHOLDS): Standing {
  if (figure.unlimited === true) return "room";
  const { quota } = figure;
  if (quota === null || figure.used === null) return "unknown";
  const full = quota * thresholds.full;
  if (figure.used > full || (figure.atMax ?? 0) > full) return "short";
  const projected = projectedUse(figure) ?? 0;
  if (projected > full) return "peak";
  return projected > 0 && projected >= quota * thresholds.warn ? "tight" : "room";
}

const ORDER: Standing[] = ["room", "tight", "peak", "unknown", "short"];

/** The worst of several; what can't be read outweighs a good answer, never a bad one. */
export function worst(standings: readonly Standing[]): Standing {
  return standings.reduce<Standing>((a, b) => (ORDER.indexOf(b) > ORDER.indexOf(a) ? b : a), "room");
}

/**
 * What to ask AWS for: needed + 15%, rounded up to three figures (2,496 → 2,880), a whole number. Nothing is asked for
 * by hand, so nobody files a value that is too small to help or too large to be granted.
 */
export function suggestedValue(needed: number): number {
  const wanted = needed * 1.15;
  const step = 10 ** Math.max(0, Math.floor(Math.log10(Math.max(1, wanted))) - 2);
  // Floating point: 1.15 × 200 is 229.99999999999997.
  return Math.ceil(Number((wanted / step).toFixed(6))) * step;
}

import type { ReadyState } from "../../src/domain/message.ts";
import type { Color } from "./elements.ts";

/** A state is never its colour or its sign alone: the word stands beside it. */
export const STATES: Record<ReadyState, { sign: string; word: string; color: Color }> = {
  ready: { sign: "🟢", word: "ready", color: "good" },
  at_risk: { sign: "🟡", word: "at risk", color: "warning" },
  high_risk: { sign: "🔴", word: "high risk", color: "attention" },
  not_answered: { sign: "⚪", word: "not answered", color: "accent" },
};

/** `▰▰▱▱▱▱`: something done always shows, and only all of it fills the bar. */
export function bar(done: number, total: number, length = 6): string {
  const share = total <= 0 ? 0 : Math.min(1, Math.max(0, done / total));
  const filled = share === 1 ? length : share === 0 ? 0 : Math.min(length - 1, Math.max(1, Math.round(share * length)));
  return "▰".repeat(filled) + "▱".repeat(length - filled);
}

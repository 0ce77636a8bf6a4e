import type { Timer } from "../src/domain/effect.ts";
import type { SessionState } from "../src/domain/session.ts";
import type { Turn } from "./turn.ts";

/** Words of people are kept for RETENTION_DAYS after a session has ended, where the operator set that. */

const DAY_MS = 86_400_000;

/** When an ended session's words go; undefined: they are kept, are gone already, or the session is still open. */
export function retentionTimer(
  session: SessionState,
  days: number | undefined,
): { key: string; at: number; input: Timer } | undefined {
  if (days === undefined || session.closedAt === undefined || session.forgottenAt !== undefined) return undefined;
  return {
    key: `retention:${session.id}`,
    at: Date.parse(session.closedAt) + days * DAY_MS,
    input: { timer: "retention", session: session.id },
  };
}

/** The session has just ended: plan when its words go. */
export function planRetention(turn: Turn): void {
  const timer = retentionTimer(turn.state, turn.ctx.settings.retentionDays);
  if (timer !== undefined) turn.want({ do: "timer", clock: "calendar", ...timer });
}

/** Time is up. Judged again now: a session that is open again, or kept longer, keeps its words. */
export function retentionDue(turn: Turn): void {
  const timer = retentionTimer(turn.state, turn.ctx.settings.retentionDays);
  if (timer === undefined) return;
  if (timer.at > turn.ctx.now.getTime()) return planRetention(turn);
  forgetWords(turn);
}

/** Erases the words; who, when, what kind and the signed decision stay. Posts are redrawn without them. */
export function forgetWords(turn: Turn): void {
  turn.emit({ kind: "session_forgotten" });
  turn.forgetWords();
  if (turn.ctx.settings.links === true) turn.want({ do: "revoke_links" });
  for (const post of Object.values(turn.state.posts)) turn.redraw(post.key);
}

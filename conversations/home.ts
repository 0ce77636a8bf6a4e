import { isOver } from "./nudging.ts";
import { sayMe } from "./personal.ts";
import type { Turn } from "./turn.ts";
import { homeCard } from "./views/home.ts";

/** What waits for them, over all sessions, and how they are reached. */
export function home(turn: Turn): void {
  const { candidates } = turn.loaded;
  // What they were given stands there as questions.
  const now = turn.ctx.now.toISOString();
  const openItems = turn.loaded.openItems.filter(
    (item) => item.since <= now && item.kind !== "given" && !isOver(item, turn.ctx.now),
  );
  const { session, person, ctx } = turn;
  const rows =
    session.status === "none"
      ? candidates
      : [
          {
            id: session.id,
            name: session.name,
            date: session.event.date,
            status: session.status,
            home: "",
            eventAt: session.eventAt,
          },
        ];
  const zone = person.zone ?? ctx.settings.zone;
  turn.say(
    homeCard(person, openItems, rows, sayMe(turn), {
      now: ctx.now,
      catalogue: ctx.catalogue,
      command: ctx.settings.command,
      zone,
      sessions: turn.loaded.sessions ?? new Map(),
    }),
  );
}

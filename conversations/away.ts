import type { ModuleId } from "../src/domain/ids.ts";
import type { Fact } from "../src/domain/ports.ts";
import { wantPost } from "./asking.ts";
import { modulesInOrder, postKeys, questionsOf } from "./session-queries.ts";
import type { Turn } from "./turn.ts";

/**
 * We were off, and nobody can read what was said meanwhile: said once in each thread where somebody is asked something
 * (in a chat without threads: once in the chat). Who answered then says it again; silence would lose it unnoticed.
 */
export function sayAway(turn: Turn, { from, to }: Extract<Fact, { kind: "away" }>): void {
  if (turn.state.status !== "open") return;
  const waiting = modulesInOrder(turn.state).filter(({ id }) => somebodyIsAsked(turn, id));
  const modules = turn.state.flat ? waiting.slice(0, 1) : waiting;
  for (const { id } of modules) {
    const root = postKeys.module(id);
    if (turn.state.posts[root]?.state !== "posted") continue;
    const version = 1 + Object.keys(turn.state.told ?? {}).length;
    const key = `note:${version}`;
    turn.emit({ kind: "telling_wanted", post: key, telling: { what: "away", from, to } });
    wantPost(turn, { key, kind: "note", version, module: id }, root);
  }
}

/** A question on show for whoever takes it counts: the first words there would have been kept. */
function somebodyIsAsked(turn: Turn, module: ModuleId): boolean {
  return questionsOf(turn.state, module).some(({ status }) => status === "open" || status === "settling");
}

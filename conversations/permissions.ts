import type { PersonId } from "../src/domain/ids.ts";
import { nameOf } from "./session-queries.ts";
import type { Turn } from "./turn.ts";
import { wording } from "./wording.ts";

/** Whether somebody facilitates; others are told who does. `what`: what only they can do, "edit the session". */
export function isFacilitator(turn: Turn, person: PersonId, what: string): boolean {
  const { state } = turn;
  if (person === state.facilitator) return true;
  turn.tell(wording.notFacilitator(what, nameOf(state, state.facilitator)));
  return false;
}

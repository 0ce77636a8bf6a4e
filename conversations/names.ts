import type { PersonId } from "../src/domain/ids.ts";
import type { Turn } from "./turn.ts";
import { moduleTitle } from "./wording.ts";

/** What people and modules are called. */

export function nameThem(turn: Turn, person: PersonId, name: string | undefined): void {
  if (name !== undefined && name !== "" && turn.state.people[person]?.name !== name) {
    turn.emit({ kind: "person_named", person, name });
  }
}

export function titleOf(turn: Turn, module: string): string {
  return moduleTitle(turn.ctx.catalogue, module);
}

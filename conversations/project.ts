import { conversationKey } from "../src/domain/address.ts";
import type { Catalogue } from "../src/domain/catalogue.ts";
import type { Projection } from "../src/domain/ports.ts";
import type { SessionState } from "../src/domain/session.ts";
import { openItemsOf } from "./open-items.ts";
import { modulesInOrder, postKeys, questionsInOrder, threadOf } from "./session-queries.ts";

/** The lists kept beside the events: what the store can find without folding anything. */
export function project(state: SessionState, catalogue: Catalogue): Projection {
  const roots = [postKeys.header, ...state.moduleOrder.map(postKeys.module)];
  const threads = state.flat ? [state.home] : roots.flatMap((root) => threadOf(state, root) ?? []);
  return {
    row: {
      id: state.id,
      name: state.name,
      date: state.event.date,
      status: state.status,
      home: conversationKey(state.home),
      eventAt: state.eventAt,
    },
    conversations: threads.map(conversationKey),
    openItems: state.status === "open" ? openItemsOf(state, catalogue) : [],
    people: peopleOf(state),
  };
}

export function peopleOf(state: SessionState): string[] {
  const people = new Set<string>([state.facilitator, ...state.scope.managers, ...Object.keys(state.people)]);
  for (const module of modulesInOrder(state)) if (module.owner !== undefined) people.add(module.owner);
  for (const question of questionsInOrder(state)) if (question.delegate !== undefined) people.add(question.delegate);
  return [...people];
}

import { conversationKey } from "../src/domain/address.ts";
import type { Catalogue } from "../src/domain/catalogue.ts";
import type { Projection } from "../src/domain/ports.ts";
import type { OpenItem, SessionState } from "../src/domain/session.ts";
import { dueOf } from "./due.ts";
import {
  assignee,
  isSettled,
  modulesInOrder,
  postKeys,
  questionsInOrder,
  questionsOf,
  threadOf,
} from "./session-queries.ts";

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

/** Everything that waits for somebody: open questions, readings to confirm, a decision to sign. */
export function openItemsOf(state: SessionState, catalogue: Catalogue): OpenItem[] {
  const base = { session: state.id, sessionName: state.name, eventAt: state.eventAt };
  const items: OpenItem[] = [];
  for (const question of questionsInOrder(state)) {
    const person = assignee(state, question);
    if (person === null || isSettled(question)) continue;
    items.push({
      ...base,
      person,
      kind: "question",
      module: question.module,
      question: question.id,
      dueAt: dueOf(state, question.id, catalogue),
      since: state.startedAt,
    });
  }
  for (const module of modulesInOrder(state)) {
    const unread = questionsOf(state, module.id).some(
      (question) => question.status === "answered" && question.confirmed === undefined,
    );
    if (module.owner === undefined || module.completedAt === undefined || !unread) continue;
    items.push({
      ...base,
      person: module.owner,
      kind: "confirm",
      module: module.id,
      dueAt: state.eventAt,
      since: module.completedAt,
    });
  }
  const decision = state.decisions.at(-1);
  if (decision?.status === "open") {
    for (const manager of state.scope.managers) {
      if (decision.signatures.some((signature) => signature.by === manager)) continue;
      items.push({ ...base, person: manager, kind: "decide", dueAt: state.eventAt, since: decision.openedAt });
    }
  }
  return items;
}

function peopleOf(state: SessionState): string[] {
  const people = new Set<string>([state.facilitator, ...state.scope.managers, ...Object.keys(state.people)]);
  for (const module of modulesInOrder(state)) if (module.owner !== undefined) people.add(module.owner);
  for (const question of questionsInOrder(state)) if (question.delegate !== undefined) people.add(question.delegate);
  return [...people];
}

import { type Address, conversationKey } from "../src/domain/address.ts";
import type { Catalogue } from "../src/domain/catalogue.ts";
import type { Projection } from "../src/domain/ports.ts";
import type { SessionState } from "../src/domain/session.ts";
import { openItemsOf } from "./open-items.ts";
import { postKeys, threadOf } from "./session-queries.ts";

/** The lists kept beside the events: what the store can find without folding anything. */
export function project(state: SessionState, catalogue: Catalogue): Projection {
  const openItems = state.status === "open" ? openItemsOf(state, catalogue) : [];
  return {
    row: {
      id: state.id,
      name: state.name,
      date: state.event.date,
      status: state.status,
      home: conversationKey(state.home),
      eventAt: state.eventAt,
    },
    conversations: state.followers?.length
      ? [...conversationsOf(state), ...followersOf(state)]
      : conversationsOf(state),
    openItems,
    // Whoever something waits for takes part: the store finds a session's items through its people.
    people: [...new Set([...peopleOf(state), ...openItems.map(({ person }) => person)])],
  };
}

const known = new WeakMap<SessionState["posts"], string[]>();

/** Its threads, or its chat where there are none. Made anew when a post changed: most inputs leave them alone. */
function conversationsOf(state: SessionState): string[] {
  if (state.flat) return [conversationKey(state.home)];
  const before = known.get(state.posts);
  if (before !== undefined) return before;
  const roots = [postKeys.header, ...state.moduleOrder.map(postKeys.module)];
  const conversations = roots.flatMap((root) => threadOf(state, root) ?? []).map(conversationKey);
  known.set(state.posts, conversations);
  return conversations;
}

/** Channels that follow, and the threads of what stands there: its commands are said there, too. */
function followersOf(state: SessionState): string[] {
  const threads = Object.values(state.posts).flatMap(({ at, ref }): Address[] =>
    at === undefined || ref === undefined ? [] : [{ ...at, thread: ref.messageId }],
  );
  return [...new Set([...(state.followers ?? []).map(({ address }) => address), ...threads].map(conversationKey))];
}

export function peopleOf(state: SessionState): string[] {
  const people = new Set<string>([state.facilitator, ...state.scope.managers, ...Object.keys(state.people)]);
  for (const { owner } of Object.values(state.modules)) if (owner !== undefined) people.add(owner);
  for (const { delegate } of Object.values(state.questions)) if (delegate !== undefined) people.add(delegate);
  return [...people];
}

import { inTheWordsOf } from "../../conversations/carry-over.ts";
import { parseCommand } from "../../conversations/command.ts";
import { peopleOf } from "../../conversations/project.ts";
import { conversationKey } from "../domain/address.ts";
import { identityOf, type PersonId, personId } from "../domain/ids.ts";
import type { Inbound } from "../domain/inbound.ts";
import type { Store } from "../domain/ports.ts";
import type { SessionState } from "../domain/session.ts";

/**
 * The session that `start --from` names, by id or by name (the newest of that name; one of the same workspace first).
 * Only for somebody who took part in it, on whichever platform it was, or starts in its channel. Its people are the
 * ids that they have here, where they linked them.
 */
export async function previousFor(store: Store, inbound: Inbound): Promise<SessionState | undefined> {
  const text = typedIn(inbound);
  if (!/(?:--|—|–)from\b/i.test(text)) return undefined;
  const command = parseCommand(text, []);
  if (!("name" in command) || command.name !== "start" || command.options.from === undefined) return undefined;
  const wished = command.options.from.toLowerCase();
  const here = `${inbound.address.platform}:${inbound.address.workspace}:`;
  const called = (await store.sessions())
    .filter(({ id, name }) => id.toLowerCase() === wished || name.toLowerCase() === wished)
    .toReversed();
  const nearest = [
    ...called.filter(({ home }) => home.startsWith(here)),
    ...called.filter(({ home }) => !home.startsWith(here)),
  ];
  for (const { id } of nearest) {
    const session = await store.session(id);
    if (session !== undefined && mayContinue(session, inbound)) return translated(store, session, inbound);
  }
  return undefined;
}

/** The command itself, or what a button or form of ours carries of it. */
function typedIn(inbound: Inbound): string {
  if (inbound.kind === "command") return inbound.text;
  if (inbound.kind === "action") return inbound.value.arg ?? "";
  return inbound.kind === "form" ? (inbound.context.arg ?? "") : "";
}

function mayContinue(session: SessionState, { actor, address }: Inbound): boolean {
  const { thread: _thread, ...channel } = address;
  if (conversationKey(channel) === conversationKey(session.home)) return true;
  const people = peopleOf(session);
  return [personId(actor), ...(actor.also ?? [])].some((id) => people.includes(id));
}

/** The same session with everybody under the id they have in this workspace. */
async function translated(store: Store, session: SessionState, { address }: Inbound): Promise<SessionState> {
  const { platform, workspace } = address;
  if (session.home.platform === platform && session.home.workspace === workspace) return session;
  const ids = new Map<PersonId, PersonId>();
  for (const person of peopleOf(session)) {
    const all = [identityOf(person), ...(await store.identities(person))];
    const found = all.find((one) => one.platform === platform && one.workspace === workspace);
    if (found !== undefined) ids.set(person, personId(found));
  }
  return inTheWordsOf(session, ids);
}

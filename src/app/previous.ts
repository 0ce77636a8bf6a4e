import { parseCommand } from "../../conversations/command.ts";
import { peopleOf } from "../../conversations/project.ts";
import { conversationKey } from "../domain/address.ts";
import { personId } from "../domain/ids.ts";
import type { Inbound } from "../domain/inbound.ts";
import type { Store } from "../domain/ports.ts";
import type { SessionState } from "../domain/session.ts";

/**
 * The session that `start --from` names, by id or by name (the newest of that name). Only in the same workspace, and
 * only for somebody who took part in it or starts in its channel.
 */
export async function previousFor(store: Store, inbound: Inbound): Promise<SessionState | undefined> {
  const text = inbound.kind === "command" ? inbound.text : inbound.kind === "action" ? (inbound.value.arg ?? "") : "";
  if (!/(?:--|—|–)from\b/i.test(text)) return undefined;
  const command = parseCommand(text, []);
  if (!("name" in command) || command.name !== "start" || command.options.from === undefined) return undefined;
  const wished = command.options.from.toLowerCase();
  const here = `${inbound.address.platform}:${inbound.address.workspace}:`;
  const row = (await store.sessions()).findLast(
    ({ id, name, home }) => home.startsWith(here) && (id.toLowerCase() === wished || name.toLowerCase() === wished),
  );
  const session = row === undefined ? undefined : await store.session(row.id);
  if (session === undefined) return undefined;
  const { thread: _thread, ...channel } = inbound.address;
  const allowed =
    conversationKey(channel) === conversationKey(session.home) || peopleOf(session).includes(personId(inbound.actor));
  return allowed ? session : undefined;
}

import type { Mention } from "../../src/domain/inbound.ts";
import { BOT } from "./options.ts";
import type { WebPerson } from "./people.ts";

/** What a typed line is: `/readiness …`, a line that begins with the bot's name, or plain words. */
export type Typed =
  | { kind: "command"; text: string }
  | { kind: "addressed"; text: string }
  | { kind: "unknown-command"; name: string }
  | { kind: "words" };

const COMMAND = /^\/readiness(?:\s+([\s\S]*))?$/i;
const ADDRESSED = /^@T-Minus(?![\w-])[\s,:]*([\s\S]*)$/i;
/** `/etc/hosts` and `//` are words. */
const SLASH = /^\/([a-z][a-z-]*)(?:\s|$)/i;

export function typed(text: string): Typed {
  const start = text.trimStart();
  const command = COMMAND.exec(start);
  if (command !== null) return { kind: "command", text: (command[1] ?? "").trim() };
  const addressed = ADDRESSED.exec(start);
  if (addressed !== null) return { kind: "addressed", text: addressed[1] ?? "" };
  const slash = SLASH.exec(start);
  return slash === null ? { kind: "words" } : { kind: "unknown-command", name: slash[1] ?? "" };
}

/** The names that stand in a text as `@Name`; the longest name wins, each once. */
export function mentionsIn(text: string, people: WebPerson[]): Mention[] {
  const known = [...people, { ...BOT, part: "bot" }].toSorted((a, b) => b.name.length - a.name.length);
  const mentions: Mention[] = [];
  for (let at = text.indexOf("@"); at >= 0; at = text.indexOf("@", at + 1)) {
    if (at > 0 && /[\p{L}\p{N}]/u.test(text[at - 1] ?? "")) continue;
    const person = known.find(({ name }) => {
      const end = at + 1 + name.length;
      return text.slice(at + 1, end).toLowerCase() === name.toLowerCase() && !/^[\p{L}\p{N}]/u.test(text.slice(end));
    });
    if (person === undefined) continue;
    const label = text.slice(at, at + 1 + person.name.length);
    if (mentions.some((mention) => mention.user === person.user && mention.label === label)) continue;
    mentions.push({
      label,
      user: person.user,
      name: person.name,
      ...(person.user === BOT.user ? { isBot: true } : {}),
    });
  }
  return mentions;
}

import type { Block, Message, Rich } from "../../src/domain/message.ts";
import type { Person } from "../../src/domain/person.ts";
import type { OpenItem, SessionRow } from "../../src/domain/session.ts";
import { nudgeCard } from "./nudge.ts";
import type { ViewContext } from "./parts.ts";

/** A person's own page on the platform: what waits for them, their sessions, how they are reached. */
export function homeCard(
  person: Person,
  items: OpenItem[],
  sessions: SessionRow[],
  reach: string,
  view: ViewContext & { zone: string },
): Message {
  const blocks: Block[] = [{ kind: "heading", text: "What waits for you" }];
  if (items.length === 0) blocks.push({ kind: "text", text: ["Nothing waits for you."] });
  else blocks.push(...nudgeCard(items, view).blocks);
  blocks.push({ kind: "divider" }, { kind: "heading", text: "Your sessions" });
  const lines = sessions.map((row): Rich => [{ strong: row.name }, ` · ${row.date}`]);
  blocks.push(
    lines.length === 0 ? { kind: "text", text: ["You are in no open session."] } : { kind: "list", items: lines },
  );
  blocks.push({ kind: "divider" }, { kind: "heading", text: "How I reach you" });
  blocks.push({ kind: "text", text: [reach] });
  blocks.push({
    kind: "context",
    text: [
      "Change it with ",
      { code: `${view.command} me hours 9-17 mon-fri` },
      ", ",
      { code: "me zone Europe/London" },
      " or ",
      { code: "me away until 3 Dec" },
      ".",
    ],
  });
  return { summary: `${person.name ?? "You"}: ${items.length} open`, blocks };
}

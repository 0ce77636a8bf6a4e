import type { PersonId } from "../../src/domain/ids.ts";
import type { Block, Button, Mark, Message } from "../../src/domain/message.ts";
import { plainWords } from "../../src/domain/rich.ts";
import { toAdaptiveCard } from "../cards/card.ts";
import type { AdaptiveCard } from "../cards/elements.ts";
import { paragraph } from "../cards/rich.ts";
import type { ConversationType } from "./address.ts";
import { ADAPTIVE } from "./dialogs.ts";
import { clip, TEAMS_LIMITS } from "./limits.ts";
import { pagesOf } from "./pages.ts";

/** What the mark of a post looks like in `channelData.tMinus`; private replies carry no session. */
export type TeamsMark = Mark | { kind: "note"; private: true };

export type OutgoingActivity = {
  type: "message";
  /** What notifications and lists of chats show. */
  summary: string;
  attachments: { contentType: string; content: AdaptiveCard }[];
  channelData: { tMinus: TeamsMark };
};

export type RenderContext = {
  type: ConversationType;
  /** Whether people's plain replies reach us here. */
  freeReplies: boolean;
  /** The Teams account of somebody who must be pinged. */
  mention(person: PersonId, name: string): { id: string; name: string } | undefined;
};

/** Message → activity: one Adaptive Card (several for a very long message), and the summary for everything that doesn't show cards. */
export function toActivity(message: Message, mark: TeamsMark, context: RenderContext): OutgoingActivity {
  return {
    type: "message",
    summary: clip(message.summary, TEAMS_LIMITS.summaryText),
    attachments: pagesOf(answerable(message, mark, context), TEAMS_LIMITS).map((page) => ({
      contentType: ADAPTIVE,
      content: draw(page, context),
    })),
    channelData: { tMinus: mark },
  };
}

/** One card, for the answer to a button. */
export function toCard(message: Message, mark: TeamsMark, context: RenderContext): AdaptiveCard {
  return draw(answerable(message, mark, context), context);
}

function draw(message: Message, { mention }: RenderContext): AdaptiveCard {
  return toAdaptiveCard(message, {
    inputs: true,
    charts: true,
    mention,
    maxJson: TEAMS_LIMITS.cardBytes,
    rowWidth: TEAMS_LIMITS.rowWidth,
  });
}

/**
 * Where plain replies don't reach us, an open question carries its own answer box and says what to do. Consent can't be
 * asked for, so the text never speaks of it. Where replies do reach us, boxes are left out.
 */
function answerable(message: Message, mark: TeamsMark, context: RenderContext): Message {
  if (mark.kind !== "question" && mark.kind !== "follow_up") return message;
  if (context.freeReplies) {
    return { ...message, blocks: message.blocks.filter((block) => block.kind !== "input") };
  }
  const row = message.blocks.findIndex((block) => block.kind === "buttons" && isOpen(block.buttons));
  if (row < 0) return message;
  const how =
    context.type === "channel"
      ? "Reply in this thread and mention me, or answer here."
      : "Reply and mention me, or answer here.";
  const box: Block[] = message.blocks.some((block) => block.kind === "input")
    ? []
    : [{ kind: "input", id: "answer", label: "Your answer" }];
  return {
    ...message,
    blocks: message.blocks.flatMap((block, index): Block[] => {
      if (index !== row || block.kind !== "buttons") return [block];
      // One button stands out: taking a module comes before answering for it.
      const stands = block.buttons.some((button) => button.action !== "answer" && button.style === "primary");
      const style = stands ? {} : { style: "primary" as const };
      const buttons = block.buttons.map(({ style: before, ...button }) =>
        button.action === "answer"
          ? withoutDialog({ ...button, label: "Send answer", ...style })
          : { ...button, ...(before === undefined ? {} : { style: before }) },
      );
      return [{ kind: "context", text: [how] }, ...box, { kind: "buttons", buttons }];
    }),
  };
}

/** A settled question can still be edited (in a dialog); only an open one can also be explained or left. */
function isOpen(buttons: Button[]): boolean {
  const actions = new Set(buttons.map(({ action }) => action));
  return actions.has("answer") && (actions.has("why") || actions.has("skip"));
}

function withoutDialog(button: Button): Button {
  const { opens: _, ...rest } = button;
  return rest;
}

/** Everybody whom a message pings, to be looked up before it is drawn. */
export function pinged(message: Message): Set<PersonId> {
  const found = new Set<PersonId>();
  const visit = (value: unknown): void => {
    if (Array.isArray(value)) value.forEach(visit);
    else if (typeof value === "object" && value !== null) {
      if ("person" in value && typeof value.person === "string" && "ping" in value && value.ping === true)
        found.add(value.person);
      else Object.values(value).forEach(visit);
    }
  };
  visit(message.blocks);
  return found;
}

/** A private reply names whom it is for: Teams has no messages that only one person sees. */
export function namedFor(message: Message, name: string): Message {
  return { ...message, blocks: [{ kind: "context", text: ["For ", { strong: name }] }, ...message.blocks] };
}

/** The same of a form's card. */
export function cardNamedFor(card: AdaptiveCard, name: string): AdaptiveCard {
  const whom = paragraph(["For ", { strong: name }], { maxText: 200, entities: [] }, { size: "small", isSubtle: true });
  return { ...card, body: [whom, ...card.body] };
}

/** Nothing but a line or two: fits the notice that an answer to a card's button shows. */
export function isShort(message: Message): boolean {
  const lines = message.blocks.filter((block) => block.kind === "text" || block.kind === "context");
  return (
    lines.length === message.blocks.length && lines.length <= 2 && textOf(message).length <= TEAMS_LIMITS.noticeText
  );
}

/** The words of a message's lines; its summary where it has none. */
export function textOf(message: Message): string {
  const lines = message.blocks.flatMap((block) =>
    block.kind === "text" || block.kind === "context" ? [plainWords(block.text)] : [],
  );
  return lines.length === 0 ? message.summary : lines.join("\n\n");
}

import type { Block, Message, Rich } from "../../src/domain/message.ts";

/**
 * A message that is too long for one card becomes several cards of one activity, so that no word of it is lost and an
 * update still finds it whole. What belongs together (ticks, boxes and their buttons) stays on one card, the last.
 */
export function pagesOf(message: Message, limits: { pageBytes: number; pages: number; textLength: number }): Message[] {
  const blocks = message.blocks.flatMap((block) => shortened(block, limits.textLength));
  if (bytesOf(blocks) <= limits.pageBytes) return [{ ...message, blocks }];
  const firstTool = blocks.findIndex(isTool);
  const readable = firstTool < 0 ? blocks : blocks.slice(0, firstTool);
  const tools = firstTool < 0 ? [] : blocks.slice(firstTool);
  const pages: Block[][] = [[]];
  for (const block of readable) {
    const page = pages.at(-1) ?? [];
    const full = page.length > 0 && bytesOf([...page, block]) > limits.pageBytes;
    if (full && pages.length < limits.pages) pages.push([block]);
    else page.push(block);
  }
  const last = pages.at(-1) ?? [];
  if (tools.length > 0 && bytesOf([...last, ...tools]) > limits.pageBytes && pages.length < limits.pages)
    pages.push(tools);
  else last.push(...tools);
  return pages.map((page) => ({ ...message, blocks: page }));
}

function isTool({ kind }: Block): boolean {
  return kind === "ticks" || kind === "input" || kind === "buttons";
}

function bytesOf(blocks: Block[]): number {
  // Every paragraph becomes an element around its words.
  return Buffer.byteLength(JSON.stringify(blocks)) + blocks.length * 80;
}

/** Long paragraphs as several, cut between words. */
function shortened(block: Block, most: number): Block[] {
  if (block.kind !== "text" && block.kind !== "context") return [block];
  const parts: Rich[] = [[]];
  let room = most;
  for (const inline of block.text.flatMap((one) => cut(one, most))) {
    const length = lengthOf(inline);
    if (length > room && parts.at(-1)?.length) {
      parts.push([]);
      room = most;
    }
    parts.at(-1)?.push(inline);
    room -= length;
  }
  return parts.map((text) => ({ kind: block.kind, text }));
}

function cut(inline: Rich[number], most: number): Rich {
  if (lengthOf(inline) <= most) return [inline];
  if (typeof inline === "string") return pieces(inline, most);
  if ("quote" in inline) return pieces(inline.quote, most).map((quote) => ({ quote }));
  if ("strong" in inline) return pieces(inline.strong, most).map((strong) => ({ strong }));
  if ("soft" in inline) return pieces(inline.soft, most).map((soft) => ({ soft }));
  if ("code" in inline) return pieces(inline.code, most).map((code) => ({ code }));
  return [inline];
}

function pieces(text: string, most: number): string[] {
  const found: string[] = [];
  let rest = text;
  while (rest.length > most) {
    const space = rest.lastIndexOf(" ", most);
    // Without a space the cut must not fall inside a character that takes two places.
    const end = space > most / 2 ? space + 1 : /[\ud800-\udbff]$/.test(rest.slice(0, most)) ? most - 1 : most;
    found.push(rest.slice(0, end));
    rest = rest.slice(end);
  }
  return [...found, rest];
}

function lengthOf(inline: Rich[number]): number {
  if (typeof inline === "string") return inline.length;
  return Object.values(inline).reduce((sum, value) => sum + (typeof value === "string" ? value.length : 0), 0);
}

import type { types } from "@slack/bolt";
import type { Block, Button, ReadyState, Rich, Tick } from "../../src/domain/message.ts";
import { plainWords } from "../../src/domain/rich.ts";
import { encodeValue, ticksId } from "./action-id.ts";
import { mrkdwnOf } from "./inline.ts";
import { clip, SLACK_LIMITS } from "./limits.ts";

type KnownBlock = types.KnownBlock;

/** What a renderer of blocks needs to know of the message around it. */
export type Page = {
  workspace: string;
  actionId(action: string): string;
  blockId(name: string): string;
  /** Whether this table may be one of Slack's own; true for one a message at most. */
  takesTable(): boolean;
  /** Where Slack can fetch a chart's picture; undefined: it can't. */
  pictureOf?: PictureOf | undefined;
};

export type PictureOf = (chart: Extract<Block, { kind: "chart" }>) => string | undefined;

/** The four states; the mark always carries its word, also where the line breaks: the blanks are no-break spaces. */
const STATES: Record<ReadyState, string> = {
  ready: "🟢\u00a0ready",
  at_risk: "🟡\u00a0at\u00a0risk",
  high_risk: "🔴\u00a0high\u00a0risk",
  not_answered: "⚪\u00a0not\u00a0answered",
};

/** `verbatim`: Slack makes no links, channels or mentions of words by itself. */
export function mrkdwn(text: string): types.MrkdwnElement {
  return { type: "mrkdwn", text, verbatim: true };
}

/** Long ones too are shown whole: Slack would fold lists, questions and risks away behind "See more". */
export function section(text: string): types.SectionBlock {
  return { type: "section", text: mrkdwn(text), expand: true };
}

export function plain(text: string, max: number): types.PlainTextElement {
  // Slack refuses an empty text object.
  return { type: "plain_text", text: text.trim() === "" ? "-" : clip(text, max), emoji: true };
}

/** One of our blocks as Slack's: more than one where the text is long. Never empty-texted. */
export function blocksOf(block: Block, page: Page): KnownBlock[] {
  switch (block.kind) {
    case "heading":
      return heading(block.text, page);
    case "text":
      return sections(block.text, page);
    case "context":
      return context(block.text, page);
    case "divider":
      return [{ type: "divider" }];
    case "list":
      return list(block.items, page);
    case "progress":
      return progress(block.rows, page);
    case "facts":
      return facts(block.facts, page);
    case "table":
      return table(block, page);
    case "ticks":
      return ticks(block, page);
    case "input":
      // In Slack the reply itself is the answer.
      return [];
    case "buttons":
      return buttons(block.buttons, page);
    case "chart":
      return chart(block, page);
  }
}

/** A header block; words with control characters go to a section, where they can be escaped. */
function heading(text: string, page: Page): KnownBlock[] {
  if (text.trim() === "") return [];
  if (/[<>&]/.test(text) || text.length > SLACK_LIMITS.headerText) return sections([{ strong: text }], page);
  return [{ type: "header", text: plain(text, SLACK_LIMITS.headerText) }];
}

function sections(rich: Rich, page: Page): KnownBlock[] {
  return mrkdwnOf(rich, page.workspace).map(section);
}

function context(rich: Rich, page: Pick<Page, "workspace">): KnownBlock[] {
  const elements = mrkdwnOf(rich, page.workspace).map(mrkdwn);
  // Slack would take ten elements, but a message's texts together must stay below the limit of a message.
  return chunks(elements, Math.floor(SLACK_LIMITS.messageText / SLACK_LIMITS.sectionText)).map((some) => ({
    type: "context",
    elements: some,
  }));
}

function list(items: Rich[], page: Pick<Page, "workspace">): KnownBlock[] {
  return packed(
    items.flatMap((item) => mrkdwnOf(["• ", ...item], page.workspace)),
    SLACK_LIMITS.sectionText,
  ).map(section);
}

type ProgressRow = Extract<Block, { kind: "progress" }>["rows"][number];

/** Lines longer than this break on a phone and most windows: then they go without their bars. */
const LONGEST_WITH_BAR = 60;

/** The words first, since a phone breaks the line: what it pushes down is the bar, which says nothing that they don't. */
function progress(rows: ProgressRow[], page: Page): KnownBlock[] {
  const lines = rows.map(progressLine);
  const bars = lines.every((line) => plainWords(line).length <= LONGEST_WITH_BAR);
  return sections(
    rows.flatMap((row, index): Rich => {
      const end = bars ? [` ${bar(row.done, row.total)}`] : [];
      return [index === 0 ? "" : "\n", ...(lines[index] ?? []), ...end];
    }),
    page,
  );
}

function progressLine(row: ProgressRow): Rich {
  const line: Rich = [{ strong: row.label }, ` ${row.done}/${row.total} · ${STATES[row.state]}`];
  return row.note === undefined ? line : [...line, " · ", ...row.note];
}

/**
 * A bar of eight; the figures stand beside it, so that nobody has to see it. Not as code: Slack writes that in red, and
 * what isn't answered yet is no alarm.
 */
function bar(done: number, total: number): string {
  const full = total <= 0 ? 0 : Math.round((Math.min(Math.max(done, 0), total) / total) * 8);
  return "▰".repeat(full) + "▱".repeat(8 - full);
}

function facts(all: { label: string; value: Rich }[], page: Page): KnownBlock[] {
  const fields = all.flatMap(({ label, value }) => {
    const texts = mrkdwnOf([{ strong: label }, "\n", ...value], page.workspace, SLACK_LIMITS.fieldText - 200);
    return texts.map(mrkdwn);
  });
  const most = Math.min(SLACK_LIMITS.sectionFields, Math.floor(SLACK_LIMITS.messageText / SLACK_LIMITS.fieldText));
  return chunks(fields, most).map((some) => ({ type: "section", fields: some }));
}

type Table = Extract<Block, { kind: "table" }>;

/** A small one as Slack's own table; others as lines, which a phone and a screen reader can follow. */
function table({ caption, columns, rows }: Table, page: Page): KnownBlock[] {
  const head = sections([{ strong: caption }], page);
  const text = [columns, ...rows].flat().join("\n");
  const fits =
    columns.length > 0 &&
    columns.length <= SLACK_LIMITS.tableColumns &&
    rows.length > 0 &&
    rows.length < SLACK_LIMITS.tableRows &&
    text.length <= SLACK_LIMITS.tableText &&
    // As in headings: where control characters stand, they are escaped in a section.
    !/[<>&]/.test(text);
  if (!fits || !page.takesTable()) return [...head, ...list(tableLines(columns, rows), page)];
  const names = columns.map(headCell);
  const cells = rows.map((row) => columns.map((_, at) => ({ type: "raw_text" as const, text: row[at] || "–" })));
  return [
    ...head,
    { type: "table", column_settings: columns.map(() => ({ is_wrapped: true })), rows: [names, ...cells] },
  ];
}

function tableLines(columns: readonly string[], rows: readonly string[][]): Rich[] {
  return rows.map((row): Rich => {
    const [first = "", ...others] = row;
    const cells = others.map((cell, at) => `${columns[at + 1] ?? ""}: ${cell}`.replace(/^: /, ""));
    return [{ strong: first || "-" }, cells.length === 0 ? "" : ` · ${cells.join(" · ")}`];
  });
}

function headCell(text: string): types.RichTextBlock {
  const bold = { type: "text" as const, text: text || "–", style: { bold: true } };
  return { type: "rich_text", elements: [{ type: "rich_text_section", elements: [bold] }] };
}

/** The same blocks with tables as lines and pictures as words: for a Slack that takes the one or can't fetch the other. */
export function withoutTables(blocks: KnownBlock[], workspace: string): KnownBlock[] {
  return blocks.flatMap((block) => {
    if (block.type === "image") return context([block.alt_text], { workspace });
    if (block.type !== "table") return [block];
    const [columns = [], ...rows] = block.rows.map((row) => row.map(wordsIn));
    return list(tableLines(columns, rows), { workspace });
  });
}

/** All words in a cell, however deep Slack's rich text has them. */
function wordsIn(value: unknown): string {
  if (Array.isArray(value)) return value.map(wordsIn).join("");
  if (typeof value !== "object" || value === null) return "";
  const text = "text" in value && typeof value.text === "string" ? value.text : "";
  return text + ("elements" in value ? wordsIn(value.elements) : "");
}

function ticks(block: Extract<Block, { kind: "ticks" }>, page: Page): KnownBlock[] {
  const label = block.label.trim() === "" ? [] : sections([block.label], page);
  if (block.ticks.length === 0) return label;
  const id = page.blockId(ticksId(block.id, block.ticks));
  const elements = chunks(block.ticks, SLACK_LIMITS.boxes).map((some) => checkboxes(some, page.actionId("ticks")));
  return [...label, { type: "actions", block_id: id, elements }];
}

function checkboxes(some: Tick[], actionId: string): types.Checkboxes {
  const option = ({ id, text }: Tick): types.PlainTextOption => ({
    text: plain(text, SLACK_LIMITS.optionText),
    value: clip(id, SLACK_LIMITS.optionValue),
  });
  const ticked = some.filter((tick) => tick.ticked).map(option);
  const initial = ticked.length === 0 ? {} : { initial_options: ticked };
  return { type: "checkboxes", action_id: actionId, options: some.map(option), ...initial };
}

function buttons(all: Button[], page: Page): KnownBlock[] {
  return chunks(all, SLACK_LIMITS.actionElements).map((some) => ({
    type: "actions",
    elements: some.map((button) => buttonOf(button, page)),
  }));
}

function buttonOf({ action, label, value, style, describes, confirm }: Button, page: Page): types.Button {
  return {
    type: "button",
    action_id: page.actionId(action),
    text: plain(label || action, SLACK_LIMITS.buttonText),
    value: encodeValue(value),
    ...(style === undefined ? {} : { style }),
    ...(describes ? { accessibility_label: clip(describes, SLACK_LIMITS.accessibilityLabel) } : {}),
    ...(confirm === undefined ? {} : { confirm: confirmOf(confirm) }),
  };
}

function confirmOf({ title, text, yes, no }: NonNullable<Button["confirm"]>): types.ConfirmationDialog {
  return {
    title: plain(title, SLACK_LIMITS.confirmTitle),
    text: plain(text, SLACK_LIMITS.confirmText),
    confirm: plain(yes, SLACK_LIMITS.confirmButton),
    deny: plain(no, SLACK_LIMITS.confirmButton),
  };
}

/** A picture where Slack can fetch one (a table stands beside it); otherwise bars in words and characters. */
function chart(block: Extract<Block, { kind: "chart" }>, page: Page): KnownBlock[] {
  const { title, alt, bars, unit } = block;
  if (bars.length === 0) return [...sections([{ strong: title }], page), ...context([alt], page)];
  const picture = page.pictureOf?.(block);
  if (picture !== undefined) {
    const image = { type: "image" as const, image_url: picture, alt_text: clip(alt, SLACK_LIMITS.altText) };
    return [...sections([{ strong: title }], page), image];
  }
  const lines = bars.flatMap(({ label, value, of, state }, index): Rich => {
    const share = of > 0 ? ` (${Math.round((value / of) * 100)}%)` : "";
    const figures = [number(value), "of", number(of), unit].filter((part) => part !== "").join(" ");
    return [
      `${index === 0 ? "" : "\n"}${bar(value, of)} `,
      { strong: label },
      ` ${figures}${share} · ${STATES[state]}`,
    ];
  });
  return [...sections([{ strong: title }], page), ...sections(lines, page)];
}

function number(value: number): string {
  return value.toLocaleString("en-GB", { maximumFractionDigits: 1 });
}

/** Joins lines into texts of at most `max` characters. */
function packed(lines: string[], max: number): string[] {
  const texts: string[] = [];
  for (const line of lines) {
    const last = texts.at(-1);
    if (last !== undefined && last.length + 1 + line.length <= max) texts[texts.length - 1] = `${last}\n${line}`;
    else texts.push(line);
  }
  return texts;
}

function chunks<T>(all: T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(all.length / size) }, (_, at) => all.slice(at * size, (at + 1) * size));
}

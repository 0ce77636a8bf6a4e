import type { Block, Button } from "../../src/domain/message.ts";
import type { Action, ChartColor, Element, SubmitAction } from "./elements.ts";
import { escapeMarkdown, plain } from "./escape.ts";
import { CARD_LIMITS, clip, clipLabel } from "./limits.ts";
import { paragraph, type RichContext, textRuns } from "./rich.ts";
import { bar, STATES } from "./state.ts";

export type ChartBlock = Extract<Block, { kind: "chart" }>;

export type BlockContext = RichContext & {
  maxRows: number;
  /** Input boxes in the message (Teams); other platforms take replies. */
  inputs: boolean;
  /** Address (or data URI) of a chart's picture; undefined: its words alone. */
  chartUrl?: (chart: ChartBlock) => string | undefined;
  /** The client draws charts itself. */
  charts?: true;
  /** Characters of button labels that stand side by side; clients with little room cut labels that don't fit. */
  rowWidth?: number;
  /** Ids of the message's ticks, so that what comes back can be told from a text with a comma in it. */
  ticks: string[];
  /** Numbers the panels of asked-back buttons. */
  confirms: number;
};

/** One block as card elements, in reading order. */
function elementsOf(block: Block, context: BlockContext): Element[] {
  switch (block.kind) {
    case "heading":
      return [heading(block.text)];
    case "text":
      return [paragraph(block.text, context)];
    case "context":
      return [paragraph(block.text, context, { size: "small", isSubtle: true, spacing: "small" })];
    case "divider":
      // Adaptive Cards have no rule of their own: `bodyOf` draws the line above what comes next.
      return [];
    case "list":
      return block.items.map((item, index) => paragraph(item, context, index === 0 ? {} : { spacing: "small" }, "•  "));
    case "progress":
      return block.rows.flatMap((row, index) => progressRow(row, index, context));
    case "facts":
      return block.facts.map((fact, index) => factRow(fact, index, context));
    case "table":
      return tableOf(block, context);
    case "ticks":
      return [
        {
          type: "Input.ChoiceSet",
          id: block.id,
          label: plain(clip(block.label, context.maxText)),
          isMultiSelect: true,
          style: "expanded",
          wrap: true,
          value: block.ticks
            .filter((tick) => tick.ticked)
            .map((tick) => tick.id)
            .join(","),
          choices: block.ticks.map((tick) => ({
            title: escapeMarkdown(clip(tick.text, context.maxText)),
            value: tick.id,
          })),
        },
      ];
    case "input":
      return context.inputs
        ? [
            {
              type: "Input.Text",
              id: block.id,
              label: plain(block.label),
              isMultiline: true,
              ...(block.hint === undefined ? {} : { placeholder: block.hint }),
            },
          ]
        : [];
    case "buttons":
      return buttonRows(block.buttons, context);
    case "chart":
      return chartOf(block, context);
  }
}

/** All blocks in reading order; a divider becomes a line above the element after it. */
export function bodyOf(blocks: Block[], context: BlockContext): Element[] {
  const body: Element[] = [];
  let line = false;
  for (const block of blocks) {
    if (block.kind === "divider") {
      line = body.length > 0;
      continue;
    }
    const [first, ...others] = elementsOf(block, context);
    if (first === undefined) continue;
    body.push(line ? { ...first, separator: true, spacing: "medium" } : first, ...others);
    line = false;
  }
  return body;
}

export function heading(text: string): Element {
  return {
    type: "TextBlock",
    text: escapeMarkdown(clipLabel(text, 300)),
    wrap: true,
    style: "heading",
    weight: "bolder",
    size: "medium",
  };
}

function progressRow(
  row: Extract<Block, { kind: "progress" }>["rows"][number],
  index: number,
  context: BlockContext,
): Element[] {
  const state = STATES[row.state];
  const line: Element = {
    type: "ColumnSet",
    spacing: index === 0 ? "default" : "small",
    columns: [
      {
        type: "Column",
        // "Performance" in bold fits on one line of a phone.
        width: 7,
        items: [paragraph([{ strong: row.label }], context)],
      },
      {
        type: "Column",
        width: 5,
        items: [
          {
            type: "RichTextBlock",
            inlines: [
              { type: "TextRun", text: bar(row.done, row.total), color: state.color },
              { type: "TextRun", text: `  ${row.done}/${row.total}` },
            ],
          },
        ],
      },
      { type: "Column", width: 5, items: [paragraph([`${state.sign} ${state.word}`], context)] },
    ],
  };
  if (row.note === undefined || row.note.length === 0) return [line];
  return [line, paragraph(row.note, context, { size: "small", isSubtle: true, spacing: "none" })];
}

function factRow(
  fact: Extract<Block, { kind: "facts" }>["facts"][number],
  index: number,
  context: BlockContext,
): Element {
  return {
    type: "ColumnSet",
    spacing: index === 0 ? "default" : "small",
    columns: [
      { type: "Column", width: 2, items: [paragraph([{ soft: fact.label }], context)] },
      { type: "Column", width: 5, items: [paragraph(fact.value, context)] },
    ],
  };
}

const WIDEST_SHARE = 18;

/** A column's share of a table's width: its longest word has room on a phone, and long texts get more than short ones. */
function shareOf(cells: string[]): number {
  const words = cells.flatMap((cell) => cell.split(/\s+/)).map((word) => word.length);
  const usual = cells.reduce((sum, cell) => sum + cell.length, 0) / Math.max(1, cells.length);
  return Math.round(Math.min(WIDEST_SHARE, Math.max(3, Math.max(0, ...words) + 4, usual)));
}

function tableOf(block: Extract<Block, { kind: "table" }>, context: BlockContext): Element[] {
  const shown = block.rows.slice(0, context.maxRows);
  const left = block.rows.length - shown.length;
  const cell = (text: string, head: boolean): { type: "TableCell"; items: Element[] } => ({
    type: "TableCell",
    items: [paragraph([head ? { strong: text } : text], context)],
  });
  const lines = shown.map((row) =>
    paragraph(
      row.flatMap((value, index) => [
        ...(index === 0 ? [] : [" · "]),
        { soft: `${block.columns[index] ?? ""}: ` },
        value === "" ? "–" : value,
      ]),
      context,
      { spacing: "small" },
      "•  ",
    ),
  );
  const elements: Element[] = [
    paragraph([{ strong: block.caption }], context),
    {
      type: "Table",
      spacing: "small",
      firstRowAsHeader: true,
      showGridLines: true,
      gridStyle: "default",
      columns: block.columns.map((column, index) => ({
        width: shareOf([column, ...shown.map((row) => row[index] ?? "")]),
      })),
      rows: [
        { type: "TableRow" as const, cells: block.columns.map((column) => cell(column, true)) },
        ...shown.map((row) => ({
          type: "TableRow" as const,
          cells: block.columns.map((_, index) => cell(row[index] ?? "", false)),
        })),
      ],
      // The lines repeat the table for clients that can't draw one; they are left out where room is scarce.
      ...(context.maxRows > 20 && shown.length <= 20 ? { fallback: { type: "Container" as const, items: lines } } : {}),
    },
  ];
  if (left > 0) {
    elements.push(
      paragraph([`and ${left.toLocaleString("en")} more row${left === 1 ? "" : "s"}`], context, {
        size: "small",
        isSubtle: true,
        spacing: "small",
      }),
    );
  }
  return elements;
}

function chartOf(block: ChartBlock, context: BlockContext): Element[] {
  const title = paragraph([{ strong: block.title }], context);
  const url = context.chartUrl?.(block);
  if (url !== undefined)
    return [title, { type: "Image", url, altText: plain(block.alt), size: "stretch", spacing: "small" }];
  const numbers = new Intl.NumberFormat("en", { maximumFractionDigits: 1 });
  const bars = block.bars.map((one) => {
    const state = STATES[one.state];
    const unit = block.unit === "" ? "" : ` ${block.unit}`;
    const figures = `  ${numbers.format(one.value)} of ${numbers.format(one.of)}${unit} · ${state.sign} ${state.word}`;
    // The bar is a run of its own, in the state's colour.
    return {
      type: "RichTextBlock" as const,
      spacing: "small" as const,
      inlines: [
        ...textRuns([{ strong: one.label }, "  "], context),
        { type: "TextRun" as const, text: bar(one.value, one.of, 10), color: state.color },
        ...textRuns([figures], context),
      ],
    };
  });
  const said = paragraph([block.alt], context, { size: "small", isSubtle: true, spacing: "small" });
  if (context.charts !== true || bars.length === 0) return [title, ...bars, said];
  return [
    {
      type: "Chart.HorizontalBar.Stacked",
      title: clip(block.title, context.maxText),
      data: block.bars.map((one) => drawnBar({ ...one, label: clip(one.label, context.maxText) }, numbers)),
      fallback: { type: "Container", items: [title, ...bars] },
    },
    said,
  ];
}

/** Each bar in percent of its own whole, since they can be of different units; the figures stand beside it. */
function drawnBar({ label, value, of, state }: ChartBlock["bars"][number], numbers: Intl.NumberFormat) {
  const share = of <= 0 ? 0 : Math.max(0, Math.round((value / of) * 100));
  const { color, word } = STATES[state];
  const drawn: ChartColor = color === "good" || color === "warning" || color === "attention" ? color : "neutral";
  const left = share < 100 ? [{ legend: "left", value: 100 - share, color: "neutral" as const }] : [];
  return {
    title: `${label}: ${numbers.format(value)} of ${numbers.format(of)}`,
    data: [{ legend: word, value: share, color: drawn }, ...left],
  };
}

function buttonRows(buttons: Button[], context: BlockContext): Element[] {
  const panels: Element[] = [];
  const actions = buttons.map((button) => {
    if (button.confirm === undefined) return actionOf(button, context);
    context.confirms += 1;
    const id = `confirm-${context.confirms}`;
    panels.push(confirmPanel(id, button, button.confirm, context));
    return { type: "Action.ToggleVisibility" as const, ...look(button), targetElements: [id] };
  });
  const rows: Action[][] = [[]];
  let width = 0;
  for (const [index, action] of actions.entries()) {
    const wide = (buttons[index]?.label.length ?? 0) + CARD_LIMITS.buttonFrame;
    const row = rows.at(-1) ?? [];
    const isFull = width + wide > (context.rowWidth ?? Number.POSITIVE_INFINITY);
    if (row.length > 0 && (isFull || row.length === CARD_LIMITS.actionsPerRow)) {
      rows.push([action]);
      width = wide;
    } else {
      row.push(action);
      width += wide;
    }
  }
  const sets = rows.filter((row) => row.length > 0).map((row): Element => ({ type: "ActionSet", actions: row }));
  return [...sets, ...panels];
}

/** Adaptive Cards don't ask back: the button opens a panel under its row that does. */
function confirmPanel(id: string, button: Button, ask: NonNullable<Button["confirm"]>, context: BlockContext): Element {
  const { confirm: _, style, ...rest } = button;
  return {
    type: "Container",
    id,
    isVisible: false,
    style: "emphasis",
    items: [
      paragraph([{ strong: ask.title }], context),
      paragraph([ask.text], context, { spacing: "small" }),
      {
        type: "ActionSet",
        actions: [
          actionOf({ ...rest, label: ask.yes, style: style ?? "primary" }, context),
          { type: "Action.ToggleVisibility", title: clipLabel(ask.no, CARD_LIMITS.title), targetElements: [id] },
        ],
      },
    ],
  };
}

/**
 * Execute comes back as an `adaptiveCard/action` invoke; clients that don't know it send the Submit, whose data holds
 * the verb. A button that opens a form must be a Submit in Teams (`task/fetch`).
 */
function actionOf(button: Button, context: BlockContext): Action {
  const ticks = context.ticks.length > 0 ? { ticks: context.ticks } : {};
  const value = { ...button.value };
  const submit: SubmitAction = {
    type: "Action.Submit",
    ...look(button),
    data: { verb: button.action, ...value, ...ticks },
  };
  if (button.opens) return { ...submit, data: { ...submit.data, msteams: { type: "task/fetch" } } };
  return {
    type: "Action.Execute",
    ...look(button),
    verb: button.action,
    data: { ...value, ...ticks },
    fallback: submit,
  };
}

function look(button: Button): { title: string; tooltip?: string; style?: "positive" | "destructive" } {
  return {
    title: clipLabel(button.label, CARD_LIMITS.title),
    ...(button.describes === undefined ? {} : { tooltip: clipLabel(button.describes, CARD_LIMITS.tooltip) }),
    ...(button.style === undefined ? {} : { style: button.style === "primary" ? "positive" : "destructive" }),
  };
}

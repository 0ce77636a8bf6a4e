/**
 * The part of the Adaptive Card schema (1.5) that we write. Teams renders no newer version in a bot's cards.
 * https://adaptivecards.io/explorer/
 */

export type Color = "default" | "accent" | "good" | "warning" | "attention";
export type Spacing = "none" | "small" | "default" | "medium" | "large";

export type TextRun = {
  type: "TextRun";
  text: string;
  weight?: "bolder";
  size?: "small";
  color?: Color;
  isSubtle?: true;
  fontType?: "monospace";
  selectAction?: { type: "Action.OpenUrl"; url: string };
};

type Common = { id?: string; spacing?: Spacing; separator?: true; isVisible?: false; fallback?: Element };

export type Element = Common &
  (
    | {
        type: "TextBlock";
        text: string;
        wrap: true;
        style?: "heading";
        weight?: "bolder";
        size?: "small" | "medium" | "large";
        isSubtle?: true;
      }
    | { type: "RichTextBlock"; inlines: TextRun[]; horizontalAlignment?: "left" | "right" }
    | { type: "Container"; items: Element[]; style?: "default" | "emphasis"; bleed?: true }
    | { type: "ColumnSet"; columns: Column[] }
    | { type: "Image"; url: string; altText: string; size?: "stretch" }
    | { type: "ActionSet"; actions: Action[] }
    | {
        type: "Table";
        columns: { width: number }[];
        firstRowAsHeader: true;
        showGridLines: boolean;
        gridStyle?: "default";
        rows: { type: "TableRow"; cells: { type: "TableCell"; items: Element[] }[] }[];
      }
    /** Teams' own, beside the schema: clients that don't know it draw the fallback. */
    | {
        type: "Chart.HorizontalBar.Stacked";
        title: string;
        data: { title: string; data: { legend: string; value: number; color: ChartColor }[] }[];
        fallback: Element;
      }
    | Input
  );

export type ChartColor = "good" | "warning" | "attention" | "neutral";

export type Column = { type: "Column"; width: number | string; items: Element[]; verticalContentAlignment?: "center" };

type Labelled = Common & { id: string; label: string; isRequired?: true; errorMessage?: string };

export type Input =
  | (Labelled & {
      type: "Input.Text";
      value?: string;
      placeholder?: string;
      isMultiline?: true;
      maxLength?: number;
    })
  | (Labelled & { type: "Input.Date"; value?: string })
  | (Labelled & { type: "Input.Time"; value?: string })
  | (Labelled & {
      type: "Input.ChoiceSet";
      choices: { title: string; value: string }[];
      value?: string;
      isMultiSelect?: true;
      style: "compact" | "expanded" | "filtered";
      wrap?: true;
      placeholder?: string;
      "choices.data"?: { type: "Data.Query"; dataset: string };
    });

type ActionLook = { title: string; tooltip?: string; style?: "positive" | "destructive" };
export type SubmitAction = ActionLook & { type: "Action.Submit"; data: Record<string, unknown> };
export type Action =
  | SubmitAction
  | (ActionLook & { type: "Action.Execute"; verb: string; data: Record<string, unknown>; fallback: SubmitAction })
  | (ActionLook & { type: "Action.ToggleVisibility"; targetElements: string[] });

/** Teams reads live mentions from here: the same `<at>…</at>` must stand in a TextBlock of the card. */
export type MentionEntity = { type: "mention"; text: string; mentioned: { id: string; name: string } };

export type AdaptiveCard = {
  type: "AdaptiveCard";
  $schema: "http://adaptivecards.io/schemas/adaptive-card.json";
  version: "1.5";
  fallbackText: string;
  body: Element[];
  actions?: Action[];
  msteams?: { width: "Full"; entities?: MentionEntity[] };
};

export const CARD_SCHEMA = "http://adaptivecards.io/schemas/adaptive-card.json";

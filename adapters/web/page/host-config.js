/**
 * How Microsoft's renderer draws cards here. Colours are the page's own properties, so cards follow light and dark
 * without being drawn again.
 */
const color = (/** @type {string} */ name) => ({
  default: `var(--card-${name})`,
  subtle: `var(--card-${name}-soft)`,
  highlightColors: { default: "var(--highlight)", subtle: "var(--highlight)" },
});

const foregroundColors = {
  default: color("text"),
  dark: color("text"),
  light: color("text"),
  accent: color("accent"),
  good: color("good"),
  warning: color("warning"),
  attention: color("attention"),
};

const style = (/** @type {string} */ backgroundColor) => ({
  backgroundColor,
  foregroundColors,
  borderColor: "var(--line)",
});

const sizes = { small: 13, default: 15, medium: 17, large: 20, extraLarge: 24 };

export const hostConfig = {
  fontFamily: "inherit",
  fontSizes: sizes,
  fontWeights: { lighter: 400, default: 400, bolder: 650 },
  lineHeights: { small: 18, default: 22, medium: 24, large: 28, extraLarge: 32 },
  fontTypes: {
    default: { fontFamily: "inherit", fontSizes: sizes },
    monospace: { fontFamily: "var(--mono)", fontSizes: { ...sizes, default: 14 } },
  },
  spacing: { small: 4, default: 10, medium: 14, large: 20, extraLarge: 28, padding: 14 },
  separator: { lineThickness: 1, lineColor: "var(--line)" },
  imageSizes: { small: 40, medium: 80, large: 160 },
  containerStyles: {
    default: style("transparent"),
    emphasis: style("var(--sunken)"),
    good: style("var(--sunken)"),
    warning: style("var(--sunken)"),
    attention: style("var(--sunken)"),
    accent: style("var(--sunken)"),
  },
  supportsInteractivity: true,
  actions: {
    maxActions: 20,
    spacing: "default",
    buttonSpacing: 8,
    actionsOrientation: "horizontal",
    actionAlignment: "left",
    showCard: { actionMode: "inline", inlineTopMargin: 8, style: "emphasis" },
  },
  adaptiveCard: { allowCustomStyle: false },
  textBlock: { headingLevel: 3 },
  inputs: {
    label: {
      inputSpacing: "small",
      requiredInputs: { weight: "bolder", color: "default", suffix: " (needed)", suffixColor: "default" },
      optionalInputs: { weight: "bolder", color: "default" },
    },
    errorMessage: { spacing: "small", color: "attention", weight: "bolder" },
  },
  table: { cellSpacing: 6 },
};

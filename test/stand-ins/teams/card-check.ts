/**
 * What Teams takes of an Adaptive Card, as its documentation has it: version 1.5, known elements, six actions in a row,
 * inputs with labels and ids of their own, live mentions that stand in a TextBlock. A card that breaks a rule is refused
 * with words, so that a test fails where the card was made.
 */

const ELEMENTS = new Set([
  "TextBlock",
  "RichTextBlock",
  "TextRun",
  "Container",
  "ColumnSet",
  "Column",
  "Image",
  "ImageSet",
  "ActionSet",
  "Table",
  "TableRow",
  "TableCell",
  "FactSet",
  "Input.Text",
  "Input.Date",
  "Input.Time",
  "Input.ChoiceSet",
  "Input.Toggle",
  "Action.Execute",
  "Action.Submit",
  "Action.OpenUrl",
  "Action.ToggleVisibility",
  "Action.ShowCard",
  "AdaptiveCard",
  "Chart.HorizontalBar.Stacked",
  "Data.Query",
  "mention",
]);

export type Node = Record<string, unknown>;

export function isNode(value: unknown): value is Node {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Every object of a card, parents first; a button's `data` is ours and not looked into. */
export function nodesOf(value: unknown): Node[] {
  if (Array.isArray(value)) return value.flatMap(nodesOf);
  if (!isNode(value)) return [];
  return [value, ...Object.entries(value).flatMap(([key, child]) => (key === "data" ? [] : nodesOf(child)))];
}

export function inputsOf(card: unknown): Node[] {
  return nodesOf(card).filter(({ type }) => typeof type === "string" && type.startsWith("Input."));
}

export function checkCard(card: unknown, knownAccount: (id: string) => boolean): string[] {
  const problems: string[] = [];
  if (!isNode(card) || card.type !== "AdaptiveCard") return ["not an AdaptiveCard"];
  if (typeof card.version !== "string" || Number(card.version) > 1.5) problems.push(`version ${String(card.version)}`);
  const bytes = Buffer.byteLength(JSON.stringify(card));
  if (bytes > 28_000) problems.push(`${bytes} bytes: older clients stop at 28 KB`);
  const nodes = nodesOf(card);
  for (const node of nodes) {
    if (typeof node.type === "string" && !ELEMENTS.has(node.type)) problems.push(`unknown element ${node.type}`);
    if (Array.isArray(node.actions) && node.actions.length > 6) problems.push("more than six actions in a row");
    if (node.type === "Action.Execute" && typeof node.verb !== "string")
      problems.push("an Action.Execute without a verb");
    if (node.type === "TextBlock" && typeof node.text !== "string") problems.push("a TextBlock without text");
    if (typeof node.type === "string" && node.type.startsWith("Chart.") && !isNode(node.fallback))
      problems.push("a chart without a fallback: older clients show nothing");
    if (node.type === "Image" && typeof node.altText !== "string") problems.push("an image without altText");
  }
  const inputs = inputsOf(card);
  const ids = inputs.map(({ id }) => id);
  if (new Set(ids).size !== ids.length) problems.push("two inputs share an id");
  for (const input of inputs) {
    if (typeof input.id !== "string" || input.id === "") problems.push("an input without an id");
    if (typeof input.label !== "string" || input.label === "") problems.push(`input ${String(input.id)} has no label`);
    if (input.isRequired === true && typeof input.errorMessage !== "string") {
      problems.push(`required input ${String(input.id)} has no errorMessage`);
    }
  }
  const texts = nodes.filter(({ type }) => type === "TextBlock").map(({ text }) => String(text));
  const entities =
    isNode(card.msteams) && Array.isArray(card.msteams.entities) ? card.msteams.entities.filter(isNode) : [];
  for (const { text, mentioned } of entities) {
    if (!texts.some((line) => line.includes(String(text))))
      problems.push(`mention ${String(text)} stands in no TextBlock`);
    if (!isNode(mentioned) || !knownAccount(String(mentioned.id)))
      problems.push(`mention of nobody here: ${String(text)}`);
  }
  for (const line of texts) {
    for (const [tag] of line.matchAll(/<at>.*?<\/at>/g)) {
      if (!entities.some(({ text }) => text === tag)) problems.push(`${tag} has no entity`);
    }
  }
  return problems;
}

/** All words of a card, for assertions. */
export function wordsOf(card: unknown): string {
  return nodesOf(card)
    .flatMap((node) => {
      if (node.type === "TextBlock" || node.type === "TextRun") return [String(node.text)];
      if (typeof node.type === "string" && node.type.startsWith("Input."))
        return [String(node.label), String(node.placeholder ?? "")];
      return [];
    })
    .join("\n");
}

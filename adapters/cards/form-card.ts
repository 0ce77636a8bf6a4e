import type { Field, Form } from "../../src/domain/message.ts";
import { heading } from "./blocks.ts";
import { type AdaptiveCard, CARD_SCHEMA, type Element, type Input } from "./elements.ts";
import { escapeMarkdown, plain } from "./escape.ts";
import { CARD_LIMITS, clipLabel } from "./limits.ts";
import { paragraph } from "./rich.ts";

export type FormCardOptions = {
  /** Who can be picked: `value` is what comes back. */
  people: { value: string; name: string }[];
  /** Teams' own people picker beside the known names; it returns directory object ids. */
  searchPeople?: boolean;
  /** By field name: what was wrong with the last submission. */
  errors?: Record<string, string>;
  /** Teams' dialogs have a title bar of their own. */
  withTitle?: boolean;
};

/** A form as a card for a dialog. Its submission is read by `readForm`. */
export function toFormCard(form: Form, options: FormCardOptions): AdaptiveCard {
  const context = { maxText: 2_000, entities: [] };
  const lists = form.fields.filter(isList).map((field) => field.name);
  const body: Element[] = [
    ...(options.withTitle ? [heading(form.title)] : []),
    ...(form.intro === undefined ? [] : [paragraph(form.intro, context)]),
    ...form.fields.flatMap((field): Element[] => {
      const error = options.errors?.[field.name];
      return [
        inputOf(field, options),
        ...(field.hint === undefined
          ? []
          : [paragraph([field.hint], context, { size: "small", isSubtle: true, spacing: "small" })]),
        ...(error === undefined ? [] : [paragraph([{ strong: error }], context, { spacing: "small" })]),
      ];
    }),
  ];
  return {
    type: "AdaptiveCard",
    $schema: CARD_SCHEMA,
    version: "1.5",
    fallbackText: form.title,
    body,
    actions: [
      {
        type: "Action.Submit",
        title: clipLabel(form.submit, CARD_LIMITS.title),
        style: "positive",
        data: { form: form.id, context: form.context, lists },
      },
    ],
  };
}

/** "Date is needed."; a label that asks is no subject of a sentence. */
function neededMessage(label: string): string {
  return /[?]$/.test(label) ? "This is needed." : `${label} is needed.`;
}

export function isList(field: Field): boolean {
  return field.type === "choices" || field.type === "people";
}

function inputOf(field: Field, options: FormCardOptions): Input {
  const base = {
    id: field.name,
    label: plain(field.label),
    ...(field.required ? { isRequired: true as const, errorMessage: neededMessage(field.label) } : {}),
  };
  switch (field.type) {
    case "text":
      return {
        type: "Input.Text",
        ...base,
        ...given(field.value),
        ...(field.multiline ? { isMultiline: true } : {}),
        // What stands there already is never cut off.
        ...(field.max === undefined ? {} : { maxLength: Math.max(field.max, field.value?.length ?? 0) }),
      };
    case "date":
      return { type: "Input.Date", ...base, ...given(field.value) };
    case "time":
      return { type: "Input.Time", ...base, ...given(field.value) };
    case "choice":
      return {
        type: "Input.ChoiceSet",
        ...base,
        ...given(field.value),
        style: field.options.length <= 5 ? "expanded" : "compact",
        wrap: true,
        choices: choices(field.options),
      };
    case "choices":
      return {
        type: "Input.ChoiceSet",
        ...base,
        value: field.values.join(","),
        isMultiSelect: true,
        style: "expanded",
        wrap: true,
        choices: choices(field.options),
      };
    case "person":
      return { type: "Input.ChoiceSet", ...base, ...given(field.value), ...peoplePicker(options, "compact") };
    case "people":
      return {
        type: "Input.ChoiceSet",
        ...base,
        value: field.values.join(","),
        isMultiSelect: true,
        ...peoplePicker(options, "expanded"),
      };
  }
}

function peoplePicker(options: FormCardOptions, plainStyle: "compact" | "expanded") {
  const known = choices(options.people.map(({ value, name }) => ({ value, label: name })));
  if (!options.searchPeople) return { style: plainStyle, wrap: true as const, choices: known };
  return {
    style: "filtered" as const,
    choices: known,
    placeholder: "Type a name",
    "choices.data": { type: "Data.Query" as const, dataset: "graph.microsoft.com/users" },
  };
}

function choices(options: { value: string; label: string }[]): { title: string; value: string }[] {
  return options
    .slice(0, CARD_LIMITS.choices)
    .map(({ value, label }) => ({ value, title: escapeMarkdown(clipLabel(label, 200)) }));
}

function given(value: string | undefined): { value?: string } {
  return value === undefined ? {} : { value };
}

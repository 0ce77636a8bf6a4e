import type { types } from "@slack/bolt";
import { z } from "zod";
import { identityOf, personId } from "../../src/domain/ids.ts";
import type { ActionValue, Field, FieldValues, Form } from "../../src/domain/message.ts";
import { fieldOf } from "./action-id.ts";
import { plain, section } from "./blocks.ts";
import { escapeText } from "./escape.ts";
import { mrkdwnOf } from "./inline.ts";
import { clip, SLACK_LIMITS } from "./limits.ts";
import { wording } from "./wording.ts";

/** The action_id of every input. The field's name is the block's id. */
export const INPUT = "value";

/** Where a form was opened, so that its answer can be shown there. Travels in `private_metadata` with the context. */
export type FormPlace = { channel?: string; thread?: string };

/** {@link Form} as a modal: callback_id is the form's id, block_id the field's name, action_id `value`. */
export function modalOf(form: Form, place: FormPlace, workspace: string): types.ModalView {
  const intro = form.intro === undefined ? [] : mrkdwnOf(form.intro, workspace);
  const blocks: types.KnownBlock[] = [...intro.map(section), ...form.fields.map(blockOf)];
  return {
    type: "modal",
    callback_id: form.id,
    title: plain(form.title, SLACK_LIMITS.modalTitle),
    submit: plain(form.submit, SLACK_LIMITS.modalTitle),
    close: plain("Cancel", SLACK_LIMITS.modalTitle),
    private_metadata: encodeMetadata(form.context, place, workspace, form.fields.filter(isTooLong).map(blockIdOf)),
    // Slack refuses a view without blocks: a form without fields only asks whether to go on.
    blocks:
      blocks.length === 0
        ? [{ type: "section", text: plain(form.title, SLACK_LIMITS.label) }]
        : blocks.slice(0, SLACK_LIMITS.viewBlocks),
  };
}

/** Slack refuses a whole view for a choice between nothing. */
function blockOf(field: Field): types.KnownBlock {
  if ((field.type === "choice" || field.type === "choices") && field.options.length === 0) {
    return section(escapeText(clip(wording.noOptions(field.label), SLACK_LIMITS.sectionText / 5)));
  }
  const kept = isTooLong(field) ? wording.keptValue(field.value?.length ?? 0) : undefined;
  const hint = [kept, field.hint].filter((text) => text).join(" ");
  return {
    type: "input",
    block_id: blockIdOf(field),
    label: plain(field.label, SLACK_LIMITS.label),
    element: elementOf(field),
    optional: field.required !== true || kept !== undefined,
    ...(hint === "" ? {} : { hint: plain(hint, SLACK_LIMITS.label) }),
  };
}

function blockIdOf({ name }: Field): string {
  return clip(name, SLACK_LIMITS.id);
}

/**
 * What stands there is longer than Slack's inputs: shown cut, it would come back cut, and be what counts from then on.
 * So it isn't shown, and left empty it means nothing; see {@link submittedValues}.
 */
function isTooLong(field: Field): field is Extract<Field, { type: "text" }> {
  return field.type === "text" && (field.value?.length ?? 0) > SLACK_LIMITS.input;
}

function elementOf(field: Field): types.InputBlock["element"] {
  switch (field.type) {
    case "text":
      return textInput(field);
    case "date":
      return { type: "datepicker", action_id: INPUT, ...(field.value ? { initial_date: field.value } : {}) };
    case "time":
      return { type: "timepicker", action_id: INPUT, ...(field.value ? { initial_time: field.value } : {}) };
    case "choice":
      return oneOf(field);
    case "choices":
      return severalOf(field);
    case "person":
      return { type: "users_select", action_id: INPUT, ...first("initial_user", slackUsers([field.value ?? ""])[0]) };
    case "people": {
      const users = slackUsers(field.values);
      return { type: "multi_users_select", action_id: INPUT, ...(users.length === 0 ? {} : { initial_users: users }) };
    }
  }
}

function first<K extends string>(key: K, value: string | undefined): Partial<Record<K, string>> {
  const found: Partial<Record<K, string>> = {};
  if (value !== undefined) found[key] = value;
  return found;
}

/** A value is shown whole or not at all, also where it is longer than what is asked for. */
function textInput(field: Extract<Field, { type: "text" }>): types.PlainTextInput {
  const { value = "", multiline, max = SLACK_LIMITS.input } = field;
  return {
    type: "plain_text_input",
    action_id: INPUT,
    multiline: multiline === true,
    max_length: Math.min(SLACK_LIMITS.input, Math.max(max, value.length)),
    ...(value === "" || isTooLong(field) ? {} : { initial_value: value }),
  };
}

type Option = { value: string; label: string };

function optionOf({ value, label }: Option): types.PlainTextOption {
  return { text: plain(label || value, SLACK_LIMITS.optionText), value: value.slice(0, SLACK_LIMITS.optionValue) };
}

function oneOf({ value, options }: Extract<Field, { type: "choice" }>): types.RadioButtons | types.StaticSelect {
  const all = options.map(optionOf);
  const chosen = all.find((option) => option.value === value);
  const initial = chosen === undefined ? {} : { initial_option: chosen };
  if (all.length <= SLACK_LIMITS.boxes) return { type: "radio_buttons", action_id: INPUT, options: all, ...initial };
  return { type: "static_select", action_id: INPUT, options: all.slice(0, SLACK_LIMITS.options), ...initial };
}

function severalOf({
  values,
  options,
}: Extract<Field, { type: "choices" }>): types.Checkboxes | types.MultiStaticSelect {
  const all = options.map(optionOf);
  const chosen = all.filter((option) => option.value !== undefined && values.includes(option.value));
  const initial = chosen.length === 0 ? {} : { initial_options: chosen };
  if (all.length <= SLACK_LIMITS.boxes) return { type: "checkboxes", action_id: INPUT, options: all, ...initial };
  return { type: "multi_static_select", action_id: INPUT, options: all.slice(0, SLACK_LIMITS.options), ...initial };
}

/** Slack user ids of those people who are in Slack. */
function slackUsers(people: string[]): string[] {
  return people.map(identityOf).flatMap(({ platform, user }) => (platform === "slack" && user !== "" ? [user] : []));
}

const Context = z.object({
  session: z.string().optional(),
  question: z.string().optional(),
  module: z.string().optional(),
  version: z.number().optional(),
  arg: z.string().optional(),
});
const Metadata = z.object({
  context: Context.default({}),
  workspace: z.string().min(1).optional(),
  channel: z.string().optional(),
  thread: z.string().optional(),
  kept: z.array(z.string()).default([]),
});

/**
 * With the workspace that shows the view: what Slack names when it is used may be the one of whoever uses it. `kept`:
 * fields whose value was too long to be shown.
 */
export function encodeMetadata(context: ActionValue, place: FormPlace, workspace: string, kept: string[] = []): string {
  const more = { workspace, ...place, ...(kept.length === 0 ? {} : { kept }) };
  const text = JSON.stringify({ context, ...more });
  if (text.length <= SLACK_LIMITS.privateMetadata) return text;
  const { arg: _arg, ...rest } = context;
  return JSON.stringify({ context: rest, ...more });
}

/** What {@link encodeMetadata} wrote; anything else is an empty context. */
export function decodeMetadata(text: string | undefined): {
  context: ActionValue;
  place: FormPlace;
  kept: string[];
  workspace?: string;
} {
  const parsed = Metadata.safeParse(parseJson(text));
  if (!parsed.success) return { context: {}, place: {}, kept: [] };
  const { context, workspace, channel, thread, kept } = parsed.data;
  return {
    context: defined(context),
    ...(workspace === undefined ? {} : { workspace }),
    place: { ...(channel === undefined ? {} : { channel }), ...(thread === undefined ? {} : { thread }) },
    kept,
  };
}

/** A submitted view's values, without the fields whose value wasn't shown and that nobody wrote into: those stand. */
export function submittedValues(state: StateValues, workspace: string, kept: readonly string[]): FieldValues {
  const isEmpty = (value: FieldValues[string]) => value === null || (typeof value === "string" && value.trim() === "");
  const values = Object.entries(valuesOf(state, workspace));
  return Object.fromEntries(values.filter(([name, value]) => !kept.includes(name) || !isEmpty(value)));
}

/** A button's `value`; what can't be read is an empty one, which the engine takes for a stale button. */
export function decodeValue(text: string | undefined): ActionValue {
  const parsed = Context.safeParse(parseJson(text));
  return parsed.success ? defined(parsed.data) : {};
}

function defined(context: z.infer<typeof Context>): ActionValue {
  const { session, question, module, version, arg } = context;
  return {
    ...(session === undefined ? {} : { session }),
    ...(question === undefined ? {} : { question }),
    ...(module === undefined ? {} : { module }),
    ...(version === undefined ? {} : { version }),
    ...(arg === undefined ? {} : { arg }),
  };
}

function parseJson(text: string | undefined): unknown {
  try {
    return JSON.parse(text ?? "");
  } catch {
    return undefined;
  }
}

const Chosen = z.object({ value: z.string() });
/** One element of `state.values`: only what it may hold, by Slack's element types. */
export const StateElement = z.object({
  type: z.string().optional(),
  value: z.string().nullish(),
  selected_date: z.string().nullish(),
  selected_time: z.string().nullish(),
  selected_option: Chosen.nullish(),
  selected_options: z.array(Chosen).nullish(),
  selected_user: z.string().nullish(),
  selected_users: z.array(z.string()).nullish(),
});
export const StateValues = z.record(z.string(), z.record(z.string(), StateElement));
export type StateValues = z.infer<typeof StateValues>;

/**
 * `state.values` by field name. People come back as person ids; several elements of one block (more than ten ticks), and
 * several blocks of one name, are one field; an emptied field is null.
 */
export function valuesOf(state: StateValues, workspace: string): FieldValues {
  const person = (user: string) => personId({ platform: "slack", workspace, user });
  const read = (element: z.infer<typeof StateElement>): string | string[] | null => {
    if (element.selected_options) return element.selected_options.map((option) => option.value);
    if (element.selected_users) return element.selected_users.map(person);
    if (element.selected_user) return person(element.selected_user);
    return element.selected_option?.value ?? element.selected_date ?? element.selected_time ?? element.value ?? null;
  };
  const byName = new Map<string, (string | string[] | null)[]>();
  for (const [block, elements] of Object.entries(state)) {
    const name = fieldOf(block);
    byName.set(name, [...(byName.get(name) ?? []), ...Object.values(elements).map(read)]);
  }
  return Object.fromEntries(
    [...byName].map(([name, all]) => {
      const lists = all.filter((one) => Array.isArray(one));
      return [name, lists.length > 0 ? lists.flat() : (all.find((one) => one !== null) ?? null)];
    }),
  );
}

/**
 * What Slack refuses in blocks and views, by its Block Kit reference. Written from Slack's documents and not from the
 * adapter's table, so that a wrong limit there is found here.
 */

export type Json = { [key: string]: unknown };

export class InvalidBlocks extends Error {}

function fail(why: string): never {
  throw new InvalidBlocks(why);
}

function isObject(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function objects(value: unknown, what: string, max: number, min = 1): Json[] {
  if (!Array.isArray(value)) fail(`${what} is no list`);
  if (value.length < min || value.length > max) fail(`${what}: ${value.length}, allowed ${min} to ${max}`);
  return value.map((one) => (isObject(one) ? one : fail(`${what} holds something else than objects`)));
}

function str(value: unknown, what: string, max: number, min = 1): string {
  if (typeof value !== "string") fail(`${what} is no text`);
  if (value.length < min || value.length > max) fail(`${what}: ${value.length} characters, allowed ${min} to ${max}`);
  return value;
}

function optionalStr(value: unknown, what: string, max: number): void {
  if (value !== undefined) str(value, what, max);
}

function text(value: unknown, what: string, max: number, types = ["plain_text", "mrkdwn"]): void {
  if (!isObject(value)) fail(`${what} is no text object`);
  if (!types.includes(String(value.type))) fail(`${what}: type ${String(value.type)}`);
  str(value.text, what, max);
  if (value.type === "mrkdwn" && "emoji" in value) fail(`${what}: emoji is for plain_text`);
  if (value.type === "plain_text" && "verbatim" in value) fail(`${what}: verbatim is for mrkdwn`);
}

const PLAIN = ["plain_text"];

function option(value: Json, what: string): void {
  text(value.text, `${what} text`, 75);
  str(value.value, `${what} value`, 150);
  if (value.description !== undefined) text(value.description, `${what} description`, 75, PLAIN);
}

function options(element: Json, what: string, max: number): void {
  const all = objects(element.options, `${what} options`, max);
  for (const one of all) option(one, what);
  const values = all.map((one) => one.value);
  if (new Set(values).size !== values.length) fail(`${what}: two options with one value`);
  const initial = element.initial_options ?? (element.initial_option === undefined ? [] : [element.initial_option]);
  for (const one of objects(initial, `${what} initial options`, max, element.initial_options === undefined ? 0 : 1)) {
    if (!all.some((known) => JSON.stringify(known) === JSON.stringify(one))) fail(`${what}: an initial option is none`);
  }
}

function confirm(value: unknown): void {
  if (!isObject(value)) fail("confirm is no object");
  text(value.title, "confirm title", 100, PLAIN);
  text(value.text, "confirm text", 300);
  text(value.confirm, "confirm button", 30, PLAIN);
  text(value.deny, "deny button", 30, PLAIN);
}

function users(value: unknown, what: string): void {
  if (!Array.isArray(value) || !value.every((one) => /^[UW][A-Z0-9]+$/.test(String(one)))) fail(`${what}: no user ids`);
}

const ELEMENTS: Record<string, (element: Json) => void> = {
  button(element) {
    text(element.text, "button text", 75, PLAIN);
    optionalStr(element.value, "button value", 2000);
    optionalStr(element.url, "button url", 3000);
    optionalStr(element.accessibility_label, "accessibility_label", 75);
    if (element.style !== undefined && !["primary", "danger"].includes(String(element.style))) fail("button style");
    if (element.confirm !== undefined) confirm(element.confirm);
  },
  checkboxes: (element) => options(element, "checkboxes", 10),
  radio_buttons: (element) => options(element, "radio_buttons", 10),
  static_select: (element) => options(element, "static_select", 100),
  multi_static_select: (element) => options(element, "multi_static_select", 100),
  users_select(element) {
    if (element.initial_user !== undefined) users([element.initial_user], "initial_user");
  },
  multi_users_select(element) {
    if (element.initial_users !== undefined) users(element.initial_users, "initial_users");
  },
  datepicker(element) {
    if (element.initial_date !== undefined && !/^\d{4}-\d{2}-\d{2}$/.test(String(element.initial_date))) fail("date");
  },
  timepicker(element) {
    if (element.initial_time !== undefined && !/^\d{2}:\d{2}$/.test(String(element.initial_time))) fail("time");
  },
  plain_text_input(element) {
    const max = element.max_length ?? 3000;
    if (typeof max !== "number" || max < 1 || max > 3000) fail("plain_text_input max_length");
    if (element.initial_value !== undefined) str(element.initial_value, "initial_value", max);
  },
};

const IN_ACTIONS = [
  "button",
  "checkboxes",
  "radio_buttons",
  "static_select",
  "multi_static_select",
  "users_select",
  "multi_users_select",
  "datepicker",
  "timepicker",
];
const IN_INPUT = ["plain_text_input", ...IN_ACTIONS.filter((type) => type !== "button")];

function element(value: Json, allowed: string[], ids: Set<string>): void {
  const type = String(value.type);
  const check = ELEMENTS[type];
  if (check === undefined || !allowed.includes(type)) fail(`element ${type} is not allowed here`);
  if (value.action_id !== undefined) {
    const id = str(value.action_id, "action_id", 255);
    if (ids.has(id)) fail(`action_id "${id}" is there twice`);
    ids.add(id);
  }
  if (value.placeholder !== undefined) text(value.placeholder, "placeholder", 150, PLAIN);
  check(value);
}

function cell(value: Json): void {
  if (value.type === "raw_text") str(value.text, "table cell", 10_000);
  else if (value.type === "rich_text") objects(value.elements, "rich_text elements", 100);
  else fail(`table cell: type ${String(value.type)}`);
}

type Surface = "message" | "modal" | "home";

function block(value: Json, surface: Surface, ids: Set<string>): void {
  switch (value.type) {
    case "header":
      return text(value.text, "header", 150, PLAIN);
    case "divider":
      return;
    case "section": {
      if (value.text === undefined && value.fields === undefined) fail("a section without text");
      if (value.text !== undefined) text(value.text, "section", 3000);
      if (value.fields !== undefined) for (const one of objects(value.fields, "fields", 10)) text(one, "field", 2000);
      if (value.expand !== undefined && typeof value.expand !== "boolean") fail("expand is no yes or no");
      if (value.accessory !== undefined && isObject(value.accessory)) element(value.accessory, IN_ACTIONS, ids);
      return;
    }
    case "context":
      for (const one of objects(value.elements, "context elements", 10)) {
        if (one.type === "image") str(one.alt_text, "alt_text", 2000);
        else text(one, "context", 3000);
      }
      return;
    case "actions":
      for (const one of objects(value.elements, "actions elements", 25)) element(one, IN_ACTIONS, ids);
      return;
    case "table": {
      if (surface !== "message") fail("a table outside a message");
      if (!Array.isArray(value.rows)) fail("a table without rows");
      if (value.rows.length < 1 || value.rows.length > 100) fail(`table: ${value.rows.length} rows`);
      for (const row of value.rows) for (const one of objects(row, "table row", 20)) cell(one);
      if (value.column_settings !== undefined) objects(value.column_settings, "column_settings", 20);
      if (textOf(value.rows) > 10_000) fail("table: more than 10000 characters");
      return;
    }
    case "image":
      str(value.alt_text, "alt_text", 2000);
      str(value.image_url, "image_url", 3000);
      if (!String(value.image_url).startsWith("https://")) fail("an image that Slack can't fetch");
      return;
    case "input": {
      text(value.label, "label", 2000, PLAIN);
      if (value.hint !== undefined) text(value.hint, "hint", 2000, PLAIN);
      if (!isObject(value.element)) fail("an input without element");
      // In a view every input has its block: the same action_id may come again.
      return element(value.element, IN_INPUT, surface === "message" ? ids : new Set());
    }
    default:
      fail(`block type ${String(value.type)}`);
  }
}

/** All texts, as Slack counts them for `msg_blocks_too_long` (observed, undocumented). */
export function textOf(value: unknown): number {
  if (Array.isArray(value)) return value.reduce<number>((sum, one) => sum + textOf(one), 0);
  if (!isObject(value)) return 0;
  return Object.entries(value).reduce(
    (sum, [key, one]) => sum + (key === "text" && typeof one === "string" ? one.length : textOf(one)),
    0,
  );
}

/** Throws {@link InvalidBlocks} with the reason. */
export function checkBlocks(value: unknown, surface: Surface): Json[] {
  const all = objects(value, "blocks", surface === "message" ? 50 : 100, surface === "message" ? 0 : 1);
  const blockIds = new Set<string>();
  const actionIds = new Set<string>();
  if (all.filter((one) => one.type === "table").length > 1) fail("only_one_table_allowed");
  for (const one of all) {
    if (one.block_id !== undefined) {
      const id = str(one.block_id, "block_id", 255);
      if (blockIds.has(id)) fail(`block_id "${id}" is there twice`);
      blockIds.add(id);
    }
    block(one, surface, actionIds);
  }
  return all;
}

/** Throws {@link InvalidBlocks} with the reason. */
export function checkView(value: unknown): Json {
  if (!isObject(value)) fail("no view");
  if (value.type !== "modal" && value.type !== "home") fail(`view type ${String(value.type)}`);
  const blocks = checkBlocks(value.blocks, value.type);
  optionalStr(value.callback_id, "callback_id", 255);
  optionalStr(value.private_metadata, "private_metadata", 3000);
  if (value.type === "home") return value;
  text(value.title, "title", 24, PLAIN);
  if (value.submit !== undefined) text(value.submit, "submit", 24, PLAIN);
  if (value.close !== undefined) text(value.close, "close", 24, PLAIN);
  if (value.submit === undefined && blocks.some((one) => one.type === "input")) fail("inputs need a submit");
  if (JSON.stringify(value).length > 250_000) fail("view_too_large");
  return value;
}

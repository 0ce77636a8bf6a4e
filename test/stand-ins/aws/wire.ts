/**
 * The wire protocols of AWS, from the services' own models: the SDK's packages carry them as schemas, and this module
 * reads requests and writes answers by them. Nothing here knows a service.
 */

export type Protocol = "ec2" | "query" | "json1.0" | "json1.1" | "rest-json" | "rest-xml";

/** What a request asked for that the model doesn't know, or left out though it must be there. */
export class InvalidRequest extends Error {
  override name = "InvalidRequest";
}

type Traits = Record<string, unknown>;
type Node =
  | { kind: "simple"; code: number }
  | { kind: "list"; member: unknown }
  | { kind: "map"; value: unknown }
  | Struct;
type Struct = { kind: "struct"; name: string; members: Map<string, unknown>; required: number };

export type OperationModel = { name: string; traits: Traits; input: unknown; output: unknown };

/** An operation's schema: `[9, namespace, name, traits, input, output]`. */
export function operationModel(module: object, operation: string): OperationModel {
  const schema: unknown = Reflect.get(module, `${operation}$`);
  if (!Array.isArray(schema) || schema[0] !== 9) throw new Error(`The SDK has no operation ${operation}`);
  return { name: operation, traits: traitsOf(schema[3]), input: schema[4], output: schema[5] };
}

/** Common traits come as a bit set; 16 is the HTTP payload. */
function traitsOf(value: unknown): Traits {
  if (typeof value === "number") return (value & 16) !== 0 ? { httpPayload: 1 } : {};
  return typeof value === "object" && value !== null ? { ...value } : {};
}

/** Follows references and member wrappers; traits of a member come on top of those of its target. */
function open(reference: unknown): { node: Node; traits: Traits } {
  let current = reference;
  let traits: Traits = {};
  for (;;) {
    if (typeof current === "function") current = current();
    else if (Array.isArray(current) && current.length === 2) {
      traits = { ...traitsOf(current[1]), ...traits };
      current = current[0];
    } else break;
  }
  if (typeof current === "number") {
    if (current >= 128) return { node: { kind: "map", value: current & 63 }, traits };
    if (current >= 64) return { node: { kind: "list", member: current & 63 }, traits };
    return { node: { kind: "simple", code: current }, traits };
  }
  if (current === "unit") return { node: { kind: "struct", name: "Unit", members: new Map(), required: 0 }, traits };
  if (!Array.isArray(current)) throw new Error("An unknown kind of schema");
  const own = { ...traitsOf(current[3]), ...traits };
  switch (current[0]) {
    case 0: {
      const inner = open(current[4]);
      return { node: inner.node, traits: { ...inner.traits, ...own } };
    }
    case 1:
      return { node: { kind: "list", member: current[4] }, traits: own };
    case 2:
      return { node: { kind: "map", value: current[5] }, traits: own };
    default: {
      const names: unknown[] = Array.isArray(current[4]) ? current[4] : [];
      const schemas: unknown[] = Array.isArray(current[5]) ? current[5] : [];
      const members = new Map(names.map((name, index) => [String(name), schemas[index]]));
      const required = typeof current[6] === "number" ? current[6] : 0;
      return { node: { kind: "struct", name: String(current[2]), members, required }, traits: own };
    }
  }
}

// ── Reading requests ────────────────────────────────────────────────────────────────────────────────────────────────

type Tree = { text?: string; children: Map<string, Tree> };

/** `Filter.1.Name=x` as a tree, then by the model to `{ Filters: [{ Name: "x" }] }`. */
export function readForm(model: OperationModel, body: string, protocol: "ec2" | "query"): Record<string, unknown> {
  const root: Tree = { children: new Map() };
  for (const [key, text] of new URLSearchParams(body)) {
    if (key === "Action" || key === "Version") continue;
    let at = root;
    for (const part of key.split(".")) {
      const child = at.children.get(part) ?? { children: new Map() };
      at.children.set(part, child);
      at = child;
    }
    at.text = text;
  }
  const value = readTree(root, model.input, protocol, model.name);
  return isRecord(value) ? value : {};
}

function readTree(tree: Tree, reference: unknown, protocol: "ec2" | "query", path: string): unknown {
  const { node, traits } = open(reference);
  if (node.kind === "struct") {
    const value: Record<string, unknown> = {};
    const known = new Set<string>();
    for (const [name, member] of node.members) {
      const wire = formName(name, open(member).traits, protocol);
      known.add(wire);
      const child = tree.children.get(wire);
      if (child !== undefined) value[name] = readTree(child, member, protocol, `${path}.${name}`);
    }
    for (const key of tree.children.keys())
      if (!known.has(key)) throw new InvalidRequest(`${path} has no parameter ${key}`);
    checkRequired(node, value, path);
    return value;
  }
  if (node.kind === "list") {
    const flat = protocol === "ec2" || traits.xmlFlattened !== undefined;
    const memberName = open(node.member).traits.xmlName;
    const items = flat ? tree : tree.children.get(typeof memberName === "string" ? memberName : "member");
    const sorted = [...(items?.children ?? [])].sort((a, b) => Number(a[0]) - Number(b[0]));
    if (sorted.some(([key], index) => Number(key) !== index + 1))
      throw new InvalidRequest(`${path} isn't a list from 1`);
    return sorted.map(([, child]) => readTree(child, node.member, protocol, path));
  }
  if (node.kind === "map") throw new InvalidRequest(`${path}: maps aren't used here`);
  return readText(tree.text ?? "", node.code, path);
}

function formName(member: string, traits: Traits, protocol: "ec2" | "query"): string {
  if (protocol === "query") return typeof traits.xmlName === "string" ? traits.xmlName : member;
  if (typeof traits.ec2QueryName === "string") return traits.ec2QueryName;
  const name = typeof traits.xmlName === "string" ? traits.xmlName : member;
  return name.charAt(0).toUpperCase() + name.slice(1);
}

function readText(text: string, code: number, path: string): unknown {
  if (code === 1) {
    const value = Number(text);
    if (text === "" || Number.isNaN(value)) throw new InvalidRequest(`${path} isn't a number`);
    return value;
  }
  if (code === 2) {
    if (text !== "true" && text !== "false") throw new InvalidRequest(`${path} isn't true or false`);
    return text === "true";
  }
  return text;
}

/** JSON bodies: checked by the model for unknown and missing members; timestamps are seconds since the epoch. */
export function readJson(model: OperationModel, body: string): Record<string, unknown> {
  const parsed: unknown = body === "" ? {} : JSON.parse(body);
  checkJson(parsed, model.input, model.name);
  return isRecord(parsed) ? parsed : {};
}

function checkJson(value: unknown, reference: unknown, path: string): void {
  const { node } = open(reference);
  if (node.kind === "struct") {
    if (!isRecord(value)) throw new InvalidRequest(`${path} isn't an object`);
    for (const [key, child] of Object.entries(value)) {
      const member = node.members.get(key);
      if (member === undefined) throw new InvalidRequest(`${path} has no member ${key}`);
      checkJson(child, member, `${path}.${key}`);
    }
    checkRequired(node, value, path);
  } else if (node.kind === "list") {
    if (!Array.isArray(value)) throw new InvalidRequest(`${path} isn't a list`);
    for (const child of value) checkJson(child, node.member, path);
  } else if (node.kind === "simple") {
    const wanted =
      node.code === 2 ? "boolean" : node.code === 1 || (node.code >= 4 && node.code <= 7) ? "number" : "string";
    if (node.code !== 15 && typeof value !== wanted) throw new InvalidRequest(`${path} isn't a ${wanted}`);
  }
}

/** REST: query parameters as the model binds them. */
export function readQuery(model: OperationModel, query: URLSearchParams): Record<string, unknown> {
  const { node } = open(model.input);
  const value: Record<string, unknown> = {};
  if (node.kind !== "struct") return value;
  const known = new Set<string>();
  for (const [name, member] of node.members) {
    const opened = open(member);
    const wire = opened.traits.httpQuery;
    if (typeof wire !== "string") continue;
    known.add(wire);
    const text = query.get(wire);
    if (text !== null && opened.node.kind === "simple") value[name] = readText(text, opened.node.code, name);
  }
  for (const key of query.keys())
    if (!known.has(key)) throw new InvalidRequest(`${model.name} has no query parameter ${key}`);
  checkRequired(node, value, model.name);
  return value;
}

/** The first so many members of a structure are the required ones: that is how the schemas say it. */
function checkRequired(struct: Struct, value: Record<string, unknown>, path: string): void {
  for (const name of [...struct.members.keys()].slice(0, struct.required)) {
    if (value[name] === undefined) throw new InvalidRequest(`${path} needs ${name}`);
  }
}

// ── Writing answers ─────────────────────────────────────────────────────────────────────────────────────────────────

/** A member that the model doesn't have is a mistake in the stand-in's data: it would be dropped without a word. */
export function writeJson(model: OperationModel, value: Record<string, unknown>): string {
  return JSON.stringify(jsonOf(value, model.output, model.name));
}

function jsonOf(value: unknown, reference: unknown, path: string): unknown {
  const { node } = open(reference);
  if (node.kind === "struct" && isRecord(value)) {
    return Object.fromEntries(
      Object.entries(value).flatMap(([key, child]) => {
        if (child === undefined) return [];
        const member = node.members.get(key);
        if (member === undefined) throw new Error(`${path} has no member ${key}`);
        const name = open(member).traits.jsonName;
        return [[typeof name === "string" ? name : key, jsonOf(child, member, `${path}.${key}`)]];
      }),
    );
  }
  if (node.kind === "list" && Array.isArray(value)) return value.map((child) => jsonOf(child, node.member, path));
  if (value instanceof Date) return value.getTime() / 1000;
  return value;
}

/** The members of the answer as XML; `payload` answers (CloudFront) give the payload's own element. */
export function writeXml(model: OperationModel, value: Record<string, unknown>, namespace: string): string {
  const { node } = open(model.output);
  if (node.kind !== "struct") return "";
  for (const [name, member] of node.members) {
    const opened = open(member);
    if (opened.traits.httpPayload !== undefined)
      return xmlElement(elementName(name, opened.traits), value[name], member, namespace);
  }
  return xmlMembers(node, value, model.name);
}

function xmlMembers(struct: Struct, value: Record<string, unknown>, path: string): string {
  let xml = "";
  for (const [key, child] of Object.entries(value)) {
    if (child === undefined) continue;
    const member = struct.members.get(key);
    if (member === undefined) throw new Error(`${path} has no member ${key}`);
    xml += xmlElement(elementName(key, open(member).traits), child, member);
  }
  return xml;
}

function elementName(member: string, traits: Traits): string {
  return typeof traits.xmlName === "string" ? traits.xmlName : member;
}

function xmlElement(name: string, value: unknown, reference: unknown, namespace?: string): string {
  const { node, traits } = open(reference);
  const start = namespace === undefined ? `<${name}>` : `<${name} xmlns="${namespace}">`;
  if (node.kind === "struct" && isRecord(value)) return `${start}${xmlMembers(node, value, name)}</${name}>`;
  if (node.kind === "list" && Array.isArray(value)) {
    if (traits.xmlFlattened !== undefined) return value.map((child) => xmlElement(name, child, node.member)).join("");
    const item = elementName("member", open(node.member).traits);
    return `${start}${value.map((child) => xmlElement(item, child, node.member)).join("")}</${name}>`;
  }
  const text = value instanceof Date ? value.toISOString() : String(value);
  return `${start}${escapeXml(text)}</${name}>`;
}

export function escapeXml(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof Date);
}

import { readFile, stat } from "node:fs/promises";
import { type Document, isAlias, isMap, isNode, isScalar, isSeq, LineCounter, parseDocument } from "yaml";
import { z } from "zod";
import { type CatalogueProblem, moduleProblems, questionProblems } from "../conversations/catalogue/check.ts";
import { Module, Question } from "./domain/catalogue.ts";
import { CatalogueError } from "./domain/errors.ts";

/**
 * A team's own modules, from YAML or JSON files (`CATALOGUE_FILES`). A file holds one module in the shape of
 * `Module`; it passes the same schema and the same checks as ours. How to write one: `docs/catalogue.md`.
 */

const LARGEST = 1024 * 1024;
const MOST_SHOWN = 30;
/** One slip in YAML makes many complaints. */
const MOST_SYNTAX = 3;

type Path = (string | number)[];

/**
 * Reads the files, in the order given.
 * @throws {CatalogueError} with every problem of every file: file, line, field, what is wrong and how to mend it.
 * Ids that collide with other modules are {@link createCatalogue}'s business.
 */
export async function loadCatalogueFiles(paths: string[]): Promise<Module[]> {
  const modules: Module[] = [];
  const complaints: string[] = [];
  for (const path of paths) {
    const read = await textOf(path);
    if ("problem" in read) {
      complaints.push(`${path}: ${read.problem}`);
      continue;
    }
    const parsed = parseModule(read.text);
    if ("module" in parsed) modules.push(parsed.module);
    else complaints.push(...shown(path, parsed.problems));
  }
  if (complaints.length > 0) throw new CatalogueError(complaints.join("\n"));
  return modules;
}

type Found = { line: number; field: string; message: string };

function shown(path: string, problems: Found[]): string[] {
  const lines = problems
    .slice(0, MOST_SHOWN)
    .map(({ line, field, message }) => `${path}, line ${line}${field === "" ? "" : `, ${field}`}: ${message}`);
  const more = problems.length - lines.length;
  return more > 0 ? [...lines, `${path}: and ${more} more. Mend these first.`] : lines;
}

async function textOf(path: string): Promise<{ text: string } | { problem: string }> {
  try {
    // Asked first: opening a pipe would wait for its writer.
    const found = await stat(path);
    if (!found.isFile()) return { problem: "not a file. Name the module's YAML or JSON file itself." };
    if (found.size > LARGEST) {
      const mebibytes = (found.size / LARGEST).toFixed(1);
      return { problem: `has ${mebibytes} MiB, at most 1 MiB. A module is a few kilobytes; is this the right file?` };
    }
    const bytes = await readFile(path);
    return { text: new TextDecoder("utf-8", { fatal: true }).decode(bytes) };
  } catch (error) {
    return { problem: unreadable(error) };
  }
}

function unreadable(error: unknown): string {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  switch (code) {
    case "ENOENT":
    case "ENOTDIR":
      return "there is no such file. Check the path; it is taken from the directory you start in. Example: CATALOGUE_FILES=./after-the-event.yaml";
    case "EACCES":
    case "EPERM":
      return "the file may not be read. Give the user that runs T-Minus the right to read it.";
    case "ERR_ENCODING_INVALID_ENCODED_DATA":
      return "not text in UTF-8. Save it as YAML or JSON in UTF-8.";
    default:
      return `can't be read (${error instanceof Error ? error.message : String(error)}).`;
  }
}

function parseModule(text: string): { module: Module } | { problems: Found[] } {
  const lines = new LineCounter();
  // JSON is read as YAML too: it is a subset, and so the lines are known.
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  if (document.errors.length > 0) {
    return {
      problems: document.errors.slice(0, MOST_SYNTAX).map((error) => ({
        line: lines.linePos(error.pos[0]).line,
        field: "",
        message:
          error.code === "MULTIPLE_DOCS"
            ? "a second document starts here. A file holds one module."
            : `not YAML or JSON: ${error.message}.`,
      })),
    };
  }
  let data: unknown;
  try {
    data = document.toJS({ maxAliasCount: 100 });
  } catch (error) {
    return {
      problems: [
        { line: 1, field: "", message: `its anchors can't be followed (${String(error)}). Write the parts out.` },
      ],
    };
  }
  if (typeof data !== "object" || data === null || Array.isArray(data)) {
    return {
      problems: [
        {
          line: 1,
          field: "",
          message: "not a module. It starts with id, title, intro, pillar and questions; docs/catalogue.md shows one.",
        },
      ],
    };
  }
  const parsed = Module.safeParse(data);
  const problems = [
    ...(parsed.success ? moduleProblems(parsed.data) : schemaProblems(parsed.error, data)),
    ...unknownFields(Module, data, []),
  ];
  if (parsed.success && problems.length === 0) return { module: parsed.data };
  const found = problems.map(({ path, message }) => ({
    line: lines.linePos(offsetOf(document, path)).line,
    field: fieldName(path),
    message,
  }));
  return { problems: found.sort((one, other) => one.line - other.line) };
}

/** The schema's complaints in our words, and the other checks for those questions that are whole. */
function schemaProblems(error: z.ZodError, data: object): CatalogueProblem[] {
  const issues = error.issues.map((issue) => {
    const path = issue.path.map((part) => (typeof part === "number" ? part : String(part)));
    return { path, message: inWords(issue, valueAt(data, path)) };
  });
  const questions = "questions" in data && Array.isArray(data.questions) ? data.questions : [];
  const others = questions.flatMap((each: unknown, index) => {
    const question = Question.safeParse(each);
    if (!question.success) return [];
    return questionProblems(question.data).map(({ path, message }) => ({
      path: ["questions", index, ...path],
      message,
    }));
  });
  return [...issues, ...others];
}

const KINDS: Record<string, string> = {
  string: "a text",
  number: "a number",
  int: "a whole number",
  boolean: "true or false",
  array: "a list",
  object: "a group of fields",
};

function inWords(issue: z.core.$ZodIssue, value: unknown): string {
  switch (issue.code) {
    case "invalid_type":
      if (value === undefined) return `is missing; it must be ${KINDS[issue.expected] ?? issue.expected}.`;
      return `must be ${KINDS[issue.expected] ?? issue.expected}, not ${described(value)}.${issue.expected === "string" ? " Put it in quotes to make it a text." : ""}`;
    case "too_big":
      return tooMuch(issue.origin, value, Number(issue.maximum));
    case "too_small":
      return tooLittle(issue.origin, value, Number(issue.minimum));
    case "invalid_format":
      return issue.format === "url"
        ? `${described(value)} is not a web address such as https://example.com/page.`
        : `${described(value)} doesn't fit: ${issue.message}.`;
    case "invalid_value":
      if (value === undefined) return `is missing; it must be one of ${issue.values.join(", ")}.`;
      return `must be one of ${issue.values.join(", ")}, not ${described(value)}.`;
    default:
      return `${issue.message}.`;
  }
}

function tooMuch(origin: string, value: unknown, most: number): string {
  if (typeof value === "string")
    return `has ${value.length} characters, at most ${most}. Shorten it by ${value.length - most}.`;
  if (Array.isArray(value)) return `has ${value.length} entries, at most ${most}. Take out ${value.length - most}.`;
  return origin === "number" || origin === "int"
    ? `is ${String(value)}, at most ${most}.`
    : `is too large, at most ${most}.`;
}

function tooLittle(origin: string, value: unknown, least: number): string {
  if (value === "") return "is empty. Write it, or leave the field out if it may be.";
  if (Array.isArray(value))
    return `has ${value.length} ${value.length === 1 ? "entry" : "entries"}, at least ${least}.`;
  return origin === "number" || origin === "int"
    ? `is ${String(value)}, at least ${least}.`
    : `is too short, at least ${least}.`;
}

function described(value: unknown): string {
  if (value === null) return "nothing";
  if (Array.isArray(value)) return "a list";
  if (typeof value === "object") return "a group of fields";
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 60 ? `${text.slice(0, 57)}…"` : text;
}

/** Fields that the schema doesn't know: it would drop them silently, and with them what the writer meant. */
function unknownFields(schema: z.core.$ZodType, value: unknown, path: Path): CatalogueProblem[] {
  if (schema instanceof z.ZodDefault || schema instanceof z.ZodPrefault || schema instanceof z.ZodOptional) {
    return unknownFields(schema.unwrap(), value, path);
  }
  if (schema instanceof z.ZodArray) {
    return Array.isArray(value)
      ? value.flatMap((each, index) => unknownFields(schema.element, each, [...path, index]))
      : [];
  }
  if (!(schema instanceof z.ZodObject) || typeof value !== "object" || value === null || Array.isArray(value))
    return [];
  const fields: Record<string, z.core.$ZodType> = schema.shape;
  return Object.entries(value).flatMap(([key, inner]) => {
    const field = Object.hasOwn(fields, key) ? fields[key] : undefined;
    if (field) return unknownFields(field, inner, [...path, key]);
    const known = Object.keys(fields);
    const near = known.find((name) => isNear(name, key));
    const advice = near ? `Did you mean ${near}?` : `There are ${known.join(", ")}.`;
    return [{ path: [...path, key], message: `there is no such field. ${advice}` }];
  });
}

/** One letter more, less or other, or only the case differs. */
function isNear(known: string, written: string): boolean {
  const [one, other] = [known.toLowerCase(), written.toLowerCase()];
  if (one === other) return true;
  let same = 0;
  while (same < one.length && one[same] === other[same]) same++;
  const [restOne, restOther] = [one.slice(same), other.slice(same)];
  return restOne.slice(1) === restOther.slice(1) || restOne.slice(1) === restOther || restOne === restOther.slice(1);
}

function valueAt(data: unknown, path: Path): unknown {
  let value = data;
  for (const part of path) {
    if (typeof value !== "object" || value === null || !Object.hasOwn(value, part)) return undefined;
    value = Object.entries(value).find(([key]) => key === String(part))?.[1];
  }
  return value;
}

/** Where a field stands in the text: its key, its entry, or, if it is missing, what it is missing from. */
function offsetOf(document: Document, path: Path): number {
  let node: unknown = document.contents;
  let offset = startOf(node) ?? 0;
  for (const part of path) {
    if (isAlias(node)) node = node.resolve(document);
    if (isMap(node)) {
      const pair = node.items.find(({ key }) => isScalar(key) && String(key.value) === String(part));
      if (!pair) return offset;
      offset = startOf(pair.key) ?? offset;
      node = pair.value;
    } else if (isSeq(node)) {
      node = node.items[Number(part)];
      offset = startOf(node) ?? offset;
    } else {
      return offset;
    }
  }
  return offset;
}

function startOf(node: unknown): number | undefined {
  return isNode(node) ? node.range?.[0] : undefined;
}

/** `questions[0].choices[1].text` */
function fieldName(path: Path): string {
  return path
    .map((part) => (typeof part === "number" ? `[${part}]` : `.${part}`))
    .join("")
    .replace(/^\./, "");
}

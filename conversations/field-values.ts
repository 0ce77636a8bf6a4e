import { readList } from "./start-options.ts";

/** What was put into the fields of a form. */

export function text(value: string | string[] | null | undefined): string {
  return typeof value === "string" ? value.trim() : "";
}

export function list(value: string | string[] | null): string[] {
  if (Array.isArray(value)) return value;
  return value === null || value === "" ? [] : readList(value);
}

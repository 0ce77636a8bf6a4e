import type { Catalogue } from "../domain/catalogue.ts";
import type { SessionReport } from "../domain/report.ts";
import type { SessionState } from "../domain/session.ts";
import type { SessionEvent } from "../domain/session-event.ts";
import { exportCsv } from "./export-csv.ts";
import { exportJson } from "./export-json.ts";
import { exportLens, exportLensAnswers } from "./export-lens.ts";
import { exportMarkdown } from "./export-markdown.ts";
import { exportTerraform } from "./export-terraform.ts";
import { exportWorkbook } from "./export-workbook.ts";

/** `lens_answers` belongs to `lens`: the bodies of UpdateAnswer for it. */
export const EXPORT_FORMATS = ["md", "json", "csv", "lens", "lens_answers", "terraform", "workbook"] as const;
export type ExportFormat = (typeof EXPORT_FORMATS)[number];

export type ExportInput = {
  state: SessionState;
  events: readonly SessionEvent[];
  catalogue: Catalogue;
  /** What the rules made of the session: `reportOf(state, catalogue, now)`. */
  report: SessionReport;
  now: Date;
  /** The version in which events are written today; `import` raises older ones. */
  eventVersion?: number;
};

export type ExportedFile = { name: string; mediaType: string; content: string };

/** A session as a file. Pure: the same input gives the same bytes. */
export function exportSession(input: ExportInput, format: ExportFormat): ExportedFile {
  const { state, catalogue, report } = input;
  const name = fileName(state);
  switch (format) {
    case "md":
      return { name: `${name}.md`, mediaType: "text/markdown; charset=utf-8", content: exportMarkdown(input) };
    case "json":
      return { name: `${name}.json`, mediaType: "application/json", content: json(exportJson(input)) };
    case "csv":
      return { name: `${name}-risks.csv`, mediaType: "text/csv; charset=utf-8", content: exportCsv(report) };
    case "lens":
      return { name: `${name}-lens.json`, mediaType: "application/json", content: json(exportLens(state, catalogue)) };
    case "lens_answers": {
      const content = json(exportLensAnswers(state, catalogue));
      return { name: `${name}-lens-answers.json`, mediaType: "application/json", content };
    }
    case "terraform":
      return { name: `${name}.tf`, mediaType: "text/plain; charset=utf-8", content: exportTerraform(input) };
    case "workbook":
      return { name: `${name}-workbook.md`, mediaType: "text/markdown; charset=utf-8", content: exportWorkbook(input) };
  }
}

export function isExportFormat(text: string): text is ExportFormat {
  return (EXPORT_FORMATS as readonly string[]).includes(text);
}

function json(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}

/** `black-friday-2026-11-27`: safe in every file system and header. */
function fileName(state: SessionState): string {
  const slug = state.name
    .normalize("NFKD")
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-|-$/g, "")
    .slice(0, 40)
    .replace(/-$/, "");
  return `${slug === "" ? state.id : slug}-${state.event.date}`;
}

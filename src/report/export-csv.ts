import type { SessionReport } from "../domain/report.ts";

const COLUMNS = [
  "kind",
  "id",
  "question",
  "module",
  "level",
  "title",
  "reason",
  "owner",
  "due",
  "accepted_by",
  "accepted_because",
  "accepted_until",
] as const;

/**
 * Risk register and actions as one table, told apart by `kind`. UTF-8 with a byte order mark and CRLF, which is what
 * spreadsheets open without a question.
 */
export function exportCsv(report: SessionReport): string {
  const risks = report.risks.map((risk) => [
    "risk",
    risk.id,
    risk.question,
    risk.module,
    risk.level,
    risk.title,
    risk.because,
    risk.owner?.name ?? "",
    risk.due.slice(0, 10),
    risk.accepted?.by.name ?? "",
    risk.accepted?.reason ?? "",
    risk.accepted?.until?.slice(0, 10) ?? "",
  ]);
  const modules = new Map(report.risks.map((risk) => [risk.question, risk.module]));
  const actions = report.actions.map((action, index) => [
    "action",
    `action-${index + 1}`,
    action.question,
    modules.get(action.question) ?? "",
    report.questions[action.question]?.risk ?? "",
    action.what,
    "",
    action.owner?.name ?? "",
    action.due.slice(0, 10),
    "",
    "",
    "",
  ]);
  const lines = [[...COLUMNS], ...risks, ...actions].map((row) => row.map(csvCell).join(","));
  return `\ufeff${lines.join("\r\n")}\r\n`;
}

/**
 * A cell that no spreadsheet takes for a formula: one that begins with = + - @, a tab or a line break gets an
 * apostrophe in front (OWASP's advice on CSV injection), also after spaces or in full-width form.
 */
export function csvCell(text: string): string {
  const guarded = /^[\s\u00a0]*[=+\-@＝＋－＠\t\r\n]/u.test(text) ? `'${text}` : text;
  return `"${guarded.replaceAll('"', '""')}"`;
}

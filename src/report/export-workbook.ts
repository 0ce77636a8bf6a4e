import { escapeMarkdown, markdownTable } from "../domain/markdown.ts";
import type { SessionState } from "../domain/session.ts";
import { textOf } from "../domain/words.ts";
import type { ExportInput } from "./export.ts";
import { day, moment } from "./markdown.ts";

/**
 * A workbook in the manner of AWS's event planning: all that an event team wants in one place, filled from the session
 * where it knows, with a dash where it doesn't.
 */
export function exportWorkbook(input: ExportInput): string {
  const { state, report, now } = input;
  const zone = state.event.zone;
  const { scope } = state;
  const section = (title: string, ...body: string[]): string => `## ${title}\n\n${body.join("\n\n")}`;
  const name = (id: string): string => state.people[id]?.name ?? "somebody";
  return `${[
    `# ${escapeMarkdown(state.name)}: event workbook`,
    `Exported ${moment(now.toISOString(), zone)} (${zone}). Verdict by rule: ${report.verdict.headline}.`,
    section(
      "1. Event",
      markdownTable(
        ["", ""],
        [
          ["Date and time", `${moment(state.eventAt, zone)} (${zone})`],
          ["Workload", scope.workload ?? "–"],
          ["Expected peak", scope.peak === undefined ? "–" : `${scope.peak}x normal`],
          ["Load-test target", loadTarget(state)],
          ["Accounts", scope.accounts.join(", ") || "–"],
          ["Regions", scope.regions.join(", ") || "–"],
          ["Services", scope.services.join(", ") || "–"],
        ],
      ),
    ),
    section("2. Calendar", markdownTable(["When", "What", "Who"], calendar(input))),
    section(
      "3. Contacts",
      markdownTable(
        ["Role", "Who"],
        [
          ["Facilitator", name(state.facilitator)],
          ["Managers", scope.managers.map(name).join(", ") || "–"],
          ...report.progress.modules.map((module) => [`Owner of ${module.title}`, module.owner?.name ?? "nobody yet"]),
          ["More contacts", scope.contacts ?? "–"],
        ],
      ),
    ),
    section("4. Bridge", escapeMarkdown(scope.bridge ?? "–")),
    section("5. Endpoints", scope.hosts.map((host) => `- ${escapeMarkdown(host)}`).join("\n") || "–"),
    section(
      "6. Quotas",
      report.headroom.length === 0
        ? "Nothing was read from AWS yet."
        : markdownTable(
            ["Quota", "In use", "Applied", "At peak", "Where", "Read"],
            report.headroom.map((item) => [
              `${item.label} (${item.unit})`,
              figure(item.used),
              item.unlimited ? "unlimited" : figure(item.quota),
              figure(item.projected ?? item.atMax),
              `${item.account}, ${item.region}`,
              moment(item.readAt, zone),
            ]),
          ),
    ),
    section("7. Load balancer pre-warming", PREWARM),
    section(
      "8. Load tests",
      said(state, "P3"),
      markdownTable(["When", "Peak req/s", "p50", "p95", "p99", "Errors", "Result"], [dashes(7)]),
    ),
    section(
      "9. Scenario plans",
      markdownTable(
        ["Scenario", "Trigger", "Primary plan", "Roll back", "Who is told, how", "Verified by"],
        scenarios(input),
      ),
    ),
    section(
      "10. Readiness scorecard",
      markdownTable(
        ["Area", "State", "Why"],
        report.scorecard.map((row) => [row.area, row.colour, row.reason]),
      ),
    ),
    section(
      "11. Action tracker",
      report.actions.length === 0
        ? "Nothing is open."
        : markdownTable(
            ["Action", "State", "Why", "Owner", "Due", "Remarks"],
            report.actions.map((action) => {
              const found = report.questions[action.question];
              const colour = found?.risk === "HIGH" ? "RED" : "YELLOW";
              return [
                action.what,
                colour,
                found?.because ?? "",
                action.owner?.name ?? "nobody yet",
                day(action.due, zone),
                action.question,
              ];
            }),
          ),
    ),
    section("12. Questions", ...state.moduleOrder.map((id) => moduleTable(input, id))),
    section(
      "13. Afterwards",
      markdownTable(["What happened", "Impact", "What we change", "Owner", "Due"], [dashes(5)]),
    ),
  ].join("\n\n")}\n`;
}

const PREWARM = markdownTable(
  ["", ""],
  [
    ["Load balancers and their AZs", "–"],
    ["Is what stands behind them scaled?", "–"],
    ["Keep-alive, share of TLS", "–"],
    ["Requests per second, average and peak", "–"],
    ["How fast it rises", "–"],
    ["Average request and response, KB", "–"],
    ["Reserved capacity (LCU)", "–"],
  ],
);

function calendar({ state, report, catalogue }: ExportInput): string[][] {
  const zone = state.event.zone;
  const due = Object.entries(report.questions).map(([id, found]) => ({
    at: found.due,
    what: `${id}: ${catalogue.question(id)?.short ?? id} due`,
    who: found.owner?.name ?? "nobody yet",
  }));
  return [
    { at: state.startedAt, what: "Session started", who: state.people[state.facilitator]?.name ?? "" },
    ...due,
    { at: state.eventAt, what: state.name, who: "all" },
  ]
    .sort((a, b) => a.at.localeCompare(b.at))
    .map(({ at, what, who }) => [moment(at, zone), what, who]);
}

function scenarios({ report, catalogue }: ExportInput): string[][] {
  const high = report.risks.filter((risk) => risk.level === "HIGH");
  const rows = high.map((risk) => [
    `${risk.title}: ${catalogue.question(risk.question)?.short ?? ""}`,
    risk.because,
    "–",
    "–",
    risk.owner?.name ?? "–",
    "–",
  ]);
  return rows.length === 0 ? [dashes(6)] : rows;
}

function moduleTable({ state, catalogue, report }: ExportInput, id: string): string {
  const rows = (state.modules[id]?.questions ?? []).map((question) => [
    question,
    catalogue.question(question)?.text ?? question,
    said(state, question),
    report.questions[question]?.risk ?? "UNANSWERED",
  ]);
  return `### ${escapeMarkdown(catalogue.module(id)?.title ?? id)}\n\n${markdownTable(["", "Question", "Answer", "Risk"], rows)}`;
}

function said(state: SessionState, question: string): string {
  const parts = state.questions[question]?.parts.filter((part) => !part.withdrawn) ?? [];
  const text = parts.map((part) => textOf(part.words)).join(" / ");
  return text === "" ? "–" : text;
}

function loadTarget({ scope }: SessionState): string {
  const { rps, p99ms } = scope.loadTarget ?? {};
  return (
    [rps === undefined ? "" : `${figure(rps)} req/s`, p99ms === undefined ? "" : `p99 ${p99ms} ms`]
      .filter(Boolean)
      .join(", ") || "–"
  );
}

function figure(value: number | null | undefined): string {
  return value === null || value === undefined ? "–" : value.toLocaleString("en-GB", { maximumFractionDigits: 1 });
}

function dashes(length: number): string[] {
  return Array.from({ length }, () => "–");
}

import type { Catalogue } from "../src/domain/catalogue.ts";
import type { Block, ReadyState, Rich } from "../src/domain/message.ts";
import type { Progress, SessionReport } from "../src/domain/report.ts";
import type { SessionState, SummarySection } from "../src/domain/session.ts";
import { dayOf, momentOf } from "./facts.ts";
import { peakOf, sayFigure, sayFigureOf } from "./headroom.ts";
import { PAGE_SECTIONS, reportOf, sectionHeading, summaryBefore } from "./summary.ts";
import { wording } from "./wording.ts";

type ChartBlock = Extract<Block, { kind: "chart" }>;

/** More rows than these in a message, and it is no summary. */
const MOST_BARS = 12;
const MOST_ROWS = 10;

const WORDS: Record<ReadyState, string> = {
  ready: "ready",
  at_risk: "at risk",
  high_risk: "high risk",
  not_answered: "not answered",
};

/**
 * A summary as a native message: one page, with pictures and a table beside each, so that nobody needs to see colours.
 * What it says is the version that was written; the charts show the session as it is now.
 * @param board a link to the board, if there is a way to it
 */
export function summaryBlocks(
  state: SessionState,
  catalogue: Catalogue,
  version: number,
  now: Date,
  board: Rich = [],
): Block[] {
  const report = reportOf(state, catalogue, now);
  const written = state.summaries.find((summary) => summary.version === version);
  const sections = written?.sections ?? report.summary.sections;
  const before = written === undefined ? undefined : summaryBefore(state, written.version);
  const section = (title: string): Block[] =>
    sectionBlocks(
      sections.find((item) => item.title === title),
      sectionHeading(state, title, before?.at),
    );
  const headroom = headroomChart(report.headroom);
  return [
    { kind: "heading", text: `Readiness summary · ${state.name} · ${report.verdict.headline}` },
    ...section(PAGE_SECTIONS[0]),
    {
      kind: "table",
      caption: "Scorecard",
      columns: ["Area", "State", "Why"],
      rows: report.scorecard.slice(0, MOST_ROWS).map((row) => [row.area, wording.state(row.state), row.reason]),
    },
    ...PAGE_SECTIONS.slice(1).flatMap(section),
    progressChart(report.progress),
    progressTable(report.progress),
    ...(headroom ? [headroom, headroomTable(state, report)] : []),
    {
      kind: "context",
      text: [
        written?.by === "bedrock"
          ? "Written by Bedrock and checked sentence by sentence; levels come from rules. "
          : "Written without a model, from the session's facts. ",
        `${written ? momentOf(state, written.at) : dayOf(state, report.at)}. ${
          board.length > 0
            ? 'The long form, with the source of each claim, is on the board; "Full text" sends it as a file. '
            : '"Full text" sends the long form as a file.'
        }`,
        ...board,
      ],
    },
  ];
}

function sectionBlocks(section: SummarySection | undefined, heading: string): Block[] {
  if (!section || section.sentences.length === 0) return [];
  return [
    { kind: "text", text: [{ strong: heading }] },
    { kind: "list", items: section.sentences.slice(0, MOST_ROWS).map((sentence) => [sentence.text]) },
  ];
}

/** Bars and their words need no more than one digit. */
function rounded(value: number): number {
  return Math.round(value * 10) / 10;
}

/** Where and when it was read stands above the rows where it is the same for all: narrow screens have no room for it. */
function headroomTable(state: SessionState, { headroom }: SessionReport): Block {
  const figure = (value: number | null | undefined) => sayFigureOf(value, "–");
  const rows = headroom.slice(0, MOST_ROWS);
  const places = rows.map((item) => `${item.account}, ${item.region}, read ${momentOf(state, item.readAt)}`);
  const common = new Set(places).size === 1 ? places[0] : undefined;
  return {
    kind: "table",
    caption: common === undefined ? "Quotas" : `Quotas (${common})`,
    columns: ["Quota", "In use", "At peak", "Applied", ...(common === undefined ? ["Where"] : [])],
    rows: rows.map((item, index) => [
      `${item.label} (${item.unit})`,
      figure(item.used),
      figure(item.projected ?? item.atMax),
      item.unlimited ? "unlimited" : figure(item.quota),
      ...(common === undefined ? [places[index] ?? ""] : []),
    ]),
  };
}

function progressTable({ modules }: Progress): Block {
  return {
    kind: "table",
    caption: "Modules",
    columns: ["Module", "Done", "State", "Owner"],
    rows: modules.map(({ title, done, total, state, owner }) => [
      title,
      `${done} of ${total}`,
      WORDS[state],
      owner?.name ?? "nobody yet",
    ]),
  };
}

/** Progress by module as a chart. */
export function progressChart(progress: Progress, title = "Progress"): ChartBlock {
  const bars = progress.modules.map(({ title: label, done, total, state }) => ({
    label,
    value: done,
    of: total,
    state,
  }));
  const said = progress.modules.map(
    ({ title: label, done, total, state }) => `${label} ${done} of ${total}, ${WORDS[state]}`,
  );
  return { kind: "chart", title, alt: `${title}: ${said.join("; ")}.`, bars, unit: "" };
}

/** Use at the expected peak against the applied quota, tightest first. Unknown and unlimited quotas have no bar. */
export function headroomChart(
  headroom: SessionReport["headroom"],
  title = "Quotas at the expected peak",
): ChartBlock | undefined {
  const rows = headroom.flatMap((item) => {
    const value = peakOf(item);
    if (item.unlimited || item.quota === null || item.quota <= 0 || value === null) return [];
    const share = value / item.quota;
    const state: ReadyState = share > 1 ? "high_risk" : share > 0.8 ? "at_risk" : "ready";
    return [
      {
        label: item.label,
        value: rounded(value),
        of: rounded(item.quota),
        state,
        share,
        unit: item.unit,
        place: `${item.account}, ${item.region}`,
      },
    ];
  });
  if (rows.length === 0) return undefined;
  const sorted = rows.toSorted((a, b) => b.share - a.share).slice(0, MOST_BARS);
  const said = sorted.map(
    ({ label, value, of, unit, place, state }) =>
      `${label} ${sayFigure(value)} of ${sayFigure(of)} ${unit} (${place}), ${WORDS[state]}`,
  );
  const units = new Set(sorted.map((row) => row.unit));
  return {
    kind: "chart",
    title,
    alt: `${title}: ${said.join("; ")}.`,
    bars: sorted.map(({ label, value, of, state, unit }) => ({
      label: units.size === 1 ? label : `${label} (${unit})`,
      value,
      of,
      state,
    })),
    unit: units.size === 1 ? ([...units][0] ?? "") : "",
  };
}

import { createRequire } from "node:module";
import type { Block, ReadyState } from "../domain/message.ts";
import type { Progress, SessionReport } from "../domain/report.ts";

/**
 * Charts as pictures for chat platforms, drawn on the server: ECharts makes SVG, resvg makes PNG of it with a font that
 * comes with us (Open Sans, OFL), so that a slim container with no font installed draws the same. Both libraries are
 * loaded at the first chart, not at start.
 */
export type Chart = { png: Uint8Array; svg: string; width: number; height: number; alt: string };
export type ChartBlock = Extract<Block, { kind: "chart" }>;

const COLOURS: Record<ReadyState, string> = {
  ready: "#1a7f4b",
  at_risk: "#b57500",
  high_risk: "#c0352b",
  not_answered: "#6b7280",
};
/** A word as well as a colour: nobody has to tell red from green. */
const WORDS: Record<ReadyState, string> = {
  ready: "ready",
  at_risk: "at risk",
  high_risk: "high risk",
  not_answered: "not answered",
};

const WIDTH = 720;
const ROW = 44;
const MOST_BARS = 20;
const FONT = "Open Sans";

/** Draws a chart block of a message. The picture says no more than its `alt`, and the table beside it. */
export async function renderChart(block: ChartBlock): Promise<Chart> {
  const [echarts, { Resvg }] = await Promise.all([import("echarts"), import("@resvg/resvg-js")]);
  const bars = block.bars.slice(0, MOST_BARS).toReversed();
  const height = 70 + Math.max(1, bars.length) * ROW;
  const relative = bars.map((bar) => (bar.of > 0 ? (100 * bar.value) / bar.of : 0));
  const scale = Math.max(100, ...relative.map((value) => Math.min(value, 250)));
  const chart = echarts.init(null, null, { renderer: "svg", ssr: true, width: WIDTH, height });
  try {
    chart.setOption({
      animation: false,
      backgroundColor: "#ffffff",
      textStyle: { fontFamily: FONT },
      title: {
        text: clip(block.title, 70),
        left: 16,
        top: 12,
        textStyle: { fontSize: 17, color: "#1f2937", fontFamily: FONT },
      },
      grid: { left: 200, right: 210, top: 52, bottom: 14 },
      xAxis: { type: "value", max: scale, show: false },
      yAxis: {
        type: "category",
        data: bars.map((bar) => clip(bar.label, 24)),
        axisLine: { show: false },
        axisTick: { show: false },
        axisLabel: { fontSize: 13, color: "#1f2937", fontFamily: FONT },
      },
      series: [
        {
          type: "bar",
          barWidth: 18,
          showBackground: true,
          backgroundStyle: { color: "#e5e7eb", borderRadius: 4 },
          data: bars.map((bar, index) => ({
            value: Math.min(relative[index] ?? 0, scale),
            itemStyle: { color: COLOURS[bar.state], borderRadius: 4 },
          })),
          ...(bars.some((bar, index) => (relative[index] ?? 0) > 100 || bar.of === 0) && {
            markLine: {
              silent: true,
              symbol: "none",
              lineStyle: { color: "#1f2937", type: "dashed" },
              label: { show: false },
              data: [{ xAxis: 100 }],
            },
          }),
        },
        {
          // The figures stand at the right edge, whatever the bar's length.
          type: "bar",
          barGap: "-100%",
          barWidth: 18,
          silent: true,
          itemStyle: { color: "transparent" },
          data: bars.map(() => scale),
          label: {
            show: true,
            position: "right",
            fontSize: 12,
            color: "#1f2937",
            fontFamily: FONT,
            formatter: ({ dataIndex }: { dataIndex: number }) => {
              const bar = bars[dataIndex];
              return bar ? `${figures(bar, block.unit)} · ${WORDS[bar.state]}` : "";
            },
          },
        },
      ],
    });
    const svg = chart.renderToSVGString();
    const image = new Resvg(svg, {
      fitTo: { mode: "zoom", value: 2 },
      font: { loadSystemFonts: false, fontFiles: fontFiles(), defaultFontFamily: FONT },
    }).render();
    return { png: image.asPng(), svg, width: WIDTH, height, alt: block.alt };
  } finally {
    // An instance that isn't disposed keeps the process alive.
    chart.dispose();
  }
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
    const value = item.projected ?? item.atMax ?? item.used;
    if (item.unlimited || item.quota === null || item.quota <= 0 || value === null || value === undefined) return [];
    const share = value / item.quota;
    const state: ReadyState = share > 1 ? "high_risk" : share > 0.8 ? "at_risk" : "ready";
    return [
      {
        label: item.label,
        value,
        of: item.quota,
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
      `${label} ${value.toLocaleString("en-GB")} of ${of.toLocaleString("en-GB")} ${unit} (${place}), ${WORDS[state]}`,
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

function figures(bar: ChartBlock["bars"][number], unit: string): string {
  const shown = `${short(bar.value)} of ${short(bar.of)}`;
  return unit === "" ? shown : `${shown} ${unit}`;
}

function short(value: number): string {
  return value >= 100_000
    ? new Intl.NumberFormat("en-GB", { notation: "compact", maximumFractionDigits: 1 }).format(value)
    : value.toLocaleString("en-GB");
}

function clip(text: string, longest: number): string {
  return text.length <= longest ? text : `${text.slice(0, longest - 1)}…`;
}

function fontFiles(): string[] {
  const { resolve } = createRequire(import.meta.url);
  return [
    "@expo-google-fonts/open-sans/400Regular/OpenSans_400Regular.ttf",
    "@expo-google-fonts/open-sans/700Bold/OpenSans_700Bold.ttf",
  ].map((file) => resolve(file));
}

import { createRequire } from "node:module";
import type { Block, ReadyState } from "../domain/message.ts";

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

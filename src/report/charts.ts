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

/** Narrow, so that its letters can still be read on a phone. */
const WIDTH = 460;
const SIDE = 14;
const BAR = 16;
const LINE = 19;
const GAP = 14;
const MOST_BARS = 20;
/** Characters that fit on a line. */
const ACROSS = 64;
const FONT = "Open Sans";
const INK = "#1f2937";

/**
 * Draws a chart block of a message: over each bar its name and its figures. The title stands above the picture, as text.
 * The picture says no more than its `alt`, and the table beside it.
 */
export async function renderChart(block: ChartBlock): Promise<Chart> {
  const [echarts, { Resvg }] = await Promise.all([import("echarts"), import("@resvg/resvg-js")]);
  const bars = block.bars.slice(0, MOST_BARS).toReversed();
  const said = bars.map((bar) => `${figures(bar, block.unit)} · ${WORDS[bar.state]}`);
  const names = bars.map((bar, index) => linesOf(bar.label, ACROSS - (said[index]?.length ?? 0)));
  const lines = Math.max(1, ...names.map((name) => name.length));
  const row = lines * LINE + BAR + GAP;
  const height = Math.max(1, bars.length) * row + GAP;
  const relative = bars.map((bar) => (bar.of > 0 ? (100 * bar.value) / bar.of : 0));
  const scale = Math.max(100, ...relative.map((value) => Math.min(value, 250)));
  const chart = echarts.init(null, null, { renderer: "svg", ssr: true, width: WIDTH, height });
  const text = { show: true, fontFamily: FONT, color: INK, lineHeight: LINE, verticalAlign: "bottom" as const };
  /** As long as the scale, seen by nobody: what is written over it stands at the edges, whatever the bar's length. */
  const ruler = { type: "bar" as const, barGap: "-100%", barWidth: BAR, silent: true, data: bars.map(() => scale) };
  try {
    chart.setOption({
      animation: false,
      backgroundColor: "#ffffff",
      textStyle: { fontFamily: FONT },
      grid: { left: SIDE, right: SIDE, top: lines * LINE, bottom: 0 },
      xAxis: { type: "value", max: scale, show: false },
      yAxis: { type: "category", data: bars.map((bar) => bar.label), show: false },
      series: [
        {
          // The whole of it: what a bar has beyond is too much.
          ...ruler,
          data: bars.map((bar) => (bar.of > 0 ? 100 : scale)),
          itemStyle: { color: "#e5e7eb", borderRadius: 4 },
        },
        {
          ...ruler,
          data: bars.map((bar, index) => ({
            value: Math.min(relative[index] ?? 0, scale),
            itemStyle: { color: COLOURS[bar.state], borderRadius: 4 },
          })),
        },
        {
          type: "scatter",
          silent: true,
          symbol: "rect",
          symbolSize: [2, BAR + 6],
          itemStyle: { color: INK },
          data: bars.flatMap((_, index) => ((relative[index] ?? 0) > 100 ? [[100, index]] : [])),
        },
        {
          ...ruler,
          itemStyle: { color: "transparent" },
          label: {
            ...text,
            position: [0, -3],
            align: "left",
            fontSize: 14,
            formatter: ({ dataIndex }: { dataIndex: number }) => names[dataIndex]?.join("\n") ?? "",
          },
        },
        {
          ...ruler,
          itemStyle: { color: "transparent" },
          label: {
            ...text,
            position: ["100%", -3],
            align: "right",
            fontSize: 13,
            formatter: ({ dataIndex }: { dataIndex: number }) => said[dataIndex] ?? "",
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

/** A name on one line where it fits beside its figures, otherwise begun over them; cut only where it is absurd. */
function linesOf(label: string, beside: number): string[] {
  const line = label.replace(/\s+/g, " ").trim();
  if (line.length <= beside) return [line];
  const words = line.split(" ");
  const first: string[] = [];
  while (words[0] !== undefined && [...first, words[0]].join(" ").length <= ACROSS) first.push(words.shift() ?? "");
  if (first.length === 0) return [clip(line, ACROSS), ""];
  return [first.join(" "), clip(words.join(" "), beside)];
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

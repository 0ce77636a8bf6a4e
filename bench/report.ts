import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import express from "express";
import { createBoard } from "../adapters/web/board.ts";
import { standardCatalogue as catalogue } from "../conversations/catalogue/index.ts";
import { ground } from "../conversations/grounding.ts";
import { groundingContext, reportOf, writePlain } from "../conversations/summary.ts";
import { headroomChart, progressChart } from "../conversations/summary-blocks.ts";
import { renderChart } from "../src/report/charts.ts";
import { exportSession } from "../src/report/export.ts";
import { fullSession, NOW } from "../test/fixtures/session.ts";
import { eventsOf } from "../test/fixtures/session-events.ts";
import { launchBrowser } from "../test/stand-ins/browser.ts";

/** A phone on a poor network: 1.6 Mbit/s, 150 ms there and back, a processor four times slower. */
const NETWORK = { offline: false, latency: 150, downloadThroughput: 200_000, uploadThroughput: 94_000 };
const SLOWER = 4;

/** The summary without a model, the check of a model's summary, the pictures, the exports, the board's first paint. */
export async function run(): Promise<{ name: string; value: number; unit: string }[]> {
  const state = fullSession(catalogue);
  const now = new Date(NOW);
  const plain = median(50, () => void writePlain(state, catalogue, now));
  const { sections } = writePlain(state, catalogue, now);
  const context = groundingContext(state, catalogue, now);
  const checked = median(30, () => void ground(sections, context));
  const report = reportOf(state, catalogue, now);
  const input = { state, events: eventsOf(state), catalogue, report, now };
  const json = median(30, () => void exportSession(input, "json"));
  const charts = [progressChart(report.progress), headroomChart(report.headroom)].filter(
    (chart) => chart !== undefined,
  );
  const drawn: number[] = [];
  for (let round = 0; round < 8; round++) {
    for (const chart of charts) {
      const started = performance.now();
      await renderChart(chart);
      if (round > 0) drawn.push(performance.now() - started);
    }
  }
  return [
    { name: "report.summary_plain", value: plain, unit: "ms" },
    { name: "report.grounding", value: checked, unit: "ms" },
    { name: "report.export_json", value: json, unit: "ms" },
    { name: "report.chart_png", value: middle(drawn), unit: "ms" },
    { name: "report.board_first_paint", value: await firstPaint(), unit: "ms" },
  ];
}

async function firstPaint(): Promise<number> {
  const state = fullSession(catalogue);
  const load = async () => ({ state, report: reportOf(state, catalogue, new Date(NOW)), events: eventsOf(state) });
  const board = createBoard({ load, catalogue, onChange() {}, log: { warn() {}, error() {} } });
  const server = await new Promise<Server>((resolve) => {
    const listening = express()
      .use(board.router)
      .listen(0, "127.0.0.1", () => resolve(listening));
  });
  const browser = await launchBrowser();
  try {
    const paints: number[] = [];
    for (let round = 0; round < 3; round++) {
      const page = await (await browser.newContext({ viewport: { width: 390, height: 844 } })).newPage();
      const devtools = await page.context().newCDPSession(page);
      await devtools.send("Network.enable");
      await devtools.send("Network.emulateNetworkConditions", NETWORK);
      await devtools.send("Emulation.setCPUThrottlingRate", { rate: SLOWER });
      await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/sessions/${state.id}`, {
        waitUntil: "load",
      });
      const paint: unknown = await page.evaluate(
        `new Promise((resolve) => new PerformanceObserver((list) => resolve(list.getEntriesByName("first-contentful-paint")[0]?.startTime)).observe({ type: "paint", buffered: true }))`,
      );
      paints.push(Number(paint));
      await page.context().close();
    }
    return middle(paints);
  } finally {
    await browser.close();
    board.close();
    server.closeAllConnections();
    server.close();
  }
}

function median(times: number, work: () => void): number {
  work();
  return middle(
    Array.from({ length: times }, () => {
      const started = performance.now();
      work();
      return performance.now() - started;
    }),
  );
}

function middle(values: number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}

import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { standardCatalogue as catalogue } from "../../../conversations/catalogue/index.ts";
import { reportOf } from "../../../conversations/summary.ts";
import { headroomChart, progressChart } from "../../../conversations/summary-blocks.ts";
import { type ChartBlock, renderChart } from "../../../src/report/charts.ts";
import { fullSession, NOW } from "../../fixtures/session.ts";

const report = reportOf(fullSession(catalogue), catalogue, new Date(NOW));

describe("charts", () => {
  it("draws headroom as a PNG at twice its size, with words for those who don't see it", async () => {
    const block = headroomChart(report.headroom);
    const chart = await renderChart(block as ChartBlock);
    const png = Buffer.from(chart.png);
    expect(png.subarray(1, 4).toString()).toBe("PNG");
    expect([png.readUInt32BE(16), png.readUInt32BE(20)]).toEqual([chart.width * 2, chart.height * 2]);
    expect(chart.alt).toBe(
      "Quotas at the expected peak: Running On-Demand Standard 2,400 of 1,152 vCPU (prod, eu-west-1), high risk; " +
        "gp3 storage 49 of 50 TiB (prod, eu-west-1), at risk; Mails in 24 h 114,000 of 500,000 mails (prod, eu-west-1), ready.",
    );
  });

  it("draws letters with the font that comes along, not with one that may be installed", async () => {
    const block = progressChart(report.progress);
    const named = Buffer.from((await renderChart(block)).png);
    const blank = Buffer.from(
      (await renderChart({ ...block, bars: block.bars.map((bar) => ({ ...bar, label: "" })) })).png,
    );
    expect(named.length).toBeGreaterThan(blank.length + 2_000);
  });

  it("cuts no name that a quota has, and leaves its title to the text above it", async () => {
    const label = "Running On-Demand Standard (A, C, D, H, I, M, R, T, Z) instances (vCPU)";
    const bars = [{ label, value: 1_100, of: 1_152, state: "at_risk" as const }];
    const { svg } = await renderChart({ kind: "chart", title: "Quotas at peak", alt: "x", bars, unit: "" });
    const words = [...svg.matchAll(/<text[^>]*>([^<]*)<\/text>/g)].map(([, text]) => text).join(" ");
    expect(words).toContain("1,100 of 1,152 · at risk");
    for (const word of label.split(" ")) expect(words).toContain(word);
    expect(words).not.toContain("…");
    expect(svg).not.toContain("Quotas at peak");
  });

  it("leaves out quotas that nobody knows, and draws none rather than an empty chart", () => {
    const [first] = report.headroom;
    expect(headroomChart([{ ...first!, quota: null }])).toBeUndefined();
    expect(headroomChart([{ ...first!, unlimited: true }])).toBeUndefined();
  });

  it("copes with hostile labels, no bars and absurd figures", async () => {
    const bars = [
      { label: '<script>alert("1")</script> & ]]>', value: 1e15, of: 1, state: "high_risk" as const },
      { label: "ẞ 漢字 🙂 ".repeat(30), value: 0, of: 0, state: "not_answered" as const },
    ];
    const chart = await renderChart({ kind: "chart", title: "<b>", alt: "x", bars, unit: "vCPU" });
    expect(chart.svg).not.toContain("<script>");
    const empty = await renderChart({ kind: "chart", title: "Nothing", alt: "x", bars: [], unit: "" });
    expect(empty.png.length).toBeGreaterThan(100);
  });

  it("doesn't keep a process alive", async () => {
    const file = fileURLToPath(new URL("../../../src/report/charts.ts", import.meta.url));
    const code = `const { renderChart } = await import(${JSON.stringify(file)}); await renderChart({ kind: "chart", title: "t", alt: "a", bars: [{ label: "x", value: 1, of: 2, state: "ready" }], unit: "" });`;
    const child = spawn(process.execPath, ["--input-type=module", "-e", code], { stdio: "ignore" });
    const killer = setTimeout(() => child.kill("SIGKILL"), 15_000);
    const [exit] = await once(child, "exit");
    clearTimeout(killer);
    expect(exit).toBe(0);
  });
});

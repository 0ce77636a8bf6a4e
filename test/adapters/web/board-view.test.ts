import { describe, expect, it } from "vitest";
import { activityOf } from "../../../adapters/web/board-activity.ts";
import { boardPage } from "../../../adapters/web/board-view.ts";
import { standardCatalogue as catalogue } from "../../../conversations/catalogue/index.ts";
import { reportOf } from "../../../conversations/summary.ts";
import type { SessionState } from "../../../src/domain/session.ts";
import type { SessionEvent } from "../../../src/domain/session-event.ts";
import {
  emptySession,
  evidence,
  fullSession,
  LEE,
  NOW,
  PRIYA,
  withAnswer,
  withEvidence,
} from "../../fixtures/session.ts";

const page = (state: SessionState) =>
  boardPage({ state, report: reportOf(state, catalogue, new Date(NOW)), activity: [], catalogue });
/** "0 medium risks" and the class of its tile. */
const tile = (html: string, label: string) =>
  new RegExp(`<li class="([^"]*)"><strong>(\\d+)</strong> <span>${label}</span>`).exec(html)?.slice(1);

describe("the board's tiles", () => {
  it("call nothing good news while something isn't confirmed", () => {
    const html = page(emptySession(catalogue));
    expect(tile(html, "medium risks")).toEqual(["empty", "0"]);
    expect(tile(html, "high risks open")).toEqual(["empty", "0"]);
    const one = catalogue.modules.filter((module) => module.id === "security");
    const security = { ...catalogue, modules: one };
    const cleared = one[0]!.questions.reduce(
      (state, { id }) => withAnswer(state, id, { text: "fine", confirmed: [catalogue.question(id)!.choices[0]!.id] }),
      emptySession(security),
    );
    const report = reportOf(cleared, security, new Date(NOW));
    expect(report.progress.unanswered).toBe(0);
    const all = boardPage({ state: cleared, report, activity: [], catalogue });
    expect(tile(all, "medium risks?")?.[0]).toMatch(/^(?:ready|at-risk)$/);
    expect(tile(all, "high risks? open")?.[0]).toMatch(/^(?:ready|high-risk)$/);
  });
});

describe("the board's quotas", () => {
  it("are one row each, with one decimal, and shares without a gap", () => {
    const figure = { label: "gp3 storage", unit: "TiB", used: 2.083, quota: 100, projected: 96.719 };
    const about = { statement: "gp3", figures: [{ ...figure, quotaCode: "L-7A658B76", serviceCode: "ebs" }] };
    const state = withEvidence(
      emptySession(catalogue),
      evidence({ ...about, source: "ebs-storage", questions: ["Q3"] }),
      evidence({ ...about, source: "service-quotas", questions: ["Q1"] }),
    );
    const html = page(state);
    expect(html.match(/gp3 storage<\/th>/g)).toHaveLength(1);
    expect(html).toContain("<td>2.1 TiB</td><td>96.7</td>");
    expect(html).toContain(" 97% ");
    expect(html).not.toMatch(/\d %/);
  });
});

describe("the board's summary", () => {
  it("says since when something changed, once", () => {
    const full = fullSession(catalogue);
    const written = (version: number, at: string) => ({
      version,
      at,
      by: "plain" as const,
      markdown: "",
      sections: [{ title: "What changed", sentences: [{ text: "Confirmed by Marco: R2.", facts: ["change-r2"] }] }],
    });
    const summaries = [written(1, "2026-10-16T08:13:00.000Z"), written(2, NOW)];
    const html = page({ ...full, summaries });
    expect(html).toMatch(/<h3>What changed since <time[^>]*>16 Oct, 09:13<\/time><\/h3>/);
    expect(page({ ...full, summaries: summaries.slice(0, 1) })).toContain("<h3>What changed</h3>");
  });
});

describe("the board's activity", () => {
  const assigned = (by: string | undefined): SessionEvent => ({
    kind: "owner_assigned",
    at: NOW,
    module: "resilience",
    person: LEE,
    ...(by === undefined ? {} : { by }),
  });
  it.each([
    ["by themselves", LEE, "Lee took Resilience"],
    ["by somebody else", PRIYA, "Resilience now belongs to Lee"],
    ["by nobody that is known", undefined, "Resilience now belongs to Lee"],
  ])("says who has a module, given %s", (_how, by, text) => {
    expect(activityOf(emptySession(catalogue), [assigned(by)], catalogue)).toEqual([{ at: NOW, text }]);
  });
});

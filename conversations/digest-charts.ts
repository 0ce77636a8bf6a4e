import type { Catalogue } from "../src/domain/catalogue.ts";
import type { Block, ReadyState } from "../src/domain/message.ts";
import type { Risk } from "../src/domain/report.ts";
import type { SessionState } from "../src/domain/session.ts";
import { dueOf } from "./due.ts";
import { headroomOf } from "./headroom.ts";
import { questionsInOrder } from "./session-queries.ts";
import { headroomChart, progressChart } from "./summary-blocks.ts";
import { acceptanceOf, progressOf, questionsOf, riskOfQuestion } from "./verdict.ts";

/**
 * Two charts at most: how far the modules are, and where it is tight: quotas at the expected peak where AWS was read,
 * else risks by level. Platforms draw them when they show the message; their words stand beside them.
 */
export function digestCharts(session: SessionState, catalogue: Catalogue): Block[] {
  if (session.status !== "open") return [];
  const progress = progressOf(session, catalogue);
  if (progress.done === 0) return [];
  const tight = headroomChart(headroomOf(session)) ?? riskChart(session, catalogue);
  return [progressChart(progress, "Answered by module"), tight];
}

const LEVELS: readonly { label: string; state: ReadyState; levels: readonly Risk[] }[] = [
  { label: "High risk", state: "high_risk", levels: ["HIGH"] },
  { label: "At risk", state: "at_risk", levels: ["MEDIUM"] },
  { label: "Not answered", state: "not_answered", levels: ["UNANSWERED"] },
  { label: "Ready", state: "ready", levels: ["NONE", "NOT_APPLICABLE"] },
];

/** How many questions stand at each level; an accepted high risk is a risk that is watched. */
function riskChart(session: SessionState, catalogue: Catalogue): Extract<Block, { kind: "chart" }> {
  const levels = questionsOf(session, catalogue).map((question): Risk => {
    const { risk } = riskOfQuestion(session, question);
    return risk === "HIGH" && acceptanceOf(session, `risk-${question.id.toLowerCase()}`) !== undefined
      ? "MEDIUM"
      : risk;
  });
  const bars = LEVELS.map(({ label, state, levels: counted }) => ({
    label,
    value: levels.filter((level) => counted.includes(level)).length,
    of: levels.length,
    state,
  }));
  const said = bars.map(({ label, value }) => `${label.toLowerCase()} ${value}`);
  const title = "Questions by risk";
  return { kind: "chart", title, alt: `${title}, of ${levels.length}: ${said.join(", ")}.`, bars, unit: "" };
}

/** How many questions should have been answered by now. */
export function dueByNow(session: SessionState, catalogue: Catalogue, now: Date): number {
  const at = now.toISOString();
  return questionsInOrder(session).filter(({ id }) => dueOf(session, id, catalogue) < at).length;
}

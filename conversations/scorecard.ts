import type { Catalogue, Question } from "../src/domain/catalogue.ts";
import { riskId } from "../src/domain/ids.ts";
import type { ReadyState } from "../src/domain/message.ts";
import type { ScorecardRow } from "../src/domain/report.ts";
import type { SessionState } from "../src/domain/session.ts";
import { nameOf } from "./session-queries.ts";
import { acceptanceOf, capitalised, list, questionsOf, riskOfQuestion } from "./verdict.ts";

/** The state that a row's colour stands for. */
const STATES: Record<ScorecardRow["colour"], ReadyState> = {
  GREEN: "ready",
  YELLOW: "at_risk",
  RED: "high_risk",
  GREY: "not_answered",
};

/**
 * The event readiness scorecard of AWS's event planning workbook (its section 15), each row fed by the questions that
 * speak about it. A team's own modules get a row each.
 */
const SCORECARD: { id: string; area: string; questions: string[] }[] = [
  { id: "architecture", area: "Availability: architecture (single points of failure)", questions: ["R2", "R3", "R6"] },
  { id: "recovery", area: "Availability: restoration (RTO and RPO)", questions: ["R4", "R5"] },
  { id: "stability", area: "Stability: known risks and open cases", questions: ["R1"] },
  { id: "capacity", area: "Scalability: EC2 capacity and quotas", questions: ["Q1", "Q2", "Q3", "Q5", "Q6"] },
  { id: "mail", area: "Scalability: sending mail", questions: ["Q4", "Q7"] },
  { id: "entry", area: "Scalability: load balancers, network and CDN", questions: ["P1", "P4"] },
  { id: "load-test", area: "Scalability: load test and stress points", questions: ["P2", "P3"] },
  { id: "security", area: "Security: credentials and access", questions: ["S1", "S2", "S3"] },
  { id: "monitoring", area: "Operations: logs, alarms and crucial metrics", questions: ["P5", "P6", "M1"] },
];

export function scorecard(state: SessionState, catalogue: Catalogue): ScorecardRow[] {
  const known = questionsOf(state, catalogue);
  const covered = new Set(SCORECARD.flatMap((row) => row.questions));
  const own = catalogue.modules.flatMap((module) => {
    const questions = module.questions.map((question) => question.id).filter((id) => !covered.has(id));
    return questions.length > 0 ? [{ id: module.id, area: module.title, questions }] : [];
  });
  return [...SCORECARD, ...own].flatMap(({ id, area, questions }) => {
    const inSession = known.filter((question) => questions.includes(question.id));
    if (inSession.length === 0) return [];
    const { colour, reason } = colourOf(state, inSession);
    return [{ id, area, colour, state: STATES[colour], reason, questions: inSession.map((question) => question.id) }];
  });
}

/**
 * RED: an open high risk. YELLOW: accepted, medium, or said and not confirmed yet. GREY: something isn't answered.
 * GREEN: all cleared.
 */
function colourOf(state: SessionState, questions: Question[]): Pick<ScorecardRow, "colour" | "reason"> {
  const found = questions.map((question) => ({ question, ...riskOfQuestion(state, question) }));
  const say = (item: (typeof found)[number]): string => `${capitalised(item.question.short)}: ${item.because}`;
  const high = found.filter((item) => item.risk === "HIGH");
  const open = high.find((item) => !acceptanceOf(state, riskId(item.question.id), "HIGH"));
  if (open) return { colour: "RED", reason: say(open) };
  const accepted = high[0];
  if (accepted) {
    const by = acceptanceOf(state, riskId(accepted.question.id), "HIGH")?.by ?? "";
    return { colour: "YELLOW", reason: `${capitalised(accepted.question.short)}: accepted by ${nameOf(state, by)}.` };
  }
  const unknown = found.filter((item) => item.risk === "UNANSWERED");
  const unsaid = unknown.find((item) => state.questions[item.question.id]?.status !== "answered");
  if (unsaid) return { colour: "GREY", reason: say(unsaid) };
  const medium = found.find((item) => item.risk === "MEDIUM");
  if (medium) return { colour: "YELLOW", reason: say(medium) };
  if (unknown.length > 0) {
    const what = list(unknown.map((item) => item.question.short));
    const they = unknown.length === 1 ? "it isn't" : "they aren't";
    return { colour: "YELLOW", reason: `At risk, because ${they} confirmed yet: ${what}.` };
  }
  const [only, ...others] = found;
  if (only && others.length === 0) return { colour: "GREEN", reason: say(only) };
  return { colour: "GREEN", reason: `Cleared: ${list(found.map((item) => item.question.short))}.` };
}

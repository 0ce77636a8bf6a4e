import type { ModuleId, QuestionId } from "../src/domain/ids.ts";

/**
 * The six weeks as steps. AWS Countdown's phases, laid over six weeks (a default of ours, not a schedule of AWS):
 * kickoff, architecture and questions, quotas and capacity, load test, game day and alarms, readiness check, scorecard,
 * decision, event, scale-down and review.
 */
export const STEP_IDS = [
  "kickoff",
  "questions",
  "quota-increases",
  "load-test",
  "game-day",
  "alarms",
  "readiness-check",
  "scorecard",
  "go-no-go",
  "event",
  "scale-down",
  "review",
] as const;
export type StepId = (typeof STEP_IDS)[number];

export type Step = {
  id: StepId;
  title: string;
  /** Days before the event; negative: after it. */
  daysBefore: number;
  /** It is done when these are settled. */
  settles?: { questions?: QuestionId[]; module?: ModuleId; dueAtLeast?: number };
};

export const STEPS: readonly Step[] = [
  { id: "kickoff", title: "Kickoff: every module has an owner", daysBefore: 42 },
  { id: "questions", title: "Architecture and load questions answered", daysBefore: 35, settles: { dueAtLeast: 35 } },
  {
    // Increases take longest: Service Quotas requests get no priority handling.
    id: "quota-increases",
    title: "Quota increases filed",
    daysBefore: 28,
    settles: { module: "service-quotas" },
  },
  { id: "load-test", title: "Load test run", daysBefore: 21, settles: { questions: ["P3"] } },
  {
    id: "game-day",
    title: "Game day: failover and restore tried",
    daysBefore: 14,
    settles: { questions: ["R5", "R6"] },
  },
  {
    id: "alarms",
    title: "Alarms and notifications in place",
    daysBefore: 14,
    settles: { questions: ["M1", "P5", "P6"] },
  },
  { id: "readiness-check", title: "Readiness check: all answered and confirmed", daysBefore: 7 },
  { id: "scorecard", title: "Scorecard and summary", daysBefore: 4 },
  { id: "go-no-go", title: "Go / no-go signed", daysBefore: 3 },
  { id: "event", title: "The event", daysBefore: 0 },
  { id: "scale-down", title: "Scaled down", daysBefore: -1 },
  { id: "review", title: "Review written", daysBefore: -7 },
];

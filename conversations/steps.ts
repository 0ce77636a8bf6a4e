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
  /** For the header's line: what must be so by its day, and what isn't so once that is past. */
  says?: { next: string; late: string };
  /** Days before the event; negative: after it. */
  daysBefore: number;
  /** It is done when these are settled. */
  settles?: { questions?: QuestionId[]; module?: ModuleId; dueAtLeast?: number };
};

export const STEPS: readonly Step[] = [
  {
    id: "kickoff",
    title: "Kickoff: every module has an owner",
    says: { next: "every module needs an owner", late: "not every module has an owner" },
    daysBefore: 42,
  },
  {
    id: "questions",
    title: "Architecture and load questions answered",
    says: {
      next: "the questions about architecture and load must be answered",
      late: "not every question about architecture and load is answered",
    },
    daysBefore: 35,
    settles: { dueAtLeast: 35 },
  },
  {
    // Increases take longest: Service Quotas requests get no priority handling.
    id: "quota-increases",
    title: "Quota increases filed",
    says: { next: "quota increases must be filed", late: "not every question about quotas is answered" },
    daysBefore: 28,
    settles: { module: "service-quotas" },
  },
  {
    id: "load-test",
    title: "Load test run",
    says: { next: "the load test must be run", late: "the question about load testing isn't answered" },
    daysBefore: 21,
    settles: { questions: ["P3"] },
  },
  {
    id: "game-day",
    title: "Game day: failover and restore tried",
    says: {
      next: "failover and restore must be tried",
      late: "the questions about restoration and failover aren't both answered",
    },
    daysBefore: 14,
    settles: { questions: ["R5", "R6"] },
  },
  {
    id: "alarms",
    title: "Alarms and notifications in place",
    says: {
      next: "alarms and notifications must be in place",
      late: "not every question about logs, alarms and metrics is answered",
    },
    daysBefore: 14,
    settles: { questions: ["M1", "P5", "P6"] },
  },
  {
    id: "readiness-check",
    title: "Readiness check: all answered and confirmed",
    says: { next: "every answer must be in and confirmed", late: "not every answer is in and confirmed" },
    daysBefore: 7,
  },
  {
    id: "scorecard",
    title: "Scorecard and summary",
    says: { next: "the scorecard and the summary must be written", late: "no summary is written" },
    daysBefore: 4,
  },
  {
    id: "go-no-go",
    title: "Go / no-go signed",
    says: { next: "go / no-go must be signed", late: "go / no-go isn't signed" },
    daysBefore: 3,
  },
  { id: "event", title: "The event", daysBefore: 0 },
  {
    id: "scale-down",
    title: "Scaled down",
    says: { next: "what was raised must be scaled down", late: "nobody said that it is scaled down" },
    daysBefore: -1,
  },
  {
    id: "review",
    title: "Review written",
    says: { next: "the review must be written", late: "the review isn't complete" },
    daysBefore: -7,
  },
];

import type { Catalogue } from "../src/domain/catalogue.ts";
import type { SessionState } from "../src/domain/session.ts";
import { dueOf, stepDueOf } from "./due.ts";
import { REVIEW_ASKS } from "./review-asks.ts";
import { isSettled, modulesInOrder, questionsInOrder } from "./session-queries.ts";
import { STEP_IDS, STEPS, type Step, type StepId } from "./steps.ts";

/** A step of the session's plan. `done` follows from what is recorded: nobody ticks it off. */
export type Milestone = { id: StepId; title: string; at: string; done: boolean };

/** The plan, in order of time. */
export function planOf(state: SessionState, catalogue: Catalogue, now: Date): Milestone[] {
  return STEPS.map((step) => ({
    id: step.id,
    title: step.id === "event" ? state.name : step.title,
    at: step.id === "event" ? state.eventAt : stepDueOf(state, step.id, catalogue),
    done: isDone(state, step, catalogue, now),
  })).sort((a, b) => a.at.localeCompare(b.at) || STEP_IDS.indexOf(a.id) - STEP_IDS.indexOf(b.id));
}

/** The next step that isn't done; what is late comes first. */
export function nextMilestone(state: SessionState, catalogue: Catalogue, now: Date): Milestone | undefined {
  return planOf(state, catalogue, now).find((milestone) => !milestone.done);
}

/** Dates of the plan's steps, to say what a new event date moved. */
export function planDates(state: SessionState, catalogue: Catalogue): Record<string, string> {
  return Object.fromEntries(
    STEPS.filter((step) => step.id !== "event").map((step) => [step.id, stepDueOf(state, step.id, catalogue)]),
  );
}

function isDone(state: SessionState, step: Step, catalogue: Catalogue, now: Date): boolean {
  switch (step.id) {
    case "kickoff":
      return modulesInOrder(state).every((module) => module.owner !== undefined);
    case "questions":
    case "quota-increases":
    case "load-test":
    case "game-day":
    case "alarms":
      return settled(state, step, catalogue);
    case "readiness-check":
      return questionsInOrder(state).every(
        (question) => isSettled(question) && (question.status !== "answered" || question.confirmed !== undefined),
      );
    case "scorecard":
      return state.summaries.length > 0;
    case "go-no-go":
      return (
        state.decisions.some((decision) => decision.status !== "open") && state.decisions.at(-1)?.status !== "open"
      );
    case "event":
      return now.toISOString() >= state.eventAt;
    case "scale-down":
      return state.scaledDown !== undefined;
    case "review":
      return REVIEW_ASKS.every((ask) => state.review?.[ask.id] !== undefined);
  }
}

/** All that a step rests on is settled; a step whose questions this session doesn't have passes with its day. */
function settled(state: SessionState, { id, settles }: Step, catalogue: Catalogue): boolean {
  const { questions, module, dueAtLeast } = settles ?? {};
  const needed = questionsInOrder(state).filter(
    (question) =>
      questions?.includes(question.id) ||
      question.module === module ||
      (dueAtLeast !== undefined && (catalogue.question(question.id)?.dueDaysBefore ?? 0) >= dueAtLeast),
  );
  if (needed.length === 0) return dueOf(state, id, catalogue) < state.eventAt;
  return needed.every(isSettled);
}

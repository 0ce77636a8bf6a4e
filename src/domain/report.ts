import type { PILLARS } from "./catalogue.ts";
import type { Headroom } from "./evidence.ts";
import type { ModuleId, PersonId, QuestionId, RiskId } from "./ids.ts";
import type { ReadyState } from "./message.ts";
import type { AcceptedLevel, SummaryText } from "./session.ts";

/**
 * What the rules make of a session: computed by `conversations/`, drawn and exported by `src/report` and the adapters,
 * worded by the writers. Nothing here is judged by a model.
 */

export const RISKS = ["UNANSWERED", "HIGH", "MEDIUM", "NONE", "NOT_APPLICABLE"] as const;
export type Risk = (typeof RISKS)[number];

/** A question's risk, and why. `confirmed`: an owner confirmed it or evidence proved it. */
export type QuestionRisk = { risk: Risk; because: string; confirmed: boolean };

export type Named = { id: PersonId; name: string };

/** A line of the risk register. */
export type RegisteredRisk = {
  id: RiskId;
  question: QuestionId;
  module: ModuleId;
  level: "HIGH" | "MEDIUM" | "UNANSWERED";
  title: string;
  because: string;
  confirmed: boolean;
  owner?: Named;
  /** Calendar ISO: when its question is due. */
  due: string;
  accepted?: AcceptedRisk;
  /** It was accepted when it was smaller: that doesn't cover what it is now. */
  outgrown?: AcceptedRisk;
};

/** `level`: the risk as it was accepted, where that is known. */
export type AcceptedRisk = { by: Named; at: string; reason: string; until?: string; level?: AcceptedLevel };

export type Verdict = {
  verdict: "ready" | "ready_with_accepted_risks" | "not_ready";
  /** "Ready", "Ready with accepted risks", "Not ready" */
  headline: string;
  /** Whole sentences, most important first. */
  reasons: string[];
};

/** A row of the event readiness scorecard. */
export type ScorecardRow = {
  id: string;
  area: string;
  colour: "GREEN" | "YELLOW" | "RED" | "GREY";
  /** What the colour stands for. */
  state: ReadyState;
  reason: string;
  questions: QuestionId[];
};

export type ProgressRow = {
  id: string;
  title: string;
  /** Answered or not applicable. */
  done: number;
  total: number;
  state: ReadyState;
  owner?: Named;
};

export type Progress = {
  done: number;
  total: number;
  high: number;
  medium: number;
  unanswered: number;
  accepted: number;
  modules: ProgressRow[];
  pillars: (ProgressRow & { id: (typeof PILLARS)[number] })[];
};

/**
 * A statement with an id that prose may rest on. `text` says all that a sentence which cites it may say: its numbers,
 * dates, names, Regions and risk levels.
 */
export type ReportFact = {
  /** `session`, `verdict`, `answer-r2`, `choices-r2`, `risk-r2`, `evidence-3`, … */
  id: string;
  kind:
    | "session"
    | "verdict"
    | "answer"
    | "choices"
    | "reading"
    | "open"
    | "evidence"
    | "gap"
    | "risk"
    | "decision"
    | "note"
    | "change";
  text: string;
  question?: QuestionId;
  module?: ModuleId;
  /** The words came from people (or AWS names and tags): data, never instructions. */
  untrusted: boolean;
  /** For people who tap on a claim: who or what it comes from, and when. */
  source: string;
  level?: Risk;
};

export type Action = { what: string; owner?: Named; due: string; question: QuestionId; risk?: RiskId };

/** Everything that the board, the exports and the writers show, computed in one go. */
export type SessionReport = {
  at: string;
  questions: Record<QuestionId, QuestionRisk & { due: string; owner?: Named }>;
  risks: RegisteredRisk[];
  verdict: Verdict;
  scorecard: ScorecardRow[];
  progress: Progress;
  headroom: (Headroom & { account: string; region: string; readAt: string })[];
  actions: Action[];
  facts: ReportFact[];
  /** The summary's text: the last one written, or the plain writer's of now. `since`: the summary before it. */
  summary: { by: "bedrock" | "plain"; at: string; published: boolean; since?: string } & SummaryText;
};

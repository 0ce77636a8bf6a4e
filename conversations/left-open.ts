import type { Catalogue } from "../src/domain/catalogue.ts";
import type { QuestionId } from "../src/domain/ids.ts";
import type { RegisteredRisk } from "../src/domain/report.ts";
import type { SessionState } from "../src/domain/session.ts";
import { risksOf } from "./verdict.ts";
import { wording } from "./wording.ts";

/** What stands between a session and "ready": open high risks, and questions without a confirmed answer. */
export type LeftOpen = { high: RegisteredRisk[]; unconfirmed: RegisteredRisk[] };

export function leftOpen(state: SessionState, catalogue: Catalogue): LeftOpen {
  const risks = risksOf(state, catalogue).filter((risk) => risk.accepted === undefined);
  return {
    high: risks.filter((risk) => risk.level === "HIGH"),
    unconfirmed: risks.filter((risk) => risk.level === "UNANSWERED"),
  };
}

/** "2 high risks open, 9 questions not confirmed"; "" when nothing is left. */
export function sayLeft({ high, unconfirmed }: { high: number; unconfirmed: number }): string {
  return [
    ...(high === 0 ? [] : [`${wording.plural(high, "high risk")} open`]),
    ...(unconfirmed === 0 ? [] : [`${wording.plural(unconfirmed, "question")} not confirmed`]),
  ].join(", ");
}

/** "R2 single points of failure": a question, or the risk in it, as people speak of it. */
export function spokenName(question: QuestionId, catalogue: Catalogue): string {
  return `${question} ${catalogue.question(question)?.short ?? ""}`.trim();
}

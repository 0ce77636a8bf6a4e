import type { Catalogue, Question } from "../src/domain/catalogue.ts";
import { type QuestionId, riskId } from "../src/domain/ids.ts";
import type { SessionState, SummarySection } from "../src/domain/session.ts";
import { nameOf } from "./session-queries.ts";
import { evidenceOf, questionsOf } from "./verdict.ts";
import { listed } from "./views/words.ts";

/** What moved since the last summary that was written: by question for those who cite it, in groups for those who read. */

type News =
  | { what: "answered" | "skipped" | "not_applicable" | "read" }
  /** By this name. */
  | { what: "confirmed" | "accepted"; by: string };

export function changesOf(state: SessionState, catalogue: Catalogue): { question: Question; news: News[] }[] {
  const last = state.summaries.at(-1);
  if (!last) return [];
  const since = (at: string | undefined): at is string => at !== undefined && at > last.at;
  return questionsOf(state, catalogue).flatMap((question) => {
    const answer = state.questions[question.id];
    const accepted = state.accepted.findLast((item) => item.risk === riskId(question.id));
    const news: News[] = [];
    if (accepted && since(accepted.at)) news.push({ what: "accepted", by: nameOf(state, accepted.by) });
    if (answer?.confirmed && since(answer.confirmed.at)) {
      news.push({ what: "confirmed", by: nameOf(state, answer.confirmed.by) });
    }
    const settled = answer !== undefined && since(answer.settledAt) ? answer.status : undefined;
    if (settled === "answered" || settled === "skipped" || settled === "not_applicable") news.push({ what: settled });
    if (evidenceOf(state, question.id).some((item) => since(item.readAt))) news.push({ what: "read" });
    return news.length === 0 ? [] : [{ question, news }];
  });
}

export function changeFactId(question: QuestionId): string {
  return `change-${question.toLowerCase()}`;
}

/** "confirmed by Omar Haddad" */
export function sayNews(news: News): string {
  switch (news.what) {
    case "answered":
    case "skipped":
      return news.what;
    case "not_applicable":
      return "not applicable";
    case "read":
      return "read from AWS again";
    case "confirmed":
    case "accepted":
      return `${news.what} by ${news.by}`;
  }
}

const ORDER: readonly News["what"][] = ["accepted", "confirmed", "answered", "not_applicable", "skipped", "read"];

/** "Confirmed by Omar Haddad: R1–R5.": each question where most is said of it, and what AWS was read for. */
export function changeSentences(state: SessionState, catalogue: Catalogue): SummarySection["sentences"] {
  const moved = changesOf(state, catalogue).flatMap(({ question, news }) => {
    const isConfirmed = news.some(({ what }) => what === "confirmed");
    // What was confirmed was answered.
    return news.filter(({ what }) => !(isConfirmed && what === "answered")).map((one) => ({ id: question.id, one }));
  });
  const groups = Map.groupBy(
    moved.toSorted((a, b) => ORDER.indexOf(a.one.what) - ORDER.indexOf(b.one.what)),
    ({ one }) => sayNews(one),
  );
  return [...groups].map(([said, items]) => {
    const ids = items.map(({ id }) => id);
    return {
      text: `${said.charAt(0).toUpperCase()}${said.slice(1)}: ${listed(runsOf(ids))}.`,
      facts: ids.map(changeFactId),
    };
  });
}

/** Fewer than these in a row are named each. */
const SHORTEST_RUN = 3;

/** "R1–R5" for R1, R2, R3, R4, R5. */
function runsOf(ids: readonly QuestionId[]): string[] {
  const runs: QuestionId[][] = [];
  for (const id of ids) {
    const run = runs.at(-1);
    if (run !== undefined && follows(run.at(-1) ?? "", id)) run.push(id);
    else runs.push([id]);
  }
  return runs.flatMap((run) => (run.length < SHORTEST_RUN ? run : [`${run[0]}–${run.at(-1)}`]));
}

function follows(before: QuestionId, id: QuestionId): boolean {
  const [, letters, number] = /^(.*?)(\d+)$/.exec(before) ?? [];
  return letters !== undefined && id === `${letters}${Number(number) + 1}`;
}

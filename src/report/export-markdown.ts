import { escapeMarkdown } from "../domain/markdown.ts";
import { ERASED } from "../domain/words.ts";
import type { ExportInput } from "./export.ts";
import { answersOf } from "./export-answers.ts";
import { day, moment, verbatim } from "./markdown.ts";

/** The summary, and below it every question with every wording of its answer. */
export function exportMarkdown(input: ExportInput): string {
  const { state, report } = input;
  const published = report.summary.published
    ? `_Summary of ${moment(report.summary.at, state.event.zone)}; the verdict by rule is now: ${report.verdict.headline}._\n\n`
    : "";
  const modules = state.moduleOrder.map((id) => moduleText(input, id)).join("\n\n");
  return `${report.summary.markdown.trimEnd()}\n\n${published}---\n\n# Every answer\n\n${modules}\n`;
}

function moduleText(input: ExportInput, id: string): string {
  const { state, catalogue } = input;
  const title = catalogue.module(id)?.title ?? id;
  const questions = (state.modules[id]?.questions ?? []).map((question) => questionText(input, question));
  return [`## ${escapeMarkdown(title)}`, ...questions].join("\n\n");
}

function questionText({ state, catalogue, report, events }: ExportInput, id: string): string {
  const question = catalogue.question(id);
  const answer = state.questions[id];
  const found = report.questions[id];
  const zone = state.event.zone;
  const lines = [`### ${id} · ${escapeMarkdown(question?.text ?? id)}`];
  if (found) {
    const owner = found.owner ? `Owner: ${found.owner.name}.` : "Nobody owns it.";
    lines.push(escapeMarkdown(`${RISK_WORDS[found.risk]}: ${found.because} ${owner} Due ${day(found.due, zone)}.`));
  }
  for (const { text, by, at, platform, replaces, withdrawn } of answersOf(state, id, events)) {
    const head = `${by.name}, ${moment(at, zone)}, ${platform}${replaces === null ? "" : `, replaces ${replaces}`}`;
    lines.push(`${escapeMarkdown(head)}${withdrawn ? " (no longer counts)" : ""}:`);
    lines.push(text === null ? ERASED : verbatim(text));
  }
  if (answer?.status === "skipped") lines.push("Skipped.");
  if (answer?.status === "not_applicable") {
    lines.push(`Not applicable${answer.reason?.text ? `: ${escapeMarkdown(answer.reason.text)}` : ""}.`);
  }
  if (answer?.confirmed) {
    const texts = (question?.choices ?? []).filter((choice) => answer.confirmed?.choices.includes(choice.id));
    const who = state.people[answer.confirmed.by]?.name ?? "its owner";
    lines.push(
      `Confirmed by ${escapeMarkdown(who)}:\n${texts.map((choice) => `- ${escapeMarkdown(choice.text)}`).join("\n")}`,
    );
  }
  const shown = Object.values(state.evidence).filter((item) => item.questions.includes(id));
  for (const item of shown) {
    lines.push(
      escapeMarkdown(
        `AWS says: ${item.statement} (${item.account}, ${item.region}, read ${moment(item.readAt, zone)})`,
      ),
    );
  }
  return lines.join("\n\n");
}

const RISK_WORDS = {
  HIGH: "High risk",
  MEDIUM: "Medium risk",
  NONE: "No risk",
  UNANSWERED: "Unanswered",
  NOT_APPLICABLE: "Not applicable",
} as const;

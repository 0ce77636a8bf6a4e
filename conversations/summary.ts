import type { Catalogue, Question } from "../src/domain/catalogue.ts";
import { riskId } from "../src/domain/ids.ts";
import { escapeMarkdown, markdownTable } from "../src/domain/markdown.ts";
import type { Action, ReportFact, SessionReport } from "../src/domain/report.ts";
import type { CitedFact, SessionState, SummarySection, SummaryText } from "../src/domain/session.ts";
import { changeSentences } from "./changes.ts";
import { dueOf } from "./due.ts";
import { dayOf, daysToGo, factsOf, LEVEL_WORDS, momentOf } from "./facts.ts";
import type { Context } from "./grounding.ts";
import { headroomOf, sayFigureOf } from "./headroom.ts";
import { scorecard } from "./scorecard.ts";
import {
  capitalised,
  endSentence,
  outgrownLine,
  progressOf,
  questionsOf,
  responsible,
  riskOfQuestion,
  risksOf,
  verdictOf,
} from "./verdict.ts";
import { wording } from "./wording.ts";

type Sentence = SummarySection["sentences"][number];

/** Sections a manager reads on one page; all others are the long form below. */
export const PAGE_SECTIONS = ["Verdict", "Top risks", "Next actions", "What changed"] as const;
const CHANGED = PAGE_SECTIONS[3];
/** Sections of the long form that aren't a module's. */
export const DETAIL_SECTIONS = ["Recovery", "Only our reading", "Not read from AWS", "Decision and notes"] as const;

/** More than these on the first page, and nobody reads it. */
const MOST = { risks: 5, actions: 5, changes: 5 } as const;

/** All that the board, the exports and the writers show, computed once from the state. */
export function reportOf(state: SessionState, catalogue: Catalogue, now: Date): SessionReport {
  const facts = factsOf(state, catalogue, now);
  const risks = risksOf(state, catalogue);
  const base = {
    at: now.toISOString(),
    questions: Object.fromEntries(
      questionsOf(state, catalogue).map((question) => {
        const owner = responsible(state, question.id);
        const due = dueOf(state, question.id, catalogue);
        return [question.id, { ...riskOfQuestion(state, question), due, ...(owner && { owner }) }];
      }),
    ),
    risks,
    verdict: verdictOf(state, catalogue),
    scorecard: scorecard(state, catalogue),
    progress: progressOf(state, catalogue),
    headroom: headroomOf(state),
    actions: actionsOf(state, catalogue),
    facts,
  };
  const last = state.summaries.at(-1);
  if (last) {
    const before = summaryBefore(state, last.version);
    return { ...base, summary: { ...last, published: true, ...(before && { since: before.at }) } };
  }
  const sections = plainSections(state, catalogue, facts, now);
  const markdown = markdownOf(sections, { ...base, state, by: "plain", now });
  return { ...base, summary: { by: "plain", at: base.at, sections, markdown, published: false } };
}

/** The plain writer: the same sections from the same facts as the model's, and it says that no model wrote it. */
export function writePlain(state: SessionState, catalogue: Catalogue, now: Date): SummaryText & { cited: CitedFact[] } {
  const facts = factsOf(state, catalogue, now);
  const sections = plainSections(state, catalogue, facts, now);
  const markdown = summaryMarkdown(state, catalogue, sections, { by: "plain", now });
  return { sections, markdown, cited: citedIn(sections, facts), record: { facts: facts.length, dropped: 0 } };
}

/** What these sections rest on, as it is now: kept with them, since the session goes on. */
export function citedIn(sections: readonly SummarySection[], facts: readonly ReportFact[]): CitedFact[] {
  const ids = new Set(sections.flatMap((section) => section.sentences.flatMap((sentence) => sentence.facts)));
  return facts.flatMap(({ id, text, source }) => (ids.has(id) ? [{ id, text, source }] : []));
}

/** The summary as Markdown, from sections of either writer: one page, then the long form. */
export function summaryMarkdown(
  state: SessionState,
  catalogue: Catalogue,
  sections: SummarySection[],
  { by, now, dropped = 0, model }: { by: "bedrock" | "plain"; now: Date; dropped?: number; model?: string },
): string {
  return markdownOf(sections, {
    state,
    by,
    now,
    dropped,
    ...(model !== undefined && { model }),
    verdict: verdictOf(state, catalogue),
    scorecard: scorecard(state, catalogue),
    progress: progressOf(state, catalogue),
    headroom: headroomOf(state),
  });
}

/** All that the grounding check needs to know about a session. */
export function groundingContext(state: SessionState, catalogue: Catalogue, now: Date): Context {
  const modules = state.moduleOrder.flatMap((id) => catalogue.module(id) ?? []);
  return {
    facts: factsOf(state, catalogue, now),
    eventName: state.name,
    people: Object.values(state.people).map((person) => person.name),
    vocabulary: modules.flatMap((module) => [
      module.title,
      ...module.questions.flatMap((item) => [item.text, item.short]),
    ]),
    titles: [...PAGE_SECTIONS, ...modules.map((module) => module.title), ...DETAIL_SECTIONS],
  };
}

/** A section that a writer left out, or that lost all its sentences, is the plain writer's. */
export function completed(written: SummarySection[], plain: SummarySection[]): SummarySection[] {
  const used = written.filter((section) => section.sentences.length > 0);
  const order = plain.map((section) => section.title);
  const place = (title: string): number => (order.indexOf(title) < 0 ? order.length : order.indexOf(title));
  return [...used, ...plain.filter((section) => !used.some((other) => other.title === section.title))].toSorted(
    (a, b) => place(a.title) - place(b.title),
  );
}

/** What must be done, by whom, until when: one for each open question and each risk that isn't accepted. */
export function actionsOf(state: SessionState, catalogue: Catalogue): Action[] {
  return risksOf(state, catalogue)
    .filter((risk) => !risk.accepted)
    .map((risk): Action => {
      const question = catalogue.question(risk.question);
      const what = question ? actionFor(state, question, risk.level) : risk.title;
      return { what, ...(risk.owner && { owner: risk.owner }), due: risk.due, question: risk.question, risk: risk.id };
    });
}

function actionFor(state: SessionState, question: Question, level: "HIGH" | "MEDIUM" | "UNANSWERED"): string {
  const answer = state.questions[question.id];
  if (level === "UNANSWERED") {
    const unread = answer?.status === "answered";
    return unread
      ? `Confirm how we read ${question.id}, ${question.short}.`
      : `Answer ${question.id}, ${question.short}.`;
  }
  // The first statement that isn't held yet is the nearest step to a better answer.
  const held = new Set(answer?.confirmed?.choices ?? []);
  const step = question.choices.find((choice) => !held.has(choice.id) && choice.improve !== undefined);
  return step?.improve ? endSentence(step.improve) : `Lower the risk of ${question.id}, ${question.short}.`;
}

function plainSections(state: SessionState, catalogue: Catalogue, facts: ReportFact[], now: Date): SummarySection[] {
  const verdict = verdictOf(state, catalogue);
  const known = new Set(facts.map((fact) => fact.id));
  const page: SummarySection[] = [
    {
      title: "Verdict",
      // The headline itself stands in the summary's title, and how far the modules are beside it.
      sentences: verdict.reasons.map((text) => ({ text, facts: ["verdict"] })),
    },
    { title: "Top risks", sentences: topRisks(state, catalogue, now) },
    { title: "Next actions", sentences: nextActions(state, catalogue, now) },
    {
      title: CHANGED,
      sentences: changeSentences(state, catalogue).slice(0, MOST.changes),
    },
  ];
  const modules = state.moduleOrder.flatMap((id): SummarySection[] => {
    const module = catalogue.module(id);
    if (!module) return [];
    const questions = questionsOf(state, catalogue).filter((question) => state.questions[question.id]?.module === id);
    return [{ title: module.title, sentences: questions.flatMap((question) => aboutQuestion(state, question, facts)) }];
  });
  const from = (title: string, wanted: (fact: ReportFact) => boolean): SummarySection => ({
    title,
    sentences: facts.filter(wanted).map((fact) => ({ text: fact.text, facts: [fact.id] })),
  });
  const details = [
    from("Recovery", (fact) => isAbout(fact, ["R4", "R5"]) && (fact.kind === "answer" || fact.kind === "evidence")),
    from("Only our reading", (fact) => fact.kind === "reading"),
    from("Not read from AWS", (fact) => fact.kind === "gap"),
    from("Decision and notes", (fact) => fact.kind === "decision" || fact.kind === "note"),
  ];
  return [...page, ...modules, ...details]
    .map((section) => ({
      ...section,
      sentences: section.sentences.filter((sentence) => sentence.facts.every((id) => known.has(id))),
    }))
    .filter((section) => section.sentences.length > 0);
}

function isAbout(fact: ReportFact, questions: string[]): boolean {
  return fact.question !== undefined && questions.includes(fact.question);
}

function topRisks(state: SessionState, catalogue: Catalogue, now: Date): Sentence[] {
  const risks = risksOf(state, catalogue).filter((risk) => risk.level !== "UNANSWERED");
  return risks.slice(0, MOST.risks).map((risk) => {
    const owner = risk.accepted
      ? `Accepted by ${endSentence(`${risk.accepted.by.name}: ${risk.accepted.reason}`)}`
      : `${risk.owner ? `Owner: ${risk.owner.name}.` : "Nobody owns it."} ${capitalised(dueWords(state, risk.due, now))}.`;
    const outgrown = outgrownLine(risk);
    const because = outgrown === undefined ? risk.because : `${risk.because} ${outgrown}`;
    const text = `${risk.title} (${risk.question}): ${LEVEL_WORDS[risk.level]}. ${because} ${owner}`;
    return { text, facts: [risk.id] };
  });
}

function nextActions(state: SessionState, catalogue: Catalogue, now: Date): Sentence[] {
  return actionsOf(state, catalogue)
    .toSorted((a, b) => a.due.localeCompare(b.due))
    .slice(0, MOST.actions)
    .map(({ question, owner, due, risk }) => {
      const item = catalogue.question(question);
      const unread = state.questions[question]?.status === "answered";
      const level = item && riskOfQuestion(state, item).risk;
      const what = level === "UNANSWERED" ? (unread ? "confirm our reading of" : "answer") : "lower the risk of";
      const who = owner ? `${owner.name}: ${what}` : `Nobody owns it yet: ${what}`;
      const text = `${who} ${question}, ${item?.short ?? ""}, ${dueWords(state, due, now)}.`;
      return { text, facts: risk === undefined ? ["verdict"] : [risk] };
    });
}

function dueWords(state: SessionState, due: string, now: Date): string {
  return `${due < now.toISOString() ? "was due" : "due"} ${dayOf(state, due)}`;
}

/** What we know about one question and what we don't: its risk, its answer, what AWS says. */
function aboutQuestion(state: SessionState, question: Question, facts: ReportFact[]): Sentence[] {
  const mine = facts.filter((fact) => fact.question === question.id);
  const wanted = ["risk", "answer", "choices", "reading", "open", "evidence"] as const;
  const title = capitalised(question.short);
  return wanted.flatMap((kind) =>
    mine
      .filter((fact) => fact.kind === kind)
      // Not answered is what its risk says already; a reading has its own section.
      .filter((fact) => fact.kind !== "open" || state.questions[question.id]?.status === "waiting")
      .map((fact) => ({
        text: `${title} (${question.id}): ${withoutLabel(fact, question)}`,
        facts: fact.kind === "evidence" ? [fact.id, riskId(question.id)] : [fact.id],
      })),
  );
}

function withoutLabel(fact: ReportFact, question: Question): string {
  if (fact.kind === "evidence") return `AWS shows: ${fact.text.replace(/^[A-Z]+\d+(?:, [A-Z]+\d+)*: /, "")}`;
  return fact.text.replace(`${question.id}, ${question.short}: `, "");
}

type Page = Pick<SessionReport, "verdict" | "scorecard" | "headroom" | "progress"> & {
  state: SessionState;
  by: "bedrock" | "plain";
  now: Date;
  dropped?: number;
  model?: string;
};

function markdownOf(sections: SummarySection[], page: Page): string {
  const { state, now } = page;
  const titles: readonly string[] = PAGE_SECTIONS;
  const first = titles.flatMap((title) => sections.filter((section) => section.title === title));
  const rest = sections.filter((section) => !titles.includes(section.title));
  const days = daysToGo(state, now);
  const countdown = days >= 0 ? `T-${days}` : `T+${-days}`;
  const { done, total } = page.progress;
  // Written now: the newest summary is the one before.
  const section = sectionMarkdown((title) => sectionHeading(state, title, state.summaries.at(-1)?.at));
  return `${[
    `# ${escapeMarkdown(state.name)} · ${countdown} · ${page.verdict.headline}`,
    `${dayOf(state, state.eventAt)}, ${state.event.time ?? "09:00"} ${state.event.zone}. ${done} of ${total} questions are answered or not applicable. ${writtenBy(page)}`,
    ...first.slice(0, 1).map(section),
    tableSection(
      "Scorecard",
      ["Area", "State", "Why"],
      page.scorecard.map((row) => [row.area, wording.state(row.state), row.reason]),
    ),
    ...first.slice(1).map(section),
    "---",
    "# In detail",
    ...rest.map(section),
    ...(page.headroom.length === 0 ? [] : [headroomTable(page)]),
  ].join("\n\n")}\n`;
}

function writtenBy({ by, now, state, dropped = 0, model }: Page): string {
  const at = momentOf(state, now.toISOString());
  if (by === "plain") return `Written without a model, from the session's facts, ${at}.`;
  const left =
    dropped === 0
      ? ""
      : ` ${dropped} ${dropped === 1 ? "sentence" : "sentences"} that no fact supports ${dropped === 1 ? "was" : "were"} left out.`;
  return `Written by ${model ?? "Bedrock"} from the session's facts and checked against them, ${at}. Risk levels come from rules.${left}`;
}

/** The summary before the one of this version. */
export function summaryBefore(state: SessionState, version: number): SessionState["summaries"][number] | undefined {
  return state.summaries.findLast((summary) => summary.version < version);
}

/** A section's title as it is shown: what changed says since when, once for all its sentences. */
export function sectionHeading(state: SessionState, title: string, before: string | undefined): string {
  return title === CHANGED && before !== undefined ? `${title} since ${momentOf(state, before)}` : title;
}

function sectionMarkdown(heading: (title: string) => string): (section: SummarySection) => string {
  return ({ title, sentences }) => {
    // Sentences about one question stand together: the first carries its name, the others hang below it.
    let label = "";
    const lines = sentences.map(({ text }) => {
      const own = /^[^:]{1,60} \([A-Z]+\d+\): /.exec(text)?.[0] ?? "";
      if (own !== "" && own === label) return `  - ${escapeMarkdown(capitalised(text.slice(own.length)))}`;
      label = own;
      return `- ${escapeMarkdown(text)}`;
    });
    return `## ${escapeMarkdown(heading(title))}\n\n${lines.join("\n")}`;
  };
}

function headroomTable({ headroom, state }: Page): string {
  const figure = (value: number | null | undefined) => sayFigureOf(value, "–");
  return tableSection(
    "Quota headroom",
    ["Quota", "In use", "Applied", "At maximum", "At peak", "Where", "Read"],
    headroom.map((item) => [
      `${item.label} (${item.unit})`,
      figure(item.used),
      item.unlimited ? "unlimited" : `${figure(item.quota)}${item.isDefault ? " (default)" : ""}`,
      figure(item.atMax),
      figure(item.projected),
      `${item.account}, ${item.region}`,
      momentOf(state, item.readAt),
    ]),
  );
}

function tableSection(title: string, columns: string[], rows: string[][]): string {
  return `## ${title}\n\n${markdownTable(columns, rows)}`;
}

import { DateTime } from "luxon";
import type { Catalogue, Question } from "../src/domain/catalogue.ts";
import type { Evidence } from "../src/domain/evidence.ts";
import { riskId } from "../src/domain/ids.ts";
import type { RegisteredRisk, ReportFact } from "../src/domain/report.ts";
import type { QuestionState, SessionState } from "../src/domain/session.ts";
import { textOf } from "../src/domain/words.ts";
import { changeFactId, changesOf, sayNews } from "./changes.ts";
import { dueOf } from "./due.ts";
import { answerLine, nameOf } from "./session-queries.ts";
import {
  endSentence,
  outgrownLine,
  progressOf,
  questionsOf,
  responsible,
  riskOfQuestion,
  risksOf,
  verdictOf,
} from "./verdict.ts";

/** The longest piece of a person's words that a fact carries; the exports have all of it. */
const LONGEST_QUOTE = 1_200;

/**
 * Everything that may be said about a session, each statement with an id. Prose cites these ids, sentence by sentence,
 * and {@link file://./grounding.ts} checks it against them. A fact's text holds every number, date, name and Region
 * that a sentence resting on it may use. Words of people and names of AWS resources are marked untrusted.
 */
export function factsOf(state: SessionState, catalogue: Catalogue, now: Date): ReportFact[] {
  const questions = questionsOf(state, catalogue);
  const risks = new Map(risksOf(state, catalogue).map((risk) => [risk.question, risk]));
  return unique([
    ...sessionFacts(state, catalogue, now),
    ...questions.flatMap((question) => questionFacts(state, question, catalogue, risks.get(question.id))),
    ...Object.values(state.evidence)
      .sort((a, b) => a.id.localeCompare(b.id))
      .map((item) => evidenceFact(state, item)),
    ...gapFacts(state),
    ...decisionFacts(state),
    ...changeFacts(state, catalogue),
  ]);
}

/** `27 November 2026`, in the session's zone. */
export function dayOf(state: SessionState, iso: string): string {
  return DateTime.fromISO(iso, { zone: state.event.zone }).setLocale("en-GB").toFormat("d MMMM yyyy");
}

/** `27 November 2026, 09:00` */
export function momentOf(state: SessionState, iso: string): string {
  return DateTime.fromISO(iso, { zone: state.event.zone }).setLocale("en-GB").toFormat("d MMMM yyyy, HH:mm");
}

/** Whole days from now until the event's day, in the session's zone; negative after it. */
export function daysToGo(state: SessionState, now: Date): number {
  const today = DateTime.fromJSDate(now, { zone: state.event.zone }).startOf("day");
  const day = DateTime.fromISO(state.event.date, { zone: state.event.zone }).startOf("day");
  return Math.round(day.diff(today, "days").days);
}

function sessionFacts(state: SessionState, catalogue: Catalogue, now: Date): ReportFact[] {
  const { scope } = state;
  const days = daysToGo(state, now);
  const away = days === 0 ? "today" : days > 0 ? `in ${days} days (T-${days})` : `${-days} days ago`;
  const weekday = DateTime.fromISO(state.event.date).setLocale("en-GB").toFormat("cccc");
  const at = state.event.time ?? "09:00";
  const when = `${weekday} ${dayOf(state, state.eventAt)} at ${at} (${state.event.zone})`;
  const parts = [
    `${state.name} is on ${when}, ${away}.`,
    ...(scope.workload === undefined ? [] : [`Workload: ${endSentence(scope.workload)}`]),
    ...listed("Accounts", scope.accounts),
    ...listed("Regions", scope.regions),
    ...listed("Services", scope.services),
    ...listed("Hosts", scope.hosts),
    ...(scope.peak === undefined ? [] : [`Expected peak: ${scope.peak}x normal.`]),
    ...(scope.loadTarget?.rps === undefined
      ? []
      : [`Load target: ${scope.loadTarget.rps.toLocaleString("en-GB")} requests per second.`]),
    ...(scope.loadTarget?.p99ms === undefined ? [] : [`Target p99: ${scope.loadTarget.p99ms} ms.`]),
    `Facilitator: ${nameOf(state, state.facilitator)}.`,
    ...listed(
      "Managers",
      scope.managers.map((person) => nameOf(state, person)),
    ),
  ];
  const verdict = verdictOf(state, catalogue);
  const { done, total, high, medium, unanswered, accepted } = progressOf(state, catalogue);
  return [
    fact("session", "session", parts.join(" "), { untrusted: true, source: "The session's scope" }),
    fact("verdict", "verdict", `${verdict.headline}. ${verdict.reasons.join(" ")}`, { source: "T-Minus's rules" }),
    fact(
      "progress",
      "verdict",
      `${done} of ${total} questions are answered or not applicable. Open: ${high} high, ${medium} medium, ${unanswered} without a confirmed answer. Accepted: ${accepted}.`,
      { source: "T-Minus's rules" },
    ),
  ];
}

function listed(label: string, items: string[]): string[] {
  return items.length === 0 ? [] : [`${label}: ${items.join(", ")}.`];
}

function questionFacts(
  state: SessionState,
  question: Question,
  catalogue: Catalogue,
  registered: RegisteredRisk | undefined,
): ReportFact[] {
  const answer = state.questions[question.id];
  if (!answer) return [];
  const accepted = registered?.accepted;
  const outgrown = registered && outgrownLine(registered);
  const id = question.id.toLowerCase();
  const about = { question: question.id, module: answer.module };
  const label = `${question.id}, ${question.short}`;
  const due = dayOf(state, dueOf(state, question.id, catalogue));
  const owner = responsible(state, question.id);
  const said = answerLine(answer);
  const facts: ReportFact[] = [];
  if (said !== "") {
    const by = [...new Set(answer.parts.filter((part) => !part.withdrawn).map((part) => nameOf(state, part.by)))];
    facts.push(
      fact(`answer-${id}`, "answer", `${label}: ${by.join(" and ")} answered: "${clip(said)}"`, {
        ...about,
        untrusted: true,
        source: `${by.join(" and ")}, ${momentOf(state, answer.settledAt ?? answer.parts[0]?.at ?? state.startedAt)}`,
      }),
    );
  }
  facts.push(...choiceFacts(state, question, answer));
  const { risk, because } = riskOfQuestion(state, question);
  if (answer.status !== "answered" && answer.status !== "not_applicable") {
    const who = owner === undefined ? "Nobody owns it" : `Owner: ${owner.name}`;
    facts.push(
      fact(`open-${id}`, "open", `${label}: not answered. ${because} ${who}. Due ${due}.`, {
        ...about,
        source: "T-Minus's record",
      }),
    );
  }
  const tail =
    risk === "NONE" || risk === "NOT_APPLICABLE"
      ? []
      : [
          owner === undefined ? "Nobody owns it." : `Owner: ${owner.name}.`,
          `Due ${due}.`,
          ...(outgrown === undefined ? [] : [outgrown]),
          ...(accepted
            ? [
                endSentence(
                  `Accepted by ${accepted.by.name} on ${dayOf(state, accepted.at)}${accepted.until === undefined ? "" : `, until ${dayOf(state, accepted.until)}`}: ${accepted.reason}`,
                ),
              ]
            : []),
        ];
  facts.push(
    fact(riskId(question.id), "risk", [`${label}: ${LEVEL_WORDS[risk]}.`, because, ...tail].join(" "), {
      ...about,
      untrusted: accepted !== undefined || risk === "NOT_APPLICABLE",
      source: accepted ? `T-Minus's rules; accepted by ${accepted.by.name}` : "T-Minus's rules",
      level: risk,
    }),
  );
  return facts;
}

export const LEVEL_WORDS = {
  HIGH: "high risk",
  MEDIUM: "medium risk",
  NONE: "no risk",
  UNANSWERED: "unanswered",
  NOT_APPLICABLE: "not applicable",
} as const;

function choiceFacts(state: SessionState, question: Question, answer: QuestionState): ReportFact[] {
  const id = question.id.toLowerCase();
  const about = { question: question.id, module: answer.module };
  const texts = (choices: string[]): string =>
    choices
      .flatMap((choice) => question.choices.find((item) => item.id === choice)?.text ?? [])
      .map((text) => `"${text}"`)
      .join(", ");
  if (answer.confirmed && answer.confirmed.choices.length > 0) {
    const by = nameOf(state, answer.confirmed.by);
    const text = `${question.id}, ${question.short}: ${by} confirmed ${texts(answer.confirmed.choices)}.`;
    const source = `${by}, ${momentOf(state, answer.confirmed.at)}`;
    return [fact(`choices-${id}`, "choices", text, { ...about, source })];
  }
  if (answer.read.length === 0) return [];
  const text = `${question.id}, ${question.short}: our reading of the answer, not confirmed: ${texts(answer.read)}.`;
  return [fact(`reading-${id}`, "reading", text, { ...about, source: "T-Minus's reading, not confirmed" })];
}

/** The fact id of a piece of evidence: stable over readings, as its own id is. */
export function evidenceFactId(item: Pick<Evidence, "id">): string {
  return `evidence-${slug(item.id)}`;
}

function evidenceFact(state: SessionState, item: Evidence): ReportFact {
  const assumed = item.assumptions?.length ? ` Assumed: ${item.assumptions.join("; ")}.` : "";
  const module = item.questions[0] === undefined ? undefined : state.questions[item.questions[0]]?.module;
  const place = `${item.account}, ${item.region}, read ${momentOf(state, item.readAt)}`;
  const about = item.questions.length === 0 ? "" : `${item.questions.join(", ")}: `;
  return fact(evidenceFactId(item), "evidence", `${about}${item.statement.replace(/\.$/, "")} (${place}).${assumed}`, {
    ...(item.questions[0] !== undefined && { question: item.questions[0] }),
    ...(module !== undefined && { module }),
    untrusted: true,
    source: `AWS: ${place}, by ${item.calls.join(", ")}`,
  });
}

function gapFacts(state: SessionState): ReportFact[] {
  return state.gaps.map((gap) => {
    const about = gap.questions.length === 0 ? "" : `${gap.questions.join(", ")}: `;
    const place = `${gap.account}, ${gap.region}`;
    return fact(
      `gap-${slug(`${gap.source}-${gap.account}-${gap.region}`)}`,
      "gap",
      `${about}not read from AWS (${gap.source}, ${place}): ${endSentence(gap.reason)}`,
      { ...(gap.questions[0] !== undefined && { question: gap.questions[0] }), source: `AWS: ${place}` },
    );
  });
}

function decisionFacts(state: SessionState): ReportFact[] {
  const decision = state.decisions.at(-1);
  const notes = state.notes.map((note, index) =>
    fact(
      `note-${index + 1}`,
      "note",
      `${nameOf(state, note.by)} noted on ${momentOf(state, note.at)}: "${clip(textOf(note.words))}"`,
      { untrusted: true, source: `${nameOf(state, note.by)}, ${momentOf(state, note.at)}` },
    ),
  );
  if (!decision) return notes;
  const signed = decision.signatures.map(({ by, go, at, reason }) =>
    endSentence(
      `${nameOf(state, by)} signed ${go ? "go" : "no-go"} on ${momentOf(state, at)}${reason ? `: "${textOf(reason)}"` : ""}`,
    ),
  );
  const missing = state.scope.managers.filter((person) => !decision.signatures.some((item) => item.by === person));
  const text = [
    decision.status === "open"
      ? "The go / no-go is open."
      : `The decision is ${decision.status === "go" ? "go" : "no-go"}.`,
    ...signed,
    ...(decision.status === "open"
      ? listed(
          "Waiting for",
          missing.map((person) => nameOf(state, person)),
        )
      : []),
  ].join(" ");
  return [fact("decision", "decision", text, { untrusted: true, source: "Signatures" }), ...notes];
}

/** What moved since the last summary that was written; when that was stands in the section's heading. */
function changeFacts(state: SessionState, catalogue: Catalogue): ReportFact[] {
  return changesOf(state, catalogue).map(({ question, news }) =>
    fact(changeFactId(question.id), "change", `${question.id}, ${question.short}: ${news.map(sayNews).join(", ")}.`, {
      question: question.id,
      source: "T-Minus's record",
    }),
  );
}

function fact(
  id: string,
  kind: ReportFact["kind"],
  text: string,
  { untrusted = false, source, ...about }: Partial<ReportFact> & { source: string },
): ReportFact {
  return { id, kind, text, untrusted, source, ...about };
}

function clip(text: string): string {
  const line = text.replace(/\s+/g, " ").trim();
  return line.length <= LONGEST_QUOTE ? line : `${line.slice(0, LONGEST_QUOTE - 1)}…`;
}

function slug(text: string): string {
  return text
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-|-$/g, "")
    .slice(0, 80);
}

/** Ids are cited, so two facts never share one. */
function unique(facts: ReportFact[]): ReportFact[] {
  const seen = new Map<string, number>();
  return facts.map((item) => {
    const times = (seen.get(item.id) ?? 0) + 1;
    seen.set(item.id, times);
    return times === 1 ? item : { ...item, id: `${item.id}-${times}` };
  });
}

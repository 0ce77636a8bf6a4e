import type { Catalogue, Question } from "../src/domain/catalogue.ts";
import type { Evidence } from "../src/domain/evidence.ts";
import type { ChoiceId } from "../src/domain/ids.ts";
import { riskId } from "../src/domain/ids.ts";
import type { ReadyState } from "../src/domain/message.ts";
import type {
  AcceptedRisk,
  Named,
  Progress,
  ProgressRow,
  QuestionRisk,
  RegisteredRisk,
  Risk,
  Verdict,
} from "../src/domain/report.ts";
import type { Acceptance, QuestionState, SessionState } from "../src/domain/session.ts";
import { textOf } from "../src/domain/words.ts";
import { dueOf } from "./due.ts";
import { type RuledRisk, riskOf } from "./risk.ts";
import { assignee, nameOf } from "./session-queries.ts";

const LEVEL: Record<RuledRisk, Risk> = { NO_RISK: "NONE", MEDIUM_RISK: "MEDIUM", HIGH_RISK: "HIGH" };

/** What AWS shows about a question, oldest reading first. */
export function evidenceOf(state: SessionState, question: string): Evidence[] {
  return Object.values(state.evidence)
    .filter((item) => item.questions.includes(question))
    .sort((a, b) => a.readAt.localeCompare(b.readAt) || a.id.localeCompare(b.id));
}

/** The choices that count: confirmed by the owner or proved by evidence, less those that evidence refutes. */
export function choicesThatCount(
  state: SessionState,
  question: Question,
): { counted: Set<ChoiceId>; proved: Set<ChoiceId>; confirmed: Set<ChoiceId>; withdrawn: Set<ChoiceId> } {
  const own = new Set(question.choices.map((choice) => choice.id));
  const items = evidenceOf(state, question.id);
  const refuted = new Set(items.flatMap((item) => item.refutes).filter((id) => own.has(id)));
  const proved = new Set(items.flatMap((item) => item.proves).filter((id) => own.has(id) && !refuted.has(id)));
  const said = confirmedBy(state.questions[question.id])?.choices ?? [];
  const confirmed = new Set(said.filter((id) => own.has(id) && !refuted.has(id)));
  const withdrawn = new Set(said.filter((id) => refuted.has(id)));
  return { counted: new Set([...confirmed, ...proved]), proved, confirmed, withdrawn };
}

/**
 * A question's risk. Rules run over choices only, never over prose: a choice counts if its owner confirmed it or
 * evidence proves it, and evidence that refutes a confirmed choice withdraws it. A reading that nobody confirmed
 * lowers nothing: the risk stays UNANSWERED, and the reason says so.
 */
export function riskOfQuestion(state: SessionState, question: Question): QuestionRisk {
  const answer = state.questions[question.id];
  if (answer?.status === "not_applicable") {
    const who = answer.settledBy === undefined ? "Its owner" : nameOf(state, answer.settledBy);
    const reason = answer.reason === undefined ? "" : `: ${textOf(answer.reason)}`;
    return { risk: "NOT_APPLICABLE", because: endSentence(`${who} said it doesn't apply${reason}`), confirmed: true };
  }
  const { counted, proved, withdrawn } = choicesThatCount(state, question);
  if (confirmedBy(answer)) {
    const { risk, because } = riskOf(question, counted);
    if (withdrawn.size === 0) return { risk: LEVEL[risk], because, confirmed: true };
    const gone = [...withdrawn].map((id) => `"${textOfChoice(question, id)}"`).join(" and ");
    return { risk: LEVEL[risk], because: `AWS contradicts ${gone}. ${because}`, confirmed: true };
  }
  if (proved.size > 0) {
    const { risk, because } = riskOf(question, counted);
    // A proved choice may be only half of a good answer: it raises a risk only where nothing that an owner could
    // still confirm would clear it.
    if (risk === "NO_RISK" || !canBeCleared(state, question, counted)) {
      return { risk: LEVEL[risk], because: `AWS shows it. ${because}`, confirmed: true };
    }
  }
  return { risk: "UNANSWERED", because: whyUnanswered(state, answer), confirmed: false };
}

/** What a question would come to if its owner confirmed these choices, and nothing else. */
export function riskIfConfirmed(
  state: SessionState,
  question: Question,
  choices: readonly ChoiceId[],
): ReturnType<typeof riskOf> {
  const { proved } = choicesThatCount(state, question);
  const refuted = new Set(evidenceOf(state, question.id).flatMap((item) => item.refutes));
  return riskOf(question, new Set([...choices.filter((id) => !refuted.has(id)), ...proved]));
}

/** Whether confirming further choices that evidence doesn't refute could still end in no risk. */
function canBeCleared(state: SessionState, question: Question, counted: ReadonlySet<ChoiceId>): boolean {
  const refuted = new Set(evidenceOf(state, question.id).flatMap((item) => item.refutes));
  const open = question.choices.map((choice) => choice.id).filter((id) => !counted.has(id) && !refuted.has(id));
  for (let mask = 0; mask < 2 ** open.length; mask++) {
    const added = open.filter((_, bit) => mask & (1 << bit));
    if (riskOf(question, new Set([...counted, ...added])).risk === "NO_RISK") return true;
  }
  return false;
}

function confirmedBy(answer: QuestionState | undefined): QuestionState["confirmed"] {
  if (answer?.confirmed === undefined || answer.status === "skipped") return undefined;
  // What was confirmed about words that were all taken back says nothing any more.
  if (answer.parts.length > 0 && answer.parts.every((part) => part.withdrawn)) return undefined;
  return answer.confirmed;
}

function whyUnanswered(state: SessionState, answer: QuestionState | undefined): string {
  if (answer === undefined) return "Nobody has been asked yet.";
  if (answer.status === "waiting") {
    return answer.version === 0 ? "Nobody has been asked yet." : "Asked, not answered yet.";
  }
  if (answer.status === "skipped") {
    return `${answer.settledBy === undefined ? "Its owner" : nameOf(state, answer.settledBy)} skipped it.`;
  }
  if (answer.status !== "answered") {
    const who = responsible(state, answer.id);
    return who === undefined ? "Not answered yet; nobody owns it." : `Not answered yet; ${who.name} owns it.`;
  }
  return answer.read.length > 0
    ? "Said, but my reading of it isn't confirmed, so it doesn't count yet."
    : "Said, but no statement is ticked, so it doesn't count yet.";
}

/** Who must answer it: the delegate, else the module's owner. */
export function responsible(state: SessionState, question: string): Named | undefined {
  const answer = state.questions[question];
  const person = answer ? assignee(state, answer) : null;
  return person === null ? undefined : { id: person, name: nameOf(state, person) };
}

/** The session's questions that the catalogue knows, in catalogue order. */
export function questionsOf(state: SessionState, catalogue: Catalogue): Question[] {
  return state.moduleOrder
    .flatMap((module) => state.modules[module]?.questions ?? [])
    .flatMap((id) => catalogue.question(id) ?? []);
}

/**
 * An acceptance covers the event only if it lasts until then, and no risk worse than the one that was accepted.
 * @param level the risk as it is; absent: whatever it is
 */
export function acceptanceOf(state: SessionState, risk: string, level?: Risk): Acceptance | undefined {
  return state.accepted.findLast(
    (item) =>
      item.risk === risk &&
      (item.until === undefined || item.until.slice(0, 10) >= state.event.date) &&
      (level === undefined || item.level === undefined || WEIGHT[level] <= WEIGHT[item.level]),
  );
}

/** What isn't known may be anything: only an accepted high risk covers it. */
const WEIGHT: Record<Risk, number> = { NONE: 0, NOT_APPLICABLE: 0, MEDIUM: 1, UNANSWERED: 2, HIGH: 2 };

/** Nothing is left of a risk: an answer that was confirmed or proved clears it, or it doesn't apply. */
export function isCleared(state: SessionState, risk: string, catalogue: Catalogue): boolean {
  const question = questionsOf(state, catalogue).find((one) => riskId(one.id) === risk);
  if (question === undefined) return true;
  const level = riskOfQuestion(state, question).risk;
  return level === "NONE" || level === "NOT_APPLICABLE";
}

const ORDER = { HIGH: 0, UNANSWERED: 1, MEDIUM: 2 } as const;

/** The risk register: everything that isn't cleared, worst first, then by due date. */
export function risksOf(state: SessionState, catalogue: Catalogue): RegisteredRisk[] {
  const risks = questionsOf(state, catalogue).flatMap((question): RegisteredRisk[] => {
    const { risk, because, confirmed } = riskOfQuestion(state, question);
    if (risk === "NONE" || risk === "NOT_APPLICABLE") return [];
    const owner = responsible(state, question.id);
    const named = acceptanceOf(state, riskId(question.id));
    const accepted = acceptanceOf(state, riskId(question.id), risk);
    return [
      {
        id: riskId(question.id),
        question: question.id,
        module: catalogue.moduleOf(question.id)?.id ?? "",
        level: risk,
        title: capitalised(question.short),
        because,
        confirmed,
        ...(owner && { owner }),
        due: dueOf(state, question.id, catalogue),
        ...(accepted && { accepted: acceptedRisk(state, accepted) }),
        ...(named && !accepted && { outgrown: acceptedRisk(state, named) }),
      },
    ];
  });
  return risks.sort((a, b) => ORDER[a.level] - ORDER[b.level] || a.due.localeCompare(b.due));
}

function acceptedRisk(state: SessionState, { by, at, reason, until, level }: Acceptance): AcceptedRisk {
  return {
    by: { id: by, name: nameOf(state, by) },
    at,
    reason: textOf(reason),
    ...(until !== undefined && { until }),
    ...(level !== undefined && { level }),
  };
}

/** Why what somebody took on no longer covers a risk. */
export function outgrownLine({ outgrown }: RegisteredRisk): string | undefined {
  if (outgrown === undefined) return undefined;
  // "Not accepted", so that no writer makes an acceptance of it.
  return `It is not accepted as it is now: ${outgrown.by.name} took it on when it was smaller, and must do so anew.`;
}

/**
 * Ready: nothing high, nothing unanswered. Ready with accepted risks: what is high or unanswered was accepted by name.
 * Not ready: anything else, or somebody signed no-go. Medium risks don't block; they are said.
 */
export function verdictOf(state: SessionState, catalogue: Catalogue): Verdict {
  const risks = risksOf(state, catalogue);
  const blocking = risks.filter((risk) => risk.level !== "MEDIUM" && !risk.accepted);
  const high = blocking.filter((risk) => risk.level === "HIGH");
  const unanswered = blocking.filter((risk) => risk.level === "UNANSWERED");
  const accepted = risks.filter((risk) => risk.accepted);
  const medium = risks.filter((risk) => risk.level === "MEDIUM" && !risk.accepted);
  const refused = state.decisions.at(-1)?.signatures.filter((signature) => !signature.go) ?? [];
  const open = new Set(risks.map((risk) => risk.question));
  // What AWS shows to be fine is no risk; settled it is only once somebody has spoken.
  const cleared = questionsOf(state, catalogue).filter(({ id }) => !open.has(id) && isDone(state.questions[id])).length;
  const reasons = [
    ...refused.map(({ by, reason }) =>
      endSentence(`${nameOf(state, by)} signed no-go${reason === undefined ? "" : `: ${textOf(reason)}`}`),
    ),
    ...(high.length > 0
      ? [`${count(high.length, "high risk is", "high risks are")} open: ${list(high.map(titleOf))}.`]
      : []),
    ...(unanswered.length > 0
      ? [
          `${count(unanswered.length, "question has", "questions have")} no confirmed answer: ${list(unanswered.map(titleOf))}.`,
        ]
      : []),
    ...(accepted.length > 0
      ? [
          `${count(accepted.length, "risk was", "risks were")} accepted by name: ${list(
            accepted.map((risk) => `${risk.title} (${risk.accepted?.by.name})`),
          )}.`,
        ]
      : []),
    ...(medium.length > 0
      ? [`${count(medium.length, "medium risk", "medium risks")} to keep an eye on: ${list(medium.map(titleOf))}.`]
      : []),
    ...(cleared > 0 ? [`${count(cleared, "question is", "questions are")} settled with no risk left.`] : []),
  ];
  if (refused.length > 0 || blocking.length > 0) return { verdict: "not_ready", headline: "Not ready", reasons };
  if (accepted.length > 0) {
    return { verdict: "ready_with_accepted_risks", headline: "Ready with accepted risks", reasons };
  }
  return { verdict: "ready", headline: "Ready", reasons };
}

function titleOf(risk: RegisteredRisk): string {
  const before = risk.outgrown === undefined ? "" : ", not accepted as it is now";
  return `${risk.title} (${risk.question}${before})`;
}

/** At most five by name, so that a sentence stays one. */
export function list(items: string[]): string {
  const shown = items.slice(0, 5);
  const rest = items.length - shown.length;
  if (rest > 0) return `${shown.join(", ")} and ${rest} more`;
  return shown.length < 2 ? shown.join("") : `${shown.slice(0, -1).join(", ")} and ${shown.at(-1)}`;
}

function count(amount: number, one: string, many: string): string {
  return `${amount} ${amount === 1 ? one : many}`;
}

export function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

export function endSentence(text: string): string {
  return /[.!?…]$/.test(text) ? text : `${text}.`;
}

/** Progress by module and by Well-Architected pillar, and the counts for the header. */
export function progressOf(state: SessionState, catalogue: Catalogue): Progress {
  const found = questionsOf(state, catalogue).map((question) => {
    const { risk } = riskOfQuestion(state, question);
    return {
      id: question.id,
      done: isDone(state.questions[question.id]),
      module: catalogue.moduleOf(question.id),
      risk,
      accepted: acceptanceOf(state, riskId(question.id), risk) !== undefined,
    };
  });
  const row = (id: string, title: string, part: typeof found): ProgressRow => ({
    id,
    title,
    done: part.filter((item) => item.done).length,
    total: part.length,
    state: readyState(part),
  });
  const modules = state.moduleOrder.flatMap((id): ProgressRow[] => {
    const module = catalogue.module(id);
    if (!module) return [];
    const owner = state.modules[id]?.owner;
    const part = found.filter((item) => item.module?.id === id);
    return [
      {
        ...row(id, module.title, part),
        ...(owner !== undefined && { owner: { id: owner, name: nameOf(state, owner) } }),
      },
    ];
  });
  const pillars = [...new Set(found.flatMap((item) => item.module?.pillar ?? []))].map((pillar) => ({
    ...row(
      pillar,
      PILLAR_TITLES[pillar],
      found.filter((item) => item.module?.pillar === pillar),
    ),
    id: pillar,
  }));
  const open = (risk: Risk): number => found.filter((item) => item.risk === risk && !item.accepted).length;
  return {
    done: found.filter((item) => item.done).length,
    total: found.length,
    high: open("HIGH"),
    medium: open("MEDIUM"),
    unanswered: open("UNANSWERED"),
    accepted: found.filter((item) => item.accepted && item.risk !== "NONE" && item.risk !== "NOT_APPLICABLE").length,
    modules,
    pillars,
  };
}

export const PILLAR_TITLES = {
  operationalExcellence: "Operational excellence",
  security: "Security",
  reliability: "Reliability",
  performance: "Performance efficiency",
  costOptimization: "Cost optimization",
  sustainability: "Sustainability",
} as const;

function isDone(answer: QuestionState | undefined): boolean {
  return answer?.status === "answered" || answer?.status === "not_applicable";
}

/** How many questions of a module stand where: "🔴 5 high risk · 🟢 1 ready", worst first. */
export function countsOf(state: SessionState, catalogue: Catalogue, module: string): Map<ReadyState, number> {
  const states = questionsOf(state, catalogue)
    .filter((question) => state.questions[question.id]?.module === module)
    .map((question): ReadyState => {
      const { risk } = riskOfQuestion(state, question);
      return readyState([{ risk, accepted: acceptanceOf(state, riskId(question.id), risk) !== undefined }]);
    });
  const order: ReadyState[] = ["high_risk", "at_risk", "not_answered", "ready"];
  const counts = order.map((one) => [one, states.filter((other) => other === one).length] as const);
  return new Map(counts.filter(([, amount]) => amount > 0));
}

function readyState(found: { risk: Risk; accepted: boolean }[]): ReadyState {
  if (found.some((item) => item.risk === "HIGH" && !item.accepted)) return "high_risk";
  if (found.some((item) => item.risk === "MEDIUM" || item.risk === "HIGH")) return "at_risk";
  return found.some((item) => item.risk === "UNANSWERED") ? "not_answered" : "ready";
}

function textOfChoice(question: Question, id: ChoiceId): string {
  return question.choices.find((choice) => choice.id === id)?.text ?? id;
}

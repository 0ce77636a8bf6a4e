import { conversationKey } from "../src/domain/address.ts";
import type { Catalogue } from "../src/domain/catalogue.ts";
import type { Inbound } from "../src/domain/inbound.ts";
import type { ActionValue } from "../src/domain/message.ts";
import type { Practice, PracticeResult } from "../src/domain/person.ts";
import { COMMAND_NAMES } from "./command.ts";
import { loadTestSteps } from "./practice-load-test.ts";
import { resilienceHubSteps } from "./practice-resilience-hub.ts";
import { shopOperations } from "./practice-shop-operations.ts";
import { shopPerformance } from "./practice-shop-performance.ts";
import { shopQuotas } from "./practice-shop-quotas.ts";
import { shopResilience } from "./practice-shop-resilience.ts";
import { type Figures, type PracticeStep, questionStep } from "./practice-steps.ts";
import { readReply } from "./reply.ts";
import type { Turn } from "./turn.ts";
import {
  endCard,
  feedbackBlocks,
  listCard,
  type PracticeView,
  practiceForm,
  stepCard,
  whyStepCard,
} from "./views/practice.ts";
import { wording } from "./wording.ts";

/**
 * Rehearsing on a sample: one question at a time, to one person, compared after each answer. It lives in the person's
 * own events, so a restart changes nothing, and it knows no session: nothing said here can become an answer.
 */

const SAMPLES = [...shopPerformance, ...shopResilience, ...shopOperations, ...shopQuotas];

const GUIDED: Readonly<Record<string, { title: string; steps: readonly PracticeStep[] }>> = {
  "load-test": { title: "Load test", steps: loadTestSteps },
  "resilience-hub": { title: "Resilience Hub", steps: resilienceHubSteps },
};

export type Subject = { id: string; title: string; steps: readonly PracticeStep[] };

/** What can be rehearsed: the modules that the sample tells something about, and the two guided walks. */
export function practiceSubjects(catalogue: Catalogue): Subject[] {
  const modules = catalogue.modules.map(({ id, title, questions }) => ({
    id,
    title,
    steps: questions.flatMap((question) => {
      const sample = SAMPLES.find((one) => one.id === question.id);
      return (sample && questionStep(sample, catalogue)) ?? [];
    }),
  }));
  const guided = Object.entries(GUIDED).map(([id, { title, steps }]) => ({ id, title, steps }));
  return [...modules.filter(({ steps }) => steps.length > 0), ...guided];
}

function subjectOf(turn: Turn, id: string): Subject | undefined {
  return practiceSubjects(turn.ctx.catalogue).find((subject) => subject.id === id);
}

/** `practice [module]`: the list, the first question, or the one where it was left. */
export function practiceCommand(turn: Turn, asked: string | undefined, inbound: Inbound): void {
  const going = turn.person.practice;
  if (asked === undefined && going === undefined) {
    return turn.say(listCard(practiceSubjects(turn.ctx.catalogue), viewOf(turn, inbound)));
  }
  const id = asked ?? going?.subject ?? "";
  const subject = subjectOf(turn, id);
  if (subject === undefined) {
    const all = practiceSubjects(turn.ctx.catalogue).map((one) => one.id);
    return turn.tell(`There is nothing to practise called "${id.slice(0, 40)}". There are ${all.join(", ")}.`);
  }
  const again = going?.subject === subject.id && going.results.length < subject.steps.length;
  turn.emitPerson({
    kind: "practice_begun",
    subject: subject.id,
    where: conversationKey(inbound.address),
    ...(again ? { again: true as const } : {}),
    at: turn.ctx.now.toISOString(),
  });
  const view = viewOf(turn, inbound);
  turn.say(again ? stepCard(subject, resultsOf(turn), view, "again") : stepCard(subject, [], view, "first"));
}

type Said = Extract<Inbound, { kind: "message" | "command" }>;

/** Exact words with which a rehearsal ends. */
const STOP = /^(?:stop|end|quit|exit|enough|stop practice|end practice)[.!]*$/i;
const MOST_WORDS_OF_A_COMMAND = 3;

/**
 * Whether a plain message in a direct chat belongs to the rehearsal that goes on there. Commands stay commands; a
 * sentence that merely begins like one ("status page goes up …") is an answer.
 */
export function isForPractice(turn: Turn, said: Said): boolean {
  const { practice } = turn.person;
  if (practice === undefined || !said.direct || (said.kind === "message" && said.addressed)) return false;
  // In Teams' personal chat whatever begins like a command comes as one; elsewhere a command was typed as such.
  if (said.kind === "command" && said.address.platform !== "teams") return false;
  const here = conversationKey(said.address);
  if (practice.where !== here) return false;
  // A session held in this very chat comes first.
  if (turn.session.status === "open" && conversationKey(turn.session.home) === here) return false;
  const words = said.text.trim().split(/\s+/);
  const first = words[0]?.toLowerCase() ?? "";
  if (readReply(said.text, said.mentions).kind !== "answer" && first !== "why")
    return !isQuestionToUs(said.text, first);
  if (first === "practice") return false;
  const command = COMMAND_NAMES.some((name) => name === first);
  return !(command && (words.length <= MOST_WORDS_OF_A_COMMAND || said.text.trim().endsWith("?")));
}

/** "quotas can we run 300 m7g.2xlarge?" is a command, also here. */
function isQuestionToUs(text: string, first: string): boolean {
  return text.trim().endsWith("?") && COMMAND_NAMES.some((name) => name === first);
}

/** A reply in the direct chat. */
export function practiceReply(turn: Turn, said: Said): void {
  const meaning = STOP.test(said.text.trim()) ? { kind: "stop" as const } : readReply(said.text, said.mentions);
  switch (meaning.kind) {
    case "stop":
      return stop(turn, said);
    case "skip":
    case "dont_know":
    case "not_applicable":
      return skip(turn, said);
    case "why":
      return why(turn);
    case "back":
      return turn.tell("Practice only goes forward. Type `stop` to end it; you can begin again at any time.");
    case "empty":
      return turn.tell("Answer in a sentence, as you would for your own workload. `skip` goes on, `stop` ends it.");
    case "answer":
    case "talk":
    case "delegate":
      return answer(turn, said.text, said);
  }
}

/** Buttons of a rehearsal: `practice_answer`, `practice_skip`, `practice_why`, `practice_stop`. */
export function practicePressed(turn: Turn, action: Extract<Inbound, { kind: "action" }>): void {
  const now = current(turn);
  if (now === undefined) return turn.tell(over(turn));
  if (isStale(turn, action.value))
    return turn.say(stepCard(now.subject, resultsOf(turn), viewOf(turn, action), "again"));
  switch (action.action) {
    // A form that opened too late comes back as a button of its own name.
    case "answer":
    case "practice_answer":
      return turn.reply({
        kind: "form",
        form: practiceForm(now.subject, now.step, resultsOf(turn).length, figuresOf(turn)),
      });
    case "practice_skip":
      return skip(turn, action);
    case "practice_why":
      return why(turn);
    default:
      return stop(turn, action);
  }
}

/** The answer form came back. */
export function practiceSubmitted(turn: Turn, form: Extract<Inbound, { kind: "form" }>): void {
  const now = current(turn);
  if (now === undefined) return turn.tell(over(turn));
  if (isStale(turn, form.context)) return turn.say(stepCard(now.subject, resultsOf(turn), viewOf(turn, form), "again"));
  const words = typeof form.values.answer === "string" ? form.values.answer.trim() : "";
  if (!/[\p{L}\p{N}]/u.test(words)) return turn.reply({ kind: "errors", errors: { answer: wording.emptyAnswer() } });
  answer(turn, words, form);
}

export const PRACTICE_PREFIX = "practice:";

/** The step that a button or form was made for: `practice:<subject>:<number>`. */
function isStale(turn: Turn, value: ActionValue): boolean {
  const practice = turn.person.practice;
  return value.arg !== `${PRACTICE_PREFIX}${practice?.subject}:${practice?.results.length}`;
}

function answer(turn: Turn, words: string, inbound: Inbound): void {
  const now = current(turn);
  if (now === undefined) return turn.tell(over(turn));
  const judged = now.step.judge(words, figuresOf(turn));
  if ("again" in judged) {
    return inbound.kind === "form"
      ? turn.reply({ kind: "errors", errors: { answer: judged.again } })
      : turn.tell(judged.again);
  }
  record(turn, now.step, judged.result);
  goOn(turn, inbound, feedbackBlocks(now.step, words, judged));
}

function skip(turn: Turn, inbound: Inbound): void {
  const now = current(turn);
  if (now === undefined) return turn.tell(over(turn));
  const judged = now.step.judge(".", figuresOf(turn));
  record(turn, now.step, { outcome: "skipped" });
  goOn(turn, inbound, feedbackBlocks(now.step, undefined, judged));
}

function why(turn: Turn): void {
  const now = current(turn);
  if (now === undefined) return turn.tell(over(turn));
  turn.say(whyStepCard(now.step, turn.ctx.catalogue));
}

function stop(turn: Turn, inbound: Inbound): void {
  const now = current(turn);
  if (now === undefined) return turn.tell(over(turn));
  const results = resultsOf(turn);
  turn.emitPerson({ kind: "practice_ended", at: turn.ctx.now.toISOString() });
  turn.say(endCard(now.subject, results, viewOf(turn, inbound)));
}

function record(turn: Turn, step: PracticeStep, result: PracticeResult): void {
  turn.emitPerson({ kind: "practice_answered", step: step.id, result, at: turn.ctx.now.toISOString() });
}

/** What the answer was worth, and the next question under it; after the last one, how it went. */
function goOn(turn: Turn, inbound: Inbound, feedback: ReturnType<typeof feedbackBlocks>): void {
  const practice = turn.person.practice;
  const subject = practice === undefined ? undefined : subjectOf(turn, practice.subject);
  if (practice === undefined || subject === undefined) return;
  const view = viewOf(turn, inbound);
  const done = practice.results.length >= subject.steps.length;
  const next = done ? endCard(subject, practice.results, view) : stepCard(subject, practice.results, view, "next");
  if (done) turn.emitPerson({ kind: "practice_ended", at: turn.ctx.now.toISOString() });
  turn.say({
    summary: `${feedback.summary} ${next.summary}`,
    blocks: [...feedback.blocks, { kind: "divider" }, ...next.blocks],
  });
}

function current(turn: Turn): { subject: Subject; step: PracticeStep } | undefined {
  const practice = turn.person.practice;
  const subject = practice === undefined ? undefined : subjectOf(turn, practice.subject);
  const step = subject?.steps[practice?.results.length ?? 0];
  return subject === undefined || step === undefined ? undefined : { subject, step };
}

function over(turn: Turn): string {
  return `No practice is under way. \`${turn.ctx.settings.command} practice\` lists what there is.`;
}

function resultsOf(turn: Turn): Practice["results"] {
  return turn.person.practice?.results ?? [];
}

function figuresOf(turn: Turn): Figures {
  return Object.assign({}, ...resultsOf(turn).map((one) => (one.outcome === "answered" ? (one.figures ?? {}) : {})));
}

function viewOf(turn: Turn, inbound: Inbound): PracticeView {
  return {
    command: turn.ctx.settings.command,
    here: inbound.direct === true ? "direct" : "channel",
    figures: figuresOf(turn),
    catalogue: turn.ctx.catalogue,
  };
}

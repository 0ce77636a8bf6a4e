import type { Catalogue, Module, Question } from "../src/domain/catalogue.ts";
import type { Block, Message, Rich } from "../src/domain/message.ts";
import { missingPoints } from "./follow-up.ts";
import { occurs, readable } from "./patterns.ts";
import { PLANTED, PRACTICE_WORKLOAD } from "./practice-workload.ts";

/** Rehearsal on a made-up workload: nothing said here is an answer, counts for a risk or is stored with a session. */

/** The two walks of the workshop, beside the modules. */
export const PRACTICE_WALKS = ["load-test", "resilience-hub"] as const;
export type PracticeWalk = (typeof PRACTICE_WALKS)[number];

export function practiceTopics(catalogue: Catalogue): string[] {
  return [...catalogue.modules.map((module) => module.id), ...PRACTICE_WALKS];
}

/** A question of the rehearsal, by its place in the module; undefined after the last. */
export function practiceQuestion(catalogue: Catalogue, module: string, index: number): Message | undefined {
  const found = catalogue.module(module);
  const question = found?.questions[index];
  if (!found || !question) return undefined;
  const first: Block[] =
    index > 0
      ? []
      : [
          { kind: "heading", text: `Practice · ${found.title} · ${PRACTICE_WORKLOAD.name}` },
          { kind: "text", text: [PRACTICE_WORKLOAD.description, ` Coming up: ${PRACTICE_WORKLOAD.event}.`] },
          { kind: "context", text: ["A made-up workload. Nothing here counts for a real session."] },
        ];
  const planted = PLANTED[question.id];
  return {
    summary: `Practice ${index + 1} of ${found.questions.length}: ${question.text}`,
    blocks: [
      ...first,
      { kind: "text", text: [{ strong: `${question.id} of ${found.title}` }, ` · ${question.text}`] },
      ...(planted ? [{ kind: "context" as const, text: ["You see: ", planted.shown] }] : []),
    ],
  };
}

export type Comparison = {
  addressed: string[];
  missing: string[];
  /** The planted weakness was named. */
  spotted: boolean;
  weakness?: string;
  example: string;
  dangerous: string[];
};

/** An answer beside what good looks like. By patterns: it says what it found, and doesn't grade. */
export function compareWithGood(question: Question, answer: string): Comparison {
  const missing = missingPoints(question, answer, new Set());
  const planted = PLANTED[question.id];
  return {
    addressed: question.good.filter((point) => !missing.includes(point)).map((point) => point.text),
    missing: missing.map((point) => point.text),
    spotted: planted !== undefined && occurs(planted.spotted, readable(answer)),
    ...(planted && { weakness: planted.weakness }),
    example: question.example,
    dangerous: question.dangerous,
  };
}

/** What is said after an answer in practice. */
export function practiceFeedback(
  catalogue: Catalogue,
  module: string,
  index: number,
  answer: string,
): Message | undefined {
  const found: Module | undefined = catalogue.module(module);
  const question = found?.questions[index];
  if (!found || !question) return undefined;
  const { addressed, missing, spotted, weakness, example, dangerous } = compareWithGood(question, answer);
  const list = (items: string[]): Rich[] => items.map((item) => [item]);
  const blocks: Block[] = [
    ...(weakness === undefined
      ? []
      : [
          {
            kind: "text" as const,
            text: spotted
              ? [{ strong: "You named the weak point." }, ` ${weakness}`]
              : [{ strong: "There was a weak point." }, ` ${weakness}`],
          },
        ]),
    ...(addressed.length > 0
      ? [
          { kind: "text" as const, text: ["Your answer speaks of:"] },
          { kind: "list" as const, items: list(addressed) },
        ]
      : []),
    ...(missing.length > 0
      ? [
          { kind: "text" as const, text: ["A good answer would also say:"] },
          { kind: "list" as const, items: list(missing) },
        ]
      : []),
    { kind: "text", text: [{ strong: "For example: " }, example] },
    ...(dangerous[0] === undefined ? [] : [{ kind: "context" as const, text: ["Beware of: ", dangerous[0]] }]),
  ];
  return {
    summary: missing.length === 0 ? "Your answer speaks of all points." : `${missing.length} points are still open.`,
    blocks,
  };
}

export type LoadTestPlan = {
  peakRps: number;
  targetRps: number;
  rampMinutes: number;
  holdMinutes: number;
  tasks: number;
  concurrency: number;
  generatorVcpu: number;
  quotaVcpu: number;
  fits: boolean;
};

/**
 * A load test from what is expected: peak with a safety margin, a ramp that lets scaling follow, a hold as long as
 * the event's first rush, and the generator's own need against its own quota (Fargate On-Demand vCPU, L-3032A538).
 */
export function planLoadTest({
  normalRps,
  peak,
  margin = 1.2,
  responseMs,
  usersPerTask = 200,
  vcpuPerTask = 2,
  quotaVcpu,
}: {
  normalRps: number;
  peak: number;
  margin?: number;
  responseMs: number;
  usersPerTask?: number;
  vcpuPerTask?: number;
  quotaVcpu: number;
}): LoadTestPlan {
  const peakRps = Math.ceil(normalRps * peak);
  const targetRps = Math.ceil(peakRps * margin);
  // A simulated user has one request under way at a time: Little's law.
  const users = Math.ceil((targetRps * responseMs) / 1_000);
  const tasks = Math.max(1, Math.ceil(users / usersPerTask));
  const generatorVcpu = tasks * vcpuPerTask;
  return {
    peakRps,
    targetRps,
    rampMinutes: Math.max(10, Math.ceil(5 * peak)),
    holdMinutes: 60,
    tasks,
    concurrency: Math.ceil(users / tasks),
    generatorVcpu,
    quotaVcpu,
    fits: generatorVcpu <= quotaVcpu,
  };
}

/** Resilience Hub's result for the sample: seconds, as its API gives them. */
export const SAMPLE_ASSESSMENT = {
  at: "2026-10-28",
  disruptions: [
    { type: "Software", rto: { objective: 3_600, current: 18_000 }, rpo: { objective: 300, current: 86_400 } },
    { type: "Hardware", rto: { objective: 900, current: 600 }, rpo: { objective: 300, current: 0 } },
    { type: "AZ", rto: { objective: 900, current: 7_200 }, rpo: { objective: 300, current: 86_400 } },
    { type: "Region", rto: { objective: 14_400, current: null }, rpo: { objective: 3_600, current: null } },
  ],
} as const;

export type ObjectiveRow = { type: string; rto: "met" | "breached" | "unknown"; rpo: "met" | "breached" | "unknown" };

/** Whether each objective is met. What was not assessed is unknown, not met. */
export function confirmObjectives(disruptions: typeof SAMPLE_ASSESSMENT.disruptions): ObjectiveRow[] {
  const verdict = ({ objective, current }: { objective: number; current: number | null }): ObjectiveRow["rto"] =>
    current === null ? "unknown" : current <= objective ? "met" : "breached";
  return disruptions.map(({ type, rto, rpo }) => ({ type, rto: verdict(rto), rpo: verdict(rpo) }));
}

/** The steps of a walk, as messages to read one after the other. */
export function practiceWalk(walk: PracticeWalk): Message[] {
  return walk === "load-test" ? loadTestWalk() : resilienceWalk();
}

function loadTestWalk(): Message[] {
  const plan = planLoadTest({ normalRps: 1_500, peak: 4, responseMs: 800, quotaVcpu: 30 });
  const say = (summary: string, ...text: string[]): Message => ({
    summary,
    blocks: [
      { kind: "text", text: [{ strong: summary }] },
      { kind: "list", items: text.map((item): Rich => [item]) },
    ],
  });
  return [
    say(
      "1 of 4 · How much",
      `A normal Friday has 1,500 requests a second; the sale is 4x: ${figure(plan.peakRps)}.`,
      `With 20% on top the target is ${figure(plan.targetRps)} requests a second, p99 at most 800 ms.`,
    ),
    say(
      "2 of 4 · How long",
      `Ramp ${plan.rampMinutes} minutes, so that scaling can follow, then hold ${plan.holdMinutes}. Ten minutes prove only that the caches were warm.`,
      "Then once without a ramp: the doors open at a second, not over twenty minutes.",
    ),
    say(
      "3 of 4 · With what",
      `${figure(plan.targetRps)} requests a second at 800 ms are ${figure(plan.tasks * plan.concurrency)} users at once: ${plan.tasks} tasks with ${plan.concurrency} each.`,
      `The generator itself needs ${plan.generatorVcpu} Fargate vCPU; its applied quota (L-3032A538) is ${plan.quotaVcpu}. ${plan.fits ? "That fits." : `Short by ${plan.generatorVcpu - plan.quotaVcpu}: ask for more before the test, not on its day.`}`,
    ),
    say(
      "4 of 4 · When to stop",
      "Stop at 5% errors or when a person outside the test is hurt; say before who stops it.",
      "Passed: p99 within 800 ms, errors under 0.1%, nothing scaled by hand, and the same again after the last change.",
    ),
  ];
}

function resilienceWalk(): Message[] {
  const rows = confirmObjectives(SAMPLE_ASSESSMENT.disruptions);
  const words = (seconds: number | null): string =>
    seconds === null ? "not assessed" : seconds >= 3_600 ? `${seconds / 3_600} h` : `${Math.round(seconds / 60)} min`;
  return [
    {
      summary: "1 of 3 · The objectives, and what would happen today",
      blocks: [
        { kind: "text", text: [{ strong: "1 of 3 · The objectives, and what would happen today" }] },
        {
          kind: "table",
          caption: `Resilience Hub, sample assessment of ${SAMPLE_ASSESSMENT.at}`,
          columns: ["Disruption", "RTO wanted", "RTO now", "RPO wanted", "RPO now"],
          rows: SAMPLE_ASSESSMENT.disruptions.map(({ type, rto, rpo }) => [
            type,
            words(rto.objective),
            words(rto.current),
            words(rpo.objective),
            words(rpo.current),
          ]),
        },
      ],
    },
    {
      summary: "2 of 3 · Which are met",
      blocks: [
        { kind: "text", text: [{ strong: "2 of 3 · Which are met" }] },
        { kind: "list", items: rows.map(({ type, rto, rpo }): Rich => [{ strong: type }, `: RTO ${rto}, RPO ${rpo}`]) },
        { kind: "context", text: ["What wasn't assessed is unknown. It isn't met."] },
      ],
    },
    {
      summary: "3 of 3 · What to do",
      blocks: [
        { kind: "text", text: [{ strong: "3 of 3 · What to do" }] },
        {
          kind: "list",
          items: [
            ["AZ: make orders-db Multi-AZ and spread api over three AZs; then assess again."],
            [
              "Software: point-in-time recovery instead of a nightly backup brings the RPO to minutes; walk the restore once.",
            ],
            ["Region: decide whether the event needs it. If not, say so and accept it by name."],
            ["An assessment is true for the day it was made: look at its age, and at drift since."],
          ],
        },
      ],
    },
  ];
}

function figure(value: number): string {
  return value.toLocaleString("en-GB");
}

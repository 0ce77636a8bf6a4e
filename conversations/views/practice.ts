import type { Catalogue, RISK_LEVELS } from "../../src/domain/catalogue.ts";
import type { Block, Form, Message, Rich } from "../../src/domain/message.ts";
import type { Practice } from "../../src/domain/person.ts";
import type { Subject } from "../practice.ts";
import { SAMPLE } from "../practice-sample.ts";
import type { Figures, Judged, PracticeStep } from "../practice-steps.ts";
import { wording } from "../wording.ts";
import { button, excerpt } from "./parts.ts";

/** What a rehearsal looks like: a question with what the sample tells, and what an answer was worth. */

export type PracticeView = {
  command: string;
  /** A direct chat takes plain replies; elsewhere the buttons are the way. */
  here: "direct" | "channel";
  figures: Figures;
  catalogue: Catalogue;
};

/** `practice` alone. */
export function listCard(subjects: readonly Subject[], view: PracticeView): Message {
  return {
    summary: "What would you like to practise?",
    blocks: [
      { kind: "text", text: [{ strong: "What would you like to practise?" }] },
      {
        kind: "text",
        text: [
          `You answer for a sample workload, ${SAMPLE.name}, in which weaknesses are hidden. After each answer you see what a good one contains. Only you see it, and nothing of it counts in a session.`,
        ],
      },
      {
        kind: "list",
        items: subjects.map(
          ({ id, title, steps }): Rich => [
            { code: `practice ${id}` },
            ` ${title}, ${wording.plural(steps.length, "question")}`,
          ],
        ),
      },
      { kind: "buttons", buttons: subjects.slice(0, 5).map(({ id, title }) => run(`practice ${id}`, title)) },
      ...(subjects.length > 5
        ? [
            {
              kind: "buttons" as const,
              buttons: subjects.slice(5, 10).map(({ id, title }) => run(`practice ${id}`, title)),
            },
          ]
        : []),
      ...(view.here === "channel" ? [ELSEWHERE] : []),
    ],
  };
}

function run(command: string, label: string) {
  return button("run", label, { arg: command }, { describes: `Practise: ${label}`.slice(0, 75) });
}

const ELSEWHERE: Block = {
  kind: "context",
  text: ["In our direct messages you can simply reply: write ", { code: "practice" }, " to me there to go on."],
};

/** The question that is asked now. `first` tells of the sample before it. */
export function stepCard(
  subject: Subject,
  results: Practice["results"],
  view: PracticeView,
  when: "first" | "next" | "again",
): Message {
  const number = results.length;
  const step = subject.steps[number];
  if (step === undefined) return endCard(subject, results, view);
  const place = `${number + 1} of ${subject.steps.length}`;
  const value = { arg: `practice:${subject.id}:${number}` };
  const id = /^[A-Z]/.test(step.id) ? `${step.id} · ` : "";
  const blocks: Block[] = [
    ...(when === "first"
      ? [
          { kind: "heading" as const, text: `Practice · ${subject.title}` },
          { kind: "text" as const, text: [SAMPLE.intro] },
          {
            kind: "context" as const,
            text: ["Only you see this, nothing of it counts in a session, and your words aren't kept."],
          },
        ]
      : []),
    { kind: "context", text: [`Practice · ${subject.title} · ${id}${place}`] },
    { kind: "text", text: [{ strong: step.ask }] },
    { kind: "text", text: ["What you know of the sample:"] },
    { kind: "list", items: step.known(view.figures).map((fact): Rich => [fact]) },
    ...(step.table === undefined ? [] : [{ kind: "table" as const, ...step.table }]),
    ...(step.hint === undefined ? [] : [{ kind: "context" as const, text: [step.hint] }]),
    ...(view.here === "direct" ? [{ kind: "context" as const, text: ["Just reply, in your own words."] }] : []),
    {
      kind: "buttons",
      buttons: [
        button("practice_answer", "Answer", value, { opens: true, style: "primary" }),
        ...(/^[A-Z]/.test(step.id)
          ? [button("practice_why", "Why?", value, { describes: `Why ${step.id} matters` })]
          : []),
        button("practice_skip", "Show me", value, { describes: "Skip this one and see a good answer" }),
        button("practice_stop", "Stop", value, { describes: "End the practice" }),
      ],
    },
    ...(view.here === "channel" && when !== "next" ? [ELSEWHERE] : []),
  ];
  return { summary: `Practice, ${subject.title}, ${place}: ${step.ask}`, blocks };
}

/** Answering with a form, where plain replies don't reach us. */
export function practiceForm(subject: Subject, step: PracticeStep, number: number, figures: Figures): Form {
  return {
    id: "answer",
    title: `Practice ${/^[A-Z]/.test(step.id) ? step.id : `${number + 1}`}`,
    intro: [step.ask],
    submit: "Compare",
    context: { arg: `practice:${subject.id}:${number}` },
    fields: [
      {
        name: "answer",
        label: "Your answer",
        hint: step.hint ?? excerpt(step.known(figures)[0] ?? "", 140),
        required: true,
        type: "text",
        multiline: true,
        max: 3000,
      },
    ],
  };
}

const RISK_WORDS: Record<(typeof RISK_LEVELS)[number], string> = {
  HIGH_RISK: "high risk",
  MEDIUM_RISK: "medium risk",
  NO_RISK: "no risk",
};

/** What an answer was worth; without words, what a good one would have been. */
export function feedbackBlocks(
  step: PracticeStep,
  words: string | undefined,
  judged: Judged,
): { summary: string; blocks: Block[] } {
  if ("again" in judged) return { summary: judged.again, blocks: [{ kind: "text", text: [judged.again] }] };
  const name = /^[A-Z]/.test(step.id) ? step.id : step.short.charAt(0).toUpperCase() + step.short.slice(1);
  const all = judged.covered.length + judged.missed.length;
  const found = judged.weaknesses.filter((one) => one.found);
  const hidden = judged.weaknesses.filter((one) => !one.found);
  const line =
    words === undefined
      ? `${name}: what a good answer contains`
      : `${name}: ${judged.covered.length} of ${wording.plural(all, "point")}${
          judged.weaknesses.length === 0
            ? ""
            : `, ${found.length} of ${wording.plural(judged.weaknesses.length, "weakness", "weaknesses")} found`
        }`;
  const blocks: Block[] = [{ kind: "text", text: [{ strong: `${line}.` }] }];
  const items = (title: string, texts: readonly string[]) => {
    if (texts.length === 0) return;
    blocks.push({ kind: "text", text: [title] });
    blocks.push({ kind: "list", items: texts.map((text): Rich => [text]) });
  };
  if (judged.dangerous !== undefined && words !== undefined) {
    blocks.push({
      kind: "text",
      text: [
        { strong: "A dangerous answer. " },
        `It is close to "${judged.dangerous.said}" ${judged.dangerous.because}`,
      ],
    });
  }
  if (words === undefined) items("A good answer contains", [...judged.covered, ...judged.missed]);
  else {
    items("You covered", judged.covered);
    items("Not yet", judged.missed);
  }
  if (words !== undefined) {
    items(
      "You saw",
      found.map((one) => one.text),
    );
    items(
      "Hidden in the sample, and not in your answer",
      hidden.map((one) => one.text),
    );
  } else
    items(
      "Hidden in the sample",
      judged.weaknesses.map((one) => one.text),
    );
  if (judged.sums.length > 0) {
    blocks.push({ kind: "text", text: ["The sums"] });
    blocks.push({ kind: "list", items: judged.sums });
  }
  if (judged.choices !== undefined) {
    const { read, holds, risk, because } = judged.choices;
    if (words !== undefined) {
      blocks.push({
        kind: "text",
        text: [
          { strong: "I would read you as: " },
          read.length === 0 ? "nothing in particular; you would tick it yourself." : `${read.join("; ")}.`,
        ],
      });
    }
    blocks.push({
      kind: "text",
      text: [{ strong: "True of the sample today: " }, `${holds.join("; ")}. That is ${RISK_WORDS[risk]}: ${because}`],
    });
  }
  blocks.push({ kind: "text", text: [{ strong: "A good answer: " }, judged.model] });
  return { summary: `${line}.`, blocks };
}

export function whyStepCard(step: PracticeStep, catalogue: Catalogue): Message {
  const question = catalogue.question(step.id);
  if (question === undefined) return wording.sentence(step.hint ?? "Answer as you would for your own workload.");
  return {
    summary: `Why ${question.id}: ${question.why}`,
    blocks: [
      { kind: "heading", text: `${question.id} · why it matters` },
      { kind: "text", text: [question.why] },
      { kind: "context", text: [`Usually known by ${question.whoKnows}.`] },
    ],
  };
}

/** How it went: what was covered, and what to look at again. */
export function endCard(subject: Subject, results: Practice["results"], view: PracticeView): Message {
  const answered = results.flatMap((one) => (one.outcome === "answered" ? [one] : []));
  const sum = (pick: (one: (typeof answered)[number]) => number) => answered.reduce((all, one) => all + pick(one), 0);
  const again = results.filter(
    (one) => one.outcome === "skipped" || one.dangerous === true || one.found < one.planted || one.covered < one.of,
  );
  const nameOf = (id: string) => subject.steps.find((step) => step.id === id)?.short ?? id;
  const line =
    answered.length === 0
      ? `Practice of ${subject.title} ended. Nothing was answered.`
      : `Practice of ${subject.title}: ${sum((one) => one.covered)} of ${wording.plural(
          sum((one) => one.of),
          "point",
        )} covered, ${sum((one) => one.found)} of ${wording.plural(
          sum((one) => one.planted),
          "planted weakness",
          "planted weaknesses",
        )} found.`;
  const plan = planOf(subject, view.figures);
  return {
    summary: line,
    blocks: [
      { kind: "text", text: [{ strong: line }] },
      ...plan,
      ...(again.length === 0
        ? []
        : [
            {
              kind: "text" as const,
              text: [
                `Look again at ${again
                  .slice(0, 8)
                  .map(({ step }) => (/^[A-Z]/.test(step) ? `${step} (${nameOf(step)})` : nameOf(step)))
                  .join(", ")}.`,
              ],
            },
          ]),
      {
        kind: "buttons",
        buttons: [run(`practice ${subject.id}`, "Again"), button("run", "Something else", { arg: "practice" })],
      },
    ],
  };
}

/** The load test as planned, with the figures that were answered. */
function planOf(subject: Subject, figures: Figures): Block[] {
  if (subject.id !== "load-test" || figures.target === undefined) return [];
  const say = (figure: number) => figure.toLocaleString("en-GB", { maximumFractionDigits: 1 });
  const rows: [string, number | undefined, string][] = [
    ["Target", figures.target, "requests/s"],
    ["Steepest ramp", figures.ramp, "minutes"],
    ["Held for", figures.held, "minutes"],
    ["Tasks", figures.tasks, ""],
    ["Generator", figures.vcpu, "vCPU on Fargate"],
  ];
  return [
    {
      kind: "facts",
      facts: rows.flatMap(([label, figure, unit]) =>
        figure === undefined ? [] : [{ label, value: [`${say(figure)} ${unit}`.trim()] }],
      ),
    },
  ];
}

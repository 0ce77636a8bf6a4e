import type { Catalogue, Module, PILLARS, Question } from "../domain/catalogue.ts";
import type { SessionState } from "../domain/session.ts";

/**
 * The catalogue as an AWS Well-Architected custom lens: our choices and risk rules are the lens's choices and
 * riskRules, so that the Tool computes the same risks. Format and limits: AWS's "Lens format specification"
 * (schemaVersion 2021-11-01). Nothing of the session is in it: AWS asks for no personal data in lenses.
 */
export type Lens = {
  schemaVersion: "2021-11-01";
  name: string;
  description: string;
  pillars: { id: string; name: string; questions: LensQuestion[] }[];
};
type Resource = { displayText: string; url?: string };
type LensQuestion = {
  id: string;
  title: string;
  description: string;
  helpfulResource: Resource;
  choices: { id: string; title: string; helpfulResource: Resource; improvementPlan?: Resource }[];
  riskRules: { condition: string; risk: string }[];
};

export const LENS_LIMITS = {
  bytes: 500_000,
  name: 128,
  text: 2_048,
  pillars: 10,
  questions: 20,
  choices: 15,
  rules: 3,
} as const;

const PILLAR_NAMES: Record<(typeof PILLARS)[number], string> = {
  operationalExcellence: "Operational excellence",
  security: "Security",
  reliability: "Reliability",
  performance: "Performance efficiency",
  costOptimization: "Cost optimization",
  sustainability: "Sustainability",
};

export function exportLens(state: SessionState, catalogue: Catalogue): Lens {
  return {
    schemaVersion: "2021-11-01",
    name: "Event readiness",
    description:
      "Questions before a big event: performance, resilience, security, service quotas and monitoring. Exported by T-Minus.",
    pillars: pillarsOf(state, catalogue).slice(0, LENS_LIMITS.pillars),
  };
}

/** Modules of one pillar share it; a pillar holds 20 questions at most, so a crowded one goes on in a second. */
function pillarsOf(state: SessionState, catalogue: Catalogue): Lens["pillars"] {
  const modules = state.moduleOrder.flatMap((id) => catalogue.module(id) ?? []);
  const byPillar = Map.groupBy(modules, (module) => module.pillar);
  return [...byPillar].flatMap(([pillar, members]) => {
    const asked = (module: Module): Question[] =>
      module.questions.filter((question) => state.questions[question.id] !== undefined);
    const questions = members.flatMap(asked).map(lensQuestion);
    const pages = Math.ceil(questions.length / LENS_LIMITS.questions);
    return Array.from({ length: pages }, (_, page) => ({
      id: page === 0 ? pillar : `${pillar}_${page + 1}`,
      name: page === 0 ? PILLAR_NAMES[pillar] : `${PILLAR_NAMES[pillar]} (${page + 1})`,
      questions: questions.slice(page * LENS_LIMITS.questions, (page + 1) * LENS_LIMITS.questions),
    }));
  });
}

/** Lens ids have three characters at least; ours may have two. */
export function lensQuestionId(question: string): string {
  return `readiness_${question.toLowerCase()}`;
}

function lensQuestion(question: Question): LensQuestion {
  const practice = question.practices[0];
  return {
    id: lensQuestionId(question.id),
    title: clip(question.text, LENS_LIMITS.name),
    description: clip(`${question.text}\n\n${question.why}`, LENS_LIMITS.text),
    helpfulResource: {
      displayText: clip(
        `A good answer says: ${question.good.map((point) => point.text).join("; ")}.`,
        LENS_LIMITS.text,
      ),
      ...(practice && { url: practice.url }),
    },
    choices: question.choices.slice(0, LENS_LIMITS.choices).map((choice) => ({
      id: choice.id,
      title: clip(choice.text, LENS_LIMITS.name),
      helpfulResource: {
        displayText: clip(choice.improve ?? "Choose this if nothing else applies.", LENS_LIMITS.text),
      },
      ...(isNone(choice.id) ? {} : { improvementPlan: { displayText: choice.improve ?? `Get to: ${choice.text}` } }),
    })),
    riskRules: question.rules.slice(0, LENS_LIMITS.rules).map(({ when, risk }) => ({ condition: when, risk })),
  };
}

/** The lens format's mark of "none of these". */
function isNone(choice: string): boolean {
  return choice.endsWith("_no");
}

export type LensAnswer = {
  QuestionId: string;
  SelectedChoices: string[];
  IsApplicable: boolean;
  Reason?: "OUT_OF_SCOPE";
  Notes?: string;
};

/**
 * The session's answers to the lens, one body of `UpdateAnswer` each. Only what counts is selected (confirmed and not
 * refuted, or proved). SelectedChoices replaces what is there: read the answer first, so that nobody's is lost.
 */
export function exportLensAnswers(state: SessionState, catalogue: Catalogue): LensAnswer[] {
  return state.moduleOrder
    .flatMap((id) => catalogue.module(id)?.questions ?? [])
    .flatMap((question): LensAnswer[] => {
      const answer = state.questions[question.id];
      if (!answer) return [];
      const QuestionId = lensQuestionId(question.id);
      const said = answer.parts.filter((part) => !part.withdrawn).map((part) => part.words.text ?? "");
      const notes = clip(said.join("\n"), 2_084);
      if (answer.status === "not_applicable") {
        return [{ QuestionId, SelectedChoices: [], IsApplicable: false, Reason: "OUT_OF_SCOPE" }];
      }
      const items = Object.values(state.evidence).filter((item) => item.questions.includes(question.id));
      const refuted = new Set(items.flatMap((item) => item.refutes));
      const held = new Set([...(answer.confirmed?.choices ?? []), ...items.flatMap((item) => item.proves)]);
      const SelectedChoices = question.choices
        .map((choice) => choice.id)
        .filter((id) => held.has(id) && !refuted.has(id));
      if (SelectedChoices.length === 0 && notes === "") return [];
      return [{ QuestionId, SelectedChoices, IsApplicable: true, ...(notes !== "" && { Notes: notes }) }];
    });
}

function clip(text: string, longest: number): string {
  return text.length <= longest ? text : `${text.slice(0, longest - 1)}…`;
}

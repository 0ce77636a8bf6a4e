import { z } from "zod";

/**
 * The shape of questions. Ours live in `conversations/catalogue/`; a team's own come from files (`CATALOGUE_FILES`)
 * and pass the same schema.
 */

/** 3–64 characters, so that a choice can be exported to a Well-Architected custom lens. */
export const ChoiceId = z.string().regex(/^[A-Za-z0-9_]{3,64}$/, "3 to 64 letters, digits or _");

export const Choice = z.object({
  id: ChoiceId,
  /** A statement, ≤ 75 characters: Slack's limit for an option. */
  text: z.string().min(1).max(75),
  /** What to do to be able to say this; the lens's improvement plan. Absent for "none of these". */
  improve: z.string().min(1).max(300).optional(),
});
export type Choice = z.infer<typeof Choice>;

export const RISK_LEVELS = ["NO_RISK", "MEDIUM_RISK", "HIGH_RISK"] as const;

export const RiskRule = z.object({
  /** `default`, or choice ids with `&&`, `||`, `!` and parentheses: the custom lens's own grammar. */
  when: z.string().min(1),
  risk: z.enum(RISK_LEVELS),
  /** Said to people: why this is (not) a risk. One sentence. */
  because: z.string().min(1),
});
export type RiskRule = z.infer<typeof RiskRule>;

/** A point of a good answer; `covered` are patterns (case-insensitive regular expressions) that show it is addressed. */
export const Point = z.object({
  id: z.string().regex(/^[a-z0-9_]{2,40}$/),
  text: z.string().min(1).max(200),
  covered: z.array(z.string().min(1)).min(1),
  /** Evidence sources that speak to this point, so that nobody is asked for it. */
  evidence: z.array(z.string()).default([]),
});
export type Point = z.infer<typeof Point>;

/** If `pattern` is found in the answer, the bot reads it as `choice`; `unless` withdraws that. Case-insensitive regular expressions. */
export const Phrase = z.object({ pattern: z.string().min(1), choice: ChoiceId, unless: z.string().min(1).optional() });
export type Phrase = z.infer<typeof Phrase>;

/** What a source can show about choices: `auto-scaling-capacity` proves `q2_room_at_peak`. */
export const EvidenceUse = z.object({
  source: z.string().min(1),
  proves: z.array(ChoiceId).default([]),
  refutes: z.array(ChoiceId).default([]),
});
export type EvidenceUse = z.infer<typeof EvidenceUse>;

export const Practice = z.object({
  id: z.string().min(1),
  title: z.string().min(1),
  url: z.url(),
});
export type Practice = z.infer<typeof Practice>;

export const PILLARS = [
  "operationalExcellence",
  "security",
  "reliability",
  "performance",
  "costOptimization",
  "sustainability",
] as const;

export const Question = z.object({
  id: z.string().regex(/^[A-Z]{1,6}[0-9]{1,2}$/, "capital letters and a number, such as AE1"),
  /** In the workshop notes' words. */
  text: z.string().min(1).max(600),
  /** A noun phrase for lists and nudges: "restoration plans". ≤ 40 characters. */
  short: z.string().min(1).max(40),
  why: z.string().min(1).max(900),
  good: z.array(Point).min(2).max(4),
  example: z.string().min(1).max(900),
  /** Dangerous answers, each with why it is. */
  dangerous: z.array(z.string().min(1).max(300)).min(1).max(5),
  choices: z.array(Choice).min(2).max(5),
  rules: z.array(RiskRule).min(1).max(3),
  phrases: z.array(Phrase).default([]),
  evidence: z.array(EvidenceUse).default([]),
  /** When a bare yes, no or none is an answer that needs no follow-up. */
  plain: z
    .object({
      /** Which bare answers are enough on their own. */
      enough: z.array(z.enum(["yes", "no", "none"])).default([]),
      /** Also enough when evidence has answered: "right", "no". */
      withEvidence: z.boolean().default(true),
      /** Choices that a bare answer means. */
      yes: z.array(ChoiceId).default([]),
      no: z.array(ChoiceId).default([]),
    })
    .prefault({}),
  followUp: z.string().min(1).max(300),
  practices: z.array(Practice).min(1),
  links: z.array(z.object({ title: z.string().min(1), url: z.url() })).default([]),
  /** "whoever owns the scaling policies" */
  whoKnows: z.string().min(1).max(120),
  /** Days before the event; negative: after it. */
  dueDaysBefore: z.number().int().min(-60).max(120),
});
export type Question = z.infer<typeof Question>;

export const Module = z.object({
  id: z.string().regex(/^[a-z][a-z0-9-]{1,30}$/, "lower case with hyphens, such as after-the-event"),
  title: z.string().min(1).max(40),
  /** One line under the module's title: "What happens when something breaks, and how you come back." */
  intro: z.string().min(1).max(200),
  pillar: z.enum(PILLARS),
  questions: z.array(Question).min(1).max(20),
});
export type Module = z.infer<typeof Module>;

export type Catalogue = {
  modules: Module[];
  question(id: string): Question | undefined;
  module(id: string): Module | undefined;
  moduleOf(question: string): Module | undefined;
};

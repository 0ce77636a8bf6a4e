import type { ChoiceId, QuestionId } from "../src/domain/ids.ts";

/**
 * What a rehearsal is made of. The sample is one workload, told in facts by question; weaknesses are planted in it on
 * purpose, so that whoever practises learns to see them before they stand in their own design.
 */
export type Weakness = {
  /** What was there to be found, as a sentence. */
  text: string;
  /** Patterns (as in the catalogue) that show it was found. */
  seen: string[];
};

export type SampleQuestion = {
  id: QuestionId;
  /** What the owner of the sample workload knows. The weaknesses are in here, unnamed. */
  known: string[];
  weaknesses: Weakness[];
  /** The choices that are true of the sample as it stands. */
  holds: ChoiceId[];
  /** What a good owner would answer. */
  model: string;
};

export const SAMPLE = {
  name: "Larch & Loom",
  intro:
    "Larch & Loom sells furniture and fabric on the web. Its winter sale opens on Friday 27 November at 09:00; in this practice today is 30 October. On a busy day the shop serves 1,150 requests and 22 orders a second; marketing expects three times that. It runs in one AWS account, prod, in eu-west-1. You own the part that is asked about.",
  /** Requests a second in the busiest hour of an ordinary day. */
  normalRps: 1_150,
  peak: 3,
} as const;

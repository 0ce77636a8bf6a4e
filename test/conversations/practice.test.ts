import { describe, expect, it } from "vitest";
import { standardCatalogue as catalogue } from "../../conversations/catalogue/index.ts";
import { patternProblem } from "../../conversations/patterns.ts";
import {
  compareWithGood,
  confirmObjectives,
  PRACTICE_WALKS,
  planLoadTest,
  practiceFeedback,
  practiceQuestion,
  practiceTopics,
  practiceWalk,
  SAMPLE_ASSESSMENT,
} from "../../conversations/practice.ts";
import { PLANTED } from "../../conversations/practice-workload.ts";

const questions = catalogue.modules.flatMap((module) => module.questions);

describe("practice", () => {
  it("plants a weakness for each of the 23 questions, and knows when it is named", () => {
    expect(Object.keys(PLANTED).sort()).toEqual(questions.map((question) => question.id).sort());
    for (const question of questions) {
      const planted = PLANTED[question.id]!;
      expect(patternProblem(planted.spotted)).toBeUndefined();
      expect(compareWithGood(question, planted.weakness).spotted, question.id).toBe(true);
      expect(compareWithGood(question, "hm").spotted, question.id).toBe(false);
    }
  });

  it("asks in the notes' words, shows the workload first, and ends after the last question", () => {
    const first = practiceQuestion(catalogue, "resilience", 0);
    expect(first?.summary).toContain("What risks exist to the stability of the application during the event?");
    expect(JSON.stringify(first?.blocks)).toContain("Lantern sells concert tickets");
    expect(JSON.stringify(practiceQuestion(catalogue, "resilience", 1)?.blocks)).not.toContain("Lantern sells");
    expect(practiceQuestion(catalogue, "resilience", 6)).toBeUndefined();
    expect(practiceQuestion(catalogue, "nowhere", 0)).toBeUndefined();
  });

  it("compares an answer with what good looks like: a good one has little left, a bare one has all", () => {
    for (const question of questions) {
      const good = compareWithGood(question, question.example);
      const bare = compareWithGood(question, "hm");
      expect(good.missing.length, question.id).toBeLessThan(bare.missing.length);
      expect(bare.addressed, question.id).toEqual([]);
    }
  });

  it("says what is missing and gives an example, without a grade", () => {
    const message = practiceFeedback(catalogue, "service-quotas", 1, "we never hit it");
    const said = JSON.stringify(message);
    expect(said).toContain("There was a weak point.");
    expect(said).toContain("880 vCPU");
    expect(said).not.toMatch(/well done|great|correct|wrong/i);
  });

  it("names its topics: the modules and the workshop's two walks", () => {
    expect(practiceTopics(catalogue)).toEqual([
      "performance",
      "resilience",
      "security",
      "service-quotas",
      "monitoring",
      "load-test",
      "resilience-hub",
    ]);
  });
});

describe("planning a load test", () => {
  it("counts peak, margin, users and the generator's own quota", () => {
    const plan = planLoadTest({ normalRps: 1_500, peak: 4, responseMs: 800, quotaVcpu: 30 });
    expect(plan).toMatchObject({ peakRps: 6_000, targetRps: 7_200, tasks: 29, generatorVcpu: 58, fits: false });
    expect(plan.tasks * plan.concurrency).toBeGreaterThanOrEqual(5_760);
    expect(planLoadTest({ normalRps: 10, peak: 2, responseMs: 100, quotaVcpu: 30 }).fits).toBe(true);
  });
});

describe("confirming RTO and RPO", () => {
  it("holds each objective against what would happen today; not assessed isn't met", () => {
    expect(confirmObjectives(SAMPLE_ASSESSMENT.disruptions)).toEqual([
      { type: "Software", rto: "breached", rpo: "breached" },
      { type: "Hardware", rto: "met", rpo: "met" },
      { type: "AZ", rto: "breached", rpo: "breached" },
      { type: "Region", rto: "unknown", rpo: "unknown" },
    ]);
  });

  it.each(PRACTICE_WALKS)("walks through %s in messages that can be read one by one", (walk) => {
    const messages = practiceWalk(walk);
    expect(messages.length).toBeGreaterThanOrEqual(3);
    for (const { summary, blocks } of messages) {
      expect(summary.length).toBeGreaterThan(5);
      expect(blocks.length).toBeGreaterThan(1);
    }
  });
});

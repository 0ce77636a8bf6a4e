import { describe, expect, it } from "vitest";
import { moduleProblems } from "../../conversations/catalogue/check.ts";
import { createCatalogue, standardCatalogue, standardModules } from "../../conversations/catalogue/index.ts";
import { EVIDENCE_SOURCES } from "../../conversations/catalogue/sources.ts";
import { isNoneOfThese } from "../../conversations/reading.ts";
import { riskOf } from "../../conversations/risk.ts";
import { Module, type Question } from "../../src/domain/catalogue.ts";
import { CatalogueError } from "../../src/domain/errors.ts";

/** The workshop's questions, word for word. */
const WORKSHOP: Record<string, [id: string, text: string][]> = {
  Performance: [
    ["P1", "Is there an infrastructure stress point in the design? (Eg. network bandwidth on instance)"],
    ["P2", "Is there an application stress point in the design? (Eg. single row on database)"],
    ["P3", "What load testing will be performed on the platform?"],
    ["P4", "Is there a CDN being utilized for this event?"],
    [
      "P5",
      "Has logging been enabled on key resources to identify potential areas of performance for a repeat event? (output to S3 or other?)",
    ],
    [
      "P6",
      "Have alarms been set for various performance breaches? (Eg. CloudWatch or other customer based tool, where is the output going to?)",
    ],
  ],
  Resilience: [
    ["R1", "What risks exist to the stability of the application during the event?"],
    ["R2", "Is there a single point of failure? (Eg. Single AZ)"],
    ["R3", "Where is content stored and is it resilient?"],
    ["R4", "What is the impact of any lost content/data/systems?"],
    ["R5", "What service restoration plans are in place?"],
    ["R6", "In the case of outage or performance degradation is failover an automatic or manual process?"],
  ],
  Security: [
    ["S1", "When was the last rotation of credentials performed on resources specific to this event?"],
    ["S2", "How will the environment be accessed during the event?"],
    ["S3", "How will the environment be accessed during component/system failure?"],
  ],
  "Service Quotas": [
    ["Q1", "Which AWS services will be used that may need increased quotas for this event?"],
    [
      "Q2",
      "Are there any autoscaling groups that have a scaling policy that will start more instances than the quotas for the region?",
    ],
    [
      "Q3",
      "Will EBS storage needs throughout the event be greater than the maximum allowable volume capacity per region quotas?",
    ],
    ["Q4", "Will emails be sent from EC2 instances and at what rate?"],
    [
      "Q5",
      "Has the application been sized for the correct amount of Provisioned IOPS and is there a chance this may need to be raised throughout the event?",
    ],
    ["Q6", "Will Spot instances be used and if so could this Service Quotas be triggered?"],
    [
      "Q7",
      "If SES is being used for the sending of email, what is the maximum number of emails expected to be sent over a 24 hour period?",
    ],
  ],
  Monitoring: [["M1", "What metrics are crucial to be informed about during the event?"]],
};

const questions = standardModules.flatMap((module) => module.questions);
const byId = (question: Question): [string, Question] => [question.id, question];

describe("the standard catalogue", () => {
  it("asks the workshop's questions, word for word and in its order", () => {
    const asked = Object.fromEntries(
      standardModules.map((module) => [module.title, module.questions.map(({ id, text }) => [id, text])]),
    );
    expect(asked).toEqual(WORKSHOP);
    expect(Object.keys(asked)).toEqual(Object.keys(WORKSHOP));
    expect(questions).toHaveLength(23);
  });

  it("names its modules in lower case with hyphens", () => {
    expect(standardModules.map((module) => module.id)).toEqual([
      "performance",
      "resilience",
      "security",
      "service-quotas",
      "monitoring",
    ]);
  });

  it("gives the workshop's links where they help", () => {
    const links = new Set(questions.flatMap((question) => question.links.map((link) => link.url)));
    expect(links).toContain("https://aws.amazon.com/architecture/well-architected/");
    expect(links).toContain("https://aws.amazon.com/solutions/implementations/distributed-load-testing-on-aws/");
    expect(links).toContain("https://aws.amazon.com/blogs/aws/new-set-up-your-aws-notifications-in-one-place/");
  });

  it.each(standardModules.map((module): [string, Module] => [module.id, module]))(
    "%s fits the schema and its rules",
    (_, module) => {
      expect(Module.parse(module)).toEqual(module);
      expect(moduleProblems(module)).toEqual([]);
    },
  );

  it("uses each choice id once, with its question's prefix", () => {
    const ids = questions.flatMap((question) => question.choices.map((choice) => [question.id, choice.id] as const));
    expect(new Set(ids.map(([, id]) => id)).size).toBe(ids.length);
    for (const [question, id] of ids) expect(id).toMatch(new RegExp(`^${question.toLowerCase()}_[a-z0-9_]+$`));
  });

  it("names only evidence sources that are described, and every described one", () => {
    const named = new Set(questions.flatMap((question) => question.evidence.map((use) => use.source)));
    expect([...named].sort()).toEqual(EVIDENCE_SOURCES.map((source) => source.id as string).sort());
  });

  it("speaks without exclamation marks, apologies or machine words", () => {
    const words = questions.flatMap((question) => [
      question.why,
      question.example,
      question.followUp,
      ...question.dangerous,
      ...question.good.map((point) => point.text),
      ...question.choices.flatMap((choice) => [choice.text, choice.improve ?? ""]),
      ...question.rules.map((rule) => rule.because),
    ]);
    for (const text of words) expect(text).not.toMatch(/!|\boops\b|please note|just a bot|simply|obviously/i);
  });

  it.each(questions.map(byId))("%s goes deep enough to be worth asking", (_, question) => {
    expect(question.why.length).toBeGreaterThan(250);
    expect(question.example.length).toBeGreaterThan(100);
    expect(question.dangerous.length).toBeGreaterThanOrEqual(3);
    // Each dangerous answer is a quotation and says what is dangerous about it.
    for (const answer of question.dangerous) expect(answer).toMatch(/^"[^"]+" .{15,}/);
    expect(question.phrases.length).toBeGreaterThanOrEqual(6);
    expect(question.followUp).toMatch(/\?$/);
    expect(question.practices.length).toBeGreaterThanOrEqual(2);
    for (const choice of question.choices) {
      if (isNoneOfThese(choice.id)) expect(choice.improve).toBeUndefined();
      else expect(choice.improve).toBeTruthy();
    }
    for (const rule of question.rules) expect(rule.because).toMatch(/^[A-Z].*\.$/);
    expect(question.rules.map((rule) => rule.risk)).toEqual(["NO_RISK", "MEDIUM_RISK", "HIGH_RISK"]);
  });

  it("links practices by the framework's own pages", () => {
    for (const { id, url } of questions.flatMap((question) => question.practices)) {
      expect(id).toMatch(/^(?:PERF|REL|SEC|OPS)\d\d-BP\d\d$/);
      expect(url).toMatch(/^https:\/\/docs\.aws\.amazon\.com\/wellarchitected\/latest\/framework\/[a-z0-9_]+\.html$/);
    }
  });

  it.each(questions.map(byId))(
    "%s reaches each of its risks by some choices, and none of them by silence alone",
    (_, question) => {
      const reached = new Map<string, string[]>();
      for (const chosen of subsets(question.choices.map((choice) => choice.id))) {
        reached.set(riskOf(question, new Set(chosen)).risk, chosen);
      }
      expect([...reached.keys()].sort()).toEqual(["HIGH_RISK", "MEDIUM_RISK", "NO_RISK"]);
      expect(riskOf(question, new Set()).risk).toBe("HIGH_RISK");
      const none = question.choices.at(-1)?.id ?? "";
      expect(none).toMatch(/_no$/);
      expect(riskOf(question, new Set([none])).risk).toBe("HIGH_RISK");
    },
  );

  it("has quotas due four weeks before, the load test three, drills and alarms two", () => {
    const due = (id: string) => standardCatalogue.question(id)?.dueDaysBefore;
    for (const id of ["Q1", "Q2", "Q3", "Q4", "Q5", "Q6", "Q7"]) expect(due(id)).toBe(28);
    expect(due("P3")).toBe(21);
    for (const id of ["P6", "R5", "R6"]) expect(due(id)).toBe(14);
    for (const question of questions) expect([35, 28, 21, 14]).toContain(question.dueDaysBefore);
  });

  it("finds modules and questions by id", () => {
    expect(standardCatalogue.question("R2")?.short).toBe("single points of failure");
    expect(standardCatalogue.moduleOf("Q2")?.id).toBe("service-quotas");
    expect(standardCatalogue.module("monitoring")?.questions).toHaveLength(1);
    expect(standardCatalogue.question("Z9")).toBeUndefined();
    expect(standardCatalogue.moduleOf("Z9")).toBeUndefined();
    expect(standardCatalogue.module("nothing")).toBeUndefined();
  });
});

describe("createCatalogue", () => {
  const [first, second] = standardModules as [Module, Module];
  const [question] = first.questions as [Question];

  it("refuses a question id that is in two modules, naming both and the way out", () => {
    const other: Module = { ...second, id: "after-the-event", questions: [{ ...question, choices: [] }] };
    expect(() => createCatalogue([first, other])).toThrow(
      new CatalogueError(
        'Question "P1" is in both performance and after-the-event. Ids are stored with answers: give the newer question a new id.',
      ),
    );
  });

  it("refuses a question id that is in one module twice", () => {
    expect(() => createCatalogue([{ ...first, questions: [question, question] }])).toThrow(
      'Question "P1" is twice in performance.',
    );
  });

  it("refuses a module id that is there twice", () => {
    expect(() => createCatalogue([first, { ...second, id: "performance" }])).toThrow(
      'Module "performance" is there twice. Give the newer module a new id.',
    );
  });

  it("refuses a choice id that another question has", () => {
    const other: Module = { ...second, questions: [{ ...question, id: "AE1" }] };
    expect(() => createCatalogue([first, other])).toThrow('Choice "p1_room_measured" is in both P1 and AE1.');
  });

  it("isn't changed by what is done to the list it was made from", () => {
    const modules = [...standardModules];
    const catalogue = createCatalogue(modules);
    modules.pop();
    expect(catalogue.modules).toHaveLength(5);
  });
});

function subsets(ids: string[]): string[][] {
  return Array.from({ length: 2 ** ids.length }, (_, bits) => ids.filter((_, index) => bits & (1 << index)));
}

import { z } from "zod";

/** The published rules of custom lenses (schemaVersion 2021-11-01), as AWS's "Lens format specification" lists them. */

const Id = z.string().regex(/^[A-Za-z0-9_]{3,128}$/);
const Resource = z.strictObject({ displayText: z.string().min(1).max(2_048), url: z.url().optional() });
const ChoiceRules = z.strictObject({
  id: Id.max(64),
  title: z.string().min(1).max(128),
  helpfulResource: Resource.optional(),
  improvementPlan: Resource.optional(),
});
const QuestionRules = z.strictObject({
  id: Id,
  title: z.string().min(1).max(128),
  description: z.string().min(1).max(2_048),
  helpfulResource: Resource.optional(),
  choices: z.array(ChoiceRules).min(1).max(15),
  riskRules: z
    .array(z.strictObject({ condition: z.string().min(1), risk: z.enum(["HIGH_RISK", "MEDIUM_RISK", "NO_RISK"]) }))
    .min(1)
    .max(3),
});
const LensRules = z.strictObject({
  schemaVersion: z.literal("2021-11-01"),
  name: z.string().min(1).max(128),
  description: z.string().min(1).max(2_048),
  pillars: z
    .array(
      z.strictObject({ id: Id, name: z.string().min(1).max(128), questions: z.array(QuestionRules).min(1).max(20) }),
    )
    .min(1)
    .max(10),
});

/** Everything that is wrong with a lens; empty for a good one. */
export function lensProblems(json: string): string[] {
  const problems: string[] = [];
  if (Buffer.byteLength(json) > 500_000) problems.push("larger than 500 KB");
  const lens = LensRules.safeParse(JSON.parse(json));
  if (!lens.success)
    return [...problems, ...lens.error.issues.map((issue) => `${issue.path.join(".")}: ${issue.message}`)];
  const { pillars } = lens.data;
  unique(
    "pillar",
    pillars.map((pillar) => pillar.id),
  );
  const questions = pillars.flatMap((pillar) => pillar.questions);
  unique(
    "question",
    questions.map((question) => question.id),
  );
  unique(
    "choice",
    questions.flatMap((question) => question.choices.map((choice) => choice.id)),
  );
  for (const { id, choices, riskRules } of questions) {
    for (const choice of choices) {
      const isNone = choice.id.endsWith("_no");
      if (!isNone && !choice.improvementPlan) problems.push(`${id}: ${choice.id} has no improvement plan`);
    }
    if (choices.filter((choice) => choice.id.endsWith("_no")).length > 1) problems.push(`${id}: two "none of these"`);
    unique(
      `risk of ${id}`,
      riskRules.map((rule) => rule.risk),
    );
    if (riskRules.filter((rule) => rule.condition === "default").length !== 1) problems.push(`${id}: not one default`);
    if (riskRules.at(-1)?.condition !== "default") problems.push(`${id}: default isn't last`);
    for (const { condition } of riskRules) {
      if (condition === "default") continue;
      if (!/^[\w\s&|!()]+$/.test(condition)) problems.push(`${id}: "${condition}" has other operators`);
      for (const [name] of condition.matchAll(/\w+/g)) {
        if (!choices.some((choice) => choice.id === name))
          problems.push(`${id}: rule speaks of ${name}, which isn't there`);
      }
    }
  }
  return problems;

  function unique(what: string, ids: string[]): void {
    for (const id of ids.filter((item, index) => ids.indexOf(item) !== index)) problems.push(`${what} ${id} twice`);
  }
}

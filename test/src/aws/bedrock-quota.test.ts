import { describe, expect, it, onTestFinished } from "vitest";
import { createBedrock } from "../../../src/aws/bedrock.ts";
import { createQuotaTranslator } from "../../../src/aws/bedrock-quota.ts";
import { type Answer, startBedrock } from "../../stand-ins/bedrock/server.ts";

async function translating(question: string, answer: Answer, aliases = ["prod"]) {
  const standIn = await startBedrock({ model: () => answer });
  const bedrock = createBedrock({
    modelId: "eu.anthropic.claude-haiku-4-5-20251001-v1:0",
    region: "eu-west-1",
    endpoint: standIn.endpoint,
    credentials: { accessKeyId: "AKIDEXAMPLE", secretAccessKey: "secret" },
    timer: { now: () => performance.now(), sleep: async () => undefined },
    log: { info: () => undefined, warn: () => undefined },
  });
  onTestFinished(async () => {
    bedrock.close();
    await standIn.close();
  });
  return createQuotaTranslator({ bedrock }).translate(question, aliases);
}

const where = { regions: ["eu-west-1"], accounts: [] };
const run = (count: number, purchase = "on-demand") => ({
  query: { kind: "run", instances: [{ type: "m7g.2xlarge", count }], purchase, ...where },
});
const QUESTION = "would Dublin cope if three teams took 300 m7g.2xlarge";

describe("a model may only translate a quota question", () => {
  it("into the typed query", async () => {
    expect(await translating(QUESTION, { input: run(300) })).toEqual(run(300).query);
  });

  it("keeps a storage amount in the quota's unit", async () => {
    const query = { kind: "room", subjects: ["ebs-gp3"], amount: 2, demand: "more", ...where };
    expect(await translating("could we put 2,048 GiB on top of it, gp3 that is", { input: { query } })).toEqual(query);
  });

  it.each([
    ["a number that nobody said", run(900)],
    ["Spot that nobody said", run(300, "spot")],
    ["a type that nobody said", { query: { ...run(300).query, instances: [{ type: "p5.48xlarge", count: 300 }] } }],
    ["an account that isn't listed", { query: { ...run(300).query, accounts: ["payroll"] } }],
    ["a quota that doesn't exist", { query: { kind: "room", subjects: ["all-of-it"], demand: "more", ...where } }],
    ["a service that doesn't exist", { query: { kind: "closest", services: ["everything"], top: 5, ...where } }],
    ["an answer instead of a query", { query: { kind: "answer", text: "Yes" } }],
    ["null", { query: null }],
  ])("%s is no reading", async (_, input) => {
    expect(await translating(QUESTION, { input })).toBeNull();
  });

  it("a model that can't be asked is no reading either", async () => {
    expect(await translating(QUESTION, { status: 403, error: "AccessDeniedException" })).toBeNull();
  });
});

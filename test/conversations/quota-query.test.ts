import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { describeQuotaQuery, parseQuotaQuestion } from "../../conversations/quota-query.ts";
import { QuotaQuery } from "../../src/domain/quota-query.ts";
import { expectGrowsGently } from "../growth.ts";

const where = { accounts: [] as string[], regions: [] as string[] };
const run = (instances: [string, number][], regions: string[] = [], purchase = "on-demand") => ({
  kind: "run",
  instances: instances.map(([type, count]) => ({ type, count })),
  purchase,
  accounts: [],
  regions,
});
const room = (subjects: string[], demand: string, amount?: number, regions: string[] = []) => ({
  kind: "room",
  subjects,
  demand,
  ...(amount === undefined ? {} : { amount }),
  accounts: [],
  regions,
});
const closest = (services: string[], top: number, regions: string[] = []) => ({
  kind: "closest",
  services,
  top,
  accounts: [],
  regions,
});

const UNDERSTOOD: [question: string, query: unknown][] = [
  ["can we run 300 m7g.2xlarge in eu-west-1?", run([["m7g.2xlarge", 300]], ["eu-west-1"])],
  ["Can we run 300 more M7G.2XLARGE in Ireland", run([["m7g.2xlarge", 300]], ["eu-west-1"])],
  ["300x m7g.2xlarge", run([["m7g.2xlarge", 300]])],
  ["300 × m7g.2xlarge in Frankfurt", run([["m7g.2xlarge", 300]], ["eu-central-1"])],
  ["m7g.2xlarge x 300", run([["m7g.2xlarge", 300]])],
  ["1,200 c7g.xlarge", run([["c7g.xlarge", 1_200]])],
  ["2k t3.micro in us east 2", run([["t3.micro", 2_000]], ["us-east-2"])],
  [
    "200 m7g.large and 40 c7g.xlarge in Ohio",
    run(
      [
        ["m7g.large", 200],
        ["c7g.xlarge", 40],
      ],
      ["us-east-2"],
    ),
  ],
  ["could we start 50 spot instances of g5.xlarge in N. Virginia", run([["g5.xlarge", 50]], ["us-east-1"], "spot")],
  ["2 u-6tb1.112xlarge in Oregon", run([["u-6tb1.112xlarge", 2]], ["us-west-2"])],
  ["10 dl1.24xlarge", run([["dl1.24xlarge", 10]])],
  ["20 mac2.metal", run([["mac2.metal", 20]])],
  ["40 r7iz.metal-16xl in são paulo", run([["r7iz.metal-16xl", 40]], ["sa-east-1"])],
  ["how much gp3 is left in Ohio", room(["ebs-gp3"], "more", undefined, ["us-east-2"])],
  ["how much gp3 is left in Ohio and Ireland", room(["ebs-gp3"], "more", undefined, ["us-east-2", "eu-west-1"])],
  ["room for 20 TiB more gp3", room(["ebs-gp3"], "more", 20)],
  ["can we add 512 GiB of io2 in London?", room(["ebs-io2"], "more", 0.5, ["eu-west-2"])],
  ["enough storage on ebs for 10 TB?", room(["ebs-gp3"], "more", 10)],
  ["is there room for 50,000 iops of io2", room(["ebs-iops-io2"], "more", 50_000)],
  ["piops left?", room(["ebs-iops-io1", "ebs-iops-io2"], "more")],
  ["enough Lambda concurrency for 4000?", room(["lambda-concurrency"], "total", 4_000)],
  ["enough lambda concurrency for 4k in Tokyo", room(["lambda-concurrency"], "total", 4_000, ["ap-northeast-1"])],
  ["can lambda take 500 more", room(["lambda-concurrency"], "more", 500)],
  ["can SES send 2 million mails a day?", room(["ses-daily"], "total", 2_000_000)],
  ["2.5 million recipients in 24 hours", room(["ses-daily"], "total", 2_500_000)],
  ["can we send 100 emails per second", room(["ses-rate"], "total", 100)],
  ["how many elastic ips do we have left", room(["elastic-ips"], "more")],
  ["3 more EIPs in Sydney", room(["elastic-ips"], "more", 3, ["ap-southeast-2"])],
  ["nat gateways left in eu-west-1", room(["nat-gateways"], "more", undefined, ["eu-west-1"])],
  ["room for 2 vpcs", room(["vpcs"], "more", 2)],
  ["how many more ALBs can we create", room(["albs"], "more")],
  ["are 10 load balancers ok", room(["albs", "nlbs"], "more", 10)],
  ["prewarm: 3000 LCUs for the alb", room(["alb-lcus"], "more", 3_000)],
  ["enough dynamodb write capacity for 60000", room(["dynamodb-write"], "total", 60_000)],
  ["40 more rds instances", room(["rds-instances"], "more", 40)],
  ["how many G vCPUs are left", room(["ec2-g"], "more")],
  ["500 vcpus of standard", room(["ec2-standard"], "more", 500)],
  ["how many spot vcpus are left", room(["spot-standard"], "more")],
  ["inferentia left in Ohio?", room(["ec2-inf"], "more", undefined, ["us-east-2"])],
  ["gpu left?", room(["ec2-g"], "more")],
  ["what's closest to its limit", closest([], 5)],
  ["What is closest to its limit in Frankfurt?", closest([], 5, ["eu-central-1"])],
  ["which ebs quota is running out", closest(["ebs"], 5)],
  ["", closest([], 5)],
  ["in Ohio?", { unclear: expect.stringContaining("Which quota") }],
  ["show me all of ec2", closest(["ec2"], 10)],
  ["lambda", closest(["lambda"], 10)],
  ["quotas for rds in Ireland", closest(["rds"], 10, ["eu-west-1"])],
  ["will our auto scaling groups fit at peak?", { kind: "groups", ...where }],
  ["do all asgs fit at their maximum in Ireland", { kind: "groups", accounts: [], regions: ["eu-west-1"] }],
];

describe("a quota question in plain words", () => {
  it.each(UNDERSTOOD)("understands %j", (question, query) => {
    expect(parseQuotaQuestion(question)).toEqual(query);
  });
});

describe("an unclear question gets one question back", () => {
  it.each([
    ["can we run m7g.2xlarge in Ireland?", "How many m7g.2xlarge?"],
    ["can we run 300 m7g in Ireland?", "Which size of m7g?"],
    ["300 instances in Ireland", "Which instance type?"],
    ["how much gp3 is left in Canada", "Montreal (ca-central-1) or Calgary (ca-west-1)"],
    ["40 c7g.large in us-east", "N. Virginia (us-east-1) or Ohio (us-east-2)"],
    ["20 more gp3", "GiB or TiB?"],
    ["are we fine?", "Which quota is it about?"],
    ["enough lambda for 3000 or 4000", "Which of these numbers"],
    ["spot vcpus of hpc", "no Spot quota"],
  ])("%j", (question, back) => {
    const parsed = parseQuotaQuestion(question);
    expect(parsed).toHaveProperty("unclear", expect.stringContaining(back));
  });
});

describe("what was understood is shown back", () => {
  it.each([
    ["can we run 1,300 m7g.2xlarge in Ireland?", "1,300 m7g.2xlarge On-Demand in eu-west-1"],
    ["enough Lambda concurrency for 4000?", "Lambda concurrent executions: 4,000 in all"],
    ["room for 20 TiB more gp3", "gp3 storage: 20 TiB more"],
    ["what's closest to its limit", "what is closest to its quota"],
  ])("%j", (question, words) => {
    const parsed = parseQuotaQuestion(question);
    if ("unclear" in parsed) throw new Error(parsed.unclear);
    expect(describeQuotaQuery(parsed)).toBe(words);
  });
});

describe("whatever people type", () => {
  const words = fc.constantFrom(
    "300",
    "4k",
    "m7g.2xlarge",
    "gp3",
    "in",
    "Ohio",
    "left",
    "lambda",
    "spot",
    "x",
    "1,200",
    "TiB",
    "closest",
    "asgs",
    "fit",
    "?",
    "ec2",
    "more",
    "canada",
    "(",
    "\\",
    "é",
  );

  it("is a query that passes the schema, or one question back", () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.array(words, { maxLength: 12 }).map((each) => each.join(" ")),
        ),
        (text) => {
          const parsed = parseQuotaQuestion(text);
          if ("unclear" in parsed) expect(parsed.unclear).toMatch(/\?|\./);
          else expect(QuotaQuery.parse(parsed)).toEqual(parsed);
        },
      ),
      { seed: 20261123, numRuns: 500 },
    );
  });

  it("is read without much ado, however long it is", () => {
    const long = "will our asgs fit ".repeat(500) + "300 of the our more spot ".repeat(300);
    expectGrowsGently((length) => parseQuotaQuestion(long.slice(0, length)), long.length);
  });
});

describe("accounts in a question", () => {
  const read = (text: string) => parseQuotaQuestion(text, ["prod", "staging-eu"]);

  it.each([
    ["how much gp3 is left in prod", ["prod"]],
    ["300 m7g.2xlarge in staging-eu in Ireland", ["staging-eu"]],
    ["what's closest to its limit in the account prod?", ["prod"]],
    ["how much gp3 is left in account 111122223333", ["111122223333"]],
    ["how much gp3 is left in arn:aws:iam::111122223333:role/x", ["arn:aws:iam::111122223333:role/x"]],
    ["how much gp3 is left in account payments", ["payments"]],
    ["how much gp3 is left", []],
    ["what is closest to its limit in this account", []],
  ])("%s", (text, accounts) => {
    expect(read(text)).toMatchObject({ accounts });
  });

  it("are shown back", () => {
    const query = read("how much gp3 is left in prod in Ohio");
    expect("unclear" in query ? query.unclear : describeQuotaQuery(query)).toBe(
      "what is left of gp3 storage in prod, us-east-2",
    );
  });
});

import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { eventually } from "./program.ts";
import { type Launch, launch, questionCard, sessionWith, wordsOf } from "./quotas.ts";

/** The Service Quotas module and quota questions, on the real program with AWS there, denied, slow and gone. */

const thread = async ({ client }: Launch, about = "Service Quotas:") =>
  (await client.messages()).find((message) => message.text.startsWith(about))?.id ?? "";

const all = async ({ client }: Launch, as = "fay") =>
  (await client.messages(as)).map((message) => wordsOf(message.card)).join("\n");

const last = async (run: Launch, as = "fay") => (await run.whispers(as)).at(-1) ?? "";

describe("with AWS there", () => {
  let run: Launch;
  let session: string;
  const press = async (as: string, verb: string, from = "fay") => {
    const button = (await run.buttons(from)).find((one) => one.verb === verb);
    if (button === undefined) throw new Error(`No button "${verb}"`);
    await run.client.act(as, verb, button.data);
    return button;
  };

  beforeAll(async () => {
    run = await launch();
    session = await sessionWith(run.client);
    await run.client.flush();
    await run.client.say("fay", "/readiness assign manager @fay");
    await run.client.act("omar", "claim", { session, module: "service-quotas" });
    await run.client.flush();
  }, 60_000);
  afterAll(() => run.end());

  it("a question arrives with what AWS says, worst first, with place and time", async () => {
    const card = await questionCard(run.client, "Q1");
    expect(card).toContain(
      "AWS says\n•  Running On-Demand Standard: 96 of 1,152 vCPU in use; 7,200 (625%) at 3× peak.",
    );
    expect(card).toContain("prod · eu-west-1 · read {{TIME(2026-10-28T09:00:00Z)}}");
  });

  it("the risk is there before anybody answers, and no account id is anywhere", async () => {
    const words = await all(run);
    expect(words).toMatch(/Service Quotas\n.*0\/7\n🔴 high risk/);
    expect(words).not.toContain("111122223333");
  });

  it('"right" is enough where AWS has answered', async () => {
    await run.client.say("omar", "right", await thread(run));
    await run.client.flush();
    const words = await all(run, "omar");
    expect(words).toContain("Q1 ✓");
    expect(words).not.toContain("one thing I can't see");
    expect(await questionCard(run.client, "Q2")).toContain("2,400 with every group at its maximum");
  });

  it("answers in plain words: no first, then the sum, then what can be done", async () => {
    await run.client.say("fay", "/readiness quotas can we run 300 m7g.2xlarge?");
    await run.client.flush();
    const [reading, answer] = (await run.whispers("fay")).slice(-2);
    expect(reading).toBe("Reading AWS: 300 m7g.2xlarge On-Demand.");
    expect(answer).toContain("No. 300 × 8 = 2,400 vCPU; you have room for 1,056.\n");
    expect(answer).toContain("96 of 1,152 vCPU in use (prod, eu-west-1, read 09:00). Short by 1,344.");
    expect(answer).toContain("[Ask AWS for 2,880]");
    expect(await all(run, "omar")).not.toContain("you have room for 1,056");
  });

  it("others than managers get a sentence instead of the button, and on the button", async () => {
    await run.client.say("omar", "/readiness quotas can we run 300 m7g.2xlarge?");
    await run.client.flush();
    expect(await last(run, "omar")).toContain("Only a manager can ask AWS for more: Fay.");
    expect((await run.buttons("omar")).map((one) => one.verb)).toEqual(["run"]);
    await press("omar", "raise");
    expect(await last(run, "omar")).toContain("Only a manager of this session can ask AWS for more.");
  });

  it("files what was confirmed, once, with the write role, and tells the thread", async () => {
    await press("fay", "raise");
    await run.client.flush();
    expect(await last(run)).toContain("Today\n1,152 vCPU\nNew\n2,880 vCPU\nWhy\n2,496 vCPU needed, + 15%");
    expect(run.aws.actions()).not.toContain("servicequotas:RequestServiceQuotaIncrease");
    const button = await press("fay", "file_increase");
    await run.client.act("fay", "file_increase", button.data);
    await run.client.flush();
    await run.client.act("fay", "file_increase", button.data);
    await run.client.flush();
    const filed = run.aws.calls.filter((call) => call.action === "servicequotas:RequestServiceQuotaIncrease");
    expect(filed).toMatchObject([
      { outcome: "ok", role: "arn:aws:iam::111122223333:role/t-minus-raise", input: { DesiredValue: 2_880 } },
    ]);
    const root = await thread(run);
    const told = (await run.client.messages()).filter(
      (message) => message.thread === root && message.text.startsWith("AWS is asked for"),
    );
    expect(told.map((message) => wordsOf(message.card))).toEqual([
      expect.stringContaining("Fay asked AWS for 2,880 vCPU of Running On-Demand Standard (prod, eu-west-1)"),
    ]);
    expect(await last(run)).toContain("is filed already");
  });

  it("a tampered button changes nothing: the value is computed, the code looked up", async () => {
    const before = run.aws.calls.length;
    await run.client.act("fay", "raise", { session, arg: '{"value":99999}' });
    await run.client.act("fay", "file_increase", { session, arg: "raise-o-1" });
    await run.client.flush();
    const calls = run.aws.calls.slice(before).map((call) => call.action);
    expect(calls).not.toContain("servicequotas:RequestServiceQuotaIncrease");
  });

  it("an answer of AWS's that gets lost files nothing twice", async () => {
    await run.client.say("fay", "/readiness quotas how much gp3 is left");
    await run.client.flush();
    await press("fay", "raise");
    await run.client.flush();
    run.aws.fault({ action: "servicequotas:RequestServiceQuotaIncrease", kind: "drop", times: 1 });
    await press("fay", "file_increase");
    await run.client.flush();
    const storage = run.region.requests?.filter((request) => request.code === "L-7A658B76");
    expect(storage).toMatchObject([{ desired: 112 }]);
    expect(await last(run)).toContain("Filed: 112 TiB of gp3 storage");
  });

  it("follows it every day until it is closed, and tells what changed once", async () => {
    const to = (day: string) => run.client.send("POST", "/clock", { to: `${day}T10:00:00Z` });
    await to("2026-10-30");
    expect(await all(run)).not.toContain("support case is open");
    const request = run.region.requests?.[0];
    if (request === undefined) throw new Error("Nothing was filed");
    request.status = "CASE_OPENED";
    await to("2026-11-01");
    await to("2026-11-22");
    const words = await all(run);
    expect(words.match(/AWS looks at the increase of/g)).toHaveLength(1);
    expect(words).toContain("Late: AWS hasn't closed the increase of Running On-Demand Standard to 2,880 vCPU");
    for (const one of run.region.requests ?? []) one.status = "APPROVED";
    await to("2026-11-24");
    expect(await all(run)).toContain("AWS approved 2,880 vCPU of Running On-Demand Standard.");
    const before = run.aws.calls.length;
    await to("2026-11-26");
    const calls = run.aws.calls.slice(before).map((call) => call.action);
    expect(calls).not.toContain("servicequotas:GetRequestedServiceQuotaChange");
  }, 60_000);
});

describe("with AWS in trouble", () => {
  let run: Launch | undefined;
  afterEach(async () => {
    await run?.end();
    run = undefined;
  });

  const asked = async (launched: Launch, flush = true) => {
    const session = await sessionWith(launched.client);
    const posted = () => eventually("the module stands", async () => (await thread(launched)) || undefined);
    if (flush) await launched.client.flush();
    await posted();
    await launched.client.act("omar", "claim", { session, module: "service-quotas" });
    return session;
  };

  it("denied: the question comes, and names the missing action", async () => {
    run = await launch({ faults: [{ action: "autoscaling:DescribeAutoScalingGroups", kind: "deny" }] });
    await asked(run);
    await run.client.flush();
    await run.client.say("omar", "skip", await thread(run));
    await run.client.flush();
    const card = await questionCard(run.client, "Q2");
    expect(card).toContain("AWS couldn't tell (prod, eu-west-1): autoscaling:DescribeAutoScalingGroups is not allowed");
    expect(card).toContain("Your answer counts just the same.");
    await run.client.say("fay", "/readiness quotas do all our groups fit?");
    await run.client.flush();
    expect(await last(run)).toContain("autoscaling:DescribeAutoScalingGroups is not allowed");
  }, 60_000);

  it("slow: the next question waits for nobody, and is edited when AWS has spoken", async () => {
    run = await launch({ faults: [{ action: "*", kind: "slow", ms: 1_500 }] });
    const launched = run;
    await asked(launched, false);
    await eventually("Q1 is asked", async () => (await questionCard(launched.client, "Q1")) || undefined);
    await launched.client.say("omar", "skip", await thread(launched));
    const first = await eventually("Q2 is asked", () => questionCard(launched.client, "Q2"));
    // AWS hasn't spoken yet, and the question stands.
    expect(first).toContain("Reading AWS; what it says appears here.");
    const later = await eventually(
      "Q2 shows what AWS says",
      async () => {
        const card = await questionCard(launched.client, "Q2");
        return card?.includes("AWS says") ? card : undefined;
      },
      40_000,
    );
    expect(later).toContain("2,400 with every group at its maximum");
    const cards = (await launched.client.messages()).filter((message) => message.text.startsWith("Q2:"));
    expect(cards).toHaveLength(1);
  }, 90_000);

  it("gone: said once, plainly, and nobody is held up", async () => {
    run = await launch({ gone: true });
    await asked(run);
    await run.client.flush();
    await run.client.say("omar", "skip", await thread(run));
    await run.client.flush();
    expect(await questionCard(run.client, "Q2")).toBeDefined();
    const words = await all(run);
    expect(words.match(/AWS can't be reached/g)).toHaveLength(1);
    expect(words).toContain("Answer from what you know; it counts the same.");
    await run.client.say("fay", "/readiness quotas how much gp3 is left");
    await run.client.flush();
    expect(await last(run)).toMatch(/^I can't tell: AWS can't be reached/);
    await run.client.say("fay", "/readiness evidence");
    const ended = await eventually("how the reading ended", async () => {
      const words = (await run?.whispers("fay"))?.at(-1) ?? "";
      return /Reading AWS now|can't tell/.test(words) ? undefined : words;
    });
    expect(ended).toContain("I couldn't read AWS (prod: AWS can't be reached");
  }, 60_000);

  it("an account that is limited to other channels is neither offered nor read", async () => {
    run = await launch({ allow: { channels: ["launches"] } });
    await run.client.say("fay", '/readiness start "Sale" 2026-11-27 --tz UTC --accounts prod');
    await run.client.flush();
    expect(await last(run)).toContain(`I may not read the account "prod" from this channel; nothing was started.`);
    await run.client.say("fay", '/readiness start "Sale" 2026-11-27 --tz UTC');
    await run.client.say("fay", "/readiness quotas how much gp3 is left");
    await run.client.say("fay", "/readiness quotas how much gp3 is left in account prod");
    await run.client.flush();
    expect(await last(run)).toContain("prod isn't open to this place.");
    expect(run.aws.calls).toEqual([]);
  }, 60_000);
});

describe("without AWS", () => {
  it("says why there is no answer", async () => {
    const run = await launch({
      environment: { AWS_ENDPOINT_URL: "", AWS_REGION: "", AWS_ACCOUNTS: "" },
    });
    try {
      await run.client.say("fay", "/readiness quotas how much gp3 is left");
      expect(await last(run)).toContain("I can't look at quotas: AWS isn't connected");
      await run.client.say("fay", "/readiness quotas");
      expect(await last(run)).toContain("/readiness quotas can we run 300 m7g.2xlarge in eu-west-1?");
    } finally {
      await run.end();
    }
  }, 60_000);
});

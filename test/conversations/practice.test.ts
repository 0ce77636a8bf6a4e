import { describe, expect, it } from "vitest";
import { standardCatalogue as catalogue } from "../../conversations/catalogue/index.ts";
import { missingPoints } from "../../conversations/follow-up.ts";
import { occurs, patternProblem, readable } from "../../conversations/patterns.ts";
import { practiceSubjects } from "../../conversations/practice.ts";
import { durationsIn, numbersIn } from "../../conversations/practice-figures.ts";
import { generatorFor, targetRps } from "../../conversations/practice-load-test.ts";
import { ASSESSMENT, isMet } from "../../conversations/practice-resilience-hub.ts";
import { shopOperations } from "../../conversations/practice-shop-operations.ts";
import { shopPerformance } from "../../conversations/practice-shop-performance.ts";
import { shopQuotas } from "../../conversations/practice-shop-quotas.ts";
import { shopResilience } from "../../conversations/practice-shop-resilience.ts";
import { questionStep, resembled } from "../../conversations/practice-steps.ts";
import { isNoneOfThese } from "../../conversations/reading.ts";
import { riskOf } from "../../conversations/risk.ts";
import type { Inbound } from "../../src/domain/inbound.ts";
import type { Message } from "../../src/domain/message.ts";
import type { Reply } from "../../src/domain/ports.ts";
import { Room, said, startedRoom, wordsOf } from "./room.ts";

const samples = [...shopPerformance, ...shopResilience, ...shopOperations, ...shopQuotas];
const questions = catalogue.modules.flatMap((module) => module.questions);
const named = samples.map((sample) => [sample.id, sample] as const);

describe("the sample workload", () => {
  it("tells something about each of the 23 questions", () => {
    expect(samples.map(({ id }) => id).sort()).toEqual(questions.map(({ id }) => id).sort());
  });

  it.each(named)("%s: its good answer leaves nothing open, and finds every weakness that is planted", (id, sample) => {
    const question = catalogue.question(id)!;
    expect(missingPoints(question, sample.model, new Set())).toEqual([]);
    const judged = questionStep(sample, catalogue)!.judge(sample.model, {});
    if ("again" in judged) throw new Error(judged.again);
    expect(judged.weaknesses.filter((one) => !one.found)).toEqual([]);
    expect(judged.dangerous).toBeUndefined();
  });

  it.each(named)("%s: what is true of it is among the choices, and is a risk", (id, sample) => {
    const question = catalogue.question(id)!;
    const own = question.choices.map((choice) => choice.id);
    expect(sample.holds.filter((choice) => !own.includes(choice))).toEqual([]);
    expect(sample.holds.some(isNoneOfThese)).toBe(false);
    expect(["HIGH_RISK", "MEDIUM_RISK"]).toContain(riskOf(question, new Set(sample.holds)).risk);
  });

  it.each(named)("%s: a shrug finds nothing, and a dangerous answer is told as one", (id, sample) => {
    const question = catalogue.question(id)!;
    const step = questionStep(sample, catalogue)!;
    const shrug = step.judge("hm, fine I suppose", {});
    expect("again" in shrug ? [] : shrug.weaknesses.filter((one) => one.found)).toEqual([]);
    for (const dangerous of question.dangerous) {
      const words = /^"([^"]+)"/.exec(dangerous)![1]!;
      const judged = step.judge(words, {});
      if ("again" in judged) throw new Error(judged.again);
      expect([words, judged.dangerous?.said]).toEqual([words, words]);
      expect(judged.weaknesses.some((one) => one.found)).toBe(false);
    }
    expect(resembled(question, question.example)).toBeUndefined();
  });

  it("holds fifty weaknesses, as its guide says", () => {
    expect(samples.flatMap((sample) => sample.weaknesses)).toHaveLength(50);
  });

  it("has patterns that can't be led astray", () => {
    for (const { weaknesses } of samples)
      for (const pattern of weaknesses.flatMap((one) => one.seen)) expect(patternProblem(pattern)).toBeUndefined();
  });

  it("has figures that add up", () => {
    const texts = Object.fromEntries(
      samples.map((sample) => [sample.id, sample.weaknesses.map((one) => one.text).join(" ")]),
    );
    expect(texts.P1).toContain((17_500 * 3).toLocaleString("en-GB"));
    expect(texts.P2).toContain(`${22 * 3} orders`);
    expect(texts.Q1).toContain((380 * 3).toLocaleString("en-GB"));
    expect(texts.Q2).toContain(`${120 * 4 + 60 * 2 + 48} vCPU against 512: short by ${648 - 512}`);
    expect(texts.Q3).toContain(`${Math.round((110 * 200 * 10) / 1024) / 10} TiB`);
    expect(texts.Q3).toContain(`${22 + 21.5 + 8} of 50`);
    expect(texts.Q5).toContain((5_100 * 3).toLocaleString("en-GB"));
    expect(texts.Q6).toContain(`${40 * 4} vCPU`);
    expect(texts.Q7).toContain((240_000 * 2 + 150_000).toLocaleString("en-GB"));
    expect(texts.R4).toContain(`${Math.round((66 * 48 * 60) / 1_000 / 10) * 10},000 EUR`);
    expect(targetRps()).toBe(4_485);
    expect(generatorFor(4_485)).toEqual({ users: 6_728, tasks: 27, vcpu: 54 });
    expect(ASSESSMENT.filter((row) => !isMet(row.rto)).map((row) => row.disruption)).toEqual([
      "Availability Zone",
      "Region",
    ]);
    expect(ASSESSMENT.filter((row) => !isMet(row.rpo)).map((row) => row.disruption)).toEqual(["Region"]);
  });
});

describe("reading figures", () => {
  it.each([
    ["1,150 x 3 x 1.3 = 4,485 rps", [1_150, 3, 1.3, 4_485]],
    ["about 4.5k", [4_500]],
    ["3x and 30% on top", []],
    ["at 09:00", []],
    ["27 tasks", [27]],
  ])("%s", (text, numbers) => {
    expect(numbersIn(text)).toEqual(numbers);
  });

  it.each([
    ["20 min, then a step in 90 s", [20, 1.5]],
    ["an hour", [60]],
    ["two hours or 45 minutes", [120, 45]],
    ["half an hour", [30]],
    ["2h", [120]],
    ["p99 800 ms", []],
  ])("%s", (text, minutes) => {
    expect(durationsIn(text)).toEqual(minutes);
  });
});

const direct = (room: Room, user: string, text: string): Reply | undefined => {
  const made = room.context().newId("t");
  const message: Inbound = {
    kind: "message",
    receipts: [`dm:${made}`],
    actor: room.actor(user),
    address: { platform: "web", workspace: "local", channel: `@${user}` },
    direct: true,
    messageId: made,
    sentAt: 1,
    text,
    mentions: [],
  };
  return room.deliver(message);
};

const words = (reply: Reply | undefined): string => (reply?.kind === "message" ? wordsOf(reply.message) : said(reply));

describe("practising", () => {
  it("lists the modules and the two walks, and says that nothing counts", () => {
    const reply = words(new Room().command("kim", "practice"));
    for (const { id } of practiceSubjects(catalogue)) expect(reply).toContain(`practice ${id}`);
    expect(reply).toContain("practice load-test");
    expect(reply).toContain("practice resilience-hub");
    expect(reply).toContain("nothing of it counts in a session");
    expect(words(new Room().command("kim", "practice cooking"))).toContain("There are performance, resilience");
  });

  it("asks one question at a time in a direct chat, and compares each plain reply with what good looks like", () => {
    const room = new Room();
    expect(words(direct(room, "kim", "practice resilience"))).toContain("Practice · Resilience · R1 · 1 of 6");
    const first = words(
      direct(
        room,
        "kim",
        "The release two days before; owner is checkout, it is moved to the 16th and can be rolled back",
      ),
    );
    expect(first).toContain("R1: 3 of 3 points, 1 of 3 weaknesses found.");
    expect(first).toContain("Hidden in the sample, and not in your answer\nThe stock job: 2.5 × 3 = 7.5 hours");
    expect(first).toContain(
      "True of the sample today: Risks are known, but some have no owner or no response. That is medium risk",
    );
    expect(first).toContain("Practice · Resilience · R2 · 2 of 6");
    const second = words(direct(room, "kim", "Everything is in two AZs."));
    expect(second).toContain("A dangerous answer.");
    expect(second).toContain("And the NAT gateway?");
    expect(second).toContain("R2: 0 of 3 points, 0 of 4 weaknesses found");
  });

  it("keeps no words of it, and where it stands survives: only events of the person", () => {
    const room = new Room();
    direct(room, "kim", "practice security");
    direct(room, "kim", "the secret sauce is a certificate that ends on 28 Nov");
    const kim = room.person(room.id("kim"));
    expect(JSON.stringify(kim)).not.toContain("sauce");
    expect(kim.practice?.results).toHaveLength(1);
    expect(words(direct(room, "kim", "practice"))).toContain("Practice · Security · S2 · 2 of 3");
  });

  it("never mixes with a session: its answers, posts and open questions stay as they are", () => {
    const room = startedRoom();
    room.press("kim", "claim", { module: "security" });
    room.run();
    const before = JSON.stringify(room.state);
    room.command("kim", "practice security");
    room.press("kim", "practice_answer", { arg: "practice:security:0" });
    room.deliver({
      kind: "form",
      receipts: ["form:1"],
      actor: room.actor("kim"),
      address: room.home,
      form: "answer",
      context: { arg: "practice:security:0" },
      values: { answer: "The agency's key, rotated on 9 Nov" },
    });
    direct(room, "kim", "practice");
    direct(room, "kim", "SSH with the team key.");
    expect(JSON.stringify(room.state)).toBe(before);
    expect(room.person(room.id("kim")).practice?.results.map((one) => one.step)).toEqual(["S1", "S2"]);
    room.say("kim", "security", "Rotated on 9 Nov, nothing expires before March, the agency's key is gone");
    expect(room.answer("S1")).toContain("9 Nov");
    expect(room.person(room.id("kim")).practice?.results).toHaveLength(2);
  });

  it("takes skip, why, stop and commands for what they are", () => {
    const room = new Room();
    direct(room, "kim", "practice monitoring");
    expect(words(direct(room, "kim", "why?"))).toContain("M1 · why it matters");
    expect(words(direct(room, "kim", "help"))).not.toContain("point");
    expect(
      words(
        direct(room, "kim", "status page, orders a minute below 80% pages the lead, p99, connections, one dashboard"),
      ),
    ).toContain("M1: 4 of 4 points");
    direct(room, "kim", "practice performance");
    expect(words(direct(room, "kim", "skip"))).toContain("A good answer: The NAT gateway gives way first");
    expect(words(direct(room, "kim", "stop"))).toContain("Practice of Performance ended. Nothing was answered.");
    expect(room.person(room.id("kim")).practice).toBeUndefined();
    expect(said(direct(room, "kim", "The NAT gateway"))).not.toContain("point");
  });

  it("takes a long reply for an answer in Teams too, where it comes as a command", () => {
    const room = new Room();
    const teams = (text: string) =>
      room.deliver({
        kind: "command",
        receipts: [`teams:${text}`],
        actor: { platform: "teams", workspace: "t1", user: "kim" },
        address: { platform: "teams", workspace: "t1", channel: "a:kim" },
        direct: true,
        text,
        mentions: [],
      });
    teams("practice monitoring");
    expect(words(teams("status"))).not.toContain("points");
    expect(
      words(teams("status page, orders a minute below 80% pages the lead, p99, connections, one dashboard")),
    ).toContain("M1: 4 of 4 points");
  });

  it("asks with a form where plain replies don't reach us, and refuses an old one", () => {
    const room = new Room();
    room.command("kim", "practice quotas");
    const press = (action: string, arg: string) =>
      room.deliver({
        kind: "action",
        receipts: [`a:${room.context().newId("t")}`],
        actor: room.actor("kim"),
        address: room.home,
        action,
        value: { arg },
        inputs: {},
      });
    expect(said(press("practice_answer", "practice:service-quotas:0"))).toBe("form:answer");
    expect(words(press("practice_skip", "practice:service-quotas:0"))).toContain("2 of 7");
    expect(words(press("practice_skip", "practice:service-quotas:0"))).toContain("2 of 7");
    expect(room.person(room.id("kim")).practice?.results).toHaveLength(1);
  });

  it("plans a load test with the figures that are answered", () => {
    const room = new Room();
    direct(room, "kim", "practice load-test");
    expect(words(direct(room, "kim", "a lot"))).toContain("I need a figure");
    expect(words(direct(room, "kim", "3 x 1,150 = 3,450 rps"))).toContain(
      "1,150 × 3 (peak) = 3,450 requests/s; × 1.3 (factor) = 4,485",
    );
    expect(words(direct(room, "kim", "a slow ramp of 20 minutes, then a step in 2 minutes"))).toContain(
      "Ramp: 2 of 2 points",
    );
    expect(words(direct(room, "kim", "20 minutes"))).toContain("Duration: 0 of 2 points");
    const tasks = words(direct(room, "kim", "5,175 users, 21 tasks"));
    expect(tasks).toContain("3,450 × 1.5 s = 5,175 virtual users; ÷ 250 = 21 tasks");
    expect(tasks).toContain("21 tasks with 2 vCPU each");
    const quota = words(direct(room, "kim", "42 vCPU of 42 free, it fits, but it belongs in its own account"));
    expect(quota).toContain("21 × 2 = 42 vCPU; free are 64 − 22 = 42. 0 to spare.");
    const end = words(
      direct(
        room,
        "kim",
        "p99 below 800 ms, errors under 0.1%, the rate held; the on-call stops it when customers fail",
      ),
    );
    expect(end).toContain("Target: 3,450 requests/s");
    expect(end).toContain("Generator: 42 vCPU on Fargate");
    expect(end).toContain("Look again at");
  });

  it("computes the shortfall of the generator when the target carries the factor", () => {
    const room = new Room();
    direct(room, "kim", "practice load-test");
    direct(room, "kim", "4,485 rps");
    direct(room, "kim", "skip");
    direct(room, "kim", "2 hours");
    direct(room, "kim", "27 tasks");
    const quota = words(direct(room, "kim", "54 vCPU don't fit into 42, we file an increase and use another account"));
    expect(quota).toContain("27 × 2 = 54 vCPU; free are 64 − 22 = 42. Short by 12.");
    expect(quota).toContain("Ask for 88 (76 needed, + 15%).");
    expect(quota).toContain("2 of 2 points, 1 of 1 weakness found");
  });

  it("confirms RTO and RPO row by row on the sample assessment", () => {
    const room = new Room();
    const first = direct(room, "kim", "practice resilience-hub");
    const table = (first as { message: Message }).message.blocks.find((block) => block.kind === "table");
    expect(table?.rows).toContainEqual(["Availability Zone", "15 min", "3 h 10 min", "5 min", "5 min"]);
    const rto = words(direct(room, "kim", "Availability Zone by almost three hours, and Region"));
    expect(rto).toContain("RTO by row: 4 of 4 points");
    expect(rto).toContain("Availability Zone: 3 h 10 min against 15 min, missed by 2 h 55 min.");
    expect(words(direct(room, "kim", "Region only"))).toContain("RPO by row: 4 of 4 points");
    expect(words(direct(room, "kim", "no, it is older than the new queue; run it again"))).toContain(
      "1 of 1 weakness found",
    );
    expect(words(direct(room, "kim", "Multi-AZ by 10 Nov, owner Database, failover forced"))).toContain(
      "3 of 3 points",
    );
    expect(words(direct(room, "kim", "10 minutes"))).toContain("0 of 3 points");
    expect(room.person(room.id("kim")).practice).toBeUndefined();
  });
});

describe("a pattern of the sample", () => {
  it("is met by the words people use", () => {
    const seen = shopPerformance[0]!.weaknesses[0]!.seen[0]!;
    expect(occurs(seen, readable("Our single NAT"))).toBe(true);
  });
});

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { COMMAND_NAMES, COMMAND_USAGE, isExactlyCommand, parseCommand } from "../../conversations/command.ts";
import type { Mention } from "../../src/domain/inbound.ts";
import { expectGrowsGently } from "../growth.ts";

const priya: Mention = { label: "@Priya Shah", user: "U1", name: "Priya Shah" };
const sam: Mention = { label: "@sam", user: "U2" };
const bot: Mention = { label: "@T-Minus", user: "B1", isBot: true };
const parse = (text: string, mentions: Mention[] = []) => parseCommand(text, mentions);
const problemOf = (text: string, mentions: Mention[] = []) => {
  const parsed = parse(text, mentions);
  return "problem" in parsed ? parsed.problem : `no problem: ${JSON.stringify(parsed)}`;
};

describe("the empty command", () => {
  it.each(["", "   ", "\n", "readiness", "/readiness  "])("%j opens the menu", (text) => {
    expect(parse(text)).toEqual({ name: "menu" });
  });
  it("may be preceded by the word readiness", () => {
    expect(parse("readiness status")).toEqual({ name: "status" });
    expect(parse("/readiness status")).toEqual({ name: "status" });
  });
});

describe("start", () => {
  it("takes a name in quotes and leaves the date raw", () => {
    const expected = { name: "start", event: "Black Friday", when: "2026-11-27", options: {} };
    expect(parse('start "Black Friday" 2026-11-27')).toEqual(expected);
    expect(parse("start “Black Friday” 2026-11-27")).toEqual(expected);
    expect(parse("start ‘Black Friday’ 2026-11-27")).toEqual(expected);
    expect(parse("start 'Black Friday' 2026-11-27")).toEqual(expected);
    expect(parse('START  "Black Friday"   2026-11-27 ')).toEqual(expected);
  });
  it("keeps apostrophes inside a name", () => {
    expect(parse('start "Mother\'s Day" 10 May')).toMatchObject({ event: "Mother's Day", when: "10 May" });
    expect(parse("start 'Mother's Day' 10 May")).toMatchObject({ event: "Mother's Day", when: "10 May" });
    expect(parse("start Mother's Day 10 May")).toMatchObject({ event: "Mother's Day", when: "10 May" });
  });
  it("finds the date after an unquoted name, also when the name contains a weekday", () => {
    expect(parse("start Black Friday 27 Nov 09:00")).toMatchObject({ event: "Black Friday", when: "27 Nov 09:00" });
    expect(parse("start Spring launch next friday")).toMatchObject({ event: "Spring launch", when: "next friday" });
    expect(parse("start 2026-11-27")).toEqual({ name: "start", when: "2026-11-27", options: {} });
    expect(parse("start Black Friday")).toEqual({ name: "start", event: "Black Friday", options: {} });
    expect(parse("start")).toEqual({ name: "start", options: {} });
  });
  it("reads every option", () => {
    expect(
      parse(
        'start "Black Friday" 2026-11-27 09:00 --workload "web shop" --tz europe/london --accounts prod, payments ' +
          "--regions eu-west-1,us-east-1 --services ec2,SES --hosts shop.example.com, https://pay.example.com/ --peak 3x " +
          '--load-target "900 rps p99 800ms" --from s-7k2m9q4x',
      ),
    ).toEqual({
      name: "start",
      event: "Black Friday",
      when: "2026-11-27 09:00",
      options: {
        workload: "web shop",
        tz: "Europe/London",
        accounts: ["prod", "payments"],
        regions: ["eu-west-1", "us-east-1"],
        services: ["ec2", "ses"],
        hosts: ["shop.example.com", "pay.example.com"],
        peak: 3,
        loadTarget: { rps: 900, p99ms: 800 },
        from: "s-7k2m9q4x",
      },
    });
  });
  it("takes quoted lists, = and the dashes that phones make of --", () => {
    expect(parse('start "X" 27 Nov --regions "eu-west-1, us-east-1" —peak=2.5 –tz "New York"')).toMatchObject({
      when: "27 Nov",
      options: { regions: ["eu-west-1", "us-east-1"], peak: 2.5, tz: "America/New_York" },
    });
  });
  it("keeps in mind that an abbreviation is a guess", () => {
    expect(parse("start X 27 Nov --tz IST")).toMatchObject({ options: { tz: "Asia/Kolkata", tzIsGuess: true } });
    expect(parse("start X 27 Nov --tz Asia/Kolkata")).toMatchObject({ options: { tz: "Asia/Kolkata" } });
  });
  it("lets the date follow the options", () => {
    expect(parse('start --tz UTC --regions eu-west-1 , us-east-1 "X" 2026-11-27')).toMatchObject({
      event: "X",
      when: "2026-11-27",
      options: { tz: "UTC", regions: ["eu-west-1", "us-east-1"] },
    });
  });
  it.each([
    ["start X --region eu-west-1", "--region. Did you mean: --regions eu-west-1,us-east-1?"],
    ["start X --peak lots", 'I can\'t read "lots" as a peak, so nothing was started.'],
    ["start X --peak 0x", "Write how many times the normal load: --peak 3x."],
    ["start X --regions ireland", '"ireland" is not a Region, so nothing was started. Write it like --regions'],
    ["start X --tz Europe/Londn", "Did you mean Europe/London?"],
    ["start X --load-target fast", '--load-target "900 rps p99 800ms"'],
    ["start X --hosts a_b!", "hostname"],
    ["start X --workload", "--workload needs a value"],
    ["start X --workload --peak 3x", "--workload needs a value"],
    ['start "Black Friday 2026-11-27', "never closes"],
  ])("%s says what is wrong, with an example", (text, part) => {
    expect(problemOf(text)).toContain(part);
  });
});

describe("people", () => {
  it("are mentions, wherever they stand", () => {
    const who = { self: false, user: "U1", name: "Priya Shah" };
    expect(parse("assign resilience @Priya Shah", [priya])).toEqual({
      name: "assign",
      target: { kind: "module", module: "resilience" },
      who,
    });
    expect(parse("assign @Priya Shah to r2", [priya, bot])).toEqual({
      name: "assign",
      target: { kind: "question", question: "R2" },
      who,
    });
    expect(parse("assign facilitator @sam", [sam])).toEqual({
      name: "assign",
      target: { kind: "role", role: "facilitator" },
      who: { self: false, user: "U2" },
    });
  });
  it("may be the speaker", () => {
    expect(parse("assign service quotas me")).toEqual({
      name: "assign",
      target: { kind: "module", module: "service-quotas" },
      who: { self: true },
    });
  });
  it("are not guessed", () => {
    expect(problemOf("assign resilience @nobody", [sam])).toContain("@nobody");
    expect(problemOf("assign resilience", [])).toContain("assign resilience @person");
    expect(problemOf("assign @sam", [sam])).toContain("what to assign");
    expect(problemOf("assign r2 @sam @Priya Shah", [sam, priya])).toContain("one person");
  });
  it("with a name that begins another's are told apart", () => {
    const short: Mention = { label: "@Priya", user: "U9" };
    expect(parse("remind @Priya Shah", [short, priya])).toEqual({
      name: "remind",
      who: { self: false, user: "U1", name: "Priya Shah" },
    });
  });
});

describe("modules", () => {
  it.each(["quotas", "Service Quotas", "SERVICE-QUOTAS", "service_quotas", " limits "])(
    "%s is service-quotas",
    (text) => {
      expect(parse(`evidence ${text}`)).toEqual({ name: "evidence", module: "service-quotas" });
    },
  );
  it("of a team's own are kept for the engine to find", () => {
    expect(parse("practice After the event")).toEqual({ name: "practice", module: "after-the-event" });
    expect(parse("practice")).toEqual({ name: "practice" });
  });
});

describe("words that people write", () => {
  it("are verbatim in an answer, over several lines and with options' dashes", () => {
    expect(parse('answer r2 two AZs,  "tested"\n --in May -- @sam knows', [sam])).toEqual({
      name: "answer",
      question: "R2",
      text: 'two AZs,  "tested"\n --in May -- @sam knows',
    });
  });
  it("are needed where they are the point", () => {
    expect(problemOf("answer R2")).toContain("answer R2 two zones");
    expect(problemOf("answer yes we do")).toContain("question's id");
    expect(problemOf("accept risk-r2")).toContain("reason");
    expect(problemOf("note")).toContain("note traffic at 2x");
  });
  it("are the reason of an accepted risk and of a decision", () => {
    expect(parse("accept risk-R2 fallback page tested")).toEqual({
      name: "accept",
      risk: "risk-r2",
      reason: "fallback page tested",
    });
    expect(parse("accept r2 it's fine")).toMatchObject({ risk: "risk-r2", reason: "it's fine" });
    expect(parse("decide go")).toEqual({ name: "decide", go: true });
    expect(parse("decide no-go: payments are not ready")).toEqual({
      name: "decide",
      go: false,
      reason: "payments are not ready",
    });
    expect(parse("decide no go because of R2")).toEqual({ name: "decide", go: false, reason: "of R2" });
    expect(parse("decide")).toEqual({ name: "decide" });
    expect(problemOf("decide going")).toContain("go or no-go");
    expect(problemOf("decide maybe")).toContain("maybe");
  });
});

describe("the other commands", () => {
  it.each(["status", "next", "scope", "summary", "edit", "close", "cancel", "forget"])("%s stands alone", (name) => {
    expect(parse(name)).toEqual({ name });
    expect(parse(`  ${name.toUpperCase()}  `)).toEqual({ name });
  });
  it("why takes a question, or the one that is open", () => {
    expect(parse("why r2")).toEqual({ name: "why", question: "R2" });
    for (const open of ["why", "why ?", "why do you ask?"]) expect(parse(open)).toEqual({ name: "why" });
    expect(parse("why foo")).toEqual({ name: "why", question: "foo" });
  });
  it("help explains a command, or the nearest", () => {
    expect(parse("help assign")).toEqual({ name: "help", command: "assign" });
    expect(parse("help asign")).toEqual({ name: "help", command: "assign", asked: "asign" });
    expect(parse("?")).toEqual({ name: "help" });
  });
  it("digest goes to oneself, a person or a channel", () => {
    expect(parse("digest daily")).toEqual({ name: "digest", rhythm: "daily" });
    expect(parse("digest weekly @sam", [sam])).toMatchObject({ rhythm: "weekly", who: { user: "U2" } });
    expect(parse("digest daily #ops")).toEqual({ name: "digest", rhythm: "daily", channel: "ops" });
    expect(parse("digest daily <#C024|ops>")).toEqual({ name: "digest", rhythm: "daily", channel: "C024" });
    expect(problemOf("digest hourly")).toContain("daily, weekly or off");
  });
  it("quotas takes a question in plain words", () => {
    expect(parse("quotas can we run 300 m7g.2xlarge in eu-west-1?")).toEqual({
      name: "quotas",
      text: "can we run 300 m7g.2xlarge in eu-west-1?",
    });
    expect(parse("quotas")).toEqual({ name: "quotas" });
  });
  it("me shows, or sets hours, zone and absence", () => {
    expect(parse("me")).toEqual({ name: "me", what: "show", text: "" });
    expect(parse("me hours 9-17 mon-fri")).toEqual({ name: "me", what: "hours", text: "9-17 mon-fri" });
    expect(parse("me away until 3 Dec")).toEqual({ name: "me", what: "away", text: "until 3 Dec" });
    expect(parse("me back")).toEqual({ name: "me", what: "away", text: "off" });
    expect(problemOf("me zone")).toContain("me zone Europe/London");
    expect(problemOf("me lunch")).toContain("lunch");
  });
  it("export wants one of its formats", () => {
    expect(parse("export json")).toEqual({ name: "export", format: "json" });
    expect(parse("export Markdown")).toEqual({ name: "export", format: "md" });
    expect(problemOf("export pdf")).toContain("md|json|csv|lens|terraform");
    expect(problemOf("export __proto__")).toContain("__proto__");
  });
});

describe("what is no command", () => {
  it.each([
    ["strat", "start"],
    ["stats", "status"],
    ["exprot json", "export"],
    ["digset", "digest"],
    ["asign", "assign"],
    ["sum", "summary"],
    ["ÄÖÜ!", "help"],
  ])("%s gets the nearest", (text, nearest) => {
    expect(parse(text)).toMatchObject({ unknown: text.split(" ")[0], nearest });
  });
  it("in a module's thread is an answer unless its first word is exactly a command", () => {
    expect(isExactlyCommand("status")).toBe(true);
    expect(isExactlyCommand("Why R2")).toBe(true);
    expect(isExactlyCommand("readiness status")).toBe(true);
    expect(isExactlyCommand("statuses are green")).toBe(false);
    expect(isExactlyCommand("status: green")).toBe(false);
    expect(isExactlyCommand("two AZs, status green")).toBe(false);
    expect(isExactlyCommand("toString")).toBe(false);
    expect(isExactlyCommand("")).toBe(false);
  });
});

describe("the grammar", () => {
  it("parses its own usage lines", () => {
    const person: Mention = { label: "@person", user: "U3" };
    for (const name of COMMAND_NAMES) {
      const line = COMMAND_USAGE[name].replaceAll(/\[[^\]]*\]/g, "").replaceAll(/(\w[\w-]*)(\|[\w-]+)+/g, "$1");
      expect(parse(line, [person]), line).toMatchObject({ name });
    }
  });
  it("never throws, and always ends in a command, a nearest one or a sentence", () => {
    const word = fc.oneof(
      fc.constantFrom(
        ...COMMAND_NAMES,
        "--tz",
        "--peak",
        '"',
        "“",
        "'",
        "R2",
        "@sam",
        "—from",
        "go",
        "daily",
        ",",
        "=",
      ),
      fc.string({ unit: "binary", maxLength: 12 }),
    );
    fc.assert(
      fc.property(fc.array(word, { maxLength: 8 }), (words) => {
        const parsed = parse(words.join(" "), [sam, bot, { label: "", user: "U0" }]);
        if ("name" in parsed) return true;
        if ("problem" in parsed) return parsed.problem.length > 0;
        return COMMAND_NAMES.some((name) => name === parsed.nearest);
      }),
      { seed: 7, numRuns: 500 },
    );
  });
  it("keeps the words of any answer as they are", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme", minLength: 1 }), (text) => {
        fc.pre(text.trim() !== "");
        expect(parse(`answer R2 ${text}`)).toEqual({ name: "answer", question: "R2", text: text.trim() });
      }),
      { seed: 7, numRuns: 200 },
    );
  });
  it.each([`start ${'"a '.repeat(13_000)}`, "x".repeat(40_000), `assign ${"@ ".repeat(20_000)}`])(
    "of 40,000 characters is read without much ado: %.12s…",
    (text) => {
      expectGrowsGently((length) => parse(text.slice(0, length)), text.length);
    },
  );
});

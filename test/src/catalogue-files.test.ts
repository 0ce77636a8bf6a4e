import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createCatalogue, standardModules } from "../../conversations/catalogue/index.ts";
import { EVIDENCE_SOURCES } from "../../conversations/catalogue/sources.ts";
import { needsFollowUp } from "../../conversations/follow-up.ts";
import { readChoices } from "../../conversations/reading.ts";
import { riskOf } from "../../conversations/risk.ts";
import { loadCatalogueFiles } from "../../src/catalogue-files.ts";
import { Question } from "../../src/domain/catalogue.ts";
import { CatalogueError } from "../../src/domain/errors.ts";

const EXAMPLE = fileURLToPath(new URL("../../docs/modules/after-the-event.yaml", import.meta.url));

/** The smallest module there can be: what the guide says may be left out is left out. */
const SMALL = `id: ours
title: Ours
intro: What only we know.
pillar: reliability
questions:
  - id: OU1
    text: Who feeds the cat?
    short: the cat
    why: It bites.
    good:
      - id: who
        text: Who it is
        covered: ['\\b(?:tom|maria)\\b']
      - id: when
        text: When
        covered: ['\\b(?:daily|at \\d)']
    example: Tom, daily.
    dangerous:
      - '"Someone."'
    choices:
      - id: ou1_fed
        text: Somebody feeds it
      - id: ou1_no
        text: None of these
    rules:
      - when: ou1_fed
        risk: NO_RISK
        because: It is fed.
      - when: default
        risk: HIGH_RISK
        because: It is hungry.
    followUp: Who, and when?
    practices:
      - id: OPS07-BP03
        title: Use runbooks to perform procedures
        url: https://docs.aws.amazon.com/wellarchitected/latest/framework/ops_ready_to_support_use_runbooks.html
    whoKnows: Tom
    dueDaysBefore: 7
`;

let directory = "";
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "t-minus-catalogue-"));
});
afterAll(() => rm(directory, { recursive: true }));

let files = 0;
async function file(text: string | Uint8Array, extension = "yaml"): Promise<string> {
  files++;
  const path = join(directory, `module-${files}.${extension}`);
  await writeFile(path, text);
  return path;
}

/** The problems, without the file's path. */
async function problemsOf(text: string | Uint8Array, extension?: string): Promise<string[]> {
  const path = await file(text, extension);
  const error = await loadCatalogueFiles([path]).then(
    () => undefined,
    (error: unknown) => error,
  );
  expect(error).toBeInstanceOf(CatalogueError);
  const lines = error instanceof CatalogueError ? error.message.split("\n") : [];
  return lines.map((line) => {
    expect(line.startsWith(path)).toBe(true);
    return line.slice(path.length).replace(/^(?:, |: )/, "");
  });
}

const changed = (from: string, to: string): string => {
  expect(SMALL).toContain(from);
  return SMALL.replace(from, () => to);
};

describe("the worked example, After the event", () => {
  it("loads, and stands beside the standard modules", async () => {
    const modules = await loadCatalogueFiles([EXAMPLE]);
    const catalogue = createCatalogue([...standardModules, ...modules]);
    expect(catalogue.module("after-the-event")?.questions.map((question) => question.id)).toEqual([
      "AE1",
      "AE2",
      "AE3",
      "AE4",
      "AE5",
    ]);
    expect(catalogue.moduleOf("AE2")?.title).toBe("After the event");
  });

  it("touches cost and sustainability, which the workshop's questions leave out", async () => {
    const [module] = await loadCatalogueFiles([EXAMPLE]);
    const ids = module?.questions.flatMap((question) => question.practices.map((practice) => practice.id)) ?? [];
    expect(ids.some((id) => id.startsWith("COST"))).toBe(true);
    expect(ids.some((id) => id.startsWith("SUS"))).toBe(true);
  });

  it("reads its own examples as good answers, and no dangerous one as no risk", async () => {
    const [module] = await loadCatalogueFiles([EXAMPLE]);
    for (const question of module?.questions ?? []) {
      const good = new Set(readChoices(question, question.example));
      expect([question.id, riskOf(question, good).risk]).toEqual([question.id, "NO_RISK"]);
      expect(needsFollowUp(question, question.example, new Set()).ask).toBe(false);
      for (const dangerous of question.dangerous) {
        const answer = /^"([^"]+)" ./.exec(dangerous)?.[1] ?? "";
        expect(answer).not.toBe("");
        expect(riskOf(question, new Set(readChoices(question, answer))).risk).not.toBe("NO_RISK");
        expect(needsFollowUp(question, answer, new Set()).ask).toBe(true);
      }
    }
  });

  it("reads answers as people write them", async () => {
    const [module] = await loadCatalogueFiles([EXAMPLE]);
    const read = (id: string, answer: string) => {
      const question = module?.questions.find((each) => each.id === id);
      return question ? readChoices(question, answer) : [];
    };
    expect(read("AE1", "all tagged, scaled in on Tuesday by the platform team")).toEqual(["ae1_listed_dated"]);
    expect(read("AE1", "probably tagged, scaled in on Tuesday")).toEqual([]);
    expect(read("AE2", "expected about 9,000 EUR")).toEqual(["ae2_estimated"]);
    expect(read("AE3", "nothing was created")).toEqual(["ae3_nothing"]);
    expect(read("AE4", "same size as last year")).toEqual(["ae4_by_habit"]);
    expect(read("AE5", "no")).toEqual(["ae5_no"]);
  });
});

describe("a module file", () => {
  it("may leave out phrases, evidence, links and plain answers", async () => {
    const [module] = await loadCatalogueFiles([await file(SMALL)]);
    expect(module?.questions[0]).toMatchObject({
      phrases: [],
      evidence: [],
      links: [],
      plain: { enough: [], withEvidence: true, yes: [], no: [] },
    });
  });

  it("may be JSON, also with tabs and a byte order mark", async () => {
    const [fromYaml] = await loadCatalogueFiles([await file(SMALL)]);
    const [fromJson] = await loadCatalogueFiles([await file(`\ufeff${JSON.stringify(fromYaml, null, "\t")}`, "json")]);
    expect(fromJson).toEqual(fromYaml);
  });

  it("is read in the order given, with the others", async () => {
    const other = await file(
      SMALL.replace("id: ours", "id: theirs").replaceAll("OU1", "TH1").replaceAll("ou1_", "th1_"),
    );
    const modules = await loadCatalogueFiles([other, await file(SMALL), EXAMPLE]);
    expect(modules.map((module) => module.id)).toEqual(["theirs", "ours", "after-the-event"]);
  });

  it("gives nothing for no files", async () => {
    expect(await loadCatalogueFiles([])).toEqual([]);
  });
});

describe("a broken module file is refused with file, line, field and the way out", () => {
  it.each([
    [
      "a text too long",
      changed("text: Somebody feeds it", `text: ${"x".repeat(80)}`),
      "line 22, questions[0].choices[0].text: has 80 characters, at most 75. Shorten it by 5.",
    ],
    [
      "a missing field",
      changed("    why: It bites.\n", ""),
      "line 6, questions[0].why: is missing; it must be a text.",
    ],
    [
      "a number for a text",
      changed("title: Ours", "title: 2026"),
      "line 2, title: must be a text, not 2026. Put it in quotes to make it a text.",
    ],
    [
      "an empty text",
      changed("title: Ours", 'title: ""'),
      "line 2, title: is empty. Write it, or leave the field out if it may be.",
    ],
    [
      "an unknown pillar",
      changed("pillar: reliability", "pillar: speed"),
      'line 4, pillar: must be one of operationalExcellence, security, reliability, performance, costOptimization, sustainability, not "speed".',
    ],
    [
      "an odd id",
      changed("id: OU1", "id: ours-1"),
      'line 6, questions[0].id: "ours-1" doesn\'t fit: capital letters and a number, such as AE1.',
    ],
    [
      "a due date out of reach",
      changed("dueDaysBefore: 7", "dueDaysBefore: 365"),
      "line 38, questions[0].dueDaysBefore: is 365, at most 120.",
    ],
    [
      "a due date between days",
      changed("dueDaysBefore: 7", "dueDaysBefore: 1.5"),
      "line 38, questions[0].dueDaysBefore: must be a whole number, not 1.5.",
    ],
    [
      "no web address",
      changed(
        "https://docs.aws.amazon.com/wellarchitected/latest/framework/ops_ready_to_support_use_runbooks.html",
        "the handbook",
      ),
      'line 36, questions[0].practices[0].url: "the handbook" is not a web address such as https://example.com/page.',
    ],
    [
      "too few points",
      changed(`      - id: when\n        text: When\n        covered: ['\\b(?:daily|at \\d)']\n`, ""),
      "line 10, questions[0].good: has 1 entry, at least 2.",
    ],
    [
      "a misspelt field",
      changed("    whoKnows: Tom", "    whoKnows: Tom\n    phrase: []"),
      "line 38, questions[0].phrase: there is no such field. Did you mean phrases?",
    ],
    [
      "a field nobody knows",
      changed("title: Ours", "title: Ours\ncolour: red"),
      "line 3, colour: there is no such field. There are id, title, intro, pillar, questions.",
    ],
    [
      "a rule about a choice that isn't there",
      changed("when: ou1_fed", "when: ou1_feed"),
      'line 26, questions[0].rules[0].when: "ou1_feed" is no choice of this question. It has ou1_fed, ou1_no.',
    ],
    [
      "a rule that can't be read",
      changed("when: ou1_fed", "when: ou1_fed and not ou1_no"),
      'line 26, questions[0].rules[0].when: Condition "ou1_fed and not ou1_no": && or || expected, found "and" at character 9. Write choice ids with &&, ||, ! and parentheses, or only "default".',
    ],
    [
      "a rule that never comes to bear",
      changed("when: ou1_fed", "when: ou1_fed && !ou1_fed"),
      'line 26, questions[0].rules[0].when: "ou1_fed && !ou1_fed" never comes to bear: no set of choices leads there.',
    ],
    [
      "no default",
      changed("when: default", "when: ou1_no"),
      'line 29, questions[0].rules[1].when: the last rule must be "default". Add one; HIGH_RISK is the usual one.',
    ],
    [
      "two rules for one level",
      changed("risk: HIGH_RISK", "risk: NO_RISK"),
      "line 30, questions[0].rules[1].risk: NO_RISK has two rules; a level has one at most. Join them with ||.",
    ],
    [
      "no risk for what wasn't checked",
      changed("when: ou1_fed", "when: ou1_no"),
      'line 26, questions[0].rules[0].when: "ou1_no" alone gives NO_RISK. What was not checked is a risk: name the choices that clear it.',
    ],
    [
      "no none-of-these",
      changed("- id: ou1_no", "- id: ou1_other"),
      'line 23, questions[0].choices[1].id: the last choice must be "none of these", with an id that ends in _no. Add one such as { id: ou1_no, text: None of these / not checked yet }.',
    ],
    [
      "a choice twice",
      changed("- id: ou1_no", "- id: ou1_fed\n        text: Somebody else does\n      - id: ou1_no"),
      'line 23, questions[0].choices[1].id: choice "ou1_fed" is there twice. Give one another id.',
    ],
    [
      "a pattern that doesn't compile",
      changed("'\\b(?:tom|maria)\\b'", "'(tom'"),
      "line 13, questions[0].good[0].covered[0]: not a regular expression (Unterminated group). In YAML, put patterns in single quotes.",
    ],
    [
      "a pattern that could run away",
      changed("'\\b(?:tom|maria)\\b'", "'(\\w+\\s*)+$'"),
      "line 13, questions[0].good[0].covered[0]: the pattern repeats a group without end that itself repeats or has alternatives, which can take very long. Use .{0,40} for a gap.",
    ],
    [
      "a source that isn't there",
      changed("text: Who it is", "text: Who it is\n        evidence: [the-cat]"),
      'line 13, questions[0].good[0].evidence[0]: "the-cat" is no evidence source.',
    ],
    [
      "a phrase for another choice",
      changed("    followUp:", "    phrases:\n      - { pattern: fed, choice: ou2_fed }\n    followUp:"),
      'line 33, questions[0].phrases[0].choice: "ou2_fed" is no choice of this question.',
    ],
    [
      "a plain answer for another choice",
      changed("    followUp:", "    plain: { no: [ou2_no] }\n    followUp:"),
      'line 32, questions[0].plain.no: "ou2_no" is no choice of this question.',
    ],
  ])("%s", async (_, text, problem) => {
    const problems = await problemsOf(text);
    expect(problems).toEqual([expect.stringContaining(problem)]);
  });

  it("a question twice", async () => {
    const [, question] = SMALL.split("questions:\n");
    expect(await problemsOf(SMALL + question)).toEqual([
      'line 39, questions[1].id: question "OU1" is in this module twice. Ids are stored with answers: give the newer question a new id.',
    ]);
  });

  it("with all its problems at once, from the top", async () => {
    const text = changed("title: Ours", "titel: Ours")
      .replace("when: ou1_fed", "when: nothing")
      .replace("text: None of these", "text: ''");
    expect((await problemsOf(text)).map((problem) => problem.replace(/:.*/, ""))).toEqual([
      "line 1, title",
      "line 2, titel",
      "line 24, questions[0].choices[1].text",
    ]);
  });

  it("with the problems of whole questions even when another is broken", async () => {
    const [, question = ""] = SMALL.replace("when: ou1_fed", "when: nothing").split("questions:\n");
    const problems = await problemsOf(
      SMALL.replace("    why: It bites.\n", "") + question.replaceAll("OU1", "OU2").replaceAll("ou1_", "ou2_"),
    );
    expect(problems).toEqual([
      "line 6, questions[0].why: is missing; it must be a text.",
      expect.stringContaining('questions[1].rules[0].when: "nothing" is no choice'),
    ]);
  });

  it("with at most thirty problems, and how many more there are", async () => {
    const text = SMALL + Array.from({ length: 50 }, (_, index) => `extra${index}: 1\n`).join("");
    const problems = await problemsOf(text);
    expect(problems).toHaveLength(31);
    expect(problems.at(-1)).toBe("and 20 more. Mend these first.");
  });

  it("with the problems of every file", async () => {
    const [one, other] = [await file("id: 1"), join(directory, "absent.yaml")];
    const error = await loadCatalogueFiles([one, EXAMPLE, other]).catch((error: unknown) => error);
    expect(String(error)).toContain(`${one}, line 1, title: is missing`);
    expect(String(error)).toContain(`${other}: there is no such file.`);
    expect(String(error)).not.toContain(EXAMPLE);
  });

  it("with YAML's first complaints only, since one slip makes many", async () => {
    const problems = await problemsOf(changed("title: Ours", "title: 'Ours"));
    expect(problems[0]).toMatch(/^line \d+: not YAML or JSON/);
    expect(problems.length).toBeLessThanOrEqual(3);
  });

  it.each([
    ["not YAML", "id: [ours\ntitle: x\n", /^line \d, ?.*not YAML or JSON|^line \d: not YAML or JSON/],
    ["a tab for indentation", "questions:\n\t- id: OU1\n", /^line 2: not YAML or JSON/],
    ["a field twice", `${SMALL}title: Again\n`, /^line 39: not YAML or JSON: Map keys must be unique/],
    ["two documents", `${SMALL}---\n${SMALL}`, /^line 39: a second document starts here. A file holds one module.$/],
    [
      "empty",
      "",
      /^line 1: not a module. It starts with id, title, intro, pillar and questions; docs\/catalogue.md shows one.$/,
    ],
    ["a list", "- id: ours\n", /^line 1: not a module/],
    ["a bare text", "hello", /^line 1: not a module/],
    ["binary", new Uint8Array([0xff, 0xfe, 0x00, 0x80]), /^not text in UTF-8. Save it as YAML or JSON in UTF-8.$/],
    [
      "anchors that multiply",
      `a: &a [x, x, x, x, x, x, x, x, x]\n${["b", "c", "d", "e", "f"].map((name, at) => `${name}: &${name} [${Array(9).fill(`*${"abcde"[at]}`).join(", ")}]`).join("\n")}\n`,
      /^line 1: its anchors can't be followed/,
    ],
  ])("%s", async (_, text, problem) => {
    const [first] = await problemsOf(text);
    expect(first).toMatch(problem);
  });

  it("a directory, a missing file, a path through a file, an enormous file", async () => {
    const folder = join(directory, "folder");
    await mkdir(folder, { recursive: true });
    const large = await file("#".repeat(1_500_000));
    const refusal = (path: string) => loadCatalogueFiles([path]).catch((error: unknown) => (error as Error).message);
    expect(await refusal(folder)).toBe(`${folder}: not a file. Name the module's YAML or JSON file itself.`);
    expect(await refusal("/nowhere/at-all.yaml")).toBe(
      "/nowhere/at-all.yaml: there is no such file. Check the path; it is taken from the directory you start in. Example: CATALOGUE_FILES=./after-the-event.yaml",
    );
    expect(await refusal(join(large, "x"))).toContain("there is no such file");
    expect(await refusal(large)).toBe(
      `${large}: has 1.4 MiB, at most 1 MiB. A module is a few kilobytes; is this the right file?`,
    );
  });

  it("an id that a standard question has, once the modules stand together", async () => {
    const modules = await loadCatalogueFiles([await file(SMALL.replace("id: OU1", "id: R2"))]);
    expect(() => createCatalogue([...standardModules, ...modules])).toThrow(
      'Question "R2" is in both resilience and ours. Ids are stored with answers: give the newer question a new id.',
    );
  });
});

describe("the guide", () => {
  it("lists every evidence source and every field of a question", async () => {
    const guide = await readFile(new URL("../../docs/catalogue.md", import.meta.url), "utf8");
    for (const source of EVIDENCE_SOURCES) expect(guide).toContain(`| \`${source.id}\` | ${source.description} |`);
    for (const field of Object.keys(Question.shape)) expect(guide).toContain(`| \`${field}\` |`);
  });
});

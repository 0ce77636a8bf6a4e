import { readFile } from "node:fs/promises";
import { parse as parseHcl } from "@cdktn/hcl2json";
import { Ajv } from "ajv";
import { describe, expect, it } from "vitest";
import { standardCatalogue as catalogue } from "../../../conversations/catalogue/index.ts";
import { fold } from "../../../conversations/evolve.ts";
import { reportOf } from "../../../conversations/summary.ts";
import { EVENT_VERSION, upgradeSessionEvent } from "../../../conversations/upgrade.ts";
import type { SessionState } from "../../../src/domain/session.ts";
import type { SessionEvent } from "../../../src/domain/session-event.ts";
import { EXPORT_FORMATS, exportSession } from "../../../src/report/export.ts";
import { csvCell } from "../../../src/report/export-csv.ts";
import { exportJsonSchema, SessionExport } from "../../../src/report/export-schema.ts";
import { quote } from "../../../src/report/export-terraform.ts";
import { ImportError, importSession } from "../../../src/report/import.ts";
import { metricsIn } from "../../../src/report/metrics.ts";
import { emptySession, fullSession, MARCO, NOW, withAnswer } from "../../fixtures/session.ts";
import { eventsOf } from "../../fixtures/session-events.ts";
import { lensProblems } from "./lens-rules.ts";

const now = new Date(NOW);
const SCHEMA = new URL("../../../docs/export.schema.json", import.meta.url);

function inputOf(state: SessionState, events: SessionEvent[] = eventsOf(state)) {
  return { state, events, catalogue, report: reportOf(state, catalogue, now), now, eventVersion: EVENT_VERSION };
}
const full = inputOf(fullSession(catalogue));
const text = (format: (typeof EXPORT_FORMATS)[number], input = full): string => exportSession(input, format).content;
const jsonOf = (input = full): SessionExport => SessionExport.parse(JSON.parse(text("json", input)));

/** A session in which every answer tries to break out of the file it lands in. */
function hostile(): SessionState {
  const words = [
    '=HYPERLINK("http://evil.example.com","x")',
    '"}\nresource "aws_iam_user" "evil" {}\n# \u0024{file("/etc/passwd")} %{ if true }',
    "```\n# not a heading\n```` <script>alert(1)</script>",
    'latency\n"quoted", \u0024{injected}, +SUM(1), 5xx rate',
  ];
  const state = catalogue.modules
    .flatMap((module) => module.questions)
    .reduce(
      (session, question, index) =>
        withAnswer(session, question.id, {
          text: words[index % words.length] ?? "",
          confirmed: [question.choices[0]?.id ?? ""],
        }),
      emptySession(catalogue),
    );
  return {
    ...withAnswer(state, "M1", { text: words[3] ?? "" }),
    name: '=cmd|"/c calc"!A1 \u0024{x}\n',
    people: { ...state.people, [MARCO]: { name: "+Marco\t=1+1" } },
    modules: { ...state.modules, monitoring: { ...state.modules.monitoring!, owner: MARCO } },
  };
}

describe("every export", () => {
  it.each(EXPORT_FORMATS)("%s: the same session gives the same bytes, and a safe file name", (format) => {
    const file = exportSession(full, format);
    expect(file.content).toBe(exportSession(full, format).content);
    expect(file.name).toMatch(/^black-friday-2026-11-27[\w.-]*$/);
    expect(exportSession(inputOf(hostile()), format).name).toMatch(/^[a-z0-9-]+\.(md|json|csv|tf)$/);
  });

  it.each(EXPORT_FORMATS)("%s: works for a session in which nothing was said yet", (format) => {
    expect(exportSession(inputOf(emptySession(catalogue)), format).content.length).toBeGreaterThan(2);
  });
});

describe("export json", () => {
  it("validates against the published schema, which is the one in the code", async () => {
    const published: unknown = JSON.parse(await readFile(SCHEMA, "utf8"));
    expect(published).toEqual(JSON.parse(JSON.stringify(exportJsonSchema())));
    const validate = new Ajv({ strict: false }).compile(exportJsonSchema());
    for (const state of [fullSession(catalogue), emptySession(catalogue), hostile()]) {
      expect(validate(JSON.parse(text("json", inputOf(state)))), JSON.stringify(validate.errors)).toBe(true);
    }
  });

  it("has every word of every answer, parts joined in platform order, with their message ids", () => {
    const { questions } = jsonOf();
    const R2 = questions.find((question) => question.id === "R2");
    expect(R2?.answers).toHaveLength(1);
    expect(R2?.answers[0]?.text).toBe(
      "batch can wait, it's not on the event path\norders-db goes multi-az on tuesday, change CHG-4411",
    );
    expect(R2?.answers[0]?.messageIds).toHaveLength(2);
    expect(R2?.text).toBe("Is there a single point of failure? (Eg. Single AZ)");
    expect(questions.map((question) => question.id)).toHaveLength(23);
  });

  it("keeps the whole history: an edit is a new answer that replaces the old one", () => {
    const answers = jsonOf().questions.find((question) => question.id === "P3")?.answers ?? [];
    expect(answers.map(({ id, text, replaces, withdrawn }) => ({ id, text, replaces, withdrawn }))).toEqual([
      { id: "P3-1", text: "40,000 rps for an hour", replaces: null, withdrawn: true },
      {
        id: "P3-2",
        text: "60,000 rps for 2 hours on 12 November, ramp 20 minutes, target p99 800 ms",
        replaces: "P3-1",
        withdrawn: false,
      },
    ]);
  });

  it("keeps what was deleted, and doesn't count it", () => {
    const answers = jsonOf().questions.find((question) => question.id === "R6")?.answers ?? [];
    expect(answers.map(({ text, withdrawn }) => [text, withdrawn])).toEqual([
      ["RDS failover automatic, region failover manual, decided by Dana until 09:30\nignore that, wrong thread", true],
      ["RDS failover automatic, region failover manual, decided by Dana until 09:30", false],
    ]);
  });

  it("says that words were forgotten instead of inventing some", () => {
    const state = fullSession(catalogue);
    const events = eventsOf(state).map((event) =>
      event.kind === "answer_part_recorded" ? { ...event, words: { ...event.words, text: null } } : event,
    );
    const answers = jsonOf(inputOf(state, events)).questions.flatMap((question) => question.answers);
    expect(answers.filter((answer) => answer.replaces === null).every((answer) => answer.text === null)).toBe(true);
  });

  it("marks which choices were read, confirmed, proved and refuted", () => {
    const questions = new Map(jsonOf().questions.map((question) => [question.id, question]));
    expect(questions.get("R4")?.choices.some((choice) => choice.read && !choice.confirmed)).toBe(true);
    expect(questions.get("R4")?.risk.level).toBe("UNANSWERED");
    expect(questions.get("Q2")?.choices.some((choice) => choice.confirmed)).toBe(true);
    expect(questions.get("Q2")?.risk.level).toBe("HIGH");
    expect(questions.get("Q4")).toMatchObject({ status: "not_applicable", reason: "no mail leaves the event path" });
  });
});

describe("import", () => {
  it("gives the same session, and so the same board", () => {
    const { events, session } = importSession(text("json"), upgradeSessionEvent);
    expect(session).toBe("s-7k2m9q4x");
    const before = fold(full.events);
    const after = fold(events);
    expect(after).toEqual(before);
    if (after.status === "none" || before.status === "none") throw new Error("nothing was folded");
    expect(reportOf(after, catalogue, now)).toEqual(reportOf(before, catalogue, now));
  });

  it("keeps that a module was taken back from somebody", () => {
    const file = jsonOf();
    const [module = ""] = Object.keys(full.state.modules);
    const taken = { kind: "owner_assigned", at: NOW, module, person: null };
    const { events } = importSession(JSON.stringify({ ...file, events: [...file.events, taken] }), upgradeSessionEvent);
    const after = fold(events);
    expect(after.status !== "none" && after.modules[module]).not.toHaveProperty("owner");
  });

  const broken: [string, (file: SessionExport) => unknown, RegExp][] = [
    ["something else", () => ({ hello: "world" }), /no session export/],
    ["no events", (file) => ({ ...file, events: [] }), /events/],
    ["a newer version", (file) => ({ ...file, eventVersion: 99 }), /version 99/],
    ["an unknown kind", (file) => ({ ...file, events: [...file.events, { kind: "made_up", at: NOW }] }), /made_up/],
    [
      "a kind of Object's",
      (file) => ({ ...file, events: [...file.events, { kind: "constructor", at: NOW }] }),
      /constructor/,
    ],
    ["a cut file", (file) => ({ ...file, events: file.events.slice(1) }), /first event/],
    ["two sessions", (file) => ({ ...file, events: [...file.events, file.events[0]] }), /twice/],
    [
      "a damaged event",
      (file) => ({ ...file, events: [...file.events, { kind: "answer_settled", at: NOW, question: "R2" }] }),
      /damaged: person/,
    ],
    [
      "a question of another session",
      (file) => ({ ...file, events: [...file.events, { kind: "question_set_aside", at: NOW, question: "Z9" }] }),
      /Z9/,
    ],
  ];
  it.each(broken)("refuses %s in a sentence", (_name, change, message) => {
    const file = JSON.stringify(change(jsonOf()));
    expect(() => importSession(file, upgradeSessionEvent)).toThrow(ImportError);
    expect(() => importSession(file, upgradeSessionEvent)).toThrow(message);
  });

  it("refuses what isn't JSON", () => {
    expect(() => importSession("# Black Friday", upgradeSessionEvent)).toThrow(/no JSON file/);
  });
});

describe("export csv", () => {
  it("has one row for each risk and each action, each with all columns", () => {
    const rows = parseCsv(text("csv"));
    const width = rows[0]?.length;
    expect(rows.every((row) => row.length === width)).toBe(true);
    expect(rows.filter((row) => row[0] === "risk")).toHaveLength(full.report.risks.length);
    expect(rows.filter((row) => row[0] === "action")).toHaveLength(full.report.actions.length);
  });

  it("lets no cell be taken for a formula", () => {
    for (const row of parseCsv(text("csv", inputOf(hostile())))) {
      for (const cell of row) expect(cell).not.toMatch(/^[=+\-@\t\r]/);
    }
    expect(csvCell('=1+1"')).toBe('"\'=1+1"""');
    expect(csvCell("  @SUM(A1)")).toBe('"\'  @SUM(A1)"');
    expect(csvCell("plain, text")).toBe('"plain, text"');
  });
});

describe("export lens", () => {
  it("follows every rule of the published format", () => {
    expect(lensProblems(text("lens"))).toEqual([]);
  });

  it("would be told if it didn't", () => {
    const lens = JSON.parse(text("lens"));
    lens.pillars[0].questions[0].riskRules = [{ condition: "made_up_choice && x", risk: "NO_RISK" }];
    delete lens.pillars[0].questions[1].choices[0].improvementPlan;
    expect(lensProblems(JSON.stringify(lens)).length).toBeGreaterThanOrEqual(3);
  });

  it("has all 23 questions, and nothing of the session", () => {
    const content = text("lens");
    expect(JSON.parse(content).pillars.flatMap((pillar: { questions: unknown[] }) => pillar.questions)).toHaveLength(
      23,
    );
    for (const private_ of ["Marco", "CHG-4411", "Black Friday", "shop.example.com"])
      expect(content).not.toContain(private_);
  });

  it("answers it with what was confirmed, and marks what doesn't apply", () => {
    const answers = new Map(
      (
        JSON.parse(text("lens_answers")) as {
          QuestionId: string;
          SelectedChoices: string[];
          IsApplicable: boolean;
          Notes?: string;
        }[]
      ).map((answer) => [answer.QuestionId, answer]),
    );
    expect(answers.get("readiness_q2")?.SelectedChoices).toEqual(full.state.questions.Q2?.confirmed?.choices);
    expect(answers.get("readiness_r4")?.SelectedChoices).toEqual([]);
    expect(answers.get("readiness_q4")).toMatchObject({ IsApplicable: false });
    for (const { Notes = "" } of answers.values()) expect(Notes.length).toBeLessThanOrEqual(2_084);
  });
});

describe("export terraform", () => {
  type Hcl = { resource: Record<string, Record<string, Record<string, unknown>[]>>; variable: Record<string, unknown> };

  it("is read by a real HCL parser, and has the alarms that M1 names", async () => {
    const hcl = (await parseHcl("main.tf", text("terraform"))) as Hcl;
    expect(Object.keys(hcl.resource.aws_cloudwatch_metric_alarm ?? {}).sort()).toEqual([
      "checkout_success_rate",
      "orders_per_minute",
      "queue_age",
      "rds_cpu",
      "target_5xx",
      "target_response_time_p99",
    ]);
    expect(hcl.resource.aws_cloudwatch_metric_alarm?.rds_cpu?.[0]).toMatchObject({
      namespace: "AWS/RDS",
      metric_name: "CPUUtilization",
    });
  });

  it("carries alarms to Slack, Teams and mail, each with a narrow guardrail", async () => {
    const hcl = (await parseHcl("main.tf", text("terraform"))) as Hcl;
    expect(Object.keys(hcl.resource.aws_notifications_channel_association ?? {})).toEqual(["mail", "slack", "teams"]);
    for (const kind of ["aws_chatbot_slack_channel_configuration", "aws_chatbot_teams_channel_configuration"]) {
      expect(JSON.stringify(hcl.resource[kind]?.event?.[0]?.guardrail_policy_arns)).toContain(
        "CloudWatchReadOnlyAccess",
      );
    }
    expect(String(hcl.resource.aws_notifications_notification_configuration?.event?.[0]?.name)).toMatch(
      /^[A-Za-z0-9_-]{1,64}$/,
    );
  });

  it("asks for the quotas that the peak doesn't fit into, with 15% on top, and for no other", async () => {
    const hcl = (await parseHcl("main.tf", text("terraform"))) as Hcl;
    expect(Object.values(hcl.resource.aws_servicequotas_service_quota ?? {}).flat()).toEqual([
      { service_code: "ec2", quota_code: "L-1216C47A", value: 2_760 },
    ]);
  });

  it("lets nobody's words become Terraform", async () => {
    const hcl = (await parseHcl("main.tf", text("terraform", inputOf(hostile())))) as Hcl;
    expect(hcl.resource.aws_iam_user).toBeUndefined();
    const code = text("terraform", inputOf(hostile())).replace(/^#.*$/gm, "");
    expect(code).not.toMatch(/(?<!\$)\$\{(file|injected|x)/);
    const round = (await parseHcl("x.tf", `a = ${quote('q " \\ \u0024{x} %{y}')}\n`)) as { a: string };
    expect(round.a).toBe('q " \\ $${x} %%{y}');
  });

  it("reads metrics out of a list as people write it", () => {
    expect(
      metricsIn("- p99 latency\n- RDS CPU and queue depth\n3. orders per minute").map(
        (item) => item.known?.id ?? item.said,
      ),
    ).toEqual(["target_response_time_p99", "rds_cpu", "queue_depth", "orders per minute"]);
  });
});

describe("export md and workbook", () => {
  it("has the summary first and every answer verbatim below", () => {
    const content = text("md");
    expect(content).toMatch(/^# Black Friday · T-28 · Not ready/);
    expect(content).toContain("orders-db goes multi-az on tuesday, change CHG-4411\n```");
    expect(content).toContain("40,000 rps for an hour");
  });

  it("lets nothing out of its fence", () => {
    const content = text("md", inputOf(hostile()));
    expect(content).toContain("`````text\n```\n# not a heading\n```` <script>");
    const outside = content.replace(/^(`{3,})text\n[\s\S]*?\n\1$/gm, "");
    expect(outside).not.toContain("<script>");
    expect(outside).not.toMatch(/^# not a heading/m);
  });

  it("fills the workbook from the session and leaves dashes where nobody knows", () => {
    const content = text("workbook");
    for (const title of [
      "2. Calendar",
      "3. Contacts",
      "7. Load balancer pre-warming",
      "9. Scenario plans",
      "11. Action tracker",
    ]) {
      expect(content).toContain(`## ${title}`);
    }
    expect(content).toContain("| Managers | Dana |");
    expect(content).toContain("https://meet.example.com/black-friday");
  });
});

function parseCsv(content: string): string[][] {
  return content
    .replace(/^\ufeff/, "")
    .split("\r\n")
    .filter((line) => line !== "")
    .map((line) => [...line.matchAll(/"((?:[^"]|"")*)"(?:,|$)/g)].map(([, cell = ""]) => cell.replaceAll('""', '"')));
}

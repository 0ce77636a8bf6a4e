import type { Settings } from "../conversations/context.ts";
import { ground } from "../conversations/grounding.ts";
import {
  citedIn,
  completed,
  DETAIL_SECTIONS,
  groundingContext,
  PAGE_SECTIONS,
  reportOf,
  summaryMarkdown,
  writePlain,
} from "../conversations/summary.ts";
import { EVENT_VERSION, upgradeSessionEvent } from "../conversations/upgrade.ts";
import type { ReadExport } from "./app/import.ts";
import type { ArchitectureReader } from "./app/intake.ts";
import type { ExportedFile, Writer } from "./app/parts.ts";
import type { Quotas } from "./app/quota-work.ts";
import type { AnswerReading } from "./app/read-answer.ts";
import type { Config } from "./config.ts";
import type { Catalogue } from "./domain/catalogue.ts";
import type { Found } from "./domain/intake.ts";
import type { Calendar, EvidenceCollector, Machine, Store } from "./domain/ports.ts";
import type { SessionState } from "./domain/session.ts";
import type { Log } from "./log.ts";
import type { Setup } from "./setup.ts";

/** What the engine has beside the platforms: AWS to look at, a writer, exports. Loaded when they are first needed. */

type Aws = {
  settings: Settings["aws"];
  collector?: EvidenceCollector;
  quotas?: Quotas;
};

const sleep = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

/**
 * AWS as the operator granted it. Without a sign in the environment that AWS is wanted nothing of it is loaded, and
 * that is said in words.
 */
export async function connectAws(
  { config, accounts: granted }: Pick<Setup, "config" | "accounts">,
  { calendar, machine, log }: { calendar: Calendar; machine: Machine; log: Log },
): Promise<Aws> {
  if (config.aws === undefined) {
    return { settings: { on: false, why: "no AWS_REGION, AWS_PROFILE or AWS_ACCOUNTS is set" } };
  }
  const { ownAccount } = await import("./aws/accounts.ts");
  const accounts = granted ?? ownAccount(config.aws.region ?? "us-east-1");
  const settings: Settings["aws"] = {
    on: true,
    accounts: accounts.list.map(({ alias, regions, allow }) => ({ alias, regions, allow })),
  };
  const connected = async () => {
    const { createAwsClients } = await import("./aws/clients.ts");
    const { createEvidenceCollector } = await import("./aws/collect.ts");
    const { createQuotaDesk } = await import("./aws/ask.ts");
    const { createQuotaRaiser } = await import("./aws/raise.ts");
    const { createReadingCache } = await import("./aws/reading.ts");
    const clients = createAwsClients({ timer: { now: machine.now, sleep } });
    // Shared: a question about something just read costs no call.
    const cache = createReadingCache(() => machine.now());
    const options = { accounts, clients, machine, calendar, log, cache };
    return {
      collector: createEvidenceCollector(options),
      desk: createQuotaDesk(options),
      raiser: createQuotaRaiser({ accounts, clients, calendar }),
    };
  };
  let made: ReturnType<typeof connected> | undefined;
  const aws = () => {
    made ??= connected();
    return made;
  };
  return {
    settings,
    collector: {
      collect: async (scope, options) => (await aws()).collector.collect(scope, options),
    },
    quotas: {
      ...(config.bedrock === undefined ? {} : { translate: quotaTranslator(config, config.bedrock, machine, log) }),
      desk: { ask: async (query, options) => (await aws()).desk.ask(query, options) },
      raiser: {
        confirm: async (proposal, place) => (await aws()).raiser.confirm(proposal, place),
        file: async (proposal, place) => (await aws()).raiser.file(proposal, place),
        status: async (proposal, id, eventAt) => (await aws()).raiser.status(proposal, id, eventAt),
      },
    },
  };
}

/** A model that puts quota questions into our typed query; opened with the first question it is needed for. */
function quotaTranslator(
  config: Config,
  bedrock: NonNullable<Config["bedrock"]>,
  machine: Machine,
  log: Log,
): NonNullable<Quotas["translate"]> {
  const open = async () => {
    const { createBedrock } = await import("./aws/bedrock.ts");
    const { createQuotaTranslator } = await import("./aws/bedrock-quota.ts");
    const region = config.aws?.region;
    return createQuotaTranslator({
      bedrock: createBedrock({
        modelId: bedrock.modelId,
        ...(region === undefined ? {} : { region }),
        ...(bedrock.guardrail === undefined ? {} : { guardrail: bedrock.guardrail }),
        timer: { now: machine.now, sleep },
        log,
        budgetMs: 15_000,
      }),
    });
  };
  let opened: ReturnType<typeof open> | undefined;
  return async (question, aliases) => {
    opened ??= open();
    return (await opened).translate(question, aliases);
  };
}

type WriterParts = { config: Config; catalogue: Catalogue; calendar: Calendar; machine: Machine; log: Log };

/** The writer of summaries: Bedrock where it is configured, the plain writer otherwise and whenever Bedrock can't. */
export function createWriter({ config, catalogue, calendar, machine, log }: WriterParts): Writer {
  const plain: Writer = async (session) => ({ writer: "plain", ...writePlain(session, catalogue, calendar.now()) });
  const { bedrock } = config;
  if (bedrock === undefined) return plain;
  const open = async () => {
    const { createBedrock } = await import("./aws/bedrock.ts");
    const writer = await import("./aws/bedrock-writer.ts");
    const region = config.aws?.region;
    return writer.createWriter({
      bedrock: createBedrock({
        modelId: bedrock.modelId,
        ...(region === undefined ? {} : { region }),
        ...(bedrock.guardrail === undefined ? {} : { guardrail: bedrock.guardrail }),
        timer: { now: machine.now, sleep },
        log,
      }),
    });
  };
  let opened: ReturnType<typeof open> | undefined;
  return async (session, onProgress) => {
    opened ??= open();
    const now = calendar.now();
    const { facts } = reportOf(session, catalogue, now);
    const own = writePlain(session, catalogue, now);
    const context = groundingContext(session, catalogue, now);
    const titles = [...PAGE_SECTIONS, ...catalogue.modules.map((module) => module.title), ...DETAIL_SECTIONS];
    const written = await (await opened).write({
      facts,
      titles,
      ground: (sections) => ground(sections, context),
      ...(onProgress === undefined ? {} : { onProgress }),
    });
    if (!written.ok) {
      log.warn({ session: session.id, why: written.why }, "The model didn't write; the plain writer does");
      return { writer: "plain", ...own };
    }
    const sections = completed(written.sections, own.sections);
    const { leftOut: dropped, model } = written;
    return {
      writer: "bedrock",
      sections,
      cited: citedIn(sections, facts),
      record: { model, facts: facts.length, dropped },
      markdown: summaryMarkdown(session, catalogue, sections, { by: "bedrock", now, dropped, model }),
    };
  };
}

/** An answer is waited for while it settles; what a model says much later changes nothing worth waiting for. */
const READING_BUDGET_MS = 12_000;

/** A model that reads answers, where one is configured; opened with the first answer. */
export function answerReading(config: Config, machine: Machine, log: Log): { answerReading?: AnswerReading } {
  const { bedrock } = config;
  if (bedrock === undefined) return {};
  const open = async () => {
    const { createBedrock } = await import("./aws/bedrock.ts");
    const { createAnswerReader } = await import("./aws/bedrock-writer.ts");
    const region = config.aws?.region;
    return createAnswerReader({
      bedrock: createBedrock({
        modelId: bedrock.modelId,
        ...(region === undefined ? {} : { region }),
        ...(bedrock.guardrail === undefined ? {} : { guardrail: bedrock.guardrail }),
        timer: { now: machine.now, sleep },
        log,
        budgetMs: READING_BUDGET_MS,
      }),
    });
  };
  let opened: ReturnType<typeof open> | undefined;
  const model = () => {
    opened ??= open();
    return opened;
  };
  return {
    answerReading: {
      suggestChoices: async (question, answer) => (await model()).suggestChoices(question, answer),
      wordFollowUp: async (...about) => (await model()).wordFollowUp(...about),
    },
  };
}

/** Exports, made from the state and the whole history. */
export function exporter(parts: { store: Store; catalogue: Catalogue; calendar: Calendar }) {
  return async (state: SessionState, format: string): Promise<ExportedFile | { problem: string }> => {
    const { EXPORT_FORMATS, exportSession, isExportFormat } = await import("./report/export.ts");
    if (!isExportFormat(format)) {
      return { problem: `There is no format "${format.slice(0, 40)}". There are ${EXPORT_FORMATS.join(", ")}.` };
    }
    const events = await parts.store.sessionEvents(state.id);
    const { catalogue } = parts;
    const now = parts.calendar.now();
    return exportSession(
      { state, events, catalogue, now, report: reportOf(state, catalogue, now), eventVersion: EVENT_VERSION },
      format,
    );
  };
}

/** Reads exports back. What is wrong with one is a sentence. */
export function exportReader(): ReadExport {
  return async (text) => {
    const { ImportError, importSession } = await import("./report/import.ts");
    try {
      return importSession(text, upgradeSessionEvent);
    } catch (error) {
      if (error instanceof ImportError) return { problem: error.message };
      throw error;
    }
  };
}

/** Reads architectures: code by parsers that are loaded when they are first needed, prose and pictures by the model. */
export function architectureReader(parts: WriterParts): ArchitectureReader {
  const { bedrock } = parts.config;
  return bedrock === undefined ? { code: readCode } : { code: readCode, model: architectureModel(parts, bedrock) };
}

async function readCode(file: { name: string; text: string }) {
  const { readInThread } = await import("./report/intake-thread.ts");
  const read = await readInThread(file);
  if (!read.ok) return read;
  const found = read.findings.map((one, index): Found => ({ id: `${one.question}-${index}`, ...one }));
  return { ok: true as const, resources: read.resources, found };
}

function architectureModel(
  parts: WriterParts,
  bedrock: NonNullable<Config["bedrock"]>,
): NonNullable<ArchitectureReader["model"]> {
  const open = async () => {
    const { createBedrock } = await import("./aws/bedrock.ts");
    const { createArchitectureModel } = await import("./aws/bedrock-intake.ts");
    const region = parts.config.aws?.region;
    return createArchitectureModel({
      bedrock: createBedrock({
        modelId: bedrock.modelId,
        ...(region === undefined ? {} : { region }),
        ...(bedrock.guardrail === undefined ? {} : { guardrail: bedrock.guardrail }),
        timer: { now: parts.machine.now, sleep },
        log: parts.log,
      }),
      questions: parts.catalogue.modules.flatMap((module) => module.questions.map(({ id, text }) => ({ id, text }))),
    });
  };
  let opened: ReturnType<typeof open> | undefined;
  const model = () => {
    opened ??= open();
    return opened;
  };
  return {
    read: async (file) => (await model()).read(file),
    fix: async (file, found) => {
      const drafted = await (await model()).change(file, found);
      if (!drafted.ok) return drafted;
      const { draftDiff } = await import("./report/intake-diff.ts");
      const draft = draftDiff(file.name, file.text, drafted.before, drafted.after);
      if (!draft.ok) return draft;
      const after = await readCode({ name: file.name, text: draft.changed });
      if (!after.ok) return { ok: false, why: `what the model drafted doesn't parse. ${after.why}` };
      if (after.found.some((one) => one.kind === "weak" && one.statement === found.statement)) {
        return { ok: false, why: "what the model drafted doesn't take the finding away." };
      }
      return { ok: true, diff: draft.diff };
    },
  };
}

import { randomUUID } from "node:crypto";
import type { Express } from "express";
import { isExactlyCommand } from "../conversations/command.ts";
import { retentionTimer } from "../conversations/retention.ts";
import { reportOf } from "../conversations/summary.ts";
import { renderPost } from "../conversations/views/render-post.ts";
import { createAcquaintance } from "./app/acquaintance.ts";
import { createCatchUp } from "./app/catch-up.ts";
import { advance } from "./app/clock-work.ts";
import { createHeartbeat } from "./app/heartbeat.ts";
import { createImporter } from "./app/import.ts";
import { type Parts, storeModel } from "./app/parts.ts";
import { createPerform } from "./app/perform.ts";
import { createReceiver } from "./app/receive.ts";
import { createWorker } from "./app/worker.ts";
import { Anchor, createCalendar, createMachine } from "./clock.ts";
import { type Config, explainConfig, readEnvironment } from "./config.ts";
import { ConfigError, SchemaTooNewError, StoreUnavailableError } from "./domain/errors.ts";
import { answerReading, architectureReader, connectAws, createWriter, exporter, exportReader } from "./facilities.ts";
import { createHttp, listen } from "./http.ts";
import { createLog, type Log } from "./log.ts";
import { maskSecrets } from "./mask.ts";
import { createMetrics } from "./metrics.ts";
import { lowerV8Threads } from "./priority.ts";
import type { ChartBlock } from "./report/charts.ts";
import { loadSetup, type Setup } from "./setup.ts";
import { openStore } from "./store/open.ts";

/** The composition root: configuration → port → store → AWS → engine → platforms → worker. Everything is wired here, by hand. */

/** sysexits.h: the configuration is wrong. */
const EX_CONFIG = 78;
const STOP_WITHIN_MS = 9_000;
const CATCH_UP_EVERY_MS = 10 * 60_000;

export async function boot(): Promise<void> {
  let setup: Setup;
  try {
    setup = await loadSetup(readEnvironment());
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    process.stderr.write(`${explainConfig(error)}\n`);
    process.exitCode = EX_CONFIG;
    return;
  }
  const log = createLog(setup.config.logLevel);
  try {
    await run(setup, log);
  } catch (error) {
    if (isExpected(error)) {
      process.stderr.write(`T-Minus can't start. ${error.message}\n`);
      process.exit(EX_CONFIG);
    }
    throw error;
  }
}

function isExpected(error: unknown): error is Error {
  return error instanceof ConfigError || error instanceof SchemaTooNewError || error instanceof StoreUnavailableError;
}

async function run(setup: Setup, log: Log): Promise<void> {
  const { config, catalogue } = setup;
  for (const warning of config.warnings) log.warn({}, warning);
  const machine = createMachine();
  // Before the store: a start that a taken port ends has changed nothing.
  const server = await listen({ host: config.host, port: config.port });
  const store = await openStore({
    url: config.databaseUrl,
    model: storeModel(catalogue),
    machine,
    log,
    // What the disk really has is known only by reading it again: whoever starts us, starts us anew.
    onBroken: () => process.exit(1),
  });
  // The database is ours alone (its lock says so): whoever held a lease is dead.
  await store.voidLeases(Number.MAX_SAFE_INTEGER);
  const calendar = await createCalendar({
    machine,
    ...(config.clock === undefined ? {} : { clock: config.clock }),
    anchor: {
      get: () => store.kept("clock", "anchor", (value) => Anchor.parse(value)),
      set: (anchor) => store.keep("clock", "anchor", anchor),
    },
  });
  const metrics = createMetrics();
  const aws = await connectAws(setup, { calendar, machine, log });
  const links = boardLinks(config, store, machine);
  const parts: Parts = {
    store,
    calendar,
    machine,
    catalogue,
    chats: {},
    settings: {
      settleMs: config.answerSettleMs,
      aws: aws.settings,
      zone: localZone(),
      ...(config.retentionDays === undefined ? {} : { retentionDays: config.retentionDays }),
      ...(config.bedrock === undefined ? {} : { model: true }),
      ...(config.publicUrl === undefined || config.secretKey === undefined ? {} : { links: true }),
    },
    commands: { slack: config.slack?.command ?? "/readiness", teams: "@T-Minus", web: "/readiness" },
    newId: (prefix) => newId(prefix, machine.now()),
    log,
    count: (effect, result) => metrics.count("t_minus_effects_total", { effect, result }),
    mask: maskSecrets,
    ...(aws.collector === undefined ? {} : { collector: aws.collector }),
    ...(aws.quotas === undefined ? {} : { quotas: aws.quotas }),
    writer: createWriter({ config, catalogue, calendar, machine, log }),
    ...answerReading(config, machine, log),
    exportSession: exporter({ store, catalogue, calendar }),
    readExport: exportReader(),
    architecture: architectureReader({ config, catalogue, calendar, machine, log }),
    boards: {
      link: async (id, platform) =>
        platform === "web" ? `/sessions/${encodeURIComponent(id)}` : (await links)?.link(id),
      revoke: async (id) => (await links)?.revoke(id),
    },
    redrawn: new Map(),
  };
  parts.met = createAcquaintance(parts);
  const receiver = createReceiver(parts);
  const perform = createPerform(parts, receiver);
  const worker = createWorker({ store, calendar, machine, perform, log });
  const catchUp = createCatchUp(parts, receiver);
  const platforms = await startPlatforms(config, parts, receiver, { log, catchUp });
  const heartbeat = createHeartbeat(parts, receiver);

  const allWork = { idle: () => platforms.idle().then(() => worker.idle()) };
  const readiness = async () => {
    const now = calendar.now();
    const { due, running } = await store.counts(now.getTime());
    return { now: now.toISOString(), due, running: running + platforms.waiting() };
  };
  const app = createHttp({
    log,
    readiness,
    metrics: () => metrics.text(),
    count: (route, status) =>
      metrics.count("t_minus_requests_total", { route, status: `${Math.floor(status / 100)}xx` }),
    ...(calendar.simulated ? { moveClock: (to: Date) => advance({ store, calendar, worker: allWork }, to) } : {}),
    mount: platforms.mount,
  });
  server.serve(app);
  await planRetention(parts);
  worker.start();
  await platforms.start();
  await heartbeat.start();
  const catching = setInterval(() => void catchUp(), CATCH_UP_EVERY_MS);
  catching.unref();
  void catchUp();
  log.info({ url: server.url, platforms: Object.keys(parts.chats) }, "T-Minus is ready");
  process.stdout.write(`T-Minus is ready: ${server.url}\n`);
  lowerV8Threads();

  let stopping = false;
  const stop = async (signal: string) => {
    if (stopping) return;
    stopping = true;
    log.info({ signal }, "Stopping: taking no more work, finishing what is in hand");
    clearInterval(catching);
    setTimeout(() => process.exit(0), STOP_WITHIN_MS).unref();
    await platforms.stop();
    await heartbeat.stop().catch((err: unknown) => log.warn({ err }, "The last heartbeat could not be kept"));
    await Promise.all([server.close(3_000), worker.stop()]);
    await store.close();
    log.info({}, "Stopped");
    process.exit(0);
  };
  process.on("SIGTERM", () => void stop("SIGTERM"));
  process.on("SIGINT", () => void stop("SIGINT"));
}

type Platforms = {
  mount(app: Express): void;
  start(): Promise<void>;
  stop(): Promise<void>;
  /** What was acknowledged and isn't with the engine yet. */
  waiting(): number;
  /** Resolves when all of that is. */
  idle(): Promise<void>;
};

/** Each platform's SDK is imported only when it is configured. */
async function startPlatforms(
  config: Config,
  parts: Parts,
  receiver: ReturnType<typeof createReceiver>,
  { log, catchUp }: { log: Log; catchUp(): Promise<void> },
): Promise<Platforms> {
  const mounts: ((app: Express) => void)[] = [];
  const starts: (() => Promise<void> | void)[] = [];
  const stops: (() => Promise<void> | void)[] = [];
  const waiting: { size(): number; idle(): Promise<void> }[] = [];
  const { store, machine } = parts;
  const receive = receiver.accept;

  if (config.slack !== undefined) {
    const { createSlack } = await import("../adapters/slack/app.ts");
    const onReconnected = () => void catchUp();
    const { mask } = parts;
    const pictures = await chartPictures(config, log);
    if (pictures !== undefined) mounts.push((app) => app.use(pictures.router));
    const slack = createSlack({
      config: { ...config.slack },
      receive,
      store,
      machine,
      log,
      mask,
      onReconnected,
      pictureOf: pictures?.urlOf,
    });
    waiting.push(slack.waiting);
    parts.chats.slack = slack.adapter();
    mounts.push((app) => slack.mount(app));
    starts.push(() => slack.start());
    stops.push(() => slack.stop());
  }
  if (config.teams !== undefined) {
    const { createTeams } = await import("../adapters/teams/bot.ts");
    const teams = await createTeams({
      config: { ...config.teams },
      receive,
      store,
      machine,
      log,
      isCommand: isExactlyCommand,
      redraw: (session, messageId) => redraw(parts, session, messageId),
      mask: parts.mask,
    });
    waiting.push(teams.waiting);
    parts.chats.teams = teams.adapter;
    mounts.push((app) => teams.mount(app));
    starts.push(() => teams.start());
    stops.push(() => teams.stop());
  }
  const { createExportRoutes } = await import("../adapters/web/export-routes.ts");
  const token = config.web.token;
  if (config.web.on || token !== undefined) {
    const routes = createExportRoutes({
      sessions: () => store.sessions(),
      log,
      ...(token === undefined ? {} : { token }),
      exportSession: async (id, format) => {
        const session = await store.session(id);
        return session === undefined ? undefined : parts.exportSession(session, format);
      },
      importSession: createImporter(parts),
    });
    mounts.push((app) => app.use(routes));
  }
  if (config.web.on || token !== undefined || (config.publicUrl !== undefined && config.secretKey !== undefined)) {
    const { createBoard } = await import("../adapters/web/board.ts");
    const links = await boardLinks(config, store, machine);
    const board = createBoard({
      load: (id) => boardOf(parts, id),
      catalogue: parts.catalogue,
      onChange: (listener) => store.onWork(listener),
      log,
      ...(token === undefined ? {} : { token }),
      ...(links === undefined ? {} : { links }),
    });
    mounts.push((app) => app.use(board.router));
    stops.push(() => board.close());
  }
  if (config.web.on) {
    const { createWebChannel } = await import("../adapters/web/channel.ts");
    const web = await createWebChannel({
      store,
      accept: receiver.accept,
      machine,
      log,
      chartImage: drawChart,
      ...(token === undefined ? {} : { token }),
    });
    parts.chats.web = web.adapter;
    mounts.push((app) => app.use(web.router));
    stops.push(() => web.close());
  }
  return {
    mount: (app) => {
      for (const mount of mounts) mount(app);
    },
    start: async () => {
      for (const start of starts) await start();
    },
    waiting: () => waiting.reduce((sum, one) => sum + one.size(), 0),
    idle: async () => {
      for (const one of waiting) await one.idle();
    },
    stop: async () => {
      await Promise.allSettled(stops.map(async (stop) => stop()));
    },
  };
}

/** What the board of one session shows. */
async function boardOf(parts: Parts, id: string) {
  const state = await parts.store.session(id);
  if (state === undefined) return undefined;
  const events = await parts.store.sessionEvents(id);
  return { state, events, report: reportOf(state, parts.catalogue, parts.calendar.now()) };
}

/** Charts under an address that Slack can fetch; without one they are bars in words. */
async function chartPictures({ secretKey, publicUrl }: Config, log: Log) {
  if (secretKey === undefined || publicUrl?.startsWith("https:") !== true) return undefined;
  const { createChartPictures } = await import("../adapters/web/chart-pictures.ts");
  return createChartPictures({ secretKey, publicUrl, draw: drawChart, log });
}

async function drawChart(chart: ChartBlock): Promise<Uint8Array> {
  return (await (await import("./report/charts.ts")).renderChart(chart)).png;
}

/** Signed links to boards, for people without the token. */
async function boardLinks(config: Config, store: Parts["store"], machine: Parts["machine"]) {
  const { secretKey, publicUrl } = config;
  if (secretKey === undefined || publicUrl === undefined) return undefined;
  const { createBoardLinks } = await import("../adapters/web/board-links.ts");
  return createBoardLinks({ secretKey, publicUrl, store, machine });
}

/** New ids sort by their time: what is stored together is written to the same page. */
function newId(prefix: string, now: number): string {
  return `${prefix}-${Math.floor(now).toString(16)}${randomUUID().slice(-12)}`;
}

/** Sessions that ended before RETENTION_DAYS was set get their day now; a planned one keeps its key. */
async function planRetention({ store, settings, newId }: Parts): Promise<void> {
  if (settings.retentionDays === undefined) return;
  for (const row of await store.sessions()) {
    const session = row.status === "open" ? undefined : await store.session(row.id);
    const timer = session === undefined ? undefined : retentionTimer(session, settings.retentionDays);
    if (timer === undefined) continue;
    const effect = { do: "timer", clock: "calendar", ...timer } as const;
    const lane = `timer:${timer.key}`;
    await store.enqueue([
      { id: newId("o"), lane, key: timer.key, class: "internal", effect, session: row.id, due: timer.at, notBefore: 0 },
    ]);
  }
}

/** The current words of one of our posts: a card's button is answered with the redrawn card. */
async function redraw(parts: Parts, id: string, messageId: string) {
  const session = await parts.store.session(id);
  const post = Object.values(session?.posts ?? {}).find((one) => one.ref?.messageId === messageId);
  if (session === undefined || post === undefined) return undefined;
  const { platform } = post.at ?? session.home;
  const board = await parts.boards?.link(session.id, platform);
  const view = {
    now: parts.calendar.now(),
    catalogue: parts.catalogue,
    command: parts.commands[platform],
    board: () => board,
    model: parts.settings.model === true,
  };
  return {
    message: renderPost(session, post, view, false),
    mark: {
      outbox: "",
      session: session.id,
      kind: post.kind,
      ...(post.module === undefined ? {} : { module: post.module }),
      ...(post.question === undefined ? {} : { question: post.question }),
      version: post.version,
    },
  };
}

/** For people and sessions that haven't told a zone. Never used for somebody who has. */
function localZone(): string {
  return Intl.DateTimeFormat().resolvedOptions().timeZone || "UTC";
}

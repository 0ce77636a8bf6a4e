import { App, HTTPReceiver, type Receiver } from "@slack/bolt";
import type { Express } from "express";
import type { Inbound } from "../../src/domain/inbound.ts";
import type { ChatAdapter, Machine, Outcome, Receive, Store } from "../../src/domain/ports.ts";
import { createApi } from "./api.ts";
import type { PictureOf } from "./blocks.ts";
import { catchUp } from "./catch-up.ts";
import { createChat, type ReadFile } from "./chat.ts";
import type { Log, SlackConfig } from "./config.ts";
import type { Delivery, Known } from "./delivery.ts";
import { readAttached, textsAsEdit } from "./files.ts";
import { createIdentity } from "./identity.ts";
import { createInstallations, NotInstalledError } from "./installations.ts";
import { createIntroductions } from "./introductions.ts";
import { boltLogger } from "./logger.ts";
import { createOAuth, INSTALL_PATH, REDIRECT_PATH } from "./oauth.ts";
import { createOwnAffairs } from "./own-affairs.ts";
import { parse } from "./parse.ts";
import { isStart } from "./parse-interaction.ts";
import { actorOf } from "./parse-message.ts";
import { createPeople } from "./people.ts";
import { createPlaces, type Places } from "./places.ts";
import { acknowledgeAfterCommit, HOOKS, type Hooks, passOn } from "./receiver.ts";
import { answer, sentence } from "./respond.ts";
import { createSeal } from "./seal.ts";
import { createSocket } from "./socket.ts";
import { createWaiting, type Mask } from "./waiting.ts";
import { membershipIn, Whose, workspaceOf } from "./whose.ts";
import { wording } from "./wording.ts";

/** How long `stop` waits for deliveries in hand. Milliseconds. */
const DRAIN = 8_000;

export type SlackParts = {
  config: SlackConfig;
  receive: Receive;
  store: Pick<Store, "keep" | "kept" | "keptAll" | "drop">;
  machine: Machine;
  log: Log;
  /** A connection stands again after one was lost: something may have been missed. */
  onReconnected?: () => void;
  /** Hides secrets in what waits for an answer of Slack's. */
  mask?: Mask;
  /** Milliseconds between two posts in a channel; only tests say anything else than Slack's one second. */
  postSpacing?: number;
  /** Where Slack can fetch a chart's picture. */
  pictureOf?: PictureOf | undefined;
};

export type Slack = {
  /** Routes of this platform in the one server. They read raw bodies: mount before any body parser. */
  mount(app: Pick<Express, "get" | "post">): void;
  /** Resolves without waiting for Slack. */
  start(): Promise<void>;
  /** Takes nothing new, finishes what is in hand (8 s at most). */
  stop(): Promise<void>;
  adapter(): ChatAdapter;
  /** What was acknowledged and waits for an answer of Slack's: how much, and when nothing does any more. */
  waiting: { size(): number; idle(): Promise<void> };
  /** Over HTTP always true; in Socket Mode while a connection stands. */
  connected(): boolean;
};

/** Slack as a platform: deliveries in, posts out. */
export function createSlack({
  config,
  receive,
  store,
  machine,
  log,
  mask,
  onReconnected,
  postSpacing,
  pictureOf,
}: SlackParts): Slack {
  const seal = config.secretKey === undefined ? undefined : createSeal(config.secretKey, "slack tokens");
  const installations =
    config.botToken === undefined && seal !== undefined
      ? createInstallations({ store, seal, machine, log })
      : undefined;
  const identity = createIdentity(config, { store, installations, log });
  const spacing = postSpacing === undefined ? {} : { spacing: postSpacing };
  const api = createApi(config, { tokenOf: identity.tokenOf, machine, log, ...spacing });
  const people = createPeople({ api, store, machine, log, allowed: identity.allowed });
  const places = createPlaces({ api, log, allowed: identity.allowed });
  const known: Known = { at: identity.at, bot: identity.bot, person: people.get, allowed: identity.allowed };
  const { tokenOf } = identity;
  const waiting = createWaiting({ store, people, places, log, mask, take: takeLate });
  const history = (...where: Parameters<NonNullable<ChatAdapter["history"]>>) =>
    catchUp({ api, config, tokenOf, known, meet: people.meet, log }, ...where);
  const readFile: ReadFile = (workspace, file, most) => readAttached(config, tokenOf, workspace, file, most);
  const findChannel: NonNullable<ChatAdapter["findChannel"]> = async ({ workspace }, called) => {
    const found = await places.find(workspace, called);
    if (found === undefined) return undefined;
    const problem = places.objection(workspace, found.id);
    if (problem !== undefined) return { problem };
    return { channel: { platform: "slack", workspace, channel: found.id }, name: found.name };
  };
  // Of a workspace that anybody could have made nobody's address is taken: only of the own, or one the operator named.
  const emailOf = async (workspace: string, user: string) =>
    config.botToken !== undefined || config.teamsAllowed.includes(workspace)
      ? people.email(workspace, user)
      : undefined;
  const chat = createChat({ api, log, history, readFile, findChannel, emailOf, pictureOf });
  const introductions = createIntroductions({ people, receive, log });
  const concernsUs = createOwnAffairs({ api, people, places, introductions, installations, log });

  const inHand = new Set<Promise<unknown>>();
  const track = (work: Promise<unknown>) => {
    const settled = work.then(
      () => {},
      () => {},
    );
    inHand.add(settled);
    settled.finally(() => inHand.delete(settled));
  };
  let stopping = false;

  const { appToken } = config;
  const overSocket =
    appToken === undefined
      ? undefined
      : createSocket({ ...config, appToken }, log, (first) => {
          if (!first) onReconnected?.();
        });
  const http = overSocket === undefined ? httpReceiver(config, log) : undefined;
  const receiver: Receiver | undefined = overSocket?.receiver ?? http;
  if (receiver === undefined) throw new Error("Slack needs SLACK_SIGNING_SECRET (HTTP) or SLACK_APP_TOKEN (sockets)");

  const bolt = new App({
    receiver: acknowledgeAfterCommit(receiver, track, log),
    logger: boltLogger(log),
    ignoreSelf: false,
    convoStore: false,
    authorize: async ({ teamId }, body) => {
      const token = await authorize(body);
      return { botToken: token, ...(teamId === undefined ? {} : { teamId }) };
    },
  });
  bolt.error((error) => passOn(error, log));
  bolt.use(async ({ body, context }) => {
    const hooks: Hooks = context[HOOKS];
    hooks.reached();
    await handle(body, hooks);
  });

  /** The token of the workspace that a delivery comes through; learns which organisation that belongs to. */
  async function authorize(body: unknown): Promise<string> {
    const whose = Whose.safeParse(body).data ?? {};
    await identity.belongs(membershipIn(whose));
    const token = await tokenOf(workspaceOf(whose));
    if (token === undefined) throw new NotInstalledError("T-Minus is not installed there");
    return token;
  }

  async function handle(body: unknown, hooks: Hooks): Promise<void> {
    const delivery = parse(body, known);
    await concernsUs(delivery, hooks.after);
    if (!waiting.mustAsk(delivery)) return take(delivery, hooks);
    await waiting.keep(delivery, body);
    hooks.acknowledge(undefined);
    hooks.after(() => waiting.carryOut(delivery, body));
  }

  async function take(delivery: Delivery, { acknowledge, after }: Pick<Hooks, "acknowledge" | "after">) {
    const { inbound } = delivery;
    const objection = objectionTo(inbound, delivery, places);
    const outcome = objection ?? (inbound.kind === "ignored" ? undefined : await receive(inbound));
    if (inbound.kind === "ignored") log.debug({ reason: inbound.reason }, "A Slack delivery was left aside");
    acknowledge(answer(delivery, outcome, after, { api, chat, log }));
    after(() => getToKnow(delivery, outcome));
    after(() => fetchTexts(delivery, outcome));
    if (outcome?.kind === "committed") after(() => redrawHome(delivery));
  }

  /** What somebody did on their own page shows there at once. */
  async function redrawHome({ inbound, user }: Delivery): Promise<void> {
    if (inbound.kind !== "action" && inbound.kind !== "form") return;
    if (user === undefined || inbound.address.channel !== `@${user}`) return;
    await drawHome(inbound, "after");
  }

  /** As if they had opened it again, with what is known of them now. */
  async function drawHome({ actor, address, receipts }: Inbound, why: "after" | "met"): Promise<void> {
    const keys = receipts.map((key) => `slack:home:${why}:${key}`);
    const now = actorOf(actor.workspace, actor.user, [], known);
    await receive({ kind: "home", receipts: keys, actor: { ...actor, ...now }, address, direct: true });
  }

  /** What was acknowledged before it was done: its private answer comes by the request's own address. */
  async function takeLate(body: unknown): Promise<void> {
    const delivery = parse(body, known);
    const late = delivery.answer === "acknowledgement" ? { ...delivery, answer: "afterwards" as const } : delivery;
    const tasks: (() => Promise<void>)[] = [];
    await take(late, { acknowledge: () => {}, after: (task) => tasks.push(task) });
    for (const task of tasks) {
      track(task().catch((err: unknown) => log.warn({ err }, "A private answer could not be shown in Slack")));
    }
  }

  /** Who did it, who was named in it, and where it was: asked when nobody waits for it any more. */
  async function getToKnow(delivery: Delivery, outcome: Outcome | undefined): Promise<void> {
    const { workspace, inbound } = delivery;
    if (inbound.kind === "ignored") return;
    const { channel } = inbound.address;
    const { kind } = inbound;
    if (kind === "command" || kind === "place" || kind === "form") await places.visit(workspace, channel);
    await introductions.after(delivery, outcome?.kind === "committed" ? outcome.session : undefined);
    const { actor } = inbound;
    // Their page said what was assumed of them; Slack has told better meanwhile.
    if (kind === "home" && actor.zone === undefined && people.get(workspace, actor.user)?.zone !== undefined) {
      await drawHome(inbound, "met");
    }
  }

  /** Long pasted answers: Slack has made a snippet of them, whose text comes after the message. */
  async function fetchTexts(
    { inbound, texts, workspace, user }: Delivery,
    outcome: Outcome | undefined,
  ): Promise<void> {
    if (texts === undefined || outcome === undefined || outcome.kind === "ignored") return;
    try {
      const edit = await textsAsEdit(config, tokenOf, inbound, texts);
      if (edit !== undefined) await receive(edit);
    } catch (err) {
      log.warn({ err }, "A pasted text could not be read from Slack");
      if (inbound.kind === "ignored" || user === undefined) return;
      const [file] = texts.files;
      const message = sentence(wording.fileUnread(file?.name ?? file?.title ?? "your file"));
      await chat.whisper(inbound.address, `slack:${workspace}:${user}`, message);
    }
  }

  return {
    mount(app) {
      if (http !== undefined) {
        app.post("/slack/events", (request, response) => {
          if (!stopping) return http.requestListener(request, response);
          // Slack sends events again; somebody who typed a command sees Slack's error and keeps the text.
          response.writeHead(503, { connection: "close" });
          response.end();
        });
      }
      const { clientId, clientSecret, stateSecret } = config;
      if (installations === undefined || !clientId || !clientSecret || !stateSecret) return;
      const pages = createOAuth({ ...config, clientId, clientSecret, stateSecret }, installations, log);
      app.get(INSTALL_PATH, (request, response) => pages(request, response));
      app.get(REDIRECT_PATH, (request, response) => pages(request, response));
    },
    async start() {
      await Promise.all([people.restore(), identity.restore()]);
      for (const body of await waiting.restore()) track(waiting.carryOut(parse(body, known), body));
      getBearings().catch((err: unknown) => log.warn({ err }, "Slack can't be asked yet"));
      overSocket?.socket.start();
    },
    async stop() {
      stopping = true;
      const deadline = new Promise((resolve) => setTimeout(resolve, DRAIN).unref());
      const drained = async () => {
        while (inHand.size > 0) await Promise.all(inHand);
        await overSocket?.socket.stop();
      };
      await Promise.race([drained(), deadline]);
    },
    adapter: () => chat,
    waiting,
    connected: () => overSocket?.socket.connected() ?? true,
  };

  /** Who we are, who is there, where we are: asked beside everything else, and never waited for. */
  async function getBearings(): Promise<void> {
    await identity.start(api);
    const workspace = identity.workspace();
    if (workspace === undefined) return;
    await Promise.all([people.prefetch(workspace), places.prefetch(workspace)]);
  }
}

function httpReceiver(config: SlackConfig, log: Log): HTTPReceiver | undefined {
  if (config.signingSecret === undefined) return undefined;
  return new HTTPReceiver({
    signingSecret: config.signingSecret,
    endpoints: ["/slack/events"],
    logger: boltLogger(log),
    unhandledRequestHandler: ({ response }) => {
      // The commit took longer than Slack waits. It goes on; Slack's next attempt finds its receipt.
      if (response.headersSent) return;
      response.writeHead(503);
      response.end();
    },
  });
}

/** A session can't live in an archived or shared channel, or where the bot isn't: a sentence, before anything is stored. */
function objectionTo(inbound: Inbound | { kind: "ignored" }, delivery: Delivery, places: Places): Outcome | undefined {
  if (inbound.kind === "ignored" || !isStart(inbound) || inbound.direct === true) return undefined;
  const why = places.objection(delivery.workspace, inbound.address.channel);
  if (why === undefined) return undefined;
  const [field] = delivery.fields ?? [];
  if (inbound.kind === "form" && field !== undefined) {
    return { kind: "ignored", reason: why, reply: { kind: "errors", errors: { [field]: why } } };
  }
  return { kind: "ignored", reason: why, reply: { kind: "message", message: sentence(why) } };
}

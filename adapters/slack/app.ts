import { App, HTTPReceiver, type Receiver } from "@slack/bolt";
import type { Express } from "express";
import type { Inbound } from "../../src/domain/inbound.ts";
import type { ChatAdapter, Machine, Outcome, Receive, Store } from "../../src/domain/ports.ts";
import { createApi } from "./api.ts";
import { catchUp } from "./catch-up.ts";
import { createChat, type ReadFile } from "./chat.ts";
import type { Log, SlackConfig } from "./config.ts";
import type { Delivery, Known } from "./delivery.ts";
import { readAttached, textsAsEdit } from "./files.ts";
import { createIdentity } from "./identity.ts";
import { createInstallations } from "./installations.ts";
import { boltLogger } from "./logger.ts";
import { createOAuth, INSTALL_PATH, REDIRECT_PATH } from "./oauth.ts";
import { parse } from "./parse.ts";
import { createPeople, type People } from "./people.ts";
import { createPlaces, type Places } from "./places.ts";
import { acknowledgeAfterCommit, HOOKS, type Hooks, passOn } from "./receiver.ts";
import { answer, sentence } from "./respond.ts";
import { createSeal } from "./seal.ts";
import { createSocket } from "./socket.ts";
import { wording } from "./wording.ts";

/**
 * How long a command, tap or form of somebody unknown may wait for who they are (guest, zone). Only the first time,
 * never for answers, and whether Slack has answered or not it goes on then. Milliseconds.
 */
const HEAD_START = 300;
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
  /** Milliseconds between two posts in a channel; only tests say anything else than Slack's one second. */
  postSpacing?: number;
};

export type Slack = {
  /** Routes of this platform in the one server. They read raw bodies: mount before any body parser. */
  mount(app: Pick<Express, "get" | "post">): void;
  /** Resolves without waiting for Slack. */
  start(): Promise<void>;
  /** Takes nothing new, finishes what is in hand (8 s at most). */
  stop(): Promise<void>;
  adapter(): ChatAdapter;
  /** Over HTTP always true; in Socket Mode while a connection stands. */
  connected(): boolean;
};

/** Slack as a platform: deliveries in, posts out. */
export function createSlack({ config, receive, store, machine, log, onReconnected, postSpacing }: SlackParts): Slack {
  const seal = config.secretKey === undefined ? undefined : createSeal(config.secretKey, "slack tokens");
  const installations =
    config.botToken === undefined && seal !== undefined ? createInstallations(store, seal, log) : undefined;
  const identity = createIdentity(config, { store, installations, log });
  const spacing = postSpacing === undefined ? {} : { spacing: postSpacing };
  const api = createApi(config, { tokenOf: identity.tokenOf, machine, log, ...spacing });
  const people = createPeople({ api, store, machine, log, allowed: identity.allowed });
  const places = createPlaces({ api, log, allowed: identity.allowed });
  const known: Known = { bot: identity.bot, person: people.get, allowed: identity.allowed };
  const { tokenOf } = identity;
  const history = (...where: Parameters<NonNullable<ChatAdapter["history"]>>) =>
    catchUp({ api, config, tokenOf, known, log }, ...where);
  const readFile: ReadFile = (workspace, file, most) => readAttached(config, tokenOf, workspace, file, most);
  const zoneOf = async (workspace: string, user: string) => {
    await people.meet(workspace, user);
    return people.get(workspace, user)?.zone;
  };
  const chat = createChat({ api, log, history, readFile, zoneOf });

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
    authorize: async ({ teamId, enterpriseId }) => {
      if (teamId !== undefined && enterpriseId !== undefined) {
        identity.belongs(teamId, enterpriseId);
        await installations?.belongs(teamId, enterpriseId);
      }
      const token = await tokenOf(teamId ?? enterpriseId ?? "");
      if (token === undefined) throw new Error("T-Minus is not installed there");
      return { botToken: token, ...(teamId === undefined ? {} : { teamId }) };
    },
  });
  bolt.error((error) => passOn(error, log));
  bolt.use(async ({ body, context }) => {
    const hooks: Hooks = context[HOOKS];
    hooks.reached();
    await handle(body, hooks);
  });

  async function handle(body: unknown, hooks: Hooks): Promise<void> {
    let delivery = parse(body, known);
    if (await headStart(delivery, { people, places })) delivery = parse(body, known);
    const { inbound } = delivery;
    await concernsUs(delivery);
    const objection = objectionTo(inbound, delivery, places);
    const outcome = objection ?? (inbound.kind === "ignored" ? undefined : await receive(inbound));
    if (inbound.kind === "ignored") log.debug({ reason: inbound.reason }, "A Slack delivery was left aside");
    hooks.acknowledge(answer(delivery, outcome, hooks.after, { api, chat, log }));
    hooks.after(() => getToKnow(delivery));
    hooks.after(() => fetchTexts(delivery, outcome));
  }

  /** What a delivery tells the adapter itself. */
  async function concernsUs({ own, workspace, enterprise, inbound }: Delivery): Promise<void> {
    if (inbound.kind === "place") {
      const { channel } = inbound.address;
      if (inbound.change === "archived") places.note(workspace, channel, { archived: true });
      if (inbound.change === "added") places.note(workspace, channel, { member: true, archived: false });
      if (inbound.change === "removed") places.note(workspace, channel, { member: false });
    }
    if (own?.about === "user_changed") people.changed(workspace, own.user);
    if (own?.about === "shared_channel" && !own.shared) places.note(workspace, own.channel, { shared: false });
    if (own?.about !== "uninstalled") return;
    log.warn({ workspace }, "T-Minus was removed from a Slack workspace; its token is forgotten");
    api.forget(workspace);
    const orgWide = own.orgWide || workspace === "" || workspace === enterprise;
    await installations?.remove({ teamId: workspace, enterpriseId: enterprise, isEnterpriseInstall: orgWide });
  }

  async function getToKnow({ workspace, user, inbound }: Delivery): Promise<void> {
    if (inbound.kind === "ignored") return;
    if (user !== undefined) await people.meet(workspace, user);
    const { channel } = inbound.address;
    if (inbound.kind === "command" || inbound.kind === "place") await places.visit(workspace, channel);
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
      await people.restore();
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

const STARTS = /^start\b/i;

function isStart(inbound: Delivery["inbound"]): boolean {
  return (
    (inbound.kind === "command" && STARTS.test(inbound.text)) || (inbound.kind === "form" && inbound.form === "start")
  );
}

/** True if it waited: then what Slack has told meanwhile is worth a second look. */
async function headStart(
  { inbound, workspace, user, answer: shown }: Delivery,
  { people, places }: { people: People; places: Places },
): Promise<boolean> {
  if (inbound.kind === "ignored" || inbound.kind === "message" || inbound.kind === "edit" || shown === "none")
    return false;
  if (inbound.kind !== "command" && inbound.kind !== "action" && inbound.kind !== "form") return false;
  const unmet = user !== undefined && people.get(workspace, user) === undefined;
  const starts = isStart(inbound) && inbound.direct !== true;
  if (!unmet && !starts) return false;
  const asked: Promise<void>[] = [];
  if (user !== undefined) asked.push(people.meet(workspace, user));
  if (starts) asked.push(places.visit(workspace, inbound.address.channel));
  let timer: NodeJS.Timeout | undefined;
  const enough = new Promise((resolve) => {
    timer = setTimeout(resolve, HEAD_START);
  });
  await Promise.race([Promise.all(asked), enough]);
  clearTimeout(timer);
  return unmet;
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

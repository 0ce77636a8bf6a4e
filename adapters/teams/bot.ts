import express, { type Express } from "express";
import { identityOf } from "../../src/domain/ids.ts";
import type { ChatAdapter, Machine, Receive, Store } from "../../src/domain/ports.ts";
import { createAttempts } from "./attempts.ts";
import { createBackground } from "./background.ts";
import { createChat } from "./chat.ts";
import type { Log, TeamsConfig } from "./config.ts";
import { createConsent } from "./consent.ts";
import { createFileConsent } from "./file-consent.ts";
import { createFiles } from "./files.ts";
import { createGate, tenantCheck } from "./gate.ts";
import { createLessons } from "./learn.ts";
import { createMembers } from "./members.ts";
import { createPeople } from "./people.ts";
import { createReferences } from "./references.ts";
import { openSdk } from "./sdk.ts";
import { createTurn, type Redraw } from "./turn.ts";
import { createWhispers, type Whispers } from "./whispers.ts";

export type TeamsOptions = {
  config: TeamsConfig;
  receive: Receive;
  store: Pick<Store, "keep" | "kept" | "keptAll" | "drop" | "identities" | "linkIdentity">;
  machine: Machine;
  log: Log;
  /** True for a text whose first word is exactly a command. The grammar is the conversation's, not the platform's. */
  isCommand: (text: string) => boolean;
  /** The current words of one of our posts, to answer a card's button with the redrawn card. */
  redraw?: Redraw;
  /** Takes recognised secrets out of what is kept of a newcomer's words. */
  mask: (text: string) => Promise<{ text: string }>;
};

export type Teams = {
  adapter: ChatAdapter;
  /** `POST /api/messages`, and `GET /teams/files/…` for exports in channels. */
  mount(app: Express): void;
  /** Takes private replies down when they are over, also those of an earlier process. */
  start(): void;
  /** Ends the timer and waits a little for private replies that are being sent. */
  stop(): Promise<void>;
  /** One round of what `start` does every half minute. Resolves with how many replies went. */
  sweep(): Promise<number>;
  /** What was acknowledged and isn't with the engine yet. */
  waiting: { size(): number; idle(): Promise<void> };
};

const SWEEP_EVERY = 30_000;
const BODY_LIMIT = "1mb";
const DRAIN = 3_000;

/**
 * Microsoft Teams. An activity's HTTP answer goes out only after it is durable, and waits for no call to the connector.
 * botbuilder is imported here, when Teams is configured, not before.
 */
export async function createTeams(options: TeamsOptions): Promise<Teams> {
  const { config, store, machine, log } = options;
  const sdk = await openSdk(config, machine);
  const background = createBackground(log);
  const tenantAllowed = tenantCheck(config);
  // Another tenant's directory, and a local client, can say anything about an address.
  const vouchesFor = (tenant: string) => !config.local && tenant === config.settings.MicrosoftAppTenantId;
  const references = createReferences(store);
  const people = createPeople(store);
  const consent = createConsent(store);
  const files = createFiles(machine);
  const attempts = createAttempts(store, machine);
  const members = createMembers({ connector: sdk.connector, people, tenantAllowed, machine, log });
  const appId = config.local ? undefined : config.settings.MicrosoftAppId;
  const lessons = createLessons({ references, people, consent, members, background, appId });
  const whispers: Whispers = createWhispers({
    store,
    machine,
    log,
    remove: ({ tenant, channel, thread, messageId }) =>
      chat.adapter.remove({
        address: { platform: "teams", workspace: tenant, channel, ...(thread === undefined ? {} : { thread }) },
        messageId,
        sentAt: 0,
      }),
  });
  const chat = createChat({
    connector: sdk.connector,
    channelsOf: sdk.channelsOf,
    store,
    references,
    people,
    consent,
    whispers,
    attempts,
    files,
    machine,
    publicUrl: config.publicUrl,
    lastRoot: lessons.lastRoot,
    emailOf: async (person) => {
      const { workspace, user } = identityOf(person);
      const known = vouchesFor(workspace) ? await people.find(workspace, user) : undefined;
      return known?.outsider === false ? known.email : undefined;
    },
  });
  const fileConsent = createFileConsent({ config, files, lessons, people, chat, background });
  const turn = createTurn({
    receive: options.receive,
    lessons,
    people,
    chat,
    whispers,
    background,
    machine,
    log,
    tenantAllowed,
    isCommand: options.isCommand,
    local: config.local,
    redraw: options.redraw,
    fileConsent,
    store,
    mask: options.mask,
  });
  const gate = createGate({ config, sdk, log, handle: (activity) => turn.handle(activity) });

  let timer: NodeJS.Timeout | undefined;
  return {
    adapter: chat.adapter,
    mount(app) {
      app.post("/api/messages", express.json({ limit: BODY_LIMIT }), gate);
      app.get("/teams/files/:id", (request, response) => {
        const file = files.find(request.params.id);
        response.setHeader("cache-control", "no-store");
        response.setHeader("x-content-type-options", "nosniff");
        if (file === undefined) {
          response.status(404).type("text/plain");
          response.send("This export is no longer here: links work for an hour. Ask for it again in Teams.");
          return;
        }
        response.setHeader("content-type", file.mediaType);
        response.setHeader("content-disposition", `attachment; filename*=UTF-8''${encodeURIComponent(file.name)}`);
        response.end(file.content);
      });
    },
    start() {
      background.run(attempts.sweep(), "forget old attempts");
      background.run(turn.resume(), "take in what newcomers said");
      timer ??= setInterval(() => {
        background.run(whispers.sweep(), "take private replies down");
        background.run(turn.resume(), "take in what newcomers said");
      }, SWEEP_EVERY).unref();
    },
    async stop() {
      clearInterval(timer);
      timer = undefined;
      await background.drain(DRAIN);
    },
    sweep: () => whispers.sweep(),
    waiting: turn.waiting,
  };
}

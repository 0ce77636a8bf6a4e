import { type App, AuthorizationError, type CodedError, type Receiver } from "@slack/bolt";
import type { Log } from "./config.ts";
import { NotInstalledError } from "./installations.ts";

/** Work that a delivery wants done once its acknowledgement is out: forms, private answers. */
export type AfterAcknowledgement = (task: () => Promise<void>) => void;
export type Hooks = {
  after: AfterAcknowledgement;
  acknowledge(body: unknown): void;
  /** The delivery has come to us: from here on a failure is ours. */
  reached(): void;
};
/** Under this name the middleware finds {@link Hooks} in Bolt's context. */
export const HOOKS = "afterCommit";

type Processing = Pick<App, "processEvent">;
type Event = Parameters<App["processEvent"]>[0];

/**
 * Bolt acknowledges events before its listeners run, and a process that dies in between has lost the answer. This
 * wrapper collects the acknowledgement while the app processes the delivery, and sends it only once that has resolved,
 * which is after the commit. A delivery that fails is not acknowledged: over HTTP it is a 500 and Slack sends events
 * again; over a socket no frame goes out. The same for both of Bolt's receivers.
 */
export function acknowledgeAfterCommit(
  receiver: Receiver,
  track: (work: Promise<unknown>) => void,
  log: Log,
): Receiver {
  const init = receiver.init.bind(receiver);
  receiver.init = (app) => {
    const processing: Processing = { processEvent: (event) => processThenAcknowledge(app, event, track, log) };
    const wrapped: App = Object.assign(Object.create(app), processing);
    init(wrapped);
  };
  return receiver;
}

async function processThenAcknowledge(
  app: App,
  event: Event,
  track: (work: Promise<unknown>) => void,
  log: Log,
): Promise<void> {
  let body: unknown;
  const tasks: (() => Promise<void>)[] = [];
  let reached = false;
  const hooks: Hooks = {
    after: (task) => tasks.push(task),
    acknowledge(response) {
      body = response;
    },
    reached() {
      reached = true;
    },
  };
  const work = app
    .processEvent({
      ...event,
      // Bolt's own, early acknowledgement of events says nothing: ours follows when all is stored.
      ack: async () => {},
      customProperties: { ...event.customProperties, [HOOKS]: hooks },
    })
    .catch((err: unknown) => {
      // Bolt stumbles over payloads that lack what it looks for. Sending those again would change nothing.
      if (reached || !(err instanceof TypeError)) throw err;
      log.warn({ err }, "Slack sent something that Bolt can't read");
    });
  track(work);
  await work;
  const acknowledged = Promise.resolve(event.ack(body)).catch((err: unknown) => {
    // Slack has hung up, or the socket is gone; what was said is stored, and a repeat changes nothing.
    log.warn({ err }, "An acknowledgement came too late");
  });
  track(acknowledged);
  await acknowledged;
  for (const task of tasks) {
    // Once, right after the commit, never after a restart: a failure is logged and nothing else.
    track(task().catch((err: unknown) => log.warn({ err }, "A private answer could not be shown in Slack")));
  }
}

/**
 * Bolt's error handler: an uninstalled workspace is acknowledged. Bolt calls everything that fails on the way to a token
 * an authorization error; what was only a passing failure of ours goes on to the receiver, and Slack comes again.
 */
export async function passOn(error: CodedError, log: Log): Promise<void> {
  if (error instanceof AuthorizationError) {
    if (!(error.original instanceof NotInstalledError)) throw error.original;
    // Slack switches apps off that mostly fail, and there is nobody to answer here.
    log.info({ reason: error.message }, "A delivery for a workspace without T-Minus");
    return;
  }
  throw error;
}

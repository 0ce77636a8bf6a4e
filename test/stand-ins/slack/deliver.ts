import { createHmac } from "node:crypto";
import type { Json } from "./check-blocks.ts";
import { seeded } from "./faults.ts";
import { nextId } from "./world.ts";

/** How the program answered one delivery. `status` 0: no connection, or none in time. */
export type Answered = { status: number; body: unknown; ms: number };

export type Kind = "events_api" | "slash_commands" | "interactive";

/** One attempt over whichever transport is connected. */
export type Transport = (
  kind: Kind,
  payload: Json,
  retry: { num: number; reason: string } | undefined,
) => Promise<Answered>;

/** Slack gives up waiting after three seconds. */
export const PATIENCE = 3_000;

/** `v0` signature of a request, as Slack makes it. */
export function signed(
  secret: string,
  body: string,
  at: number = Math.floor(Date.now() / 1000),
): Record<string, string> {
  const signature = createHmac("sha256", secret).update(`v0:${at}:${body}`).digest("hex");
  return { "x-slack-request-timestamp": String(at), "x-slack-signature": `v0=${signature}` };
}

/** Over HTTP: events as JSON, commands as a form, interactions as a form with `payload`. */
export function httpTransport(url: () => string, secret: string): Transport {
  return async (kind, payload, retry) => {
    const body = bodyOf(kind, payload);
    const started = performance.now();
    try {
      const response = await fetch(url(), {
        method: "POST",
        headers: {
          "content-type": kind === "events_api" ? "application/json" : "application/x-www-form-urlencoded",
          ...signed(secret, body),
          ...(retry === undefined
            ? {}
            : { "x-slack-retry-num": String(retry.num), "x-slack-retry-reason": retry.reason }),
        },
        body,
        signal: AbortSignal.timeout(PATIENCE),
      });
      const text = await response.text();
      return { status: response.status, body: parsed(text), ms: performance.now() - started };
    } catch {
      return { status: 0, body: undefined, ms: performance.now() - started };
    }
  };
}

export function bodyOf(kind: Kind, payload: Json): string {
  if (kind === "events_api") return JSON.stringify(payload);
  if (kind === "interactive") return new URLSearchParams({ payload: JSON.stringify(payload) }).toString();
  const form = new URLSearchParams();
  for (const [key, value] of Object.entries(payload)) if (value !== undefined) form.set(key, String(value));
  return form.toString();
}

function parsed(text: string): unknown {
  try {
    return text === "" ? undefined : JSON.parse(text);
  } catch {
    return text;
  }
}

export type Mischief = {
  /** Chance that an event comes twice. */
  duplicate: number;
  /** Chance that an event is held back for up to `late` ms, so that others overtake it. */
  reorder: number;
  late: number;
  seed: number;
};

/**
 * Events, with Slack's retries: at once, after a minute, after five (here as told), on a time-out, a lost connection or
 * anything but 2xx. Commands and interactions come once.
 */
export function createDelivery(transport: () => Transport, retryDelays: number[]) {
  let mischief: Mischief = { duplicate: 0, reorder: 0, late: 0, seed: 1 };
  let random = seeded(1);
  const running = new Set<Promise<unknown>>();
  let stopped = false;

  async function attempts(envelope: Json): Promise<boolean> {
    if (random() < mischief.reorder) await wait(random() * mischief.late);
    const twice = random() < mischief.duplicate;
    let reason = "";
    for (let num = 0; num <= retryDelays.length && !stopped; num += 1) {
      if (num > 0) await wait(retryDelays[num - 1] ?? 0);
      const answered = await transport()("events_api", envelope, num === 0 ? undefined : { num, reason });
      if (answered.status >= 200 && answered.status < 300) {
        if (twice) await transport()("events_api", envelope, { num: 1, reason: "http_timeout" });
        return true;
      }
      reason = answered.status === 0 ? "http_timeout" : "http_error";
    }
    return false;
  }

  return {
    /** Resolves with whether it was ever acknowledged. */
    event(team: string, bot: string, event: Json, more: Json = {}): Promise<boolean> {
      const envelope = {
        token: "t",
        team_id: team,
        api_app_id: "A1",
        event,
        type: "event_callback",
        event_id: nextId("Ev"),
        event_time: Math.floor(Date.now() / 1000),
        context_team_id: team,
        context_enterprise_id: null,
        authorizations: [
          { enterprise_id: null, team_id: team, user_id: bot, is_bot: true, is_enterprise_install: false },
        ],
        is_ext_shared_channel: false,
        ...more,
      };
      const work = attempts(envelope);
      running.add(work);
      work.finally(() => running.delete(work));
      return work;
    },
    once(kind: "slash_commands" | "interactive", payload: Json): Promise<Answered> {
      return transport()(kind, payload, undefined);
    },
    mischief(next: Partial<Mischief>) {
      mischief = { ...mischief, ...next };
      random = seeded(mischief.seed);
    },
    /** All events that are on their way have been acknowledged or given up. */
    async settled(): Promise<void> {
      while (running.size > 0) await Promise.all(running);
    },
    stop() {
      stopped = true;
    },
  };
}

function wait(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

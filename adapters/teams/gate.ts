import type { Request, Response } from "express";
import { StoreUnavailableError } from "../../src/domain/errors.ts";
import { isLoopback, type Log, type TeamsConfig } from "./config.ts";
import { Activity } from "./schema.ts";
import { type BotSdk, CannotAuthenticateError, type InvokeAnswer, NotAuthenticError } from "./sdk.ts";

/** A valid request that may not do this here. */
export class RefusedError extends Error {
  override name = "RefusedError";
}

/** Which tenants may use the bot: the allow-list, or else the bot's own; with a local client any. */
export function tenantCheck(config: TeamsConfig): (tenant: string) => boolean {
  const own = config.settings.MicrosoftAppTenantId;
  const allowed = new Set(config.tenantsAllowed.length > 0 ? config.tenantsAllowed : own ? [own] : []);
  return (tenant) => (config.local && config.tenantsAllowed.length === 0) || allowed.has(tenant);
}

/**
 * `POST /api/messages`: token, shape, then `handle`; its answer is the HTTP answer. 401 for a token that isn't the Bot
 * Connector's, 403 for a tenant or service that isn't allowed, 503 when nothing could be stored (Teams comes again).
 */
export function createGate(options: {
  config: TeamsConfig;
  sdk: BotSdk;
  log: Log;
  handle: (activity: Activity) => Promise<InvokeAnswer | undefined>;
}): (request: Request, response: Response) => Promise<void> {
  const { config, sdk, log, handle } = options;
  return async (request, response) => {
    const body: unknown = request.body;
    if (typeof body !== "object" || body === null || Array.isArray(body)) {
      response.status(400).json({ error: "An activity is a JSON object." });
      return;
    }
    const raw: Record<string, unknown> = { ...body };
    const type = textAt(raw, "type");
    const refused = refusal(config, raw);
    if (type === "" || refused !== undefined) {
      log.warn({ reason: refused }, "Refused a request before looking at its token");
      response.status(type === "" ? 400 : 403).json({ error: refused ?? "An activity has a type." });
      return;
    }
    try {
      const answer = await sdk.receive(request.headers.authorization ?? "", raw, async () => {
        const activity = Activity.safeParse(raw);
        if (activity.success) return handle(activity.data);
        log.debug({ type, path: activity.error.issues[0]?.path }, "Ignored an activity that says nothing to us");
        return type === "invoke" ? { status: 400 } : undefined;
      });
      response.status(answer?.status ?? 200);
      if (answer?.body === undefined) response.end();
      else response.json(answer.body);
    } catch (error) {
      const { status, text } = statusOf(error);
      if (status === 500) log.error({ err: error }, "An activity from Teams could not be taken in");
      else log.warn({ err: error }, "An activity from Teams was refused");
      response.status(status).json({ error: text });
    }
  };
}

/** What is refused whatever the token says. */
function refusal(config: TeamsConfig, activity: Record<string, unknown>): string | undefined {
  const channel = textAt(activity, "channelId");
  if (!config.local) return channel === "msteams" ? undefined : `This bot speaks Teams only, not "${channel}".`;
  if (channel !== "msteams" && channel !== "emulator") return `This bot speaks Teams only, not "${channel}".`;
  return isLoopback(textAt(activity, "serviceUrl"))
    ? undefined
    : "With TEAMS=local the service URL must be on loopback. Set MicrosoftAppId and its password for a real tenant.";
}

function statusOf(error: unknown): { status: number; text: string } {
  if (error instanceof NotAuthenticError) return { status: 401, text: error.message };
  if (error instanceof RefusedError) return { status: 403, text: error.message };
  if (error instanceof CannotAuthenticateError || error instanceof StoreUnavailableError) {
    return { status: 503, text: error.message };
  }
  return { status: 500, text: "Something went wrong; nothing was recorded." };
}

function textAt(activity: Record<string, unknown>, field: string): string {
  const value = activity[field];
  return typeof value === "string" ? value : "";
}

import { z } from "zod";
import { RetryLaterError } from "../../src/domain/errors.ts";
import type { Machine } from "../../src/domain/ports.ts";
import { delay } from "./background.ts";
import type { Log } from "./config.ts";
import { failureOf } from "./failure.ts";
import { CALL_TIMEOUT, READS_PER_THREAD } from "./limits.ts";
import type { People } from "./people.ts";
import { createRateLimit } from "./rate-limit.ts";
import type { Reference } from "./references.ts";
import { Member } from "./schema.ts";
import type { ConnectorClient } from "./sdk.ts";

/**
 * Who is in a conversation: names, both ids, guests, e-mail. Read in the background when we come to a conversation, and
 * one by one for people who weren't there then.
 */
export type Members = {
  /** Reads all members once per conversation (and again after an hour). Never rejects. */
  readAll(reference: Reference): Promise<void>;
  /** Reads one member. Resolves also when Teams didn't tell. */
  readOne(reference: Reference, id: string): Promise<void>;
};

/** Its type asks for a continuation token on the first page as well, where there is none. */
const PageOptions = z.custom<Parameters<ConnectorClient["conversations"]["getConversationPagedMembers"]>[1]>(
  (value) => typeof value === "object" && value !== null,
);

const AGAIN_AFTER = 3_600_000;
const PAGE = 500;
const MAX_PAGES = 40;
const MOST_WAITS = 10;
/** A service that asks for patience gets a little: somebody waits for the answer. Milliseconds. */
const LONGEST_WAIT = 3_000;
const MOST_TRIES = 3;

export function createMembers(options: {
  connector: (serviceUrl: string) => Promise<ConnectorClient>;
  people: People;
  tenantAllowed: (tenant: string) => boolean;
  machine: Machine;
  log: Log;
}): Members {
  const { connector, people, tenantAllowed, machine, log } = options;
  const readAt = new Map<string, number>();
  const asking = new Map<string, Promise<void>>();
  const limit = createRateLimit(machine, { perThread: READS_PER_THREAD });
  // A channel's members are its team's.
  const rosterOf = (reference: Reference) => reference.team ?? reference.channel;

  /** Waits for room within the service's limits: a crowd of newcomers is asked about one after the other. */
  async function room(reference: Reference): Promise<void> {
    for (let tries = 0; tries < MOST_WAITS; tries += 1) {
      try {
        return limit.take(reference.tenant, rosterOf(reference));
      } catch (error) {
        if (!(error instanceof RetryLaterError)) throw error;
        await delay(error.retryAfter);
      }
    }
  }

  async function learn(reference: Reference, value: unknown): Promise<void> {
    const member = Member.safeParse(value);
    if (!member.success) {
      log.debug(
        { channel: reference.channel, issue: member.error.issues[0]?.path },
        "Skipped a member that did not parse",
      );
      return;
    }
    const { id, aadObjectId, name, email, userPrincipalName, userRole, tenantId } = member.data;
    if (id.startsWith("28:")) return;
    const outsider = userRole === "guest" || userRole === "anonymous" || (!!tenantId && !tenantAllowed(tenantId));
    await people.learn(reference.tenant, { id, aadObjectId, name, email: email ?? userPrincipalName, outsider });
  }

  return {
    async readAll(reference) {
      const roster = `${reference.tenant}/${rosterOf(reference)}`;
      const last = readAt.get(roster);
      if (last !== undefined && machine.now() - last < AGAIN_AFTER) return;
      readAt.set(roster, machine.now());
      try {
        const client = await connector(reference.serviceUrl);
        let token: string | undefined;
        for (let page = 0; page < MAX_PAGES; page += 1) {
          await room(reference);
          const options = PageOptions.parse({
            pageSize: PAGE,
            timeout: CALL_TIMEOUT,
            ...(token ? { continuationToken: token } : {}),
          });
          const result = await client.conversations.getConversationPagedMembers(rosterOf(reference), options);
          for (const member of result.members ?? []) await learn(reference, member);
          token = result.continuationToken || undefined;
          if (token === undefined) return;
        }
      } catch (error) {
        readAt.delete(roster);
        log.warn(
          { channel: reference.channel, err: failureOf(error, "read the members") },
          "Members could not be read",
        );
      }
    },
    readOne(reference, id) {
      const key = `${reference.tenant}/${rosterOf(reference)}/${id}`;
      const asked = asking.get(key) ?? askFor(reference, id).finally(() => asking.delete(key));
      asking.set(key, asked);
      return asked;
    },
  };

  async function askFor(reference: Reference, id: string): Promise<void> {
    for (let tries = 1; ; tries += 1) {
      try {
        await room(reference);
        const client = await connector(reference.serviceUrl);
        const options = { timeout: CALL_TIMEOUT };
        await learn(reference, await client.conversations.getConversationMember(rosterOf(reference), id, options));
        return;
      } catch (error) {
        const err = failureOf(error, "read a member");
        if (!(err instanceof RetryLaterError) || err.retryAfter > LONGEST_WAIT || tries === MOST_TRIES) {
          log.warn({ channel: reference.channel, err }, "A member could not be read");
          return;
        }
        await delay(err.retryAfter);
      }
    }
  }
}

import { z } from "zod";
import type { Address, MessageRef } from "../../src/domain/address.ts";
import type { Api } from "./api.ts";
import { SlackMessage } from "./schema.ts";
import { millis, tsOf } from "./times.ts";

/** The metadata's type: every post of ours carries it. */
export const EVENT_TYPE = "t_minus";
const PAGE = 200;
const MOST_PAGES = 20;

const Marked = z.object({
  event_type: z.literal(EVENT_TYPE),
  event_payload: z.looseObject({
    outbox: z.string(),
    part: z.number().optional(),
    parts: z.number().optional(),
  }),
});

const Found = SlackMessage.extend({ metadata: z.unknown().optional() });
export type Found = z.infer<typeof Found>;

/** All messages of a conversation (a thread, or a channel's top level) since a platform time, oldest first. */
export async function readConversation(api: Api, address: Address, since: number): Promise<Found[]> {
  const all: Found[] = [];
  for await (const page of pagesOf(api, address, since)) all.push(...page);
  return inOrder(all);
}

function inOrder(messages: Found[]): Found[] {
  return messages.sort((a, b) => millis(a.ts) - millis(b.ts));
}

/** Page by page: a thread's from its beginning, a channel's from its newest message. */
async function* pagesOf(api: Api, { workspace, channel, thread }: Address, since: number): AsyncGenerator<Found[]> {
  let cursor = "";
  for (let page = 0; page < MOST_PAGES; page += 1) {
    const options = {
      channel,
      oldest: tsOf(since),
      inclusive: true,
      limit: PAGE,
      include_all_metadata: true,
      ...(cursor === "" ? {} : { cursor }),
    };
    const answer =
      thread === undefined
        ? await api.call(workspace, "conversations.history", channel, (client) => client.conversations.history(options))
        : await api.call(workspace, "conversations.replies", channel, (client) =>
            client.conversations.replies({ ...options, ts: thread }),
          );
    const found = (answer.messages ?? []).flatMap((message) => {
      const parsed = Found.safeParse(message);
      return parsed.success ? [parsed.data] : [];
    });
    // Slack gives a thread's root with every page, whatever its time.
    yield found.filter((message) => millis(message.ts) >= since);
    cursor = answer.response_metadata?.next_cursor ?? "";
    if (cursor === "" || answer.has_more === false) return;
  }
}

export type Posted = { ref: MessageRef; part: number; parts: number };

/** Our posts that carry this outbox id, by their mark. Reads no further than the first post of them, unless all are wanted. */
export async function findMarked(
  api: Api,
  address: Address,
  outbox: string,
  since: number,
  { all: wantsAll = false }: { all?: boolean } = {},
): Promise<Posted[]> {
  const all: Posted[] = [];
  for await (const page of pagesOf(api, address, since)) {
    all.push(...page.flatMap((message) => markedAs(message, address, outbox)));
    if (!wantsAll && address.thread === undefined && all.some(({ part }) => part === 1)) break;
  }
  return all;
}

function markedAs(message: Found, address: Address, outbox: string): Posted[] {
  const mark = Marked.safeParse(message.metadata);
  if (!mark.success || mark.data.event_payload.outbox !== outbox) return [];
  const { part = 1, parts = 1 } = mark.data.event_payload;
  return [{ ref: { address, messageId: message.ts, sentAt: millis(message.ts) }, part, parts }];
}

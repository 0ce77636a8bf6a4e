import type { Address, MessageRef } from "../../../src/domain/address.ts";
import { personId } from "../../../src/domain/ids.ts";
import { type ChatStage, chatAdapterContract, type Standing } from "../../contracts/chat-adapter-contract.ts";
import { isNode, nodesOf } from "../../stand-ins/teams/card-check.ts";
import type { Seen } from "../../stand-ins/teams/world.ts";
import { startBot } from "./harness.ts";

chatAdapterContract("Teams", async (): Promise<ChatStage> => {
  // The suite speaks faster than Teams lets a bot speak in one conversation; a fast clock makes room.
  const from = Date.now();
  const { world, teams, close } = await startBot({ limits: false, clock: () => from + (Date.now() - from) * 1_000 });
  const priya = world.user("Priya");
  const team = world.team("Shop", [priya], { consent: true });
  const conversation = world.channel(team, "Checkout");
  await priya.says({ conversation }, "status", { mention: true });
  const channel: Address = { platform: "teams", workspace: world.tenant, channel: conversation.id };

  function standing(seen: Seen): Standing {
    const nodes = nodesOf(seen.stored.attachments.map(({ content }) => content));
    const isReply = seen.stored.root !== undefined && seen.stored.root !== seen.id;
    return {
      messageId: seen.id,
      ...(isReply && seen.stored.root !== undefined ? { thread: seen.stored.root } : {}),
      words: seen.words,
      mark: seen.mark,
      pings: nodes.flatMap(({ type, mentioned }) =>
        type === "mention" && isNode(mentioned) ? [String(mentioned.id)] : [],
      ),
      links: nodes.flatMap(({ url }) => (typeof url === "string" ? [url] : [])),
    };
  }

  return {
    adapter: teams.adapter,
    channel,
    nowhere: { ...channel, channel: "19:nowhere@thread.tacv2" },
    person: personId({ platform: "teams", workspace: world.tenant, user: priya.account.aadObjectId }),
    user: priya.account.id,
    standing: ({ thread }) =>
      world.messages(thread === undefined ? conversation : { conversation, root: thread }).map(standing),
    reactions: () => [],
    async said(address, text): Promise<MessageRef> {
      const place = { conversation, ...(address.thread === undefined ? {} : { root: address.thread }) };
      const { seen } = await priya.says(place, text);
      return { address, messageId: seen.id, sentAt: seen.sentAt };
    },
    fault(fault) {
      if (fault === "busy") world.connector.faults.add({ on: "create", how: "429", retryAfter: 1 });
      else world.connector.faults.add({ on: "create", how: fault === "lost_before" ? "reset-before" : "reset-after" });
    },
    close,
  };
});

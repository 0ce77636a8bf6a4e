import { z } from "zod";
import type { PlaceChange } from "../../src/domain/inbound.ts";
import type { Api } from "./api.ts";
import type { Log } from "./config.ts";
import { isRefusal } from "./errors.ts";
import { isOrganisation } from "./whose.ts";
import { wording } from "./wording.ts";

const SlackChannel = z.object({
  id: z.string().min(1),
  is_archived: z.boolean().nullish(),
  is_ext_shared: z.boolean().nullish(),
  is_member: z.boolean().nullish(),
  is_im: z.boolean().nullish(),
  shared_team_ids: z.array(z.string()).nullish(),
  /** The workspace of ours through which Slack tells of it. */
  context_team_id: z.string().nullish(),
});

type Place = { archived?: boolean; shared?: boolean; member?: boolean };

export type Places = {
  /** Why nothing can start here, as a sentence; undefined when nothing is known against it. */
  objection(workspace: string, channel: string): string | undefined;
  /** Nothing is known, or something stood against it when it was looked at last: that may have changed since. */
  unknown(workspace: string, channel: string): boolean;
  /** What an event says of a channel. */
  changed(workspace: string, channel: string, change: PlaceChange): void;
  /** Whether a message came from a channel shared with others; with whom isn't said. */
  seen(workspace: string, channel: string, shared: boolean): void;
  /** Asks Slack about a channel that is unknown. Never rejects. */
  visit(workspace: string, channel: string): Promise<void>;
  /** A channel the bot is in, by its name or id; asked anew each time. Rejects as Slack's API does. */
  find(workspace: string, called: string): Promise<{ id: string; name: string } | undefined>;
  /** Learns the channels the bot is in. Never rejects. */
  prefetch(workspace: string): Promise<void>;
};

/** What is known of channels: archived, shared with another organisation, not invited. Kept in memory only. */
export function createPlaces(parts: { api: Api; log: Log; allowed(workspace: string, team: string): boolean }): Places {
  const { api, log, allowed } = parts;
  const known = new Map<string, Place>();
  const keyOf = (workspace: string, channel: string) => `${workspace}:${channel}`;

  function learn(workspace: string, value: unknown): void {
    const parsed = SlackChannel.safeParse(value);
    if (!parsed.success) return;
    const { id, is_archived, is_ext_shared, is_member, is_im, shared_team_ids, context_team_id } = parsed.data;
    const strangers = (shared_team_ids ?? []).filter((team) => team !== context_team_id && !allowed(workspace, team));
    const shared = is_ext_shared === true && (shared_team_ids == null || strangers.length > 0);
    known.set(keyOf(workspace, id), {
      archived: is_archived === true,
      shared,
      ...(is_member == null || is_im === true ? {} : { member: is_member }),
    });
  }

  function note(workspace: string, channel: string, place: Place): void {
    const key = keyOf(workspace, channel);
    known.set(key, { ...known.get(key), ...place });
  }

  /** All channels the bot is in. An organisation's token must ask for each of its workspaces. */
  async function* own(workspace: string) {
    if (!isOrganisation(workspace)) return yield* ownIn(workspace);
    let cursor = "";
    do {
      const options = { limit: 200, ...(cursor === "" ? {} : { cursor }) };
      const list = await api.call(workspace, "auth.teams.list", undefined, (client) => client.auth.teams.list(options));
      for (const { id } of list.teams ?? []) if (id !== undefined) yield* ownIn(workspace, id);
      cursor = list.response_metadata?.next_cursor ?? "";
    } while (cursor !== "");
  }

  async function* ownIn(workspace: string, team_id?: string) {
    let cursor = "";
    do {
      const options = {
        limit: 200,
        types: "public_channel,private_channel",
        ...(team_id === undefined ? {} : { team_id }),
        ...(cursor === "" ? {} : { cursor }),
      };
      const list = await api.call(workspace, "users.conversations", undefined, (client) =>
        client.users.conversations(options),
      );
      if (list.channels === undefined) throw new Error("Slack listed no channels");
      for (const channel of list.channels) {
        learn(workspace, { ...channel, is_member: true });
        yield channel;
      }
      cursor = list.response_metadata?.next_cursor ?? "";
    } while (cursor !== "");
  }

  /**
   * Slack hides a private channel from whoever isn't in it, and says the same of one it can't find just now. Only a
   * list of our channels without this one says that we aren't there.
   */
  async function isElsewhere(workspace: string, channel: string): Promise<boolean> {
    try {
      for await (const { id } of own(workspace)) if (id === channel) return false;
      return true;
    } catch (err) {
      log.debug({ err, workspace }, "Slack doesn't list our channels");
      return false;
    }
  }

  return {
    objection(workspace, channel) {
      const place = known.get(keyOf(workspace, channel));
      if (place?.archived === true) return wording.archived;
      if (place?.shared === true) return wording.shared;
      if (place?.member === false) return wording.notInChannel;
      return undefined;
    },
    unknown(workspace, channel) {
      if (channel.startsWith("@")) return false;
      const place = known.get(keyOf(workspace, channel));
      return place === undefined || this.objection(workspace, channel) !== undefined;
    },
    changed(workspace, channel, change) {
      switch (change) {
        case "added":
          return note(workspace, channel, { member: true, archived: false });
        case "removed":
          return note(workspace, channel, { member: false });
        case "archived":
        case "unarchived":
          return note(workspace, channel, { archived: change === "archived" });
        case "shared":
          // With whom decides, and only Slack knows: it is asked before the next start.
          known.delete(keyOf(workspace, channel));
          return;
        case "renamed":
          return;
      }
    },
    seen(workspace, channel, shared) {
      const before = known.get(keyOf(workspace, channel))?.shared;
      if (!shared) note(workspace, channel, { shared: false });
      else if (before === false) known.delete(keyOf(workspace, channel));
    },
    async visit(workspace, channel) {
      if (!this.unknown(workspace, channel)) return;
      try {
        const found = await api.call(workspace, "conversations.info", channel, (client) =>
          client.conversations.info({ channel }),
        );
        learn(workspace, found.channel);
      } catch (err) {
        log.debug({ err, channel }, "A Slack channel could not be looked at");
        if (isRefusal(err, "channel_not_found") && (await isElsewhere(workspace, channel)))
          note(workspace, channel, { member: false });
      }
    },
    async find(workspace, called) {
      const wished = called.toLowerCase();
      for await (const { id, name } of own(workspace)) {
        if (id !== undefined && (id.toLowerCase() === wished || name?.toLowerCase() === wished)) {
          return { id, name: name ?? called };
        }
      }
      return undefined;
    },
    async prefetch(workspace) {
      try {
        for await (const _ of own(workspace));
      } catch (err) {
        log.debug({ err, workspace }, "Slack channels are looked at one by one");
      }
    },
  };
}

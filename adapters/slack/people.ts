import { isDeepStrictEqual } from "node:util";
import { z } from "zod";
import type { Unfit } from "../../src/domain/inbound.ts";
import type { Machine, Store } from "../../src/domain/ports.ts";
import type { Api } from "./api.ts";
import type { Log } from "./config.ts";
import { isOrganisation } from "./whose.ts";

const NAMESPACE = "slack-people";
/** How long a profile that couldn't be read is left alone. Milliseconds. */
const AGAIN_AFTER = 60_000;
/** Profiles fetched ahead at start: enough for most workspaces, a bound for the others. */
const MOST_PAGES = 25;

const SlackUser = z.object({
  id: z.string().min(1),
  team_id: z.string().nullish(),
  name: z.string().nullish(),
  real_name: z.string().nullish(),
  tz: z.string().nullish(),
  is_restricted: z.boolean().nullish(),
  is_ultra_restricted: z.boolean().nullish(),
  is_stranger: z.boolean().nullish(),
  is_bot: z.boolean().nullish(),
  deleted: z.boolean().nullish(),
  is_email_confirmed: z.boolean().nullish(),
  /** In an organisation: which it is, and the workspaces somebody is in. */
  enterprise_user: z.object({ enterprise_id: z.string().nullish(), teams: z.array(z.string()).nullish() }).nullish(),
  profile: z
    .object({ display_name: z.string().nullish(), real_name: z.string().nullish(), email: z.string().nullish() })
    .nullish(),
});
type SlackUser = z.infer<typeof SlackUser>;

/** What is kept of somebody. Who is from elsewhere is judged anew: whom the operator allows may change. */
const Kept = z.object({
  name: z.string().optional(),
  zone: z.string().optional(),
  guest: z.boolean().optional(),
  /** Their workspaces and organisation. Missing in what was kept before: then they are asked for once more. */
  homes: z.array(z.string()).optional(),
  /** Kept before in place of the two above. */
  outsider: z.boolean().optional(),
  unfit: z.enum(["bot", "gone"]).optional(),
});
type Kept = z.infer<typeof Kept>;

/**
 * `outsider` is missing while Slack hasn't told where they are from. `unfit`: why they can be given no part. A guest's own
 * deliveries are those of an `outsider`.
 */
export type Profile = { name?: string; zone?: string; outsider?: boolean; unfit?: Unfit };

export type People = {
  /** Nothing is known, and Slack hasn't refused to tell just now. */
  unmet(workspace: string, user: string): boolean;
  /** What is known now; never asks Slack. */
  get(workspace: string, user: string): Profile | undefined;
  /** Asks Slack for somebody unknown. Never rejects: a missing name or zone stops nothing. */
  meet(workspace: string, user: string): Promise<void>;
  /**
   * The e-mail address that the workspace vouches for, asked for anew: confirmed, of a full member of that workspace
   * itself. Never kept here. Undefined also when Slack doesn't tell.
   */
  email(workspace: string, user: string): Promise<string | undefined>;
  /** A profile as Slack's events carry it; returns whose it is. Slack tells of everybody: strangers are left alone. */
  changed(workspace: string, user: unknown): string | undefined;
  /** Reads back who was met before, so that a guest stays known as one after a restart. */
  restore(): Promise<void>;
  /** Fetches profiles ahead, so that names, zones and guests are known before the first word. Never rejects. */
  prefetch(workspace: string): Promise<void>;
};

/** Names, zones and who is a guest or from elsewhere. */
export function createPeople(parts: {
  api: Api;
  store: Pick<Store, "keep" | "keptAll">;
  machine: Machine;
  log: Log;
  allowed(workspace: string, team: string): boolean;
}): People {
  const { api, store, machine, log, allowed } = parts;
  const known = new Map<string, Kept>();
  /** Of these something is kept: they have done something here, or were named. */
  const met = new Set<string>();
  const asking = new Map<string, Promise<void>>();
  const failed = new Map<string, number>();
  const keyOf = (workspace: string, user: string) => `${workspace}:${user}`;

  function learn(workspace: string, user: SlackUser): Kept {
    const name = user.profile?.display_name || user.profile?.real_name || user.real_name || user.name || undefined;
    const guest = user.is_restricted === true || user.is_ultra_restricted === true || user.is_stranger === true;
    const kept: Kept = {
      ...(name === undefined ? {} : { name }),
      ...(user.tz ? { zone: user.tz } : {}),
      ...(guest ? { guest } : {}),
      homes: homesOf(user),
      ...unfitOf(user),
    };
    known.set(keyOf(workspace, user.id), kept);
    return kept;
  }

  /** A guest of an allowed workspace is still a guest: only people of the list itself may take part. */
  function isOutsider(workspace: string, { guest, homes, outsider }: Kept): boolean | undefined {
    if (guest === true) return true;
    if (homes === undefined) return outsider;
    return homes.length === 0 ? undefined : !homes.some((home) => allowed(workspace, home));
  }

  function isKnown(key: string): boolean {
    return known.get(key)?.homes !== undefined;
  }

  async function ask(workspace: string, user: string): Promise<void> {
    const key = keyOf(workspace, user);
    try {
      const found = await api.call(workspace, "users.info", undefined, (client) => client.users.info({ user }));
      const kept = learn(workspace, SlackUser.parse(found.user));
      met.add(key);
      await store.keep(NAMESPACE, key, kept);
    } catch (error) {
      failed.set(key, machine.now() + AGAIN_AFTER);
      log.debug({ err: error, workspace }, "A Slack profile could not be read");
    } finally {
      asking.delete(key);
    }
  }

  /** Nobody by that id was there a while ago: that may be asked again. */
  return {
    unmet(workspace, user) {
      const key = keyOf(workspace, user);
      return !isKnown(key) && (failed.get(key) ?? 0) <= machine.now();
    },
    get(workspace, user) {
      const kept = known.get(keyOf(workspace, user));
      if (kept === undefined) return undefined;
      const { name, zone } = kept;
      const outsider = isOutsider(workspace, kept);
      const unfit = kept.unfit ?? (outsider === true ? "outsider" : undefined);
      return {
        ...(name === undefined ? {} : { name }),
        ...(zone === undefined ? {} : { zone }),
        ...(outsider === undefined ? {} : { outsider }),
        ...(unfit === undefined ? {} : { unfit }),
      };
    },
    meet(workspace, user) {
      const key = keyOf(workspace, user);
      if (user === "" || isKnown(key) || (failed.get(key) ?? 0) > machine.now()) return Promise.resolve();
      const running = asking.get(key) ?? ask(workspace, user);
      asking.set(key, running);
      return running;
    },
    async email(workspace, user) {
      try {
        const found = await api.call(workspace, "users.info", undefined, (client) => client.users.info({ user }));
        const read = SlackUser.parse(found.user);
        const kept = learn(workspace, read);
        const member = kept.homes?.includes(workspace) === true && kept.guest !== true;
        const own = member && read.is_bot !== true && read.deleted !== true;
        return own && read.is_email_confirmed !== false ? (read.profile?.email ?? undefined) : undefined;
      } catch (error) {
        log.debug({ err: error, workspace }, "Slack doesn't tell somebody's e-mail address");
        return undefined;
      }
    },
    changed(workspace, user) {
      const parsed = SlackUser.safeParse(user);
      if (!parsed.success) return undefined;
      const key = keyOf(workspace, parsed.data.id);
      const before = known.get(key);
      if (before === undefined) return undefined;
      const now = learn(workspace, parsed.data);
      if (isDeepStrictEqual(before, now)) return undefined;
      if (met.has(key)) {
        store.keep(NAMESPACE, key, now).catch((err: unknown) => log.debug({ err }, "A Slack profile was not kept"));
      }
      return parsed.data.id;
    },
    async restore() {
      const rows = await store.keptAll(NAMESPACE, (value) => Kept.parse(value));
      for (const { key, value } of rows) {
        known.set(key, value);
        met.add(key);
      }
    },
    async prefetch(workspace) {
      // An organisation's people are too many; they are met one by one.
      if (isOrganisation(workspace)) return;
      let cursor = "";
      try {
        for (let page = 0; page < MOST_PAGES; page += 1) {
          const options = { limit: 200, ...(cursor === "" ? {} : { cursor }) };
          const list = await api.call(workspace, "users.list", undefined, (client) => client.users.list(options));
          for (const member of list.members ?? []) {
            const parsed = SlackUser.safeParse(member);
            if (parsed.success) learn(workspace, parsed.data);
          }
          cursor = list.response_metadata?.next_cursor ?? "";
          if (cursor === "") return;
        }
      } catch (err) {
        log.debug({ err, workspace }, "Slack profiles are read one by one, when somebody speaks");
      }
    },
  };
}

/** In an organisation the one workspace at the top may be missing, or any of those somebody is in. */
function homesOf({ team_id, enterprise_user }: SlackUser): string[] {
  const homes = [team_id, enterprise_user?.enterprise_id, ...(enterprise_user?.teams ?? [])];
  return [...new Set(homes.flatMap((home) => (home ? [home] : [])))].sort();
}

/** What stands against somebody wherever they are from. */
function unfitOf({ id, is_bot, deleted }: SlackUser): { unfit?: "bot" | "gone" } {
  if (is_bot === true || id === "USLACKBOT") return { unfit: "bot" };
  return deleted === true ? { unfit: "gone" } : {};
}

import type { Installation, InstallationStore } from "@slack/bolt";
import { z } from "zod";
import type { Machine, Store } from "../../src/domain/ports.ts";
import type { Log } from "./config.ts";
import type { Removed } from "./delivery.ts";
import type { Seal } from "./seal.ts";
import { wording } from "./wording.ts";

const NAMESPACE = "slack-installations";
const ORGANISATIONS = "slack-organisations";

const Sealed = z.object({ sealed: z.string() });
const Organisation = z.object({ enterprise: z.string() });

/** What is kept of an installation: enough to speak. Tokens of people are neither asked for nor kept. */
const Stored = z.object({
  team: z.string().optional(),
  enterprise: z.string().optional(),
  installedBy: z.string(),
  bot: z.object({ token: z.string(), id: z.string(), userId: z.string(), scopes: z.array(z.string()) }),
  orgWide: z.boolean(),
  /** Milliseconds. Missing in installations from before this was kept. */
  installedAt: z.number().optional(),
});
type Stored = z.infer<typeof Stored>;

type KeptStore = Pick<Store, "keep" | "kept" | "drop">;

/** Nobody has installed the app there. */
export class NotInstalledError extends Error {
  override name = "NotInstalledError";
}

/** Why an installation isn't taken, for whoever installs. */
export function refusalOf({ bot }: { bot?: Installation["bot"] }): string | undefined {
  if (bot === undefined) return wording.noBotToken;
  return bot.refreshToken === undefined ? undefined : wording.tokensRotate;
}

export type Installations = InstallationStore & {
  /** The installation that speaks in a workspace: its own, or its organisation's. */
  forWorkspace(workspace: string): Promise<{ token: string; bot: string; enterprise?: string } | undefined>;
  /** Learns which organisation a workspace belongs to, from what Slack says in its events. */
  belongs(workspace: string, enterprise: string): Promise<void>;
  /**
   * Drops what lets us speak in this workspace or organisation. Slack's word of it may come late: when the app has been
   * installed again since, or another bot is meant, nothing is dropped, and the answer is false.
   */
  remove(removed: Omit<Removed, "about">): Promise<boolean>;
};

/** Bot tokens of several workspaces, encrypted at rest. An org-wide installation is keyed by the organisation. */
export function createInstallations(parts: {
  store: KeptStore;
  seal: Seal;
  machine: Machine;
  log: Log;
}): Installations {
  const { store, seal, machine, log } = parts;
  const cache = new Map<string, Stored | undefined>();
  const organisations = new Map<string, string>();

  async function read(key: string): Promise<Stored | undefined> {
    if (cache.has(key)) return cache.get(key);
    const kept = await store.kept(NAMESPACE, key, (value) => Sealed.parse(value));
    const text = kept === undefined ? undefined : seal.open(kept.sealed);
    if (kept !== undefined && text === undefined) {
      log.error({ key }, "A stored Slack installation can't be read with this SECRET_KEY; install the app again");
    }
    const installation = text === undefined ? undefined : Stored.parse(JSON.parse(text));
    cache.set(key, installation);
    return installation;
  }

  async function enterpriseOf(workspace: string): Promise<string | undefined> {
    const known = organisations.get(workspace);
    if (known !== undefined) return known;
    const kept = await store.kept(ORGANISATIONS, workspace, (value) => Organisation.parse(value));
    if (kept !== undefined) organisations.set(workspace, kept.enterprise);
    return kept?.enterprise;
  }

  async function belongs(workspace: string, enterprise: string): Promise<void> {
    if (workspace === "" || (await enterpriseOf(workspace)) === enterprise) return;
    organisations.set(workspace, enterprise);
    await store.keep(ORGANISATIONS, workspace, { enterprise });
  }

  async function remove({ installation: key, at, bots = [] }: Omit<Removed, "about">): Promise<boolean> {
    const known = await read(key);
    // Slack's times are whole seconds.
    const since = Math.floor((known?.installedAt ?? 0) / 1000) * 1000;
    if (at !== undefined && at < since) return false;
    if (known !== undefined && bots.length > 0 && !bots.includes(known.bot.userId)) return false;
    await store.drop(NAMESPACE, key);
    cache.set(key, undefined);
    return true;
  }

  return {
    async storeInstallation(installation) {
      const stored = toStored(installation, machine.now());
      const key = stored.orgWide ? stored.enterprise : stored.team;
      if (key === undefined) throw new Error("Slack named neither a workspace nor an organisation");
      await store.keep(NAMESPACE, key, { sealed: seal.seal(JSON.stringify(stored)) });
      cache.set(key, stored);
      if (stored.team !== undefined && stored.enterprise !== undefined) await belongs(stored.team, stored.enterprise);
    },
    async fetchInstallation({ teamId, enterpriseId, isEnterpriseInstall }) {
      const own = isEnterpriseInstall || teamId === undefined ? undefined : await read(teamId);
      const found = own ?? (enterpriseId === undefined ? undefined : await read(enterpriseId));
      if (found === undefined) throw new NotInstalledError("T-Minus is not installed in this workspace");
      return toInstallation(found);
    },
    remove,
    async forWorkspace(workspace) {
      const own = await read(workspace);
      const enterprise = await enterpriseOf(workspace);
      const found = own ?? (enterprise === undefined ? undefined : await read(enterprise));
      if (found === undefined) return undefined;
      return {
        token: found.bot.token,
        bot: found.bot.userId,
        ...(enterprise === undefined ? {} : { enterprise }),
      };
    },
    belongs,
  };
}

function toStored({ team, enterprise, user, bot, isEnterpriseInstall }: Installation, now: number): Stored {
  const why = refusalOf({ bot });
  if (bot === undefined || why !== undefined) throw new Error(why);
  return {
    ...(team?.id === undefined ? {} : { team: team.id }),
    ...(enterprise?.id === undefined ? {} : { enterprise: enterprise.id }),
    installedBy: user.id,
    bot: { token: bot.token, id: bot.id, userId: bot.userId, scopes: bot.scopes },
    orgWide: isEnterpriseInstall === true,
    installedAt: now,
  };
}

function toInstallation({ team, enterprise, installedBy, bot, orgWide }: Stored): Installation<"v2"> {
  return {
    team: team === undefined ? undefined : { id: team },
    enterprise: enterprise === undefined ? undefined : { id: enterprise },
    user: { id: installedBy, token: undefined, scopes: undefined },
    bot,
    isEnterpriseInstall: orgWide,
    authVersion: "v2",
  };
}

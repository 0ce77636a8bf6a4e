import { createHash } from "node:crypto";
import { z } from "zod";
import type { Store } from "../../src/domain/ports.ts";
import type { Api, TokenOf } from "./api.ts";
import type { Log, SlackConfig } from "./config.ts";
import type { Installations } from "./installations.ts";
import type { Membership } from "./whose.ts";

const NAMESPACE = "slack";
const Own = z.object({ workspace: z.string(), bot: z.string(), enterprise: z.string().optional() });
type Own = z.infer<typeof Own>;

/** Who we are: our user id in each workspace, and which workspaces are ours. */
export type Identity = {
  /** The workspace in which a delivery is ours that names this one: with one token there is one. */
  at(claimed: string): string;
  bot(workspace: string): string | undefined;
  /** Whether people of that workspace or organisation may take part here. */
  allowed(workspace: string, team: string): boolean;
  /** The token for a workspace; remembers our user id there. No network. */
  tokenOf: TokenOf;
  /** Learns the organisation of a workspace of ours from a delivery. */
  belongs(membership: Membership | undefined): Promise<void>;
  /** Reads what was known before. */
  restore(): Promise<void>;
  /** Asks Slack. Never rejects: an unreachable Slack stops nothing. */
  start(api: Api): Promise<void>;
  workspace(): string | undefined;
};

export function createIdentity(
  config: SlackConfig,
  parts: { store: Pick<Store, "keep" | "kept">; installations: Installations | undefined; log: Log },
): Identity {
  const { store, installations, log } = parts;
  const bots = new Map<string, string>();
  const organisations = new Map<string, string>();
  // What another token once said of itself is nothing to go by.
  const key = `own ${createHash("sha256")
    .update(config.botToken ?? "")
    .digest("hex")
    .slice(0, 16)}`;
  let own: Own | undefined;

  function remember(found: Own): void {
    own = found;
    bots.set(found.workspace, found.bot);
    if (found.enterprise !== undefined) organisations.set(found.workspace, found.enterprise);
  }

  return {
    at: (claimed) => own?.workspace ?? claimed,
    bot: (workspace) => bots.get(workspace),
    workspace: () => own?.workspace,
    allowed(workspace, team) {
      if (config.teamsAllowed.includes(team)) return true;
      const home = organisations.get(workspace) ?? workspace;
      return team === workspace || team === home || organisations.get(team) === home;
    },
    async tokenOf(workspace) {
      if (config.botToken !== undefined) return config.botToken;
      const found = await installations?.forWorkspace(workspace);
      if (found === undefined) return undefined;
      bots.set(workspace, found.bot);
      if (found.enterprise !== undefined) organisations.set(workspace, found.enterprise);
      return found.token;
    },
    async belongs(membership) {
      if (membership === undefined) return;
      const { workspace, organisation } = membership;
      organisations.set(workspace, organisation);
      await installations?.belongs(workspace, organisation);
    },
    async restore() {
      if (config.botToken === undefined) return;
      const kept = await store.kept(NAMESPACE, key, (value) => Own.parse(value));
      if (kept !== undefined) remember(kept);
    },
    async start(api) {
      if (config.botToken === undefined) return;
      try {
        const told = await api.call("own", "auth.test", undefined, (client) => client.auth.test());
        const { team_id, user_id: bot, enterprise_id: enterprise } = told;
        // An organisation's token is at home in the organisation, not in one of its workspaces.
        const workspace = told.is_enterprise_install === true ? (enterprise ?? team_id) : team_id;
        if (workspace === undefined || bot === undefined) return;
        const now: Own = { workspace, bot, ...(enterprise === undefined ? {} : { enterprise }) };
        remember(now);
        await store.keep(NAMESPACE, key, now);
      } catch (err) {
        log.warn({ err }, "Slack doesn't say who we are yet; answers are taken all the same");
      }
    },
  };
}

import { z } from "zod";
import type { Store } from "../../src/domain/ports.ts";
import type { Api, TokenOf } from "./api.ts";
import type { Log, SlackConfig } from "./config.ts";
import type { Installations } from "./installations.ts";

const NAMESPACE = "slack";
const Own = z.object({ workspace: z.string(), bot: z.string(), enterprise: z.string().optional() });
type Own = z.infer<typeof Own>;

/** Who we are: our user id in each workspace, and which workspaces are ours. */
export type Identity = {
  bot(workspace: string): string | undefined;
  /** Whether people of that workspace or organisation may take part here. */
  allowed(workspace: string, team: string): boolean;
  /** The token for a workspace; remembers our user id there. No network. */
  tokenOf: TokenOf;
  /** Learns the organisation of a workspace from a delivery. */
  belongs(workspace: string, enterprise: string | undefined): void;
  /** Reads what was known before, then asks Slack. Never rejects: an unreachable Slack stops nothing. */
  start(api: Api): Promise<void>;
  workspace(): string | undefined;
};

export function createIdentity(
  config: SlackConfig,
  parts: { store: Pick<Store, "keep" | "kept">; installations: Installations | undefined; log: Log },
): Identity {
  const { store, installations, log } = parts;
  const bots = new Map<string, string>();
  const enterprises = new Map<string, string>();
  let own: Own | undefined;

  function remember(found: Own): void {
    own = found;
    bots.set(found.workspace, found.bot);
    if (found.enterprise !== undefined) enterprises.set(found.workspace, found.enterprise);
  }

  /** With one token there is one workspace; until Slack has said which, whoever signs is taken at their word. */
  function isServed(workspace: string): boolean {
    return config.botToken === undefined || own === undefined || own.workspace === workspace;
  }

  return {
    bot: (workspace) => bots.get(workspace),
    workspace: () => own?.workspace,
    allowed(workspace, team) {
      if (config.teamsAllowed.includes(team)) return true;
      if (!isServed(workspace)) return config.teamsAllowed.includes(workspace);
      return team === workspace || team === enterprises.get(workspace);
    },
    async tokenOf(workspace) {
      if (config.botToken !== undefined) return config.botToken;
      const found = await installations?.forWorkspace(workspace);
      if (found === undefined) return undefined;
      bots.set(workspace, found.bot);
      if (found.enterprise !== undefined) enterprises.set(workspace, found.enterprise);
      return found.token;
    },
    belongs(workspace, enterprise) {
      if (enterprise === undefined || enterprises.get(workspace) === enterprise) return;
      enterprises.set(workspace, enterprise);
    },
    async start(api) {
      if (config.botToken === undefined) return;
      try {
        const kept = await store.kept(NAMESPACE, "own", (value) => Own.parse(value));
        if (kept !== undefined) remember(kept);
        const told = await api.call("own", "auth.test", undefined, (client) => client.auth.test());
        if (told.team_id === undefined || told.user_id === undefined) return;
        const enterprise = told.enterprise_id === undefined ? {} : { enterprise: told.enterprise_id };
        const now: Own = { workspace: told.team_id, bot: told.user_id, ...enterprise };
        remember(now);
        await store.keep(NAMESPACE, "own", now);
      } catch (err) {
        log.warn({ err }, "Slack doesn't say who we are yet; answers are taken all the same");
      }
    },
  };
}

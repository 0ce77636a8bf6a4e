import { z } from "zod";
import { decodeMetadata } from "./forms.ts";

const Id = z.string().nullish();

/** What of a payload says through whose installation it comes. Events, commands and interactions each have a part. */
export const Whose = z.object({
  type: Id,
  team_id: Id,
  enterprise_id: Id,
  context_team_id: Id,
  context_enterprise_id: Id,
  /** A word in commands. */
  is_enterprise_install: z.union([z.boolean(), z.string()]).nullish(),
  authorizations: z
    .array(z.object({ team_id: Id, enterprise_id: Id, is_enterprise_install: z.boolean().nullish() }))
    .nullish(),
  team: z.object({ id: z.string() }).nullish(),
  enterprise: z.object({ id: z.string() }).nullish(),
  user: z.union([z.object({ team_id: Id }), z.string()]).nullish(),
  view: z.object({ private_metadata: Id, app_installed_team_id: Id, team_id: Id }).nullish(),
});
export type Whose = z.infer<typeof Whose>;

export type Membership = { workspace: string; organisation: string };

/** Whether it is an organisation's id (`E…`), which stands for a workspace where the organisation installed the app. */
export function isOrganisation(id: string): boolean {
  return id.startsWith("E");
}

/**
 * The workspace, in our sense, that a delivery comes through: where the app is installed. That is the organisation when
 * it installed the app for all its workspaces. Its people have one id in all of them, and Slack names another workspace
 * for the same person and channel from one delivery to the next, so no narrower place holds a person together.
 */
export function workspaceOf(payload: Whose): string {
  const { view, user } = payload;
  // Who submits a form in a shared channel may be from elsewhere, and so is the `team` that Slack then names.
  const opened = view == null ? undefined : decodeMetadata(view.private_metadata ?? undefined).workspace;
  if (opened !== undefined) return opened;
  const installed = view?.app_installed_team_id ?? undefined;
  if (isOrgWide(payload)) {
    const organisation = installed !== undefined && isOrganisation(installed) ? installed : organisationOf(payload);
    if (organisation !== undefined) return organisation;
  }
  if (installed?.startsWith("T") === true) return installed;
  if (payload.type === "event_callback") {
    return payload.context_team_id ?? payload.authorizations?.[0]?.team_id ?? payload.team_id ?? "";
  }
  const person = typeof user === "object" ? user?.team_id : undefined;
  return payload.team_id ?? payload.team?.id ?? person ?? payload.enterprise?.id ?? view?.team_id ?? "";
}

/** An interaction that names no team (null) comes through an organisation's installation. */
function isOrgWide({ authorizations, is_enterprise_install: told, team }: Whose): boolean {
  return authorizations?.[0]?.is_enterprise_install === true || told === true || told === "true" || team === null;
}

function organisationOf(payload: Whose): string | undefined {
  const [authorization] = payload.authorizations ?? [];
  const { enterprise, context_enterprise_id, enterprise_id } = payload;
  return authorization?.enterprise_id ?? context_enterprise_id ?? enterprise?.id ?? enterprise_id ?? undefined;
}

/**
 * A workspace and its organisation, where both are surely our own. Interactions aren't asked: there the organisation may
 * be that of whoever acted.
 */
export function membershipIn(payload: Whose): Membership | undefined {
  const event = payload.type === "event_callback";
  if (!event && payload.type != null) return undefined;
  const [authorization] = payload.authorizations ?? [];
  const workspace = event ? authorization?.team_id : payload.team_id;
  const organisation = event ? authorization?.enterprise_id : payload.enterprise_id;
  if (!workspace || !organisation || workspace === organisation) return undefined;
  return { workspace, organisation };
}

import type { Address } from "./address.ts";

/** Where a request comes from, for grants that are limited to a place. Ids as the platforms give them. */
export type Place = { workspace?: string; tenant?: string; channel?: string; guest?: boolean };

/** Who may use an account. All three empty: everyone the bot talks to (guests never). */
export type Allow = { workspaces: string[]; tenants: string[]; channels: string[] };

export function placeAt({ platform, workspace, channel }: Address): Place {
  return platform === "teams" ? { tenant: workspace, channel } : { workspace, channel };
}

/** Whether a grant covers a place: one match is enough, and an unlimited grant covers every place. */
export function isOpenTo({ workspaces, tenants, channels }: Allow, place: Place): boolean {
  if (workspaces.length + tenants.length + channels.length === 0) return true;
  return (
    (place.workspace !== undefined && workspaces.includes(place.workspace)) ||
    (place.tenant !== undefined && tenants.includes(place.tenant)) ||
    (place.channel !== undefined && channels.includes(place.channel))
  );
}

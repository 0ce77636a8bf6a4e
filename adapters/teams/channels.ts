import { z } from "zod";
import type { Address } from "../../src/domain/address.ts";
import type { Reference, References } from "./references.ts";

/** The Bot Connector's list of a team's channels; the first has no name: it is "General". */
const Channels = z.array(z.object({ id: z.string().min(1), name: z.string().nullish() }));
const GENERAL = "General";

/** Finds channels of the team in which a session is held: whoever is in a team is in its standard channels. */
export function createChannels({
  references,
  read,
}: {
  references: References;
  read(near: Reference, team: string): Promise<unknown>;
}) {
  return {
    async find({ workspace, channel: home }: Address, called: string) {
      const near = await references.find(workspace, home);
      if (near?.team === undefined || near.removed) return undefined;
      const { serviceUrl, team, tenant, bot } = near;
      const wished = called.toLowerCase();
      const found = Channels.parse(await read(near, team)).find(
        ({ id, name }) => id === called || (name ?? GENERAL).toLowerCase() === wished,
      );
      if (found === undefined) return undefined;
      const name = found.name ?? GENERAL;
      // Nobody need have spoken there: what is needed to post is the team's own.
      await references.refresh({ v: 1, channel: found.id, tenant, serviceUrl, type: "channel", bot, team, name });
      return { channel: { platform: "teams" as const, workspace, channel: found.id }, name };
    },
  };
}

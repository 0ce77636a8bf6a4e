import type { Api } from "./api.ts";
import type { Log } from "./config.ts";
import type { Delivery } from "./delivery.ts";
import type { Installations } from "./installations.ts";
import type { Introductions } from "./introductions.ts";
import type { People } from "./people.ts";
import type { Places } from "./places.ts";
import type { AfterAcknowledgement } from "./receiver.ts";

/** What a delivery tells the adapter itself: of channels, profiles, and where it is installed. */
export function createOwnAffairs(parts: {
  api: Pick<Api, "forget">;
  people: People;
  places: Places;
  introductions: Introductions;
  installations: Installations | undefined;
  log: Log;
}): (delivery: Delivery, after: AfterAcknowledgement) => Promise<void> {
  const { api, people, places, introductions, installations, log } = parts;

  return async (delivery, after) => {
    const { own, workspace, inbound } = delivery;
    if (inbound.kind === "place") places.changed(workspace, inbound.address.channel, inbound.change);
    switch (own?.about) {
      case undefined:
        return;
      case "user_changed": {
        const user = people.changed(workspace, own.user);
        if (user !== undefined) after(() => introductions.changed(workspace, user));
        return;
      }
      case "shared_channel":
        places.seen(workspace, own.channel, own.shared);
        return;
      case "sharing_changed":
        places.changed(workspace, own.channel, "shared");
        return;
      case "access_withdrawn": {
        const { workspaces } = own;
        log.warn({ workspaces }, "An organisation took workspaces out of its installation; T-Minus can't speak there");
        return;
      }
      case "uninstalled": {
        const { installation } = own;
        if ((await installations?.remove(own)) === false) {
          log.info({ installation }, "Slack tells late of a token that is gone; another has taken its place");
          return;
        }
        log.warn({ installation }, "T-Minus was removed from Slack there; its token is forgotten");
        api.forget(installation);
      }
    }
  };
}

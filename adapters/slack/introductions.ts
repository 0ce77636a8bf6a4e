import type { Address } from "../../src/domain/address.ts";
import { identityOf } from "../../src/domain/ids.ts";
import type { Receive } from "../../src/domain/ports.ts";
import type { Log } from "./config.ts";
import type { Delivery } from "./delivery.ts";
import type { People, Profile } from "./people.ts";

export type Introductions = ReturnType<typeof createIntroductions>;

/**
 * Tells the engine what Slack knows of people who didn't do anything themselves (somebody was named as an owner), or
 * of whom nothing was known when they did: their name, and the zone in which their working day is.
 */
export function createIntroductions({ people, receive, log }: { people: People; receive: Receive; log: Log }) {
  /** What the engine was told, by person: a profile that didn't change isn't told twice. */
  const told = new Map<string, string>();

  function noted(workspace: string, user: string, profile: Profile | undefined): boolean {
    if (profile === undefined || user === "") return true;
    const said = `${profile.name ?? ""} ${profile.zone ?? ""}`;
    const key = `${workspace}:${user}`;
    if (told.get(key) === said) return true;
    told.set(key, said);
    return false;
  }

  async function introduce(address: Address, user: string): Promise<void> {
    const { workspace } = address;
    await people.meet(workspace, user);
    const profile = people.get(workspace, user);
    if (profile === undefined || profile.outsider === true || noted(workspace, user, profile)) return;
    const { name, zone } = profile;
    const actor = {
      platform: "slack" as const,
      workspace,
      user,
      ...(name === undefined ? {} : { name }),
      ...(zone === undefined ? {} : { zone }),
    };
    await receive({ kind: "met", receipts: [], actor, address });
  }

  return {
    /** Somebody's profile changed: the engine hears of it if it has heard of them. Never rejects. */
    async changed(workspace: string, user: string): Promise<void> {
      if (!told.has(`${workspace}:${user}`)) return;
      await introduce({ platform: "slack", workspace, channel: `@${user}` }, user).catch((err: unknown) =>
        log.debug({ err }, "A changed profile could not be told"),
      );
    },
    /** After a delivery: its author, if nothing was known of them, and everybody it names. Never rejects. */
    async after({ inbound, workspace, user }: Delivery): Promise<void> {
      if (inbound.kind === "ignored") return;
      const { name, zone } = inbound.actor;
      const knew = name !== undefined || zone !== undefined;
      // The engine has it with the delivery itself.
      if (user !== undefined && knew) noted(workspace, user, people.get(workspace, user));
      const whom = [...(user === undefined || knew ? [] : [user]), ...namedIn(inbound)];
      for (const one of new Set(whom)) {
        await introduce({ ...inbound.address, workspace }, one).catch((err: unknown) =>
          log.debug({ err }, "Somebody could not be introduced"),
        );
      }
    },
  };
}

/** Slack's ids of the people whom a delivery mentions or picks. */
function namedIn(inbound: Exclude<Delivery["inbound"], { kind: "ignored" }>): string[] {
  const author = inbound.kind === "record" ? [inbound.author] : [];
  if ("mentions" in inbound) {
    return [...author, ...inbound.mentions.filter(({ isBot }) => isBot !== true).map(({ user }) => user)];
  }
  if (inbound.kind !== "form") return [];
  const picked = Object.values(inbound.values)
    .flat()
    .filter((value) => value?.startsWith("slack:") === true);
  return picked.flatMap((person) => (person == null ? [] : [identityOf(person).user]));
}

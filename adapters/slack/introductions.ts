import type { Address } from "../../src/domain/address.ts";
import { identityOf, type PersonId, personId, type SessionId } from "../../src/domain/ids.ts";
import type { Receive } from "../../src/domain/ports.ts";
import type { Log } from "./config.ts";
import type { Delivery } from "./delivery.ts";
import type { People, Profile } from "./people.ts";

export type Introductions = ReturnType<typeof createIntroductions>;

type Named = { session?: SessionId; namedBy?: PersonId };

/**
 * Tells the engine what Slack knows of people who didn't do anything themselves (somebody was named as an owner), or
 * of whom nothing was known when they did: their name, and the zone in which their working day is.
 */
export function createIntroductions({ people, receive, log }: { people: People; receive: Receive; log: Log }) {
  /** What the engine was told, by person: a profile that didn't change isn't told twice. */
  const told = new Map<string, string>();

  function noted(workspace: string, user: string, profile: Profile | undefined): boolean {
    if (profile === undefined || user === "") return true;
    const said = `${profile.name ?? ""} ${profile.zone ?? ""} ${profile.unfit ?? ""}`;
    const key = `${workspace}:${user}`;
    if (told.get(key) === said) return true;
    told.set(key, said);
    return false;
  }

  /** `named`: in which session, and by whom. */
  async function introduce(address: Address, user: string, named: Named = {}): Promise<void> {
    const { workspace } = address;
    await people.meet(workspace, user);
    const profile = people.get(workspace, user);
    // Whoever speaks is there, whatever Slack finds.
    if (profile === undefined || (profile.unfit === "gone" && named.namedBy === undefined)) return;
    const isNoted = noted(workspace, user, profile);
    // That somebody can take no part concerns every session in which they are named; all else is told once.
    if (isNoted && (profile.unfit === undefined || named.namedBy === undefined)) return;
    const { name, zone, unfit } = profile;
    const actor = {
      platform: "slack" as const,
      workspace,
      user,
      ...(name === undefined ? {} : { name }),
      ...(zone === undefined ? {} : { zone }),
    };
    await receive({
      kind: "met",
      receipts: [],
      actor,
      address,
      ...named,
      ...(unfit === undefined ? {} : { unfit }),
    });
  }

  return {
    /** Somebody's profile changed: the engine hears of it if it has heard of them. Never rejects. */
    async changed(workspace: string, user: string): Promise<void> {
      if (!told.has(`${workspace}:${user}`)) return;
      await introduce({ platform: "slack", workspace, channel: `@${user}` }, user).catch((err: unknown) =>
        log.debug({ err }, "A changed profile could not be told"),
      );
    },
    /**
     * After a delivery: its author, if nothing was known of them or they are a guest, and everybody it names.
     * Never rejects.
     */
    async after({ inbound, workspace, user }: Delivery, session: SessionId | undefined): Promise<void> {
      if (inbound.kind === "ignored") return;
      const where = session === undefined ? {} : { session };
      const { name, zone } = inbound.actor;
      const profile = user === undefined ? undefined : people.get(workspace, user);
      const isGuest = profile?.unfit === "outsider";
      const knew = (name !== undefined || zone !== undefined) && !isGuest;
      // The engine has it with the delivery itself.
      if (user !== undefined && knew) noted(workspace, user, profile);
      const named = { ...where, namedBy: personId(inbound.actor) };
      const whom = [
        ...(user === undefined || knew ? [] : ([[user, where]] as const)),
        ...[...new Set(namedIn(inbound))].map((one) => [one, named] as const),
      ];
      for (const [one, how] of whom) {
        await introduce({ ...inbound.address, workspace }, one, how).catch((err: unknown) =>
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

import { z } from "zod";
import { linkCard, PLATFORM_NAMES as NAMES } from "../../conversations/linking.ts";
import { wording } from "../../conversations/wording.ts";
import { directTo } from "../domain/address.ts";
import type { Effect } from "../domain/effect.ts";
import { type Identity, identityOf, type PersonId, personId } from "../domain/ids.ts";
import type { Message } from "../domain/message.ts";
import { createCodes, keyOf } from "./codes.ts";
import type { Parts } from "./parts.ts";
import type { Receiver } from "./receive.ts";

const Offer = z.object({ person: z.string(), name: z.string() });

type Link = Extract<Effect, { do: "link" }>;
type Brought = Extract<Link, { step: "ask" | "join" }>;

/** Keeps codes (hashed) and joins two ids of one person. Every step may be repeated after a crash. */
export function createLinking(parts: Parts, receiver: Receiver) {
  const { store, machine, chats, log } = parts;
  const codes = createCodes({
    store,
    machine,
    namespace: "link-codes",
    about: Offer,
    anew: "Say `me link` on the other platform",
  });

  return async (link: Link): Promise<void> => {
    if (link.step === "offer") {
      const { person, until, name } = link;
      await codes.keep(link.code, { person, name }, until);
      return;
    }
    const offer = await offerOf(link);
    if ("problem" in offer) return say(link, wording.sentence(offer.problem));
    const there = NAMES[identityOf(offer.person).platform];
    if (link.step === "ask") return say(link, linkCard(link.code, offer.name, there));
    await join(link.identity, offer.person);
    await codes.drop(link.code);
    log.info({ person: offer.person, platform: link.identity.platform }, "Linked a person across platforms");
    await say(
      link,
      wording.sentence(
        `Linked: you are ${offer.name} in ${there}, too. I go on writing to you there; say \`me here\` on the platform where you want to hear from me.`,
      ),
    );
    await tellOtherSide(link, offer.person);
  };

  async function offerOf(link: Brought): Promise<z.infer<typeof Offer> | { problem: string }> {
    const me = personId(link.identity);
    const read = await codes.read(link.code, me);
    if ("problem" in read) return read;
    const offer = read.about;
    const ids = [offer.person, ...(await store.identities(offer.person)).map(personId)];
    if (ids.includes(me)) return { problem: "You are linked already." };
    const { platform, workspace } = link.identity;
    if (ids.some((id) => identityOf(id).platform === platform && identityOf(id).workspace === workspace)) {
      return {
        problem: `That code is from somebody who is known here in ${NAMES[platform]} already, so it isn't yours.`,
      };
    }
    return offer;
  }

  /** All ids of the one become ids of the other; what the sessions say of either stays as it is. */
  async function join(identity: Identity, person: PersonId): Promise<void> {
    const me = personId(identity);
    const all = [...(await store.identities(me)), identity];
    for (const one of all) await store.linkIdentity(one, person);
    for (const row of await store.sessions({ status: "open" })) {
      const session = await store.session(row.id);
      const ids = all
        .map(personId)
        .filter((id) => session?.people[id] !== undefined || session?.scope.managers.includes(id));
      for (const id of ids) {
        await receiver.fact({ kind: "timer", timer: "named", session: row.id, person: id, receipts: [] });
      }
    }
  }

  async function say(link: Brought, message: Message): Promise<void> {
    await chats[link.identity.platform]?.whisper(link.address, personId(link.identity), message);
  }

  /** The other side hears of it: a link that wasn't meant doesn't go unnoticed. */
  async function tellOtherSide(link: Brought, person: PersonId): Promise<void> {
    const other = identityOf(person);
    const text = `You are linked with ${link.name} in ${NAMES[link.identity.platform]}. If that isn't you, tell whoever runs T-Minus.`;
    const id = `link-${keyOf(link.code).slice(0, 16)}`;
    try {
      await chats[other.platform]?.post(directTo(other), wording.sentence(text), {
        outbox: id,
        session: "",
        kind: "note",
        version: 1,
      });
    } catch (err) {
      log.warn({ err, person }, "The other side of a link could not be told");
    }
  }
}

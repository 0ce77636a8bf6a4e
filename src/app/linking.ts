import { z } from "zod";
import { nextWorkingInstant } from "../../conversations/hours.ts";
import { linkCard, linkedCard, PLATFORM_NAMES as NAMES } from "../../conversations/linking.ts";
import { reachOf } from "../../conversations/nudging.ts";
import { wording } from "../../conversations/wording.ts";
import { directTo } from "../domain/address.ts";
import type { Effect } from "../domain/effect.ts";
import { type Identity, identityOf, type PersonId, personId } from "../domain/ids.ts";
import type { Message } from "../domain/message.ts";
import { createCodes, keyOf } from "./codes.ts";
import type { Parts } from "./parts.ts";
import type { Receiver } from "./receive.ts";

const Offer = z.object({ person: z.string(), name: z.string() });
/** Pairs that somebody parted: their addresses don't join them again. */
const PARTED = "links-parted";
const TOLD = "links-told";

type Link = Extract<Effect, { do: "link" }>;
type Brought = Extract<Link, { step: "ask" | "join" }>;

/** Two ids in either order. */
export function pairOf(a: PersonId, b: PersonId): string {
  return keyOf([a, b].sort().join(" "));
}

/** Joins ids of one person and parts them. Every step may be repeated after a crash. */
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
    switch (link.step) {
      case "offer":
        return codes.keep(link.code, { person: link.person, name: link.name }, link.until);
      case "ask":
      case "join":
        return byCode(link);
      case "mail":
        return byMail(link);
      case "tell":
        return tell(link.identity, link.other);
      case "unlink":
        return part(link);
    }
  };

  async function byCode(link: Brought): Promise<void> {
    const offer = await offerOf(link);
    if ("problem" in offer) return say(link, wording.sentence(offer.problem));
    const there = NAMES[identityOf(offer.person).platform];
    if (link.step === "ask") return say(link, linkCard(link.code, offer.name, there));
    await store.drop(PARTED, pairOf(personId(link.identity), offer.person));
    await join(link.identity, offer.person);
    await codes.drop(link.code);
    log.info({ person: offer.person, platform: link.identity.platform }, "Linked a person across platforms");
    await say(
      link,
      wording.sentence(
        `Linked: you are ${offer.name} in ${there}, too. I go on writing to you there; say \`me here\` on the platform where you want to hear from me. \`me unlink\` ends it.`,
      ),
    );
    const text = `You are linked with ${link.name} in ${NAMES[link.identity.platform]}. If that isn't you, say \`me unlink\`.`;
    await write(identityOf(offer.person), wording.sentence(text), `link-${keyOf(link.code).slice(0, 16)}`);
  }

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

  async function byMail({ identity, person, acted }: Extract<Link, { step: "mail" }>): Promise<void> {
    const me = personId(identity);
    if ((await store.kept(PARTED, pairOf(me, person), (value) => value === true)) === true) return;
    const linked = (await store.identities(me)).map(personId).includes(person);
    if (!linked) {
      await join(identity, person);
      log.info({ person, platform: identity.platform }, "Linked a person across platforms by their e-mail address");
    }
    // Who does something hears of it there and then; nobody is written to at night for what others did.
    if (acted) await tell(identity, person);
    else await tellInHours(identity, person);
    await tellInHours(identityOf(person), me);
  }

  async function tellInHours(identity: Identity, other: PersonId): Promise<void> {
    const me = personId(identity);
    const reach = reachOf(await store.person(me), parts.settings.zone);
    const due = nextWorkingInstant(parts.calendar.now(), reach).getTime();
    const effect: Link = { do: "link", step: "tell", identity, other };
    const key = `link-tell:${pairOf(me, other)}:${me}`;
    await store.enqueue([{ id: parts.newId("o"), lane: key, key, class: "internal", effect, due, notBefore: 0 }]);
  }

  /** Once to each side: whoever it isn't hears of it, and can end it with a tap. */
  async function tell(identity: Identity, other: PersonId): Promise<void> {
    const me = personId(identity);
    const key = `${pairOf(me, other)}/${me}`;
    const linked = (await store.identities(me)).map(personId).includes(other);
    if (!linked || (await store.kept(TOLD, key, (value) => value === true)) === true) return;
    await store.keep(TOLD, key, true);
    const { name } = await store.person(other);
    await write(identity, linkedCard(identityOf(other).platform, name), `link-${keyOf(key).slice(0, 16)}`);
  }

  async function part({ identity, address }: Extract<Link, { step: "unlink" }>): Promise<void> {
    const me = personId(identity);
    const isHere = ({ platform, workspace }: Identity) =>
      platform === identity.platform && workspace === identity.workspace;
    const all = [identity, ...(await store.identities(me))];
    const [here, there] = [all.filter(isHere), all.filter((one) => !isHere(one))];
    const tellMe = async (text: string) => chats[address.platform]?.whisper(address, me, wording.sentence(text));
    if (there.length === 0) {
      await tellMe("You are linked with no other platform.");
      return;
    }
    for (const a of here) {
      for (const b of there) {
        await store.keep(PARTED, pairOf(personId(a), personId(b)), true);
        await store.drop(TOLD, `${pairOf(personId(a), personId(b))}/${personId(a)}`);
        await store.drop(TOLD, `${pairOf(personId(a), personId(b))}/${personId(b)}`);
      }
    }
    // The one they were met by first has no row of its own: then the others go from it.
    const { id: first } = await store.person(me);
    const staysFirst = here.some((one) => personId(one) === first);
    for (const one of staysFirst ? there : here) await store.unlinkIdentity(one);
    if (!staysFirst) for (const one of here) if (personId(one) !== me) await store.linkIdentity(one, me);
    log.info({ person: me }, "Unlinked a person's ids");
    await nameAgain(all);
    const names = [...new Set(there.map(({ platform }) => NAMES[platform]))].join(" and ");
    await tellMe(
      `Unlinked. What waits for you in ${names} is no longer yours here, and your hours here count only here. \`me link\` links you again.`,
    );
  }

  /** All ids of the one become ids of the other; what the sessions say of either stays as it is. */
  async function join(identity: Identity, person: PersonId): Promise<void> {
    const me = personId(identity);
    const before = await store.person(me);
    // First: afterwards nobody finds what was set under that id.
    if (before.id === me && before.revision > 0) {
      await receiver.fact({ kind: "joined", person, of: before, receipts: [] });
    }
    const all = [...(await store.identities(me)), identity];
    for (const one of all) await store.linkIdentity(one, person);
    await nameAgain(all);
  }

  /** Who they are decides whose days off and digests these are: looked at again in every open session. */
  async function nameAgain(all: Identity[]): Promise<void> {
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

  /** A direct message that isn't tried again: twice would be worse than never. */
  async function write(to: Identity, message: Message, outbox: string): Promise<void> {
    try {
      await chats[to.platform]?.post(directTo(to), message, { outbox, session: "", kind: "note", version: 1 });
    } catch (err) {
      log.warn({ err, person: personId(to) }, "One side of a link could not be told");
    }
  }
}

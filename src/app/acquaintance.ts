import { createHash } from "node:crypto";
import { z } from "zod";
import type { Effect } from "../domain/effect.ts";
import { identityOf, type PersonId, PLATFORMS, type Platform } from "../domain/ids.ts";
import { pairOf } from "./linking.ts";
import type { Parts } from "./parts.ts";

const NAMESPACE = "mails";
const PARTED = "links-parted";
const Found = z.array(z.string());
/** Milliseconds: how long somebody who was looked at is left alone, and somebody whose address wasn't to be had. */
const AGAIN_AFTER = 3_600_000;
const SOON_AFTER = 5_000;
const MOST_REMEMBERED = 20_000;

/**
 * Whoever acts, or is given a part, may be known on another platform: if both directories vouch for the same e-mail
 * address, and each for one person only, the two ids are linked. Addresses are kept hashed, by platform, and asked for
 * again before anything is linked. Runs beside everything else.
 */
export function createAcquaintance(parts: Parts): NonNullable<Parts["met"]> {
  const { store, machine, chats, log } = parts;
  const looked = new Map<PersonId, number>();

  return (person, how) => {
    if (PLATFORMS.filter((platform) => chats[platform]?.emailOf !== undefined).length < 2) return;
    if (machine.now() < (looked.get(person) ?? 0)) return;
    if (looked.size >= MOST_REMEMBERED) looked.clear();
    looked.set(person, machine.now() + AGAIN_AFTER);
    look(person, how === "acted")
      .then((known) => {
        if (!known) looked.set(person, machine.now() + SOON_AFTER);
      })
      .catch((err: unknown) => log.warn({ err, person }, "Nobody could look whether a person is known elsewhere"));
  };

  /** Whether their address was to be had. */
  async function look(person: PersonId, acted: boolean): Promise<boolean> {
    const { platform } = identityOf(person);
    const others = await store.identities(person);
    if (others.some((one) => one.platform !== platform)) return true;
    const mail = await mailOf(person);
    if (mail === undefined) return false;
    if ((await sharers(mail, platform, person)).length !== 1) return true;
    for (const elsewhere of PLATFORMS) {
      if (elsewhere === platform) continue;
      const [other, more] = await sharers(mail, elsewhere);
      if (other === undefined || more !== undefined) continue;
      if ((await store.identities(other)).some((one) => one.platform === platform)) continue;
      if ((await store.kept(PARTED, pairOf(person, other), (value) => value === true)) === true) continue;
      await link(person, other, acted);
      return true;
    }
    return true;
  }

  /** People of a platform with this address, as their directories say today. */
  async function sharers(mail: string, platform: Platform, person?: PersonId): Promise<PersonId[]> {
    const key = `${platform}/${createHash("sha256").update(mail).digest("base64url")}`;
    const kept = (await store.kept(NAMESPACE, key, (value) => Found.parse(value))) ?? [];
    const all = person === undefined || kept.includes(person) ? kept : [...kept, person];
    const now: PersonId[] = [];
    for (const one of all) if (one === person || (await mailOf(one)) === mail) now.push(one);
    if (now.join() !== kept.join()) await store.keep(NAMESPACE, key, now);
    // Two ids of one platform can be one person, too.
    const firsts = new Map(await Promise.all(now.map(async (one) => [(await store.person(one)).id, one] as const)));
    return [...firsts.values()];
  }

  async function mailOf(person: PersonId): Promise<string | undefined> {
    const mail = await chats[identityOf(person).platform]?.emailOf?.(person);
    const read = mail?.trim().toLowerCase();
    return read !== undefined && /^[^@\s]+@[^@\s]+$/.test(read) ? read : undefined;
  }

  async function link(person: PersonId, other: PersonId, acted: boolean): Promise<void> {
    const effect: Effect = { do: "link", step: "mail", identity: identityOf(person), person: other, acted };
    const key = `link-mail:${pairOf(person, other)}`;
    await store.enqueue([
      { id: parts.newId("o"), lane: `link:${person}`, key, class: "internal", effect, due: 0, notBefore: 0 },
    ]);
  }
}

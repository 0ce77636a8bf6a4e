import { z } from "zod";
import { type PersonId, personId } from "../../src/domain/ids.ts";
import type { Store } from "../../src/domain/ports.ts";

/**
 * Somebody as Teams knows them. Teams has two ids for a person: the directory's object id, which is the same
 * everywhere, and `29:…`, which only this bot sees and which is all that a mention carries. `user` is the one id under
 * which the rest of the product knows them: the object id, unless they were met by their other id first.
 */
export const KnownPerson = z.object({
  user: z.string().min(1),
  id: z.string().min(1).optional(),
  aadObjectId: z.string().min(1).optional(),
  name: z.string().optional(),
  /** As their directory has it: verified by their organisation, not by us. */
  email: z.string().optional(),
  /** A guest, or somebody of another tenant. Undefined: the members haven't told yet. */
  outsider: z.boolean().optional(),
});
export type KnownPerson = z.infer<typeof KnownPerson>;

export type Sighting = {
  id?: string | null | undefined;
  aadObjectId?: string | null | undefined;
  name?: string | null | undefined;
  email?: string | null | undefined;
  outsider?: boolean | undefined;
};

/** Links the two ids of everybody who is seen, durably, and gives the one id by either. */
export type People = {
  /** Remembers what an activity or a member list says. Writes only what is new. */
  learn(tenant: string, seen: Sighting): Promise<KnownPerson>;
  find(tenant: string, id: string): Promise<KnownPerson | undefined>;
  /** What is in memory already; parsing is synchronous. */
  known(tenant: string, id: string): KnownPerson | undefined;
};

const NAMESPACE = "teams/people";
const CACHE = 20_000;

export function createPeople(store: Pick<Store, "keep" | "kept" | "linkIdentity">): People {
  const cache = new Map<string, KnownPerson>();
  const key = (tenant: string, id: string) => `${tenant}/${id}`;

  async function find(tenant: string, id: string): Promise<KnownPerson | undefined> {
    const cached = cache.get(key(tenant, id));
    if (cached !== undefined) return cached;
    const kept = await store.kept(NAMESPACE, key(tenant, id), (value) => KnownPerson.parse(value));
    if (kept !== undefined) cache.set(key(tenant, id), kept);
    return kept;
  }

  const known = (tenant: string, id: string) => cache.get(key(tenant, id));

  return {
    find,
    known,
    async learn(tenant, seen) {
      const [keptById, keptByAad] = await Promise.all([
        seen.id ? (known(tenant, seen.id) ?? find(tenant, seen.id)) : undefined,
        seen.aadObjectId ? (known(tenant, seen.aadObjectId) ?? find(tenant, seen.aadObjectId)) : undefined,
      ]);
      // From here to the cache nothing is awaited: a member list and an activity may teach of the same person at once.
      const byId = (seen.id ? known(tenant, seen.id) : undefined) ?? keptById;
      const byAad = (seen.aadObjectId ? known(tenant, seen.aadObjectId) : undefined) ?? keptByAad;
      if (byId !== undefined && byId === byAad && saysNothingNew(byId, seen)) return byId;
      const user = byAad?.user ?? byId?.user ?? seen.aadObjectId ?? seen.id;
      if (!user) throw new TypeError("A person in Teams has at least one id.");
      const before = byAad ?? byId;
      const person: KnownPerson = prune({
        user,
        id: seen.id ?? before?.id,
        aadObjectId: seen.aadObjectId ?? before?.aadObjectId,
        name: seen.name ?? before?.name,
        email: seen.email ?? before?.email,
        outsider: seen.outsider ?? byId?.outsider ?? byAad?.outsider,
      });
      if (cache.size > CACHE) cache.clear();
      const changed: string[] = [];
      for (const id of new Set([person.id, person.aadObjectId])) {
        if (id === undefined) continue;
        const entry = known(tenant, id) ?? (id === person.id ? keptById : keptByAad);
        if (entry === undefined || !same(entry, person)) changed.push(id);
        cache.set(key(tenant, id), person);
      }
      if (byId !== undefined && byAad !== undefined && byId.user !== byAad.user) {
        // Met twice, by a mention and by themselves, before anything linked the two: one person from here on.
        await store.linkIdentity({ platform: "teams", workspace: tenant, user: byId.user }, idOf(tenant, byAad.user));
      }
      for (const id of changed) await store.keep(NAMESPACE, key(tenant, id), person);
      return person;
    },
  };
}

export function idOf(tenant: string, user: string): PersonId {
  return personId({ platform: "teams", workspace: tenant, user });
}

function prune(person: { [Field in keyof KnownPerson]: KnownPerson[Field] | null | undefined }): KnownPerson {
  return KnownPerson.parse(Object.fromEntries(Object.entries(person).filter(([, value]) => value != null)));
}

function saysNothingNew(known: KnownPerson, { name, email, outsider }: Sighting): boolean {
  return (
    (name == null || name === known.name) &&
    (email == null || email === known.email) &&
    (outsider === undefined || outsider === known.outsider)
  );
}

function same(a: KnownPerson, b: KnownPerson): boolean {
  return (
    a.user === b.user &&
    a.id === b.id &&
    a.aadObjectId === b.aadObjectId &&
    a.name === b.name &&
    a.email === b.email &&
    a.outsider === b.outsider
  );
}

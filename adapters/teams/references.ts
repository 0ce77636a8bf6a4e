import { z } from "zod";
import type { Store } from "../../src/domain/ports.ts";

/**
 * What is needed to speak in a conversation later, also after a restart: where its service is, who we are there.
 * Refreshed by every inbound activity, since service addresses move.
 */
export const Reference = z.object({
  v: z.literal(1),
  /** Channel or chat, without `;messageid=`. */
  channel: z.string().min(1),
  tenant: z.string().min(1),
  serviceUrl: z.url(),
  type: z.enum(["channel", "groupChat", "personal"]),
  bot: z.object({ id: z.string().min(1), name: z.string().optional() }),
  /** The team of a channel: its members, its consent. */
  team: z.string().optional(),
  name: z.string().optional(),
  /** Whose personal chat it is: our id of them. */
  user: z.string().optional(),
  /** The app was taken out, or the channel was deleted. Coming back clears it. */
  removed: z.boolean().optional(),
});
export type Reference = z.infer<typeof Reference>;

export type References = {
  refresh(reference: Reference): Promise<{ isNew: boolean }>;
  find(tenant: string, channel: string): Promise<Reference | undefined>;
  /** The personal chat with somebody, by our id of them. */
  personal(tenant: string, user: string): Promise<Reference | undefined>;
  /** All channels of a team that we know. */
  ofTeam(tenant: string, team: string): Promise<Reference[]>;
  /** Any conversation of the tenant that is still open: its service address serves new ones. */
  anyOf(tenant: string): Promise<Reference | undefined>;
  setRemoved(tenant: string, channel: string, removed: boolean): Promise<void>;
};

const NAMESPACE = "teams/reference";
const PERSONAL = "teams/personal";

export function createReferences(store: Pick<Store, "keep" | "kept" | "keptAll">): References {
  const cache = new Map<string, Reference>();
  const lastOf = new Map<string, Reference>();
  const key = (tenant: string, channel: string) => `${tenant}/${channel}`;
  const parse = (value: unknown) => Reference.parse(value);

  async function find(tenant: string, channel: string): Promise<Reference | undefined> {
    const cached = cache.get(key(tenant, channel));
    if (cached !== undefined) return cached;
    const kept = await store.kept(NAMESPACE, key(tenant, channel), parse);
    if (kept !== undefined) cache.set(key(tenant, channel), kept);
    return kept;
  }

  async function put(reference: Reference): Promise<void> {
    const checked = Reference.parse(reference);
    await store.keep(NAMESPACE, key(checked.tenant, checked.channel), checked);
    if (checked.user !== undefined) await store.keep(PERSONAL, key(checked.tenant, checked.user), checked.channel);
    cache.set(key(checked.tenant, checked.channel), checked);
  }

  return {
    find,
    async refresh(reference) {
      lastOf.set(reference.tenant, reference);
      const before =
        cache.get(key(reference.tenant, reference.channel)) ?? (await find(reference.tenant, reference.channel));
      // Most activities say nothing new about where they come from.
      if (before !== undefined && saysNothingNew(before, reference)) return { isNew: false };
      await put(merged(before, reference));
      return { isNew: before === undefined };
    },
    async personal(tenant, user) {
      const channel = await store.kept(PERSONAL, key(tenant, user), (value) => z.string().parse(value));
      return channel === undefined ? undefined : find(tenant, channel);
    },
    async ofTeam(tenant, team) {
      const all = await store.keptAll(NAMESPACE, parse);
      return all.flatMap(({ value }) => (value.tenant === tenant && value.team === team ? [value] : []));
    },
    async anyOf(tenant) {
      const last = lastOf.get(tenant);
      if (last !== undefined) return last;
      const all = await store.keptAll(NAMESPACE, parse);
      return all.find(({ value }) => value.tenant === tenant && value.removed !== true)?.value;
    },
    async setRemoved(tenant, channel, removed) {
      const before = await find(tenant, channel);
      if (before === undefined || (before.removed ?? false) === removed) return;
      const { removed: _, ...rest } = before;
      await put(removed ? { ...rest, removed } : rest);
    },
  };
}

function saysNothingNew(before: Reference, now: Reference): boolean {
  const same = <Value>(known: Value, said: Value | undefined) => said === undefined || said === known;
  return (
    before.serviceUrl === now.serviceUrl &&
    before.type === now.type &&
    before.bot.id === now.bot.id &&
    same(before.bot.name, now.bot.name) &&
    same(before.team, now.team) &&
    same(before.name, now.name) &&
    same(before.user, now.user) &&
    same(before.removed, now.removed)
  );
}

/** New knowledge wins; what this activity didn't say stays. */
function merged(before: Reference | undefined, now: Reference): Reference {
  return Reference.parse({
    v: 1,
    channel: now.channel,
    tenant: now.tenant,
    serviceUrl: now.serviceUrl,
    type: now.type,
    bot: { id: now.bot.id, ...name(now.bot.name ?? before?.bot.name) },
    ...pick("team", now.team ?? before?.team),
    ...name(now.name ?? before?.name),
    ...pick("user", now.user ?? before?.user),
    ...((now.removed ?? before?.removed) ? { removed: true } : {}),
  });
}

function name(value: string | undefined): { name?: string } {
  return value === undefined ? {} : { name: value };
}

function pick(field: string, value: string | undefined): Record<string, string> {
  return value === undefined ? {} : { [field]: value };
}

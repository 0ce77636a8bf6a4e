import type { Ignored, Inbound } from "../../src/domain/inbound.ts";
import type { Receive } from "../../src/domain/ports.ts";
import { conversationParts } from "./address.ts";
import { type Background, delay } from "./background.ts";
import type { Consent } from "./consent.ts";
import { FIRST_CONTACT_WAIT } from "./limits.ts";
import type { Members } from "./members.ts";
import { placeOf, tenantOf } from "./origin.ts";
import type { People } from "./people.ts";
import type { Reference, References } from "./references.ts";
import type { Activity } from "./schema.ts";

/** What an activity teaches us beside what it says: where we are, who is there, whether plain replies reach us. */
export type Lessons = {
  learn(activity: Activity): Promise<Reference>;
  /**
   * Guests may do nothing, and a mention carries only one of two ids: whom nobody has told us about yet. Asks nobody.
   * `picked`: people picked in a form, by their directory ids.
   */
  strangers(activity: Activity, reference: Reference, picked?: string[]): Promise<Stranger[]>;
  /** Asks Teams who they are, for a while at most. Never awaited by an answer. */
  meet(strangers: Stranger[], reference: Reference): Promise<void>;
  fromMessage(
    activity: Extract<Activity, { type: "message" }>,
    reference: Reference,
    inbound: Inbound | Ignored,
  ): Promise<void>;
  /** A team's change is that of all its channels that we know; the others are handed on, too. */
  fromPlace(
    activity: Activity,
    reference: Reference,
    inbound: Extract<Inbound, { kind: "place" }>,
    receive: Receive,
  ): Promise<void>;
  /** The root of the last thing somebody said in a channel's top level. */
  lastRoot(tenant: string, channel: string, user: string): string | undefined;
};

export type Stranger = { id: string; name?: string | undefined; picked?: true };

const REMEMBERED = 5_000;
const MOST_PICKED = 20;

export function createLessons(options: {
  references: References;
  people: People;
  consent: Consent;
  members: Members;
  background: Background;
  appId: string | undefined;
}): Lessons {
  const { references, people, consent, members, background, appId } = options;
  const lastRoots = new Map<string, string>();

  return {
    async learn(activity) {
      const tenant = tenantOf(activity);
      const { address, type } = placeOf(activity);
      const person = await people.learn(tenant, activity.from);
      const { channelData, conversation, recipient } = activity;
      const name = channelData?.channel?.name ?? conversation.name ?? undefined;
      const reference: Reference = {
        v: 1,
        channel: address.channel,
        tenant,
        serviceUrl: activity.serviceUrl,
        type,
        bot: { id: recipient?.id ?? `28:${appId ?? "t-minus"}`, ...(recipient?.name ? { name: recipient.name } : {}) },
        ...(channelData?.team ? { team: channelData.team.id } : {}),
        ...(name ? { name } : {}),
        ...(type === "personal" ? { user: person.user } : {}),
      };
      const before = await references.find(tenant, address.channel);
      const { isNew } = await references.refresh(reference);
      // Whoever speaks to us in a conversation has the app there: it was added again.
      if (before?.removed && activity.type === "message") await references.setRemoved(tenant, address.channel, false);
      const comesTo = activity.type === "installationUpdate" || activity.type === "conversationUpdate";
      if (isNew || comesTo) background.run(members.readAll(reference), "read members");
      const came = activity.type === "conversationUpdate" ? (activity.membersAdded ?? []) : [];
      for (const { id } of came.slice(0, MOST_PICKED)) {
        if (!isBot(id, activity)) background.run(members.readOne(reference, id), "read a new member");
      }
      return reference;
    },
    async strangers(activity, { tenant }, picked = []) {
      const accounts: Stranger[] = [
        { id: activity.from.id, name: activity.from.name ?? undefined },
        ...("entities" in activity ? activity.entities : []).map(({ mentioned: { id, name } }) => ({
          id,
          name: name ?? undefined,
        })),
        ...picked.slice(0, MOST_PICKED).map((id) => ({ id, picked: true as const })),
      ];
      const unknown: Stranger[] = [];
      for (const account of accounts) {
        const { id } = account;
        if (isBot(id, activity) || unknown.some((one) => one.id === id)) continue;
        const known = people.known(tenant, id) ?? (await people.find(tenant, id));
        if (known?.outsider === undefined) unknown.push(account);
      }
      return unknown;
    },
    async meet(strangers, reference) {
      const lookUps = Promise.all(strangers.map(({ id }) => members.readOne(reference, id)));
      background.run(lookUps, "look up people");
      await Promise.race([lookUps, delay(FIRST_CONTACT_WAIT)]);
      // Whom Teams didn't tell about keeps the id they were met by, for good.
      for (const { id, name, picked } of strangers) {
        if (picked) continue;
        if ((await people.find(reference.tenant, id)) === undefined) await people.learn(reference.tenant, { id, name });
      }
    },
    async fromMessage(activity, reference, inbound) {
      const named =
        activity.recipient?.isTargeted === true ||
        activity.entities.some(({ mentioned }) => mentioned.id === activity.recipient?.id);
      if (inbound.kind === "message" && !named) await consent.learned(reference);
      const { root } = conversationParts(activity.conversation.id);
      if (root !== undefined && root === activity.id && inbound.kind !== "ignored") {
        if (lastRoots.size > REMEMBERED) lastRoots.clear();
        lastRoots.set(`${reference.tenant}/${reference.channel}/${inbound.actor.user}`, root);
      }
    },
    async fromPlace(activity, reference, inbound, receive) {
      if (inbound.change === "renamed") return;
      const removed = inbound.change !== "added";
      const { tenant, team } = reference;
      const whole = team !== undefined && !activity.channelData?.eventType?.startsWith("channel");
      const others = (whole ? await references.ofTeam(tenant, team) : []).filter(
        ({ channel }) => channel !== inbound.address.channel,
      );
      for (const channel of [inbound.address.channel, ...others.map((other) => other.channel)]) {
        await references.setRemoved(tenant, channel, removed);
      }
      if (removed && (whole || team === undefined)) await consent.forgotten(reference);
      for (const { channel } of others) {
        await receive({
          ...inbound,
          receipts: inbound.receipts.map((receipt) => `${receipt}:${channel}`),
          address: { ...inbound.address, channel },
        });
      }
    },
    lastRoot: (tenant, channel, user) => lastRoots.get(`${tenant}/${channel}/${user}`),
  };
}

function isBot(id: string, activity: Activity): boolean {
  return id === activity.recipient?.id || id.startsWith("28:");
}

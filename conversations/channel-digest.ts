import { DateTime } from "luxon";
import { type ConversationKey, channelOf, conversationKey } from "../src/domain/address.ts";
import type { PersonId, Platform } from "../src/domain/ids.ts";
import type { Inbound } from "../src/domain/inbound.ts";
import type { Block, Message } from "../src/domain/message.ts";
import type { Fact } from "../src/domain/ports.ts";
import type { ChannelDigest, SessionState } from "../src/domain/session.ts";
import type { SessionEvent } from "../src/domain/session-event.ts";
import { HERE } from "./command.ts";
import { digestOf } from "./digest.ts";
import { DIGEST_HOUR } from "./digest-times.ts";
import { fold } from "./evolve.ts";
import { isWorkingInstant, nextWorkingInstant } from "./hours.ts";
import { PLATFORM_NAMES } from "./linking.ts";
import { facilitatorAndManagers, isManager, nameOf } from "./session-queries.ts";
import type { Turn } from "./turn.ts";
import type { ViewContext } from "./views/parts.ts";
import { wording } from "./wording.ts";
import { safeZone } from "./zones.ts";

/**
 * A session's digest in a channel: for those who want to follow along without being asked anything. Written at nine in
 * the session's zone, only when something changed, without a ping and without buttons to decide.
 */

type Rhythm = ChannelDigest["rhythm"];
const MONDAY = 1;
const DAYS_LOOKED_AHEAD = 40;

/** `digest daily #leads`: the channel is looked for first, where the platform says whether the bot is in it. */
export function channelDigestCommand(
  turn: Turn,
  { rhythm, channel, always }: { rhythm: Rhythm | "off"; channel: string; always?: boolean },
  inbound: Inbound,
  me: PersonId,
): void {
  if (turn.session.status !== "open") return turn.tell(wording.noSession(turn.ctx.settings.command));
  const { state } = turn;
  if (me !== state.facilitator && !isManager(state, me)) {
    return turn.tell(wording.notOneOf("send a digest to a channel", ...facilitatorAndManagers(state)));
  }
  if (channel === HERE) {
    const here = channelOf(inbound.address);
    if (inbound.direct)
      return turn.tell("`here` is for channels. In this chat `digest daily` or `digest weekly` will do.");
    const key = conversationKey(here);
    if (rhythm === "off") return endChannelDigest(turn, channel, key);
    if (state.channelDigests?.[key]?.rhythm === rhythm) return turn.tell("That digest comes here already.");
    return channelFound(turn, { channel: here, name: HERE, rhythm, person: me, ...(always ? { always } : {}) });
  }
  const { platform, workspace } = inbound.address;
  if (platform !== state.home.platform || workspace !== state.home.workspace) {
    return turn.tell(
      `#${channel} would be looked for in ${PLATFORM_NAMES[state.home.platform]}: type it there. For this channel it is \`digest ${rhythm} here\`.`,
    );
  }
  if (rhythm === "off") return endChannelDigest(turn, channel);
  turn.want({
    do: "find_channel",
    person: me,
    address: inbound.address,
    name: channel,
    rhythm,
    ...(always === true ? { always: true as const } : {}),
  });
  turn.tell(`Looking for #${channel}. When the digest is set, I say so there.`);
}

/** Without a word: the channel has nothing to do with the session any more. */
export function dropChannelDigest(turn: Turn, channel: ConversationKey): void {
  const digest = turn.state.channelDigests?.[channel];
  if (digest === undefined) return;
  turn.emit({ kind: "channel_digest_set", rhythm: "off", name: digest.name, address: digest.address });
  turn.want({ do: "cancel", key: timerKey(turn.state, channel) });
}

function endChannelDigest(turn: Turn, channel: string, here?: ConversationKey): void {
  const wished = channel.toLowerCase();
  const found = Object.entries(turn.state.channelDigests ?? {}).find(([key, digest]) =>
    here === undefined
      ? digest.name.toLowerCase() === wished || digest.address.channel.toLowerCase() === wished
      : key === here,
  );
  if (found === undefined) return turn.tell(`No digest of "${turn.state.name}" goes ${spot(channel)}.`);
  const [key, digest] = found;
  dropChannelDigest(turn, key);
  turn.tell(here === undefined ? `No more digests in #${digest.name}.` : "No more digests here.");
}

type Found = Pick<Extract<Fact, { kind: "channel_found" }>, "channel" | "name" | "rhythm" | "always" | "person">;

/** The channel is there and the bot is in it: its first line says what comes, and who wished it. */
export function channelFound(turn: Turn, fact: Found): void {
  if (turn.state.status !== "open") return;
  const { channel, name, rhythm, always, person } = fact;
  const known = turn.state.channelDigests?.[conversationKey(channel)];
  if (known?.rhythm === rhythm && known.always === always) return;
  turn.emit({
    kind: "channel_digest_set",
    rhythm,
    name,
    address: channel,
    wishedBy: person,
    ...(always === true ? { always } : {}),
  });
  const key = conversationKey(channel);
  turn.want({ do: "channel_digest", channel: key, what: "begin" });
  planChannelDigest(turn, key);
}

/** Its time has come. After downtime it waits for a working morning. */
export function channelDigestDue(turn: Turn, channel: ConversationKey): void {
  const { state } = turn;
  if (state.channelDigests?.[channel] === undefined) return;
  const reach = reachOf(state);
  if (!isWorkingInstant(turn.ctx.now, reach)) {
    return lookAt(turn, channel, nextWorkingInstant(turn.ctx.now, reach).getTime());
  }
  turn.want({ do: "channel_digest", channel, what: "digest" });
  if (state.status === "open") planChannelDigest(turn, channel);
}

export function channelDigestSent(turn: Turn, fact: Extract<Fact, { kind: "channel_digest_sent" }>): void {
  if (turn.state.channelDigests?.[fact.channel] === undefined) return;
  if (fact.told !== null) turn.emit({ kind: "channel_digest_sent", channel: fact.channel, told: fact.told });
  else dropChannelDigest(turn, fact.channel);
}

function planChannelDigest(turn: Turn, channel: ConversationKey): void {
  const digest = turn.state.channelDigests?.[channel];
  if (digest === undefined) return;
  const reach = reachOf(turn.state);
  const today = DateTime.fromJSDate(turn.ctx.now, { zone: reach.zone }).startOf("day");
  for (let ahead = 0; ahead < DAYS_LOOKED_AHEAD; ahead++) {
    const at = today.plus({ days: ahead }).set({ hour: DIGEST_HOUR });
    const isDay = digest.rhythm === "daily" || at.weekday === MONDAY;
    if (isDay && at.toMillis() > turn.ctx.now.getTime() && isWorkingInstant(at.toJSDate(), reach)) {
      return lookAt(turn, channel, at.toMillis());
    }
  }
}

function lookAt(turn: Turn, channel: ConversationKey, at: number): void {
  const session = turn.state.id;
  const input = { timer: "channel_digest" as const, session, channel };
  turn.want({ do: "timer", key: timerKey(turn.state, channel), clock: "calendar", at, input });
}

function timerKey({ id }: SessionState, channel: ConversationKey): string {
  return `channel-digest:${id}:${channel}`;
}

function reachOf({ event, scope }: SessionState) {
  return { zone: safeZone(event.zone), holidays: scope.holidays ?? [] };
}

/** The first line in the channel. */
export function channelDigestBegins(session: SessionState, digest: ChannelDigest, view: ViewContext): Message {
  const when = digest.rhythm === "daily" ? "each working day" : "each Monday";
  const changed = digest.always === true ? "" : ", when something changed";
  const who = nameOf(session, digest.by);
  const line = `"${session.name}" is told here ${when} at 09:00${changed}. ${who} asked for it.`;
  return {
    summary: line,
    blocks: [
      { kind: "text", text: [line] },
      { kind: "context", text: [{ code: `${view.command} digest off ${inCommand(digest)}` }, " ends it."] },
    ],
  };
}

/** The digest as it is now; undefined when there is nothing to tell. */
export function channelDigestMessage(
  session: SessionState,
  events: readonly SessionEvent[],
  digest: ChannelDigest,
  view: ViewContext,
): Message | undefined {
  const before = fold(events.slice(0, digest.told));
  const told = {
    session,
    since: events.slice(digest.told),
    ...(before.status === "none" ? {} : { before }),
    ...(digest.lastAt === undefined ? {} : { lastAt: digest.lastAt }),
  };
  const made = digestOf([told], "channel", view, digest.always);
  if (made === undefined) return undefined;
  const when = digest.rhythm === "daily" ? "Each working day" : "Each Monday";
  const end: Block = {
    kind: "context",
    text: [
      `${when}${digest.always === true ? "" : ", when something changed"}. `,
      { code: `${view.command} digest off ${inCommand(digest)}` },
      " ends it.",
    ],
  };
  return { summary: made.message.summary, blocks: [...made.message.blocks, end] };
}

function inCommand({ name }: ChannelDigest): string {
  return name === HERE ? HERE : `#${name}`;
}

function spot(channel: string): string {
  return channel === HERE ? HERE : `to #${channel}`;
}

/** Why no digest goes there, and what to do. */
export function sayNoChannel(name: string, platform: Platform): string {
  const how =
    platform === "slack"
      ? `Type \`/invite @T-Minus\` in #${name}, then ask again.`
      : platform === "teams"
        ? `Add me to its team and mention me once in ${name}, then ask again.`
        : "Open it first, then ask again.";
  return `I'm in no channel called #${name}. ${how}`;
}

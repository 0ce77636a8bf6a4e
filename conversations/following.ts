import { type Address, channelOf, conversationKey } from "../src/domain/address.ts";
import type { PersonId } from "../src/domain/ids.ts";
import type { Inbound } from "../src/domain/inbound.ts";
import type { Message } from "../src/domain/message.ts";
import type { Fact } from "../src/domain/ports.ts";
import type { SessionState } from "../src/domain/session.ts";
import { wantCopy } from "./asking.ts";
import { dropChannelDigest } from "./channel-digest.ts";
import type { Command } from "./command.ts";
import { CODE_LIVES_MS, newCode, PLATFORM_NAMES } from "./linking.ts";
import { facilitatorAndManagers, isManager, nameOf, postKeys } from "./session-queries.ts";
import { announce } from "./telling.ts";
import type { Turn } from "./turn.ts";
import { wording } from "./wording.ts";

/**
 * A channel elsewhere that follows a session: the summary and the decision stand there, too, and managers sign there.
 * The two channels can be on different platforms, which know nothing of each other: a one-time code that the facilitator
 * brings from the one to the other says that they belong together.
 */

type FollowCommand = Extract<Command, { name: "follow" }>;

/** `follow`: a code to take elsewhere. `follow <code>`: this channel follows. `follow off`: no more. */
export function followCommand(turn: Turn, { code, off }: FollowCommand, inbound: Inbound, person: PersonId): void {
  if (code !== undefined) return bring(turn, code, inbound);
  if (turn.session.status === "none") {
    return turn.tell(
      "Say `follow` in the session's own channel: there I give you a code that brings its summary and its decision here.",
    );
  }
  const follower = followerAt(turn.state, inbound.address);
  if (off === true) return unfollow(turn, follower, person);
  if (follower !== undefined) {
    return turn.tell(
      `This channel follows "${turn.state.name}": its summary and its decision come here. \`follow off\` ends that.`,
    );
  }
  offer(turn, person);
}

/** Whether a session is held somewhere else than here, and this channel only follows it. */
export function followsOnly(session: SessionState, address: Address): boolean {
  return followerAt(session, address) !== undefined && !isHome(session, address);
}

function offer(turn: Turn, person: PersonId): void {
  const { state } = turn;
  if (state.status !== "open") return turn.tell(wording.sessionOver(state, turn.ctx.settings.command));
  if (person !== state.facilitator && !isManager(state, person)) {
    return turn.tell(wording.notOneOf("take the session to another channel", ...facilitatorAndManagers(state)));
  }
  const code = newCode(turn);
  turn.want({ do: "follow", step: "offer", code, until: turn.ctx.machineNow + CODE_LIVES_MS });
  turn.say(offerCard(state, code));
}

function offerCard(state: SessionState, code: string): Message {
  const line = `To have the summary and the decision of "${state.name}" in another channel, write this there within 15 minutes:`;
  return {
    summary: `${line} follow ${code}`,
    blocks: [
      { kind: "text", text: [line] },
      { kind: "text", text: ["In Teams: ", { code: `@T-Minus follow ${code}` }] },
      { kind: "text", text: ["In Slack: ", { code: `/readiness follow ${code}` }] },
      {
        kind: "context",
        text: [
          "I have to be in that channel. The code works once; everybody there will see the summary and the decision. Managers sign there once they are linked: ",
          { code: "me link" },
          ".",
        ],
      },
    ],
  };
}

function bring(turn: Turn, code: string, { actor, address, direct }: Inbound): void {
  if (direct) {
    return turn.tell(
      "Bring the code to the channel that is to follow: write it there. Here you get digests: `digest weekly`.",
    );
  }
  const { platform, workspace, user } = actor;
  turn.want({
    do: "follow",
    step: "bring",
    code,
    identity: { platform, workspace, user },
    address: channelOf(address),
  });
}

function unfollow(turn: Turn, follower: ReturnType<typeof followerAt>, person: PersonId): void {
  const { state } = turn;
  if (follower === undefined) return turn.tell("This channel follows no session.");
  if (person !== state.facilitator && person !== follower.by && !isManager(state, person)) {
    const brought = follower.by === state.facilitator ? [] : [nameOf(state, follower.by)];
    return turn.tell(wording.notOneOf("end that", ...brought, ...facilitatorAndManagers(state)));
  }
  turn.emit({ kind: "channel_unfollowed", address: follower.address });
  dropChannelDigest(turn, conversationKey(follower.address));
  turn.tell(`Nothing of "${state.name}" comes here any more. What stands here stays.`);
}

/** The code was right: what there is already is shown there, and both sides are told. */
export function followed(turn: Turn, { address, person, name }: Extract<Fact, { kind: "followed" }>): void {
  const { state } = turn;
  if (state.status !== "open" || isHome(state, address) || followerAt(state, address) !== undefined) return;
  if (name !== undefined && state.people[person] === undefined) turn.emit({ kind: "person_named", person, name });
  turn.emit({ kind: "channel_followed", address, person });
  const told = announce(turn, { what: "followed", address, by: person });
  if (told !== undefined) wantCopy(turn, { key: told, kind: "note", version: 1 }, address);
  const summary = state.summaries.at(-1);
  if (summary !== undefined) {
    const { version } = summary;
    wantCopy(turn, { key: postKeys.summary(version), kind: "summary", version }, address);
  }
  const decision = state.decisions.at(-1);
  if (decision !== undefined) {
    const { version } = decision;
    wantCopy(turn, { key: postKeys.decision(version), kind: "decision", version }, address);
  }
}

/** What is said of it, in the channel that follows (`there`) and at home. */
export function followedCard(
  state: SessionState,
  { address, by }: { address: Address; by: PersonId },
  there: boolean,
): Message {
  const line = there
    ? `This channel follows "${state.name}", which is held in ${PLATFORM_NAMES[state.home.platform]}.`
    : `A channel in ${PLATFORM_NAMES[address.platform]} follows this session now; ${nameOf(state, by)} brought the code.`;
  const more = there
    ? " Its summary and its decision come here, and managers can sign here. `digest weekly here` brings a digest, too. Not yet known to me on both sides? `me link`."
    : " The summary and the decision go there, too.";
  return {
    summary: line,
    blocks: [
      { kind: "text", text: [{ strong: line }, more] },
      { kind: "context", text: [there ? "`follow off` ends it." : "`follow off` in that channel ends it."] },
    ],
  };
}

function followerAt(state: SessionState, address: Address) {
  const key = conversationKey(channelOf(address));
  return state.followers?.find((one) => conversationKey(one.address) === key);
}

function isHome(state: SessionState, address: Address): boolean {
  return conversationKey(channelOf(state.home)) === conversationKey(channelOf(address));
}

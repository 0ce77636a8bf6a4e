import { conversationKey } from "../src/domain/address.ts";
import type { ChannelDigest, SessionState } from "../src/domain/session.ts";
import type { SessionEvent } from "../src/domain/session-event.ts";
import { sameAddress, withPost, withQuestion } from "./evolve-pieces.ts";

type PostEvent = Extract<
  SessionEvent,
  {
    kind:
      | "post_wanted"
      | "posted"
      | "post_failed"
      | "post_addressed"
      | "sentence_said"
      | "telling_wanted"
      | "reminders_ended"
      | "channel_digest_set"
      | "channel_digest_sent"
      | "channel_followed"
      | "channel_unfollowed";
  }
>;

/** What becomes of what the bot posts, and of the channels that hear of a session. */
export function evolvePosts(state: SessionState, event: PostEvent): SessionState {
  switch (event.kind) {
    case "post_wanted":
      return withPost(state, event.post.key, () => ({ ...event.post, state: "wanted" }));
    case "posted":
      return withPost(state, event.post, (post) =>
        post === undefined
          ? undefined
          : {
              ...post,
              state: "posted",
              ref: event.ref,
            },
      );
    case "post_failed":
      return withPost(state, event.post, (post) => (post === undefined ? undefined : { ...post, state: "failed" }));
    case "post_addressed": {
      const addressed = withPost(state, event.post, (post) =>
        post === undefined ? undefined : { ...post, to: event.to },
      );
      const question = state.posts[event.post]?.question;
      return question === undefined
        ? addressed
        : withQuestion(addressed, question, (asked) => ({ ...asked, askedOf: event.to, askedAt: event.at }));
    }
    case "sentence_said":
      return { ...state, said: [...state.said, event.key] };
    case "telling_wanted":
      return { ...state, told: { ...state.told, [event.post]: event.telling } };
    case "reminders_ended":
      return {
        ...state,
        unheard: { ...state.unheard, [event.item]: { person: event.person, at: event.at, kind: event.of } },
      };
    case "channel_digest_set": {
      const key = conversationKey(event.address);
      const { [key]: before, ...others } = state.channelDigests ?? {};
      if (event.rhythm === "off") return { ...state, channelDigests: others };
      const digest: ChannelDigest = {
        rhythm: event.rhythm,
        ...(event.always === undefined ? {} : { always: event.always }),
        address: event.address,
        name: event.name,
        by: event.wishedBy ?? event.by ?? state.facilitator,
        told: before?.told ?? state.revision,
        ...(before?.lastAt === undefined ? {} : { lastAt: before.lastAt }),
      };
      return { ...state, channelDigests: { ...others, [key]: digest } };
    }
    case "channel_digest_sent": {
      const digest = state.channelDigests?.[event.channel];
      if (digest === undefined) return state;
      const sent = { ...digest, told: event.told, lastAt: event.at };
      return { ...state, channelDigests: { ...state.channelDigests, [event.channel]: sent } };
    }
    case "channel_followed":
      return {
        ...state,
        followers: [
          ...(state.followers ?? []).filter((one) => !sameAddress(one.address, event.address)),
          { address: event.address, by: event.person, since: event.at },
        ],
      };
    case "channel_unfollowed":
      return {
        ...state,
        followers: (state.followers ?? []).filter((one) => !sameAddress(one.address, event.address)),
      };
  }
}

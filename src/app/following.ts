import { z } from "zod";
import { wording } from "../../conversations/wording.ts";
import { conversationKey } from "../domain/address.ts";
import type { Effect } from "../domain/effect.ts";
import { personId } from "../domain/ids.ts";
import { createCodes, keyOf } from "./codes.ts";
import type { Parts } from "./parts.ts";
import type { Receiver } from "./receive.ts";

type Follow = Extract<Effect, { do: "follow" }>;

/** Keeps a session's codes, and brings the channel in which one was said to the session. May be repeated after a crash. */
export function createFollowing({ store, machine, chats, log }: Parts, receiver: Receiver) {
  const codes = createCodes({
    store,
    machine,
    namespace: "follow-codes",
    about: z.object({ session: z.string() }),
    anew: "Say `follow` in the session's own channel",
  });

  return async (follow: Follow, session: string | undefined): Promise<void> => {
    if (follow.step === "offer") {
      if (session !== undefined) await codes.keep(follow.code, { session }, follow.until);
      return;
    }
    const { code, identity, address } = follow;
    const me = personId(identity);
    const tell = async (text: string) => {
      await chats[address.platform]?.whisper(address, me, wording.sentence(text));
    };
    const read = await codes.read(code, me);
    if ("problem" in read) return tell(read.problem);
    const found = await store.session(read.about.session);
    if (found?.status !== "open") return tell("That session is over.");
    if (conversationKey(found.home) === conversationKey(address)) {
      return tell("The session is held in this channel. Bring the code to another one.");
    }
    const { name } = await store.person(me);
    await receiver.fact({
      kind: "followed",
      session: found.id,
      address,
      person: me,
      ...(name === undefined ? {} : { name }),
      receipts: [`follow:${keyOf(code)}`],
    });
    await codes.drop(code);
    log.info({ session: found.id, platform: address.platform }, "A channel follows a session");
  };
}

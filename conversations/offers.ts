import { conversationKey } from "../src/domain/address.ts";
import type { PersonId, QuestionId } from "../src/domain/ids.ts";
import { textOf } from "../src/domain/words.ts";
import { recordPart, settleWithout } from "./settling.ts";
import { type Take, takeOf } from "./take.ts";
import type { Turn } from "./turn.ts";
import { offerUse } from "./views/private.ts";

/** Words that don't count (yet): said in a thread nobody owns, or taken for talk. Kept, and used on a tap. */

/** Buttons that are done with once they were tapped: what comes of them takes the offer's place. */
const ENDS_ITS_OFFER = new Set([
  "take",
  "not_me",
  "use_as_answer",
  "confirm",
  "file_increase",
  "forget",
  "link",
  "unlink",
]);

export function endsItsOffer(action: string): boolean {
  return ENDS_ITS_OFFER.has(action);
}

export function offer(turn: Turn, take: Take, question: QuestionId, reason: "talk" | "not_owner"): void {
  turn.emit({ kind: "reply_offered", offer: offerOf(take, question, reason) });
  turn.want({
    do: "whisper",
    address: take.message.address,
    person: take.person,
    message: offerUse(turn.state, question, take.message.messageId, textOf(take.words)),
  });
}

export function offerOf(take: Take, question: QuestionId, reason: "unowned" | "talk" | "not_owner") {
  return {
    question,
    reason,
    person: take.person,
    conversation: conversationKey(take.message.address),
    message: take.message,
    platform: take.platform,
    words: take.words,
  };
}

/** Words said earlier in an unowned thread count once their author takes the module. */
export function useOffers(turn: Turn, person: PersonId, module: string): boolean {
  const mine = turn.state.offered
    .filter(
      (offered) =>
        offered.person === person &&
        offered.reason === "unowned" &&
        turn.state.questions[offered.question]?.module === module,
    )
    .sort((a, b) => a.message.sentAt - b.message.sentAt);
  for (const offered of mine) useOffer(turn, offered.message.messageId);
  return mine.length > 0;
}

/** "Use as answer": words that didn't count now do, for the question they were said under. */
export function useOffer(turn: Turn, messageId: string): boolean {
  const offered = turn.state.offered.find((one) => one.message.messageId === messageId);
  const question = offered === undefined ? undefined : turn.state.questions[offered.question];
  if (offered === undefined || question === undefined) return false;
  turn.emit({ kind: "offer_ended", messageId, used: true });
  recordPart(turn, { ...takeOf(offered), onPurpose: true }, question);
  const recorded = turn.state.questions[question.id];
  if (recorded?.status === "not_applicable") settleWithout(turn, recorded, offered.person);
  return true;
}

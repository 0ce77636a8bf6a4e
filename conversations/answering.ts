import { conversationKey } from "../src/domain/address.ts";
import type { ModuleId, PersonId, QuestionId } from "../src/domain/ids.ts";
import type { Message } from "../src/domain/message.ts";
import type { QuestionState } from "../src/domain/session.ts";
import { textOf } from "../src/domain/words.ts";
import { attribute, shownTo } from "./attribution.ts";
import { delegate, goBack, withdrawAll } from "./going-back.ts";
import { offer, offerOf } from "./offers.ts";
import { readReply } from "./reply.ts";
import { isFlatHome, lastSettledBy, mentioned, moduleAt } from "./session-queries.ts";
import { notApplicable, recordPart, skip } from "./settling.ts";
import { type Said, type Take, takeOf } from "./take.ts";
import type { Turn } from "./turn.ts";
import { offerModule, whyCard } from "./views/private.ts";
import { wording } from "./wording.ts";

/** Messages in a session's conversations: what they mean for the question they answer. */

/** A message in one of the session's conversations. */
export function takeMessage(turn: Turn, said: Said, person: PersonId): void {
  const take: Take = {
    person,
    platform: said.actor.platform,
    message: { address: said.address, messageId: said.messageId, sentAt: said.sentAt },
    words: turn.words(said.text),
    mentions: said.mentions,
  };
  const where = attribute(turn.state, person, conversationKey(said.address), said.sentAt);
  if (where.to === "in_flight") {
    if (turn.state.held.some((held) => held.message.messageId === said.messageId)) return;
    turn.emit({
      kind: "reply_held",
      person,
      message: take.message,
      platform: take.platform,
      words: take.words,
      ...(said.mentions.length === 0 ? {} : { mentions: said.mentions }),
    });
    return;
  }
  if (where.to === "nobody") takeUnasked(turn, take, said);
  else takeReply(turn, take, where.question, where.followUp);
}

/** A post landed (or failed for good): replies that waited for it are attributed, in the order they were sent. */
export function releaseHeld(turn: Turn, conversation: string): void {
  const held = turn.state.held
    .filter((reply) => reply.conversation === conversation)
    .sort((a, b) => a.message.sentAt - b.message.sentAt);
  for (const reply of held) {
    const where = attribute(turn.state, reply.person, conversation, reply.message.sentAt);
    if (where.to === "in_flight") continue;
    turn.emit({ kind: "reply_released", messageId: reply.message.messageId });
    if (where.to === "question") takeReply(turn, takeOf(reply), where.question, where.followUp);
  }
}

/** What an owner's or delegate's words mean for the question they were put. */
function takeReply(turn: Turn, take: Take, questionId: QuestionId, followUp: boolean): void {
  const question = turn.state.questions[questionId];
  if (question === undefined || turn.state.status !== "open") return;
  const meaning = readReply(textOf(take.words), take.mentions);
  switch (meaning.kind) {
    case "answer":
      recordPart(turn, take, question);
      return;
    case "skip":
      skip(turn, question, take.person);
      return;
    case "not_applicable":
      // Said to a follow-up it is about that point only: it belongs to the answer.
      if (followUp) recordPart(turn, take, question);
      else notApplicable(turn, question, take.person, meaning.reason ?? "");
      return;
    case "dont_know":
      dontKnow(turn, question, take);
      return;
    case "back":
      if (question.status === "settling") withdrawAll(turn, question);
      else if (!goBack(turn, take.person)) whisper(turn, take, wording.sentence(wording.nothingToUndo()));
      return;
    case "why":
      whisper(turn, take, whyCard(turn.state, questionId, turn.ctx.catalogue));
      return;
    case "delegate": {
      const { mention } = meaning;
      if (mention.unfit !== undefined) {
        const cant = wording.cantTakePart(mention.name ?? mention.user, mention.unfit);
        return whisper(turn, take, wording.sentence(cant));
      }
      const settled = delegate(turn, question, mentioned(take.person, mention), mention.name ?? mention.user);
      if (settled !== undefined) whisper(turn, take, wording.sentence(settled));
      return;
    }
    case "talk":
      offer(turn, take, question.id, "talk");
      return;
    case "empty":
      whisper(turn, take, wording.sentence(wording.noWordsInIt()));
      return;
  }
}

/** Somebody spoke to whom no question is put here: talk, or the first answer in a module nobody owns. */
function takeUnasked(turn: Turn, take: Take, said: Said): void {
  const flat = isFlatHome(turn.state, said.address);
  const module = flat ? shownTo(turn.state, said) : moduleAt(turn.state, said.address);
  if (module === undefined || turn.state.status !== "open") return;
  if (module.owner === take.person) return takeAfterthought(turn, take, module.id);
  if (module.owner !== undefined) return;
  const shown = module.questions.flatMap((id) => turn.state.questions[id] ?? []).find((one) => one.status === "open");
  if (shown === undefined || readReply(textOf(take.words), take.mentions).kind !== "answer") return;
  // A chat without threads is full of talk: there somebody is asked once, and again when they speak to the bot.
  const first = !turn.state.offered.some(
    (offered) =>
      offered.person === take.person &&
      (turn.state.questions[offered.question]?.module === module.id || (flat && !said.addressed)),
  );
  turn.emit({ kind: "reply_offered", offer: offerOf(take, shown.id, "unowned") });
  if (!first) return;
  turn.want({
    do: "whisper",
    address: said.address,
    person: take.person,
    message: offerModule(turn.state, module.id, take.message.messageId, turn.ctx.catalogue),
  });
}

/** An owner adds something after the module's closing card: it is kept, and counts for the last answer on a tap. */
function takeAfterthought(turn: Turn, take: Take, module: ModuleId): void {
  const last = lastSettledBy(turn.state, take.person, module);
  if (last === undefined || readReply(textOf(take.words), take.mentions).kind !== "answer") return;
  offer(turn, take, last.id, "talk");
}

function dontKnow(turn: Turn, question: QuestionState, take: Take): void {
  const asked = turn.ctx.catalogue.question(question.id);
  if (asked === undefined) return;
  whisper(turn, take, wording.dontKnow(turn.state, question, asked));
}

function whisper(turn: Turn, take: Take, message: Message): void {
  turn.want({ do: "whisper", address: take.message.address, person: take.person, message });
}

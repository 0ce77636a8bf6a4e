import { conversationKey, type MessageRef } from "../src/domain/address.ts";
import type { ModuleId, PersonId, Platform, QuestionId } from "../src/domain/ids.ts";
import type { Inbound, Mention } from "../src/domain/inbound.ts";
import type { HeldReply, ModuleState, QuestionState, SessionState } from "../src/domain/session.ts";
import type { Words } from "../src/domain/words.ts";
import { textOf } from "../src/domain/words.ts";
import { afterSettled, askNext, redrawQuestion, wantPost } from "./asking.ts";
import { followUpText, needsFollowUp } from "./follow-up.ts";
import { weakFollowUp } from "./intake.ts";
import { readChoices } from "./reading.ts";
import { readReply } from "./reply.ts";
import {
  answerText,
  assignee,
  canBeAddressed,
  isFlatHome,
  isSettled,
  lastSettledBy,
  liveParts,
  mentioned,
  moduleAt,
  openQuestionOf,
  postKeys,
  postsInConversation,
  questionPosts,
} from "./session-queries.ts";
import type { Turn } from "./turn.ts";
import { evidenceOf } from "./verdict.ts";
import { offerModule, offerUse, whyCard } from "./views/private.ts";
import { wording } from "./wording.ts";

type Said = Extract<Inbound, { kind: "message" }>;

/** A reply with its author, place and platform time, wherever it came from. */
type Take = {
  person: PersonId;
  platform: Platform;
  message: MessageRef;
  words: Words;
  mentions: Mention[];
  onPurpose?: true;
};

const FOLLOW_UPS_PER_MODULE = 2;

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

/**
 * Which question a reply answers: the newest put to its author in that conversation, by the platform's own times. While
 * such a post is in flight nobody can know; the closing card of a module ends its last answer.
 */
export function attribute(
  state: SessionState,
  person: PersonId,
  conversation: string,
  sentAt: number,
): { to: "question"; question: QuestionId; followUp: boolean } | { to: "in_flight" } | { to: "nobody" } {
  const mine = postsInConversation(state, conversation).filter((post) => {
    // Everybody's posts share a chat without threads: there only one's own count.
    if (state.flat) return post.to === person && ATTRIBUTED.has(post.kind);
    if (post.kind === "confirm") return true;
    if (post.kind !== "question" && post.kind !== "follow_up") return false;
    if (post.to === person) return true;
    const question = post.question === undefined ? undefined : state.questions[post.question];
    return (post.to ?? null) === null && question !== undefined && assignee(state, question) === person;
  });
  if (mine.some((post) => post.state === "wanted" && post.kind !== "confirm")) return { to: "in_flight" };
  const before = mine.filter((post) => post.ref !== undefined && post.ref.sentAt < sentAt);
  const newest = before.reduce<(typeof before)[number] | undefined>(
    (latest, post) => (latest === undefined || post.ref!.sentAt > latest.ref!.sentAt ? post : latest),
    undefined,
  );
  if (newest?.question === undefined) return { to: "nobody" };
  return { to: "question", question: newest.question, followUp: newest.kind === "follow_up" };
}

/** Posts that begin or end an answer. */
const ATTRIBUTED: ReadonlySet<string> = new Set(["question", "follow_up", "confirm"]);

/** In a chat without threads: whether what somebody says to the bot can be an answer there. */
export function mayAnswerHere(state: SessionState, person: PersonId, said: Said): boolean {
  if (!isFlatHome(state, said.address)) return false;
  const where = attribute(state, person, conversationKey(said.address), said.sentAt);
  return where.to !== "nobody" || shownTo(state, said) !== undefined;
}

/** The newest question on show for whoever takes its module, where the chat has no threads to tell modules apart. */
function shownTo(state: SessionState, said: Said): ModuleState | undefined {
  const shown = Object.values(state.posts).filter((post) => {
    const question = post.question === undefined ? undefined : state.questions[post.question];
    if (post.kind !== "question" || question?.status !== "open" || post.version !== question.version) return false;
    return (
      state.modules[question.module]?.owner === undefined &&
      question.delegate === undefined &&
      post.ref !== undefined &&
      post.ref.sentAt < said.sentAt
    );
  });
  const newest = shown.reduce<(typeof shown)[number] | undefined>(
    (latest, post) => (latest === undefined || post.ref!.sentAt > latest.ref!.sentAt ? post : latest),
    undefined,
  );
  return newest?.module === undefined ? undefined : state.modules[newest.module];
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

function takeOf(reply: HeldReply): Take {
  return {
    person: reply.person,
    platform: reply.platform,
    message: reply.message,
    words: reply.words,
    mentions: reply.mentions ?? [],
  };
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
      else goBack(turn, take.person);
      return;
    case "why":
      turn.want({
        do: "whisper",
        address: take.message.address,
        person: take.person,
        message: whyCard(turn.state, questionId, turn.ctx.catalogue),
      });
      return;
    case "delegate":
      delegate(turn, question, mentioned(take.person, meaning.mention), meaning.mention.name ?? meaning.mention.user);
      return;
    case "talk":
      offer(turn, take, question.id, "talk");
      return;
    case "empty":
      turn.want({
        do: "whisper",
        address: take.message.address,
        person: take.person,
        message: wording.sentence(wording.noWordsInIt()),
      });
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

function offer(turn: Turn, take: Take, question: QuestionId, reason: "talk" | "not_owner"): void {
  turn.emit({ kind: "reply_offered", offer: offerOf(take, question, reason) });
  turn.want({
    do: "whisper",
    address: take.message.address,
    person: take.person,
    message: offerUse(turn.state, question, take.message.messageId),
  });
}

function offerOf(take: Take, question: QuestionId, reason: "unowned" | "talk" | "not_owner") {
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
  return true;
}

/** Records a part of an answer, applying an edit or deletion that arrived before its message. */
export function recordPart(turn: Turn, take: Take, question: QuestionState): void {
  const { messageId, sentAt } = take.message;
  if (question.parts.some((part) => part.messageId === messageId)) return;
  const wasSettled = isSettled(question);
  turn.emit({
    kind: "answer_part_recorded",
    question: question.id,
    person: take.person,
    messageId,
    platform: take.platform,
    sentAt,
    words: take.words,
    ...(take.onPurpose === undefined ? {} : { onPurpose: take.onPurpose }),
  });
  const early = turn.state.early[messageId];
  if (early?.words === null) {
    turn.emit({ kind: "answer_part_withdrawn", question: question.id, messageId });
  } else if (early !== undefined) {
    turn.emit({
      kind: "answer_part_revised",
      question: question.id,
      messageId,
      words: early.words,
      editedAt: early.at,
    });
  }
  if (!messageId.startsWith(NOT_A_MESSAGE) && early?.words !== null) turn.want({ do: "react", message: take.message });
  if (wasSettled && question.status === "answered") settleAgain(turn, question.id, take.person);
  else waitForSilence(turn, turn.state.questions[question.id]?.askedOf ?? take.person);
}

/** Answers by form, button or command have no message: their part's id starts with this. */
export const NOT_A_MESSAGE = "form:";

function waitForSilence(turn: Turn, person: PersonId): void {
  const session = turn.state.id;
  turn.want({
    do: "timer",
    key: `settle:${session}:${person}`,
    clock: "machine",
    at: turn.ctx.machineNow + turn.ctx.settings.settleMs,
    input: { timer: "settle", session, person },
  });
}

/** Silence: the answer is complete. */
export function settleOf(turn: Turn, person: PersonId): void {
  for (const question of Object.values(turn.state.questions)) {
    if (question.status !== "settling") continue;
    const whose = question.askedOf ?? question.parts.at(-1)?.by;
    if (whose === person) settle(turn, question.id);
  }
}

/** Ends the wait for more: a follow-up where one is worth it, otherwise the next question. */
export function settle(turn: Turn, id: QuestionId): void {
  const question = turn.state.questions[id];
  if (question === undefined || question.status !== "settling" || liveParts(question).length === 0) return;
  const person = liveParts(question).at(-1)!.by;
  turn.want({ do: "cancel", key: `settle:${turn.state.id}:${question.askedOf ?? person}` });
  if (followUp(turn, question, person)) return;
  turn.emit({
    kind: "answer_settled",
    question: id,
    person,
    read: reading(turn, question),
  });
  afterSettled(turn, question);
}

/** An answer changed after it was settled: it is read again; what its owner confirmed stands only if nothing moved. */
function settleAgain(turn: Turn, id: QuestionId, person: PersonId): void {
  const question = turn.state.questions[id];
  if (question === undefined) return;
  turn.emit({
    kind: "answer_settled",
    question: id,
    person: question.settledBy ?? person,
    read: reading(turn, question),
  });
  redrawQuestion(turn, id);
  turn.redraw(postKeys.confirm(question.module));
  turn.redraw(postKeys.header);
}

function reading(turn: Turn, question: QuestionState) {
  const asked = turn.ctx.catalogue.question(question.id);
  return asked === undefined ? [] : readChoices(asked, answerText(question));
}

function followUp(turn: Turn, question: QuestionState, person: PersonId): boolean {
  const asked = turn.ctx.catalogue.question(question.id);
  const module = turn.state.modules[question.module];
  if (asked === undefined || module === undefined || question.followUp !== undefined) return false;
  if (module.followUps >= FOLLOW_UPS_PER_MODULE || question.askedOf !== person) return false;
  const sources = new Set(evidenceOf(turn.state, question.id).map((item) => item.source));
  const weak = weakFollowUp(turn.state, question);
  const { ask, missing } = needsFollowUp(asked, answerText(question), sources);
  if (!ask && weak === undefined) return false;
  const post = postKeys.followUp(question.id, question.version);
  turn.emit({
    kind: "follow_up_asked",
    question: question.id,
    text: weak?.text ?? followUpText(asked, missing),
    post,
    points: weak?.points ?? missing.map((point) => point.id),
  });
  wantPost(
    turn,
    {
      key: post,
      kind: "follow_up",
      module: question.module,
      question: question.id,
      version: question.version,
      to: person,
    },
    postKeys.module(question.module),
  );
  redrawQuestion(turn, question.id);
  return true;
}

/** `skip`: while an answer settles it only ends the wait; at a follow-up the answer stands as it is. */
export function skip(turn: Turn, question: QuestionState, person: PersonId): void {
  if (question.status === "settling") {
    settleWithout(turn, question, person);
    return;
  }
  if (isSettled(question)) return;
  if (liveParts(question).length > 0) {
    settleWithout(turn, question, person);
    return;
  }
  turn.emit({ kind: "question_skipped", question: question.id, person });
  afterSettled(turn, question);
}

/** Settles with what has been said, asking nothing more about it. */
export function settleWithout(turn: Turn, question: QuestionState, person: PersonId): void {
  turn.want({ do: "cancel", key: `settle:${turn.state.id}:${question.askedOf ?? person}` });
  turn.emit({ kind: "answer_settled", question: question.id, person, read: reading(turn, question) });
  afterSettled(turn, question);
}

export function notApplicable(turn: Turn, question: QuestionState, person: PersonId, reason: string): void {
  if (question.status === "not_applicable") return;
  turn.want({ do: "cancel", key: `settle:${turn.state.id}:${question.askedOf ?? person}` });
  turn.emit({
    kind: "question_not_applicable",
    question: question.id,
    person,
    ...(reason === "" ? {} : { reason: turn.words(reason) }),
  });
  afterSettled(turn, question);
}

function dontKnow(turn: Turn, question: QuestionState, take: Take): void {
  const asked = turn.ctx.catalogue.question(question.id);
  if (asked === undefined) return;
  turn.want({
    do: "whisper",
    address: take.message.address,
    person: take.person,
    message: wording.dontKnow(turn.state, question, asked),
  });
}

/** `back` while an answer settles: it is withdrawn, and the question stays open. */
function withdrawAll(turn: Turn, question: QuestionState): void {
  turn.want({ do: "cancel", key: `settle:${turn.state.id}:${question.askedOf ?? ""}` });
  for (const part of liveParts(question)) {
    turn.emit({ kind: "answer_part_withdrawn", question: question.id, messageId: part.messageId });
    if (!part.messageId.startsWith(NOT_A_MESSAGE)) {
      turn.want({ do: "unreact", message: refOf(turn.state, question, part.messageId, part.sentAt) });
    }
  }
  redrawQuestion(turn, question.id);
}

function refOf(state: SessionState, question: QuestionState, messageId: string, sentAt: number): MessageRef {
  const post = questionPosts(question)
    .map((key) => state.posts[key]?.ref)
    .find((ref) => ref !== undefined);
  return { address: post?.address ?? state.home, messageId, sentAt };
}

/** `back` and Undo: the open question is set aside, the one before is put anew. */
export function goBack(turn: Turn, person: PersonId, to?: QuestionId): boolean {
  const target = to === undefined ? lastSettledBy(turn.state, person) : turn.state.questions[to];
  if (target === undefined || !isSettled(target)) return false;
  const open = openQuestionOf(turn.state, person);
  if (open !== undefined) setAside(turn, open, true);
  for (const part of liveParts(target)) {
    if (!part.messageId.startsWith(NOT_A_MESSAGE)) {
      turn.want({ do: "unreact", message: refOf(turn.state, target, part.messageId, part.sentAt) });
    }
  }
  turn.emit({ kind: "answer_reopened", question: target.id, why: "undo" });
  redrawQuestion(turn, target.id);
  turn.redraw(postKeys.header);
  putAgain(turn, target.id);
  askNext(turn);
  return true;
}

/** Asks a reopened question again, before anything else of its owner. */
function putAgain(turn: Turn, id: QuestionId): void {
  const question = turn.state.questions[id];
  if (question === undefined) return;
  const person = assignee(turn.state, question);
  if (person !== null && openQuestionOf(turn.state, person) !== undefined) return;
  const version = question.version + 1;
  const post = postKeys.question(id, version);
  turn.emit({ kind: "question_asked", question: id, version, to: person, post });
  wantPost(
    turn,
    { key: post, kind: "question", module: question.module, question: id, version, to: person },
    postKeys.module(question.module),
  );
}

/** Collapses an open question to "later". `next`: it comes back right after. */
export function setAside(turn: Turn, question: QuestionState, next: boolean): void {
  turn.emit({ kind: "question_set_aside", question: question.id, ...(next ? { next: true as const } : {}) });
  redrawQuestion(turn, question.id);
}

/** A new answer by form takes the place of what was said: the old parts are withdrawn, their history stays. */
export function redoSettled(turn: Turn, question: QuestionState): void {
  if (!isSettled(question)) return;
  for (const part of liveParts(question)) {
    turn.emit({ kind: "answer_part_withdrawn", question: question.id, messageId: part.messageId });
  }
}

/** Hands one question to somebody else. The owner's next question doesn't wait for it. */
export function delegate(turn: Turn, question: QuestionState, to: PersonId, name: string): void {
  if (turn.state.people[to] === undefined) turn.emit({ kind: "person_named", person: to, name });
  turn.emit({ kind: "question_delegated", question: question.id, to });
  if (question.status === "open" || question.status === "settling") {
    const busy = openQuestionOf(turn.state, to) !== undefined || !canBeAddressed(turn.state, question, to);
    for (const key of questionPosts(question)) {
      if (turn.state.posts[key] === undefined) continue;
      turn.emit({ kind: "post_addressed", post: key, to: busy ? null : to });
      turn.redraw(key);
    }
  }
  turn.redraw(postKeys.header);
  askNext(turn);
}

/** Somebody edited a message: if it is part of an answer, the answer is revised and the history kept. */
export function takeEdit(turn: Turn, edit: Extract<Inbound, { kind: "edit" }>, person: PersonId): void {
  const question = questionWithPart(turn.state, edit.messageId);
  if (question === undefined) {
    if (mayStillCome(turn.state, edit.messageId, person)) {
      turn.emit({
        kind: "early_change_kept",
        messageId: edit.messageId,
        words: turn.words(edit.text),
        changedAt: edit.editedAt,
      });
    }
    return;
  }
  const part = question.parts.find((one) => one.messageId === edit.messageId);
  if (part === undefined || part.withdrawn || part.by !== person) return;
  if (part.editedAt !== undefined && part.editedAt >= edit.editedAt) return;
  if (part.words.text === edit.text) return;
  turn.emit({
    kind: "answer_part_revised",
    question: question.id,
    messageId: edit.messageId,
    words: turn.words(edit.text),
    editedAt: edit.editedAt,
  });
  changed(turn, question.id, person);
}

/** Somebody deleted a message: its part of an answer is withdrawn, and an answer without words is open again. */
export function takeDeletion(turn: Turn, messageId: string, person: PersonId | undefined): void {
  const question = questionWithPart(turn.state, messageId);
  if (question === undefined) {
    if (mayStillCome(turn.state, messageId, person)) {
      turn.emit({ kind: "early_change_kept", messageId, words: null, changedAt: Number.MAX_SAFE_INTEGER });
    }
    return;
  }
  if (question.parts.find((part) => part.messageId === messageId)?.withdrawn) return;
  turn.emit({ kind: "answer_part_withdrawn", question: question.id, messageId });
  changed(turn, question.id, person);
}

function changed(turn: Turn, id: QuestionId, person: PersonId | undefined): void {
  const question = turn.state.questions[id];
  if (question === undefined) return;
  if (question.status === "answered" && liveParts(question).length === 0) {
    turn.emit({ kind: "answer_reopened", question: id, why: "withdrawn" });
    redrawQuestion(turn, id);
    turn.redraw(postKeys.header);
    turn.redraw(postKeys.confirm(question.module));
    askNext(turn);
  } else if (question.status === "answered") {
    settleAgain(turn, id, question.settledBy ?? person ?? turn.state.facilitator);
  }
}

function questionWithPart(state: SessionState, messageId: string): QuestionState | undefined {
  return Object.values(state.questions).find((question) => question.parts.some((part) => part.messageId === messageId));
}

/** A change is kept for a message that may be on its way: held, offered, or from somebody who is being asked. */
function mayStillCome(state: SessionState, messageId: string, person: PersonId | undefined): boolean {
  if (state.held.some((held) => held.message.messageId === messageId)) return true;
  if (state.offered.some((offered) => offered.message.messageId === messageId)) return true;
  return (
    person === undefined || Object.values(state.questions).some((question) => assignee(state, question) === person)
  );
}

import { conversationKey } from "../src/domain/address.ts";
import { type PersonId, personId } from "../src/domain/ids.ts";
import type { Inbound } from "../src/domain/inbound.ts";
import type { QuestionState, SessionState } from "../src/domain/session.ts";
import { nameThem } from "./names.ts";
import { readOnPurpose } from "./reply.ts";
import { assignee, isSettled, moduleAt, openQuestionOf, questionsInOrder, questionsOf } from "./session-queries.ts";
import { NOT_A_MESSAGE, recordPart, settle } from "./settling.ts";
import { type Take, takeOf } from "./take.ts";
import type { Turn } from "./turn.ts";
import { chooseQuestion } from "./views/private.ts";
import { wording } from "./wording.ts";

/** "Record as answer" on somebody's message: the words stay their author's, whoever puts them down as an answer. */

type Recorded = Extract<Inbound, { kind: "record" }>;

export function record(turn: Turn, input: Recorded, person: PersonId): void {
  const { session } = turn;
  if (session.status !== "open") return turn.tell(wording.noSession(turn.ctx.settings.command));
  if (readOnPurpose(input.text).kind === "empty") return turn.tell(wording.noWordsInIt());
  const { actor, author: user, authorName } = input;
  const author = personId({ platform: actor.platform, workspace: actor.workspace, user });
  const open = openAt(session, input);
  const own = openQuestionOf(session, person);
  // Nothing is open where it was said: what is open for them elsewhere is meant only if they say so.
  const choices = open.length === 0 && own !== undefined ? [own] : open;
  const [first] = choices;
  if (first === undefined) return turn.tell(wording.nothingOpenHere());
  nameThem(turn, person, actor.name);
  nameThem(turn, author, authorName);
  const take: Take = {
    person: author,
    platform: actor.platform,
    message: { address: input.address, messageId: input.messageId, sentAt: input.sentAt },
    words: turn.words(input.text),
    mentions: input.mentions,
  };
  const meant = meantOf(session, open, person, author);
  if (meant !== undefined) return recordFor(turn, meant, take, input, person);
  if (!turn.state.offered.some((offered) => offered.message.messageId === input.messageId)) {
    const { message, platform, words } = take;
    const conversation = conversationKey(input.address);
    const offer = { question: first.id, reason: "not_owner" as const, person: author, conversation };
    turn.emit({ kind: "reply_offered", offer: { ...offer, message, platform, words } });
  }
  turn.say(chooseQuestion(turn.state, choices, take, turn.ctx.catalogue));
}

/** The questions that are open where the message stands; outside the modules' threads, all that are. */
function openAt(state: SessionState, { address }: Recorded): QuestionState[] {
  const module = moduleAt(state, address);
  const questions = module === undefined ? questionsInOrder(state) : questionsOf(state, module.id);
  return questions.filter(({ status }) => status === "open" || status === "settling");
}

/**
 * Which of the open questions is meant: the one put to whoever records, else to the author, else the one that is
 * nobody's. Where several fit as well, or none does, only a person can tell.
 */
function meantOf(
  state: SessionState,
  open: readonly QuestionState[],
  person: PersonId,
  author: PersonId,
): QuestionState | undefined {
  const waitsFor = (question: QuestionState) => (question.askedOf === null ? assignee(state, question) : undefined);
  const ranks = [
    open.filter(({ askedOf }) => askedOf === person),
    open.filter((question) => waitsFor(question) === person),
    open.filter(({ askedOf }) => askedOf === author),
    open.filter((question) => waitsFor(question) === author),
    open.filter((question) => waitsFor(question) === null),
  ];
  const fitting = ranks.find((rank) => rank.length > 0) ?? [];
  return fitting.length === 1 ? fitting[0] : undefined;
}

/** One of the questions was chosen for a message. */
export function recordChosen(
  turn: Turn,
  question: QuestionState,
  messageId: string,
  inbound: Inbound,
  person: PersonId,
): void {
  if (isSettled(question)) return turn.tell(wording.staleQuestion(question.id));
  const offered = turn.state.offered.find((one) => one.message.messageId === messageId);
  if (offered === undefined) return turn.tell(wording.offerGone());
  turn.emit({ kind: "offer_ended", messageId, used: true });
  recordFor(turn, question, takeOf(offered), inbound, person);
}

/** Recorded at once: whoever does it on purpose waits for nothing more. */
function recordFor(turn: Turn, question: QuestionState, take: Take, inbound: Inbound, person: PersonId): void {
  const { message } = take;
  const isPart = ({ parts }: QuestionState) => parts.some((part) => part.messageId === message.messageId);
  const counts = question.parts.some((part) => part.messageId === message.messageId && !part.withdrawn);
  // Its edits and deletions act on one part; what it says elsewhere is a copy.
  const copied = Object.values(turn.state.questions).some(isPart);
  const messageId = copied ? `${NOT_A_MESSAGE}${inbound.receipts[0] ?? turn.ctx.newId("t")}` : message.messageId;
  if (!counts) recordPart(turn, { ...take, message: { ...message, messageId }, onPurpose: true }, question);
  settle(turn, question.id, person);
  turn.tell(wording.recorded(question.id));
}

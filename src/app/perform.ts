import { wording } from "../../conversations/wording.ts";
import type { Effect, OutboxItem } from "../domain/effect.ts";
import { OutcomeUnknownError, RetryLaterError, TerminalError } from "../domain/errors.ts";
import type { SessionId } from "../domain/ids.ts";
import type { SessionState } from "../domain/session.ts";
import { createFollowing } from "./following.ts";
import { createImporter, importFromChat } from "./import.ts";
import { draftFix } from "./intake.ts";
import { createLetterWork } from "./letter-work.ts";
import { createLinking } from "./linking.ts";
import type { Parts } from "./parts.ts";
import { createPostWork } from "./post-work.ts";
import { createQuotaWork } from "./quota-work.ts";
import { createAnswerReading } from "./read-answer.ts";
import type { Receiver } from "./receive.ts";
import { createSending } from "./sending.ts";
import { createSessionWork } from "./session-work.ts";

/** A post of unknown outcome isn't looked up sooner: platforms' own reads lag behind their writes. */
const LOOK_UP_AFTER_MS = 5_000;
/** Tries of one item before it is settled as failed and told to a person. */
const MOST_TRIES = 25;
const LONGEST_WAIT_MS = 5 * 60_000;
/** Why something can't be done is told again when it still holds after this long. */
const TOLD_AGAIN_AFTER_MS = 10 * 60_000;

export type Perform = (item: OutboxItem) => Promise<void>;

/** Does one claimed item: its words are made from the state as it is now, and its end is committed with its claim. */
export function createPerform(parts: Parts, receiver: Receiver): Perform {
  const { store, log, machine } = parts;
  const told = new Map<string, number>();
  const sending = createSending(parts);
  const { chatOf, directAddress } = sending;
  const posts = createPostWork(parts, receiver, sending);
  const letters = createLetterWork(parts, receiver, sending);
  const sessions = createSessionWork(parts, receiver, { ...sending, redrawPost: posts.redrawPost });
  const quotas = createQuotaWork(parts, receiver);
  const readAnswer = createAnswerReading(parts, receiver);
  const importer = createImporter(parts);
  const link = createLinking(parts, receiver);
  const follow = createFollowing(parts, receiver);

  return async (item) => {
    try {
      await perform(item);
      parts.count?.(item.effect.do, "done");
    } catch (error) {
      await failed(item, error);
    }
  };

  async function perform(item: OutboxItem): Promise<void> {
    const { effect } = item;
    const settles = { id: item.id, token: item.token };
    switch (effect.do) {
      case "post":
        return posts.post(item, effect.post);
      case "update":
        return posts.update(item, effect.post);
      case "remove":
        await chatOf(effect.message.address).remove(effect.message);
        break;
      case "remove_twins":
        await sending.removeTwins(effect);
        break;
      case "react":
      case "unreact": {
        const chat = chatOf(effect.message.address);
        if (chat.abilities.reactions) await chat.react(effect.message, effect.do === "react");
        break;
      }
      case "timer":
        await receiver.fact({ kind: "timer", ...effect.input, receipts: [] }, settles);
        return;
      case "direct":
        return letters.direct(item, effect.person, effect.kind, effect.asked === true);
      case "find_channel":
        return letters.findChannel(item, effect);
      case "channel_digest":
        return letters.channelDigest(item, effect);
      case "collect":
        return sessions.collect(item, effect);
      case "quota":
        return quotas.answer(item, effect);
      case "translate_quota":
        return quotas.translate(item, effect);
      case "raise":
        return quotas.confirm(item, effect);
      case "file_increase":
        return quotas.file(item, effect);
      case "follow_increases":
        return quotas.follow(item);
      case "read_answer":
        return readAnswer(item, effect.question);
      case "draft":
        return sessions.draft(item, effect.version);
      case "file":
        await sessions.sendExport(item, effect.person, effect.format, effect.address);
        break;
      case "import":
        await importFromChat(parts, importer, effect);
        break;
      case "link":
        await link(effect);
        break;
      case "home":
        await letters.home(effect.person);
        break;
      case "tell":
        await letters.tellPerson(item, effect);
        break;
      case "follow":
        await follow(effect, item.session);
        break;
      case "read_architecture":
        return sessions.architecture(item, effect.intake);
      case "draft_fix":
        await draftFix(parts, await store.session(item.session ?? ""), effect, item.uncertain);
        break;
      case "revoke_links":
        await sessions.revokeLinks(item.session ?? "");
        break;
      case "whisper":
      case "cancel":
        break;
    }
    await store.settle(item.id, item.token);
  }

  async function failed(item: OutboxItem, error: unknown): Promise<void> {
    const back = Math.min(LONGEST_WAIT_MS, 1_000 * 2 ** Math.min(item.attempts - 1, 9));
    const uncertain = error instanceof OutcomeUnknownError;
    parts.count?.(item.effect.do, uncertain ? "unknown" : error instanceof RetryLaterError ? "later" : "failed");
    if (uncertain) {
      const { id: outbox, session, kind, lane } = item;
      log.warn({ outbox, effect: item.effect.do, session, kind, lane }, "Nobody knows whether an effect was done");
    }
    if (error instanceof TerminalError || item.attempts >= MOST_TRIES) return exhausted(item, error);
    const wait = error instanceof RetryLaterError ? error.retryAfter : uncertain ? LOOK_UP_AFTER_MS : back;
    if (!(error instanceof RetryLaterError) && !uncertain) {
      log.error({ err: error, outbox: item.id, effect: item.effect.do }, "An effect failed in a way nobody planned");
    }
    await store.retry(item.id, item.token, {
      notBefore: machine.now() + Math.max(wait, 50),
      uncertain: uncertain || item.uncertain,
      error: error instanceof Error ? error.message : String(error),
    });
  }

  /** Settled as failed, told to a person; the lane goes on. */
  async function exhausted(item: OutboxItem, error: unknown): Promise<void> {
    const reason = error instanceof Error ? error.message : String(error);
    log.warn({ err: error, outbox: item.id, effect: item.effect.do }, "An effect can't be done");
    const settles = { id: item.id, token: item.token };
    if (item.effect.do === "post" && item.session !== undefined) {
      const { post: key } = item.effect;
      await receiver.fact({ kind: "post_failed", session: item.session, post: key, reason, receipts: [] }, settles);
    } else if (item.effect.do === "channel_digest" && item.session !== undefined) {
      const { channel } = item.effect;
      await receiver.fact(
        { kind: "channel_digest_sent", session: item.session, channel, told: null, receipts: [] },
        settles,
      );
    } else {
      await store.settle(item.id, item.token);
    }
    if (item.session !== undefined && item.effect.do !== "update" && item.effect.do !== "tell")
      await tellFacilitator(item.session, item, reason);
  }

  /** One cause fails many things at once: it is told with the first of them. */
  function isToldAlready(id: SessionId, reason: string): boolean {
    const now = machine.now();
    for (const [cause, until] of told) if (until <= now) told.delete(cause);
    const cause = `${id} ${reason}`;
    if (told.has(cause)) return true;
    told.set(cause, now + TOLD_AGAIN_AFTER_MS);
    return false;
  }

  async function tellFacilitator(id: SessionId, item: OutboxItem, reason: string): Promise<void> {
    const session = await store.session(id);
    if (session === undefined) return;
    // Whoever ended a session was answered themselves; that its thread is gone matters to nobody any more.
    if (item.effect.do === "post" && session.told?.[item.effect.post]?.what === "ended") return;
    if (isToldAlready(id, reason)) return;
    const what = item.effect.do === "post" ? nameOfPost(session, item.effect.post) : nameOfEffect(item.effect);
    try {
      const address = await directAddress(session.facilitator);
      const message = wording.sentence(wording.cantDeliver(what, reason));
      await chatOf(address).post(address, message, {
        outbox: `${item.id}-failed`,
        session: id,
        kind: "note",
        version: 1,
      });
    } catch (err) {
      log.error({ err, session: id }, "The facilitator could not be told of a failure");
    }
  }
}

function nameOfEffect(effect: Effect): string {
  return effect.do === "channel_digest" ? "the digest in that channel, so it is off now" : "that";
}

function nameOfPost(session: SessionState, key: string): string {
  const post = session.posts[key];
  if (post?.question !== undefined) return `question ${post.question}`;
  if (post?.module !== undefined) return `the ${post.module} module`;
  return `the ${post?.kind ?? "card"} card`;
}

import { channelDigestBegins, channelDigestMessage, sayNoChannel } from "../../conversations/channel-digest.ts";
import { isWorkingInstant } from "../../conversations/hours.ts";
import { digestLetter, type Letter, nudgeLetter } from "../../conversations/letters.ts";
import { reachOf } from "../../conversations/nudging.ts";
import { postKeys, threadOf } from "../../conversations/session-queries.ts";
import type { ViewContext } from "../../conversations/views/parts.ts";
import { renderPost } from "../../conversations/views/render-post.ts";
import { wording } from "../../conversations/wording.ts";
import { type Address, directTo } from "../domain/address.ts";
import type { Effect, OutboxItem } from "../domain/effect.ts";
import { OutcomeUnknownError, RetryLaterError, TerminalError } from "../domain/errors.ts";
import { identityOf, type PersonId, type Platform, personId, type SessionId } from "../domain/ids.ts";
import type { Mark, Message } from "../domain/message.ts";
import { placeAt } from "../domain/place.ts";
import type { ChatAdapter, Fact } from "../domain/ports.ts";
import type { PostState, SessionState } from "../domain/session.ts";
import { createFollowing } from "./following.ts";
import { createImporter, importFromChat } from "./import.ts";
import { draftFix, readArchitecture } from "./intake.ts";
import { createLinking } from "./linking.ts";
import type { Parts } from "./parts.ts";
import { progressTo } from "./progress.ts";
import { createQuotaWork } from "./quota-work.ts";
import { createAnswerReading } from "./read-answer.ts";
import { type Receiver, whisper } from "./receive.ts";

/** A post of unknown outcome isn't looked up sooner: platforms' own reads lag behind their writes. */
const LOOK_UP_AFTER_MS = 5_000;
/** Tries of one item before it is settled as failed and told to a person. */
const MOST_TRIES = 25;
/** A card that shows how far something is says so this often. */
const PROGRESS_EVERY_MS = 2_000;
const LONGEST_WAIT_MS = 5 * 60_000;

export type Perform = (item: OutboxItem) => Promise<void>;

/** Does one claimed item: its words are made from the state as it is now, and its end is committed with its claim. */
export function createPerform(parts: Parts, receiver: Receiver): Perform {
  const { store, log, machine } = parts;
  /** How much of a summary is there, while a model writes it. */
  const drafted = new Map<SessionId, number>();
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
        return post(item, effect.post);
      case "update":
        return update(item, effect.post);
      case "remove":
        await chatOf(effect.message.address).remove(effect.message);
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
        return direct(item, effect.person, effect.kind, effect.asked === true);
      case "find_channel":
        return findChannel(item, effect);
      case "channel_digest":
        return channelDigest(item, effect);
      case "collect":
        return collect(item, effect);
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
        return draft(item, effect.version);
      case "file":
        await sendExport(item, effect.person, effect.format, effect.address);
        break;
      case "import":
        await importFromChat(parts, importer, effect);
        break;
      case "link":
        await link(effect);
        break;
      case "tell":
        await tellPerson(item, effect);
        break;
      case "follow":
        await follow(effect, item.session);
        break;
      case "read_architecture":
        return architecture(item, effect.intake);
      case "draft_fix":
        await draftFix(parts, await store.session(item.session ?? ""), effect);
        break;
      case "revoke_links":
        await revokeLinks(item.session ?? "");
        break;
      case "whisper":
      case "cancel":
        break;
    }
    await store.settle(item.id, item.token);
  }

  async function post(item: OutboxItem, key: string): Promise<void> {
    const settles = { id: item.id, token: item.token };
    const session = await store.session(item.session ?? "");
    const wanted = session?.posts[key];
    if (session === undefined || wanted === undefined || wanted.state !== "wanted") {
      await store.settle(item.id, item.token);
      return;
    }
    if (isOverdue(session, wanted)) {
      const fact = {
        kind: "post_failed",
        session: session.id,
        post: key,
        reason: "superseded",
        receipts: [],
      } satisfies Fact;
      await receiver.fact(fact, settles);
      return;
    }
    const address = placeOf(session, wanted);
    const chat = chatOf(address);
    const mark = markOf(item, session, wanted);
    // Nothing of a session is older than its header, by the platform's own time.
    const since = session.posts[postKeys.header]?.ref?.sentAt ?? 0;
    let drawn: string | undefined;
    const ping = await mayPing(wanted);
    const ref = await postOnce(chat, item, address, mark, since, async () => {
      const message = renderPost(session, wanted, await view(session, wanted), ping);
      drawn = JSON.stringify(message);
      return message;
    });
    const outcome = await receiver.fact({ kind: "posted", session: session.id, post: key, ref, receipts: [] }, settles);
    if (outcome.kind !== "lost_claim") return redrawIfOld(session.id, key, ping, drawn);
    log.warn({ outbox: item.id }, "A post's claim was lost; what was just posted is removed");
    await chat.remove(ref);
  }

  /** What happened while a post was on its way (somebody took the module, an answer came) isn't in its words yet. */
  async function redrawIfOld(id: SessionId, key: string, ping: boolean, drawn: string | undefined): Promise<void> {
    const session = await store.session(id);
    const posted = session?.posts[key];
    if (session === undefined || posted?.state !== "posted") return;
    if (drawn === JSON.stringify(renderPost(session, posted, await view(session, posted), ping))) return;
    await redrawPost(id, key);
  }

  async function redrawPost(id: SessionId, key: string): Promise<void> {
    const lane = `update:${id}:${key}`;
    const effect = { do: "update", post: key } as const;
    const row = { id: parts.newId("o"), session: id, effect, lane, key: lane, class: "idempotent" as const };
    await store.enqueue([{ ...row, due: 0, notBefore: 0 }]);
  }

  /** Every link given out so far ends; the cards that stand carry new ones. */
  async function revokeLinks(id: SessionId): Promise<void> {
    await parts.boards?.revoke(id);
    const posts = Object.values((await store.session(id))?.posts ?? {});
    const linked = posts.filter(({ kind, state }) => state === "posted" && (kind === "summary" || kind === "decision"));
    for (const post of linked) await redrawPost(id, post.key);
  }

  /** Looks an uncertain post up before sending it again, where the platform can. */
  async function postOnce(
    chat: ChatAdapter,
    item: OutboxItem,
    address: Address,
    mark: Mark,
    since: number,
    message: () => Promise<Message>,
  ) {
    if (item.uncertain && chat.abilities.lookUp && chat.find !== undefined) {
      const found = await chat.find(address, item.id, since);
      if (found !== undefined) return found;
    }
    return chat.post(address, await message(), mark);
  }

  async function update(item: OutboxItem, key: string): Promise<void> {
    const session = await store.session(item.session ?? "");
    const posted = session?.posts[key];
    if (session !== undefined && posted?.ref !== undefined) {
      parts.redrawn.set(item.lane, machine.now());
      const message = renderPost(session, posted, await view(session, posted), await mayPing(posted));
      await chatOf(posted.ref.address).update(posted.ref, message, markOf(item, session, posted));
      parts.redrawn.set(item.lane, machine.now());
    }
    await store.settle(item.id, item.token);
  }

  /** A live mention only inside the person's hours: outside them the post stands there quietly. */
  async function mayPing(wanted: PostState): Promise<boolean> {
    if (wanted.ping !== true || wanted.to == null) return false;
    const person = await store.person(wanted.to);
    return isWorkingInstant(parts.calendar.now(), reachOf(person, parts.settings.zone));
  }

  async function direct(item: OutboxItem, to: PersonId, kind: "nudge" | "digest", asked: boolean): Promise<void> {
    const settles = { id: item.id, token: item.token };
    const letter = kind === "nudge" ? await nudgeFor(to, asked) : await digestFor(to);
    if (letter === undefined) {
      // Nothing to say, or not now: the engine looks when the next time is.
      await receiver.fact({ kind: "timer", timer: "nudge", person: to, receipts: [] }, settles);
      return;
    }
    const address = letter.thread ?? (await directAddress(to));
    const chat = chatOf(address);
    const mark: Mark = { outbox: item.id, session: letter.session, kind, ...letter.mark, version: 1 };
    // An uncertain nudge that can't be looked up isn't sent again: silence is better than twice.
    const resend = !item.uncertain || chat.abilities.lookUp;
    const ref = resend ? await postOnce(chat, item, address, mark, 0, async () => letter.message) : undefined;
    const fact = { kind: "direct_sent", person: to, what: kind, ...letter.ledger, receipts: [] } satisfies Fact;
    const outcome = await receiver.fact(fact, settles);
    if (outcome.kind === "lost_claim" && ref !== undefined) await chat.remove(ref);
  }

  /** Where a digest shall go: what stands against it is said to whoever asked. */
  async function findChannel(item: OutboxItem, effect: Extract<Effect, { do: "find_channel" }>): Promise<void> {
    const settles = { id: item.id, token: item.token };
    const { person, address, name, rhythm, always } = effect;
    const session = await store.session(item.session ?? "");
    if (session === undefined) return void (await store.settle(item.id, item.token));
    const found = await chatOf(session.home).findChannel?.(session.home, name);
    if (found === undefined || "problem" in found) {
      await store.settle(item.id, item.token);
      const sentence = found?.problem ?? sayNoChannel(name, session.home.platform);
      return whisper(parts, { do: "whisper", address, person, message: wording.sentence(sentence) });
    }
    const wished = { rhythm, ...(always === undefined ? {} : { always }) };
    await receiver.fact(
      { kind: "channel_found", session: session.id, person, ...found, ...wished, receipts: [] },
      settles,
    );
  }

  /** A session's digest in a channel. Its words are made now; nothing changed: nothing is said. */
  async function channelDigest(item: OutboxItem, effect: Extract<Effect, { do: "channel_digest" }>): Promise<void> {
    const session = await store.session(item.session ?? "");
    const digest = session?.channelDigests?.[effect.channel];
    if (session === undefined || digest === undefined) return void (await store.settle(item.id, item.token));
    const seen = await viewOn(digest.address.platform, []);
    const message =
      effect.what === "begin"
        ? channelDigestBegins(session, digest, seen)
        : channelDigestMessage(session, await store.sessionEvents(session.id), digest, seen);
    const chat = chatOf(digest.address);
    // An uncertain one that can't be looked up isn't sent again: silence is better than twice.
    if (message === undefined || (item.uncertain && !chat.abilities.lookUp)) {
      await store.settle(item.id, item.token);
      return;
    }
    const mark: Mark = { outbox: item.id, session: session.id, kind: "digest", version: 1 };
    const ref = await postOnce(chat, item, digest.address, mark, 0, async () => message);
    const fact = {
      kind: "channel_digest_sent",
      session: session.id,
      channel: effect.channel,
      told: effect.what === "begin" ? digest.told : session.revision,
      receipts: [],
    } satisfies Fact;
    const outcome = await receiver.fact(fact, { id: item.id, token: item.token });
    if (outcome.kind === "lost_claim") await chat.remove(ref);
  }

  async function nudgeFor(to: PersonId, asked: boolean): Promise<Letter | undefined> {
    return nudgeLetter(await letterTo(to), asked);
  }

  async function digestFor(to: PersonId): Promise<Letter | undefined> {
    const letter = await letterTo(to);
    const ids = [to, ...(await store.identities(to)).map(personId)];
    const followed = await Promise.all(
      Object.keys(letter.person.follows ?? {}).map(async (id) => {
        const session = await store.session(id);
        const told = letter.person.digest?.lastRevision[id] ?? 0;
        if (session === undefined || (session.status !== "open" && session.revision <= told)) return [];
        return [{ session, events: await store.sessionEvents(id) }];
      }),
    );
    return digestLetter(letter, followed.flat(), ids);
  }

  /** What a letter to somebody is made from. */
  async function letterTo(to: PersonId) {
    const [person, items] = [await store.person(to), await store.openItems(to)];
    const sessions = new Map<SessionId, SessionState>();
    for (const id of new Set(items.map((item) => item.session))) {
      const session = await store.session(id);
      if (session !== undefined) sessions.set(id, session);
    }
    const view = await viewOn(identityOf(to).platform, Object.keys(person.follows ?? {}));
    return { person, items, sessions, fallbackZone: parts.settings.zone, view };
  }

  /** The direct chat on a platform that is on: the person's own, else another they are linked to. */
  async function directAddress(to: PersonId): Promise<Address> {
    const { reach } = await store.person(to);
    const ids = [identityOf(to), ...(await store.identities(to))];
    // Where they asked to be written to, as long as that is still them.
    const wished = ids.filter((id) => reach !== undefined && personId(id) === personId(reach));
    const all = [...wished, ...ids];
    const reachable = all.find((identity) => parts.chats[identity.platform] !== undefined);
    if (reachable === undefined) throw new TerminalError(`No platform that is on reaches ${to}`);
    return directTo(reachable);
  }

  async function collect(item: OutboxItem, { sources, fresh }: Extract<Effect, { do: "collect" }>): Promise<void> {
    const settles = { id: item.id, token: item.token };
    const session = await store.session(item.session ?? "");
    if (session === undefined || session.status !== "open" || parts.collector === undefined) {
      await store.settle(item.id, item.token);
      return;
    }
    const { scope, home } = session;
    const told = progressTo((report) => receiver.fact({ kind: "evidence", session: session.id, report, receipts: [] }));
    const report = await parts.collector.collect(
      {
        accounts: scope.accounts,
        regions: scope.regions,
        services: scope.services,
        hosts: scope.hosts,
        peak: scope.peak ?? 1,
        eventAt: session.eventAt,
        ...(scope.loadTarget === undefined ? {} : { loadTarget: scope.loadTarget }),
      },
      {
        place: placeAt(home),
        onProgress: told.show,
        ...(sources === undefined ? {} : { sources }),
        ...(fresh === true ? { fresh } : {}),
      },
    );
    await told.end();
    await receiver.fact({ kind: "evidence", session: session.id, report, receipts: [] }, settles);
  }

  async function architecture(item: OutboxItem, intake: string): Promise<void> {
    const settles = { id: item.id, token: item.token };
    const session = await store.session(item.session ?? "");
    const given = session?.architectures?.find((one) => one.id === intake);
    if (session === undefined || given?.reading !== "under_way") {
      await store.settle(item.id, item.token);
      return;
    }
    const reading = await readArchitecture(parts, given);
    await receiver.fact({ kind: "architecture", session: session.id, intake, reading, receipts: [] }, settles);
  }

  async function draft(item: OutboxItem, version: number): Promise<void> {
    const settles = { id: item.id, token: item.token };
    const session = await store.session(item.session ?? "");
    if (session === undefined) {
      await store.settle(item.id, item.token);
      return;
    }
    let shownAt = machine.now();
    const written = await parts.writer(session, (share) => {
      drafted.set(session.id, share);
      if (machine.now() - shownAt < PROGRESS_EVERY_MS) return;
      shownAt = machine.now();
      redrawPost(session.id, postKeys.summary(version)).catch((err: unknown) => {
        log.warn({ err, session: session.id }, "How far a summary is couldn't be shown");
      });
    });
    await receiver.fact({ kind: "draft", session: session.id, version, ...written, receipts: [] }, settles);
    drafted.delete(session.id);
  }

  async function sendExport(item: OutboxItem, to: PersonId, format: string, asked: Address): Promise<void> {
    const session = await store.session(item.session ?? "");
    if (session === undefined) return;
    const address = asked.platform === "teams" ? asked : directTo(identityOf(to));
    const file = await parts.exportSession(session, format);
    if ("problem" in file) throw new TerminalError(file.problem);
    await chatOf(address).sendFile(address, {
      name: file.name,
      mediaType: file.mediaType,
      content: new TextEncoder().encode(file.content),
      comment: `${session.name}: ${format} export.`,
    });
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

  /** Told once: what may have arrived isn't said again where nobody can look. */
  async function tellPerson(item: OutboxItem, { person, text }: Extract<Effect, { do: "tell" }>): Promise<void> {
    const address = await directAddress(person);
    const chat = chatOf(address);
    if (item.uncertain && !chat.abilities.lookUp) return;
    const mark: Mark = { outbox: item.id, session: item.session ?? "", kind: "note", version: 1 };
    await postOnce(chat, item, address, mark, 0, async () => wording.sentence(text));
  }

  async function tellFacilitator(id: SessionId, item: OutboxItem, reason: string): Promise<void> {
    const session = await store.session(id);
    if (session === undefined) return;
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

  function chatOf(address: Address): ChatAdapter {
    const chat = parts.chats[address.platform];
    if (chat === undefined) throw new TerminalError(`${address.platform} is switched off in this installation`);
    return chat;
  }

  function view(session: SessionState, post: PostState): Promise<ViewContext> {
    const board = post.kind === "summary" || post.kind === "decision" ? [session.id] : [];
    return viewOn((post.at ?? session.home).platform, board);
  }

  /** What cards on a platform are drawn with; with the ways to these sessions' boards. */
  async function viewOn(platform: Platform, boards: readonly SessionId[]): Promise<ViewContext> {
    const links = new Map(
      await Promise.all(boards.map(async (id) => [id, await parts.boards?.link(id, platform)] as const)),
    );
    return {
      now: parts.calendar.now(),
      catalogue: parts.catalogue,
      command: parts.commands[platform],
      board: (session) => links.get(session),
      drafted: (session) => drafted.get(session),
      model: parts.settings.model === true,
    };
  }
}

/** Where a post goes: cards at the top level, questions in their module's thread, the Scope under the header. */
export function placeOf(session: SessionState, post: PostState): Address {
  if (post.at !== undefined) return post.at;
  const root =
    post.kind === "scope" || (post.kind === "note" && post.module === undefined)
      ? postKeys.header
      : post.kind === "note" ||
          post.kind === "question" ||
          post.kind === "follow_up" ||
          post.kind === "confirm" ||
          post.kind === "evidence"
        ? postKeys.module(post.module ?? "")
        : undefined;
  if (root === undefined) return session.home;
  return threadOf(session, root) ?? session.home;
}

/** A question that was answered (or asked anew) before its post went out needs none. */
function isOverdue(session: SessionState, post: PostState): boolean {
  if (session.status !== "open" && post.kind !== "summary") return true;
  if ((post.kind !== "question" && post.kind !== "follow_up") || post.question === undefined) return false;
  const question = session.questions[post.question];
  return question === undefined || question.version !== post.version || question.status !== "open";
}

function markOf(item: OutboxItem, session: SessionState, post: PostState): Mark {
  return {
    outbox: item.id,
    session: session.id,
    kind: post.kind,
    ...(post.module === undefined ? {} : { module: post.module }),
    ...(post.question === undefined ? {} : { question: post.question }),
    version: post.version,
  };
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

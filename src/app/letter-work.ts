import { channelDigestBegins, channelDigestMessage, sayNoChannel } from "../../conversations/channel-digest.ts";
import { digestLetter, type Letter, nudgeLetter } from "../../conversations/letters.ts";
import { wording } from "../../conversations/wording.ts";
import type { Effect, OutboxItem } from "../domain/effect.ts";
import { identityOf, type PersonId, personId, type SessionId } from "../domain/ids.ts";
import type { Mark } from "../domain/message.ts";
import type { Fact } from "../domain/ports.ts";
import type { SessionState } from "../domain/session.ts";
import type { Parts } from "./parts.ts";
import { type Receiver, whisper } from "./receive.ts";
import type { Sending } from "./sending.ts";

/** What goes to people and channels unprompted: nudges, digests, and a sentence to one person. */
export function createLetterWork(parts: Parts, receiver: Receiver, sending: Sending) {
  const { store } = parts;
  const { chatOf, postOnce, directAddress, viewOn } = sending;

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

  /** Told once: what may have arrived isn't said again where nobody can look. */
  async function tellPerson(item: OutboxItem, { person, text }: Extract<Effect, { do: "tell" }>): Promise<void> {
    const address = await directAddress(person);
    const chat = chatOf(address);
    if (item.uncertain && !chat.abilities.lookUp) return;
    const mark: Mark = { outbox: item.id, session: item.session ?? "", kind: "note", version: 1 };
    await postOnce(chat, item, address, mark, 0, async () => wording.sentence(text));
  }

  /** Somebody's home view, as of now. */
  async function home(person: PersonId): Promise<void> {
    const outcome = await receiver.fact({ kind: "home_due", person, receipts: [] });
    const reply = "reply" in outcome ? outcome.reply : undefined;
    if (reply?.kind === "message") await parts.chats[identityOf(person).platform]?.home?.(person, reply.message);
  }

  return { direct, findChannel, channelDigest, home, tellPerson };
}

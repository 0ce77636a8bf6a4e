import { isWorkingInstant } from "../../conversations/hours.ts";
import { reachOf } from "../../conversations/nudging.ts";
import { isOverdue, postKeys, threadOf } from "../../conversations/session-queries.ts";
import type { ViewContext } from "../../conversations/views/parts.ts";
import { renderPost } from "../../conversations/views/render-post.ts";
import type { Address } from "../domain/address.ts";
import type { OutboxItem } from "../domain/effect.ts";
import { GoneError } from "../domain/errors.ts";
import type { SessionId } from "../domain/ids.ts";
import type { Mark } from "../domain/message.ts";
import type { Fact } from "../domain/ports.ts";
import type { PostState, SessionState } from "../domain/session.ts";
import type { Parts } from "./parts.ts";
import type { Receiver } from "./receive.ts";
import type { Sending } from "./sending.ts";

/** A session's posts: put up once, kept up to date in place. Words are made from the state at the moment of sending. */
export function createPostWork(parts: Parts, receiver: Receiver, { chatOf, postOnce, viewOn }: Sending) {
  const { store, log, machine } = parts;

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

  async function update(item: OutboxItem, key: string): Promise<void> {
    const session = await store.session(item.session ?? "");
    const posted = session?.posts[key];
    if (session !== undefined && posted?.ref !== undefined) {
      parts.redrawn.set(item.lane, machine.now());
      const message = renderPost(session, posted, await view(session, posted), await mayPing(posted));
      try {
        await chatOf(posted.ref.address).update(posted.ref, message, markOf(item, session, posted));
      } catch (error) {
        if (!(error instanceof GoneError)) throw error;
        const gone = { kind: "post_gone", session: session.id, post: key, receipts: [] } satisfies Fact;
        await receiver.fact(gone, { id: item.id, token: item.token });
        return;
      }
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

  function view(session: SessionState, post: PostState): Promise<ViewContext> {
    const board = post.kind === "summary" || post.kind === "decision" ? [session.id] : [];
    return viewOn((post.at ?? session.home).platform, board);
  }

  return { post, update, redrawPost };
}

/** Where a post goes: cards at the top level, questions in their module's thread, the Scope under the header. */
function placeOf(session: SessionState, post: PostState): Address {
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

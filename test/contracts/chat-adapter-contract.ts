import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Address, MessageRef } from "../../src/domain/address.ts";
import { OutcomeUnknownError, RetryLaterError, TerminalError } from "../../src/domain/errors.ts";
import type { PersonId } from "../../src/domain/ids.ts";
import type { Mark, Message } from "../../src/domain/message.ts";
import type { ChatAdapter } from "../../src/domain/ports.ts";

/** A post as it stands on the platform now. */
export type Standing = {
  messageId: string;
  thread?: string;
  /** Everything it says, markup and all. */
  words: string;
  /** As it travels with the post. */
  mark: Record<string, unknown> | undefined;
  /** Who or what it would notify: live mentions, as platform ids. */
  pings: string[];
  /** Addresses of live links. */
  links: string[];
};

/** How the next sending call goes wrong. */
export type ChatFault =
  /** 429 or its like, with a wait. */
  | "busy"
  /** The connection breaks, and nothing was done. */
  | "lost_before"
  /** The connection breaks, and it was done. */
  | "lost_after";

/** A platform's stand-in, as the contract sees it. */
export type ChatStage = {
  adapter: ChatAdapter;
  /** A conversation's top level, where the bot may speak. */
  channel: Address;
  /** A place that doesn't exist. */
  nowhere: Address;
  /** Somebody in that channel, and their id on the platform. */
  person: PersonId;
  user: string;
  standing(address: Address): Standing[];
  /** What only that person sees. Absent where the platform has nothing private. */
  private?(user: string): string[];
  reactions(ref: MessageRef): string[];
  /** Somebody says something. */
  said(address: Address, text: string): Promise<MessageRef>;
  fault(fault: ChatFault): void;
  close(): Promise<void>;
};

let count = 0;

export function markFor(kind: Mark["kind"] = "question"): Mark {
  count += 1;
  return { outbox: `o-${count}`, session: "s-1", kind, module: "resilience", question: "R2", version: 3 };
}

export function saying(text: string, ...more: Message["blocks"]): Message {
  return { summary: text, blocks: [{ kind: "text", text: [text] }, ...more] };
}

const HOSTILE =
  "<!channel> <!here> <@U2> <@U2|x> <https://evil.example|click> [click](https://evil.example) <at>everyone</at> <b>& \"'";

/** Every chat platform keeps these promises; see {@link ChatAdapter}. */
export function chatAdapterContract(name: string, open: () => Promise<ChatStage>): void {
  describe(`${name} keeps the chat adapter's contract`, () => {
    let stage: ChatStage;
    beforeAll(async () => {
      stage = await open();
    });
    afterAll(() => stage.close());

    const find = (ref: MessageRef) => stage.standing(ref.address).find((one) => one.messageId === ref.messageId);
    const withWords = (words: string) => stage.standing(stage.channel).filter((one) => one.words.includes(words));

    it("a post carries its mark, and its reference leads to it", async () => {
      const mark = markFor();
      const ref = await stage.adapter.post(stage.channel, saying("Is there a single point of failure?"), mark);
      expect(find(ref)?.words).toContain("Is there a single point of failure?");
      expect(find(ref)?.mark).toMatchObject(mark);
      expect(ref.sentAt).toBeGreaterThan(Date.now() - 60_000);
    });

    it("a post to a thread stands in that thread", async () => {
      const root = await stage.adapter.post(stage.channel, saying("root of a thread"), markFor("module"));
      const thread = { ...root.address, thread: root.address.thread ?? root.messageId };
      const reply = await stage.adapter.post(thread, saying("in the thread"), markFor());
      expect(find(reply)?.thread).toBe(thread.thread);
    });

    it("updating twice leaves one post with the last words and its mark", async () => {
      const mark = markFor("header");
      const ref = await stage.adapter.post(stage.channel, saying("first words 81"), mark);
      await stage.adapter.update(ref, saying("last words 81"), mark);
      await stage.adapter.update(ref, saying("last words 81"), mark);
      expect(withWords("first words 81")).toHaveLength(0);
      expect(withWords("last words 81")).toHaveLength(1);
      expect(find(ref)?.mark).toMatchObject(mark);
    });

    it("removing twice is no error", async () => {
      const ref = await stage.adapter.post(stage.channel, saying("to be removed"), markFor());
      await stage.adapter.remove(ref);
      await stage.adapter.remove(ref);
      expect(find(ref)).toBeUndefined();
    });

    it("reacting twice is one receipt, taking it back twice is none", async () => {
      if (!stage.adapter.abilities.reactions) return;
      const ref = await stage.said(stage.channel, "two AZs, tested in May");
      await stage.adapter.react(ref, true);
      await stage.adapter.react(ref, true);
      expect(stage.reactions(ref)).toHaveLength(1);
      await stage.adapter.react(ref, false);
      await stage.adapter.react(ref, false);
      expect(stage.reactions(ref)).toHaveLength(0);
    });

    it("a whisper reaches one person, and stands nowhere", async () => {
      if (stage.private === undefined) return;
      const before = stage.standing(stage.channel).length;
      await stage.adapter.whisper(stage.channel, stage.person, saying("only for you 17"));
      expect(stage.private(stage.user).some((words) => words.includes("only for you 17"))).toBe(true);
      expect(stage.standing(stage.channel)).toHaveLength(before);
    });

    it("a place that doesn't exist is the end of it, with a sentence for people", async () => {
      const posting = stage.adapter.post(stage.nowhere, saying("anybody?"), markFor());
      await expect(posting).rejects.toBeInstanceOf(TerminalError);
      await expect(posting).rejects.toThrow(/\w+ .+\./);
    });

    it("a busy platform says when to come back, and nothing was posted", async () => {
      stage.fault("busy");
      const error = await stage.adapter.post(stage.channel, saying("busy 5"), markFor()).catch((reason) => reason);
      expect(error).toBeInstanceOf(RetryLaterError);
      expect(error.retryAfter).toBeGreaterThan(0);
      expect(withWords("busy 5")).toHaveLength(0);
      await new Promise((resolve) => setTimeout(resolve, error.retryAfter + 50));
    });

    it.each(["lost_before", "lost_after"] as const)(
      "a broken connection (%s) is unknown, never sent twice",
      async (fault) => {
        const mark = markFor();
        const words = `broken ${fault}`;
        const since = Date.now() - 5_000;
        stage.fault(fault);
        const posting = stage.adapter.post(stage.channel, saying(words), mark);
        await expect(posting).rejects.toBeInstanceOf(OutcomeUnknownError);
        expect(withWords(words)).toHaveLength(fault === "lost_after" ? 1 : 0);
        if (!stage.adapter.abilities.lookUp) return;
        const found = await stage.adapter.find?.(stage.channel, mark.outbox, since);
        expect(found?.messageId).toBe(withWords(words)[0]?.messageId);
      },
    );

    it("a send that came through late is found beside the one that counts", async () => {
      if (stage.adapter.twins === undefined) return;
      const mark = markFor();
      const root = await stage.adapter.post(stage.channel, saying("root of twins"), markFor("module"));
      const thread = { ...root.address, thread: root.address.thread ?? root.messageId };
      for (const place of [stage.channel, thread]) {
        await stage.adapter.post(place, saying("another's"), markFor());
        const late = await stage.adapter.post(place, saying("sent, it seemed in vain"), mark);
        const kept = await stage.adapter.post(place, saying("sent again"), mark);
        expect((await stage.adapter.twins(kept, mark.outbox)).map(({ messageId }) => messageId)).toEqual([
          late.messageId,
        ]);
        for (const ref of [late, kept]) await stage.adapter.remove(ref);
        expect(await stage.adapter.twins(kept, mark.outbox)).toEqual([]);
      }
    });

    it("a long text is split or put in a file, and no word of it is lost", async () => {
      const words = Array.from({ length: 4_000 }, (_, index) => `word${index}`);
      const ref = await stage.adapter.post(
        stage.channel,
        saying("long", { kind: "text", text: [words.join(" ")] }),
        markFor(),
      );
      const all = stage
        .standing(stage.channel)
        .map((one) => one.words)
        .join(" ");
      expect(words.filter((word) => !all.includes(word))).toEqual([]);
      expect(find(ref)).toBeDefined();
    });

    it("words of people stay words: no mention, no link", async () => {
      const ref = await stage.adapter.post(
        stage.channel,
        {
          summary: HOSTILE,
          blocks: [
            { kind: "heading", text: HOSTILE },
            {
              kind: "text",
              text: [HOSTILE, { quote: HOSTILE }, { strong: HOSTILE }, { soft: HOSTILE }, { code: HOSTILE }],
            },
            { kind: "context", text: [{ quote: HOSTILE }] },
            { kind: "list", items: [[{ quote: HOSTILE }]] },
            { kind: "facts", facts: [{ label: HOSTILE, value: [{ quote: HOSTILE }] }] },
            { kind: "table", caption: HOSTILE, columns: [HOSTILE, "b"], rows: [[HOSTILE, HOSTILE]] },
          ],
        },
        markFor("note"),
      );
      expect(find(ref)?.pings).toEqual([]);
      expect(find(ref)?.links).toEqual([]);
    });

    it("a name is only a name; a ping reaches exactly the one who must act", async () => {
      const name = { person: stage.person, name: "Priya" };
      const quiet = await stage.adapter.post(
        stage.channel,
        { summary: "q", blocks: [{ kind: "text", text: [name] }] },
        markFor(),
      );
      expect(find(quiet)?.pings).toEqual([]);
      expect(find(quiet)?.words).toContain("Priya");
      const loud = { summary: "l", blocks: [{ kind: "text" as const, text: [{ ...name, ping: true }] }] };
      const ref = await stage.adapter.post(stage.channel, loud, markFor());
      expect(find(ref)?.pings).toEqual([stage.user]);
    });

    it("what was said while we were away is read, oldest first, word for word", async () => {
      if (!stage.adapter.abilities.history) return;
      const root = await stage.adapter.post(stage.channel, saying("history's root"), markFor("module"));
      const thread = { ...root.address, thread: root.address.thread ?? root.messageId };
      const first = await stage.said(thread, "a < b && c > d");
      const second = await stage.said(thread, "and a second line\nwith a break");
      const read = (await stage.adapter.history?.(thread, root.sentAt)) ?? [];
      const said = read.filter((one) => one.kind === "message");
      expect(said.map((one) => one.messageId)).toEqual([first.messageId, second.messageId]);
      expect(said.map((one) => one.text)).toEqual(["a < b && c > d", "and a second line\nwith a break"]);
      const later = (await stage.adapter.history?.(thread, second.sentAt)) ?? [];
      expect(later.map((one) => (one.kind === "message" ? one.messageId : one.kind))).toEqual([second.messageId]);
    });
  });
}

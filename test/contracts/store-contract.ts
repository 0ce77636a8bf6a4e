import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { personId } from "../../src/domain/ids.ts";
import type { Decision, Loaded, Machine, Store, StoreModel, Target, WebMessage } from "../../src/domain/ports.ts";
import {
  AT,
  answered,
  asked,
  closed,
  decision,
  foldOf,
  HOME,
  PRIYA,
  SAM,
  settled,
  started,
  threadWanted,
  tinyModel,
  wish,
} from "../src/store/tiny-model.ts";
import { outboxContract } from "./outbox-contract.ts";

export type OpenedStore = {
  store: Store;
  /** What a new process finds after this one was killed at this instant. The old store isn't used again. */
  crash(model?: StoreModel): Promise<Store>;
  /** Closes whatever is open and removes it. */
  end(): Promise<void>;
};

export type OpenForContract = (options: { model: StoreModel; machine: Machine }) => Promise<OpenedStore>;

/** What every store must keep. `open` gives an empty one. */
export function storeContract(name: string, open: OpenForContract): void {
  describe(`${name} keeps the store contract`, () => {
    let opened: OpenedStore;
    let store: Store;
    const machine = { time: 1_000_000, now: () => machine.time };
    let receipts = 0;

    beforeEach(async () => {
      machine.time = 1_000_000;
      opened = await open({ model: tinyModel, machine });
      store = opened.store;
    });
    afterEach(() => opened.end());

    /** A delivery of its own, with what it decides. */
    function deliver(what: Partial<Decision> | ((loaded: Loaded) => Partial<Decision>), target: Target = {}) {
      receipts += 1;
      return store.transition({ receipts: [`receipt-${receipts}`], target }, (loaded) =>
        decision(typeof what === "function" ? what(loaded) : what),
      );
    }
    const start = (id: string, more: Partial<Decision> = {}) =>
      deliver({ sessionId: id, sessionEvents: [started(id), asked("R1", SAM)], ...more });
    async function loadedBy(target: Target): Promise<Loaded> {
      let seen: Loaded | undefined;
      await deliver((loaded) => {
        seen = loaded;
        return {};
      }, target);
      if (!seen) throw new Error("decide was not called");
      return seen;
    }
    const words = async (id: string) =>
      (await store.session(id))?.questions.R1?.parts.map((part) => part.words.text) ?? [];

    describe("deliveries", () => {
      it("changes nothing on a repeat, and says so", async () => {
        await start("s-1");
        const answer = () => decision({ sessionEvents: [answered("R1", SAM, "two AZs", "m1")], outbox: [wish("o-1")] });
        const request = { receipts: ["m1"], target: { session: "s-1" } };
        expect(await store.transition(request, answer)).toEqual({ kind: "committed" });
        expect(await store.transition(request, answer)).toEqual({ kind: "duplicate" });
        expect(await words("s-1")).toEqual(["two AZs"]);
        expect(await store.counts(0)).toMatchObject({ due: 1 });
      });

      it("knows a repeat by any one of several receipts", async () => {
        await store.transition({ receipts: ["message", "mention"], target: {} }, () => decision());
        for (const receipts of [["mention"], ["message"], ["other", "mention"]]) {
          expect(await store.transition({ receipts, target: {} }, () => decision())).toEqual({ kind: "duplicate" });
        }
        expect(await store.transition({ receipts: ["other"], target: {} }, () => decision())).toMatchObject({
          kind: "committed",
        });
      });

      it("knows a repeat a day later", async () => {
        const request = { receipts: ["m1"], target: {} };
        await store.transition(request, () => decision());
        for (let hour = 0; hour < 25; hour++) {
          machine.time += 3_600_000;
          expect(await store.transition(request, () => decision())).toEqual({ kind: "duplicate" });
        }
      });

      it("sees the repeat within the same group of requests", async () => {
        const request = { receipts: ["m1"], target: {} };
        const outcomes = await Promise.all([1, 2, 3].map(() => store.transition(request, () => decision())));
        expect(outcomes.map(({ kind }) => kind)).toEqual(["committed", "duplicate", "duplicate"]);
      });

      it("keeps the receipt of what was ignored", async () => {
        const ignored = () => decision({ outcome: { kind: "ignored", reason: "talk" } });
        expect(await store.transition({ receipts: ["talk"], target: {} }, ignored)).toEqual({
          kind: "ignored",
          reason: "talk",
        });
        expect(await store.transition({ receipts: ["talk"], target: {} }, ignored)).toEqual({ kind: "duplicate" });
      });

      it("takes down nobody else when one of a group throws, and takes that one again later", async () => {
        await start("s-1");
        const add = (id: string, fails = false) =>
          store.transition({ receipts: [id], target: { session: "s-1" } }, () => {
            if (fails) throw new Error("no");
            return decision({ sessionEvents: [answered("R1", SAM, id, id)], outbox: [wish(id)] });
          });
        const results = await Promise.allSettled([add("a"), add("b", true), add("c")]);
        expect(results.map(({ status }) => status)).toEqual(["fulfilled", "rejected", "fulfilled"]);
        expect(await words("s-1")).toEqual(["a", "c"]);
        expect(await add("b")).toEqual({ kind: "committed" });
        expect(await words("s-1")).toEqual(["a", "c", "b"]);
      });

      it("undoes what one wrote before the store refused it", async () => {
        await start("s-1");
        const broken = store.transition({ receipts: ["x"], target: { session: "s-1" } }, () =>
          decision({
            sessionEvents: [answered("R1", SAM, "lost", "m1")],
            personEvents: [{ kind: "person_met", at: AT }],
            outbox: [wish("o-x")],
          }),
        );
        const sound = deliver({ sessionEvents: [answered("R1", SAM, "kept", "m2")] }, { session: "s-1" });
        await expect(broken).rejects.toThrow("person");
        await sound;
        expect(await words("s-1")).toEqual(["kept"]);
        expect(await store.counts(0)).toMatchObject({ waiting: 0 });
      });

      it("has everything acknowledged after a crash, and nothing else", async () => {
        await start("s-1");
        await Promise.all(
          Array.from({ length: 30 }, (_, i) =>
            store
              .transition({ receipts: [`m${i}`], target: { session: "s-1" } }, () => {
                if (i % 7 === 3) throw new Error("no");
                return decision({
                  sessionEvents: [answered("R1", SAM, `part ${i}`, `m${i}`)],
                  outbox: [wish(`o${i}`)],
                });
              })
              .catch(() => {}),
          ),
        );
        const before = { session: await store.session("s-1"), counts: await store.counts(0) };
        store = await opened.crash();
        expect(await store.session("s-1")).toEqual(before.session);
        expect(await store.counts(0)).toEqual(before.counts);
        expect(await store.transition({ receipts: ["m1"], target: {} }, () => decision())).toEqual({
          kind: "duplicate",
        });
        expect(before.counts.waiting).toBe(26);
      });
    });

    describe("state", () => {
      it("equals the fold of the stored events, held in memory or read again", async () => {
        await start("s-1");
        await deliver(
          { sessionEvents: [answered("R1", SAM, "two AZs", "m1"), settled("R1", SAM)] },
          { session: "s-1" },
        );
        await deliver({ sessionEvents: [asked("R2", SAM)] }, { session: "s-1" });
        const held = await store.session("s-1");
        expect(held).toEqual(foldOf(await store.sessionEvents("s-1")));
        expect(held?.revision).toBe(5);
        store = await opened.crash();
        expect(await store.session("s-1")).toEqual(held);
      });

      it("shows each of a group the state that the one before left", async () => {
        await start("s-1");
        const seen: number[] = [];
        await Promise.all(
          [1, 2, 3].map((n) =>
            deliver(
              ({ session }) => {
                seen.push(session.status === "none" ? 0 : session.revision);
                return { sessionEvents: [answered("R1", SAM, `${n}`, `m${n}`)] };
              },
              { session: "s-1" },
            ),
          ),
        );
        expect(seen).toEqual([2, 3, 4]);
      });

      it("keeps persons, by the events of their target", async () => {
        await deliver({ personEvents: [{ kind: "person_met", name: "Sam", at: AT }] }, { person: SAM });
        await deliver({ personEvents: [{ kind: "zone_set", zone: "Asia/Kolkata", at: AT }] }, { person: SAM });
        const sam = { id: SAM, name: "Sam", zone: "Asia/Kolkata", revision: 2 };
        expect(await store.person(SAM)).toMatchObject(sam);
        expect((await loadedBy({ person: SAM })).person).toMatchObject(sam);
        store = await opened.crash();
        expect(await store.person(SAM)).toMatchObject(sam);
        expect(await store.person(PRIYA)).toMatchObject({ id: PRIYA, revision: 0 });
      });

      it("starts a session beside the one it loaded when the decision names another", async () => {
        await start("s-1");
        await deliver({ sessionId: "s-2", sessionEvents: [started("s-2")] }, { session: "s-1" });
        expect((await store.session("s-1"))?.revision).toBe(2);
        expect((await store.session("s-2"))?.revision).toBe(1);
      });

      it("refuses an event of a version that this build doesn't know, in words", async () => {
        store = await opened.crash({ ...tinyModel, eventVersion: 2 });
        await start("s-1");
        store = await opened.crash(tinyModel);
        await expect(store.session("s-1")).rejects.toThrow("version 2");
      });
    });

    describe("words", () => {
      const forgetful = () =>
        deliver({ sessionEvents: [{ kind: "session_forgotten", at: AT }], forget: "s-1" }, { session: "s-1" });

      it("come back with their text", async () => {
        await start("s-1");
        const text = 'two AZs, "tested"\n{"words":"t-m1"} 🟢 \u202eabc';
        await deliver({ sessionEvents: [answered("R1", SAM, text, "m1")] }, { session: "s-1" });
        store = await opened.crash();
        expect(await words("s-1")).toEqual([text]);
      });

      it("are gone once forgotten, while who and when stay", async () => {
        await start("s-1");
        await deliver({ sessionEvents: [answered("R1", SAM, "secret plan", "m1")] }, { session: "s-1" });
        await start("s-2");
        await deliver({ sessionEvents: [answered("R1", SAM, "other session", "m2")] }, { session: "s-2" });
        await forgetful();
        for (const next of [store, await opened.crash()]) {
          store = next;
          expect(await words("s-1")).toEqual([null]);
          expect((await store.session("s-1"))?.questions.R1?.parts[0]).toMatchObject({ by: SAM, messageId: "m1" });
          expect(JSON.stringify(await store.sessionEvents("s-1"))).not.toContain("secret plan");
          expect(await words("s-2")).toEqual(["other session"]);
        }
      });

      it("stay forgotten when an event repeats them, and new ones are kept", async () => {
        await start("s-1");
        await deliver({ sessionEvents: [answered("R1", SAM, "old", "m1")] }, { session: "s-1" });
        await forgetful();
        await deliver(
          ({ session }) => {
            const part = session.status === "none" ? undefined : session.questions.R1?.parts[0];
            if (!part) throw new Error("the part is gone");
            return {
              sessionEvents: [
                { kind: "note_added", at: AT, person: SAM, words: part.words },
                answered("R1", SAM, "new", "m2"),
              ],
            };
          },
          { session: "s-1" },
        );
        store = await opened.crash();
        expect((await store.session("s-1"))?.notes[0]?.words.text).toBeNull();
        expect(await words("s-1")).toEqual([null, "new"]);
      });
    });

    describe("finding the session", () => {
      const other = { ...HOME, channel: "payments" };

      it("goes by session, then thread, then the channel's open one", async () => {
        await start("s-1", { sessionEvents: [started("s-1"), threadWanted("t1")] });
        await start("s-2", { sessionEvents: [started("s-2", { home: other }), threadWanted("t2", other)] });
        const found = async (target: Target) => {
          const { session } = await loadedBy(target);
          return session.status === "none" ? undefined : session.id;
        };
        const t1 = "web:local:checkout#t1";
        expect(await found({ session: "s-2", conversation: t1 })).toBe("s-2");
        expect(await found({ session: "s-9", conversation: t1, channel: "web:local:payments" })).toBe("s-1");
        expect(await found({ conversation: "web:local:checkout#t9", channel: "web:local:payments" })).toBe("s-2");
        expect(await found({ conversation: "web:local:checkout#t9" })).toBeUndefined();
        expect(await found({})).toBeUndefined();
      });

      it("finds a closed session by its thread but not by its channel, and says what was held there", async () => {
        await start("s-1", { sessionEvents: [started("s-1"), threadWanted("t1"), closed()] });
        expect((await loadedBy({ conversation: "web:local:checkout#t1" })).session).toMatchObject({ status: "closed" });
        const { session, candidates } = await loadedBy({ channel: "web:local:checkout" });
        expect(session).toEqual({ status: "none" });
        expect(candidates.map(({ id, status }) => [id, status])).toEqual([["s-1", "closed"]]);
      });

      it("finds the channel's newest ended session for what is asked about the past, the open one first", async () => {
        await start("s-1", { sessionEvents: [started("s-1"), closed()] });
        await start("s-2", { sessionEvents: [started("s-2"), closed()] });
        await start("s-3", { sessionEvents: [started("s-3", { home: other }), closed()] });
        const here = { channel: "web:local:checkout", ended: true } as const;
        expect(await loadedBy(here)).toMatchObject({ session: { id: "s-2", status: "closed" }, candidates: [] });
        expect((await loadedBy({ ...here, channel: "web:local:nowhere" })).session).toEqual({ status: "none" });
        await start("s-4");
        expect((await loadedBy(here)).session).toMatchObject({ id: "s-4", status: "open" });
      });

      it("finds a person's newest ended session in a direct chat where they are in no open one", async () => {
        await start("s-1", { sessionEvents: [started("s-1"), asked("R1", SAM), closed()] });
        await start("s-2", { sessionEvents: [started("s-2", { home: other }), asked("R1", SAM), closed()] });
        const sam = { direct: true, person: SAM } as const;
        expect((await loadedBy(sam)).session).toEqual({ status: "none" });
        expect((await loadedBy({ ...sam, ended: true })).session).toMatchObject({ id: "s-2", status: "closed" });
        expect((await loadedBy({ ...sam, person: "web:local:nobody", ended: true })).session.status).toBe("none");
        await start("s-3");
        await start("s-4", { sessionEvents: [started("s-4", { home: other }), asked("R1", SAM)] });
        const { session, candidates } = await loadedBy({ ...sam, ended: true });
        expect(session.status).toBe("none");
        expect(candidates.map(({ id }) => id)).toEqual(["s-3", "s-4"]);
      });

      it("prefers the open session where a chat without threads served two", async () => {
        const chat = "web:local:checkout";
        const wanted = {
          kind: "post_wanted",
          at: AT,
          post: { key: "x", kind: "module", version: 1, conversation: chat },
        } as const;
        await start("s-1", { sessionEvents: [started("s-1"), wanted, closed()] });
        expect((await loadedBy({ conversation: chat })).session).toMatchObject({ id: "s-1" });
        await start("s-2", { sessionEvents: [started("s-2"), wanted] });
        expect((await loadedBy({ conversation: chat })).session).toMatchObject({ id: "s-2" });
      });

      it("takes a person's only open session in a direct chat, and offers several", async () => {
        await start("s-1");
        await start("s-2", { sessionEvents: [started("s-2", { home: other }), asked("R1", SAM)] });
        await start("s-3", { sessionEvents: [started("s-3", { facilitator: SAM }), closed()] });
        await deliver({ sessionEvents: [closed()] }, { session: "s-2" });
        expect((await loadedBy({ direct: true, person: SAM })).session).toMatchObject({ id: "s-1" });
        await start("s-4", { sessionEvents: [started("s-4", { home: other, facilitator: SAM })] });
        const { session, candidates } = await loadedBy({ direct: true, person: SAM });
        expect(session.status).toBe("none");
        expect(candidates.map(({ id }) => id)).toEqual(["s-1", "s-4"]);
        expect((await loadedBy({ direct: true, person: "web:local:nobody" })).candidates).toEqual([]);
      });
    });

    describe("lists", () => {
      it("list sessions, all or open, as they are now", async () => {
        await start("s-1");
        await start("s-2");
        await deliver(
          { sessionEvents: [{ kind: "session_edited", at: AT, name: "Cyber Monday" }] },
          { session: "s-1" },
        );
        await deliver({ sessionEvents: [closed()] }, { session: "s-2" });
        expect((await store.sessions()).map(({ id, name, status }) => [id, name, status])).toEqual([
          ["s-1", "Cyber Monday", "open"],
          ["s-2", "Black Friday", "closed"],
        ]);
        expect(await store.sessions({ status: "open" })).toHaveLength(1);
      });

      it("keep what waits for whom, over all sessions, and drop what was done", async () => {
        await start("s-1");
        await start("s-2");
        await deliver({ sessionEvents: [asked("R2", PRIYA)] }, { session: "s-1" });
        const whose = async (person?: string) =>
          (await store.openItems(person)).map((item) => `${item.session} ${item.question}`).sort();
        expect(await whose(SAM)).toEqual(["s-1 R1", "s-2 R1"]);
        expect(await whose()).toEqual(["s-1 R1", "s-1 R2", "s-2 R1"]);
        expect((await loadedBy({ person: SAM, openItems: true })).openItems).toEqual(await store.openItems(SAM));
        expect((await loadedBy({ person: SAM })).openItems).toEqual([]);
        const shown = await loadedBy({ person: SAM, openItems: true, sessions: true });
        const spokenOf = [...new Set(shown.openItems.map((item) => item.session))];
        expect(spokenOf.length).toBeGreaterThan(0);
        expect([...(shown.sessions ?? [])]).toEqual(
          await Promise.all(spokenOf.map(async (id) => [id, await store.session(id)])),
        );
        expect((await loadedBy({ person: SAM, openItems: true })).sessions).toBeUndefined();
        await deliver({ sessionEvents: [settled("R1", SAM)] }, { session: "s-1" });
        store = await opened.crash();
        await deliver({ sessionEvents: [closed()] }, { session: "s-2" });
        expect(await whose(SAM)).toEqual([]);
        expect(await whose(PRIYA)).toEqual(["s-1 R2"]);
      });

      it("know one person by several ids", async () => {
        const slack = { platform: "slack", workspace: "T1", user: "U1" } as const;
        const teams = { platform: "teams", workspace: "tenant", user: "29:abc" } as const;
        await store.linkIdentity(slack, SAM);
        await store.linkIdentity(teams, personId(slack));
        await start("s-1");
        await deliver({ personEvents: [{ kind: "person_met", name: "Sam", at: AT }] }, { person: personId(teams) });
        expect(await store.person(SAM)).toMatchObject({ id: SAM, name: "Sam" });
        expect(await store.person(personId(slack))).toMatchObject({ id: SAM });
        expect(await store.identities(SAM)).toEqual([slack, teams]);
        expect((await store.identities(personId(teams))).map(personId)).toEqual([SAM, personId(slack)]);
        expect(await store.openItems(personId(slack))).toHaveLength(1);
        expect((await loadedBy({ direct: true, person: personId(teams) })).session).toMatchObject({ id: "s-1" });
      });

      it("an id that was unlinked is a person of its own again", async () => {
        const slack = { platform: "slack", workspace: "T1", user: "U1" } as const;
        const teams = { platform: "teams", workspace: "tenant", user: "29:abc" } as const;
        await store.linkIdentity(slack, SAM);
        await store.linkIdentity(teams, SAM);
        await store.unlinkIdentity(slack);
        await store.unlinkIdentity(slack);
        expect(await store.identities(personId(slack))).toEqual([]);
        expect(await store.identities(SAM)).toEqual([teams]);
        expect(await store.person(personId(slack))).toMatchObject({ id: personId(slack) });
      });
    });

    describe("small things", () => {
      const text = (value: unknown) => String(value);

      it("keeps, replaces and drops values by name", async () => {
        await store.keep("seen", "a", { at: 1 });
        await store.keep("seen", "b", "two");
        await store.keep("seen", "a", { at: 2 });
        await store.keep("elsewhere", "a", null);
        expect(await store.kept("seen", "a", (value) => value)).toEqual({ at: 2 });
        expect(await store.keptAll("seen", (value) => value)).toEqual([
          { key: "a", value: { at: 2 } },
          { key: "b", value: "two" },
        ]);
        await store.drop("seen", "a");
        expect(await store.kept("seen", "a", text)).toBeUndefined();
        store = await opened.crash();
        expect(await store.kept("seen", "b", text)).toBe("two");
      });

      const message: WebMessage = {
        id: "w1",
        channel: "checkout",
        thread: "t1",
        author: SAM,
        authorName: "Sam",
        text: "two AZs",
        card: null,
        mark: null,
        reactions: [],
        onlyFor: null,
        sentAt: 10.5,
        editedAt: null,
        deleted: false,
      };

      it("commits a web message with what was made of it, or not at all", async () => {
        await start("s-1");
        const say = (receipt: string, id: string, fails: boolean) =>
          store.transition(
            { receipts: [receipt], target: { session: "s-1" }, webMessage: { put: { ...message, id } } },
            () => {
              if (fails) throw new Error("no");
              return decision({ sessionEvents: [answered("R1", SAM, "two AZs", id)] });
            },
          );
        await Promise.allSettled([say("a", "w1", false), say("b", "w2", true), say("a", "w3", false)]);
        expect((await store.webMessages({})).map(({ id }) => id)).toEqual(["w1"]);
      });

      it("edits, removes and lists web messages of a channel since a time", async () => {
        await store.putWebMessage(message);
        await store.putWebMessage({ ...message, id: "w2", channel: "payments", sentAt: 11, reactions: ["✅"] });
        await store.putWebMessage({ ...message, id: "w3", sentAt: 12 });
        const edit = { id: "w1", text: "three AZs", editedAt: 13 };
        await store.transition({ receipts: ["e"], target: {}, webMessage: { edit } }, () => decision());
        await store.transition({ receipts: ["r"], target: {}, webMessage: { remove: { id: "w3" } } }, () => decision());
        expect(await store.webMessages({ channel: "checkout" })).toEqual([
          { ...message, text: "three AZs", editedAt: 13 },
          { ...message, id: "w3", sentAt: 12, text: "", deleted: true },
        ]);
        expect((await store.webMessages({ since: 12 })).map(({ id }) => id)).toEqual(["w1"]);
        expect((await store.webMessages({ channel: "payments" }))[0]?.reactions).toEqual(["✅"]);
      });

      it("forgets what people wrote in the session's own threads", async () => {
        await start("s-1", { sessionEvents: [started("s-1"), threadWanted("t1")] });
        await store.putWebMessage(message);
        await store.putWebMessage({ ...message, id: "w2", thread: "t2" });
        await deliver({ sessionEvents: [{ kind: "session_forgotten", at: AT }], forget: "s-1" }, { session: "s-1" });
        expect((await store.webMessages({})).map(({ id, text }) => [id, text])).toEqual([
          ["w1", ""],
          ["w2", "two AZs"],
        ]);
      });
    });

    outboxContract(() => ({
      store,
      machine,
      async crash() {
        store = await opened.crash();
        return store;
      },
    }));
  });
}

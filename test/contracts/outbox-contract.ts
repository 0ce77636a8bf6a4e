import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { NewOutboxItem, OutboxItem } from "../../src/domain/effect.ts";
import type { Machine, Store } from "../../src/domain/ports.ts";
import { decision, wish } from "../src/store/tiny-model.ts";

export type OutboxOnTrial = { store: Store; machine: Machine & { time: number }; crash(): Promise<Store> };

const LEASE = 1_000;

/** The outbox's part of the store contract. */
export function outboxContract(onTrial: () => OutboxOnTrial): void {
  describe("the outbox", () => {
    const claim = (limit = 10, calendar = 0) => {
      const { store, machine } = onTrial();
      return store.claim({ calendar, machine: machine.time, lease: LEASE, limit });
    };
    const ids = (items: OutboxItem[]) => items.map(({ id }) => id);
    const enqueue = (...items: NewOutboxItem[]) => onTrial().store.enqueue(items);
    async function one(calendar = 0): Promise<OutboxItem> {
      const [item] = await claim(1, calendar);
      if (!item) throw new Error("nothing to claim");
      return item;
    }
    const later = (notBefore: number, uncertain = false) => ({ notBefore, uncertain, error: "429" });

    it("gives the heads of lanes, in order, each with its wish, a token and a lease", async () => {
      const { store, machine } = onTrial();
      const whole = wish("a1", { lane: "a", key: "k", session: "s-1", kind: "note", class: "idempotent" });
      await enqueue(whole, wish("b1", { lane: "b" }), wish("a2", { lane: "a" }), wish("c1", { lane: "c" }));
      const [a1, b1, ...rest] = await claim(2);
      expect(rest).toEqual([]);
      expect(a1).toEqual({
        ...whole,
        seq: a1?.seq,
        attempts: 1,
        uncertain: false,
        token: expect.stringMatching(/./),
        leaseUntil: machine.time + LEASE,
      });
      expect(b1?.id).toBe("b1");
      expect(ids(await claim())).toEqual(["c1"]);
      expect(await claim()).toEqual([]);
      expect(await store.settle("a1", a1?.token ?? "")).toBe(true);
      expect(ids(await claim())).toEqual(["a2"]);
    });

    it("stores wishes with the events that want them, and settles one with its answer", async () => {
      const { store } = onTrial();
      const first = { receipts: ["r1"], target: {} };
      await store.transition(first, () => decision({ outbox: [wish("o1"), wish("o2")] }));
      const { id, token } = await one();
      const fact = { receipts: ["posted o1"], target: {}, settles: { id, token } };
      expect(await store.transition(fact, () => decision({ outbox: [wish("o3")] }))).toEqual({ kind: "committed" });
      const o2 = await one();
      expect(o2.id).toBe("o2");
      await store.settle(o2.id, o2.token);
      expect(ids(await claim())).toEqual(["o3"]);
    });

    it("doesn't settle what a failing decision was to settle", async () => {
      const { store, machine } = onTrial();
      await enqueue(wish("o1"));
      const { id, token } = await one();
      const fact = { receipts: ["posted"], target: {}, settles: { id, token } };
      const failing = store.transition(fact, () => {
        throw new Error("no");
      });
      await expect(failing).rejects.toThrow("no");
      expect(await store.counts(0)).toEqual({ due: 0, running: 1, waiting: 0 });
      machine.time += LEASE;
      expect(ids(await claim())).toEqual(["o1"]);
    });

    it("settles a row whose work an earlier delivery did, so that it doesn't come round for ever", async () => {
      const { store } = onTrial();
      await store.transition({ receipts: ["timer"], target: {} }, () => decision());
      await enqueue(wish("o1"));
      const { id, token } = await one();
      const again = { receipts: ["timer"], target: {}, settles: { id, token } };
      expect(await store.transition(again, () => decision())).toEqual({ kind: "duplicate" });
      expect(await store.counts(0)).toEqual({ due: 0, running: 0, waiting: 0 });
    });

    describe("time", () => {
      it("waits for both clocks, and tells when", async () => {
        const { store, machine } = onTrial();
        await enqueue(wish("cal", { lane: "a", due: 500 }), wish("mach", { lane: "b", notBefore: machine.time + 50 }));
        await enqueue(wish("both", { lane: "c", due: 700, notBefore: machine.time + 90 }));
        expect(await claim(10, 499)).toEqual([]);
        expect(await store.next()).toEqual({ calendar: 500, machine: machine.time + 50 });
        expect(ids(await claim(10, 500))).toEqual(["cal"]);
        machine.time += 50;
        expect(ids(await claim(10, 600))).toEqual(["mach"]);
        machine.time += 40;
        expect(await claim(10, 699)).toEqual([]);
        expect(await store.next()).toMatchObject({ calendar: 700 });
        expect(ids(await claim(10, 700))).toEqual(["both"]);
      });

      it("holds a lane behind a head that waits", async () => {
        const { store, machine } = onTrial();
        await enqueue(wish("a1", { lane: "a" }), wish("a2", { lane: "a" }), wish("b1", { lane: "b" }));
        const [a1] = await claim(1);
        const back = later(machine.time + 30_000);
        expect(await store.retry("a1", a1?.token ?? "", back)).toBe(true);
        expect(ids(await claim())).toEqual(["b1"]);
        machine.time += 29_999;
        const [b1] = await claim();
        expect(b1).toMatchObject({ id: "b1", uncertain: true });
        machine.time += 1;
        expect(await claim()).toMatchObject([{ id: "a1", attempts: 2, uncertain: false }]);
      });

      it("remembers that an attempt may have been sent", async () => {
        const { store } = onTrial();
        await enqueue(wish("o1"));
        const first = await one();
        await store.retry(first.id, first.token, later(0, true));
        const second = await one();
        expect(second).toMatchObject({ uncertain: true, attempts: 2 });
        await store.retry(second.id, second.token, later(0, false));
        expect(await one()).toMatchObject({ uncertain: true, attempts: 3 });
      });

      it("counts for /readyz what could run by then, whatever the machine clock says", async () => {
        const { store, machine } = onTrial();
        await enqueue(wish("now", { lane: "a" }), wish("behind", { lane: "a" }), wish("late", { lane: "a", due: 900 }));
        await enqueue(wish("blocked", { lane: "a" }), wish("held", { lane: "b", notBefore: machine.time + 60_000 }));
        await enqueue(wish("tomorrow", { lane: "c", due: 900 }));
        expect(await store.counts(100)).toEqual({ due: 3, running: 0, waiting: 6 });
        expect(await store.counts(900)).toEqual({ due: 6, running: 0, waiting: 6 });
        const [now] = await claim(1);
        expect(await store.counts(100)).toEqual({ due: 2, running: 1, waiting: 5 });
        await store.settle("now", now?.token ?? "");
        expect(await store.counts(100)).toEqual({ due: 2, running: 0, waiting: 5 });
      });

      it("ends all waits on the machine clock at once when told to", async () => {
        const { store, machine } = onTrial();
        const soon = machine.time + 60_000;
        await enqueue(wish("a1", { lane: "a", notBefore: soon }), wish("a2", { lane: "a", notBefore: soon }));
        await enqueue(wish("b1", { lane: "b", notBefore: soon, due: 500 }));
        await store.releaseMachineWaits();
        const [a1] = await claim();
        expect(a1?.id).toBe("a1");
        await store.settle("a1", a1?.token ?? "");
        expect(ids(await claim())).toEqual(["a2"]);
        expect(ids(await claim(10, 500))).toEqual(["b1"]);
      });

      it("lets what a platform made wait go on waiting when the other waits end", async () => {
        const { store, machine } = onTrial();
        await enqueue(wish("o1", { lane: "a" }), wish("o2", { lane: "a", notBefore: machine.time + 60_000 }));
        const first = await one();
        await store.retry(first.id, first.token, later(machine.time + 5_000));
        await store.releaseMachineWaits();
        expect(await claim()).toEqual([]);
        expect(await store.next()).toEqual({ machine: machine.time + 5_000 });
        machine.time += 5_000;
        expect((await one()).id).toBe("o1");
      });
    });

    describe("claims", () => {
      it("gives a lapsed claim to another, who finds it uncertain, and tells the old holder", async () => {
        const { store, machine } = onTrial();
        await enqueue(wish("o1"));
        const old = await one();
        machine.time += LEASE - 1;
        expect(await claim()).toEqual([]);
        machine.time += 1;
        const taken = await one();
        expect(taken).toMatchObject({ id: "o1", uncertain: true, attempts: 2 });
        expect(taken.token).not.toBe(old.token);
        expect(await store.settle("o1", old.token)).toBe(false);
        expect(await store.retry("o1", old.token, later(0))).toBe(false);
        const fact = { receipts: ["posted"], target: {}, settles: { id: "o1", token: old.token } };
        const lost = await store.transition(fact, () => decision({ outbox: [wish("never")] }));
        expect(lost).toEqual({ kind: "lost_claim" });
        const won = { ...fact, settles: { id: "o1", token: taken.token } };
        expect(await store.transition(won, () => decision())).toEqual({ kind: "committed" });
        expect(await store.counts(0)).toEqual({ due: 0, running: 0, waiting: 0 });
      });

      it("lets a late holder settle as long as nobody else took it", async () => {
        const { store, machine } = onTrial();
        await enqueue(wish("o1"));
        const { id, token } = await one();
        machine.time += 10 * LEASE;
        expect(await store.settle(id, token)).toBe(true);
      });

      it("never settles by a wrong token, nor twice", async () => {
        const { store } = onTrial();
        await enqueue(wish("o1"), wish("o2", { lane: "other" }));
        const [o1, o2] = await claim();
        expect(await store.settle("o1", o2?.token ?? "")).toBe(false);
        expect(await store.settle("o1", "")).toBe(false);
        expect(await store.settle("o1", o1?.token ?? "")).toBe(true);
        expect(await store.settle("o1", o1?.token ?? "")).toBe(false);
      });

      it("are void at once when their holder is dead", async () => {
        const { store, crash } = onTrial();
        await enqueue(wish("o1"), wish("o2"));
        const dead = await one();
        const next = await crash();
        expect(await next.voidLeases(onTrial().machine.time)).toBe(1);
        expect(await one()).toMatchObject({ id: "o1", uncertain: true });
        expect(await next.settle("o1", dead.token)).toBe(false);
        expect(next).not.toBe(store);
      });
    });

    describe("keys", () => {
      it("replace the row that waits, which moves to the end of its lane", async () => {
        const { store } = onTrial();
        await enqueue(wish("o1", { key: "k" }), wish("o2"), wish("o3", { key: "k" }));
        const [first] = await claim();
        expect(first?.id).toBe("o2");
        await store.settle("o2", first?.token ?? "");
        expect(ids(await claim())).toEqual(["o3"]);
      });

      it("replace in another lane too", async () => {
        await enqueue(
          wish("o1", { key: "k", lane: "a" }),
          wish("o2", { lane: "a" }),
          wish("o3", { key: "k", lane: "b" }),
        );
        expect(ids(await claim())).toEqual(["o2", "o3"]);
      });

      it("replace the due time with the wish", async () => {
        const { store, machine } = onTrial();
        await enqueue(wish("o1", { key: "k", due: 500 }));
        await enqueue(wish("o2", { key: "k", due: 900, notBefore: machine.time + 5 }));
        expect(await claim(10, 899)).toEqual([]);
        machine.time += 5;
        expect(await claim(10, 899)).toEqual([]);
        expect(await store.next()).toEqual({ calendar: 900 });
        expect(ids(await claim(10, 900))).toEqual(["o2"]);
      });

      it("cancel, in the same transaction and only what waits", async () => {
        const { store } = onTrial();
        await enqueue(
          wish("o1", { key: "k1", lane: "a" }),
          wish("o2", { lane: "a" }),
          wish("o3", { key: "k3", lane: "b" }),
        );
        const [o1] = await claim(1);
        const cancelling = decision({ cancel: ["k1", "k3", "unknown"] });
        await store.transition({ receipts: ["r"], target: {} }, () => cancelling);
        expect(await store.counts(0)).toEqual({ due: 1, running: 1, waiting: 1 });
        expect(await store.settle("o1", o1?.token ?? "")).toBe(true);
        expect(ids(await claim())).toEqual(["o2"]);
      });

      it("cancel before they add, so that a decision can put a timer anew", async () => {
        const { store } = onTrial();
        await enqueue(wish("o1", { key: "k" }));
        const anew = decision({ cancel: ["k"], outbox: [wish("o2", { key: "k" })] });
        await store.transition({ receipts: ["r"], target: {} }, () => anew);
        expect(ids(await claim())).toEqual(["o2"]);
      });

      it("leave one wish when a row comes back and a newer one waits: the older's place and id, the newer's wish", async () => {
        const { store, machine } = onTrial();
        await enqueue(wish("o1", { key: "k" }), wish("o2"));
        const first = await one();
        await enqueue(wish("o3", { key: "k", effect: { do: "update", post: "header" }, class: "idempotent" }));
        expect(await store.retry("o1", first.token, later(machine.time + 10, true))).toBe(true);
        expect(await claim()).toEqual([]);
        machine.time += 10;
        const again = await one();
        expect(again).toMatchObject({ id: "o1", uncertain: true, class: "idempotent", effect: { do: "update" } });
        await store.settle(again.id, again.token);
        const last = await one();
        expect(last.id).toBe("o2");
        await store.settle(last.id, last.token);
        expect(await store.counts(0)).toEqual({ due: 0, running: 0, waiting: 0 });
      });

      it("leave one wish when a claim lapses and a newer row waits", async () => {
        const { machine, crash } = onTrial();
        await enqueue(wish("o1", { key: "k" }), wish("p1", { key: "p", lane: "p" }));
        await claim();
        await enqueue(wish("o2", { key: "k" }), wish("p2", { key: "p", lane: "p" }));
        machine.time += LEASE;
        expect(ids(await claim(1))).toEqual(["o1"]);
        await enqueue(wish("o3", { key: "k" }));
        await crash();
        expect(ids(await claim())).toEqual(["o1", "p1"]);
        expect(await onTrial().store.counts(0)).toEqual({ due: 0, running: 2, waiting: 0 });
      });

      it("keep the id of a row that may have been sent when it is replaced, so that it is looked up", async () => {
        const { store } = onTrial();
        await enqueue(wish("o1", { key: "k" }), wish("o2"));
        const first = await one();
        await store.retry("o1", first.token, later(0, true));
        await enqueue(wish("o3", { key: "k", effect: { do: "update", post: "header" } }));
        expect(await one()).toMatchObject({ id: "o1", uncertain: true, attempts: 2, effect: { do: "update" } });
      });
    });

    it("tells when there is new work, and only after it is stored", async () => {
      const { store } = onTrial();
      let told = 0;
      store.onWork(() => {
        told += 1;
      });
      await enqueue(wish("o1"), wish("o2"));
      expect(told).toBe(1);
      const { id, token } = await one();
      await store.keep("a", "b", 1);
      expect(told).toBe(1);
      await store.settle(id, token);
      expect(told).toBe(2);
      const failing = store.transition({ receipts: ["x"], target: {} }, () => {
        throw new Error("no");
      });
      await expect(failing).rejects.toThrow();
      await store.transition({ receipts: ["y"], target: {} }, () => decision({ outbox: [wish("o3")] }));
      expect(told).toBeGreaterThanOrEqual(3);
    });

    it("keeps every lane in order and loses nothing, under any interleaving of workers, lapses and crashes", async () => {
      const lanes = ["a", "b", "c"];
      const step = fc.oneof(
        { weight: 4, arbitrary: fc.record({ do: fc.constant("add" as const), lane: fc.constantFrom(...lanes) }) },
        {
          weight: 4,
          arbitrary: fc.record({ do: fc.constant("claim" as const), limit: fc.integer({ min: 1, max: 4 }) }),
        },
        { weight: 4, arbitrary: fc.record({ do: fc.constant("settle" as const), pick: fc.nat() }) },
        {
          weight: 2,
          arbitrary: fc.record({
            do: fc.constant("retry" as const),
            pick: fc.nat(),
            wait: fc.integer({ min: 0, max: 800 }),
          }),
        },
        { weight: 2, arbitrary: fc.record({ do: fc.constant("pass" as const), ms: fc.integer({ min: 1, max: 700 }) }) },
        { weight: 1, arbitrary: fc.record({ do: fc.constant("crash" as const) }) },
      );
      let n = 0;
      await fc.assert(
        fc.asyncProperty(fc.array(step, { minLength: 10, maxLength: 60 }), async (steps) => {
          const { machine, crash } = onTrial();
          const waiting = new Map<string, string[]>(lanes.map((lane) => [lane, []]));
          const held: OutboxItem[] = [];
          async function took(items: OutboxItem[]): Promise<void> {
            for (const item of items) expect(waiting.get(item.lane)?.[0], "only heads are claimed").toBe(item.id);
            expect(new Set(items.map(({ lane }) => lane)).size, "one per lane").toBe(items.length);
            held.push(...items);
          }
          async function settle(item: OutboxItem): Promise<void> {
            if (await onTrial().store.settle(item.id, item.token)) {
              expect(waiting.get(item.lane)?.shift(), "only the head is settled, once").toBe(item.id);
            }
          }
          for (const step of steps) {
            const item = "pick" in step ? held.splice(step.pick % Math.max(held.length, 1), 1)[0] : undefined;
            if (step.do === "add") {
              n += 1;
              waiting.get(step.lane)?.push(`i${n}`);
              await enqueue(wish(`i${n}`, { lane: step.lane }));
            } else if (step.do === "claim") await took(await claim(step.limit));
            else if (step.do === "settle" && item) await settle(item);
            else if (step.do === "retry" && item) {
              await onTrial().store.retry(item.id, item.token, later(machine.time + step.wait));
            } else if (step.do === "pass") machine.time += step.ms;
            else if (step.do === "crash") await crash();
          }
          // Whatever happened, a patient worker gets everything done.
          for (let round = 0; round < 200 && (await onTrial().store.counts(0)).waiting + held.length > 0; round++) {
            machine.time += LEASE;
            for (const item of await claim()) await settle(item);
            held.length = 0;
          }
          expect([...waiting.values()].flat(), "everything is settled").toEqual([]);
          expect(await onTrial().store.counts(0)).toEqual({ due: 0, running: 0, waiting: 0 });
        }),
        { numRuns: 25, seed: 20261127 },
      );
    });
  });
}

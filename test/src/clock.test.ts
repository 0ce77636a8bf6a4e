import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Anchor, createCalendar, createMachine } from "../../src/clock.ts";

function anchorIn(box: { anchor?: Anchor }) {
  return {
    get: async () => box.anchor,
    set: async (anchor: Anchor) => {
      box.anchor = anchor;
    },
  };
}
const START = Date.UTC(2026, 9, 16, 8);

describe("the real calendar", () => {
  it("shows the machine's time", async () => {
    const calendar = await createCalendar({ machine: { now: () => 1_000 }, anchor: anchorIn({}) });
    expect(calendar.now().getTime()).toBe(1_000);
    expect(calendar.untilMs(1_500)).toBe(500);
    expect(calendar.untilMs(500)).toBe(0);
    expect(calendar.simulated).toBe(false);
  });
  it("of this machine is now", () => {
    const before = Date.now();
    expect(createMachine().now()).toBeGreaterThanOrEqual(before);
  });
});

describe("a simulated calendar", () => {
  async function simulated(
    box: { anchor?: Anchor },
    machine: { now(): number },
    clock: { start?: number; speed: number },
  ) {
    const calendar = await createCalendar({ machine, clock, anchor: anchorIn(box) });
    if (!calendar.simulated) throw new Error("expected a simulation");
    return calendar;
  }

  it("starts where it is told and plays a day a second", async () => {
    let machine = 5_000;
    const calendar = await simulated({}, { now: () => machine }, { start: START, speed: 86_400 });
    expect(calendar.now().toISOString()).toBe("2026-10-16T08:00:00.000Z");
    machine += 1_000;
    expect(calendar.now().toISOString()).toBe("2026-10-17T08:00:00.000Z");
    expect(calendar.untilMs(calendar.now().getTime() + 43_200_000)).toBe(500);
  });
  it("goes on from its anchor after a restart, and a restart doesn't go back to CLOCK_START", async () => {
    const box: { anchor?: Anchor } = {};
    const first = await simulated(box, { now: () => 0 }, { start: START, speed: 1 });
    await first.moveTo(new Date(START + 86_400_000));
    const second = await simulated(box, { now: () => 60_000 }, { start: START, speed: 1 });
    expect(second.now().getTime()).toBe(START + 86_400_000 + 60_000);
  });
  it("is moved forward by a later CLOCK_START, and keeps its time when the speed changes", async () => {
    const box: { anchor?: Anchor } = {};
    await simulated(box, { now: () => 0 }, { start: START, speed: 10 });
    const faster = await simulated(box, { now: () => 1_000 }, { speed: 100 });
    expect(faster.now().getTime()).toBe(START + 10_000);
    const later = await simulated(box, { now: () => 2_000 }, { start: START + 9_000_000, speed: 100 });
    expect(later.now().getTime()).toBe(START + 9_000_000);
  });
  it("stands still at speed 0, until it is moved", async () => {
    const calendar = await simulated({}, { now: () => Date.now() }, { start: START, speed: 0 });
    expect(calendar.untilMs(START + 1)).toBe(Number.POSITIVE_INFINITY);
    await calendar.moveTo(new Date(START + 1));
    expect(calendar.now().getTime()).toBe(START + 1);
    expect(calendar.untilMs(START + 1)).toBe(0);
  });
  it("keeps the anchor before it shows the new time", async () => {
    const box: { anchor?: Anchor } = {};
    let keep = Promise.resolve();
    const calendar = await createCalendar({
      machine: { now: () => 0 },
      clock: { start: START, speed: 0 },
      anchor: { get: async () => box.anchor, set: () => keep },
    });
    if (!calendar.simulated) throw new Error("expected a simulation");
    keep = Promise.reject(new Error("disk full"));
    await expect(calendar.moveTo(new Date(START + 1))).rejects.toThrow("disk full");
    expect(calendar.now().getTime()).toBe(START);
  });
  it("never goes back, whatever moves, restarts and machine clocks do", async () => {
    const step = fc.oneof(
      fc.record({ kind: fc.constant("machine" as const), by: fc.integer({ min: 0, max: 100_000 }) }),
      fc.record({ kind: fc.constant("move" as const), by: fc.integer({ min: -1_000_000, max: 1_000_000 }) }),
      fc.record({ kind: fc.constant("restart" as const), by: fc.integer({ min: -1_000_000, max: 1_000_000 }) }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 15 }), fc.constantFrom(0, 1, 60, 86_400), async (steps, speed) => {
        const box: { anchor?: Anchor } = {};
        let machine = 1_000_000;
        const clock = { now: () => machine };
        let calendar = await simulated(box, clock, { start: START, speed });
        let shown = calendar.now().getTime();
        for (const { kind, by } of steps) {
          if (kind === "machine") machine += by;
          else if (kind === "move") await calendar.moveTo(new Date(calendar.now().getTime() + by));
          else calendar = await simulated(box, clock, { start: START + by, speed });
          const now = calendar.now().getTime();
          expect(now).toBeGreaterThanOrEqual(shown);
          shown = now;
        }
        machine -= 500_000;
        expect(calendar.now().getTime()).toBe(shown);
      }),
      { seed: 2, numRuns: 200 },
    );
  });
});

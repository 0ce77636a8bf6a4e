import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { SENDS_PER_TENANT, SENDS_PER_THREAD } from "../../../adapters/teams/limits.ts";
import { createRateLimit } from "../../../adapters/teams/rate-limit.ts";
import { RetryLaterError } from "../../../src/domain/errors.ts";

describe("Teams' limits on sending", () => {
  const at = (clock: { now: number }) => createRateLimit({ now: () => clock.now });

  it("refuses the eighth message within a second, with the time after which it goes", () => {
    const clock = { now: 1_000 };
    const limit = at(clock);
    for (let sent = 0; sent < 7; sent += 1) limit.take("t", "thread");
    expect(() => limit.take("t", "thread")).toThrow(expect.objectContaining({ retryAfter: 1_000 }));
    clock.now += 1_000;
    limit.take("t", "thread");
    expect(() => limit.take("t", "thread")).toThrow(expect.objectContaining({ retryAfter: 1_000 }));
  });

  it("other conversations go on, up to the tenant's limit", () => {
    const limit = at({ now: 0 });
    for (let thread = 0; thread < 50; thread += 1) limit.take("t", `${thread}`);
    expect(() => limit.take("t", "50")).toThrow(RetryLaterError);
    limit.take("another", "50");
  });

  it("keeps the pause that Teams asked for", () => {
    const clock = { now: 0 };
    const limit = at(clock);
    limit.pause("thread", 5_000);
    expect(() => limit.take("t", "thread")).toThrow(expect.objectContaining({ retryAfter: 5_000 }));
    clock.now = 5_000;
    limit.take("t", "thread");
  });

  it("whatever the rhythm, no window ever holds more than it may, and waiting as told always helps", () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.integer({ min: 0, max: 400 }), fc.integer({ min: 0, max: 2 })), { maxLength: 400 }),
        (steps) => {
          const clock = { now: 0 };
          const limit = at(clock);
          const sent: { time: number; thread: string }[] = [];
          for (const [pause, which] of steps) {
            clock.now += pause;
            const thread = `${which}`;
            try {
              limit.take("t", thread);
            } catch (error) {
              if (!(error instanceof RetryLaterError)) throw error;
              clock.now += error.retryAfter;
              limit.take("t", thread);
            }
            sent.push({ time: clock.now, thread });
          }
          for (const { time } of sent) {
            for (const { count, ms } of SENDS_PER_THREAD) {
              for (const thread of ["0", "1", "2"]) {
                const inWindow = sent.filter(
                  (one) => one.thread === thread && one.time > time - ms && one.time <= time,
                );
                expect(inWindow.length).toBeLessThanOrEqual(count);
              }
            }
            for (const { count, ms } of SENDS_PER_TENANT) {
              expect(sent.filter((one) => one.time > time - ms && one.time <= time).length).toBeLessThanOrEqual(count);
            }
          }
        },
      ),
      { seed: 20261123, numRuns: 60 },
    );
  });
});

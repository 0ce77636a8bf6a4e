import { describe, expect, it } from "vitest";
import { RetryLaterError, TerminalError } from "../../src/domain/errors.ts";
import { whenItFits } from "../../src/when-it-fits.ts";

/** Work that fails with these, one after another, and then succeeds. */
function failing(...errors: Error[]) {
  const calls = { count: 0 };
  const work = async () => {
    const error = errors[calls.count++];
    if (error !== undefined) throw error;
    return "said";
  };
  return { work, calls };
}

const later = (retryAfter: number) => new RetryLaterError("Not now", { retryAfter });

describe("what no outbox holds", () => {
  it("is offered again until it is taken", async () => {
    const { work, calls } = failing(later(0), later(1), later(0));
    expect(await whenItFits(work)).toBe("said");
    expect(calls.count).toBe(4);
  });

  it("is given up at once when the platform wants more time than it is worth", async () => {
    const tooLong = later(5 * 60_000 + 1);
    const { work, calls } = failing(tooLong);
    await expect(whenItFits(work)).rejects.toBe(tooLong);
    expect(calls.count).toBe(1);
  });

  it("waits no longer in all than it is worth, however short each wait is", async () => {
    const { work, calls } = failing(...Array.from({ length: 10 }, () => later(0)));
    await expect(whenItFits(work, 3)).rejects.toThrow("Not now");
    expect(calls.count).toBeLessThan(10);
  });

  it("isn't offered again after any other failure", async () => {
    const gone = new TerminalError("That channel is gone");
    const { work, calls } = failing(gone);
    await expect(whenItFits(work)).rejects.toBe(gone);
    expect(calls.count).toBe(1);
  });
});

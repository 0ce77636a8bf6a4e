import { expect } from "vitest";

/** Less than this isn't told apart from noise. */
const NOISE_MS = 150;

/**
 * Demands that work grows with the length of its input, not with the square of it: for four times the length ten times
 * the cost is too much (linear: 4, quadratic: 16). Cost is processor time of this thread, so a busy machine changes
 * nothing; what is over in no time passes.
 */
export function expectGrowsGently(work: (length: number) => void, length: number, what = "the work"): void {
  const long = cpuMs(() => work(length));
  if (long < NOISE_MS) return;
  const short = Math.min(...[1, 2, 3].map(() => cpuMs(() => work(Math.ceil(length / 4)))));
  expect(long / short, `${what}: ${long} ms for ${length} characters, ${short} ms for a quarter of them`).toBeLessThan(
    10,
  );
}

function cpuMs(work: () => void): number {
  const before = process.threadCpuUsage();
  work();
  const { user, system } = process.threadCpuUsage(before);
  return (user + system) / 1_000;
}

import { describe, expect, it } from "vitest";
import { progressTo } from "../../../src/app/progress.ts";
import type { EvidenceReport } from "../../../src/domain/evidence.ts";

const report = (...sources: string[]): EvidenceReport => ({ items: [], gaps: [], sources, complete: false });

describe("progress of a reading", () => {
  it("is stored one at a time, and only the newest waits", async () => {
    const stored: string[] = [];
    const gates: (() => void)[] = [];
    const { show, end } = progressTo(async ({ sources = [] }) => {
      stored.push(sources.join());
      await new Promise<void>((resolve) => gates.push(resolve));
    });
    show(report("a"));
    show(report("a", "b"));
    show(report("a", "b", "c"));
    gates.shift()?.();
    while (stored.length < 2) await Promise.resolve();
    gates.shift()?.();
    await end();
    expect(stored).toEqual(["a", "a,b,c"]);
  });

  it("nothing of it comes after the end, and a failure stops nobody", async () => {
    const stored: string[] = [];
    const { show, end } = progressTo(async ({ sources = [] }) => {
      stored.push(sources.join());
      throw new Error("The store is away");
    });
    show(report("a"));
    await end();
    show(report("b"));
    expect(stored).toEqual(["a"]);
  });
});

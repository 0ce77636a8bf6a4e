import type { EvidenceReport } from "../domain/evidence.ts";

/**
 * Hands partial reports on, one at a time: while one is being stored only the newest waits. A failure is the final
 * report's to show.
 */
export function progressTo(store: (report: EvidenceReport) => Promise<unknown>) {
  let under: Promise<void> | undefined;
  let waiting: EvidenceReport | undefined;
  let ended = false;

  async function run(): Promise<void> {
    while (waiting !== undefined && !ended) {
      const report = waiting;
      waiting = undefined;
      await store(report).catch(() => undefined);
    }
    under = undefined;
  }

  return {
    show(report: EvidenceReport): void {
      if (ended) return;
      waiting = report;
      under ??= run();
    },
    /** Resolves when nothing of it is under way: the whole report comes after its parts. */
    async end(): Promise<void> {
      ended = true;
      await under;
    },
  };
}

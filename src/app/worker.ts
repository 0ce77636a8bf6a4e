import type { Calendar, Machine, Store } from "../domain/ports.ts";
import type { AppLog } from "./parts.ts";
import type { Perform } from "./perform.ts";

/** Longer than any effect takes: a lapsed lease means that its worker is gone. */
const LEASE_MS = 10 * 60_000;
/** Effects under way at once: lanes of different conversations don't wait for one another. */
const MOST_AT_ONCE = 16;
/** Timers can't wait longer than this in one go; then they look again. */
const LONGEST_SLEEP_MS = 60_000;

export type Worker = {
  start(): void;
  /** Something may have become due (the calendar was moved). */
  wake(): void;
  /** Resolves when nothing is claimable now and nothing is under way. */
  idle(): Promise<void>;
  /** Takes no more work; resolves when what is in hand has ended. */
  stop(): Promise<void>;
  readonly running: number;
};

/** Claims what is due, lane by lane, and does it. Woken by every commit that adds work and by the nearest due time. */
export function createWorker(parts: {
  store: Store;
  calendar: Calendar;
  machine: Machine;
  perform: Perform;
  log: AppLog;
}): Worker {
  const { store, calendar, machine, perform, log } = parts;
  const inHand = new Set<Promise<void>>();
  const idlers: (() => void)[] = [];
  let started = false;
  let stopping = false;
  let looking = false;
  let again = false;
  let sleeping: NodeJS.Timeout | undefined;

  async function look(): Promise<void> {
    if (!started || stopping) return;
    if (looking) {
      again = true;
      return;
    }
    looking = true;
    try {
      do {
        again = false;
        await claimAll();
      } while (again && !stopping);
    } catch (err) {
      log.error({ err }, "The outbox could not be read; trying again");
      sleepFor(1_000);
    } finally {
      looking = false;
    }
    if (again) void look();
  }

  async function claimAll(): Promise<void> {
    const room = MOST_AT_ONCE - inHand.size;
    if (room <= 0) return;
    const items = await store.claim({
      calendar: calendar.now().getTime(),
      machine: machine.now(),
      lease: LEASE_MS,
      limit: room,
    });
    for (const item of items) {
      const work = perform(item)
        .catch((err: unknown) => log.error({ err, outbox: item.id }, "An outbox item could not be settled"))
        .finally(() => {
          inHand.delete(work);
          void look();
        });
      inHand.add(work);
    }
    if (items.length === room) return;
    if (items.length > 0) {
      again = true;
      return;
    }
    await planNext();
  }

  async function planNext(): Promise<void> {
    const next = await store.next();
    const waits = [
      ...(next.machine === undefined ? [] : [next.machine - machine.now()]),
      ...(next.calendar === undefined ? [] : [calendar.untilMs(next.calendar)]),
    ];
    sleepFor(Math.min(LONGEST_SLEEP_MS, ...waits));
    if (inHand.size === 0) for (const done of idlers.splice(0)) done();
  }

  function sleepFor(ms: number): void {
    clearTimeout(sleeping);
    sleeping = setTimeout(() => void look(), Math.max(1, ms));
    sleeping.unref();
  }

  store.onWork(() => void look());

  return {
    start() {
      started = true;
      void look();
    },
    wake: () => void look(),
    async idle() {
      const done = new Promise<void>((resolve) => idlers.push(resolve));
      void look();
      await done;
    },
    async stop() {
      stopping = true;
      clearTimeout(sleeping);
      await Promise.allSettled(inHand);
      for (const done of idlers.splice(0)) done();
    },
    get running() {
      return inHand.size;
    },
  };
}

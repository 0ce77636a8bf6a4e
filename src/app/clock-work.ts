import type { Calendar, Store } from "../domain/ports.ts";
import type { Worker } from "./worker.ts";

/** A runaway guard for a simulated month: far more visits than any calendar of reminders has. */
const MOST_VISITS = 200_000;

/** All that is asked of a worker here; several can be one. */
type Idling = Pick<Worker, "idle">;

/** Whether every effect of everything acknowledged has been tried and settled. */
export async function isQuiet(store: Store, calendar: Calendar): Promise<boolean> {
  const { due, running } = await store.counts(calendar.now().getTime());
  return due + running === 0;
}

/** How long a platform's "later" is waited for before looking again. */
const LOOK_AGAIN_MS = 20;

/**
 * Moves a simulated calendar to `to`, visiting every due time on the way in order: what is due is done before the
 * next hour begins, and machine-time waits (settling, coalescing) end at once. A platform that asks for patience gets it.
 */
export async function advance(
  {
    store,
    calendar,
    worker,
  }: { store: Store; calendar: Calendar & { moveTo(to: Date): Promise<void> }; worker: Idling },
  to: Date,
): Promise<void> {
  await settleAll(store, calendar, worker);
  for (let visits = 0; visits < MOST_VISITS; visits++) {
    const { calendar: next } = await store.next();
    if (next === undefined || next > to.getTime()) break;
    await calendar.moveTo(new Date(next));
    await settleAll(store, calendar, worker);
  }
  await calendar.moveTo(to);
  await settleAll(store, calendar, worker);
}

async function settleAll(store: Store, calendar: Calendar, worker: Idling): Promise<void> {
  for (;;) {
    await store.releaseMachineWaits();
    await worker.idle();
    if (await isQuiet(store, calendar)) return;
    await new Promise((resolve) => setTimeout(resolve, LOOK_AGAIN_MS));
  }
}

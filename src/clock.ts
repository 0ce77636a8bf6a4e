import { z } from "zod";
import type { Calendar, Machine } from "./domain/ports.ts";

export function createMachine(): Machine {
  return { now: () => Date.now() };
}

/** The calendar showed `calendar` when the machine showed `machine`, and runs `speed` times as fast. All in ms. */
export const Anchor = z.object({ calendar: z.number(), machine: z.number(), speed: z.number().min(0) });
export type Anchor = z.infer<typeof Anchor>;

export type RealCalendar = Calendar & { simulated: false };
export type SimulatedCalendar = Calendar & {
  simulated: true;
  /** Shows `to` from now on, durably. Never back: an earlier instant than now changes nothing. */
  moveTo(to: Date): Promise<void>;
};

export type CalendarOptions = {
  machine: Machine;
  /** `Config.clock`; absent: real time. */
  clock?: { start?: number; speed: number };
  /** Where the anchor outlives the process (the store's `keep` and `kept`). */
  anchor: { get(): Promise<Anchor | undefined>; set(anchor: Anchor): Promise<void> };
};

/**
 * The world's time. A simulated one goes on from its kept anchor over restarts (also for the time nobody ran it), so
 * that it never goes back; a later CLOCK_START moves it forward, another CLOCK_SPEED counts from now on.
 */
export async function createCalendar({
  machine,
  clock,
  anchor,
}: CalendarOptions): Promise<RealCalendar | SimulatedCalendar> {
  if (clock === undefined) return realCalendar(machine);
  const kept = await anchor.get();
  const begun = Math.max(
    clock.start ?? (kept === undefined ? machine.now() : 0),
    kept === undefined ? 0 : reading(kept, machine.now()),
  );
  let current: Anchor = { calendar: begun, machine: machine.now(), speed: clock.speed };
  if (kept === undefined || kept.speed !== clock.speed || begun > reading(kept, machine.now()))
    await anchor.set(current);
  else current = kept;
  let shown = begun;
  const now = () => {
    shown = Math.max(shown, reading(current, machine.now()));
    return shown;
  };
  return {
    simulated: true,
    now: () => new Date(now()),
    untilMs(at) {
      const left = at - now();
      if (left <= 0) return 0;
      return current.speed === 0 ? Number.POSITIVE_INFINITY : Math.ceil(left / current.speed);
    },
    async moveTo(to) {
      if (to.getTime() <= now()) return;
      const moved = { calendar: to.getTime(), machine: machine.now(), speed: clock.speed };
      await anchor.set(moved);
      current = moved;
    },
  };
}

function realCalendar(machine: Machine): RealCalendar {
  return {
    simulated: false,
    now: () => new Date(machine.now()),
    untilMs: (at) => Math.max(0, at - machine.now()),
  };
}

/** The machine's clock may be set back; the calendar then stands still. Whole milliseconds. */
function reading(anchor: Anchor, machine: number): number {
  return anchor.calendar + Math.floor(Math.max(0, machine - anchor.machine) * anchor.speed);
}

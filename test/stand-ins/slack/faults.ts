/** What can go wrong with one call of the Web API. */
export const FAULTS = [
  "429",
  "500_before",
  "500_after",
  "reset_before",
  "reset_after",
  "slow",
  "internal_error",
] as const;
export type Fault = (typeof FAULTS)[number];

/** A small seeded generator (mulberry32), so that a bad night can be had again. */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

export type Faults = {
  /** The next call of this method fails so (several: in this order). */
  next(method: string, ...faults: Fault[]): void;
  /** On average this part of all calls fails, never long without one, and each way comes once before any comes again. */
  storm(chance: number, seed: number, kinds?: readonly Fault[]): void;
  calm(): void;
  /** Every call takes so long. Milliseconds. */
  delay: number;
  /** Every call of this method takes so long. Milliseconds; 0: as before. */
  slow(method: string, ms: number): void;
  /** How long a call of this method takes. Milliseconds. */
  delayOf(method: string): number;
  /** Every call of this method is refused with this code of Slack's. */
  refuse(method: string, code: string): void;
  refusalOf(method: string): string | undefined;
  take(method: string): Fault | undefined;
  /** How many there were, by kind. */
  taken: Partial<Record<Fault, number>>;
};

export function createFaults(): Faults {
  const slowness = new Map<string, number>();
  const planned = new Map<string, Fault[]>();
  const refusals = new Map<string, string>();
  let chance = 0;
  let random = seeded(1);
  let kinds: readonly Fault[] = FAULTS;
  let deck: Fault[] = [];
  /** Calls until the next one fails. */
  let until = 0;
  const gap = () => Math.ceil((random() * 2) / chance);
  const drawn = (): Fault | undefined => {
    if (chance === 0) return undefined;
    until -= 1;
    if (until > 0) return undefined;
    until = gap();
    if (deck.length === 0) deck = [...kinds];
    return deck.splice(Math.floor(random() * deck.length), 1)[0];
  };
  const taken: Partial<Record<Fault, number>> = {};
  return {
    delay: 0,
    slow(method, ms) {
      slowness.set(method, ms);
    },
    delayOf(method) {
      return this.delay + (slowness.get(method) ?? 0);
    },
    next(method, ...faults) {
      planned.set(method, [...(planned.get(method) ?? []), ...faults]);
    },
    storm(howOften, seed, which = FAULTS) {
      chance = howOften;
      random = seeded(seed);
      kinds = which;
      deck = [];
      until = chance === 0 ? 0 : gap();
    },
    calm() {
      chance = 0;
      planned.clear();
      refusals.clear();
    },
    refuse(method, code) {
      refusals.set(method, code);
    },
    refusalOf: (method) => refusals.get(method),
    taken,
    take(method) {
      const queue = planned.get(method);
      const fault = queue !== undefined && queue.length > 0 ? queue.shift() : drawn();
      if (fault !== undefined) taken[fault] = (taken[fault] ?? 0) + 1;
      return fault;
    },
  };
}

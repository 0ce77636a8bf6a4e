/**
 * Trouble on demand. `before`: nothing happened. `after`: it happened, and the caller doesn't know.
 */
export type Call = "create" | "post" | "update" | "delete" | "members" | "token";
export type Fault = {
  on: Call | "any";
  how: "429" | "412" | "403" | "404" | "500" | "502" | "502-after" | "reset-before" | "reset-after" | "slow" | "hang";
  times: number;
  /** Seconds, for 429. */
  retryAfter?: number;
  /** Milliseconds, for slow. */
  ms?: number;
  /** The service's code, for 403 and 404. */
  code?: string;
};

export type Faults = {
  add(fault: Omit<Fault, "times"> & { times?: number }): void;
  take(call: Call): Fault | undefined;
  clear(): void;
};

export function createFaults(): Faults {
  let waiting: Fault[] = [];
  return {
    add: (fault) => void waiting.push({ times: 1, ...fault }),
    take(call) {
      const fault = waiting.find(({ on }) => on === call || on === "any");
      if (fault === undefined) return undefined;
      fault.times -= 1;
      if (fault.times <= 0) waiting = waiting.filter((one) => one !== fault);
      return fault;
    },
    clear: () => {
      waiting = [];
    },
  };
}

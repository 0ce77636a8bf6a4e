import type { Gauge } from "prom-client";

/** What is counted. Labels are few and closed: never names, ids or words of people. */
const COUNTERS = {
  t_minus_inputs_total: { help: "Inputs by kind and outcome", labels: ["kind", "outcome"] },
  t_minus_effects_total: { help: "Effects by kind and how they settled", labels: ["effect", "result"] },
  t_minus_effect_seconds_total: { help: "Seconds spent on effects", labels: ["effect"] },
  t_minus_requests_total: { help: "HTTP requests by route and status class", labels: ["route", "status"] },
} as const;
export type CounterName = keyof typeof COUNTERS;

export type Metrics = {
  count(name: CounterName, labels: Record<string, string>, by?: number): void;
  /** Read when somebody scrapes. */
  gauge(name: string, help: string, read: () => number | Promise<number>): void;
  /** The exposition text. */
  text(): Promise<{ type: string; body: string }>;
};

type Series = { labels: Record<string, string>; value: number };

/**
 * Counts in plain maps; prom-client (20 MB) is loaded when somebody scrapes for the first time, so that a small
 * installation without Prometheus never pays for it.
 */
export function createMetrics(): Metrics {
  const counted = new Map<CounterName, Map<string, Series>>();
  const gauges: { name: string; help: string; read: () => number | Promise<number> }[] = [];
  let registry: Promise<{ contentType: string; metrics(): Promise<string> }> | undefined;

  async function register() {
    const { Counter, Gauge, Registry, collectDefaultMetrics } = await import("prom-client");
    const made = new Registry();
    collectDefaultMetrics({ register: made });
    for (const name of counterNames()) {
      const { help, labels } = COUNTERS[name];
      new Counter({
        name,
        help,
        labelNames: [...labels],
        registers: [made],
        collect() {
          this.reset();
          for (const series of counted.get(name)?.values() ?? []) this.inc(series.labels, series.value);
        },
      });
    }
    for (const { name, help, read } of gauges) {
      new Gauge({
        name,
        help,
        registers: [made],
        async collect(this: Gauge) {
          this.set(await read());
        },
      });
    }
    return made;
  }

  return {
    count(name, labels, by = 1) {
      const family = counted.get(name) ?? new Map<string, Series>();
      counted.set(name, family);
      const key = JSON.stringify(labels);
      const series = family.get(key);
      if (series === undefined) family.set(key, { labels, value: by });
      else series.value += by;
    },
    gauge(name, help, read) {
      gauges.push({ name, help, read });
    },
    async text() {
      registry ??= register();
      const made = await registry;
      return { type: made.contentType, body: await made.metrics() };
    },
  };
}

function counterNames(): CounterName[] {
  return Object.keys(COUNTERS).filter((name): name is CounterName => Object.hasOwn(COUNTERS, name));
}

import type { Headroom } from "../domain/evidence.ts";
import { isGlobalService, QUOTA_SUBJECTS, type QuotaSubject, quotaSubject } from "../domain/quota-subjects.ts";
import { type Capacity, capacityOf } from "./capacity.ts";
import type { AwsPlace } from "./clients.ts";
import type { Failure } from "./failure.ts";
import type { InstanceShape } from "./groups.ts";
import { readInstances, readReservations, readShapes, readSpotRequests } from "./read-ec2.ts";
import { readGroups } from "./read-groups.ts";
import { globalRegionOf, type QuotaRow, readDefaultQuotas, readQuotas } from "./read-quotas.ts";
import { readUsage, type UsageQuestion } from "./read-usage.ts";
import { type ReaderContext, type Reading, skippedNotes } from "./reading.ts";
import { countsItself, type Used, usedBy } from "./used.ts";

/** A figure with all it rests on. */
export type Figure = {
  subject: QuotaSubject;
  headroom: Headroom;
  region: string;
  calls: string[];
  readAt: string;
  notes: string[];
  failures: Failure[];
  /** false: AWS doesn't raise it. null: not known. */
  adjustable: boolean | null;
};

export type CapacityRead = {
  capacity: Capacity;
  shapes: ReadonlyMap<string, InstanceShape>;
  calls: string[];
  readAt: string;
  failures: Failure[];
};

/** All that is known about one account and Region. Everything is read when first asked for, once. */
export interface Facts {
  readonly place: AwsPlace;
  /** Instances, groups, reservations and Spot requests side by side; then every type in one go. */
  capacity(): Promise<CapacityRead>;
  /** Quota, use and projection of each subject. Global ones are read in their home Region. */
  figures(subjectIds: readonly string[]): Promise<Figure[]>;
  /** Figures of whole services: the known subjects, and every other quota with a usage metric. */
  services(codes: readonly string[]): Promise<Figure[]>;
  shapes(types: readonly string[]): Promise<Reading<Map<string, InstanceShape>>>;
}

export function createFacts(context: ReaderContext, place: AwsPlace, peak: number): Facts {
  let capacity: Promise<CapacityRead> | undefined;
  const homeOf = (service: string): AwsPlace =>
    isGlobalService(service) ? { ...place, region: globalRegionOf(place.region) } : place;

  const readCapacity = async (): Promise<CapacityRead> => {
    const [instances, groups, reservations, spot] = await Promise.all([
      readInstances(context, place),
      readGroups(context, place),
      readReservations(context, place),
      readSpotRequests(context, place),
    ]);
    const types = [
      ...(instances.ok ? instances.value.map((each) => each.type) : []),
      ...(groups.ok ? groups.value.flatMap((group) => group.candidates.map((each) => each.type)) : []),
      ...(reservations.ok ? reservations.value.map((each) => each.type) : []),
      ...(spot.ok ? spot.value.open : []),
    ];
    const shapes = await readShapes(context, place, types);
    const known = shapes.ok ? shapes.value : new Map<string, InstanceShape>();
    const all = [instances, groups, reservations, spot, shapes];
    const result = capacityOf({
      running: instances.ok && shapes.ok ? instances.value : null,
      groups: groups.ok && shapes.ok ? groups.value : null,
      reserved: reservations.ok ? reservations.value : [],
      spotOpen: spot.ok ? spot.value.open : [],
      shapes: known,
      peak,
    });
    const failed = (name: string, reading: Reading<unknown>) =>
      reading.ok ? [] : [`${name} couldn't be read and aren't counted`];
    const skipped = all.reduce((sum, each) => sum + (each.ok ? each.skipped : 0), 0);
    const assumptions = [
      ...result.assumptions,
      ...failed("Capacity Reservations", reservations),
      ...failed("Spot requests", spot),
      ...skippedNotes(skipped),
    ];
    return {
      capacity: { ...result, assumptions },
      shapes: known,
      calls: all.flatMap((each) => each.calls),
      readAt: context.calendar.now().toISOString(),
      failures: all.flatMap((each) => (each.ok ? [] : [each.failure])),
    };
  };

  const facts: Facts = {
    place,
    capacity: () => {
      capacity ??= readCapacity();
      return capacity;
    },
    shapes: (types) => readShapes(context, place, types),
    figures: async (ids) => {
      const subjects = ids.flatMap((id) => quotaSubject(id) ?? []);
      const services = [...new Set(subjects.map((each) => each.service))];
      const started = start(subjects);
      const quotas = await quotasOf(services, subjects);
      const figures = await figuresOf(subjects, [], quotas);
      await started;
      return figures;
    },
    services: async (codes) => {
      const subjects = QUOTA_SUBJECTS.filter((each) => codes.includes(each.service));
      const started = start(subjects);
      const quotas = await quotasOf(codes, subjects);
      const known = subjects.filter((subject) => {
        const read = quotas.get(subject.service);
        if (read?.rows.has(subject.code) === true) return true;
        // A service that isn't in this Region has no quotas to miss.
        return read?.failure !== undefined && read.failure.kind !== "absent";
      });
      const named = new Set(QUOTA_SUBJECTS.map((each) => each.code));
      const others = [...quotas.values()].flatMap((read) =>
        [...read.rows.values()].filter((row) => row.metric !== null && !named.has(row.code)),
      );
      const figures = await figuresOf(known, others, quotas);
      await started;
      return figures;
    },
  };

  /** What is described doesn't wait for the quotas, nor they for it: the readings are shared by the cache. */
  const start = async (subjects: readonly QuotaSubject[]): Promise<void> => {
    const counted = subjects.filter(countsItself);
    await Promise.all(counted.map((subject) => usedBy(context, homeOf(subject.service), facts, subject)));
  };

  type QuotaRead = { rows: Map<string, QuotaRow>; calls: string[]; readAt: string; failure?: Failure };

  /** Applied values by service; AWS's defaults are asked for only where a wanted code has no applied value. */
  const quotasOf = async (
    services: readonly string[],
    wanted: readonly QuotaSubject[],
  ): Promise<Map<string, QuotaRead>> => {
    const reads = await Promise.all(
      services.map(async (service): Promise<[string, QuotaRead]> => {
        const home = homeOf(service);
        const applied = await readQuotas(context, home, service);
        if (!applied.ok) {
          return [
            service,
            {
              rows: new Map(),
              calls: applied.calls,
              readAt: context.calendar.now().toISOString(),
              failure: applied.failure,
            },
          ];
        }
        const read: QuotaRead = { rows: applied.value, calls: applied.calls, readAt: applied.readAt };
        const missing = wanted.some((each) => each.service === service && !applied.value.has(each.code));
        if (!missing) return [service, read];
        const defaults = await readDefaultQuotas(context, home, service);
        if (!defaults.ok) return [service, { ...read, failure: defaults.failure }];
        return [
          service,
          {
            ...read,
            rows: new Map([...defaults.value, ...applied.value]),
            calls: [...applied.calls, ...defaults.calls],
          },
        ];
      }),
    );
    return new Map(reads);
  };

  const figuresOf = async (
    subjects: readonly QuotaSubject[],
    others: readonly QuotaRow[],
    quotas: ReadonlyMap<string, QuotaRead>,
  ): Promise<Figure[]> => {
    // CloudWatch tells what nothing else counts: one call for all of a Region, beside the describing calls.
    const questions = new Map<string, UsageQuestion[]>();
    const ask = (service: string, question: UsageQuestion) => {
      const region = homeOf(service).region;
      questions.set(region, [...(questions.get(region) ?? []), question]);
    };
    for (const subject of subjects) {
      if (countsItself(subject)) continue;
      const row = quotas.get(subject.service)?.rows.get(subject.code);
      const metric = row?.metric ?? fallbackMetric(subject);
      if (metric !== null) ask(subject.service, { key: subject.code, metric, perSeconds: row?.perSeconds ?? null });
    }
    for (const row of others) {
      if (row.metric !== null) ask(row.service, { key: row.code, metric: row.metric, perSeconds: row.perSeconds });
    }
    const usage = new Map<string, Reading<Map<string, number>>>();
    const [described] = await Promise.all([
      Promise.all(
        subjects.map(async (subject) => ({
          subject,
          used: countsItself(subject) ? await usedBy(context, homeOf(subject.service), facts, subject) : null,
        })),
      ),
      ...[...questions].map(async ([region, each]) => {
        usage.set(region, await readUsage(context, { ...place, region }, each));
      }),
    ]);
    const metered = (service: string, code: string): Used | null => {
      const reading = usage.get(homeOf(service).region);
      if (reading === undefined) return null;
      if (!reading.ok) return { value: null, calls: reading.calls, notes: [], failures: [reading.failure] };
      const value = reading.value.get(code) ?? null;
      return {
        value,
        calls: reading.calls,
        notes: value === null ? [] : ["highest in the last 24 hours"],
        failures: [],
      };
    };
    const figures = described.map(({ subject, used }) =>
      figureOf(subject, quotas.get(subject.service), used ?? metered(subject.service, subject.code)),
    );
    for (const row of others) {
      const subject: QuotaSubject = {
        id: `${row.service}/${row.code}`,
        service: row.service,
        code: row.code,
        label: row.name,
        unit: "",
        growth: row.metric?.statistic === "Sum" ? "traffic" : "none",
        demand: "more",
      };
      figures.push(figureOf(subject, quotas.get(row.service), metered(row.service, row.code)));
    }
    return figures;
  };

  const figureOf = (subject: QuotaSubject, quota: QuotaRead | undefined, used: Used | null): Figure => {
    const row = quota?.rows.get(subject.code);
    const value = row?.value ?? used?.quota ?? null;
    const headroom: Headroom = {
      label: subject.label,
      unit: subject.unit,
      used: used?.value ?? null,
      quota: value,
      quotaCode: subject.code,
      serviceCode: subject.service,
      ...(row?.isDefault === true ? { isDefault: true } : {}),
      ...(row?.unlimited === true || used?.unlimited === true ? { unlimited: true } : {}),
      ...(used?.atMax === undefined ? {} : { atMax: used.atMax }),
      ...(used?.projected !== undefined
        ? { projected: used.projected }
        : subject.growth === "traffic" && typeof used?.value === "number"
          ? { projected: used.value * peak }
          : {}),
    };
    return {
      subject,
      headroom,
      region: homeOf(subject.service).region,
      calls: [...new Set([...(quota?.calls ?? []), ...(used?.calls ?? [])])],
      readAt: quota?.readAt ?? context.calendar.now().toISOString(),
      notes: [...(row?.error ? [`AWS can't tell the quota now (${row.error})`] : []), ...(used?.notes ?? [])],
      adjustable: row?.adjustable ?? null,
      failures: [...(quota?.failure === undefined ? [] : [quota.failure]), ...(used?.failures ?? [])],
    };
  };

  return facts;
}

/** Lambda's concurrency is metered whether or not Service Quotas says how. */
function fallbackMetric(subject: QuotaSubject): QuotaRow["metric"] {
  if (subject.id !== "lambda-concurrency") return null;
  return { namespace: "AWS/Lambda", name: "ConcurrentExecutions", dimensions: {}, statistic: "Maximum" };
}

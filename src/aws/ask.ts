import type { EvidenceGap } from "../domain/evidence.ts";
import type { QuotaDesk } from "../domain/quota-answer.ts";
import type { QuotaQuery } from "../domain/quota-query.ts";
import { EVENT_SERVICES, quotaSubject } from "../domain/quota-subjects.ts";
import { answerQuota } from "./answer.ts";
import type { Finding } from "./answer-part.ts";
import { type AwsOptions, readerOf, targetsOf } from "./collect.ts";
import { createFacts, type Facts } from "./facts.ts";
import type { Failure } from "./failure.ts";
import { familyOf, subjectIdOf } from "./families.ts";

/** Shares the collector's cache when given the same one: a question about something just read costs no call. */
export function createQuotaDesk(options: AwsOptions): QuotaDesk {
  const reader = readerOf(options);
  return {
    async ask(query, { place, accounts = [], regions = [], peak = 1, zone, fresh }) {
      if (fresh === true) reader.cache.clear();
      const scope = {
        accounts: query.accounts.length > 0 ? query.accounts : accounts,
        regions: query.regions.length > 0 ? query.regions : regions,
      };
      const { targets, refusals } = targetsOf(options.accounts, scope, place);
      const findings = await Promise.all(
        targets.map(async ({ account, region }): Promise<Finding> => {
          const facts = createFacts(reader, { account, region, role: "read" }, peak);
          const found = await findingOf(query, facts);
          return { account: account.alias, region, ...found, gaps: gaps(found.failures, account.alias, region) };
        }),
      );
      const refused: EvidenceGap[] = refusals.map((each) => ({ source: "accounts", questions: [], ...each }));
      const answer = answerQuota(query, findings, {
        peak,
        ...(zone === undefined ? {} : { zone }),
        ...(options.thresholds === undefined ? {} : { thresholds: options.thresholds }),
      });
      return refused.length === 0
        ? answer
        : {
            ...answer,
            lines:
              findings.length === 0
                ? [`I can't tell. ${refused.map((each) => each.reason).join(" ")}`]
                : [...answer.lines, ...refused.map((each) => each.reason)],
            gaps: [...answer.gaps, ...refused],
          };
    },
  };
}

type Found = Omit<Finding, "account" | "region" | "gaps"> & { failures: Failure[] };

async function findingOf(query: QuotaQuery, facts: Facts): Promise<Found> {
  const none = { shapes: new Map(), shapesKnown: false, groupCount: null, failures: [] };
  switch (query.kind) {
    case "run": {
      const subjects = query.instances.flatMap(({ type }) => {
        const family = familyOf(type);
        return family === null ? [] : [subjectIdOf(family, query.purchase)];
      });
      const [shapes, figures] = await Promise.all([
        facts.shapes(query.instances.map((each) => each.type)),
        facts.figures([...new Set(subjects)].filter((id) => quotaSubject(id) !== undefined)),
      ]);
      return {
        ...none,
        figures,
        shapes: shapes.ok ? shapes.value : new Map(),
        shapesKnown: shapes.ok,
        failures: [...figures.flatMap((each) => each.failures), ...(shapes.ok ? [] : [shapes.failure])],
      };
    }
    case "room": {
      const figures = await facts.figures(query.subjects);
      return { ...none, figures, failures: figures.flatMap((each) => each.failures) };
    }
    case "closest": {
      const figures = await facts.services(query.services.length > 0 ? query.services : EVENT_SERVICES);
      return { ...none, figures, failures: figures.flatMap((each) => each.failures) };
    }
    case "groups": {
      const read = await facts.capacity();
      const ids = [...read.capacity.demands].filter(
        ([id, demand]) => demand.groups.length > 0 && quotaSubject(id) !== undefined,
      );
      const figures = await facts.figures(ids.map(([id]) => id));
      return {
        ...none,
        figures,
        groupCount: read.capacity.groupsKnown ? read.capacity.groupCount : null,
        failures: [...read.failures, ...figures.flatMap((each) => each.failures)],
      };
    }
  }
}

function gaps(failures: readonly Failure[], account: string, region: string): EvidenceGap[] {
  const byReason = new Map(failures.map((failure) => [failure.reason, failure]));
  return [...byReason.values()].map((failure) => ({
    source: "service-quotas",
    questions: [],
    account,
    region,
    reason: failure.reason,
    ...(failure.missingAction === undefined ? {} : { missingAction: failure.missingAction }),
  }));
}

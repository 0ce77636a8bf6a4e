import type { Headroom } from "../domain/evidence.ts";
import { EVENT_SERVICES, isGlobalService, QUOTA_SUBJECTS, serviceCodeOf } from "../domain/quota-subjects.ts";
import type { Draft } from "./claims.ts";
import type { Figure } from "./facts.ts";
import { inUse, number, percent, projectedUse, type Standing, standingOf, worst } from "./figures.ts";
import { readVolumes } from "./read-ec2.ts";
import { readUtilisation, type Utilisation } from "./read-quotas.ts";
import { readRdsAccount } from "./read-services.ts";
import type { Reading } from "./reading.ts";
import { draft, gapsOf, type Source, type SourceContext } from "./source.ts";
import { shortfall } from "./sources-compute.ts";

/** The tightest figures get a statement each, as many as a card can carry; the rest is one sentence. */
const STATED = 6;

/** Q1: which services need more than they have? Every quota in scope that has a use, against the peak. */
export const serviceQuotas: Source = {
  id: "service-quotas",
  questions: ["Q1"],
  async read(context) {
    const services = servicesOf(context.scope.services);
    // AWS makes its own report while we read. It is used if it is there by then, and nobody waits for it.
    let utilisation: Reading<Utilisation[]> | null = null;
    void readUtilisation(context.reader, context.place, context.sleep).then((done) => {
      utilisation = done;
    });
    const figures = (await context.facts.services(services)).filter(
      (each) => context.home || !isGlobalService(each.subject.service),
    );
    const gaps = gapsOf(
      context,
      this,
      figures.flatMap((each) => each.failures),
    );
    const ranked = figures
      .map((figure) => ({ figure, standing: standingOf(figure.headroom, context.thresholds) }))
      .sort((a, b) => share(b.figure.headroom) - share(a.figure.headroom));
    const tight = ranked.filter(({ standing }) => standing === "tight" || standing === "peak" || standing === "short");
    const drafts: Draft[] = tight
      .slice(0, STATED)
      .map(({ figure, standing }) => stated(context, this, figure, standing));
    const rest = ranked.filter((each) => !tight.slice(0, STATED).includes(each));
    const known = rest.filter(({ standing }) => standing !== "unknown");
    const report = reported(utilisation);
    const beyond = report.filter(
      (each) => each.percent >= context.thresholds.warn * 100 && !services.includes(each.service),
    );
    const unknown = rest.filter(({ standing }) => standing === "unknown").map(({ figure }) => figure.headroom.label);
    // Where nothing at all could be read the gaps say it; a fact would take the place of what was read last.
    const isBlind = known.length === 0 && tight.length === 0 && gaps.length > 0;
    if ((rest.length > 0 && !isBlind) || beyond.length > 0) {
      drafts.push(
        draft(context, this, "rest", {
          statement: [
            ...restWords(
              known.map(({ figure }) => figure.headroom),
              tight.length,
              services.length,
              context,
            ).map((line) =>
              gaps.length === 0 ? line : `As far as I can read: ${line.charAt(0).toLowerCase()}${line.slice(1)}`,
            ),
            ...(tight.length > STATED
              ? [`${tight.length - STATED} more are at ${number(context.thresholds.warn * 100)}% or above`]
              : []),
            ...(unknown.length === 0
              ? []
              : [
                  `Unknown: ${unknown.slice(0, 4).join(", ")}${unknown.length > 4 ? ` and ${unknown.length - 4} more` : ""}`,
                ]),
            ...(beyond.length === 0
              ? []
              : [
                  `Outside the scope AWS reports ${beyond
                    .slice(0, 3)
                    .map((each) => `${each.name} at ${number(each.percent)}%`)
                    .join(", ")}`,
                ]),
          ].join(". "),
          standing: worst(known.map((each) => each.standing)),
          calls: [
            ...figures.flatMap((each) => each.calls),
            ...(report.length > 0 ? ["servicequotas:GetQuotaUtilizationReport"] : []),
          ],
          readAt: oldest(known.map(({ figure }) => figure)) ?? context.reader.calendar.now().toISOString(),
          assumptions: [
            `peak ${number(context.scope.peak)}× applies to what grows with traffic and to Auto Scaling groups`,
          ],
          figures: known.map(({ figure }) => figure.headroom),
        }),
      );
    }
    return { drafts, gaps };
  },
};

/** A sentence on several figures is as old as the oldest of them. */
function oldest(figures: readonly Figure[]): string | undefined {
  return figures.map(({ readAt }) => readAt).sort()[0];
}

function reported(reading: Reading<Utilisation[]> | null): Utilisation[] {
  return reading?.ok === true ? reading.value : [];
}

/** One sentence on all that has room. */
function restWords(known: readonly Headroom[], tight: number, services: number, context: SourceContext): string[] {
  const first = known[0];
  if (first === undefined) return [];
  const of = `${number(known.length)} ${tight > 0 ? "other " : ""}quota${known.length === 1 ? "" : "s"} of ${services} service${services === 1 ? "" : "s"}`;
  const warn = `${number(context.thresholds.warn * 100)}%`;
  const head =
    tight > 0
      ? `${of} ${known.length === 1 ? "stays" : "stay"} below ${warn}`
      : `Nothing is at ${warn} or above: ${of} read`;
  return [`${head}; closest is ${first.label} (${inUse(first)})`];
}

/** Q3: storage per volume type, with what scaled-out instances bring. */
export const ebsStorage: Source = {
  id: "ebs-storage",
  questions: ["Q3"],
  async read(context) {
    const figures = await context.facts.figures(
      QUOTA_SUBJECTS.filter((each) => each.service === "ebs" && each.unit === "TiB").map((each) => each.id),
    );
    return volumeDrafts(context, this, figures, "No EBS volumes here, and no group would bring any");
  },
};

/** Q5: provisioned IOPS against the Region's quota. Only io1 and io2 have one. */
export const ebsIops: Source = {
  id: "ebs-iops",
  questions: ["Q5"],
  async read(context) {
    const ids = QUOTA_SUBJECTS.filter((each) => each.unit === "IOPS").map((each) => each.id);
    const [figures, volumes, rds] = await Promise.all([
      context.facts.figures(ids),
      readVolumes(context.reader, context.place),
      readRdsAccount(context.reader, context.place),
    ]);
    const provisioned = volumes.ok ? [...volumes.value.values()].reduce((sum, each) => sum + each.provisioned, 0) : 0;
    const databases = rds.ok ? (rds.value.get("DBInstances")?.used ?? 0) : 1;
    const result = volumeDrafts(
      context,
      this,
      figures,
      provisioned > 0
        ? `${number(provisioned)} gp3 volumes have IOPS provisioned above the 3,000 they come with; no Region quota counts those`
        : "No io1 or io2 volumes here",
    );
    return {
      ...result,
      drafts: result.drafts.map((each) => (provisioned === 0 && databases === 0 ? each : { ...each, none: false })),
    };
  },
};

function volumeDrafts(
  context: SourceContext,
  source: { id: string; questions: string[] },
  figures: readonly Figure[],
  none: string,
) {
  const gaps = gapsOf(
    context,
    source,
    figures.flatMap((each) => each.failures),
  );
  const present = figures.filter((each) => (projectedUse(each.headroom) ?? 0) > 0);
  if (present.length === 0) {
    const seen = figures.some((each) => each.headroom.used !== null);
    const nothing = draft(context, source, "none", {
      statement: none,
      standing: "room",
      none: true,
      calls: figures.flatMap((each) => each.calls),
      readAt: figures[0]?.readAt ?? context.reader.calendar.now().toISOString(),
    });
    return { drafts: seen ? [nothing] : [], gaps };
  }
  return {
    drafts: present.map((figure) => stated(context, source, figure, standingOf(figure.headroom, context.thresholds))),
    gaps,
  };
}

/** "gp3 storage: 45 of 50 TiB in use; 98% at 3× peak." */
export function stated(
  context: SourceContext,
  source: { id: string; questions: string[] },
  figure: Figure,
  standing: Standing,
): Draft {
  const { headroom } = figure;
  const projected = projectedUse(headroom);
  const later =
    headroom.quota === null || projected === null || projected === headroom.used
      ? ""
      : `; ${number(projected)} (${percent(projected, headroom.quota)}) at ${number(context.scope.peak)}× peak`;
  return draft(context, source, figure.subject.id, {
    statement: `${headroom.label}: ${inUse(headroom)}${later}${shortfall(figure, standing, context.scope.peak)}`,
    standing,
    calls: figure.calls,
    readAt: figure.readAt,
    assumptions: figure.notes,
    figures: [headroom],
    region: figure.region,
  });
}

/** Service Quotas' codes for the scope's services; all that events usually need when it names none. */
export function servicesOf(names: readonly string[]): string[] {
  const codes = names.flatMap((name) => serviceCodeOf(name) ?? []);
  return codes.length === 0 ? [...EVENT_SERVICES] : [...new Set(codes)];
}

/** For ranking: unknown use sorts last. */
export function share(headroom: Headroom): number {
  if (headroom.unlimited === true || headroom.quota === null) return -1;
  const projected = projectedUse(headroom);
  if (projected === null) return -1;
  return headroom.quota > 0 ? projected / headroom.quota : projected > 0 ? Number.POSITIVE_INFINITY : 0;
}

import type { Headroom } from "../domain/evidence.ts";
import { EVENT_SERVICES, isGlobalService, QUOTA_SUBJECTS, serviceCodeOf } from "../domain/quota-subjects.ts";
import type { Draft } from "./claims.ts";
import type { Figure } from "./facts.ts";
import { inUse, number, percent, projectedUse, type Standing, standingOf, worst } from "./figures.ts";
import { readVolumes } from "./read-ec2.ts";
import { readUtilisation, type Utilisation } from "./read-quotas.ts";
import { readMailAccount, readRdsAccount } from "./read-services.ts";
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
    if (rest.length > 0 || beyond.length > 0) {
      drafts.push(
        draft(context, this, "rest", {
          statement: [
            ...restWords(
              known.map(({ figure }) => figure.headroom),
              tight.length,
              services.length,
              context,
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
          readAt: figures[0]?.readAt ?? context.reader.calendar.now().toISOString(),
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

function reported(reading: Reading<Utilisation[]> | null): Utilisation[] {
  return reading?.ok === true ? reading.value : [];
}

/** One sentence on all that has room. */
function restWords(known: readonly Headroom[], tight: number, services: number, context: SourceContext): string[] {
  const first = known[0];
  if (first === undefined) return [];
  const of = `${number(known.length)} ${tight > 0 ? "other " : ""}quota${known.length === 1 ? "" : "s"} of ${services} service${services === 1 ? "" : "s"}`;
  const warn = `${number(context.thresholds.warn * 100)}%`;
  const head = tight > 0 ? `${of} stay below ${warn}` : `Nothing is at ${warn} or above: ${of} read`;
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

/** Q7: SES by day and by second, in recipients; the sandbox is a shortfall whatever the numbers. */
export const sesSending: Source = {
  id: "ses-sending",
  questions: ["Q7"],
  async read(context) {
    const [reading, figures] = await Promise.all([
      readMailAccount(context.reader, context.place),
      context.facts.figures(["ses-daily", "ses-rate"]),
    ]);
    if (!reading.ok) return { drafts: [], gaps: gapsOf(context, this, [reading.failure]) };
    const mail = reading.value;
    const services = context.scope.services.map((each) => serviceCodeOf(each));
    const unused = mail.sentLastDay === 0 && !mail.production && services.length > 0 && !services.includes("ses");
    const peak = context.scope.peak;
    const day = mail.sentLastDay * peak;
    const perSecond = (day * BUSIEST_HOUR) / 3_600;
    const daily: Headroom = {
      label: "SES recipients in 24 hours",
      unit: "recipients",
      used: mail.sentLastDay,
      quota: mail.perDay,
      projected: day,
      serviceCode: "ses",
      quotaCode: "L-804C8AE8",
      ...(mail.perDay === null ? { unlimited: true } : {}),
    };
    const rate: Headroom = {
      label: "SES sending rate",
      unit: "recipients/s",
      used: (mail.sentLastDay * BUSIEST_HOUR) / 3_600,
      quota: mail.perSecond,
      projected: perSecond,
      serviceCode: "ses",
      quotaCode: "L-CDEF9B6B",
    };
    const stopped = mail.enforcement === "SHUTDOWN";
    const standing: Standing = unused
      ? "room"
      : !mail.production || stopped
        ? "short"
        : mail.sentLastDay === 0
          ? "unknown"
          : worst([standingOf(daily, context.thresholds), standingOf(rate, context.thresholds)]);
    const statement = unused
      ? "SES is in its sandbox and sent nothing in 24 hours"
      : [
          `SES: ${mail.perDay === null ? `${number(mail.sentLastDay)} recipients in 24 hours, no daily quota` : `${number(mail.sentLastDay)} of ${number(mail.perDay)} recipients in 24 hours`}, at most ${number(mail.perSecond)} a second`,
          mail.sentLastDay > 0
            ? `; ${number(day)} in a day at ${number(peak)}× peak`
            : "; nothing was sent in 24 hours, so I can't tell what the event needs",
          mail.production
            ? ""
            : ". The account is in the sandbox: only verified addresses are reached. Ask for production access",
          stopped
            ? ". AWS has stopped sending from this account"
            : mail.enforcement === "PROBATION"
              ? ". AWS has this account on probation"
              : "",
        ].join("");
    return {
      drafts: [
        draft(context, this, "account", {
          statement,
          standing,
          ...(unused ? { none: true } : {}),
          ...(mail.sentLastDay > 0 ? { refutes: ["q7_not_used"] } : {}),
          calls: [...reading.calls, ...figures.flatMap((each) => each.calls)],
          readAt: reading.readAt,
          assumptions: [
            "quotas count recipients, not messages",
            "a quarter of a day's mail leaves in its busiest hour",
          ],
          figures: [daily, rate],
        }),
      ],
      gaps: [],
    };
  },
};

/** SES tells no rate. Campaign mail comes in waves; this is stated wherever it is used. */
const BUSIEST_HOUR = 0.25;

/** Q4: AWS says nothing about mail from instances, but one fact decides most of it. */
export const emailPort25: Source = {
  id: "email-port-25",
  questions: ["Q4"],
  async read(context) {
    const reading = await readMailAccount(context.reader, context.place);
    const ses = !reading.ok
      ? ""
      : reading.value.production
        ? ` SES may send ${number(reading.value.perSecond)} a second here.`
        : " SES is still in its sandbox here.";
    return {
      drafts: [
        draft(context, this, "default", {
          statement: `EC2 blocks port 25 to public addresses until AWS lifts it on request, and no API tells whether it did. Ports 587 and 465 are open.${ses}`,
          standing: "unknown",
          calls: reading.ok ? reading.calls : [],
          readAt: reading.ok ? reading.readAt : context.reader.calendar.now().toISOString(),
        }),
      ],
      gaps: [],
    };
  },
};

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
    statement: `${headroom.label}: ${inUse(headroom)}${later}${shortfall(figure, standing)}`,
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

import { DateTime } from "luxon";
import type { EvidenceGap, Headroom } from "../domain/evidence.ts";
import type { QuotaAnswer, QuotaFigure, RaiseProposal } from "../domain/quota-answer.ts";
import type { QuotaQuery } from "../domain/quota-query.ts";
import { quotaSubject } from "../domain/quota-subjects.ts";
import type { Figure } from "./facts.ts";
import { familyOf, subjectIdOf } from "./families.ts";
import {
  DEFAULT_THRESHOLDS,
  inUse,
  left,
  number,
  percent,
  projectedUse,
  standingOf,
  suggestedValue,
  type Thresholds,
} from "./figures.ts";
import type { InstanceShape } from "./groups.ts";

/** What was read for a question in one account and Region. */
export type Finding = {
  account: string;
  region: string;
  figures: Figure[];
  shapes: ReadonlyMap<string, InstanceShape>;
  /** false: the types couldn't be read, so that an absent one isn't "not offered". */
  shapesKnown: boolean;
  groupCount: number | null;
  gaps: EvidenceGap[];
};

export type AnswerOptions = { peak: number; thresholds?: Thresholds /** IANA zone for "read 09:02". */; zone?: string };

type Part = Pick<QuotaAnswer, "verdict" | "lines" | "raise"> & { figures: Headroom[] };
type Placed = Omit<Part, "figures"> & { figures: QuotaFigure[] };

/** Answers a typed question from what was read. Pure: every number in it comes from `findings`. */
export function answerQuota(query: QuotaQuery, findings: readonly Finding[], options: AnswerOptions): QuotaAnswer {
  const gaps = findings.flatMap((each) => each.gaps);
  if (findings.length === 0) {
    return {
      verdict: "unknown",
      lines: ["I can't tell: there is no account and Region here that I may read."],
      figures: [],
      raise: [],
      gaps,
    };
  }
  const parts = findings.flatMap((finding) =>
    partsOf(query, finding, options).map((part): Placed => {
      const { account, region } = finding;
      return { ...part, figures: part.figures.map((figure) => ({ ...figure, account, region })) };
    }),
  );
  if (parts.length === 0) {
    const why = gaps[0]?.reason ?? "AWS has no such quota here";
    return { verdict: "unknown", lines: [`I can't tell: ${why}.`], figures: [], raise: [], gaps };
  }
  // A clear no anywhere is a no; one that can't be told outweighs a yes.
  const verdict = parts.some((each) => each.verdict === "no")
    ? "no"
    : parts.some((each) => each.verdict === "unknown")
      ? "unknown"
      : "yes";
  const ordered = [
    ...parts.filter((each) => each.verdict === verdict),
    ...parts.filter((each) => each.verdict !== verdict),
  ];
  const lines = ordered.flatMap((each) => each.lines);
  // What a line gives as its reason isn't said again.
  const unsaid = gaps.filter(
    ({ reason, account, region }) =>
      !lines.some(
        (line) => line.includes(reason) && (findings.length === 1 || line.includes([account, region].join(", "))),
      ),
  );
  return {
    verdict,
    lines: [...lines, ...gapLines(unsaid)],
    figures: ordered.flatMap((each) => each.figures),
    raise: ordered.flatMap((each) => each.raise),
    gaps,
  };
}

function partsOf(query: QuotaQuery, finding: Finding, options: AnswerOptions): Part[] {
  switch (query.kind) {
    case "run":
      return runParts(query, finding, options);
    case "room":
      return query.subjects.flatMap((id) => {
        const figure = finding.figures.find((each) => each.subject.id === id);
        return figure === undefined ? [] : [roomPart(figure, query.amount, query.demand, finding, options)];
      });
    case "closest":
      return [closestPart(finding, query.top, options)];
    case "groups":
      return [groupsPart(finding, options)];
  }
}

/** Instances to vCPUs, per family: quotas count vCPUs and never instances. */
function runParts(query: Extract<QuotaQuery, { kind: "run" }>, finding: Finding, options: AnswerOptions): Part[] {
  const wanted = new Map<string, { vcpus: number; sums: string[] }>();
  const parts: Part[] = [];
  for (const { type, count } of query.instances) {
    const shape = finding.shapes.get(type);
    const family = familyOf(type);
    if (shape === undefined) {
      parts.push(
        finding.shapesKnown
          ? plain("no", `No. ${type} isn't offered in ${finding.region}.`)
          : plain("unknown", `I can't tell: the vCPUs of ${type} couldn't be read in ${at(finding)}.`),
      );
      continue;
    }
    if (family === null) {
      parts.push(
        plain(
          "unknown",
          `I can't tell: ${type} belongs to no family with a vCPU quota that I know (Dedicated Hosts have their own).`,
        ),
      );
      continue;
    }
    const id = subjectIdOf(family, query.purchase);
    if (quotaSubject(id) === undefined) {
      parts.push(plain("no", `No. ${type} can't be had as Spot.`));
      continue;
    }
    const sum = wanted.get(id) ?? { vcpus: 0, sums: [] };
    sum.vcpus += shape.vcpus * count;
    sum.sums.push(`${number(count)} × ${number(shape.vcpus)}`);
    wanted.set(id, sum);
  }
  for (const [id, { vcpus, sums }] of wanted) {
    const figure = finding.figures.find((each) => each.subject.id === id);
    if (figure === undefined) continue;
    parts.push(additionPart(figure, vcpus, `${sums.join(" + ")} = ${number(vcpus)} vCPU`, finding, options));
  }
  return parts;
}

/** "No. 300 × 8 = 2,400 vCPU; you have room for 1,056." */
function additionPart(figure: Figure, extra: number, sum: string, finding: Finding, options: AnswerOptions): Part {
  const { headroom } = figure;
  const room = left(headroom);
  if (headroom.unlimited === true) {
    return {
      verdict: "yes",
      lines: [`Yes. ${sum}; there is no quota on ${headroom.label}.`, figureLine(figure, finding, options)],
      figures: [headroom],
      raise: [],
    };
  }
  if (room === null || headroom.used === null || headroom.quota === null) return unknownPart(figure, finding, options);
  const needed = headroom.used + extra;
  const fits = needed <= headroom.quota;
  const lines = fits
    ? [
        `Yes. ${sum}; you have room for ${number(room)}.`,
        `${figureLine(figure, finding, options)} Then ${number(needed)} (${percent(needed, headroom.quota)}).`,
      ]
    : [
        `No. ${sum}; you have room for ${number(room)}.`,
        `${figureLine(figure, finding, options)} Short by ${number(needed - headroom.quota)}.`,
      ];
  return {
    verdict: fits ? "yes" : "no",
    lines: [...lines, ...sharedLines(figure, fits ? needed : null, options)],
    figures: [{ ...headroom, projected: needed }],
    raise: fits ? [] : proposal(figure, needed, finding),
  };
}

function roomPart(
  figure: Figure,
  amount: number | undefined,
  demand: "more" | "total",
  finding: Finding,
  options: AnswerOptions,
): Part {
  const { headroom } = figure;
  const unit = headroom.unit;
  if (amount !== undefined && demand === "more") {
    return additionPart(figure, amount, `${number(amount)} ${unit} more`, finding, options);
  }
  if (headroom.unlimited === true) {
    return {
      verdict: "yes",
      lines: [`Yes. There is no quota on ${headroom.label}.`, figureLine(figure, finding, options)],
      figures: [headroom],
      raise: [],
    };
  }
  if (amount !== undefined) {
    if (headroom.quota === null) return unknownPart(figure, finding, options);
    const fits = amount <= headroom.quota;
    return {
      verdict: fits ? "yes" : "no",
      lines: [
        fits
          ? `Yes. ${number(amount)} ${unit} in all; the quota is ${number(headroom.quota)}.`
          : `No. ${number(amount)} ${unit} in all; the quota is ${number(headroom.quota)}, short by ${number(amount - headroom.quota)}.`,
        figureLine(figure, finding, options),
        ...noteLines(figure, options),
      ],
      figures: [{ ...headroom, projected: amount }],
      raise: fits ? [] : proposal(figure, amount, finding),
    };
  }
  const room = left(headroom);
  if (room === null || headroom.quota === null) return unknownPart(figure, finding, options);
  const projected = projectedUse(headroom) ?? 0;
  return {
    verdict: room > 0 ? "yes" : "no",
    lines: [
      room > 0
        ? `Yes, ${number(room)} ${unit} of ${headroom.label} left.`
        : `No, nothing of ${headroom.label} is left.`,
      figureLine(figure, finding, options),
      ...sharedLines(figure, null, options),
    ],
    figures: [headroom],
    raise: projected > headroom.quota ? proposal(figure, projected, finding) : [],
  };
}

function closestPart(finding: Finding, top: number, options: AnswerOptions): Part {
  const thresholds = options.thresholds ?? DEFAULT_THRESHOLDS;
  const known = finding.figures
    .flatMap((figure) => {
      const projected = projectedUse(figure.headroom);
      const { quota } = figure.headroom;
      if (figure.headroom.unlimited === true || quota === null || projected === null) return [];
      // A quota of 0 that nothing uses is no news.
      return quota === 0 && projected === 0
        ? []
        : [{ figure, share: quota === 0 ? Number.POSITIVE_INFINITY : projected / quota }];
    })
    .sort((a, b) => b.share - a.share);
  const first = known[0];
  if (first === undefined) return plain("unknown", `I can't tell: no quota with a known use in ${at(finding)}.`);
  const tight = known.filter((each) => each.share >= thresholds.warn);
  const shown = known.slice(0, top);
  const warn = `${number(thresholds.warn * 100)}% or above`;
  const where = `(${at(finding)}, read ${readAt(first.figure, options)})`;
  const count = tight.length === 0 ? "Nothing is" : tight.length === 1 ? "1 quota is" : `${tight.length} quotas are`;
  // It was asked what is closest, which yes or no doesn't answer.
  const head = `${count} at ${warn} ${where}. Closest: ${first.figure.headroom.label}.`;
  return {
    verdict: tight.length === 0 ? "no" : "yes",
    lines: [
      head,
      ...shown.map(
        ({ figure }) => `${figure.headroom.label}: ${inUse(figure.headroom)}${later(figure.headroom, options)}`,
      ),
    ],
    figures: shown.map(({ figure }) => figure.headroom),
    raise: shown.flatMap(({ figure, share }) =>
      share > thresholds.full ? proposal(figure, projectedUse(figure.headroom) ?? 0, finding) : [],
    ),
  };
}

function groupsPart(finding: Finding, options: AnswerOptions): Part {
  const thresholds = options.thresholds ?? DEFAULT_THRESHOLDS;
  if (finding.groupCount === null)
    return plain("unknown", `I can't tell: the Auto Scaling groups of ${at(finding)} couldn't be read.`);
  if (finding.groupCount === 0) return plain("yes", `Yes: there are no Auto Scaling groups in ${at(finding)}.`);
  const standings = finding.figures.map((figure) => ({ figure, standing: standingOf(figure.headroom, thresholds) }));
  const bad = standings.filter(({ standing }) => standing === "short" || standing === "peak");
  const blind = standings.filter(({ standing }) => standing === "unknown");
  const lines = finding.figures.map(
    (figure) => `${figure.headroom.label}: ${inUse(figure.headroom)}${later(figure.headroom, options)}`,
  );
  const count = `${number(finding.groupCount)} group${finding.groupCount === 1 ? "" : "s"} in ${at(finding)}`;
  const notes = [...new Set(finding.figures.flatMap((figure) => figure.notes))].map((note) => `Assumed: ${note}.`);
  const figures = finding.figures.map((figure) => figure.headroom);
  if (bad.length > 0) {
    const short = bad.some(({ standing }) => standing === "short");
    return {
      verdict: "no",
      lines: [
        `No. ${count} can ask for more than the quota${short ? "" : ` at ${number(options.peak)}× peak, though not at their maximum`}.`,
        ...lines,
        ...notes,
      ],
      figures,
      raise: bad.flatMap(({ figure }) => proposal(figure, projectedUse(figure.headroom) ?? 0, finding)),
    };
  }
  if (blind.length > 0 || finding.figures.length === 0) {
    return {
      verdict: "unknown",
      lines: [`I can't tell for ${count}: a quota, or what may start, is unknown.`, ...lines, ...notes],
      figures,
      raise: [],
    };
  }
  return {
    verdict: "yes",
    lines: [`Yes. ${count} fit their quotas at maximum and at ${number(options.peak)}× peak.`, ...lines, ...notes],
    figures,
    raise: [],
  };
}

/** "Running On-Demand Standard: 96 of 1,152 vCPU in use (prod, eu-west-1, read 09:02)." */
function figureLine(figure: Figure, finding: Finding, options: AnswerOptions): string {
  const read = readAt(figure, options);
  return `${figure.headroom.label}: ${inUse(figure.headroom)} (${finding.account}, ${figure.region}, read ${read}).`;
}

function readAt(figure: Figure, options: AnswerOptions): string {
  const time = DateTime.fromISO(figure.readAt, { zone: options.zone ?? "utc" });
  return `${time.toFormat("HH:mm")}${options.zone === undefined ? " UTC" : ""}`;
}

/** The room isn't the asker's alone: groups may take it first. */
function sharedLines(figure: Figure, needed: number | null, options: AnswerOptions): string[] {
  const { headroom } = figure;
  const { used, quota, atMax } = headroom;
  if (atMax === undefined || used === null || quota === null || atMax <= used) return noteLines(figure, options);
  const over = needed === null ? atMax : atMax + (needed - used);
  const peak =
    headroom.projected === undefined || options.peak === 1
      ? ""
      : `, ${number(headroom.projected)} at ${number(options.peak)}× peak`;
  return [
    `Auto Scaling groups may bring it to ${number(atMax)} at their maximum${peak}${over > quota ? ": then it doesn't fit" : ""}.`,
    ...noteLines(figure, options),
  ];
}

/** Outside a session no peak is expected, so nothing is assumed about one. */
function noteLines(figure: Figure, { peak }: AnswerOptions): string[] {
  const notes = figure.notes.filter((note) => peak !== 1 || !note.startsWith("peak "));
  return notes.length === 0 ? [] : [`Assumed: ${notes.join("; ")}.`];
}

function later(headroom: Headroom, options: AnswerOptions): string {
  const max =
    headroom.atMax === undefined || headroom.atMax === headroom.used
      ? ""
      : `; ${number(headroom.atMax)} at group maximum`;
  const { projected } = headroom;
  const peak =
    projected === undefined || projected === headroom.used || options.peak === 1
      ? ""
      : `; ${number(projected)} at ${number(options.peak)}× peak`;
  return `${max}${peak}.`;
}

function unknownPart(figure: Figure, finding: Finding, options: AnswerOptions): Part {
  const why = figure.failures[0]?.reason ?? figure.notes[0] ?? "AWS doesn't say";
  const isEmpty = figure.headroom.used === null && figure.headroom.quota === null;
  return {
    verdict: "unknown",
    lines: isEmpty
      ? [`I can't tell: ${why} (${at(finding)}).`]
      : [`I can't tell: ${why}.`, figureLine(figure, finding, options)],
    figures: [figure.headroom],
    raise: [],
  };
}

function proposal(figure: Figure, needed: number, finding: Finding): RaiseProposal[] {
  const { quota } = figure.headroom;
  if (quota === null || figure.adjustable === false) return [];
  return [
    {
      account: finding.account,
      region: figure.region,
      serviceCode: figure.subject.service,
      quotaCode: figure.subject.code,
      label: figure.headroom.label,
      unit: figure.headroom.unit,
      current: quota,
      needed,
      value: suggestedValue(needed),
    },
  ];
}

function plain(verdict: Part["verdict"], line: string): Part {
  return { verdict, lines: [line], figures: [], raise: [] };
}

function at(finding: Finding): string {
  return `${finding.account}, ${finding.region}`;
}

function gapLines(gaps: readonly EvidenceGap[]): string[] {
  return [
    ...new Set(
      gaps.map(
        (gap) => `Not read in ${[gap.account, gap.region].filter((each) => each !== "").join(", ")}: ${gap.reason}.`,
      ),
    ),
  ];
}

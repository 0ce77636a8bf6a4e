import type { QuotaQuery } from "../domain/quota-query.ts";
import { quotaSubject } from "../domain/quota-subjects.ts";
import { type AnswerOptions, at, type Finding, type Part, plain, proposal, readAt } from "./answer-part.ts";
import type { Figure } from "./facts.ts";
import { familyOf, subjectIdOf } from "./families.ts";
import { inUse, left, number, percent, projectedUse } from "./figures.ts";

/** Instances to vCPUs, per family: quotas count vCPUs and never instances. */
export function runParts(
  query: Extract<QuotaQuery, { kind: "run" }>,
  finding: Finding,
  options: AnswerOptions,
): Part[] {
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

/** What is left of a subject, or whether an amount of it fits. */
export function roomPart(
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

/** "Running On-Demand Standard: 96 of 1,152 vCPU in use (prod, eu-west-1, read 09:02)." */
function figureLine(figure: Figure, finding: Finding, options: AnswerOptions): string {
  const read = readAt(figure, options);
  return `${figure.headroom.label}: ${inUse(figure.headroom)} (${finding.account}, ${figure.region}, read ${read}).`;
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

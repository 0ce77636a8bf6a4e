import type { Headroom } from "../domain/evidence.ts";
import { type AnswerOptions, at, type Finding, type Part, plain, proposal, readAt } from "./answer-part.ts";
import { DEFAULT_THRESHOLDS, inUse, number, projectedUse, standingOf } from "./figures.ts";

/** What comes closest to its quota, the tightest first. */
export function closestPart(finding: Finding, top: number, options: AnswerOptions): Part {
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

/** Whether the Auto Scaling groups fit their quotas, at maximum and at peak. */
export function groupsPart(finding: Finding, options: AnswerOptions): Part {
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

import type { EvidenceGap } from "../domain/evidence.ts";
import type { QuotaAnswer, QuotaFigure } from "../domain/quota-answer.ts";
import type { QuotaQuery } from "../domain/quota-query.ts";
import type { AnswerOptions, Finding, Part } from "./answer-part.ts";
import { roomPart, runParts } from "./answer-room.ts";
import { closestPart, groupsPart } from "./answer-standing.ts";

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

function gapLines(gaps: readonly EvidenceGap[]): string[] {
  return [
    ...new Set(
      gaps.map(
        (gap) => `Not read in ${[gap.account, gap.region].filter((each) => each !== "").join(", ")}: ${gap.reason}.`,
      ),
    ),
  ];
}

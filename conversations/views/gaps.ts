import type { EvidenceGap } from "../../src/domain/evidence.ts";
import type { Rich } from "../../src/domain/message.ts";
import type { SessionState } from "../../src/domain/session.ts";
import { coded } from "../coded.ts";

/**
 * What AWS couldn't tell. One missing permission is said on the question that it is about; that AWS can't be read at all
 * is said once, on the module's card, and not on every question again.
 */

/** An account and Region that can't be read at all: no network, no credentials, no role. */
function isWhole(gap: EvidenceGap): boolean {
  return gap.missingAction === undefined || gap.missingAction === "sts:AssumeRole" || gap.source === "accounts";
}

/** The gaps that several questions of a module share, one a reason, with all their places. */
export function sharedGaps(state: SessionState, questions: readonly string[]): { reason: string; places: string[] }[] {
  const byReason = new Map<string, { places: Set<string>; questions: Set<string> }>();
  for (const gap of state.gaps.filter(isWhole)) {
    const touched = gap.questions.filter((id) => questions.includes(id));
    if (touched.length === 0) continue;
    const entry = byReason.get(gap.reason) ?? { places: new Set(), questions: new Set() };
    entry.places.add([gap.account, gap.region].filter((part) => part !== "").join(", "));
    for (const id of touched) entry.questions.add(id);
    byReason.set(gap.reason, entry);
  }
  return [...byReason]
    .filter(([, entry]) => entry.questions.size > 1)
    .map(([reason, { places }]) => ({ reason, places: [...places] }));
}

/** What is missing for one question and said nowhere else. */
export function ownGaps(state: SessionState, question: string): EvidenceGap[] {
  const module = state.questions[question]?.module;
  const siblings = state.modules[module ?? ""]?.questions ?? [];
  const shared = new Set(sharedGaps(state, siblings).map(({ reason }) => reason));
  const own = state.gaps.filter((gap) => gap.questions.includes(question) && !(isWhole(gap) && shared.has(gap.reason)));
  const key = (gap: EvidenceGap) => `${gap.account}/${gap.region}/${gap.reason}`;
  return [...new Map(own.map((gap) => [key(gap), gap])).values()];
}

/** "AWS can't be read in prod, eu-west-1: …", once for a module. */
export function sharedGapLines(state: SessionState, questions: readonly string[], command: string): Rich[] {
  return sharedGaps(state, questions)
    .slice(0, 2)
    .map(({ reason, places }): Rich => {
      const where = places.slice(0, 3).join("; ");
      return coded(
        `I can't read AWS${where === "" ? "" : ` (${where})`}: ${reason.replace(/\.$/, "")}. Answer from what you know; it counts the same. \`${command} evidence\` tries again.`,
      );
    });
}

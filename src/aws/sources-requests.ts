import type { Headroom } from "../domain/evidence.ts";
import type { ChoiceId, QuestionId } from "../domain/ids.ts";
import type { QuotaRequest } from "../domain/quota-answer.ts";
import { quotaSubjectOfCode } from "../domain/quota-subjects.ts";
import type { Draft, SourceResult } from "./claims.ts";
import { number, projectedUse } from "./figures.ts";
import { readQuotaRequests } from "./read-quotas.ts";
import { draft, gapsOf, type Source, type SourceContext } from "./source.ts";

/**
 * AWS promises no time for an increase, and requests get no priority. Closer to the event than this, an open one is
 * late. A product decision, stated in the evidence.
 */
export const LATE_DAYS = 7;

export function isOpen(status: QuotaRequest["status"]): boolean {
  return status === "PENDING" || status === "CASE_OPENED";
}

/** Still open, with too little time left before the event. */
export function isLate(
  request: Pick<QuotaRequest, "status">,
  eventAt: string,
  now: Date,
  lateDays = LATE_DAYS,
): boolean {
  return isOpen(request.status) && new Date(eventAt).getTime() - now.getTime() < lateDays * 86_400_000;
}

/** The sources whose "falls short" says as well that nothing is filed. */
const UNLESS_FILED = new Set(["service-quotas", "ebs-storage"]);

/** Marks shortfalls for which a large enough increase is on its way in time. Asks AWS only where there is a shortfall. */
export async function markFiled(context: SourceContext, source: string, result: SourceResult): Promise<SourceResult> {
  const isShort = ({ standing }: Draft) => standing === "short" || standing === "peak";
  if (!UNLESS_FILED.has(source) || !result.drafts.some(isShort)) return result;
  const reading = await readQuotaRequests(context.reader, context.place);
  if (!reading.ok) return result;
  const now = context.reader.calendar.now();
  const isFiled = (figure: Headroom) =>
    reading.value.some(
      (request) =>
        request.code === figure.quotaCode &&
        isOpen(request.status) &&
        !isLate(request, context.scope.eventAt, now) &&
        request.desired >= (projectedUse(figure) ?? 0),
    );
  const drafts = result.drafts.map((each) =>
    isShort(each) && (each.figures ?? []).length > 0 && (each.figures ?? []).every(isFiled)
      ? { ...each, filed: true }
      : each,
  );
  return { ...result, drafts };
}

/** Increases that are filed: value, date, state, and whether they come in time. */
export const quotaRequests: Source = {
  id: "quota-requests",
  questions: ["Q1", "Q2", "Q3", "Q7"],
  async read(context) {
    const reading = await readQuotaRequests(context.reader, context.place);
    if (!reading.ok) return { drafts: [], gaps: gapsOf(context, this, [reading.failure]) };
    const now = context.reader.calendar.now();
    const newest = new Map<string, QuotaRequest>();
    for (const request of reading.value) if (!newest.has(request.code)) newest.set(request.code, request);
    const subjects = [...newest.values()].flatMap((each) => quotaSubjectOfCode(each.code) ?? []);
    const figures = await context.facts.figures(subjects.map((each) => each.id));
    const drafts = [...newest.values()].slice(0, 12).map((request) => {
      const subject = quotaSubjectOfCode(request.code);
      const figure = figures.find((each) => each.subject.code === request.code);
      const needed = figure === undefined ? null : projectedUse(figure.headroom);
      const late = isLate(request, context.scope.eventAt, now);
      const covers = needed === null || request.desired >= needed;
      const label = subject?.label ?? request.name;
      const filed = request.createdAt === null ? "" : ` on ${request.createdAt.slice(0, 10)}`;
      const open = isOpen(request.status);
      const statement = [
        `${label}: ${number(request.desired)} ${subject?.unit ?? ""}`.trimEnd(),
        ` was asked for${filed}; ${STATES[request.status]}`,
        open && late ? `. Late: the event is less than ${LATE_DAYS} days away` : "",
        open && !covers && needed !== null ? `. That doesn't cover the ${number(needed)} needed at peak` : "",
      ].join("");
      return draft(context, this, request.code, {
        statement,
        standing: "room",
        ...whatItShows(request, { late, covers, shortfall: shortfallOf(figure?.headroom) }),
        questions: questionsOf(request.service),
        calls: [...reading.calls, ...(figure?.calls ?? [])],
        readAt: reading.readAt,
        ...(figure === undefined ? {} : { figures: [figure.headroom] }),
      });
    });
    return { drafts, gaps: [] };
  },
};

const STATES: Record<QuotaRequest["status"], string> = {
  PENDING: "AWS hasn't answered yet",
  CASE_OPENED: "a support case is open",
  APPROVED: "AWS approved it",
  DENIED: "AWS denied it",
  CASE_CLOSED: "the support case is closed",
  NOT_APPROVED: "AWS didn't approve it",
  INVALID_REQUEST: "AWS found the request invalid",
};

function questionsOf(service: string): QuestionId[] {
  if (service === "ec2") return ["Q1", "Q2"];
  if (service === "ebs") return ["Q1", "Q3"];
  return service === "ses" ? ["Q1", "Q7"] : ["Q1"];
}

type Shown = { late: boolean; covers: boolean; shortfall: boolean };

/** "An increase is filed and due in time" holds while it is open, large enough and not late; late, the shortfall stays. */
function whatItShows(
  request: QuotaRequest,
  { late, covers, shortfall }: Shown,
): { proves: ChoiceId[]; refutes: ChoiceId[] } {
  const choices = (what: "filed" | "short") =>
    questionsOf(request.service).map((question) => `${question.toLowerCase()}_${what}`);
  if (isOpen(request.status)) {
    if (!late) return { proves: covers ? choices("filed") : [], refutes: [] };
    return { proves: shortfall ? choices("short") : [], refutes: choices("filed") };
  }
  const refused = request.status !== "APPROVED";
  return { proves: [], refutes: refused && shortfall ? choices("filed") : [] };
}

/** Whether today's quota is too small for the peak; what can't be told counts as too small: somebody asked for more. */
function shortfallOf(headroom: Headroom | undefined): boolean {
  if (headroom === undefined || headroom.quota === null) return true;
  const needed = projectedUse(headroom);
  return needed === null || needed > headroom.quota;
}

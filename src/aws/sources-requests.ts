import type { ChoiceId, QuestionId } from "../domain/ids.ts";
import { quotaSubjectOfCode } from "../domain/quota-subjects.ts";
import { number, projectedUse } from "./figures.ts";
import { type QuotaRequest, readQuotaRequests } from "./read-quotas.ts";
import { draft, gapsOf, type Source } from "./source.ts";

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
    const open = [...newest.values()].filter((each) => isOpen(each.status));
    const subjects = open.flatMap((each) => quotaSubjectOfCode(each.code) ?? []);
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
        proves: open && !late && covers ? filedChoices(request.service) : [],
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

/** "An increase is filed and due in time", for the questions that this service is about. */
function filedChoices(service: string): ChoiceId[] {
  return questionsOf(service).map((question) => `${question.toLowerCase()}_filed`);
}

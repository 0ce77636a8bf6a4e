import type { Headroom } from "../domain/evidence.ts";
import { serviceCodeOf } from "../domain/quota-subjects.ts";
import { number, type Standing, standingOf, worst } from "./figures.ts";
import { readMailAccount } from "./read-services.ts";
import { draft, gapsOf, type Source } from "./source.ts";

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

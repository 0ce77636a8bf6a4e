import { z } from "zod";
import { OutcomeUnknownError, RetryLaterError, TerminalError } from "../domain/errors.ts";
import type { Place } from "../domain/place.ts";
import type { QuotaRaiser, QuotaRequest, RaiseConfirmation, RaiseProposal } from "../domain/quota-answer.ts";
import { type Accounts, accountFor } from "./accounts.ts";
import type { AwsClients, AwsPlace } from "./clients.ts";
import { codeOf, explain } from "./failure.ts";
import { number } from "./figures.ts";
import { RequestRow } from "./read-quotas.ts";
import { isLate, isOpen } from "./sources-requests.ts";

export type RaiserOptions = { accounts: Accounts; clients: AwsClients; calendar: { now(): Date } };

/** Pure: what will be confirmed, in words. */
export function confirmationOf(proposal: RaiseProposal, open: QuotaRequest | null): RaiseConfirmation {
  const { label, unit, current, needed, value, account, region } = proposal;
  return {
    proposal,
    change: `${label} in ${account}, ${region}: ${number(current)} → ${number(value)} ${unit}`.trimEnd(),
    why: `${number(needed)} ${unit} needed, + 15%`.replace("  ", " "),
    open,
  };
}

export function createQuotaRaiser(options: RaiserOptions): QuotaRaiser {
  const placeOf = (
    proposal: Pick<RaiseProposal, "account" | "region">,
    place: Place | null,
    role: AwsPlace["role"],
  ): AwsPlace => {
    const access = accountFor(options.accounts, proposal.account, place);
    if (access.kind === "refused")
      throw new TerminalError(access.add === null ? access.reason : `${access.reason} ${access.add}`);
    const { account } = access;
    if (role === "quotas" && account.id !== null && account.writeRoles.quotas === undefined) {
      throw new TerminalError(
        `Increases can't be filed in ${account.alias}: it has no write role. Whoever runs me can add this to ${account.alias}'s entry in AWS_ACCOUNTS: writeRoles: { quotas: "arn:aws:iam::<its id>:role/t-minus-raise" }`,
      );
    }
    return { account, region: proposal.region, role };
  };

  /** The history isn't cached: what was filed a second ago must be seen. */
  const openRequest = async (proposal: RaiseProposal, at: AwsPlace): Promise<QuotaRequest | null> => {
    const { client, sdk } = await options.clients.serviceQuotas(at);
    let token: string | undefined;
    do {
      const answer = await client.send(
        new sdk.ListRequestedServiceQuotaChangeHistoryByQuotaCommand({
          ServiceCode: proposal.serviceCode,
          QuotaCode: proposal.quotaCode,
          MaxResults: 100,
          ...(token === undefined ? {} : { NextToken: token }),
        }),
      );
      for (const row of answer.RequestedQuotas ?? []) {
        const parsed = RequestRow.safeParse(row);
        if (parsed.success && isOpen(parsed.data.status)) return parsed.data;
      }
      token = answer.NextToken === "" ? undefined : answer.NextToken;
    } while (token !== undefined);
    return null;
  };

  return {
    async confirm(proposal, place) {
      const at = placeOf(proposal, place, "read");
      try {
        return confirmationOf(proposal, await openRequest(proposal, at));
      } catch (error) {
        throw failed(error, "servicequotas:ListRequestedServiceQuotaChangeHistoryByQuota", proposal.account);
      }
    },

    async file(proposal, place) {
      const at = placeOf(proposal, place, "quotas");
      if (proposal.value <= proposal.current) {
        throw new TerminalError(
          `${number(proposal.value)} isn't more than today's ${number(proposal.current)}, so there is nothing to ask for.`,
        );
      }
      try {
        const open = await openRequest(proposal, at);
        if (open !== null) return { kind: "already_open", request: open };
      } catch (error) {
        throw failed(error, "servicequotas:ListRequestedServiceQuotaChangeHistoryByQuota", proposal.account);
      }
      const action = "servicequotas:RequestServiceQuotaIncrease";
      const { client, sdk } = await options.clients.serviceQuotas(at);
      let answer: { RequestedQuota?: unknown };
      try {
        answer = await client.send(
          new sdk.RequestServiceQuotaIncreaseCommand({
            ServiceCode: proposal.serviceCode,
            QuotaCode: proposal.quotaCode,
            DesiredValue: proposal.value,
          }),
        );
      } catch (error) {
        const code = codeOf(error);
        if (code === "ResourceAlreadyExistsException") {
          const open = await openRequest(proposal, at);
          if (open !== null) return { kind: "already_open", request: open };
        }
        const said = REFUSALS[code];
        if (said !== undefined) throw new TerminalError(said, { cause: error });
        const failure = explain(error, action);
        if (failure.kind === "unreachable" || failure.kind === "broken") {
          throw new OutcomeUnknownError(`AWS didn't answer; the increase may have been filed.`, { cause: error });
        }
        throw failed(error, action, proposal.account);
      }
      const request = RequestRow.safeParse(answer.RequestedQuota);
      // It is filed, whatever the answer looks like: the next look finds it.
      if (!request.success)
        throw new OutcomeUnknownError("AWS filed the increase with an answer I can't read.", { cause: request.error });
      return { kind: "filed", request: request.data };
    },

    async status(proposal, requestId, eventAt) {
      const at = placeOf(proposal, null, "read");
      const action = "servicequotas:GetRequestedServiceQuotaChange";
      try {
        const { client, sdk } = await options.clients.serviceQuotas(at);
        const answer = await client.send(new sdk.GetRequestedServiceQuotaChangeCommand({ RequestId: requestId }));
        const request = RequestRow.parse(answer.RequestedQuota);
        return { request, closed: !isOpen(request.status), late: isLate(request, eventAt, options.calendar.now()) };
      } catch (error) {
        if (error instanceof z.ZodError)
          throw new TerminalError("AWS's answer about the increase can't be read.", { cause: error });
        throw failed(error, action, proposal.account);
      }
    },
  };
}

/** What AWS says no to, and what to do. */
const REFUSALS: Record<string, string> = {
  QuotaExceededException:
    "AWS takes 20 open increases per account, and that many are open. Wait for one to close, or close one.",
  IllegalArgumentException:
    "AWS finds the value out of range. Ask for it in the Service Quotas console, where the range is shown.",
  InvalidResourceStateException: "AWS doesn't raise this quota now. Open a support case for it.",
  NoSuchResourceException: "AWS has no such quota in this Region.",
  DependencyAccessDeniedException:
    "The first request of an account also needs `iam:CreateServiceLinkedRole` for Service Quotas. Add the second statement of deploy/iam/raise.json to the write role.",
};

function failed(error: unknown, action: string, account: string): Error {
  if (error instanceof TerminalError && error.name === "TerminalError") return error;
  const failure = explain(error, action);
  const sentence = `In ${account}: ${failure.reason}.`;
  if (failure.kind === "throttled") return new RetryLaterError(sentence, { retryAfter: 60_000, cause: error });
  if (failure.kind === "unreachable" || failure.kind === "broken")
    return new RetryLaterError(sentence, { retryAfter: 30_000, cause: error });
  const advice = failure.missingAction === undefined ? "" : " Add it to the write role (deploy/iam/raise.json).";
  return new TerminalError(`${sentence}${advice}`, { cause: error });
}

import { z } from "zod";
import type { EvidenceGap, Headroom } from "./evidence.ts";
import type { PersonId } from "./ids.ts";
import type { Place } from "./place.ts";
import type { QuotaQuery } from "./quota-query.ts";

/** What a quota question is answered with, and what becomes of a shortfall. */

/** An increase that would make the answer yes. Computed, never typed; filed only after a manager confirms it. */
export const RaiseProposal = z.object({
  account: z.string(),
  region: z.string(),
  serviceCode: z.string(),
  quotaCode: z.string(),
  label: z.string(),
  unit: z.string(),
  /** Today's quota. */
  current: z.number(),
  /** What is needed in all. */
  needed: z.number(),
  /** needed + 15%, rounded up. */
  value: z.number(),
});
export type RaiseProposal = z.infer<typeof RaiseProposal>;

/** Which increase of an answer is meant. Its value is never carried: it is computed anew. */
export const RaiseChoice = RaiseProposal.pick({ account: true, region: true, quotaCode: true });
export type RaiseChoice = z.infer<typeof RaiseChoice>;

export type QuotaFigure = Headroom & { account: string; region: string };

export type QuotaAnswer = {
  verdict: "yes" | "no" | "unknown";
  /** The first begins with the verdict; the arithmetic is under it. */
  lines: string[];
  /** For the chart of headroom. */
  figures: QuotaFigure[];
  raise: RaiseProposal[];
  gaps: EvidenceGap[];
};

export const REQUEST_STATES = [
  "PENDING",
  "CASE_OPENED",
  "APPROVED",
  "DENIED",
  "CASE_CLOSED",
  "NOT_APPROVED",
  "INVALID_REQUEST",
] as const;
export type RequestStatus = (typeof REQUEST_STATES)[number];

/** A request for an increase, as Service Quotas lists it. */
export type QuotaRequest = {
  id: string;
  service: string;
  code: string;
  name: string;
  desired: number;
  status: RequestStatus;
  createdAt: string | null;
  updatedAt: string | null;
  caseId: string | null;
};

/** What the manager sees before anything is filed. */
export type RaiseConfirmation = {
  proposal: RaiseProposal;
  /** "Running On-Demand Standard: 1,152 → 2,880 vCPU" */
  change: string;
  why: string;
  /** An open request for the same quota: nothing new is filed then. */
  open: QuotaRequest | null;
};

export type RaiseOutcome =
  | { kind: "filed"; request: QuotaRequest }
  /** Someone asked already; AWS takes one open request per quota. */
  | { kind: "already_open"; request: QuotaRequest };

export type RequestStanding = { request: QuotaRequest; closed: boolean; late: boolean };

export type AskOptions = {
  /** Who asks from where: a guest gets nothing read. */
  place: Place;
  /** The session's accounts and Regions, where the question names none. */
  accounts?: string[];
  regions?: string[];
  /** The event's peak; 1 outside a session. */
  peak?: number;
  zone?: string;
  /** Read anew, whatever was read in the last minute. */
  fresh?: boolean;
};

export interface QuotaDesk {
  /** Reads what this question needs, and no more, and answers it. Never rejects for AWS's sake. */
  ask(query: QuotaQuery, options: AskOptions): Promise<QuotaAnswer>;
}

export interface QuotaRaiser {
  /** Old, new, why, and whether a request is open already. Changes nothing. */
  confirm(proposal: RaiseProposal, place: Place): Promise<RaiseConfirmation>;
  /**
   * Files the increase with the account's separate write role. Looks for an open request first, so that a repeat files
   * nothing twice.
   * @throws TerminalError: refused, no write role, not allowed · RetryLaterError: throttled, nothing was filed ·
   * OutcomeUnknownError: it may have been filed; calling `file` again looks first.
   */
  file(proposal: RaiseProposal, place: Place): Promise<RaiseOutcome>;
  /** How a filed request stands. `late`: still open, less than a week before the event. */
  status(
    proposal: Pick<RaiseProposal, "account" | "region">,
    requestId: string,
    eventAt: string,
  ): Promise<RequestStanding>;
}

/** An increase of this session, from its filing until AWS closed it. */
export type Increase = Omit<RaiseProposal, "needed" | "value" | "current"> & {
  /** AWS's id of the request. */
  id: string;
  /** The confirmation it was filed by: the same one files nothing twice. */
  raise: string;
  from: number;
  to: number;
  by: PersonId;
  /** Calendar ISO. */
  filedAt: string;
  status: RequestStatus;
  closed: boolean;
  late: boolean;
  /** Somebody had asked AWS already; it is only followed. */
  already?: true;
};

import { describe, expect, it } from "vitest";
import { parseAccounts } from "../../../src/aws/accounts.ts";
import { suggestedValue } from "../../../src/aws/figures.ts";
import { confirmationOf, createQuotaRaiser } from "../../../src/aws/raise.ts";
import { isLate } from "../../../src/aws/sources-requests.ts";
import { OutcomeUnknownError, RetryLaterError, TerminalError } from "../../../src/domain/errors.ts";
import type { RaiseProposal } from "../../../src/domain/quota-answer.ts";
import type { Permissions, RegionData, RequestData } from "../../stand-ins/aws/account.ts";
import { awsWith, counted, NOW } from "./setup.ts";

const proposal: RaiseProposal = {
  account: "prod",
  region: "eu-west-1",
  serviceCode: "ec2",
  quotaCode: "L-1216C47A",
  label: "Running On-Demand Standard",
  unit: "vCPU",
  current: 1_152,
  needed: 2_496,
  value: 2_880,
};
const open: RequestData = {
  id: "r-7",
  service: "ec2",
  code: "L-1216C47A",
  desired: 3_000,
  status: "CASE_OPENED",
  createdAt: "2026-10-20T08:00:00Z",
};

async function raiserOn(
  region: Partial<RegionData> = {},
  roles: { raise?: Permissions; withoutWriteRole?: boolean } = {},
) {
  const entry = {
    id: "111122223333",
    alias: "prod",
    regions: ["eu-west-1"],
    readRole: "arn:aws:iam::111122223333:role/t-minus-read",
    ...(roles.withoutWriteRole === true
      ? {}
      : { writeRoles: { quotas: "arn:aws:iam::111122223333:role/t-minus-raise" } }),
  };
  const accounts = parseAccounts(JSON.stringify([entry]), "accounts.json");
  const set = await awsWith(
    {
      accounts: [
        { id: "999900001111", keys: { AKIAOWN: "*" }, regions: {} },
        {
          id: "111122223333",
          roles: {
            "t-minus-read": { permissions: ["servicequotas:List*", "servicequotas:Get*"] },
            "t-minus-raise": { permissions: roles.raise ?? ["servicequotas:*"] },
          },
          regions: { "eu-west-1": { quotas: { ec2: [{ code: "L-1216C47A", value: 1_152 }] }, ...region } },
        },
      ],
    },
    accounts,
  );
  return { ...set, raiser: createQuotaRaiser({ accounts, clients: set.clients, calendar: { now: () => NOW } }) };
}

describe("raising a quota", () => {
  it.each([
    [2_496, 2_880],
    [200, 230],
    [55, 64],
    [4_000, 4_600],
    [1, 2],
    [110_000, 127_000],
  ])("asks for %i + 15%%, rounded up: %i", (needed, value) => {
    expect(suggestedValue(needed)).toBe(value);
  });

  it("is confirmed with old, new and why", () => {
    expect(confirmationOf(proposal, null)).toMatchObject({
      change: "Running On-Demand Standard in prod, eu-west-1: 1,152 → 2,880 vCPU",
      why: "2,496 vCPU needed, + 15%",
      open: null,
    });
  });

  it("looks for an open request before anything is confirmed, with the read role", async () => {
    const { raiser, aws } = await raiserOn({ requests: [{ ...open, id: "old", status: "DENIED" }, open] });
    expect((await raiser.confirm(proposal, {})).open).toMatchObject({
      id: "r-7",
      desired: 3_000,
      status: "CASE_OPENED",
    });
    expect(aws.calls.at(-1)?.role).toBe("arn:aws:iam::111122223333:role/t-minus-read");
  });

  it("files the computed value with the separate write role", async () => {
    const { raiser, aws } = await raiserOn();
    expect(await raiser.file(proposal, {})).toMatchObject({
      kind: "filed",
      request: { desired: 2_880, status: "PENDING", code: "L-1216C47A" },
    });
    const call = aws.calls.find((each) => each.action === "servicequotas:RequestServiceQuotaIncrease");
    expect(call).toMatchObject({
      role: "arn:aws:iam::111122223333:role/t-minus-raise",
      input: { DesiredValue: 2_880 },
    });
  });

  it("files nothing twice: the second time finds the first", async () => {
    const { raiser, aws } = await raiserOn();
    await raiser.file(proposal, {});
    expect(await raiser.file(proposal, {})).toMatchObject({ kind: "already_open", request: { desired: 2_880 } });
    expect(counted(aws)["servicequotas:RequestServiceQuotaIncrease"]).toBe(1);
  });

  it("an answer that got lost is an unknown outcome, and the next try looks first", async () => {
    const { raiser, aws } = await raiserOn();
    aws.fault({ action: "servicequotas:RequestServiceQuotaIncrease", kind: "drop", times: 1 });
    await expect(raiser.file(proposal, {})).rejects.toBeInstanceOf(OutcomeUnknownError);
    expect(counted(aws)["servicequotas:RequestServiceQuotaIncrease"]).toBe(1);
    expect(await raiser.file(proposal, {})).toMatchObject({ kind: "filed" });
  });

  it("throttled to the end means later, and nothing was filed", async () => {
    const { raiser, aws } = await raiserOn();
    aws.fault({ action: "servicequotas:RequestServiceQuotaIncrease", kind: "throttle" });
    await expect(raiser.file(proposal, {})).rejects.toBeInstanceOf(RetryLaterError);
  });

  it.each([
    [
      "without a write role, names the line to add",
      {},
      { withoutWriteRole: true },
      'writeRoles: { quotas: "arn:aws:iam::<its id>:role/t-minus-raise" }',
    ],
    [
      "when the role may not, names the action",
      {},
      { raise: ["servicequotas:List*"] },
      "`servicequotas:RequestServiceQuotaIncrease` is not allowed",
    ],
    [
      "when 20 requests are open, says so",
      { newRequest: { status: "", error: "QuotaExceededException" } },
      {},
      "20 open increases",
    ],
    [
      "when the service-linked role is missing, says which permission",
      { newRequest: { status: "", error: "DependencyAccessDeniedException" } },
      {},
      "iam:CreateServiceLinkedRole",
    ],
  ])("%s", async (_, region, roles, says) => {
    const { raiser } = await raiserOn(region, roles);
    const failure = await raiser.file(proposal, {}).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(TerminalError);
    expect(failure).toHaveProperty("message", expect.stringContaining(says));
  });

  it("never asks for less than there is", async () => {
    const { raiser, aws } = await raiserOn();
    await expect(raiser.file({ ...proposal, value: 1_000 }, {})).rejects.toBeInstanceOf(TerminalError);
    expect(aws.calls).toEqual([]);
  });

  it("guests file nothing", async () => {
    const { raiser, aws } = await raiserOn();
    await expect(raiser.file(proposal, { guest: true })).rejects.toBeInstanceOf(TerminalError);
    expect(aws.calls).toEqual([]);
  });

  it.each([
    ["CASE_OPENED", "2026-11-27T09:00:00Z", false, false],
    ["CASE_OPENED", "2026-11-01T09:00:00Z", false, true],
    ["APPROVED", "2026-11-01T09:00:00Z", true, false],
    ["DENIED", "2026-11-01T09:00:00Z", true, false],
  ])("follows a request that is %s for an event on %s", async (status, eventAt, closed, late) => {
    const { raiser } = await raiserOn({ requests: [{ ...open, status }] });
    expect(await raiser.status(proposal, "r-7", eventAt)).toMatchObject({ request: { status }, closed, late });
  });

  it("is late from seven days before the event on, while it is open", () => {
    const event = "2026-11-27T09:00:00Z";
    expect(isLate({ status: "PENDING" }, event, new Date("2026-11-20T08:59:59Z"))).toBe(false);
    expect(isLate({ status: "PENDING" }, event, new Date("2026-11-20T09:00:01Z"))).toBe(true);
  });
});

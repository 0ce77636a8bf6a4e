import { readFile } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { parseAccounts } from "../../../src/aws/accounts.ts";
import { createQuotaRaiser } from "../../../src/aws/raise.ts";
import type { RegionData } from "../../stand-ins/aws/account.ts";
import { actionsOf } from "../../stand-ins/aws/policy.ts";
import { awsWith, NOW, scopeOf } from "./setup.ts";

/** Only the statements of the quota readers: others stand in the same file and are compared by their own tests. */
async function policy(name: string): Promise<{ Statement: { Sid: string }[] }> {
  const text = await readFile(new URL(`../../../deploy/iam/${name}.json`, import.meta.url), "utf8");
  const parsed: { Statement: { Sid: string }[] } = JSON.parse(text);
  return { Statement: parsed.Statement.filter((each) => OURS.includes(each.Sid)) };
}

const OURS = ["TMinusReadQuotas", "TMinusRaiseQuotas", "TMinusFirstRequestOfAnAccount"];

/** An account in which every reader has something to read. */
const FULL: RegionData = {
  quotas: {
    ec2: [
      { code: "L-1216C47A", value: 1_152 },
      { code: "L-0263D0A3", value: 5 },
    ],
    ebs: [{ code: "L-7A658B76", default: 50 }],
    autoscaling: [
      { code: "L-CDE20ADC", value: 500 },
      { code: "L-6B80B8FA", value: 200 },
    ],
    elasticloadbalancing: [
      { code: "L-53DA6B97", value: 50, usage: [1] },
      { code: "L-8A66D0E6", value: 100 },
    ],
    vpc: [
      { code: "L-F678F1CE", value: 5 },
      { code: "L-FE5A380F", value: 5 },
      { code: "L-A4707A72", value: 5 },
      { code: "L-DF5E4CA3", value: 5_000 },
    ],
    lambda: [
      { code: "L-B99A9384", value: 1_000 },
      { code: "L-2ACBD22F", value: 75 },
    ],
    dynamodb: [{ code: "L-F98FE922", value: 2_500 }],
    rds: [{ code: "L-7B6409FD", value: 40 }],
    ses: [{ code: "L-804C8AE8", value: 200 }],
    cloudfront: [{ code: "L-24B04930", value: 200 }],
  },
  templates: [
    { id: "lt-1", name: "web", versions: [{ requirements: { VCpuCount: { Min: 4, Max: 8 }, MemoryMiB: { Min: 1 } } }] },
  ],
  launchConfigurations: [{ name: "old", type: "c5.large" }],
  groups: [
    { name: "web", max: 10, desired: 1, template: { id: "lt-1" } },
    { name: "old", max: 10, desired: 1, launchConfiguration: "old" },
  ],
  natGateways: [{ zone: "a", count: 1 }],
  loadBalancers: [{ type: "application", count: 1, lcus: 10 }],
  report: "ready",
};

describe("the IAM policies", () => {
  it("allow exactly the calls that the code makes: no more, no fewer", async () => {
    const [read, raise] = await Promise.all([policy("read"), policy("raise")]);
    const accounts = parseAccounts(
      JSON.stringify([
        {
          id: "111122223333",
          alias: "prod",
          regions: ["us-east-1"],
          readRole: "arn:aws:iam::111122223333:role/t-minus-read",
          writeRoles: { quotas: "arn:aws:iam::111122223333:role/t-minus-raise" },
        },
      ]),
      "accounts.json",
    );
    const { aws, collector, clients } = await awsWith(
      {
        accounts: [
          { id: "999900001111", keys: { AKIAOWN: "*" }, regions: {} },
          {
            id: "111122223333",
            distributions: 1,
            roles: { "t-minus-read": { permissions: read }, "t-minus-raise": { permissions: raise } },
            regions: { "us-east-1": FULL },
          },
        ],
      },
      accounts,
    );
    const report = await collector.collect(scopeOf());
    const raiser = createQuotaRaiser({ accounts, clients, calendar: { now: () => NOW } });
    const proposal = {
      account: "prod",
      region: "us-east-1",
      serviceCode: "ec2",
      quotaCode: "L-1216C47A",
      label: "",
      unit: "",
      current: 1_152,
      needed: 2_000,
      value: 2_300,
    };
    await raiser.confirm(proposal, {});
    const filed = await raiser.file(proposal, {});
    await raiser.status(proposal, filed.request.id, "2026-11-27T09:00:00Z");

    expect(report.gaps.filter((each) => each.missingAction !== undefined)).toEqual([]);
    const made = (role: string) =>
      [...new Set(aws.calls.filter((each) => each.role?.endsWith(role)).map((each) => each.action))].sort();
    expect(made("t-minus-read")).toEqual(actionsOf(read).sort());
    // The service-linked role is made by AWS on the first request's behalf; the call isn't ours.
    expect(made("t-minus-raise")).toEqual(
      actionsOf(raise)
        .filter((each) => !each.startsWith("iam:"))
        .sort(),
    );
  });

  it.each(["read", "raise"])("%s.json is a policy that AWS takes", async (name) => {
    const text = await readFile(new URL(`../../../deploy/iam/${name}.json`, import.meta.url), "utf8");
    const parsed: { Version: string; Statement: { Sid: string; Effect: string; Resource: string }[] } =
      JSON.parse(text);
    expect(parsed.Version).toBe("2012-10-17");
    for (const statement of parsed.Statement) {
      expect(statement.Sid).toMatch(/^[A-Za-z0-9]+$/);
      expect(statement.Effect).toBe("Allow");
    }
    expect(text.length).toBeLessThan(6_144);
  });

  it("the read policy changes nothing but starting AWS's own report", async () => {
    const verbs = actionsOf(await policy("read")).map((each) => each.split(":")[1] ?? "");
    expect(verbs.filter((each) => !/^(Get|List|Describe)/.test(each))).toEqual(["StartQuotaUtilizationReport"]);
  });
});

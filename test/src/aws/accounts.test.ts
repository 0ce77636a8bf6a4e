import { describe, expect, it } from "vitest";
import { accountFor, ownAccount, parseAccounts } from "../../../src/aws/accounts.ts";
import { ConfigError } from "../../../src/domain/errors.ts";

const FILE = `
- id: "111122223333"
  alias: prod
  regions: [eu-west-1, us-east-1]
  readRole: arn:aws:iam::111122223333:role/t-minus-read
  writeRoles:
    quotas: arn:aws:iam::111122223333:role/t-minus-raise
  externalId: shared-secret
  allow:
    workspaces: [T024]
    channels: ["C7"]
- id: "012345678901"
  alias: staging
  regions: [eu-west-1]
`;

function problemsOf(text: string): string[] {
  try {
    parseAccounts(text, "accounts.yaml");
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
  return [];
}

describe("the accounts file", () => {
  it("is YAML with accounts, roles, external id and who may use them", () => {
    const accounts = parseAccounts(FILE, "accounts.yaml");
    expect(accounts.list.map((each) => [each.alias, each.id, each.regions.length])).toEqual([
      ["prod", "111122223333", 2],
      ["staging", "012345678901", 1],
    ]);
    expect(accounts.list[0]).toMatchObject({
      externalId: "shared-secret",
      writeRoles: { quotas: "arn:aws:iam::111122223333:role/t-minus-raise" },
    });
  });

  it("may be JSON, and may have its list under `accounts`", () => {
    const json = JSON.stringify({ accounts: [{ id: "111122223333", alias: "prod", regions: ["eu-west-1"] }] });
    expect(parseAccounts(json, "accounts.json").list[0]?.alias).toBe("prod");
  });

  it("says every problem at once, each with file, line and field", () => {
    const problems = problemsOf(`
- id: 111122223333
  alias: Prod
  regions: [Ireland]
- id: "111122223333"
  alias: prod
  regions: [eu-west-1]
  readRole: arn:aws:iam::999999999999:role/other
  colour: red
`);
    expect(problems).toHaveLength(4);
    expect(problems[0]).toMatch(/^accounts\.yaml, line 2, 0\.id: .*quoted/);
    expect(problems[1]).toMatch(/^accounts\.yaml, line 3, 0\.alias: lower case/);
    expect(problems[2]).toMatch(/^accounts\.yaml, line 4, 0\.regions\.0: a Region code such as eu-west-1/);
    expect(problems[3]).toMatch(/line 5.*colour/);
  });

  it("refuses a role of another account and an alias that is taken", () => {
    const twice = `
- { id: "111122223333", alias: prod, regions: [eu-west-1], readRole: "arn:aws:iam::999999999999:role/other" }
- { id: "444455556666", alias: prod, regions: [eu-west-1] }
`;
    expect(problemsOf(twice)).toEqual([
      "accounts.yaml, line 2: arn:aws:iam::999999999999:role/other is not a role of account 111122223333",
      'accounts.yaml, line 3, 1.alias: "prod" is taken by line 2; give each account its own',
    ]);
  });

  it.each([
    ["", 1],
    ["accounts: yes", 1],
    ["- {", 1],
  ])("answers %j with a problem and a line", (text, line) => {
    expect(problemsOf(text)[0]).toContain(`accounts.yaml, line ${line}`);
  });
});

describe("who may use which account", () => {
  const accounts = parseAccounts(FILE, "accounts.yaml");

  it("grants a listed alias, to anyone where the operator set no limit", () => {
    expect(accountFor(accounts, "staging", { workspace: "T999" })).toMatchObject({ kind: "granted" });
  });

  it("keeps a limited account to its workspaces, tenants and channels, with the line that would open it", () => {
    expect(accountFor(accounts, "prod", { workspace: "T024" })).toMatchObject({ kind: "granted" });
    expect(accountFor(accounts, "prod", { workspace: "T999", channel: "C7" })).toMatchObject({ kind: "granted" });
    expect(accountFor(accounts, "prod", { workspace: "T999", channel: "C9" })).toMatchObject({
      kind: "refused",
      add: 'allow: { channels: ["C9"] }',
    });
  });

  it("refuses an account or ARN that isn't listed, with the line to add", () => {
    const refused = accountFor(accounts, "arn:aws:iam::777788889999:role/admin", { workspace: "T024" });
    expect(refused).toMatchObject({ kind: "refused" });
    expect(refused).toHaveProperty(
      "add",
      '- { id: "777788889999", alias: a-name, regions: [eu-west-1], readRole: "arn:aws:iam::777788889999:role/admin", externalId: "your-external-id" }',
    );
    // Whoever asks in a channel learns which setting it is, not where the operator's file lies.
    expect(refused).toHaveProperty("reason", expect.stringContaining("to AWS_ACCOUNTS"));
    expect(JSON.stringify(refused)).not.toContain("accounts.yaml");
  });

  it("the line to add is one that the file takes", () => {
    const refused = accountFor(accounts, "777788889999", {});
    if (refused.kind !== "refused" || refused.add === null) throw new Error("expected a line");
    expect(parseAccounts(refused.add, "accounts.yaml").list[0]?.id).toBe("777788889999");
  });

  it("never reads AWS for guests", () => {
    expect(accountFor(accounts, "staging", { guest: true })).toEqual({
      kind: "refused",
      reason: "Guests can't read AWS. Ask someone of the team.",
      add: null,
    });
  });

  it("without a file there is the process's own account, alias default", () => {
    expect(accountFor(ownAccount("eu-west-1"), "default", {})).toMatchObject({
      kind: "granted",
      account: { regions: ["eu-west-1"] },
    });
  });
});

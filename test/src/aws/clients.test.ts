import { afterEach, describe, expect, it } from "vitest";
import { ownAccount, parseAccounts } from "../../../src/aws/accounts.ts";
import { createAwsClients } from "../../../src/aws/clients.ts";
import { createTokenBucket, rateOf } from "../../../src/aws/rate-limit.ts";
import { startAws } from "../../stand-ins/aws/server.ts";
import { awsWith, counted, OWN_KEYS, ownWith, scopeOf } from "./setup.ts";

const timer = { now: () => Date.now(), sleep: (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms)) };
const GP3 = { quotas: { ebs: [{ code: "L-7A658B76", value: 50 }] }, volumes: [{ type: "gp3", gib: 1_024, count: 3 }] };

describe("a token bucket", () => {
  it("lets a burst through, then one at a time, in the order of asking", async () => {
    const clock = { at: 0 };
    const waits: number[] = [];
    const bucket = createTokenBucket(
      { burst: 2, perSecond: 4 },
      { now: () => clock.at, sleep: async (ms) => void waits.push(ms) },
    );
    await Promise.all([bucket.take(), bucket.take(), bucket.take(), bucket.take()]);
    expect(waits).toEqual([250, 500]);
  });

  it("refills with time, and never above its size", async () => {
    const clock = { at: 0 };
    const waits: number[] = [];
    const bucket = createTokenBucket(
      { burst: 2, perSecond: 4 },
      { now: () => clock.at, sleep: async (ms) => void waits.push(ms) },
    );
    await Promise.all([bucket.take(), bucket.take()]);
    clock.at = 60_000;
    await Promise.all([bucket.take(), bucket.take(), bucket.take()]);
    expect(waits).toEqual([250]);
  });

  it.each([
    ["servicequotas:ListServiceQuotas", 10],
    ["servicequotas:GetServiceQuota", 5],
    ["ec2:DescribeVolumes", 20],
    ["ses:GetAccount", 1],
  ])("stays below the documented rate of %s", (action, documented) => {
    expect(rateOf(action).perSecond).toBeLessThan(documented);
    expect(rateOf(action).perSecond).toBeGreaterThan(documented * 0.5);
  });
});

describe("real clients", () => {
  const saved = { ...process.env };
  afterEach(() => {
    for (const name of ["AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_EC2", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"]) {
      if (saved[name] === undefined) delete process.env[name];
      else process.env[name] = saved[name];
    }
  });

  it("follow AWS_ENDPOINT_URL, AWS_ENDPOINT_URL_<SERVICE> and the default credential chain as the SDK does", async () => {
    const account = { id: "111122223333", keys: { AKIAOWN: "*" as const }, regions: { "eu-west-1": GP3 } };
    const general = await startAws({ accounts: [account] });
    const ec2 = await startAws({ accounts: [account] });
    process.env.AWS_ENDPOINT_URL = general.url;
    process.env.AWS_ENDPOINT_URL_EC2 = ec2.url;
    process.env.AWS_ACCESS_KEY_ID = "AKIAOWN";
    process.env.AWS_SECRET_ACCESS_KEY = "secret";
    const clients = createAwsClients({ timer });
    const [own] = ownAccount("eu-west-1").list;
    if (own === undefined) throw new Error("no account");
    const place = { account: own, region: "eu-west-1", role: "read" as const };
    const made = await clients.ec2(place);
    await made.client.send(new made.sdk.DescribeVolumesCommand({ MaxResults: 5 }));
    const quotas = await clients.serviceQuotas(place);
    await quotas.client.send(new quotas.sdk.ListServiceQuotasCommand({ ServiceCode: "ebs" }));
    expect(ec2.actions()).toEqual(["ec2:DescribeVolumes"]);
    expect(general.actions()).toEqual(["servicequotas:ListServiceQuotas"]);
    clients.close();
    await Promise.all([general.close(), ec2.close()]);
  });

  it("take on each account's role once, with its external id, for all services and Regions", async () => {
    const role = (id: string) => `arn:aws:iam::${id}:role/t-minus-read`;
    const accounts = parseAccounts(
      JSON.stringify([
        {
          id: "111122223333",
          alias: "prod",
          regions: ["eu-west-1", "us-east-2"],
          readRole: role("111122223333"),
          externalId: "one",
        },
        {
          id: "444455556666",
          alias: "shop",
          regions: ["eu-west-1"],
          readRole: role("444455556666"),
          externalId: "two",
        },
      ]),
      "accounts.json",
    );
    const other = { ...GP3, volumes: [{ type: "gp3", gib: 1_024, count: 40 }] };
    const { aws, collector } = await awsWith(
      {
        accounts: [
          { id: "999900001111", keys: { AKIAOWN: "*" }, regions: {} },
          {
            id: "111122223333",
            roles: { "t-minus-read": { externalId: "one", permissions: "*" } },
            regions: { "eu-west-1": GP3, "us-east-2": GP3 },
          },
          {
            id: "444455556666",
            roles: { "t-minus-read": { externalId: "two", permissions: "*" } },
            regions: { "eu-west-1": other },
          },
        ],
      },
      accounts,
    );
    const report = await collector.collect(scopeOf(), { sources: ["ebs-storage"] });
    expect(report.gaps).toEqual([]);
    expect(report.items.map((each) => `${each.account} ${each.region} ${each.statement}`)).toEqual([
      "prod eu-west-1 gp3 storage: 3 of 50 TiB in use",
      "prod us-east-2 gp3 storage: 3 of 50 TiB in use",
      "shop eu-west-1 gp3 storage: 40 of 50 TiB in use",
    ]);
    expect(counted(aws)["sts:AssumeRole"]).toBe(2);
  });

  it("a role that can't be assumed is a gap that says what to check", async () => {
    const accounts = parseAccounts(
      JSON.stringify([
        {
          id: "111122223333",
          alias: "prod",
          regions: ["eu-west-1"],
          readRole: "arn:aws:iam::111122223333:role/t-minus-read",
          externalId: "wrong",
        },
      ]),
      "accounts.json",
    );
    const { collector } = await awsWith(
      {
        accounts: [
          { id: "999900001111", keys: { AKIAOWN: "*" }, regions: {} },
          {
            id: "111122223333",
            roles: { "t-minus-read": { externalId: "right", permissions: "*" } },
            regions: { "eu-west-1": GP3 },
          },
        ],
      },
      accounts,
    );
    const report = await collector.collect(scopeOf(), { sources: ["ebs-storage"] });
    expect(report.gaps[0]).toMatchObject({ account: "prod", missingAction: "sts:AssumeRole" });
    expect(report.gaps[0]?.reason).toContain("external id");
  });

  it("try again twice when AWS asks them to slow down, and no more", async () => {
    const { aws, collector } = await ownWith(GP3);
    aws.fault({ action: "ec2:DescribeVolumes", kind: "throttle", times: 2 });
    const report = await collector.collect(scopeOf({ regions: ["eu-west-1"] }), { sources: ["ebs-storage"] });
    expect(report.items[0]?.statement).toBe("gp3 storage: 3 of 50 TiB in use");
    expect(counted(aws)["ec2:DescribeVolumes"]).toBe(3);
  });

  it("give up after the third refusal, and say so", async () => {
    const { aws, collector } = await ownWith(GP3);
    aws.fault({ action: "ec2:DescribeVolumes", kind: "throttle" });
    const report = await collector.collect(scopeOf({ regions: ["eu-west-1"] }), { sources: ["ebs-storage"] });
    expect(report.gaps.map((each) => each.reason)).toContain(
      "AWS asked us to slow down three times on `ec2:DescribeVolumes`",
    );
    expect(counted(aws)["ec2:DescribeVolumes"]).toBe(3);
  });

  it("try a dropped connection and a server's own failure once more", async () => {
    const { aws, collector } = await ownWith(GP3);
    aws.fault({ action: "ec2:DescribeVolumes", kind: "drop", times: 1 });
    aws.fault({ action: "servicequotas:ListServiceQuotas", kind: "broken", times: 1 });
    const report = await collector.collect(scopeOf({ regions: ["eu-west-1"] }), { sources: ["ebs-storage"] });
    expect(report.items[0]?.statement).toBe("gp3 storage: 3 of 50 TiB in use");
  });

  it("give up on an answer that doesn't come", async () => {
    const { aws, collector } = await awsWith(
      { accounts: [{ id: "111122223333", keys: { AKIAOWN: "*" }, regions: { "eu-west-1": GP3 } }] },
      ownAccount("eu-west-1"),
      150,
    );
    aws.fault({ action: "ec2:DescribeVolumes", kind: "slow", ms: 1_000 });
    const report = await collector.collect(scopeOf(), { sources: ["ebs-storage"] });
    expect(report.gaps[0]?.reason).toBe("AWS can't be reached");
  });

  it("are refused by the stand-in when the signature is scoped to another service", async () => {
    const aws = await startAws({
      accounts: [{ id: "111122223333", keys: { AKIAOWN: "*" }, regions: { "eu-west-1": GP3 } }],
    });
    const sdk = await import("@aws-sdk/client-service-quotas");
    const client = new sdk.ServiceQuotasClient({
      region: "eu-west-1",
      endpoint: aws.url,
      credentials: OWN_KEYS,
      maxAttempts: 1,
    });
    await expect(client.send(new sdk.ListServiceQuotasCommand({ ServiceCode: "ebs" }))).resolves.toBeDefined();
    const answer = await fetch(aws.url, {
      method: "POST",
      headers: {
        "x-amz-target": "ServiceQuotasV20190624.ListServiceQuotas",
        "content-type": "application/x-amz-json-1.1",
        "x-amz-date": "20261123T000000Z",
        authorization: `AWS4-HMAC-SHA256 Credential=AKIAOWN/20261123/eu-west-1/ec2/aws4_request, SignedHeaders=host;x-amz-date, Signature=${"0".repeat(64)}`,
      },
      body: '{"ServiceCode":"ebs"}',
    });
    expect(answer.status).toBe(403);
    client.destroy();
    await aws.close();
  });
});

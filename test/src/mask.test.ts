import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { maskKnown, maskSecrets } from "../../src/mask.ts";
import { expectGrowsGently } from "../growth.ts";

// Put together here, so that no scanner takes this file for a leak.
const letters = (length: number) => "aB3dE6gH9jKlMnOpQrStUvWxYz0123456789aB3dE6gH9jKlMnOpQr".slice(0, length);
const slackToken = ["xoxb", "123456789012", "123456789012", letters(24)].join("-");
const accessKey = `AKIA${"IOSFODNN7EXAMPQX"}`;
const secretKey = `wJalrXUtnFEMI/K7MDENG/bPxRfiCYzQ8vT3n${"5Lp"}`;
const privateKey = ["-----BEGIN RSA PRIVATE", "KEY-----\nMIIEow\nabc=\n-----END RSA PRIVATE", "KEY-----"].join(" ");

describe("secrets in people's files", () => {
  it.each([
    ["Terraform, aligned", 'password                = "hunter2-Tr0ub4dor"'],
    ["Terraform", 'secret_string = "s3cr3t-v4lue-99"'],
    ["CloudFormation", "MasterUserPassword: hunter2-Tr0ub4dor3x"],
    ["CloudFormation as JSON", '"MasterUserPassword": "hunter2-Tr0ub4dor3x"'],
  ])("are masked in %s", async (_, line) => {
    const { text, found } = await maskSecrets(`before\n  ${line}\nafter`);
    expect(found).toEqual(["a password"]);
    expect(text).not.toMatch(/hunter2|s3cr3t/);
    expect(text.split("\n")).toHaveLength(3);
  });

  it.each([
    "password = var.db_password2",
    "password = random_password.db1.result",
    "password = aws_ssm_parameter.db1.value",
    "MasterUserPassword: !Ref DbPassword1",
    'MasterUserPassword: "{{resolve:secretsmanager:db1}}"',
    "manage_master_user_password = true",
  ])("aren't seen where another place is named: %s", async (line) => {
    expect((await maskSecrets(line)).found).toEqual([]);
  });
});

describe("secrets in people's words", () => {
  it.each([
    ["an AWS access key id", accessKey],
    ["a Slack token", slackToken],
    [
      "a Slack webhook",
      `https://hooks.slack.com/services/T024BE7LD/B024BE7LD/${letters(24)}`,
      `T024BE7LD/B024BE7LD/${letters(24)}`,
    ],
    ["a GitHub token", `ghp_${letters(36)}`],
    ["a GitLab token", `glpat-${letters(20)}`],
    ["an npm token", `npm_${letters(36)}`],
    ["an API key", `sk_live_${letters(24)}`],
    ["a private key", privateKey],
    ["a signed token", `eyJ${letters(20)}.eyJ${letters(20)}.${letters(20)}`],
    ["a bearer token", `Bearer ${letters(30)}`, letters(30)],
    ["a password in an address", "postgres://shop:hunter2@db.example.com/shop", "hunter2"],
    ["a password in an address", "https://deploy:s3cr3t-pw@git.example.com/x.git", "s3cr3t-pw"],
    ["a password", "password: hunter2-prod", "hunter2-prod"],
    ["a password", 'DB_PASSWORD="c0rrect-horse"', "c0rrect-horse"],
    ["a password", "the password is Tr0ub4dor&3", "Tr0ub4dor&3"],
    ["a password", "AccountKey=abc123def456ghi789==", "abc123def456ghi789"],
  ])("%s is masked, and the words around it stay", async (kind, written, secret = written) => {
    const { text, found } = await maskSecrets(`We use ${written} for the batch host`);
    expect(found).toContain(kind);
    expect(text).not.toContain(secret);
    expect(text.startsWith("We use ")).toBe(true);
    expect(text.endsWith(" for the batch host")).toBe(true);
    expect(text).toContain(`[masked: ${kind}]`);
  });
  it("an AWS secret key is masked where AWS is spoken of", async () => {
    const { text, found } = await maskSecrets(`${accessKey} with secret ${secretKey}`);
    expect(found).toEqual(["an AWS access key id", "an AWS secret key"]);
    expect(text).toBe("[masked: an AWS access key id] with secret [masked: an AWS secret key]");
  });
  it("several are masked at once, each kind named once", async () => {
    const { text, found } = await maskSecrets(`${slackToken} and ${slackToken}, password=abc123`);
    expect(text).toBe("[masked: a Slack token] and [masked: a Slack token], password=[masked: a password]");
    expect(found).toEqual(["a Slack token", "a password"]);
  });
  it("a key that was cut off is masked to its end", async () => {
    expect((await maskSecrets(privateKey.slice(0, 45))).text).toBe("[masked: a private key]");
  });
  it("the address keeps its user and host", async () => {
    expect((await maskSecrets("mysql://root:pa55word@db:3306/x")).text).toBe(
      "mysql://root:[masked: a password in an address]@db:3306/x",
    );
  });
  it("what only secretlint's rules know is masked too", async () => {
    const sendgrid = `SENDGRID ${["SG", letters(22), letters(43)].join(".")}`;
    const shopify = `shpat_${"0123456789abcdef".repeat(2)}`;
    expect((await maskSecrets(sendgrid)).text).not.toContain(letters(43));
    const masked = await maskSecrets(`the shop's ${shopify} key`);
    expect(masked.text).toMatch(/^the shop's \[masked: .+\] key$/);
    expect(masked.found).toHaveLength(1);
  });
});

describe("ordinary answers", () => {
  it.each([
    "batch can wait, it's not on the event path. orders-db goes multi-az on tuesday, change CHG-4411",
    "The password policy: rotated yearly, last on 2026-03-01",
    "Passwords are in the vault; the token: 2026-11-27, secret = CHG-4411",
    "api key: rotated, secrets: none, pwd is fine",
    "web (max 300 m7g.2xlarge = 2,400 vCPU) and api (max 40 c7g.xlarge = 160)",
    "arn:aws:iam::111122223333:role/t-minus-read in eu-west-1, i-0abcd1234efgh5678",
    "commit 4f2c9a7e1b3d5f60718293a4b5c6d7e8f9012345 of https://git.example.com/shop/web",
    "see https://example.com/runbook?token-rotation=yes#step-3",
    "s3://shop-content/2026/11, 60,000 req/s, p99 410 ms against 800",
    "耐障害性: パスワード: なし",
    "",
  ])("%j stays as it is", async (text) => {
    expect(await maskSecrets(text)).toEqual({ text, found: [] });
  });
});

describe("any text", () => {
  it("is masked once: doing it again changes nothing, and nothing rejects", async () => {
    const piece = fc.oneof(
      fc.constantFrom(
        slackToken,
        accessKey,
        secretKey,
        privateKey,
        "password=",
        "abc123",
        "://",
        "a:b2@",
        "Bearer ",
        "\n",
        " ",
        "secret: ",
      ),
      fc.string({ unit: "binary", maxLength: 10 }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(piece, { maxLength: 8 }), async (pieces) => {
        const once = await maskSecrets(pieces.join(""));
        expect((await maskSecrets(once.text)).text).toBe(once.text);
        expect(once.text).not.toContain(slackToken);
      }),
      { seed: 17, numRuns: 300 },
    );
  });
  it("of 40,000 characters is masked without much ado", async () => {
    for (const unit of [
      "a",
      "a-1 ",
      "://",
      "password=",
      "-----BEGIN RSA PRIVATE KEY-----",
      "eyJabcdefgh.",
      "a:",
      "1a/",
      "a-",
      "secret ",
    ]) {
      expectGrowsGently((length) => maskKnown(unit.repeat(length / unit.length)), 40_000, unit);
      const long = unit.repeat(40_000 / unit.length);
      expect((await maskSecrets(long)).text.length).toBeGreaterThan(0);
    }
  });
});

import { readFileSync } from "node:fs";
import { parse as parseHcl } from "@cdktn/hcl2json";
import { describe, expect, it } from "vitest";
import { parseDocument } from "yaml";
import { type Parsers, readArchitecture } from "../../../src/report/intake.ts";

const parsers: Parsers = {
  hcl: (name, text) => parseHcl(name, text),
  yaml: (text) => parseDocument(text, { logLevel: "silent" }).toJS({ maxAliasCount: 100 }),
};

const TERRAFORM = `
resource "aws_db_instance" "orders" {
  engine                  = "postgres"
  multi_az                = false
  backup_retention_period = 7
  iops                    = 12000
}

resource "aws_db_instance" "carts" {
  multi_az = var.multi_az
}

resource "aws_autoscaling_group" "batch" {
  max_size            = 40
  vpc_zone_identifier = [aws_subnet.a.id]
}

resource "aws_s3_bucket" "images" {}
resource "aws_s3_bucket_versioning" "images" {
  bucket = aws_s3_bucket.images.id
  versioning_configuration {
    status = "Enabled"
  }
}

resource "aws_nat_gateway" "only" {}

resource "aws_security_group" "bastion" {
  ingress {
    from_port   = 22
    to_port     = 22
    protocol    = "tcp"
    cidr_blocks = ["0.0.0.0/0"]
  }
}
`;

const TEMPLATE = `
Resources:
  Orders:
    Type: AWS::RDS::DBInstance
    Properties:
      MultiAZ: true
      BackupRetentionPeriod: 1
  Web:
    Type: AWS::AutoScaling::AutoScalingGroup
    Properties:
      MaxSize: "12"
      AvailabilityZones: !GetAZs ""
  Alarm:
    Type: AWS::CloudWatch::Alarm
    Properties:
      AlarmActions: [!Ref Topic]
`;

async function findings(name: string, text: string): Promise<string[]> {
  const read = await readArchitecture({ name, text }, parsers);
  if (!read.ok) throw new Error(read.why);
  return read.findings.map(({ question, statement, kind, place }) => `${question} ${kind} ${place.line} ${statement}`);
}

describe("an uploaded architecture", () => {
  it("gives facts and weak points from Terraform, each with its line", async () => {
    expect((await findings("main.tf", TERRAFORM)).sort()).toEqual([
      "P1 weak 26 All egress goes through one NAT gateway, only.",
      "P6 weak 2 No alarm is defined in this file.",
      "Q2 fact 13 Auto Scaling group batch may grow to 40 instances.",
      "Q5 fact 2 orders (RDS) has 12,000 provisioned IOPS.",
      "R2 weak 13 Auto Scaling group batch has one subnet or zone.",
      "R2 weak 2 orders (RDS) is Single-AZ.",
      "R2 weak 26 There is one NAT gateway, only.",
      "R3 fact 18 Bucket images keeps versions.",
      "R5 fact 2 orders (RDS) keeps backups for 7 days.",
      "S2 weak 28 Security group bastion lets everybody reach port 22 or 3389.",
    ]);
  });

  it("reads Terraform's JSON syntax by the same rules", async () => {
    const text = JSON.stringify({ resource: { aws_db_instance: { orders: { multi_az: false } } } }, null, 2);
    expect(await findings("main.tf.json", text)).toEqual([
      "R2 weak 4 orders (RDS) is Single-AZ.",
      "P6 weak 4 No alarm is defined in this file.",
    ]);
  });

  it("says nothing about what a variable decides", async () => {
    expect((await findings("main.tf", TERRAFORM)).join("\n")).not.toContain("carts");
  });

  it("reads CloudFormation by the same rules", async () => {
    expect(await findings("stack.yaml", TEMPLATE)).toEqual([
      "R2 fact 3 Orders (RDS) is Multi-AZ.",
      "R5 fact 3 Orders (RDS) keeps backups for 1 day.",
      "Q2 fact 8 Auto Scaling group Web may grow to 12 instances.",
      "P6 fact 13 Alarm Alarm has somewhere to go.",
      "P6 weak 3 No alarm looks at the database.",
    ]);
  });

  it("sees what is single, and which part of the event no alarm looks at", async () => {
    const shop = readFileSync(new URL("../../fixtures/architecture/shop.tf", import.meta.url), "utf8");
    const weak = (await findings("shop.tf", shop)).filter((one) => one.includes(" weak "));
    expect(weak).toEqual([
      "P1 weak 7 All egress goes through one NAT gateway, only.",
      "R2 weak 7 There is one NAT gateway, only.",
      "P5 weak 12 Load balancer shop writes no access logs here.",
      "R2 weak 23 orders (RDS) is Single-AZ.",
      "R2 weak 32 Cache baskets is one node.",
      "R3 weak 37 Bucket images keeps no versions here.",
      "P6 weak 12 No alarm looks at the load balancer.",
      "P6 weak 23 No alarm looks at the database.",
    ]);
    expect((await findings("shop.tf", shop)).join("\n")).not.toContain("hunter2");
  });

  it.each([
    ["main.tf", 'resource "aws_db_instance" "x" {', /main\.tf can't be read/],
    ["stack.yaml", "a: [", /stack\.yaml can't be read/],
    ["stack.json", "{}", /stack\.json can't be read/],
    ["notes.docx", "x", /neither Terraform/],
    ["main.tf", "variable x {}", /No AWS resources|can't be read/],
    ["main.tf", "x".repeat(6_000_000), /larger than 5 MB/],
  ])("says in a sentence what is wrong with %s", async (name, text, why) => {
    const read = await readArchitecture({ name, text }, parsers);
    expect(read.ok).toBe(false);
    if (!read.ok) expect(read.why).toMatch(why);
  });
});

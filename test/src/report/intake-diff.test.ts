import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { applyDiff, draftDiff } from "../../../src/report/intake-diff.ts";

const shop = readFileSync(new URL("../../fixtures/architecture/shop.tf", import.meta.url), "utf8");

describe("a drafted change", () => {
  it("is a unified diff that fits the file it is for", () => {
    const draft = draftDiff("shop.tf", shop, "multi_az                = false", "multi_az                = true");
    if (!draft.ok) throw new Error(draft.why);
    expect(draft.diff.split("\n")).toEqual([
      "--- a/shop.tf",
      "+++ b/shop.tf",
      "@@ -23,7 +23,7 @@",
      ' resource "aws_db_instance" "orders" {',
      '   engine                  = "postgres"',
      '   instance_class          = "db.r6g.2xlarge"',
      "-  multi_az                = false",
      "+  multi_az                = true",
      "   iops                    = 12000",
      "   backup_retention_period = 7",
      '   password                = "hunter2-Tr0ub4dor&3x"',
      "",
    ]);
    expect(applyDiff(shop, draft.diff)).toBe(draft.changed);
    expect(draft.changed).toBe(shop.replace("= false", "= true"));
  });

  it.each([
    ["nothing", "multi_az                = false", "multi_az                = false", /changes nothing/],
    ["lines that aren't there", "multi_az = maybe", "multi_az = true", /aren't in the file/],
    ["lines that are there twice", "subnet_id", "x", undefined],
    ["several places at once", "aws_subnet", "x", /several places/],
    ["nothing said", "  ", "x", /changes nothing/],
  ])("is refused when it changes %s", (_, before, after, why) => {
    const draft = draftDiff("shop.tf", shop, before, after);
    if (why === undefined) expect(draft.ok).toBe(true);
    else expect(draft.ok ? "" : draft.why).toMatch(why);
  });

  it("applies back to exactly the changed file, whatever the lines", () => {
    const line = fc.string({ unit: fc.constantFrom("a", "b", " ", "-", "+", "@") });
    fc.assert(
      fc.property(fc.array(line, { maxLength: 12 }), fc.array(line, { maxLength: 5 }), fc.nat(), (lines, after, at) => {
        const whole = ["first", ...lines, "the one line", ...lines, "last"].join("\n");
        const draft = draftDiff("x.tf", whole, "the one line", ["new", ...after, `end ${at}`].join("\n"));
        if (!draft.ok) throw new Error(draft.why);
        expect(applyDiff(whole, draft.diff)).toBe(draft.changed);
      }),
      { numRuns: 200, seed: 7 },
    );
  });

  it("doesn't apply to another file", () => {
    const draft = draftDiff("shop.tf", shop, "num_cache_nodes = 1", "num_cache_nodes = 2");
    if (!draft.ok) throw new Error(draft.why);
    expect(applyDiff(shop.replace("redis", "valkey"), draft.diff)).toBeUndefined();
    expect(applyDiff(shop, "not a diff")).toBeUndefined();
  });
});

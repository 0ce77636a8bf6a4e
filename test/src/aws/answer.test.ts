import { describe, expect, it } from "vitest";
import { answerQuota } from "../../../src/aws/answer.ts";
import type { Finding } from "../../../src/aws/answer-part.ts";
import { quotaSubject } from "../../../src/domain/quota-subjects.ts";

const REASON = "`servicequotas:ListServiceQuotas` is not allowed";
const gp3 = quotaSubject("ebs-gp3") ?? missing();

function missing(): never {
  throw new Error("The subject of gp3 storage is gone");
}

/** One place of which a quota could not be read: neither it nor its use is known. */
function unread(account: string, used: number | null = null): Finding {
  return {
    account,
    region: "eu-west-1",
    figures: [
      {
        subject: gp3,
        headroom: { label: gp3.label, unit: gp3.unit, used, quota: null },
        region: "eu-west-1",
        calls: [],
        readAt: "2026-10-30T09:02:00.000Z",
        notes: [],
        failures: [{ kind: "denied", reason: REASON }],
        adjustable: null,
      },
    ],
    shapes: new Map(),
    shapesKnown: true,
    groupCount: 0,
    gaps: [{ source: "quotas", questions: [], account, region: "eu-west-1", reason: REASON }],
  };
}

const query = { kind: "room" as const, subjects: [gp3.id], demand: "more" as const, regions: [], accounts: [] };

describe("an answer that can't be given", () => {
  it("says its reason once, and shows no figure without a number in it", () => {
    expect(answerQuota(query, [unread("prod")], { peak: 1 }).lines).toEqual([
      `I can't tell: ${REASON} (prod, eu-west-1).`,
    ]);
  });

  it("shows what is known of it", () => {
    const { lines } = answerQuota(query, [unread("prod", 20)], { peak: 1 });
    expect(lines).toEqual([
      `I can't tell: ${REASON}.`,
      expect.stringContaining("20 TiB in use; the quota is unknown (prod, eu-west-1, read 09:02 UTC)."),
    ]);
  });

  it("says for each place that it is so", () => {
    const { lines } = answerQuota(query, [unread("prod"), unread("staging")], { peak: 1 });
    expect(lines).toEqual([
      `I can't tell: ${REASON} (prod, eu-west-1).`,
      `I can't tell: ${REASON} (staging, eu-west-1).`,
    ]);
  });
});

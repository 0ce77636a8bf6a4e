import { describe, expect, it } from "vitest";
import { parseQuotaQuestion } from "../../../conversations/quota-query.ts";
import { ownWith } from "./setup.ts";
import { WORKED } from "./worked-accounts.ts";

describe("accounts worked out by hand", () => {
  it.each(WORKED)("$name", async (worked) => {
    const { desk } = await ownWith(worked.region);
    const query = parseQuotaQuestion(worked.ask);
    if ("unclear" in query) throw new Error(query.unclear);
    const answer = await desk.ask(query, { place: {}, peak: worked.peak ?? 1 });
    expect(answer.lines[0]?.slice(0, worked.first.length)).toBe(worked.first);
    expect(answer.verdict).toBe(worked.verdict);
    for (const words of worked.says ?? []) expect(answer.lines.join("\n")).toContain(words);
    expect(answer.raise.map((each) => each.value)).toEqual(worked.raise === undefined ? [] : [worked.raise]);
  });
});

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseCondition, riskOf } from "../../conversations/risk.ts";
import type { Question } from "../../src/domain/catalogue.ts";
import { CatalogueError } from "../../src/domain/errors.ts";

const holds = (condition: string, ...choices: string[]) => parseCondition(condition).holds(new Set(choices));

describe("a risk rule's condition", () => {
  it("is a choice that is there", () => {
    expect(holds("r2_every_tier", "r2_every_tier")).toBe(true);
    expect(holds("r2_every_tier", "r2_single")).toBe(false);
  });

  it("binds ! closest, then &&, then ||", () => {
    expect(holds("aaa || bbb && ccc", "aaa")).toBe(true);
    expect(holds("aaa || bbb && ccc", "bbb")).toBe(false);
    expect(holds("(aaa || bbb) && ccc", "aaa")).toBe(false);
    expect(holds("!aaa && bbb", "bbb")).toBe(true);
    expect(holds("!(aaa && bbb)", "aaa")).toBe(true);
    expect(holds("!!aaa", "aaa")).toBe(true);
  });

  it("needs no spaces", () => {
    expect(holds("(aaa||bbb)&&!ccc", "bbb")).toBe(true);
  });

  it("always holds as default", () => {
    const condition = parseCondition(" default ");
    expect(condition.isDefault).toBe(true);
    expect(condition.names.size).toBe(0);
    expect(condition.holds(new Set())).toBe(true);
  });

  it("says which choices it speaks of", () => {
    expect([...parseCondition("(aaa || bbb) && !aaa").names]).toEqual(["aaa", "bbb"]);
  });

  it.each([
    ["", 'Condition "": a choice id expected, found the end.'],
    ["aaa &&", "a choice id expected, found the end"],
    ["aaa bbb", '&& or || expected, found "bbb" at character 5'],
    ["(aaa", '")" expected, found the end'],
    ["aaa)", '&& or || expected, found ")" at character 4'],
    ["aaa & bbb", 'found "&" at character 5'],
    ["aaa && default", 'a choice id expected, found "default"'],
    ["aaa == bbb", 'found "=" at character 5'],
    ["process.exit()", 'found "." at character 8'],
    [`${"(".repeat(50)}aaa${")".repeat(50)}`, "nested too deep"],
    [`${"!".repeat(9_999)}aaa`, "nested too deep"],
  ])("is refused as %j, with the place", (text, message) => {
    expect(() => parseCondition(text)).toThrow(CatalogueError);
    expect(() => parseCondition(text)).toThrow(message);
  });

  it("means what JavaScript's operators mean, for any condition", () => {
    const name = fc.constantFrom("aaa", "bbb", "ccc");
    const { condition } = fc.letrec<{ condition: string }>((tie) => ({
      condition: fc.oneof(
        { maxDepth: 4 },
        name,
        tie("condition").map((inner) => `!(${inner})`),
        fc.tuple(tie("condition"), tie("condition")).map(([a, b]) => `${a} && ${b}`),
        fc.tuple(tie("condition"), tie("condition")).map(([a, b]) => `(${a} || ${b})`),
      ),
    }));
    fc.assert(
      fc.property(condition, fc.subarray(["aaa", "bbb", "ccc"]), (text, chosen) => {
        const expected = new Function("aaa", "bbb", "ccc", `return ${text}`);
        expect(holds(text, ...chosen)).toBe(expected(...["aaa", "bbb", "ccc"].map((each) => chosen.includes(each))));
      }),
      { seed: 1, numRuns: 300 },
    );
  });
});

describe("the risk of a question", () => {
  const question: Pick<Question, "id" | "rules"> = {
    id: "R2",
    rules: [
      { when: "aaa && !bbb", risk: "NO_RISK", because: "All is well." },
      { when: "aaa || ccc", risk: "MEDIUM_RISK", because: "In part." },
      { when: "default", risk: "HIGH_RISK", because: "Nothing is known." },
    ],
  };

  it("is that of the first rule that holds, with its reason", () => {
    expect(riskOf(question, new Set(["aaa"]))).toEqual({ risk: "NO_RISK", because: "All is well." });
    expect(riskOf(question, new Set(["aaa", "bbb"]))).toEqual({ risk: "MEDIUM_RISK", because: "In part." });
    expect(riskOf(question, new Set(["bbb"]))).toEqual({ risk: "HIGH_RISK", because: "Nothing is known." });
  });

  it("is the same again, and for another question with the same words", () => {
    riskOf(question, new Set(["aaa"]));
    expect(riskOf(question, new Set(["ccc"])).risk).toBe("MEDIUM_RISK");
    expect(riskOf({ ...question, rules: question.rules.slice(1) }, new Set(["aaa"])).risk).toBe("MEDIUM_RISK");
  });

  it("is high where no rule says anything", () => {
    expect(riskOf({ id: "R2", rules: question.rules.slice(0, 1) }, new Set())).toEqual({
      risk: "HIGH_RISK",
      because: "No risk rule of R2 covers these choices.",
    });
  });
});

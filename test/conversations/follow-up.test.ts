import { describe, expect, it } from "vitest";
import { standardCatalogue, standardModules } from "../../conversations/catalogue/index.ts";
import { followUpText, missingPoints, needsFollowUp } from "../../conversations/follow-up.ts";
import type { Question } from "../../src/domain/catalogue.ts";

const question = (id: string): Question => {
  const found = standardCatalogue.question(id);
  if (!found) throw new Error(`no question ${id}`);
  return found;
};
const nothing = new Set<string>();
const ids = (points: { id: string }[]) => points.map((point) => point.id);

describe("a follow-up", () => {
  it("is wanted when a point of a good answer is not addressed", () => {
    const { ask, missing } = needsFollowUp(question("R5"), "Runbook BF-3, restored on 2 Oct in 38 minutes", nothing);
    expect(ask).toBe(true);
    expect(ids(missing)).toEqual(["who"]);
  });

  it("isn't wanted when all points are addressed", () => {
    expect(needsFollowUp(question("R5"), "Runbook BF-3, restored on 2 Oct; the on-call decides", nothing)).toEqual({
      ask: false,
      missing: [],
    });
  });

  it("isn't wanted for a point that evidence speaks to", () => {
    const answer = "nothing else runs there, we filed for 3,000 on 20 Oct";
    expect(ids(missingPoints(question("Q2"), answer, nothing))).toEqual(["groups", "sum"]);
    expect(needsFollowUp(question("Q2"), answer, new Set(["auto-scaling-capacity"])).ask).toBe(false);
  });

  it("is still wanted when evidence speaks to another point only", () => {
    const { ask, missing } = needsFollowUp(question("Q2"), "web scales", new Set(["auto-scaling-capacity"]));
    expect(ask).toBe(true);
    expect(ids(missing)).toEqual(["shortfall"]);
  });

  it("isn't wanted after a plain answer where that is enough", () => {
    for (const answer of ["no", "No.", "none", "we don't"])
      expect(needsFollowUp(question("Q6"), answer, nothing).ask).toBe(false);
  });

  it("is wanted after a plain answer where that isn't", () => {
    for (const answer of ["yes", "no", "right"]) expect(needsFollowUp(question("R2"), answer, nothing).ask).toBe(true);
    expect(needsFollowUp(question("Q6"), "yes", nothing).ask).toBe(true);
  });

  it("isn't wanted when a plain answer agrees with evidence, or denies it", () => {
    for (const answer of ["right", "no", "yes"]) {
      expect(needsFollowUp(question("Q2"), answer, new Set(["auto-scaling-capacity"])).ask).toBe(false);
    }
  });

  it("is wanted after a plain answer when the evidence is about another question", () => {
    expect(needsFollowUp(question("Q2"), "right", new Set(["cdn"])).ask).toBe(true);
  });

  it("is wanted after a plain answer to what evidence can't settle", () => {
    expect(needsFollowUp(question("S3"), "yes", new Set(["access-paths"])).ask).toBe(true);
  });
});

describe("a follow-up's words", () => {
  const points = (id: string, ...wanted: string[]) => question(id).good.filter((point) => wanted.includes(point.id));

  it("name the one thing that is missing", () => {
    expect(followUpText(question("R5"), points("R5", "who"))).toBe(
      "Thanks, one thing I can't see yet: who starts it, who may decide to, and where it can be read when the login is down?",
    );
  });

  it("name two things", () => {
    expect(followUpText(question("Q2"), points("Q2", "neighbours", "shortfall"))).toBe(
      "Thanks, two things I can't see yet: what else runs in that account and Region; and what is done about a shortfall, by when?",
    );
  });

  it("name two of three, since three questions at once get no answer", () => {
    const text = followUpText(question("Q2"), points("Q2", "sum", "neighbours", "shortfall"));
    expect(text).toContain("two things");
    expect(text).not.toContain("shortfall");
  });

  it("are the question's own when nothing was addressed", () => {
    expect(followUpText(question("Q2"), question("Q2").good)).toBe(question("Q2").followUp);
    expect(followUpText(question("Q2"), [])).toBe(question("Q2").followUp);
  });

  it("keep abbreviations as they are", () => {
    const text = followUpText(question("Q3"), points("Q3", "use"));
    expect(text).toBe(
      "Thanks, one thing I can't see yet: TiB in use per volume type, against the applied quota of the Region?",
    );
  });

  it("read as one sentence for every point of every question", () => {
    for (const each of standardModules.flatMap((module) => module.questions)) {
      for (const point of each.good) {
        const text = followUpText(each, [point]);
        expect(text).toMatch(/^Thanks, one thing I can't see yet: [a-zA-Z0-9].*[^.?]\?$/);
        expect(text.length).toBeLessThan(250);
      }
    }
  });
});

import { describe, expect, it } from "vitest";
import { toCard } from "../../../adapters/teams/render.ts";
import { nodesOf } from "../../stand-ins/teams/card-check.ts";
import { mark } from "./harness.ts";

describe("A card in Teams on a telephone", () => {
  const titles = (labels: string[]) => {
    const buttons = labels.map((label) => ({ action: label, label, value: {} }));
    const card = toCard({ summary: "R1", blocks: [{ kind: "buttons", buttons }] }, mark(), {
      type: "channel",
      freeReplies: true,
      mention: () => undefined,
    });
    return nodesOf(card)
      .filter(({ type }) => type === "ActionSet")
      .map(({ actions }) => nodesOf(actions).flatMap(({ type, title }) => (type === "Action.Execute" ? [title] : [])));
  };

  it("has no more buttons beside one another than their labels leave room for", () => {
    expect(titles(["Answer", "Why?", "Not applicable", "Delegate", "Another module first"])).toEqual([
      ["Answer", "Why?", "Not applicable"],
      ["Delegate", "Another module first"],
    ]);
  });

  it("gives a label that is wider than the telephone a row of its own", () => {
    const long = "Ask AWS for 2,880 vCPU of Standard in eu-west-1";
    expect(titles(["Yes", long, "No"])).toEqual([["Yes"], [long], ["No"]]);
  });
});

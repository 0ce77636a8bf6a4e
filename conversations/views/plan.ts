import type { Block, Rich } from "../../src/domain/message.ts";
import type { SessionState } from "../../src/domain/session.ts";
import { planOf } from "../plan.ts";
import { onDay } from "./moments.ts";
import type { ViewContext } from "./parts.ts";

/** The plan as lines: what is done, what is next, by when. */
export function planBlocks(state: SessionState, view: ViewContext): Block[] {
  const now = view.now.toISOString();
  const items = planOf(state, view.catalogue, view.now).map((milestone): Rich => {
    const day = onDay(milestone.at, state, view);
    const late = !milestone.done && milestone.at < now;
    if (milestone.id === "event") return [day, " · ", { strong: milestone.title }];
    return [day, ` · ${milestone.title}`, { soft: milestone.done ? " · done" : late ? " · late" : "" }];
  });
  return [
    { kind: "text", text: [{ strong: "The plan" }] },
    { kind: "list", items },
  ];
}

import type { Message } from "../../src/domain/message.ts";
import type { PostState, SessionState } from "../../src/domain/session.ts";
import { summaryCard } from "./cards.ts";
import { confirmCard } from "./confirm.ts";
import { decisionCard } from "./decision.ts";
import { headerCard, moduleCard } from "./header.ts";
import type { ViewContext } from "./parts.ts";
import { questionCard } from "./question.ts";
import { increaseCard } from "./quota.ts";
import { scopeCard } from "./scope.ts";
import { tellingCard } from "./tellings.ts";

/**
 * A post's words as of now. Made at the moment of sending, so that the last state always lands.
 * @param ping whether a live mention is allowed (it is this person's working time).
 */
export function renderPost(state: SessionState, post: PostState, view: ViewContext, ping: boolean): Message {
  switch (post.kind) {
    case "header":
      return headerCard(state, view);
    case "scope":
      return scopeCard(state, view);
    case "module":
      return moduleCard(state, post.module ?? "", view);
    case "question":
    case "follow_up":
      return questionCard(state, post, view, ping && post.ping === true);
    case "confirm":
      return confirmCard(state, post.module ?? "", view);
    case "summary":
      return summaryCard(state, post.version, view);
    case "decision":
      return decisionCard(state, post.version, view);
    case "evidence":
      if (post.key.startsWith("increase:")) return increaseCard(state, post.key);
      return tellingCard(state, state.told?.[post.key], view);
    case "note":
      return tellingCard(state, state.told?.[post.copyOf ?? post.key], view, post.at !== undefined);
    case "nudge":
    case "digest":
      return { summary: state.name, blocks: [{ kind: "text", text: [state.name] }] };
  }
}

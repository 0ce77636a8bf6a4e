import type { types } from "@slack/bolt";
import type { Message } from "../../src/domain/message.ts";
import { plain } from "./blocks.ts";
import { encodeMetadata, type FormPlace } from "./forms.ts";
import { SLACK_LIMITS } from "./limits.ts";
import { renderView } from "./render.ts";

/** A person's App Home. */
export function homeView(message: Message, workspace: string): types.HomeView {
  return {
    type: "home",
    callback_id: "home",
    private_metadata: encodeMetadata({}, {}, workspace),
    blocks: renderView(message, workspace),
  };
}

/** A modal that only tells something: the private answer where there is no conversation to say it in. */
export function tellingView(message: Message, workspace: string, place: FormPlace = {}): types.ModalView {
  return {
    type: "modal",
    callback_id: "told",
    title: plain("T-Minus", SLACK_LIMITS.modalTitle),
    close: plain("Close", SLACK_LIMITS.modalTitle),
    private_metadata: encodeMetadata({}, place, workspace),
    blocks: renderView(message, workspace),
  };
}

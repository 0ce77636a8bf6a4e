import type { ActionValue } from "../../src/domain/message.ts";
import { clip, SLACK_LIMITS } from "./limits.ts";

/**
 * Slack wants every action_id of a message to be unique; ours are the contract's names. The first `answer` of a
 * message is `answer`, the second `answer:2`, and so on.
 */
export function actionIds(): (action: string) => string {
  const seen = new Map<string, number>();
  return (action) => {
    const count = (seen.get(action) ?? 0) + 1;
    seen.set(action, count);
    return clip(count === 1 ? action : `${action}:${count}`, SLACK_LIMITS.id);
  };
}

/** `answer:2` → `answer`. */
export function actionOf(actionId: string): string {
  return actionId.replace(/:\d+$/, "");
}

/** What a button carries, as Slack gives it back with the tap. A value that would not fit loses its `arg`. */
export function encodeValue(value: ActionValue): string {
  const text = JSON.stringify(value);
  if (text.length <= SLACK_LIMITS.buttonValue) return text;
  const { arg: _arg, ...rest } = value;
  return JSON.stringify(rest);
}
